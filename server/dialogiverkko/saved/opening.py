"""Reads what an engine needs before it opens: the graph, the limits, the server behind."""

from collections.abc import Callable
from pathlib import Path

from dialogiverkko.engines.graph_store import MERGED_GRAPH
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation.build import assemble
from dialogiverkko.saved import querygraph
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Limits


def read_snapshot(assets: Assets, without: Callable[[Path], bool] = lambda _: False) -> Snapshot:
    """Read and derive the whole graph, the saved queries with it; ``without`` tells the files that are left out."""
    return assemble(assets, queries=querygraph.from_assets, without=without)


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
