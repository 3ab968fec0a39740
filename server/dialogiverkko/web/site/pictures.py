"""What pages draw of their own: the map from the graph's places, and the flow from dialogue into policy."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from dialogiverkko.namespaces import DCTERMS, DLG
from dialogiverkko.web.drawing.layout import spans
from dialogiverkko.web.drawing.places import Map, Place
from dialogiverkko.web.drawing.places import places as draw_places
from dialogiverkko.web.positions import Position
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import Index, address

_AREAS = {"region": 17, "lake-district": 17, "river": 11, "country": 32}
"""Radius of the circle that stands for a place that is no single point, by its kind."""


@dataclass(frozen=True)
class Card:
    """One thing in the flow into policy."""

    href: str
    name: str
    rows: tuple[str, ...]
    x: int
    y: int

    @property
    def spans(self) -> Markup:
        """Its name in rows about its middle."""
        return spans(self.rows, self.x + 9, self.y + 4.5 - (len(self.rows) - 1) * 8.4, 14)


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


# --- place ------------------------------------------------------------------------------------


def places(index: Index, known: Mapping[str, Position], rows: Sequence[things.PlaceRow], language: str) -> Map:
    """Place the places on the outline from north to south; those without coordinates are told apart."""
    venues = {row.place for row in rows if row.how == DLG + "hasPlace"}
    shown = index.sorted({row.place for row in rows}, language)
    found = []
    for iri in shown:
        if iri in known:
            kind = index.value(iri, DCTERMS + "type").rsplit("/", 1)[-1]
            how = "area" if kind in _AREAS else "venue" if iri in venues else "subject"
            found.append(Place(iri, index.label(iri, language).value, known[iri], how, _AREAS.get(kind, 8)))
    drawn = draw_places(found, [iri for iri in shown if iri not in known])
    return replace(drawn, elsewhere=index.sorted(set(drawn.elsewhere), language))


# --- policy -----------------------------------------------------------------------------------

_CARD_WIDTH = 264
_COLUMNS = (4, 358, 712)
_STEP, _TOP = 68, 40


def flow(index: Index, rows: Sequence[things.PolicyRow], language: str) -> Flow:
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
