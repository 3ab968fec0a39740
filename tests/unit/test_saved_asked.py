"""How names and values of a request are read, and how an answer is compared with what was expected."""

import json
from collections.abc import Sequence
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, parse_query_results

from dialogiverkko.engines import Backend
from dialogiverkko.errors import BadParameterError
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.media import CSV, RESULTS_JSON
from dialogiverkko.saved import catalogue, expected
from dialogiverkko.saved.answers import Release, SavedQueries, meta, page_of, serialise
from dialogiverkko.saved.asked import Asked, untracked
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.query import Limits, Page, Question, Result
from dialogiverkko.sparql.results import write_result

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
    assert Asked([("d", "v,w")], ["d"]).several("d") == ("v", "w")
    assert (asked.one("b"), asked.one("c", ["z"]), asked.language()) == ("", "z", "sv")
    assert Asked([], ["lang"]).language() == ""


@pytest.mark.parametrize(
    ("pairs", "name", "words"),
    [
        ([("d", "x")], "d", "There is no parameter 'd'"),
        ([("a", "q")], "a", "Allowed: x"),
        ([("a", "x"), ("a", "x")], "a", "The parameter 'a' takes one value, and was given several"),
    ],
)
def test_what_is_not_known_is_refused(pairs: list[tuple[str, str]], name: str, words: str) -> None:
    """A name, a value, and a second value where one is due."""
    with pytest.raises(BadParameterError, match=words) as caught:
        Asked(pairs, ["a"]).one("a", ["x"])

    assert caught.value.details["parameter"] == name


@pytest.mark.parametrize("given", ["0", "-1", "x", "1.0", "²", "1" * 9, "00"])
def test_a_page_is_a_whole_number_from_1(given: str) -> None:
    """Anything else is refused, and none given is none."""
    with pytest.raises(BadParameterError, match="It must be a whole number from 1"):
        Asked([("page", given)], ["page"]).number("page")
    assert Asked([("page", "12345678")], ["page"]).number("page") == "12345678"
    assert Asked([("page", "")], ["page"]).number("page") == ""


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


class _Engine:
    """Answers each question with the rows, or the triples, that it was made with, and remembers the texts."""

    def __init__(self, body: bytes, rows: int | None = None) -> None:
        self.body, self.rows = body, rows
        self.asked: list[str] = []

    def query(self, question: Question) -> Result:
        """Answer."""
        self.asked.append(question.parsed.text)
        return Result(self.body, question.media_type, self.rows)


def saved_over(engine: _Engine) -> SavedQueries:
    """The saved queries of the checkout over an engine."""
    queries = catalogue.load(find_assets().root / "queries")
    return SavedQueries(queries, cast(Backend, engine), Limits(1.0, 1, 1, 1), Release("1", "f" * 64))


class _Solutions(_Engine):
    """Answers each question with the rows of its page."""

    def query(self, question: Question) -> Result:
        """Answer."""
        solutions = parse_query_results(self.body, QueryResultsFormat.JSON)
        return write_result(solutions, question.media_type, rows=10, result_bytes=10_000, page=question.page)


def five(columns: Sequence[str]) -> bytes:
    """Five rows with a number in the first column."""
    rows = [{columns[0]: {"type": "literal", "value": str(number)}} for number in range(5)]
    return json.dumps({"head": {"vars": list(columns)}, "results": {"bindings": rows}}).encode()


@pytest.mark.parametrize(
    ("page", "shown", "is_partial"),
    [(Page(), "01234", False), (Page(1), "1234", True), (Page(1, 2), "12", True), (Page(0, 5), "01234", False)],
)
def test_a_page_holds_the_rows_from_its_offset_to_its_limit(page: Page, shown: str, is_partial: bool) -> None:
    """Without a limit to the end; the total is that of the whole answer."""
    saved = saved_over(_Engine(b""))
    query = next(each for each in saved.catalogue.public() if not each.is_graph)
    engine = _Solutions(five(query.columns))

    answer = saved_over(engine).ask(query.name, page=page)

    assert "".join(row[query.columns[0]]["value"] for row in answer.rows) == shown
    assert (answer.total, answer.is_partial, answer.language) == (5, is_partial, "fi")


@pytest.mark.parametrize(("rows", "total"), [(7, 7), (None, 2)])
def test_a_graph_counts_its_triples(rows: int | None, total: int) -> None:
    """As the engine counted them, else by their lines."""
    engine = _Engine(b"<urn:a> <urn:b> <urn:c> .\n" * 2, rows)
    query = next(each for each in saved_over(engine).catalogue.queries.values() if each.is_graph)

    assert saved_over(engine).ask(query.name, [("language", "sv")] if query.parameters else []).total == total


@pytest.mark.parametrize(
    ("limit", "offset", "page"),
    [
        ("", "", Page()),
        ("1", "0", Page(0, 1)),
        ("", "000000001", Page(1)),
        ("10000", "10000000", Page(10_000_000, 10_000)),
        ("", "7", Page(7)),
    ],
)
def test_a_page_is_read_up_to_its_bounds(limit: str, offset: str, page: Page) -> None:
    """Both ends of what is allowed; an empty one is not given."""
    assert page_of(limit, offset) == page


@pytest.mark.parametrize(
    ("limit", "offset"),
    [("0", ""), ("10001", ""), ("", "10000001"), ("", "-1"), ("x", ""), ("٣", ""), ("0000000001", "")],
)
def test_a_page_beyond_its_bounds_is_refused(limit: str, offset: str) -> None:
    """Nothing, too many, what is no number in our digits, and more digits than any allowed number has."""
    with pytest.raises(BadParameterError, match="must be a whole number from"):
        page_of(limit, offset)


def test_choices_are_asked_for_in_a_language_of_ours() -> None:
    """The language is bound into the query, and what was asked once is kept."""
    engine = _Engine(json.dumps({"results": {"bindings": []}}).encode())
    saved = saved_over(engine)
    parameter = Parameter("method", ParameterType.IRI, choices_query="methods")

    assert saved.choices(parameter, "sv") == saved.choices(parameter, "sv") == []
    saved.choices(parameter, "de")

    assert ['"sv"' in text for text in engine.asked] == [True, False]


def test_choices_of_the_header_need_no_question() -> None:
    """Those that are listed, the languages by their names, and none where any value of the type will do."""
    saved = saved_over(_Engine(b""))

    def offered(parameter: Parameter) -> list[tuple[str, str]]:
        return [(choice.value, choice.label) for choice in saved.choices(parameter)]

    assert offered(Parameter("c", ParameterType.CHOICE, choices=("a", "b"))) == [("a", "a"), ("b", "b")]
    assert offered(Parameter("l", ParameterType.LANGUAGE)) == [("fi", "suomi"), ("sv", "svenska"), ("en", "English")]
    assert offered(Parameter("l", ParameterType.LANGUAGE, choices=("sv",))) == [("sv", "svenska")]
    assert offered(Parameter("n", ParameterType.INTEGER)) == []


def test_a_graph_is_cited_by_the_beginning_of_its_digest() -> None:
    """Twelve digits, as in every citation that was made."""
    assert Release("1", "0123456789abcdef").short == "0123456789ab"


@pytest.mark.parametrize(("language", "word"), [("sv", "fråga"), ("en", "question")])
def test_an_answer_is_cited_in_its_language(language: str, word: str) -> None:
    """As it was asked."""
    query = next(q for q in saved_over(_Engine(b"")).catalogue.public() if q.parameters and not q.is_graph)
    answer = saved_over(_Engine(five(query.columns))).ask(query.name, [("language", language)])

    assert f", {word} " in meta(answer)["citation"]


def test_a_choice_is_the_term_that_was_found() -> None:
    """An IRI beside a literal of the same characters; what has no label is called by its short name."""
    rows = [
        {"value": {"type": "uri", "value": "urn:a"}, "label": {"type": "literal", "value": "a"}},
        {"value": {"type": "literal", "value": "urn:b"}},
    ]
    saved = saved_over(_Engine(json.dumps({"results": {"bindings": rows}}).encode()))

    found = saved.choices(Parameter("method", ParameterType.IRI, choices_query="methods"))

    assert [(choice.term, choice.label) for choice in found] == [(NamedNode("urn:a"), "a"), (Literal("urn:b"), "urn:b")]


def test_an_answer_as_json_says_where_it_comes_from() -> None:
    """JSON has the address and the total beside the rows; CSV has the rows alone."""
    saved = saved_over(_Engine(b""))
    query = next(each for each in saved.catalogue.public() if not each.is_graph)
    answer = saved_over(_Solutions(five(query.columns))).ask(query.name, page=Page(3, 1))
    limits = Limits(1.0, 1, 10, 10_000)

    document = json.loads(serialise(answer, RESULTS_JSON, limits))
    table = serialise(answer, CSV, limits).decode().splitlines()

    assert (document["meta"]["total"], document["head"]["link"]) == (5, [answer.permanent])
    assert [row[query.columns[0]]["value"] for row in document["results"]["bindings"]] == ["3"]
    assert [line.split(",")[0] for line in table] == [query.columns[0], "3"]
