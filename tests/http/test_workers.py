"""Whole requests in real workers: what they may not do, what it costs when one dies, what memory they keep."""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from tests.asking import Asked, answer
from tests.disk_stores import load_in_parts

from dialogiverkko import loading, serving
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.front.gateway import Gateway
from dialogiverkko.front.pool import PoolSetup
from dialogiverkko.front.requests import Answer
from dialogiverkko.graph import disk_files
from dialogiverkko.graph.built import Built
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, Services
from dialogiverkko.web.site.views import VIEWS

KILLER = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{name} {{{' 1' * 100} }}" for name in "abcdefgh") + " }"
"""It never ends, and needs next to no memory however large the graph is: only time can end it."""
DOUBLING = (
    "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789abcdef' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    + " }"
)
SCAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?a ?d ?e . FILTER(STRLEN(STR(?c)) + STRLEN(STR(?e)) > 3) }"
MIB = 1024 * 1024
PAGE = {"accept": "text/html,*/*;q=0.8"}


def select(query: str, **more: str) -> Asked:
    """Ask a query."""
    return Asked("GET", f"/sparql?{urlencode({'query': query, **more})}", {"accept": "text/csv"})


def loader(settings: Settings, snapshot: Snapshot, built: Built | None = None) -> serving.Loader:
    """Make what serves a graph, with one process."""
    return serving.Loader(settings, loading.begin(settings, snapshot, built), 1)


class Running:
    """A gateway with its workers, in a loop of its own."""

    def __init__(self, loader: serving.Loader) -> None:
        self.loader = loader
        self.gateway: Gateway = loader.gateway()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._call(self.gateway.__rsgi_init__))

    def _do(self, work: Awaitable[Answer | None]) -> Answer | None:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)  # type: ignore[arg-type]  # a coroutine

    async def _call(self, hook: Callable[[asyncio.AbstractEventLoop], None]) -> None:
        hook(asyncio.get_running_loop())

    def begin(self, asked: Asked) -> "Future[Answer]":
        """Ask, and do not wait."""
        return asyncio.run_coroutine_threadsafe(answer(self.gateway, asked), self._loop)

    def ask(self, asked: Asked) -> Answer:
        """Ask."""
        return self.begin(asked).result(60)

    def workers(self) -> set[int]:
        """The processes of the workers."""
        return set(self.gateway.page.processes[1:])

    def close(self) -> None:
        """End the workers and the loop."""
        self._do(self._call(self.gateway.__rsgi_del__))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.loader.origin.end()


class _Endpoint(BaseHTTPRequestHandler):
    """A SPARQL endpoint that answers one row."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answered = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"from afar"}}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(answered)))
        self.end_headers()
        self.wfile.write(answered)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of an endpoint on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def running(services: Services, endpoint: str) -> Iterator[Running]:
    """A gateway over the real graph, whose workers may call one address when they are of the kind that may."""
    settings = Settings(time_limit=15.0, memory_limit=96 * MIB, workers=3, queue=4, service_allow=(endpoint,))
    made = Running(loader(settings, services.snapshot))
    made.ask(select("ASK {}"))  # its engine is there once it has answered
    yield made
    made.close()


def test_workers_that_can_open_nothing_answer_every_kind_of_page(running: Running) -> None:
    """Templates, catalogues, tables and libraries are there before the fork: nothing is opened after it."""
    app = running.loader._app
    rules = [rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    wanted = [Asked("GET", rule.rule, PAGE) for rule in rules]
    views = [view for view in VIEWS if view != "home"]
    wanted += [Asked("GET", f"/{language}/{view}", PAGE) for language in LANGUAGES for view in views]
    public = running.loader._app.extensions[EXTENSION].saved.catalogue.public()
    wanted += [Asked("GET", f"/queries/{query.name}?lang=sv", PAGE) for query in public]
    wanted += [Asked("GET", f"/queries?lang={language}", PAGE) for language in LANGUAGES]
    wanted += [
        Asked("GET", select("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 3").path, {"accept": accept})
        for accept in ("text/html", "application/sparql-results+xml", "text/tab-separated-values")
    ]
    statuses = {asked.path: running.ask(asked).status for asked in wanted}

    assert len(statuses) > 150
    assert {path: status for path, status in statuses.items() if status >= 500} == {}
    assert running.gateway.page["killed"] == 0


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (select(KILLER, timeout="0.5"), 504, b"time-limit"),
        (select(DOUBLING), 503, b"memory-limit"),
        (select("SELECT * { ?s ?p ?o }", format="xyz"), 406, b"not-acceptable"),
        (select("SELECT nonsense"), 400, b"query-syntax"),
    ],
)
def test_what_ends_a_worker_is_told_as_what_it_was(running: Running, asked: Asked, status: int, code: bytes) -> None:
    """Time and memory are told apart by the wait status; the next request is answered."""
    got = running.ask(asked)

    assert (got.status, code in got.body) == (status, True)
    assert running.ask(select(f"ASK {{}} # {asked.path[-40:]}")).body == b"true"


def test_the_page_of_a_lost_worker_is_in_the_language_of_the_reader(running: Running) -> None:
    """A browser gets the frame of the site, a program a problem document."""
    headers = {"accept": "text/html", "accept-language": "sv"}
    got = running.ask(Asked("GET", select(KILLER, timeout="0.3").path, headers))

    assert got.status == 504
    assert b'<html lang="sv"' in got.body


def test_a_killed_worker_costs_its_own_request(running: Running) -> None:
    """kill -9 in the middle of an answer: 503 for that one, and others go on."""
    before = running.workers()
    lost = running.begin(select(KILLER + "# lost"))
    began = time.monotonic()
    while running.gateway.page["running"] < 1 and time.monotonic() < began + 5:
        time.sleep(0.05)
    time.sleep(0.5)
    other = running.ask(select("ASK {} # beside"))
    busy = max(running.workers() | before, key=_processor_ticks)
    os.kill(busy, signal.SIGKILL)

    assert (lost.result(20).status, b"worker-lost" in lost.result().body) == (503, True)
    assert other.status == 200


def test_a_full_queue_says_when_to_come_again(running: Running) -> None:
    """Three are answered and four wait; the eighth is told at once, with Retry-After."""
    asked = [running.begin(select(f"{KILLER} # {number}", timeout="1")) for number in range(8)]
    statuses = sorted(each.result(30).status for each in asked)
    full = next(each.result() for each in asked if each.result().status == 503)

    assert 503 in statuses
    assert dict(full.headers)["Retry-After"]
    assert running.ask(select("ASK {} # after")).status == 200


def test_service_is_answered_by_workers_of_another_kind(running: Running, endpoint: str) -> None:
    """An address that is allowed is called, and by none of the workers that cannot connect; another is refused."""
    got = running.ask(select(f"SELECT ?o {{ SERVICE <{endpoint}> {{ ?s ?p ?o }} }}"))
    refused = running.ask(select("SELECT ?o { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"))

    assert (got.status, got.body) == (200, b"o\r\nfrom afar\r\n")
    assert refused.status == 403


def test_ready_is_told_by_a_worker_of_its_own(running: Running) -> None:
    """However many wait, the canary sings."""
    busy = [running.begin(select(f"{KILLER} # ready {number}", timeout="1")) for number in range(6)]
    got = running.ask(Asked("GET", "/readyz", {}))

    assert got.status == 200
    for each in busy:
        each.result(30)


def test_metrics_count_what_was_kept(running: Running) -> None:
    """An answer that is kept is a hit, and no query."""
    name, asked = "dialogiverkko_cache_hits_total ", select("SELECT ?s { ?s a ?kept } LIMIT 3")

    def hits() -> float:
        told = running.ask(Asked("GET", "/metrics", {})).body.decode()
        return float(next(line for line in told.splitlines() if line.startswith(name)).removeprefix(name))

    running.ask(asked)
    before = hits()
    running.ask(asked)

    assert hits() == before + 1


def test_metrics_tell_of_memory_that_is_not_shared(running: Running) -> None:
    """For each process, what it keeps beside what all share."""
    text = running.ask(Asked("GET", "/metrics", {})).body.decode()
    private = [line for line in text.splitlines() if line.startswith("dialogiverkko_worker_private_bytes{")]

    assert len(private) >= 2
    assert all(float(line.rsplit(" ", 1)[1]) > 0 for line in private)


def test_a_worker_whose_memory_is_its_own_is_ended(services: Services) -> None:
    """With no bytes to keep, whoever worked for a while is replaced after its answer, which it still gives."""
    made = loader(Settings(workers=1, cache_bytes=0), services.snapshot)
    made._setup = PoolSetup(1, 4, private_bytes=1)
    running = Running(made)
    try:
        running.ask(select("ASK {}"))
        before = running.workers()
        got = running.ask(select(SCAN))
        running.ask(select("ASK {}"))
        after = running.workers()
    finally:
        running.close()

    assert got.status == 200
    assert len(before) == 1
    assert before != after


@pytest.mark.parametrize(
    ("budget", "processes", "workers", "size", "each"),
    [
        (0, 1, 12, 12, 4096 // 12),
        (1024, 1, 12, 12, 1024 // 12),
        (1024, 2, 12, 12, 512 // 12),
        (256, 2, 12, 4, 32),
        (16, 4, 12, 1, 32),
    ],
)
def test_workers_are_bounded_by_the_budget(
    monkeypatch: pytest.MonkeyPatch, budget: int, processes: int, workers: int, size: int, each: int
) -> None:
    """All that workers may keep for themselves stays within the budget, if that be fewer workers."""
    monkeypatch.setattr(serving, "machine_bytes", lambda: 8192 * MIB)
    setup = serving.pool_setup(Settings(memory_budget=budget * MIB, workers=workers), processes)

    assert (setup.size, setup.private_bytes // MIB) == (size, each)
    assert budget < 64 or setup.size * setup.private_bytes * processes <= (budget or 4096) * MIB


def _processor_ticks(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:  # noqa: PTH123 - no path of ours
            fields = stat.read().rpartition(")")[2].split()
    except FileNotFoundError:
        return -1
    return int(fields[11]) + int(fields[12])


def test_a_disk_store_is_answered_from_by_whole_requests(services: Services, tmp_path: Path) -> None:
    """Each worker reads the files that were open before it was forked, however many."""
    quads = list(services.snapshot.quads())
    load_in_parts(tmp_path / "store", quads, 3)
    running = Running(loader(Settings(store=tmp_path / "store", workers=2), services.snapshot))
    try:
        counts = [
            running.ask(select(f"SELECT (COUNT(*) AS ?n) {{ {each} }}")) for each in ("?s ?p ?o", "GRAPH ?g {?s ?p ?o}")
        ]
        page = running.ask(Asked("GET", "/sv/activities", PAGE))
    finally:
        running.close()

    assert sum(int(each.body.split()[1]) for each in counts) == len(quads)
    assert page.status == 200


@pytest.fixture
def slowly(
    request: pytest.FixtureRequest, built: Built, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Running, threading.Event]]:
    """A gateway whose engine is loaded once an event is set; with a parameter there is a disk store until then."""
    begins, connect = threading.Event(), loading.connect_engine
    store = tmp_path / "store" if hasattr(request, "param") else None
    if store:
        load_in_parts(store, request.param, 3)
    monkeypatch.setattr(Built, "store", store)

    def slow(*given: Any) -> Any:  # Any: what it stands for takes and returns
        engine, load = connect(*given)
        return engine, lambda: begins.wait() and load()

    monkeypatch.setattr(loading, "connect_engine", slow)
    running = Running(loader(Settings(time_limit=20.0, workers=2), built.snapshot, built))
    yield running, begins
    begins.set()
    running.close()


def test_pages_are_answered_before_the_engine_is_there(slowly: tuple[Running, threading.Event]) -> None:
    """Whatever needs no engine is; a query waits for it as long as it may take itself, and is then told why."""
    running, begins = slowly
    pages = [Asked("GET", f"/en/{view}" if view != "home" else "/en/", PAGE) for view in VIEWS]
    pages += [Asked("GET", path, {}) for path in ("/search.json?q=dialogi", "/catalogue", "/dumps", "/id/org/om")]
    early = {asked.path: running.ask(asked).status for asked in pages}
    ready, bounds = running.ask(Asked("GET", "/readyz", {})), running.gateway.bounds
    running.gateway.bounds = replace(bounds, seconds=0.3)
    late = running.ask(select("ASK {} # late"))
    running.gateway.bounds = bounds
    waiting = running.begin(select("ASK { ?s ?p ?o }"))
    begins.set()

    assert {path: status for path, status in early.items() if status >= 400} == {}
    assert (ready.status, late.status, b"still loading" in late.body) == (503, 503, True)
    assert dict(late.headers)["Retry-After"]
    assert (waiting.result(20).status, waiting.result().body) == (200, b"true")
    assert running.ask(Asked("GET", "/readyz", {})).status == 200


EARLY = Quad(NamedNode("https://example.org/s"), NamedNode("https://example.org/p"), Literal("on disk"), DefaultGraph())


@pytest.mark.parametrize("slowly", [[EARLY]], indirect=True)
def test_a_disk_store_answers_until_the_engine_is_there(slowly: tuple[Running, threading.Event]) -> None:
    """The server is ready before the graph is in memory, and asks that as soon as it is."""
    running, begins = slowly
    asked = 'ASK { ?s ?p "on disk" }'
    ready, early = running.ask(Asked("GET", "/readyz", {})), running.ask(select(asked))
    begins.set()
    until = time.monotonic() + 20
    while not running.gateway.pool.is_there and time.monotonic() < until:
        time.sleep(0.01)
    late = running.ask(select(f"{asked} # late"))

    assert (ready.status, early.status, early.body) == (200, 200, b"true")
    assert (late.status, late.body) == (200, b"false")
    told = [json.loads(each.body)["loading"] for each in (ready, running.ask(Asked("GET", "/readyz", {})))]
    assert told == [True, False]


def test_a_disk_store_that_cannot_be_opened_whole_is_left(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server begins with pages alone, and waits for its engine."""
    load_in_parts(tmp_path / "store", [EARLY], 3)
    monkeypatch.setattr(Built, "store", tmp_path / "store")
    monkeypatch.setattr(disk_files, "_reads", lambda *_: iter(()))
    begun = loading.begin(Settings(), built.snapshot, built)
    begun.loaded.result(60)

    assert isinstance(begun.engine, EmbeddedBackend)
    assert begun.engine.early is None


def test_a_server_whose_engine_cannot_be_loaded_ends(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not go on without answers."""
    ended, connect = threading.Event(), loading.connect_engine

    def broken(*given: Any) -> Any:  # Any: what it stands for takes and returns
        return connect(*given)[0], lambda: 1 / 0

    monkeypatch.setattr(loading, "connect_engine", broken)
    monkeypatch.setattr(os, "kill", lambda pid, _number: ended.set() if pid == os.getpid() else None)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    made = loader(Settings(workers=1), built.snapshot, built)

    assert ended.wait(20)
    assert made.has_failed
    made.origin.end()
    made.origin._asked.close()


def test_below_a_path_errors_and_operations_are_told_as_everywhere(services: Services) -> None:
    """A copy below a path tells what ended a worker with the links of that path, and is alive and measured there."""
    settings = Settings(base_address="https://a.example/below", time_limit=5.0, workers=1)
    running = Running(loader(settings, services.snapshot))
    try:
        lost = running.ask(Asked("GET", "/below" + select(KILLER, timeout="0.3").path, {"accept": "text/html"}))
        metrics = running.ask(Asked("GET", "/below/metrics", {}))
        ready = running.ask(Asked("GET", "/below/readyz", {}))
    finally:
        running.close()

    assert lost.status == 504
    assert b'href="/below/' in lost.body
    assert b'href="/static' not in lost.body
    assert b"dialogiverkko_worker_private_bytes{" in metrics.body
    assert ready.status == 200
