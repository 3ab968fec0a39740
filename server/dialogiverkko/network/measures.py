"""Measures of the network: how central an organisation is, and which parts hang together.

All of them are taken of the simple graph, where two organisations are linked or not, since the number
of links between two says how often the source mentions them rather than how close they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dialogiverkko.network.later import nx
from dialogiverkko.network.links import STRENGTHS, Link, Network


@dataclass(frozen=True)
class Centrality:
    """How central one organisation is, by three measures of networkx."""

    organisation: str
    degree: int
    betweenness: float
    closeness: float


@dataclass(frozen=True)
class Bridge:
    """Two organisations without whose link a part would fall apart, and how many lie on each side."""

    ends: tuple[str, str]
    sizes: tuple[int, int]


@dataclass(frozen=True)
class Year:
    """What began in one year: pairs that no link joined before, and organisations that had no link before."""

    year: str
    links: int
    """How many links may have gone on in the year."""
    pairs: tuple[Link, ...]
    """For each pair that was new, the link that joined it first."""
    organisations: tuple[str, ...]


@lru_cache(maxsize=4)
def simple_graph(network: Network) -> "nx.Graph[str]":
    """Return the graph of organisations with one edge per pair, which holds the strongest strength.

    It is kept, and is not to be changed.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(network.organisations)
    for link in network.links:
        first, second = link.ends
        known = graph.get_edge_data(first, second)
        if known is None or link.rank < known["rank"]:
            graph.add_edge(first, second, rank=link.rank, strength=link.strength, weight=len(STRENGTHS) - link.rank)
    return graph


def centralities(network: Network) -> list[Centrality]:
    """Return the measures of every linked organisation, the most central first."""
    graph = simple_graph(network)
    betweenness = nx.betweenness_centrality(graph)
    closeness = nx.closeness_centrality(graph)
    found = [
        Centrality(node, len(graph[node]), round(betweenness[node], 4), round(closeness[node], 4)) for node in graph
    ]
    return sorted(found, key=lambda item: (-item.degree, -item.betweenness, item.organisation))


@lru_cache(maxsize=4)
def components(network: Network) -> Sequence[Sequence[str]]:
    """Return the parts that no link connects, the largest first."""
    parts = [sorted(part) for part in nx.connected_components(simple_graph(network))]
    return sorted(parts, key=lambda part: (-len(part), part))


def communities(network: Network) -> list[list[str]]:
    """Return groups with more links inside than between them (greedy modularity, weighted by strength)."""
    graph = simple_graph(network)
    if not graph.number_of_edges():
        return [[node] for node in sorted(graph)]
    found = nx.community.greedy_modularity_communities(graph, weight="weight")
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))


@lru_cache(maxsize=4)
def bridges(network: Network) -> Sequence[Bridge]:
    """Return the pairs without whose link a part would fall apart, those that hold together most first."""
    graph = simple_graph(network)
    pairs: Any = nx.bridges(graph)  # Any: its stub takes an edge for a node
    joined = {frozenset(pair) for pair in pairs}
    found = []
    for part in nx.connected_components(graph):
        for node, (above, size) in _sizes_below(graph, min(part)).items():
            if frozenset((node, above)) in joined:
                sizes = {node: size, above: len(part) - size}
                first, second = sorted(sizes)
                found.append(Bridge((first, second), (sizes[first], sizes[second])))
    return sorted(found, key=lambda bridge: (-min(bridge.sizes), bridge.ends))


def _sizes_below(graph: "nx.Graph[str]", root: str) -> dict[str, tuple[str, int]]:
    """Return for each node of a part but its root the one above it in a tree of the part, and how many hang on it.

    A bridge is in every tree, so that what hangs below it is one of its sides.
    """
    above = dict(nx.bfs_predecessors(graph, root))
    sizes = dict.fromkeys([root, *above], 1)
    for node in reversed(above):
        sizes[above[node]] += sizes[node]
    return {node: (parent, sizes[node]) for node, parent in above.items()}


@lru_cache(maxsize=4)
def growth(network: Network) -> Sequence[Year]:
    """Return by year which pairs and organisations were linked first; links without a time are left out."""
    known = [link for link in network.links if link.years]
    dated = sorted(known, key=lambda link: (link.years[0], link.rank, link.iri))
    pairs: dict[tuple[str, str], Link] = {}
    organisations: dict[str, str] = {}
    for link in dated:
        pairs.setdefault(link.ends, link)
        for end in link.ends:
            organisations.setdefault(end, link.years[0])
    years = sorted({year for link in dated for year in link.years})
    return [
        Year(
            year,
            sum(year in link.years for link in dated),
            tuple(link for link in pairs.values() if link.years[0] == year),
            tuple(sorted(end for end, first in organisations.items() if first == year)),
        )
        for year in years
    ]
