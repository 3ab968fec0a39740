"""Builds the application from its parts; there is no logic here, and nothing happens at import."""

import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

from flask import Blueprint, Flask
from flask_compress import Compress
from pyoxigraph import DefaultGraph, Store, Triple

from dialogiverkko.engines import Backend, BackendStats
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.engines.graph_store import GraphStore, publish
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.front.opening import start_engine
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.built import Built, Maker
from dialogiverkko.graph.load import Snapshot, put
from dialogiverkko.graph.mapped import build_statements
from dialogiverkko.graph.memory import give_back
from dialogiverkko.graph.releases import read_releases
from dialogiverkko.network import links
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.kept import FILE as ANSWERS
from dialogiverkko.saved.kept import Kept
from dialogiverkko.saved.opening import limits_of, obtain
from dialogiverkko.saved.released import Releases, release_of
from dialogiverkko.search.index import build_index
from dialogiverkko.settings import Settings, read_settings
from dialogiverkko.sparql.query import Limits
from dialogiverkko.web import compiled, languages
from dialogiverkko.web.http import (
    addresses,
    collaboration,
    endpoint,
    graphstore,
    memento,
    metadata,
    openapi,
    operations,
    problems,
    proxy,
    queries,
    reconcile,
    resources,
    tables,
    versions,
)
from dialogiverkko.web.services import EXTENSION, Services
from dialogiverkko.web.site import frame
from dialogiverkko.web.site.gathering import gather


def start_backend(settings: Settings, snapshot: Snapshot) -> Backend:
    """Start the engine, or connect to the one that the settings name and load it where they say how."""
    if settings.backend != "embedded" and settings.backend_update:
        everything: dict[str | None, Sequence[Triple]] = {None: snapshot.merged}
        everything.update(snapshot.graphs.items())
        publish(settings.backend, GraphStore(settings.backend_update), everything)
    return start_engine(settings, snapshot)


def make_services(
    settings: Settings,
    snapshot: Snapshot,
    backend: Backend,
    stats: Callable[[], BackendStats] | None = None,
    built: Built | None = None,
) -> Services:
    """Make the Services that the blueprints share."""
    limits = limits_of(settings)
    assets = find_assets(settings.assets)
    release = release_of(snapshot, version("dialogiverkko"))
    loaded = catalogue.load(assets.root / "queries", is_checked=built is not None)
    kept = Kept((built.folder / ANSWERS).read_bytes()) if built and ANSWERS in built.files else None
    saved = SavedQueries(loaded, backend, limits, release, kept)
    start = start_embedded if isinstance(backend, EmbeddedBackend | RemoteBackend) else start_guarded
    past = Releases(read_releases(assets), release, snapshot.prefixes, limits, partial(start, settings))
    return Services(settings, snapshot, backend, saved, past, limits, stats or backend.stats, built)


def start_guarded(settings: Settings, snapshot: Snapshot) -> Backend:
    """Start an engine over a released graph whose workers may be killed."""
    alone = settings.model_copy(update={"store": None, "workers": 2, "service_allow": ()})
    return GuardedBackend(snapshot.quads(), snapshot.prefixes, alone)


def start_embedded(settings: Settings, snapshot: Snapshot) -> Backend:
    """Open a released graph in this process, which somebody else may kill."""
    alone = settings.model_copy(update={"store": None, "service_allow": ()})
    return EmbeddedBackend.load(snapshot.quads(), snapshot.prefixes, alone)


def releases_of(app: Flask) -> Releases:
    """Return the releases that an application answers from."""
    services: Services = app.extensions[EXTENSION]
    return services.releases


def create_app(
    settings: Settings,
    *,
    snapshot: Snapshot | None = None,
    backend: Backend | None = None,
    stats: Callable[[], BackendStats] | None = None,
    built: Built | None = None,
) -> Flask:
    """Make the application; a snapshot or backend that is not given is opened or built, and started."""
    if snapshot is None:
        snapshot, built = obtain(settings, MAKERS)
    backend = backend or start_backend(settings, snapshot)
    services = make_services(settings, snapshot, backend, stats, built)
    app = Flask("dialogiverkko", static_folder=None, template_folder="web/templates")
    app.ensure_sync = lambda function: function  # type: ignore[method-assign,assignment]  # none of ours is a coroutine
    app.extensions[EXTENSION] = services
    app.config["COMPRESS_ALGORITHM"] = ["zstd", "br", "gzip"]
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.jinja_env.code_generator_class = compiled.Generator
    if built is not None:
        compiled.install(app, built.folder)
        languages.take(built.folder)
    languages.install(app, settings.default_language)
    operations.install(app)
    problems.install(app)
    addresses.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint(services))
    frame.install(app, services)
    versions.install(app, services)
    Compress(app)
    proxy.install(app, settings)  # the last to be told is the first to see an answer, before it is compressed
    return app


def compile_pages(_: Snapshot, folder: Path) -> None:
    """Keep the templates and the catalogues of the application, compiled, in a folder of what is built."""
    app = create_app(read_settings(), snapshot=Snapshot({}, {}), backend=EmbeddedBackend(Store(), {}))
    compiled.keep(app, folder)
    languages.keep(folder)


def build_network(snapshot: Snapshot, folder: Path) -> None:
    """Keep the network of a graph, as the saved queries tell it, in a folder of what is built."""
    everything = Limits(math.inf, sys.maxsize, sys.maxsize, sys.maxsize)
    questions = catalogue.load(find_assets(read_settings().assets).root / "queries")
    store = Store()
    put(store, snapshot.merged.texts_of(links.asked(questions)), DefaultGraph())
    engine = EmbeddedBackend(store, snapshot.prefixes)
    saved = SavedQueries(questions, engine, everything, release_of(snapshot, version("dialogiverkko")))
    links.write(links.load(saved), folder / links.FILE)


def build_pages(snapshot: Snapshot, folder: Path) -> None:
    """Keep what pages read: statements and network, and what they gather of both."""
    for make in (build_statements, build_network, gather):
        make(snapshot, folder)
        give_back()


MAKERS: tuple[Maker, ...] = (build_pages, build_index, compile_pages)
"""What is made of a graph beside its dumps, each into files of the built folder; what takes longest stands first."""
BLUEPRINTS: tuple[Callable[[Services], Blueprint], ...] = (
    problems.blueprint,
    endpoint.blueprint,
    graphstore.blueprint,
    metadata.blueprint,
    operations.blueprint,
    queries.blueprint,
    openapi.blueprint,
    collaboration.blueprint,
    reconcile.blueprint,
    tables.blueprint,
    memento.blueprint,
    resources.blueprint,
)
COMPRESSED = [
    "text/html", "text/css", "text/csv", "text/plain", "text/turtle", "text/tab-separated-values", "text/javascript",
    "application/json", "application/ld+json", "application/problem+json", "application/sparql-results+json",
    "application/sparql-results+xml", "application/rdf+xml", "application/n-triples", "application/n-quads",
    "application/trig", "application/javascript", "image/svg+xml", "application/xml", "application/atom+xml",
]  # fmt: skip
