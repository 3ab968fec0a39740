"""Files that hold tables: which kind one is, and its rows as text, in a process of its own that can be killed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from dialogiverkko.errors import DialogiverkkoError

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a document in rich text",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"MIME-Version": "a web page",
    b"<?xml": "a document in XML",
    b"<Workbook": "a document in XML",
    b'{"': "a document in JSON",
    b"[{": "a document in JSON",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
}


_ABOVE = 10
"""Rows among which the header is looked for."""
_LEAST_HEADER = 3
_SHOWN = 80


class TableError(DialogiverkkoError):
    """A file cannot be read as a table: its kind, its limits or its form forbid it."""

    code = "bad-table"


@dataclass(frozen=True)
class NumberedRow:
    """One row as it stands in the file, and its number there (the header is mostly 1)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the form of a sheet, so that values would be lost unseen; all else of it is read."""

    row: int
    column: int
    """From 0."""
    code: str
    wrong: str
    right: str
    rows: int = 1
    columns: int = 1
    """How many rows and columns are concerned."""

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell is one of those that are concerned."""
        return self.row <= row < self.row + self.rows and self.column <= column < self.column + self.columns


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its header, its rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[NumberedRow, ...]
    header_line: int = 1
    flaws: tuple[Flaw, ...] = ()
    above: str = ""
    """What stands above the header, such as a title."""


@dataclass(frozen=True)
class Book:
    """What a file holds, and what was noticed while it was read (encoding, separator)."""

    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_named_sheets(self) -> bool:
        """Whether its sheets have names that people gave them; a CSV has none."""
        return self.facts.get("encoding") == "xlsx"


def kind_of(data: bytes, name: str = "") -> str:
    """Return «xlsx» or «csv»; raise TableError for what is neither, or may act (macros, old binary books)."""
    suffix = PurePath(name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise TableError("The book may hold macros (.xlsm). Save it as .xlsx without macros.")
    if data.startswith(_OLE):
        raise TableError("The file is an old or a protected Excel book. Save it as .xlsx without a password.")
    if data.startswith(_ZIP):
        return "xlsx"
    if suffix == ".xlsx":
        raise TableError("The file is named .xlsx but is no Excel book. Save it again, or name it .csv.")
    for start, what in _OTHERS.items():
        if data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(start.lower()):
            raise TableError(f"The file is {what}, not a table. Save the table as .xlsx or .csv.")
    return "csv"


def sheet_of(name: str, lines: list[NumberedRow], flaws: Iterable[Flaw] = ()) -> Sheet | None:
    """Make a table of lines: the first that is not empty is the header, but for a title; what is empty falls away."""
    full = [line for line in lines if any(cell.strip() for cell in line.cells)]
    if not full:
        return None
    titles = _titles(full)
    above = "; ".join(cell.strip() for line in full[:titles] for cell in line.cells if cell.strip())
    full = full[titles:]
    width = max(i + 1 for line in full for i, cell in enumerate(line.cells) if cell.strip())
    padded = [NumberedRow(line.number, (*line.cells, *[""] * width)[:width]) for line in full]
    header = tuple(tidy_title(cell) for cell in padded[0].cells)
    begin = padded[0].number
    below = tuple(flaw for flaw in flaws if flaw.row + flaw.rows > begin)
    return Sheet(name, header, tuple(padded[1:]), begin, below, above[:_SHOWN])


def tidy_title(title: str) -> str:
    """Return the title of a column with plain single spaces, however it was broken over lines."""
    return " ".join(title.split())


def _titles(full: Sequence[NumberedRow]) -> int:
    """Count the rows of a title above the header: one cell each, where a row of three or more comes soon."""
    filled = [sum(bool(cell.strip()) for cell in line.cells) for line in full[:_ABOVE]]
    titles = next((number for number, cells in enumerate(filled) if cells > 1), 0)
    return titles if titles and filled[titles] >= _LEAST_HEADER else 0
