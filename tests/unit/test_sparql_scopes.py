"""Binding the variables of any query, in every scope, with values that try to break out."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, Store

from dialogiverkko.errors import BadParameterError
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Term
from dialogiverkko.sparql.scopes import bind_variables, with_copied_labels, without_dataset, without_idle_blocks

A, B, P, Q = (NamedNode(f"urn:x:{name}") for name in "abpq")
HOSTILE = [
    Literal('" } UNION { ?s ?p ?o } #'),
    Literal("' } ; DROP ALL #"),
    Literal("\\"),
    Literal("\\u0022 }"),
    Literal('a"""b'),
    Literal("line\nbreak\rand\ttab"),
    Literal("ä 𝄞 \u2028"),
    Literal("x", language="fi"),
    Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    Literal("}", datatype=NamedNode("urn:x:type")),
    Literal(""),
]


def store() -> Store:
    """Hold two things, of which only A has q."""
    found = Store()
    found.extend([Quad(A, P, Literal("a")), Quad(B, P, Literal("b")), Quad(A, Q, Literal("qa"))])
    return found


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT ?o { ?x <urn:x:p> ?o }", 1),
        ("SELECT (COUNT(*) AS ?n) { ?x <urn:x:p> ?o } GROUP BY ?o", 1),
        ("SELECT ?o { { ?x <urn:x:p> ?o } UNION { ?x <urn:x:q> ?o } }", 1),
        ("SELECT ?o { ?y <urn:x:p> ?o OPTIONAL { ?x <urn:x:q> ?z } FILTER(!BOUND(?z)) }", 2),
        ("SELECT ?o { ?y <urn:x:p> ?o FILTER NOT EXISTS { ?x <urn:x:q> ?z } }", 2),
        ("SELECT ?o { { SELECT ?o { ?x <urn:x:p> ?o } } }", 1),
        ("SELECT ?o { ?y <urn:x:p> ?o MINUS { ?x <urn:x:p> ?o } }", 1),
        ("SELECT ?o { ?y <urn:x:p> ?o FILTER(?y = ?x) }", 1),
        ("SELECT ?x ?o { ?y <urn:x:p> ?o } VALUES ?o { 'b' }", 1),
        ("SELECT ?o { VALUES ?x { <urn:x:a> <urn:x:b> } ?x <urn:x:p> ?o }", 1),
    ],
)
def test_a_variable_is_bound_in_every_scope(text: str, rows: int) -> None:
    """Subqueries, EXISTS, OPTIONAL and UNION see the value, whether or not SELECT names the variable."""
    bound = bind_variables(parse(text), {"x": B})

    solutions = store().query(bound.text)

    assert isinstance(solutions, QuerySolutions)
    assert len(list(solutions)) == rows


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE ?x",
        "DESCRIBE ?x { ?x ?p ?o }",
        "CONSTRUCT { ?x ?p ?o } WHERE { ?x ?p ?o }",
        "CONSTRUCT WHERE { ?x ?p ?o }",
        "CONSTRUCT WHERE { ?x ?p ?o } LIMIT 5",
    ],
)
def test_graph_forms_are_bound(text: str) -> None:
    """DESCRIBE and CONSTRUCT take values too, in their short forms as well."""
    bound = bind_variables(parse(text), {"x": B})

    triples = store().query(bound.text)

    assert isinstance(triples, QueryTriples)
    assert {triple.object for triple in triples} == {Literal("b")}


@pytest.mark.parametrize("term", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_stays_a_value(term: Term) -> None:
    """Whatever a literal holds, it is that literal and nothing else that is bound."""
    bound = bind_variables(parse("SELECT ?v { ?x <urn:x:p> 'a' FILTER(true) }"), {"v": term})

    solutions = store().query(parse(bound.text).text)

    assert isinstance(solutions, QuerySolutions)
    assert [solution["v"] for solution in solutions] == [term]


def test_nothing_to_bind_changes_nothing() -> None:
    """Without values the query is the same object."""
    parsed = parse("ASK { ?s ?p ?o }")

    assert bind_variables(parsed, {}) is parsed


@pytest.mark.parametrize(
    ("text", "bindings"),
    [
        ("ASK { ?s ?p ?o }", {"s": BlankNode("b")}),
        ("ASK { ?s ?p ?o }", {"s } #": A}),
        ("CONSTRUCT WHERE { ?s ?p ?o } VALUES ?o { 1 }", {"s": A}),
        ("CONSTRUCT WHERE { ?s ?p ?o }", {"s": A, "o": B}),
    ],
)
def test_what_cannot_be_bound_is_refused(text: str, bindings: dict[str, Term]) -> None:
    """A blank node, a name that is no variable, a form with no place for the values."""
    with pytest.raises(BadParameterError):
        bind_variables(parse(text), bindings)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ASK { VALUES ?x { UNDEF } ?x ?p ?o }", "ASK {  ?x ?p ?o }"),
        ("ASK { VALUES ?x { UNDEF } . ?x ?p ?o }", "ASK {  ?x ?p ?o }"),
        ("ASK { VALUES ?x{UNDEF}VALUES ?y { undef } }", "ASK {  }"),
        ("ASK { VALUES ?x { UNDEF 1 } VALUES ?y { 1 } }", "ASK { VALUES ?x { UNDEF 1 } VALUES ?y { 1 } }"),
        ("ASK { ?s ?p 'VALUES ?x { UNDEF }' } # VALUES ?x { UNDEF }", None),
        ("ASK {} VALUES ?x { UNDEF }", "ASK {} "),
    ],
)
def test_an_idle_block_is_taken_out(text: str, left: str | None) -> None:
    """A block that holds nothing but UNDEF goes, with the dot behind it; strings, comments and values stay."""
    assert without_idle_blocks(text) == (text if left is None else left)
    assert parse(without_idle_blocks(text))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("ASK {?x <urn:x:p> ?o}", "ASK { VALUES ?x { <urn:x:a> } ?x <urn:x:p> ?o}"),
        (
            "PREFIX x: <urn:x:> CONSTRUCT WHERE {?x x:p ?o}",
            "PREFIX x: <urn:x:> CONSTRUCT WHERE {?x x:p ?o}\nVALUES ?x { <urn:x:a> }",
        ),
        ("DESCRIBE ?x", "DESCRIBE ?x\nWHERE { VALUES ?x { <urn:x:a> } }"),
    ],
)
def test_a_value_is_written_where_it_may_stand(text: str, bound: str) -> None:
    """At once behind a brace, behind a whole CONSTRUCT WHERE, or in a group of its own; the engine reads it."""
    found = bind_variables(parse(text), {"x": A})

    assert found.text == bound
    Store().query(found.text)


def test_labels_are_copied_where_one_optional_finds_them() -> None:
    """The answer is the same; another OPTIONAL, or one whose FILTER is about another variable, stays."""
    plain = "SELECT ?x ?n WHERE { ?x ?p ?o OPTIONAL { ?x s:l ?n FILTER(LANG(?n) = ?lang) } "
    other = "OPTIONAL { ?x s:l ?m FILTER(LANG(?o) = ?lang) } OPTIONAL { ?x s:l ?k } }"

    copied = with_copied_labels(f"PREFIX s: <http://s/> {plain}{other}")

    assert copied == (
        "PREFIX s: <http://s/> SELECT ?x ?n WHERE { ?x ?p ?o OPTIONAL { ?x s:l ?nFound FILTER(LANG(?nFound) = ?lang) } "
        f"BIND(COALESCE(?nFound) AS ?n) {other}"
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "ASK FROM <urn:x:a> FROM NAMED <urn:x:b>{ ?s ?p 'FROM <urn:x:c>' }",
            "ASK  { ?s ?p 'FROM <urn:x:c>' }",
        ),
        ("PREFIX x: <urn:x:> DESCRIBE x:aFROMx:b", None),
        ("PREFIX x: <urn:x:> DESCRIBE x:a FROM x:b", "PREFIX x: <urn:x:> DESCRIBE x:a "),
    ],
)
def test_the_dataset_of_a_query_is_taken_out(text: str, left: str | None) -> None:
    """A server that is told the dataset by parameters gets no second one in the text."""
    assert without_dataset(parse(text)).text == (text if left is None else left)
