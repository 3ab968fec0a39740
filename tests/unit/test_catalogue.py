"""The saved query files: their headers, parameters and places for values."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from dialogiverkko.errors import BadParameterError, DataError, NotFoundError
from dialogiverkko.namespaces import LANGUAGES, XSD
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
    query = catalogue.read_query(GOOD, "queries/competency/a-question.rq")

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
        ("type: integer", "type: integer, default: [1, 2]", 7, "has several defaults but is not 'many'"),
        ("name: count", "name: limit", 7, "cannot name a parameter"),
        ("  VALUES ?count { UNDEF }\n", "", 6, "has no place for 'count'"),
        ("  VALUES ?count { UNDEF }", "VALUES ?n { UNDEF } VALUES ?count { UNDEF }", 6, "no parameter"),
        ("[thing]", "[thing, other]", 8, "columns must be the query's variables in their order: thing"),
        ("ORDER BY ?thing\n", "", 1, "must order its rows"),
        ("ORDER BY ?thing", "ORDER BY ?thing LIMIT 5", 1, "no LIMIT of its own"),
        ("?thing ?property ?count .", "?thing ?property .", 14, "is not SPARQL"),
        ("?thing ?property ?count .", "?thing skos:note ?count .", 14, "Add the line PREFIX skos: <http://s/>"),
        ("SELECT ?thing", "SELECT ?thing ?thing", 11, "is not SPARQL"),
        ("#+ tags: [test]", "#+ tags: test", 4, "'tags'"),
        ("{ name: count, type: integer }", "{ type: integer }", 7, "item 2 of 'parameters' lacks 'name'"),
        ("type: integer }", "type: integer, mny: true }", 7, "its fields are name, type, base"),
        ("#+ tags: [test]", "#+ tags: [test", 5, "is not YAML"),
        ("#+ tags: [test]", "#+ title: x", 4, "stands twice"),
    ],
)  # fmt: skip
def test_says_where_a_query_file_is_wrong(old: str, new: str, line: int, words: str) -> None:
    """Each fault is named with the file and the line on which it stands."""
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        catalogue.read_query(
            GOOD.replace(old, new, 1), "queries/competency/a-question.rq", prefixes={"skos": "http://s/"}
        )

    assert f"queries/competency/a-question.rq:{line}: " in caught.value.message
    assert words in caught.value.message


def test_every_query_of_the_project_loads(root: Path) -> None:
    """The folder holds at least fifty public queries, each with headings for all columns and parameters."""
    loaded = catalogue.load(root / "queries")
    files = [path for path in (root / "queries").rglob("*.rq") if path.parent.name != "checks"]

    assert len(loaded.queries) == len(files)
    assert len(loaded.public()) >= 50
    for query in loaded.public():
        lacking = {column for column in query.columns if not column.endswith("Label")} - set(query.headings)
        lacking |= {parameter.name for parameter in query.parameters if not parameter.labels}
        assert lacking == set(), f"{query.name}: queries/columns.yaml lacks what these are called"
        assert len(query.name) <= 64, query.name


def test_a_folder_is_checked_unless_a_build_has_done_so(root: Path, tmp_path: Path) -> None:
    """A SELECT without an order is refused; a start that reads what was built looks at headers alone."""
    shutil.copytree(root / "queries", tmp_path / "queries")
    path = next(each for each in sorted(tmp_path.rglob("competency/*.rq")) if "ORDER BY" in each.read_text("utf-8"))
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex("ORDER BY")], "utf-8")

    with pytest.raises(DataError, match="a SELECT must order its rows"):
        catalogue.load(tmp_path / "queries")

    assert path.stem in catalogue.load(tmp_path / "queries", is_checked=True).queries


def test_names_the_nearest_query(root: Path) -> None:
    """An unknown name is answered with the one most like it."""
    with pytest.raises(NotFoundError) as caught:
        catalogue.load(root / "queries").get("colaboration-link")

    assert caught.value.details["nearest"] == "collaboration-links"


@pytest.mark.parametrize(("length", "shown"), [(80, "0" * 80), (81, "0" * 80 + "…")])
def test_a_long_name_is_shown_cut(length: int, shown: str) -> None:
    """No answer repeats whatever it was sent."""
    with pytest.raises(NotFoundError) as caught:
        catalogue.Catalogue({}).get("0" * length)

    assert caught.value.message == f"There is no saved query '{shown}'."


# --- parameters -------------------------------------------------------------------------------------------


def _no_choices(parameter: Parameter, language: str = "fi") -> Sequence[Choice]:
    del parameter, language
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
            Literal("2021-06-08", datatype=NamedNode(XSD + "date")),
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

    assert parameters.read_values([many], [("x", "")], _no_choices)["x"] == (Literal(1), Literal(2))
    assert parameters.read_values([many], [("x", "3,4")], _no_choices)["x"] == (Literal(3), Literal(4))
    assert parameters.read_values([many], [("x", "3"), ("x", "4")], _no_choices)["x"] == (Literal(3), Literal(4))


def test_refuses_an_unknown_parameter_with_the_nearest() -> None:
    """A misspelt parameter is not ignored: the answer would be to another question."""
    with pytest.raises(BadParameterError) as caught:
        parameters.read_values([Parameter("organisation", ParameterType.IRI)], [("organization", "om")], _no_choices)

    assert caught.value.details["nearest"] == "organisation"


def test_refuses_a_value_that_is_not_among_the_choices() -> None:
    """A value beyond the choices is refused with the nearest choice."""
    parameter = Parameter("x", ParameterType.IRI, base="http://e/", choices_query="things")
    choices = [Choice("planned", NamedNode("http://e/planned"), "Planned")]

    with pytest.raises(BadParameterError) as caught:
        parameters.read_values([parameter], [("x", "planed")], lambda *_: choices)

    assert (caught.value.details["nearest"], caught.value.details["allowed"]) == ("planned", ["planned"])


def test_refuses_a_value_that_is_not_in_the_list_of_the_header() -> None:
    """Whatever the type of the parameter; a value of the list is read as that."""
    parameter = Parameter("mode", ParameterType.IRI, base="http://e/", choices=("remote", "hybrid"))
    choices = [Choice(name, NamedNode(f"http://e/{name}"), name) for name in parameter.choices]
    found = parameters.read_values([parameter], [("mode", "hybrid")], lambda *_: choices)

    with pytest.raises(BadParameterError) as caught:
        parameters.read_values([parameter], [("mode", "remot")], lambda *_: choices)

    assert found["mode"] == (NamedNode("http://e/hybrid"),)
    assert (caught.value.details["nearest"], caught.value.details["allowed"]) == ("remote", ["remote", "hybrid"])


def test_a_short_name_goes_before_a_label() -> None:
    """In any case of letters; a label is looked for where no short name is meant."""
    parameter = Parameter("x", ParameterType.IRI, base="http://e/", choices_query="things")
    choices = [Choice(name, NamedNode(f"http://e/{name}"), label) for name, label in (("om", "Oma"), ("vm", "Om"))]

    for raw, name in (("OM", "om"), ("oma", "om"), ("Vm", "vm"), ("http://e/vm", "vm")):
        found = parameters.read_values([parameter], [("x", raw)], lambda *_: choices)
        assert found["x"] == (NamedNode(f"http://e/{name}"),)


def test_a_label_with_a_comma_is_one_value() -> None:
    """Whatever else has commas is a list."""
    parameter = Parameter("x", ParameterType.IRI, base="http://e/", choices_query="things", many=True)
    choices = [Choice(name, NamedNode(f"http://e/{name}"), label) for name, label in (("a", "One, two"), ("b", "B"))]
    a, b = (choice.term for choice in choices)

    for raw, found in (("one, two", (a,)), ("a,b", (a, b)), ("B,a", (b, a)), ("b", (b,))):
        assert parameters.read_values([parameter], [("x", raw)], lambda *_: choices)["x"] == found


@pytest.mark.parametrize(("raw", "reads"), [("a,b", {"fi"}), ("b", {"fi"}), ("a,B", set(LANGUAGES))])
def test_names_in_other_languages_are_read_where_a_short_name_is_not_known(raw: str, reads: set[str]) -> None:
    """Of many organisations that takes a while."""
    parameter = Parameter("x", ParameterType.IRI, base="http://e/", choices_query="things", many=True)
    asked = set()

    def choices(_: Parameter, language: str = "fi") -> list[Choice]:
        asked.add(language)
        return [Choice(name, NamedNode(f"http://e/{name}"), name.upper()) for name in ("a", "b")]

    parameters.read_values([parameter], [("x", raw)], choices)

    assert asked == reads


@pytest.mark.parametrize("raw", ["vmm", "Finanse ministry"])
def test_the_nearest_is_looked_for_among_short_names_and_labels(raw: str) -> None:
    """And told by its short name."""
    parameter = Parameter("x", ParameterType.IRI, base="http://e/", choices_query="things")
    choices = [Choice("vm", NamedNode("http://e/vm"), "Finance ministry")]

    with pytest.raises(BadParameterError) as caught:
        parameters.read_values([parameter], [("x", raw)], lambda *_: choices)

    assert caught.value.details["nearest"] == "vm"


def test_a_second_value_is_refused_where_one_is_due() -> None:
    """Both are shown, neither is blamed, and the first is not taken for the answer."""
    with pytest.raises(BadParameterError, match="The parameter 'n' takes one value, and was given several") as caught:
        parameters.read_values([Parameter("n", ParameterType.INTEGER)], [("n", "1"), ("n", "2")], _no_choices)

    assert caught.value.details["given"] == "1, 2"


@pytest.mark.parametrize(
    ("base", "such"), [("http://e/org/", "http://e/org/"), ("", "https://w3id.org/dialogiverkko/")]
)
def test_what_an_iri_looks_like_is_told(base: str, such: str) -> None:
    """As those of the parameter, or of the graph."""
    with pytest.raises(BadParameterError, match=f"It must be an IRI, such as {such}…"):
        Parameter("x", ParameterType.IRI, base=base).term("mailto:x")


def test_as_many_and_as_long_values_as_may_be() -> None:
    """One more, or a character more, is refused."""
    many = Parameter("n", ParameterType.INTEGER, many=True)
    given = [("n", str(number)) for number in range(parameters.MAX_VALUES)]

    assert len(parameters.read_values([many], given, _no_choices)["n"]) == parameters.MAX_VALUES
    with pytest.raises(BadParameterError, match=f"takes at most {parameters.MAX_VALUES} values, and was given 51"):
        parameters.read_values([many], [*given, ("n", "77")], _no_choices)
    with pytest.raises(BadParameterError, match="at most"):
        parameters.read_values([many], [("n", ",".join(["1"] * (parameters.MAX_VALUES + 1)))], _no_choices)
    longest = "x" * parameters.MAX_LENGTH
    assert Parameter("s", ParameterType.STRING).term(longest) == Literal(longest)


def test_what_is_long_is_shown_cut() -> None:
    """A name or a value of more than sixty characters is repeated up to there, one of sixty whole."""
    for length, shown in ((60, "x" * 60), (61, "x" * 60 + "…")):
        with pytest.raises(BadParameterError) as caught:
            parameters.read_values([], [("x" * length, "1")], _no_choices)
        assert f"There is no parameter '{shown}'." in caught.value.message
        with pytest.raises(BadParameterError) as caught:
            Parameter("n", ParameterType.INTEGER).term("x" * length)
        assert f"cannot be '{shown}'." in caught.value.message


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    """What controls a terminal or turns the order of letters does neither in an error."""
    with pytest.raises(BadParameterError) as caught:
        Parameter("n", ParameterType.INTEGER).term("1\x1b[31m\u202eå\ud800 ½")

    assert caught.value.details["given"] == r"1\u001b[31m\u202eå\ud800 ½"
    with pytest.raises(BadParameterError, match=r"A parameter has no name\. Allowed: n\."):
        parameters.unknown(" ", ["n"])


def test_a_required_parameter_is_asked_for() -> None:
    """Unless a default stands for it or a value is given; one that is not required may stay away."""
    asked = Parameter("n", ParameterType.INTEGER, required=True)
    with pytest.raises(BadParameterError, match="'n' is required"):
        parameters.read_values([asked], [], _no_choices)

    assert parameters.read_values([asked], [("n", "1")], _no_choices)["n"] == (Literal(1),)
    with_default = Parameter("n", ParameterType.INTEGER, required=True, default=("2",))
    assert parameters.read_values([with_default], [], _no_choices)["n"] == (Literal(2),)
    assert parameters.read_values([Parameter("n", ParameterType.INTEGER)], [], _no_choices)["n"] == ()


def test_a_parameter_is_found_by_its_name() -> None:
    """Unless its header says otherwise, it is not required and takes one value."""
    query = catalogue.read_query(GOOD, "queries/competency/a-question.rq")

    assert query.parameter("count").type is ParameterType.INTEGER
    assert (query.parameter("count").required, query.parameter("count").many) == (False, False)
    required = catalogue.read_query(
        GOOD.replace("type: integer", "type: integer, required: true"), "queries/competency/a.rq"
    )
    assert required.parameter("count").required


@pytest.mark.parametrize(
    ("said", "choices", "query", "default"),
    [
        ("choice, choices: [a, b]", ("a", "b"), "", ()),
        ("choice, choices: [a, b], default: a", ("a", "b"), "", ("a",)),
        ("iri, choices: themes", (), "themes", ()),
        ("integer, default: [1, 2], many: true", (), "", ("1", "2")),
    ],
)
def test_choices_and_defaults_are_one_or_many(
    said: str, choices: tuple[str, ...], query: str, default: tuple[str, ...]
) -> None:
    """A list of choices, or the name of a query that has them; one default, or a list of them."""
    found = catalogue.read_query(GOOD.replace("type: integer", f"type: {said}"), "queries/competency/a.rq").parameter(
        "count"
    )

    assert (found.choices, found.choices_query, found.default) == (choices, query, default)


def test_choices_come_from_a_query_of_values_and_labels(tmp_path: Path) -> None:
    """Another query is refused, and those that would do are named."""
    text = GOOD.replace("type: integer", "type: choice, choices: others")
    (tmp_path / "competency").mkdir()
    (tmp_path / "competency" / "a.rq").write_text(text, encoding="utf-8")
    values = GOOD.replace("[thing]", "[value, label, thing]").replace("SELECT ?thing", "SELECT ?value ?label ?thing")
    (tmp_path / "competency" / "good.rq").write_text(values, encoding="utf-8")
    (tmp_path / "competency" / "others.rq").write_text(GOOD, encoding="utf-8")

    with pytest.raises(
        DataError, match=r"a.rq:7: .*columns value and label: write queries/choices/others.rq or take good$"
    ):
        catalogue.load(tmp_path)

    (tmp_path / "competency" / "others.rq").write_text(values, encoding="utf-8")
    assert "others" in {each.choices_query for each in catalogue.load(tmp_path).queries["a"].parameters}


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ({"fi": "Määrä", "sv": "Antal", "en": "Count"}, ["Määrä", "Antal", "Count"]),
        ({"fi": "Määrä", "en": "Count"}, ["Määrä", "Määrä", "Count"]),
        ({}, ["count", "count", "count"]),
    ],
)
def test_a_parameter_has_a_name_in_each_language(labels: dict[str, str], names: list[str]) -> None:
    """The reader's language, else Finnish, else the name of the variable."""
    parameter = Parameter("count", ParameterType.INTEGER, labels=labels)

    assert [parameter.label(language) for language in ("fi", "sv", "en")] == names


def test_a_column_has_a_heading_in_each_language() -> None:
    """In the reader's language; a column that columns.yaml does not know has the name of its variable."""
    query = catalogue.read_query(
        GOOD, "queries/competency/a.rq", {"thing": {"fi": "Kohde", "sv": "Sak", "en": "Thing"}}
    )

    assert [query.heading("thing", language) for language in ("fi", "sv", "en")] == ["Kohde", "Sak", "Thing"]
    assert query.heading("other", "en") == "other"


# --- binding ----------------------------------------------------------------------------------------------


def test_fills_the_places_and_nothing_else() -> None:
    """A place inside a comment, a string or an IRI is no place."""
    query = 'SELECT ?x { # VALUES ?x { UNDEF }\n VALUES ?x { UNDEF } FILTER(?y != "VALUES ?x { UNDEF }") }'

    bound = binding.bind(query, {"x": [Literal("a"), NamedNode("http://e/b")]})

    assert [anchor.name for anchor in binding.anchors(query)] == ["x"]
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


@pytest.mark.parametrize(("said", "line"), [("choices: others", 7), ("choices: 'others'", 1)])
def test_choices_that_no_query_gives_are_told_at_their_line(tmp_path: Path, said: str, line: int) -> None:
    """Or at the first line of the file, where the header writes them otherwise than plain."""
    folder = tmp_path / "queries" / "competency"
    folder.mkdir(parents=True)
    (folder / "asked.rq").write_text(GOOD.replace("type: integer", f"type: iri, {said}"), encoding="utf-8")

    with pytest.raises(DataError, match=f"queries/competency/asked.rq:{line}: the choices of 'count' must come from"):
        catalogue.load(tmp_path / "queries")


def test_who_reports_is_headed_as_reporting(root: Path) -> None:
    """A column that dlg:isReportedBy gives is named and headed as what it is: to report is not to do."""
    queries = [query for query in catalogue.load(root / "queries").public() if "isReportedBy" in query.body]
    for query in queries:
        named = set(re.findall(r"dlg:isReportedBy\S*\s+\?(\w+)(?:\s*,\s*\?\w+)?", query.body))
        shown = {name for name in named if name in query.columns}
        assert shown <= {"reporter", "otherReporter"}, (query.name, shown)
        for column in {"reporter", "otherReporter", "reporters"} & set(query.columns):
            assert "ilmoitta" in query.heading(column, "fi"), (query.name, column)
            assert "report" in query.heading(column, "en"), (query.name, column)
    assert len(queries) > 30
