"""Makes the graph that is served: load, derive, describe, validate, in this order and no other."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import Store, Triple

from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.derive import derive
from dialogiverkko.graph.describe import describe
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.memory import give_back
from dialogiverkko.graph.validation.names import require_known_names
from dialogiverkko.graph.validation.report import Report
from dialogiverkko.graph.validation.validate import findings, report, require_valid

QueryTriples = Callable[[Assets], Iterable[Triple]]


def assemble(
    assets: Assets, queries: QueryTriples | None = None, without: Callable[[Path], bool] = lambda _: False
) -> Snapshot:
    """Load, hold names to their declarations, derive and describe; nothing is validated yet.

    Raises DataError for files that cannot be read at all or that name unknown things.
    """
    return _assembled(assets, (), queries, without)[0]


def _assembled(
    assets: Assets,
    overlays: Iterable[Path],
    queries: QueryTriples | None,
    without: Callable[[Path], bool] = lambda _: False,
) -> tuple[Snapshot, Store]:
    """Return the derived snapshot, and the one store of its default graph that all steps read and extend."""
    overlays = tuple(overlays)
    snapshot = load(assets, overlays, queries, without)
    store = snapshot.store()
    require_known_names(snapshot, assets, store, overlays)
    derived = derive(snapshot, assets, store)
    give_back()
    return describe(derived, store), store


def examine(
    assets: Assets, overlays: Iterable[Path] = (), queries: QueryTriples | None = None
) -> tuple[Snapshot, Report]:
    """Build a snapshot and return it with its report, even where rules are broken.

    Raises DataError for files that cannot be read at all or that name unknown things.
    """
    snapshot, store = _assembled(assets, overlays, queries)
    found = findings(snapshot, assets, store)
    del store  # nobody needs it any more, and it is most of what is held
    give_back()
    return snapshot, report(snapshot, assets, found)


def build_snapshot(assets: Assets, queries: QueryTriples | None = None) -> Snapshot:
    """Build the snapshot that may be served; raises GraphInvalidError on any Violation."""
    snapshot, report = examine(assets, queries=queries)
    give_back()
    require_valid(report)
    return snapshot
