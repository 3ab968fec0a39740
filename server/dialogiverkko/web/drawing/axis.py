"""The axis of time: whole years side by side, where a day stands among them, and long stretches of nothing left out."""

import calendar
import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_MOST_NAMES = 16
"""How many years an axis can name; of more, every second, fifth or tenth is named."""
_QUARTERS_UP_TO = 3
_LONG = 3
"""Years in a row in which there is nothing, that are left out for one place with an ellipsis."""
BREAK = "…"
_BREAK_DAYS = 365


@dataclass(frozen=True)
class Axis:
    """The years that are shown, in order, and where the first begins and the last ends."""

    years: tuple[int, ...]
    left: float
    right: float

    @cached_property
    def _starts(self) -> dict[int, int]:
        """The days of the axis before each year; where years are left out, a year's days stand for them."""
        starts: dict[int, int] = {}
        days, before = 0, self.years[0] - 1
        for year in self.years:
            days += _BREAK_DAYS if year > before + 1 else 0
            starts[year] = days
            days, before = days + _days(year), year
        return starts

    def at(self, day: dt.date) -> float:
        """Return where a day begins."""
        last = self.years[-1]
        if day.year in self._starts:
            days = self._starts[day.year] + (day - dt.date(day.year, 1, 1)).days
        else:  # the day after the last of a year whose next is not shown
            days = self._starts[day.year - 1] + _days(day.year - 1)
        return round(self.left + (self.right - self.left) * days / (self._starts[last] + _days(last)), 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The marks of the axis: each with its year, without where a quarter begins; an ellipsis where years are left out."""
        breaks = sum(other > one + 1 for one, other in itertools.pairwise(self.years))
        many = len(self.years) + breaks
        step = next(step for step in (1, 2, 5, 10, 50, 100, 10_000) if many <= _MOST_NAMES * step)
        months = (1, 4, 7, 10) if many <= _QUARTERS_UP_TO else (1,)
        found: list[tuple[float, str]] = []
        begin = before = self.years[0]
        for year in self.years:
            if year > before + 1:
                found.append((self.at(dt.date(before + 1, 1, 1)), BREAK))
                begin = year
            before = year
            if (year - begin) % step == 0:
                found += [(self.at(dt.date(year, month, 1)), str(year) if month == 1 else "") for month in months]
        return tuple(found)


def _days(year: int) -> int:
    return 366 if calendar.isleap(year) else 365


def axis(spans: Iterable[tuple[dt.date, dt.date]], left: float, right: float) -> Axis:
    """Make the axis of the years that some spans of days touch."""
    touched = sorted({year for first, last in spans for year in range(first.year, last.year + 1)})
    between = [range(one + 1, other) for one, other in itertools.pairwise(touched)]
    shown = {*touched, *(year for years in between if len(years) < _LONG for year in years)}
    return Axis(tuple(sorted(shown)), left, right)
