"""The axis of time: whole years side by side, and where a day stands among them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

_MOST_NAMES = 16
"""How many years an axis can name; of more, every second, fifth or tenth is named."""
_QUARTERS_UP_TO = 3


@dataclass(frozen=True)
class Axis:
    """The first and the last year, and where the first begins and the last ends."""

    first: int
    last: int
    left: float
    right: float

    def at(self, day: dt.date) -> float:
        """Return where a day begins."""
        start, end = dt.date(self.first, 1, 1), dt.date(self.last + 1, 1, 1)
        return round(self.left + (self.right - self.left) * (day - start).days / (end - start).days, 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The marks of the axis: each with its year, or without where a quarter begins."""
        many = self.last - self.first + 1
        step = next(step for step in (1, 2, 5, 10, 50, 100, 10_000) if many <= _MOST_NAMES * step)
        months = (1, 4, 7, 10) if many <= _QUARTERS_UP_TO else (1,)
        return tuple(
            (self.at(dt.date(year, month, 1)), str(year) if month == 1 else "")
            for year in range(self.first, self.last + 1, step)
            for month in months
        )


def axis(days: Iterable[dt.date], left: float, right: float) -> Axis:
    """Make the axis of the years that some days lie in."""
    years = {day.year for day in days}
    return Axis(min(years), max(years), left, right)
