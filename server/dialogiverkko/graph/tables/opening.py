"""Opens a table: by its first bytes as a book or as separated values, within the limits of size."""

from dataclasses import replace
from pathlib import PurePath

from dialogiverkko.graph.tables import csvfile, xlsxfile
from dialogiverkko.graph.tables.files import Book, TableError, kind_of
from dialogiverkko.graph.tables.limits import PLAIN, Limits


def read_bytes(data: bytes, name: str = "", limits: Limits = PLAIN) -> Book:
    """Read a table in this process; see worker.read for one whose origin is not known."""
    if len(data) > limits.file_bytes:
        raise TableError(f"The file has {len(data)} bytes; at most {limits.file_bytes} are read.")
    if not data.strip():
        raise TableError("The file is empty.")
    reader = xlsxfile.read_xlsx if kind_of(data, name) == "xlsx" else csvfile.read_csv
    book = reader(data, PurePath(name).stem or "table", limits)
    _measure(book, limits)
    titles = tuple(
        f"Above the header (row {sheet.header_line}) of «{sheet.name}» stands «{sheet.above}», which was not read."
        for sheet in book.sheets
        if sheet.above
    )
    return replace(book, notices=(*book.notices, *titles))


def _measure(book: Book, limits: Limits) -> None:
    """Raise TableError where a book holds more than is checked in good time; one text may stand in many cells."""
    cells = sum(len(sheet.header) * len(sheet.rows) for sheet in book.sheets)
    if cells > limits.cells:
        raise TableError(f"The table has {cells} cells; at most {limits.cells} are read. Split it.")
    characters = sum(len(cell) for sheet in book.sheets for line in sheet.rows for cell in line.cells)
    if characters > limits.characters:
        raise TableError(f"The table has {characters} characters; at most {limits.characters} are read. Split it.")
