"""What the endpoint says of itself: its departures, its context, its statuses."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from flask.testing import FlaskClient

from dialogiverkko.sparql.departures import DEPARTURES

CONTEXT = Path(__file__).resolve().parents[2] / "ontology" / "context.jsonld"
LABELLED = "CONSTRUCT WHERE { ?s a <https://w3id.org/dialogiverkko/ns#DialogueSeries> ; ?p ?o }"


def test_the_service_description_tells_the_departures(client: FlaskClient) -> None:
    """One sentence for each row of the table."""
    body = client.get("/sparql", headers={"Accept": "text/turtle"}).get_data(as_text=True)
    graph = rdflib.Graph().parse(data=body)

    told = {str(each) for each in graph.objects(None, rdflib.RDFS.comment)}

    assert {each.sentence for each in DEPARTURES} <= told


def test_the_context_is_served(client: FlaskClient) -> None:
    """As the file has it, and 304 where it is held."""
    response = client.get("/context.jsonld")

    assert response.get_data() == CONTEXT.read_bytes()
    assert response.content_type == "application/ld+json"
    assert client.get("/context.jsonld", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/sparql?format=jsonld&query=", "/data/org/vnk.jsonld?", "/void?format=jsonld&"])
def test_json_ld_has_types_and_terms(client: FlaskClient, path: str) -> None:
    """Frames find what they look for: types are types, not values of a property."""
    address = path + (quote(LABELLED) if path.endswith("query=") else "")
    document = json.loads(client.get(address).get_data())

    nodes = document["@graph"]
    assert all("@id" in node for node in nodes)
    assert any("@type" in node for node in nodes)
    assert '"rdf:type":' not in json.dumps(document)
    if "query" in path:
        assert all(node["@type"] and node["prefLabel"]["fi"] for node in nodes)


STATUSES = {
    "400": {"query": ""},
    "403": {"query": "INSERT DATA { <a:a> <a:a> <a:a> }"},
    "406": {"query": "ASK {}", "format": "nothing"},
    "413": {"query": "ASK {} " + " " * 200_001},
}


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_of_an_error_is_declared(client: FlaskClient, status: str) -> None:
    """OpenAPI declares what is answered, an empty query among it."""
    declared = json.loads(client.get("/openapi.json").get_data())["paths"]["/sparql"]

    response = client.post("/sparql", data=STATUSES[status])

    assert response.status_code == int(status)
    for method in ("get", "post"):
        wanted = {"400", "403", "406", "413", "503", "504"} | ({"411", "415"} if method == "post" else {"414"})
        assert wanted <= declared[method]["responses"].keys()
