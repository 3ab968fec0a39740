"""Ends a process that was only just forked, and turns the way in which a worker ended into the error for its caller."""

import os
import signal
from functools import partial

from dialogiverkko.engines.stopped import out_of_memory
from dialogiverkko.errors import DialogiverkkoError, QueryTooDeepError, WorkerLostError


def error_of_status(status: int | None, memory_bytes: int) -> DialogiverkkoError:
    """Read a wait status: the engine aborts when memory is refused, and overruns its stack when deep."""
    number = None if status is None else os.WTERMSIG(status)
    if number == signal.SIGABRT:
        return out_of_memory(memory_bytes)
    if number in {signal.SIGSEGV, signal.SIGBUS}:
        return QueryTooDeepError(
            "The query nests too deeply, or is too long a chain, to be evaluated. Write it flatter.",
            limit="query_depth_limit",
        )
    return WorkerLostError("The process that evaluated the query ended unexpectedly. Ask again.")


def end_forked_by_signal() -> None:
    """Have each process that is forked from now on end when it is told to, until it has a handler of its own.

    It has its parent's handler, which only notes the signal for a loop that the child has not, and forgets what comes
    before Python runs in it: so signals wait from before the fork until the default action is theirs.
    """
    told = (signal.SIGTERM, signal.SIGINT)
    unblock = partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, told)

    def end() -> None:
        for each in told:
            signal.signal(each, signal.SIG_DFL)
        unblock()

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, told), after_in_parent=unblock, after_in_child=end
    )
