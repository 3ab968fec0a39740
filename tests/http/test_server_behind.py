"""A server whose queries go to another behind it answers as one that holds the graph itself, from its own workers."""

import json
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from tests.asking import SLOW

ALIKE = (
    "/queries/planned-and-aspired-activities.csv?lang=en",
    "/queries/who-coordinated-an-activity.json?activity=poikkeusajan-dialogit&lang=sv",
    "/queries/named-graphs-and-their-sizes.csv",
    f"/sparql?query={quote('SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type ORDER BY ?type')}",
    f"/sparql?query={quote('SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g')}",
)


def asked(root: str, path: str, accept: str = "*/*") -> tuple[int, bytes]:
    """The status and the body of an answer."""
    request = Request(root + path.lstrip("/"), headers={"Accept": accept})
    try:
        with urlopen(request, timeout=60) as answer:
            return int(answer.status), answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize("path", ALIKE)
def test_it_answers_as_the_graph_itself(behind: str, served: str, path: str) -> None:
    """Saved queries and others, of the default graph and of named ones."""
    here, there = asked(served, path, "text/csv,*/*;q=0.1"), asked(behind, path, "text/csv,*/*;q=0.1")

    assert here[0] == there[0] == 200
    if path.partition("?")[0].endswith("json"):
        assert json.loads(there[1])["results"] == json.loads(here[1])["results"]
    else:
        assert sorted(there[1].splitlines()) == sorted(here[1].splitlines())


def test_it_is_ready_and_loads_nothing(behind: str) -> None:
    """The canary is asked of the server behind."""
    status, body = asked(behind, "/readyz")

    assert (status, json.loads(body)["loading"]) == (200, False)


def test_pages_and_large_graphs_come_through(behind: str) -> None:
    """A page of each kind, and a graph of thousands of triples."""
    for path in ("/en/", "/en/page/org/om", "/queries/collaboration-links?lang=fi", "/en/compare?organisations=om,vm"):
        assert asked(behind, path, "text/html")[0] == 200, path
    graph = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 20000"
    status, body = asked(behind, f"/sparql?query={quote(graph)}", "application/n-triples")

    assert (status, len(body.splitlines())) == (200, 20_000)


def test_a_slow_query_is_stopped_at_the_limit(behind: str) -> None:
    """The next is answered."""
    status, body = asked(behind, f"/sparql?query={quote(SLOW)}")

    assert (status, b"time" in body) == (504, True)
    assert asked(behind, f"/sparql?query={quote('ASK { ?s ?p ?o }')}", "application/sparql-results+json")[0] == 200
