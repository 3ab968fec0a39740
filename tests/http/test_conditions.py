"""RFC 9110, section 13: conditions, and the validators that they compare."""

import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import http_date, parse_date

from dialogiverkko.app import create_app
from dialogiverkko.engines import Backend
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Question, Result
from dialogiverkko.web.services import Services

SELECT = "/sparql?query=SELECT%20*%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20400"
ADDRESSES = [
    SELECT,
    "/graphs?default",
    "/data/org/vnk.ttl",
    "/dumps/dialogiverkko.ttl",
    "/.well-known/void",
    "/catalogue",
]
TURTLE = {"Accept": "text/turtle, application/sparql-results+json;q=0.5"}


def dated(client: FlaskClient, address: str, seconds: float = 0, **more: str) -> Any:  # Any: werkzeug's response
    """Ask with the date that the first answer has, or another."""
    first = client.get(address, headers=TURTLE)
    assert first.status_code == 200
    date = parse_date(first.headers["Last-Modified"])
    assert date
    return client.get(
        address, headers={**TURTLE, "If-Modified-Since": http_date(date + timedelta(seconds=seconds)), **more}
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_13_1_3_if_modified_since_gives_304(client: FlaskClient, address: str) -> None:
    """Whoever has what there was at the start has what there is."""
    response = dated(client, address)

    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == client.get(address, headers=TURTLE).headers["ETag"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_13_1_3_an_earlier_date_gives_200(client: FlaskClient, address: str) -> None:
    """What was fetched before the start may be of another graph."""
    assert dated(client, address, seconds=-1).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_13_1_3_if_none_match_rules_out_the_date(client: FlaskClient, address: str) -> None:
    """A recipient MUST ignore If-Modified-Since if the request has If-None-Match."""
    assert dated(client, address, **{"If-None-Match": '"other"'}).status_code == 200


def test_13_1_3_the_method_is_get_or_head(client: FlaskClient, services: Services) -> None:
    """A recipient MUST ignore the field if the method is neither GET nor HEAD."""
    headers = {"If-Modified-Since": http_date(services.started), "If-None-Match": "*"}
    head = client.head(SELECT, headers={"If-Modified-Since": http_date(services.started)})
    post = client.post("/sparql", data={"query": "ASK {}"}, headers=headers)

    assert (head.status_code, post.status_code) == (304, 200)


@pytest.mark.parametrize("date", ["yesterday", "", "Tue, 99 Nov 2026 00:00:00 GMT", "1"])
def test_13_1_3_what_is_no_date_is_ignored(client: FlaskClient, date: str) -> None:
    """A recipient MUST ignore the field if its value is not a valid HTTP-date."""
    assert client.get(SELECT, headers={"If-Modified-Since": date}).status_code == 200


def test_13_1_2_a_star_is_any_representation(client: FlaskClient) -> None:
    """If-None-Match: * is false for whatever there is."""
    assert client.get(SELECT, headers={"If-None-Match": "*"}).status_code == 304


def test_13_1_1_if_match_of_another_gives_412(client: FlaskClient) -> None:
    """Who asks for a representation that is no more is told so."""
    tag = client.get(SELECT).headers["ETag"]

    refused = client.get(SELECT, headers={"If-Match": '"other"'})

    assert (refused.status_code, refused.data) == (412, b"")
    assert client.get(SELECT, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_15_4_5_a_304_has_the_tag_of_the_coded_answer(client: FlaskClient, coding: str) -> None:
    """The tag that would stand on the 200 stands on the 304."""
    headers = {"Accept-Encoding": coding}
    tag = client.get(SELECT, headers=headers).headers["ETag"]

    for condition in ({"If-None-Match": tag}, {"If-Modified-Since": http_date(time.time() + 60)}):
        response = client.get(SELECT, headers={**headers, **condition})
        assert (response.status_code, response.headers["ETag"]) == (304, tag)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_8_8_1_a_strong_tag_names_one_sequence_of_bytes(client: FlaskClient, coding: str) -> None:
    """The same tag a second later is on the same bytes, coded or not."""
    first = client.get(SELECT, headers={"Accept-Encoding": coding})
    time.sleep(1.1)
    second = client.get(SELECT, headers={"Accept-Encoding": coding})

    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.data == second.data


@pytest.fixture(params=[SELECT, "/graphs?default"])
def asked(request: pytest.FixtureRequest) -> str:
    """An address whose answer has no order."""
    return str(request.param)


class _Ordered:
    """An engine that gives its rows in one order."""

    def __init__(self, order: bytes, engine: Backend) -> None:
        self._order = order
        self.graph_names = engine.graph_names
        self.stats = engine.stats
        self.is_ready = engine.is_ready
        self.close = engine.close

    def query(self, question: Question) -> Result:
        """Answer anything alike."""
        return Result(self._order, question.media_type, rows=2)


@pytest.fixture
def two(services: Services) -> tuple[FlaskClient, FlaskClient]:
    """Two servers of one graph, whose engines give unordered rows in two orders."""

    def app(order: bytes) -> Flask:
        return create_app(Settings(), snapshot=services.snapshot, backend=_Ordered(order, services.backend))

    return (
        app(b"<a:1> <a:2> <a:3> .\n<a:4> <a:5> <a:6> .\n").test_client(),
        app(b"<a:4> <a:5> <a:6> .\n<a:1> <a:2> <a:3> .\n").test_client(),
    )


def test_8_8_1_another_order_has_another_tag(two: tuple[FlaskClient, FlaskClient], asked: str) -> None:
    """After a restart the order may differ: the tag does too, and nobody is told that nothing changed."""
    tag = two[0].get(asked).headers["ETag"]

    assert two[0].get(asked, headers={"If-None-Match": tag}).status_code == 304
    assert two[1].get(asked).headers["ETag"] != tag
    assert two[1].get(asked, headers={"If-None-Match": tag}).status_code == 200


def test_9530_a_coded_dump_has_no_digest_of_the_plain_bytes(client: FlaskClient) -> None:
    """Repr-Digest is of the bytes as they are sent; where they are coded we tell none."""
    plain = client.get("/dumps/dialogiverkko.ttl")
    coded = client.get("/dumps/dialogiverkko.ttl", headers={"Accept-Encoding": "gzip"})

    assert plain.headers["Repr-Digest"].startswith("sha-256=:")
    assert coded.headers["Content-Encoding"] == "gzip"
    assert "Repr-Digest" not in coded.headers
