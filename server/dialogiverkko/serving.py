"""Serves the application by Granian: the graph is built before the first socket opens, so damaged data never serve."""

import multiprocessing
import sys

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from dialogiverkko.app import build, create_app
from dialogiverkko.settings import Settings
from dialogiverkko.web.http import operations
from dialogiverkko.web.http.gateway import Gateway
from dialogiverkko.web.http.protocol import most_bytes

_SPARE_THREADS = 16
_MOST_THREADS = 256
_HEADER_SECONDS = 15
_BUFFER_BYTES = 417_792
_GRACE_SECONDS = 15


def serve(settings: Settings) -> int:
    """Build, check and serve until told to stop; raises GraphInvalidError or DataError before anything listens."""
    print("Building and checking the graph …", file=sys.stderr)
    snapshot = build(settings)
    print(f"{len(snapshot.merged)} triples, digest {snapshot.digest}", file=sys.stderr)
    multiprocessing.set_start_method("fork", force=True)

    def load() -> Gateway:
        app = create_app(settings, snapshot=snapshot)
        app.test_client().get("/sparql?query=ASK%7B%7D")  # tables are made at first use, and not for all at once
        operations.log_to_standard_error()
        print(f"Serving on http://{settings.host}:{settings.port}/", file=sys.stderr)
        return Gateway(
            app.wsgi_app,
            threads=min(settings.workers + 2 * settings.queue + _SPARE_THREADS, _MOST_THREADS),
            body_bytes=most_bytes(settings),
        )

    server = Server(
        "dialogiverkko",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=1,
        http=HTTPModes.http1,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS * 1000, max_buffer_size=_BUFFER_BYTES),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_SECONDS,
    )
    server.serve(target_loader=load, wrap_loader=False)
    return 0
