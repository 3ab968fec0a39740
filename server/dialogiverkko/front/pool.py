"""The workers of one kind: who is free, who waits for one, who has run too long or keeps too much memory.

All of it happens in one event loop, without threads. What a caller waits for may be cancelled at any
moment, and then its worker is killed.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from dialogiverkko.engines.stopped import queue_full, time_limit_error
from dialogiverkko.errors import BackendUnavailableError, DialogiverkkoError, QueryCancelledError
from dialogiverkko.front.ending import error_of_status
from dialogiverkko.front.forking import Forking
from dialogiverkko.front.ledger import Page
from dialogiverkko.front.wire import Channel, Message, PeerGoneError
from dialogiverkko.front.worker import memory_of, processor_seconds, set_priority

DEMOTE_AFTER: Final = 0.1
"""Seconds of processor after which an answer is made at low priority, so that it does not slow the quick ones."""
_LOADING: Final = "The engine is still loading the graph; pages are there already, and queries soon."
_NICENESS: Final = 15
_LEAST_LOOK: Final = 0.02
_DYING_SECONDS: Final = 5.0
_RECYCLE_AFTER: Final = 1000
_LOOK_AT_MEMORY: Final = 0.02
"""Seconds of processor after which it is worth looking whether a worker's memory is still shared."""


@dataclass(frozen=True)
class PoolSetup:
    """How many workers, how long a queue, and how much memory each may keep for itself between answers."""

    size: int
    queue: int
    private_bytes: int
    at_once: int = 2
    """Workers that are forked before anybody asks."""
    idle_seconds: float = 0.0
    """Seconds after which a worker that nobody asks ends; 0: never."""


@dataclass
class Worker:
    """One forked process, by its number; its process id and its ending are reported later."""

    number: int
    channel: Channel
    ended: "asyncio.Future[int | None]"
    pid: int = 0
    served: int = 0
    used: float = 0.0
    """Seconds of processor that it had used when its last answer was there."""
    look: asyncio.TimerHandle | None = None
    """The next look at how much processor it has used."""
    is_demoted: bool = False


class Pool:
    """A bounded set of workers; a dead one costs only the answer that it had to give."""

    def __init__(self, setup: PoolSetup, start: Callable[[], Forking], page: Page) -> None:
        """Start the process that forks: make the pool before there are threads, and attach it to a loop later."""
        self._setup = setup
        self._start = start
        self._page = page
        self._forking = start()
        self._workers: dict[int, Worker] = {}
        self._idle: list[Worker] = []
        self._places = asyncio.Semaphore(setup.size)
        self._number = 0
        self._is_closed = False

    @property
    def is_there(self) -> bool:
        """Return whether the process that forks is there: one that was asked for may be yet to come."""
        return self._forking.pid != 0

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to listen to the process that forks, and have the first workers made."""
        self._loop = loop
        loop.add_reader(self._forking.channel, self._hear)
        self._idle = [self._fork() for _ in range(min(self._setup.at_once, self._setup.size))]
        self._note_processes()

    # --- the process that forks ---------------------------------------------------------------

    def _hear(self) -> None:
        while (told := self._forking.next_message()) != {}:
            if told is None:
                self._replace()
                return
            if "here" in told:
                self._forking.pid = told["here"] or 0
            elif "forked" in told:
                if worker := self._workers.get(told["forked"] or 0):
                    worker.pid = told["pid"] or 0
            elif worker := self._workers.pop(told["ended"] or 0, None):
                self._forget(worker, told["status"])
        self._note_processes()

    def _note_processes(self) -> None:
        """Write the processes that there are to the ledger, too."""
        self._page.processes = [self._forking.pid, *(worker.pid for worker in self._workers.values() if worker.pid)]
        self._page["idle"] = len(self._idle)

    def _forget(self, worker: Worker, status: int | None) -> None:
        if not worker.ended.done():
            worker.ended.set_result(status)
        if worker in self._idle:
            self._idle.remove(worker)
            worker.channel.close()

    def _replace(self) -> None:
        """Start the forking process again after it died together with its workers."""
        self._loop.remove_reader(self._forking.channel)
        self._forking.end()
        gone, self._workers = self._workers, {}
        for worker in gone.values():
            self._forget(worker, None)
        if not self._is_closed:
            self._page.add("restarts")
            self._forking = self._start()
            self._loop.add_reader(self._forking.channel, self._hear)
        self._note_processes()

    def _fork(self) -> Worker:
        if self._is_closed:
            raise BackendUnavailableError("The engine is not running.")
        self._number += 1
        ours, theirs = socket.socketpair()
        worker = Worker(self._number, Channel(ours), self._loop.create_future())
        with theirs:
            try:
                self._forking.fork(worker.number, theirs)
            except OSError:
                self._replace()
                self._forking.fork(worker.number, theirs)
        self._workers[worker.number] = worker
        self._page.add("forked")
        return worker

    # --- places -------------------------------------------------------------------------------

    @asynccontextmanager
    async def _place(self, seconds: float) -> AsyncIterator[None]:
        """Hold a place among those who are served, after waiting at most ``seconds`` for it."""
        if self._places.locked():
            await self._wait(seconds)
        else:
            await self._places.acquire()
        self._page.add("running")
        try:
            yield
        finally:
            self._page.add("running", -1)
            self._places.release()

    async def _wait(self, seconds: float) -> None:
        """Wait for a place behind those who came before, if not too many did."""
        if self._page["waiting"] >= self._setup.queue:
            raise queue_full("and the queue is full", self._setup.queue)
        self._page.add("waiting")
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError as error:
            raise queue_full("and none came free in time", self._setup.queue) from error
        finally:
            self._page.add("waiting", -1)

    # --- answers ------------------------------------------------------------------------------

    async def ask(self, head: Message, body: bytes, *, seconds: float) -> tuple[Message, bytes]:
        """Return the answer of an idle worker to one message, or raise the error that ended the worker."""
        with self._counted():
            async with self._place(seconds):
                worker = self._take()
                is_reusable = False
                try:
                    answer, content = await self._watch(worker, head, body, seconds)
                    is_reusable = self._may_serve_again(worker, answer)
                    return answer, content
                finally:
                    self._give_back(worker, is_reusable=is_reusable)

    async def ask_apart(self, head: Message, body: bytes, *, seconds: float) -> tuple[Message, bytes]:
        """Return the answer of a fresh worker to one message, past the queue (for the readiness check)."""
        with self._counted():
            worker = self._fork()
            try:
                return await self._watch(worker, head, body, seconds)
            finally:
                self._end(worker)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count what no worker counts: how an answer ended that did not come."""
        try:
            yield
        except asyncio.CancelledError:
            self._page.add(f"={QueryCancelledError.code}")
            raise
        except DialogiverkkoError as error:
            self._page.add(f"={error.code}")
            raise

    def _take(self) -> Worker:
        """Get an idle worker that still lives, or fork one."""
        while self._idle:
            worker = self._idle.pop()
            self._page.add("idle", -1)
            if not worker.channel.has_closed():
                return worker
            self._end(worker)
        return self._fork()

    def _give_back(self, worker: Worker, *, is_reusable: bool) -> None:
        if is_reusable and not self._is_closed and worker.number in self._workers:
            self._idle.append(worker)
            self._page.add("idle")
            if self._setup.idle_seconds:
                self._loop.call_later(self._setup.idle_seconds, self._retire, worker, worker.served)
        else:
            self._end(worker)

    def _retire(self, worker: Worker, served: int) -> None:
        """End a worker that nobody has asked since it had served so many."""
        if worker in self._idle and worker.served == served:
            self._idle.remove(worker)
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        """Kill a worker without waiting: at low priority it may die more slowly than its query was allowed."""
        worker.channel.close()
        if worker.number in self._workers:
            self._forking.kill(worker.number)

    async def _watch(self, worker: Worker, head: Message, body: bytes, seconds: float) -> tuple[Message, bytes]:
        """Send a message and wait for its answer; a note may shorten the time that is left."""
        began = self._loop.time()
        until, answer = began + seconds, Message()
        worker.look = self._loop.call_later(DEMOTE_AFTER, self._look, worker)
        try:
            async with asyncio.timeout_at(until) as limit:
                await worker.channel.send(head, body)
                while not answer or "seconds" in answer:
                    answer, content = await worker.channel.receive()
                    seconds = min(seconds, answer.get("seconds", seconds))
                    limit.reschedule(min(until, self._loop.time() + seconds))
            for code, count in answer["outcomes"].items():
                self._page.add(f"={code}", count)
            return answer, content
        except PeerGoneError as error:
            await asyncio.wait({worker.ended}, timeout=_DYING_SECONDS)
            status = worker.ended.result() if worker.ended.done() else None
            raise error_of_status(status, head["memory_bytes"]) from error
        except (TimeoutError, asyncio.CancelledError) as error:
            self._page.add("killed")
            if isinstance(error, TimeoutError):
                raise (time_limit_error(seconds) if self.is_there else BackendUnavailableError(_LOADING)) from error
            raise
        finally:
            self._page.add("seconds", answer.get("took", self._loop.time() - began))
            worker.look.cancel()

    def _look(self, worker: Worker) -> None:
        """Lower the priority of a worker that has used its share of processor time; else look again later."""
        used = processor_seconds(worker.pid) if worker.pid else 0.0
        if used is None:
            return
        left = DEMOTE_AFTER - (used - worker.used)
        if left <= 0:
            worker.is_demoted = True
            set_priority(worker.pid, _NICENESS)
        else:
            worker.look = self._loop.call_later(max(left, _LEAST_LOOK), self._look, worker)

    def _may_serve_again(self, worker: Worker, answer: Message) -> bool:
        """Return whether a worker is still quick and small: a scan makes its copy of the graph its own."""
        took, worker.used = answer["processor_seconds"] - worker.used, answer["processor_seconds"]
        worker.served += 1
        if took >= _LOOK_AT_MEMORY and worker.pid and memory_of(worker.pid)[1] > self._setup.private_bytes:
            return False
        if worker.is_demoted:
            worker.is_demoted = not set_priority(worker.pid, os.getpriority(os.PRIO_PROCESS, 0))
        return not worker.is_demoted and worker.served < _RECYCLE_AFTER

    # --- looking in, and closing --------------------------------------------------------------

    def close(self) -> None:
        """End every worker and what forks them; whoever waits is sent away. Twice is once."""
        if self._is_closed:
            return
        self._is_closed = True
        for _ in range(int(self._page["waiting"])):  # each gets a place, and no worker
            self._places.release()
        self._replace()
