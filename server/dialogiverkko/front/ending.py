"""Turns the way in which a worker ended into the error for its caller."""

from dialogiverkko.engines.stopped import out_of_memory, time_limit_error
from dialogiverkko.errors import DialogiverkkoError, QueryTooDeepError, WorkerLostError
from dialogiverkko.front.pool import Ending, WorkerGoneError


def explain(gone: WorkerGoneError, memory_bytes: int) -> DialogiverkkoError:
    """Return the error for the caller of a worker that ended."""
    if gone.ending is Ending.TIME:
        return time_limit_error(gone.seconds)
    if gone.ending is Ending.MEMORY:
        return out_of_memory(memory_bytes)
    if gone.ending is Ending.DEPTH:
        return QueryTooDeepError(
            "The query nests too deeply, or is too long a chain, to be evaluated. Write it flatter.",
            limit="query_depth_limit",
        )
    return WorkerLostError("The process that evaluated the query ended unexpectedly. Ask again.")
