"""The generator of benchmark graphs makes what it promises."""

import pytest
from pyoxigraph import NamedNode
from tests.benchmarks.generator import generate

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.namespaces import DLG, GRAPH_LISTING, ID, SRC


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Two groups of copies."""
    return generate(500)


def test_the_first_copy_is_the_real_listing(snapshot: Snapshot) -> None:
    """With one copy asked for, the merge is the real listing, reference data, vocabularies and ontology."""
    real = load(find_assets())
    stated = {t for name, ts in real.graphs.items() if name.startswith(GRAPH_LISTING) for t in ts}

    first = set(snapshot.graphs[GRAPH_LISTING + "copy-0"])

    assert first == stated


def test_there_are_as_many_activities_as_asked(snapshot: Snapshot) -> None:
    """Every copy adds its own activities."""
    activities = {t.subject for t in snapshot.merged if t.object == NamedNode(DLG + "Activity")}

    assert len(activities) >= 500


def test_nothing_points_to_nothing(snapshot: Snapshot) -> None:
    """Every thing that a copy names is described, as in the real data."""
    real = load(find_assets())

    dangling, dangling_before = (
        {t.object for t in merged if isinstance(t.object, NamedNode) and t.object.value.startswith((ID, SRC))}
        - {t.subject for t in merged}
        for merged in (snapshot.merged, real.merged)
    )

    assert len(dangling) <= len(dangling_before) * 10
    assert not {one for one in dangling if one.value.startswith(SRC)}
