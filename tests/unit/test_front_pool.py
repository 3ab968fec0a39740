"""Workers of one kind: who gets one, who waits, who has waited or run too long, and how each of them ends."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dialogiverkko.errors import (
    BackendUnavailableError,
    DialogiverkkoError,
    MemoryLimitError,
    QueryTooDeepError,
    QueueFullError,
    TimeLimitError,
    WorkerLostError,
)
from dialogiverkko.front import forking
from dialogiverkko.front import pool as pool_module
from dialogiverkko.front.ledger import Ledger, Page
from dialogiverkko.front.pool import DEMOTE_AFTER, Pool, PoolSetup
from dialogiverkko.front.wire import Message
from dialogiverkko.front.worker import Note, Work

MIB = 1024 * 1024
held: list[bytearray] = []


def burn(seconds: float) -> None:
    """Use so much of the processor."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def handler(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
    """Do what the message says."""
    if "note" in head:
        note({"seconds": head["note"]})
    if "hold" in head:
        held.append(bytearray(os.urandom(1024)) * (head["hold"] // 1024))
    burn(head.get("burn", 0))
    time.sleep(head.get("sleep", 0))
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    if "exit" in head:
        os._exit(head["exit"])
    if "kill" in head:
        os.kill(os.getpid(), head["kill"])
        time.sleep(5)
    return {"pid": os.getpid(), "niceness": niceness, "stderr": os.fstat(2).st_ino, "outcomes": {}}, body


class Asked:
    """A pool, and short ways to ask it."""

    def __init__(self, pool: Pool, page: Page) -> None:
        self.pool, self.page = pool, page

    async def ask(self, seconds: float = 10.0, **head: Any) -> Message:  # Any: JSON
        """Ask, and return what was answered."""
        answer, body = await self.pool.ask({"memory_bytes": 512 * MIB, **head}, b"body", seconds=seconds)
        assert body == b"body"
        return answer

    def begin(self, **head: Any) -> "asyncio.Task[Message]":
        """Ask meanwhile."""
        return asyncio.get_running_loop().create_task(self.ask(**head))

    async def until(self, name: str, value: float) -> None:
        """Wait until a number of the ledger is so much."""
        until = time.monotonic() + 5
        while self.page[name] != value:
            assert time.monotonic() < until, (name, self.page[name])
            await asyncio.sleep(0.01)


def with_pool(use: Callable[[Asked], Awaitable[None]], **setup: Any) -> None:  # Any: the fields of PoolSetup
    """Use a pool, and close it."""
    page = Ledger(1).take()
    given = PoolSetup(**{"size": 2, "queue": 2, "private_bytes": 512 * MIB, "at_once": 0, **setup})
    pool = Pool(given, partial(forking.start, Work(handler)), page)

    async def run() -> None:
        pool.attach(asyncio.get_running_loop())
        try:
            await asyncio.wait_for(use(Asked(pool, page)), 30)
        finally:
            server = page.processes[0]
            pool.close()
            pool.close()
        if server:
            with pytest.raises(ChildProcessError):  # it has ended, and been waited for
                os.waitpid(server, os.WNOHANG)

    asyncio.run(run())
    assert [page[name] for name in ("running", "waiting", "idle")] == [0, 0, 0]


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_that_is_free_answers_again() -> None:
    """As many are forked as are asked at once; those that are made before count as idle."""

    async def use(asked: Asked) -> None:
        assert asked.page["idle"] == 1
        assert 1 not in asked.page.processes  # what is being forked has no number of a process yet
        first, again = await asked.ask(), await asked.ask()
        assert first["pid"] == again["pid"]
        assert first["stderr"] == os.fstat(2).st_ino
        both = await asyncio.gather(asked.ask(sleep=0.2), asked.ask(sleep=0.2))
        assert len({each["pid"] for each in both}) == 2
        assert (asked.page["forked"], asked.page["idle"], asked.page["killed"]) == (2, 2, 0)
        assert {each["pid"] for each in both} < set(asked.page.processes)

    with_pool(use, at_once=1)


def test_so_many_are_served_and_so_many_wait() -> None:
    """One more is sent away at once; whoever waits is served in turn."""

    async def use(asked: Asked) -> None:
        running = [asked.begin(sleep=0.3), asked.begin(sleep=0.3)]
        waiting = [asked.begin(), asked.begin()]
        await asked.until("waiting", 2)
        assert asked.page["running"] == 2
        with pytest.raises(QueueFullError, match="the queue is full") as caught:
            await asked.ask()
        assert caught.value.details["value"] == 2
        await asyncio.gather(*running, *waiting)
        assert (asked.page["running"], asked.page["waiting"], asked.page["forked"]) == (0, 0, 2)

    with_pool(use)


def test_whoever_waits_too_long_is_sent_away() -> None:
    """As long as the answer might have taken; the place is for the next."""

    async def use(asked: Asked) -> None:
        running = asked.begin(sleep=0.4)
        await asyncio.sleep(0.05)
        with pytest.raises(QueueFullError, match="none came free in time"):
            await asked.ask(seconds=0.1)
        assert asked.page["waiting"] == 0
        await running
        await asked.ask()

    with_pool(use, size=1)


@pytest.mark.parametrize(
    ("head", "error", "value"),
    [
        ({"sleep": 3, "seconds": 0.2}, TimeLimitError, 0.2),
        ({"sleep": 3, "seconds": 2.5, "note": 0.1}, TimeLimitError, 0.1),
        ({"sleep": 3, "seconds": 0.2, "note": 2.5}, TimeLimitError, 0.2),
        ({"exit": 3, "seconds": 2.5}, WorkerLostError, None),
        ({"kill": signal.SIGKILL, "seconds": 2.5}, WorkerLostError, None),
        ({"kill": signal.SIGABRT, "seconds": 2.5}, MemoryLimitError, 512 * MIB),
        ({"kill": signal.SIGSEGV, "seconds": 2.5}, QueryTooDeepError, None),
    ],
)
def test_a_worker_that_ends_is_told_by_how_it_ended(
    head: Message, error: type[DialogiverkkoError], value: float | None
) -> None:
    """Its caller hears it, it is counted, and the next one is served by another."""

    async def use(asked: Asked) -> None:
        began = time.monotonic()
        with pytest.raises(error) as caught:
            await asked.ask(**head)
        assert caught.value.details.get("value") == value
        assert asked.page[f"={error.code}"] == 1
        assert 0 < asked.page["seconds"] < 2
        assert (value if error is TimeLimitError and value else 0) <= time.monotonic() - began < 2
        assert asked.page["killed"] == (error is TimeLimitError)
        await asked.ask()
        assert asked.page["forked"] == 2

    with_pool(use)


def test_the_worker_of_a_caller_who_leaves_is_killed() -> None:
    """At once, and counted."""

    async def use(asked: Asked) -> None:
        pid = (await asked.ask())["pid"]
        running = asked.begin(sleep=5)
        await asked.until("running", 1)
        await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (asked.page["killed"], asked.page["running"], asked.page["idle"]) == (1, 0, 0)
        assert asked.page["=query-cancelled"] == 1
        until = time.monotonic() + 1.5
        while lives(pid):
            assert time.monotonic() < until
            await asyncio.sleep(0.01)

    with_pool(use)


def test_a_worker_that_nobody_asks_ends() -> None:
    """After so long; one that was asked meanwhile stays."""

    async def use(asked: Asked) -> None:
        first = await asked.ask()
        await asyncio.sleep(0.2)
        assert (await asked.ask())["pid"] == first["pid"]
        await asyncio.sleep(0.2)
        assert asked.page["idle"] == 1
        await asked.until("idle", 0)

    with_pool(use, idle_seconds=0.3)


def test_a_worker_that_keeps_too_much_is_ended() -> None:
    """What it holds for itself is looked at where the answer took some work."""

    async def use(asked: Asked) -> None:
        small = await asked.ask(burn=0.05)
        large = await asked.ask(hold=128 * MIB, burn=0.05)
        other = await asked.ask()
        assert small["pid"] == large["pid"] != other["pid"]
        assert asked.page["killed"] == 0

    with_pool(use, private_bytes=100 * MIB)


def test_a_worker_that_has_answered_often_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a library leaks is gone with it."""
    monkeypatch.setattr(pool_module, "_RECYCLE_AFTER", 2)

    async def use(asked: Asked) -> None:
        first, second, third = [(await asked.ask())["pid"] for _ in range(3)]
        assert first == second != third

    with_pool(use)


def test_a_long_answer_is_made_at_low_priority() -> None:
    """So that it does not slow the quick ones; the next answer of the same worker begins as any other."""

    async def use(asked: Asked) -> None:
        mine = os.getpriority(os.PRIO_PROCESS, 0)
        quick, slow, again = await asked.ask(), await asked.ask(burn=DEMOTE_AFTER + 0.4), await asked.ask()
        assert (quick["niceness"], slow["niceness"]) == (mine, max(15, mine))
        assert again["niceness"] == mine
        assert (again["pid"] == slow["pid"]) == may_rise()

    with_pool(use)


def may_rise() -> bool:
    """Whether a process may take its old priority again here; where it may not, its worker ends."""
    code = "import os; mine = os.getpriority(0, 0); os.nice(1); os.setpriority(0, 0, mine)"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0


def test_an_answer_that_only_waits_is_no_slow_one() -> None:
    """What counts is the processor, and what this answer takes of it, not what the worker had taken before."""

    async def use(asked: Asked) -> None:
        answers = [await asked.ask(burn=DEMOTE_AFTER / 4, sleep=DEMOTE_AFTER * 1.2) for _ in range(5)]
        assert {each["niceness"] for each in answers} == {os.getpriority(os.PRIO_PROCESS, 0)}
        assert len({each["pid"] for each in answers}) == 1

    with_pool(use)


def test_a_worker_apart_waits_for_nobody() -> None:
    """It is asked past the queue, and ends with its answer."""

    async def use(asked: Asked) -> None:
        running = asked.begin(sleep=0.3)
        await asked.until("running", 1)
        answer, _ = await asked.pool.ask_apart({"memory_bytes": 512 * MIB}, b"", seconds=5)
        assert not running.done()
        with pytest.raises(TimeLimitError):
            await asked.pool.ask_apart({"memory_bytes": 512 * MIB, "sleep": 3}, b"", seconds=0.1)
        assert (await running)["pid"] != answer["pid"]
        assert asked.page["forked"] == 3

    with_pool(use, size=1)


def test_what_is_asked_before_the_graph_is_there_waits_for_it() -> None:
    """Nobody is sent away; workers are those of the kind that was asked for, and come again from there."""
    origin, page = forking.Origin(), Ledger(1).take()
    pool = Pool(PoolSetup(2, 2, 512 * MIB), partial(origin.ask, "second"), page)
    works = {"first": Work(lambda *_: ({"outcomes": {}}, b"another")), "second": Work(handler)}
    loaded = threading.Thread(target=origin.serve, args=(works,), daemon=True)

    async def run() -> None:
        pool.attach(asyncio.get_running_loop())
        asked = Asked(pool, page)
        with pytest.raises(BackendUnavailableError, match="still loading"):
            await asked.ask(seconds=0.1)
        waiting = asked.begin()
        await asyncio.sleep(0.1)
        assert (pool.is_there, waiting.done(), page.processes) == (False, False, [])
        loaded.start()
        first = await waiting
        assert pool.is_there
        os.kill(page.processes[0], signal.SIGKILL)
        await asked.until("restarts", 1)
        assert (await asked.ask())["pid"] != first["pid"]
        assert pool.is_there
        pool.close()

    asyncio.run(run())
    origin.end()
    loaded.join()


def test_workers_go_on_after_the_process_that_forks_them_died() -> None:
    """All of its workers die with it, and another takes its place."""

    async def use(asked: Asked) -> None:
        first = await asked.ask()
        running = asked.begin(sleep=3)
        await asked.until("running", 1)
        await asyncio.sleep(0.05)
        os.kill(asked.page.processes[0], signal.SIGKILL)
        with pytest.raises(WorkerLostError):
            await running
        assert (await asked.ask())["pid"] != first["pid"]
        assert asked.page["restarts"] == 1

    with_pool(use)


def test_a_closed_pool_sends_everybody_away() -> None:
    """Those who wait, and those who come."""

    async def use(asked: Asked) -> None:
        running = asked.begin(sleep=3)
        await asked.until("running", 1)
        waiting = asked.begin()
        await asked.until("waiting", 1)
        asked.pool.close()
        for each in (running, waiting):
            with pytest.raises((WorkerLostError, BackendUnavailableError)):
                await each
        with pytest.raises(BackendUnavailableError):
            await asked.ask()

    with_pool(use, size=1)
