"""Opens the graph for commands and agents: reads the files and returns the saved queries over an engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from dialogiverkko.engines import Backend
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.graph import disk
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.answers import Release, SavedQueries
from dialogiverkko.saved.opening import connect, limits_of, read_built
from dialogiverkko.saved.released import release_of
from dialogiverkko.settings import Settings


def start_engine(settings: Settings, snapshot: Snapshot) -> Backend:
    """Start the engine, or connect to the one that the settings name."""
    if settings.backend != "embedded":
        return connect(settings, snapshot)
    if settings.store:
        disk.prepare(settings.store, snapshot)
    return GuardedBackend(None if settings.store else snapshot.full_store(), snapshot.prefixes, settings)


@contextmanager
def open_saved(settings: Settings) -> Iterator[SavedQueries]:
    """Open the graph that the settings name, and close its engine at the end.

    The graph is read but not validated: `check` and `serve` do that.
    """
    assets = find_assets(settings.assets)
    loaded = catalogue.load(assets.root / "queries")
    snapshot = read_built(settings)
    backend = start_engine(settings, snapshot)
    try:
        present = release_of(snapshot, version("dialogiverkko"))
        release = present if settings.backend == "embedded" else Release(present.version, "")
        yield SavedQueries(loaded, backend, limits_of(settings), release)
    finally:
        backend.close()
