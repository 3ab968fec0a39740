"""The one timeline: when something may have gone on, and within that when it certainly did.

Pages, things and answers all draw it here; a name stands above its bar and is told whole.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dialogiverkko.web.drawing.axis import axis

WIDTH = 1000
_LEFT, _RIGHT = 20.0, 980.0
_LEAST = 5.0
"""The least width of a bar that is seen."""
_LETTER = 9.0
"""Width of a letter of a name above its bar, generously reckoned."""
_TOP, _STEP = 30, 46

Bounds = tuple[dt.date, dt.date, dt.date, dt.date]
"""When something began at the earliest and at the latest, and when it ended at the earliest and at the latest."""


@dataclass(frozen=True)
class Item:
    """One thing with a time: its IRI, its name, its time in words, and the four bounds."""

    thing: str
    name: str
    words: str
    bounds: Bounds
    is_open: bool = False
    """Whether only its beginning or only its end is known; then the bounds are those of the end that is."""


@dataclass(frozen=True)
class Bar:
    """One thing on the timeline, in the units of the picture."""

    thing: str
    name: str
    words: str
    x: float
    width: float
    sure_x: float
    sure_width: float
    """Nothing where no day is certain."""
    y: int
    text_x: float
    anchor: str
    """Which end of the name stands at ``text_x``."""


@dataclass(frozen=True)
class Timeline:
    """Bars under an axis of years; ``days`` are those that were asked for."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[float, str]]
    days: Sequence[tuple[float, str]]
    height: int
    only_begin: bool = False
    """Whether it shows when things began but not when they ended."""
    of: int = 0
    """How many there would be to draw, where only the first of them are drawn."""
    kind: str = "timeline"


def timeline(
    items: Sequence[Item], asked: Sequence[tuple[dt.date, str]] = (), *, only_begin: bool = False
) -> Timeline | None:
    """Draw things in their order; None where there is nothing to draw."""
    if not items:
        return None
    spans = [(min(item.bounds), max(item.bounds)) for item in items] + [(day, day) for day, _ in asked]
    scale = axis(spans, _LEFT, _RIGHT)
    one = dt.timedelta(days=1)
    bars = []
    for number, item in enumerate(items):
        first, begun, not_ended, last = item.bounds
        x, end = scale.at(first), scale.at(last + one)
        width = max(round(end - x, 1), _LEAST)
        is_sure = begun <= not_ended
        sure = max(round(scale.at(not_ended + one) - scale.at(begun), 1), _LEAST) if is_sure else 0.0
        text_x, anchor = _name_at(x, width, len(item.name))
        bars.append(
            Bar(
                item.thing, item.name, item.words, x, width, scale.at(begun) if is_sure else 0.0, sure,
                _TOP + number * _STEP, text_x, anchor,
            )
        )  # fmt: skip
    days = tuple((scale.at(day), words) for day, words in asked)
    return Timeline(tuple(bars), scale.ticks, days, _TOP + 4 + _STEP * len(items), only_begin)


def _name_at(x: float, width: float, letters: int) -> tuple[float, str]:
    """Return where a name stands: over the beginning of its bar, else over its end, else as far right as it fits."""
    room = letters * _LETTER
    if x + room <= _RIGHT:
        return x, "start"
    if x + width - room >= _LEFT:
        return round(x + width, 1), "end"
    return max(round(_RIGHT - room, 1), _LEFT), "start"
