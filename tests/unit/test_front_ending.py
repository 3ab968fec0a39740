"""How a worker ended, as the error that its caller hears."""

import signal
import subprocess
import sys

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


FORKED = """
import os, signal, time
from dialogiverkko.front.ending import end_forked_by_signal

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
