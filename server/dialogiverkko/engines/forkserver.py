"""The process that holds the graph and forks workers, which share it without a copy.

It has one thread and does nothing but wait for orders, so that forking is safe. It is a program of
its own (``python -m``) and starts with two inherited descriptors: the channel for orders and, for a
graph in memory, the N-Quads to load. It ends, and ends all its workers, when the channel closes.
"""

import ctypes
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from typing import Final, NoReturn

from pyoxigraph import NamedNode, RdfFormat, Store

from dialogiverkko.engines import worker
from dialogiverkko.engines.wire import Message, PeerGoneError, receive, send

_REMEMBERED: Final = 1000
"""Endings kept for a supervisor that may never ask for them."""
_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Load the graph, say so, and obey until the channel closes."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    server: ForkServer | None = None
    try:
        setup, _ = receive(channel)
        server = ForkServer(channel, setup)
        server.serve()
    except PeerGoneError:
        pass
    finally:
        if server and server.is_parent:
            signal.set_wakeup_fd(-1)
            server.end_all()


class ForkServer:
    """The store, the workers that live and the endings that nobody has asked for yet."""

    def __init__(self, channel: socket.socket, setup: Message) -> None:
        self.is_parent = True
        self._channel = channel
        self._disk = setup["store"]
        self._setup = worker.WorkerSetup(setup["prefixes"], setup["may_connect"])
        self._alive: set[int] = set()
        self._ended: dict[int, int] = {}
        self._store = self._load(setup["data"])
        graphs = [graph.value for graph in self._store.named_graphs() if isinstance(graph, NamedNode)]
        send(channel, {"ready": True, "graphs": sorted(graphs)})
        if self._disk:
            del self._store

    def _load(self, data: int | None) -> Store:
        if self._disk:
            return Store.read_only(self._disk)
        store = Store()
        if data is not None:
            os.lseek(data, 0, os.SEEK_SET)
            with open(data, "rb") as stream:  # noqa: PTH123 - an inherited descriptor has no path
                store.bulk_load(stream, RdfFormat.N_QUADS)
        return store

    def serve(self) -> None:
        """Obey orders; collect the endings of workers as they come, so that none stays a zombie."""
        wake_read, wake_write = socket.socketpair()
        wake_read.setblocking(False)
        wake_write.setblocking(False)
        signal.set_wakeup_fd(wake_write.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        selector = selectors.DefaultSelector()
        selector.register(self._channel, selectors.EVENT_READ)
        selector.register(wake_read, selectors.EVENT_READ)
        while self.is_parent:
            for key, _ in selector.select():
                if key.fileobj is self._channel:
                    self._obey()
                else:
                    with suppress(BlockingIOError):
                        wake_read.recv(4096)
                    self._collect()

    def _obey(self) -> None:
        order, _ = receive(self._channel)
        if order["order"] == "fork":
            self._fork()
        else:
            self._collect()
            send(self._channel, {"status": self._ended.pop(order["pid"], None)})

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self.is_parent = False
            _die_with(parent)
            ours.close()
            self._become_worker(theirs)
        theirs.close()
        self._alive.add(pid)
        handle = os.pidfd_open(pid)
        send(self._channel, {"pid": pid})
        socket.send_fds(self._channel, [b"w"], [ours.fileno(), handle])
        ours.close()
        os.close(handle)

    def _become_worker(self, channel: socket.socket) -> NoReturn:
        """Serve queries in the child and leave without running anything of the parent's."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._channel.close()
            store = Store.read_only(self._disk) if self._disk else self._store
            worker.run(channel, store, self._setup)
        finally:
            os._exit(0)

    def _collect(self) -> None:
        for pid in tuple(self._alive):
            self._note(*os.waitpid(pid, os.WNOHANG))

    def _note(self, pid: int, status: int) -> None:
        if pid in self._alive:
            self._alive.discard(pid)
            self._ended[pid] = status
            if len(self._ended) > _REMEMBERED:
                del self._ended[next(iter(self._ended))]

    def end_all(self) -> None:
        """Kill every worker and wait for each."""
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
        for pid in self._alive:
            os.waitpid(pid, 0)


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that ends; prctl(2), Linux only.

    Without it a query that is running when the server is killed outright would run on, and nobody would stop it.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


if __name__ == "__main__":
    main()
