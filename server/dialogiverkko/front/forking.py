"""The process that forks workers, which share its graph and its application without a copy.

It is itself a fork of the process that made them. It has one thread and does nothing but wait for
orders and for endings, so that forking is safe. It ends, and ends all its workers, when the channel
closes; they end with it, however it ends.
"""

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from dialogiverkko.front import worker
from dialogiverkko.front.worker import Work

_PR_SET_PDEATHSIG: Final = 1
_LONGEST: Final = 4096
_AGAIN_SECONDS: Final = 0.5
_ENDING: Final = (signal.SIGTERM, signal.SIGINT)
"""What a process is told to end by."""


@dataclass
class Forking:
    """The process that forks, and our end of its channel; each packet is one message."""

    pid: int
    """Its process id; 0 of one that was asked for and is not there yet."""
    channel: socket.socket

    def fork(self, number: int, end: socket.socket) -> None:
        """Ask for a worker at the other end of a socket; raises OSError where the forking process is gone."""
        socket.send_fds(self.channel, [json.dumps({"fork": number}).encode()], [end.fileno()])

    def kill(self, number: int) -> None:
        """Ask for the end of a worker; its memory is free once it has died, which takes longer at low priority."""
        with suppress(OSError):
            self.channel.send(json.dumps({"kill": number}).encode())

    def next_message(self) -> dict[str, int | None] | None:
        """Read one message, ``here``, ``forked`` or ``ended``; None where the process is gone."""
        try:
            packet = self.channel.recv(_LONGEST)
        except BlockingIOError:
            return {}
        except OSError:
            return None
        return json.loads(packet) if packet else None

    def end(self) -> None:
        """Close the channel, which makes the forking process end its workers and itself, and wait for that."""
        self.channel.close()
        with suppress(ChildProcessError):
            if self.pid:
                os.waitpid(self.pid, 0)


class Origin:
    """The process that has the graph, for those that were forked from it before: they ask it for what forks workers.

    Nobody who asks has to wait. What is sent before the graph is there lies in the sockets until it is.
    """

    def __init__(self) -> None:
        self._asking, self._asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pids: list[int] = []

    def ask(self, name: str) -> Forking:
        """Ask for a process that forks workers of a kind."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._asking, [name.encode()], [theirs.fileno()])
        ours.setblocking(False)
        return Forking(0, ours)

    def serve(self, works: Mapping[str, Work]) -> None:
        """Fork what is asked for, with work by its name, until nobody can ask any more."""
        with self._asked:
            while True:
                name, descriptors, _, _ = socket.recv_fds(self._asked, _LONGEST, 1)
                if not name:
                    return
                self._pids = [pid for pid in self._pids if not _has_ended(pid, os.WNOHANG)]
                with socket.socket(fileno=descriptors[0]) as channel:
                    try:
                        self._pids.append(_forked(channel, works[name.decode()]))
                    except OSError:  # no room for another process: whoever asked sees the channel close, and asks again
                        time.sleep(_AGAIN_SECONDS)

    def end(self) -> None:
        """Ask for nothing more, and wait until all that was forked has ended."""
        self._asking.close()
        for pid in self._pids:
            _has_ended(pid, 0)


def _has_ended(pid: int, options: int) -> bool:
    try:
        return os.waitpid(pid, options)[0] == pid
    except ChildProcessError:  # whoever asked for it has seen its end
        return True


def end_forked_by_signal() -> None:
    """Have each process that is forked from now on end when it is told to, until it has a handler of its own.

    It has its parent's handler, which only notes the signal for a loop that the child has not, and forgets what comes
    before Python runs in it: so signals wait from before the fork until the default action is theirs.
    """
    unblock = partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, _ENDING)

    def end() -> None:
        for each in _ENDING:
            signal.signal(each, signal.SIG_DFL)
        unblock()

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, _ENDING), after_in_parent=unblock, after_in_child=end
    )


def start(work: Work) -> Forking:
    """Fork the process that forks; what this process has loaded is what the workers have."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        pid = _forked(theirs, work)
    ours.setblocking(False)
    return Forking(pid, ours)


def _forked(channel: socket.socket, work: Work) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            _become(channel, work)
        finally:
            os._exit(1)
    return pid


def _become(channel: socket.socket, work: Work) -> NoReturn:
    """Drop what belongs to the parent process (sockets, signal handlers), and serve."""
    gc.freeze()  # an inherited object that were collected would close a descriptor that is ours by then
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # networkx tries it, and may open nothing then
    os.setsid()
    signal.set_wakeup_fd(-1)
    for each in (*_ENDING, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    kept = work.files | {0, 1, 2, channel.fileno()}
    for descriptor in [int(each.name) for each in Path("/proc/self/fd").iterdir()]:
        if descriptor not in kept:
            with suppress(OSError):
                os.close(descriptor)
    _Server(channel, work).serve()
    os._exit(0)


class _Server:
    """The living workers, by the numbers that the parent gave them."""

    def __init__(self, channel: socket.socket, work: Work) -> None:
        self._channel = channel
        self._work = work
        self._pids: dict[int, int] = {}
        self._selector = selectors.DefaultSelector()
        self._prctl = ctypes.CDLL(None).prctl  # opened before the fork

    def serve(self) -> None:
        """Fork and kill as asked, and report each ending, until the channel closes."""
        self._selector.register(self._channel, selectors.EVENT_READ)
        self._tell({"here": os.getpid()})
        is_open = True
        while is_open:
            for key, _ in self._selector.select():
                if key.data is None:
                    is_open = self._obey()
                else:
                    self._reap(key.fd, key.data)
        for pid in self._pids.values():
            os.kill(pid, signal.SIGKILL)

    def _obey(self) -> bool:
        packet, descriptors, _, _ = socket.recv_fds(self._channel, _LONGEST, 1)
        if not packet:
            return False
        order = json.loads(packet)
        if "fork" in order:
            self._fork(order["fork"], descriptors[0])
        elif order["kill"] in self._pids:
            os.kill(self._pids[order["kill"]], signal.SIGKILL)
        return True

    def _fork(self, number: int, descriptor: int) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:  # no room for another process
            os.close(descriptor)
            self._tell({"ended": number, "status": None})
            return
        if pid == 0:
            self._become_worker(parent, socket.socket(fileno=descriptor))
        os.close(descriptor)
        self._pids[number] = pid
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, number)
        self._tell({"forked": number, "pid": pid})

    def _become_worker(self, parent: int, channel: socket.socket) -> NoReturn:
        """Serve in the child, and exit without running clean-up code of the parent."""
        try:
            self._prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # the kernel ends this process when its parent ends
            if os.getppid() != parent:
                os._exit(0)
            for key in list(self._selector.get_map().values()):
                os.close(key.fd)
            self._selector.close()
            worker.run(channel, self._work)
        finally:
            os._exit(0)

    def _reap(self, handle: int, number: int) -> None:
        self._selector.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(self._pids.pop(number), 0)
        self._tell({"ended": number, "status": status})

    def _tell(self, message: dict[str, int | None]) -> None:
        with suppress(OSError):  # nobody listens any more: the next look at the channel says so
            self._channel.send(json.dumps(message).encode())
