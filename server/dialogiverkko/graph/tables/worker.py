"""Reads a table in a process of its own, with limits of time and memory; it can be killed and nobody else notices."""

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Sequence
from typing import BinaryIO

from dialogiverkko.graph.tables.files import Book, TableError
from dialogiverkko.graph.tables.limits import PLAIN, Limits
from dialogiverkko.graph.tables.opening import read_bytes


def _restrict(limits: Limits) -> None:
    """Take from this process what a reader of tables does not need: memory, time, files, children."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    seconds = max(1, round(limits.seconds + 0.5))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


def _send(out: BinaryIO, answer: Book | str) -> None:
    out.write(pickle.dumps(answer))
    out.flush()


def main(arguments: Sequence[str]) -> int:
    """Read one table from standard input and write it, or one sentence, to standard output."""
    name = arguments[0]
    limits = Limits(*(kind(word) for kind, word in zip(_KINDS, arguments[1:], strict=True)))
    _restrict(limits)
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    try:
        _send(sys.stdout.buffer, read_bytes(data, name, limits))
    except TableError as error:
        _send(sys.stdout.buffer, error.message)
    except (MemoryError, RecursionError):
        return _NO_MEMORY
    return 0


_NO_MEMORY = 3
_KINDS = (*[int] * 10, float, int)


def read_apart(data: bytes, name: str = "", limits: Limits = PLAIN) -> Book:
    """Read a table whose origin is not known; raise TableError where it is none or exceeds a limit."""
    if len(data) > limits.file_bytes:
        raise TableError(f"The file has {len(data)} bytes; at most {limits.file_bytes} are read.")
    words = [str(getattr(limits, field)) for field in Limits.__dataclass_fields__]
    command = [sys.executable, "-I", "-c", _START, name, *words]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter, our own module
            command, input=data, capture_output=True, timeout=limits.seconds, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise TableError(f"The table could not be read within {limits.seconds:g} seconds. Split it.") from None
    if done.returncode == 0 and done.stdout:
        answer = pickle.loads(done.stdout)  # noqa: S301  # written by our own module
        if isinstance(answer, Book):
            return answer
        raise TableError(str(answer))
    if done.returncode == _NO_MEMORY:
        raise TableError(f"The table needs more than {limits.memory_bytes} bytes of memory. Split it.")
    raise TableError("The table could not be read: its reader was stopped. Split it, or save it again.")


_START = "import sys; from dialogiverkko.graph.tables import worker; sys.exit(worker.main(sys.argv[1:]))"


def _environment() -> dict[str, str]:
    """Return the few settings that an interpreter needs; nothing of the server's own."""
    return {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
