"""Pictures drawn on the server, each with its table beside it: network, timeline, map, the flow into policy."""

import datetime as dt
import math
import textwrap
from collections import defaultdict
from dataclasses import dataclass

import networkx as nx

from dialogiverkko.namespaces import DLG, ID
from dialogiverkko.web import fuzzy
from dialogiverkko.web.drawing import outline, rings
from dialogiverkko.web.drawing.layout import Label, Segment, Spot, place
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import DCTERMS, Index, address

WIDTH, HEIGHT = 1000, 720
_LETTERS, _LONGEST = 15, 20
"""Height of the letters of a name in the network, and how many stand in one row before there are two."""
_APART = 11
"""How far two links between the same organisations lie apart."""


_AREAS = {"region": 17, "lake-district": 17, "river": 11, "country": 32}
"""Radius of the circle that stands for a place that is no single point, by its kind."""


@dataclass(frozen=True)
class Node:
    """One organisation in the picture."""

    iri: str
    href: str
    name: str
    x: float
    y: float
    radius: int
    label: Label


@dataclass(frozen=True)
class Edge:
    """One link in the picture."""

    iri: str
    slug: str
    line: tuple[Segment, ...]
    """One straight part, or two where the line makes a bend about an organisation that it does not touch."""
    path: str
    strength: str
    basis: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One activity on the timeline, in units of the picture."""

    activity: str
    name: str
    words: str
    x: float
    width: float
    sure_x: float
    sure_width: float
    certain: str
    possibly: str
    is_late: bool
    """Its name ends where the bar ends, since there is no room after its beginning."""


@dataclass(frozen=True)
class Timeline:
    """The dated activities and the years of the axis: each year's name and its beginning."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, float], ...]
    left: float
    right: float


@dataclass(frozen=True)
class Point:
    """One place on the map."""

    iri: str
    href: str
    x: int
    y: int
    radius: int
    kind: str
    """``venue``, ``subject`` (a town in which nothing was held) or ``area`` (no single point)."""
    label: Label


@dataclass(frozen=True)
class Card:
    """One thing in the flow into policy."""

    href: str
    name: str
    rows: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True)
class Arrow:
    """What leads from one thing to the next."""

    path: str
    was_used: bool


@dataclass(frozen=True)
class Flow:
    """Three columns and what leads from one to the next."""

    height: int
    columns: tuple[tuple[Card, ...], ...]
    arrows: tuple[Arrow, ...]


# --- network ----------------------------------------------------------------------------------


def network(index: Index, language: str) -> tuple[list[Node], list[Edge]]:
    """Lay out the collaboration network; the same graph is always drawn alike."""
    links = things.links(index, language)
    graph: nx.Graph[str] = nx.Graph()
    for link in sorted(links, key=lambda x: x.iri):
        graph.add_edge(link.one, link.other)
    if not graph:
        return [], []
    spots = rings.lay_out(graph)
    edges = _edges(index, links, spots, language)
    listed = index.sorted(set(spots), language)
    wanted = [Spot(index.label(iri, language).value, *spots[iri], 6 + 2 * graph.degree[iri]) for iri in listed]
    lines = [part for e in edges for part in e.line]
    labels = place(wanted, lines, (8, 8, WIDTH - 8, HEIGHT - 8), _LETTERS, _LONGEST)
    nodes = [
        Node(iri, address(iri, language), spot.name, round(spot.x), round(spot.y), round(spot.radius), label)
        for iri, spot, label in zip(listed, wanted, labels, strict=True)
    ]
    return nodes, edges


def _edges(index: Index, links: list[things.Link], spots: dict[str, tuple[float, float]], language: str) -> list[Edge]:
    """Draw each link as a line; those of the same two organisations lie side by side."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for link in links:
        together[link.one, link.other].append(link.iri)
    edges = []
    for link in links:
        strength, basis = link.strength.rsplit("/", 1)[-1], link.basis.rsplit("/", 1)[-1]
        (x1, y1), (x2, y2) = sorted((spots[link.one], spots[link.other]))
        beside = together[link.one, link.other]
        aside = (beside.index(link.iri) - (len(beside) - 1) / 2) * _APART / (math.hypot(x2 - x1, y2 - y1) or 1)
        dx, dy = (y1 - y2) * aside, (x2 - x1) * aside
        line = rings.bend(
            (x1 + dx, y1 + dy, x2 + dx, y2 + dy), [s for iri, s in spots.items() if iri not in (link.one, link.other)]
        )
        one, other, how, through = (
            index.label(iri, language).value for iri in (link.one, link.other, link.strength, link.through)
        )
        title = f"{one} – {other}: {how.lower()}, {through}"
        slug = link.iri.rsplit("/link/", 1)[-1]
        edges.append(Edge(link.iri, slug, line, rings.path(line), strength, basis, title))
    return edges


# --- time -------------------------------------------------------------------------------------

_LEFT, _RIGHT = 20.0, 980.0
_LEAST = 5.0
"""The least width of a bar that is seen."""
_NAME_LETTER = 9.0
"""Width of a letter of a name above its bar, generously reckoned."""


def timeline(index: Index, language: str) -> Timeline:
    """Draw each dated activity: when it may have gone on, and within that when it certainly did."""
    spans = [
        (activity, span, [dt.date.fromisoformat(index.value(span, DLG + name)) for name in _BOUNDS])
        for activity in index.all("Activity")
        for span in index.values(activity, DLG + "hasTimeSpan")
    ]
    if not spans:
        return Timeline((), (), _LEFT, _RIGHT)
    first, last = min(s[2][0] for s in spans).year, max(s[2][3] for s in spans).year + 1
    start, end = dt.date(first, 1, 1), dt.date(last, 1, 1)

    def at(day: dt.date) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (day - start).days / (end - start).days, 1)

    bars = []
    for activity, span, (b1, b2, e1, e2) in spans:
        day, name = dt.timedelta(days=1), index.label(activity, language).value
        x, right = at(b1), at(e2 + day)
        sure = (at(b2), at(e1 + day)) if b2 <= e1 else (0.0, 0.0)
        bars.append(
            Bar(
                activity, name, fuzzy.tell(index.value(span, DLG + "edtf"), language),
                x, max(round(right - x, 1), _LEAST), sure[0], max(round(sure[1] - sure[0], 1), _LEAST) if sure[1] else 0,
                fuzzy.tell(f"{b2}/{e1}", language) if sure[1] else "", fuzzy.tell(f"{b1}/{e2}", language),
                x + len(name) * _NAME_LETTER > _RIGHT,
            )
        )  # fmt: skip
    years = tuple((year, at(dt.date(year, 1, 1))) for year in range(first, last + 1))
    return Timeline(tuple(sorted(bars, key=lambda b: (b.x, b.width, b.name))), years, _LEFT, _RIGHT)


_BOUNDS = ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")

# --- place ------------------------------------------------------------------------------------


def points(index: Index, language: str) -> tuple[list[Point], list[str]]:
    """Place the places on the outline from north to south; tell also those that have no place on it."""
    rows = things.places(index, language)
    venues = {p for p, how, _, _ in rows if how == DLG + "hasPlace"}
    shown = index.sorted({p for p, *_ in rows}, language)
    on_map = sorted(
        (iri for iri in shown if _slug(iri) in outline.SPOTS), key=lambda iri: outline.SPOTS[_slug(iri)][::-1]
    )
    kinds = {iri: index.value(iri, DCTERMS + "type").rsplit("/", 1)[-1] for iri in on_map}
    spots = [
        Spot(index.label(iri, language).value, *outline.SPOTS[_slug(iri)], _AREAS.get(kinds[iri], 8)) for iri in on_map
    ]
    labels = place(spots, [], (4, 4, outline.WIDTH - 4, outline.HEIGHT - 4), 17, 24)
    found = [
        Point(
            iri, address(iri, language), round(spot.x), round(spot.y), round(spot.radius),
            "area" if kinds[iri] in _AREAS else "venue" if iri in venues else "subject", label,
        )
        for iri, spot, label in zip(on_map, spots, labels, strict=True)
    ]  # fmt: skip
    return found, [iri for iri in shown if iri not in kinds]


def _slug(place_: str) -> str:
    return place_.removeprefix(ID + "place/")


# --- policy -----------------------------------------------------------------------------------

_CARD_WIDTH = 264
_COLUMNS = (4, 358, 712)
_STEP, _TOP = 68, 40


def flow(index: Index, rows: list[things.PolicyRow], language: str) -> Flow:
    """Lay out dialogue → process or product → instrument in three columns."""
    listed = (
        list(dict.fromkeys(r.activity for r in rows)),
        list(dict.fromkeys(r.target for r in rows)),
        list(dict.fromkeys(i for r in rows for i in r.instruments)),
    )
    height = _STEP * max(*map(len, listed), 1)
    middle: dict[tuple[int, str], int] = {}
    columns = []
    for number, items in enumerate(listed):
        step = height / max(len(items), 1)
        cards = []
        for n, iri in enumerate(items):
            y = middle[number, iri] = _TOP + round(step * (n + 0.5))
            name = index.label(iri, language).value
            cards.append(Card(address(iri, language), name, tuple(textwrap.wrap(name, 31)), _COLUMNS[number], y))
        columns.append(tuple(cards))
    steps = {(0, r.activity, r.target, r.was_used) for r in rows}
    steps |= {(1, r.target, i, False) for r in rows for i in r.instruments}
    arrows = []
    for number, one, other, was_used in sorted(steps):
        x1, x2 = _COLUMNS[number] + _CARD_WIDTH, _COLUMNS[number + 1] - 12
        y1, y2, bend = middle[number, one], middle[number + 1, other], (x1 + x2) // 2
        arrows.append(Arrow(f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}", was_used))
    return Flow(height + _TOP + 8, tuple(columns), tuple(arrows))
