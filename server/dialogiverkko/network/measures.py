"""Measures of the network: how central an organisation is, and which parts hang together.

All of them are taken of the simple graph, where two organisations are linked or not, since the number
of links between two says how often the source mentions them rather than how close they are.
"""

from dataclasses import dataclass

import networkx as nx

from dialogiverkko.network.links import STRENGTHS, Network


@dataclass(frozen=True)
class Centrality:
    """How central one organisation is, by three measures of networkx."""

    organisation: str
    degree: int
    betweenness: float
    closeness: float


def simple_graph(network: Network) -> "nx.Graph[str]":
    """Return the graph of organisations with one edge per pair, which holds the strongest strength."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(network.organisations)
    for link in network.links:
        rank = STRENGTHS.index(link.strength)
        first, second = link.ends
        known = graph.get_edge_data(first, second)
        if known is None or rank < known["rank"]:
            graph.add_edge(first, second, rank=rank, strength=link.strength, weight=len(STRENGTHS) - rank)
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


def components(network: Network) -> list[list[str]]:
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
