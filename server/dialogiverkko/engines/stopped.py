"""The errors of queries that a limit stopped, the same from every engine."""

from dialogiverkko.errors import MemoryLimitError, QueueFullError, TimeLimitError


def time_limit_error(seconds: float) -> TimeLimitError:
    """Make the error of a query that ran too long."""
    return TimeLimitError(
        f"The query ran longer than {seconds:g} seconds and was stopped. "
        "Ask for less: name the graph or the class, bind more, or add LIMIT.",
        limit="time_limit",
        value=seconds,
    )


def out_of_memory(memory_bytes: int) -> MemoryLimitError:
    """Make the error of a query that needed more memory than its worker may have."""
    return MemoryLimitError(
        f"The query needed more than {memory_bytes} bytes of memory and was stopped. "
        "Ask for less: aggregate, bind more, or add LIMIT.",
        limit="memory_limit",
        value=memory_bytes,
    )


def queue_full(reason: str, queue: int) -> QueueFullError:
    """Make the error of a query for which there is no place."""
    return QueueFullError(
        f"All workers are busy {reason}. Ask again in a few seconds.", limit="queue", value=queue, retry_after=5
    )
