"""Counters of all web processes in shared memory, so that any process reports the sum.

One process writes a page, any process reads all of them.
"""

import fcntl
import mmap
import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dialogiverkko.engines import BackendStats
from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.front.worker import memory_of

_NUMBERS: Final = (
    "owner", "seconds", "running", "idle", "waiting", "forked", "killed", "restarts",
    "joined", "hits", "misses", "cache_bytes",
)  # fmt: skip
_PROCESSES: Final = 64
"""Processes of one web process whose memory is told."""


def _codes(kind: type[DialogiverkkoError] = DialogiverkkoError) -> Iterator[str]:
    yield kind.code
    for each in kind.__subclasses__():
        yield from _codes(each)


class Page:
    """The numbers of one web process."""

    def __init__(self, numbers: "memoryview[float]", places: dict[str, int], processes: int) -> None:
        self._numbers = numbers
        self._places = places
        self._processes = processes

    def __getitem__(self, name: str) -> float:
        """Return a number by its name."""
        return float(self._numbers[self._places[name]])

    def __setitem__(self, name: str, value: float) -> None:
        """Set a number."""
        self._numbers[self._places[name]] = value

    def add(self, name: str, value: float = 1) -> None:
        """Add to a number; a query's outcome is ``=`` and its code."""
        self._numbers[self._places[name]] += value

    @property
    def processes(self) -> list[int]:
        """The ids of the processes whose memory is reported."""
        return [int(pid) for pid in self._numbers[self._processes :] if pid]

    @processes.setter
    def processes(self, pids: Iterable[int]) -> None:
        """Set the ids of the processes whose memory is reported."""
        numbers = [*pids, *[0] * _PROCESSES][:_PROCESSES]
        self._numbers[self._processes :] = memoryview(array("d", numbers))


class Ledger:
    """The pages of all web processes; made before they are forked."""

    def __init__(self, pages: int) -> None:
        names = [*_NUMBERS, *(f"={code}" for code in ("ok", *sorted(set(_codes()))))]
        self._places = {name: place for place, name in enumerate(names)}
        self._codes = [name for name in names if name.startswith("=")]
        width = len(names) + _PROCESSES
        self._file = os.memfd_create("ledger")
        os.ftruncate(self._file, pages * width * 8)
        numbers = memoryview(mmap.mmap(self._file, pages * width * 8)).cast("d")
        self._pages = [
            Page(numbers[start : start + width], self._places, len(names)) for start in range(0, pages * width, width)
        ]

    def take(self) -> Page:
        """Claim a page for this process: a fresh one, or that of a process that is gone, whose counts go on."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            free = (each for each in self._pages if not Path(f"/proc/{each['owner']:.0f}").exists())
            page = next(free, self._pages[0])
            page["owner"] = os.getpid()
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
        for name in ("running", "idle", "waiting", "cache_bytes"):
            page[name] = 0
        page.processes = ()
        return page

    def stats(self) -> BackendStats:
        """Add all pages up, and look at the memory of their processes."""
        total = {name: sum(page[name] for page in self._pages) for name in self._places}
        memory = {pid: memory_of(pid) for page in self._pages for pid in page.processes}
        return BackendStats(
            outcomes={name[1:]: int(total[name]) for name in self._codes if total[name]},
            seconds_total=total["seconds"],
            **{name: int(total[name]) for name in _NUMBERS[2:]},
            resident_bytes={pid: resident for pid, (resident, _) in memory.items() if resident},
            private_bytes={pid: private for pid, (resident, private) in memory.items() if resident},
        )
