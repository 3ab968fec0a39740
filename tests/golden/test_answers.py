"""Every saved query gives the answer that was checked by hand against the source text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from tests.golden.frozen import OF_SEVERAL, frozen_snapshot

from dialogiverkko.saved import catalogue, expected
from dialogiverkko.saved.answers import SavedQueries

HERE = Path(__file__).resolve().parent
FILES = sorted(HERE.glob("*.json"))
QUERIES = catalogue.load(HERE.parent.parent / "queries")
COUNTED = {
    "named-graphs-and-their-sizes": "changes with every edit; test_sizes_are_those_of_the_graphs compares it",
    "saved-queries-by-topic": "lists this folder's own files; test_queries_are_in_the_graph compares them",
    "terms-of-the-ontology": "lists the ontology; test_terms_are_those_of_the_ontology compares them",
    "identifiers-of-things": "lists identifiers; test_identifiers_are_those_of_the_graph compares them",
    "collaboration-network-as-a-graph": "a graph; tests/golden/network.md and test_network_links check it",
}
"""Queries whose answer is compared with its source by another test, and why."""
IF_RIGHT = "If the source says so, write it down: .venv/bin/python -m tests.golden "
"""What to do about a changed answer; before the name of the query."""


@pytest.mark.parametrize("file", [file for file in FILES if file.stem not in OF_SEVERAL], ids=lambda file: file.stem)
def test_answer_is_the_one_checked_by_hand(
    file: Path, served: str, saved: SavedQueries, expected_answers: Callable[[str], dict[str, Any]]
) -> None:
    """Asked over HTTP by SPARQLWrapper, a query gives row for row what its file expects."""
    document = expected_answers(file.stem)
    wrapper = SPARQLWrapper(f"{served}sparql")
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(saved.ask(file.stem).text)
    answer: Any = wrapper.query().convert()  # Any: SPARQLWrapper has no types

    found = expected.rows_of(answer["head"]["vars"], answer["results"]["bindings"])

    assert answer["head"]["vars"] == document["columns"]
    difference = expected.compare(file.stem, document["rows"], found)
    assert not difference, f"{difference}\n{IF_RIGHT}{file.stem}"


@pytest.mark.parametrize("name", sorted(OF_SEVERAL))
def test_answer_about_several_sources(
    name: str, saved_of_pages: SavedQueries, expected_answers: Callable[[str], dict[str, Any]]
) -> None:
    """A question that compares sources gives what its file expects of the frozen ones."""
    document, answer = expected_answers(name), saved_of_pages.ask(name)

    found = expected.rows_of(document["columns"], answer.rows)

    assert not expected.compare(name, document["rows"], found)


def test_every_query_has_an_expected_answer() -> None:
    """A public query without a file is one of those that another test compares with its source."""
    names = {query.name for query in QUERIES.public()}
    files = {file.stem for file in FILES}

    assert files | set(COUNTED) == names
    assert not files & set(COUNTED)
    assert len(files) >= 50


def test_every_file_says_how_it_was_checked() -> None:
    """README.md has a line for each file, and no line without a file."""
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in readme.splitlines() if line.startswith("| `")}

    assert told == {file.stem for file in FILES}


def test_a_changed_answer_is_told_row_by_row() -> None:
    """The report names the query, what went and what came, and a mere change of order."""
    old, new = [["a", "1"], ["b", "2"]], [["a", "1"], ["c", "3"]]

    assert expected.compare("q", old, old) == ""
    assert expected.compare("q", old, new).splitlines() == [
        "q changed its answer: 1 rows went (-), 1 rows came (+)",
        "- b | 2",
        "+ c | 3",
    ]
    assert "another order" in expected.compare("q", old, old[::-1])


def test_queries_are_in_the_graph(saved: SavedQueries) -> None:
    """The graph's own answer to what can be asked is the list of public SELECT queries."""
    rows = saved.ask("saved-queries-by-topic", [("language", "en")]).rows

    selects = [query for query in QUERIES.public() if not query.is_graph]
    assert {(row["query"]["value"], row["comment"]["value"]) for row in rows} == {
        (query.iri, query.question["en"]) for query in selects
    }


def test_terms_are_those_of_the_ontology(saved: SavedQueries, root: Path) -> None:
    """Every class and property that the ontology file declares is listed with label and definition."""
    import rdflib

    graph = rdflib.Graph().parse(root / "ontology" / "dialogiverkko.ttl")
    kinds = (rdflib.OWL.Class, rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    declared = {str(term) for kind in kinds for term in graph.subjects(rdflib.RDF.type, kind)}
    rows = saved.ask("terms-of-the-ontology", [("language", "en")]).rows

    ours = {term for term in declared if term.startswith("https://w3id.org/dialogiverkko/ns#")}
    assert {row["term"]["value"] for row in rows} == ours
    assert all("termLabel" in row and "definition" in row for row in rows)


def test_the_expected_files_are_written_in_one_form() -> None:
    """A file is what `dialogiverkko query NAME --format expected` would write: one row on one line."""
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        rows = json.loads(text)["rows"]
        assert text.count("\n  [") == len(rows), file.name


def test_sizes_are_those_of_the_graphs(saved: SavedQueries) -> None:
    """The query that counts named graphs counts what the snapshot holds, but for the graphs about the dataset."""
    rows = saved.ask("named-graphs-and-their-sizes").rows
    said = {
        row["sourceGraph"]["value"]: int(next(v["value"] for v in row.values() if v["value"].isdigit())) for row in rows
    }

    counts = frozen_snapshot().counts

    own = {name for name in counts if name.rsplit("/", 1)[-1] in ("shapes", "queries", "catalogue")}
    assert said == {name: count for name, count in counts.items() if name not in own}


def test_identifiers_are_those_of_the_graph(saved: SavedQueries) -> None:
    """Every owl:sameAs of the graph is among the identifiers that the query lists."""
    listed = {value["value"] for row in saved.ask("identifiers-of-things").rows for value in row.values()}

    same_as = {
        triple.object.value  # type: ignore[union-attr]  # owl:sameAs has IRIs
        for triple in frozen_snapshot().merged
        if triple.predicate.value == "http://www.w3.org/2002/07/owl#sameAs"
    }

    assert len(same_as) >= 10
    assert same_as <= listed
