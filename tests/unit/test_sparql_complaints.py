"""What the engine refuses is located in the author's text, from the engine's own place where that is all there is."""

import pytest

from dialogiverkko.sparql.complaints import syntax_complaint
from dialogiverkko.sparql.parse import parse

TWO_LINES = "SELECT ?s\nWHERE { ?s ?p ?o }"
UNBOUND = "error at 2:22: The SELECT contains a variable that is unbound"
VALUES = "Repeated variables are not allowed in VALUES"


@pytest.mark.parametrize(
    ("text", "message", "place", "sentence"),
    [
        (f"# a\n {TWO_LINES}", UNBOUND, (2, 2), "SELECT may name only grouped variables"),
        ("ASK { ?s ?p ?o }", UNBOUND, (1, 1), "SELECT may name only grouped variables"),
        (TWO_LINES, f"error at 2:7: {VALUES}", (2, 7), "VALUES names the same variable twice"),
        (TWO_LINES, f"error at 1:1: {VALUES}", (1, 1), "VALUES names the same variable twice"),
        (TWO_LINES, f"error at 1:8: {VALUES}", (1, 8), "VALUES names the same variable twice"),
        (f"{TWO_LINES}\n# c", f"error at 3:2: {VALUES}", (3, 2), "VALUES names the same variable twice"),
        (TWO_LINES, f"error at 7:1: {VALUES}", (2, 1), "VALUES names the same variable twice"),
        (TWO_LINES, f"error at 2:99: {VALUES}", (2, 19), "VALUES names the same variable twice"),
        (TWO_LINES, VALUES, (1, 1), "VALUES names the same variable twice"),
        (TWO_LINES, "error at 2:3: expected something", (2, 3), "the engine cannot read the query up to here"),
        ("SELECT ?s ?p ?s { ?s ?p ?o }", "Duplicated variable name in SELECT", (1, 14), "the same variable twice"),
        ("SELECT * { ?s ?p ?o }", f"error at 1:3: {VALUES}", (1, 3), "VALUES names the same variable twice"),
        ("ASK { ?s ?p 'a'@en-abcdefghi }", "any", (1, 16), "@en-abcdefghi is not a language tag"),
        ("ASK { ?s ?p 'a'@abcdefghi }", "any", (1, 16), "@abcdefghi is not a language tag"),
        ("ASK { ?s ?p 'a'@en }", f"error at 1:3: {VALUES}", (1, 3), "VALUES names the same variable twice"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "any", (1, 8), "SELECT * cannot stand with GROUP BY"),
        ("SELECT DISTINCT * { ?s ?p ?o } GROUP BY ?s", "any", (1, 17), "SELECT * cannot stand with GROUP BY"),
        (
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s",
            f"error at 1:3: {VALUES}",
            (1, 3),
            "VALUES names the same variable twice",
        ),
        ("ASK { _:a ?p ?o { _:a ?q ?r } }", "any", (1, 19), "_:a is used in two graph patterns"),
        ("ASK { _:a ?p ?o { ?s ?q ?r } _:a ?q 1 }", "any", (1, 30), "_:a is used in two graph patterns"),
        ("ASK { _:a ?p ?o . _:a ?q ?r }", f"error at 1:3: {VALUES}", (1, 3), "VALUES names the same variable twice"),
        (
            "SELECT (?s + ?s AS ?n) ?s ?s { ?s ?p ?o }",
            "Duplicated variable name in SELECT",
            (1, 27),
            "the same variable twice",
        ),
        ("SELECT * { ?s ?p ?o }", "error at 1:3: expected something", (1, 3), "the engine cannot read the query"),
        ("ASK { ?s ?p 'a'@en-x }", "any", (1, 16), "@en-x is not a language tag"),
        ("ASK { ?s ?p 'a'@en-abcdefgh }", f"error at 1:3: {VALUES}", (1, 3), "VALUES names the same variable twice"),
        ("ASK { { SELECT ?s { ?s ?p ?o } } }", "Duplicated variable name in SELECT", (1, 9), "the same variable twice"),
    ],
)
def test_the_place_is_that_of_the_fault(text: str, message: str, place: tuple[int, int], sentence: str) -> None:
    """The clause at fault where it can be seen, else the line and column that the engine tells, within the text."""
    complaint = syntax_complaint(parse(text), message)

    assert (complaint.details["line"], complaint.details["column"]) == place
    assert sentence in complaint.message
