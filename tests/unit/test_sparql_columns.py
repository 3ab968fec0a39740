"""SELECT * names the variables that are in scope (SPARQL 1.1, section 18.2.1), in the order of the text."""

import pytest

from dialogiverkko.sparql.parse import parse

PATTERNS = {
    "{ ?o ?p ?s . ?s ?p ?q }": "opsq",
    "where { ?s a ?c optional { ?s ?p [ ?q ( ?r ) ] } graph ?g { ?x ?y ?z } }": "scpqrgxyz",
    "{ ?s ?p ?o filter(?x < ?y) ?a ?p ?b }": "spoab",
    "{ ?s ?p ?o filter regex(?x, 'a') ?a ?p ?b }": "spoab",
    "{ ?s ?p ?o filter <urn:f>() ?a ?p ?b }": "spoab",
    "{ ?s ?p ?o filter not exists { ?s ?x [ ?y ( ?z ) ] } ?a ?p ?b }": "spoab",
    "{ ?s ?p ?o filter(?x in (?y, (?z))) ?a ?p ?b }": "spoab",
    "{ ?s ?p ?o minus { ?x ?y ?z { ?z ?y ?x } } ?a ?p ?b }": "spoab",
    "{ ?s ?p ?o bind(concat(?x, str(?y)) as ?n) ?a ?p ?b }": "sponab",
    "{ values (?v ?w) { (1 2) } values ?u { 1 } ?s ?p ?o }": "vwuspo",
    "{ ?s ?p ?o } order by ?x desc(?y) limit 5 offset 2 values ?v { 1 }": "spov",
    "{ ?s ?p ?o } values ?v { 1 }": "spov",
    "{ { select ?a (count(?x) as ?n) { ?a ?y ?x } group by ?a order by ?z } ?s ?p ?o }": "anspo",
    "{ { select distinct ?a where { ?a ?y ?x { ?x ?y ?z } } values ?z { 1 } } ?s ?p ?o }": "aspo",
    "{ { select reduced * { ?a ?y ?x } order by ?z limit 1 } ?s ?p ?o }": "ayxspo",
    "{ { select * { ?a ?b ?c } having(?z > 1) } ?s ?p ?o }": "abcspo",
    "{ ?s ?p ?o filter exists { select ?x { ?x ?y ?z } } ?a ?p ?b }": "spoab",
    "{ { select * { { select ?a { ?a ?y ?z } } ?b ?p ?c filter(?d) } } ?s ?p ?o }": "abpcso",
}
GROUPED = [
    "{ ?s ?p ?o } group by ?s",
    "{ ?s ?p ?o filter(?o) } group by ?s",
    "{ ?s ?p ?o bind(1 as ?n) } group by (str(?s) as ?t) having(?n > 1)",
    "{ ?s ?p [ ?q ( ?r ) ] minus { ?s ?p ?o } } group by ?s limit 5",
    "{ { select ?s { ?s ?p ?o } } } group by ?s",
    "{ { select * { ?s ?p ?o } group by ?s } } group by ?s order by ?s",
]


@pytest.mark.parametrize("how", ["", "distinct ", "REDUCED "])
@pytest.mark.parametrize(("pattern", "names"), PATTERNS.items())
def test_the_columns_are_the_variables_in_scope(pattern: str, names: str, how: str) -> None:
    """What stands only in a condition, in a modifier, or in a subquery that does not project it, is none."""
    columns = " ".join(f"?{name}" for name in names)

    assert parse(f"select {how}* {pattern}").text == f"select {how} {columns}  {pattern}"


@pytest.mark.parametrize(
    "text",
    [
        *(f"select * {pattern}" for pattern in GROUPED),
        "select * {}",
        "select * { <urn:s> <urn:p> 1 }",
        "select ?s { ?s ?p ?o { select * { ?x ?y ?z } } }",
        "select (count(*) as ?n) { ?s ?p ?o }",
        "select distinct ?s { ?s ?p ?o }",
    ],
)
def test_what_is_grouped_or_names_its_columns_stays(text: str) -> None:
    """As does what has none."""
    assert parse(text).text == text
