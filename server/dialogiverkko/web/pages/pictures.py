"""Pictures drawn on the server, each with its table beside it: network, timeline, map, the flow into policy."""

import datetime as dt
import math
from dataclasses import dataclass

import networkx as nx

from dialogiverkko.namespaces import DLG, ID
from dialogiverkko.web.pages import fuzzy, things
from dialogiverkko.web.pages.index import Index

WIDTH, HEIGHT = 1000, 720
YEARS = (2020, 2021, 2022, 2023, 2024)
_FIRST, _LAST = dt.date(2020, 1, 1), dt.date(2024, 12, 31)
_TILT = 0.45
"""Radians by which a ring is turned, so that names do not lie on one line."""
_STRENGTHS = {"joint-organisation": 4, "partnership": 3, "involvement": 2, "shared-context": 1}

OUTLINE = (
    "M 118 20 L 150 34 L 176 22 L 214 12 L 240 30 L 236 66 L 262 92 L 256 128 L 282 160 L 276 196 L 296 226 L 290 262 L 318 300 "
    "L 330 342 L 312 384 L 286 420 L 250 446 L 206 458 L 168 470 L 128 478 L 98 464 L 84 430 L 90 394 L 82 358 L 96 322 L 120 296 "
    "L 140 262 L 150 226 L 134 196 L 120 160 L 116 124 L 104 92 L 92 64 L 76 44 L 96 36 Z"
)
"""A schematic outline of Finland, drawn by hand for this page; it is no map data."""
SPOTS = {
    "utsjoki": (206, 30), "teno": (150, 56), "kemijarvi": (228, 146), "tampere": (128, 398), "raasepori": (112, 470), "hyvinkaa": (160, 440),
    "turku": (96, 450), "saimaa": (256, 392), "etela-savo": (238, 366), "uusimaa": (196, 448), "suomi": (186, 270),
}  # fmt: skip
"""Where the page shows a place: display positions on the schematic outline, no coordinates."""


@dataclass(frozen=True)
class Node:
    """One organisation in the picture."""

    iri: str
    name: str
    x: float
    y: float
    degree: int
    text_y: int
    """Where its name stands: above it where most that it is linked with lies below, else below."""


@dataclass(frozen=True)
class Edge:
    """One link in the picture."""

    iri: str
    x1: float
    y1: float
    x2: float
    y2: float
    width: int
    strength: str
    basis: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One activity on the timeline, in per cent of the width."""

    activity: str
    words: str
    left: float
    possible: float
    sure_left: float
    sure: float
    certain: str
    possibly: str


def ring(graph: "nx.Graph[str]") -> dict[str, tuple[float, float]]:
    """Lay out a connected part around its best linked member, within a circle of radius 1."""
    centre = max(sorted(graph), key=lambda n: graph.degree[n])
    tree = nx.bfs_tree(graph, centre, sort_neighbors=sorted)
    depth = nx.single_source_shortest_path_length(tree, centre)
    deepest = max(max(depth.values()), 1)
    leaves = [n for n in nx.dfs_preorder_nodes(tree, centre) if tree.out_degree(n) == 0]
    turn = 2 * math.pi / max(len(leaves), 1)
    angle = {leaf: number * turn + _TILT for number, leaf in enumerate(leaves)}
    for node in reversed(list(nx.dfs_preorder_nodes(tree, centre))):
        below = [angle[child] for child in tree.successors(node)]
        if below:
            angle[node] = sum(below) / len(below)
    return {n: (depth[n] / deepest * math.cos(angle[n]), depth[n] / deepest * math.sin(angle[n])) for n in tree}


def _spots(graph: "nx.Graph[str]") -> dict[str, tuple[float, float]]:
    """Give each part of the graph a cell of its own: the largest left, the next right of it, the rest below that."""
    parts = sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(c)))
    rest = max(len(parts) - 2, 1)
    spots: dict[str, tuple[float, float]] = {}
    for number, component in enumerate(parts):
        if number == 0:
            left, top, width, height = 120.0, 70.0, 360.0, 560.0
        elif number == 1:
            left, top, width, height = 600.0, 70.0, 330.0, 330.0
        else:
            height = 220.0 / rest
            left, top, width = 660.0, 460 + (number - 2) * (height + 30), 230.0
        for iri, (x, y) in ring(graph.subgraph(sorted(component))).items():
            spots[iri] = (left + (x + 1) / 2 * width, top + (y + 1) / 2 * height)
    return spots


def network(index: Index, language: str) -> tuple[list[Node], list[Edge]]:
    """Lay out the collaboration network; the same graph is always drawn alike."""
    links = things.links(index, language)
    graph: nx.Graph[str] = nx.Graph()
    for link in sorted(links, key=lambda x: x.iri):
        graph.add_edge(link.one, link.other)
    if not graph:
        return [], []
    spots = _spots(graph)
    nodes = []
    for iri, (x, y) in sorted(spots.items()):
        near = [spots[other][1] for other in graph[iri]]
        radius = 6 + 2 * graph.degree[iri]
        text_y = y - radius - 6 if y <= sum(near) / len(near) else y + radius + 16
        nodes.append(Node(iri, index.label(iri, language).value, round(x), round(y), graph.degree[iri], round(text_y)))
    edges = []
    for link in links:
        strength = link.strength.rsplit("/", 1)[-1]
        (x1, y1), (x2, y2) = spots[link.one], spots[link.other]
        title = f"{index.label(link.one, language).value} – {index.label(link.other, language).value}: {index.label(link.strength, language).value.lower()}, {index.label(link.through, language).value}"
        basis = link.basis.rsplit("/", 1)[-1]
        ends = (round(x1), round(y1), round(x2), round(y2))
        edges.append(Edge(link.iri, *ends, _STRENGTHS[strength], strength, basis, title))
    return nodes, edges


def _share(day: dt.date) -> float:
    return 100 * (day - _FIRST).days / (_LAST - _FIRST).days


def timeline(index: Index, language: str) -> list[Bar]:
    """Draw each dated activity: when it may have gone on, and within that when it certainly did."""
    bars = []
    for activity in index.all("Activity"):
        for span in index.values(activity, DLG + "hasTimeSpan"):
            b1, b2, e1, e2 = (
                dt.date.fromisoformat(index.value(span, DLG + n))
                for n in ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")
            )
            sure = b2 <= e1
            certain = f"{fuzzy.day(b2.isoformat(), language)}–{fuzzy.day(e1.isoformat(), language)}" if sure else ""
            bars.append(
                Bar(
                    activity, fuzzy.tell(index.value(span, DLG + "edtf"), language), round(_share(b1), 2), round(max(_share(e2) - _share(b1), 0.6), 2),
                    round(_share(b2), 2), round(max(_share(e1) - _share(b2), 0.6), 2) if sure else 0, certain,
                    f"{fuzzy.day(b1.isoformat(), language)}–{fuzzy.day(e2.isoformat(), language)}",
                )
            )  # fmt: skip
    return sorted(bars, key=lambda b: (b.left, b.activity))


def points(index: Index, language: str) -> list[tuple[str, str, int, int, bool]]:
    """Place the places on the outline, and tell venues from the rest."""
    rows = things.places(index, language)
    venues = {p for p, how, _, _ in rows if how == DLG + "hasPlace"}
    shown = {p for p, *_ in rows}
    found = []
    for iri in index.sorted(shown, language):
        spot = SPOTS.get(iri.removeprefix(ID + "place/"))
        if spot:
            found.append((iri, index.label(iri, language).value, *spot, iri in venues))
    return found


def flow(index: Index, rows: list[things.PolicyRow], language: str) -> dict[str, object]:
    """Lay out dialogue → process or product → instrument in three columns."""
    lefts = list(dict.fromkeys(r.activity for r in rows))
    middles = list(dict.fromkeys(r.target for r in rows))
    rights = list(dict.fromkeys(i for r in rows for i in r.instruments))
    height = 52 * max(len(lefts), len(middles), len(rights), 1)

    def spread(items: list[str]) -> dict[str, int]:
        step = height / max(len(items), 1)
        return {item: round(step * (n + 0.5)) for n, item in enumerate(items)}

    left, middle, right = spread(lefts), spread(middles), spread(rights)
    lines = [(250, left[r.activity], 350, middle[r.target], r.was_used) for r in rows]
    lines += sorted({(600, middle[r.target], 690, right[i], False) for r in rows for i in r.instruments})
    columns = [[(i, index.label(i, language).value, y) for i, y in column.items()] for column in (left, middle, right)]
    return {"height": height, "columns": columns, "lines": lines}
