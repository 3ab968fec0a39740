"""Reads what an engine needs before it opens: the graph, the limits, the server behind."""

from collections.abc import Callable, Iterable
from pathlib import Path

from dialogiverkko.engines.graph_store import MERGED_GRAPH
from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.errors import UsageError
from dialogiverkko.graph import built
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.saved import querygraph
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Limits


def built_root(settings: Settings, assets: Assets) -> Path:
    """Return the folder of what was built."""
    return settings.built or assets.root / "build" / "graph"


def obtain(
    settings: Settings, makers: Iterable[built.Maker] = (), say: Callable[[str], None] = lambda _: None
) -> tuple[Snapshot, built.Built | None]:
    """Open what was built of the present files, or build, check and keep it; no build where it cannot be kept.

    ``makers`` make what is kept beside the graph and its dumps.

    Raises GraphInvalidError on any Violation.
    """
    assets = find_assets(settings.assets)
    root, inputs = built_root(settings, assets), built.inputs_of(assets)
    key = built.key_of(inputs)
    snapshot, whole = built.read(root, key)
    if snapshot is not None and whole is not None:
        return snapshot, whole
    makers = list(makers)  # not before: they need the whole web, which what was built is opened without
    from dialogiverkko.graph.validation import build, changed  # need libraries that a start does without
    from dialogiverkko.saved import keeping

    asking = keeping.Asking(assets)
    makers.append(asking.keep)
    if snapshot is not None:
        say("Some of what was built is damaged or missing: it is made again …")
        makers.append(lambda _, folder: changed.carry_over(root / key, folder))
    else:
        say("Building and checking the graph …")
        snapshot, report = build.build_snapshot(assets, queries=querygraph.from_assets, ask=asking.ask)
        makers.append(lambda _, folder: changed.write_report(report, inputs, folder))
        if built.inputs_of(assets) != inputs:
            say("A file was changed meanwhile: what was built is not kept.")
            return snapshot, None
    try:
        return snapshot, built.write(root, key, snapshot, makers)
    except (OSError, UsageError) as error:
        say(f"What was built is not kept in {root}: {getattr(error, 'strerror', None) or error}")
        return snapshot, None


def read_built(settings: Settings) -> Snapshot:
    """Open the graph as it was built, or read and derive it; it is not validated here."""
    assets = find_assets(settings.assets)
    snapshot, _ = built.read(built_root(settings, assets), built.key_of(built.inputs_of(assets)))
    return snapshot or read_snapshot(assets)


def read_snapshot(assets: Assets, without: Callable[[Path], bool] = lambda _: False) -> Snapshot:
    """Read and derive the whole graph, the saved queries with it; ``without`` tells the files that are left out."""
    from dialogiverkko.graph.validation.build import assemble  # needs libraries that a start does without

    return assemble(assets, queries=querygraph.from_assets, without=without)


def limits_of(settings: Settings) -> Limits:
    """Return the limits that the settings set for one query."""
    return Limits(settings.time_limit, settings.memory_limit, settings.row_limit, settings.byte_limit)


def connect(settings: Settings, snapshot: Snapshot) -> RemoteBackend:
    """Reach the server that the settings name, which holds this graph: what else it holds is not ours to show."""
    graphs, prefixes = frozenset(snapshot.graphs), snapshot.prefixes
    return RemoteBackend.connect(RemoteSetup(settings.backend, graphs, MERGED_GRAPH, prefixes, settings.service_allow))
