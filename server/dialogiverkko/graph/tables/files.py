"""Files that hold tables: which kind one is, and its rows as text, in a process of its own that can be killed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from dialogiverkko.errors import DialogiverkkoError

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a document in rich text",
    b"<!DO": "a web page",
    b"<htm": "a web page",
    b"\x1f\x8b": "a compressed file",
}


class TableError(DialogiverkkoError):
    """A file cannot be read as a table: its kind, its limits or its form forbid it."""

    code = "bad-table"


@dataclass(frozen=True)
class NumberedRow:
    """One row as it stands in the file, and its number there (the header is mostly 1)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its header, its rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[NumberedRow, ...]
    header_line: int = 1


@dataclass(frozen=True)
class Book:
    """What a file holds, and what was noticed while it was read (encoding, separator)."""

    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


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
        if data[:5].lower().startswith(start.lower()):
            raise TableError(f"The file is {what}, not a table. Save the table as .xlsx or .csv.")
    return "csv"


def sheet_of(name: str, lines: list[NumberedRow]) -> Sheet | None:
    """Make a table of lines: the first that is not empty is the header; empty rows and columns fall away."""
    full = [line for line in lines if any(cell.strip() for cell in line.cells)]
    if not full:
        return None
    width = max(i + 1 for line in full for i, cell in enumerate(line.cells) if cell.strip())
    padded = [NumberedRow(line.number, (*line.cells, *[""] * width)[:width]) for line in full]
    return Sheet(name, tuple(cell.strip() for cell in padded[0].cells), tuple(padded[1:]), padded[0].number)
