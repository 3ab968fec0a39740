"""What the XML of a sheet says that no value shows: merged cells, formulas without values, hidden rows."""

import re
from dataclasses import dataclass, field

_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNCOMPUTED = re.compile(
    rb'<c\s+r="([A-Z]{1,3})(\d{1,7})"[^<>]*+>\s*<f(?:[^<>]*/>|[^<>]*+>[^<]*+</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_HIDDEN = re.compile(rb'<row\s+r="(\d{1,7})"[^<>]*?\shidden="(?:1|true)"')
_MOST = 2_000
"""So many of a kind are kept; nobody reads more."""
TAIL = 12_000
"""Bytes that are looked at again with the next block: a formula has at most 8,192 characters."""


@dataclass
class Unseen:
    """What stands in the XML of one sheet beside its values."""

    merged: dict[tuple[int, int, int, int], None] = field(default_factory=dict)
    """Cells that are one over several rows: first row and column, last row and column, columns from 0."""
    uncomputed: dict[tuple[int, int], None] = field(default_factory=dict)
    """Row and column of each formula that holds no value."""
    hidden: dict[int, None] = field(default_factory=dict)
    """Rows that a spreadsheet does not show."""

    def look(self, block: bytes) -> None:
        """Find what a piece of the XML holds; a piece may be looked at twice."""
        for found in _MERGED.finditer(block):
            first, last = int(found[2]), int(found[4])
            if first != last and len(self.merged) < _MOST:
                self.merged[first, _column(found[1]), last, _column(found[3])] = None
        for found in _UNCOMPUTED.finditer(block):
            if len(self.uncomputed) < _MOST:
                self.uncomputed[int(found[2]), _column(found[1])] = None
        for found in _HIDDEN.finditer(block):
            if len(self.hidden) < _MOST:
                self.hidden[int(found[1])] = None


def _column(letters: bytes) -> int:
    """Return the number, from 0, of a column that is named by letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
