"""Answers that are networks: who is linked with whom, as the answer's columns or its statements say it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from textwrap import shorten

import networkx as nx
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from dialogiverkko.namespaces import DLG, RDF_TYPE
from dialogiverkko.saved.answers import Answer
from dialogiverkko.web.drawing.layout import Spot, place
from dialogiverkko.web.drawing.rings import ring
from dialogiverkko.web.query_words import last_part

SKOS_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
PATHS = (("from", "middle", "to"), ("organisation", "context", "partner"))
"""Columns that follow each other in a row as steps of one path; a step that a row lacks is left out."""
_JOINS = DLG + "linksOrganisation"
"""The property by which a link names what it joins: such a link is drawn as an edge."""
_WIDTH = 1000.0
_NAME_WIDTH = 205.0
_FEW = 2
"""Parts of so few things stand two in a row."""
_RADIUS, _LETTERS, _LONGEST, _LONGEST_IN_LAYER = 7, 15, 24, 42
_MOST_NODES, _MOST_EDGES = 80, 150


@dataclass(frozen=True)
class Node:
    """One thing in the picture, and where its name stands."""

    iri: str
    label: str
    x: float
    y: float
    rows: Sequence[str]
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True)
class Edge:
    """One link in the picture; ``row`` is the first row of the table that states it."""

    words: str
    row: int
    x1: float
    y1: float
    x2: float
    y2: float
    strength: str


@dataclass(frozen=True)
class Graph:
    """Things and what links them."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    height: int
    in_rings: bool
    kind: str = "graph"


@dataclass(frozen=True)
class Part:
    """A part of a statement: the IRI of a thing and its name, or words in a language, without an IRI."""

    iri: str
    label: str
    language: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement of an answer that is a graph, with names for people."""

    subject: Part
    predicate: Part
    value: Part


@dataclass
class _Links:
    """What is linked, gathered row by row."""

    labels: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], tuple[int, dict[str, None], str]] = field(default_factory=dict)

    def add(self, one: str, other: str, row: int, words: Sequence[str], strength: str = "") -> None:
        """Join two things; what is joined twice is one edge, which says both."""
        pair = (one, other) if (other, one) not in self.pairs else (other, one)
        self.pairs.setdefault(pair, (row, {}, strength))[1].update(dict.fromkeys(filter(None, words)))


def graph(answer: Answer, named: Sequence[str], language: str) -> Graph | None:
    """Draw the network of an answer; ``named`` are its columns of things with names."""
    if answer.query.is_graph:
        return _drawn(_of_statements(statements(answer, language)), ())
    path = _path(named)
    return _drawn(_of_rows(answer, named, path), _layers(answer, path))


def _path(named: Sequence[str]) -> Sequence[str]:
    """Tell which columns are the steps of a path: those of a known one, else the first two."""
    return next((found for each in PATHS if len(found := [c for c in each if c in named]) > 1), named[:2])


def _of_rows(answer: Answer, named: Sequence[str], path: Sequence[str]) -> _Links:
    links = _Links()
    beside = [column for column in named if column not in path]
    for number, row in enumerate(answer.rows, 1):
        steps = [column for column in path if row.get(column, {}).get("type") == "uri"]
        words = [row[f"{column}Label"]["value"] for column in beside if f"{column}Label" in row]
        strength = row.get("strength", {}).get("value", "").rsplit("/", 1)[-1]
        for column in steps:
            iri = row[column]["value"]
            links.labels[iri] = row.get(f"{column}Label", {}).get("value", iri)
        for one, other in pairwise(steps):
            links.add(row[one]["value"], row[other]["value"], number, words, strength)
    return links


def _layers(answer: Answer, path: Sequence[str]) -> Sequence[Sequence[str]]:
    """Tell the things of each step, where nothing stands in two; nothing otherwise."""
    layers = [list(dict.fromkeys(row[c]["value"] for row in answer.rows if c in row)) for c in path]
    whole = [iri for layer in layers for iri in layer]
    return [layer for layer in layers if layer] if len(whole) == len(set(whole)) else ()


# --- statements ------------------------------------------------------------------------------------


def statements(answer: Answer, language: str) -> list[Statement]:
    """Tell the statements of an answer that is a graph, by subject; names are taken from the answer itself."""
    quads = sorted(parse(answer.triples, RdfFormat.N_TRIPLES), key=str)
    labels: dict[str, tuple[int, str]] = {}
    for quad in quads:
        if quad.predicate.value == SKOS_LABEL and isinstance(quad.object, Literal):
            rank = (language, "fi", "en").index(quad.object.language) if quad.object.language in (language, "fi") else 2
            named = _iri(quad.subject)
            labels[named] = min(labels.get(named, (9, "")), (rank, quad.object.value))

    def part(iri: str) -> Part:
        return Part(iri, labels.get(iri, (0, last_part(iri)))[1])

    found = []
    for quad in quads:
        subject, value = part(_iri(quad.subject)), quad.object
        said = Part("", value.value, value.language or "") if isinstance(value, Literal) else part(_iri(value))
        found.append(Statement(subject, part(quad.predicate.value), said))
    return found


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _of_statements(found: Sequence[Statement]) -> _Links:
    """Take things that are joined by a link as joined; without such links, each statement between things joins."""
    links, joins = _Links(), defaultdict[str, list[tuple[int, Part]]](list)
    for number, each in enumerate(found, 1):
        if each.predicate.iri == _JOINS:
            joins[each.subject.iri].append((number, each.value))
    strengths = {s.subject.iri: s.value.label for s in found if s.predicate.iri == DLG + "linkStrength"}
    for link, parties in joins.items():
        for (number, one), (_, other) in combinations(parties, 2):
            links.labels |= {one.iri: one.label, other.iri: other.label}
            links.add(one.iri, other.iri, number, [], strengths.get(link, ""))
    for number, each in enumerate([] if joins else found, 1):
        if each.value.iri and each.predicate.iri != RDF_TYPE and each.value.iri != each.subject.iri:
            links.labels |= {each.subject.iri: each.subject.label, each.value.iri: each.value.label}
            links.add(each.subject.iri, each.value.iri, number, [each.predicate.label])
    return links


# --- places in the picture -------------------------------------------------------------------------


def _drawn(links: _Links, layers: Sequence[Sequence[str]]) -> Graph | None:
    """Give everything its place; None where there is nothing to draw, or too much."""
    if not links.pairs or len(links.labels) > _MOST_NODES or len(links.pairs) > _MOST_EDGES:
        return None
    nodes, height = _in_layers(layers, links.labels) if layers else _in_rings(links)
    spots = {node.iri: (node.x, node.y) for node in nodes}
    edges = []
    for (one, other), (row, words, strength) in links.pairs.items():
        told = f"{links.labels[one]} – {links.labels[other]}" + (f": {', '.join(words)}" if words else "")
        edges.append(Edge(told, row, *spots[one], *spots[other], strength))
    return Graph(nodes, edges, height, not layers)


def _in_layers(layers: Sequence[Sequence[str]], labels: Mapping[str, str]) -> tuple[list[Node], int]:
    """Put each step of the paths into a column of its own."""
    height = 34 * max(len(layer) for layer in layers) + 40
    last = len(layers) - 1
    nodes = []
    for number, layer in enumerate(layers):
        side = -1 if number == 0 else int(number == last)
        anchor = {-1: "end", 0: "middle", 1: "start"}[side]
        for rank, iri in enumerate(layer):
            x, y = round(330 + 340 * number / max(last, 1), 1), round(height * (rank + 0.5) / len(layer), 1)
            name = shorten(labels[iri], _LONGEST_IN_LAYER, placeholder=" …")
            nodes.append(Node(iri, labels[iri], x, y, (name,), x + 12 * side, y + (4 if side else -12), anchor))
    return nodes, height


def _in_rings(links: _Links) -> tuple[list[Node], int]:
    """Lay each connected part around its best linked member, the parts in rows, the largest first."""
    whole: nx.Graph[str] = nx.Graph()
    whole.add_nodes_from(sorted(links.labels))
    whole.add_edges_from(sorted(links.pairs))
    parts = sorted(nx.connected_components(whole), key=lambda part: (-len(part), min(part)))
    spots: list[tuple[str, Spot]] = []
    left, top, deepest = 0.0, 0.0, 0.0
    for part in parts:
        height = 60.0 + 64 * math.sqrt(len(part))
        width = _WIDTH if len(part) > _FEW else _WIDTH / 2
        if left and left + width > _WIDTH:
            left, top, deepest = 0.0, top + deepest, 0.0
        for iri, (x, y) in ring(whole.subgraph(sorted(part))).items():
            across = left + width / 2 + x * (width / 2 - _NAME_WIDTH)
            down = top + height / 2 + y * (height / 2 - 34)
            spots.append((iri, Spot(links.labels[iri], round(across, 1), round(down, 1), _RADIUS)))
        left, deepest = left + width, max(deepest, height)
    return _with_names(spots, links.pairs, top + deepest), round(top + deepest)


def _with_names(spots: Sequence[tuple[str, Spot]], pairs: Iterable[tuple[str, str]], height: float) -> list[Node]:
    """Put names beside things where they lie on nothing."""
    points = dict(spots)
    lines = [(points[one].x, points[one].y, points[other].x, points[other].y) for one, other in pairs]
    names = place(list(points.values()), lines, (8, 8, _WIDTH - 8, height - 8), _LETTERS, _LONGEST)
    return [
        Node(iri, spot.name, spot.x, spot.y, name.rows, name.x, name.y, name.anchor)
        for (iri, spot), name in zip(spots, names, strict=True)
    ]
