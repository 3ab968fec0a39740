"""The pool of workers: who is free, who waits, who has run too long.

Safe to call from the many threads of a web server. Each query is watched by the thread that asked
it; there is no thread of our own that could die or fall behind.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import IO, Final

from dialogiverkko.engines.line import CANCEL_CHECK, Line
from dialogiverkko.engines.wire import Message, PeerGoneError, has_closed, receive, send
from dialogiverkko.errors import BackendUnavailableError

DEMOTE_AFTER: Final = 0.1
"""Seconds of processor after which a query runs at low priority, so that it does not slow the quick ones."""
_NICENESS: Final = 15
_LEAST_LOOK: Final = 0.02
_DYING_SECONDS: Final = 5.0
_RECYCLE_AFTER: Final = 1000
_RECYCLE_BYTES: Final = 64 * 1024 * 1024
_START_SECONDS: Final = 600.0


class Ending(Enum):
    """How a worker was lost in the middle of a query."""

    TIME = "time"
    CANCELLED = "cancelled"
    MEMORY = "memory"
    DEPTH = "depth"
    LOST = "lost"


class WorkerGoneError(Exception):
    """The worker that evaluated the query is no more."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class _StopWaitingError(Exception):
    """The query is over its time, or nobody waits for it any more."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


@dataclass
class Worker:
    """One forked process, its handle (a pidfd), our end of its socket, and whether it may serve again."""

    pid: int
    handle: int
    channel: socket.socket
    generation: int
    served: int = 0
    processor_seconds: float = 0.0
    """What it had used when its last query ended."""
    is_demoted: bool = False

    def end(self) -> None:
        """Kill it, and do not wait: at low priority it may take longer to die than its query was allowed."""
        self.channel.close()
        if self.handle != -1:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            os.close(self.handle)
            self.handle = -1


@dataclass(frozen=True)
class PoolStats:
    """What the pool looks like at one moment, and what it has counted since the start."""

    running: int
    idle: int
    waiting: int
    forked: int
    killed: int
    restarts: int
    resident_bytes: Mapping[int, int]
    """Resident memory by process: the fork server and every worker; pages they share count in each."""


@dataclass
class _ForkServer:
    """The process that holds the graph, and our end of its channel."""

    process: subprocess.Popen[bytes]
    channel: socket.socket
    generation: int
    graphs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PoolSetup:
    """How many workers, how long a queue, and what the fork server loads."""

    size: int
    queue: int
    prefixes: Mapping[str, str]
    store: str | None = None
    data: IO[bytes] | None = None
    may_connect: bool = False
    order_lock: threading.Lock = field(default_factory=threading.Lock)


class Supervisor:
    """A bounded set of workers behind one fork server; a dead one costs only the query it had."""

    def __init__(self, setup: PoolSetup) -> None:
        self._setup = setup
        self._line = Line(setup.size, setup.queue)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[int] = set()
        self._counts: Counter[str] = Counter()
        self._is_closed = False
        self._server = self._start_server(generation=1)
        self._idle = [self._fork() for _ in range(setup.size)]

    # --- the fork server ----------------------------------------------------------------------

    @property
    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs that were loaded."""
        return self._server.graphs

    def _start_server(self, generation: int) -> _ForkServer:
        """Start the process that loads the graph, and wait until it is ready."""
        ours, theirs = socket.socketpair()
        data = self._setup.data.fileno() if self._setup.data else None
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
                [sys.executable, "-m", "dialogiverkko.engines.forkserver", str(theirs.fileno())],
                pass_fds=[descriptor for descriptor in (theirs.fileno(), data) if descriptor is not None],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "MALLOC_ARENA_MAX": "1"},
            )
        server = _ForkServer(process, ours, generation)
        order = {
            "store": self._setup.store,
            "data": data,
            "prefixes": dict(self._setup.prefixes),
            "may_connect": self._setup.may_connect,
        }
        ours.settimeout(_START_SECONDS)
        try:
            send(ours, order)
            ready, _ = receive(ours)
        except (PeerGoneError, TimeoutError) as error:
            _stop(server)
            raise BackendUnavailableError("The engine did not start on this graph.") from error
        server.graphs = frozenset(ready["graphs"])
        return server

    def _order(self, order: Message) -> tuple[Message, _ForkServer]:
        """Give an order and wait for its answer; a dead fork server is replaced once."""
        for attempt in (1, 2):
            try:
                send(self._server.channel, order)
                return receive(self._server.channel)[0], self._server
            except (PeerGoneError, TimeoutError, OSError) as error:
                if self._is_closed or attempt == 2:
                    raise BackendUnavailableError("The engine is not running.") from error
                _stop(self._server)
                self._counts["restarts"] += 1
                self._server = self._start_server(self._server.generation + 1)
        raise AssertionError

    def _fork(self) -> Worker:
        with self._setup.order_lock:
            answer, server = self._order({"order": "fork"})
            _, descriptors, _, _ = socket.recv_fds(server.channel, 1, 2)
        if len(descriptors) != 2:
            raise BackendUnavailableError("The engine could not start a worker.")
        self._counts["forked"] += 1
        return Worker(answer["pid"], descriptors[1], socket.socket(fileno=descriptors[0]), server.generation)

    def _ending(self, worker: Worker) -> Ending:
        """Wait for the end of a worker that broke off, and tell why it did."""
        poll = select.poll()
        poll.register(worker.handle, select.POLLIN)
        poll.poll(_DYING_SECONDS * 1000)
        with self._setup.order_lock, suppress(BackendUnavailableError):
            if worker.generation == self._server.generation:
                return _ending_of(self._order({"order": "ending", "pid": worker.pid})[0]["status"])
        return Ending.LOST

    # --- the pool -----------------------------------------------------------------------------

    def ask(
        self, request: Message, *, seconds: float, cancelled: Callable[[], bool] | None = None
    ) -> tuple[Message, bytes]:
        """Have one request answered by some worker; raise WorkerGoneError where it does not survive it."""
        with self._line.place(seconds, cancelled):
            deadline = time.monotonic() + seconds
            worker = self._take()
            is_reusable = False
            try:
                head, body = self._watch(worker, request, deadline, cancelled)
                is_reusable = self._may_serve_again(worker, head)
                return head, body
            except PeerGoneError as error:
                raise WorkerGoneError(self._ending(worker)) from error
            except _StopWaitingError as error:
                with self._lock:
                    self._counts["killed"] += 1
                raise WorkerGoneError(error.ending) from error
            finally:
                self._give_back(worker, is_reusable=is_reusable)

    def ask_apart(self, request: Message, *, seconds: float) -> tuple[Message, bytes]:
        """Have one request answered by a worker of its own, past the queue: the canary's way."""
        worker = self._fork()
        try:
            return self._watch(worker, request, time.monotonic() + seconds, None)
        except (PeerGoneError, _StopWaitingError) as error:
            raise WorkerGoneError(Ending.LOST) from error
        finally:
            worker.end()

    def _take(self) -> Worker:
        """Get an idle worker that still lives, or fork one."""
        with self._lock:
            worker = self._pop_idle()
        worker = worker or self._fork()
        with self._lock:
            self._busy.add(worker.pid)
        return worker

    def _pop_idle(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.generation == self._server.generation and not has_closed(worker.channel):
                return worker
            worker.end()
        return None

    def _give_back(self, worker: Worker, *, is_reusable: bool) -> None:
        with self._lock:
            self._busy.discard(worker.pid)
            keep = is_reusable and not self._is_closed
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.end()

    def _watch(
        self, worker: Worker, request: Message, deadline: float, cancelled: Callable[[], bool] | None
    ) -> tuple[Message, bytes]:
        """Send a request and wait for its whole answer, but never past the deadline."""
        started = time.monotonic()
        poll = select.poll()
        poll.register(worker.channel, select.POLLIN)

        def wait() -> None:
            while True:
                now = time.monotonic()
                if now >= deadline:
                    raise _StopWaitingError(Ending.TIME)
                if cancelled and cancelled():
                    raise _StopWaitingError(Ending.CANCELLED)
                pause = deadline - now
                if not worker.is_demoted:
                    elapsed = now - started
                    left = DEMOTE_AFTER - (_processor_seconds(worker) if elapsed >= DEMOTE_AFTER else elapsed)
                    pause = min(pause, max(left, _LEAST_LOOK))
                    if left <= 0:
                        _demote(worker)
                pause = min(pause, CANCEL_CHECK) if cancelled else pause
                if poll.poll(max(1.0, pause * 1000)):
                    return

        worker.channel.settimeout(max(_LEAST_LOOK, deadline - started))
        try:
            send(worker.channel, request)
            return receive(worker.channel, wait)
        except TimeoutError as error:
            raise _StopWaitingError(Ending.TIME) from error

    def _may_serve_again(self, worker: Worker, head: Message) -> bool:
        worker.served += 1
        worker.processor_seconds = head["processor_seconds"]
        return (
            (not worker.is_demoted or _promote(worker))
            and worker.served < _RECYCLE_AFTER
            and head.get("error") != "memory"
            and head["memory"] < _RECYCLE_BYTES
        )

    # --- looking in, and closing --------------------------------------------------------------

    def stats(self) -> PoolStats:
        """Take a picture of the pool."""
        with self._lock:
            pids = {self._server.process.pid, *self._busy, *(worker.pid for worker in self._idle)}
            running, idle, waiting = len(self._busy), len(self._idle), self._line.waiting
            counts = dict(self._counts)
        return PoolStats(
            running=running,
            idle=idle,
            waiting=waiting,
            forked=counts.get("forked", 0),
            killed=counts.get("killed", 0),
            restarts=counts.get("restarts", 0),
            resident_bytes={pid: size for pid in pids if (size := _resident(pid)) is not None},
        )

    def close(self) -> None:
        """End every worker and the fork server, and wait until they are gone; twice is once."""
        self._line.close()
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
        with self._setup.order_lock:
            _stop(self._server)


def _ending_of(status: int | None) -> Ending:
    """Read a wait status: the engine aborts when memory is refused, and overruns its stack when deep."""
    if status is None or not os.WIFSIGNALED(status):
        return Ending.LOST
    number = os.WTERMSIG(status)
    if number == signal.SIGABRT:
        return Ending.MEMORY
    return Ending.DEPTH if number in {signal.SIGSEGV, signal.SIGBUS} else Ending.LOST


def _demote(worker: Worker) -> None:
    worker.is_demoted = True
    with suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, worker.pid, _NICENESS)


def _promote(worker: Worker) -> bool:
    """Give a worker its priority back, where the system lets us."""
    try:
        os.setpriority(os.PRIO_PROCESS, worker.pid, os.getpriority(os.PRIO_PROCESS, 0))
    except (ProcessLookupError, PermissionError):
        return False
    worker.is_demoted = False
    return True


def _processor_seconds(worker: Worker) -> float:
    """Tell how much processor the query that runs has used; a worker that is gone has used all."""
    try:
        with open(f"/proc/{worker.pid}/stat", "rb") as stat:  # noqa: PTH123 - no path of ours
            fields = stat.read().rpartition(b")")[2].split()
    except OSError:
        return DEMOTE_AFTER
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") - worker.processor_seconds


def _resident(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/statm", "rb") as statm:  # noqa: PTH123 - no path of ours
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _stop(server: _ForkServer) -> None:
    """Close the channel, at which the fork server ends its workers and itself."""
    server.channel.close()
    try:
        server.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
