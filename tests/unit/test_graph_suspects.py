"""What the engine takes for sound is sound to pySHACL, whatever a shape says and whatever the graph holds."""

from collections.abc import Iterator

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple
from rdflib import Graph
from rdflib.namespace import SH

from dialogiverkko.errors import DataError
from dialogiverkko.graph.validation.suspects import EngineGraph, engine_term, narrowed, rdflib_term
from dialogiverkko.graph.validation.validate import rdflib_graph, shacl_findings

EX = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
HEAD = f"""@prefix : <{EX}> . @prefix sh: <{SH}> . @prefix xsd: <{XSD}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
SAID = {
    "class": "sh:property [ sh:path :p ; sh:class :A ]",
    "class of the node": "sh:class :B",
    "integer": "sh:property [ sh:path :p ; sh:datatype xsd:integer ]",
    "date": "sh:property [ sh:path :p ; sh:datatype xsd:date ]",
    "string": "sh:property [ sh:path :p ; sh:datatype xsd:string ]",
    "langString": "sh:property [ sh:path :p ; sh:datatype rdf:langString ]",
    "own datatype": "sh:property [ sh:path :p ; sh:datatype :own ]",
    "counts": "sh:property [ sh:path :p ; sh:minCount 2 ; sh:maxCount 2 ]",
    "no value": "sh:property [ sh:path :p ; sh:maxCount 0 ]",
    "pattern": 'sh:property [ sh:path :p ; sh:pattern "^a+$" ]',
    "languageIn": 'sh:property [ sh:path :p ; sh:languageIn ( "fi" "en" ) ]',
    "uniqueLang": "sh:property [ sh:path :p ; sh:uniqueLang true ]",
    "in": "sh:property [ sh:path :p ; sh:in ( :x :y ) ]",
    "hasValue": "sh:property [ sh:path :p ; sh:hasValue :x ]",
    "hasValue 1": "sh:property [ sh:path :p ; sh:hasValue 1 ]",
    "minInclusive": "sh:property [ sh:path :p ; sh:minInclusive 1 ]",
    "minInclusive of days": 'sh:property [ sh:path :p ; sh:minInclusive "2021-01-01"^^xsd:date ]',
    "lessThan": "sh:property [ sh:path :p ; sh:lessThan :q ]",
    "lessThanOrEquals": "sh:property [ sh:path :p ; sh:lessThanOrEquals :q ]",
    "closed": "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ]",
    "closed to types": "sh:closed true ; sh:property [ sh:path :p ] , [ sh:path :q ]",
    "inverse": "sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 1 ; sh:class :A ]",
    "alternative": "sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1 ]",
    "or": "sh:or ( [ sh:path :p ; sh:minCount 1 ] [ sh:path :q ; sh:class :A ] )",
    "or of values": "sh:property [ sh:path :p ; sh:or ( [ sh:class :A ] [ sh:datatype xsd:integer ] ) ]",
    "not": "sh:not [ sh:path :p ; sh:datatype xsd:integer ]",
    "not a day": "sh:not [ sh:path :p ; sh:datatype xsd:date ]",
    "not a pattern": 'sh:not [ sh:path :p ; sh:pattern "^a+$" ]',
    "not a language": 'sh:not [ sh:path :p ; sh:languageIn ( "fi" ) ]',
    "not at least": "sh:not [ sh:path :p ; sh:minInclusive 1 ]",
    "not less": "sh:not [ sh:path :p ; sh:lessThan :q ]",
    "not closed": "sh:not [ sh:closed true ; sh:ignoredProperties ( rdf:type ) ]",
    "not one of": "sh:not [ sh:path :p ; sh:in ( :x :y ) ]",
    "not not": "sh:not [ sh:not [ sh:path :p ; sh:datatype xsd:integer ; sh:minCount 1 ] ]",
    "xone": """sh:xone ( [ sh:property [ sh:path :p ; sh:datatype xsd:integer ; sh:minCount 1 ] ]
        [ sh:property [ sh:path :p ; sh:datatype xsd:date ; sh:minCount 1 ] ] [ sh:class :B ] )""",
    "not xone": "sh:not [ sh:xone ( [ sh:class :A ] [ sh:path :p ; sh:datatype xsd:integer ] ) ]",
    "node": "sh:property [ sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ]",
    "qualified": "sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1 ]",
    "qualified most": """sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:datatype xsd:integer ] ;
        sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ]""",
    "not qualified": """sh:not [ sh:path :p ; sh:qualifiedValueShape [ sh:datatype xsd:date ] ;
        sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ]""",
    "nested": "sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:class :A ] ]",
    "warning inside": "sh:not [ sh:severity sh:Warning ; sh:class :A ]",
    "nodeKind": "sh:property [ sh:path :p ; sh:nodeKind sh:IRI ]",
    "boolean": "sh:property [ sh:path :p ; sh:datatype xsd:boolean ]",
    "pattern with a class": 'sh:property [ sh:path :p ; sh:pattern "^\\\\d+$" ]',
    "pattern with flags": 'sh:property [ sh:path :p ; sh:pattern "^A+$" ; sh:flags "i" ]',
    "sequence": "sh:property [ sh:path ( :p :q ) ; sh:minCount 1 ]",
    "sequence at most": "sh:property [ sh:path ( :p :q ) ; sh:maxCount 1 ]",
    "not none at least": "sh:not [ sh:path :p ; sh:minCount 0 ]",
    "not closed at all": "sh:closed false ; sh:class :B",
    "deactivated": "sh:deactivated true ; sh:class :B",
    "many": "sh:property [ sh:path :p ; sh:maxCount 9 ]",
}
UNTRANSLATED = {
    "warning inside", "nodeKind", "boolean", "pattern with a class", "pattern with flags", "deactivated",
    "many", "not closed at all",
}  # fmt: skip
NODES = [NamedNode(EX + name) for name in "xyz"]


def _literal(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(datatype))


VALUES = [
    *NODES, BlankNode("b"), Literal("a"), Literal("aaa"), Literal("aa\n"), Literal("Aa"), Literal("42"), Literal("1"),
    Literal("a", language="fi"), Literal("b", language="fi"), Literal("a", language="fi-FI"),
    Literal("a", language="sv"), Literal("", language="en"), _literal("1", EX + "own"),
    *(_literal(text, XSD + "integer") for text in ("0", "1", "01", "+2", " 3 ", "1_0", "x", "", "9" * 30)),
    *(_literal(text, XSD + "date") for text in (
        "2021-01-01", "2020-02-29", "2021-02-29", "2021-06-31", "2020-12-31", "2021-01-01Z", "2021-01-01+02:00",
        "0000-01-01", "12021-01-01", "soon",
    )),
    *(_literal(text, XSD + "boolean") for text in ("true", "1")),
    _literal("1.0", XSD + "decimal"), _literal("1", XSD + "int"), _literal("NaN", XSD + "decimal"),
]  # fmt: skip


def shapes_of(said: str) -> Graph:
    """One shape with all kinds of targets that are not single nodes."""
    graph = Graph()
    text = f"{HEAD} :S a sh:NodeShape ; sh:targetClass :A ; sh:targetSubjectsOf :p ; sh:targetObjectsOf :r ; {said} ."
    return graph.parse(data=text, format="turtle")


def triples() -> st.SearchStrategy[set[Triple]]:
    """Graphs of few nodes and many kinds of values, with a class under a class."""
    under = Triple(
        NamedNode(EX + "B"), NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"), NamedNode(EX + "A")
    )
    subjects = st.sampled_from([*NODES, BlankNode("b")])
    types = st.builds(Triple, subjects, st.just(RDF_TYPE), st.sampled_from([NamedNode(EX + "A"), NamedNode(EX + "B")]))
    predicates = st.sampled_from([NamedNode(EX + name) for name in "pqr"])
    facts = st.builds(Triple, subjects, predicates, st.sampled_from(VALUES))
    return st.builds(lambda typed, said: {under, *typed, *said}, st.sets(types, max_size=4), st.sets(facts, max_size=8))


def stored(said: set[Triple]) -> Store:
    """A store of the engine."""
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in said)
    return store


def outcome(data: Graph, shapes: Graph) -> list[tuple[str, str, str]]:
    """What pySHACL finds; texts that it makes up hold names that are new each time."""
    return sorted((found.severity.value, found.focus, found.value) for found in shacl_findings(data, shapes))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_the_engine_leaves_out_conforms(said: str, data: st.DataObject) -> None:
    """pySHACL finds among the suspects what it finds among all, in whatever graph."""
    shapes, store = shapes_of(said), stored(data.draw(triples()))
    graph = EngineGraph(store)
    try:
        plain = outcome(graph, shapes)
    except DataError:  # pySHACL gives up on a blank node of which nothing is said
        reject()

    assert outcome(graph, narrowed(shapes, store)) == plain


def test_what_is_in_no_order_is_a_finding() -> None:
    """SHACL 4.5.4: values that cannot be compared break the shape; they do not end the validation."""
    shapes = shapes_of("sh:property [ sh:path :p ; sh:lessThanOrEquals :q ]")
    pairs = [("2021-02-30", "2021-03-01"), ("2021-01-01", "0000-01-01"), ("2021-01-01", "2021-01-02")]
    said = set()
    for number, (early, late) in enumerate(pairs):
        node = NamedNode(f"{EX}{number}")
        said |= {Triple(node, NamedNode(EX + "p"), _literal(early, XSD + "date"))}
        said |= {Triple(node, NamedNode(EX + "q"), _literal(late, XSD + "date"))}
    store = stored(said)

    found = outcome(EngineGraph(store), shapes)

    assert {focus for _, focus, _ in found} == {EX + "0", EX + "1"}
    assert outcome(EngineGraph(store), narrowed(shapes, store)) == found


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_as_many_of_a_kind_as_a_shape_takes_are_sound(count: int) -> None:
    """From one to two; those that have fewer or more are found among the suspects."""
    said = """sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:datatype xsd:integer ] ;
        sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2 ]"""
    shapes, node = shapes_of(said), NamedNode(EX + "x")
    values = [*(_literal(str(number), XSD + "integer") for number in range(count)), Literal("a")]
    store = stored({Triple(node, NamedNode(EX + "p"), value) for value in values})

    suspects = set(narrowed(shapes, store).objects(None, SH.targetNode))

    assert bool(outcome(EngineGraph(store), shapes)) is bool(suspects) is (count not in {1, 2})


@pytest.mark.parametrize("mistyped", ["NaN", "sNaN", "Infinity", "1_0", "1e3", "٣"])
@pytest.mark.parametrize("kind", ["decimal", "integer", "int"])
def test_what_only_python_reads_as_a_number_is_a_finding(mistyped: str, kind: str) -> None:
    """RDF 1.1, 5.4: a form outside the lexical space has no value; it breaks each rule that asks for one."""
    node, one = NamedNode(EX + "x"), _literal("1", XSD + "decimal")
    store = stored(
        {
            Triple(node, NamedNode(EX + "p"), _literal(mistyped, XSD + kind)),
            Triple(node, NamedNode(EX + "q"), one),
        }
    )

    for said in (
        SAID["minInclusive"],
        SAID["lessThanOrEquals"],
        f"sh:property [ sh:path :p ; sh:datatype xsd:{kind} ]",
    ):
        shapes = shapes_of(said)
        found = outcome(EngineGraph(store), shapes)

        assert found == [("Violation", EX + "x", mistyped)]
        assert outcome(EngineGraph(store), narrowed(shapes, store)) == found


def test_a_blank_node_in_the_place_of_a_value_is_told() -> None:
    """What pySHACL gives up on is an error of ours that names the statement."""
    ours = NamedNode("https://w3id.org/dialogiverkko/id/activity/x")
    store = stored(
        {
            Triple(ours, NamedNode(EX + "p"), _literal("1", XSD + "integer")),
            Triple(ours, NamedNode(EX + "q"), BlankNode("b")),
        }
    )

    with pytest.raises(DataError, match=r"activity/x> <.*q> has a blank node"):
        outcome(EngineGraph(store), shapes_of("sh:property [ sh:path :p ; sh:lessThanOrEquals :q ]"))


def test_what_has_no_translation_keeps_its_targets() -> None:
    """A shape that says what is not known here is left to pySHACL whole, and no other is."""
    kept = {name for name, said in SAID.items() if (None, SH.targetClass, None) in narrowed(shapes_of(said), Store())}

    assert kept == UNTRANSLATED


@pytest.mark.parametrize("name", sorted(set(SAID) - UNTRANSLATED))
def test_a_sound_node_is_no_suspect(name: str) -> None:
    """Where the engine understands a shape, it leaves pySHACL less than all there is."""
    store = stored(set(_sound()))
    suspects = set(narrowed(shapes_of(SAID[name]), store).objects(None, SH.targetNode))

    assert len(suspects) < len(NODES) + 1


def _sound() -> Iterator[Triple]:
    for number, node in enumerate(NODES):
        yield Triple(node, RDF_TYPE, NamedNode(EX + "AB"[number % 2]))
        yield Triple(node, NamedNode(EX + "p"), VALUES[number * 5])


def test_terms_are_the_same_there_and_back() -> None:
    """Nothing of a term is lost between the engine and rdflib."""
    assert [engine_term(rdflib_term(value)) for value in VALUES] == VALUES


def test_the_graph_of_the_engine_is_the_graph_of_its_triples() -> None:
    """What rdflib reads through the engine is what it would hold itself; a literal is the subject of nothing."""
    said = set(_sound())
    graph = EngineGraph(stored(said))

    assert set(graph) == set(rdflib_graph(said))
    assert len(graph) == len(said)
    assert list(graph.objects(rdflib_term(Literal("a")), None)) == []
