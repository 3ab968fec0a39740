"""A request by its key, and a WSGI application's answer as one value."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dialogiverkko.front.requests import (
    NEUTRAL,
    QUERY,
    REQUEST_ID,
    Answer,
    Environ,
    answered,
    environ_of,
    key_of,
    variables_of,
)


def scope(**given: Any) -> Any:  # Any: it stands for a class of the server's
    """Write down what was asked."""
    headers = given.pop("headers", {"accept": "text/csv"})
    asked = {"method": "GET", "scheme": "http", "server": "h:80", "http_version": "1.1", "path": "/q", "client": "c:1"}
    return SimpleNamespace(**{"query_string": "a=b", **asked, **given}, headers=headers)


DIFFERENT = {
    "method": scope(method="HEAD"),
    "scheme": scope(scheme="https"),
    "server": scope(server="other:80"),
    "version": scope(http_version="2"),
    "path": scope(path="/r"),
    "query": scope(query_string="a=c"),
    "value": scope(headers={"accept": "text/html"}),
    "name": scope(headers={"accept-language": "text/csv"}),
    "more": scope(headers={"accept": "text/csv", "range": "bytes=0-"}),
    "none": scope(headers={}),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_whatever_may_decide_an_answer_is_in_its_key(what: str) -> None:
    """Method, address, protocol and each header but those that decide nothing."""
    assert key_of(DIFFERENT[what], b"") != key_of(scope(), b"")


def test_the_body_is_in_the_key() -> None:
    """Of a POST, whose answers are shared as well."""
    keys = {key_of(scope(method="POST"), body) for body in (b"", b"query=ASK%7B%7D", b"query=ASK%7B+%7D")}

    assert len(keys) == 3
    assert None not in keys


def test_what_decides_nothing_is_in_no_key() -> None:
    """Who asks, from where, by which proxy, and under which id."""
    headers = {"accept": "text/csv", **dict.fromkeys(NEUTRAL, "x")}

    assert key_of(scope(headers=headers, client="d:2"), b"") == key_of(scope(), b"")


def test_what_changes_something_has_no_key() -> None:
    """Only reading is shared."""
    assert [key_of(scope(method=method), b"") for method in ("PUT", "DELETE", "PATCH", "OPTIONS")] == [None] * 4


def test_an_answer_is_repeated_under_the_id_of_who_asks() -> None:
    """Everything else is the same, and the one that is kept stays as it is."""
    answer = Answer(200, [("ETag", '"a"'), (REQUEST_ID, "one"), ("Content-Length", "12")], b"twelve bytes", "ASK {}")

    assert answer.repeated("two") == (
        200,
        [("ETag", '"a"'), (REQUEST_ID, "two"), ("Content-Length", "12")],
        answer.body,
    )
    assert answer.headers[1] == (REQUEST_ID, "one")
    assert (answer.length, Answer(204, [], b"").length) == (12, 0)
    assert answer.size == 12 + 6 + 7 + 15 + 16 + 300


class _Body:
    """The parts of an answer, which know when they are closed."""

    def __init__(self, parts: list[bytes], fails: bool) -> None:
        self.parts, self.fails, self.is_closed = parts, fails, False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts
        if self.fails:
            raise OSError("the file is gone")

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


@pytest.mark.parametrize("fails", [False, True])
def test_an_application_answers_whole(fails: bool) -> None:
    """The last status counts, the server dates what it sends, and what the application opened is closed."""
    body = _Body([b"a", b"b", b"c"], fails)

    def application(environ: Environ, start: Callable[..., Callable[[bytes], object]]) -> _Body:
        environ[QUERY].append(environ["wsgi.input"].read().decode())
        start("404 Not Found", [])
        start("200 OK", [("Date", "today"), ("X-Dated", "no")], None)
        return body

    if fails:
        with pytest.raises(OSError, match="gone"):
            answered(application, environ_of({}, b"ASK {}"))
    else:
        assert answered(application, environ_of({}, b"ASK {}")) == Answer(200, [("X-Dated", "no")], b"abc", "ASK {}")
    assert body.is_closed


def test_an_environ_tells_what_is_so() -> None:
    """One thread, several processes, and a body that ends by itself."""
    environ = environ_of({"REQUEST_METHOD": "GET"}, b"x", 2.5)

    assert [environ[f"wsgi.{name}"] for name in ("multithread", "multiprocess", "run_once", "input_terminated")] == [
        False, True, False, True,
    ]  # fmt: skip
    assert (environ["wsgi.version"], environ["dialogiverkko.began"], environ["REQUEST_METHOD"]) == ((1, 0), 2.5, "GET")


def test_letters_of_an_address_reach_the_application_as_the_bytes_that_came() -> None:
    """PEP 3333: text whose letters are bytes, in the path and in the query."""
    variables = variables_of(scope(path="/säk", query_string="q=ä٣"))

    assert variables["PATH_INFO"].encode("latin-1") == "/säk".encode()
    assert variables["QUERY_STRING"].encode("latin-1") == "q=ä٣".encode()
