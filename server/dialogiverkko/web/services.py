"""What every blueprint may use, made once by the application and never changed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import current_app, request

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.backends import Backend, Limits
from dialogiverkko.sparql.saved import SavedQueries
from dialogiverkko.web.cache import ResultCache
from dialogiverkko.web.problems import RETRY_SECONDS, HttpError

EXTENSION = "dialogiverkko"
_BODY_READERS = 24
_BODY_WAIT_SECONDS = 2.0


@dataclass(frozen=True)
class BodyReaders:
    """The threads that may wait for request bodies at the same time.

    A client that promises a body and never sends it holds its thread for as long as the connection stands.
    A bound, well below the number of threads, keeps such clients from taking the threads that answer GET.
    """

    places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_BODY_READERS))

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place while a body is read; raises the error queue-full where none comes free soon."""
        if not self.places.acquire(timeout=_BODY_WAIT_SECONDS):
            raise HttpError(
                "queue-full", "Too many requests are still sending their bodies.", retry_after=RETRY_SECONDS
            )
        try:
            yield
        finally:
            self.places.release()


@dataclass(frozen=True)
class Services:
    """The settings, the graph, the engine and the saved queries of one application."""

    settings: Settings
    snapshot: Snapshot
    backend: Backend
    saved: SavedQueries
    limits: Limits
    cache: ResultCache
    things: frozenset[str] = frozenset()
    """The IRIs of ours that the graph says something about."""
    readers: BodyReaders = field(default_factory=BodyReaders)
    started: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


def services() -> Services:
    """Return the services of the application that answers the present request."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def root_address(base_address: str) -> str:
    """Return the public address of this copy, with a slash at its end: as set, or as the request came."""
    return (base_address or request.host_url).rstrip("/") + "/"
