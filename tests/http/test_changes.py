"""The pages of releases and of what changed between them."""

import json

import pytest
from flask.testing import FlaskClient

from dialogiverkko.web.services import Services

PAGE = {"Accept": "text/html"}


@pytest.fixture
def span(services: Services) -> str:
    """From the first release to the present graph."""
    return f"0.1.0..{services.releases.present.version}"


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "Uusi: käyttöyhteys"), ("sv", "Tillagt: aktivitet"), ("en", "New: activity")]
)
def test_what_changed_is_told_in_the_language_of_the_reader(
    client: FlaskClient, span: str, language: str, words: str
) -> None:
    """Fifty things on a page, each with its name and a sentence."""
    page = client.get(f"/changes/{span}?lang={language}", headers=PAGE)
    text = page.get_data(as_text=True)

    assert page.headers["Content-Language"] == language
    assert text.split('<ul class="changes">')[1].split("</main>")[0].count("<strong>") == 50
    assert words in text


def test_programs_read_the_same_in_pages(client: FlaskClient, span: str) -> None:
    """Every change on one page or another, each once, and the numbers of all."""
    address, things = f"/changes/{span}?format=json&lang=en", []
    pages = 0
    while address:
        document = json.loads(client.get(address).data)
        things += [each["thing"] for each in document["changes"]]
        assert all(each["sentences"] and all(each["sentences"]) for each in document["changes"])
        address, pages = document["next"], pages + 1

    assert len(things) == len(set(things)) == document["total"] == sum(each["things"] for each in document["numbers"])
    assert pages == document["pages"] > 10


def test_a_choice_is_heard(client: FlaskClient, span: str) -> None:
    """By what happened and by kind of thing."""
    document = json.loads(client.get(f"/changes/{span}?format=json&what=changed&kind=place").data)

    assert document["total"] > 0
    assert {(each["what"], each["kind"]) for each in document["changes"]} == {("changed", "place")}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/changes/0.1.0..9.9.9", 404), ("/changes/..", 404), ("/changes/0.1.0", 404), ("/changes/%00..%00", 404),
        ("/changes/0.1.0..0.1.0?what=nothing", 422), ("/changes/0.1.0..0.1.0?kind=x", 422),
        ("/changes?colour=red", 422),
        ("/changes/0.1.0..0.1.0?page=-1", 422), ("/changes/0.1.0..0.1.0?page=99999999999999", 422),
        ("/changes/0.1.0..0.1.0?lang=xx", 422), ("/changes/0.1.0..0.1.0?format=exe", 406), ("/changes", 200),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(client: FlaskClient, path: str, status: int) -> None:
    """Never a crash."""
    assert client.get(path, headers=PAGE).status_code == status


def test_releases_are_listed_with_what_changed(client: FlaskClient, span: str) -> None:
    """For people and for programs."""
    assert f"/changes/{span}?lang=sv" in client.get("/changes?lang=sv", headers=PAGE).get_data(as_text=True)
    listed = json.loads(client.get("/changes?format=json").data)["releases"]
    assert [each["version"] for each in listed] == [
        each.version for each in reversed(client.application.extensions["dialogiverkko"].releases.published)
    ]
