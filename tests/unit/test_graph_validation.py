"""What a shape, a constraint or a check finds, and how a curator is told of it: which thing, in which file."""

import gc
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from dialogiverkko.errors import DataError, GraphInvalidError
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import load
from dialogiverkko.graph.validation import constraints
from dialogiverkko.graph.validation.constraints import GlobalConstraint
from dialogiverkko.graph.validation.places import Places
from dialogiverkko.graph.validation.report import Finding, Report, Severity
from dialogiverkko.graph.validation.shapes import ShapeIndex
from dialogiverkko.graph.validation.validate import findings, report, require_valid, shacl_findings, validate
from dialogiverkko.namespaces import DLG, ID

HEAD = f"""@prefix dlg: <{DLG}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <{ID}> .
"""
FILES = {
    "ontology/prefixes.ttl": "",
    "ontology/dialogiverkko.ttl": "",
    "shapes/a.ttl": "",
    "queries/README.md": "",
    "data/reference/one.ttl": ':x skos:prefLabel "Xen"@en , "Xsv"@sv , "Xfi"@fi ; dlg:has [ dlg:has [ dlg:p 1 ] ] .',
    "data/reference/two.ttl": ':y rdfs:label "Yen"@en . :z dlg:note "A note" ; dlg:p [ dlg:q :x ] .',
    "data/sources/yle-fi/source.ttl": ":x dlg:isToldHere true .",
    "data/sources/areena-fi/source.ttl": "[] dlg:p :y . :w dlg:p 2 .",
}


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """Two files of one graph, and two sources."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    return find_assets(tmp_path)


@pytest.fixture
def store(assets: Assets) -> Store:
    """The merge of the graphs."""
    return load(assets).store()


@pytest.fixture
def places(assets: Assets) -> Places:
    """Where things are described."""
    return Places(load(assets), assets)


def found(focus: str, value: str = "") -> Finding:
    """A finding about something."""
    return Finding("DLG-001", Severity.WARNING, focus, value=value)


def node(store: Store, predicate: str, value: object) -> str:
    """The label of the node without a name of which something is said."""
    (quad,) = store.quads_for_pattern(None, NamedNode(DLG + predicate), value)  # type: ignore[arg-type]  # a term
    return str(quad.subject.value)  # type: ignore[union-attr]  # no triple terms


ONE = Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
X, Y, Z = (f"{ID}{letter}" for letter in "xyz")


@pytest.mark.parametrize(
    ("focus", "label", "files"),
    [
        (X, "Xfi", ("data/reference/one.ttl", "data/sources/yle-fi/source.ttl")),
        (Y, "Yen", ("data/reference/two.ttl",)),
        (Z, "", ("data/reference/two.ttl",)),
        (f"{ID}nothing", "", ()),
    ],
)
def test_a_thing_is_told_by_its_finnish_name_and_the_files_that_describe_it(
    places: Places, focus: str, label: str, files: tuple[str, ...]
) -> None:
    """Those of its graphs that do not speak of it as a subject are left out."""
    told = places.described([found(focus, "v")])[0]

    assert (told.focus, told.label, told.files, told.value) == (focus, label, files, "v")


def test_a_node_without_a_name_is_told_by_what_it_hangs_from(places: Places, store: Store) -> None:
    """However deep; a value that is one is told in words, and what was found of the node is kept."""
    deep = node(store, "p", ONE)
    inner = node(store, "q", NamedNode(X))

    told = places.described([found(deep)])[0]
    assert (told.focus, told.label, told.value) == (X, "Xfi", "a node without a name")
    assert places.described([found(deep, "v")])[0].value == "v"
    assert places.described([found(X, deep)])[0].value == "a node without a name"
    assert places.described([found(X, inner)])[0].value == f"a node of <{Z}>"
    assert places.described([found(X, Y)])[0].value == Y


def test_a_node_of_nothing_is_told_by_its_file(places: Places, store: Store) -> None:
    """It hangs from no thing; the graph that has it says where to look."""
    loose = node(store, "p", NamedNode(Y))

    told = places.described([found(loose)])[0]

    assert (told.focus, told.label) == (loose, "a node without a name, of nothing")
    assert told.files == ("data/sources/areena-fi/source.ttl",)


@pytest.mark.parametrize("focus", ["a text", "text", "", "not:a<b>"])
def test_what_is_no_thing_stays_as_it_is(places: Places, focus: str) -> None:
    """A text that was found, or a word that no node has for a label."""
    assert places.described([found(focus)])[0] == found(focus)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ('rdfs:label "A"@fi ; skos:prefLabel "S"@fi', "S"),
        ('rdfs:label "A"@fi ; skos:prefLabel "S"@en', "A"),
        ('rdfs:label "A"@en ; skos:prefLabel :name', "A"),
        ("skos:prefLabel :name", ""),
    ],
)
def test_of_two_names_the_finnish_one_of_skos_is_told(assets: Assets, said: str, label: str) -> None:
    """A name that is no text, which is what may have been found, is passed over."""
    (assets.root / "data/reference/one.ttl").write_text(f"{HEAD} :v {said} .", encoding="utf-8")

    assert Places(load(assets), assets).described([found(f"{ID}v")])[0].label == label


def test_what_the_shapes_say_of_a_thing_describes_it_nowhere(assets: Assets) -> None:
    """A node of theirs may have the name of one of the ontology, and a longer one that of a text."""
    (assets.root / "ontology/dialogiverkko.ttl").write_text(f"{HEAD} [] dlg:p 1 .", encoding="utf-8")
    shapes = f'{HEAD} :y skos:prefLabel "Yfi"@fi . :s dlg:p [ dlg:p 1 ] , [ dlg:p 2 ] .'
    (assets.root / "shapes/a.ttl").write_text(shapes, encoding="utf-8")
    thing, node, text = Places(load(assets), assets).described([found(Y), found("c14n0"), found("c14n1")])

    assert (thing.label, thing.files) == ("Yen", ("data/reference/two.ttl",))
    assert node.label == "a node without a name, of nothing"
    assert node.files == ("ontology/dialogiverkko.ttl", "ontology/prefixes.ttl")
    assert text == found("c14n1")


def test_a_circle_of_nodes_hangs_from_nothing(assets: Assets) -> None:
    """Steps towards the thing are counted."""
    graph = "data/reference/one.ttl"
    (assets.root / graph).write_text(f"{HEAD} _:a dlg:of _:b . _:b dlg:of _:a .", encoding="utf-8")
    snapshot = load(assets)
    circle = snapshot.store()
    (first, _) = circle.quads_for_pattern(None, NamedNode(DLG + "of"), None)

    (told,) = Places(snapshot, assets).described([found(first.subject.value)])  # type: ignore[union-attr]

    assert told.label == "a node without a name, of nothing"


SHAPES = f"""
@prefix : <{DLG}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
:Whole dcterms:identifier "DLG-900" ; sh:severity sh:Warning ; sh:targetNode :graph ;
  sh:message "Said."@en , "Sanottu."@fi ;
  sh:sparql [ sh:message "{{?value}} is wrong."@en ; sh:select "SELECT $this ?value {{ ?value <{DLG}p> ?x }}" ] .
:Counted dcterms:identifier "DLG-901" ; sh:severity sh:Violation ; sh:targetNode :graph ; sh:message "None."@en ;
  sh:sparql [ sh:select "SELECT $this ?other {{ FILTER NOT EXISTS {{ ?x <{DLG}missing> ?y }} }}" ] .
:Two dcterms:identifier "DLG-902" ; sh:targetNode :graph , :other ; sh:sparql [ sh:select "SELECT $this {{}}" ] .
:Class dcterms:identifier "DLG-903" ; sh:targetClass :A ; sh:sparql [ sh:select "SELECT $this {{}}" ] .
:Text dcterms:identifier "DLG-904" ; sh:targetNode "text" ; sh:sparql [ sh:select "SELECT $this {{}}" ] .
:Ask dcterms:identifier "DLG-905" ; sh:targetNode :graph ; sh:sparql [ sh:ask "ASK {{}}" ] .
:Outer dcterms:identifier "DLG-906" ; sh:message "Outer."@en ; sh:property :Inner .
:Inner sh:property :Innermost . :Innermost sh:message "Innermost." .
:Named sh:name "DLG-907" . :Nameless sh:property :Nobody .
"""


def shapes(text: str = SHAPES) -> Graph:
    """A shapes graph."""
    return Graph().parse(data=text, format="turtle")


def stored(count: int) -> Store:
    """So many things that are wrong."""
    quads = Store()
    p, term = NamedNode(DLG + "p"), Literal("x")
    quads.extend(Quad(NamedNode(f"{ID}{number:05}"), p, term, DefaultGraph()) for number in range(count))
    return quads


def answered(store: Store, graph: Graph, taken: Iterable[GlobalConstraint]) -> list[Finding]:
    """What constraints find in a store."""
    return [found for ask in constraints.questions(store, ShapeIndex(graph), taken) for found in ask()]


def test_a_constraint_of_one_node_is_asked_of_the_engine() -> None:
    """Whatever has another target, or is no SELECT, is left to pySHACL; so is all else that a shape says."""
    rest, taken = constraints.split(shapes())

    assert [each.shape for each in taken] == [URIRef(DLG + "Counted"), URIRef(DLG + "Whole")]
    assert {each.focus for each in taken} == {DLG + "graph"}
    sparql = URIRef("http://www.w3.org/ns/shacl#sparql")
    assert {str(shape) for shape in rest.subjects(sparql)} == {DLG + name for name in ("Two", "Class", "Text", "Ask")}
    assert len(rest) == len(shapes()) - len(taken) - 3


def test_a_row_of_a_constraint_is_a_finding() -> None:
    """Of its value, which the message names, or of the target where it selects none."""
    graph = shapes()
    _, taken = constraints.split(graph)

    told = sorted(answered(stored(2), graph, taken), key=lambda each: (each.severity.value, each.focus))

    assert [(each.rule, each.severity, each.focus) for each in told] == [
        ("DLG-901", Severity.VIOLATION, DLG + "graph"),
        ("DLG-900", Severity.WARNING, f"{ID}00000"),
        ("DLG-900", Severity.WARNING, f"{ID}00001"),
    ]
    assert [each.messages for each in told] == [
        {"en": "None."}, {"en": f"<{ID}00000> is wrong."}, {"en": f"<{ID}00001> is wrong."},
    ]  # fmt: skip


def test_a_thousand_findings_of_a_rule_are_enough() -> None:
    """Whoever has as many mends the first before the rest is of use."""
    _, taken = constraints.split(shapes())

    told = [each for each in answered(stored(1_001), shapes(), taken) if each.rule == "DLG-900"]

    assert len(told) == 1_000


@pytest.mark.parametrize(
    ("select", "complaint"),
    [
        ("SELECT $this ?value {", r":1: the query is not SPARQL: "),
        ("SELECT $this\n{ ?value skos:note ?x }", r":2: .*Add the line PREFIX skos: <http://.*core#> at the top"),
        ("SELECT $this\n{ ?value other:note ?x }", r":2: .*'other:' is not declared"),
        ("SELECT $this { VALUES ?p { <urn:x:p> } $this ?p ?value }", r": SHACL allows no VALUES here; say FILTER"),
        ("SELECT $this { $this ?p ?value MINUS { ?value ?p $this } }", r": SHACL allows no MINUS here; say FILTER NOT"),
        ("SELECT ?value {}", ": a constraint is a SELECT that names "),
        ("ASK { $this ?p ?o }", ": a constraint is a SELECT that names "),
        ("CONSTRUCT { $this ?p ?o } { $this ?p ?o }", ": a constraint is a SELECT that names "),
    ],
)
@pytest.mark.parametrize("target", ["sh:targetNode :graph", "sh:targetClass :A"])
def test_a_constraint_that_cannot_be_read_is_told_by_its_rule(target: str, select: str, complaint: str) -> None:
    """By our own reader, whoever asks it then: with its line, and the prefix that the table has."""
    text = SHAPES.replace(f'"SELECT $this ?value {{ ?value <{DLG}p> ?x }}"', f'"""{select}"""')
    graph, table = shapes(text.replace("sh:targetNode :graph", target, 1)), stored(1)
    table.extend(declared("skos", "http://www.w3.org/2004/02/skos/core#"))

    with pytest.raises(DataError, match=f"^sh:select of DLG-900{complaint}"):
        constraints.require_readable(graph, table)
    constraints.require_readable(shapes(), table)


def declared(prefix: str, namespace: str) -> list[Quad]:
    """A line of the prefix table."""
    line, said = NamedNode(ID + "line"), {"prefix": prefix, "namespace": namespace}
    return [Quad(line, NamedNode(f"{SH}{name}"), Literal(value), DefaultGraph()) for name, value in said.items()]


def test_prefixes_that_a_constraint_names_are_declared() -> None:
    """By sh:prefixes, as SHACL says (5.2.1); the lines of the query keep their numbers."""
    table = f":names sh:declare [ sh:prefix 'd' ; sh:namespace '{DLG}' ] ."
    text = SHAPES.replace(f"?value <{DLG}p> ?x", "?value d:p ?x").replace(
        "sh:sparql [", "sh:sparql [ sh:prefixes :names ;", 1
    )
    graph = shapes(text + table)
    _, taken = constraints.split(graph)

    constraints.require_readable(graph, stored(1))
    told = answered(stored(1), graph, taken)

    assert f"{ID}00000" in {each.focus for each in told}


def test_a_constraint_that_the_engine_does_not_run_is_told_by_its_rule() -> None:
    """It follows the grammar, and is an error of ours and no finding."""
    graph = shapes(SHAPES.replace(f"?value <{DLG}p> ?x", "BIND(<urn:x:none>(1) AS ?value)"))
    _, taken = constraints.split(graph)

    with pytest.raises(DataError, match=r"^sh:select of DLG-900: The function <urn:x:none> is unknown here"):
        answered(stored(1), graph, taken)


def test_what_a_shape_does_not_say_the_shape_around_it_says() -> None:
    """Its rule, by identifier or name, and its messages; at last its own name must do."""
    graph = shapes()
    index = ShapeIndex(graph)
    inner, innermost, nobody = (URIRef(DLG + name) for name in ("Inner", "Innermost", "Nobody"))
    whole = URIRef(DLG + "Whole")
    constraint = graph.value(whole, URIRef("http://www.w3.org/ns/shacl#sparql"))

    assert [index.rule(each) for each in (inner, innermost, URIRef(DLG + "Named"), nobody)] == [
        "DLG-906", "DLG-906", "DLG-907", "Nobody",
    ]  # fmt: skip
    assert index.messages(inner, None) == {"en": "Outer."}
    assert index.messages(innermost, None) == {"en": "Innermost."}
    assert index.messages(whole, None) == {"en": "Said.", "fi": "Sanottu."}
    assert index.messages(whole, constraint) == {"en": "{?value} is wrong."}
    assert index.messages(nobody, None) == {}


@pytest.mark.parametrize(
    ("count", "more"), [(10, ""), (11, "… and 1 more Violations."), (13, "… and 3 more Violations.")]
)
def test_a_graph_that_breaks_its_rules_says_where(count: int, more: str) -> None:
    """Ten are shown, and the rest is counted; warnings are not in question."""
    wrong = [Finding("DLG-001", Severity.VIOLATION, f"{ID}{number:02}") for number in range(count)]

    with pytest.raises(GraphInvalidError) as caught:
        require_valid(Report.of([*wrong, Finding("DLG-002", Severity.WARNING, X)]))

    assert caught.value.message.count("  - <") == 10
    assert "DLG-002" not in caught.value.message
    assert caught.value.message.endswith(more or "0 Info")
    require_valid(Report.of([Finding("DLG-002", Severity.WARNING, X)]))


JUDGED = f"""
@prefix : <{DLG}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
:S a sh:NodeShape ; dcterms:identifier "DLG-910" ; sh:targetClass :A ; sh:message "Closed."@en ; sh:closed true ;
  sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
  sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "Puuttuu."@fi , "Missing."@en ] ,
    [ sh:path :q ; sh:class :B ; sh:severity sh:Info ; sh:message "No B."@en ] .
:T a sh:NodeShape ; dcterms:identifier "DLG-911" ; sh:targetClass :A ; sh:property [ sh:path :r ; sh:nodeKind sh:IRI ] .
"""


def test_a_result_of_shacl_is_a_finding() -> None:
    """With rule and words of its shape, else of pySHACL; the severity of each part, property and value."""
    data = shapes(f'@prefix : <{DLG}> . <{X}> a :A ; :q :c , "a#b" ; :r 1 .')

    told = {(f.rule, f.severity, f.focus, f.path, f.value): f.messages for f in shacl_findings(data, shapes(JUDGED))}

    assert [told.pop(("DLG-911", Severity.VIOLATION, X, "r", "1")).keys()] == [{"en"}]
    assert told == {
        ("DLG-910", Severity.WARNING, X, "p", ""): {"en": "Missing.", "fi": "Puuttuu."},
        ("DLG-910", Severity.INFO, X, "q", "c"): {"en": "No B."},
        ("DLG-910", Severity.INFO, X, "q", "a#b"): {"en": "No B."},
        ("DLG-910", Severity.VIOLATION, X, "r", "1"): {"en": "Closed."},
    }


CHECK = """#+ id: {rule}
#+ severity: Warning
#+ title: {{ fi: "o", en: "t" }}
#+ message: {{ fi: "v", en: "m" }}
#+ why: "w"
SELECT ?x {{ {pattern} }}
"""


def test_a_report_adds_the_checks_of_named_graphs(assets: Assets) -> None:
    """Those of the default graph were asked before."""
    pattern = f"?x <{DLG}isToldHere> ?y"
    (assets.root / "queries" / "checks").mkdir()
    for rule, asked in (("DLG-920", pattern), ("DLG-921", f"GRAPH ?g {{ {pattern} }}")):
        text = CHECK.format(rule=rule, pattern=asked)
        (assets.root / "queries" / "checks" / f"{rule}.rq").write_text(text, encoding="utf-8")

    snapshot = load(assets)
    told = report(snapshot, assets, [found(Y)])

    assert [(each.rule, each.focus, each.label) for each in told.findings] == [
        ("DLG-001", Y, "Yen"), ("DLG-921", X, "Xfi"),
    ]  # fmt: skip
    assert [each.rule for each in validate(load(assets), assets).findings] == ["DLG-920", "DLG-921"]


def test_nothing_holds_the_store_after_the_findings(assets: Assets) -> None:
    """It is most of what a build holds, and is freed before the named graphs are loaded."""
    snapshot = load(assets)
    asked = snapshot.store()
    before = sys.getrefcount(asked)
    gc.disable()
    try:
        findings(snapshot, assets, asked)
        after = sys.getrefcount(asked)
    finally:
        gc.enable()

    assert after == before


def test_what_pyshacl_gives_up_on_is_told_by_the_statement() -> None:
    """A blank node in the place of a value, of a thing of ours; nothing else is named."""
    text = (
        JUDGED
        + ":O sh:targetClass :A ; sh:property [ sh:path :early ; sh:lessThanOrEquals :late ] . :O a sh:NodeShape ."
    )
    data = shapes(f"@prefix : <{DLG}> . <{X}> a :A ; :p 1 ; :early 1 ; :late [] . <urn:x:y> :p [] .")

    with pytest.raises(DataError) as caught:
        list(shacl_findings(data, shapes(text)))

    assert caught.value.message.splitlines()[1:] == [
        f"  - <{X}> <{DLG}late> has a blank node; give a value, or a thing with an IRI"
    ]
