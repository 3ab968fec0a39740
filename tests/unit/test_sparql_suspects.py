"""What in a query has to be looked at before Oxigraph reads it, and what not."""

import re

import pytest

from dialogiverkko.sparql.parse import parse

E = "PREFIX e: <urn:x:> "


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT ?g { GRAPH ?g { ?s ?p ?o } }", ""),
        ("SELECT ?g { GRAPH ?g { ?g ?p ?o } }", "GRAPH_VARIABLE"),
        ("SELECT ?g { GRAPH <urn:x:g> { ?s ?p ?o MINUS { ?s ?p 1 } } }", ""),
        ("SELECT ?g { GRAPH ?g { ?s ?p ?o MINUS { ?s ?p 1 } } }", "GRAPH_VARIABLE"),
        ("SELECT ?g { GRAPH ?g { { ?s ?p ?o } } ?g ?q ?r }", ""),
        ("SELECT ?g { GRAPH ?g { ?s ?p ?o } GRAPH ?h { VALUES ?x { 1 } } }", "GRAPH_VARIABLE"),
        ("SELECT ?g { GRAPH ?g {} }", ""),
        ("SELECT ?g { GRAPH ?g { { ?s ?p ?o } ?g ?q ?r } }", "GRAPH_VARIABLE"),
        ("ASK { FILTER(REPLACE(?x, 'a', 'b') = 'c') }", "REPLACE"),
        ("SELECT (GROUP_CONCAT(?x) AS ?y) {}", "CONCATENATED"),
        ("SELECT (GROUP_CONCAT(STR(?x)) AS ?y) {}", ""),
        ("SELECT (GROUP_CONCAT(DISTINCT STR(?x); SEPARATOR = ',') AS ?y) {}", ""),
        ("SELECT (GROUP_CONCAT(DISTINCT ?x) AS ?y) {}", "CONCATENATED"),
        ("SELECT (GROUP_CONCAT(STR(?x) + 1) AS ?y) {}", "CONCATENATED"),
        ("SELECT (GROUP_CONCAT(STR(STR(?x))) AS ?y) (GROUP_CONCAT(?x) AS ?z) {}", "CONCATENATED"),
        ("ASK { BIND(BNODE('a') AS ?x) }", "NAMED_NODE"),
        ("ASK { BIND(BNODE() AS ?x) }", ""),
        ("SELECT (BNODE() AS ?x) ((1) AS ?y) {}", ""),
        ("ASK {} GROUP BY ?x", "GROUPED_FORM"),
        ("DESCRIBE ?x { ?x ?p ?o } HAVING (COUNT(?x) > 1)", "GROUPED_FORM"),
        ("SELECT ?x { ?x ?p ?o } GROUP BY ?x", ""),
        ("CONSTRUCT { ?x ?p 1 } { ?x ?p ?o }", ""),
        ("SELECT ?y { ?x ?p ?o } GROUP BY (?x AS ?y)", "GROUP_ALIAS"),
        ("SELECT ?y { ?x ?p ?o } GROUP BY (STR(?x) AS ?y)", ""),
        ("SELECT (STR(?x) AS ?z) { ?x ?p ?o } GROUP BY ?x", ""),
        ("SELECT (?x AS ?z) { ?x ?p ?o } GROUP BY ?x", "GROUP_ALIAS"),
        ("SELECT (?x AS ?z) { ?x ?p ?o }", ""),
        ("SELECT (1 AS ?z) { ?x ?p ?o } GROUP BY ?x", ""),
        ("SELECT (SUM(?o) + ?x AS ?z) { ?x ?p ?o } GROUP BY ?x", ""),
        (E + "ASK { ?s e:p* ?o }", ""),
        (E + "ASK { e:a e:p* ?o }", "ZERO_PATH"),
        (E + "ASK { ?s e:p? 1 }", "ZERO_PATH"),
        (E + "ASK { ?s e:p+ e:o }", ""),
        (E + "ASK { ?s (e:p|e:q)* e:o }", "ZERO_PATH"),
        (E + "ASK { ?s ^e:p* e:o }", "ZERO_PATH"),
        (E + "ASK { ?s ^(e:p)* ?o }", ""),
        (E + "ASK { ?s (^e:p)* ?o }", ""),
        (E + "ASK { ?s (^e:p|e:q)* e:o }", "ZERO_PATH"),
        (E + "ASK { ?s e:q ?a ; ; e:p* ?o }", ""),
        (E + "ASK { e:s e:q ?a ; ; e:p* ?o }", "ZERO_PATH"),
        (E + "ASK { e:a e:p*/e:q ?o }", ""),
        (E + "ASK { e:a e:q/e:p* ?o }", ""),
        (E + "ASK { ?s e:q ?a ; e:p* ?o }", ""),
        (E + "ASK { e:a e:q ?a ; e:p* ?o }", "ZERO_PATH"),
        (E + "ASK { [ ?x e:y ; e:p* ?o ] e:q 1 }", "ZERO_PATH"),
        (E + "ASK { ?s e:p* ?o , e:o }", "ZERO_PATH"),
        (E + "ASK { e:s e:q 1 . ?s e:q ?a ; e:p? ?o }", ""),
        (E + "SELECT * { e:a e:p 2 FILTER(?x * 3 > 1) }", ""),
        (E + "ASK { e:a a* ?t }", "ZERO_PATH"),
        (E + "ASK { ?s <urn:x:p>? 1 }", "ZERO_PATH"),
        (E + "ASK { OPTIONAL { ?s e:p 1 } e:a e:p* ?x }", "ZERO_PATH"),
        (E + "ASK { { ?s e:p* ?o } }", ""),
        (E + "ASK { ?s ((e:p|e:q)/e:r)* ?o }", ""),
        (E + "ASK { ?s (^e:p)* ?o . }", ""),
        (E + "ASK { ?s e:p 1 , 2 ; e:q ?z ; e:r* ?o . }", ""),
        (E + "ASK { e:a (^e:p)* ?o . ?s (^e:p)* ?o }", "ZERO_PATH"),
        (E + "ASK { e:a e:b 1 . ?s ((e:p)|(e:q))* ?o }", ""),
        (E + "ASK { ?s e:p 1 , 2 ; e:q ?z ; e:r* ?o }", ""),
        (E + "ASK { ?s e:p 1 ; e:r* ?o }", ""),
        (E + "ASK { [] e:p 1 ; e:r* ?o }", "ZERO_PATH"),
        ("SELECT ?x ?x { ?x ?p ?o }", "NAMED_TWICE"),
        ("SELECT ?x ?y { ?x ?p ?y }", ""),
        ("SELECT DISTINCT ?x (1 AS ?x) { }", ""),
        ("SELECT (1 AS ?x) ?x {}", "NAMED_TWICE"),
        ("DESCRIBE ?x ?x { ?x ?p ?o }", "NAMED_TWICE"),
        ("DESCRIBE ?x ?y { ?x ?p ?y }", ""),
        ("ASK { { SELECT ?x ?x { ?x ?p ?o } } }", "NAMED_TWICE"),
        ("SELECT ?x { { SELECT ?x { ?x ?p ?o } } }", ""),
        ("SELECT (COUNT(?x) AS ?n) (?n + 1 AS ?m) { ?x ?p ?o }", "REUSED"),
        ("SELECT (STR(?x) AS ?n) (?n + 1 AS ?m) { ?x ?p ?o }", ""),
        ("SELECT (COUNT(?x) AS ?n) (?p + 1 AS ?m) { ?x ?p ?o }", ""),
        ("SELECT ?p (COUNT(?p) AS ?n) { ?x ?p ?o } GROUP BY ?p", ""),
        ("SELECT ?s (STR(?s) AS ?n) (CONCAT(?n) AS ?m) { ?s ?p ?o } GROUP BY ?s", "REUSED"),
        ("DESCRIBE ?x FROM <urn:x:g> WHERE { ?x ?x ?x }", ""),
        ("DESCRIBE <urn:x:a> ?x", ""),
        ("SELECT (COUNT(?x) AS ?n) WHERE { ?n ?n ?n }", ""),
    ],
)
def test_what_is_suspected(text: str, found: str) -> None:
    """Each kind of suspicion arises from what it is named for, in capitals or not, and from nothing else."""
    small = re.sub(r"\b[A-Z_]{2,}\b", lambda word: word[0].lower(), text)

    for written in (text, small):
        assert " ".join(sorted(suspect.name for suspect in parse(written).suspects)) == found


def test_a_doubt_is_a_suspicion() -> None:
    """A product behind a bracket may be a path: the tree, which is read then, says that it is none."""
    text = E + "ASK { FILTER((1) * 3 > 1) e:a e:p ?x }"

    assert [suspect.name for suspect in parse(text).suspects] == ["ZERO_PATH"]
