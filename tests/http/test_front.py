"""Answers that the front keeps are those of the application: status, headers and bytes, whatever was asked."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from tests.asking import Asked, Headers, answer

from dialogiverkko.engines.counts import Counts
from dialogiverkko.front.copies import work
from dialogiverkko.front.gateway import Bounds, Gateway
from dialogiverkko.front.ledger import Ledger, Page
from dialogiverkko.front.requests import NEUTRAL, Answer, answered, environ_of, key_of, variables_of
from dialogiverkko.front.wire import Message

SELECT = "SELECT ?s ?p WHERE { ?s ?p ?o } ORDER BY ?s ?p LIMIT 40"
CONSTRUCT = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } ORDER BY ?s LIMIT 20"
QUERIES = (SELECT, CONSTRUCT, "ASK {}", "SELECT (RAND() AS ?x) {}", "SELECT nonsense", "DROP ALL")
PATHS = (
    "/", "/id/org/vnk", "/queries/activities-open-to-all", "/queries/activities-open-to-all.csv", "/static/site.css",
    "/nothing", "/collaboration.json", "/queries/at-least-counts-by-unit.json", "/en/about",
)  # fmt: skip
HEAVY = (
    "/fi/activities?status=planned", "/en/activities?format=csv", "/page/org/vnk", "/data/org/vnk.ttl", "/queries",
    "/catalogue", "/graphs?default", "/.well-known/void", "/openapi.json", "/sitemap.xml",
)  # fmt: skip
ACCEPTS = (
    "", "*/*", "text/html,*/*;q=0.8", "text/csv", "application/sparql-results+xml;q=0.9, text/turtle", "image/png",
    "application/json", "application/ld+json", "text/*;q=0.5, application/*;q=0.1", "text/csv;q=0, */*",
)  # fmt: skip
CODINGS = ("", "gzip", "br;q=1.0, gzip;q=0.5", "zstd")
MORE: tuple[Headers, ...] = (
    {}, {"origin": "https://a.example"}, {"accept-language": "sv, en;q=0.5"}, {"range": "bytes=0-9"},
    {"if-none-match": "*"}, {"if-none-match": 'W/"x", "y"'}, {"if-match": '"other"'},
    {"if-modified-since": "Tue, 01 Jan 2030 00:00:00 GMT"},
    {"if-modified-since": "Tue, 01 Jan 2019 00:00:00 GMT"}, {"user-agent": "x/1", "referer": "https://b.example/"},
    {"host": "c.example"}, {"x-forwarded-for": "10.0.0.1"},
)  # fmt: skip
LEAST = 3_000


class Here:
    """Stands for the workers: answers in this process, by the same work, and counts."""

    is_there = True

    def __init__(self, application: Flask) -> None:
        engine: Any = SimpleNamespace(counts=Counts())
        self._work = work(application.wsgi_app, engine, 10.0, may_connect=False)
        self.asked = 0

    async def ask(self, head: Message, body: bytes, *, seconds: float) -> tuple[Message, bytes]:
        """Answer as a worker does."""
        del seconds
        self.asked += 1
        return self._work.handler(head, body, lambda _note: None)


@dataclass
class Front:
    """A gateway over one application, and what stands for its workers."""

    gateway: Gateway
    pool: Here
    page: Page

    async def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        return await answer(self.gateway, asked)


def front_of(application: Flask, **bounds: int) -> Front:
    """Put a front before an application; call it in a loop."""
    pool: Any = Here(application)
    given: dict[str, Any] = {"cache_bytes": 50_000_000, "queue": 9, **bounds}
    page = Ledger(1).take()
    return Front(
        Gateway(application, Bounds(3_000_000, 10.0, 512_000_000, **given), pool, pool, pool, pool, page), pool, page
    )


def variants(tags: dict[str, str]) -> Iterator[Asked]:
    """List requests: pages and data by their accepts, codings and conditions; queries by GET, HEAD and POST."""
    for path, method, accept, coding in itertools.product(PATHS, ("GET", "HEAD"), ACCEPTS, CODINGS):
        yield Asked(method, path, {"accept": accept, "accept-encoding": coding})
    for path, more in itertools.product((*PATHS, *HEAVY), (*MORE, {"if-none-match": "TAG"})):
        given = {name: tags.get(path, '"none"') if value == "TAG" else value for name, value in more.items()}
        yield Asked("GET", path, given)
    for query, accept, coding, more in itertools.product(QUERIES, ACCEPTS, CODINGS[:3], MORE):
        yield Asked(
            "GET", f"/sparql?{urlencode({'query': query})}", {"accept": accept, "accept-encoding": coding, **more}
        )
    for query, accept, (kind, body) in itertools.product(QUERIES, ACCEPTS, (
        ("application/x-www-form-urlencoded", lambda text: urlencode({"query": text})),
        ("application/sparql-query", str),
        ("text/plain", str),
    )):  # fmt: skip
        sent = body(query).encode()
        yield Asked("POST", "/sparql", {"accept": accept, "content-type": kind, "content-length": str(len(sent))}, sent)
    for method in ("OPTIONS", "PUT", "DELETE"):
        yield from (Asked(method, path, {"access-control-request-method": "GET"}) for path in PATHS)


def direct(application: Flask, asked: Asked) -> Answer:
    """Have the application answer without a front."""
    return answered(application.wsgi_app, environ_of(variables_of(asked.scope), asked.body))


def comparable(answer: Answer) -> tuple[int, list[tuple[str, str]], bytes]:
    """Leave out what differs each time: the id, and of an error page where it names it."""
    return answer.status, [pair for pair in answer.headers if pair[0].lower() != "x-request-id"], answer.body


def test_a_kept_answer_is_that_of_the_application(application: Flask) -> None:
    """Thousands of requests, through the application, and twice through the front: no difference."""
    tags = {
        path: dict(direct(application, Asked("GET", path, {})).headers).get("ETag", "") for path in (*PATHS, *HEAVY)
    }
    wanted = list(variants(tags))
    different: list[Asked] = []

    async def run() -> tuple[float, int]:
        front = front_of(application)
        for asked in wanted:
            first = await front.answer(asked)
            own = direct(application, asked)
            kept = await front.answer(asked) if first.is_kept else first
            if "RAND" not in asked.path and b"RAND" not in asked.body:
                different.extend(asked for each in (first, kept) if comparable(each) != comparable(own))
        return front.page["hits"], front.pool.asked

    hits, led = asyncio.run(run())

    assert different == []
    assert len(wanted) > LEAST
    assert hits > LEAST / 2
    assert led <= len(wanted)


def test_where_nothing_is_kept_each_is_asked(application: Flask) -> None:
    """A cache of no bytes turns off both what is kept and what is shared."""
    asked = Asked("GET", f"/sparql?{urlencode({'query': SELECT})}", {})

    async def run() -> tuple[int, float]:
        front = front_of(application, cache_bytes=0)
        await asyncio.gather(front.answer(asked), front.answer(asked), front.answer(asked))
        return front.pool.asked, front.page["hits"]

    assert asyncio.run(run()) == (3, 0)


@pytest.mark.parametrize("header", sorted(NEUTRAL))
def test_a_neutral_header_changes_nothing(application: Flask, header: str) -> None:
    """An answer kept for one client is another's, under that one's own id."""

    async def run() -> tuple[list[Answer], int]:
        front = front_of(application)
        first = await front.answer(Asked("GET", "/en/", {}))
        second = await front.answer(Asked("GET", "/en/", {header: "something-else"}))
        return [first, second], front.pool.asked

    (first, second), asked = asyncio.run(run())

    assert comparable(first) == comparable(second)
    assert asked == 1
    ids = [dict(each.headers)["X-Request-Id"] for each in (first, second)]
    assert ids[0] != ids[1]
    assert ids[1] == "something-else" or header != "x-request-id"


def test_another_host_has_other_answers(application: Flask) -> None:
    """Pages name their own address: what one host was told is not told to another."""

    async def run() -> list[bytes]:
        front = front_of(application)
        return [
            (await front.answer(Asked("GET", "/en/", {"host": host}))).body for host in ("a.example", "b.example") * 2
        ]

    bodies = asyncio.run(run())

    assert bodies[:2] == bodies[2:]
    assert b"a.example" in bodies[0]
    assert b"a.example" not in bodies[1]


def test_what_differs_each_time_is_asked_each_time(application: Flask) -> None:
    """RAND is not kept, nor shared among those who ask at the same time."""
    asked = Asked("GET", "/sparql?query=SELECT%20(RAND()%20AS%20%3Fx)%20%7B%7D", {})

    async def run() -> set[bytes]:
        front = front_of(application)
        answers = await asyncio.gather(*(front.answer(asked) for _ in range(5)))
        return {each.body for each in [*answers, await front.answer(asked)]}

    assert len(asyncio.run(run())) == 6


def test_a_key_has_bounds_between_its_parts(application: Flask) -> None:
    """What a path ends with is not taken for the beginning of a query, nor one header for another."""
    pairs = [
        (Asked("GET", "/nothing?a=b", {}), Asked("GET", "/nothing", {"a": "b"})),
        (Asked("GET", "/en/", {"accept": "a", "range": "b"}), Asked("GET", "/en/", {"accept": "a', 'range', 'b"})),
        (Asked("GET", "/en/", {}), Asked("HEAD", "/en/", {})),
    ]

    assert all(key_of(one.scope, b"") != key_of(other.scope, b"") for one, other in pairs)
    assert key_of(pairs[0][0].scope, b"x") != key_of(pairs[0][0].scope, b"")
    assert len(key_of(Asked("GET", "/" + "x" * 100_000, {}).scope, b"") or b"") == 24
