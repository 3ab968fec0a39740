"""Rows of a table as they were understood: each cell with its column, its meaning and what it was read as."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dialogiverkko.graph.tables.meanings import RowKind


@dataclass(frozen=True)
class Value:
    """One value of one cell."""

    column: str
    means: str
    text: str
    read: Any
    """What the reader of its meaning gives: a text, a truth, an Amount, a list of keys."""
    qualifier: str = ""


@dataclass(frozen=True)
class Row:
    """One row that was taken."""

    table: str
    kind: RowKind
    number: int
    values: tuple[Value, ...] = field(repr=False)
    filled: frozenset[str] = field(default=frozenset(), repr=False)
    """The meanings whose cells hold anything, read or not."""

    def all(self, means: str) -> Iterator[Value]:
        """Yield the values of one meaning."""
        return (value for value in self.values if value.means == means)

    def one(self, means: str) -> Any:
        """Return what the first value of a meaning was read as; an empty text where there is none."""
        return next((value.read for value in self.all(means)), "")

    def text(self, means: str) -> str:
        """Return the cell's own text of the first value of a meaning."""
        return next((value.text for value in self.all(means)), "")
