"""What every blueprint may use, made once by the application and never changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from flask import current_app, has_request_context, request

from dialogiverkko.engines.sharing import SharedBackend
from dialogiverkko.graph.dumps import Dump, dumps
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Limits

EXTENSION = "dialogiverkko"
CLIENT_GONE = "dialogiverkko.client_gone"
"""The key under which a request's environ holds a callable that tells whether its client has left."""


@dataclass(frozen=True)
class Services:
    """The settings, the graph, the engine and the saved queries of one application."""

    settings: Settings
    snapshot: Snapshot
    backend: SharedBackend
    saved: SavedQueries
    limits: Limits
    things: frozenset[str] = frozenset()
    """The IRIs of ours that the graph says something about."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @cached_property
    def dumps(self) -> Mapping[str, Dump]:
        """The dumps by their names; they are written when first asked for, and kept."""
        return {dump.name: dump for dump in dumps(self.snapshot)}


def services() -> Services:
    """Return the services of the application that answers the present request."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def client_gone() -> Callable[[], bool] | None:
    """Return what tells whether the client of the present request has left; None where nobody can know."""
    if not has_request_context():
        return None
    gone: Callable[[], bool] | None = request.environ.get(CLIENT_GONE)
    return gone


def root_address(base_address: str) -> str:
    """Return the public address of this copy, with a slash at its end: as set, or as the request came."""
    return (base_address or request.host_url).rstrip("/") + "/"
