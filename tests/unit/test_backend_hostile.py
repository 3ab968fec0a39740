"""What strangers send: each input ends in one of our errors or an answer, and the engine lives on.

After every input a canary is asked; a listener on loopback counts who tries to reach it.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_plus

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from dialogiverkko.errors import DialogiverkkoError, QueryEvaluationError, ServiceForbiddenError, TimeLimitError
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.media import CSV, N_TRIPLES, RESULTS_XML, MediaType
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, QueryKind, Question

LIMITS = Limits(seconds=1.0, memory_bytes=256 * 1024 * 1024, rows=10_000, result_bytes=1_048_576)
CANARY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def doubled(step: str, times: int) -> str:
    """Nest a doubling so that the value grows as 2 to the power of ``times``."""
    binds = " ".join(f"BIND({step.replace('?x', f'?x{n}')} AS ?x{n + 1})" for n in range(times))
    return f"SELECT (STRLEN(?x{times}) AS ?n) {{ BIND('0123456789' AS ?x0) {binds} }}"


HOSTILE: dict[str, str] = {
    "cross-join": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cross-join-counted": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cross-join-sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "cross-join-distinct": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cross-join-grouped": "SELECT ?c ?i (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?c ?i",
    "cross-join-construct": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "values-join": "SELECT * { " + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12)) + " }",
    "union-join": "SELECT (COUNT(*) AS ?n) { " + "{ ?a ?b ?c } UNION { ?d ?e ?f } . " * 8 + "}",
    "not-exists": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i . ?j ?k ?l } }",
    "minus": "SELECT * { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?h ?i . ?j ?k ?f . ?m ?n ?q } }",
    "optional-chain": "SELECT * { ?a ?b ?c " + " ".join(f"OPTIONAL {{ ?o{n} ?p{n} ?q{n} }}" for n in range(8)) + "}",
    "path-star": "ASK { ?a (<urn:x:p>|!<urn:x:p>)* ?b . ?b (!<urn:x:q>)* ?c . ?c (!<urn:x:r>)+ 1 }",
    "path-nested": "SELECT * { ?a ((((<urn:x:p>*)*)*)*)* ?b . ?c ((<urn:x:p>+)+)+ ?d . ?e <urn:x:p>* ?f }",
    "path-inverse": "SELECT (COUNT(*) AS ?n) { ?a (^<urn:x:next>|<urn:x:next>)* ?b . ?c <urn:x:next>* ?d }",
    "doubling-concat": doubled("CONCAT(?x, ?x)", 60),
    "doubling-replace": doubled("REPLACE(?x, '0', ?x)", 12),
    "doubling-encode": doubled("ENCODE_FOR_URI(CONCAT(?x, '%%%%%%', ?x))", 60),
    "group-concat": "SELECT (GROUP_CONCAT(?c; SEPARATOR='012345') AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "regex-nested": "SELECT * { ?a ?b ?c FILTER REGEX('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a+)+$') }",
    "regex-counted": "ASK { FILTER REGEX('a', 'a{1000}{1000}{1000}') }",
    "regex-broken": "ASK { FILTER REGEX('a', '((((') }",
    "regex-huge-class": "ASK { FILTER REGEX('a', '" + "[\\\\p{L}]{200}" * 300 + "') }",
    "order-by-function": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY MD5(CONCAT(?c, ?f, ?i))",
    "triple-patterns": "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n + 1} ." for n in range(1500)) + " }",
    "one-subject-patterns": "SELECT * { " + " ".join(f"?a ?b{n} ?c{n} ." for n in range(1500)) + " }",
    "deep-groups": "ASK { " + "{ " * 99 + "} " * 99 + "}",
    "too-deep-groups": "ASK { " + "{ " * 5000 + "} " * 5000 + "}",
    "deep-not-exists": "ASK { " + "FILTER NOT EXISTS { " * 98 + "} " * 98 + "}",
    "too-deep-functions": "ASK { FILTER(" + "STR(" * 5000 + "1" + ")" * 5000 + ") }",
    "too-deep-lists": "ASK { ?s ?p " + "( " * 5000 + ")" * 5000 + " }",
    "too-deep-blank-nodes": "ASK { ?s ?p " + "[ ?p " * 1600 + "?o" + " ]" * 1600 + " }",
    "long-sum": "ASK { FILTER(" + "1 + " * 40_000 + "1 > 0) }",
    "long-or": "ASK { FILTER(" + "?a = 1 || " * 15_000 + "true) }",
    "long-union": "SELECT * { {} " + "UNION {} " * 15_000 + "}",
    "long-path": "ASK { ?s " + "<urn:x:p>/" * 10_000 + "<urn:x:p> ?o }",
    "long-alternative": "ASK { ?s " + "<urn:x:p>|" * 10_000 + "<urn:x:p> ?o }",
    "long-in": "ASK { ?s ?p ?o FILTER(?o IN (" + "1," * 90_000 + "1)) }",
    "long-values": "SELECT * { VALUES ?x { " + "1 " * 90_000 + "} }",
    "long-string": "ASK { ?s ?p '" + "a" * 190_000 + "' }",
    "long-variable": "ASK { ?" + "a" * 190_000 + " ?p ?o }",
    "many-variables": "SELECT * { " + " ".join(f"BIND(1 AS ?v{n})" for n in range(5000)) + " }",
    "many-prefixes": " ".join(f"PREFIX p{n}: <urn:x:>" for n in range(6000)) + " ASK {}",
    "too-long": "ASK {} #" + "a" * 300_000,
    "numbers": "SELECT (99999999999999999999 * 99999999999999999999 AS ?a) (1 / 0 AS ?b) (1e400 AS ?c) {}",
    "substring": "SELECT (SUBSTR('abc', -9223372036854775807, 9223372036854775807) AS ?x) {}",
    "limit-overflow": "SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999",
    "offset-huge": "SELECT * { ?s ?p ?o } OFFSET 9223372036854775807 LIMIT 9223372036854775807",
    "dates": "SELECT ('99999999999999-12-31'^^<http://www.w3.org/2001/XMLSchema#date> + 'P1Y' AS ?x) {}",
    "control-character": "SELECT ('\\u0001' AS ?x) {}",
    "nul": "ASK { ?s ?p '\x00' }",
    "from-file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from-address": "SELECT * FROM NAMED <{listener}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "graph-file": "SELECT * { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
    "service": "SELECT * {{ SERVICE <{listener}> {{ ?s ?p ?o }} }}",
    "service-silent": "SELECT * {{ SERVICE SILENT <{listener}> {{ ?s ?p ?o }} }}",
    "service-variable": "SELECT * {{ BIND(<{listener}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "service-escaped": "SELECT * {{ \\u0053ERVICE <{listener}> {{ ?s ?p ?o }} }}",
    "service-in-exists": "ASK {{ FILTER NOT EXISTS {{ SERVICE <{listener}> {{ ?s ?p ?o }} }} }}",
    "service-prefixed": "PREFIX l: <{listener}> ASK {{ SERVICE l: {{ ?s ?p ?o }} }}",
    "load": "LOAD <{listener}>",
    "update-escaped": "\\u0044ROP ALL",
    "update-behind": "ASK {} ; DROP ALL",
    "update-commented": "# SELECT * {}\rDROP ALL",
    "quote-break": "ASK { ?s ?p 'a\\' } ; DROP ALL # ' }",
    "unclosed": "ASK { ?s ?p ?o",
    "nonsense": "}{)(][><?$%&/\\'\"",
    "quoted-triples": "SELECT * { << ?s ?p ?o >> ?a ?b }",
    "lateral": "SELECT * { ?s ?p ?o LATERAL { SELECT * { ?a ?b ?c } } }",
    "unknown-function": "SELECT (<java:java.lang.Runtime.exec>('id') AS ?x) {}",
}


class Listener:
    """A port on loopback that nobody should reach."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.calls = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def graph() -> list[Quad]:
    """A ring of 500 things."""
    things = [NamedNode(f"urn:x:t{number}") for number in range(500)]
    following = NamedNode("urn:x:next")
    ring = [Quad(one, following, things[n - 1], DefaultGraph()) for n, one in enumerate(things)]
    return ring + [Quad(one, NamedNode("urn:x:p"), Literal(one.value), DefaultGraph()) for one in things]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """The port that nobody should reach."""
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def backend() -> Iterator[GuardedBackend]:
    """One engine for all hostile inputs: it must survive them all."""
    engine = GuardedBackend(graph(), {}, Settings(workers=3))
    yield engine
    engine.close()


def answer(engine: GuardedBackend, text: str, limits: Limits = LIMITS) -> tuple[str, float]:
    """Ask as the endpoint does; tell how it ended and how long the engine had it."""
    started = time.monotonic()
    try:
        parsed = parse(text)
        is_graph = parsed.kind in {QueryKind.CONSTRUCT, QueryKind.DESCRIBE}
        media_type: MediaType = N_TRIPLES if is_graph else RESULTS_XML
        started = time.monotonic()
        engine.query(Question(parsed, media_type, limits))
    except DialogiverkkoError as error:
        return error.code, time.monotonic() - started
    return "ok", time.monotonic() - started


def test_there_are_enough_hostile_inputs() -> None:
    """The list only grows."""
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_harms_nobody(backend: GuardedBackend, listener: Listener, name: str) -> None:
    """It ends within its limit and half a second, reaches nobody, and the canary sings on."""
    text = HOSTILE[name]
    if "{listener}" in text:
        text = text.format(listener=listener.address)

    ending, taken = answer(backend, text)

    assert taken < LIMITS.seconds + 0.5
    assert ending not in {"internal-error", "worker-lost", "backend-unavailable", "queue-full"}
    assert listener.calls == 0
    assert backend.query(Question(parse(CANARY), CSV, LIMITS)).body == b"n\r\n1000\r\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cross-join-counted", "time-limit"),
        ("doubling-concat", "memory-limit"),
        ("too-deep-groups", "query-too-deep"),
        ("too-long", "query-too-long"),
        ("values-join", "result-limit"),
        ("from-file", "ok"),
        ("service", "service-forbidden"),
        ("service-escaped", "service-forbidden"),
        ("service-prefixed", "service-forbidden"),
        ("load", "update-forbidden"),
        ("update-escaped", "update-forbidden"),
        ("update-commented", "update-forbidden"),
        ("update-behind", "query-syntax"),
        ("control-character", "not-acceptable"),
        ("unknown-function", "query-evaluation"),
        ("graph-file", "ok"),
    ],
)
def test_the_ending_is_told_apart(backend: GuardedBackend, listener: Listener, name: str, code: str) -> None:
    """Each kind of harm has its own error; one that takes memory gets the time to take it."""
    text = HOSTILE[name]
    limits = replace(LIMITS, seconds=20.0) if code == "memory-limit" else LIMITS

    if "{listener}" in text:
        text = text.format(listener=listener.address)

    ending, _ = answer(backend, text, limits)

    assert ending == code


def test_a_worker_cannot_connect_even_if_asked(backend: GuardedBackend, listener: Listener) -> None:
    """Were SERVICE to slip through the reading of a query, the worker still could open no socket."""
    text = f"SELECT * {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}"
    disguised = replace(parse("SELECT ?s { ?s ?p ?o }"), text=text)

    with pytest.raises(QueryEvaluationError):
        backend.query(Question(disguised, CSV, LIMITS))

    assert listener.calls == 0


def test_an_engine_fed_too_deep_a_query_ends_alone(backend: GuardedBackend) -> None:
    """Were a query beyond all depth to slip through, it would cost one worker."""
    text = "ASK { " + "{ " * 300_000 + "} " * 300_000 + "}"

    with pytest.raises(DialogiverkkoError) as caught:
        backend.query(Question(replace(parse("ASK {}"), text=text), CSV, LIMITS))

    assert caught.value.code in {"query-too-deep", "time-limit", "memory-limit", "query-syntax"}
    assert backend.query(Question(parse(CANARY), CSV, LIMITS)).body == b"n\r\n1000\r\n"


class _Endpoint(BaseHTTPRequestHandler):
    """A small SPARQL endpoint: answers one row, redirects, or never answers."""

    calls: list[str]

    def do_POST(self) -> None:
        body = unquote_plus(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.calls.append(self.path)  # type: ignore[attr-defined] # set where the server is made
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/moved":
            self.send_response(307)
            self.send_header("Location", self.server.elsewhere)  # type: ignore[attr-defined] # set there too
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        assert "SELECT" in body
        answered = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"from afar"}}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(answered)))
        self.end_headers()
        with suppress(BrokenPipeError):  # the engine may have left
            self.wfile.write(answered)

    do_GET = do_POST  # noqa: N815 - the name that the server looks for

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint(listener: Listener) -> Iterator[ThreadingHTTPServer]:
    """An endpoint on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    server.daemon_threads = True
    server.calls = []  # type: ignore[attr-defined] # read by the handler
    server.elsewhere = listener.address  # type: ignore[attr-defined] # read by the handler
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_allow_list_opens_one_address(endpoint: ThreadingHTTPServer, listener: Listener) -> None:
    """An allowed address is called, under the time limit; a redirect away from it is not followed."""
    base = f"http://127.0.0.1:{endpoint.server_port}"
    allowed = tuple(f"{base}/{path}" for path in ("good", "slow", "moved"))
    engine = GuardedBackend(graph(), {}, Settings(workers=1, service_allow=allowed))

    def ask(path: str) -> bytes:
        text = f"SELECT ?o {{ SERVICE <{base}/{path}> {{ ?s ?p ?o }} }}"
        return engine.query(Question(parse(text), CSV, LIMITS)).body

    try:
        assert ask("good") == b"o\r\nfrom afar\r\n"
        with pytest.raises(ServiceForbiddenError):
            ask("good/else")
        with pytest.raises(QueryEvaluationError):
            ask("moved")
        started = time.monotonic()
        with pytest.raises(TimeLimitError):
            ask("slow")
        assert time.monotonic() - started < LIMITS.seconds + 0.5
    finally:
        engine.close()

    assert listener.calls == 0
    assert endpoint.calls == ["/good", "/moved", "/slow"]  # type: ignore[attr-defined] # set by the fixture
