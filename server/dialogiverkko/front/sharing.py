"""Answers that are asked for once and given to many: kept within a number of bytes, and shared while under way.

The graph never changes, so nothing that is kept is ever stale. What differs each time it is asked is
neither kept nor shared, and nothing is where no bytes are to be kept.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from cachetools import LRUCache

from dialogiverkko.engines.stopped import queue_full
from dialogiverkko.errors import DialogiverkkoError, LimitError, QueryEvaluationError, QueueFullError
from dialogiverkko.front.ledger import Page
from dialogiverkko.front.requests import Answer

SHAREABLE_ERRORS: Final = (LimitError, QueryEvaluationError)
"""Errors that the same question would run into again; others are of the one who ran into them."""
_LEAST_KEPT: Final = 4
"""Answers of one size that have room at least, or none of them is kept."""
_OVERHEAD: Final = 512
"""Bytes reckoned for the key and the bookkeeping of one answer."""


Lead = Callable[[], Coroutine[Any, Any, Answer]]  # Any: nothing is sent into it


@dataclass
class _Flight:
    """One answer under way, and how many wait for it."""

    task: "asyncio.Task[Answer]"
    waiting: int = 0


class Sharing:
    """The answers asked for last and those under way, by the key of what was asked."""

    def __init__(self, most_bytes: int, most_waiting: int, page: Page) -> None:
        self._most_bytes = most_bytes
        self._most_waiting = most_waiting
        self._page = page
        self._kept: LRUCache[bytes, Answer] = LRUCache(most_bytes, lambda answer: answer.size + _OVERHEAD)
        self._waiting = 0
        self._flights: dict[bytes, _Flight] = {}

    def kept(self, key: bytes) -> Answer | None:
        """Return what is kept under a key, and remember that it was wanted."""
        found = self._kept.get(key)
        self._page.add("hits" if found else "misses")
        return found

    async def ask(self, key: bytes, lead: Lead) -> Answer:
        """Join whoever asks the same, or be the first and lead.

        An error that the question itself deserves is shared like an answer; after another one, somebody who
        waited leads anew. When all who wait are cancelled, so is the answer.
        """
        while True:
            flight = self._flights.get(key)
            if flight is None:
                return await self._wait(key, self._begin(key, lead))
            if self._waiting >= self._most_waiting:
                raise queue_full("and as many wait for the same answer as may", self._most_waiting)
            try:
                answer = await self._join(key, flight)
            except DialogiverkkoError as error:
                if isinstance(error, SHAREABLE_ERRORS) and not isinstance(error, QueueFullError):
                    raise type(error)(error.message, **error.details) from error
                continue
            return answer if answer.is_kept else await lead()

    def _begin(self, key: bytes, lead: Lead) -> _Flight:
        flight = self._flights[key] = _Flight(asyncio.get_running_loop().create_task(lead()))
        flight.task.add_done_callback(lambda task: self._land(key, flight, task))
        return flight

    async def _join(self, key: bytes, flight: _Flight) -> Answer:
        """Wait for somebody else's answer; those who do are bounded as the queue is."""
        self._waiting += 1
        self._page.add("joined")
        try:
            return await self._wait(key, flight)
        finally:
            self._waiting -= 1

    async def _wait(self, key: bytes, flight: _Flight) -> Answer:
        flight.waiting += 1
        try:
            await asyncio.wait({flight.task})
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                flight.task.cancel()
                self._flights.pop(key, None)
        return flight.task.result()

    def _land(self, key: bytes, flight: _Flight, task: "asyncio.Task[Answer]") -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not task.cancelled() and task.exception() is None and task.result().is_kept:
            self._put(key, task.result())

    def _put(self, key: bytes, answer: Answer) -> None:
        """Keep an answer, dropping those unasked for longest; one larger than a quarter of all is not kept."""
        if self._kept.getsizeof(answer) * _LEAST_KEPT <= self._most_bytes:
            self._kept[key] = answer
            self._page["cache_bytes"] = self._kept.currsize
