"""The process that forks workers by itself: what its workers inherit, and who waits for the end of what was forked."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dialogiverkko.front import forking
from dialogiverkko.front.forking import Forking, Origin
from dialogiverkko.front.wire import Message, receive, send
from dialogiverkko.front.worker import Note, Work


def opened(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
    """Tell what this process has open."""
    del head, note
    return {"open": descriptors()}, body


def descriptors() -> list[list[int]]:
    """The files and sockets that this process has open beside the three of every process, each by what is its alone."""
    found = []
    for number in [int(each.name) for each in Path("/proc/self/fd").iterdir()]:
        try:
            status = os.fstat(number)
        except OSError:  # the folder that was read
            continue
        if number > 2 and stat.S_IFMT(status.st_mode):  # what has no kind is shared by all processes
            found.append([status.st_dev, status.st_ino])
    return found


def told(forked: Forking) -> int:
    """Wait until a process that forks is there, and return its id."""
    forked.channel.settimeout(5)
    message = forked.next_message()
    assert message
    return message["here"] or 0


def answered(forked: Forking) -> list[list[int]]:
    """Fork a worker and ask it what it has open."""
    ours, theirs = socket.socketpair()
    with theirs:
        forked.fork(1, theirs)
    with ours, ours.makefile("rb") as come:
        send(ours, {"memory_bytes": 512 * 1024 * 1024}, b"")
        answer, _ = receive(come)
    found: list[list[int]] = answer["open"]
    return found


@contextmanager
def origin() -> Iterator[Origin]:
    """An origin that forks in a thread of its own."""
    made = Origin()
    serving = threading.Thread(target=made.serve, args=({"work": Work(opened)},))
    serving.start()
    try:
        yield made
    finally:
        made.end()
        serving.join()


def test_a_worker_has_nothing_open_of_the_process_that_it_was_forked_from(tmp_path: Path) -> None:
    """Whatever number it has there: another's socket that it kept would never be closed."""
    with (tmp_path / "file").open("w"):  # takes the lowest number that is free
        mine = descriptors()
        forked = forking.start(Work(opened, may_connect=True))
        answer = answered(forked)
        forked.end()

    assert mine
    assert answer
    assert [each for each in answer if each in mine] == []


def test_a_worker_keeps_the_files_that_its_work_reads(tmp_path: Path) -> None:
    """By the same descriptors, and no other of ours: not even one between them."""
    with (tmp_path / "one").open("w") as one, (tmp_path / "between").open("w"), (tmp_path / "two").open("w") as two:
        kept = [os.fstat(each.fileno()) for each in (one, two)]
        mine = descriptors()
        forked = forking.start(Work(opened, may_connect=True, files=frozenset({one.fileno(), two.fileno()})))
        answer = answered(forked)
        forked.end()

    assert [each for each in answer if each in mine] == [[each.st_dev, each.st_ino] for each in kept]


def test_the_end_of_what_was_forked_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has seen it first: its number may soon be that of another process."""
    waited: list[int] = []
    wait = os.waitpid

    def waiting(pid: int, options: int) -> tuple[int, int]:
        waited.append(pid)
        return wait(pid, options)

    monkeypatch.setattr(os, "waitpid", waiting)
    with origin() as made:
        asked = [made.ask("work")]
        seen = told(asked[0])
        os.kill(seen, signal.SIGKILL)
        wait(seen, 0)
        asked.append(made.ask("work"))
        unseen = told(asked[1])
        os.kill(unseen, signal.SIGKILL)
        os.waitid(os.P_PID, unseen, os.WEXITED | os.WNOWAIT)
        asked += [made.ask("work"), made.ask("work")]
        living = [told(each) for each in asked[2:]]
        for each in asked:
            each.end()

    assert [waited.count(pid) for pid in (seen, unseen)] == [1, 1]
    assert {seen, unseen, living[0]} <= set(waited) <= {seen, unseen, *living}  # the last may have just been forked


def test_nothing_that_was_forked_outlives_its_origin() -> None:
    """However long each takes to end, and whichever was asked for first."""
    with origin() as made:
        asked = [made.ask("work") for _ in range(4)]
        *pids, _ = [told(each) for each in asked]  # once the last is there, the others are known
        os.kill(pids[0], signal.SIGSTOP)
        for each in asked:
            each.end()
        began = time.monotonic()
        threading.Timer(0.2, os.kill, (pids[0], signal.SIGCONT)).start()
        made.end()
        assert time.monotonic() - began > 0.1

    for pid in pids:
        with pytest.raises(ChildProcessError):  # it has ended, and been waited for
            os.waitpid(pid, os.WNOHANG)


FORKED = """
import os, signal, time
from dialogiverkko.front.forking import end_forked_by_signal

end_forked_by_signal()
noted = []
signal.signal(signal.SIGTERM, lambda *_: noted.append(1))
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        time.sleep(5)
        os._exit(0)
    os.kill(pid, signal.SIGTERM)
    print(os.WTERMSIG(os.waitpid(pid, 0)[1]), end=" ")
os.kill(os.getpid(), signal.SIGTERM)
print(len(noted))
"""


def test_a_process_told_to_stop_as_it_is_forked_ends() -> None:
    """The signal comes before Python runs in the child, whose parent only notes it; the parent still does."""
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, check=True, text=True, timeout=120)

    assert done.stdout.split() == ["15"] * 20 + ["1"]
