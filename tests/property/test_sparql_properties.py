"""What holds for every text, every term and every result, as far as Hypothesis can find."""

import csv
import io
import xml.etree.ElementTree as ET
from contextlib import suppress
from urllib.parse import parse_qsl, quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
)
from pyoxigraph import parse as parse_rdf

from dialogiverkko.errors import DialogiverkkoError, MalformedRequestError, NotAcceptableError, QuerySyntaxError
from dialogiverkko.media import CSV, GRAPH_TYPES, RDF_XML, RESULTS_JSON, RESULTS_XML, SOLUTION_TYPES, TSV, MediaType
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.results import GRAPH_FORMATS, read_solutions, write_graph, write_result
from dialogiverkko.sparql.scopes import bind_variables
from dialogiverkko.sparql.tokens import SourceText, tokenize
from dialogiverkko.web.compiled import escaped
from dialogiverkko.web.http.protocol import read_pairs

WORDS = [
    *"SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION".split(),  # noqa: SIM905
    *"MINUS GRAPH FILTER BIND VALUES UNDEF AS GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET NOT".split(),  # noqa: SIM905
    *"EXISTS IN COUNT SUM STR LANG REGEX IF BOUND CONCAT IRI a true INSERT DATA ?s ?p ?o $x".split(),  # noqa: SIM905
    *"_:b <urn:x:a> <b> x:y : :a 1 -2 3.5 .5 1e3 'a' \"b\" '''c''' @fi ^^ { } ( ) [ ] . , ;".split(),  # noqa: SIM905
    *"* / | ^ + - ! = != < > <= >= && || ? () [] # \\u0041 \\ '".split(),  # noqa: SIM905
    "\n",
]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LITERALS = st.one_of(
    TEXT.map(Literal),
    st.tuples(TEXT, st.sampled_from(["fi", "sv", "en-gb", "x-own"])).map(
        lambda pair: Literal(pair[0], language=pair[1])
    ),
    st.tuples(TEXT, st.sampled_from(["urn:x:type", "http://www.w3.org/2001/XMLSchema#gYear"])).map(
        lambda pair: Literal(pair[0], datatype=NamedNode(pair[1]))
    ),
)
IRIS = st.text("abcåäö0123456789-._~", max_size=10).map(lambda tail: NamedNode("http://e.example/" + tail))
TERMS = st.one_of(LITERALS, IRIS)
PREDICATES = st.sampled_from(["p", "q1", "a.b", "ä"]).map(lambda name: NamedNode("http://e.example/ns#" + name))


def written_in_xml(term: object) -> bool:
    """Tell whether XML 1.0 can carry a term."""
    text = term.value if isinstance(term, Literal) else ""
    return all(one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff") for one in text)


def store_of(terms: list[object]) -> Store:
    """Hold each term as an object."""
    store = Store()
    store.extend(Quad(NamedNode("urn:x:s"), NamedNode("urn:x:p"), term) for term in terms)  # type: ignore[arg-type] # terms
    return store


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text does anything but parse or raise one of our errors, with a place inside it."""
    try:
        parse(text)
    except QuerySyntaxError as error:
        place = error.details
    except DialogiverkkoError:
        return
    else:
        return

    assert 1 <= int(str(place["line"])) <= text.count("\n") + text.count("\r") + 1
    assert 1 <= int(str(place["column"])) <= len(text) + 1


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from([" ", ""]))
def test_any_soup_of_tokens_is_read_or_refused(words: list[str], glue: str) -> None:
    """What the engine reads, we read too: our grammar is no stricter than the engine's."""
    text = glue.join(words)
    ours = engine = True
    try:
        parse(text)
    except DialogiverkkoError:
        ours = False
    try:
        with suppress(RuntimeError, OSError):
            Store().query(text)
    except SyntaxError:
        engine = False

    assert ours or not engine


SEEDS = (
    "PREFIX : <urn:x:> SELECT DISTINCT ?s ( COUNT ( ?o ) AS ?n ) FROM <urn:x:g> WHERE { ?s :p ?o ; a :T . "
    "OPTIONAL { ?o :q 1.5 } FILTER ( ?o > 1 && LANG ( ?o ) = '' ) } GROUP BY ?s HAVING ( ?n > 1 ) LIMIT 5",
    "ASK { VALUES ( ?x ?y ) { ( 1 UNDEF ) } { ?x <urn:x:a> / ^ <urn:x:b> * ?y } UNION { GRAPH ?g { } } }",
    "CONSTRUCT { ?s ?p [ ?q _:b ] } WHERE { { SELECT ?s { ?s ?p ?o } ORDER BY DESC ( ?s ) } MINUS { } }",
    "DESCRIBE <urn:x:a> ?s { BIND ( IF ( BOUND ( ?s ) , CONCAT ( ?s ) , 1 + 2 ) AS ?t ) FILTER EXISTS { } }",
)
NEWER = ("! !", "+ +", "- -", "+ -", "- +", "! +", "! -", "+ !", "- !", "+ 1", "- 1", "NOT IN")
"""What the engine takes beyond SPARQL 1.1: signs before signs."""


@settings(max_examples=400)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0), st.sampled_from(WORDS)), max_size=3),
)
def test_what_the_engine_reads_we_read(seed: str, edits: list[tuple[int, int, str]]) -> None:
    """Of queries with a few tokens lost, doubled, changed or added, we refuse none that the engine reads."""
    words = seed.split()
    for edit, place, word in edits:
        index = place % len(words)
        words[index : index + (edit != 3)] = {0: [], 1: [words[index]] * 2, 2: [word]}.get(edit, [word])
    text = " ".join(words)
    try:
        with suppress(RuntimeError, OSError):
            Store().query(text)
    except SyntaxError:
        return
    if any(newer in text for newer in NEWER):
        return

    assert parse(text)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_tokens_cover_the_text_in_order(words: list[str]) -> None:
    """Each token stands where it says, none overlaps another, and between them is only white space."""
    source = SourceText(" ".join(words))
    try:
        tokens = list(tokenize(source))
    except QuerySyntaxError:
        return

    end = 0
    for token in tokens:
        between = source.text[end : token.start]
        assert between.strip() == "" or "#" in between
        assert source.text.startswith(token.text, token.start)
        end = token.start + len(token.text)
    assert tokens[-1].type == "EOF"


@given(st.lists(TERMS, unique=True, max_size=6))
@pytest.mark.parametrize("media_type", [RESULTS_JSON, RESULTS_XML, TSV], ids=lambda media_type: media_type.suffix)
def test_solutions_come_back(media_type: MediaType, terms: list[object]) -> None:
    """JSON, XML and TSV give back the terms that went in and the right number of rows, or XML refuses."""
    store = store_of(terms)
    kept = {solution["o"] for solution in store.query("SELECT ?o { ?s ?p ?o }")}  # type: ignore[union-attr,str] # a SELECT
    try:
        result = write_result(store.query("SELECT ?o { ?s ?p ?o }"), media_type, rows=99, result_bytes=99_999)
    except NotAcceptableError:
        assert media_type == RESULTS_XML
        assert not all(map(written_in_xml, kept))
        return

    assert {row["o"] for row in read_solutions(result.body, media_type).rows} == kept
    assert result.rows == len(kept)
    if media_type == RESULTS_XML:
        ET.fromstring(result.body)  # noqa: S314 - our own bytes


@given(st.lists(TERMS, unique=True, max_size=6))
def test_csv_has_a_row_for_each_solution(terms: list[object]) -> None:
    """CSV is read by the standard library into the values, and its rows are counted right."""
    store = store_of(terms)
    kept = sorted(solution["o"].value for solution in store.query("SELECT ?o { ?s ?p ?o }"))  # type: ignore[union-attr,str] # a SELECT

    result = write_result(store.query("SELECT ?o { ?s ?p ?o }"), CSV, rows=99, result_bytes=99_999)

    rows = list(csv.reader(io.StringIO(result.body.decode(), newline="")))
    assert sorted(row[0] if row else "" for row in rows[1:]) == kept
    assert result.rows == len(kept)


@given(st.lists(st.tuples(IRIS, PREDICATES, TERMS), max_size=6))
@pytest.mark.parametrize("media_type", GRAPH_TYPES, ids=lambda media_type: media_type.suffix)
def test_graphs_come_back(media_type: MediaType, statements: list[tuple[NamedNode, NamedNode, object]]) -> None:
    """Every graph format gives back the triples that went in, or RDF/XML refuses."""
    triples = {Triple(*statement) for statement in statements}  # type: ignore[arg-type] # terms
    prefixes = {"e": "http://e.example/", "ns": "http://e.example/ns#"}
    try:
        result = write_graph(triples, media_type, rows=99, result_bytes=99_999, prefixes=prefixes)
    except NotAcceptableError:
        assert media_type == RDF_XML
        assert not all(written_in_xml(triple.object) for triple in triples)
        return

    read = {quad.triple for quad in parse_rdf(result.body, GRAPH_FORMATS[media_type.name])}
    assert read == triples
    assert result.rows == len(triples)


PIECES = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"',
    "\\",
    "o",
    '"o":',
    '{"type":"',
    "}},{",
    '}},{"o":{"type":"',
    '"bindings":[{',
]
LOOKS_LIKE_JSON = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@given(st.lists(LOOKS_LIKE_JSON, unique=True, max_size=4))
def test_literals_that_look_like_rows_are_not_counted(texts: list[str]) -> None:
    """A literal may hold what a row of JSON begins with; only rows are counted."""
    store = store_of([Literal(text) for text in texts])

    result = write_result(store.query("SELECT ?o ?p { ?s ?p ?o }"), RESULTS_JSON, rows=99, result_bytes=99_999)

    assert result.rows == len(texts)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8))
@pytest.mark.parametrize("media_type", SOLUTION_TYPES, ids=lambda media_type: media_type.suffix)
def test_unbound_variables_do_not_confuse_the_count(media_type: MediaType, bound: list[tuple[bool, bool]]) -> None:
    """Rows are counted right whichever of their values are missing."""
    data = " ".join(f"({'1' if one else 'UNDEF'} {'2' if two else 'UNDEF'})" for one, two in bound)

    result = write_result(
        Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {data} }} }}"),
        media_type,
        rows=99,
        result_bytes=99_999,
    )

    assert result.rows == len(bound)


@given(TERMS)
def test_a_bound_value_is_that_value(term: Literal | NamedNode) -> None:
    """Binding any term gives back that term, and the query stays one that we would read ourselves."""
    bound = bind_variables(parse("SELECT ?v { { BIND(1 AS ?one) } FILTER(true) }"), {"v": term})

    solutions = Store().query(parse(bound.text).text)

    assert isinstance(solutions, QuerySolutions)
    assert [solution["v"] for solution in solutions] == [_normal(term)]


def _normal(term: Literal | NamedNode) -> object:
    """Give the term as the engine keeps it: language tags in small letters."""
    solution = next(iter(store_of([term]).query("SELECT ?o { ?s ?p ?o }")))  # type: ignore[call-overload] # a SELECT
    return solution["o"]


@given(st.lists(st.tuples(IRIS, PREDICATES), min_size=1, max_size=5))
def test_blank_nodes_survive(statements: list[tuple[NamedNode, NamedNode]]) -> None:
    """Blank nodes come back as as many blank nodes, in every graph format."""
    triples = [Triple(s, p, BlankNode(f"b{n}")) for n, (s, p) in enumerate(statements)]

    for media_type in GRAPH_TYPES:
        body = write_graph(triples, media_type, rows=99, result_bytes=99_999).body
        read = list(parse_rdf(body, GRAPH_FORMATS[media_type.name]))
        assert len({quad.object for quad in read}) == len(triples)
        assert all(isinstance(quad.object, BlankNode) for quad in read)


QUERY_STRINGS = st.one_of(
    st.text("%=&+;09aAfFzZ \r\n\t._-äÄ", max_size=40),
    st.binary(max_size=30).map(lambda raw: "query=" + quote_from_bytes(raw)),
)


@given(QUERY_STRINGS)
@settings(max_examples=1500, deadline=None)
def test_a_query_string_reads_as_the_standard_library_reads_it(text: str) -> None:
    """The endpoint decodes by a quicker way, which has to give the same."""
    raw = text.encode()
    try:
        expected = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(MalformedRequestError, match="not UTF-8"):
            read_pairs(raw, "The query string")
        return
    assert read_pairs(raw, "The query string") == expected


@given(
    st.one_of(
        st.text("<>&'\"aä ;#", max_size=20),
        st.text("<&'", max_size=9).map(Markup),
        st.integers(),
        st.floats(),
        st.none(),
    )
)
@settings(max_examples=500, deadline=None)
def test_templates_escape_as_markupsafe_does(value: object) -> None:
    """The quicker escape of compiled templates gives the same, and leaves what is escaped already."""
    assert str(escaped(value)) == str(escape(value))
