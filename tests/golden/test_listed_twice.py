"""An organisation that two documents list is counted as one that one document lists."""

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from tests.benchmarks.measure import questions
from tests.graphs import served_graph

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.namespaces import DLG, ID

CV = "http://data.europa.eu/m8g/"
MINISTRY = f"{ID}org/om"


@pytest.fixture(scope="module")
def graph() -> Store:
    """The whole graph."""
    return served_graph().store()


@pytest.mark.parametrize(
    "name", ["kinds-of-activity-by-organisation", "statuses-by-organisation", "activities-of-an-organisation"]
)
def test_a_second_listing_adds_nothing(graph: Store, name: str) -> None:
    """The rows are the same once another document lists the organisation too."""
    question = questions(find_assets())[name]
    before = [tuple(map(str, row)) for row in graph.query(question)]  # type: ignore[union-attr]  # solutions

    other = [
        ("urn:x:document", f"{DLG}listsActivitiesOf", "urn:x:listing"),
        ("urn:x:listing", f"{CV}hasParticipation", "urn:x:participation"),
        ("urn:x:participation", f"{CV}hasParticipant", MINISTRY),
        ("urn:x:participation", f"{DLG}isStatedIn", "urn:x:document"),
    ]
    for each in other:
        graph.add(Quad(*map(NamedNode, each), DefaultGraph()))

    assert [tuple(map(str, row)) for row in graph.query(question)] == before  # type: ignore[union-attr]  # solutions
    assert any(MINISTRY in row[0] for row in before)
