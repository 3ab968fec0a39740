"""What a worker says before and beside an answer: a shorter limit, and that another kind of worker is needed."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from dialogiverkko.engines import NeedsWorker
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.front.copies import apart, work
from dialogiverkko.front.requests import Answer
from dialogiverkko.front.wire import Message
from dialogiverkko.graph.disk_files import OpenStore
from dialogiverkko.media import RESULTS_JSON
from dialogiverkko.saved.released import Releases
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Question
from dialogiverkko.web.http.tables import bring

HEAD: Message = {"variables": {}, "began": 0.0}


def application(does: Callable[[], None]) -> Any:  # Any: a WSGI application
    """An application that does something and answers 200."""

    def answer(environ: object, start: Callable[..., object]) -> Iterable[bytes]:
        del environ
        does()
        start("200 OK", [("X-Request-Id", "i")])
        return [b"whole"]

    return answer


@pytest.mark.parametrize(("seconds", "notes"), [(9.0, [{"seconds": 9.0}]), (10.0, []), (11.0, [])])
def test_only_a_shorter_limit_is_sent_ahead(seconds: float, notes: list[Message]) -> None:
    """The front waits as long as usual unless it is told to wait less."""
    engine = EmbeddedBackend(Store(), {})
    sent: list[Message] = []
    asks = application(lambda: engine.begins(Limits(seconds, 1, 1, 1)))

    told, body = work(asks, engine, 10.0, may_connect=False).handler(HEAD, b"", sent.append)

    assert sent == notes
    assert (told["status"], told["headers"], body) == (200, [("X-Request-Id", "i")], b"whole")


@pytest.mark.parametrize("may_connect", [True, False])
def test_a_worker_begins_with_an_open_engine_that_has_counted_nothing(may_connect: bool) -> None:
    """What the process counted that it was forked from is told by that process."""
    engine = EmbeddedBackend(Store(), {}, graphs=())
    with engine.counts.counted():
        assert not engine.may_evaluate

    work(application(lambda: None), engine, 10.0, may_connect=may_connect).prepare()

    assert (engine.may_evaluate, engine.may_connect, engine.counts.snapshot()) == (True, may_connect, ({}, 0.0))


def test_a_worker_that_was_forked_before_the_engine_was_there_leaves_it_shut() -> None:
    """Whoever needs it is told to ask another."""
    engine = EmbeddedBackend(Store(), {}, graphs=())

    work(application(lambda: None), engine, 10.0, may_connect=False, has_engine=False).prepare()

    assert not engine.may_evaluate


def test_a_disk_store_answers_in_a_worker_that_was_forked_before_the_engine_was_there() -> None:
    """Its files stay open there, as those of the engine do in others."""
    engine, disk, does = (
        EmbeddedBackend(Store(), {}, graphs=(), files=frozenset({7})),
        Store(),
        application(lambda: None),
    )
    node = NamedNode("urn:x:s")
    disk.add(Quad(node, node, node, DefaultGraph()))
    engine.early = OpenStore(disk, frozenset({8, 9}))
    early, late = (work(does, engine, 1.0, may_connect=False, has_engine=has) for has in (False, True))
    early.prepare()
    asked = Question(parse("ASK { <urn:x:s> ?p ?o }"), RESULTS_JSON, Limits(5.0, 1_000_000, 10, 1000))

    assert (early.files, late.files) == ({8, 9}, {7})
    assert b"true" in engine.query(asked).body


def test_only_who_calls_other_servers_may_connect() -> None:
    """A worker that may call what is allowed, one that asks a server of ours, one that opens released graphs."""
    here, there = EmbeddedBackend(Store(), {}), RemoteBackend(RemoteSetup("http://localhost/sparql"))
    does = application(lambda: None)

    assert [work(does, here, 1.0, may_connect=may).may_connect for may in (True, False)] == [True, False]
    assert work(does, there, 1.0, may_connect=False).may_connect
    assert apart(does, cast(Releases, SimpleNamespace()), 1.0).may_connect


def test_each_answer_tells_what_was_counted_for_it() -> None:
    """The front adds it all up: nothing is told twice."""
    engine = EmbeddedBackend(Store(), {})

    def count() -> None:
        with engine.counts.counted():
            pass

    answer = work(application(count), engine, 10.0, may_connect=False).handler
    told = [answer(HEAD, b"", lambda _: None)[0] for _ in range(2)]

    assert [each["outcomes"] for each in told] == [{"ok": 1}, {"ok": 1}]
    assert all(0 < each["took"] < 1 for each in told)


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        (NeedsWorker("connected"), {"kind": "connected", "head": {}}),
        (NeedsWorker("apart", release="0.1.0"), {"kind": "apart", "head": {"release": "0.1.0"}}),
    ],
)
def test_what_this_worker_may_not_do_is_left_to_another(needed: BaseException, told: Message) -> None:
    """Nothing is counted, since nothing was answered."""

    def refuse() -> None:
        raise needed

    answer = work(application(refuse), EmbeddedBackend(Store(), {}), 10.0, may_connect=False).handler

    assert answer(HEAD, b"", lambda _: None) == ({**told, "outcomes": {}, "took": 0.0}, b"")


def test_a_released_graph_is_opened_where_one_is_named() -> None:
    """Files alone need no graph; the worker may open either."""
    opened: list[str] = []
    releases = SimpleNamespace(may_open=False, open=lambda version: opened.append(version) or True, engine=None)
    load = apart(application(lambda: None), cast(Releases, releases), 10.0).load
    bring()  # what reads tables is there already, whichever test comes first

    assert load is not None
    assert (load({}), opened, releases.may_open) == (False, [], True)
    assert (load({"release": "0.1.0"}), opened) == (True, ["0.1.0"])


@pytest.mark.parametrize(
    ("status", "headers", "is_kept"),
    [
        (200, {"ETag": '"a"'}, True),
        (304, {"etag": '"a"'}, True),
        (404, {"ETag": '"a"'}, False),
        (200, {"ETag": 'W/"a"'}, False),
        (200, {}, False),
        (200, {"ETag": '"a"', "Cache-Control": "no-store"}, False),
    ],
)
def test_only_what_is_marked_as_the_same_for_all_is_kept(status: int, headers: dict[str, str], is_kept: bool) -> None:
    """By a strong tag, unless the answer says otherwise; what failed is not kept."""
    assert Answer(status, list(headers.items()), b"").is_kept is is_kept
