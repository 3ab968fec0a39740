"""What was built is opened only as it was built: whole, unchanged, and of the files that there are now."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from dialogiverkko.graph import built, disk
from dialogiverkko.graph.assets import FOLDERS, Assets
from dialogiverkko.graph.dumps import copy_dumps, dumps
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import GRAPH, GRAPH_SHAPES

S, P = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")
SAID = [
    Literal('a "quoted" \\ text\nof two lines\t'),
    Literal("teksti", language="fi"),
    Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    NamedNode("https://example.org/ä"),
    BlankNode("b"),
]
SNAPSHOT = Snapshot(
    {
        GRAPH + "a": ordered(Triple(S, P, value) for value in SAID),
        GRAPH_SHAPES: ordered([Triple(BlankNode("x"), P, S)]),
    },
    {"ex": "https://example.org/"},
    {GRAPH + "a": ("data/a.ttl", "data/b.ttl")},
)
KEY, OTHER, THIRD = ("0" * 32, "1" * 32, "2" * 32)


def files(folder: Path) -> list[str]:
    """The names of what lies in a folder, the hidden too."""
    return sorted(path.name for path in folder.iterdir())


def test_what_is_opened_is_what_was_written(tmp_path: Path) -> None:
    """Graphs, prefixes, files, merge, digest and dumps, without another look at any source."""
    built.write(tmp_path, KEY, SNAPSHOT)
    snapshot, whole = built.read(tmp_path, KEY)

    assert snapshot is not None
    assert whole is not None
    assert snapshot == SNAPSHOT
    assert (snapshot.merged, snapshot.digest) == (SNAPSHOT.merged, SNAPSHOT.digest)
    assert {name: (d.body, d.sha256, d.size) for name, d in whole.dumps().items()} == {
        d.name: (d.body, d.sha256, d.size) for d in dumps(SNAPSHOT)
    }


def test_the_engine_holds_the_same_either_way(tmp_path: Path) -> None:
    """The named graphs and the merge, with blank nodes as they are named."""
    built.write(tmp_path, KEY, SNAPSHOT)
    snapshot, _ = built.read(tmp_path, KEY)

    assert snapshot is not None
    assert {str(quad) for quad in snapshot.full_store()} == {str(quad) for quad in SNAPSHOT.quads()}


def test_statements_are_the_triples_without_blank_nodes() -> None:
    """Whatever is written with escapes, a language or a datatype."""
    found = list(SNAPSHOT.merged.statements())

    assert {(s, p, v) for s, p, v in found} == {
        (S.value, P.value, value) for value in SAID if not isinstance(value, BlankNode)
    }
    assert list(SNAPSHOT.merged.statements([P.value])) == found
    assert not list(SNAPSHOT.merged.statements(["https://example.org/other"]))
    assert list(SNAPSHOT.merged.saying([P.value])) == list(SNAPSHOT.merged)
    assert list(SNAPSHOT.merged.subjects()) == [S.value]


def change(path: Path) -> None:
    """Change one byte in the middle of a file, and nothing of its size."""
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def cut(path: Path) -> None:
    """Leave half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [change, cut, Path.unlink])
@pytest.mark.parametrize("name", ["graph.bin", "manifest.json"])
def test_a_damaged_graph_is_not_used(tmp_path: Path, name: str, harm: Callable[[Path], None]) -> None:
    """One changed byte is enough; a manifest that cannot be read is as good as none."""
    built.write(tmp_path, KEY, SNAPSHOT)
    harm(tmp_path / KEY / name)
    snapshot, whole = built.read(tmp_path, KEY)

    assert whole is None
    assert snapshot is None or (name == "manifest.json" and harm is change and snapshot == SNAPSHOT)


@pytest.mark.parametrize("harm", [change, cut, Path.unlink])
@pytest.mark.parametrize("name", ["dialogiverkko.ttl", "SHA256SUMS"])
def test_of_a_build_with_a_damaged_file_the_graph_is_used(
    tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    """The rest is made again of it, in the same place."""
    built.write(tmp_path, KEY, SNAPSHOT)
    harm(tmp_path / KEY / name)
    snapshot, whole = built.read(tmp_path, KEY)

    assert snapshot == SNAPSHOT
    assert whole is None
    built.write(tmp_path, KEY, SNAPSHOT)
    assert built.read(tmp_path, KEY)[1] is not None
    assert files(tmp_path) == [KEY]


@pytest.mark.parametrize("name", ["manifest.json", "seen.json"])
@pytest.mark.parametrize("harm", [lambda path: path.write_text("[" * 100_000), os.mkfifo, Path.mkdir])
def test_no_file_of_a_build_stops_a_start(tmp_path: Path, name: str, harm: Callable[[Path], None]) -> None:
    """Not one that nests without end, nor one that is no file: a manifest is as good as none, the other not needed."""
    built.write(tmp_path, KEY, SNAPSHOT)
    (tmp_path / KEY / name).unlink(missing_ok=True)
    harm(tmp_path / KEY / name)
    snapshot, whole = built.read(tmp_path, KEY)

    assert (snapshot, whole is not None) == ((None, False) if name == "manifest.json" else (SNAPSHOT, True))


def test_a_build_of_other_files_is_not_opened(tmp_path: Path) -> None:
    """Not by another name, nor under a name that is not its own."""
    built.write(tmp_path, KEY, SNAPSHOT)
    (tmp_path / KEY).rename(tmp_path / OTHER)

    assert built.read(tmp_path, KEY) == (None, None)
    assert built.read(tmp_path, OTHER) == (None, None)


def test_a_build_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Whatever makes it break off."""

    def breaks(_: Snapshot, folder: Path) -> None:
        (folder / "half").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built.write(tmp_path, KEY, SNAPSHOT, [breaks])

    assert files(tmp_path) == []
    assert built.read(tmp_path, KEY) == (None, None)


def test_a_killed_child_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had begun is made here, and its temporary files are not kept."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    parent = os.getpid()

    def made(_: Snapshot, folder: Path) -> None:
        if os.getpid() != parent:
            (folder / ".dialogiverkko.nt.half").write_text("half")
            os.kill(os.getpid(), 9)
        threading.Event().wait(0.05)  # the child has time to take a maker
        (folder / "made").write_text("whole")

    whole = built.write(tmp_path, KEY, SNAPSHOT, [made] * 5)

    assert files(tmp_path) == [KEY]
    assert set(files(whole.folder)) == {*whole.files, "manifest.json"}
    assert not [name for name in whole.files if name.startswith(".")]
    assert built.read(tmp_path, KEY)[1] is not None


def test_what_is_made_beside_the_graph_is_held_to_its_digest(tmp_path: Path) -> None:
    """As the dumps are."""
    built.write(tmp_path, KEY, SNAPSHOT, [lambda _, folder: (folder / "made").write_text("as it should be")])
    assert built.read(tmp_path, KEY)[1] is not None

    (tmp_path / KEY / "made").write_text("as it should nt")
    assert built.read(tmp_path, KEY)[1] is None


@pytest.mark.parametrize(("least", "most", "has_store"), [(5, 6, True), (6, 999, False), (0, 4, False), (4, 5, True)])
def test_a_graph_of_some_size_has_a_disk_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int, most: int, has_store: bool
) -> None:
    """It lies beside the other files, and is used for the graph alone that it was made of."""
    monkeypatch.setattr(disk, "_LEAST", least)
    monkeypatch.setattr(disk, "_MOST", most)
    built.write(tmp_path, KEY, SNAPSHOT)
    _, opened = built.read(tmp_path, KEY)
    assert opened is not None

    assert opened.store == (tmp_path / KEY / "store" if has_store else None)
    if opened.store:
        assert set(Store.read_only(str(opened.store))) == set(SNAPSHOT.full_store())
        (opened.store / disk.DIGEST_FILE).write_text("another\n", encoding="ascii")
        assert opened.store is None


def test_the_last_two_builds_remain(tmp_path: Path) -> None:
    """What is older goes, with what was left unfinished long ago; what is not ours stays."""
    (tmp_path / ".old-left").mkdir()
    (tmp_path / "notes").mkdir()
    for number, key in enumerate((KEY, OTHER, THIRD)):
        built.write(tmp_path, key, SNAPSHOT)
        when = 1_000_000_000 + number
        os.utime(tmp_path / key / "manifest.json", (when, when))
    built.write(tmp_path, THIRD, SNAPSHOT)

    assert files(tmp_path) == [OTHER, THIRD, "notes"]


def test_a_dump_outlives_its_file(tmp_path: Path) -> None:
    """A server goes on with what it opened, whoever cleans up."""
    whole = built.write(tmp_path, KEY, SNAPSHOT)
    held = whole.dumps()
    before = {name: dump.body for name, dump in held.items()}
    shutil.rmtree(tmp_path / KEY)

    assert {name: dump.body for name, dump in held.items()} == before


def test_dumps_are_copied_as_they_are_written(tmp_path: Path) -> None:
    """With the same sizes and digests."""
    whole = built.write(tmp_path / "built", KEY, SNAPSHOT)
    told = copy_dumps(whole.folder, tmp_path / "out")

    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.name != "SHA256SUMS"} == {
        dump.name: dump.body for dump in dumps(SNAPSHOT)
    }
    assert [(file.size, file.sha256) for file in told] == [(dump.size, dump.sha256) for dump in dumps(SNAPSHOT)]


def test_every_file_that_a_build_comes_from_counts(tmp_path: Path) -> None:
    """A changed, a new and a renamed one give another digest; what editors hide does not."""
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.ttl").write_text(folder)
    assets = Assets(tmp_path)
    keys = [built.key_of(built.inputs_of(assets))]
    assert built.key_of(built.inputs_of(assets)) == keys[0]
    (tmp_path / "data" / ".one.ttl.swp").write_text("hidden")
    assert built.key_of(built.inputs_of(assets)) == keys[0]

    (tmp_path / "data" / "one.ttl").write_text("other")
    keys.append(built.key_of(built.inputs_of(assets)))
    (tmp_path / "queries" / "sub").mkdir()
    (tmp_path / "queries" / "sub" / "two.rq").write_text("new")
    keys.append(built.key_of(built.inputs_of(assets)))
    (tmp_path / "shapes" / "one.ttl").rename(tmp_path / "shapes" / "two.ttl")
    keys.append(built.key_of(built.inputs_of(assets)))

    assert len(set(keys)) == len(keys)
