"""How an answer stands in a table: what each row says alike is told once, and rows of one thing stand together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

Row = Mapping[str, Mapping[str, str]]
Column = tuple[str, str]
"""The column that a table shows, and the one whose thing it leads to; nothing where there is none."""
_EVIDENCE = "passage"


@dataclass(frozen=True)
class Group:
    """Rows that follow one another and are about one thing, each with its number in the answer."""

    rows: tuple[tuple[int, Row], ...]
    shared: frozenset[Column] = frozenset()
    """The columns that say the same in all of its rows, and are told once for them."""


@dataclass(frozen=True)
class Arranged:
    """A table: what is told above it, the columns that it has, and its rows in groups.

    A column in which no row says anything is in neither.
    """

    above: tuple[Column, ...]
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]


def arrange(columns: Sequence[Column], rows: Sequence[Row]) -> Arranged:
    """Arrange the rows of an answer in their order; evidence always stands in the row that rests on it."""
    above = _alike(columns, rows)
    if len(above) == len(columns):
        above = above[1:]
    left = tuple(column for column in columns if column not in above)
    groups = []
    for _, numbered in groupby(enumerate(rows, 1), key=lambda pair: said(pair[1], left[0])):
        found = tuple(numbered)
        if left[0][0] == _EVIDENCE or not said(found[0][1], left[0]):
            groups += [Group((row,)) for row in found]
        else:
            groups.append(Group(found, frozenset(_alike(left, [row for _, row in found]))))
    return Arranged(tuple(column for column in above if said(rows[0], column)), left, tuple(groups))


def _alike(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Column, ...]:
    """List the columns that say the same in several rows."""
    if len(rows) < 2:
        return ()
    return tuple(c for c in columns if c[0] != _EVIDENCE and len({said(row, c) for row in rows}) == 1)


def said(row: Row, column: Column) -> tuple[str, ...]:
    """Return what a cell says: its thing where it has one, and its words."""
    values = [row.get(name, {}).get("value", "") for name in dict.fromkeys(column) if name]
    return tuple(values) if any(values) else ()
