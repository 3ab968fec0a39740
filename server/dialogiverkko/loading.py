"""Begins to load the engine before the rest of the server is imported: it needs few libraries, and lets Python run."""

import ctypes
import errno
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from pyoxigraph import Store

from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.errors import UsageError
from dialogiverkko.graph import disk
from dialogiverkko.graph.built import Built, Maker
from dialogiverkko.graph.disk_files import open_whole
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.memory import machine_bytes
from dialogiverkko.saved.opening import obtain
from dialogiverkko.settings import Settings

_TRIPLE_BYTES = 1_200
"""What the engine in memory takes for a triple that stands in the default graph and in a named one."""
_GIB = 1024**3
_MENDS = {
    errno.EADDRINUSE: "Stop what listens there, or choose another with --port or DIALOGIVERKKO_PORT.",
    errno.EACCES: "Choose a port from 1024 on with --port or DIALOGIVERKKO_PORT.",
}
"""What to do where an address cannot be listened on, by the error of the system."""
_OTHER_MEND = "Name an address of this machine with --host or DIALOGIVERKKO_HOST."
_MOST_HEAPS = -8
"""The parameter M_ARENA_MAX of ``mallopt`` (malloc.h)."""


@dataclass(frozen=True)
class Loading:
    """A graph, and the engine over it, which is being loaded; open it once it is."""

    snapshot: Snapshot
    built: Built | None
    engine: EmbeddedBackend | RemoteBackend
    loaded: "Future[None]"
    begins: threading.Event
    """Set by whoever has made the pages: where a disk store stands in for the engine, loading waits for that."""


def open_graph(settings: Settings, say: Callable[[str], None]) -> Loading:
    """Open what was built, or build it, and begin to load it; raises GraphInvalidError or DataError before."""
    refuse_taken(settings.host, settings.port)
    allocate_together()
    snapshot, built = obtain(settings, _makers(), say)
    settings = _with_room(settings, snapshot, built, say)
    if settings.backend == "embedded" and settings.store:
        disk.prepare(settings.store, snapshot, say)
    return begin(settings, snapshot, built)


def _with_room(settings: Settings, snapshot: Snapshot, built: Built | None, say: Callable[[str], None]) -> Settings:
    """Have a graph that memory cannot hold read from a disk store beside what was built."""
    needed, there = len(snapshot.merged) * _TRIPLE_BYTES, machine_bytes()
    if settings.backend != "embedded" or settings.store or built is None or needed <= there:
        return settings
    say(
        f"The graph would take {needed / _GIB:.0f} GiB of memory, and there are {there / _GIB:.0f}: "
        "queries are answered from a disk store (DIALOGIVERKKO_STORE says where)."
    )
    return settings.model_copy(update={"store": built.folder / disk.FOLDER})


def allocate_together() -> None:
    """Have all threads from now on take memory from one heap, where the C library can.

    Else the first thread of a forked worker would take over the heap of the thread that loaded the engine, and copy
    60 MiB of it to sort what is free there.
    """
    if choose := getattr(ctypes.CDLL(None), "mallopt", None):
        choose(_MOST_HEAPS, 1)


def _makers() -> Iterator[Maker]:
    from dialogiverkko.app import MAKERS  # imported once something is to be made

    yield from MAKERS


def begin(settings: Settings, snapshot: Snapshot, built: Built | None = None) -> Loading:
    """Begin to load the engine over a graph, in a thread that the end of the program does not wait for.

    Where the build has a disk store, that answers first, and loading does not slow down what comes before.
    """
    engine, load = connect_engine(settings, snapshot)
    if isinstance(engine, EmbeddedBackend) and not settings.store and built and built.store:
        with suppress(UsageError):  # the server begins with pages alone
            engine.early = open_whole(built.store)
    loaded: Future[None] = Future()
    begins = threading.Event()
    if not isinstance(engine, EmbeddedBackend) or engine.early is None:
        begins.set()

    def run() -> None:
        begins.wait()
        try:
            loaded.set_result(load())
        except BaseException as error:  # noqa: BLE001 - whoever waits for it gets it
            loaded.set_exception(error)

    threading.Thread(target=run, name="loading", daemon=True).start()
    return Loading(snapshot, built, engine, loaded, begins)


def connect_engine(
    settings: Settings, snapshot: Snapshot
) -> tuple[EmbeddedBackend | RemoteBackend, Callable[[], None]]:
    """Make the engine of this process, with what loads the graph into it, or connect to the server that is named."""
    if settings.backend != "embedded":
        from dialogiverkko.app import start_backend

        backend = start_backend(settings, snapshot)
        assert isinstance(backend, RemoteBackend)  # noqa: S101 - it is one wherever an address is named
        return backend, lambda: None
    if settings.store:
        return EmbeddedBackend.load(None, snapshot.prefixes, settings), lambda: None
    store, graphs = Store(), frozenset(snapshot.graphs)
    engine = EmbeddedBackend(store, snapshot.prefixes, allowed=settings.service_allow, graphs=graphs)

    def load() -> None:
        snapshot.add_named(store)
        snapshot.add_merge(store)

    return engine, load


def refuse_taken(host: str, port: int) -> None:
    """Raise UsageError where somebody listens already: two servers would share the port, and nobody would notice.

    So it is for a host that is none of this machine.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what closed a moment ago does not count
            probe.bind(address)
    except OSError as error:
        reason, mend = (error.strerror or "unknown").lower(), _MENDS.get(error.errno or 0, _OTHER_MEND)
        raise UsageError(f"{host}:{port} cannot be listened on: {reason}. {mend}") from error
