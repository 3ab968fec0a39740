"""The way for those who know more: what is missing, the check as a page, and the correction of a fact."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pydantic import ValidationError
from tests.said import sentences

from dialogiverkko.app import create_app
from dialogiverkko.graph import tables
from dialogiverkko.settings import Settings
from dialogiverkko.web.fault_words import known, told
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import EXTENSION, Services
from dialogiverkko.web.site import correcting
from dialogiverkko.web.site.tell import FAULTS

TITLE = {"fi": "Tiedätkö enemmän?", "sv": "Vet du mer?", "en": "Do you know more?"}
GAP = {
    "fi": "Sisäministeriön listaus puuttuu",
    "sv": "Inrikesministeriets förteckning saknas",
    "en": "The listing of the Ministry of the Interior is missing",
}
GOOD = {"fi": "Taulukko on kunnossa.", "sv": "Tabellen är i ordning.", "en": "The table is in order."}
BAD = {"fi": "Sellaista päivää ei ole", "sv": "Det finns ingen sådan dag", "en": "There is no such day"}
REFUSED = {"fi": "Tiedostoa ei voitu lukea", "sv": "Filen kunde inte läsas", "en": "The file could not be read"}
ROW = "{id};Dialogi;;;;;{time};;;;Sitra"
CONTACT, REPOSITORY = "dialogit@example.org", "https://github.com/example/dialogit"
MAKERS = ("CellError", "Fault", "Flaw", "_fault")
LANGUAGES = ("fi", "sv", "en")


def text_of(page: str) -> str:
    """The words of a page without its tags."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


def sent(client: FlaskClient, language: str, data: bytes, name: str = "a.csv") -> tuple[int, str]:
    """Send a file as the form of the page does; return the status and the page."""
    head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--part--\r\n"
    answer = client.post(
        f"/{language}/tell",
        data=body,
        content_type="multipart/form-data; boundary=part",
        headers={"Accept": "text/html"},
    )
    assert answer.mimetype == "text/html"
    assert f'<html lang="{language}">' in answer.text
    assert 'class="menu"' in answer.text
    return answer.status_code, answer.text


def filled(client: FlaskClient, language: str, *rows: str) -> bytes:
    """The template as CSV with rows."""
    blank = client.get(f"/tables/template.csv?lang={language}").data.decode("utf-8-sig").strip()
    return "\r\n".join([blank, *rows, ""]).encode()


def corrections(page: str) -> list[str]:
    """The addresses of the links that lead to the correction of something."""
    return [unescape(link) for link in re.findall(r'class="correct"[^>]*href="([^"]+)"', page)]


def set_up(services: Services, **settings: str) -> Iterator[FlaskClient]:
    """A client of an application over the same graph with other settings."""
    app = create_app(Settings(time_limit=2.0, workers=1, **settings), snapshot=services.snapshot)  # type: ignore[arg-type]  # texts only
    yield app.test_client()
    app.extensions[EXTENSION].backend.close()


@pytest.fixture(scope="module")
def reachable(application: Flask) -> Iterator[FlaskClient]:
    """A copy whose publisher set a contact and a repository."""
    yield from set_up(application.extensions[EXTENSION], contact=CONTACT, repository=REPOSITORY)


@pytest.fixture(scope="module")
def activity(services: Services) -> str:
    """The page name of an activity with parties, a time and a count."""
    found: dict[str, set[str]] = {}
    for triple in services.snapshot.merged:
        subject = str(triple.subject)[1:-1]
        if "/id/activity/" in subject:
            found.setdefault(subject, set()).add(triple.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1])
    wanted = {"hasParticipation", "hasTimeSpan", "hasCount"}
    return min(iri for iri, names in found.items() if wanted <= names).split("/id/", 1)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_what_is_missing_and_how_to_fill_it(client: FlaskClient, language: str) -> None:
    """Gaps by organisation, the template in the language, a form without scripts."""
    page = client.get(f"/{language}/tell").text

    assert f"<h1>{TITLE[language]}</h1>" in page
    assert f'<th scope="row"><a href="/{language}/page/org/sm">' in page
    assert GAP[language] in page
    assert {f"/tables/template.{suffix}?lang={language}" for suffix in ("xlsx", "csv")} <= set(
        re.findall(r'href="([^"]+)"', page)
    )
    assert f'action="/{language}/tell#report" method="post" enctype="multipart/form-data"' in page
    assert f'href="/{language}/tell"' in client.get(f"/{language}/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_is_checked_as_a_page(client: FlaskClient, language: str) -> None:
    """A good table is said to be in order; a bad cell is named by row, column and value, in the reader's language."""
    good = sent(client, language, filled(client, language, ROW.format(id="kevat", time="12.3.2025")))
    bad = sent(client, language, filled(client, language, ROW.format(id="kevat", time="31.4.2025")))

    assert good[0] == bad[0] == 200
    assert GOOD[language] in good[1]
    assert GOOD[language] not in bad[1]
    assert re.search(r'<th scope="row"[^>]*>2</th>', bad[1])
    assert ">31.4.2025</td>" in bad[1]
    assert f"<td>{BAD[language]}</td>" in bad[1]
    assert 'id="report">' not in client.get(f"/{language}/tell").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (b"a;b\n1;2\n", "a.csv", 422),
        (b"%PDF-1.7", "a.pdf", 422),
        (b"PK\x03\x04broken", "a.xlsx", 422),
        (b"", "", 422),
        (b"<script>alert(1)</script>;b;c\n1;2;3\n", "<img src=x>.csv", 422),
        (b"x" * 3_000_000, "a.csv", 413),
    ],
    ids=["columns", "pdf", "damaged", "empty", "markup", "large"],
)
def test_what_is_no_template_is_a_page_too(
    client: FlaskClient, language: str, data: bytes, name: str, status: int
) -> None:
    """It is refused in the reader's frame, and nothing of it becomes markup."""
    answered, page = sent(client, language, data, name)

    assert answered == status
    assert (REFUSED[language] in page) == (status == 422)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_what_a_cell_holds_becomes_no_markup_and_a_page_stays_short(client: FlaskClient) -> None:
    """Values are escaped and cut, and no more than two hundred faults are listed."""
    rows = [ROW.format(id=f"n{number}", time=f"<script>{'x' * 500}</script>") for number in range(300)]
    _, page = sent(client, "en", filled(client, "en", *rows))

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert page.count("<td>The time cannot be read</td>") == 200
    assert "The first 200 of 300 are shown." in page
    assert len(page) < 300_000


def test_the_answer_to_a_table_is_not_kept(client: FlaskClient) -> None:
    """No cache may hold what somebody sent."""
    answer = client.post("/en/tell", data={"file": (BytesIO(b"a;b\n"), "a.csv")})

    assert answer.headers["Cache-Control"] == "no-store"
    assert client.post("/en/about", data=b"").status_code == 405


def test_the_table_with_comments_is_a_file_and_a_refusal_a_page(client: FlaskClient) -> None:
    """The second button of the form answers a spreadsheet."""
    answers = [
        client.post("/en/tell", data={"file": (BytesIO(data), "a.csv"), "as": "xlsx"})
        for data in (filled(client, "en", ROW.format(id="kevat", time="31.4.2025")), b"a;b\n")
    ]

    assert answers[0].data.startswith(b"PK")
    assert answers[0].headers["Content-Disposition"].startswith("attachment")
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert (answers[1].status_code, answers[1].mimetype) == (422, "text/html")


def test_without_settings_the_page_says_that_there_is_no_address(client: FlaskClient, reachable: FlaskClient) -> None:
    """Honest words where nothing is set, and the addresses where they are."""
    none, both = client.get("/en/tell").text, reachable.get("/en/tell").text

    assert "has given no address" in none
    assert "mailto:" not in none
    assert "has given no address" not in both
    assert f'href="mailto:{CONTACT}?subject=A%20table%20of%20dialogues"' in both
    assert f'href="{REPOSITORY}"' in both


@pytest.mark.parametrize(
    ("repository", "start"),
    [
        ("https://codeberg.org/a/b.git", "https://codeberg.org/a/b/issues/new?title="),
        ("https://gitlab.example.org/a/b/", "https://gitlab.example.org/a/b/-/issues/new?issue%5Btitle%5D="),
        ("https://git.example.org/a/b", "https://git.example.org/a/b"),
    ],
)
def test_other_hosts_and_a_page_as_contact(services: Services, repository: str, start: str) -> None:
    """An issue is filled in where the host is known to take it; a page as contact is a plain link."""
    for copy in set_up(services, contact="https://example.org/palaute", repository=repository):
        links = [unescape(each) for each in re.findall(r'href="([^"]+)"', copy.get("/en/tell?about=org%2Fom").text)]

        assert "https://example.org/palaute" in links
        assert any(link.startswith(start) for link in links)


@pytest.mark.parametrize("name", ["contact", "repository"])
@pytest.mark.parametrize("value", ["javascript:alert(1)", "http://example.org", 'https://a"b', "a b@example.org"])
def test_what_is_no_address_is_refused_at_the_start(name: str, value: str) -> None:
    """Neither setting takes what a browser would run or what is no address."""
    with pytest.raises(ValidationError):
        Settings(**{name: value})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_a_page_can_be_corrected(client: FlaskClient, activity: str, language: str) -> None:
    """Each link leads to the thing and its fact, which is found again with heading, value and version."""
    links = corrections(client.get(f"/{language}/page/{activity}").text)
    facts = [link for link in links if "fact=" in link]
    release = client.application.extensions[EXTENSION].saved.release

    assert len(facts) > 5
    assert {name.split("-")[0] for name in (parse_qs(urlsplit(link).query)["fact"][0] for link in facts)} >= {
        "hasParticipation", "hasTimeSpan", "hasCount",
    }  # fmt: skip
    for link in facts:
        page = client.get(link)
        message = unescape(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page.text)[0])
        assert page.status_code == 200
        assert f"<https://w3id.org/dialogiverkko/id/{activity}>" in message
        assert len(message.splitlines()[1].partition(" – ")[2]) > 0
        assert release.digest[:12] in message


def test_the_message_carries_thing_fact_words_version_and_kind(reachable: FlaskClient, activity: str) -> None:
    """The e-mail and the issue hold the same text as the page, and the chosen kind of error."""
    link = next(link for link in corrections(reachable.get(f"/en/page/{activity}").text) if "hasTimeSpan" in link)
    page = reachable.get(f"{link}&kind=time").text
    message = unescape(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)[0])
    links = [unescape(each) for each in re.findall(r'href="([^"]+)"', page)]
    mail = next(each for each in links if each.startswith(f"mailto:{CONTACT}"))
    issue = next(each for each in links if each.startswith(f"{REPOSITORY}/issues/new"))

    assert {"Thing", "Fact", "Words of a source", "Version", "What is wrong"} <= {
        line.split(":")[0] for line in message.splitlines()
    }
    assert "What is wrong: The time is wrong" in message
    assert "<https://w3id.org/dialogiverkko/src/" in message
    assert parse_qs(urlsplit(mail).query)["body"][0].strip() == message.strip()
    assert parse_qs(urlsplit(issue).query)["body"][0].strip() == message.strip()
    assert unquote(mail).count("The time is wrong") == 1
    assert page.count(" checked>") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_offered_and_goes_into_the_message(reachable: FlaskClient, language: str) -> None:
    """A wrong number, place, day, name, link or whatever else is one choice; the e-mail and the issue say it."""
    offered = reachable.get(f"/{language}/tell?about=org%2Fom").text
    words = dict(re.findall(r'name="kind" value="(\w+)"> ([^<]+)</label>', offered))

    assert list(words) == list(correcting.KINDS)
    assert {"count", "place", "time", "name", "link", "other"} <= set(words)
    assert len(set(words.values())) == len(words)
    for kind, said in words.items():
        page = reachable.get(f"/{language}/tell?about=org%2Fom&kind={kind}").text
        links = [unescape(each) for each in re.findall(r'href="([^"]+)"', page)]
        sent = [each for each in links if each.startswith((f"mailto:{CONTACT}", f"{REPOSITORY}/issues/new"))]
        bodies = [query["body"][0] for each in sent if "body" in (query := parse_qs(urlsplit(each).query))]
        assert len(bodies) >= 2, kind
        assert all(unescape(said) in body for body in bodies), kind


def test_a_passage_is_named_with_its_words(client: FlaskClient) -> None:
    """The page of a passage leads to a message that quotes it."""
    name = "src/vertaisdialogi-listaus-2021/L057"
    link = corrections(client.get(f"/en/page/{name}").text)[-1]
    page = client.get(link).text

    assert parse_qs(urlsplit(link).query) == {"about": [name]}
    assert f"<https://w3id.org/dialogiverkko/{name}>" in unescape(page)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/en/tell?about=org%2Fnobody", 404),
        ("/en/tell?about=https%3A%2F%2Fexample.org%2F", 404),
        ("/en/tell?about=org%2Fom&kind=nothing", 422),
        ("/en/tell?other=1", 422),
    ],
)
def test_what_is_not_there_is_refused(client: FlaskClient, address: str, status: int) -> None:
    """A thing, a kind or a parameter that is not known."""
    assert client.get(address).status_code == status


def test_a_fact_that_is_gone_is_said_to_be_gone(client: FlaskClient) -> None:
    """An old link still leads to the thing."""
    page = client.get("/en/tell?about=org%2Fom&fact=%3Cb%3E-0123456789").text

    assert "does not have the fact" in text_of(page)
    assert "<b>-" not in page


def fault_codes() -> set[str]:
    """The kinds of fault that the code of the tables makes, read from its calls."""
    found = {"unknown-name", "unknown-value"}
    for path in Path(tables.__file__).parent.glob("*.py"):
        if path.name in ("matches.py", "compiling.py"):  # judging and compiling are no part of the check of a template
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in MAKERS:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                codes = [each for each in texts if isinstance(each, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", each)]
                found |= set(codes[-1:])
    return found


def test_every_kind_of_fault_has_a_name() -> None:
    """A new kind of fault is named in the languages of the site, and a name without a fault goes."""
    assert fault_codes() - {"part-of"} == set(FAULTS)


READERS = (
    "amounts",
    "cells",
    "check",
    "crosscheck",
    "csvfile",
    "files",
    "known",
    "opening",
    "readers",
    "times",
    "unknown",
    "worker",
    "xlsxfile",
)
"""The modules whose sentences a visitor may see."""


def test_every_sentence_about_a_table_is_said_in_the_language_of_the_page(client: FlaskClient) -> None:
    """What the check may say has a known form, which is translated; what has none would stand in English."""
    every = set(sentences(Path(tables.__file__).parent / f"{name}.py" for name in READERS))

    assert len(every) > 100
    assert sorted(text for text in every if known(text) is None) == []
    for language, said in (("fi", "Aikaa ”x” ei voida tulkita."), ("sv", "Tiden ”x” kan inte tolkas.")):
        with client.application.test_request_context(), told_in(language):
            assert told("«x» is no time that can be read.") == said
            assert told("«Oulun seutu» is no known place.").endswith({"fi": "paikka.", "sv": "(plats)."}[language])
            assert told("Something else.") == "Something else."
            several = "Write one of: A; B. If it means one of them, say so in map.yaml under «values»."
            assert not re.search(r"\b(Write|one|means|say)\b", told(several)), told(several)
            assert told("a.csv: The file is empty.") == "a.csv: " + told("The file is empty.")


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_check_speaks_the_language_of_the_page(client: FlaskClient, language: str) -> None:
    """No English sentence stands in the report, in the refusal or in the book with comments."""
    body = filled(client, language, ROW.format(id="a", time="31.4.2023"), ROW.format(id="a", time="kevät"))
    _, page = sent(client, language, body)
    _, refused = sent(client, language, b"%PDF-1.7", "a.pdf")
    answer = client.post(
        f"/{language}/tell", data={"file": (BytesIO(body), "a.csv"), "as": "xlsx"}, headers={"Accept": "text/html"}
    )
    book = load_workbook(BytesIO(answer.data))
    comments = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    cells = [str(cell.value) for row in book.worksheets[-1].iter_rows() for cell in row]

    assert 'lang="en"' not in page.split('id="report"')[1].split("</section>")[0]
    assert comments
    for text in (text_of(page), text_of(refused), *comments, *cells):
        assert not re.search(r"\b(Write|Save|is no|There|what is wrong|row)\b", text), text
