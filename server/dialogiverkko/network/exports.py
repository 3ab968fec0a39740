"""Writes the network in the forms that Gephi, pandas, networkx and D3 read.

Nodes are organisations and edges are links: two organisations that share two activities have two edges.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from dialogiverkko.media import CSV, JSON, MediaType
from dialogiverkko.network.chains import sentence
from dialogiverkko.network.later import nx
from dialogiverkko.network.links import STRENGTHS, Network, slug
from dialogiverkko.network.measures import centralities, communities, components

GRAPHML = MediaType("application/graphml+xml", "graphml", "GraphML")
GEXF = MediaType("application/gexf+xml", "gexf", "GEXF")
TYPES = (JSON, GRAPHML, GEXF, CSV)
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula, or hides such a beginning."""
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
NODE_COLUMNS = ("id", "slug", "label", "degree", "betweenness", "closeness", "component", "community")
EDGE_COLUMNS = (
    "source", "sourceLabel", "target", "targetLabel", "strength", "strengthLabel",
    "through", "throughLabel", "isContext", "bases", "statuses", "methods", "begin", "end",
    "lines", "passages", "quotes", "sources", "sentence", "link",
)  # fmt: skip


def nodes(network: Network, language: str) -> list[dict[str, str | int | float]]:
    """Return the organisations as rows of NODE_COLUMNS."""
    part = {node: number for number, group in enumerate(components(network), 1) for node in group}
    community = {node: number for number, group in enumerate(communities(network), 1) for node in group}
    return [
        {
            "id": item.organisation,
            "slug": slug(item.organisation),
            "label": network.name(item.organisation, language),
            "degree": item.degree,
            "betweenness": item.betweenness,
            "closeness": item.closeness,
            "component": part[item.organisation],
            "community": community[item.organisation],
        }
        for item in centralities(network)
    ]


def edges(network: Network, language: str) -> list[dict[str, str]]:
    """Return the links as rows of EDGE_COLUMNS; what is many stands in one cell, with '; ' between."""
    strengths = {slug(iri): iri for iri in network.names if "/strength/" in iri}
    return [
        {
            "source": link.ends[0],
            "sourceLabel": network.name(link.ends[0], language),
            "target": link.ends[1],
            "targetLabel": network.name(link.ends[1], language),
            "strength": link.strength,
            "strengthLabel": network.name(strengths.get(link.strength, link.strength), language),
            "through": link.through,
            "throughLabel": network.name(link.through, language),
            "isContext": "true" if link.is_context else "false",
            "bases": "; ".join(link.bases),
            "statuses": "; ".join(link.statuses),
            "methods": "; ".join(link.methods),
            "begin": link.begin,
            "end": link.end,
            "lines": "; ".join(str(line) for line in sorted({item.line for item in link.evidence if item.line})),
            "passages": "; ".join(item.passage for item in link.evidence),
            "quotes": "; ".join(item.quote for item in link.evidence),
            "sources": "; ".join(link.sources),
            "sentence": sentence(network, link, language),
            "link": link.iri,
        }
        for link in network.links
    ]


def as_graph(network: Network, language: str = "fi") -> "nx.MultiGraph[str]":
    """Return the network as a networkx graph whose attributes are the columns of the exports."""
    graph: nx.MultiGraph[str] = nx.MultiGraph(
        version=network.release.version, digest=network.release.digest, language=language
    )
    for node in nodes(network, language):
        graph.add_node(str(node["id"]), **{key: value for key, value in node.items() if key != "id"})
    for edge in edges(network, language):
        rest = {key: value for key, value in edge.items() if key not in {"source", "target", "link"}}
        weight = float(len(STRENGTHS) - STRENGTHS.index(edge["strength"]))
        graph.add_edge(edge["source"], edge["target"], key=edge["link"], **rest, weight=weight, kind=edge["strength"])
    return graph


def write_network(network: Network, media_type: MediaType, language: str = "fi", *, part: str = "edges") -> bytes:
    """Write the network; ``part`` (edges or nodes) is asked of CSV only."""
    if media_type == CSV:
        return _csv(network, language, part)
    return _WRITERS[media_type.suffix](as_graph(network, language))


def _csv(network: Network, language: str, part: str) -> bytes:
    buffer = io.StringIO(newline="")
    columns = EDGE_COLUMNS if part == "edges" else NODE_COLUMNS
    rows: list[Any] = list(  # Any: the rows of either kind, for the same writer
        edges(network, language) if part == "edges" else nodes(network, language)
    )
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    writer.writerows({key: inert(cell) for key, cell in row.items()} for row in rows)
    return buffer.getvalue().encode()


def inert(cell: Any) -> Any:  # Any: a cell of either kind of row
    """Put an apostrophe before a text that a spreadsheet would evaluate; a number is none."""
    if isinstance(cell, str) and cell.startswith(ACTIVE) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _graphml(graph: "nx.MultiGraph[str]") -> bytes:
    return "\n".join(nx.generate_graphml(graph)).encode()


def _gexf(graph: "nx.MultiGraph[str]") -> bytes:
    plain = graph.copy()
    for _, _, attributes in plain.edges(data=True):
        for reserved, name in (("begin", "beginNotBefore"), ("end", "endNotAfter")):
            attributes[name] = attributes.pop(reserved)  # GEXF reads 'start' and 'end' as its own
    text = "\n".join(nx.generate_gexf(plain))
    return re.sub(r'(<graph\b[^>]*?) name="[^"]*"', r"\1", text, count=1).encode()  # GEXF 1.2draft knows no such name


def _json(graph: "nx.MultiGraph[str]") -> bytes:
    document = nx.node_link_data(graph, edges="edges")
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


_WRITERS: Mapping[str, Callable[["nx.MultiGraph[str]"], bytes]] = {
    "json": _json,
    "graphml": _graphml,
    "gexf": _gexf,
}
