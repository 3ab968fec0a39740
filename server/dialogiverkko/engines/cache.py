"""Keeps results, bounded in bytes. A backend's graph never changes, so nothing kept is ever stale."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from dialogiverkko.sparql.query import Result

_OVERHEAD = 512
"""Bytes reckoned for the key and the bookkeeping of one result."""


@dataclass(frozen=True)
class CacheStats:
    """What the cache has done and holds."""

    hits: int
    misses: int
    entries: int
    size: int


class ResultCache:
    """The results asked for last, within a number of bytes; safe among threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Result] = OrderedDict()
        self._lock = threading.Lock()
        self._size = self._hits = self._misses = 0

    @property
    def keeps(self) -> bool:
        """Tell whether anything is kept at all."""
        return self._most > 0

    def get(self, key: str) -> Result | None:
        """Return what is kept under a key, and remember that it was wanted."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                self._misses += 1
                return None
            self._hits += 1
            self._kept.move_to_end(key)
            return found

    def put(self, key: str, result: Result) -> None:
        """Keep a result, dropping those unasked for longest; one larger than a quarter of all is not kept."""
        size = len(result.body) + _OVERHEAD
        if size * 4 > self._most:
            return
        with self._lock:
            previous = self._kept.pop(key, None)
            if previous is not None:
                self._size -= len(previous.body) + _OVERHEAD
            self._kept[key] = result
            self._size += size
            while self._size > self._most:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped.body) + _OVERHEAD

    def stats(self) -> CacheStats:
        """Count hits, misses, entries and bytes."""
        with self._lock:
            return CacheStats(self._hits, self._misses, len(self._kept), self._size)
