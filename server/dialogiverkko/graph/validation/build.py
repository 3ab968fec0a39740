"""Makes the graph that is served: load, derive, describe, validate, in this order and no other."""

from collections.abc import Callable, Iterable, Set
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
Asking = Callable[[Snapshot, Store], object]
"""Asks what it likes of a snapshot whose default graph lies in a store."""


def assemble(
    assets: Assets, queries: QueryTriples | None = None, without: Callable[[Path], bool] = lambda _: False
) -> Snapshot:
    """Load, hold names to their declarations, derive and describe; nothing is validated yet.

    Raises DataError for files that cannot be read at all or that name unknown things.
    """
    return complete(load(assets, (), queries, without), assets)[0]


def complete(
    snapshot: Snapshot, assets: Assets, overlays: Iterable[Path] = (), accepted: Set[str] = frozenset()
) -> tuple[Snapshot, Store]:
    """Hold names to their declarations, derive and describe what was read.

    Return the snapshot with the one store of its default graph, which all steps read and extend. ``accepted`` are
    names that need no declaration here. Raises DataError for files that name unknown things.
    """
    store = snapshot.store()
    require_known_names(snapshot, assets, store, tuple(overlays), accepted)
    derived = derive(snapshot, assets, store)
    give_back()
    return describe(derived, store), store


def examine(
    assets: Assets, overlays: Iterable[Path] = (), queries: QueryTriples | None = None, ask: Asking | None = None
) -> tuple[Snapshot, Report]:
    """Build a snapshot and return it with its report, even where rules are broken.

    Of one that breaks none ``ask`` may ask the store, which nobody holds afterwards.
    Raises DataError for files that cannot be read at all or that name unknown things.
    """
    overlays = tuple(overlays)
    snapshot, store = complete(load(assets, overlays, queries), assets, overlays)
    found = findings(snapshot, assets, store)
    if ask is not None and Report.of(found).conforms:
        give_back()
        ask(snapshot, store)
    del store  # nobody needs it any more, and it is most of what is held
    give_back()
    return snapshot, report(snapshot, assets, found)


def build_snapshot(
    assets: Assets, queries: QueryTriples | None = None, ask: Asking | None = None
) -> tuple[Snapshot, Report]:
    """Build the snapshot that may be served, with its report; raises GraphInvalidError on any Violation."""
    snapshot, report = examine(assets, queries=queries, ask=ask)
    give_back()
    require_valid(report)
    return snapshot, report
