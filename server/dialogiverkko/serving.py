"""Serves the application by Granian: the graph is built before the first socket opens, so damaged data never serve.

One parent makes the application and, beside, loads the engine. The processes that speak HTTP are forked from it as
soon as there are pages; what forks the workers of each that have the engine, as soon as that is there.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from functools import partial
from urllib.parse import urlsplit

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from dialogiverkko.app import create_app, releases_of
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.front import forking
from dialogiverkko.front.copies import apart, work
from dialogiverkko.front.gateway import Bounds, Gateway
from dialogiverkko.front.ledger import Ledger
from dialogiverkko.front.pool import Pool, PoolSetup
from dialogiverkko.front.warm import warm, warm_engine
from dialogiverkko.front.worker import Work
from dialogiverkko.graph.memory import machine_bytes
from dialogiverkko.loading import Loading, refuse_taken
from dialogiverkko.saved.released import IDLE_SECONDS
from dialogiverkko.settings import Settings
from dialogiverkko.web.http import operations
from dialogiverkko.web.http.protocol import most_bytes

_HEADER_SECONDS = 15
_BUFFER_BYTES = 417_792
_GRACE_SECONDS = 15
_CONNECTED = 2
"""Workers of each process that may call the addresses that SERVICE is allowed."""
_APART = 2
"""Workers of each process that open released graphs and files."""
_EARLY = 4
"""Workers of each process that answer as long as the engine is loaded."""
_LEAST_PRIVATE = 32 * 1024 * 1024
"""Bytes of its own below which a worker would be ended too often to be worth its fork."""
_SLACK_SECONDS = 1.0
"""What a server behind gets beyond the time limit, to say itself that it was reached."""


def serve(settings: Settings, loading: Loading) -> int:
    """Serve until told to stop, from when there are pages."""
    processes = settings.processes or os.cpu_count() or 1
    loader = Loader(settings, loading, processes)
    multiprocessing.set_start_method("fork", force=True)
    forking.end_forked_by_signal()
    gc.freeze()
    gc.enable()
    server = Server(
        "dialogiverkko",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=processes,
        http=HTTPModes.http1,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS * 1000, max_buffer_size=_BUFFER_BYTES),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_SECONDS,
    )
    refuse_taken(settings.host, settings.port)
    print(f"Serving on http://{settings.host}:{settings.port}/", file=sys.stderr)

    def begin() -> Gateway:
        operations.log_to_standard_error()
        return loader.gateway()

    server.serve(target_loader=begin, wrap_loader=False)
    loader.origin.end()
    return int(loader.has_failed)


class Loader:
    """The application, made once, and what answers in each process that speaks HTTP."""

    def __init__(self, settings: Settings, loading: Loading, processes: int) -> None:
        """Make the application and visit its pages; what takes the engine waits for that."""
        self._settings = settings
        self._ledger = Ledger(4 * processes)
        self._setup = pool_setup(settings, processes)
        self._engine, self._loaded, built = loading.engine, loading.loaded, loading.built
        self.origin = forking.Origin()
        self.has_failed = False
        if built is None:
            self._open()  # pages ask it for what a build would have made
        stats = self._ledger.stats
        self._app = create_app(settings, snapshot=loading.snapshot, backend=self._engine, stats=stats, built=built)
        self._releases = releases_of(self._app)
        self._releases.may_open, self._releases.idle_seconds = False, 0.0  # the pool of its workers sees to that
        warm(self._app)
        loading.begins.set()
        threading.Thread(target=self._fork, name="forking", daemon=True).start()

    def _open(self) -> None:
        self._loaded.result()
        if isinstance(self._engine, EmbeddedBackend):
            self._engine.open()
            self._engine.early = None

    def _fork(self) -> None:
        """Fork what is asked for once the engine is loaded; end the server where it cannot be."""
        try:
            self._open()  # after what pages take: it keeps others from Python for a while
            warm_engine(self._app)
            works = {kind: self._work(may_connect=kind == "connected") for kind in ("pool", "connected")}
            seconds = self._settings.time_limit
            self.origin.serve(works | {"apart": apart(self._app.wsgi_app, self._releases, seconds)})
        except BaseException:
            self.has_failed = True
            os.kill(os.getpid(), signal.SIGTERM)
            raise

    def _work(self, *, may_connect: bool = False, has_engine: bool = True) -> Work:
        application, seconds = self._app.wsgi_app, self._settings.time_limit
        return work(application, self._engine, seconds, may_connect=may_connect, has_engine=has_engine)

    def gateway(self) -> Gateway:
        """Fork what forks the workers, and stand before them."""
        settings, engine, origin, page = self._settings, self._engine, self.origin, self._ledger.take()
        is_remote = isinstance(engine, RemoteBackend)
        if isinstance(engine, EmbeddedBackend) and multiprocessing.parent_process():
            engine.may_evaluate = False
        few = partial(PoolSetup, queue=settings.queue, private_bytes=self._setup.private_bytes, at_once=0)
        passing = partial(few, idle_seconds=IDLE_SECONDS)
        early = Pool(passing(_EARLY), partial(forking.start, self._work(has_engine=False)), self._ledger.take())
        quiet = connected = Pool(self._setup, partial(origin.ask, "pool"), page)
        if settings.service_allow and not is_remote:
            connected = Pool(few(_CONNECTED), partial(origin.ask, "connected"), self._ledger.take())
        past = Pool(passing(_APART), partial(origin.ask, "apart"), self._ledger.take())
        bounds = Bounds(
            body_bytes=most_bytes(settings),
            seconds=settings.time_limit + (_SLACK_SECONDS if is_remote else 0.0),
            memory_bytes=settings.memory_limit,
            cache_bytes=settings.cache_bytes,
            queue=settings.queue,
            prefix=urlsplit(settings.base_address).path.rstrip("/"),
        )
        return Gateway(self._app, bounds, quiet, connected, past, early, page)


def pool_setup(settings: Settings, processes: int) -> PoolSetup:
    """Bound the workers of one process, and what each may keep for itself, by the budget for all."""
    share = (settings.memory_budget or machine_bytes() // 2) // processes
    size = max(1, min(settings.workers, share // _LEAST_PRIVATE))
    return PoolSetup(size, settings.queue, max(share // size, _LEAST_PRIVATE))
