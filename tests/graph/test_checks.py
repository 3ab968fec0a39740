"""Every check of queries/checks says what it means, and is shown to find what it is for."""

import pytest

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.validation.checks import Check, read_checks
from dialogiverkko.graph.validation.report import Severity

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


@pytest.mark.parametrize(
    "text", ["#+ why: GRAPH ?g\nSELECT ?s { ?s ?p <https://example.org/graph/?x> }", "SELECT ?graph {}"]
)
def test_a_graph_in_a_header_or_an_iri_asks_nothing(text: str) -> None:
    """Only the keyword does."""
    assert not Check("", Severity.INFO, {}, text, "").asks_named_graphs
    assert Check("", Severity.INFO, {}, f"{text}\n{{ graph ?g {{}} }}", "").asks_named_graphs
