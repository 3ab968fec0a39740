"""Real servers behind the port: Oxigraph's own and Virtuoso answer as the embedded engine does.

What Virtuoso 7.2.5 does otherwise, and no backend can mend: it takes true for 1, writes language tags
in small letters, lets SELECT name a variable that is not grouped, knows no unbound transitive path
from nowhere to nowhere, and describes a thing from all graphs.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf
from tests.asking import published, select
from tests.benchmarks.engines import oxigraph, virtuoso, virtuoso_binary

from dialogiverkko.app import start_backend
from dialogiverkko.engines import Backend
from dialogiverkko.engines.graph_store import GraphStore
from dialogiverkko.errors import (
    DialogiverkkoError,
    QueryEvaluationError,
    ResultLimitError,
    TimeLimitError,
)
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.media import CSV, RESULTS_JSON, TSV, TURTLE
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Question, Term

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"e": "http://e.example/"}
LIMITS = Limits(seconds=10.0, memory_bytes=512 * 1024 * 1024, rows=100_000, result_bytes=16_777_216)
NEXT, NAME, VALUE, SEEN = (NamedNode(f"http://e.example/{name}") for name in ("next", "name", "value", "seen"))


def quads() -> list[Quad]:
    """Two named graphs with every kind of term that the real graph holds, and their merge."""
    found: list[Quad] = []

    def state(graph: str, subject: object, predicate: NamedNode, value: object) -> None:
        for name in (NamedNode(f"http://e.example/{graph}"), DefaultGraph()):
            found.append(Quad(subject, predicate, value, name))  # type: ignore[arg-type] # terms, by the caller

    for number in range(50):
        one, following = (NamedNode(f"http://e.example/t{n}") for n in (number, number + 1))
        graph = "g1" if number < 30 else "g2"
        state(graph, one, NEXT, following)
        state(graph, one, NAME, Literal(f"asia {number} äöå €", language="fi"))
        state(graph, one, NAME, Literal(f"sak {number}", language="sv"))
        state(graph, one, VALUE, Literal(number))
        state(graph, one, SEEN, Literal(f"20{number % 30:02d}-06-08", datatype=NamedNode(XSD + "date")))
    odd = NamedNode("http://e.example/odd")
    for term in (
        Literal("2021", datatype=NamedNode(XSD + "gYear")),
        Literal("2021-06", datatype=NamedNode(XSD + "gYearMonth")),
        Literal("2021-06-08T10:00:00Z", datatype=NamedNode(XSD + "dateTime")),
        Literal("2021-06~", datatype=NamedNode("http://id.loc.gov/datatypes/edtf")),
        Literal("https://e.example/", datatype=NamedNode(XSD + "anyURI")),
        Literal("1.5", datatype=NamedNode(XSD + "decimal")),
        Literal('quote " back \\ line\nend', language="en"),
        BlankNode("b"),
    ):
        state("g2", odd, VALUE, term)
    state("g2", odd, NamedNode("http://e.example/flag"), Literal(True))
    return found


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Callable[[], Backend]]]:
    """Start each engine on first use; all hold the same graph."""
    with ExitStack() as stack:
        started: dict[str, Backend] = {}

        def embedded() -> Backend:
            backend = GuardedBackend(quads(), PREFIXES, Settings(workers=2))
            stack.callback(backend.close)
            return backend

        def remote(name: str) -> Backend:
            if name == "virtuoso" and virtuoso_binary() is None:
                pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
            server = stack.enter_context({"oxigraph": oxigraph, "virtuoso": virtuoso}[name]())
            return published(server, quads(), PREFIXES)

        def get(name: str) -> Backend:
            if name not in started:
                started[name] = embedded() if name == "embedded" else remote(name)
            return started[name]

        yield {name: partial(get, name) for name in ("embedded", "oxigraph", "virtuoso")}


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, engines: dict[str, Callable[[], Backend]]) -> Backend:
    """A remote backend to a real server that holds the graph."""
    return engines[request.param]()


@pytest.fixture
def embedded(engines: dict[str, Callable[[], Backend]]) -> Backend:
    """The engine whose answers are the measure."""
    return engines["embedded"]()


SAME = {
    "all": "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!isBlank(?o)) }",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "default": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "from": "SELECT (COUNT(*) AS ?n) FROM <http://e.example/g2> { ?s ?p ?o }",
    "from-named": "SELECT (COUNT(*) AS ?n) FROM NAMED <http://e.example/g1> { GRAPH ?g { ?s ?p ?o } }",
    "optional": "SELECT ?s ?o { ?s <http://e.example/name> ?n FILTER(LANG(?n) = 'fi') "
    "OPTIONAL { ?s <http://e.example/value> ?o FILTER(?o > 10) } }",
    "exists": "SELECT ?s { ?s <http://e.example/value> ?v FILTER NOT EXISTS { ?s <http://e.example/next> ?n } }",
    "minus": "SELECT DISTINCT ?s { ?s ?p ?o MINUS { ?s <http://e.example/next> ?n } }",
    "union": "SELECT ?x { { ?x <http://e.example/value> 1 } UNION { ?x <http://e.example/value> 2 } }",
    "path-from": "SELECT ?x { <http://e.example/t40> <http://e.example/next>+ ?x }",
    "path-sequence": "PREFIX e: <http://e.example/> SELECT ?x { ?x e:next/e:next/e:value 9 }",
    "path-inverse": "SELECT ?x { <http://e.example/t9> ^<http://e.example/next> ?x }",
    "aggregates": "SELECT (SUM(?v) AS ?a) (MIN(?v) AS ?b) (MAX(?v) AS ?c) (COUNT(DISTINCT ?v) AS ?d) "
    "{ ?s <http://e.example/next> ?x ; <http://e.example/value> ?v }",
    "having": "SELECT ?d (COUNT(?s) AS ?n) { ?s <http://e.example/seen> ?d } GROUP BY ?d HAVING (COUNT(?s) > 1)",
    "subquery": "SELECT ?s ?n { { SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s } FILTER(?n > 5) }",
    "values": "SELECT ?s ?v { VALUES ?v { 1 2 3 99 } ?s <http://e.example/value> ?v }",
    "bind": "SELECT ?s ?w { ?s <http://e.example/next> ?x ; <http://e.example/value> ?v BIND(?v * 2 AS ?w) }",
    "dates": "SELECT ?s { ?s <http://e.example/seen> ?d FILTER(?d >= '2020-01-01'^^<" + XSD + "date>) }",
    "strings": "SELECT ?s { ?s <http://e.example/name> ?n FILTER(CONTAINS(STR(?n), 'äöå')) }",
    "languages": "SELECT ?n { ?s <http://e.example/name> ?n FILTER(LANGMATCHES(LANG(?n), 'sv')) }",
    "ordered": "SELECT ?v { ?s <http://e.example/next> ?x ; <http://e.example/value> ?v } "
    "ORDER BY DESC(?v) LIMIT 5 OFFSET 2",
}


Row = frozenset[tuple[str, str]]


def rows(backend: Backend, text: str, bindings: dict[str, Term] | None = None) -> list[frozenset[tuple[str, str]]]:
    """Ask and give the rows as values: the number that "1.50" stands for, languages in small letters."""
    solutions = select(backend, text, bindings)
    return [frozenset((name, _value(term)) for name, term in row.items()) for row in solutions.rows]


def _value(term: Term) -> str:
    if not isinstance(term, Literal):
        return str(term)
    if term.datatype.value.removeprefix(XSD) in {"integer", "decimal", "double", "int"}:
        return f"number {float(term.value):g}"
    return str(term)


@pytest.mark.parametrize("name", SAME)
def test_every_engine_gives_the_same_answer(embedded: Backend, server: Backend, name: str) -> None:
    """The rows are the same by value, in the same order where the query orders them."""
    text = SAME[name]

    ours, theirs = rows(embedded, text), rows(server, text)

    assert len(ours) > 0
    if "ORDER BY" in text:
        assert theirs == ours
    else:
        assert sorted(map(sorted, theirs)) == sorted(map(sorted, ours))


@pytest.mark.parametrize(
    "term",
    [
        Literal("asia 1 äöå €", language="fi"),
        Literal('quote " back \\ line\nend', language="en"),
        Literal("2021-06~", datatype=NamedNode("http://id.loc.gov/datatypes/edtf")),
        Literal("2021", datatype=NamedNode(XSD + "gYear")),
        NamedNode("http://e.example/t7"),
    ],
    ids=range(5),
)
def test_a_bound_value_finds_its_thing(embedded: Backend, server: Backend, term: Term) -> None:
    """Languages, datatypes and quotes reach every server as they are."""
    text = "SELECT ?s { ?s ?p ?o }"

    ours, theirs = rows(embedded, text, {"o": term}), rows(server, text, {"o": term})

    assert len(ours) == 1
    assert theirs == ours


@pytest.mark.parametrize("text", ['" } UNION { ?s ?p ?o } #', "\\u0022 } #", "' ; DROP ALL #", "\\"])
def test_a_hostile_value_finds_nothing(server: Backend, text: str) -> None:
    """A value that tries to break out of its quotes is a value, on every server."""
    found = rows(server, "SELECT ?s { ?s ?p ?o }", {"o": Literal(text)})

    assert found == []


def test_graphs_and_truths_are_the_same(embedded: Backend, server: Backend) -> None:
    """CONSTRUCT gives the same triples in the same prefixes; ASK the same bytes."""
    text = "CONSTRUCT { ?s e:is ?o } { ?s <http://e.example/value> ?o FILTER(?o < 5) }"
    parsed = parse("PREFIX e: <http://e.example/> " + text)

    ours, theirs = (one.query(Question(parsed, TURTLE, LIMITS)) for one in (embedded, server))
    truths = {one.query(Question(parse("ASK { ?s ?p 7 }"), RESULTS_JSON, LIMITS)).body for one in (embedded, server)}

    assert set(parse_rdf(theirs.body, RdfFormat.TURTLE)) == set(parse_rdf(ours.body, RdfFormat.TURTLE))
    assert b"@prefix e:" in theirs.body
    assert theirs.rows == ours.rows == 6
    assert truths == {b'{"head":{},"boolean":true}'}


def test_a_described_thing_has_its_triples(server: Backend) -> None:
    """DESCRIBE gives at least the triples of the thing; how much more is the server's choice."""
    parsed = parse("DESCRIBE <http://e.example/t3>")

    found = server.query(Question(parsed, TURTLE, LIMITS))

    triples = {
        (quad.predicate, quad.object)
        for quad in parse_rdf(found.body, RdfFormat.TURTLE)
        if quad.subject == NamedNode("http://e.example/t3")
    }
    assert len(triples) == 5


@pytest.mark.parametrize(
    ("text", "limits", "errors"),
    [
        (
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o "
            "FILTER(?c < ?f && ?i < ?l) }",
            Limits(1.0, 0, 10, 1000),
            TimeLimitError,
        ),
        ("SELECT * { ?s ?p ?o }", Limits(5.0, 0, 10, 1_000_000), ResultLimitError),
        ("SELECT * { ?s ?p ?o }", Limits(5.0, 0, 10_000, 1000), ResultLimitError),
        ("SELECT (<urn:x:f>(1) AS ?x) { ?s ?p ?o }", Limits(5.0, 0, 10, 1000), QueryEvaluationError),
    ],
    ids=["time", "rows", "bytes", "function"],
)
def test_limits_and_errors_are_the_same(
    server: Backend, text: str, limits: Limits, errors: type[DialogiverkkoError]
) -> None:
    """Whatever is behind, a limit or a wrong query ends in the same error."""
    with pytest.raises(errors):
        server.query(Question(parse(text), CSV, limits))

    assert server.is_ready()
    assert server.query(Question(parse("ASK {}"), TSV, LIMITS)).body == b"true"


def test_only_our_graphs_are_known(server: Backend) -> None:
    """A server's own graphs and the merged one are not among ours."""
    names = server.graph_names

    assert names == {"http://e.example/g1", "http://e.example/g2"}


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_server_that_was_loaded_before_is_asked_as_one_that_we_load(name: str) -> None:
    """Graph names, default graph and prefixes are those of our graph, whatever else the server holds."""
    if name == "virtuoso" and virtuoso_binary() is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    graphs = {f"http://e.example/{graph}": tuple(_of(graph)) for graph in ("g1", "g2")}
    snapshot = Snapshot(graphs, PREFIXES)
    with {"oxigraph": oxigraph, "virtuoso": virtuoso}[name]() as server:
        store = GraphStore(server.store)
        other = published(server, snapshot.quads(), PREFIXES)
        store.put("http://other.example/", graphs["http://e.example/g1"])
        given = Settings(backend=server.endpoint, workers=3, queue=5)
        found = start_backend(given, snapshot)

        assert found.graph_names == other.graph_names == frozenset(graphs)
        for text in ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", SAME["from-named"], SAME["graphs"]):
            assert rows(found, text) == rows(other, text)
        for clause in ("FROM", "FROM NAMED"):
            text = f"SELECT * {clause} <http://other.example/> {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
            assert select(found, text).rows == ()
        asked = parse("CONSTRUCT WHERE { ?s <http://e.example/next> ?o }")
        assert b"e:next" in found.query(Question(asked, TURTLE, LIMITS)).body


def _of(graph: str) -> list[Triple]:
    """The triples of one of the named graphs."""
    name = NamedNode(f"http://e.example/{graph}")
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads() if quad.graph_name == name]
