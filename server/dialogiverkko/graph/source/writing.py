"""Writes several files all or not at all: what is interrupted is finished, or undone, at the next time."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from dialogiverkko.graph.assets import Assets

MARKER = ".unfinished.json"
_NEW = ".new"


def _put(path: Path, text: str) -> None:
    """Write a file through to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def finish(assets: Assets) -> bool:
    """Finish what an interrupted writing had decided, and remove what it had not; tell whether there was any."""
    data = assets.root / "data"
    marker = data / MARKER
    if marker.is_file():
        for name, is_gone in json.loads(marker.read_text(encoding="utf-8")).items():
            _move_into_place(data / name, is_gone=is_gone)
        marker.unlink()
        return True
    left = [path for path in data.rglob("*" + _NEW) if path.is_file()]
    for path in left:
        path.unlink()
    return bool(left)


def _move_into_place(path: Path, *, is_gone: bool) -> None:
    new = path.with_name(path.name + _NEW)
    if is_gone:
        path.unlink(missing_ok=True)
    elif new.is_file():
        new.replace(path)


def write_all(assets: Assets, texts: Mapping[str, str | None]) -> None:
    """Write files under data/ by their names, and remove those whose text is None.

    Each new text lies whole beside its file before a marker decides that they hold; then each takes its file's place.
    Killed before the marker, all files are the old ones; killed after it, ``finish`` makes all the new ones.
    """
    data = assets.root / "data"
    for name, text in texts.items():
        if text is not None:
            _put((data / name).with_name(Path(name).name + _NEW), text)
    marker = data / MARKER
    _put(marker.with_name(MARKER + _NEW), json.dumps({name: text is None for name, text in texts.items()}))
    marker.with_name(MARKER + _NEW).replace(marker)
    for name, text in texts.items():
        _move_into_place(data / name, is_gone=text is None)
    marker.unlink()
