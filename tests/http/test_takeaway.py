"""What people take with them: tables that hurt no spreadsheet, and pictures that say their licence."""

import csv
import io
import json
import re
import struct
import zipfile
from datetime import date, datetime
from html import unescape
from xml.etree import ElementTree

import openpyxl
import pytest
from flask.testing import FlaskClient

from dialogiverkko.graph import dcat
from dialogiverkko.media import CSV, JSON, XLSX
from dialogiverkko.web.drawing import standalone
from dialogiverkko.web.http import sheets
from dialogiverkko.web.http.sheets import Sheet
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import rows, takeaway
from dialogiverkko.web.site.index import Index

LANGUAGES = ("fi", "sv", "en")
HARMFUL = ["=1+1", '=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=", "-"]
HARMLESS = ["-5", "+358", "5,5", "-61.2", "1-2", "a=b", "", "ä"]
CLASSES = {"activities": "Activity", "sources": "SourceDocument"}


@pytest.fixture(scope="module")
def index(services: Services) -> Index:
    """An index over the served graph."""
    return Index(services.snapshot)


def written(cell: object) -> str:
    """A cell of a book as the other forms write it: a day is a true date there."""
    return "" if cell is None else cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


@pytest.mark.parametrize("name", rows.TABLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_says_the_same_in_each_form(client: FlaskClient, name: str, language: str) -> None:
    """CSV, JSON and XLSX hold the same rows; headings and words are the reader's in XLSX, keys and codes elsewhere."""
    answers = {each: client.get(f"/tables/{name}.{each}?lang={language}") for each in ("csv", "json", "xlsx")}
    listed = list(csv.reader(io.StringIO(answers["csv"].get_data(as_text=True))))
    document = json.loads(answers["json"].data)
    table, about = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].data)).worksheets
    book = [[written(cell) for cell in row] for row in table.iter_rows(values_only=True)]
    plain = [["" if cell is None else str(cell) for cell in row.values()] for row in document["rows"]]

    assert len(plain) > 50
    assert listed[0] == list(document["columns"])
    assert sorted(book[0]) == sorted(document["columns"].values())
    assert [[cell.lstrip("'") for cell in row] for row in listed[1:]] == [[c.lstrip("'") for c in row] for row in plain]
    headed = dict(zip(book[0], zip(*book[1:], strict=True), strict=True))
    for key, column in zip(document["columns"], zip(*plain, strict=True), strict=True):
        if key not in CODES:
            assert headed[document["columns"][key]] == tuple(cell.replace("\r\n", "\n") for cell in column), key
    assert any("CC BY 4.0" in str(cell) for row in about.iter_rows(values_only=True) for cell in row)
    assert "CC BY 4.0" in json.dumps(document["about"])
    assert {a.headers["Content-Language"] for a in answers.values()} == {language}


@pytest.mark.parametrize("name", CLASSES)
def test_every_thing_has_its_row(client: FlaskClient, index: Index, name: str) -> None:
    """A table is whole: nothing is paged or cut."""
    document = json.loads(client.get(f"/tables/{name}.json").data)

    assert sorted(row["id"] for row in document["rows"]) == sorted(index.all(CLASSES[name]))


CODES = ("bases", "statuses", "methods", "isContext")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_book_is_for_people(client: FlaskClient, index: Index, language: str) -> None:
    """A name stands first and addresses last; what programs get as a code is told in words."""
    for path in (*(f"tables/{name}" for name in rows.TABLES), "queries/who-coordinated-an-activity"):
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/{path}.xlsx?lang={language}").data)).worksheets[0]
        first = [[str(cell or "") for cell in column] for column in book.iter_cols(min_row=2, values_only=True)]
        held = [any(cells) and all(c.startswith("http") for c in cells if c) for cells in first]
        assert held == sorted(held), path
        assert True in held
    links = openpyxl.load_workbook(io.BytesIO(client.get(f"/tables/links.xlsx?lang={language}").data)).worksheets[0]
    columns = {column[0]: set(column[1:]) for column in links.iter_cols(values_only=True)}
    told = [columns[client.get(f"/tables/links.json?lang={language}").get_json()["columns"][key]] for key in CODES]
    listed = [
        f"{index.label(f'https://w3id.org/dialogiverkko/vocab/{iri}', language).value}"
        for iri in ("basis/explicit", "status/realised", "method/citizens-jury")
    ]

    assert [label in values for label, values in zip(listed, told, strict=False)] == [True] * 3
    assert told[3] <= {"fi": {"Kyllä", "Ei"}, "sv": {"Ja", "Nej"}, "en": {"Yes", "No"}}[language]


LISTS = (
    "activities?organisation=om&status=realised", "activities?q=nuoret&sort=time", "activities?year=2021&page=2",
    "organisations?kind=organisation-kind%2Fassociation&sort=links", "organisations?q=yliopisto",
    "organisations?listed=no",
    "collaboration?strength=joint-organisation&organisation=om", "timeline?year=2020", "places", "source",
)  # fmt: skip
"""Lists as a reader may have filtered them."""


@pytest.mark.parametrize(("language", "page"), [*zip(LANGUAGES * 4, LISTS, strict=False)])
def test_a_list_is_taken_away_as_it_is_filtered(client: FlaskClient, page: str, language: str) -> None:
    """The links below a list lead to as many rows as the page counts, all in one book, whichever page was read."""
    shown = client.get(f"/{language}/{page}").text
    led = [unescape(each) for each in re.findall(r'href="(/tables/[^"]+)"', shown)]
    counted = re.search(r'role="status">(?:<span[^>]*>)?\s*(?:<b[^>]*>)?(\d+)', shown)

    assert [each.split("?")[0].rpartition(".")[2] for each in led] == ["xlsx", "csv", "json"]
    assert all(f"lang={language}" in each for each in led)
    book = openpyxl.load_workbook(io.BytesIO(client.get(led[0]).data)).worksheets[0]
    listed = list(csv.reader(io.StringIO(client.get(led[1]).get_data(as_text=True))))
    assert 1 < book.max_row == len(listed) == len(client.get(led[2]).get_json()["rows"]) + 1
    if counted and not page.startswith("timeline"):
        assert book.max_row - 1 == int(counted[1])
    first = re.search(r'<ul class="list"><li><h2><a href="/../page/([^"]+)"', shown)
    assert not first or "page=2" in page or listed[1][0].endswith(first[1])


def test_a_table_hears_the_filters_of_its_list_alone(client: FlaskClient) -> None:
    """What the list does not know is refused, and so is the page of a list: a table is whole."""
    for address in ("activities.csv?page=2", "organisations.csv?year=2021", "places.csv?q=a", "links.csv?q=a"):
        assert client.get(f"/tables/{address}").status_code == 422, address


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2021-06-08", date(2021, 6, 8)), ("1900-03-01", date(1900, 3, 1)), ("2021", "2021"), ("2021-06", "2021-06"),
        ("2021-06-08/2021-06-09", "2021-06-08/2021-06-09"), ("2021-06-08; 2021-06-09", "2021-06-08; 2021-06-09"),
        ("2021-02-30", "2021-02-30"), ("1899-01-01", "1899-01-01"), (12, 12), (60.17, 60.17),
        ("kevät 2021", "kevät 2021"),
    ],
)  # fmt: skip
def test_a_whole_day_is_a_date_and_a_number_is_a_number(text: sheets.Cell, kept: object) -> None:
    """A spreadsheet can sort and count them; a year and a span stay as they are told."""
    cell = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(Sheet("t", ["a"], ["A"], [[text]])))).worksheets[0]["A2"]

    assert (cell.value.date() if isinstance(cell.value, datetime) else cell.value) == kept
    assert cell.is_date == isinstance(kept, date)


def test_days_and_widths_of_the_tables(client: FlaskClient) -> None:
    """Days of activities are dates; each column is as wide as its heading and its values, up to a bound."""
    table = openpyxl.load_workbook(io.BytesIO(client.get("/tables/activities.xlsx?lang=sv").data)).worksheets[0]
    heads = {cell.value: cell.column_letter for cell in table[1]}
    begun = [cell.value for cell in table[heads["Började tidigast"]][1:] if cell.value]

    assert sum(isinstance(each, datetime) for each in begun) > 100
    assert {type(each) for each in begun} <= {datetime, str}
    assert all(table.column_dimensions[letter].width >= min(len(str(head)) + 2, 60) for head, letter in heads.items())
    assert table.column_dimensions[heads["Började tidigast"]].width >= 12


@pytest.mark.parametrize("text", HARMFUL)
def test_no_cell_is_a_formula(text: str) -> None:
    """In CSV an apostrophe stands before it; in XLSX it is a text whatever it looks like."""
    sheet = Sheet("t", ["a"], ["=A"], [[text]])
    (_, (cell,)) = list(csv.reader(io.StringIO(sheets.write_sheet(sheet, CSV).decode(), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(sheets.write_sheet(sheet, XLSX)))

    assert cell == f"'{text}"
    for row in book.worksheets[0].iter_rows():
        assert {each.data_type for each in row} <= {"s", "inlineStr"}
    assert json.loads(sheets.write_sheet(sheet, JSON))["rows"] == [{"a": text}]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    """A telephone number or a coordinate is not touched."""
    written = sheets.write_sheet(Sheet("t", ["a"], ["A"], [[text]]), CSV).decode()

    assert list(csv.reader(io.StringIO(written)))[1] == [text]


def test_a_book_holds_whatever_text_there_is() -> None:
    """Neither characters that XML has not nor too many letters spoil a book; the bytes are the same each time."""
    sheet = Sheet("a/b:c*" * 9, ["a", "b"], ["\x00", "<&>"], [["\x0b\ud800 <b>&\"'", "x" * 40_000], [None, 1.5]])
    one, other = sheets.write_sheet(sheet, XLSX), sheets.write_sheet(sheet, XLSX)
    table = openpyxl.load_workbook(io.BytesIO(one)).worksheets[0]

    assert one == other
    assert zipfile.ZipFile(io.BytesIO(one)).testzip() is None
    assert table["A2"].value == "\ufffd\ufffd <b>&\"'"
    assert len(str(table["B2"].value)) == 32_767
    assert (table["A3"].value, table["B3"].value) == (None, 1.5)


@pytest.mark.parametrize(
    "name", ["who-coordinated-an-activity", "activities-by-method", "counts-exact-ranged-or-vague"]
)
def test_an_answer_is_had_as_a_book(client: FlaskClient, name: str) -> None:
    """With headings in the reader's language, every row, and its citation."""
    answer = client.get(f"/queries/{name}.xlsx?lang=sv")
    total = int(client.get(f"/queries/{name}.json?lang=sv").headers["Dialogiverkko-Total"])
    table, about = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets

    assert answer.mimetype == XLSX.name
    assert table.max_row == total + 1
    assert "version=" in str(about["B1"].value)


# --- pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", takeaway.PICTURE_OF)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_stands_alone(client: FlaskClient, name: str, language: str) -> None:
    """It is well-formed, takes nothing from elsewhere, leads back, and holds its licence and source."""
    answer = client.get(f"/{name}.svg?lang={language}")
    text = answer.get_data(as_text=True)
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    links = {each.get("href", "") for each in root.iter("{http://www.w3.org/2000/svg}a")}

    assert answer.mimetype == "image/svg+xml"
    assert "CC BY 4.0" in text
    assert "https://w3id.org/dialogiverkko/" in text
    assert "var(--" not in text
    assert "<script" not in text
    assert links
    assert all(link.startswith(("http://localhost/", "https://", "#")) for link in links)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language


def test_a_picture_is_had_as_dots(client: FlaskClient) -> None:
    """PNG, wide enough for a slide and no larger than it may be."""
    for name in takeaway.PICTURE_OF:
        body = client.get(f"/{name}.png?lang=fi").data
        width, height = struct.unpack(">II", body[16:24])

        assert body.startswith(b"\x89PNG")
        assert width >= 1000
        assert width * height <= standalone.MOST_DOTS * 1.01


def test_the_letters_of_our_languages_are_drawn() -> None:
    """Each has a shape of its own: a letter that the font lacks would be the same box."""

    def drawn(letter: str) -> bytes:
        return standalone.png(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
            f'<style>{standalone.STYLE}</style><text x="9" y="29">{letter}</text></svg>'
        )  # fmt: skip

    letters = "aäåoöÄÅÖšžõéáčđŋ–”“’→"
    assert len({drawn(letter) for letter in letters}) == len(letters)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collaboration.svg?organisation=om", 200), ("/collaboration.svg?year=1900", 200),
        ("/collaboration.svg?around=om&depth=2&lang=en", 200), ("/collaboration.svg?strength=none-such", 422),
        ("/collaboration.png?lang=xx", 422), ("/timeline.svg?year=2020", 422), ("/places.svg?x=%00", 422),
        ("/tables/activities.exe", 404), ("/tables/nothing.csv", 404), ("/tables/links.xlsx?x=1", 422),
        ("/queries/collaboration-network-as-a-graph.xlsx", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(client: FlaskClient, path: str, status: int) -> None:
    """Never a crash."""
    assert client.get(path).status_code == status


def test_what_is_offered_is_declared_and_is_there(client: FlaskClient) -> None:
    """Each distribution of the catalogue answers with the type that it is declared with."""
    offered = list(dcat.offers())

    assert {name for name, *_ in (each.path.removeprefix("tables/").split(".") for each in offered)} >= set(rows.TABLES)
    assert set(dcat.PICTURES) == set(takeaway.PICTURE_OF)
    assert set(dcat.TABLES) == set(rows.TABLES)
    for each in offered:
        answer = client.head(f"/{each.path}")
        assert (answer.status_code, answer.mimetype) == (200, each.media_type), each.path
