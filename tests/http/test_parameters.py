"""One reader of parameters: what it does not know is refused alike by pages, exports, saved queries and commands."""

import json
import re
from contextlib import nullcontext

import pytest
from flask.testing import FlaskClient

from dialogiverkko import cli
from dialogiverkko.cli import queries as cli_queries
from dialogiverkko.web.services import Services

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
QUERY = "/queries/planned-and-aspired-activities"

REFUSED = [
    # address, parameter, nearest ("" where none is near)
    ("/collaboration.json?method=nope", "method", ""),
    ("/collaboration.json?method=eratuako", "method", "eratauko"),
    ("/collaboration.json?from=nope&to=om", "from", ""),
    ("/collaboration.json?from=om&to=nope", "to", ""),
    ("/collaboration.json?from=nope", "from", ""),
    ("/collaboration.json?from=om", "to", ""),
    ("/collaboration.json?from=om&to=om", "to", ""),
    ("/collaboration.json?from=om&from=vm&to=vnk", "from", ""),
    ("/collaboration.graphml?strength=jointorganisation", "strength", "joint-organisation"),
    ("/collaboration.csv?part=nodez", "part", "nodes"),
    ("/collaboration.csv?part=nodes&part=edges", "part", ""),
    ("/collaboration.gexf?begin=foo", "begin", ""),
    ("/collaboration.json?begin=2021-02-30", "begin", ""),
    ("/collaboration.json?begin=2021-06-01&end=2020-06-01", "begin", ""),
    ("/collaboration.json?begin=2021-06-01&begin=2020-06-01", "begin", ""),
    ("/collaboration.json?strenght=partnership", "strenght", "strength"),
    ("/collaboration.json?lang=de", "lang", ""),
    ("/collaboration.json?lang=en&lang=fi", "lang", ""),
    ("/queries/activities-in-a-period.csv?begin=2022-01-01&end=2021-01-01", "end", ""),
    ("/queries/activities-in-a-period.csv?begin=2022-01-01", "end", ""),
    ("/queries/chains-between-two-organisations.csv?from=vm&to=vm", "to", ""),
    ("/queries/chains-between-two-organisations.csv?from=vnk", "to", ""),
    (f"{QUERY}?lang=de", "lang", ""),
    (f"{QUERY}?lang=en_GB", "lang", ""),
    (f"{QUERY}?lang=sv&lang=en", "lang", ""),
    (f"{QUERY}?lang=sv&lang=sv", "lang", ""),
    (f"{QUERY}?lang=sv&language=en", "lang", ""),
    (f"{QUERY}?language=de", "language", ""),
    (f"{QUERY}?organisation=zz", "organisation", ""),
    (f"{QUERY}?organisation=omm", "organisation", "om"),
    (f"{QUERY}?organisation=Ministry%20of%20Justise", "organisation", "om"),
    (f"{QUERY}?format=docx", "format", ""),
    (f"{QUERY}?format=ttl", "format", ""),
    (f"{QUERY}.csv?format=json", "format", ""),
    (f"{QUERY}?limit=5&limit=6", "limit", ""),
    (f"{QUERY}?foo=1", "foo", ""),
    ("/queries/collaboration-network-as-a-graph?limit=5", "limit", ""),
    ("/queries?lang=xx", "lang", ""),
    ("/queries?format=csv", "format", ""),
    ("/queries?foo=1", "foo", ""),
    ("/en/activities?status=nope", "status", ""),
    ("/en/activities?status=realisd", "status", "status/realised"),
    ("/en/activities?colour=red", "colour", ""),
    ("/en/activities?organisaton=om", "organisaton", "organisation"),
    ("/en/activities?organisation=om&organisation=vm", "organisation", ""),
    ("/en/activities?sort=nope", "sort", ""),
    ("/en/activities?format=xlsx", "format", ""),
    ("/en/activities?lang=sv", "lang", "language"),
    ("/en/collaboration?method=nope", "method", "none"),
    ("/en/collaboration?strength=weak", "strength", ""),
    ("/en/collaboration?colour=red", "colour", ""),
    ("/en/about?lang=sv", "lang", ""),
    ("/en/page/org/om?format=ttl", "format", ""),
]


@pytest.mark.parametrize(("address", "name", "near"), REFUSED)
def test_what_is_not_known_is_422(client: FlaskClient, address: str, name: str, near: str) -> None:
    """The problem names the parameter, says what is allowed, and offers what is near, only where it is near."""
    response = client.get(address, headers=JSON)
    told = json.loads(response.data)

    assert (response.status_code, told["parameter"]) == (422, name)
    assert told.get("nearest", "") == near
    assert "The nearest is ''" not in told["detail"]


@pytest.mark.parametrize(("address", "name", "near"), REFUSED)
def test_a_person_is_told_the_same_on_a_page(client: FlaskClient, address: str, name: str, near: str) -> None:
    """A browser gets a page with the name of the parameter."""
    response = client.get(address, headers=HTML)

    assert (response.status_code, response.mimetype) == (422, "text/html")
    assert name in response.get_data(as_text=True)


TAKEN = [
    "/en/activities?utm_source=letter&utm_medium=mail&fbclid=1&status=realised",
    "/en/about?gclid=1&_ga=2&mc_cid=3",
    "/en/page/org/om?utm_campaign=x",
    f"{QUERY}?utm_source=x&msclkid=1",
    "/queries?fbclid=1",
    "/collaboration.json?utm_source=x",
]


@pytest.mark.parametrize("address", TAKEN)
def test_what_only_follows_visitors_is_left_out(client: FlaskClient, address: str) -> None:
    """A link from a letter or from social media opens the page that it names."""
    assert client.get(address, headers=HTML, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("page", ["/en/page/org/om", "/en/source/vertaisdialogi-listaus-2021"])
def test_a_page_that_is_kept_says_nothing_of_who_asked_first(client: FlaskClient, page: str) -> None:
    """Its canonical address and its other languages are those of the page, whatever followed its first visitor."""
    first = client.get(f"{page}?utm_campaign=first&utm_source=letter", headers=HTML).get_data(as_text=True)

    assert f'<link rel="canonical" href="http://localhost{page}">' in first
    assert "utm_" not in first


def test_the_choice_of_the_network_keeps_no_tracking(client: FlaskClient) -> None:
    """The one address of a choice has nothing in it that follows visitors."""
    response = client.get("/en/collaboration?utm_source=x&strength=partnership", headers=HTML)

    assert response.headers["Location"] == "/en/collaboration?strength=partnership"


@pytest.mark.parametrize(
    ("value", "told"),
    [("en", "en"), ("EN", "en"), ("en-GB", "en"), ("sv-FI", "sv"), ("SV-fi", "sv"), ("fi-Latn-FI-x-a", "fi")],
)
def test_a_language_is_looked_up(client: FlaskClient, value: str, told: str) -> None:
    """RFC 4647, 3.4: a more special tag finds our language, in whatever case."""
    response = client.get(QUERY, query_string={"lang": value}, headers=HTML)
    rows = json.loads(client.get(f"{QUERY}.json", query_string={"language": value}).data)["results"]["bindings"]

    assert response.headers["Content-Language"] == told
    assert f'<html lang="{told}">' in response.get_data(as_text=True)
    assert {row["statusLabel"]["xml:lang"] for row in rows} == {told}


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/csv"])
@pytest.mark.parametrize(
    ("query", "header", "told"),
    [("", "en", "en"), ("", "sv-SE,sv;q=0.9", "sv"), ("", "", "fi"), ("", "de", "fi"), ("lang=", "en", "en"),
     ("lang=sv", "en", "sv"), ("language=sv", "en", "sv"), ("language=en&lang=EN", "fi", "en")],
)  # fmt: skip
def test_one_language_is_told_truly(client: FlaskClient, accept: str, query: str, header: str, told: str) -> None:
    """Header, page and rows agree."""
    response = client.get(f"{QUERY}?{query}", headers={"Accept": accept, "Accept-Language": header})
    text = response.get_data(as_text=True)

    assert response.headers["Content-Language"] == told
    assert "Accept-Language" in response.headers["Vary"]
    assert {"fi": "Oikeusministeriö", "sv": "Justitieministeriet", "en": "Ministry of Justice"}[told] in text
    if accept == "text/html":
        assert f'<html lang="{told}">' in text


def test_the_network_is_in_the_language_of_the_header(client: FlaskClient) -> None:
    """The exports are told truly too."""
    response = client.get("/collaboration.csv?part=nodes", headers={"Accept-Language": "en-GB"})

    assert response.headers["Content-Language"] == "en"
    assert "Ministry of Justice" in response.get_data(as_text=True)


def test_an_answer_without_words_of_its_own_tells_no_language(client: FlaskClient) -> None:
    """A query that takes no language answers alike in all."""
    response = client.get("/queries/evidence-of-a-thing.json?thing=x", headers=JSON)
    graph = client.get("/queries/collaboration-network-as-a-graph.ttl")

    assert response.status_code in (200, 422)
    assert "Content-Language" not in graph.headers


@pytest.mark.parametrize(
    ("wanted", "mimetype"),
    [("csv", "text/csv"), ("json", "application/sparql-results+json"), ("xml", "application/sparql-results+xml"),
     ("tsv", "text/tab-separated-values"), ("html", "text/html"), ("text/csv", "text/csv")],
)  # fmt: skip
def test_format_chooses_whatever_is_accepted(client: FlaskClient, wanted: str, mimetype: str) -> None:
    """As at the endpoint, and it stays with the next page."""
    response = client.get(QUERY, query_string={"format": wanted, "limit": "2"}, headers=HTML)

    assert response.mimetype == mimetype
    if wanted == "csv":
        assert f"{QUERY}.csv?" in response.headers["Link"]


@pytest.mark.parametrize(
    "value", ["om", "OM", "Oikeusministeriö", "justitieministeriet", "Ministry of Justice", "ministry  of justice"]
)
def test_a_choice_is_understood_by_its_name(client: FlaskClient, value: str) -> None:
    """Short name and label in any language and any case mean the same, for saved queries and for the list."""
    short = client.get(f"{QUERY}.csv?organisation=om").data
    named = client.get(f"{QUERY}.csv", query_string={"organisation": value}).data
    listed = client.get("/en/activities", query_string={"organisation": value, "format": "csv"}).data

    assert named == short
    assert listed == client.get("/en/activities?organisation=om&format=csv").data
    assert len(listed.splitlines()) > 9


@pytest.mark.parametrize(
    "value", ["realised", "status/realised", "Realised", "https://w3id.org/dialogiverkko/vocab/status/realised"]
)
def test_the_short_name_of_a_facet_does(client: FlaskClient, value: str) -> None:
    """The same rows however the value is written."""
    rows = client.get("/en/activities", query_string={"status": value, "format": "csv"}).data.splitlines()

    assert len(rows) > 20


@pytest.mark.parametrize("start", ["/queries/collaboration-links", "/embed/queries/collaboration-links"])
def test_a_page_after_the_last_row_says_how_many_there_are(client: FlaskClient, start: str) -> None:
    """And counts no rows backwards."""
    page = client.get(f"{start}?lang=sv&offset=99999", headers=HTML).get_data(as_text=True)

    assert re.search(r"Svaret har \d+ rader, ingen efter rad 99999\.", page)
    assert "Raderna" not in page


def test_a_true_value_without_a_find_is_an_empty_answer(client: FlaskClient) -> None:
    """A year and an organisation that there are, with nothing to find, are no mistakes."""
    assert client.get("/en/activities?year=1999").status_code == 200
    assert client.get("/collaboration.json?begin=1900-01-01&end=1900-12-31").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["network", "om", "vm", "--begin", "foo"], "2021-06-08"),
        (["network", "--status", "nope"], "Allowed: realised"),
        (["network", "--begin", "2021-01-01", "--end", "2020-01-01"], "later than"),
        (["network", "--method", "nope"], "'method'"),
        (["network", "--basis", "explict"], "'explicit'"),
        (["network", "--lang", "de"], "Allowed: fi, sv, en"),
        (["network", "--lang", "fi", "--lang", "sv"], "several"),
        (["network", "nope"], "'organisation'"),
        (["network", "om", "om"], "two different ends"),
        (["network", "om", "--format", "csv"], "whole network"),
        (["query", "planned-and-aspired-activities", "--lang", "de"], "Allowed: fi, sv, en"),
        (["query", "planned-and-aspired-activities", "--organisation", "zz"], "'organisation'"),
        (["query", "planned-and-aspired-activities", "--limit", "0"], "'limit'"),
        (["query", "planned-and-aspired-activities", "--nope", "0"], "'nope'"),
    ],
)
def test_a_command_ends_with_2(
    services: Services, arguments: list[str], words: str,
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Wrong use is 2, and the sentence is the one of the address."""
    monkeypatch.setattr(cli_queries, "open_saved", lambda _: nullcontext(services.saved))

    assert cli.main(arguments) == 2
    assert words in capfd.readouterr().err


@pytest.mark.parametrize(
    ("locale", "word"),
    [("sv_FI.UTF-8", "genomförandestatus"), ("en_GB.UTF-8", "what was planned"), ("C", "toteutumistila")],
)
def test_a_command_speaks_the_language_of_its_reader(
    services: Services, locale: str, word: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A table is in the language of the terminal; a file is the same everywhere."""
    monkeypatch.setattr(cli_queries, "open_saved", lambda _: nullcontext(services.saved))
    monkeypatch.setenv("LC_ALL", locale)
    cli.main(["query", "planned-and-aspired-activities"])
    table = capfd.readouterr().out
    cli.main(["query", "planned-and-aspired-activities", "--format", "csv"])

    assert word in table.lower()
    assert "Oikeusministeriö" in capfd.readouterr().out
