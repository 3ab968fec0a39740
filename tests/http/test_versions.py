"""``version=`` is heard everywhere: answered for the release, or said not to be; and pages can be cited."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.pages import pages

from dialogiverkko.web.services import EXTENSION, Services

RELEASE, NONE_SUCH = "0.1.0", "9.9.9"
SAYS = {
    "fi": f"Osoitteessa pyydetään julkaistua versiota {RELEASE}. Tämä sivu näyttää aineiston nykytilan.",
    "sv": f"Adressen ber om den publicerade versionen {RELEASE}. Den här sidan visar nuläget.",
    "en": f"The address asks for release {RELEASE}. This page shows the present state.",
}
AS_DATA = (
    "/sparql?query=ASK%7B%7D", "/collaboration.json", "/collaboration.csv",
    "/compare.json?organisations=om,vm", "/search.json?q=om", "/tables/links.csv", "/tables/activities.xlsx",
    "/places.geojson", "/collaboration.svg", "/graphs?default", "/openapi.json", "/llms.txt", "/queries", "/changes",
    "/collaboration", "/source", "/catalogue?format=ttl", "/embed/collaboration", "/void?format=ttl",
)  # fmt: skip


def with_version(address: str, version: str) -> str:
    """The address with a version."""
    return f"{address}{'&' if '?' in address else '?'}version={version}"


def links(page: str) -> list[str]:
    """The addresses that a page leads to."""
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', page)]


def test_each_kind_of_page_says_that_it_shows_the_present(application: Flask) -> None:
    """A page that is asked for a release says so; the same page, kept and asked without one, says nothing of it."""
    client = application.test_client()
    found = [address for address in pages(application) if address.startswith("/fi/") and "nowhere" not in address]

    assert len(found) > 25
    for address in found:
        past = client.get(with_version(address, RELEASE), headers={"Accept": "text/html"})
        assert (past.status_code, SAYS["fi"] in past.text) == (200, True), address
        assert SAYS["fi"] not in client.get(address).text, address
        assert client.get(with_version(address, NONE_SUCH)).status_code == 404, address


@pytest.mark.parametrize("address", AS_DATA)
def test_data_of_the_present_alone_refuse_a_release(client: FlaskClient, address: str) -> None:
    """A program that asks them of a release is told where a release answers; never given the present in its place."""
    answer = client.get(with_version(address, RELEASE), headers={"Accept": "application/json, */*;q=0.1"})

    assert answer.status_code == 422
    assert "/queries/{name}?version=" in answer.get_json()["detail"]
    assert client.get(with_version(address, NONE_SUCH)).status_code == 404


def test_the_endpoint_reads_the_version_of_a_form_too(client: FlaskClient) -> None:
    """A query that is posted names a version in its form."""
    posted = {"query": "ASK {}", "version": RELEASE}

    assert client.post("/sparql", data=posted).status_code == 422
    assert client.post("/sparql", data={**posted, "version": NONE_SUCH}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/en/compare?organisations=om,vm", "/collaboration.json", "/sparql?query=ASK%7B%7D"]
)
def test_the_present_is_named_by_its_digest(client: FlaskClient, services: Services, address: str) -> None:
    """The digest of the present data gives the present answer."""
    named = client.get(with_version(address, services.saved.release.short))

    assert named.status_code == 200
    assert named.data == client.get(address).data


@pytest.mark.parametrize("language", SAYS)
def test_a_page_leads_to_what_the_release_answers(client: FlaskClient, language: str) -> None:
    """From the network, a chain and a thing one goes on to a question or to data of the release, which answer."""
    for address, wanted in (
        ("collaboration", "/queries/collaboration-links?"),
        ("collaboration/path?from=om&to=vm", "/queries/chains-between-two-organisations?from=om&to=vm&"),
        ("page/org/om", "/data/org/om?"),
    ):
        page = client.get(with_version(f"/{language}/{address}", RELEASE)).text
        led = [each for each in links(page) if each.startswith(wanted) and f"version={RELEASE}" in each]
        assert SAYS[language] in page
        assert led, address
        assert client.get(led[0]).status_code == 200


@pytest.mark.parametrize("language", SAYS)
@pytest.mark.parametrize("page", ["collaboration/path?from=om&to=vm", "compare?organisations=om,vm"])
def test_a_chain_and_a_comparison_can_be_cited(application: Flask, language: str, page: str) -> None:
    """The citation names version and digest, its address gives the page again, and a release answers for ever."""
    client = application.test_client()
    release = application.extensions[EXTENSION].saved.release
    shown = client.get(f"/{language}/{page}").text
    cited = unescape(re.findall(r"<cite>([^<]+)</cite>", shown)[0])
    address = cited.rsplit(" ", 1)[1]

    assert f"Dialogiverkko {release.version} ({release.short})" in cited
    assert address == f"http://localhost/{language}/{page}&version={release.short}"
    assert client.get(address.removeprefix("http://localhost")).text == shown
    lasting = [each for each in links(shown) if f"version={RELEASE}" in each]
    assert lasting
    assert {client.get(each).status_code for each in lasting} == {200}


def test_chains_answer_for_a_release_with_their_filters(client: FlaskClient) -> None:
    """The network of the release is asked, by the same ends and filters; its answer names its version."""
    address = "/collaboration/path.json?from=vm&to=om&lang=en"
    past, present = client.get(with_version(address, RELEASE)), client.get(address)
    narrow = client.get(with_version(f"{address}&year=2020&strength=joint-organisation", RELEASE))
    none = client.get(with_version(f"{address}&year=2019", RELEASE)).get_json()

    assert past.headers["Dialogiverkko-Version"] == RELEASE
    assert past.get_json()["chains"]
    assert past.get_json() != present.get_json()
    assert narrow.get_json()["filters"] == {"strength": ["joint-organisation"], "year": ["2020"]}
    assert none["chains"] == []
    assert client.get(with_version(address, NONE_SUCH)).status_code == 404


@pytest.mark.parametrize("filters", ["", "&year=2020", "&strength=joint-organisation&year=2020"])
def test_a_filtered_chain_can_be_cited_of_a_release(client: FlaskClient, filters: str) -> None:
    """From the page one comes to what a release says of the same choice, and its address lasts."""
    shown = client.get(f"/en/collaboration/path?from=vm&to=om{filters}", follow_redirects=True).text
    lasting = [each for each in links(shown) if each.startswith("/collaboration/path.json?") and RELEASE in each]

    assert len(lasting) == 1
    answer = client.get(lasting[0])
    assert (answer.status_code, answer.headers["Dialogiverkko-Version"]) == (200, RELEASE)
    assert set(answer.get_json()["filters"]) == set(re.findall(r"&(\w+)=", filters))
