"""How names and values of a request are read, and how an answer is compared with what was expected."""

import pytest

from dialogiverkko.errors import BadParameterError
from dialogiverkko.saved import expected
from dialogiverkko.saved.asked import Asked, untracked

XSD = "http://www.w3.org/2001/XMLSchema#"


def test_what_advertisers_append_is_left_out() -> None:
    """Whatever its case; a name of ours that begins alike stays."""
    pairs = [("utm_source", "x"), ("FBCLID", "y"), ("q", "z"), ("utm", "w")]

    assert untracked(pairs) == [("q", "z"), ("utm", "w")]


def test_values_are_read_by_their_names() -> None:
    """With commas or given several times, each once, an empty one as not given."""
    asked = Asked([("a", "x, y"), ("a", "x"), ("b", ""), ("lang", "sv-FI"), ("c", "z")], ["a", "b", "c", "lang"])

    assert asked.several("a", ["x", "y"]) == ("x", "y")
    assert asked.several("b") == ()
    assert (asked.one("b"), asked.one("c", ["z"]), asked.language()) == ("", "z", "sv")
    assert Asked([], ["lang"]).language() == ""


@pytest.mark.parametrize(
    ("pairs", "name", "words"),
    [
        ([("d", "x")], "d", "There is no parameter 'd'"),
        ([("a", "q")], "a", "Allowed: x"),
        ([("a", "x"), ("a", "x")], "a", "It takes one value, and was given several"),
    ],
)
def test_what_is_not_known_is_refused(pairs: list[tuple[str, str]], name: str, words: str) -> None:
    """A name, a value, and a second value where one is due."""
    with pytest.raises(BadParameterError, match=words) as caught:
        Asked(pairs, ["a"]).one("a", ["x"])

    assert caught.value.details["parameter"] == name


def test_two_days_are_in_order() -> None:
    """The same day twice is a period of one day; either may lack."""
    asked = Asked([("begin", "2020-01-02"), ("end", "2020-01-02")], ["begin", "end"])

    assert asked.days("begin", "end") == ("2020-01-02", "2020-01-02")
    assert Asked([("end", "2020-01-02")], ["begin", "end"]).days("begin", "end") == ("", "2020-01-02")
    with pytest.raises(BadParameterError, match="nothing lies between"):
        Asked([("begin", "2020-01-03"), ("end", "2020-01-02")], ["begin", "end"]).days("begin", "end")


def test_a_row_is_written_with_types_and_languages() -> None:
    """IRIs of ours are short, plain strings bare, joined names in the order of the alphabet, what lacks empty."""
    row = {
        "thing": {"type": "uri", "value": "https://w3id.org/dialogiverkko/id/org/om"},
        "name": {"type": "literal", "value": "Å; B", "xml:lang": "fi"},
        "number": {"type": "literal", "value": "7", "datatype": XSD + "integer"},
        "text": {"type": "literal", "value": "b; a", "datatype": XSD + "string"},
        "orgLabels": {"type": "literal", "value": "b; a, c"},
        "keywords": {"type": "literal", "value": "b, a"},
    }

    columns = ["thing", "name", "number", "text", "orgLabels", "keywords", "none"]
    assert expected.rows_of(columns, [row]) == [
        ["<id/org/om>", '"Å; B"@fi', '"7"^^xsd:integer', '"b; a"', '"a, c; b"', '"a, b"', ""]
    ]


def test_two_answers_are_compared_row_by_row() -> None:
    """Alike: nothing; rows that went and came, each as often; an order that differs is a difference."""
    assert expected.compare("q", [["a"], ["b"]], [["a"], ["b"]]) == ""
    assert expected.compare("q", [["a"], ["b"]], [["b"], ["a"]]).endswith("\nthe rows are the same, in another order")
    assert expected.compare("q", [["a", "x"], ["a", "x"]], [["a", "x"], ["c", "x"]]) == (
        "q changed its answer: 1 rows went (-), 1 rows came (+)\n- a | x\n+ c | x"
    )
