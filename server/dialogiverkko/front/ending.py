"""Turns the way in which a worker ended into the error for its caller."""

import os
import signal

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
