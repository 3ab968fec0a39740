"""The grammar of SPARQL 1.1, form by form: what it takes, and what it does not.

Each good query is also given to the engine, so that our reading and the engine's agree.
"""

from contextlib import suppress

import pytest
from pyoxigraph import Store

from dialogiverkko.errors import QuerySyntaxError
from dialogiverkko.sparql.jumps import skim
from dialogiverkko.sparql.parse import parse

P = "PREFIX : <urn:x:> "
BASE = "BASE <urn:x:none> "

GOOD = {
    "prologue": [
        "ASK {}",
        "BASE <urn:x:> ASK { <a> ?p ?o }",
        P + "PREFIX : <urn:y:> ASK { :a :b : }",
        "ASK{}#",
    ],
    "select": [
        "SELECT ?s { ?s ?p ?o }",
        "SELECT DISTINCT ?s $o WHERE { ?s ?p $o }",
        "SELECT REDUCED * WHERE {}",
        "SELECT (1 + 2 AS ?x) ?s { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(DISTINCT *) AS ?n) {}",
        "SELECT ?s (GROUP_CONCAT(DISTINCT ?o ; SEPARATOR = ', ') AS ?all) { ?s ?p ?o } GROUP BY ?s",
        "SELECT * { { SELECT (MAX(?o) AS ?m) { ?s ?p ?o } GROUP BY ?s VALUES ?s { 1 } } }",
        "SELECT ?x FROM <urn:x:a> FROM NAMED <urn:x:b> { ?x ?y ?z }",
    ],
    "construct": [
        "CONSTRUCT {} {}",
        "CONSTRUCT { ?s ?p [ ?q ( 1 'a' ) ] . } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o . ?o ?q ?r }",
        "CONSTRUCT FROM <urn:x:g> WHERE { ?s ?p ?o } LIMIT 1",
        "CONSTRUCT { ?s ?p ?o } FROM <urn:x:g> { ?s ?p ?o } ORDER BY ?s OFFSET 1 LIMIT 2",
    ],
    "describe": [
        "DESCRIBE *{?s ?p ?o}",
        "DESCRIBE <urn:x:a> ?s { ?s ?p ?o }",
        P + "DESCRIBE :a",
        "DESCRIBE ?x",
    ],
    "ask": [
        "ASK WHERE { ?s ?p ?o }",
        "ASK FROM <urn:x:g> {}",
        "ASK {} LIMIT 1",
        "ASK {} VALUES ?x { 1 UNDEF }",
    ],
    "triples": [
        P + "ASK { ?s :p ?o ; :q ?r , 'x' ; ; :t [] . }",
        "ASK { [] ?p () . ( 1 ?x ) ?p ?o . (1) . [ ?p ?o ] . [ a ?t ] ?q _:b }",
        "ASK { ?s a ?t }",
        P + "ASK { :a.b :c%41\\-d :1 . :p:q :x 1.5 }",
        "ASK { ?s ?p 1, -1, +1, 1.5, -1.5, .5, 1e5, 1.5E-5, .5e+1, true, false, TRUE }",
        'ASK { ?s ?p \'a\', "b", \'\'\'c\'d\n\'\'\', """e""f""" }',
        "ASK { ?s ?p 'ä\\n\\u00E4'@fi, 'x'@en-GB, '1'^^<urn:x:t> }",
        "ASK { ?s ?p ( # comment\n ) , [ # comment\r ] }",
        P + "ASK { :a\\#b ?p :1.1.1 , :a..b...c , :a\\.b.c }",
    ],
    "patterns": [
        "ASK { ?s ?p ?o . OPTIONAL { ?s ?q ?r } MINUS { ?s ?t ?u } FILTER EXISTS { ?s ?p 1 } }",
        "ASK { { ?s ?p ?o } UNION { ?s ?q ?o } UNION {} }",
        "ASK { GRAPH ?g { ?s ?p ?o } GRAPH <urn:x:g> {} }",
        "ASK { BIND('x' AS ?x) VALUES ?y { <urn:x:a> 'b'@fi 1 true UNDEF } }",
        "ASK { VALUES (?a ?b) { (1 2) (UNDEF 3) } }",
        "ASK { VALUES () { () () } VALUES (?z) {} }",
        "ASK { SERVICE <urn:x:s> { ?s ?p ?o } SERVICE SILENT ?v {} }",
        "ASK { FILTER NOT EXISTS { ?s ?p ?o } ?s ?p ?o . FILTER(?o) . ?s ?q ?r }",
    ],
    "paths": [
        P + "ASK { ?s :a/:b|^:c/(:d|:e)*/:f+/:g? ?o }",
        P + "ASK { ?s !:a ?o ; !^:a ?o ; !(:a|^:b|a) ?o ; a/a ?o ; !a ?o ; ^a ?o ; (:a) ?o }",
    ],
    "expressions": [
        "ASK { FILTER(1 + 2 * 3 - 4 / -?x = 5 && !?y || ?z >= ?x && ?x != 'a') }",
        "ASK { FILTER(?x < 1 || ?x > 2 || ?x <= 3) }",
        "ASK { FILTER(?x IN (1, 2, 'c')) FILTER(?x NOT IN ()) FILTER(?x+1 = 2) FILTER(?x-1*2 = 2) }",
        P + "ASK { FILTER :f(?x, 1) FILTER(:f() || <urn:x:g>(?x)) }",
        "ASK { FILTER REGEX(STR(?x), 'a', 'i') FILTER(REPLACE('a', 'b', 'c') = SUBSTR('abc', 2, 1)) }",
        "ASK { FILTER(IF(BOUND(?x), COALESCE(?x, 1), CONCAT('a', 'b')) = LANG(?y)) }",
        "ASK { FILTER(isIRI(?x) || isURI(?x) || isBlank(?x)) }",
        "ASK { FILTER(isLiteral(?x) || isNumeric(?x) || sameTerm(?x, ?y)) }",
        "ASK { FILTER(STRDT('1', <urn:x:t>) = STRLANG('a', 'fi') || LANGMATCHES(LANG(?x), '*')) }",
        "ASK { FILTER(YEAR(NOW()) > 2000 && TZ(?x) = '') }",
        "ASK { FILTER(MD5('a') = SHA256('b') && ABS(CEIL(?z)) = ROUND(1)) }",
        "ASK { BIND(BNODE() AS ?a) BIND(BNODE('x') AS ?b) }",
        "ASK { BIND(RAND() AS ?c) BIND(UUID() AS ?d) BIND(IRI('a:b') AS ?e) }",
        "ASK { FILTER(EXISTS { ?s ?p ?o } || NOT EXISTS { ?s ?p ?o }) }",
        "ASK { FILTER(CONTAINS(UCASE('a'), LCASE('B'))) }",
        "ASK { FILTER(STRSTARTS('a','b') && STRENDS('a','b') && STRLEN('a') = 1) }",
        "ASK { BIND(STRBEFORE('a','b') AS ?a) BIND(STRAFTER('a','b') AS ?b) }",
        "ASK { BIND(ENCODE_FOR_URI('ä') AS ?c) }",
    ],
    "modifiers": [
        "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(?o) > 1) (SUM(?o) < 9)",
        "SELECT ?s { ?s ?p ?o } ORDER BY DESC(?s) ASC(STR(?s)) ?s",
        "SELECT ?l (SAMPLE(?o) AS ?x) { ?s ?p ?o } GROUP BY (STR(?o) AS ?l) STRLEN(?l) (1 + 1)",
        "SELECT * { ?s ?p ?o } LIMIT 1 OFFSET 0",
        "SELECT * { ?s ?p ?o } OFFSET 2",
        "SELECT * { ?s ?p ?o } ORDER BY <urn:x:f>(?s) VALUES (?s ?p) { (1 UNDEF) }",
    ],
}

GOOD["white space"] = [
    "ASKWHERE{}",
    "SELECTDISTINCT?s{?s?p?o}ORDERBY?sLIMIT10OFFSET5",
    "SELECT(1AS?x){}",
    "ASK{FILTERNOTEXISTS{?s?p?o}}",
    "ASK{?s a?t;a<urn:x:t>,true,false,1}",
    "ASK{FILTER(?x NOTIN(1)||1IN(2))}",
    "ASK{VALUES?x{UNDEFUNDEFTRUEfalse1UNDEF}}",
    "CONSTRUCTWHERE{?s?p?o}LIMIT1OFFSET2",
    "DESCRIBE<urn:x:a>FROM<urn:x:b>FROMNAMED<urn:x:c>",
    "BASE<urn:x:>PREFIX a:<b>ASK{a:c a a:d}",
    "SELECT(COUNT(DISTINCT*)AS?n){}GROUPBY?s HAVINGCOUNT(*)ORDERBYASC(?n)DESC(?n)",
    "ASK{SERVICESILENT<urn:x:a>{}}",
]

BAD = {
    "prologue": [
        "PREFIX x <urn:x:> ASK {}",
        "PREFIX x: 'a' ASK {}",
        "BASE x: ASK {}",
        "PREFIX : <urn:x:>",
        "PREFIX a:b <urn:x:> ASK {}",
    ],
    "select": [
        "SELECT {}",
        "SELECT ?s, ?o { ?s ?p ?o }",
        "SELECT DISTINCT REDUCED * {}",
        "SELECT (1 AS x) {}",
        "SELECT (1) {}",
        "SELECT COUNT(*) {}",
        "SELECT ?s WHERE",
        "SELECT * WHERE WHERE {}",
        "SELECT * {} FROM <urn:x:g>",
        "SELECT (COUNT() AS ?n) {}",
        "SELECT ?1a? {}",
        "ASK { { SELECT * FROM <urn:x:g> {} } }",
    ],
    "construct": [
        "CONSTRUCT * {}",
        "CONSTRUCT { ?s ?p/?q ?o } {}",
        "CONSTRUCT { FILTER(1) } {}",
        "CONSTRUCT WHERE { FILTER(1) }",
        "CONSTRUCT WHERE { GRAPH ?g { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o }",
    ],
    "describe": ["DESCRIBE", "DESCRIBE 'a'", "DESCRIBE * ?s {}"],
    "ask": ["ASK", "ASK * {}", "ASK {}}", "ASK {{}", "ASK {} {}", "ASK {} SELECT * {}"],
    "triples": [
        "ASK { ?s ?p }",
        "ASK { ?s 'p' ?o }",
        "ASK { ?s ?p ?o ?q }",
        "ASK { ?s ?p ?o .. }",
        "ASK { ; }",
        "ASK { [] }",
        "ASK { ?s _:b ?o }",
        "ASK { ?s A ?o }",
        "ASK { ?s ?p 'a'@ }",
        "ASK { ?s ?p 'a'^^'b' }",
        "ASK { ?s ?p <a b> }",
        "ASK { ?s ?p <a\nb> }",
        "ASK { ?s ?p 1a }",
        "ASK { << ?s ?p ?o >> ?q ?r }",
    ],
    "patterns": [
        "ASK { OPTIONAL ?s ?p ?o }",
        "ASK { GRAPH { ?s ?p ?o } }",
        "ASK { GRAPH 'g' {} }",
        "ASK { ?s ?p ?o UNION ?s ?q ?r }",
        "ASK { UNION {} }",
        "ASK { BIND(?x ?y) }",
        "ASK { VALUES ?x { ?y } }",
        "ASK { VALUES (?x) { 1 } }",
        "ASK { VALUES ?x { _:b } }",
        "ASK { SERVICE { ?s ?p ?o } }",
        "ASK { LATERAL { ?s ?p ?o } }",
        "ASK { FILTER ?x }",
        "ASK { FILTER }",
    ],
    "paths": [
        "ASK { ?s <urn:x:a>{1,2} ?o }",
        "ASK { ?s <urn:x:a>** ?o }",
        "ASK { ?s !(?p) ?o }",
        "ASK { ?s ?p* ?o }",
        "ASK { ?s ^^<urn:x:a> ?o }",
    ],
    "expressions": [
        "ASK { FILTER() }",
        "ASK { FILTER(1 = 2 = 3) }",
        "ASK { FILTER(1 +) }",
        "ASK { FILTER(!!?x) }",
        "ASK { FILTER(NOTIN(1)) }",
        "ASK { FILTER(BOUND(1)) }",
        "ASK { FILTER(IF(1, 2)) }",
        "ASK { FILTER(STR(1, 2)) }",
        "ASK { FILTER(RAND(1)) }",
        "ASK { FILTER(REGEX('a')) }",
        "ASK { FILTER(UNKNOWN(1)) }",
        "ASK { FILTER(?x == 1) }",
        "ASK { FILTER(?x & ?y) }",
        "ASK { FILTER(?x IN 1) }",
    ],
    "modifiers": [
        "SELECT * {} LIMIT",
        "SELECT * {} LIMIT ?x",
        "SELECT * {} LIMIT 1.5",
        "SELECT * {} LIMIT 1 LIMIT 2",
        "SELECT * {} ORDER ?x",
        "SELECT * {} ORDER BY",
        "SELECT * {} ORDER BY DESC ?x",
        "SELECT * {} LIMIT 1 ORDER BY ?x",
        "SELECT ?x {} GROUP BY 1",
        "SELECT * {} HAVING ?x",
        "SELECT * {} VALUES ?x",
        "ASK {};",
    ],
}


BAD["white space"] = [
    "SELEC T * {}",
    "SELECT ?s {} LIMITS 1",
    "ASK { ?s atype ?o }",
    "SELECT * {} LIMIT 1 0",
    "ASK {} ORDERBY",
]


def cases(table: dict[str, list[str]]) -> list[pytest.param]:  # type: ignore[valid-type] # pytest's own name
    """List the queries of a table, each under the form it belongs to."""
    return [pytest.param(text, id=f"{form}-{number}") for form in table for number, text in enumerate(table[form])]


def test_every_form_has_good_and_bad_queries() -> None:
    """The two tables cover the same forms, and enough of each."""
    counts = {form: (len(GOOD[form]), len(BAD[form])) for form in GOOD}

    assert GOOD.keys() == BAD.keys()
    assert sum(good for good, _ in counts.values()) >= 50
    assert sum(bad for _, bad in counts.values()) >= 80


@pytest.mark.parametrize("text", cases(GOOD))
def test_a_good_query_is_taken(text: str) -> None:
    """We read it, and so does the engine, in the form that we hand on."""
    parsed = parse(text)

    with suppress(RuntimeError, OSError):  # unknown functions and addresses are no errors of syntax
        Store().query(parsed.text)


def test_the_quick_reading_and_the_careful_tell_the_same() -> None:
    """A BASE, to which nothing is relative, takes a text from the one to the other, and changes no finding."""
    texts = [text for form in GOOD for text in GOOD[form] if skim(text, 100, has_base=False)]

    for text in texts:
        quick, careful = parse(text), parse(BASE + text)
        assert careful.text.removeprefix(BASE) == quick.text
        for told in ("kind", "is_deterministic", "has_graph_pattern", "suspects", "services", "default_graphs"):
            assert getattr(careful, told) == getattr(quick, told), (text, told)
    assert len(texts) >= 50
    assert not any(skim(BASE + text, 100, has_base=False) for text in texts)


@pytest.mark.parametrize("text", cases(BAD))
def test_a_bad_query_is_refused_at_a_place_inside_it(text: str) -> None:
    """It is refused, and the place told lies within the text or right behind it."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)

    lines = text.split("\n")
    line, column = caught.value.details["line"], caught.value.details["column"]
    assert isinstance(line, int)
    assert isinstance(column, int)
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1
