"""The Graph Store HTTP Protocol, for reading: https://www.w3.org/TR/sparql11-http-rdf-update/."""

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from dialogiverkko.media import GRAPH_TYPES
from dialogiverkko.namespaces import GRAPH_REFERENCE, GRAPH_VOCAB
from dialogiverkko.web.services import Services


def test_a_named_graph_is_read_whole(client: FlaskClient, services: Services) -> None:
    """5.2: GET with graph= answers the graph of that name."""
    response = client.get("/graphs", query_string={"graph": GRAPH_VOCAB}, headers={"Accept": "text/turtle"})

    assert len(Graph().parse(data=response.data, format="turtle")) == services.snapshot.counts[GRAPH_VOCAB]


def test_the_default_graph_is_read_whole(client: FlaskClient, services: Services) -> None:
    """4.2: GET with ?default answers the default graph."""
    response = client.get("/graphs?default", headers={"Accept": "application/n-triples"})

    assert len(response.data.splitlines()) == len(services.snapshot.merged)


@pytest.mark.parametrize("media_type", GRAPH_TYPES, ids=lambda media_type: media_type.suffix)
def test_graphs_come_in_every_format(client: FlaskClient, media_type: object) -> None:
    """5.2: the representation is negotiated."""
    name = media_type.name  # type: ignore[attr-defined]
    response = client.get("/graphs", query_string={"graph": GRAPH_REFERENCE}, headers={"Accept": name})

    assert (response.status_code, response.mimetype) == (200, name)


def test_head_tells_without_the_graph(client: FlaskClient) -> None:
    """5.6: HEAD is GET without the content."""
    response = client.head("/graphs", query_string={"graph": GRAPH_VOCAB})

    assert (response.status_code, response.data) == (200, b"")


def test_an_absent_graph_is_404(client: FlaskClient) -> None:
    """5.2: no such graph, 404; the answer lists those there are."""
    response = client.get("/graphs?graph=http://example.org/none")

    assert response.status_code == 404
    assert GRAPH_VOCAB in response.get_json(force=True)["known"]


@pytest.mark.parametrize("query", ["", "default&graph=a:b", "graph=a:b&graph=a:c", "graph=not%20an%20iri", "graph=%FF"])
def test_a_graph_is_named_once_and_by_an_iri(client: FlaskClient, query: str) -> None:
    """4: anything else is malformed."""
    assert client.get(f"/graphs?{query}").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_403(client: FlaskClient, method: str) -> None:
    """5.3 to 5.7: writing is understood and refused."""
    response = client.open("/graphs?default", method=method, data="<a:a> <a:a> <a:a> .", content_type="text/turtle")

    assert response.status_code == 403


def test_a_table_format_is_406(client: FlaskClient) -> None:
    """A graph is not a table."""
    assert client.get("/graphs?default", headers={"Accept": "text/csv"}).status_code == 406


def test_if_none_match_gives_304(client: FlaskClient) -> None:
    """What the client holds is not sent again."""
    address = {"query_string": {"graph": GRAPH_VOCAB}}
    tag = client.get("/graphs", **address).headers["ETag"]

    assert client.get("/graphs", **address, headers={"If-None-Match": tag}).status_code == 304
