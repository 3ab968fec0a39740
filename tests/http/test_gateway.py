"""What stands between the server's events and the application: bodies, bounds, headers, one answer each."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from dialogiverkko.engines.counts import Counts
from dialogiverkko.front.copies import work
from dialogiverkko.front.gateway import Bounds, Gateway
from dialogiverkko.front.ledger import Ledger
from dialogiverkko.front.requests import environ_of, variables_of
from dialogiverkko.front.wire import Message

FORM = "application/x-www-form-urlencoded"
Headers = list[tuple[str, str]]


@dataclass
class Connection:
    """The server's side of one request, without a socket."""

    body: bytes = b""
    seconds: float = 0.0
    leaves: bool = False
    was_read: bool = False
    got: list[tuple[int, Headers, bytes]] = field(default_factory=list)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body in chunks."""
        for start in range(0, len(self.body), 100_000):
            await asyncio.sleep(self.seconds)
            yield self.body[start : start + 100_000]
        if self.leaves:
            raise RuntimeError("stream closed")

    async def __call__(self) -> bytes:
        """Give the body, after a while."""
        self.was_read = True
        await asyncio.sleep(self.seconds)
        if self.leaves:
            raise RuntimeError("stream closed")
        return self.body

    async def client_disconnect(self) -> None:
        """Never come back: this client stays."""
        await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Take the answer."""
        self.got.append((status, headers, body))


class Here:
    """Stands for the workers: answers in this process, by the same work."""

    is_there = True

    def __init__(self, application: Flask) -> None:
        engine: Any = SimpleNamespace(counts=Counts())
        self._work = work(application.wsgi_app, engine, 10.0, may_connect=False)

    async def ask(self, head: Message, body: bytes, *, seconds: float) -> tuple[Message, bytes]:
        """Answer as a worker does."""
        del seconds
        return self._work.handler(head, body, lambda _note: None)


def scope(method: str, path: str, *headers: tuple[str, str]) -> Any:  # Any: it stands for a class of the server's
    """Write down what was asked."""
    headers = (("host", "localhost"), *headers)
    return SimpleNamespace(
        method=method, path=path, query_string="", server="[::1]:8000", client="127.0.0.1:5", scheme="http",
        http_version="1.1", headers=SimpleNamespace(items=lambda: list(headers), get=dict(headers).get),
    )  # fmt: skip


def answer(application: Flask, request: Any, connection: Connection, **bounds: float) -> None:
    """Answer one request."""

    async def run() -> None:
        pool: Any = Here(application)
        given = Bounds(3_000_000, 10.0, 512_000_000, cache_bytes=0, queue=1, **bounds)
        gateway = Gateway(application, given, pool, pool, pool, pool, Ledger(1).take())
        await gateway(request, connection)  # type: ignore[arg-type]  # it has what is used of the server's

    asyncio.run(run())


def posting(length: str) -> Any:  # Any: see scope
    """Write down a POST that promises so many bytes."""
    return scope("POST", "/sparql", ("content-type", FORM), ("content-length", length))


def test_a_body_is_handed_over_whole(application: Flask) -> None:
    """The application reads what came."""
    connection = Connection(b"query=ASK%7B%7D")
    answer(application, posting("15"), connection)

    assert [status for status, _, _ in connection.got] == [200]


@pytest.mark.parametrize("length", ["15", "100000"], ids=["small", "large"])
def test_a_body_that_is_late_is_408(application: Flask, length: str) -> None:
    """RFC 9110, 15.5.9: whoever does not send in time is told so."""
    connection = Connection(b"query=ASK%7B%7D", seconds=5)
    answer(application, posting(length), connection, body_seconds=0.05)

    assert connection.got[0][0] == 408
    assert b"request-timeout" in connection.got[0][2]


def test_a_body_that_is_too_long_is_not_received(application: Flask) -> None:
    """The bound holds before the first byte."""
    connection = Connection(b"x" * 4_000_000)
    answer(application, posting("4000000"), connection)

    assert connection.got[0][0] == 413
    assert not connection.was_read


def test_a_body_of_the_greatest_length_is_received(application: Flask) -> None:
    """The bound itself is allowed here; what the application takes is its own matter."""
    connection = Connection(b"query=ASK%7B%7D")
    answer(application, posting("3000000"), connection)

    assert connection.was_read


def test_a_body_without_a_length_is_not_received(application: Flask) -> None:
    """Neither a length nor chunks: 411, and nothing is read."""
    connection = Connection(b"query=ASK%7B%7D")
    answer(application, scope("POST", "/sparql", ("content-type", FORM)), connection)

    assert connection.got[0][0] == 411
    assert not connection.was_read


@pytest.mark.parametrize(
    ("connection", "status"),
    [
        (Connection(b"query=ASK%7B%7D"), 200),
        (Connection(b"query=ASK%7B%7D" + b"+" * 150_000), 200),
        (Connection(b"query=ASK%7B%7D" + b"+" * 3_000_000), 413),
        (Connection(b"query=ASK%7B%7D", seconds=5), 408),
        (Connection(b"query=ASK%7B%7D", leaves=True), 400),
    ],
    ids=["small", "large", "too large", "late", "broken off"],
)
def test_a_body_in_chunks_is_received_within_the_bounds(
    application: Flask, connection: Connection, status: int
) -> None:
    """RFC 9112, 7.1: chunks are read as far as a body may go, and as long as one may take."""
    request = scope("POST", "/sparql", ("content-type", FORM), ("transfer-encoding", "chunked"))
    answer(application, request, connection, body_seconds=0.3)

    assert [each for each, _, _ in connection.got] == [status]


def test_a_body_that_breaks_off_is_400(application: Flask) -> None:
    """Half a request is none, and no fault of ours."""
    connection = Connection(leaves=True)
    answer(application, posting("15"), connection)

    assert [each for each, _, _ in connection.got] == [400]


def test_headers_become_an_environ() -> None:
    """PEP 3333: names in capitals, repeated headers joined, bytes of a path one character each."""
    environ = variables_of(
        scope("GET", "/ä", ("accept", "a/b"), ("accept", "c/d"), ("x_request_id", "e"), ("content-type", "f/g"))
    )

    assert environ["HTTP_ACCEPT"] == "a/b,c/d"
    assert environ["CONTENT_TYPE"] == "f/g"
    assert "HTTP_X_REQUEST_ID" not in environ
    assert environ["PATH_INFO"] == "/Ã¤"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]) == ("[::1]", "8000", "127.0.0.1")


def test_fault_of_the_application_is_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    """PEP 3333: what fails is written to wsgi.errors, which must be there, and is answered with 500."""
    application, connection = Flask(__name__), Connection()

    @application.get("/fault")
    def fault() -> str:
        raise LookupError("nothing was found")

    answer(application, scope("GET", "/fault"), connection)

    assert [status for status, _, _ in connection.got] == [500]
    assert environ_of(variables_of(scope("GET", "/")))["wsgi.errors"].writable()
    assert "nothing was found" in caplog.text
