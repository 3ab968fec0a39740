"""What a page shows beside a thing: an organisation's activities, a passage's place, similar activities."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from dialogiverkko.graph import dates
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DCTERMS, DLG, VOCAB
from dialogiverkko.web.drawing.timeline import Bounds, Item
from dialogiverkko.web.site import reading, things
from dialogiverkko.web.site.index import CV, Index

_STATUSES = ("realised", "ongoing", "planned", "aspired", "unstated")
_AFFILIATION = DLG + "participantAffiliation"
_SHARED = (
    DCTERMS + "subject",
    *(
        DLG + name
        for name in (
            "usesMethod", "isConnectedWith", "feedsInto", "takesPlaceAt", "isPartOf", "realisesPractice", "concernsProduct",
        )
    ),
)  # fmt: skip
_EXPLICIT = VOCAB + "basis/explicit"
_MOST_RELATED = 6
_MANY = 1_000
"""Things beyond which what they share makes none of them near to another."""
_BOUNDS = ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")


@dataclass(frozen=True)
class Row:
    """One activity of an organisation."""

    activity: str
    status: str
    is_reported: bool
    roles: tuple[tuple[str, str], ...]
    """The roles of the organisation itself or of a unit of it, each with its basis where the words do not say it."""
    people: tuple[tuple[str, str], ...]
    """The roles of people of its own who take part, which are no roles of the organisation, with the basis likewise."""
    language: str
    index: Index = field(repr=False, compare=False)
    rows: int = 0
    """How many rows its status heads, in the first of them."""

    @property
    def when(self) -> tuple[str, ...]:
        """Its times in words, read when they are shown."""
        return times(self.index, self.activity, self.language)


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
    page: int = 1
    """The page of its source on which its line stands."""


def activities(index: Index, organisation: str, language: str) -> list[Row]:
    """List the activities that an organisation or a unit of it reports or does, and those that its people take part in."""
    units = things.units_of(index, organisation)
    nodes = {n for u in units for n in (*index.pointing(u, CV + "hasParticipant"), *index.pointing(u, _AFFILIATION))}
    roles: dict[str, dict[str, str]] = defaultdict(dict)
    people: dict[str, dict[str, str]] = defaultdict(dict)
    for node in nodes:
        told = roles if index.value(node, CV + "hasParticipant") in units else people
        for activity in index.pointing(node, CV + "hasParticipation"):
            if index.is_a(activity, "Activity"):
                role, basis = index.value(node, CV + "role"), index.value(node, DLG + "assertionBasis")
                basis = "" if basis == _EXPLICIT else basis
                told[activity][role] = min(basis, told[activity].get(role, basis))  # what the words say wins
    reported = set(things.activities_of(index, organisation))
    rows = [
        Row(
            a, index.value(a, DLG + "hasRealisationStatus"), a in reported, tuple(sorted(roles[a].items())),
            tuple(sorted(people[a].items())), language, index,
        )
        for a in things.among(index, reported | set(roles) | set(people), language)
    ]  # fmt: skip
    rows.sort(key=lambda row: _rank(row.status))
    return rows


def _rank(status: str) -> int:
    """Return how far along a status is: the realised first; what has none comes last."""
    name = status.rsplit("/", 1)[-1]
    return _STATUSES.index(name) if name in _STATUSES else len(_STATUSES)


def headed(rows: Iterable[Row]) -> list[Row]:
    """Give the first row of each status how many rows it heads."""
    listed = list(rows)
    many = Counter(row.status for row in listed)
    return [replace(row, rows=many.pop(row.status, 0)) for row in listed]


def times(index: Index, activity: str, language: str) -> tuple[str, ...]:
    """List the times of an activity in words, each once however many sources give it."""
    spans = index.values(activity, DLG + "hasTimeSpan")
    return tuple(dict.fromkeys(dates.in_words(index.value(span, DLG + "edtf"), language) for span in spans))


Time = tuple[str, str, str, str, str, str]
"""A time of an activity: the activity, the time as EDTF writes it, and its bounds as ISO 8601 writes days."""


@lru_cache(maxsize=6)
def all_times(index: Index, language: str) -> Sequence[Time]:
    """List the times of all activities, in the order in which they may have begun and ended, then of their names."""
    named = {activity: place for place, activity in enumerate(things.activities(index, language))}
    times_: Iterable[Time] = map(tuple, index.once("times", told_times))  # JSON knows no tuples
    return sorted(times_, key=lambda time: (time[2], time[5], named[time[0]], time[1]))


def told_times(index: Index) -> list[Time]:
    """List the times of all activities, each once."""
    return sorted(_times(index, index.all("Activity")))


def _times(index: Index, activities_: Iterable[str]) -> set[Time]:
    def told(activity: str, span: str, bounds: Bounds) -> Time:
        first, begun, not_ended, last = (day.isoformat() for day in bounds)
        return activity, index.value(span, DLG + "edtf"), first, begun, not_ended, last

    return {
        told(activity, span, bounds)
        for activity in activities_
        for span in index.values(activity, DLG + "hasTimeSpan")
        if (bounds := bounds_of(index, span))
    }


def item(index: Index, time: Time, language: str) -> Item:
    """Return one time as a timeline has it."""
    activity, edtf, *days = time
    first, begun, not_ended, last = map(dt.date.fromisoformat, days)
    return Item(
        activity, index.label(activity, language).value, dates.in_words(edtf, language),
        (first, begun, not_ended, last), edtf.startswith("../") or edtf.endswith("/.."),
    )  # fmt: skip


def items(index: Index, activities_: Iterable[str], language: str) -> list[Item]:
    """List the times of some activities for a timeline, each once, in the order in which they may have begun."""
    found = {item(index, time, language) for time in _times(index, activities_)}
    return sorted(found, key=lambda item: (item.bounds[0], item.bounds[3], item.name, item.thing, item.words))


def certainty(item: Item, language: str) -> tuple[str, str]:
    """Return in words when something certainly went on, or nothing, and when it may have; beyond an open end nothing is."""
    first, begun, not_ended, last = item.bounds
    certain = dates.in_words(f"{begun}/{not_ended}", language) if begun <= not_ended else ""
    return certain, item.words if item.is_open else dates.in_words(f"{first}/{last}", language)


def bounds_of(index: Index, span: str) -> Bounds | None:
    """Return when a time began and ended at the earliest and at the latest; an open end is taken as the other end told."""
    days = [index.value(span, DLG + name) for name in _BOUNDS]
    known = [dt.date.fromisoformat(day) for day in days if day]
    if not known:
        return None
    first, begun, not_ended, last = (dt.date.fromisoformat(day) if day else None for day in days)
    return first or known[0], begun or known[-1], not_ended or known[0], last or known[-1]


def related(index: Index, activity: str) -> list[Near]:
    """List the activities that share themes, methods or contexts with one; what few share counts most, what many share not."""
    shared: dict[str, list[str]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    for predicate in _SHARED:
        for value in index.values(activity, predicate):
            if index.mapped.count(value, predicate) > _MANY:
                continue
            others = [o for o in index.pointing(value, predicate) if o != activity and index.is_a(o, "Activity")]
            for other in others:
                if value not in shared[other]:
                    shared[other].append(value)
                    weights[other] += 1 / len(others)
    best = sorted(weights, key=lambda o: (-weights[o], o))[:_MOST_RELATED]
    return [Near(o, tuple(shared[o])) for o in best]


def place(index: Index, iri: str, language: str) -> Place:
    """Return where a passage stands and what rests on it."""
    own = index.passages[iri]
    order = sorted(index.passages.of(own.document), key=lambda p: (p.line, p.start, -p.end))
    at = order.index(own)
    holding = [p for p in order if p.is_item and p.line == own.line and 0 <= p.start <= own.start and own.end <= p.end]
    item = min(holding, key=lambda p: p.end - p.start, default=None)

    def share(passage: Passage) -> tuple[float, float]:
        whole = max((item or own).end - (item or own).start, 1)
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
        _page_of(index, own, language) if len(order) > reading.ON_A_PAGE else 1,
    )  # fmt: skip


def _page_of(index: Index, passage: Passage, language: str) -> int:
    """Return the page of a long source on which the line of a passage stands."""
    pages = reading.marked_source(index, passage.document, language).pages()
    return next(
        (n for n, sections in enumerate(pages, 1) for s in sections for line in s.lines if line.number == passage.line),
        1,
    )
