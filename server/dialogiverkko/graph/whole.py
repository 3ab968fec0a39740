"""Compares files with what a manifest says, by size and SHA-256; what nobody has touched since is not read again.

The digests of 17 GB take a start half a minute, and drive out of the machine's memory what the engine reads next. So
what the system told of a file (inode, size, times) when its digest was right is kept beside it. Whatever writes to a
file, or puts another in its place, changes the time of its status (st_ctime of POSIX), which no program can set.
"""

import errno
import hashlib
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from dialogiverkko.graph.dumps import write_whole

STAMPS_FILE = "seen.json"
"""What the system told of each file of a folder when its digest was right."""
_AT_ONCE = 2
"""Files whose digests are reckoned at the same time."""
_SETTLED_NS = 2_000_000_000
"""Nanoseconds after which a change is sure to have another time: some systems count whole seconds."""


UNREADABLE = (OSError, ValueError, LookupError, TypeError, RecursionError)
"""What reading a damaged file may raise, JSON that is none of ours among it."""


def json_of(path: Path) -> Any:  # Any: what JSON holds
    """Read a file of JSON; raises one of `UNREADABLE`, for a pipe or a device too, which might never end."""
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "no regular file", path.name)
    return json.loads(path.read_bytes())


def sha256_of(path: Path) -> str:
    """Reckon the SHA-256 (hex) of a file; raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Return the names of files that are not as it is said of them (``size``, ``sha256`` in hex), or cannot be read."""
    seen = _seen(folder)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda name: (name, _whole(folder / name, files[name], seen.get(name))), files)
    whole = {name: stamp for name, stamp in found if stamp}
    settled = {name: stamp for name, stamp in whole.items() if time.time_ns() - stamp[-1] > _SETTLED_NS}
    if any(seen.get(name) != stamp for name, stamp in settled.items()):
        with suppress(OSError):  # a folder that may only be read: the digests are reckoned again next time
            write_whole(folder / STAMPS_FILE, json.dumps({**seen, **settled}).encode())
    return frozenset(files.keys() - whole.keys())


def _seen(folder: Path) -> dict[str, object]:
    with suppress(*UNREADABLE):
        return dict(json_of(folder / STAMPS_FILE))
    return {}


def _whole(path: Path, said: Mapping[str, Any], seen: object) -> list[Any] | None:
    """Return the digest of a file and what the system tells of it, where it is as it is said to be."""
    with suppress(OSError):
        status = path.stat()
        stamp = [said["sha256"], status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
        if status.st_size == said["size"] and (stamp == seen or sha256_of(path) == said["sha256"]):
            return stamp
    return None
