"""What forms offer is understood wherever it is asked; of more than a form lists, a name is written."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from dialogiverkko.app import create_app
from dialogiverkko.namespaces import ID
from dialogiverkko.network import asked
from dialogiverkko.network.asked import PARAMETERS
from dialogiverkko.network.selection import FILTERS, Selection, options, select
from dialogiverkko.saved import parameters
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, Services

FIELDS = {
    "/fi/compare": ["organisations"] * 4,
    "/sv/compare?organisations=om,vm": ["organisations"] * 4,
    "/en/collaboration": ["method", "organisation", "source", "around"],
    "/fi/collaboration/path": ["from", "to", "year", "method", "source"],
    "/sv/page/org/om": ["to"],
    "/queries/activities-of-an-organisation?lang=fi": ["organisation"],
    "/queries/activities-by-theme?lang=sv": ["theme"],
}
"""The fields of each page that become text."""
OM, VM = "oikeusministeri\u00f6", "finansministeriet"
NAMED = {
    f"/fi/compare?organisations={quote(OM)}&organisations={VM}&organisations=&organisations=":
        "/fi/compare?organisations=om,vm",
    f"/en/compare?organisations=stm,om&organisations={VM}": "/en/compare?organisations=stm,om,vm",
    f"/sv/collaboration/path?from={quote(OM)}&to={VM}": "/sv/collaboration/path?from=om&to=vm",
    f"/en/collaboration?around={quote(OM)}&depth=2": "/en/collaboration?around=om&depth=2",
    f"/fi/collaboration?organisation={quote(OM)}&organisation={VM}&method=er%C3%A4tauko&method=none":
        "/fi/collaboration?method=eratauko&method=none&organisation=om&organisation=vm",
}  # fmt: skip
"""What a form sends that was filled in by hand, and the address that it means."""


Ask = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def short(application: Flask) -> Ask:
    """Ask the application of an address where a form lists nine choices."""
    services: Services = application.extensions[EXTENSION]
    client = create_app(Settings(), snapshot=services.snapshot, backend=services.backend).test_client()

    def ask(path: str, headers: Mapping[str, str]) -> TestResponse:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(parameters, "MOST_LISTED", 9)
            return client.get(path, headers=headers)

    return ask


def read(ask: Ask, path: str) -> str:
    """The page at an address."""
    answer = ask(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", FIELDS)
def test_more_than_a_form_lists_is_written(short: Ask, client: FlaskClient, path: str) -> None:
    """A field for each, which the search helps to fill in, and no list; with fewer there is a list and no field."""
    page, whole = read(short, path), read(client.get, path)

    written = [part.split('"')[0] for part in page.split('name="')[1:] if 'type="text"' in part.split(">")[0]]
    listed = [part.split('"')[0] for part in whole.split("<select ")[1:] for part in part.split('name="')[1:2]]
    assert written == FIELDS[path]
    assert [name for name in listed if name in written] == written
    assert 'value="hyvinkaa"' not in page
    assert page.count("data-fill") == (0 if "theme" in path else len(written))
    assert len(page) < len(whole)


def test_what_was_chosen_stands_in_the_field(short: Ask) -> None:
    """By its name, in the language of the page."""
    names = {
        "/fi/compare?organisations=om,vm": ["Oikeusministeri\u00f6", "Valtiovarainministeri\u00f6"],
        "/sv/collaboration/path?from=om&to=vm": ["Justitieministeriet", "Finansministeriet"],
        "/en/collaboration?around=om": ["Ministry of Justice"],
        "/queries/activities-of-an-organisation?organisation=om&lang=fi": ["oikeusministeri\u00f6"],
    }
    for path, told in names.items():
        page = unescape(read(short, path)).casefold()
        assert [name for name in told if f'value="{name.casefold()}"' in page] == told


def test_what_filters_a_chain_is_told(client: FlaskClient) -> None:
    """A filter that the form has, and one that it has not; what is not stated, and a year."""
    query = "from=om&to=vm&year=2021&method=eratauko&method=none&organisation=om"
    page = read(client.get, f"/en/collaboration/path?{query}")

    chosen = re.findall(r'<span class="chosen">([^<]*)</span>', page)
    assert [words.split(": ")[1] for words in chosen] == [
        "2021", "Timeout", "no method given", "Ministry of Justice"
    ]  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_what_a_page_offers_programs_may_ask(client: FlaskClient, services: Services, name: str) -> None:
    """Each value of a filter takes the same links as data and in a chain, also that for what is not stated."""
    network = services.network
    for option in options(network, "en")[name]:
        wanted = select(network, Selection({name: (option.token,)})).links
        assert wanted
        assert asked.read_request([(name, option.token)], services.saved).of(network).links == wanted
    several = ",".join(option.token for option in options(network, "en")[name][-2:])
    assert client.get(f"/tables/links.csv?{name}={several}").status_code == 200
    chain = client.get(f"/en/collaboration/path?from=om&to=vm&{name}={several}", follow_redirects=True)
    assert chain.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "year=2021,2022", "year=none,2021", "strength=partnership,involvement", "status=none,realised",
        "basis=explicit,implied-by-heading", "method=none,eratauko", "source=none", "basis=none", "year=1999",
        "basis=explicit,none", "organisation=om,vm", "source=none,avoinhallinto-fi",
    ],
)  # fmt: skip
def test_page_and_data_choose_alike(client: FlaskClient, query: str) -> None:
    """With commas, for what is not stated, and for what no link has: as many links, and the form says which."""
    data = client.get(f"/collaboration.json?{query}").json
    answer = client.get(f"/en/collaboration?{query}", headers={"Accept": "text/html"}, follow_redirects=True)
    page = answer.get_data(as_text=True)

    assert data is not None
    assert answer.status_code == 200
    assert f'<b id="shown">{len(data["edges"])}</b>' in page
    assert "selected></option>" not in page


def test_what_is_not_stated_can_be_sent_again(short: Ask, client: FlaskClient) -> None:
    """A list has it in words; a field has the word that is understood."""
    field = read(short, "/sv/collaboration/path?from=om&to=vm&method=none").split('name="method"')[1].split(">")[0]
    page = read(client.get, "/en/collaboration?source=none")

    assert 'value="none"' in field
    assert '<option value="none" selected>no source stated</option>' in page


@pytest.mark.parametrize("path", NAMED)
def test_a_name_that_is_written_leads_to_the_address(short: Ask, client: FlaskClient, path: str) -> None:
    """In any language and any case, with commas or not; long list or short."""
    for each in (short, client.get):
        answer = each(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.location) == (303, NAMED[path])


def test_a_source_is_chosen_by_its_name(short: Ask, services: Services) -> None:
    """The network hears the title of a source."""
    choice = services.saved.choices(next(each for each in PARAMETERS if each.name == "source"), "fi")[0]

    answer = short("/fi/collaboration?" + urlencode({"source": choice.label}), headers={"Accept": "text/html"})

    assert (answer.status_code, answer.location) == (303, f"/fi/collaboration?source={choice.value}")


@pytest.mark.parametrize("path", ["/fi/compare?organisations=om&organisations=", "/fi/collaboration?around="])
def test_a_name_that_there_is_not_is_refused(short: Ask, path: str) -> None:
    """With the nearest that there is."""
    answer = short(path + quote("oikeusministeri\u00f6\u00f6"), headers={"Accept": "application/json"})

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["nearest"] == "om"
    assert len(answer.json["allowed"]) <= 200
    assert answer.json["given"] == "oikeusministeri\u00f6\u00f6"


@pytest.mark.parametrize(
    ("query", "language"), [("around=aalto&depth=2", "fi"), ("strength=partnership&around=aalto", "sv")]
)
def test_who_has_no_link_is_no_error(client: FlaskClient, services: Services, query: str, language: str) -> None:
    """The page says what it means that there is none, as programs get an empty network."""
    assert f"{ID}org/aalto" not in services.network.organisations
    answer = client.get(f"/{language}/collaboration?{query}", headers={"Accept": "text/html"})
    page = answer.get_data(as_text=True)
    said = {"fi": "Aalto-yliopisto: ei yhtään yhteyttä", "sv": "Aalto-universitetet har inga"}

    assert answer.status_code == 200
    assert said[language] in page
    assert '<table class="matrix">' not in page
    data = client.get(f"/collaboration.json?{query}", headers={"Accept": "application/json"})
    assert data.json is not None
    assert (data.status_code, data.json["nodes"], data.json["edges"]) == (200, [], [])
    whole = client.get(f"/{language}/collaboration", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert said[language] not in whole
    assert '<table class="matrix">' in whole


def test_what_begins_a_name_is_near_it(client: FlaskClient) -> None:
    """Before a short name that looks like it; the page says what was given, in its language."""
    refused = client.get("/fi/compare?organisations=oikeusm,vm", headers={"Accept": "application/json"})
    page = client.get(
        "/queries/activities-of-an-organisation?language=sv&organisation=oikeusm", headers={"Accept": "text/html"}
    ).get_data(as_text=True)

    assert refused.json is not None
    assert (refused.json["given"], refused.json["nearest"]) == ("oikeusm", "om")
    assert "<dt>Angivet</dt><dd>oikeusm</dd>" in page


def test_the_description_lists_no_more_than_a_form(short: Ask) -> None:
    """It stays valid, and what has to be given may still not be empty."""
    document = short("/openapi.json", {}).json
    assert document is not None
    validate(document)

    described = [item["get"].get("parameters", ()) for item in document["paths"].values() if "get" in item]
    schemas = [each["schema"] for found in described for each in found if each["in"] == "query"]
    enums = [schema.get("items", schema).get("enum", ()) for schema in schemas]
    assert max(map(len, enums)) <= 10
    compared = next(p for p in document["paths"]["/compare.json"]["get"]["parameters"] if p["name"] == "organisations")
    assert compared["schema"]["items"]["minLength"] == 1
