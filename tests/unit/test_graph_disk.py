"""A disk store is made once of what was built, whole or not at all, and made again of another graph."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from dialogiverkko.errors import UsageError
from dialogiverkko.graph import disk
from dialogiverkko.graph.disk import prepare
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import GRAPH

S, P = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")
NODE = BlankNode("node")


def snapshot(text: str) -> Snapshot:
    """A graph of two named graphs, with a text that looks like lines, and nodes without a name in both places."""
    triples = [Triple(S, P, Literal(f"{text} .\n_:x <p> _:y .")), Triple(NODE, P, S), Triple(S, P, NODE)]
    return Snapshot({GRAPH + "a": ordered(triples), GRAPH + "b": ordered([Triple(S, P, S)])}, {})


def quads(folder: Path) -> set[Quad]:
    """All that a store on disk holds."""
    return set(Store.read_only(str(folder)))


def test_it_holds_what_the_store_in_memory_holds(tmp_path: Path) -> None:
    """With the same names of nodes, in the named graphs and in the merge."""
    graph = snapshot("words")
    said: list[str] = []
    prepare(tmp_path / "deep" / "store", graph, said.append)

    assert quads(tmp_path / "deep" / "store") == set(graph.full_store())
    assert said == [f"Loading the graph into the disk store {tmp_path / 'deep' / 'store'} …"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["store"]


def test_nodes_without_a_name_take_no_files_of_their_own(tmp_path: Path) -> None:
    """They are loaded apart from all else, and their keys lie beside those of names."""
    named = [Triple(S, NamedNode(f"https://example.org/p{number}"), Literal("words")) for number in range(9)]
    nodes = [Triple(NODE, P, S), Triple(S, P, NODE), Triple(NODE, P, NODE)]
    for name, triples in (("without", named), ("with", [*named, *nodes])):
        prepare(tmp_path / name, Snapshot({GRAPH + "a": ordered(triples)}, {}))
    without, with_nodes = ([*(tmp_path / name).glob("*.sst")] for name in ("without", "with"))

    assert len(with_nodes) <= len(without) + 1  # each load makes a file of the names of its graphs


def test_it_is_made_once_and_anew_of_another_graph(tmp_path: Path) -> None:
    """An empty folder is filled; the same graph says nothing more."""
    (tmp_path / "store").mkdir()
    said: list[str] = []
    for text in ("one", "one", "other"):
        prepare(tmp_path / "store", snapshot(text), said.append)

    assert len(said) == 2
    assert quads(tmp_path / "store") == set(snapshot("other").full_store())
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_store_that_somebody_made_is_left_alone(tmp_path: Path) -> None:
    """Where it holds the graph; whatever else it holds."""
    store = Store(str(tmp_path / "store"))
    store.extend([*snapshot("words").full_store(), Quad(S, S, S)])
    store.flush()
    del store
    prepare(tmp_path / "store", snapshot("words"), pytest.fail)

    assert Quad(S, S, S) in quads(tmp_path / "store")


def test_a_store_of_another_graph_is_refused(tmp_path: Path) -> None:
    """Its answers would be none of the graph that the pages show; it is left as it is."""
    store = Store(str(tmp_path / "store"))
    store.add(Quad(S, P, S))
    store.flush()
    del store
    with pytest.raises(UsageError, match=r"was not made here, and holds another graph: .+ name an empty folder"):
        prepare(tmp_path / "store", snapshot("words"))

    assert quads(tmp_path / "store") == {Quad(S, P, S)}


@pytest.mark.parametrize("made", ["file", "folder", "damaged"])
def test_what_is_no_store_is_left_alone(tmp_path: Path, made: str) -> None:
    """A file, a folder with other files, and a store that cannot be read: each with what would be right."""
    place = tmp_path / "store"
    if made != "file":
        place.mkdir()
    kept = place if made == "file" else place / ("notes.txt" if made == "folder" else "CURRENT")
    kept.write_text("precious")
    with pytest.raises(UsageError, match=r"Name an? (empty )?folder with DIALOGIVERKKO_STORE"):
        prepare(place, snapshot("words"))

    assert kept.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_folder_does_not_take_the_place_of_a_file(tmp_path: Path) -> None:
    """Nothing is moved away that is no folder."""
    (tmp_path / "beside").mkdir()
    (tmp_path / "file").write_text("precious")
    with pytest.raises(NotADirectoryError):
        disk.put_in_place(tmp_path / "beside", tmp_path / "file")

    assert (tmp_path / "file").read_text() == "precious"


def test_nothing_is_left_of_one_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a store, nor the folder beside it."""
    prepare(tmp_path / "store", snapshot("one"))
    monkeypatch.setattr(disk, "put_in_place", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(UsageError, match=r"store cannot be made: No space left .* DIALOGIVERKKO_STORE"):
        prepare(tmp_path / "store", snapshot("other"))

    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    assert quads(tmp_path / "store") == set(snapshot("one").full_store())


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """With what would be right."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="Name another folder"):
        prepare(tmp_path / "file" / "store", snapshot("one"))
