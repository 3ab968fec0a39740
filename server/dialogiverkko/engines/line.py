"""How many queries an engine answers at once, and the bounded queue of those that wait."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from dialogiverkko.errors import BackendUnavailableError, QueryCancelledError, QueueFullError

CANCEL_CHECK: Final = 0.1
"""Seconds between two looks at whether somebody still waits for an answer."""
_RETRY_AFTER: Final = 5


class Admission:
    """Admits up to ``places`` callers; ``queue`` more wait; the others get QueueFullError."""

    def __init__(self, places: int, queue: int) -> None:
        self._places = places
        self._queue = queue
        self._changed = threading.Condition()
        self._taken = 0
        self._waiting = 0
        self._is_closed = False

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return self._waiting

    @property
    def taken(self) -> int:
        """How many are served now."""
        return self._taken

    @contextmanager
    def place(self, seconds: float, cancelled: Callable[[], bool] | None = None) -> Iterator[None]:
        """Hold a place, after waiting at most ``seconds`` for it."""
        with self._changed:
            if self._taken >= self._places:
                self._wait(time.monotonic() + seconds, cancelled)
            if self._is_closed:
                raise BackendUnavailableError("The engine is stopping.")
            self._taken += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify()

    def _wait(self, deadline: float, cancelled: Callable[[], bool] | None) -> None:
        if self._waiting >= self._queue:
            raise queue_full("and the queue is full", self._queue)
        self._waiting += 1
        try:
            while self._taken >= self._places and not self._is_closed:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise queue_full("and none came free in time", self._queue)
                self._changed.wait(min(left, CANCEL_CHECK) if cancelled else left)
                if cancelled and cancelled():
                    raise nobody_waits()
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Make every waiting caller raise BackendUnavailableError."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


def queue_full(reason: str, queue: int) -> QueueFullError:
    """Make the error of a query for which there is no place."""
    return QueueFullError(
        f"All workers are busy {reason}. Ask again in a few seconds.",
        limit="queue",
        value=queue,
        retry_after=_RETRY_AFTER,
    )


def nobody_waits() -> QueryCancelledError:
    """Make the error of a query whose client went away."""
    return QueryCancelledError("The query was stopped because nobody waited for its answer.")
