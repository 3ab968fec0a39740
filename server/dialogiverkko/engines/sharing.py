"""Any backend, asked once for what many want: results are kept, and equal questions wait for one answer.

Questions are equal where text, values, dataset, media type and limits are. What differs each time it is
asked (RAND, NOW, SERVICE) is never shared, and nothing is where no results are to be kept.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Final, Protocol

from dialogiverkko.engines import Backend, BackendStats
from dialogiverkko.engines.cache import ResultCache
from dialogiverkko.engines.counts import time_limit_error
from dialogiverkko.engines.line import CANCEL_CHECK, nobody_waits, queue_full
from dialogiverkko.errors import DialogiverkkoError, LimitError, QueryEvaluationError, QueueFullError
from dialogiverkko.media import MediaType
from dialogiverkko.sparql.query import Dataset, Limits, ParsedQuery, Result, Term

_ITS_OWN_FAULT: Final = (LimitError, QueryEvaluationError)
"""Errors that the same question would run into again; others are of the one who ran into them."""
Gone = Callable[[], bool]


class _Asking(Protocol):
    """Asks the engine, under limits, for somebody who may leave."""

    def __call__(self, *, limits: Limits, cancelled: Gone | None) -> Result: ...


class _Answering:
    """One question under way and all who wait for its answer, the one who asks the engine among them."""

    def __init__(self, first: Gone | None) -> None:
        self.is_over = threading.Event()
        self.result: Result | None = None
        self.error: DialogiverkkoError | None = None
        self._waiting: dict[object, Gone | None] = {object(): first}

    @contextmanager
    def joined(self, gone: Gone | None) -> Iterator[None]:
        """Count as one who waits."""
        mark = object()
        self._waiting[mark] = gone
        try:
            yield
        finally:
            del self._waiting[mark]

    def is_deserted(self) -> bool:
        """Tell whether all who waited have left; the one who asks goes on for the others."""
        return all(gone is not None and gone() for gone in list(self._waiting.values()))


class SharedBackend:
    """Answers from what is kept, from what is being answered, and else from the backend behind it."""

    def __init__(self, engine: Backend, cache: ResultCache, *, most_waiting: int) -> None:
        self.engine = engine
        self.cache = cache
        self.joined = 0
        """Questions that waited for somebody else's answer."""
        self._most_waiting = most_waiting
        self._waiting = 0
        self._answering: dict[tuple[str, Limits], _Answering] = {}
        self._lock = threading.Lock()

    def query(
        self,
        parsed: ParsedQuery,
        *,
        media_type: MediaType,
        limits: Limits,
        dataset: Dataset = Dataset(),
        bindings: Mapping[str, Term] | None = None,
        cancelled: Gone | None = None,
    ) -> Result:
        """Answer as the backend would; an error that the question itself deserves is shared like an answer."""
        ask = partial(self.engine.query, parsed, media_type=media_type, dataset=dataset, bindings=bindings)
        if not (parsed.is_deterministic and self.cache.keeps):
            return ask(limits=limits, cancelled=cancelled)
        key = _key(parsed, media_type, dataset, bindings or {})
        deadline = time.monotonic() + limits.seconds
        given = limits
        while (left := deadline - time.monotonic()) > 0:
            with self._lock:
                if (kept := self.cache.get(key)) is not None:
                    return kept
                answering = self._answering.get((key, limits))
                if answering is None:
                    mine = self._answering[key, limits] = _Answering(cancelled)
            if answering is None:
                return self._lead(mine, ask, key, limits, given, cancelled)
            if (result := self._follow(answering, deadline, limits, cancelled)) is not None:
                return result
            given = replace(limits, seconds=left)
        raise time_limit_error(limits.seconds)

    def _lead(
        self, mine: _Answering, ask: _Asking, key: str, limits: Limits, given: Limits, cancelled: Gone | None
    ) -> Result:
        """Ask the engine, for oneself and for whoever joins."""
        try:
            mine.result = ask(limits=given, cancelled=mine.is_deserted if cancelled else None)
            self.cache.put(key, mine.result)
            return mine.result
        except DialogiverkkoError as error:
            mine.error = error
            raise
        finally:
            with self._lock:
                del self._answering[key, limits]
            mine.is_over.set()

    def _follow(self, answering: _Answering, deadline: float, limits: Limits, cancelled: Gone | None) -> Result | None:
        """Wait for somebody else's answer; None where they failed for a reason that is only theirs."""
        with self._place(), answering.joined(cancelled):
            while not answering.is_over.wait(max(0.0, min(CANCEL_CHECK, deadline - time.monotonic()))):
                if cancelled and cancelled():
                    raise nobody_waits()
                if time.monotonic() >= deadline:
                    raise time_limit_error(limits.seconds)
        error = answering.error
        if isinstance(error, _ITS_OWN_FAULT) and not isinstance(error, QueueFullError):
            raise type(error)(error.message, **error.details)
        if error and cancelled and cancelled():
            raise nobody_waits()
        return answering.result

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Hold a place among those who wait; they are bounded as the queue is, since each holds a thread."""
        with self._lock:
            if self._waiting >= self._most_waiting:
                raise queue_full("and as many wait for the same answer as may", self._most_waiting)
            self._waiting += 1
            self.joined += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    @property
    def graph_names(self) -> frozenset[str]:
        """The named graphs that FROM, default-graph-uri and named-graph-uri may name."""
        return self.engine.graph_names

    def stats(self) -> BackendStats:
        """Count what the engine did."""
        return self.engine.stats()

    def is_ready(self) -> bool:
        """Tell whether the engine answers a canary query now."""
        return self.engine.is_ready()

    def close(self) -> None:
        """End the engine."""
        self.engine.close()


def _key(parsed: ParsedQuery, media_type: MediaType, dataset: Dataset, bindings: Mapping[str, Term]) -> str:
    """Name a question by all that decides its answer, in the length of one digest."""
    graphs = f"{dataset.default_graphs}{dataset.named_graphs}"
    values = str(sorted((name, str(term)) for name, term in bindings.items())) if bindings else ""
    return sha256("\x00".join((parsed.text, media_type.name, graphs, values)).encode()).hexdigest()
