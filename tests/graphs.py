"""The real graph, read and derived once for all tests of a run; nobody changes it."""

from functools import cache

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation.build import assemble
from dialogiverkko.saved.opening import read_snapshot


@cache
def served_graph() -> Snapshot:
    """The whole graph, as it is served: the saved queries are part of it."""
    return read_snapshot(find_assets())


@cache
def told_graph() -> Snapshot:
    """What the sources and the ontology tell, without the saved queries."""
    return assemble(find_assets())
