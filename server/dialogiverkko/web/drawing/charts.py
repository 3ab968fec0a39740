"""Pictures of answers: drawn on the server from the answer's own columns, beside the table that says the same.

An answer that lacks the columns of its view, or has more rows than a picture can show, has no picture.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dialogiverkko.graph import dates
from dialogiverkko.namespaces import ID, XSD
from dialogiverkko.saved.answers import Answer, Binding
from dialogiverkko.saved.parameters import ParameterType
from dialogiverkko.web.drawing.graphs import graph
from dialogiverkko.web.drawing.network import Network
from dialogiverkko.web.drawing.places import Map, Place, places
from dialogiverkko.web.drawing.timeline import Item, Timeline, timeline

_MOST_ROWS = 60
_WIDEST = 520.0
_OF_THE_ANSWER = frozenset({"gap", "gapLabel", "knownGaps", "counts", "line", "lines", "start", "steps"})
"""Columns that say where numbers come from or what is missing; they measure nothing."""

Positions = Mapping[str, tuple[float, float]]
"""Longitude and latitude of places, by their IRIs."""


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


Picture = Bars | Timeline | Map | Network


def picture(answer: Answer, language: str, positions: Positions) -> Picture | None:
    """Draw an answer as its view wants it; None where it cannot be drawn, and the table has to do."""
    match answer.query.view:
        case "chart":
            return bars(answer)
        case "timeline":
            return _timeline(answer, language)
        case "map":
            return _map(answer, positions)
        case "graph":
            return graph(answer, columns_of_things(answer), language)
        case _:
            return None


def text(row: Binding, column: str) -> str:
    """Return what a row says in a column, or nothing."""
    return row[column]["value"] if column in row else ""


def columns_of_things(answer: Answer) -> list[str]:
    """List the columns of things that have a column with their names."""
    columns = set(answer.query.columns)
    return [column for column in answer.query.columns if f"{column}Label" in columns and column not in _OF_THE_ANSWER]


# --- bars ------------------------------------------------------------------------------------------


def _counted(answer: Answer) -> list[str]:
    """List the columns that hold whole numbers in every row that has them, and in at least one."""
    found = []
    for column in answer.query.columns:
        cells = [row[column] for row in answer.rows if column in row]
        if column not in _OF_THE_ANSWER and cells and all(cell.get("datatype") == XSD + "integer" for cell in cells):
            found.append(column)
    return found[:5]


def bars(answer: Answer) -> Bars | None:
    """Draw the whole numbers of an answer; what a missing listing would count is unknown, and has no bar."""
    columns, names = _counted(answer), columns_of_things(answer)
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


def _asked_days(answer: Answer, language: str) -> list[tuple[dt.date, str]]:
    """List the days that were given as parameters, with their names."""
    return [
        (dt.date.fromisoformat(term.value), parameter.label(language))
        for parameter in answer.query.parameters
        if parameter.type is ParameterType.DATE
        for term in answer.values.get(parameter.name, ())
    ]


def _timeline(answer: Answer, language: str) -> Timeline | None:
    """Draw when things went on: possibly from the first day of a row to the last, certainly between the inner ones."""
    names = columns_of_things(answer)
    thing = next((n for n in names if any(row.get(n, {}).get("type") == "uri" for row in answer.rows)), "")
    items: dict[tuple[str, ...], Item] = {}
    for row in answer.rows:
        days = [day for day in (_day(row, column) for column in answer.query.columns) if day]
        if thing not in row or not days:
            continue
        first, last = min(days), max(days)
        begun, not_ended = _day(row, "beginNotAfter"), _day(row, "endNotBefore")
        known = (begun, not_ended) if begun and not_ended else (last + dt.timedelta(days=1), first)
        words = dates.in_words(text(row, "edtf") or f"{first.isoformat()}/{last.isoformat()}", language)
        item = Item(text(row, thing), text(row, f"{thing}Label"), words, (first, *known, last))
        items.setdefault((item.thing, *map(str, days)), item)
    asked = [(day, f"{name} {dates.day(day.isoformat(), language)}") for day, name in _asked_days(answer, language)]
    ends = any(column.startswith("end") for column in answer.query.columns)
    drawn = timeline(list(items.values())[:_MOST_ROWS], asked, only_begin=not ends)
    return replace(drawn, of=len(items)) if drawn and len(items) > _MOST_ROWS else drawn


# --- map -------------------------------------------------------------------------------------------


def _map(answer: Answer, positions: Positions) -> Map | None:
    """Draw the places that an answer has a column for; a venue is told apart from what an activity is about."""
    names = columns_of_things(answer)
    base = ID + "place/"
    column = next((n for n in names if any(text(row, n).startswith(base) for row in answer.rows)), "")
    found: dict[str, dict[str, None]] = {}
    labels: dict[str, str] = {}
    other = next((name for name in names if name != column), "")
    for row in answer.rows if column else ():
        if text(row, column).startswith(base):
            labels[text(row, column)] = text(row, f"{column}Label")
            found.setdefault(text(row, column), {}).setdefault(text(row, f"{other}Label"))
    kind = "venue" if column == "venue" else "subject"
    shown = [
        Place(iri, labels[iri], positions[iri], kind, words="; ".join(filter(None, words)))
        for iri, words in found.items()
        if iri in positions
    ]
    drawn = places(shown, [iri for iri in found if iri not in positions])
    drawn = replace(drawn, elsewhere=[labels[iri] for iri in drawn.elsewhere])
    return drawn if drawn.points and len(shown) <= _MOST_ROWS else None
