"""CSV as programs of many kinds write it: its encoding and separator are found, and told."""

import csv
import io
from collections.abc import Iterator

from dialogiverkko.graph.tables.files import Book, NumberedRow, TableError, sheet_of
from dialogiverkko.graph.tables.limits import Limits

_SEPARATORS = ",;\t|"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ZEROS = 0.2
"""The share of zero bytes from which a file is taken to be UTF-16; a table in it has about a half."""
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def decode(data: bytes) -> tuple[str, str, str]:
    """Return the text, its encoding, and what is to be told of it (nothing for plain UTF-8)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding, ""
            except UnicodeDecodeError:
                raise TableError(f"The file begins as {encoding} but is not. Save it as CSV UTF-8.") from None
    zeros = data[:2000].count(0)
    if zeros > _ZEROS * len(data[:2000]):
        encoding = "utf-16-le" if data[1:2000:2].count(0) >= zeros * 0.9 else "utf-16-be"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise TableError("The file holds bytes of a program, not text. Save the table as .xlsx or CSV UTF-8.")
        return text, encoding, f"The file is {encoding} without a mark; UTF-8 is safer."
    try:
        return data.decode(), "utf-8", ""
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = data.decode("cp1252", errors="replace")
        return (
            text,
            "windows-1252",
            f"The file is not UTF-8 (line {line}); it was read as Windows-1252 (Latin-1). Are ä, ö and å right? "
            "Save it as CSV UTF-8.",
        )


def separator_of(text: str) -> tuple[str, str]:
    """Return the separator, and the text without a «sep=» line."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    head = _outside_quotes(text[:20_000])
    lines = [line for line in head.splitlines() if line][:20]
    if not lines:
        return ",", text
    wide = (n for n, line in enumerate(lines) if max(line.count(s) for s in _SEPARATORS) > 1)
    lines = lines[next(wide, 0) :]  # a title above the header holds no separator
    scores = {s: (min(line.count(s) for line in lines[:5]), lines[0].count(s)) for s in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda s: (scores[s][1] > 0, *scores[s]))
    return best, text


def _outside_quotes(text: str) -> str:
    """Return the text with what stands in quotation marks left out."""
    return "".join(piece for number, piece in enumerate(text.split('"')) if number % 2 == 0)


def _lines(text: str, separator: str, limits: Limits) -> Iterator[NumberedRow]:
    """Yield the rows as a spreadsheet numbers them: a row of several lines is one, an empty row counts."""
    csv.field_size_limit(limits.cell_characters)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for count, row in enumerate(reader, 1):
            if count > limits.rows + 1:
                raise TableError(f"The table has more than {limits.rows} rows. Split it.")
            if len(row) > limits.columns:
                raise TableError(f"Line {start} has {len(row)} columns; at most {limits.columns} are read.")
            yield NumberedRow(count, tuple(row))
            start = reader.line_num + 1
    except csv.Error as error:
        what = str(error)
        if "field larger" in what:
            raise TableError(
                f"A cell from line {start} on has more than {limits.cell_characters} characters."
            ) from None
        raise TableError(
            f"Line {start} cannot be read as CSV: a quotation mark is opened and not closed, "
            f"or stands inside a cell undoubled ({what})."
        ) from None


def read_csv(data: bytes, name: str, limits: Limits) -> Book:
    """Read a CSV file of any common encoding and separator."""
    text, encoding, notice = decode(data)
    separator, body = separator_of(text)
    sheet = sheet_of(name, list(_lines(body, separator, limits)))
    if sheet is None:
        raise TableError("The file holds no table: every cell is empty.")
    alone = ""
    if len(sheet.header) == 1 and sheet.rows and not sheet.header[0].replace("_", "").isalnum():
        alone = f"Only one column was found; the separator was taken to be a {_NAMES.get(separator, separator)}."
    facts = {"encoding": encoding, "separator": _NAMES.get(separator, separator)}
    return Book((sheet,), tuple(each for each in (notice, alone) if each), facts)
