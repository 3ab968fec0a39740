"""Excel books (.xlsx), read as values: no macros, no links, no entities, no more than the limits allow."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from dialogiverkko.graph.tables.faults import letter
from dialogiverkko.graph.tables.files import Book, Flaw, NumberedRow, Sheet, TableError, sheet_of
from dialogiverkko.graph.tables.limits import Limits
from dialogiverkko.graph.tables.sheetxml import TAIL, Unseen

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_ACTIVE = {
    "vbaproject": "macros",
    "externallinks/": "links to other books",
    "embeddings/": "embedded files",
    "activex/": "active controls",
    "connections.xml": "connections to data elsewhere",
    "querytables/": "queries of data elsewhere",
    "ddelinks": "links to other programs",
    "customui/": "buttons of its own",
}
_BLOCK = 65_536
LISTS = "lists"
"""The hidden sheet of our own books, from which cells are chosen."""
_TOLD = 8
_SMALL = 10_000_000
_LARGEST_INT = 2**53


def _members(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """List the files of a book; raise TableError for what acts, reaches out or swells."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise TableError(f"The book holds {len(members)} files; at most {limits.members} are read.")
    for member in members:
        lower = member.filename.lower()
        for mark, what in _ACTIVE.items():
            if mark in lower:
                raise TableError(f"The book holds {what}. Save a copy with values only, as .xlsx.")
        if member.flag_bits & 1:
            raise TableError("The book is protected by a password. Save it without one.")
        if ".." in lower.split("/") or lower.startswith("/"):
            raise TableError("The book holds a file outside itself; it is no book that Excel wrote.")
    declared = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if declared > _SMALL and declared > limits.ratio * packed:
        raise TableError(
            f"The book would swell to {declared // packed} times its size; at most {limits.ratio} are read."
        )
    if declared > limits.swollen_bytes:
        raise TableError(f"The book would swell to {declared} bytes; at most {limits.swollen_bytes} are read.")
    return members


def _look_inside(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> dict[str, Unseen]:
    """Unpack every part once in pieces and return what sheets hold beside values.

    Raises TableError for sizes that are not as declared, entities and document types.
    """
    total = 0
    unseen: dict[str, Unseen] = {}
    for member in members:
        is_sheet = "/worksheets/" in "/" + member.filename.lower()
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        tail = b""
        with archive.open(member) as stream:
            while block := stream.read(_BLOCK):
                total += len(block)
                if total > limits.swollen_bytes:
                    raise TableError(f"The book swells to more than {limits.swollen_bytes} bytes.")
                if is_xml and (b"<!DOCTYPE" in tail + block or b"<!ENTITY" in tail + block):
                    raise TableError("The book defines entities (<!DOCTYPE>), which no table needs. Save it again.")
                if is_xml and b"T\0Y\0P\0E" in block:
                    raise TableError("The book holds a part in UTF-16, which Excel does not write. Save it again.")
                if is_sheet:
                    unseen.setdefault(member.filename.lower(), Unseen()).look(tail + block)
                tail = (tail + block)[-TAIL:]
                if member.filename.lower().endswith(".rels") and b'TargetMode="External"' in block:
                    _refuse_far_files(block)
    return unseen


def _refuse_far_files(block: bytes) -> None:
    """Raise TableError for a relationship that fetches from elsewhere; a hyperlink in a cell only points there."""
    for relationship in block.split(b"<Relationship")[1:]:
        if b'TargetMode="External"' in relationship and b"/hyperlink" not in relationship.split(b">")[0]:
            raise TableError("The book fetches data from elsewhere. Save a copy with values only, as .xlsx.")


def _text(value: Any) -> str:  # a cell holds anything that a spreadsheet knows
    """Return a cell's value as a person would write it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
        case float() if value.is_integer() and abs(value) < _LARGEST_INT:
            return str(int(value))
        case _:
            return str(value)


def _lines(sheet: "ReadOnlyWorksheet", limits: Limits) -> Iterator[NumberedRow]:
    """Yield the rows of a sheet that hold anything."""
    blank = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[misc]  # the stubs want a Worksheet here
        if number - blank > limits.rows + 1:
            raise TableError(f"The sheet {sheet.title} has more than {limits.rows} rows. Split it.")
        cells = tuple(_text(value) for value in row)
        if not any(cells):
            blank += 1
            continue
        used = max(i + 1 for i, cell in enumerate(cells) if cell)
        if used > limits.columns:
            raise TableError(f"Row {number} of {sheet.title} has {used} columns; at most {limits.columns} are read.")
        longest = max(len(cell) for cell in cells)
        if longest > limits.cell_characters:
            raise TableError(
                f"A cell in row {number} of {sheet.title} has {longest} characters; "
                f"at most {limits.cell_characters} are read."
            )
        yield NumberedRow(number, cells[:used])


def read_xlsx(data: bytes, name: str, limits: Limits) -> Book:  # noqa: ARG001
    """Read an Excel book; each sheet that holds anything is a table."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, limits)
            _refuse_others({member.filename.lower() for member in members})
            unseen = _look_inside(archive, members, limits)
        # as formulas: what a cell computes was computed by somebody else's program and may be stale
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > limits.sheets:
            raise TableError(f"The book has {len(book.worksheets)} sheets; at most {limits.sheets} are read.")
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheets = [_sheet(sheet, limits, unseen) for sheet in visible]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, InvalidFileException, KeyError, SyntaxError, EOFError) as error:
        raise TableError("The book is damaged and cannot be opened. Save it again as .xlsx.") from error
    except DefusedXmlException as error:
        raise TableError("The book defines entities, which no table needs. Save it again.") from error
    except (ValueError, TypeError, IndexError, AttributeError, NotImplementedError, OSError) as error:
        raise TableError("The book is not as Excel writes it and cannot be read. Save it again as .xlsx.") from error
    found = tuple(sheet for sheet in sheets if sheet is not None)
    if not found:
        raise TableError("The book holds no table: every cell is empty.")
    hidden = tuple(
        f"The sheet «{sheet.title}» is hidden and was not read."
        for sheet in book.worksheets
        if sheet.sheet_state != "visible" and sheet.title != LISTS
    )
    rows = tuple(
        f"The sheet «{sheet.title}» has hidden rows ({_few(seen.hidden)}); they were read too."
        for sheet in visible
        if (seen := _unseen(sheet, unseen)).hidden
    )
    return Book(found, (*hidden, *rows), {"encoding": "xlsx"})


def _refuse_others(names: set[str]) -> None:
    """Raise TableError for a zip archive that is no Excel book but something that people take for one."""
    if "[content_types].xml" not in names and "content.xml" in names:
        raise TableError("The file is an OpenDocument file (.ods). Save it as .xlsx.")
    if "[content_types].xml" not in names:
        raise TableError("The file is a zip archive, not an Excel book. Save the table as .xlsx or .csv.")
    if "xl/workbook.bin" in names:
        raise TableError("The file is a binary Excel book (.xlsb). Save it as .xlsx.")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise TableError("The file is a text or a presentation, not an Excel book. Save the table as .xlsx or .csv.")


def _few(rows: Iterable[int]) -> str:
    """Return the first of some numbers of rows."""
    told = list(rows)
    return ", ".join(map(str, told[:_TOLD])) + (" …" if len(told) > _TOLD else "")


def _unseen(sheet: "ReadOnlyWorksheet", unseen: Mapping[str, Unseen]) -> Unseen:
    """Return what the XML of a sheet holds beside values."""
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/").lower()  # the library tells it nowhere else
    return unseen.get(path, Unseen())


def _sheet(sheet: "ReadOnlyWorksheet", limits: Limits, unseen: Mapping[str, Unseen]) -> Sheet | None:
    """Read one sheet; its own word for its size is not believed."""
    sheet.reset_dimensions()
    return sheet_of(str(sheet.title), list(_lines(sheet, limits)), _flaws(_unseen(sheet, unseen)))


def _flaws(unseen: Unseen) -> Iterator[Flaw]:
    """Yield where cells are merged over rows, or a formula holds no value: both would be lost unseen."""
    for first, left, last, right in unseen.merged:
        cells = f"{letter(left)}{first}:{letter(right)}{last}"
        wrong = f"The cells {cells} are merged."
        size = (last - first + 1, right - left + 1)
        yield Flaw(first, left, "merged-cells", wrong, "Unmerge them, and write the value into each row.", *size)
    for row, column in unseen.uncomputed:
        wrong = "The cell holds a formula without a value."
        yield Flaw(row, column, "no-value", wrong, "Open the book in a spreadsheet and save it again.")
