"""What is asked of the graph while it is built is what the engine would answer, and is answered without it."""

import re
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from pyoxigraph import Store

from dialogiverkko.engines import Backend
from dialogiverkko.errors import BackendUnavailableError
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.namespaces import ID, LANGUAGES, RDF, RDF_TYPE
from dialogiverkko.saved import keeping
from dialogiverkko.saved.answers import Answer, SavedQueries
from dialogiverkko.saved.kept import FILE, FIRST_ROWS, FIRST_TRIPLES, Kept
from dialogiverkko.saved.parameters import Choice, Parameter
from dialogiverkko.sparql.query import Page, Question, Result

FIRST = Page(0, FIRST_ROWS)
EX = "http://example.org/"
ASKS_ANYTHING = "statements-from-outside-the-source"
"""The query whose variable in GRAPH matches any property."""


class NoEngine:
    """An engine that says so whenever it is asked."""

    def query(self, _: Question) -> Result:
        """Refuse."""
        raise BackendUnavailableError("The engine was asked.")


@pytest.fixture(scope="module")
def content(application: Flask, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What is kept of the graph when all that may be is."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "_LEAST", 0)
        keeping.Asking(find_assets()).keep(application.extensions["dialogiverkko"].snapshot, folder)
    return (folder / FILE).read_bytes()


@pytest.fixture(scope="module")
def alone(saved: SavedQueries, content: bytes) -> SavedQueries:
    """The saved queries with what is kept, and no engine."""
    return SavedQueries(saved.catalogue, cast(Backend, NoEngine()), saved.limits, saved.release, Kept(content))


def test_the_lists_are_those_of_the_engine(saved: SavedQueries, alone: SavedQueries) -> None:
    """Of every parameter of a public query, in each language, in the same order."""
    parameters = lists(saved)
    for parameter in parameters:
        for language in LANGUAGES:
            assert alone.choices(parameter, language) == saved.choices(parameter, language), parameter.choices_query
    assert any(len(saved.choices(parameter)) > 20 for parameter in parameters)


def test_the_first_pages_are_those_of_the_engine(saved: SavedQueries, alone: SavedQueries) -> None:
    """Of every query, in each language, also of those that ask named graphs."""
    kept = [name for name in saved.catalogue.queries if name != ASKS_ANYTHING]
    asked = [(name, language) for name in kept for language in LANGUAGES]
    for name, language in asked:
        expected = first(saved, name, language)
        found = first(alone, name, language)
        assert (found.total, found.values, told(found)) == (expected.total, expected.values, told(expected)), name
        assert sorted(found.triples.splitlines()) == sorted(expected.triples.splitlines()), name
    assert any(first(alone, name, language).total > FIRST_ROWS for name, language in asked)


def test_the_engine_is_asked_what_may_match_anything_in_named_graphs(alone: SavedQueries) -> None:
    """Of these the build loads only what queries name."""
    with pytest.raises(BackendUnavailableError):
        first(alone, ASKS_ANYTHING, "en")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("?s ex:p ?o GRAPH ?g { ?s ex:q ?o }", {EX + "q"}),
        ("GRAPH ?g { ?s ex:q/^ex:r|ex:t ?o . FILTER EXISTS { ?o ex:u [ ex:v 1 ] } }", {EX + c for c in "qrtuv"}),
        (
            "GRAPH ex:g { ?s a ex:C } { SELECT * { GRAPH ?g { ?s <http://x/> ?o } } }",
            {EX + "g", EX + "C", RDF_TYPE, "http://x/"},
        ),
        ("?s ?p ?o . ?s a ?c . ?s ex:p* ?q", set()),
        ("GRAPH ?g { ?s ex:p ?o } GRAPH ?h { ?s ?p ?o }", set()),
        ("GRAPH ?g { ?s ex:p ?o OPTIONAL { ?o ?p [] } }", set()),
        ("GRAPH ?g { ?s ex:p [ ?q 1 ] }", set()),
        ("GRAPH ?g { ?s a ?class }", set()),
        ("GRAPH ?g { ?s a/ex:p ?class }", set()),
        ("GRAPH ?g { ?s rdf:type ?class }", set()),
        ("GRAPH ?g { ?s !ex:p ?o }", set()),
        ("GRAPH ?g { ?s !(ex:p|^ex:q) ?o }", set()),
        ("GRAPH ?g { ?s ex:p* ?o }", set()),
        ("GRAPH ?g { ?s (ex:p/ex:q)? ?o }", set()),
    ],
)
def test_what_a_query_names_in_named_graphs_is_all_that_it_matches_there(where: str, expected: set[str]) -> None:
    """Nothing is named where a variable, what is left out or a path without a step may match what is not named."""
    text = f"PREFIX ex: <{EX}> PREFIX rdf: <{RDF}> SELECT * WHERE {{ VALUES ?language {{ UNDEF }} {where} }}"

    assert keeping.named_in_graphs(text) == expected


@pytest.mark.parametrize("page", [None, Page(0, FIRST_ROWS + 1), Page(1, FIRST_ROWS), Page(FIRST_ROWS, 1)])
def test_the_engine_is_asked_for_what_is_beyond_the_first_page(alone: SavedQueries, page: Page | None) -> None:
    """And for the whole."""
    with pytest.raises(BackendUnavailableError):
        alone.ask("collaboration-links", [("language", "en")], page)


def test_the_engine_is_asked_where_a_value_is_given(alone: SavedQueries) -> None:
    """But for one that is the default."""
    name = "activities-of-an-organisation"
    default = first(alone, name, "en").given
    assert alone.ask(name, default, FIRST).total == first(alone, name, "en").total
    with pytest.raises(BackendUnavailableError):
        alone.ask(name, [("organisation", "syke"), ("language", "en")], FIRST)


def test_a_part_of_the_first_page_is_answered_from_it(saved: SavedQueries, alone: SavedQueries) -> None:
    """From anywhere within."""
    given, page = [("language", "sv")], Page(3, 5)

    found = alone.ask("collaboration-links", given, page)

    assert list(found.rows) == list(saved.ask("collaboration-links", given, page).rows)
    assert len(found.rows) == 5


def test_a_graph_that_is_asked_for_whole_comes_from_the_engine(alone: SavedQueries) -> None:
    """A page makes use of few triples, whoever takes it home wants all."""
    name = "collaboration-network-as-a-graph"
    assert alone.ask(name, (), FIRST).total > 0
    with pytest.raises(BackendUnavailableError):
        alone.ask(name)


def test_of_many_triples_the_number_alone_is_kept(
    application: Flask, saved: SavedQueries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A page draws and lists none of so many."""
    name = "collaboration-network-as-a-graph"
    total = saved.ask(name).total
    for most, expected in ((total, total), (total - 1, 0)):
        monkeypatch.setattr(keeping, "_LEAST", 0)
        monkeypatch.setattr(keeping, "FIRST_TRIPLES", most)
        keeping.Asking(find_assets()).keep(application.extensions["dialogiverkko"].snapshot, tmp_path)
        kept = Kept((tmp_path / FILE).read_bytes()).triples(saved.bound(name)[2])
        assert kept is not None
        assert (kept[0], len(kept[1].splitlines())) == (total, expected)
    assert total < FIRST_TRIPLES


def test_of_a_small_graph_the_lists_alone_are_kept(application: Flask, saved: SavedQueries, tmp_path: Path) -> None:
    """It answers at once; a graph that was asked while it was built is not asked again."""
    snapshot = application.extensions["dialogiverkko"].snapshot
    store = Store()
    snapshot.add_merge(store)
    asking = keeping.Asking(find_assets())
    asking.ask(snapshot, store)
    store.clear()
    asking.keep(snapshot, tmp_path)
    kept = Kept((tmp_path / FILE).read_bytes())

    for query in saved.catalogue.public():
        assert kept.rows(saved.bound(query.name)[2], FIRST) is None
    assert kept.choices("organisations", lists(saved, "organisations")[0].base, "fi")
    assert kept.choices("sources", f"{ID}doc/", "fi"), "the network asks for them, no query does"
    assert kept.choices("organisations", "", "fi") is None
    assert kept.choices("organisations", lists(saved, "organisations")[0].base, "de") is None


def test_a_query_that_fails_is_left_to_whoever_asks(
    application: Flask, saved: SavedQueries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The build goes on, and keeps the others."""
    ask, choices = SavedQueries.ask, SavedQueries.choices
    organisations = lists(saved, "organisations")[0]

    def failing(self: SavedQueries, name: str, *given: object) -> Answer:
        if name == "collaboration-links":
            raise BackendUnavailableError("It is out of order.")
        return ask(self, name, *given)  # type: ignore[arg-type]  # as it was called

    def failing_list(self: SavedQueries, parameter: Parameter, language: str = "fi") -> list[Choice]:
        if (parameter.choices_query, language) == ("organisations", "sv"):
            raise BackendUnavailableError("It is out of order.")
        return choices(self, parameter, language)

    monkeypatch.setattr(keeping, "_LEAST", 0)
    monkeypatch.setattr(SavedQueries, "ask", failing)
    monkeypatch.setattr(SavedQueries, "choices", failing_list)
    keeping.Asking(find_assets()).keep(application.extensions["dialogiverkko"].snapshot, tmp_path)
    kept = Kept((tmp_path / FILE).read_bytes())

    assert kept.rows(saved.bound("collaboration-links", [("language", "fi")])[2], FIRST) is None
    assert kept.rows(saved.bound("planned-and-aspired-activities", [("language", "fi")])[2], FIRST)
    assert kept.choices("organisations", organisations.base, "sv") is None
    assert kept.choices("organisations", organisations.base, "en")


def told(answer: Answer) -> list[list[tuple[str, list[str]]]]:
    """The values of each row; what is gathered in one value may stand in any order."""
    return [[(name, sorted(re.split("[;,] ", term["value"]))) for name, term in row.items()] for row in answer.rows]


def first(saved: SavedQueries, name: str, language: str) -> Answer:
    """The first page of a query with its defaults, in a language if it has them."""
    has_language = any(parameter.name == "language" for parameter in saved.catalogue.get(name).parameters)
    return saved.ask(name, [("language", language)] if has_language else [], FIRST)


def lists(saved: SavedQueries, query: str = "") -> list[Parameter]:
    """Every parameter of a public query that offers a list of the graph; those of one list, where it is named."""
    parameters = (each for public in saved.catalogue.public() for each in public.parameters)
    return [each for each in parameters if each.choices_query and query in ("", each.choices_query)]
