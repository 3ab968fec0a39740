"""What every blueprint may use, made once by the application and never changed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import current_app

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.backends import Backend, Limits
from dialogiverkko.sparql.saved import SavedQueries
from dialogiverkko.web.cache import ResultCache

EXTENSION = "dialogiverkko"


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
    started: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


def services() -> Services:
    """Return the services of the application that answers the present request."""
    found: Services = current_app.extensions[EXTENSION]
    return found
