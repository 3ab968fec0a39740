"""The generator of benchmark graphs makes what it promises."""

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple
from tests.benchmarks.generator import generate, write_assets

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.validation.build import examine
from dialogiverkko.namespaces import DLG, GRAPH_LISTING, ID, SRC
from dialogiverkko.saved import querygraph


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


def test_copies_differ_as_a_larger_listing_would(snapshot: Snapshot) -> None:
    """Some organisations report in many copies and others in few; years differ; some times are missing."""

    def listed(predicate: str) -> list[list[Triple]]:
        copies = [ts for name, ts in snapshot.graphs.items() if name.startswith(GRAPH_LISTING)]
        return [[t for t in ts if t.predicate.value == DLG + predicate] for ts in copies]

    reporting = Counter(org for ts in listed("isReportedBy") for org in {t.object for t in ts})
    years = {str(t.object)[1:5] for ts in listed("beginNotBefore") for t in ts}
    times = [len(ts) for ts in listed("hasTimeSpan")]

    assert len(snapshot.graphs) > 10
    assert max(reporting.values()) > 3 * min(reporting.values())
    assert len(years) > 4
    assert min(times) < max(times) == times[0]


def test_the_same_size_is_the_same_graph() -> None:
    """Nothing depends on chance: runs can be compared."""
    assert generate(110).digest == generate(110).digest


def test_a_generated_graph_is_valid(tmp_path: Path) -> None:
    """The shapes that the real graph meets are met: not one Violation, in two groups of copies."""
    write_assets(240, tmp_path)

    snapshot, report = examine(find_assets(tmp_path), (), querygraph.from_assets)

    assert report.violations == ()
    assert len(snapshot.merged) > 30_000
