"""Errors: one table, one shape, nothing of the machine (RFC 9457)."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.said import sentences

import dialogiverkko
from dialogiverkko import errors
from dialogiverkko.engines import Backend
from dialogiverkko.errors import DialogiverkkoError, QueueFullError
from dialogiverkko.web.fault_words import known
from dialogiverkko.web.http import problems
from dialogiverkko.web.http.problems import TABLE
from dialogiverkko.web.languages import LANGUAGES, catalogue

NOT_OVER_HTTP = {"bad-data", "bad-turtle", "graph-invalid", "usage", "limit"}
"""Codes that end a command before anything is served, and the common name of the limits."""


def test_every_error_has_one_row_of_the_table() -> None:
    """An error without a row would be told as 500."""
    rows = [row.code for row in TABLE]
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    own = {each.code for each in classes if issubclass(each, DialogiverkkoError)}

    assert len(rows) == len(set(rows))
    assert own - NOT_OVER_HTTP <= set(rows)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_every_type_explains_itself(client: FlaskClient, row: problems.Problem) -> None:
    """The type of a problem is an address that tells its meaning, to people and to programs."""
    document = client.get(f"/problems/{row.code}", headers={"Accept": "application/json"}).get_json()
    assert (document["status"], document["meaning"]) == (row.status, row.meaning)

    for language in LANGUAGES:
        wanted = {"Accept": "text/html", "Accept-Language": language}
        page = client.get(f"/problems/{row.code}", headers=wanted).get_data(as_text=True)
        assert f'<html lang="{language}">' in page
        assert all(catalogue(language).gettext(words) in page for words in (row.title, row.meaning))


@pytest.mark.parametrize(("path", "asked", "language"), [("/sv/nope", "en", "sv"), ("/id/nope", "en", "en")])
def test_an_error_is_told_in_the_frame_and_language_of_the_site(
    client: FlaskClient, path: str, asked: str, language: str
) -> None:
    """A person who comes to nothing has the menu, the search and the language of the address before them."""
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": asked})
    page = answer.get_data(as_text=True)

    assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)
    assert catalogue(language).gettext("Page not found") in page
    assert f'href="/{language}/activities"' in page
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_every_row_is_told_as_a_problem_document(application: Flask, row: problems.Problem) -> None:
    """Status, type and title come from the row; 503 says when to come again."""
    with application.test_request_context("/sparql"):
        response = problems.respond(row.code, "This happened.", limit="x")

    told = response.get_json(force=True)
    assert response.mimetype == "application/problem+json"
    assert (response.status_code, told["status"], told["title"]) == (row.status, row.status, row.title)
    assert (told["type"].rsplit("/", 1)[1], told["limit"]) == (row.code, "x")
    assert ("Retry-After" in response.headers) is (row.status == 503)


def test_details_cannot_take_the_place_of_the_members(application: Flask) -> None:
    """A detail named status does not change the status."""
    with application.test_request_context("/sparql"):
        told = problems.respond("not-found", "Nothing.", status=200, type="x").get_json(force=True)

    assert (told["status"], told["type"].rsplit("/", 1)[1]) == (404, "not-found")


def test_unknown_type_is_404(client: FlaskClient) -> None:
    """An address that no problem has is not explained."""
    assert client.get("/problems/none").status_code == 404


@pytest.mark.parametrize("accept", ["application/json", "text/turtle", "*/*", "", "image/png"])
def test_programs_get_a_problem_document(client: FlaskClient, accept: str) -> None:
    """Whatever a program accepts, an error is a problem document."""
    response = client.get("/nothing", headers={"Accept": accept})

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_browsers_get_a_page(client: FlaskClient) -> None:
    """A browser gets the same as HTML."""
    response = client.get("/sparql?query=<b>x", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert "<b>x" not in response.get_data(as_text=True)


def test_an_unexpected_error_shows_nothing_of_the_machine(
    client: FlaskClient, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is a 500 without a path, a traceback or the words of the exception."""
    monkeypatch.setattr(backend_of(application), "query", _broken)
    response = client.get("/sparql?query=ASK%7B%3Chttp://example.org/fault%3E%20?p%20?o%7D")

    text = response.get_data(as_text=True)
    assert response.status_code == 500
    assert response.get_json(force=True)["type"].endswith("/internal-error")
    assert not any(word in text for word in ("secret", "Traceback", ".py", "/home", "RuntimeError"))


def test_a_full_queue_says_when_to_come_again(
    client: FlaskClient, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After in seconds."""

    def full(*_: object, **__: object) -> None:
        raise QueueFullError("The service is busy.", limit="queue", value=1, retry_after=7)

    monkeypatch.setattr(backend_of(application), "query", full)
    response = client.get("/sparql?query=ASK%7B%3Chttp://example.org/full%3E%20?p%20?o%7D")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "7")


def backend_of(application: Flask) -> Backend:
    """Return the engine behind an application."""
    backend: Backend = application.extensions["dialogiverkko"].backend
    return backend


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("secret /home/x/file.py")


READERS = ("saved/parameters.py", "saved/asked.py", "network/asked.py", "network/compared.py", "web/site/searching.py")
"""The modules that refuse what the address of a page asks."""
REFUSED = (
    "activities?colour=red",
    "activities?method=nonesuch",
    "activities?sort=up",
    "activities?page=1&page=2",
    "collaboration?around=oikeusm",
    "collaboration?year=x",
    "collaboration?begin=2021-13-01",
    "collaboration?begin=2022-01-01&end=2021-01-01",
    "collaboration/path?from=om",
    "collaboration/path?from=om&to=om",
    "collaboration/path?from=om&to=a%09b",
    "collaboration/path?from=om&to=" + "x" * 300,
    "compare?organisations=om",
    "compare?organisations=om,vm,stm,okm,ym",
    "search?q=x&page=0",
    "activities?page=x",
    "activities?=1",
    "about?lang=sv",
    "collaboration?page=0",
    "collaboration?most=-4",
    "collaboration?around=om&around=vm",
    "compare?organisations=" + ",".join(["om"] * 60),
    "missing?gaps=x",
    "source/vertaisdialogi-listaus-2021?words=x",
    "organisations?sort=up",
    "organisations?listed=maybe",
    "organisations?kind=nonesuch",
    "page/org/om?page=-1",
    "timeline?year=20x",
    "timeline?undated=maybe",
    "../queries/activities?limit=x&lang={}",
    "../queries/activities?format=pdf&lang={}",
    "../tables/organisations.csv?kind=nonesuch&lang={}",
    "search?q=x&kind=nonesuch",
    "../queries/activities-of-an-organisation?organisation=oikeusm&lang={}",
    "../queries/activities-of-an-organisation?lang={0}&language=en&nothing=1",
)


def test_every_refusal_of_a_page_has_a_known_form() -> None:
    """What has none would stand in English on pages in Finnish and Swedish."""
    files = (Path(dialogiverkko.__file__).parent / name for name in READERS)
    every = {each for text in sentences(files) for each in re.split(r"(?<=[.?]) (?=[A-Z])", text)}

    assert len(every) > 15
    assert sorted(text for text in every if known(text) is None) == []


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("address", REFUSED)
def test_a_refusal_is_told_in_the_language_of_the_page(client: FlaskClient, address: str, language: str) -> None:
    """The whole of it: no sentence of it stays in English."""
    path = f"/{language}/{address.format(language)}".replace(f"/{language}/../", "/")
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    page = answer.get_data(as_text=True)
    told = page.split("<h2>")[1].split("<dl")[0]

    assert answer.status_code == 422
    assert '<p lang="en"' not in page
    assert "<dd></dd>" not in page.replace("\n", "")
    assert not re.search(r"\b(The|There|It|is|must|Allowed|values)\b", told), told


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x'. The nearest is 'om'. Allowed: a.", "x&#39;. The nearest is &#39;om&#39;. Allowed: a."),
        ("x. There are 181 values to choose from.", "x. There are 181 values to choose from."),
        ("Say which. It takes: %(a)s {0} <b>", "Say which. It takes: %(a)s {0} &lt;b&gt;"),
        ("\x00y\u202e", "\\u0000y\\u202e"),
    ],
)
def test_what_a_visitor_wrote_stays_as_it_was_written(client: FlaskClient, value: str, shown: str) -> None:
    """Sentences of ours in it are not translated; what cannot be seen is shown by its number."""
    answer = client.get("/fi/collaboration", query_string={"around": value}, headers={"Accept": "text/html"})
    page = answer.get_data(as_text=True)
    told = page.split("<h2>")[1].split("<dl")[0]

    assert answer.status_code == 422
    assert f"Muuttujan ”around” arvoksi ei käy ”{shown}”." in told
    assert not re.search(r"[\x00\u202e\ue000-\uf8ff]", page)
    none = client.get("/fi/a%00b%E2%80%AEc", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert r"Sivua /fi/a\u0000b\u202ec ei ole." in none
    assert not re.search(r"[\x00\u202e]", none)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/queries/activities?version=9.9.9&lang=fi", ("Versiota ”9.9.9” ei ole.", "Versiot", "Tiivisteet")),
        ("/changes/9.9.9..0.1.0?lang=sv", ("Versionen ”9.9.9” finns inte.", "Versioner", "Kontrollsummor")),
        ("/fi/tell?about=zz", ("Aineistossa ei ole asiaa ”zz”.",)),
        ("/sv/page/zz", ("Sidan /sv/page/zz finns inte.",)),
        ("/fi/none?x=1", ("Sivua /fi/none ei ole.",)),
    ],
)
def test_what_there_is_not_is_told_truly(client: FlaskClient, address: str, told: tuple[str, ...]) -> None:
    """Of a page that there is, only what lacks is said to lack."""
    answer = client.get(address, headers={"Accept": "text/html"})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 404
    assert [each for each in told if each not in page] == []
    assert ("Sivua /" in page or "Sidan /" in page) == told[0].startswith(("Sivua", "Sidan"))


def test_an_address_without_a_language_keeps_what_it_asks(client: FlaskClient) -> None:
    """It leads to the language that it says, else to the visitor's."""
    for address, wanted, place in (
        ("/collaboration?around=om&lang=sv&depth=2", "fi", "/sv/collaboration?around=om&depth=2"),
        ("/collaboration?method=a%20b", "en", "/en/collaboration?method=a+b"),
        ("/collaboration", "fi", "/fi/collaboration"),
        ("/compare?organisations=om,vm&lang=sv", "fi", "/sv/compare?organisations=om,vm"),
        ("/search?lang=en-GB&q=a", "fi", "/en/search?q=a"),
        ("/collaboration/path?from=om&to=vm&lang=sv", "fi", "/sv/collaboration/path?from=om&to=vm"),
    ):
        answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": wanted})
        assert (answer.status_code, answer.headers["Location"]) == (303, place)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/queries/who-coordinated-an-activity?activity=zz&lang=fi", "<summary>200 ensimmäistä</summary>"),
        ("/queries/evidence-of-a-thing?thing=om&lang=sv", "sakens hela adress (IRI)"),
        ("/fi/compare?organisations=om,om", "<dt>Esimerkiksi</dt><dd>om,vm"),
    ],
)
def test_what_would_be_right_is_told_as_it_is(client: FlaskClient, address: str, told: str) -> None:
    """A list that was cut says so, an example is not called near, and what has no short name is not asked for one."""
    page = client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)

    assert told in re.sub(r">\s+", ">", page)


@pytest.mark.parametrize(
    "address",
    ["/dumps/{}", "/problems/{}", "/queries/{}", "/id/org/{}", "/en/{}", "/vocab/{}", "/src/{}", "/sparql?format={}"],
)
def test_a_refusal_shows_what_was_given_by_what_can_be_seen(client: FlaskClient, address: str) -> None:
    """What turns the order of letters is written by its number, and what is cut ends in an ellipsis."""
    told = client.get(address.format("%E2%80%AE" + "x" * 300), headers={"Accept": "application/json"})

    assert told.status_code in (404, 406, 422)
    detail = json.loads(told.data)["detail"]
    assert r"\u202ex" in detail
    assert "\u202e" not in detail
    assert "x…" in detail


@pytest.mark.parametrize("address", ["/fi/search", "/search.json", "/en/organisations"])
def test_letters_that_stand_in_an_address_as_they_are_are_read(client: FlaskClient, address: str) -> None:
    """As if they were percent-encoded; what is no UTF-8 is told, whatever the address reads."""
    coded = client.get(address, environ_overrides={"QUERY_STRING": "q=%C3%A4iti%D9%A3"})
    raw = client.get(address, environ_overrides={"QUERY_STRING": "q=äiti٣".encode().decode("latin-1")})
    wrong = client.get(address, environ_overrides={"QUERY_STRING": "q=\xe4iti"}, headers={"Accept": "application/json"})

    assert raw.status_code in (200, 303)
    assert raw.headers.get("Location") == coded.headers.get("Location")
    assert raw.data == coded.data
    assert wrong.status_code == 400
    assert json.loads(wrong.data)["detail"] == "The query string is not UTF-8 (byte 2). Send UTF-8."
