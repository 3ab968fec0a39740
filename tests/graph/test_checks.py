"""Every check of queries/checks says what it means, and is shown to find what it is for."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.validation.checks import Check, asked_of_named_graphs, questions, read_checks
from dialogiverkko.graph.validation.report import Finding, Severity
from dialogiverkko.namespaces import DLG

CHECKS = sorted(read_checks(find_assets()), key=lambda check: check.rule)
LEAST_CHECKS = 24


def test_no_check_is_lost() -> None:
    """Checks are collected from the disk, and each has an identifier of its own."""
    rules = [check.rule for check in CHECKS]

    assert len(rules) == len(set(rules)) >= LEAST_CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_says_what_to_mend(check: Check) -> None:
    """A check has its message in Finnish and English, and tells in which order its rows come."""
    assert set(check.messages) == {"fi", "en"}
    assert all(len(message) > 20 for message in check.messages.values())
    assert "ORDER BY" in check.text


def test_a_check_sees_the_default_graph_or_the_named_graphs() -> None:
    """A check that says GRAPH, outside its header, is asked of the named graphs; few do."""
    asking = {check.rule for check in CHECKS if check.asks_named_graphs}

    assert asking >= {"DLG-060", "DLG-068"}
    assert len(asking) < len(CHECKS) / 2


def answered(store: Store, assets: Assets, *, of_named_graphs: bool) -> list[Finding]:
    """What all checks of one kind find in a store."""
    return [found for ask in questions(store, assets, of_named_graphs=of_named_graphs) for found in ask()]


def test_what_is_loaded_for_the_checks_of_named_graphs_is_all_that_they_ask_for() -> None:
    """With a few predicates they find what they find with all; shown where graphs hold what is another's.

    And passages mention nothing.
    """
    assets = find_assets()
    real = load(assets)
    names = list(real.graphs)
    held = [[t for t in triples if t.predicate.value != DLG + "mentions"] for triples in real.graphs.values()]
    of_another = Snapshot(dict(zip(names, [*held[1:], held[0]], strict=True)), real.prefixes)
    some, everything = of_another.store(), of_another.named_store()

    of_another.add_named(some, asked_of_named_graphs(assets))
    found = answered(some, assets, of_named_graphs=True)

    assert {finding.rule for finding in found} == {check.rule for check in CHECKS if check.asks_named_graphs}
    assert found == answered(everything, assets, of_named_graphs=True)
    assert len(some) < len(everything) * 1.5


@pytest.mark.parametrize(
    "text", ["#+ why: GRAPH ?g\nSELECT ?s { ?s ?p <https://example.org/graph/?x> }", "SELECT ?graph {}"]
)
def test_a_graph_in_a_header_or_an_iri_asks_nothing(text: str) -> None:
    """Only the keyword does."""
    assert not Check("", Severity.INFO, {}, text, "").asks_named_graphs
    assert Check("", Severity.INFO, {}, f"{text}\n{{ graph ?g {{}} }}", "").asks_named_graphs


def test_a_row_of_a_check_is_a_finding(tmp_path: Path) -> None:
    """The first column is the thing that is wrong, the others say of what; a text stands for its check."""
    header = "#+ id: DLG-500\n#+ severity: Info\n#+ title: { fi: T, en: T }\n#+ message: { fi: V, en: W }\n#+ why: B\n"
    folder = tmp_path / "queries" / "checks"
    folder.mkdir(parents=True)
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "prefixes.ttl").write_text("", encoding="utf-8")
    for name, values in (("a", '(<http://e/x> UNDEF "one" 2)'), ("b", '("a text" UNDEF UNDEF UNDEF)')):
        text = f"{header}SELECT ?a ?b ?c ?d {{ VALUES (?a ?b ?c ?d) {{ {values} }} }} ORDER BY ?a"
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")

    found = answered(Store(), Assets(tmp_path), of_named_graphs=False)

    number = '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert [(each.rule, each.focus, each.value) for each in found] == [
        ("DLG-500", "http://e/x", f'"one" {number}'),
        ("DLG-500", "queries/checks/b.rq", ""),
    ]
    assert answered(Store(), Assets(tmp_path), of_named_graphs=True) == []
