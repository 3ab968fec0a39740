"""Equal questions at the same time: one is asked, all are answered, and nobody suffers for another."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

import pytest

from dialogiverkko.errors import (
    DialogiverkkoError,
    MemoryLimitError,
    QueueFullError,
    TimeLimitError,
    WorkerLostError,
)
from dialogiverkko.front.ledger import Ledger
from dialogiverkko.front.sharing import Sharing

SOON = 2.0


@dataclass(frozen=True)
class Kept:
    """An answer: the number of the call that gave it."""

    number: int
    is_kept: bool = True
    size: int = 10


class Bench:
    """Something that answers when the test lets it, and people who ask for it at the same time."""

    def __init__(self, *, most_bytes: int = 1_000_000, most_waiting: int = 20) -> None:
        self.page = Ledger(1).take()
        self.sharing: Sharing[Kept] = Sharing(most_bytes, most_waiting, self.page)
        self.may_answer = threading.Event()
        self.calls = 0
        self.ended = 0
        self.errors: list[DialogiverkkoError] = []
        self.is_kept = True
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def joined(self) -> int:
        """Questions that joined another."""
        return int(self.page["joined"])

    async def _lead(self, seconds: float) -> Kept:
        """Wait as a query does: until it is done or nobody waits."""
        self.calls += 1
        number = self.calls
        until = time.monotonic() + seconds
        try:
            while not self.may_answer.is_set():
                await asyncio.sleep(0.01)
                if time.monotonic() > until:
                    raise TimeLimitError("late", limit="time_limit", value=seconds)
            if self.errors:
                raise self.errors.pop(0)
            return Kept(number, self.is_kept)
        finally:
            self.ended += 1

    async def _ask(self, key: str, seconds: float) -> Kept:
        return self.sharing.kept(key.encode()) or await self.sharing.ask(key.encode(), lambda: self._lead(seconds))

    def ask(self, key: str = "ASK {}", seconds: float = 5.0) -> "Future[Kept]":
        """Ask, as somebody of one's own; to cancel is to leave."""
        return asyncio.run_coroutine_threadsafe(self._ask(key, seconds), self._loop)

    def first(self, seconds: float = 5.0) -> "Future[Kept]":
        """Ask, and wait until it is under way."""
        before = self.calls
        asked = self.ask(seconds=seconds)
        until(lambda: self.calls == before + 1)
        return asked

    def joining(self, seconds: float = 5.0) -> "Future[Kept]":
        """Ask, and wait until the question has joined another."""
        before = self.joined
        asked = self.ask(seconds=seconds)
        until(lambda: self.joined == before + 1)
        return asked


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A bench of the test's own."""
    made = Bench()
    yield made
    made.close()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < SOON
        time.sleep(0.005)


def test_twenty_equal_questions_are_one(bench: Bench) -> None:
    """The engine is asked once, and everybody has its answer."""
    asked = [bench.first(), *(bench.joining() for _ in range(19))]
    bench.may_answer.set()

    assert {each.result(SOON).number for each in asked} == {1}
    assert (bench.calls, bench.joined) == (1, 19)
    assert bench.ask().result(SOON).number == 1


def test_questions_that_differ_are_not_one(bench: Bench) -> None:
    """Another key is another question, and what differs each time is asked each time."""
    bench.may_answer.set()
    for _ in range(2):
        for key in ("ASK {}", "ASK { }", "ASK {} as CSV"):
            bench.ask(key).result(SOON)
    bench.is_kept = False
    bench.ask("RAND").result(SOON)
    bench.ask("RAND").result(SOON)

    assert bench.calls == 3 + 2


def test_what_differs_each_time_is_not_shared_while_under_way(bench: Bench) -> None:
    """Who joined an answer that turns out to be of the first one only gets another, its own."""
    bench.is_kept = False
    asked = [bench.first(), bench.joining(), bench.joining()]
    bench.may_answer.set()

    assert {each.result(SOON).number for each in asked} == {1, 2, 3}


def test_an_answer_that_takes_the_place_of_another_counts_once(bench: Bench) -> None:
    """Whoever asks without looking for what is kept replaces it."""
    bench.may_answer.set()
    sizes = []
    for _ in range(3):
        lead = bench.sharing.ask(b"ASK {}", lambda: bench._lead(5.0))
        asyncio.run_coroutine_threadsafe(lead, bench._loop).result(SOON)
        sizes.append(bench.page["cache_bytes"])

    assert sizes == [10 + 512] * 3


def test_the_first_leaves_and_the_others_are_answered(bench: Bench) -> None:
    """The answer goes on for those who wait, though whoever asked first has left."""
    first = bench.first()
    second = bench.joining()
    first.cancel()
    time.sleep(0.2)
    bench.may_answer.set()

    assert second.result(SOON).number == 1
    assert bench.calls == 1


def test_one_who_waits_leaves_and_the_others_are_answered(bench: Bench) -> None:
    """A client that leaves is let go at once, and takes nobody along."""
    first = bench.first()
    second = bench.joining()
    second.cancel()

    with pytest.raises(CancelledError):
        second.result(SOON)
    bench.may_answer.set()
    assert first.result(SOON).number == 1


def test_all_leave_and_the_query_ends(bench: Bench) -> None:
    """Nobody waits: the engine is told so, and the next one who asks is not taken along."""
    asked = [bench.first(), bench.joining(), bench.joining()]
    for each in asked:
        each.cancel()

    until(lambda: bench.ended == 1)
    bench.may_answer.set()
    assert bench.ask().result(SOON).number == 2


def test_a_failure_that_the_question_deserves_is_shared(bench: Bench) -> None:
    """Nobody runs into the same limit again for nothing; the error is each one's own."""
    asked = [bench.first(), bench.joining(), bench.joining()]
    bench.errors = [MemoryLimitError("too much", limit="memory_limit", value=1)]
    bench.may_answer.set()

    errors = [each.exception(SOON) for each in asked]
    assert [type(error) for error in errors] == [MemoryLimitError] * 3
    assert len({id(error) for error in errors}) == 3
    assert bench.calls == 1


@pytest.mark.parametrize("error", [WorkerLostError("lost"), QueueFullError("full", retry_after=1)])
def test_a_failure_that_is_only_the_first_ones_is_not_shared(bench: Bench, error: DialogiverkkoError) -> None:
    """One of those who wait asks again, for all that are left."""
    asked = [bench.first(), bench.joining(), bench.joining()]
    bench.errors = [error]
    bench.may_answer.set()

    assert isinstance(asked[0].exception(SOON), type(error))
    assert {each.result(SOON).number for each in asked[1:]} == {2}
    assert bench.calls == 2


def test_who_waits_keeps_its_own_time(bench: Bench) -> None:
    """A question that joined late ends with the first one's time, and none waits past its own."""
    first = bench.first(seconds=0.4)
    time.sleep(0.2)
    began = time.monotonic()
    second = bench.joining(seconds=0.4)

    assert isinstance(second.exception(SOON), TimeLimitError)
    assert time.monotonic() - began < 0.4
    assert isinstance(first.exception(SOON), TimeLimitError)


def test_those_who_wait_are_bounded() -> None:
    """Each of them holds a request, so there may not be too many."""
    bench = Bench(most_waiting=2)
    asked = [bench.first(), bench.joining(), bench.joining()]

    for _ in range(2):
        with pytest.raises(QueueFullError):
            bench.ask().result(SOON)
        asked.pop().cancel()  # whoever leaves makes room for one
        time.sleep(0.05)
        asked.append(bench.joining())
    bench.may_answer.set()
    assert {each.result(SOON).number for each in asked} == {1}
    bench.close()


def test_what_is_kept_is_bounded_in_bytes() -> None:
    """What was unasked for longest goes first; one that takes more than a quarter is not kept."""
    bench = Bench(most_bytes=4 * 522)
    bench.may_answer.set()
    for key in ("a", "b", "c", "d", "a", "e"):
        bench.ask(key).result(SOON)

    assert bench.page["cache_bytes"] == 4 * 522
    assert [bench.sharing.kept(key) is not None for key in (b"a", b"b", b"c", b"d", b"e")] == [
        True, False, True, True, True,
    ]  # fmt: skip
    bench.close()
