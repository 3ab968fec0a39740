"""What this copy says of itself and hands out is right by the schemas of others."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import html5rdf
import networkx as nx
import pytest
import yaml
from flask.testing import FlaskClient
from lxml import etree
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS, SH, SKOS

from dialogiverkko.namespaces import BASE, DLG, LANGUAGES
from dialogiverkko.web.services import Services
from dialogiverkko.web.site.views import VIEWS

ROOT = Path(__file__).resolve().parent.parent.parent
EXTERNAL = ROOT.parent / "shared" / "external"
VCARD = "http://www.w3.org/2006/vcard/ns#"


def external(name: str) -> Path:
    """A file of others' test data; where it is not at hand, the test says so."""
    path = EXTERNAL / name
    if not path.exists():
        pytest.skip(f"test data of others are not at hand: {name}")
    return path


def turtle(client: FlaskClient, path: str) -> Graph:
    """Read a description."""
    return Graph().parse(data=client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True).data)


# --- DCAT-AP ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shapes", "shapes_recommended", "range", "deprecateduris"])
def test_the_catalogue_conforms_to_dcat_ap(client: FlaskClient, name: str) -> None:
    """Mandatory and recommended properties, classes of values, and no address that is out of use."""
    shapes = Graph().parse(external(f"dcat-ap-3.0.1/{name}.ttl"))
    conforms, report, _ = validate(turtle(client, "/catalogue"), shacl_graph=shapes, advanced=True)
    found = [(str(report.value(r, SH.focusNode)), str(report.value(r, SH.resultPath)), str(report.value(r, SH.value)))
             for r in report.subjects(RDF.type, SH.ValidationResult)]  # fmt: skip

    assert found == []
    assert conforms


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [("catalogue", DCTERMS.issued), ("sparql", URIRef("http://www.w3.org/ns/dcat#theme")),
     ("dataset/distribution/ttl", DCTERMS.description)],
)  # fmt: skip
def test_what_is_taken_out_is_missed(client: FlaskClient, subject: str, predicate: URIRef) -> None:
    """The check above can fail."""
    shapes = Graph().parse(external("dcat-ap-3.0.1/shapes_recommended.ttl"))
    graph = turtle(client, "/catalogue")
    graph.remove((URIRef(BASE + subject), predicate, None))

    assert not validate(graph, shacl_graph=shapes, advanced=True)[0]


def test_whoever_looks_after_the_data_can_be_reached(client: FlaskClient) -> None:
    """The contact is a vcard:Kind with an address."""
    graph = turtle(client, "/catalogue")
    contact = URIRef(BASE + "contact")

    assert (contact, RDF.type, URIRef(VCARD + "Kind")) in graph
    assert graph.value(contact, URIRef(VCARD + "hasURL"))


# --- the ontology -----------------------------------------------------------------------------

PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
RESERVED = tuple(str(each) for each in (OWL, RDF, RDFS, "http://www.w3.org/2001/XMLSchema#"))


def test_the_ontology_is_one_document_of_owl_2_dl(client: FlaskClient) -> None:
    """One header; each property declared, as one kind and as no class; each class and datatype declared, as one."""
    graph = turtle(client, "/ns")
    kinds = {p: [k for k in PROPERTIES if (p, RDF.type, k) in graph] for p in set(graph.predicates())}
    for kind in PROPERTIES:
        kinds |= {p: [k for k in PROPERTIES if (p, RDF.type, k) in graph] for p in graph.subjects(RDF.type, kind)}
    ours = {p: found for p, found in kinds.items() if not str(p).startswith(RESERVED)}
    used = {o for p in (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.someValuesFrom, RDF.type)
            for o in graph.objects(None, p) if isinstance(o, URIRef) and not str(o).startswith(RESERVED)}  # fmt: skip

    assert set(graph.subjects(RDF.type, OWL.Ontology)) == {URIRef(BASE + "ns")}
    assert {p: found for p, found in ours.items() if len(found) != 1} == {}
    assert [
        c for c in used if (c, RDF.type, OWL.Class) not in graph and (c, RDF.type, RDFS.Datatype) not in graph
    ] == []
    assert [p for p in ours if (p, RDF.type, OWL.Class) in graph] == []
    assert [c for c in used if (c, RDF.type, OWL.Class) in graph and (c, RDF.type, RDFS.Datatype) in graph] == []
    assert len([p for p in ours if str(p).startswith(DLG)]) > 40


def test_properties_are_used_by_their_kind(client: FlaskClient) -> None:
    """OWL 2 DL: a property and the one above it are of one kind, and only object properties have inverses."""
    graph = turtle(client, "/ns")
    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        both = [{k for k in PROPERTIES if (p, RDF.type, k) in graph} for p in (lower, upper)]
        assert both[0] == both[1] or str(upper).startswith(RESERVED), (lower, upper)
    for inverse in graph.subjects(OWL.inverseOf, None):
        assert (inverse, RDF.type, OWL.ObjectProperty) in graph


def test_schemes_say_who_made_them(services: Services, client: FlaskClient) -> None:
    """Creator, licence, date and description of each concept scheme."""
    merged = list(services.snapshot.merged)
    schemes = {t.subject.value for t in merged if getattr(t.object, "value", "") == str(SKOS.ConceptScheme)
               and t.subject.value.startswith(f"{BASE}vocab/")}  # fmt: skip
    graph = turtle(client, "/vocab/status")

    assert len(schemes) >= 18
    said = {
        (t.subject.value, t.predicate.value)
        for t in services.snapshot.merged
        if getattr(t.subject, "value", "") in schemes
    }
    wanted = [DCTERMS.creator, DCTERMS.license, DCTERMS.modified, DCTERMS.description]
    assert [(s, p) for s in schemes for p in wanted if (s, str(p)) not in said] == []
    assert graph.value(URIRef(f"{BASE}vocab/status"), DCTERMS.license)


# --- the network ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/collaboration.gexf", "/collaboration.gexf?lang=en&strength=partnership",
                                     "/collaboration.gexf?begin=1900-01-01&end=1900-12-31"])  # fmt: skip
def test_gexf_is_valid_by_its_schema(client: FlaskClient, address: str) -> None:
    """GEXF 1.2draft, of the whole, of a part, and of nothing."""
    schema = etree.XMLSchema(etree.parse(external("gexf/gexf.xsd")))
    document = etree.fromstring(client.get(address).data)

    schema.validate(document)
    assert [str(error) for error in schema.error_log] == []


def test_an_edge_has_a_weight_and_a_kind(client: FlaskClient) -> None:
    """A number for layouts, the stronger the greater, and the strength by its name; in each format."""
    network = json.loads(client.get("/collaboration.json").data)
    graphml = client.get("/collaboration.graphml").data.decode()
    graphs = [nx.node_link_graph(network), nx.parse_graphml(graphml, force_multigraph=True),
              nx.read_gexf(io.BytesIO(client.get("/collaboration.gexf").data))]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(client.get("/collaboration.csv").get_data(as_text=True))))

    for graph in graphs:
        edges = [data for _, _, data in graph.edges(data=True)]
        assert len(edges) == len(rows) > 10
        assert {type(edge["weight"]) for edge in edges} == {float}
        weights = {edge["kind"]: edge["weight"] for edge in edges}
        assert weights["joint-organisation"] > weights["involvement"]
    assert nx.node_link_graph(network["contexts"]).number_of_edges() > 10


# --- the feed, the citation, what is kept --------------------------------------------------------


def test_the_feed_says_its_language(client: FlaskClient) -> None:
    """RFC 4287, 2: xml:lang of what people read."""
    feed = etree.fromstring(client.get("/feed.atom").data)

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


CFF_TYPES = frozenset(
    """art article audiovisual bill blog book catalogue conference-paper conference data database dictionary edited-work
    encyclopedia film-broadcast generic government-document grant hearing historical-work legal-case legal-rule
    magazine-article manual map multimedia music newspaper-article pamphlet patent personal-communication proceedings
    report serial slides software software-code software-container software-executable software-virtual-machine
    sound-recording standard statute thesis unpublished video website""".split()  # noqa: SIM905 - a list in words
)
"""What Citation File Format 1.2.0 lets a reference be."""


def test_the_citation_is_of_its_format() -> None:
    """The keys that 1.2.0 wants, types that it knows, and the version of the package."""
    told: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert {"cff-version", "message", "title", "authors"} <= set(told)
    assert told["type"] in ("software", "dataset")
    assert [r["type"] for r in told["references"] if r["type"] not in CFF_TYPES] == []
    assert all({"authors", "title", "type"} <= set(r) for r in told["references"])


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/metrics", "no-store"), ("/healthz", "no-store"), ("/queries", "public"), ("/queries/nope", "no-store"),
        ("/queries/guiding-questions", "public"), ("/queries/guiding-questions.csv", "public"),
        ("/collaboration.json", "public"), ("/catalogue", "public"), ("/data/ns", "public"),
        ("/openapi.json", "public"),
    ],
)  # fmt: skip
def test_caches_are_told_what_to_keep(client: FlaskClient, path: str, kept: str) -> None:
    """What is measured is never kept; what the graph says may be, and is asked for again."""
    assert client.get(path).headers["Cache-Control"].startswith(kept)


def test_robots_are_told_of_the_sitemap(client: FlaskClient) -> None:
    """By its whole address."""
    told = client.get("/robots.txt").get_data(as_text=True)

    assert "Sitemap: http://localhost/sitemap.xml" in told.splitlines()


# --- HTML -------------------------------------------------------------------------------------

VIEWED = ("", "activities", *(view for view in VIEWS if view != "home"))
PAGES = [*(f"/{language}/{view}" for language in LANGUAGES for view in VIEWED), "/en/page/org/om", "/en/page/shapes",
         "/fi/page/activity/tulevaisuusdialogit", "/sv/page/dataset", "/graphs", "/dumps", "/queries?lang=en",
         "/queries/guiding-questions?lang=sv", "/queries/collaboration-network-as-a-graph?lang=en",
         "/sparql?query=ASK%7B%7D", "/nothing", "/en/activities?colour=red"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_html(client: FlaskClient, path: str) -> None:
    """No error by the standard's parser; each id once; labels, headers and descriptions name what there is."""
    text = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
    parser = html5rdf.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(text)
    ids = [each.get("id") for each in document.iter() if each.get("id")]
    names = ("for", "aria-labelledby", "aria-describedby", "headers", "list")
    named = {word for each in document.iter() for name in names
             for word in (each.get(name) or "").split()}  # fmt: skip

    assert [(position, code) for position, code, _ in parser.errors] == []
    assert len(ids) == len(set(ids))
    assert named - set(ids) == set()
    for figure in document.iter("figure"):
        is_named = figure.get("aria-label") or figure.find("figcaption") is not None or figure.get("aria-hidden")
        assert is_named, path
    assert re.search(r"<html lang=\"(fi|sv|en)\"", text)
