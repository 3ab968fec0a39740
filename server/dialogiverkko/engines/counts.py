"""Counts queries by how they ended, the same way for every engine."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from dialogiverkko.errors import DialogiverkkoError


class Counts:
    """Queries by outcome (``ok`` or the code of the error) and the seconds they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcomes: Counter[str] = Counter()
        self._seconds = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the outcome and the seconds of the block that runs inside."""
        started = time.perf_counter()
        outcome = ""  # of what another process answers
        try:
            yield
            outcome = "ok"
        except DialogiverkkoError as error:
            outcome = error.code
            raise
        finally:
            with self._lock:
                if outcome:
                    self._outcomes[outcome] += 1
                self._seconds += time.perf_counter() - started

    def snapshot(self, *, clear: bool = False) -> tuple[dict[str, int], float]:
        """Copy the outcomes and the sum of seconds, and begin anew where that is said."""
        with self._lock:
            taken = dict(self._outcomes), self._seconds
            if clear:
                self._outcomes, self._seconds = Counter(), 0.0
            return taken
