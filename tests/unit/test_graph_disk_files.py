"""Every file of a disk store is open before anything is asked, or the store is refused."""

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store
from tests.disk_stores import load_in_parts

from dialogiverkko.errors import UsageError
from dialogiverkko.graph import disk_files
from dialogiverkko.graph.disk_files import READS_FILE, open_whole

AHEAD = 16
"""Files that the engine opens of itself."""
VALUES = (Literal('a "word"\\n', language="fi"), Literal(1.5), NamedNode("urn:x:o"), BlankNode("b"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of many files, of quads in the default graph and in named ones."""
    quads = [
        Quad(NamedNode(f"urn:x:s{number}"), NamedNode(f"urn:x:p{number % 7}"), VALUES[number % 4], graph)
        for number in range(2000)
        for graph in (DefaultGraph(), NamedNode(f"urn:x:g{number % 3}"))
    ]
    made = tmp_path_factory.mktemp("disk") / "store"
    load_in_parts(made, quads, 4)
    return made


@pytest.fixture
def limit() -> Iterator[None]:
    """Few files that may be open, and afterwards as many as before."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def tables(folder: Path) -> set[int]:
    """The numbers that the system gives the table files of a store."""
    return {path.stat().st_ino for path in folder.glob("*.sst")}


def opened(folder: Path) -> int:
    """How many descriptors of this process are of table files of a store."""
    found = 0
    for each in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        try:
            found += os.fstat(each).st_ino in tables(folder)
        except OSError:  # the folder that was read
            continue
    return found


def test_all_files_are_opened(folder: Path) -> None:
    """The engine itself opens some of them."""
    engine = Store.read_only(str(folder))
    ahead = opened(folder)
    store, files = open_whole(folder)

    assert AHEAD == ahead < len(tables(folder))
    assert {os.fstat(each).st_ino for each in files} == tables(folder)
    assert len(files) == len(tables(folder))
    assert opened(folder) == ahead + len(files)  # those of the other store do not count
    assert len(store) == len(engine) == 4000


def test_as_many_files_may_be_open_as_there_are(folder: Path, limit: None) -> None:
    """The engine closes what is more than it may keep open, long before the limit."""
    open_whole(folder)

    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1024


def test_a_file_that_a_sample_leaves_is_sought_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """By all indexes, which is told; what was read there is kept, and read at the next opening."""
    copy = shutil.copytree(folder, tmp_path / "store")
    monkeypatch.setattr(disk_files, "_sample", lambda _: iter(()))
    open_whole(copy)
    kept = (copy / READS_FILE).read_text(encoding="utf-8").splitlines()
    monkeypatch.setattr(disk_files, "_all", lambda _: iter(()))

    _, files = open_whole(copy)

    assert len(files) == len(tables(copy))
    assert 0 < len(kept) < 4000
    assert [each.message.partition(",")[0] for each in caplog.records] == ["The disk store is read through"]
    assert set(kept) <= {f"{quad} ." for quad in Store.read_only(str(copy))}


def test_what_was_kept_stays_beside_what_is_found(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each opening would seek what the one before had kept."""
    copy = shutil.copytree(folder, tmp_path / "store")
    before = f"{list(Store.read_only(str(copy)))[-1]} .\n"
    (copy / READS_FILE).write_text(before, encoding="utf-8")
    monkeypatch.setattr(disk_files, "_sample", lambda _: iter(()))
    monkeypatch.setattr(disk_files, "_again", lambda *_: iter(()))  # it is not enough

    open_whole(copy)

    kept = (copy / READS_FILE).read_text(encoding="utf-8")
    assert kept.startswith(before)
    assert len(kept) > len(before)


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_folder_that_may_only_be_read_is_opened_too(
    folder: Path, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read there cannot be kept, or is damaged: it is sought anew."""
    copy = shutil.copytree(folder, tmp_path / "store")
    if place == "before":
        (copy / READS_FILE).write_text("no quads")
    else:
        (copy / READS_FILE).mkdir()
    monkeypatch.setattr(disk_files, "_sample", lambda _: iter(()))

    _, files = open_whole(copy)

    assert len(files) == len(tables(copy))


def test_a_store_of_which_a_file_cannot_be_opened_ahead_is_refused(folder: Path, tmp_path: Path) -> None:
    """Whatever is read: the message says how many there are, and what would be right."""
    copy = tmp_path / "store"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "999999.sst").write_bytes(b"no file of this store")
    files = len(tables(copy))

    with pytest.raises(
        UsageError, match=rf"has {files} table files, .* open {files - 1} of them ahead.*DIALOGIVERKKO_BACKEND"
    ):
        open_whole(copy)


@pytest.mark.parametrize("harm", [lambda file: file.write_bytes(b""), lambda file: file.unlink()])
@pytest.mark.parametrize("name", ["CURRENT", "*.sst"])
def test_a_damaged_store_is_refused_with_what_to_do(tmp_path: Path, harm: Callable[[Path], object], name: str) -> None:
    """By its folder, and with what the engine says."""
    load_in_parts(tmp_path / "store", [Quad(*[NamedNode("urn:x:s")] * 3)], 1)
    harm(next((tmp_path / "store").glob(name)))

    with pytest.raises(UsageError, match=r"store cannot be read: .+ Remove the folder, and it is made anew\."):
        open_whole(tmp_path / "store")
