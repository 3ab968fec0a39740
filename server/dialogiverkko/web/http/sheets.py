"""Writes tables for people and programs: CSV, JSON rows and XLSX, none of which a spreadsheet can take for a formula.

XLSX is written here, part by part: its text cells are inline strings, which no program evaluates, the bytes are the
same each time, and no file is opened, which a worker could not.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from flask_babel import gettext as _

from dialogiverkko.media import CSV, JSON, XLSX, MediaType
from dialogiverkko.network.exports import inert

TYPES: Final = (CSV, XLSX, JSON)
BETWEEN: Final = "; "
"""What stands between several values in one cell."""
Cell = str | int | float | None
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_NUMBER: Final = 15
"""Digits that a number of a spreadsheet keeps."""
_MOST_LETTERS: Final = 32_767
"""Characters that a cell of XLSX may hold."""
_WIDEST, _NARROWEST = 60, 8
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HEADED, _DAY = 1, 2
_DAY_FORMAT: Final = 14
"""The form of a day that each spreadsheet writes in the way of its country (ECMA-376, 18.8.30)."""
_FIRST_DAY: Final = date(1899, 12, 30)
_LEAST_DAY: Final = date(1900, 3, 1)
"""The first day that spreadsheets count alike: the calendar of some has a 29 February 1900."""
_ARROW: Final = 4
"""Letters of room for the arrow by which a heading is filtered."""
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf fontId="0"/><xf fontId="1" applyFont="1"/>'
    f'<xf fontId="0" numFmtId="{_DAY_FORMAT}" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """A table: a name, a key and a heading for each column, rows, and what is to be said of where it comes from."""

    name: str
    keys: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What people call the codes of a column, by its key; programs get the codes."""

    def for_people(self) -> "Sheet":
        """Return the table as people read it: words in place of codes, and columns of addresses behind the others."""
        rows = [
            [_said(cell, self.words.get(key)) for key, cell in zip(self.keys, row, strict=True)] for row in self.rows
        ]
        order = sorted(range(len(self.keys)), key=lambda column: _holds_addresses([row[column] for row in rows]))
        return replace(
            self,
            keys=[self.keys[column] for column in order],
            headings=[self.headings[column] for column in order],
            rows=[[row[column] for column in order] for row in rows],
        )


def _said(cell: Cell, words: Mapping[str, str] | None) -> Cell:
    """Put words in place of the codes of a cell."""
    if not words or not isinstance(cell, str):
        return cell
    return BETWEEN.join(words.get(code, code) for code in cell.split(BETWEEN))


def _holds_addresses(cells: Iterable[Cell]) -> bool:
    """Return whether a column has nothing but addresses."""
    told = [str(cell) for cell in cells if cell not in (None, "")]
    return bool(told) and all(text.startswith(("https://", "http://")) for text in told)


def provenance(source: str, version: str, digest: str) -> list[tuple[str, str]]:
    """Say in the present language where a table comes from, and what it may be used for."""
    return [
        (_("Source"), source),
        (_("Licence"), "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"),
        (_("Version"), version),
        (_("Digest"), digest),
    ]


def write_sheet(sheet: Sheet, media_type: MediaType) -> bytes:
    """Write a table in one of TYPES: headings for people stand in XLSX, keys for programs in CSV and JSON."""
    if media_type == CSV:
        return as_csv(sheet)
    return as_xlsx(sheet) if media_type == XLSX else as_json(sheet)


def as_csv(sheet: Sheet) -> bytes:
    """Write RFC 4180 in UTF-8, with commas and without a byte order mark."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(sheet.keys)
    writer.writerows([inert(cell) for cell in row] for row in sheet.rows)
    return buffer.getvalue().encode(errors="replace")


def as_json(sheet: Sheet) -> bytes:
    """Write plain rows, each an object by the keys."""
    rows = [dict(zip(sheet.keys, row, strict=True)) for row in sheet.rows]
    columns = dict(zip(sheet.keys, sheet.headings, strict=True))
    document = {"about": dict(sheet.about), "columns": columns, "rows": rows}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def is_number(text: str) -> bool:
    """Return whether a text is a number that a spreadsheet holds exactly."""
    return len(text) < _LONGEST_NUMBER and re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII) is not None


# --- XLSX (ECMA-376) ----------------------------------------------------------------------------


def as_xlsx(sheet: Sheet) -> bytes:
    """Write a book of two sheets: the table for people, its headings fixed above it, and where it comes from."""
    sheet = sheet.for_people()
    about = Sheet("about", ("", ""), ("", ""), sheet.about)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(sheet.name),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"), ("styles", "styles.xml")]
        ),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": "".join(_worksheet(sheet, is_headed=True)),
        "xl/worksheets/sheet2.xml": "".join(_worksheet(about, is_headed=False)),
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return body.getvalue()


def _content_types() -> str:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in (1, 2)]
    overrides = "".join(f'<Override PartName="{part}" ContentType="{_TYPE}{kind}+xml"/>' for part, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _book(name: str) -> str:
    kept = re.sub(r"[\\/?*\[\]:]", " ", name)[:31] or "table"
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{_attribute(kept)}" sheetId="1" '
        'r:id="rId1"/><sheet name="CC BY 4.0" sheetId="2" r:id="rId2"/></sheets></workbook>'
    )


def _worksheet(sheet: Sheet, *, is_headed: bool) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}">'
    if is_headed:
        yield '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>'
        yield "</sheetView></sheetViews>"
    yield f"<cols>{''.join(_widths(sheet))}</cols><sheetData>"
    number = 0
    if is_headed:
        number = 1
        cells = (_cell(text, column, 1, _HEADED) for column, text in enumerate(sheet.headings))
        yield f'<row r="1">{"".join(cells)}</row>'
    for row in sheet.rows:
        number += 1
        yield f'<row r="{number}">{"".join(_cell(cell, column, number) for column, cell in enumerate(row))}</row>'
    yield "</sheetData>"
    if is_headed:
        yield f'<autoFilter ref="A1:{_letters(max(len(sheet.headings) - 1, 0))}{number}"/>'
    yield "</worksheet>"


def _widths(sheet: Sheet) -> Iterator[str]:
    for column, heading in enumerate(sheet.headings):
        longest = max([len(heading) + _ARROW, *(len(str(row[column] or "")) + 2 for row in sheet.rows)])
        width = min(max(longest, _NARROWEST), _WIDEST)
        yield f'<col min="{column + 1}" max="{column + 1}" width="{width}" customWidth="1"/>'


def _cell(value: Cell, column: int, row: int, style: int = 0) -> str:
    if value is None or value == "":
        return ""
    where = f'r="{_letters(column)}{row}" s="{style}"'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c {where}><v>{value}</v></c>"
    if style != _HEADED and (day := _whole_day(str(value))):
        return f'<c r="{_letters(column)}{row}" s="{_DAY}"><v>{(day - _FIRST_DAY).days}</v></c>'
    text = escape(_UNWRITABLE.sub("\ufffd", str(value))[:_MOST_LETTERS])
    return f'<c {where} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _whole_day(text: str) -> date | None:
    """Return the day that a text is, where it is one whole day and nothing else; a year or a span stays a text."""
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= _LEAST_DAY else None


def _letters(column: int) -> str:
    """Return the letters of a column, counted from 0: A, …, Z, AA, …"""
    found, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        found = chr(ord("A") + letter) + found
    return found


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
