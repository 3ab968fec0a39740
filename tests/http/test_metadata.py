"""What the endpoint says of itself agrees with what it holds."""

import hashlib

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, RDF, VOID, Graph, Literal, URIRef
from rdflib.namespace import XSD

from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.media import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from dialogiverkko.web.services import Services

SD = "http://www.w3.org/ns/sparql-service-description#"
TYPES = {TURTLE.name: "turtle", N_TRIPLES.name: "nt", RDF_XML.name: "xml", JSON_LD.name: "json-ld"}
SPDX = "http://spdx.org/rdf/terms#"


def read(client: FlaskClient, path: str, media_type: str = TURTLE.name) -> Graph:
    """Read a document of metadata."""
    response = client.get(path, headers={"Accept": media_type})
    assert (response.status_code, response.mimetype) == (200, media_type)
    return Graph().parse(data=response.data, format=TYPES[media_type])


@pytest.mark.parametrize(
    "path", ["/sparql", "/.well-known/void", "/void", "/catalogue", "/.well-known/sparql-examples"]
)
def test_metadata_say_the_same_in_every_format(client: FlaskClient, path: str) -> None:
    """Four formats, one set of triples."""
    sizes = {len(read(client, path, media_type)) for media_type in TYPES}

    assert len(sizes) == 1
    assert sizes.pop() > 10


def test_the_service_description_names_every_graph(client: FlaskClient, services: Services) -> None:
    """SPARQL 1.1 Service Description, 3.4.5: sd:namedGraph."""
    graph = read(client, "/sparql")
    names = {str(name) for name in graph.objects(None, URIRef(f"{SD}name"))}

    assert names == set(services.backend.graph_names)


def test_the_service_description_counts_truly(client: FlaskClient, services: Services) -> None:
    """void:triples of each graph are what the graph holds."""
    graph = read(client, "/sparql")

    for name, size in services.snapshot.counts.items():
        if name in services.backend.graph_names:
            assert (URIRef(name), VOID.triples, Literal(size)) in graph, name


def test_the_service_is_where_it_says(client: FlaskClient) -> None:
    """sd:endpoint is the address that was asked."""
    graph = read(client, "/sparql")

    assert (None, URIRef(f"{SD}endpoint"), URIRef("http://localhost/sparql")) in graph
    assert len(set(graph.objects(None, URIRef(f"{SD}resultFormat")))) == 10


def test_void_counts_truly(client: FlaskClient, services: Services) -> None:
    """void:triples of the dataset is the number of triples of the default graph."""
    graph = read(client, "/.well-known/void")
    counted = graph.value(URIRef(DATASET), VOID.triples)

    assert int(str(counted)) > 1000
    assert (None, RDF.type, VOID.Dataset) in graph


def test_class_partitions_count_truly(client: FlaskClient) -> None:
    """Each void:classPartition has as many entities as the endpoint counts."""
    graph = read(client, "/.well-known/void")
    checked = 0
    for part in list(graph.objects(URIRef(DATASET), VOID.classPartition))[:25]:
        name, entities = graph.value(part, VOID["class"]), graph.value(part, VOID.entities)
        query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a <{name}> }}"
        answer = client.get("/sparql", query_string={"query": query}).get_json(force=True)
        assert answer["results"]["bindings"][0]["n"]["value"] == str(entities), name
        checked += 1

    assert checked >= 10


def test_the_catalogue_lists_dumps_whose_checksums_hold(client: FlaskClient) -> None:
    """DCAT-AP 3: each distribution has a download whose bytes have the checksum and the size that are told."""
    graph = read(client, "/catalogue")
    checked = 0
    for checksum, value in graph.subject_objects(URIRef(f"{SPDX}checksumValue")):
        distribution = graph.value(None, URIRef(f"{SPDX}checksum"), checksum)
        size = graph.value(distribution, DCAT.byteSize)
        name = str(graph.value(distribution, DCAT.downloadURL)).rsplit("/", 1)[1]
        body = client.get(f"/dumps/{name}").data
        assert (hashlib.sha256(body).hexdigest(), str(len(body))) == (str(value), str(size)), name
        checked += 1

    assert checked == 5


def test_checksums_are_listed_for_sha256sum(client: FlaskClient) -> None:
    """SHA256SUMS has a line for each dump, in the form that sha256sum -c reads."""
    for line in client.get("/dumps/SHA256SUMS").get_data(as_text=True).splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(client.get(f"/dumps/{name}").data).hexdigest() == digest


@pytest.mark.parametrize("name", ["none.ttl", "..%2f..%2fpyproject.toml", "../pyproject.toml", "%2e%2e/x"])
def test_there_are_no_other_dumps(client: FlaskClient, name: str) -> None:
    """A name is looked up, never opened."""
    assert client.get(f"/dumps/{name}").status_code == 404


def test_examples_carry_their_queries(client: FlaskClient) -> None:
    """SIB's pattern: each saved query is a resource with its text."""
    graph = read(client, "/.well-known/sparql-examples")

    assert len(set(graph.objects(None, URIRef("http://www.w3.org/ns/shacl#select")))) >= 20


def test_prefixes_are_declared_in_the_graph(client: FlaskClient) -> None:
    """SIB's pattern: sh:declare tells a client which prefixes to use."""
    query = "ASK { ?o <http://www.w3.org/ns/shacl#declare> [ <http://www.w3.org/ns/shacl#prefix> 'dlg' ] }"

    assert client.get("/sparql", query_string={"query": query}).get_json(force=True)["boolean"] is True


def test_robots_are_kept_from_queries(client: FlaskClient) -> None:
    """Crawlers read pages, not the endpoint."""
    assert "Disallow: /sparql" in client.get("/robots.txt").get_data(as_text=True)


def test_counts_are_integers(client: FlaskClient) -> None:
    """VoID counts are xsd:integer, as clients expect."""
    graph = read(client, "/.well-known/void")

    assert {each.datatype for each in graph.objects(None, VOID.triples) if isinstance(each, Literal)} == {XSD.integer}
