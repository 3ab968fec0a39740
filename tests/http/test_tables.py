"""The owner's way: a template with lists from the graph, and a check that keeps nothing."""

import io
import json
from urllib.request import Request, urlopen

import openpyxl
import pytest
from flask.testing import FlaskClient

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = {"fi": "Oikeusministeriö", "sv": "Justitieministeriet", "en": "Ministry of Justice"}
NAMES = {
    "fi": ["Dialogit", "Organisaatiot", "Paikat"],
    "sv": ["Dialoger", "Organisationer", "Platser"],
    "en": ["Dialogues", "Organisations", "Places"],
}
EVENT = {"fi": "Tapahtuma", "sv": "Evenemang", "en": "Event"}


def template(client: FlaskClient, language: str) -> openpyxl.Workbook:
    """The template as a spreadsheet opens it."""
    answer = client.get(f"/tables/template.xlsx?lang={language}")
    assert answer.status_code == 200
    assert answer.content_type == BOOK
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def saved(book: openpyxl.Workbook) -> io.BytesIO:
    """The bytes of a book."""
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_template_holds_lists_to_choose_from(client: FlaskClient, language: str) -> None:
    """Titles, an example beside them, and drop-down lists in the language."""
    book = template(client, language)
    sheet, lists = book[NAMES[language][0]], book["lists"]
    words = {str(cell.value) for row in lists.iter_rows() for cell in row if cell.value}

    assert sheet.max_column == 21
    assert all(cell.comment for cell in sheet[1])
    assert {LISTS[language], EVENT[language]} <= words
    assert lists.sheet_state == "hidden"
    assert len(sheet.data_validations.dataValidation) == 10
    assert book.sheetnames == [*NAMES[language], "lists"]
    assert [len(book[name].data_validations.dataValidation) for name in NAMES[language][1:]] == [1, 2]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_filled_template_is_checked_and_not_kept(client: FlaskClient, language: str) -> None:
    """A good row is clean; a bad cell is told by row, column and value."""
    book = template(client, language)
    sheet = book[NAMES[language][0]]
    sheet.append(["kevat-2025", "Kevätdialogi", "Vårdialogen", "Spring dialogue", EVENT[language], None, "12.3.2025",
                  "Turku", None, None, LISTS[language], None, None, "noin 20"])  # fmt: skip
    good = client.post("/tables/check", data={"file": (saved(book), "a.xlsx")})
    sheet["G2"] = "31.4.2025"
    sheet["K2"] = "Suomen Pakolaisapu"
    bad = client.post("/tables/check", data={"file": (saved(book), "a.xlsx")})
    marked = client.post("/tables/check?as=xlsx", data={"file": (saved(book), "a.xlsx")})

    assert good.json is not None
    assert bad.json is not None
    assert good.json["faults"] == []
    assert good.json["clean"] is True
    assert [(each["row"], each["value"], each["code"]) for each in bad.json["faults"]] == [
        (2, "31.4.2025", "no-such-day"),
        (2, "Suomen Pakolaisapu", "unknown-name"),
    ]
    commented = openpyxl.load_workbook(io.BytesIO(marked.data))[NAMES[language][0]]
    assert "30.4.2025" in str(commented["G2"].comment.text)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_checked_book_is_mended_and_sent_again(client: FlaskClient, language: str) -> None:
    """It has the names of its sheets, its lists and its faults last; mended, it is as a fresh one."""
    book = template(client, language)
    main, bodies, _ = NAMES[language]
    book[main].append(["a-1", "Dialogi", None, None, EVENT[language], None, "31.4.2025", None, None, None, "Paloseura"])
    book[bodies].append(["paloseura", "Paloseura", None, None, "Kunta ja muu"])
    first = client.post("/tables/check?as=xlsx", data={"file": (saved(book), "a.xlsx")})
    marked = openpyxl.load_workbook(io.BytesIO(first.data))
    again = client.post("/tables/check", data={"file": (saved(marked), "a.xlsx")})
    marked[main]["G2"] = "30.4.2025"
    marked[bodies]["E2"] = None
    mended = client.post("/tables/check", data={"file": (saved(marked), "a.xlsx")})

    assert marked.sheetnames == [*NAMES[language], "lists", "faults"]
    assert len(marked[main].data_validations.dataValidation) == 10
    assert again.json is not None
    assert [(each["table"], each["row"], each["code"]) for each in again.json["faults"]] == [
        (main, 2, "no-such-day"),
        (bodies, 2, "unknown-value"),
    ]
    assert mended.json is not None
    assert mended.json["faults"] == []


def test_columns_may_be_left_out_of_the_template_and_be_added(client: FlaskClient) -> None:
    """What is not necessary may be missing; a column of one's own is told and not read; one must be there."""
    body = "Tunnus;Nimi suomeksi;Aika;Muistiin\na-1;Dialogi;2025;x\n"
    short = client.post("/tables/check?name=a.csv", data=body.encode())
    without = client.post("/tables/check?name=a.csv", data=body.replace("Tunnus", "Laji").encode())

    assert short.json is not None
    assert without.json is not None
    assert short.json["clean"] is True
    assert [(each["code"], each["gravity"]) for each in short.json["faults"]] == [("unknown-column", "warning")]
    assert "missing-column" in without.json["counts"]


@pytest.mark.parametrize(
    ("title", "cell", "text"),
    [
        ("Tunnus", "A1", "TUNNUS"),
        ("Nimi suomeksi", "B1", "Nimi\nsuomeksi "),
        ("Järjestäjät", "K2", "O\u200bM; \ufeffSitra;Sisa\u0308ministerio\u0308"),
        ("Paikka", "H2", "Turku\u00a0;\u200fTampere"),
        ("Aika", "G2", "2025-03-12 09:30"),
        ("Osallistujia", "N2", "20.0"),
    ],
)
def test_what_people_cannot_see_makes_no_fault(client: FlaskClient, title: str, cell: str, text: str) -> None:
    """Capitals and breaks of titles, spaces and marks of no width, letters in two parts, an hour beside a day."""
    book = template(client, "fi")
    sheet = book["Dialogit"]
    assert title in [each.value for each in sheet[1]]
    sheet.append(["a-1", "Dialogi", None, None, "Tapahtuma", None, "12.3.2025", "Turku", None, None, "OM"])
    sheet[cell] = text
    answer = client.post("/tables/check", data={"file": (saved(book), "a.xlsx")})

    assert answer.json is not None
    assert answer.json["faults"] == []


def test_a_table_without_rows_is_not_in_order(client: FlaskClient) -> None:
    """An empty template is told to be empty."""
    answer = client.post("/tables/check", data={"file": (saved(template(client, "sv")), "a.xlsx")})

    assert answer.json is not None
    assert [each["code"] for each in answer.json["faults"]] == ["no-rows"]


def test_a_body_that_the_graph_has_is_not_declared_again(client: FlaskClient) -> None:
    """An identifier of the graph's is told; a name that is like one of the graph's is to be looked at."""
    book = template(client, "fi")
    book["Dialogit"].append(["a-1", "Dialogi", *[None] * 8, "om; Kuntaliitot ry"])
    book["Organisaatiot"].append(["om", "Oikeuden ministeriö"])
    book["Organisaatiot"].append(["kuntaliitot", "Kuntaliitot ry"])
    answer = client.post("/tables/check", data={"file": (saved(book), "a.xlsx")})

    assert answer.json is not None
    assert {(each["row"], each["code"]) for each in answer.json["faults"]} >= {(2, "double-identifier")}
    assert answer.json["clean"] is False


def test_the_csv_template_is_read_again(client: FlaskClient) -> None:
    """UTF-8 with a mark, semicolons; as a body with its name."""
    blank = client.get("/tables/template.csv?lang=sv").data.decode("utf-8-sig").strip()
    row = "host-2024;;Höstdialogen;;Serie;;hösten 2024;;;;Sitra;;;ett hundratal"
    answer = client.post("/tables/check?name=a.csv", data=f"{blank}\r\n{row}\r\n".encode())

    assert answer.json is not None
    assert answer.json["faults"] == []


@pytest.mark.parametrize(
    ("data", "name", "status", "word"),
    [
        (b"a;b\n1;2\n", "a.csv", 422, "template"),
        (b"%PDF-1.7", "a.pdf", 422, "PDF"),
        (b"PK\x03\x04broken", "a.xlsx", 422, "damaged"),
        (b"", "a.csv", 422, "empty"),
        (b"x" * 3_000_000, "a.csv", 413, "bytes"),
    ],
)
def test_what_is_no_template_is_told(client: FlaskClient, data: bytes, name: str, status: int, word: str) -> None:
    """A sentence that says what to do."""
    answer = client.post(f"/tables/check?name={name}", data=data)

    assert answer.status_code == status
    assert word in json.dumps(answer.json, ensure_ascii=False)


def test_one_check_leaves_nothing_to_the_next(client: FlaskClient) -> None:
    """Names of one table are unknown to another."""
    blank = client.get("/tables/template.csv?lang=fi").data.decode("utf-8-sig").strip()
    row = "{};Dialogi;;;Sarja;;2024;;;;Sitra;;;;;;;;{}"
    first = client.post("/tables/check?name=a.csv", data=f"{blank}\n{row.format('ylin-sarja', '')}\n".encode())
    second = client.post("/tables/check?name=a.csv", data=f"{blank}\n{row.format('osa', 'ylin-sarja')}\n".encode())

    assert first.json is not None
    assert second.json is not None
    assert first.json["clean"] is True
    assert [each["code"] for each in second.json["faults"]] == ["no-such-row"]


@pytest.mark.parametrize("path", ["tables/check", "fi/tell"])
def test_a_table_is_checked_where_strangers_are_served(served: str, path: str) -> None:
    """A worker that may open nothing hands the table on to one that may, and so with the template."""
    with urlopen(f"{served}tables/template.csv?lang=fi", timeout=30) as answer:
        blank = answer.read()
    with urlopen(f"{served}tables/template.xlsx?lang=sv", timeout=30) as answer:
        assert openpyxl.load_workbook(io.BytesIO(answer.read())).sheetnames
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + blank + b"\r\n--x--\r\n"
    request = Request(f"{served}{path}", form, {"Content-Type": "multipart/form-data; boundary=x"})

    with urlopen(request, timeout=30) as answer:
        assert answer.status == 200
