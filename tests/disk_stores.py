"""Disk stores of many files, without many quads."""

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import Quad, Store


def load_in_parts(folder: Path, quads: Sequence[Quad], parts: int) -> None:
    """Make a store of some ten files for each part of the quads: none is compacted."""
    store = Store(str(folder))
    for number in range(parts):
        store.bulk_extend(quads[number::parts])
    store.flush()
