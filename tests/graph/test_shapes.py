"""Every shape has a file that passes, one that fails, messages to act on, and something to look at."""

from functools import lru_cache
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple
from pyoxigraph import Literal as EngineLiteral
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SH
from rdflib.term import Node
from tests.graphs import told_graph

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot, load, read_file
from dialogiverkko.graph.validation import constraints
from dialogiverkko.graph.validation.report import Finding
from dialogiverkko.graph.validation.rules import rules as all_rules
from dialogiverkko.graph.validation.shapes import ShapeIndex
from dialogiverkko.graph.validation.suspects import EngineGraph, narrowed, slow_shapes
from dialogiverkko.graph.validation.validate import rdflib_graph, shacl_findings
from dialogiverkko.namespaces import DLG, GRAPH_ONTOLOGY, GRAPH_SHAPES, GRAPH_VOCAB, SHAPES

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "shapes"
RULES = [rule.identifier for rule in all_rules(find_assets()) if rule.file.endswith(".ttl")]


@lru_cache(maxsize=1)
def shapes() -> Graph:
    """The shapes graph."""
    return rdflib_graph(load(find_assets()).graphs[GRAPH_SHAPES])


@lru_cache(maxsize=1)
def background() -> Snapshot:
    """What every fixture may lean on: ontology and vocabularies."""
    return load(find_assets())


@lru_cache(maxsize=1)
def real() -> Graph:
    """The real graph, derived and described."""
    return rdflib_graph(told_graph().merged)


def nodes_of(rule: str) -> list[Node]:
    """The node shapes of a rule."""
    return list(shapes().subjects(DCTERMS.identifier, Literal(rule)))


def alone(rule: str) -> Graph:
    """The shapes graph cut down to one rule and what it refers to."""
    cut, waiting = Graph(), list(nodes_of(rule))
    while waiting:
        node = waiting.pop()
        if (node, None, None) in cut:
            continue
        for triple in shapes().triples((node, None, None)):
            cut.add(triple)
            is_ours = (
                isinstance(triple[2], URIRef) and "/shapes#" in triple[2] and len(str(triple[2]).split("#")[1]) > 0
            )
            if isinstance(triple[2], BNode) or is_ours:
                waiting.append(triple[2])
    return cut


def findings(rule: str, file: str) -> list[Finding]:
    """Run one rule over one fixture."""
    name = f"{rule}/{file}"
    quads = read_file(FIXTURES / name, name)
    triples = [quad.triple for quad in quads]
    base = [t for graph in (GRAPH_ONTOLOGY, GRAPH_VOCAB) for t in background().graphs[graph]]
    if rule == "DLG-052":
        said = {(t.subject, t.predicate) for t in triples}
        base = [t for t in base if (t.subject, t.predicate) not in said]
    core, taken = constraints.split(alone(rule))
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in [*base, *triples])
    index = ShapeIndex(alone(rule))
    found = [each for ask in constraints.questions(store, index, taken) for each in ask()]
    if not taken:
        found += shacl_findings(rdflib_graph([*base, *triples]), core)
    return [finding for finding in found if finding.rule == rule]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_fixtures(rule: str) -> None:
    """A new one asks for them by its number."""
    asked = [FIXTURES / rule / name for name in ("pass.ttl", "fail.ttl")]

    assert [str(path) for path in asked if not path.is_file()] == []


def test_no_fixture_and_no_rule_is_lost() -> None:
    """Rules and fixtures are collected from the disk."""
    stated = sorted(str(name) for name in set(shapes().objects(None, DCTERMS.identifier)))

    assert stated == RULES == sorted(path.name for path in FIXTURES.iterdir())
    assert len(RULES) >= 64


@pytest.mark.parametrize("rule", RULES)
def test_the_file_that_passes_passes(rule: str) -> None:
    """A right graph is not troubled."""
    found = findings(rule, "pass.ttl")

    assert found == []


@pytest.mark.parametrize("rule", RULES)
def test_the_file_that_fails_fails(rule: str) -> None:
    """A wrong graph is told, with the rule's severity and in two languages."""
    severity = str(shapes().value(nodes_of(rule)[0], SH.severity)).rsplit("#", 1)[-1]

    found = findings(rule, "fail.ttl")

    assert found, rule
    assert {finding.severity.value for finding in found} == {severity}
    told = [(finding.path, sorted(finding.messages)) for finding in found]
    assert [each for each in told if each[1] != ["en", "fi"]] == [], "a shape has one sh:message in fi and one in en"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_is(rule: str) -> None:
    """A rule has one severity, on the shape and not on its constraint; messages in fi and en; and a reason."""
    for node in nodes_of(rule):
        messages = sorted(str(m.language) for m in shapes().objects(node, SH.message) if isinstance(m, Literal))
        constraint = shapes().value(node, SH.sparql)

        assert messages == ["en", "fi"]
        assert len(list(shapes().objects(node, SH.severity))) == 1
        assert constraint is None or shapes().value(constraint, SH.severity) is None
        assert shapes().value(node, RDFS.comment) is not None


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_something_to_look_at(rule: str) -> None:
    """No shape passes because it looks at nothing: each has a focus node in the real graph."""
    focus: set[Node] = set()
    for node in nodes_of(rule):
        focus |= {n for n in shapes().objects(node, SH.targetNode) if (n, None, None) in real()}
        for target in shapes().objects(node, SH.targetClass):
            focus |= set(real().subjects(RDF.type, target))
        for predicate in shapes().objects(node, SH.targetSubjectsOf):
            focus |= set(real().subjects(predicate, None))

    assert focus, rule


def test_the_shapes_are_shapes() -> None:
    """The shapes conform to the shapes of SHACL itself."""
    ontology = rdflib_graph(background().graphs[GRAPH_ONTOLOGY])

    conforms, _, text = pyshacl.validate(ontology, shacl_graph=shapes(), meta_shacl=True)

    assert conforms, text


@pytest.mark.parametrize("rule", ["DLG-020", "DLG-023", "DLG-028c", "DLG-039", "DLG-045"])
def test_the_engine_and_pyshacl_agree(rule: str) -> None:
    """A constraint that the engine runs finds what pySHACL finds by it."""
    for file in ("pass.ttl", "fail.ttl"):
        triples = [quad.triple for quad in read_file(FIXTURES / rule / file, file)]
        data = rdflib_graph(triples)
        data.add((URIRef("https://w3id.org/dialogiverkko/dataset"), RDF.type, RDFS.Resource))

        _, report, _ = pyshacl.validate(data, shacl_graph=alone(rule), allow_warnings=True, allow_infos=True)
        by_pyshacl = {str(report.value(result, SH.value)) for result in report.subjects(RDF.type, SH.ValidationResult)}

        assert by_pyshacl == {finding.focus for finding in findings(rule, file)}


def compared(triples: set[Triple]) -> tuple[list[str], list[str]]:
    """What plain pySHACL finds in triples, and what it finds among the nodes that the engine suspects."""
    core, _ = constraints.split(shapes())
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    chosen = shacl_findings(EngineGraph(store), narrowed(core, store))
    return sorted(map(repr, shacl_findings(rdflib_graph(triples), core))), sorted(map(repr, chosen))


@pytest.mark.parametrize("rule", RULES)
def test_the_engine_hides_no_finding_from_pyshacl(rule: str) -> None:
    """In each fixture, all rules together find among the nodes that the engine suspects what they find among all."""
    for file in ("pass.ttl", "fail.ttl"):
        plain, chosen = compared({quad.triple for quad in read_file(FIXTURES / rule / file, file)})

        assert chosen == plain


def test_the_engine_suspects_all_that_is_wrong_at_once() -> None:
    """The same with everything wrong in all fixtures, beside ontology and vocabularies."""
    files = sorted(FIXTURES.glob("*/fail.ttl"))
    wrong = {quad.triple for file in files for quad in read_file(file, file.name)}
    base = {t for graph in (GRAPH_ONTOLOGY, GRAPH_VOCAB) for t in background().graphs[graph]}

    plain, chosen = compared(wrong | base)

    assert len(plain) > len(files)
    assert chosen == plain


def test_almost_every_shape_is_translated() -> None:
    """A check grows with what is wrong and not with the graph; a shape that is slow is told and is no failure."""
    core, _ = constraints.split(shapes())

    assert len(slow_shapes(core)) <= len(RULES) // 20


def test_a_shape_without_translation_is_told_and_still_judged() -> None:
    """pySHACL looks at every node of it."""
    core, _ = constraints.split(shapes())
    core.parse(data=f"""
        @prefix sh: <{SH}> . @prefix dlgsh: <{SHAPES}> . @prefix dlg: <{DLG}> . @prefix dcterms: <{DCTERMS}> .
        dlgsh:Long a sh:NodeShape ; dcterms:identifier "DLG-500" ; sh:severity sh:Info ; sh:targetClass dlg:Remark ;
          sh:property [ sh:path dlg:remarkText ; sh:minLength 1000 ] .""")  # fmt: skip
    store = Store()
    remark, text = NamedNode("x:remark"), EngineLiteral("Short.", language="en")
    store.add(Quad(remark, NamedNode(str(RDF.type)), NamedNode(DLG + "Remark")))
    store.add(Quad(remark, NamedNode(DLG + "remarkText"), text))

    found = shacl_findings(EngineGraph(store), narrowed(core, store))

    assert slow_shapes(core)[URIRef(SHAPES + "Long")] == str(SH.minLength)
    assert "DLG-500" in {finding.rule for finding in found}
