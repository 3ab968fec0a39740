"""The one picture of a network: things as points, what links them as lines, a name beside a point where it can be read.

Pages, things and answers all draw it here. The same network is always drawn alike. Each part that nothing links to the
rest has a cell of its own; where paths lead from one kind of things to the next, each kind has a column.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from textwrap import shorten
from typing import Any

from dialogiverkko.network.later import nx
from dialogiverkko.web.drawing import rings
from dialogiverkko.web.drawing.layout import Label, Segment, Spot, place

WIDTH = 1000.0
_SIZE, _ROW_LETTERS = 15, 20
"""Height of the letters of a name, and how many stand in one row before there are two."""
_COLUMN_LETTERS = 42
_APART = 11
"""How far two lines between the same two things lie apart."""
_MOST_BESIDE = 4
"""How many lines between the same two things are drawn; of more, the first is drawn for all."""
_DENSE = 60
_MANY = 80
"""In a picture of so many lines, the first of each two things is drawn for all of theirs."""


@dataclass(frozen=True)
class Thing:
    """What becomes a point: its IRI, its name, and how large the point is."""

    iri: str
    name: str
    radius: float = 7


@dataclass(frozen=True)
class Tie:
    """A tie to draw between two things: its key, its address, its words, and how strong it is."""

    key: str
    one: str
    other: str
    href: str
    words: str
    strength: str = ""


@dataclass(frozen=True)
class DrawnThing:
    """One thing in the picture; without a label where its name could not be read among the others."""

    iri: str
    name: str
    x: float
    y: float
    radius: float
    label: Label | None


@dataclass(frozen=True)
class DrawnTie:
    """A tie as it is drawn."""

    key: str
    href: str
    words: str
    strength: str
    path: str
    others: int = 0
    """How many more lines between the same two things it stands for."""


@dataclass(frozen=True)
class Network:
    """Points and lines in a picture of the given height."""

    nodes: Sequence[DrawnThing]
    edges: Sequence[DrawnTie]
    height: int
    in_rings: bool = True
    kind: str = "graph"

    @property
    def is_dense(self) -> bool:
        """Whether there are so many lines that they have to be thin."""
        return len(self.edges) > _DENSE

    @property
    def unnamed(self) -> int:
        """How many points have no name beside them."""
        return sum(node.label is None for node in self.nodes)


def told(network: Network) -> dict[str, Any]:  # Any: what JSON holds
    """Return a picture as JSON has it."""
    return asdict(network)


def read(given: Mapping[str, Any]) -> Network:
    """Read a picture that JSON has."""
    return Network(
        [DrawnThing(**{**node, "label": _read_label(node["label"])}) for node in given["nodes"]],
        [DrawnTie(**edge) for edge in given["edges"]],
        given["height"],
        given["in_rings"],
        given["kind"],
    )


def _read_label(given: Mapping[str, Any] | None) -> Label | None:
    if given is None:
        return None
    left, top, right, bottom = given["box"]
    return Label(tuple(given["rows"]), given["x"], given["y"], given["anchor"], (left, top, right, bottom))


def in_rings(things: Sequence[Thing], lines: Sequence[Tie]) -> Network:
    """Draw each connected part around its best linked member; the largest points get their names first."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(thing.iri for thing in things))
    graph.add_edges_from(sorted((line.one, line.other) for line in lines))
    spots, height = rings.lay_out(graph)
    drawn, segments = _drawn(lines, spots)
    wanted = [Spot(t.name, round(spots[t.iri][0], 1), round(spots[t.iri][1], 1), t.radius) for t in things]
    labels = place(tuple(wanted), tuple(segments), (8, 8, WIDTH - 8, height - 8), _SIZE, _ROW_LETTERS)
    nodes = [
        DrawnThing(t.iri, t.name, s.x, s.y, t.radius, label) for t, s, label in zip(things, wanted, labels, strict=True)
    ]
    return Network(nodes, drawn, height)


def in_columns(layers: Sequence[Sequence[Thing]], lines: Sequence[Tie]) -> Network:
    """Draw each step of some paths as a column of its own."""
    height = 34 * max(len(layer) for layer in layers) + 40
    last = len(layers) - 1
    nodes = []
    for number, layer in enumerate(layers):
        side = -1 if number == 0 else int(number == last)
        anchor = {-1: "end", 0: "middle", 1: "start"}[side]
        for rank, thing in enumerate(layer):
            x, y = round(330 + 340 * number / max(last, 1), 1), round(height * (rank + 0.5) / len(layer), 1)
            name = shorten(thing.name, _COLUMN_LETTERS, placeholder=" …")
            label = Label((name,), x + 12 * side, y + (4 if side else -12), anchor, (x, y, x, y))
            nodes.append(DrawnThing(thing.iri, thing.name, x, y, thing.radius, label))
    drawn, _ = _drawn(lines, {node.iri: (node.x, node.y) for node in nodes})
    return Network(nodes, drawn, height, in_rings=False)


def _drawn(lines: Sequence[Tie], spots: Mapping[str, tuple[float, float]]) -> tuple[list[DrawnTie], list[Segment]]:
    """Draw each tie past the points that it does not link; those between the same two things lie side by side."""
    together: dict[frozenset[str], list[str]] = defaultdict(list)
    for line in lines:
        together[frozenset((line.one, line.other))].append(line.key)
    beside_each_other = 1 if len(lines) > _MANY else _MOST_BESIDE
    edges: list[DrawnTie] = []
    segments: list[Segment] = []
    for line in lines:
        beside = together[frozenset((line.one, line.other))]
        others = len(beside) - 1 if len(beside) > beside_each_other else 0
        if others and line.key != beside[0]:
            continue
        (x1, y1), (x2, y2) = sorted((spots[line.one], spots[line.other]))
        place_ = 0.0 if others else beside.index(line.key) - (len(beside) - 1) / 2
        aside = place_ * _APART / (math.hypot(x2 - x1, y2 - y1) or 1)
        dx, dy = (y1 - y2) * aside, (x2 - x1) * aside
        rest = [spot for iri, spot in spots.items() if iri not in (line.one, line.other)]
        bent = rings.bend((x1 + dx, y1 + dy, x2 + dx, y2 + dy), rest)
        segments.extend(bent)
        edges.append(DrawnTie(line.key, line.href, line.words, line.strength, rings.path(bent), others))
    return edges, segments
