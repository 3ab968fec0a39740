"""Fuzzy time: what the four bounds of a time span must be, given its EDTF expression.

Expressions are those of EDTF levels 0 and 1, and the quarters (33 to 36) of level 2. One rule for all:

A day, month, season, quarter, year, decade (202X) or century (20XX) is a unit with a first and a last day; so is
what stands before digits that are not given (2021-XX, 2021-05-XX). Seasons are those of administration, not of the
weather: spring (21) is January to June, summer (22) June to August, autumn (23) August to December, winter (24)
December to February. A span of one unit *falls within* it: it may begin and end on any of its days. An interval
*fills* from a day of its first unit to a day of its last. An end that is open (..) or not known has no bounds. What
is uncertain or approximate (? ~ %) has the bounds of what is said: nobody knows how far from it the truth lies. A
year before 1 or after 9999 has no bounds, since xsd:date has none for it here.
"""

import calendar
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode, Store

from dialogiverkko.graph.validation.report import Finding, Severity
from dialogiverkko.namespaces import DLG

RULE = "DLG-026"
BOUNDS = ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")
_SEASONS = {21: (1, 6), 22: (6, 8), 23: (8, 12), 24: (12, 2)}
_QUARTERS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12)}
_UNIT = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<second>\d\d|XX)(?:-(?P<day>\d\d|XX)(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d(?::\d\d)?)?)?)?)?",
    re.ASCII,
)
_FAR = re.compile(r"Y-?\d{5,}|-\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_QUALIFIERS = "?~%"
_OPEN = ("", "..")
Bound = dt.date | None


def _months(year: int, first: int, last: int) -> tuple[dt.date, dt.date]:
    end = year + (last < first)
    return dt.date(year, first, 1), dt.date(end, last, calendar.monthrange(end, last)[1])


def unit_days(unit: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a unit: 202X, 2021, 2021-05, 2021-05-26, 2021-23 (season), 2021-34 (quarter).

    Raises ValueError for anything else.
    """
    match = _UNIT.fullmatch(unit)
    if match is None:
        raise ValueError(unit)
    year, second, day = match["year"], match["second"] or "XX", match["day"] or "XX"
    if "X" in year or second == "XX":
        if ("X" in year and match["second"]) or (second == "XX" and day != "XX"):
            raise ValueError(unit)
        return dt.date(max(int(year.replace("X", "0")), 1), 1, 1), dt.date(int(year.replace("X", "9")), 12, 31)
    number = int(second)
    parts = {**_SEASONS, **_QUARTERS}
    if number in parts and not match["day"]:
        return _months(int(year), *parts[number])
    if day != "XX":
        one = dt.date(int(year), number, int(day))
        return one, one
    return _months(int(year), number, number)


def _side(side: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of one end of an interval; None where it is open, unknown, or too far away."""
    plain = side[:-1] if side and side[-1] in _QUALIFIERS else side
    if side in _OPEN or _FAR.fullmatch(plain):
        return None
    return unit_days(plain)


def bounds_of(expression: str) -> tuple[Bound, Bound, Bound, Bound]:
    """Return the four bounds that an EDTF expression means; raises ValueError where it is none that we read."""
    first, slash, last = expression.partition("/")
    if first in _OPEN and (not slash or last in _OPEN):
        raise ValueError(expression)
    begin = _side(first)
    end = _side(last) if slash else begin
    if begin is None or end is None:
        return *(begin or (None, None)), *(end or (None, None))
    if begin[0] > end[1]:
        raise ValueError(expression)
    # an end is not before its begin, nor a begin after its end: 2023-01-25/2023 ends on 25 January 2023 at the earliest
    return begin[0], min(begin[1], end[1]), max(begin[0], end[0]), end[1]


def _spans(store: Store) -> dict[str, dict[str, str]]:
    """Read what is said of each time span, by the name of the property."""
    spans: dict[str, dict[str, str]] = defaultdict(dict)
    for name in (*BOUNDS, "edtf"):
        for quad in store.quads_for_pattern(None, NamedNode(DLG + name), None, DefaultGraph()):
            known = spans[quad.subject.value]  # type: ignore[union-attr]  # no triple terms in our files
            known[name] = max(known.get(name, ""), quad.object.value)  # type: ignore[union-attr]
    return spans


def check_times(store: Store) -> Iterator[Finding]:
    """Yield a Violation for each time span whose bounds do not agree with its EDTF expression.

    ``store`` holds the merge.
    """
    spans = _spans(store)
    for focus, values in spans.items():
        expression = values.get("edtf")
        if expression is None:
            continue
        stated = tuple(values.get(name, "") for name in BOUNDS)
        try:
            wanted = tuple(day.isoformat() if day else "" for day in bounds_of(expression))
        except ValueError:
            yield _finding(
                focus,
                expression,
                f"«{expression}» ei ole EDTF-ilmaus, jonka rajat osataan.",
                f"«{expression}» is no EDTF expression whose bounds are known.",
            )
            continue
        if stated != wanted:
            said = ", ".join(f"{name} {day or '–'}" for name, day in zip(BOUNDS, wanted, strict=True))
            yield _finding(
                focus,
                expression,
                f"Rajat eivät vastaa EDTF-ilmausta {expression}; oikein olisi {said}.",
                f"The bounds do not agree with the EDTF expression {expression}; right would be {said}.",
            )


def _finding(focus: str, value: str, fi: str, en: str) -> Finding:
    return Finding(RULE, Severity.VIOLATION, focus, path="edtf", value=value, messages={"fi": fi, "en": en})
