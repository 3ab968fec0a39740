"""Writes the times of the graph as people write them: «elo–syyskuu 2020», «26 april–11 juni 2021»."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from babel.dates import format_date

_SEASONS = {
    21: {"fi": ("kevät", "keväästä", "kevääseen"), "sv": ("våren",) * 3, "en": ("spring",) * 3},
    22: {"fi": ("kesä", "kesästä", "kesään"), "sv": ("sommaren",) * 3, "en": ("summer",) * 3},
    23: {"fi": ("syksy", "syksystä", "syksyyn"), "sv": ("hösten",) * 3, "en": ("autumn",) * 3},
    24: {"fi": ("talvi", "talvesta", "talveen"), "sv": ("vintern",) * 3, "en": ("winter",) * 3},
}
_FI_MONTHS = ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"]
_FROM_TO = {"fi": "{0} {1}", "sv": "från {0} till {1}", "en": "from {0} to {1}"}
_SINCE = {"fi": "{0} alkaen", "sv": "från och med {0}", "en": "from {0}"}
_UNTIL = {"fi": "{0} asti", "sv": "till och med {0}", "en": "until {0}"}
_ABOUT = {"fi": "noin {0}", "sv": "omkring {0}", "en": "about {0}"}
_FIRST_SEASON = 21
_UNIT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)")
_OPEN = ("", "..")


@dataclass(frozen=True)
class _Unit:
    """A year, month, season or day of an expression; what is not said is 0."""

    year: int
    second: int
    day: int
    approximate: bool

    @property
    def kind(self) -> str:
        if self.day:
            return "day"
        if self.second >= _FIRST_SEASON:
            return "season"
        return "month" if self.second else "year"


@lru_cache(maxsize=4_000)
def _read(text: str) -> _Unit | None:
    match = _UNIT.fullmatch(text)
    if match is None:
        return None
    year, second, day = (int(part or 0) for part in match.groups()[:3])
    is_known = second <= 12 or second in _SEASONS  # the months of a year
    try:
        dt.date(year, second if 0 < second < _FIRST_SEASON else 1, day or 1)
    except ValueError:
        return None
    return _Unit(year, second, day, bool(match[4])) if is_known else None


@lru_cache(maxsize=4_000)
def in_words(expression: str, language: str) -> str:
    """Write an EDTF expression in words; one that cannot be read is returned as it is.

    What both ends share is written once: «26.4.–11.6.2021», «spring–autumn 2021».
    """
    first, slash, last = expression.partition("/")
    if slash and (first in _OPEN or last in _OPEN):
        return _open(expression, first, last, language)
    begin, end = _read(first), _read(last or first)
    if begin is None or end is None:
        return expression
    if begin.approximate or end.approximate:
        return _ABOUT[language].format(in_words(re.sub("[~?%]", "", expression), language))
    return _one(begin, language) if begin == end else _interval(begin, end, language)


def day(iso: str, language: str) -> str:
    """Write one day."""
    return in_words(iso, language)


def _open(expression: str, first: str, last: str, language: str) -> str:
    known = _read(last if first in _OPEN else first)
    if known is None:
        return expression
    template, case = (_UNTIL, 2) if first in _OPEN else (_SINCE, 1)
    return template[language].format(_one(known, language, case))


def _interval(begin: _Unit, end: _Unit, language: str) -> str:
    kinds = {begin.kind, end.kind}
    if kinds == {"year"}:
        return f"{begin.year}–{end.year}"
    if kinds == {"day"}:
        return _days(begin, end, language)
    if len(kinds) == 1 and begin.year == end.year:
        return f"{_name(begin, language, short=True)}–{_name(end, language)} {end.year}"
    if language == "fi" and "day" in kinds:
        return f"{_one(begin, language)}–{_one(end, language)}"
    return _FROM_TO[language].format(_one(begin, language, 1), _one(end, language, 2))


def _days(begin: _Unit, end: _Unit, language: str) -> str:
    if begin.year != end.year:
        return f"{_one(begin, language)}–{_one(end, language)}"
    if begin.second == end.second:
        return f"{begin.day}{'.' if language == 'fi' else ''}–{_one(end, language)}"
    pattern = "d.M." if language == "fi" else "d MMMM"
    start = format_date(dt.date(begin.year, begin.second, begin.day), pattern, locale=language)
    return f"{start}–{_one(end, language)}"


def _name(unit: _Unit, language: str, *, short: bool = False) -> str:
    """Return the name of a month or season without its year; a short Finnish month is half of a pair: «elo–»."""
    if unit.kind == "season":
        return _SEASONS[unit.second][language][0]
    if language == "fi":
        return _FI_MONTHS[unit.second - 1] + ("" if short else "kuu")
    return format_date(dt.date(unit.year, unit.second, 1), "MMMM", locale=language)


def _one(unit: _Unit, language: str, case: int = 0) -> str:
    """Write one unit; in Finnish as such (0), as what something is from (1) or as what it is to (2)."""
    if unit.kind == "day":
        date = dt.date(unit.year, unit.second, unit.day)
        return format_date(date, "d.M.y" if language == "fi" else "d MMMM y", locale=language)
    if unit.kind == "season":
        return f"{_SEASONS[unit.second][language][case]} {unit.year}"
    if unit.kind == "month":
        if language == "fi":
            return f"{_FI_MONTHS[unit.second - 1]}{('kuu', 'kuusta', 'kuuhun')[case]} {unit.year}"
        return format_date(dt.date(unit.year, unit.second, 1), "MMMM y", locale=language)
    if language == "fi":
        return (f"{unit.year}", f"vuodesta {unit.year}", f"vuoteen {unit.year}")[case]
    return str(unit.year)
