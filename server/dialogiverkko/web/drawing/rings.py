"""Where the members of a network stand, and how lines lead from one to another."""

import math

import networkx as nx

from dialogiverkko.web.drawing.layout import Segment

_TILT = 0.45
"""Radians by which a ring is turned, so that names do not lie on one line."""
_ALIKE = 0.001
_CLEAR = 24
"""How near a line may pass an organisation that it does not link."""


def ring(graph: "nx.Graph[str]", tilt: float = _TILT) -> dict[str, tuple[float, float]]:
    """Lay out a connected part around its best linked member, within a circle of radius 1."""
    centre = max(sorted(graph), key=lambda n: graph.degree[n])
    tree = nx.bfs_tree(graph, centre, sort_neighbors=sorted)
    depth = nx.single_source_shortest_path_length(tree, centre)
    deepest = max(max(depth.values()), 1)
    leaves = [n for n in nx.dfs_preorder_nodes(tree, centre) if tree.out_degree(n) == 0]
    turn = 2 * math.pi / max(len(leaves), 1)
    angle = {leaf: number * turn + tilt for number, leaf in enumerate(leaves)}
    for node in reversed(list(nx.dfs_preorder_nodes(tree, centre))):
        below = [angle[child] for child in tree.successors(node)]
        if below:
            angle[node] = sum(below) / len(below)
    far = {n: 1.0 if tree.out_degree(n) == 0 and n != centre else depth[n] / deepest for n in tree}
    return {n: (far[n] * math.cos(angle[n]), far[n] * math.sin(angle[n])) for n in tree}


def _spread(values: list[float]) -> list[float]:
    """Stretch numbers over 0 to 1; such as are all alike stay in the middle."""
    least, most = min(values), max(values)
    return [(value - least) / (most - least) if most - least > _ALIKE else 0.5 for value in values]


def lay_out(graph: "nx.Graph[str]") -> dict[str, tuple[float, float]]:
    """Give each part of the graph a cell of its own: the largest left, the next right of it, the rest below that."""
    parts = sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(c)))
    rest = max(len(parts) - 2, 1)
    spots: dict[str, tuple[float, float]] = {}
    for number, component in enumerate(parts):
        if number == 0:
            left, top, width, height = 130.0, 90.0, 360.0, 530.0
        elif number == 1:
            left, top, width, height = 665.0, 60.0, 200.0, 270.0
        else:
            left, top, width, height = 660.0, 405 + (number - 2) * 300.0 / rest, 60.0, 190.0 / rest
        found = ring(graph.subgraph(sorted(component)), math.pi / 2 if number else 0.0)
        across, down = _spread([x for x, _ in found.values()]), _spread([y for _, y in found.values()])
        for (iri, _), x, y in zip(found.items(), across, down, strict=True):
            spots[iri] = (left + x * width, top + y * height)
    return spots


def bend(straight: Segment, others: list[tuple[float, float]]) -> tuple[Segment, ...]:
    """Lead a line past whatever it would run through and does not link."""
    x1, y1, x2, y2 = straight
    length = math.hypot(x2 - x1, y2 - y1) or 1
    for x, y in others:
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length**2
        away = abs((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)) / length
        if 0 < along < 1 and away < _CLEAR:
            x, y = x + (y2 - y1) / length * 2 * _CLEAR, y - (x2 - x1) / length * 2 * _CLEAR
            return (x1, y1, x, y), (x, y, x2, y2)
    return (straight,)


def path(line: tuple[Segment, ...]) -> str:
    """Write a line as the data of an SVG path: straight, or a curve past what it does not link."""
    first, last = line[0], line[-1]
    start, end = f"M{first[0]:.1f} {first[1]:.1f}", f"{last[2]:.1f} {last[3]:.1f}"
    if len(line) == 1:
        return f"{start}L{end}"
    (x1, y1, x, y), (_, _, x2, y2) = line
    return f"{start}Q{2 * x - (x1 + x2) / 2:.1f} {2 * y - (y1 + y2) / 2:.1f} {end}"
