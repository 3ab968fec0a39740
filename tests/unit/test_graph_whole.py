"""A file is compared with its digest once, and again once anybody may have touched it."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from dialogiverkko.graph import whole
from dialogiverkko.graph.whole import STAMPS_FILE, damaged, sha256_of

NAMES = ("large", "small")


class Reads:
    """Counts the files whose digest is reckoned."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names = list[str]()
        monkeypatch.setattr(whole, "sha256_of", self)

    def __call__(self, path: Path) -> str:
        """Reckon the digest, and note whose."""
        self.names.append(path.name)
        return sha256_of(path)

    def of(self, folder: Path, said: dict[str, dict[str, Any]]) -> list[str]:
        """Compare a folder, of whose files all must be whole, and return whose digests were reckoned."""
        self.names.clear()
        assert damaged(folder, said) == frozenset()
        return sorted(self.names)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """What is read, counted."""
    return Reads(monkeypatch)


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """A folder of two files, and what a manifest says of them; a change may be told from another at once."""
    monkeypatch.setattr(whole, "_SETTLED_NS", -1)
    for name in NAMES:
        (tmp_path / name).write_text(f"what is {name}")
    time.sleep(0.02)  # until the system's clock of files has another time
    return {name: {"size": (tmp_path / name).stat().st_size, "sha256": sha256_of(tmp_path / name)} for name in NAMES}


def test_a_file_that_nobody_touched_is_read_once(tmp_path: Path, said: dict[str, dict[str, Any]], reads: Reads) -> None:
    """Its digest is reckoned at the first comparison; of part of the files, what was seen of the others stays."""
    assert reads.of(tmp_path, said) == ["large", "small"]
    assert reads.of(tmp_path, said) == []

    (tmp_path / "small").touch()
    assert reads.of(tmp_path, {"small": said["small"]}) == ["small"]
    assert reads.of(tmp_path, said) == []


def test_a_change_of_the_same_size_is_seen_whatever_its_time(tmp_path: Path, said: dict[str, dict[str, Any]]) -> None:
    """Who sets the time of a file back changes the time of its status."""
    assert damaged(tmp_path, said) == frozenset()
    before = (tmp_path / "large").stat()
    (tmp_path / "large").write_text("what is lorge")
    os.utime(tmp_path / "large", ns=(before.st_atime_ns, before.st_mtime_ns))

    assert damaged(tmp_path, said) == {"large"}
    assert damaged(tmp_path, said) == {"large"}, "a file that is not whole is not kept as seen"


def test_another_file_in_its_place_is_seen(tmp_path: Path, said: dict[str, dict[str, Any]]) -> None:
    """With the times of the first."""
    assert damaged(tmp_path, said) == frozenset()
    before = (tmp_path / "large").stat()
    (tmp_path / "other").write_text("what is lorge")
    os.utime(tmp_path / "other", ns=(before.st_atime_ns, before.st_mtime_ns))
    (tmp_path / "other").replace(tmp_path / "large")

    assert damaged(tmp_path, said) == {"large"}


def test_another_manifest_is_compared_with_the_file(tmp_path: Path, said: dict[str, dict[str, Any]]) -> None:
    """What was seen holds for the digest that was compared."""
    assert damaged(tmp_path, said) == frozenset()

    assert damaged(tmp_path, {**said, "small": {**said["small"], "sha256": "0" * 64}}) == {"small"}


def test_a_file_of_this_moment_is_read_again(
    tmp_path: Path, said: dict[str, dict[str, Any]], reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that follows at once may have the same time, and so may one of a file whose own time was set back."""
    for name in NAMES:
        os.utime(tmp_path / name, (0, 0))
    monkeypatch.setattr(whole, "_SETTLED_NS", 3600 * 10**9)

    assert reads.of(tmp_path, said) == ["large", "small"]
    assert reads.of(tmp_path, said) == ["large", "small"]
    assert not (tmp_path / STAMPS_FILE).exists()


@pytest.mark.parametrize("kept", ["", "{", "[]", "[1]", "null", "7", '{"large": 1, "small": ["x"]}'])
def test_what_was_kept_wrongly_is_not_believed(
    tmp_path: Path, said: dict[str, dict[str, Any]], reads: Reads, kept: str
) -> None:
    """The digests are reckoned, and what is kept is right again."""
    (tmp_path / STAMPS_FILE).write_text(kept)

    assert reads.of(tmp_path, said) == ["large", "small"]
    assert reads.of(tmp_path, said) == []


def test_nothing_is_kept_where_nothing_can_be_written(
    tmp_path: Path, said: dict[str, dict[str, Any]], reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that may only be read is compared each time."""

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(whole, "write_whole", refused)

    assert reads.of(tmp_path, said) == ["large", "small"]
    assert reads.of(tmp_path, said) == ["large", "small"]
