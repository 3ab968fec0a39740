"""What stands near a thing: an organisation's activities and neighbours, a passage's place, activities that have much in common."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DLG
from dialogiverkko.web import fuzzy
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import DCTERMS, Index

_STATUSES = ("realised", "ongoing", "planned", "aspired", "unstated")
_SHARED = (
    DCTERMS + "subject",
    *(
        DLG + name
        for name in (
            "usesMethod", "isConnectedWith", "feedsInto", "takesPlaceAt", "isPartOf", "realisesPractice", "concernsProduct",
        )
    ),
)  # fmt: skip
_MOST_RELATED = 6
_WIDTH, _LEFT, _ROW = 1000, 10, 26
_ROOM = 760
"""What the longest text needs."""


@dataclass(frozen=True)
class Row:
    """One activity of an organisation."""

    activity: str
    status: str
    when: tuple[str, ...]
    is_reported: bool
    roles: tuple[str, ...]
    rows: int = 0
    """How many rows its status heads, in the first of them."""


@dataclass(frozen=True)
class Spoke:
    """One neighbour in the small network: its lines of text, where it stands, and the strongest link to it."""

    lines: tuple[str, ...]
    x: int
    y: int
    anchor: str
    strength: str


@dataclass(frozen=True)
class Span:
    """One time on the small timeline, in the units of the picture."""

    name: str
    words: str
    left: float
    possible: float
    sure_left: float
    sure: float
    y: int
    text_x: float
    anchor: str
    """Which end of the text stands at ``text_x``."""


@dataclass(frozen=True)
class Near:
    """An activity that shares something with another."""

    activity: str
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a passage stands: the item that it belongs to, in shares of 1000, and the passages before and after it."""

    item: Passage | None
    left: float
    width: float
    marks: tuple[tuple[float, float], ...]
    phrases: tuple[Passage, ...]
    """The phrases within it, where it is a whole item."""
    before: Passage | None
    after: Passage | None
    owners: tuple[str, ...]


def activities(index: Index, organisation: str, language: str) -> list[Row]:
    """Tell the activities that an organisation or a unit of it reports or takes part in: what is done first."""
    units = things.units_of(index, organisation)
    roles: dict[str, set[str]] = defaultdict(set)
    for activity in index.all("Activity"):
        for part in things.parts(index, activity):
            if part.who in units or units & set(part.affiliations):
                roles[activity].add(part.role)
    reported = set(things.activities_of(index, organisation))
    rows = [
        Row(
            a,
            index.value(a, DLG + "hasRealisationStatus"),
            times(index, a, language),
            a in reported,
            tuple(sorted(roles[a])),
        )
        for a in index.sorted(reported | set(roles), language)
    ]
    rows.sort(key=lambda r: _STATUSES.index(r.status.rsplit("/", 1)[-1]))
    many = Counter(r.status for r in rows)
    return [replace(r, rows=many.pop(r.status, 0)) for r in rows]


def times(index: Index, activity: str, language: str) -> tuple[str, ...]:
    """Tell the times of an activity in words."""
    spans = index.values(activity, DLG + "hasTimeSpan")
    return tuple(fuzzy.tell(index.value(span, DLG + "edtf"), language) for span in spans)


def spokes(index: Index, organisation: str, links: list[things.Link], language: str) -> tuple[list[Spoke], int]:
    """Lay out an organisation's neighbours left and right of it; also tell the height of the picture."""
    strongest: dict[str, str] = {}
    for link in links:
        strongest.setdefault(link.other if link.one == organisation else link.one, link.strength.rsplit("/", 1)[-1])
    near = sorted(strongest, key=lambda o: (things.STRENGTHS.index(strongest[o]), index.label(o, language).value))
    height = 70 * ((len(near) + 1) // 2) + 40
    found = []
    for number, iri in enumerate(near):
        side, row = number % 2, number // 2
        on_side = (len(near) + 1 - side) // 2
        y = round(height * (row + 0.5) / on_side)
        x, anchor = ((300, "end"), (700, "start"))[side]
        found.append(Spoke(_wrapped(index.label(iri, language).value), x, y, anchor, strongest[iri]))
    return found, height


def _wrapped(name: str, width: int = 30) -> tuple[str, ...]:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines[:2]) if len(lines) < 3 else (lines[0], lines[1] + " …")


def timeline(index: Index, rows: list[Row], language: str) -> tuple[list[Span], list[tuple[int, float]]]:
    """Draw the dated ones of some activities; also tell where each year begins."""
    dated = []
    for row in rows:
        for span in index.values(row.activity, DLG + "hasTimeSpan"):
            bounds = [
                dt.date.fromisoformat(index.value(span, DLG + name))
                for name in ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")
            ]
            dated.append((bounds, row.activity, fuzzy.tell(index.value(span, DLG + "edtf"), language)))
    if not dated:
        return [], []
    dated.sort(key=lambda d: (d[0], d[1]))
    first, last = min(b[0] for b, *_ in dated).year, max(b[3] for b, *_ in dated).year
    begin, days = dt.date(first, 1, 1), (dt.date(last, 12, 31) - dt.date(first, 1, 1)).days

    def at(day: dt.date) -> float:
        return round(_LEFT + (_WIDTH - 2 * _LEFT) * (day - begin).days / days, 1)

    spans = []
    for number, ((b1, b2, e1, e2), activity, words) in enumerate(dated):
        sure = max(at(e1) - at(b2), 5.0) if b2 <= e1 else 0
        name = index.label(activity, language).value
        left, possible = at(b1), max(at(e2) - at(b1), 5.0)
        if left + _ROOM <= _WIDTH:
            text_x, anchor = left, "start"
        else:
            text_x, anchor = max(left + possible, _ROOM), "end"
        spans.append(Span(name, words, left, possible, at(b2), sure, 30 + 2 * _ROW * number, text_x, anchor))
    return spans, [(year, at(dt.date(year, 1, 1))) for year in range(first, last + 1)]


def related(index: Index, activity: str) -> list[Near]:
    """Tell the activities that share themes, methods or contexts with one; what few share counts most."""
    shared: dict[str, list[str]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    for predicate in _SHARED:
        for value in index.values(activity, predicate):
            others = [o for o in index.pointing(value, predicate) if o != activity and index.is_a(o, "Activity")]
            for other in others:
                if value not in shared[other]:
                    shared[other].append(value)
                    weights[other] += 1 / len(others)
    best = sorted(weights, key=lambda o: (-weights[o], o))[:_MOST_RELATED]
    return [Near(o, tuple(shared[o])) for o in best]


def place(index: Index, iri: str, language: str) -> Place:
    """Tell where a passage stands and what rests on it."""
    own = index.passages[iri]
    order = sorted(
        (p for p in index.passages.values() if p.document == own.document), key=lambda p: (p.line, p.start, -p.end)
    )
    at = order.index(own)
    holding = [p for p in order if p.is_item and p.line == own.line and p.start <= own.start and own.end <= p.end]
    item = min(holding, key=lambda p: p.end - p.start, default=None)

    def share(passage: Passage) -> tuple[float, float]:
        whole = (item or own).end - (item or own).start
        start = passage.start - (item or own).start
        return round(1000 * start / whole, 1), round(1000 * (passage.end - passage.start) / whole, 1)

    inside = [
        p for p in order if item and p.is_fine and p.line == item.line and item.start <= p.start and p.end <= item.end
    ]
    owners = {owner for s in own.statements if "/link/" not in (owner := things.owner(s)) and "/src/" not in owner}
    return Place(
        item, *share(own), tuple(share(p) for p in inside if p is not own), tuple(inside) if own.is_item else (),
        order[at - 1] if at else None,
        order[at + 1] if at + 1 < len(order) else None, tuple(index.sorted(owners, language)),
    )  # fmt: skip
