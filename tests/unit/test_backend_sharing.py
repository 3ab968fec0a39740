"""Equal questions at the same time: one is asked, all are answered, and nobody suffers for another."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from dialogiverkko.engines import BackendStats
from dialogiverkko.engines.cache import ResultCache
from dialogiverkko.engines.sharing import SharedBackend
from dialogiverkko.errors import (
    DialogiverkkoError,
    MemoryLimitError,
    QueryCancelledError,
    QueueFullError,
    TimeLimitError,
    WorkerLostError,
)
from dialogiverkko.media import CSV, TSV, MediaType
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Result

LIMITS = Limits(seconds=5.0, memory_bytes=1, rows=10, result_bytes=1000)
SOON = 2.0


class Engine:
    """Answers when the test lets it, with the number of the call; or fails with what the test put in."""

    graph_names: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.calls = 0
        self.errors: list[DialogiverkkoError] = []
        self._lock = threading.Lock()

    def query(self, parsed: Any, **given: Any) -> Result:  # Any: what the port passes on
        """Wait as a query does: until it is done or nobody waits."""
        del parsed
        with self._lock:
            self.calls += 1
            number = self.calls
        cancelled: Callable[[], bool] | None = given["cancelled"]
        until = time.monotonic() + given["limits"].seconds
        while not self.may_answer.wait(0.01):
            if cancelled and cancelled():
                raise QueryCancelledError("gone")
            if time.monotonic() > until:
                raise TimeLimitError("late", limit="time_limit", value=given["limits"].seconds)
        if self.errors:
            raise self.errors.pop(0)
        return Result(f"{number}".encode(), given["media_type"])

    def stats(self) -> BackendStats:
        """Nothing to tell."""
        return BackendStats({})

    def is_ready(self) -> bool:
        """It always is."""
        return True

    def close(self) -> None:
        """Nothing to end."""


class Bench:
    """An engine behind a shared backend, and people who ask it at the same time."""

    def __init__(self, *, most_bytes: int = 1_000_000, most_waiting: int = 20) -> None:
        self.engine = Engine()
        self.backend = SharedBackend(self.engine, ResultCache(most_bytes), most_waiting=most_waiting)
        self.threads = ThreadPoolExecutor(40)

    def ask(
        self,
        text: str = "ASK {}",
        media_type: MediaType = CSV,
        gone: threading.Event | None = None,
        limits: Limits = LIMITS,
    ) -> "Future[Result]":
        """Ask in a thread of one's own."""
        cancelled = gone.is_set if gone else None
        return self.threads.submit(
            self.backend.query, parse(text), media_type=media_type, limits=limits, cancelled=cancelled
        )

    def first(self, **given: Any) -> "Future[Result]":  # Any: see ask
        """Ask, and wait until the engine has it."""
        before = self.engine.calls
        asked = self.ask(**given)
        until(lambda: self.engine.calls == before + 1)
        return asked

    def joining(self, **given: Any) -> "Future[Result]":  # Any: see ask
        """Ask, and wait until the question has joined another."""
        before = self.backend.joined
        asked = self.ask(**given)
        until(lambda: self.backend.joined == before + 1)
        return asked


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < SOON
        time.sleep(0.005)


def test_twenty_equal_questions_are_one() -> None:
    """The engine is asked once, and everybody has its answer."""
    bench = Bench()
    asked = [bench.first(), *(bench.joining() for _ in range(19))]
    bench.engine.may_answer.set()

    assert {each.result(SOON).body for each in asked} == {b"1"}
    assert (bench.engine.calls, bench.backend.joined) == (1, 19)
    assert bench.ask().result(SOON).body == b"1"


def test_questions_that_differ_are_not_one() -> None:
    """Another text, type or limit is another question, and so is one that differs each time."""
    bench = Bench()
    bench.engine.may_answer.set()
    for _ in range(2):
        for given in ({"text": "ASK { }"}, {"media_type": TSV}, {}):
            bench.ask(**given).result(SOON)
    bench.ask("SELECT (RAND() AS ?x) {}").result(SOON)
    bench.ask("SELECT (RAND() AS ?x) {}").result(SOON)

    assert bench.engine.calls == 3 + 2


def test_where_nothing_is_kept_nothing_is_shared() -> None:
    """A cache of no bytes turns both off."""
    bench = Bench(most_bytes=0)
    asked = [bench.first(), bench.first()]
    bench.engine.may_answer.set()

    assert {each.result(SOON).body for each in asked} == {b"1", b"2"}


def test_the_first_leaves_and_the_others_are_answered() -> None:
    """Whoever asks the engine goes on for those who wait, though its own client has left."""
    bench = Bench()
    left, here = threading.Event(), threading.Event()
    bench.first(gone=left)
    second = bench.joining(gone=here)
    left.set()
    time.sleep(0.2)
    bench.engine.may_answer.set()

    assert second.result(SOON).body == b"1"
    assert bench.engine.calls == 1


def test_one_who_waits_leaves_and_the_others_are_answered() -> None:
    """A client that leaves is let go at once, and takes nobody along."""
    bench = Bench()
    left = threading.Event()
    first = bench.first(gone=threading.Event())
    second = bench.joining(gone=left)
    left.set()

    with pytest.raises(QueryCancelledError):
        second.result(SOON)
    bench.engine.may_answer.set()
    assert first.result(SOON).body == b"1"


def test_all_leave_and_the_query_ends() -> None:
    """Nobody waits: the engine is told so."""
    bench = Bench()
    gone = [threading.Event() for _ in range(3)]
    asked = [bench.first(gone=gone[0]), *(bench.joining(gone=each) for each in gone[1:])]
    for each in gone:
        each.set()

    for future in asked:
        with pytest.raises(QueryCancelledError):
            future.result(SOON)
    assert bench.engine.calls == 1


def test_a_failure_that_the_question_deserves_is_shared() -> None:
    """Nobody runs into the same limit again for nothing; the error is each one's own."""
    bench = Bench()
    asked = [bench.first(), bench.joining(), bench.joining()]
    bench.engine.errors = [MemoryLimitError("too much", limit="memory_limit", value=1)]
    bench.engine.may_answer.set()

    errors = [each.exception(SOON) for each in asked]
    assert [type(error) for error in errors] == [MemoryLimitError] * 3
    assert len({id(error) for error in errors}) == 3
    assert bench.engine.calls == 1


@pytest.mark.parametrize("error", [WorkerLostError("lost"), QueueFullError("full", retry_after=1)])
def test_a_failure_that_is_only_the_first_ones_is_not_shared(error: DialogiverkkoError) -> None:
    """One of those who wait asks again, for all that are left."""
    bench = Bench()
    asked = [bench.first(), bench.joining(), bench.joining()]
    bench.engine.errors = [error]
    bench.engine.may_answer.set()

    assert isinstance(asked[0].exception(SOON), type(error))
    assert {each.result(SOON).body for each in asked[1:]} == {b"2"}
    assert bench.engine.calls == 2


def test_who_waits_keeps_its_own_time() -> None:
    """A question that joined late ends with the first one's time, and none waits past its own."""
    bench = Bench()
    limits = Limits(0.4, 1, 10, 1000)
    first = bench.first(limits=limits)
    time.sleep(0.2)
    began = time.monotonic()
    second = bench.joining(limits=limits)

    assert isinstance(second.exception(SOON), TimeLimitError)
    assert time.monotonic() - began < 0.4
    assert isinstance(first.exception(SOON), TimeLimitError)


def test_those_who_wait_are_bounded() -> None:
    """Each of them holds a thread of the server, so there may not be too many."""
    bench = Bench(most_waiting=2)
    asked = [bench.first(), bench.joining(), bench.joining()]

    with pytest.raises(QueueFullError):
        bench.ask().result(SOON)
    bench.engine.may_answer.set()
    assert {each.result(SOON).body for each in asked} == {b"1"}
