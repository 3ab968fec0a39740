"""A process that evaluates one query at a time and may be killed at any moment.

It is forked with the graph already in memory. It then gives up the right to open anything: with
RLIMIT_NOFILE at 0 neither a socket nor a file can be opened, whatever a query says (unless SERVICE
was opened by an allow-list). Queries run in a thread whose stack is far bigger than usual, since the
engine recurses as deep as a query nests.
"""

import os
import resource
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode, Store

from dialogiverkko.engines.wire import Message, PeerGoneError, receive, send
from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.media import GRAPH_TYPES, SOLUTION_TYPES
from dialogiverkko.sparql.query import Result
from dialogiverkko.sparql.results import write

STACK_BYTES: Final = 512 * 1024 * 1024
_TYPES: Final = {media_type.name: media_type for media_type in (*SOLUTION_TYPES, *GRAPH_TYPES)}
_PAGE: Final = resource.getpagesize()


@dataclass(frozen=True)
class WorkerSetup:
    """What a worker is told once."""

    prefixes: dict[str, str]
    may_connect: bool = False


def run(channel: socket.socket, store: Store, setup: WorkerSetup) -> None:
    """Serve queries until the other end closes; never returns to code of the parent process."""
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(channel, store, setup), name="queries")
    thread.start()
    thread.join()


def _serve(channel: socket.socket, store: Store, setup: WorkerSetup) -> None:
    memory = _Memory()
    if not setup.may_connect:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    while True:
        try:
            request, _ = receive(channel)
            memory.allow(request["memory_bytes"])
            head, body = _answer(store, setup, request)
            used = time.process_time()
            send(channel, head | {"memory": memory.private(), "processor_seconds": used}, body)
        except PeerGoneError:
            return


class _Memory:
    """The address space of this process: its base, its limit, and what was added since."""

    def __init__(self) -> None:
        self._statm = os.open("/proc/self/statm", os.O_RDONLY)
        self._base = self._field(0)
        self._shared_base = self._field(1)

    def _field(self, index: int) -> int:
        return int(os.pread(self._statm, 200, 0).split()[index]) * _PAGE

    def allow(self, more: int) -> None:
        """Let the address space grow by so many bytes beyond what the graph and the stack need."""
        resource.setrlimit(resource.RLIMIT_AS, (self._base + more, resource.RLIM_INFINITY))

    def private(self) -> int:
        """Tell how many resident bytes queries have left behind."""
        return max(0, self._field(1) - self._shared_base)


def _answer(store: Store, setup: WorkerSetup, request: Message) -> tuple[Message, bytes]:
    """Evaluate and write in the same thread: the engine's results belong to the thread that asked."""
    started = time.perf_counter()
    try:
        result = _evaluate(store, setup, request)
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}, b""
    except DialogiverkkoError as error:
        return {"error": error.code, "message": error.message, "details": error.details}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (RuntimeError, ValueError, OSError) as error:
        return {"error": "evaluation", "message": str(error)}, b""
    return {"rows": result.rows, "seconds": time.perf_counter() - started}, result.body


def _evaluate(store: Store, setup: WorkerSetup, request: Message) -> Result:
    answer = store.query(
        request["query"],
        default_graph=_graphs(request["default_graphs"]),
        named_graphs=_graphs(request["named_graphs"]),
    )
    return write(
        answer,
        _TYPES[request["media_type"]],
        rows=request["rows"],
        result_bytes=request["result_bytes"],
        prefixes=setup.prefixes,
    )


def _graphs(iris: list[str] | None) -> list[Any] | None:  # Any: the engine's stub wants an invariant union
    return None if iris is None else [NamedNode(iri) for iri in iris]
