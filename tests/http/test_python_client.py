"""The Python client answers every kind of query, and says in words what is wrong."""

import networkx as nx
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from tests.served import served_on_loopback

from dialogiverkko.client import Client
from dialogiverkko.errors import BackendUnavailableError, BadParameterError, DialogiverkkoError, UsageError


@pytest.fixture(scope="module")
def python(application: Flask) -> Client:
    """A client of the application, over loopback."""
    with served_on_loopback(application) as address:
        yield Client(address)  # type: ignore[misc]  # a fixture


def test_each_form_of_query_is_answered(python: Client) -> None:
    """Rows, truth, graphs."""
    assert python.query("ASK { ?s ?p ?o }") is True
    assert python.query("ASK { <x:x> ?p ?o }") is False
    assert python.query("SELECT (1 AS ?n) {}") == [{"n": 1}]
    built = python.query("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 5")
    assert isinstance(built, rdflib.Graph)
    assert len(built) == 5
    assert len(python.query("DESCRIBE <https://w3id.org/dialogiverkko/id/org/om>")) > 5  # type: ignore[arg-type]


def test_a_graph_of_columns(python: Client) -> None:
    """Nodes and edges of two columns that there are."""
    graph = python.graph("collaboration-links", "organisation", "partner")

    assert isinstance(graph, nx.MultiGraph)
    assert graph.number_of_edges() > 10


def test_what_does_not_fit_is_told(python: Client) -> None:
    """The sentence says which method or which column would."""
    with pytest.raises(UsageError, match="The nearest is 'partner'"):
        python.graph("collaboration-links", "organisation", "partnr")
    for method in (python.rows, python.frame):
        with pytest.raises(UsageError, match=r"rdf\(\)"):
            method("collaboration-network-as-a-graph")
    with pytest.raises(UsageError, match=r"rows\(\)"):
        python.rdf("collaboration-links")
    with pytest.raises(DialogiverkkoError, match="no saved query"):
        python.rows("nope")
    with pytest.raises(DialogiverkkoError, match="'organisation'"):
        python.rows("planned-and-aspired-activities", organisation="nope")


@pytest.mark.parametrize("path", ["", "nothing", "healthz"])
def test_an_address_where_nobody_answers_sparql_is_told(application: Flask, free_port: int, path: str) -> None:
    """Neither a closed port nor a page that is no endpoint is told as busy."""
    with served_on_loopback(application) as address:
        wrong = f"{address}{path}" if path else f"http://127.0.0.1:{free_port}/"
        with pytest.raises(BackendUnavailableError, match="Nothing answers SPARQL at"):
            Client(wrong)


def test_the_search_is_the_same_as_the_server_s(python: Client, client: FlaskClient) -> None:
    """A word in any form finds the same things in the same order, though the client reads them by SPARQL."""
    found = client.get("/search.json?q=kuntien&lang=fi&limit=20").get_json()["results"]

    assert [hit.iri for hit in python.search("kuntien")] == [result["iri"] for result in found]
    assert {hit.kind for hit in python.search("dialogi", language="sv", kind="question", limit=3)} == {"question"}
    with pytest.raises(BadParameterError, match="limit"):
        python.search("dialogi", limit=0)
