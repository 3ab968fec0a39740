"""JSON-LD with a context: the same triples back, types as types, terms where they say what is meant."""

import json
from itertools import groupby
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.jsonld import pieces
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import load
from dialogiverkko.sparql.jsonld import RDF_TYPE, Context, Term, write_json_ld

ASSETS = find_assets(Path(__file__).resolve().parents[2])
CONTEXT = Context.of(json.loads(ASSETS.context.read_bytes())["@context"])
DLG = "https://w3id.org/dialogiverkko/ns#"
ACTIVITY = NamedNode("https://w3id.org/dialogiverkko/id/activity/a")
XSD = "http://www.w3.org/2001/XMLSchema#"


def said(name: str, *values: object) -> list[Triple]:
    """Say something of an activity."""
    iri = NamedNode(name if "://" in name else DLG + name)
    return [Triple(ACTIVITY, iri, value) for value in values]  # type: ignore[arg-type] # terms


def node(*triples: Triple) -> dict[str, object]:
    """Write triples about one subject and return its node."""
    document = json.loads(write_json_ld({ACTIVITY: triples}, CONTEXT))
    found: dict[str, object] = document["@graph"][0]
    return found


def back(body: bytes) -> set[Triple]:
    """Read a document back."""
    return {quad.triple for quad in parse(body, RdfFormat.JSON_LD)}


LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
PLACES = "https://w3id.org/dialogiverkko/id/place/"
PLACE = NamedNode(f"{PLACES}x")


@pytest.mark.parametrize(
    ("triples", "name", "value"),
    [
        (said(RDF_TYPE, NamedNode(f"{DLG}Activity")), "@type", "Activity"),
        (said(RDF_TYPE, NamedNode("urn:x:T"), NamedNode(f"{DLG}Count")), "@type", ["urn:x:T", "Count"]),
        (said("hasPlace", PLACE), "hasPlace", "place:x"),
        (said("hasPlace", BlankNode("b"), PLACE), "hasPlace", ["_:b", "place:x"]),
        (said("hasPlace", Literal("x")), "dlg:hasPlace", "x"),
        (said("lineNumber", Literal("7", datatype=NamedNode(f"{XSD}integer"))), "lineNumber", "7"),
        (
            said("lineNumber", Literal("7", datatype=NamedNode(f"{XSD}int"))),
            "dlg:lineNumber",
            {"@type": "xsd:int", "@value": "7"},
        ),
        (said(LABEL, Literal("a", language="fi"), Literal("b", language="sv")), "prefLabel", {"fi": "a", "sv": "b"}),
        (said(LABEL, Literal("a", language="fi"), Literal("b", language="fi")), "prefLabel", {"fi": ["a", "b"]}),
        (said(LABEL, Literal("a")), "skos:prefLabel", "a"),
        (said("http://www.w3.org/2004/02/skos/core#altLabel", Literal("a", language="fi")), "altLabel", {"fi": ["a"]}),
        (said("edtf", Literal("2020")), f"{DLG}edtf", "2020"),
        (said("sha256", Literal("00")), "sha256", "00"),
        (said("urn:x://y", NamedNode("urn:x:z")), "urn:x://y", {"@id": "urn:x:z"}),
        (said("hasPlace", NamedNode(PLACES)), "hasPlace", PLACES),
        (said("hasPlace", NamedNode(f"{PLACES}//x")), "hasPlace", f"{PLACES}//x"),
        (said(RDF_TYPE, NamedNode(f"{DLG}hasPlace"), NamedNode(LABEL)), "@type", ["hasPlace", "prefLabel"]),
    ],
)
def test_a_value_is_written_by_its_term_where_it_fits(triples: list[Triple], name: str, value: object) -> None:
    """A term says what its values are; what is not that has another name, and all of it comes back."""
    found = node(*triples)

    assert found == {"@id": "activity:a", name: value}
    assert back(write_json_ld({ACTIVITY: triples}, CONTEXT)) == set(triples)


@pytest.mark.parametrize(
    ("term", "written"),
    [
        (Term("t", "urn:x:t"), "urn:x:t"),
        (Term("t", "urn:x:t", type="@id"), {"@id": "urn:x:t", "@type": "@id"}),
        (Term("t", "urn:x:t", is_map=True), {"@id": "urn:x:t", "@container": "@language"}),
        (Term("t", "urn:x:t", "@id", is_set=True), {"@id": "urn:x:t", "@type": "@id", "@container": "@set"}),
        (Term("t", "urn:x:t", is_map=True, is_set=True), {"@id": "urn:x:t", "@container": ["@language", "@set"]}),
    ],
)
def test_a_term_is_written_as_a_context_says_it(term: Term, written: object) -> None:
    """One container stands alone, as readers of JSON-LD 1.0 want it; what is written is read back."""
    assert term.definition() == written
    assert Context.of({"t": term.definition()}).terms == (term,)


def test_a_scheme_is_not_taken_for_a_prefix() -> None:
    """Where an IRI begins like a prefix that the document has, nothing is shortened."""
    triples = [*said("hasPlace", NamedNode("place:x"), PLACE), *said(RDF_TYPE, NamedNode("activity:T"))]

    body = write_json_ld({ACTIVITY: triples}, CONTEXT)

    assert back(body) == set(triples)
    with pytest.raises(ValueError, match="scheme"):
        list(pieces(ordered(triples).lines(), CONTEXT.prefixes))


@pytest.mark.parametrize("code", [*range(0x20), 0x22, 0x5C, 0x7F, 0x85, 0xE4, 0x2028, 0xFFFD, 0x1F600])
def test_any_letter_of_a_text_comes_back_from_pieces(code: int) -> None:
    """With what must be escaped and what need not, in texts of every kind."""
    text = f"a{chr(code)}b"
    values = (Literal(text), Literal(text, language="fi"), Literal(text, datatype=NamedNode("urn:x:t")))
    triples = [*said("p", *values), *said(RDF_TYPE, Literal(text), NamedNode("urn:x:T"), BlankNode("b"))]

    body = b"".join(pieces(ordered(triples).lines(), CONTEXT.prefixes))

    assert json.loads(body)["@graph"][0]["@type"] == ["urn:x:T", "_:c14n0"]
    assert back(body) == set(ordered(triples))


@pytest.fixture(scope="module")
def everything() -> list[Triple]:
    """Every triple of the real graph, subject by subject."""
    return list(load(ASSETS).merged)


def test_the_whole_graph_comes_back(everything: list[Triple]) -> None:
    """With the context, and in pieces with the prefixes alone, read by two readers."""
    described = {key: list(each) for key, each in groupby(everything, key=lambda triple: triple.subject)}

    assert back(write_json_ld(described, CONTEXT)) == set(everything)
    assert back(b"".join(pieces(ordered(everything).lines(), CONTEXT.prefixes))) == set(everything)


def test_another_reader_finds_types_and_labels(everything: list[Triple]) -> None:
    """rdflib reads as many triples of some activities as there are."""
    few = {key: list(each) for key, each in groupby(everything[:2000], key=lambda triple: triple.subject)}

    graph = rdflib.Graph().parse(data=write_json_ld(few, CONTEXT).decode(), format="json-ld")

    assert len(graph) == sum(len(each) for each in few.values())
