"""A worker by itself: what it is told, what it may open, how much memory it may take."""

import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dialogiverkko.front import worker
from dialogiverkko.front.wire import Message, receive, send
from dialogiverkko.front.worker import Note, Work, memory_of, processor_seconds, set_priority

MIB = 1024 * 1024


def limits(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
    """Answer with what this process may take."""
    note({"noted": head.get("n")})
    spent = time.process_time()
    while time.process_time() < spent + 0.06:
        pass
    while time.process_time() < spent + 0.12:  # time of the system
        os.urandom(MIB)
    return {"files": resource.getrlimit(resource.RLIMIT_NOFILE), "memory": resource.getrlimit(resource.RLIMIT_AS)}, body


@contextmanager
def working(work: Work) -> Iterator[tuple[socket.socket, int]]:
    """Fork a worker, and wait for its end once its channel is closed."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            worker.run(theirs, work)
        finally:
            os._exit(7)
    theirs.close()
    try:
        yield ours, pid
    finally:
        ours.close()
        _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 7


def ask(channel: socket.socket, **head: object) -> tuple[list[Message], Message, bytes]:
    """Send a message; return the notes, the answer and its bytes."""
    send(channel, {"memory_bytes": 512 * MIB, **head}, b"body")
    with channel.makefile("rb") as come:
        noted = receive(come)[0]
        return [noted], *receive(come)


def test_a_worker_answers_until_its_channel_closes() -> None:
    """What it notes comes first; what it used comes with the answer, and grows."""
    with working(Work(limits)) as (channel, _):
        notes, first, body = ask(channel, n=1)
        _, second, _ = ask(channel, n=2)

    assert (notes, body) == ([{"noted": 1}], b"body")
    assert 0 < first["processor_seconds"] < second["processor_seconds"]


@pytest.mark.parametrize("may_connect", [False, True])
def test_a_worker_opens_nothing_unless_it_may_connect(may_connect: bool) -> None:
    """Neither file nor socket, whatever a query says."""
    with working(Work(limits, may_connect=True) if may_connect else Work(limits)) as (channel, _):
        _, told, _ = ask(channel)

    assert told["files"] == (list(resource.getrlimit(resource.RLIMIT_NOFILE)) if may_connect else [0, 0])


def test_memory_is_bounded_anew_for_each_message() -> None:
    """By what the message says, beyond what the graph takes."""
    with working(Work(limits)) as (channel, _):
        few, many = (ask(channel, memory_bytes=size)[1]["memory"] for size in (600 * MIB, 700 * MIB))

    assert many[0] - few[0] == 100 * MIB
    assert few[0] > 600 * MIB + worker.STACK_BYTES
    assert few[1] == many[1] == resource.RLIM_INFINITY


def test_a_limit_of_the_system_is_kept() -> None:
    """What a message may take is bounded by it too, where it is the lesser."""

    def bounded(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
        note({"noted": 0})
        resource.setrlimit(resource.RLIMIT_AS, (head["most"], head["most"]))
        sizes = []
        for size in (resource.RLIM_INFINITY, head["most"] + 1, head["most"], head["most"] - 1):
            worker._allow_memory(size)
            sizes.append(resource.getrlimit(resource.RLIMIT_AS))
        return {"sizes": sizes}, body

    most = 64 * 1024 * MIB
    with working(Work(bounded)) as (channel, _):
        _, told, _ = ask(channel, most=most)

    assert told["sizes"] == [[most, most], [most, most], [most, most], [most - 1, most]]


def test_what_a_message_loads_is_not_bounded_and_does_not_count() -> None:
    """Nothing is loaded twice; the bound lies beyond what was loaded."""
    held: list[bytearray] = []

    def load(head: Message) -> bool:
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
        if "size" in head:
            held.append(bytearray(head["size"]))
        return "size" in head

    with working(Work(limits, load=load, may_connect=True)) as (channel, _):
        nothing, loaded, again = (ask(channel, **head)[1]["memory"][0] for head in ({}, {"size": 64 * MIB}, {}))

    assert 64 * MIB <= loaded - nothing < 128 * MIB
    assert again == loaded


def test_a_worker_prepares_once() -> None:
    """Before it may open nothing."""
    found: list[str] = []

    def prepare() -> None:
        found.append(Path("/proc/self/comm").read_text(encoding="utf-8"))

    def count(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
        note({})
        return {"times": len(found)}, body

    with working(Work(count, prepare)) as (channel, _):
        assert [ask(channel)[1]["times"] for _ in range(2)] == [1, 1]


def test_a_process_is_looked_at_from_outside() -> None:
    """Its processor time, its memory and its priority; nothing of one that is gone."""
    with working(Work(limits)) as (channel, pid):
        told = ask(channel)[1]["processor_seconds"]
        used = processor_seconds(pid)
        resident, private = memory_of(pid)
        assert set_priority(pid, 15)
        niceness = {os.getpriority(os.PRIO_PROCESS, int(each.name)) for each in Path(f"/proc/{pid}/task").iterdir()}

    assert used is not None
    assert abs(used - told) < 0.035  # told in hundredths of a second, of user and of system
    assert MIB < private <= resident < 2 * memory_of(os.getpid())[0]
    assert niceness == {15}
    assert (processor_seconds(pid), memory_of(pid), set_priority(pid, 15)) == (None, (0, 0), False)
