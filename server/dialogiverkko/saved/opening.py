"""Opens the graph for a program that is no server: files in, saved queries over an engine out."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from dialogiverkko.engines import Backend
from dialogiverkko.engines.cache import ResultCache
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.engines.graph_store import MERGED_GRAPH
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.engines.sharing import SharedBackend
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation.build import assemble
from dialogiverkko.saved import catalogue, querygraph
from dialogiverkko.saved.answers import Release, SavedQueries
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Limits


def read_snapshot(assets: Assets) -> Snapshot:
    """Read and derive the whole graph, the saved queries with it."""
    return assemble(assets, queries=querygraph.from_assets)


def limits_of(settings: Settings) -> Limits:
    """Return the limits that the settings set for one query."""
    return Limits(settings.time_limit, settings.memory_limit, settings.row_limit, settings.byte_limit)


def connect(settings: Settings, snapshot: Snapshot) -> RemoteBackend:
    """Reach the server that the settings name, which holds this graph: what else it holds is not ours to show."""
    return RemoteBackend.connect(
        settings.backend,
        graphs=frozenset(snapshot.graphs),
        merged_graph=MERGED_GRAPH,
        prefixes=snapshot.prefixes,
        places=settings.workers,
        queue=settings.queue,
        service_allow=settings.service_allow,
    )


def share(engine: Backend, settings: Settings) -> SharedBackend:
    """Keep the engine's results, within the bytes that the settings allow."""
    return SharedBackend(engine, ResultCache(settings.cache_bytes), most_waiting=settings.queue)


@contextmanager
def open_saved(settings: Settings) -> Iterator[SavedQueries]:
    """Open the graph that the settings name, and close its engine at the end.

    The graph is read but not validated: `check` and `serve` do that.
    """
    assets = find_assets(settings.assets)
    loaded = catalogue.load(assets.root / "queries")
    snapshot = read_snapshot(assets)
    if settings.backend != "embedded":
        remote = connect(settings, snapshot)
        yield SavedQueries(loaded, share(remote, settings), limits_of(settings), Release(version("dialogiverkko"), ""))
        return
    backend = EmbeddedBackend.start(snapshot.quads(), snapshot.prefixes, settings)
    try:
        release = Release(version("dialogiverkko"), snapshot.digest)
        yield SavedQueries(loaded, share(backend, settings), limits_of(settings), release)
    finally:
        backend.close()
