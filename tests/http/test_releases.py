"""Answers that last: released graphs keep answering, in the engine of a worker that goes when nobody asks it."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.asking import Asked
from tests.http.test_workers import MIB, PAGE, Running, loader

from dialogiverkko import serving
from dialogiverkko.graph import releases
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import read_prefixes
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, Services

FIRST = "501cf0d1ecc2d75ee61e45c386b010549eddb49dfc2e2bfb14234735330456ad"
QUERY = "/queries/who-coordinated-an-activity"
ASKED = f"{QUERY}.json?activity=poikkeusajan-dialogit&lang=en"
PUBLISHED = releases.read_releases(find_assets())


@pytest.fixture(scope="module", autouse=True)
def _closed(application: Flask) -> Iterator[None]:
    """Let the engine of the last release go."""
    yield
    application.extensions[EXTENSION].releases.close()


@pytest.mark.parametrize("published", PUBLISHED, ids=[each.version for each in PUBLISHED])
def test_a_release_is_the_graph_that_was_released(published: releases.Published) -> None:
    """The digest is counted as the build counts it, over graphs unpacked from the file."""
    snapshot = published.snapshot(read_prefixes(find_assets()))

    assert snapshot.digest == published.digest
    assert len(snapshot.merged) == published.triples


def test_the_first_release_is_kept() -> None:
    """It is what every citation of the first data names."""
    assert next((each.version, each.issued, each.digest) for each in PUBLISHED) == ("0.1.0", "2026-11-24", FIRST)


def test_a_version_that_is_released_never_changes(services: Services) -> None:
    """Data that differ from a release state another version: set dcat:version anew with the first change."""
    present = services.releases.present
    released = releases.find(PUBLISHED, present.version)

    assert released is None or released.digest == present.digest


@pytest.mark.parametrize("version", ["0.1.0", FIRST[:8], FIRST[:12], FIRST])
def test_a_released_graph_answers_by_version_and_by_digest(client: FlaskClient, version: str) -> None:
    """The question and the data are those of the release, and the answer says so."""
    answer = client.get(f"{ASKED}&version={version}")
    meta = answer.json["meta"]  # type: ignore[index]  # a document

    assert (meta["version"], meta["digest"], meta["total"]) == ("0.1.0", FIRST, 11)
    assert answer.headers["Dialogiverkko-Digest"] == FIRST
    assert answer.headers["Memento-Datetime"] == "Tue, 24 Nov 2026 00:00:00 GMT"
    assert "0.1.0 (501cf0d1ecc2)" in meta["citation"]
    assert client.get(ASKED).json["meta"]["total"] > 11  # type: ignore[index]  # a document


def test_every_question_of_a_release_is_still_answered(client: FlaskClient) -> None:
    """Whatever was asked then is asked now, by the words of then."""
    names = [name.rpartition("/")[2][:-3] for name in PUBLISHED[0].query_texts if name.startswith("competency/")]
    answers = {name: client.get(f"/queries/{name}?version=0.1.0") for name in names}
    lacking = {name for name, answer in answers.items() if answer.status_code == 422}  # each names what it needs

    assert len(names) == 70
    assert all((answers[name].json or {}).get("parameter") for name in lacking)
    assert {name: a.status_code for name, a in answers.items() if name not in lacking and a.status_code != 200} == {}
    assert len(lacking) < 20


@pytest.mark.parametrize("version", ["9.9.9", "501c", "nothing", "0.1", "x" * 300, "%00", "0.1.0%20x"])
def test_a_version_that_there_is_not_lists_those_that_there_are(client: FlaskClient, version: str) -> None:
    """404, with the versions and digests."""
    for address in (f"{ASKED}&version={version}", f"/data/org/om?version={version}"):
        answer = client.get(address)

        assert answer.status_code in (404, 422)
        if answer.status_code == 404:
            assert answer.json["versions"][0] == "0.1.0"  # type: ignore[index]  # a problem
            assert answer.json["digests"][0] == FIRST  # type: ignore[index]  # a problem


def test_two_versions_at_once_are_refused(client: FlaskClient) -> None:
    """One answer is of one graph."""
    assert client.get(f"{ASKED}&version=0.1.0&version=0.2.0").status_code == 422


def test_the_page_of_a_past_answer_says_so_and_leads_to_the_present_one(client: FlaskClient) -> None:
    """Each link of the page stays in the release but the one that leads to the present."""
    page = client.get(f"{QUERY}?activity=poikkeusajan-dialogit&lang=en&version=0.1.0", headers=PAGE)
    text = page.get_data(as_text=True)

    assert "This answer is from release 0.1.0" in text
    assert 'name="version" value="0.1.0"' in text
    assert f"{QUERY}.csv?language=en&amp;activity=poikkeusajan-dialogit&amp;version=0.1.0" in text
    assert f'href="{QUERY}?language=en&amp;activity=poikkeusajan-dialogit">The answer of the present data' in text


# --- Memento -------------------------------------------------------------------------------------


def test_data_of_a_thing_are_had_as_they_were(client: FlaskClient) -> None:
    """RFC 7089, 2.1: Memento-Datetime, and links to the original, the TimeGate and the TimeMap."""
    now, then = client.get("/data/org/om.nt"), client.get("/data/org/om.nt?version=0.1.0")
    links = then.headers.getlist("Link")

    assert now.data != then.data
    assert "Memento-Datetime" not in now.headers
    assert then.headers["Memento-Datetime"] == "Tue, 24 Nov 2026 00:00:00 GMT"
    assert then.headers["Dialogiverkko-Digest"] == FIRST
    for relation in ("original", "timegate", "timemap"):
        assert any(f'rel="{relation}"' in link for link in links)
        assert any(f'rel="{relation}"' in link for link in now.headers.getlist("Link"))


@pytest.mark.parametrize(
    "wanted", ["", "Tue, 24 Nov 2026 00:00:00 GMT", "Thu, 31 May 2007 20:35:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"]
)
@pytest.mark.parametrize("path", ["data/org/om", "id/org/om"])
def test_the_timegate_leads_to_the_memento_of_a_day(client: FlaskClient, wanted: str, path: str) -> None:
    """RFC 7089, 4.5: 302, Vary, and of a day before the first release the first."""
    answer = client.get(f"/timegate/{path}", headers={"Accept-Datetime": wanted})

    assert answer.status_code == 302
    assert "Accept-Datetime" in answer.headers["Vary"]
    assert client.get(answer.headers["Location"]).headers["Memento-Datetime"] == "Tue, 24 Nov 2026 00:00:00 GMT"


@pytest.mark.parametrize("wanted", ["yesterday", "2026-11-24", "Tue, 99 Nov 2026 00:00:00 GMT", "\u00e4"])
def test_what_is_no_date_is_told(client: FlaskClient, wanted: str) -> None:
    """RFC 7089, 4.5.3: 400."""
    answer = client.get("/timegate/data/org/om", environ_overrides={"HTTP_ACCEPT_DATETIME": wanted})

    assert answer.status_code == 400


def test_the_timemap_lists_the_mementos(client: FlaskClient) -> None:
    """RFC 7089, 5, in link-format."""
    answer = client.get("/timemap/data/org/om")
    text = answer.get_data(as_text=True)

    assert answer.mimetype == "application/link-format"
    assert text.count('memento";datetime=') == len(PUBLISHED)
    assert '<http://localhost/data/org/om?version=0.1.0>;rel="first' in text


@pytest.mark.parametrize("path", ["data/org/nobody", "queries", "data/..%2f..%2fetc", "data/%00"])
def test_of_what_no_release_holds_there_is_no_map(client: FlaskClient, path: str) -> None:
    """404, never a crash."""
    assert client.get(f"/timemap/{path}").status_code == 404
    assert client.get(f"/timegate/{path}").status_code == 404


def test_an_iri_leads_to_the_data_of_a_release(client: FlaskClient) -> None:
    """No page is kept of the past, and the version is not lost on the way."""
    answer = client.get("/id/org/om?version=0.1.0", headers=PAGE)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/data/org/om?version=0.1.0"


# --- in workers ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(services: Services) -> Iterator[Running]:
    """A gateway whose workers of released graphs go after a moment."""
    kept, serving.IDLE_SECONDS = serving.IDLE_SECONDS, 0.5  # type: ignore[misc]  # a test may
    made = Running(loader(Settings(memory_limit=96 * MIB, workers=2), services.snapshot))
    yield made
    made.close()
    serving.IDLE_SECONDS = kept  # type: ignore[misc]  # a test may


def _past(running: Running) -> int:
    return len(running.gateway.apart._workers)


def test_an_engine_of_a_release_starts_at_need_and_goes_when_idle(running: Running) -> None:
    """None runs before anybody asks, and none after nobody has asked for a while."""
    before = _past(running)
    answers = [running.ask(Asked("GET", f"{ASKED}&version=0.1.0&limit={n}", {})) for n in range(1, 4)]
    page = running.ask(Asked("GET", f"{QUERY}?activity=saimaadialogit&version=0.1.0", PAGE))
    data = running.ask(Asked("GET", "/data/org/om?version=0.1.0", {}))
    during = _past(running)
    until = time.monotonic() + 10
    while _past(running) and time.monotonic() < until:
        time.sleep(0.1)

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert (page.status, data.status) == (200, 200)
    assert (before, during, _past(running)) == (0, 1, 0)
    assert dict(data.headers)["Memento-Datetime"]


def test_no_more_engines_run_than_are_allowed(running: Running) -> None:
    """Whoever asks beyond that waits for a turn, and is answered."""
    begun = [running.begin(Asked("GET", f"{ASKED}&version=0.1.0&offset={n}", {})) for n in range(6)]
    most = 0
    while not all(each.done() for each in begun):
        most = max(most, _past(running))
        time.sleep(0.01)

    assert {each.result().status for each in begun} == {200}
    assert 0 < most <= 2


def test_the_present_is_answered_as_before(running: Running) -> None:
    """No worker of the present graph opens another."""
    answer = running.ask(Asked("GET", ASKED, {}))

    assert answer.status == 200
    assert FIRST.encode() not in answer.body
