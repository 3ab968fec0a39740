"""A large graph is written while it is checked, and is the same build as one that is written afterwards."""

import os
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph import ahead, built
from dialogiverkko.graph.ahead import Ahead
from dialogiverkko.graph.graph_file import GRAPH_FILE
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import GRAPH, GRAPH_SHAPES

S, P = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")
KEY = "0" * 32


def fresh() -> Snapshot:
    """A graph whose merge and digest nobody has made yet."""
    graphs = {GRAPH + name: ordered([Triple(S, P, Literal(name, language="fi"))]) for name in ("a", "b")}
    return Snapshot(
        graphs | {GRAPH_SHAPES: ordered([Triple(P, P, S)])}, {"ex": "https://example.org/"}, {GRAPH + "a": ("a.ttl",)}
    )


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three triples are many, and there are two cores."""
    monkeypatch.setattr(ahead, "SHARED_AT_MOST", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def bodies(folder: Path) -> dict[str, bytes]:
    """What the files of a folder hold."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_is_the_same_build(tmp_path: Path) -> None:
    """Every byte; what is written already is not written again."""
    with Ahead(tmp_path / "ahead") as early:
        with early.writing(fresh()):
            assert early.folder is not None
        written = bodies(early.folder)
        assert {GRAPH_FILE, "SHA256SUMS", "dialogiverkko.ttl"} <= set(written)
        (early.folder / "dialogiverkko.ttl").write_text("as it was")
        whole = built.write(tmp_path / "ahead", KEY, fresh(), begun=early.folder)

    assert (whole.folder / "dialogiverkko.ttl").read_text() == "as it was"
    (whole.folder / "dialogiverkko.ttl").write_bytes(written["dialogiverkko.ttl"])
    later = built.write(tmp_path / "later", KEY, fresh())
    now = {"manifest.json": b""}
    assert bodies(whole.folder) | now == bodies(later.folder) | now
    assert whole.files == later.files
    assert (whole.snapshot, whole.snapshot.digest) == (fresh(), fresh().digest)
    assert [path.name for path in (tmp_path / "ahead").iterdir()] == [KEY]


def test_what_was_not_written_is_written_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the other process fails."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Ahead(tmp_path) as early:
        with early.writing(fresh()):
            assert early.folder is not None
        assert not (early.folder / GRAPH_FILE).exists()
        whole = built.write(tmp_path, KEY, fresh(), begun=early.folder)

    assert built.read(tmp_path, KEY)[1] == whole
    assert not [name for name in bodies(whole.folder) if name.startswith(".")]


def test_what_breaks_its_rules_leaves_nothing(tmp_path: Path) -> None:
    """The other process is not waited for."""
    with pytest.raises(KeyboardInterrupt), Ahead(tmp_path) as early, early.writing(fresh()):
        raise KeyboardInterrupt

    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told_of_in_the_end(tmp_path: Path) -> None:
    """By who writes the build."""
    (tmp_path / "file").write_text("in the way")
    with Ahead(tmp_path / "file") as early, early.writing(fresh()):
        assert early.folder is None


def test_a_small_graph_is_written_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By two processes, which both are busy with its checks before."""
    monkeypatch.setattr(ahead, "SHARED_AT_MOST", 3)
    with Ahead(tmp_path) as early, early.writing(fresh()):
        assert early.folder is None
    assert not list(tmp_path.iterdir())
