"""A table as an Excel book of ours: what people wrote stays text, and each fault is a comment in its cell."""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dialogiverkko.graph.tables.faults import Fault, Faults
from dialogiverkko.graph.tables.files import Sheet

_RED = PatternFill("solid", fgColor="F8D7DA")
_YELLOW = PatternFill("solid", fgColor="FFF3CD")
_ACTIVE = "=+-@\t\r"
_WIDEST = 48
_TITLE = 31
_MARKED = 3_000
"""So many faults are marked in a book, the first ones; the others are found when these are mended."""
_NO_TITLE = "[]:*?/\\"
_TITLES = ("table", "row", "column", "value", "what is wrong", "what would be right")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, for a CSV that we write."""
    return f"'{text}" if text[:1] and text[0] in _ACTIVE else text


def _put(cell: Cell | MergedCell, text: str) -> None:
    """Write a text as text, whatever it begins with."""
    if isinstance(cell, MergedCell):
        return
    cell.value = text or None
    cell.data_type = "s" if text else "n"
    if text[:1] and text[0] in _ACTIVE:
        cell.quotePrefix = True


def annotate(
    sheets: Sequence[tuple[str, Sheet]],
    faults: Faults,
    say: Callable[[str], str] = str,
    finish: Callable[[Workbook], None] = lambda _: None,
) -> bytes:
    """Write the tables as one book with a comment in each cell that has a fault, and a last sheet that lists them.

    Each table keeps its name and its rows, so that the book can be mended and checked again. ``finish`` may add to it.
    """
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101  # a new book has one
    book.remove(first)
    by_cell: dict[tuple[str, int, str], list[Fault]] = defaultdict(list)
    for fault in faults.found[:_MARKED]:
        by_cell[fault.table, fault.row, fault.column].append(fault)
    for name, sheet in sheets:
        _write(book.create_sheet(_titled(sheet.name or name)), name, sheet, by_cell)
    finish(book)
    _list(book.create_sheet(_titled(say("faults"))), faults, say)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _titled(name: str) -> str:
    """Return a name as a sheet may have it."""
    return "".join("-" if c in _NO_TITLE else c for c in _clean(name)).strip("'")[:_TITLE] or "table"


def _list(sheet: Worksheet, faults: Faults, say: Callable[[str], str]) -> None:
    """Write the list of faults."""
    for column, title in enumerate(_TITLES, 1):
        sheet.cell(1, column, say(title)).font = Font(bold=True)
    for number, fault in enumerate(faults.found[:_MARKED], 2):
        for column, text in enumerate(
            (fault.table, str(fault.row or ""), fault.column, fault.value, fault.wrong, fault.right), 1
        ):
            _put(sheet.cell(number, column), _clean(text))
    for letter, width in zip("ABCDEF", (16, 6, 18, 30, 48, 48), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, name: str, table: Sheet, by_cell: dict[tuple[str, int, str], list[Fault]]) -> None:
    """Write one table in its own rows and columns, its faults as comments."""
    top = table.header_line
    for index, title in enumerate(table.header, 1):
        cell = sheet.cell(top, index)
        _put(cell, _clean(title))
        cell.font = Font(bold=True)
        _comment(cell, by_cell.get((name, 0, title), ()))
        longest = max([len(title), *(len(line.cells[index - 1]) for line in table.rows[:50])])
        sheet.column_dimensions[get_column_letter(index)].width = min(_WIDEST, longest + 2)
    for line in table.rows:
        for index, text in enumerate(line.cells, 1):
            cell = sheet.cell(line.number, index)
            _put(cell, _clean(text))
            _comment(cell, by_cell.get((name, line.number, table.header[index - 1]), ()))
        _comment(sheet.cell(line.number, 1), by_cell.get((name, line.number, ""), ()))
    sheet.freeze_panes = f"A{top + 1}"


def _clean(text: str) -> str:
    """Return a text without the characters that a book cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")


def _comment(cell: Cell | MergedCell, found: Iterable[Fault]) -> None:
    """Say in a cell's comment what is wrong and what would be right, and colour the cell."""
    told = list(found)
    if not told:
        return
    text = "\n".join(f"{_clean(f.wrong)}\n→ {_clean(f.right)}" for f in told)
    if cell.comment:
        text = f"{cell.comment.text}\n{text}"
    cell.comment = Comment(text, "Dialogiverkko", height=40 + 30 * len(told), width=320)
    cell.fill = _RED if any(f.gravity == "error" for f in told) else _YELLOW
