"""Where the members of a network stand, and how lines lead from one to another."""

import math
from collections.abc import Sequence

from dialogiverkko.network.later import nx
from dialogiverkko.web.drawing.layout import Segment

_TILT = 0.45
"""Radians by which a ring is turned, so that names do not lie on one line."""
_ALIKE = 0.001
_MARGIN = 60.0
"""Room for names about a cell."""
_FEW, _MANY, _IN_A_ROW = 2, 20, 3
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


def lay_out(graph: "nx.Graph[str]") -> tuple[dict[str, tuple[float, float]], int]:
    """Give each part of a graph a cell of its own, and return where everything stands and how high the picture is.

    The largest part stands left, the next ones right of it as far as they fit, the rest in rows below.
    """
    parts = [sorted(part) for part in nx.connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), part[0]))
    spots: dict[str, tuple[float, float]] = {}
    for number, (part, cell) in enumerate(zip(parts, _cells([len(part) for part in parts]), strict=True)):
        left, top, width, height = cell
        found = ring(graph.subgraph(part), math.pi / 2 if number else 0.0)
        across, down = _spread([x for x, _ in found.values()]), _spread([y for _, y in found.values()])
        for iri, x, y in zip(found, across, down, strict=True):
            spots[iri] = (left + x * width, top + y * height)
    return spots, round(max((y for _, y in spots.values()), default=0) + _MARGIN)


def _cells(sizes: Sequence[int]) -> list[tuple[float, float, float, float]]:
    """Return left, top, width and height of the cell of each part, the largest part first."""
    if not sizes:
        return []
    is_wide = len(sizes) == 1 or sizes[0] > _MANY
    deep = max(140.0, (100 if is_wide else 118) * math.sqrt(sizes[0]))
    cells = [(130.0, 90.0, 740.0 if is_wide else 360.0, deep)]
    down, bottom = 60.0, 90.0 + deep
    across, row, low = 0, bottom + 2 * _MARGIN, 0.0
    for size in sizes[1:]:
        height = 40.0 if size <= _FEW else 76 * math.sqrt(size)
        if not is_wide and row == bottom + 2 * _MARGIN and not across and down + height <= bottom:
            cells.append((665.0, down, 200.0, height))
            down += height + 1.5 * _MARGIN
            continue
        cells.append((120.0 + 330 * across, row, 130.0, height))
        low = max(low, height)
        across += 1
        if across == _IN_A_ROW:
            across, row, low = 0, row + low + 1.5 * _MARGIN, 0.0
    return cells


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
