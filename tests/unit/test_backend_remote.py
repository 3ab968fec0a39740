"""A server behind that fails in every way: each failure is one of our errors, none a broken answer."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf
from tests.asking import by_graph

from dialogiverkko.engines import graph_store
from dialogiverkko.engines.graph_store import MERGED_GRAPH, GraphStore, load
from dialogiverkko.engines.remote import NO_GRAPH, RemoteBackend, RemoteSetup
from dialogiverkko.errors import (
    BackendUnavailableError,
    DialogiverkkoError,
    QueryEvaluationError,
    QuerySyntaxError,
    ResultLimitError,
    ServiceForbiddenError,
    TimeLimitError,
)
from dialogiverkko.graph.lines import ordered
from dialogiverkko.media import CSV, N_TRIPLES, RESULTS_JSON, TURTLE, MediaType
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Dataset, Limits, Question, Result

LIMITS = Limits(seconds=1.0, memory_bytes=0, rows=10, result_bytes=1000)
ONE_ROW = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"a"}}]}}'
RDF_XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:x:">'
    b'<rdf:Description rdf:about="urn:x:s"><p>a</p></rdf:Description></rdf:RDF>'
)
JSON_TYPE = "application/sparql-results+json"


class _Stub(BaseHTTPRequestHandler):
    """Answers as the test says, and remembers what it was sent."""

    server: "Stub"

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        form = parse_qs(body.decode()) if "form" in self.headers.get("Content-Type", "") else body
        self.server.seen.append((self.path, form, dict(self.headers)))
        time.sleep(self.server.delay)
        status, headers, answer, drip = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        for start in range(0, len(answer), drip or len(answer) or 1):
            with suppress(OSError):  # the other end may leave
                self.wfile.write(answer[start : start + (drip or len(answer))])
            time.sleep(0.3 if drip else 0)
        self.close_connection = True

    def do_HEAD(self) -> None:
        self.send_response(401 if self.server.challenge else 200)
        if self.server.challenge:
            self.send_header("WWW-Authenticate", self.server.challenge)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        authorization = self.headers.get("Authorization", "")
        self.server.seen.append((self.path, body, authorization))
        self.send_response(self.server.answer[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


class Stub(ThreadingHTTPServer):
    """A server on loopback whose answers the test decides."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stub)
        self.seen: list[tuple[str, object, object]] = []
        self.delay = 0.0
        self.challenge = ""
        self.answer: tuple[int, dict[str, str], bytes, int] = (200, {"Content-Type": JSON_TYPE}, ONE_ROW, 0)
        self.address = f"http://127.0.0.1:{self.server_port}/sparql"

    def answers(self, status: int, body: bytes, content_type: str = JSON_TYPE, drip: int = 0, **more: str) -> None:
        """Set the answer to every query from now on."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        self.answer = (status, {"Content-Type": content_type, **headers}, body, drip)


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A server behind."""
    server = Stub()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def backend(stub: Stub) -> RemoteBackend:
    """A backend that asks it."""
    setup = RemoteSetup(stub.address, frozenset({"urn:x:g"}), prefixes={"x": "urn:x:"})
    return RemoteBackend(setup)


def ask(backend: RemoteBackend, text: str = "SELECT ?o { ?s ?p ?o }", media_type: MediaType = CSV) -> Result:
    """Parse and ask."""
    return backend.query(Question(parse(text), media_type, LIMITS))


def test_the_answer_is_written_anew(stub: Stub, backend: RemoteBackend) -> None:
    """Whatever the server sends, the bytes are those of our own writers."""
    result = ask(backend)

    assert result.body == b"o\r\na\r\n"
    assert result.rows == 1
    assert stub.seen[0][1] == {"query": ["SELECT ?o { ?s ?p ?o }"]}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/n-triples", b'<urn:x:s> <urn:x:p> "a" .\n'),
        ("text/turtle; charset=UTF-8", b'@prefix : <urn:x:> . :s :p "a" .'),
        ("application/rdf+xml", RDF_XML),
    ],
)
def test_a_graph_is_read_in_any_syntax(stub: Stub, backend: RemoteBackend, content_type: str, body: bytes) -> None:
    """The server may choose the syntax; ours stays the asked one, with our prefixes."""
    stub.answers(200, body, content_type)

    result = ask(backend, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", TURTLE)

    assert [quad.object for quad in parse_rdf(result.body, RdfFormat.TURTLE)] == [Literal("a")]


def test_the_dataset_goes_by_the_protocol(stub: Stub) -> None:
    """The parameters of the protocol carry the dataset, and the merge stands for the default graph."""
    setup = RemoteSetup(stub.address, frozenset({"urn:x:g", "urn:x:h"}), MERGED_GRAPH)
    backend = RemoteBackend(setup)

    for dataset in (Dataset(), Dataset(default_graphs=("urn:x:h",)), Dataset(named_graphs=("urn:x:g",))):
        backend.query(Question(parse("ASK { GRAPH ?g {} }"), CSV, LIMITS, dataset))

    assert [sent for _, sent, _ in stub.seen] == [
        {"query": ["ASK { GRAPH ?g {} }"], **parameters}
        for parameters in (
            {"default-graph-uri": [MERGED_GRAPH], "named-graph-uri": ["urn:x:g", "urn:x:h"]},
            {"default-graph-uri": ["urn:x:h"]},
            {"named-graph-uri": ["urn:x:g"]},
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { ?s ?p ?o }", {"default-graph-uri": ["urn:x:merged"]}),
        (
            "ASK { GRAPH ?g { ?s ?p ?o } }",
            {"default-graph-uri": ["urn:x:merged"], "named-graph-uri": ["urn:x:a", "urn:x:b"]},
        ),
        ("ASK FROM NAMED <urn:x:a> { ?s ?p ?o }", {"named-graph-uri": [NO_GRAPH]}),
        ("ASK FROM NAMED <urn:x:a> { GRAPH ?g { ?s ?p ?o } }", {"named-graph-uri": ["urn:x:a"]}),
    ],
)  # fmt: skip
def test_named_graphs_are_told_to_who_asks_for_any(stub: Stub, text: str, expected: dict[str, list[str]]) -> None:
    """There may be thousands; the default graph is empty all the same where only named ones were chosen."""
    setup = RemoteSetup(stub.address, frozenset({"urn:x:a", "urn:x:b"}), "urn:x:merged", {}, ())
    stub.answers(200, b'{"head":{},"boolean":true}')
    ask(RemoteBackend(setup), text, RESULTS_JSON)
    _, form, _ = stub.seen[-1]

    assert isinstance(form, dict)
    assert {name: sorted(values) for name, values in form.items() if name != "query"} == expected


def test_an_answer_may_have_many_headers(stub: Stub, backend: RemoteBackend) -> None:
    """Virtuoso names each graph of the dataset in one."""
    stub.answers(200, ONE_ROW, **{f"X_SPARQL_named_graph_{number}": "urn:x" for number in range(2000)})

    assert ask(backend).body == b"o\r\na\r\n"


def test_values_are_bound_before_they_leave(stub: Stub, backend: RemoteBackend) -> None:
    """A bound value is a data block in the text that the server gets."""
    backend.query(Question(parse("SELECT ?o { ?s ?p ?o }"), CSV, LIMITS, bindings={"s": NamedNode("urn:x:s")}))

    assert stub.seen[0][1] == {"query": ["SELECT ?o { VALUES ?s { <urn:x:s> }  ?s ?p ?o }"]}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b"error at 1:24: expected one of Duplicated variable name in SELECT", QuerySyntaxError),
        (
            400,
            b"Virtuoso 37000 Error SP030: SPARQL compiler, line 1: syntax error at 'x'",
            QueryEvaluationError,
        ),
        (500, b"Virtuoso 42000 Error The estimated execution time 9000 (sec) exceeds", TimeLimitError),
        (500, b"Virtuoso 37000 Error TR...: transitive start not given", QueryEvaluationError),
        (404, b"nothing here", BackendUnavailableError),
        (401, b"who are you", BackendUnavailableError),
        (500, b"oops", BackendUnavailableError),
        (502, b"oops", BackendUnavailableError),
        (503, b"later", BackendUnavailableError),
        (504, b"too long", TimeLimitError),
        (408, b"too long", TimeLimitError),
    ],
)
def test_a_refusal_is_told_apart(
    stub: Stub, backend: RemoteBackend, status: int, body: bytes, error: type[DialogiverkkoError]
) -> None:
    """What the server says becomes one of our errors, without its words or its address."""
    stub.answers(status, body, "text/plain")

    with pytest.raises(error) as caught:
        ask(backend)

    assert "127.0.0.1" not in caught.value.message
    assert body.decode() not in caught.value.message


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":', ONE_ROW[:-2], b"\xff\xfe"],
)
@pytest.mark.parametrize("text", ["SELECT ?o { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_nonsense_is_no_answer(stub: Stub, backend: RemoteBackend, body: bytes, text: str) -> None:
    """A 200 that cannot be read whole is the server's failure."""
    if text.startswith("CONSTRUCT"):
        stub.answers(200, body + b"<urn:x:s> <urn:x:p", "application/n-triples")
    else:
        stub.answers(200, body)

    with pytest.raises(BackendUnavailableError):
        ask(backend, text, N_TRIPLES if text.startswith("CONSTRUCT") else CSV)


def test_an_answer_cut_off_is_no_answer(stub: Stub, backend: RemoteBackend) -> None:
    """Fewer bytes than promised are an error, even where what came could be read."""
    stub.answers(200, b'<urn:x:s> <urn:x:p> "a" .\n', "application/n-triples", Content_Length="5000")

    with pytest.raises(BackendUnavailableError):
        ask(backend, "CONSTRUCT WHERE { ?s ?p ?o }", N_TRIPLES)


@pytest.mark.parametrize("header", ["X_SPARQL_MaxRows", "X_SQL_State"])
def test_an_answer_that_admits_to_be_cut_is_refused(stub: Stub, backend: RemoteBackend, header: str) -> None:
    """Virtuoso says in a header that it left rows out; nobody shall take that for the whole."""
    stub.answers(200, ONE_ROW, **{header: "1"})

    with pytest.raises(ResultLimitError):
        ask(backend)


@pytest.mark.parametrize(("delay", "drip"), [(1.5, 0), (0.0, 20)])
def test_the_time_limit_is_kept(stub: Stub, backend: RemoteBackend, delay: float, drip: int) -> None:
    """A server that waits, or that sends drop by drop, is left at the limit."""
    stub.delay = delay
    stub.answers(200, ONE_ROW, drip=drip)
    started = time.monotonic()

    with pytest.raises(TimeLimitError):
        ask(backend)

    assert time.monotonic() - started < LIMITS.seconds + 0.5


@pytest.mark.parametrize(("rows", "limit"), [(11, "row_limit"), (500, "byte_limit")])
def test_the_size_is_limited(stub: Stub, backend: RemoteBackend, rows: int, limit: str) -> None:
    """More rows or bytes than allowed are an error."""
    row = b'{"o":{"type":"literal","value":"a"}}'
    stub.answers(200, b'{"head":{"vars":["o"]},"results":{"bindings":[' + b",".join([row] * rows) + b"]}}")

    with pytest.raises(ResultLimitError) as caught:
        ask(backend)

    assert caught.value.details["limit"] == limit


def test_what_is_forbidden_never_leaves(stub: Stub, backend: RemoteBackend) -> None:
    """A foreign service is refused here, and the server behind is not asked."""
    with pytest.raises(ServiceForbiddenError):
        ask(backend, "ASK { SERVICE <urn:x:s> {} }")

    assert stub.seen == []
    assert backend.stats().outcomes == {"service-forbidden": 1}


def test_nobody_there_is_said() -> None:
    """A server that cannot be reached is unavailable, and not ready."""
    backend = RemoteBackend(RemoteSetup("http://127.0.0.1:9/sparql", frozenset()))

    with pytest.raises(BackendUnavailableError):
        ask(backend)

    assert not backend.is_ready()


def test_connecting_learns_the_graphs(stub: Stub) -> None:
    """A backend asks for the named graphs once, and takes the merged one for the default graph."""
    names = ",".join(f'{{"g":{{"type":"uri","value":"{iri}"}}}}' for iri in ("urn:x:g", MERGED_GRAPH))
    stub.answers(200, f'{{"head":{{"vars":["g"]}},"results":{{"bindings":[{names}]}}}}'.encode())

    backend = RemoteBackend.connect(RemoteSetup(stub.address, default_graph=MERGED_GRAPH))

    assert backend.graph_names == {"urn:x:g"}
    stub.answers(200, ONE_ROW)
    ask(backend)
    assert isinstance(stub.seen[-1][1], dict)
    assert stub.seen[-1][1]["default-graph-uri"] == [MERGED_GRAPH]


@pytest.mark.parametrize(
    ("challenge", "scheme"),
    [
        ("", ""),
        ('Digest realm="SPARQL", qop="auth", nonce="n", algorithm="MD5"', "Digest "),
        ('Basic realm="SPARQL"', "Basic bmFtZTpzZWNyZXQ="),
    ],
)
@pytest.mark.parametrize("has_default_graph", [False, True])
def test_a_dataset_is_put_graph_by_graph(stub: Stub, challenge: str, scheme: str, has_default_graph: bool) -> None:
    """Each named graph goes under its name, the merge to the default graph or to one of its own."""
    stub.challenge = challenge
    triple = (NamedNode("urn:x:s"), NamedNode("urn:x:p"), Literal("ä"))
    quads = [Quad(*triple, NamedNode("urn:x:g&h")), Quad(*triple, DefaultGraph())]
    store = GraphStore(stub.address.replace("http://", "http://name:secret@"))

    load(store, by_graph(quads), has_default_graph=has_default_graph)

    default = "default" if has_default_graph else "graph=https%3A%2F%2Fw3id.org%2Fdialogiverkko%2Fgraph%2Fmerged"
    assert [path for path, _, _ in stub.seen] == ["/sparql?graph=urn%3Ax%3Ag%26h", f"/sparql?{default}"]
    assert {body for _, body, _ in stub.seen} == {'<urn:x:s> <urn:x:p> "ä" .\n'.encode()}
    assert all(str(sent).startswith(scheme) and bool(sent) is bool(scheme) for _, _, sent in stub.seen)
    assert "secret" not in f"{stub.seen}{store}"


def test_a_large_graph_goes_in_pieces(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first replaces the graph and holds all that names blank nodes, the others add to it; each line goes once."""
    monkeypatch.setattr(graph_store, "_AT_ONCE", 4)
    node = BlankNode("c14n0")
    subjects = [NamedNode(f"urn:x:{number}") for number in range(9_000)]
    large = [Triple(each, NamedNode("urn:x:p"), Literal("a")) for each in subjects]
    large += [Triple(each, NamedNode("urn:x:q"), node) for each in subjects[::3_000]]

    GraphStore(stub.address).put("urn:x:g", large)

    bodies = [body for _, body, _ in stub.seen if isinstance(body, bytes)]
    assert len(bodies) == 3
    assert sorted(line for body in bodies for line in body.splitlines()) == list(ordered(large).lines())
    assert [b"_:" in body for body in bodies] == [True, False, False]


def test_a_store_that_refuses_is_said(stub: Stub) -> None:
    """A graph that the server does not take is an error with its status and without its address."""
    stub.answers(507, b"")

    with pytest.raises(BackendUnavailableError, match="507") as caught:
        GraphStore(stub.address).put("urn:x:g", [])

    assert "127.0.0.1" not in caught.value.message


def test_json_of_an_ask_is_read(stub: Stub, backend: RemoteBackend) -> None:
    """ASK comes as a truth, whatever else stands in the head."""
    stub.answers(200, b'{  "head": { "link": [] }, "boolean": true}')

    result = ask(backend, "ASK {}", RESULTS_JSON)

    assert result.body == b'{"head":{},"boolean":true}'
    assert result.rows is None
