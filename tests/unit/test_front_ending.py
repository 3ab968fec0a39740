"""How a worker ended, as the error that its caller hears."""

import signal

import pytest

from dialogiverkko.errors import DialogiverkkoError, MemoryLimitError, QueryTooDeepError, WorkerLostError
from dialogiverkko.front.ending import error_of_status


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (None, WorkerLostError),
        (0, WorkerLostError),
        (signal.SIGABRT << 8, WorkerLostError),
        (signal.SIGABRT, MemoryLimitError),
        (signal.SIGSEGV, QueryTooDeepError),
        (signal.SIGBUS, QueryTooDeepError),
        (signal.SIGKILL, WorkerLostError),
    ],
)
def test_a_wait_status_is_read(status: int | None, error: type[DialogiverkkoError]) -> None:
    """The engine aborts where memory is refused, and overruns its stack where it is too deep."""
    assert type(error_of_status(status, 1)) is error
