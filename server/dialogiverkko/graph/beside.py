"""Does two things at once: in two threads where the engine answers, else in a process forked from this one."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from operator import call
from typing import TypeVar

Here = TypeVar("Here")
There = TypeVar("There")
Answer = TypeVar("Answer")

_THREADS = 2
_NUMBER_BYTES = 2
"""Bytes of the number of a piece of work in the pipe from which it is taken, which holds 64 KiB."""


def in_threads(pieces: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Ask an engine several things, two at a time, and return what each returns; what takes longest stands first.

    The engine answers without Python's lock and any number of threads read one store, of which a forked process would
    copy what it looks at. Of several errors that of the first piece is raised, and no further piece is begun.
    """
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(call, pieces))


def side_by_side(here: Callable[[], Here], there: Callable[[], There]) -> tuple[Here, There]:
    """Return what both return; the second is done in a child, and its answer is pickled.

    Where there is one core, or this is such a child itself, or another thread that a fork might catch with a lock in
    its hand, both are done here, one after the other. So is what a child does not answer: an error is then raised here,
    as it would have been.
    """
    is_alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    if (os.cpu_count() or 1) < 2 or not is_alone:
        return here(), there()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(sender, there), daemon=True)
    child.start()
    sender.close()
    try:
        mine = here()
        try:
            return mine, receiver.recv()
        except EOFError:
            return mine, there()
    finally:
        child.kill()  # it has answered, or nobody waits for its answer
        child.join()
        child.close()
        receiver.close()


def shared_out(pieces: Sequence[Callable[[], Answer]], first: Callable[[], object] = bool) -> list[Answer]:
    """Do pieces of work, at most 30,000, two at a time where `side_by_side` does so, and return what each returns.

    Each of two processes takes the next piece as soon as it is free, so that both are busy as long as there is any:
    what takes longest stands first. This process does ``first`` before it takes any: what no child may do. What a child
    took and does not answer is done again here.
    """
    queue, end = os.pipe()
    os.write(end, b"".join(number.to_bytes(_NUMBER_BYTES, "big") for number in range(len(pieces))))
    os.close(end)

    def take() -> dict[int, Answer]:
        done = {}
        while taken := os.read(queue, _NUMBER_BYTES):
            number = int.from_bytes(taken, "big")
            done[number] = pieces[number]()
        return done

    try:
        here, there = side_by_side(lambda: (first(), take())[1], take)
    finally:
        os.close(queue)
    done = here | there
    return [done[number] if number in done else piece() for number, piece in enumerate(pieces)]


def _send(sender: Connection, work: Callable[[], object]) -> None:
    """Send what a work returns; of one that fails nothing is sent, and nothing printed."""
    try:
        sender.send(work())
    except BaseException:  # noqa: BLE001 - told by who does it again
        os._exit(1)
