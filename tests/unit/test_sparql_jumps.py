"""What the quick reading of a query takes by itself, and what it leaves to the careful one."""

from itertools import product

import pytest

from dialogiverkko.errors import QuerySyntaxError
from dialogiverkko.sparql.jumps import _SPELLINGS, _words, skim
from dialogiverkko.sparql.parse import parse

E = "PREFIX e: <urn:x:> "


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s a <urn:x:t> }",
        E + "PREFIX : <a:b> SELECT ?s { ?s e:a :b.c ; a e: }",
        f"ASK {'{' * 100}{'}' * 100}",
        f"ASK {{ FILTER{'(' * 99}1{')' * 99} }}",
        f"ASK {{ {'[ ?p ' * 99}1{' ]' * 99} . }}",
        f"ASK {{ {'{ ?s ?p [ ?q ( 1 ) ] FILTER(?s) } ' * 101} }}",
        "CONSTRUCT { ?s ?p [] } { ?s ?p true , false }",
        "ASK { FILTER(IRI('x') = uri('y')) }",
        'SELECT * { ?s ?p \'\\u0041\', """\\U00000041""" } # \\u000A',
    ],
)
def test_plain_queries_are_read_quickly(text: str) -> None:
    """What our own queries are made of needs no other look, and goes to the engine as it is written."""
    assert skim(text, 100, has_base=False) is not None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ASK { FILTER(TRUE) }", "ASK { FILTER(true) }"),
        (E + "ASK { e:a.b.c ?p ?o }", "PREFIX e: <urn:x:> ASK { <urn:x:a.b.c> ?p ?o }"),
        (E + "ASK { e:a\\-b ?p ?o }", "PREFIX e: <urn:x:> ASK { <urn:x:a-b> ?p ?o }"),
        ("ASK { ?s ?p ( # c\n) }", "ASK { ?s ?p () }"),
        ("ASKWHERE{}", "ASK WHERE{}"),
        ("BASE <urn:x:> ASK {}", "BASE <urn:x:> ASK {}"),
        ("ASK { ?s <urn:\\u0041> \\u003Fo }", "ASK { ?s <urn:\\u0041> ?o }"),
    ],
)
def test_what_may_be_written_otherwise_is_left(text: str, written: str) -> None:
    """The quick reading writes nothing: where it would have to, it stands back."""
    assert skim(text, 100, has_base=False) is None
    assert parse(text).text == written


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX e: <http://e/[> ASK {}",
        "PREFIX e: <x> ASK {}",
        "ASK { ?s ?p e:a }",
        "ASK { ?s ?p <x> }",
        "ASK { A ?p ?o }",
        "ASK { ?s ?p ?o",
        "ASK {} ASK {}",
        f"ASK {'{' * 101}",
    ],
)
def test_what_is_wrong_is_left(text: str) -> None:
    """Where it is wrong, and what would be right, the careful reading says."""
    assert skim(text, 100, has_base=False) is None
    if text.count("{") < 100:
        with pytest.raises(QuerySyntaxError):
            parse(text)


@pytest.mark.parametrize("closed", ["{ } ", "FILTER((1)) ", "[ ?p ?o ] ?q ?r . "])
def test_what_was_closed_makes_no_room_for_more(closed: str) -> None:
    """However many brackets were closed before, so many levels and no more are read."""
    before = closed * 50

    for levels, is_read in ((99, True), (100, False)):
        text = f"ASK {{ {before} {'{' * levels}{'}' * levels} }}"
        assert (skim(text, 100, has_base=False) is not None) is is_read


def test_what_reaches_beyond_the_graph_is_left() -> None:
    """A dataset or a service is found whether or not the text has a BASE."""
    parsed = parse("SELECT ?s FROM <urn:x:a> FROM NAMED <urn:x:b> { ?s ?p ?o SERVICE <urn:x:c> {} }")

    assert (parsed.default_graphs, parsed.named_graphs) == (("urn:x:a",), ("urn:x:b",))
    assert parsed.services == ("urn:x:c",)


def test_what_makes_iris_is_left_where_there_is_an_address() -> None:
    """IRI of a relative reference needs the address that the query is asked at."""
    text = "ASK { FILTER(IRI('x') = 1) }"

    assert skim(text, 100, has_base=True) is None
    assert skim("ASK { FILTER(STR('x') = 1) }", 100, has_base=True) is not None


@pytest.mark.parametrize(
    ("text", "is_deterministic"),
    [
        ("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }", False),
        ("construct { [] ?p ?o } where { ?s ?p ?o }", False),
        ("construct where { ?s ?p ?o }", True),
        ("construct { ?s ?p ?o } where { [] ?p ?o }", True),
    ],
)
def test_a_template_that_makes_nodes_answers_anew(text: str, is_deterministic: bool) -> None:
    """In capitals or in small letters; nodes of the pattern are no new ones."""
    assert parse(text).is_deterministic is is_deterministic


def test_spellings_are_kept_as_far_as_there_is_room() -> None:
    """A word that was read once is known the next time; somebody who writes it in all ways fills no memory."""
    _words.cache_clear()
    skim("aSk {}", 9, has_base=False)
    assert _words()["aSk"] == "ASK"

    for letters in product(*zip("GROUP_CONCAT", "group_concat", strict=True)):
        skim(f"SELECT ({''.join(letters)}(?x) AS ?y) {{}}", 9, has_base=False)

    assert len(_words()) == _SPELLINGS
    _words.cache_clear()
