"""Where names stand in a picture: in at most two rows, apart from one another, from points and from lines.

A picture of few points has every name. Of many, the largest points get theirs first, and a name that could not be read
among the others is left out, so that the work is bounded. The same picture is always laid out alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

_LETTER = 0.62
"""Width of a letter as a share of its height; wide faces have somewhat less on average."""
_ROW = 1.2
_PASSES = 4
_FEW = 24
"""So many spots all have their names, at whatever place is the least bad."""
_TRIED = 200
"""How many of more spots are tried, the largest first."""
_SIDES = (
    ("middle", 0, 1), ("middle", 0, -1), ("start", 1, 0), ("end", -1, 0),
    ("start", 0.75, 0.75), ("end", -0.75, 0.75), ("start", 0.75, -0.75), ("end", -0.75, -0.75),
)  # fmt: skip
"""Anchor and direction of each place that a name may take about its point, the best first."""
_OVERLAP, _OUTSIDE, _CROSSING = 1.0, 50.0, 120.0

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Segment = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A name in its place: rows of words, and where the first row stands."""

    rows: tuple[str, ...]
    x: float
    y: float
    anchor: str
    box: Box

    def spans(self, size: int) -> Markup:
        """Write the rows for a ``text`` of SVG in letters of a size."""
        return spans(self.rows, self.x, self.y, size)


def spans(rows: Sequence[str], x: float, y: float, size: int) -> Markup:
    """Write rows of words for a ``text`` of SVG: each begins at ``x``, the first at ``y``."""
    told = (
        f'<tspan x="{x}" y="{round(y + n * size * _ROW, 1)}">{escape(words)}</tspan>' for n, words in enumerate(rows)
    )
    return Markup(" ".join(told))  # noqa: S704 - numbers, and words that are escaped


@dataclass(frozen=True)
class Spot:
    """A point that wants its name beside it."""

    name: str
    x: float
    y: float
    radius: float


def wrap(name: str, longest: int) -> tuple[str, ...]:
    """Cut a name into one row, or into two that are as even as its words allow; nothing is left out."""
    if len(name) <= longest:
        return (name,)
    cuts = [n for n, letter in enumerate(name) if letter == " "]
    cuts += [n + 1 for n, letter in enumerate(name[:-1]) if letter in "-/" and name[n + 1] != " "]
    if not cuts:
        return (name,)
    cut = min(sorted(cuts), key=lambda n: max(n, len(name) - n))
    return name[:cut].strip(), name[cut:].strip()


@lru_cache(maxsize=64)
def place(
    spots: tuple[Spot, ...], lines: tuple[Segment, ...], frame: Box, size: float, longest: int
) -> tuple[Label | None, ...]:
    """Give each spot a place for its name; None where there are many, and this one could not be read.

    What was laid out last is kept: the same picture stands on several pages and in several files.
    """
    if len(spots) <= _FEW:
        return tuple(_all(spots, lines, frame, size, longest))
    return tuple(_largest(spots, lines, frame, size, longest))


def _largest(
    spots: Sequence[Spot], lines: Sequence[Segment], frame: Box, size: float, longest: int
) -> list[Label | None]:
    """Name the largest spots first, each where it lies on no name and no point; those without such a place have none."""
    order = sorted(range(len(spots)), key=lambda n: (-spots[n].radius, n))[:_TRIED]
    found: list[Label | None] = [None] * len(spots)
    points = [_box(spot) for spot in spots]
    taken: list[Box] = []
    for number in order:
        free = []
        for preference, side in enumerate(_SIDES):
            label = _label(spots[number], side, size, longest)
            is_free = not any(_overlap(label.box, box) for box in (*taken, *points))
            if is_free and _is_within(label.box, frame):
                free.append((_fixed_cost(label, preference, spots, lines, frame), preference, label))
        best = min(free, default=None, key=lambda each: each[:2])
        if best:
            found[number] = best[2]
            taken.append(best[2].box)
    return found


def _is_within(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _all(spots: Sequence[Spot], lines: Sequence[Segment], frame: Box, size: float, longest: int) -> list[Label]:
    """Name every spot.

    First one after another takes its best place; then each name that still lies on something tries all its places,
    the others giving way, and the best of all that is kept.
    """
    choices = [[_label(spot, side, size, longest) for side in _SIDES] for spot in spots]
    fixed = [[_fixed_cost(label, n, spots, lines, frame) for n, label in enumerate(row)] for row in choices]
    table = _Table(fixed, _near(choices))
    best = table.settle({})
    for number in range(len(spots)):
        if table.cost(best, number, best[number]) >= len(_SIDES):
            trials = [table.settle({**best, number: side}, pinned=number) for side in range(len(_SIDES))]
            best = min([best, *trials], key=table.total)
    return [choices[number][side] for number, side in sorted(best.items())]


def _near(choices: Sequence[Sequence[Label]]) -> dict[tuple[int, int], list[tuple[int, int, float]]]:
    """Return, for each place of each name, the places of other names that it would lie on, and how much."""
    found: dict[tuple[int, int], list[tuple[int, int, float]]] = {}
    for one, row in enumerate(choices):
        for side, label in enumerate(row):
            for other in range(one):
                for beside, taken in enumerate(choices[other]):
                    if over := _overlap(label.box, taken.box):
                        found.setdefault((one, side), []).append((other, beside, over))
                        found.setdefault((other, beside), []).append((one, side, over))
    return found


@dataclass(frozen=True)
class _Table:
    """What each place of each name costs by itself, and which places of others it would lie on."""

    fixed: Sequence[Sequence[float]]
    near: Mapping[tuple[int, int], Sequence[tuple[int, int, float]]]

    def cost(self, taken: Mapping[int, int], number: int, side: int) -> float:
        """Return what a place costs while the others stand where they do."""
        over = sum(size for n, s, size in self.near.get((number, side), ()) if taken.get(n) == s)
        return self.fixed[number][side] + _OVERLAP * over

    def total(self, taken: Mapping[int, int]) -> float:
        """Return what all places cost together."""
        return sum(self.cost(taken, number, side) for number, side in taken.items())

    def settle(self, start: Mapping[int, int], pinned: int = -1) -> dict[int, int]:
        """Move each name to its best place in turn, until none moves."""
        taken = dict(start)
        for _ in range(_PASSES):
            before = dict(taken)
            for number, row in enumerate(self.fixed):
                if number != pinned:
                    costs = [self.cost(taken, number, side) for side in range(len(row))]
                    taken[number] = costs.index(min(costs))
            if taken == before:
                break
        return taken


def _label(spot: Spot, side: tuple[str, float, float], size: float, longest: int) -> Label:
    anchor, dx, dy = side
    rows = wrap(spot.name, longest)
    width, height = max(map(len, rows)) * size * _LETTER, len(rows) * size * _ROW
    gap = spot.radius + size * 0.35
    x = spot.x + dx * gap
    top = spot.y + dy * gap - (height / 2 if dy == 0 else height if dy < 0 else 0)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    box = (left, top, left + width, top + height)
    return Label(rows, round(x, 1), round(top + size * 0.92, 1), anchor, box)


def _fixed_cost(label: Label, preference: int, spots: Sequence[Spot], lines: Sequence[Segment], frame: Box) -> float:
    left, top, right, bottom = label.box
    outside = max(frame[0] - left, 0) + max(frame[1] - top, 0) + max(right - frame[2], 0) + max(bottom - frame[3], 0)
    points = sum(_overlap(label.box, _box(spot)) for spot in spots)
    crossings = sum(_crosses(line, label.box) for line in lines)
    return preference + _OUTSIDE * outside + 2 * _OVERLAP * points + _CROSSING * crossings


def _box(spot: Spot) -> Box:
    return spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def _crosses(line: Segment, box: Box) -> bool:
    """Return whether a line runs through a box (Liang–Barsky)."""
    x1, y1, x2, y2 = line
    if max(x1, x2) < box[0] or min(x1, x2) > box[2] or max(y1, y2) < box[1] or min(y1, y2) > box[3]:
        return False
    low, high = 0.0, 1.0
    for delta, near, far in ((x2 - x1, box[0] - x1, box[2] - x1), (y2 - y1, box[1] - y1, box[3] - y1)):
        if delta == 0:
            if near > 0 or far < 0:
                return False
            continue
        first, last = sorted((near / delta, far / delta))
        low, high = max(low, first), min(high, last)
        if low > high:
            return False
    return True
