"""A process that answers one message at a time and may be killed at any moment.

It is forked with the graph already in memory, or with every file of it open. It then gives up the
right to open anything: with RLIMIT_NOFILE at 0 neither a socket nor a file can be opened, whatever a
query says (unless SERVICE was opened by an allow-list). It answers in a thread whose stack is far
bigger than usual, since the engine recurses as deep as a query nests.
"""

import os
import resource
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import psutil

from dialogiverkko.front.wire import Message, PeerGoneError, receive, send

STACK_BYTES: Final = 512 * 1024 * 1024

Note = Callable[[Message], None]
"""Sends word to the front before the answer is there."""
Handler = Callable[[Message, bytes, Note], tuple[Message, bytes]]


@dataclass(frozen=True)
class Work:
    """What a worker does: a step when it begins, then an answer to each message."""

    handler: Handler
    prepare: Callable[[], None] = lambda: None
    load: Callable[[Message], bool] | None = None
    """Loads what a message needs, of ours, with no bound of memory but after; returns whether there was anything."""
    may_connect: bool = False
    files: frozenset[int] = frozenset()
    """Descriptors that stay open, of files that can be read after a fork; all others of ours are closed."""


def run(channel: socket.socket, work: Work) -> None:
    """Answer until the other end closes; never returns to code of the parent process."""
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(channel, work), name="answers")
    thread.start()
    threading.stack_size(0)  # no thread of a library needs such a stack, nor has room for it below the limit of memory
    thread.join()


def _serve(channel: socket.socket, work: Work) -> None:
    work.prepare()
    statm = os.open("/proc/self/statm", os.O_RDONLY)  # open from now on: nothing can be opened later
    base = _address_space(statm)
    if not work.may_connect:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))

    come = channel.makefile("rb")

    def note(message: Message) -> None:
        send(channel, message)

    while True:
        try:
            head, body = receive(come)
            if work.load is not None:
                _allow_memory(resource.RLIM_INFINITY)
                if work.load(head):
                    base = _address_space(statm)
            _allow_memory(base + head["memory_bytes"])
            answer, content = work.handler(head, body, note)
            send(channel, answer | {"processor_seconds": time.process_time()}, content)
        except PeerGoneError:
            return


def _allow_memory(size: int) -> None:
    """Limit the addresses of this process to so many bytes, or to as many as the system allows it."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    is_allowed = most == resource.RLIM_INFINITY or resource.RLIM_INFINITY != size <= most
    resource.setrlimit(resource.RLIMIT_AS, (size if is_allowed else most, most))


def _address_space(statm: int) -> int:
    """Measure what the graph and the stack need, beyond which a limit counts."""
    return int(os.pread(statm, 200, 0).split()[0]) * resource.getpagesize()


def processor_seconds(pid: int) -> float | None:
    """Read how much processor a process has used; None where it is gone."""
    try:
        used = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return None
    return used.user + used.system


def memory_of(pid: int) -> tuple[int, int]:
    """Read the resident bytes of a process, and how many of them are its own alone; nothing where it is gone."""
    try:
        found = psutil.Process(pid).memory_full_info()
    except psutil.Error:
        return 0, 0
    return found.rss, found.uss


def set_priority(pid: int, niceness: int) -> bool:
    """Give every thread of a process a priority, where the system lets us."""
    try:
        for thread in psutil.Process(pid).threads():
            os.setpriority(os.PRIO_PROCESS, thread.id, niceness)
    except (OSError, psutil.Error):
        return False
    return True
