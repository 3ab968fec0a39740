"""A graph is read, derived from, described and checked, in this order."""

from pathlib import Path

import pytest

from dialogiverkko.errors import GraphInvalidError
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.validation.build import assemble, build_snapshot, examine
from dialogiverkko.namespaces import DLG, GRAPH_CATALOGUE, GRAPH_DERIVED, GRAPH_REFERENCE, ID

X = f"<{ID}x>"
SHAPE = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<{DLG}Shape> a sh:NodeShape ; sh:targetNode {X} ; sh:property [ sh:path {X} ; sh:maxCount 0 ] ."""


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """One thing that names itself, in a file of a graph that has another."""
    empty = ("ontology/prefixes.ttl", "ontology/dialogiverkko.ttl", "shapes/a.ttl", "queries/README.md")
    files = {"data/reference/one.ttl": f"{X} {X} {X} .", "data/reference/two.ttl": f"<{ID}y> {X} {X} ."}
    for name, text in (files | dict.fromkeys(empty, "")).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return find_assets(tmp_path)


def test_what_is_assembled_is_read_derived_and_described(assets: Assets) -> None:
    """Of all files, but for those that are left out."""
    whole, part = assemble(assets), assemble(assets, without=lambda path: path.stem == "two")

    assert (len(whole.graphs[GRAPH_REFERENCE]), len(part.graphs[GRAPH_REFERENCE])) == (2, 1)
    assert GRAPH_DERIVED in whole.graphs
    assert len(whole.graphs[GRAPH_CATALOGUE]) > 100


def test_a_graph_that_breaks_a_rule_is_examined_but_not_built(assets: Assets) -> None:
    """Who asks for what may be served gets the rule in place of the graph."""
    asked: list[int] = []
    assert build_snapshot(assets, ask=lambda _, store: asked.append(len(store)))[1].conforms
    assert asked
    (assets.root / "shapes" / "a.ttl").write_text(SHAPE, encoding="utf-8")

    snapshot, report = examine(assets)

    assert len(snapshot.graphs[GRAPH_REFERENCE]) == 2
    assert [each.focus for each in report.violations] == [f"{ID}x"]
    with pytest.raises(GraphInvalidError, match="More than 0 values"):
        build_snapshot(assets, ask=lambda _, store: asked.append(len(store)))
    assert len(asked) == 1
