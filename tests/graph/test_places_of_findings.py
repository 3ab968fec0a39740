"""A finding names a thing that people know, and the one file in which it is described."""

from functools import lru_cache

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.lines import Triples, written
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.validation.places import Places
from dialogiverkko.graph.validation.report import Finding, Report, Severity
from dialogiverkko.namespaces import ID, RDFS, VOCAB


@lru_cache(maxsize=1)
def real() -> Snapshot:
    """The real graph."""
    return load(find_assets())


def described(focus: str, value: str = "") -> Finding:
    """A finding about a thing, with what is said of its place."""
    snapshot = real()
    finding = Finding("DLG-000", Severity.WARNING, focus, value=value)
    return Places(snapshot, find_assets()).described([finding])[0]


@pytest.mark.parametrize(
    ("focus", "label", "file", "other"),
    [
        (ID + "place/turku", "Turku", "data/reference/places.ttl", "data/reference/organisations.ttl"),
        (VOCAB + "status/planned", None, "ontology/vocab/status.ttl", "ontology/vocab/theme.ttl"),
        (VOCAB + "theme/fishing", None, "ontology/vocab/theme.ttl", "ontology/vocab/status.ttl"),
    ],
)
def test_the_file_of_the_thing_is_named(focus: str, label: str | None, file: str, other: str) -> None:
    """And not another one from which its graph was read as well."""
    found = described(focus)

    assert file in found.files
    assert other not in found.files
    assert label is None or found.label == label


def test_a_node_without_a_name_is_told_by_the_thing_that_it_hangs_from() -> None:
    """A curator knows no c14n28."""
    thing, node, deeper, has = NamedNode(ID + "a"), BlankNode("c14n28"), BlankNode("c14n29"), NamedNode(RDFS + "member")
    loose = Triple(BlankNode("c14n30"), has, Literal("x"))
    said = [Triple(thing, has, node), Triple(node, has, deeper), Triple(deeper, has, Literal("x")), loose]
    lines = sorted(b"".join(written(said)).splitlines())
    snapshot = Snapshot({"a": Triples(lines)}, {}, {"a": ("a.ttl",)})
    pairs = (("c14n28", ""), ("c14n29", ""), (ID + "a", "c14n29"), ("c14n30", ""))
    findings = [Finding("DLG-000", Severity.WARNING, focus, value=value) for focus, value in pairs]

    found = Places(snapshot, find_assets()).described(findings)

    assert {(each.focus, each.value) for each in found[:3]} == {(thing.value, "a node without a name")}
    assert found[3].label == "a node without a name, of nothing"
    assert {each.files for each in found} == {("a.ttl",)}
    assert "c14n29" not in Report.of(found[:3]).text()


def test_a_thing_without_a_name_of_its_own_is_called_by_its_label() -> None:
    """As links, participations and passages are; the Finnish label comes first."""
    thing, label = NamedNode(ID + "link/a--b"), NamedNode(RDFS + "label")
    words = (Literal("link", language="en"), Literal("linkki", language="fi"))
    snapshot = Snapshot({"a": [Triple(thing, label, each) for each in words]}, {}, {"a": ("a.ttl",)})
    finding = Finding("DLG-000", Severity.WARNING, thing.value)

    (found,) = Places(snapshot, find_assets()).described([finding])

    assert (found.label, found.files) == ("linkki", ("a.ttl",))


@pytest.mark.parametrize("focus", ["a text", "http://", "nobodyKnowsIt"])
def test_a_text_stays_a_text(focus: str) -> None:
    """What is found need not be a thing."""
    assert described(focus).focus == focus
    assert described(focus).files == ()
