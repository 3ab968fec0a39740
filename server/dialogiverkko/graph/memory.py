"""Measures memory, and gives back what nobody needs any more."""

import ctypes
import os
from pathlib import Path


def give_back() -> None:
    """Give freed memory back to the system, where the C library can: what is made next has room for it.

    The allocator keeps what a store of the engine frees, which is most of what a build ever takes.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def machine_bytes() -> int:
    """Measure the memory that there is for this program: the machine's, or its control group's."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        bound = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return machine
    return min(machine, int(bound)) if bound.isdigit() else machine
