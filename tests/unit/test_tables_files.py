"""Files of tables: every common form is read, every hostile one ends in a sentence, soon and small."""

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from dialogiverkko.graph.tables import worker
from dialogiverkko.graph.tables.files import TableError, kind_of
from dialogiverkko.graph.tables.limits import Limits
from dialogiverkko.graph.tables.opening import read_bytes

ROWS = [["nimi", "paikka"], ["Kevään dialogi", "Äänekoski"], ['Sanoi "hei"', "a;b,c"], ["kaksi\nriviä", "å"]]


def csv_of(separator: str = ",") -> str:
    """The rows as CSV, quoted where they must be."""
    return "\r\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in ROWS) + "\r\n"


def book_of(rows: list[list[object]]) -> bytes:
    """The rows as an Excel book."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, name: str, text: bytes) -> bytes:
    """A book with one of its files changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_csv_of_every_common_form_is_read(separator: str, encoding: str) -> None:
    """Encoding and separator are found; quoted separators, quotes and new lines stay in their cells."""
    sheet = read_bytes(csv_of(separator).encode(encoding), "a.csv").sheets[0]

    assert [list(sheet.header), *(list(line.cells) for line in sheet.rows)] == ROWS
    assert [line.number for line in sheet.rows] == [2, 3, 4]


def test_a_zero_byte_in_a_text_is_a_fault_of_its_cell() -> None:
    """One byte does not make another encoding of the file; the check tells it by row and column."""
    assert read_bytes(b"a,b\nx\0y,2\n", "a.csv").sheets[0].rows[0].cells == ("x\0y", "2")


def test_titles_of_columns_are_read_however_they_are_broken() -> None:
    """A line break, a hard space and doubled spaces in a title are one plain space."""
    text = 'tunnus,"Nimi\nsuomeksi",Aika\u00a0 ja paikka\na,b,c\n'
    assert read_bytes(text.encode(), "a.csv").sheets[0].header == ("tunnus", "Nimi suomeksi", "Aika ja paikka")


def test_a_doubtful_encoding_is_told() -> None:
    """Latin-1 is read, and said with the line that is not UTF-8."""
    book = read_bytes("nimi\nÄänekoski\n".encode("latin-1"), "a.csv")

    assert book.sheets[0].rows[0].cells == ("Äänekoski",)
    assert "line 2" in book.notices[0]
    assert "Windows-1252" in book.notices[0]


def test_a_line_that_names_the_separator_is_none_of_the_rows() -> None:
    """Excel's sep= line."""
    assert read_bytes(b"sep=;\r\na;b\r\n1;2\r\n", "a.csv").sheets[0].header == ("a", "b")


def test_a_book_is_read_as_people_see_it() -> None:
    """Days are days, whole numbers have no point, empty rows fall away, rows keep their numbers."""
    import datetime as dt

    data = book_of([["nimi", "aika", "luku"], [None, None, None], ["a", dt.datetime(2022, 3, 12), 20.0]])
    sheet = worker.read_apart(data, "a.xlsx").sheets[0]

    assert sheet.rows[0].cells == ("a", "2022-03-12", "20")
    assert sheet.rows[0].number == 3


def test_a_formula_is_text() -> None:
    """What begins with = is a text in CSV; in a book its value is read, and one without is told."""
    assert read_bytes(b'a,b\n=1+1,"=HYPERLINK(""http://x"")"\n', "a.csv").sheets[0].rows[0].cells[0] == "=1+1"
    (flaw,) = worker.read_apart(book_of([["a", "b"], ["=1+1", "x"]]), "a.xlsx").sheets[0].flaws
    assert (flaw.row, flaw.column, flaw.code) == (2, 0, "no-value")
    valued = START + ROW + b'<row><c r="A2"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>'
    assert worker.read_apart(changed(GOOD, SHEET, valued), "a.xlsx").sheets[0].rows[0].cells == ("2",)


def test_merged_cells_hide_nothing_else_of_the_sheet() -> None:
    """Cells merged over rows and formulas without a value are told by their place, and all other cells are read."""
    sheet = worker.read_apart(changed(GOOD, SHEET, MERGED), "a.xlsx").sheets[0]

    assert [(flaw.row, flaw.column, flaw.code) for flaw in sheet.flaws] == [(3, 1, "merged-cells"), (2, 0, "no-value")]
    assert "B3:B4" in sheet.flaws[0].wrong
    assert sheet.flaws[0].covers(4, 1)
    assert not sheet.flaws[0].covers(4, 0)
    assert [line.number for line in sheet.rows] == [3, 4]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_row_is_told_as_a_spreadsheet_numbers_it(kind: str) -> None:
    """A title above the header, empty rows and cells of several lines change no number; the title is told."""
    rows: list[list[object]] = [["Ministeriön dialogit"], [], ["tunnus", "nimi", "aika"], ["a", "x\ny", "2025"], [],
                                ["b", "z", "2026"]]  # fmt: skip
    text = 'Ministeriön dialogit\r\n\r\ntunnus,nimi,aika\r\na,"x\ny",2025\r\n,,\r\nb,z,2026\r\n'
    book = worker.read_apart(book_of(rows) if kind == "xlsx" else text.encode(), f"a.{kind}")

    assert book.sheets[0].header == ("tunnus", "nimi", "aika")
    assert [line.number for line in book.sheets[0].rows] == [4, 6]
    assert "row 3" in book.notices[-1]
    assert "Ministeriön dialogit" in book.notices[-1]


def test_what_is_hidden_is_told() -> None:
    """A hidden sheet is not read, hidden rows are; both are said."""
    book = openpyxl.load_workbook(io.BytesIO(book_of([["nimi", "aika"], ["a", "2024"], ["b", "2025"]])))
    book.worksheets[0].row_dimensions[3].hidden = True
    other = book.create_sheet("Vanhat")
    other.append(["nimi"])
    other.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    found = worker.read_apart(out.getvalue(), "a.xlsx")

    assert len(found.sheets) == 1
    assert len(found.sheets[0].rows) == 2
    assert found.notices == (
        "The sheet «Vanhat» is hidden and was not read.",
        "The sheet «Sheet» has hidden rows (3); they were read too.",
    )


GOOD = book_of([["nimi"], ["Dialogi"]])
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
)
LINK = (
    b'<Relationships><Relationship Id="r1" Type="http://x/externalLink" Target="http://x" TargetMode="External"/>'
    b"</Relationships>"
)
SHEET = "xl/worksheets/sheet1.xml"
ROW = b'<row><c t="inlineStr"><is><t>a</t></is></c></row>'


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A book whose sheet swells to 400 megabytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(SHEET, "w", force_zip64=True) as sheet,
    ):
        for _ in range(400):
            sheet.write(b"0" * 1_000_000)
    return out.getvalue()


def lying_bomb() -> bytes:
    """The same, with a declared size of ten bytes."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def endless_rows(number: int, *, alike: bool) -> bytes:
    """A book of many rows, that are alike and pack well, or differ."""
    body = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
    rows = ROW * number if alike else b"".join(ROW.replace(b">a<", f">{n * n * 7919}<".encode()) for n in range(number))
    return changed(GOOD, SHEET, body + rows + b"</sheetData></worksheet>")


START = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
MERGED = (
    START
    + ROW
    + b'<row><c r="A2"><f>SUM(B1:B2)</f><v></v></c></row>'
    + ROW * 2
    + b'</sheetData><mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B3:B4"/></mergeCells></worksheet>'
)
HOSTILE = {
    "external-entity": (lambda: changed(GOOD, SHEET, ENTITY), "entities"),
    "laughing-entities": (lambda: changed(GOOD, SHEET, LAUGHS), "entities"),
    "entity-in-a-part-nobody-reads": (lambda: changed(GOOD, "docProps/app.xml", ENTITY), "entities"),
    "macros": (lambda: changed(GOOD, "xl/vbaProject.bin", b"x"), "macros"),
    "external-link": (lambda: changed(GOOD, "xl/externalLinks/externalLink1.xml", b"<a/>"), "links to other books"),
    "external-relation": (lambda: changed(GOOD, "xl/_rels/other.xml.rels", LINK), "fetches data"),
    "embedded-file": (lambda: changed(GOOD, "xl/embeddings/a.bin", b"x"), "embedded"),
    "zip-bomb": (bomb, "swell"),
    "zip-bomb-that-lies": (lying_bomb, "book"),
    "a-million-rows-in-a-book": (lambda: endless_rows(1_000_000, alike=True), "swell"),
    "more-rows-than-are-read": (lambda: endless_rows(21_000, alike=False), "rows"),
    "a-million-rows": (lambda: b"a,b\n" * 1_000_000, "rows"),
    "a-cell-of-a-megabyte": (lambda: b"a,b\n" + b"x" * 1_000_000 + b",y\n", "characters"),
    "a-cell-of-a-megabyte-in-a-book": (
        lambda: changed(GOOD, SHEET, (b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
                                      b"<sheetData>" + ROW + ROW.replace(b"<t>a", b"<t>" + b"a" * 1_000_000)
                                      + b"</sheetData></worksheet>")),
        "characters",
    ),
    "many-columns": (lambda: b",".join([b"a"] * 5_000) + b"\n1\n", "columns"),
    "more-bytes-than-are-read": (lambda: b"a,b\n" * 6_000_000, "bytes"),
    "an-open-quotation": (lambda: b'a,b\n"x,y\nz,1\n', "quotation"),
    "bytes-of-a-program": (lambda: b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" * 50, "text"),
    "a-broken-book": (lambda: GOOD[: len(GOOD) // 2], "damaged"),
    "a-zip-that-is-no-book": (lambda: changed(GOOD, "[Content_Types].xml", b"<broken"), "book"),
    "an-old-book": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
    "a-pdf": (lambda: b"%PDF-1.7 ...", "PDF"),
    "an-opendocument-sheet": (lambda: zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "OpenDocument"),
    "a-binary-book": (lambda: changed(GOOD, "xl/workbook.bin", b"x"), "xlsb"),
    "a-text-of-word": (lambda: changed(GOOD, "word/document.xml", b"<x/>"), "presentation"),
    "a-zip-of-a-csv": (lambda: zipped({"a.csv": b"a,b"}), "zip archive"),
    "a-page-after-an-empty-line": (lambda: b"\n <html><table></table></html>", "web page"),
    "an-xml-spreadsheet": (lambda: b'<?xml version="1.0"?><Workbook/>', "XML"),
    "json": (lambda: b'{"a": 1}', "JSON"),
    "a-picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture"),
    "another-compressed-file": (lambda: b"7z\xbc\xaf'\x1c" + b"x" * 99, "compressed"),
    "nothing": (lambda: b"\n \n", "empty"),
    "empty-cells": (lambda: b",,\n,,\n", "no table"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_table_ends_in_a_sentence(case: str) -> None:
    """Within five seconds, in a process that may take 512 MiB; the sentence says what to do."""
    make, word = HOSTILE[case]
    data = make()
    before = time.monotonic()

    with pytest.raises(TableError) as caught:
        worker.read_apart(data, "table.xlsx" if data.startswith(b"PK") else "table.csv")

    assert time.monotonic() - before < 5.5
    assert word in caught.value.message
    assert "Traceback" not in caught.value.message


def test_the_hostile_tables_are_as_many_as_there_were() -> None:
    """None is lost on the way."""
    assert len(HOSTILE) == 33


def test_a_reader_that_takes_too_long_is_killed() -> None:
    """Time is a limit like any other."""
    rows = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>" + ROW * 19_000
    data = changed(GOOD, SHEET, rows + b"</sheetData></worksheet>")

    with pytest.raises(TableError, match=r"0\.2 seconds"):
        worker.read_apart(data, "a.xlsx", Limits(seconds=0.2))


def test_a_reader_that_needs_too_much_memory_is_stopped() -> None:
    """Memory is a limit of the process, so that nobody else pays."""
    with pytest.raises(TableError, match=r"memory|stopped"):
        worker.read_apart(b"a,b\n" + b"x,y\n" * 19_000, "a.csv", Limits(memory_bytes=40_000_000))


def test_macros_are_refused_by_their_name_already() -> None:
    """A book that is named so is not opened."""
    with pytest.raises(TableError, match="macros"):
        kind_of(GOOD, "a.xlsm")


def test_the_tables_of_the_repository_are_read(tmp_path: Path) -> None:
    """The worker finds its own code from any folder."""
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    assert worker.read_apart((tmp_path / "a.csv").read_bytes(), "a.csv").sheets[0].header == ("a", "b")
