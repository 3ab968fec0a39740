"""Every result format, for every query form, with the caps and with what a format cannot carry."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from dialogiverkko.errors import BackendUnavailableError, NotAcceptableError, ResultLimitError
from dialogiverkko.media import (
    CSV,
    GRAPH_TYPES,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    SOLUTION_TYPES,
    TRIG,
    TSV,
    TURTLE,
    MediaType,
)
from dialogiverkko.sparql.capped import CappedLines, too_many
from dialogiverkko.sparql.query import Page, QueryKind, Result
from dialogiverkko.sparql.results import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    count_rows,
    read_solutions,
    types_for,
    write_graph,
    write_result,
)

S, P = NamedNode("urn:x:s"), NamedNode("urn:x:p")
HARD = [
    Literal("a,b\r\nc"),
    Literal('quoted "text" },{"x'),
    Literal("},{"),
    Literal("{}"),
    Literal("[{"),
    Literal("\\"),
    Literal('\\"},{'),
    Literal("tab\tand\nline"),
    Literal("<result>"),
    Literal("ä€𝄞", language="fi"),
    Literal("2021", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
]


def answer(text: str, *terms: Literal) -> object:
    """Ask a store that holds one triple per term."""
    store = Store()
    store.extend(Quad(S, P, term) for term in terms)
    return store.query(text)


def written(text: str, media_type: MediaType, *terms: Literal, rows: int = 100, result_bytes: int = 100_000) -> Result:
    """Write what a query over those terms answers."""
    return write_result(answer(text, *terms), media_type, rows=rows, result_bytes=result_bytes)  # type: ignore[arg-type] # any of the three


TERMS = """SELECT * WHERE {
  VALUES ?n { 1 2 3 4 5 6 7 }
  OPTIONAL { VALUES (?n ?term) { (1 <urn:a>) (2 "ä") (3 "b"@fi) (4 <<( <urn:a> <urn:b> "c"@sv )>>) (5 true) } }
  OPTIONAL { FILTER(?n = 6) BIND(BNODE() AS ?blank) }
}
ORDER BY ?n"""


def rows_of(result: Result) -> list[dict[str, dict[str, object]]]:
    """Read the rows of a result in JSON; blank nodes are called alike."""
    rows: list[dict[str, dict[str, object]]] = json.loads(result.body)["results"]["bindings"]
    for row in rows:
        for term in row.values():
            term.update({"value": "b"} if term["type"] == "bnode" else {})
    return rows


@pytest.mark.parametrize(
    ("page", "part"),
    [
        (Page(), slice(0, 7)),
        (Page(0, 7), slice(0, 7)),
        (Page(2, 3), slice(2, 5)),
        (Page(5), slice(5, 7)),
        (Page(6, 9), slice(6, 7)),
        (Page(7, 1), slice(0, 0)),
    ],
)
def test_a_page_is_a_part_of_the_whole(page: Page, part: slice) -> None:
    """The rows are those that the engine writes of the whole, terms of all kinds, and the total counts all."""
    whole = written(TERMS, RESULTS_JSON)

    result = write_result(answer(TERMS), RESULTS_JSON, rows=7, result_bytes=10_000, page=page)  # type: ignore[arg-type] # solutions

    assert rows_of(result) == rows_of(whole)[part]
    assert (result.rows, json.loads(result.body)["head"]) == (7, json.loads(whole.body)["head"])


def test_a_page_of_nothing_is_empty() -> None:
    """Without rows the total is 0; letters are written as they are."""
    nothing = write_result(
        answer("SELECT * WHERE { ?s <urn:none> ?o }"), RESULTS_JSON, rows=7, result_bytes=99, page=Page(0, 1)
    )  # type: ignore[arg-type] # solutions
    some = write_result(answer(TERMS), RESULTS_JSON, rows=7, result_bytes=10_000, page=Page(1, 1))  # type: ignore[arg-type] # solutions

    assert (rows_of(nothing), nothing.rows) == ([], 0)
    assert "ä".encode() in some.body


def test_a_page_of_an_answer_beyond_the_caps_is_refused() -> None:
    """Too many rows of the whole, too many bytes of the page."""
    with pytest.raises(ResultLimitError, match="more than 6 rows"):
        write_result(answer(TERMS), RESULTS_JSON, rows=6, result_bytes=10_000, page=Page(0, 1))  # type: ignore[arg-type] # solutions
    with pytest.raises(ResultLimitError, match="more than 50 bytes"):
        write_result(answer(TERMS), RESULTS_JSON, rows=7, result_bytes=50, page=Page(0, 1))  # type: ignore[arg-type] # solutions


def test_each_form_has_its_types() -> None:
    """SELECT and ASK come in the result formats, CONSTRUCT and DESCRIBE in the graph formats."""
    offered = {kind: types_for(kind) for kind in QueryKind}

    assert offered[QueryKind.SELECT] == offered[QueryKind.ASK] == SOLUTION_TYPES
    assert offered[QueryKind.CONSTRUCT] == offered[QueryKind.DESCRIBE] == GRAPH_TYPES
    assert set(SOLUTION_FORMATS) | set(GRAPH_FORMATS) == {one.name for one in (*SOLUTION_TYPES, *GRAPH_TYPES)}


@pytest.mark.parametrize("media_type", [RESULTS_JSON, RESULTS_XML, TSV], ids=lambda media_type: media_type.suffix)
def test_terms_come_back_as_they_were(media_type: MediaType) -> None:
    """JSON, XML and TSV keep values, languages and datatypes, even carriage returns; rows are counted."""
    result = written("SELECT ?o { ?s ?p ?o }", media_type, *HARD)

    solutions = read_solutions(result.body, media_type)

    assert {row["o"] for row in solutions.rows} == set(HARD)
    assert solutions.variables == ("o",)
    assert result.rows == len(HARD)


def test_csv_is_that_of_rfc_4180() -> None:
    """CSV keeps the plain values, quoted where needed, with CRLF; rows are counted right."""
    result = written("SELECT ?o { ?s ?p ?o }", CSV, *HARD)

    rows = list(csv.reader(io.StringIO(result.body.decode("utf-8"), newline="")))

    assert rows[0] == ["o"]
    assert {row[0] for row in rows[1:]} == {term.value for term in HARD}
    assert result.rows == len(HARD)


@pytest.mark.parametrize("media_type", SOLUTION_TYPES, ids=lambda media_type: media_type.suffix)
@pytest.mark.parametrize("text", ["SELECT ?s ?none { ?s ?p ?o }", "SELECT ?none { ?s ?p ?o }", "SELECT * {}"])
def test_rows_without_values_count(media_type: MediaType, text: str) -> None:
    """A solution that binds nothing is a row all the same."""
    result = written(text, media_type, Literal("a"), Literal("b"))

    assert result.rows == (2 if "?p" in text else 1)


@pytest.mark.parametrize("media_type", SOLUTION_TYPES, ids=lambda media_type: media_type.suffix)
@pytest.mark.parametrize("truth", [True, False])
def test_ask_is_written_in_all_four(media_type: MediaType, truth: bool) -> None:
    """ASK answers true or false in every format, and has no rows."""
    result = written("ASK { ?s ?p 'a' }", media_type, Literal("a" if truth else "b"))

    if media_type == CSV:
        assert result.body == str(truth).lower().encode()
    else:
        read = parse_query_results(result.body, SOLUTION_FORMATS[media_type.name])
        assert isinstance(read, QueryBoolean)
        assert bool(read) is truth
    assert result.rows is None


@pytest.mark.parametrize("media_type", GRAPH_TYPES, ids=lambda media_type: media_type.suffix)
def test_graphs_come_back_as_they_were(media_type: MediaType) -> None:
    """Every graph format keeps every triple."""
    result = written("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", media_type, *HARD)

    read = parse(result.body, GRAPH_FORMATS[media_type.name])

    assert {quad.object for quad in read} == set(HARD)
    assert result.rows == len(HARD)


def test_a_graph_is_a_set() -> None:
    """A triple that a CONSTRUCT makes twice is written and counted once."""
    result = written("CONSTRUCT { ?s ?p 'same' } { ?s ?p ?o }", N_TRIPLES, Literal("a"), Literal("b"))

    assert result.body == b'<urn:x:s> <urn:x:p> "same" .\n'
    assert result.rows == 1


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_lines_come_in_any_pieces(size: int) -> None:
    """The engine sends what fits into its buffer, which ends anywhere; each line is kept once, in its order."""
    text = b'<urn:b> <urn:p> "\xc3\xa4\\n" .\n<urn:a> <urn:p> <urn:o> .\n<urn:b> <urn:p> "\xc3\xa4\\n" .\n'
    lines = CappedLines(2, len(text))
    for start in range(0, len(text), size):
        lines.write(text[start : start + size])

    assert lines.result().body == text[: text.rindex(b"<urn:b>")]
    assert lines.result().rows == 2


@pytest.mark.parametrize("media_type", [TURTLE, TRIG], ids=lambda media_type: media_type.suffix)
def test_turtle_uses_the_prefixes_that_it_needs(media_type: MediaType) -> None:
    """Known namespaces are written as prefixes; those that do not occur are left out."""
    triples = [
        Triple(
            NamedNode("http://e.example/a#s"),
            NamedNode("http://e.example/b/p"),
            NamedNode("http://e.example/c-1"),
        ),
        Triple(NamedNode("http://e.example/a#s"), NamedNode("http://e.example/b/q"), BlankNode("x")),
    ]
    prefixes = {
        "a": "http://e.example/a#",
        "b": "http://e.example/b/",
        "c": "http://e.example/c-",
        "d": "http://e.example/d#",
    }

    body = write_graph(triples, media_type, rows=9, result_bytes=999, prefixes=prefixes).body.decode()

    assert "a:s b:p" in body
    assert "@prefix a:" in body
    assert "@prefix d:" not in body


def test_triples_of_a_subject_stand_together() -> None:
    """Whatever order the engine answers in, Turtle names each subject once."""
    other = NamedNode("urn:x:other")
    triples = [Triple(S, P, Literal("1")), Triple(other, P, Literal("2")), Triple(S, P, Literal("3"))]

    body = write_graph(triples, TURTLE, rows=9, result_bytes=999).body

    assert body.count(b"<urn:x:s>") == 1


@pytest.mark.parametrize("media_type", [*SOLUTION_TYPES, *GRAPH_TYPES], ids=lambda media_type: media_type.suffix)
@pytest.mark.parametrize("cap", ["rows", "result_bytes"])
def test_a_cap_is_exact(media_type: MediaType, cap: str) -> None:
    """One answer may have exactly as many rows or bytes as allowed, and not one more."""
    text = "SELECT ?o { ?s ?p ?o }" if media_type in SOLUTION_TYPES else "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    whole = written(text, media_type, *HARD)
    size = whole.rows if cap == "rows" else len(whole.body)
    assert size is not None

    written(text, media_type, *HARD, **{cap: size})
    with pytest.raises(ResultLimitError) as caught:
        written(text, media_type, *HARD, **{cap: size - 1})

    assert caught.value.details == {
        "limit": "row_limit" if cap == "rows" else "byte_limit",
        "value": size - 1,
    }


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("media_type", [RESULTS_XML, RDF_XML], ids=lambda media_type: media_type.suffix)
def test_xml_refuses_what_it_cannot_carry(media_type: MediaType, character: str) -> None:
    """A control character is named and other formats are offered; no ill-formed XML goes out."""
    text = "SELECT ?o { ?s ?p ?o }" if media_type == RESULTS_XML else "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"

    with pytest.raises(NotAcceptableError, match=f"U\\+{ord(character):04X}") as caught:
        written(text, media_type, Literal(f"a{character}b"))

    offered = caught.value.details["offered"]
    assert isinstance(offered, list)
    assert media_type.name not in offered
    assert {"application/sparql-results+json", "text/turtle"} & set(offered)
    assert "Turtle" in caught.value.message or "JSON" in caught.value.message
    assert "XML." not in caught.value.message


@pytest.mark.parametrize("media_type", [RESULTS_XML, RDF_XML], ids=lambda media_type: media_type.suffix)
def test_xml_is_well_formed(media_type: MediaType) -> None:
    """What goes out as XML can be read by any reader of XML, which keeps carriage returns."""
    text = "SELECT ?o { ?s ?p ?o }" if media_type == RESULTS_XML else "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"

    root = ET.fromstring(written(text, media_type, *HARD).body)  # noqa: S314 - our own bytes

    assert "a,b\r\nc" in {element.text for element in root.iter()}


@pytest.mark.parametrize("iri", ["http://e.example/", "http://e.example/12", "http://e.example/a/-", "urn:x:"])
def test_rdf_xml_refuses_a_property_without_a_name(iri: str) -> None:
    """A property whose IRI ends in no XML name is refused by RDF/XML and taken by Turtle."""
    triples = [Triple(S, NamedNode(iri), Literal("a"))]

    with pytest.raises(NotAcceptableError, match="does not end in an XML name") as caught:
        write_graph(triples, RDF_XML, rows=9, result_bytes=999)
    assert caught.value.details["offered"] == [each.name for each in GRAPH_TYPES if each.name != "application/rdf+xml"]

    assert write_graph(triples, TURTLE, rows=9, result_bytes=999).rows == 1


@pytest.mark.parametrize("media_type", SOLUTION_TYPES, ids=lambda media_type: media_type.suffix)
@pytest.mark.parametrize(
    "rows",
    [
        "",
        "(1 2)",
        "(1 UNDEF) (UNDEF 2)",
        "(UNDEF UNDEF) (UNDEF UNDEF) (1 2)",
        "(UNDEF UNDEF)",
        "('}},{' '}},{'@fi) ('}},{' '}},{'@fi) (1 2)",
        """('}},{"' '}},{,') ('}},{"}' '<result>') ('\\n' '[{')""",
        """('a' 'b') ('"}},{"a":{' '}},{",') (',"b":{"' '}},{"}')""",
    ],
)
def test_rows_are_counted_in_what_is_written(media_type: MediaType, rows: str) -> None:
    """Whatever literals look like, and where nothing is bound."""
    answer = Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}")
    assert isinstance(answer, QuerySolutions)
    content = answer.serialize(format=SOLUTION_FORMATS[media_type.name])
    assert content is not None

    assert count_rows(content, media_type) == rows.count("(")


@pytest.mark.parametrize("media_type", [JSON_LD, N_QUADS], ids=lambda media_type: media_type.suffix)
def test_an_empty_graph_is_an_answer(media_type: MediaType) -> None:
    """No triples make a valid empty document."""
    result = write_graph([], media_type, rows=9, result_bytes=999)

    assert list(parse(result.body, GRAPH_FORMATS[media_type.name])) == []
    assert result.rows == 0


def test_a_truth_is_no_solutions() -> None:
    """Reading the answer of an ASK as solutions is an error of the engine behind."""
    with pytest.raises(BackendUnavailableError):
        read_solutions(b'{"head":{},"boolean":true}', RESULTS_JSON)


def test_a_describe_is_a_graph() -> None:
    """DESCRIBE answers triples of the resource."""
    triples = answer("DESCRIBE <urn:x:s>", Literal("a"))
    assert isinstance(triples, QueryTriples)

    body = write_result(triples, N_TRIPLES, rows=9, result_bytes=999).body

    assert [quad.object for quad in parse(body, RdfFormat.N_TRIPLES)] == [Literal("a")]


def test_the_namespace_of_a_datatype_is_used() -> None:
    """A prefix that only a datatype needs is declared, whether its namespace ends with # or with a slash."""
    for namespace in ("http://e/types#", "http://e/types/"):
        value = Literal("1", datatype=NamedNode(f"{namespace}mine"))
        triples = [Triple(NamedNode("http://s/a"), NamedNode("http://s/b"), value)]

        body = write_graph(triples, TURTLE, rows=9, result_bytes=999, prefixes={"t": namespace, "u": "http://u/"}).body

        assert b"@prefix t:" in body
        assert b"@prefix u:" not in body


@pytest.mark.parametrize(("limit", "unit"), [("byte_limit", "7 bytes"), ("row_limit", "7 rows")])
def test_a_cap_is_told_in_its_unit(limit: str, unit: str) -> None:
    """Bytes of the answer, or its rows."""
    assert unit in too_many(limit, 7).message
