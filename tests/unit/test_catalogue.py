"""The saved query files: their headers, parameters and places for values."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from dialogiverkko.errors import BadParameterError, DataError, NotFoundError
from dialogiverkko.saved import catalogue, parameters
from dialogiverkko.saved.parameters import Choice, Parameter, ParameterType
from dialogiverkko.sparql import binding

GOOD = """#+ title: { fi: "T", sv: "T", en: "T" }
#+ question: { fi: "K?", sv: "F?", en: "Q?" }
#+ explanation: { fi: "S", sv: "F", en: "E" }
#+ tags: [test]
#+ parameters:
#+   - { name: language, type: language, default: fi }
#+   - { name: count, type: integer }
#+ columns: [thing]
#+ view: table

SELECT ?thing WHERE {
  VALUES ?language { UNDEF }
  VALUES ?count { UNDEF }
  ?thing ?property ?count .
}
ORDER BY ?thing
"""


def test_reads_a_query_file_into_its_parts() -> None:
    """A file gives name, texts, typed parameters and columns; its text is valid SPARQL as it stands."""
    query = catalogue.read(GOOD, "queries/competency/a-question.rq")

    assert (query.name, query.folder, query.columns, query.view) == (
        "a-question", "competency", ("thing",), "table",
    )  # fmt: skip
    assert [(item.name, item.type, item.default) for item in query.parameters] == [
        ("language", ParameterType.LANGUAGE, ("fi",)),
        ("count", ParameterType.INTEGER, ()),
    ]
    assert list(Store().query(query.text)) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("#+ tags: [test]\n", "", 1, "lacks 'tags'"),
        (", en: \"T\"", "", 1, "lacks the language 'en'"),
        ("#+ view: table", "#+ view: tabel", 9, "view must be one of"),
        ("#+ view: table", "#+ viev: table", 9, "no field 'viev'"),
        ("type: integer", "type: number", 7, "type must be one of"),
        ("type: integer", "type: choice", 7, "has no choices"),
        ("type: integer", "type: integer, default: many", 7, "default of 'count' is not allowed"),
        ("name: count", "name: limit", 7, "cannot name a parameter"),
        ("  VALUES ?count { UNDEF }\n", "", 6, "has no place for 'count'"),
        ("  VALUES ?count { UNDEF }", "VALUES ?n { UNDEF } VALUES ?count { UNDEF }", 6, "no parameter"),
        ("[thing]", "[thing, other]", 8, "columns must be the query's variables"),
        ("ORDER BY ?thing\n", "", 1, "must order its rows"),
        ("ORDER BY ?thing", "ORDER BY ?thing LIMIT 5", 1, "no LIMIT of its own"),
        ("?thing ?property ?count .", "?thing ?property .", 14, "is not SPARQL"),
        ("#+ tags: [test]", "#+ tags: [test", 5, "is not YAML"),
        ("#+ tags: [test]", "#+ title: x", 4, "stands twice"),
    ],
)  # fmt: skip
def test_says_where_a_query_file_is_wrong(old: str, new: str, line: int, words: str) -> None:
    """Each fault is named with the file and the line on which it stands."""
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        catalogue.read(GOOD.replace(old, new, 1), "queries/competency/a-question.rq")

    assert f"queries/competency/a-question.rq:{line}: " in caught.value.message
    assert words in caught.value.message


def test_every_query_of_the_project_loads(root: Path) -> None:
    """The folder holds at least fifty public queries, each with headings for all columns and parameters."""
    loaded = catalogue.load(root / "queries")
    files = [path for path in (root / "queries").rglob("*.rq") if path.parent.name != "checks"]

    assert len(loaded.queries) == len(files)
    assert len(loaded.public()) >= 50
    for query in loaded.public():
        named = {column for column in query.columns if not column.endswith("Label")}
        assert named <= set(query.headings), f"{query.name}: columns.yaml lacks {named - set(query.headings)}"
        assert all(parameter.labels for parameter in query.parameters), query.name
        assert len(query.name) <= 64, query.name


def test_names_the_nearest_query(root: Path) -> None:
    """An unknown name is answered with the one most like it."""
    with pytest.raises(NotFoundError) as caught:
        catalogue.load(root / "queries").get("colaboration-link")

    assert caught.value.details["nearest"] == "collaboration-links"


# --- parameters -------------------------------------------------------------------------------------------


def _no_choices(parameter: Parameter) -> Sequence[Choice]:
    del parameter
    return []


@pytest.mark.parametrize(
    ("kind", "raw", "term"),
    [
        (ParameterType.IRI, "om", NamedNode("https://w3id.org/dialogiverkko/id/org/om")),
        (ParameterType.IRI, "http://example.org/a", NamedNode("http://example.org/a")),
        (ParameterType.STRING, 'a "b" \\ c', Literal('a "b" \\ c')),
        (ParameterType.INTEGER, "-12", Literal(-12)),
        (
            ParameterType.DATE,
            "2021-06-08",
            Literal("2021-06-08", datatype=NamedNode(parameters.XSD + "date")),
        ),
        (ParameterType.LANGUAGE, "sv", Literal("sv")),
    ],
)
def test_reads_a_value_as_a_term(kind: ParameterType, raw: str, term: NamedNode | Literal) -> None:
    """Each type turns what a caller writes into the term that it means."""
    parameter = Parameter("x", kind, base="https://w3id.org/dialogiverkko/id/org/")

    assert parameter.term(raw) == term


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (ParameterType.IRI, "om> ?x"),
        (ParameterType.IRI, "http://example.org/<a>"),
        (ParameterType.IRI, "javascript:alert(1)"),
        (ParameterType.INTEGER, "1; DROP"),
        (ParameterType.INTEGER, "1e3"),
        (ParameterType.DATE, "2021-02-30"),
        (ParameterType.DATE, "20210608"),
        (ParameterType.LANGUAGE, "de"),
        (ParameterType.STRING, "a\nb"),
        (ParameterType.STRING, "x" * 201),
        (ParameterType.STRING, "   "),
    ],
)
def test_refuses_what_a_type_does_not_allow(kind: ParameterType, raw: str) -> None:
    """The refusal names the parameter and never repeats more than sixty characters of the value."""
    with pytest.raises(BadParameterError) as caught:
        Parameter("x", kind, base="https://w3id.org/dialogiverkko/id/org/").term(raw)

    assert caught.value.details["parameter"] == "x"
    assert len(caught.value.message) < 400


def test_puts_defaults_where_nothing_is_given() -> None:
    """An empty value is one that was not given; a list may come with commas or several times."""
    many = Parameter("x", ParameterType.INTEGER, default=("1", "2"), many=True)

    assert parameters.read([many], [("x", "")], _no_choices)["x"] == (Literal(1), Literal(2))
    assert parameters.read([many], [("x", "3,4")], _no_choices)["x"] == (Literal(3), Literal(4))
    assert parameters.read([many], [("x", "3"), ("x", "4")], _no_choices)["x"] == (Literal(3), Literal(4))


def test_refuses_an_unknown_parameter_with_the_nearest() -> None:
    """A misspelt parameter is not ignored: the answer would be to another question."""
    with pytest.raises(BadParameterError) as caught:
        parameters.read([Parameter("organisation", ParameterType.IRI)], [("organization", "om")], _no_choices)

    assert caught.value.details["nearest"] == "organisation"


def test_refuses_a_value_that_is_not_among_the_choices() -> None:
    """A value beyond the choices is refused with the nearest choice."""
    parameter = Parameter("x", ParameterType.IRI, base="http://e/", choices_query="things")
    choices = [Choice("planned", NamedNode("http://e/planned"), "Planned")]

    with pytest.raises(BadParameterError) as caught:
        parameters.read([parameter], [("x", "planed")], lambda _: choices)

    assert (caught.value.details["nearest"], caught.value.details["allowed"]) == ("planned", ["planned"])


# --- binding ----------------------------------------------------------------------------------------------


def test_fills_the_places_and_nothing_else() -> None:
    """A place inside a comment, a string or an IRI is no place."""
    query = 'SELECT ?x { # VALUES ?x { UNDEF }\n VALUES ?x { UNDEF } FILTER(?y != "VALUES ?x { UNDEF }") }'

    bound = binding.bind(query, {"x": [Literal("a"), NamedNode("http://e/b")]})

    assert binding.anchors(query) == ["x"]
    assert bound == query.replace(" VALUES ?x { UNDEF } F", ' VALUES ?x { "a" <http://e/b> } F')


def test_leaves_a_place_without_values_empty() -> None:
    """No value means no restriction: the block stays UNDEF."""
    query = "SELECT ?x { VALUES ?x { UNDEF } }"

    assert binding.bind(query, {"x": []}) == query


@given(st.text(min_size=1, max_size=60))
@example("\\\x07")
def test_any_text_comes_back_as_the_same_term(text: str) -> None:
    """Whatever a literal holds, the engine reads exactly that literal, and one block, back."""
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        return
    block = binding.block("x", [Literal(text)])

    found = [solution["x"] for solution in Store().query(f"SELECT ?x WHERE {{ {block} }}")]  # type: ignore[union-attr]

    assert found == [Literal(text)]


@given(st.text(alphabet="\\uU0027\"'>}{n", min_size=1, max_size=30))
def test_no_text_hides_a_codepoint_escape(text: str) -> None:
    """An engine that decodes codepoint escapes before it parses reads the same literal (SPARQL 1.1, 19.2)."""
    block = binding.block("x", [Literal(text)])
    decoded = re.sub(r"\\u([0-9A-F]{4})", lambda match: chr(int(match[1], 16)), block)

    found = [solution["x"] for solution in Store().query(f"SELECT ?x WHERE {{ {decoded} }}")]  # type: ignore[union-attr]

    assert found == [Literal(text)]
