"""Every IRI of ours leads to its data, and from there to the words that it rests on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, parse
from rdflib import RDF, Graph, Namespace, Node, URIRef
from rdflib.namespace import RDFS, SKOS

from dialogiverkko.namespaces import BASE, DLG, GRAPH_ONTOLOGY
from dialogiverkko.web.http import resources
from dialogiverkko.web.services import Services

VNK = "org/vnk"
SUFFIXES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
EVIDENCED = URIRef(f"{DLG}isEvidencedBy")
OA = Namespace("http://www.w3.org/ns/oa#")


def data(client: FlaskClient, path: str) -> Graph:
    """Read the data of a thing as Turtle."""
    response = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert response.status_code == 200, path
    return Graph().parse(data=response.data, format="turtle")


@pytest.mark.parametrize("accept", SUFFIXES.values())
def test_an_iri_is_303_to_its_data(client: FlaskClient, accept: str) -> None:
    """httpRange-14: a thing is no document; 303 leads to what describes it."""
    response = client.get(f"/id/{VNK}", headers={"Accept": accept})
    document = client.get(response.location, headers={"Accept": accept})

    assert (response.status_code, response.location) == (303, f"/data/{VNK}")
    assert (document.status_code, document.mimetype) == (200, accept)


def test_a_browser_is_led_to_the_page_where_there_is_one(client: FlaskClient, application: Flask) -> None:
    """A person gets a page; a server without pages leads to the data."""
    response = client.get(f"/id/{VNK}", headers={"Accept": "text/html,*/*;q=0.8"})

    has_pages = "pages" in application.blueprints
    assert response.location == (f"/page/{VNK}" if has_pages else f"/data/{VNK}")


@pytest.mark.parametrize("face", ["id", "data"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_suffix_chooses_the_format(client: FlaskClient, face: str, suffix: str) -> None:
    """People choose by suffix, whatever their browser accepts."""
    response = client.get(f"/{face}/{VNK}.{suffix}", headers={"Accept": "text/html"}, follow_redirects=True)

    assert (response.status_code, response.mimetype) == (200, SUFFIXES[suffix])


def test_every_iri_of_ours_resolves(client: FlaskClient, services: Services) -> None:
    """All things, concepts and passages of the graph, those with slashes in their names too."""
    spaces = ("id/", "vocab/", "src/")
    ours = sorted(iri for iri in services.mapped if iri.removeprefix(BASE).startswith(spaces))
    wrong = [iri for iri in ours if client.get("/" + iri.removeprefix(BASE)).status_code != 303]

    assert len(ours) > 500
    assert wrong == []


def test_every_named_graph_resolves(client: FlaskClient, services: Services) -> None:
    """The name of a graph leads to its description."""
    names = sorted(services.backend.graph_names)

    assert [
        n for n in names if n in services.mapped and client.get("/" + n.removeprefix(BASE)).status_code != 303
    ] == []


@pytest.mark.parametrize("accept", SUFFIXES.values())
def test_the_ontology_resolves(client: FlaskClient, services: Services, accept: str) -> None:
    """The namespace of the terms leads to the ontology."""
    response = client.get("/ns", headers={"Accept": accept}, follow_redirects=True)

    assert (response.status_code, response.mimetype) == (200, accept)


def test_the_ontology_is_whole(client: FlaskClient, services: Services) -> None:
    """What is served is the graph of the ontology but the headers of its parts, and declares the terms of others."""
    served = data(client, "/ns")
    lost = [
        triple
        for triple in services.snapshot.graphs[GRAPH_ONTOLOGY]
        if isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
        and (URIRef(triple.subject.value), URIRef(triple.predicate.value), URIRef(triple.object.value)) not in served
    ]

    assert {triple.predicate.value.rpartition("#")[2] for triple in lost} == {"type", "imports"}
    assert not any(triple.subject.value == f"{BASE}ns" for triple in lost)
    assert len(served) > services.snapshot.counts[GRAPH_ONTOLOGY]


@pytest.mark.parametrize(
    "path", ["/id/org/none", "/data/org/none", "/vocab/none/x", "/src/x", "/id/", "/data/org/none.ttl"]
)
def test_what_the_graph_does_not_know_is_404(client: FlaskClient, path: str) -> None:
    """An IRI that nothing is said of does not exist."""
    assert client.get(path).status_code == 404


def test_data_hold_the_thing_and_who_points_at_it(client: FlaskClient) -> None:
    """What is said of the thing, and what is said with it as object."""
    graph, thing = data(client, f"/id/{VNK}"), URIRef(f"{BASE}id/{VNK}")

    assert (thing, RDF.type, None) in graph
    assert len(set(graph.subjects(None, thing))) > 5


def test_data_hold_the_names_of_all_that_is_named(client: FlaskClient) -> None:
    """Nobody must ask again to show labels."""
    graph, thing = data(client, f"/id/{VNK}"), URIRef(f"{BASE}id/{VNK}")
    named = {o for o in graph.objects(thing, None) if isinstance(o, URIRef) and str(o).startswith(f"{BASE}vocab/")}
    nameless = [o for o in named if not graph.value(o, SKOS.prefLabel) and not graph.value(o, RDFS.label)]

    assert nameless == []


def test_data_hold_the_evidence(client: FlaskClient) -> None:
    """The passages that a thing rests on come with their place in the text, their words, or the page as a whole."""
    path = "id/activity/tulevaisuusdialogit"
    graph = data(client, f"/{path}")
    passages = set(graph.objects(URIRef(BASE + path), EVIDENCED))

    listed = {passage for passage in passages if str(passage).startswith(f"{BASE}src/vertaisdialogi-listaus-2021/")}
    pages = {passage for passage in passages if str(passage).endswith("/page")}
    quoted = passages - listed - pages

    assert listed
    assert pages
    assert quoted
    assert all(graph.value(passage, OA.hasSource) for passage in passages)
    assert all(graph.value(passage, URIRef(f"{DLG}sha256")) for passage in listed | quoted)
    assert all(graph.value(passage, URIRef(f"{DLG}lineNumber")) for passage in listed)
    assert all(words(graph, passage) for passage in quoted)
    assert not any(graph.value(passage, OA.hasSelector) for passage in pages)


def words(graph: Graph, passage: Node) -> str:
    """The words that a passage quotes: a passage of a text that is not held has these in place of a line."""
    return "".join(str(graph.value(each, OA.exact) or "") for each in graph.objects(passage, OA.hasSelector))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_data_are_the_same_in_whichever_order_the_engine_answers(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Several servers of one graph send the same bytes, and the same tag."""
    before = client.get(f"/data/{VNK}.{suffix}")
    monkeypatch.setattr(resources, "parse_rdf", lambda *given: reversed(list(parse(*given))))
    after = client.get(f"/data/{VNK}.{suffix}")

    assert after.data == before.data
    assert after.headers["ETag"] == before.headers["ETag"]


def test_data_begin_with_the_thing_itself(client: FlaskClient) -> None:
    """With its types; other things follow by their names."""
    lines = client.get(f"/data/{VNK}.nt").text.splitlines()
    subjects = list(dict.fromkeys(line.split(" ", 1)[0] for line in lines))

    assert lines[0].startswith(f"<{BASE}id/{VNK}> <{RDF.type}> ")
    assert len(subjects) > 10
    assert subjects[1:-1] == sorted(subjects[1:-1])


def test_data_link_to_their_other_faces(client: FlaskClient) -> None:
    """RFC 8288: alternates by type, and what describes the whole."""
    links = ", ".join(client.get(f"/data/{VNK}").headers.getlist("Link"))

    assert 'rel="alternate"; type="application/ld+json"' in links
    assert 'rel="describedby"' in links
    assert f'<{BASE}id/{VNK}>; rel="describes"' in links


def test_data_are_cached_by_tag(client: FlaskClient) -> None:
    """What the client holds is not sent again."""
    tag = client.get(f"/data/{VNK}").headers["ETag"]

    assert client.get(f"/data/{VNK}", headers={"If-None-Match": tag}).status_code == 304


def test_a_type_that_there_is_not_is_406(client: FlaskClient) -> None:
    """A data document has four formats."""
    assert client.get(f"/data/{VNK}", headers={"Accept": "image/png"}).status_code == 406
