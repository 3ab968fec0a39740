"""What every blueprint may use, made once by the application and never changed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from threading import BoundedSemaphore
from typing import Any

from flask import current_app, request
from werkzeug.sansio.utils import get_current_url

from dialogiverkko.engines import Backend, BackendStats, NeedsWorker
from dialogiverkko.graph import mapped
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.built import Built, KeptDump
from dialogiverkko.graph.dumps import Dump, dumps
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.mapped import Statements
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.reconciling import Reconciler
from dialogiverkko.network import links
from dialogiverkko.network.links import Network
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.released import Releases
from dialogiverkko.search.finding import Search
from dialogiverkko.search.index import FILE
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.jsonld import Context
from dialogiverkko.sparql.query import Limits
from dialogiverkko.web.positions import Position, located, positions

EXTENSION = "dialogiverkko"
GATHERED = "pages.json"
"""The file of what pages gather of the whole graph, in the folder of what is built."""
_CHECKS_AT_ONCE = 2
_OF_THE_PRESENT = ("mapped", "positions", "written_context", "context")
"""What is read once, and serves the answers of released graphs too."""


@dataclass(frozen=True)
class Services:
    """The settings, the graph, the engine and the saved queries of one application."""

    settings: Settings
    snapshot: Snapshot
    backend: Backend
    saved: SavedQueries
    releases: Releases
    limits: Limits
    stats: Callable[[], BackendStats]
    """Counts of what the engine has done, in however many processes."""
    built: Built | None = None
    """The build that the graph was opened from, where there is one."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    checks: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_CHECKS_AT_ONCE))
    """Held while a table that was sent is checked."""

    @cached_property
    def written_context(self) -> bytes:
        """The JSON-LD context of the ontology, as its file has it."""
        return find_assets(self.settings.assets).context.read_bytes()

    @cached_property
    def written_frame(self) -> bytes:
        """The JSON-LD frame of activities, as its file has it."""
        return (find_assets(self.settings.assets).root / "ontology" / "frame.jsonld").read_bytes()

    @cached_property
    def context(self) -> Context:
        """The context to write JSON-LD with."""
        return Context.of(json.loads(self.written_context)["@context"])

    def of_version(self, wanted: str) -> "Services":
        """Return the same with the saved queries of a version; raises NotFoundError where there is none such."""
        published = self.releases.find(wanted)
        if published is None:
            return self
        past = replace(self, saved=self.releases.saved(published))
        vars(past).update({name: vars(self)[name] for name in _OF_THE_PRESENT if name in vars(self)})
        return past

    @property
    def is_past(self) -> bool:
        """Return whether it is a released graph that answers, and not the present one."""
        return self.saved.release.digest != self.releases.present.digest

    def require_files(self) -> None:
        """Raise NeedsWorker where this process may open no file: one that evaluates the words of strangers may not."""
        if not self.releases.may_open:
            raise NeedsWorker("apart")

    @cached_property
    def mapped(self) -> Statements:
        """The statements by thing and by value: as they were built, or laid out when first asked for, and kept."""
        if self.built is not None and mapped.FILE in self.built.files:
            return Statements.mapped(self.built.folder / mapped.FILE)
        return Statements.of(self.snapshot)

    @cached_property
    def gathered(self) -> Mapping[str, Any]:  # Any: what JSON holds
        """What pages gather of the whole graph, as it was built; nothing where it was not."""
        if self.built is not None and GATHERED in self.built.files:
            found: Mapping[str, Any] = json.loads((self.built.folder / GATHERED).read_bytes())
            return found
        return {}

    @cached_property
    def network(self) -> Network:
        """The collaboration network: as it was built, or read when first asked for, and kept."""
        if self.built is not None and links.FILE in self.built.files:
            return links.read(self.built.folder / links.FILE, self.saved.release)
        return links.load(self.saved)

    @cached_property
    def dumps(self) -> Mapping[str, Dump | KeptDump]:
        """The dumps by their names: as they were built, or written when first asked for, and kept."""
        if self.built is not None:
            return self.built.dumps()
        return {dump.name: dump for dump in dumps(self.snapshot)}

    @cached_property
    def search(self) -> Search:
        """The search over everything: its index as it was built, or made when first asked for, and kept."""
        if self.built is not None and FILE in self.built.files:
            return Search((self.built.folder / FILE).read_bytes())
        return Search.of(self.snapshot)

    @cached_property
    def known_names(self) -> Known:
        """The names that a table may use, read when first asked for, and kept."""
        return Known.of(self.snapshot)

    @cached_property
    def reconciler(self) -> Reconciler:
        """The names of things as the Reconciliation API asks for them, read when first asked for, and kept."""
        return Reconciler(self.snapshot)

    @cached_property
    def located(self) -> Mapping[str, tuple[Position, str]]:
        """Where each place lies that the graph holds coordinates of, and the source of the position, by its IRI."""
        return located(self.mapped)

    @cached_property
    def positions(self) -> Mapping[str, Position]:
        """Where each place lies, by its IRI."""
        return positions(self.located)


def current_services() -> Services:
    """Return the services of the application that answers the present request."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def root_address(base_address: str) -> str:
    """Return the public address of this copy, with a slash at its end: as set, or as the request came."""
    return _whole(base_address) if base_address else _requested(request.scheme, request.host, request.root_path)


def _whole(address: str) -> str:
    return address.rstrip("/") + "/"


@lru_cache(maxsize=64)
def _requested(scheme: str, host: str, path: str) -> str:
    return _whole(get_current_url(scheme, host, path))
