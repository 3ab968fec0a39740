"""Pictures of answers: drawn on the server from the answer's own columns, beside the table that says the same.

An answer that lacks the columns of its view, or has more rows than a picture can show, has no picture.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dialogiverkko.namespaces import ID
from dialogiverkko.saved.answers import Answer, Binding
from dialogiverkko.saved.parameters import ParameterType
from dialogiverkko.web import fuzzy
from dialogiverkko.web.drawing.graphs import Graph, graph
from dialogiverkko.web.drawing.outline import OUTLINE, SPOTS

XSD = "http://www.w3.org/2001/XMLSchema#"
_MOST_ROWS = 60
_WIDEST = 520.0
_OF_THE_ANSWER = frozenset({"gap", "gapLabel", "knownGaps", "counts", "line", "lines", "start", "steps"})
"""Columns that say where numbers come from or what is missing; they measure nothing."""
_AXIS_LEFT, _AXIS_WIDTH = 340.0, 640.0
_QUARTERS_UP_TO = 3


@dataclass(frozen=True)
class Bar:
    """One number: how long its bar is, and what stands beside it."""

    label: str
    series: int
    value: int
    width: float
    y: int


@dataclass(frozen=True)
class Bars:
    """Numbers side by side, and the names of those whose number is unknown."""

    columns: Sequence[str]
    bars: Sequence[Bar]
    unknown: Sequence[str]
    kind: str = "bars"


@dataclass(frozen=True)
class Span:
    """When one thing may have gone on, and when it certainly did, as places on the axis."""

    thing: str
    label: str
    words: str
    left: float
    width: float
    sure_left: float
    sure_width: float


@dataclass(frozen=True)
class Timeline:
    """Spans under an axis of years; ``days`` are those that were asked for."""

    ticks: Sequence[tuple[float, str]]
    spans: Sequence[Span]
    days: Sequence[tuple[float, str]]
    only_begin: bool
    """Tell whether the answer says when things began but not when they ended."""
    kind: str = "timeline"


@dataclass(frozen=True)
class Point:
    """One place on the outline."""

    thing: str
    label: str
    x: int
    y: int
    words: str
    """What the answer has there."""


@dataclass(frozen=True)
class Places:
    """Points on the outline, and the names of places that it does not show."""

    points: Sequence[Point]
    elsewhere: Sequence[str]
    are_venues: bool
    outline: str = OUTLINE
    kind: str = "map"


Picture = Bars | Timeline | Places | Graph


def picture(answer: Answer, language: str) -> Picture | None:
    """Draw an answer as its view wants it; None where it cannot be drawn, and the table has to do."""
    draw = _DRAWN.get(answer.query.view)
    return draw(answer, language) if draw else None


def text(row: Binding, column: str) -> str:
    """Tell what a row says in a column, or nothing."""
    return row[column]["value"] if column in row else ""


def named(answer: Answer) -> list[str]:
    """Tell the columns of things that have a column with their names."""
    columns = set(answer.query.columns)
    return [column for column in answer.query.columns if f"{column}Label" in columns and column not in _OF_THE_ANSWER]


# --- bars ------------------------------------------------------------------------------------------


def _counted(answer: Answer) -> list[str]:
    """Tell the columns that hold whole numbers in every row that has them, and in at least one."""
    found = []
    for column in answer.query.columns:
        cells = [row[column] for row in answer.rows if column in row]
        if column not in _OF_THE_ANSWER and cells and all(cell.get("datatype") == XSD + "integer" for cell in cells):
            found.append(column)
    return found[:4]


def bars(answer: Answer, language: str) -> Bars | None:
    """Draw the whole numbers of an answer; what a missing listing would count is unknown, and has no bar."""
    del language
    columns, names = _counted(answer), named(answer)
    rows: dict[tuple[str, ...], tuple[str, list[tuple[int, int]]]] = {}
    unknown: dict[str, None] = {}
    for row in answer.rows:
        label = ", ".join(text(row, f"{name}Label") for name in names if f"{name}Label" in row)
        if "gap" in row:
            unknown.setdefault(label)
            continue
        values = [(series, int(text(row, column))) for series, column in enumerate(columns) if column in row]
        rows.setdefault(tuple(text(row, name) for name in names), (label, values))
    most = max((value for _, values in rows.values() for _, value in values), default=0)
    if not columns or not names or not most or len(rows) > _MOST_ROWS:
        return None
    drawn, y = [], 8
    for label, values in rows.values():
        for place, (series, value) in enumerate(values):
            drawn.append(Bar("" if place else label, series, value, round(_WIDEST * value / most, 1), y))
            y += 20
        y += 8 if len(columns) > 1 else 2
    return Bars(columns, drawn, list(unknown))


# --- timeline --------------------------------------------------------------------------------------


def _day(row: Binding, column: str) -> dt.date | None:
    cell = row.get(column, {})
    return dt.date.fromisoformat(cell["value"][:10]) if cell.get("datatype") == XSD + "date" else None


def _axis(days: Sequence[dt.date]) -> tuple[Callable[[dt.date], float], list[tuple[float, str]]]:
    """Lay whole years side by side; give the function from a day to its place, and the marks of the axis."""
    first, after = min(days).year, max(days).year + 1
    start = dt.date(first, 1, 1)
    width = (dt.date(after, 1, 1) - start).days

    def place(day: dt.date) -> float:
        return round(_AXIS_LEFT + _AXIS_WIDTH * (day - start).days / width, 1)

    months = (1, 4, 7, 10) if after - first <= _QUARTERS_UP_TO else (1,)
    ticks = [(place(dt.date(y, m, 1)), str(y) if m == 1 else "") for y in range(first, after) for m in months]
    return place, ticks


def _asked_days(answer: Answer, language: str) -> list[tuple[dt.date, str]]:
    """Tell the days that were given as parameters, with their names."""
    return [
        (dt.date.fromisoformat(term.value), parameter.label(language))
        for parameter in answer.query.parameters
        if parameter.type is ParameterType.DATE
        for term in answer.values.get(parameter.name, ())
    ]


def timeline(answer: Answer, language: str) -> Timeline | None:
    """Draw when things went on: possibly from the first day of a row to the last, certainly between the inner ones."""
    names = named(answer)
    thing = next((n for n in names if any(row.get(n, {}).get("type") == "uri" for row in answer.rows)), "")
    rows: dict[tuple[str, ...], tuple[Binding, list[dt.date]]] = {}
    for row in answer.rows:
        days = [day for day in (_day(row, column) for column in answer.query.columns) if day]
        if thing in row and days:
            rows.setdefault((text(row, thing), *map(str, days)), (row, days))
    if not rows or len(rows) > _MOST_ROWS:
        return None
    asked = _asked_days(answer, language)
    place, ticks = _axis([day for _, days in rows.values() for day in days] + [day for day, _ in asked])
    one = dt.timedelta(days=1)
    spans = []
    for row, days in rows.values():
        first, last = min(days), max(days)
        begun, not_ended = _day(row, "beginNotAfter"), _day(row, "endNotBefore")
        sure = bool(begun and not_ended and begun <= not_ended)
        sure_left = place(begun) if sure and begun else 0.0
        sure_width = round(place(not_ended + one) - sure_left, 1) if sure and not_ended else 0.0
        words = fuzzy.day(first.isoformat(), language)
        words += f"–{fuzzy.day(last.isoformat(), language)}" if last != first else ""
        width = round(max(place(last + one) - place(first), 3), 1)
        label = text(row, f"{thing}Label")
        spans.append(Span(text(row, thing), label, words, place(first), width, sure_left, max(sure_width, sure * 3.0)))
    ends = any(column.startswith("end") for column in answer.query.columns)
    told = [(place(day), f"{name}: {fuzzy.day(day.isoformat(), language)}") for day, name in asked]
    return Timeline(ticks, spans, told, only_begin=not ends)


# --- map -------------------------------------------------------------------------------------------


def places(answer: Answer, language: str) -> Places | None:
    """Draw the places that an answer has a column for; a venue is told apart from what an activity is about."""
    del language
    names = named(answer)
    base = ID + "place/"
    column = next((n for n in names if any(text(row, n).startswith(base) for row in answer.rows)), "")
    found: dict[str, dict[str, None]] = {}
    labels: dict[str, str] = {}
    other = next((name for name in names if name != column), "")
    for row in answer.rows if column else ():
        if text(row, column).startswith(base):
            labels[text(row, column)] = text(row, f"{column}Label")
            found.setdefault(text(row, column), {}).setdefault(text(row, f"{other}Label"))
    points, elsewhere = [], []
    for iri, things in found.items():
        spot = SPOTS.get(iri.removeprefix(base))
        if spot is None:
            elsewhere.append(labels[iri])
        else:
            points.append(Point(iri, labels[iri], *spot, "; ".join(filter(None, things))))
    return Places(points, elsewhere, column == "venue") if points and len(points) <= _MOST_ROWS else None


def _graph(answer: Answer, language: str) -> Graph | None:
    return graph(answer, named(answer), language)


_DRAWN: Mapping[str, Callable[[Answer, str], Picture | None]] = {
    "chart": bars,
    "timeline": timeline,
    "map": places,
    "graph": _graph,
}
