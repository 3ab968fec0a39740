"""Fuzzy time: what the four bounds of a time span must be, given its EDTF expression.

A month, season, year or day is a unit with a first and a last day. Seasons are those of administration, not of
the weather: spring (21) is January to June, summer (22) June to August, autumn (23) August to December,
winter (24) December to February. A span of one unit *falls within* it: it may begin and end on any of its
days. An interval *fills* from a day of its first unit to a day of its last.
"""

import calendar
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation.report import Finding, Severity
from dialogiverkko.namespaces import DLG

RULE = "DLG-026"
BOUNDS = ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")
_SEASONS = {21: (1, 6), 22: (6, 8), 23: (8, 12), 24: (12, 2)}
_UNIT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_FIRST_SEASON = 21


def unit_days(unit: str) -> tuple[dt.date, dt.date]:
    """Tell the first and the last day of one unit: 2021, 2021-05, 2021-05-26 or a season such as 2021-23.

    Raises ValueError for anything else.
    """
    match = _UNIT.fullmatch(unit)
    if match is None:
        raise ValueError(unit)
    year, second, day = (int(part) if part else 0 for part in match.groups())
    if not second:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if day:
        return dt.date(year, second, day), dt.date(year, second, day)
    if second >= _FIRST_SEASON:
        if second not in _SEASONS:
            raise ValueError(unit)
        first, last = _SEASONS[second]
        last_year = year + (last < first)
        return dt.date(year, first, 1), dt.date(last_year, last, calendar.monthrange(last_year, last)[1])
    return dt.date(year, second, 1), dt.date(year, second, calendar.monthrange(year, second)[1])


def bounds_of(expression: str) -> tuple[dt.date, dt.date, dt.date, dt.date]:
    """Tell the four bounds that an EDTF expression means; raises ValueError where it is none that we read."""
    first, _, last = expression.partition("/")
    if expression.count("/") > 1 or (not last and "/" in expression):
        raise ValueError(expression)
    begin, end = unit_days(first), unit_days(last or first)
    if begin[0] > end[1]:
        raise ValueError(expression)
    return begin[0], begin[1], end[0], end[1]


@lru_cache(maxsize=1_000)
def _parses(expression: str) -> bool:
    """Whether each side is EDTF for the library; it does not take every interval of seasons whole."""
    try:
        for part in expression.split("/"):
            parse_edtf(part)
    except EDTFParseException:
        return False
    return True


def _spans(store: Store) -> dict[str, dict[str, str]]:
    """Read what is said of each time span, by the name of the property."""
    spans: dict[str, dict[str, str]] = defaultdict(dict)
    for name in (*BOUNDS, "edtf"):
        for quad in store.quads_for_pattern(None, NamedNode(DLG + name), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal | NamedNode):
                known = spans[quad.subject.value]
                known[name] = max(known.get(name, ""), quad.object.value)
    return spans


def check_times(snapshot: Snapshot, store: Store | None = None) -> Iterator[Finding]:
    """Yield a Violation for each time span whose bounds do not agree with its EDTF expression.

    ``store`` holds the merge, where given.
    """
    spans = _spans(snapshot.store() if store is None else store)
    del store  # the parser keeps its failures, with the frames that they passed through
    for focus, values in spans.items():
        expression = values.get("edtf")
        if expression is None:
            continue
        stated = tuple(values.get(name, "") for name in BOUNDS)
        try:
            if not _parses(expression):
                raise ValueError(expression)
            wanted = tuple(day.isoformat() for day in bounds_of(expression))
        except ValueError:
            yield _finding(
                focus,
                expression,
                f"«{expression}» ei ole EDTF-ilmaus, jonka rajat osataan.",
                f"«{expression}» is no EDTF expression whose bounds are known.",
            )
            continue
        if stated != wanted:
            said = ", ".join(f"{name} {day}" for name, day in zip(BOUNDS, wanted, strict=True))
            yield _finding(
                focus,
                expression,
                f"Rajat eivät vastaa EDTF-ilmausta {expression}; oikein olisi {said}.",
                f"The bounds do not agree with the EDTF expression {expression}; right would be {said}.",
            )


def _finding(focus: str, value: str, fi: str, en: str) -> Finding:
    return Finding(RULE, Severity.VIOLATION, focus, path="edtf", value=value, messages={"fi": fi, "en": en})
