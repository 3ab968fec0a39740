"""A saved query is told as triples, so that queries can be queried."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.assets import Assets
from dialogiverkko.namespaces import BASE, LANGUAGES, RDF, RDFS, SCHEMA, SH, SKOS, XSD
from dialogiverkko.saved.querygraph import from_assets

HEADER = """#+ title: { fi: "T", sv: "T", en: "Title" }
#+ question: { fi: "K?", sv: "F?", en: "Question?" }
#+ explanation: { fi: "S", sv: "F", en: "Explanation" }
#+ tags: [test]
#+ view: table
"""
PARAMETERS = """#+ parameters:
#+   - { name: language, type: language, default: fi }
#+   - { name: thing, type: iri, required: true }
"""
FILES = {
    "competency/rows.rq": f"""{HEADER}{PARAMETERS}#+ columns: [thing]
SELECT ?thing {{ VALUES ?language {{ UNDEF }} VALUES ?thing {{ UNDEF }} ?thing ?p ?language }} ORDER BY ?thing""",
    "competency/graph.rq": f"{HEADER}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
}


@pytest.fixture
def told(tmp_path: Path) -> dict[str, dict[str, set[object]]]:
    """What is said of each thing, by its name and the property."""
    for name, text in FILES.items():
        path = tmp_path / "queries" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found: dict[str, dict[str, set[object]]] = {}
    for triple in from_assets(Assets(tmp_path)):
        name = str(triple.subject.value).partition("/query/")[2]  # type: ignore[union-attr]  # no triple terms
        found.setdefault(name, {}).setdefault(triple.predicate.value, set()).add(triple.object)
    return found


def truth(value: str) -> Literal:
    """A boolean."""
    return Literal(value, datatype=NamedNode(f"{XSD}boolean"))


def test_a_query_says_what_it_asks_and_where(told: dict[str, dict[str, set[object]]]) -> None:
    """One of rows by its SELECT, one of a graph by its CONSTRUCT; in every language."""
    rows, graph = told["rows"], told["graph"]

    assert rows[f"{RDF}type"] == {NamedNode(f"{SH}SPARQL{kind}Executable") for kind in ("", "Select")}
    assert graph[f"{RDF}type"] == {NamedNode(f"{SH}SPARQL{kind}Executable") for kind in ("", "Construct")}
    assert [str(text).startswith('"SELECT') for text in rows[f"{SH}select"]] == [True]
    assert [str(text).startswith('"CONSTRUCT') for text in graph[f"{SH}construct"]] == [True]
    assert rows[f"{SH}prefixes"] == {NamedNode(f"{BASE}prefixes")}
    assert rows[f"{SCHEMA}target"] == {NamedNode(f"{BASE}sparql")}
    assert rows[f"{SCHEMA}url"] == {Literal(f"{BASE}queries/rows", datatype=NamedNode(f"{XSD}anyURI"))}
    assert rows[f"{SCHEMA}keywords"] == {Literal("test")}
    for name, text in ((f"{SKOS}prefLabel", "Title"), (f"{RDFS}comment", "Question?")):
        assert Literal(text, language="en") in rows[name]
        assert len(rows[name]) == len(LANGUAGES)
    assert Literal("Explanation", language="en") in rows[f"{SCHEMA}description"]


def test_a_parameter_says_which_values_it_takes(told: dict[str, dict[str, set[object]]]) -> None:
    """An IRI by the kind of its node, all others by a datatype; whether one is needed, and its default."""
    language, thing = told["rows/parameter/language"], told["rows/parameter/thing"]

    for each in (language, thing):
        assert each[f"{RDF}type"] == {NamedNode(f"{SH}Parameter")}
        assert each[f"{SH}path"] < told["rows"][f"{SH}parameter"]
        assert len(each[f"{SH}name"]) == len(LANGUAGES)
    assert language[f"{SH}datatype"] == {NamedNode(f"{XSD}string")}
    assert language[f"{SH}optional"] == {truth("true")}
    assert language[f"{SH}defaultValue"] == {Literal("fi")}
    assert thing[f"{SH}nodeKind"] == {NamedNode(f"{SH}IRI")}
    assert thing[f"{SH}optional"] == {truth("false")}
    assert not {f"{SH}datatype", f"{SH}defaultValue"} & thing.keys()
