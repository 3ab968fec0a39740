"""Whole answers are compared: a wrong value, a wrong type or a wrong order is seen, a renamed blank node is not."""

import json

import pytest
from tests.benchmarks.answers import UnreadableAnswerError, difference, order_of, read
from tests.benchmarks.load import ACCEPT_GRAPH, ACCEPT_SOLUTIONS, Reply

PLAIN = "SELECT ?a ?b { ?a ?p ?b }"
XSD = "http://www.w3.org/2001/XMLSchema#"
Cell = dict[str, str]


def solutions(*rows: dict[str, Cell]) -> Reply:
    """Write solutions as a server does."""
    document = {"head": {"vars": ["a", "b"]}, "results": {"bindings": rows}}
    return Reply(200, ACCEPT_SOLUTIONS, (json.dumps(document).encode(),))


def text(value: str, **more: str) -> Cell:
    """A literal."""
    return {"type": "literal", "value": value, **more}


def blank(value: str) -> Cell:
    """A blank node."""
    return {"type": "bnode", "value": value}


def compared(ours: Reply, theirs: Reply, query: str = PLAIN) -> str:
    """Read both and say how they differ."""
    return difference(read(ours, query), read(theirs, query), query)


ONE, TWO = {"a": text("1", datatype=f"{XSD}integer")}, {"a": text("2", datatype=f"{XSD}integer")}


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((ONE, TWO), (TWO, ONE), ""),
        ((ONE, TWO), (ONE, ONE), "1 of 2 rows"),
        ((ONE, ONE), (ONE,), "1 rows for 2"),
        (({"a": text("x", **{"xml:lang": "fi"})},), ({"a": text("x", **{"xml:lang": "FI"})},), ""),
        (({"a": text("x", **{"xml:lang": "fi"})},), ({"a": text("x")},), "1 of 1 rows"),
        ((ONE,), ({"a": text("1", datatype=f"{XSD}decimal")},), "1 of 1 rows"),
        (
            ({"a": text("1.0", datatype=f"{XSD}decimal")},),
            ({"a": text("1.00", datatype=f"{XSD}decimal")},),
            "",
        ),
        (({"a": blank("x"), "b": blank("y")},), ({"a": blank("k"), "b": blank("l")},), ""),
        (({"a": blank("x"), "b": blank("y")},), ({"a": blank("k"), "b": blank("k")},), "1 of 1 rows"),
    ],
)
def test_solutions_are_the_same_when_all_of_them_are(
    ours: tuple[dict[str, Cell], ...], theirs: tuple[dict[str, Cell], ...], expected: str
) -> None:
    """Counts, values, datatypes, languages and blank nodes."""
    assert compared(solutions(*ours), solutions(*theirs)) == expected


def test_order_counts_as_far_as_the_query_states_it() -> None:
    """Rows that ORDER BY leaves equal may come in any order."""
    query = "SELECT ?a ?b { ?a ?p ?b } ORDER BY DESC(?a) LIMIT 9"
    first, second, third = ({"a": text(a), "b": text(b)} for a, b in (("2", "x"), ("2", "y"), ("1", "z")))

    assert compared(solutions(first, second, third), solutions(second, first, third), query) == ""
    assert compared(solutions(first, second, third), solutions(third, first, second), query) == "order"


def test_the_order_and_the_language_of_a_group_concat_are_nobodys() -> None:
    """The standard leaves the order open and gives no language."""
    query = 'SELECT (GROUP_CONCAT(DISTINCT STR(?x); SEPARATOR=", ") AS ?a) { ?s ?p ?x }'

    kept = text("x, y", **{"xml:lang": "fi"})

    assert compared(solutions({"a": kept}), solutions({"a": text("y, x")}), query) == ""
    assert compared(solutions({"a": text("x, y")}), solutions({"a": text("y, z")}), query) == "1 of 1 rows"


def test_graphs_are_sets_up_to_the_names_of_blank_nodes() -> None:
    """A triple said twice is said once."""

    def graph(*lines: str) -> Reply:
        return Reply(200, ACCEPT_GRAPH, tuple(f"{line} .\n".encode() for line in lines))

    ours = graph("_:a <e:p> _:b", '_:b <e:p> "x"')

    assert compared(ours, graph('_:n <e:p> "x"', "_:m <e:p> _:n", "_:m <e:p> _:n")) == ""
    assert compared(ours, graph('_:n <e:p> "x"', "_:m <e:p> _:m")) == "2 of 2 rows"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?a { } ORDER BY ?a DESC(?b) LIMIT 5 OFFSET 2", ["a", "b"]),
        ("SELECT ?a { } ORDER BY LCASE(?a)", []),
        ("SELECT ?a { { SELECT ?b { } ORDER BY ?b LIMIT 1 } }", []),
    ],
)
def test_only_an_order_of_columns_is_held_against_a_server(query: str, expected: list[str]) -> None:
    """Expressions and the order inside a part of the query are not seen in the answer."""
    assert order_of(query) == expected


def test_what_cannot_be_read_is_said_to_be_so() -> None:
    """A page of words with status 200 is no answer."""
    with pytest.raises(UnreadableAnswerError):
        read(Reply(200, ACCEPT_SOLUTIONS, (b"{ oops",)), PLAIN)
