"""No parameter of any query can change the query, nor bring the server down."""

import http.client
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import Store

from dialogiverkko.errors import BadParameterError
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.saved.parameters import Choice, read_values
from dialogiverkko.sparql import binding

ROOT = Path(__file__).resolve().parent.parent.parent
QUERIES = catalogue.load(ROOT / "queries").public()
CASES = [(query, parameter.name) for query in QUERIES for parameter in query.parameters]
HOSTILE = [
    '"',
    "'",
    '"""',
    "\\",
    "\\\\",
    "\\u0027",
    "\\\\u0022 . ?s ?p ?o",
    "\\U00000022",
    ">",
    "}",
    "om> } ?s ?p ?o . { <x",
    "http://example.org/a> ?p <b",
    "https://w3id.org/dialogiverkko/id/org/om",
    '" } UNION { ?s ?p ?o } #',
    "UNDEF } VALUES ?x { 1",
    "?organisation",
    "#",
    "line\nbreak",
    "carriage\rreturn",
    "nul\x00byte",
    "\u2028",
    "DELETE WHERE { ?s ?p ?o }",
    "SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }",
    "2021-06-08' OR '1'='1",
    "-1",
    "99999999999999999999",
    "a" * 10_240,
    "'\"`>}{\\" * 1_280,
    ",,,",
    "€…–ä😀",
]
cases = pytest.mark.parametrize(("query", "name"), CASES, ids=[f"{query.name}-{name}" for query, name in CASES])


def test_the_cases_cover_every_parameter() -> None:
    """Every query with a parameter is fuzzed in each of them."""
    assert len(CASES) == sum(len(query.parameters) for query in QUERIES)
    assert len(CASES) > 100


@cases
def test_no_value_changes_the_query(query: NamedQuery, name: str) -> None:
    """A value is refused, or fills the parameter's own blocks; all other text stays as written."""
    parameter = query.parameter(name)
    refused: list[object] = []
    for value in HOSTILE:
        try:
            values = read_values([parameter], [(name, value)], lambda item, _="fi", raw=value: [_offered(item, raw)])
        except BadParameterError as error:
            refused.append(error.details["parameter"])
            continue
        bound = binding.bind(query.body, values)
        terms = values[name]
        block = binding.block(name, terms) if terms else f"VALUES ?{name} {{ UNDEF }}"

        assert bound.replace(block, f"VALUES ?{name} {{ UNDEF }}") == query.body
        Store().query(bound)

    assert len(refused) >= 5
    assert set(refused) == {name}


def _offered(parameter: object, raw: str) -> Choice:
    """Offer exactly what was written, so that choices do not hide what binding would do."""
    term = parameter.term(raw.strip())  # type: ignore[attr-defined] # a Parameter
    return Choice(raw, term, raw)


@cases
def test_no_value_brings_a_server_error(query: NamedQuery, name: str, served: str) -> None:
    """Over HTTP each hostile value is answered 200 or a 4xx that names the parameter: never 5xx."""
    address = urlsplit(served)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    for value in HOSTILE:
        connection.request("GET", f"/queries/{query.name}.{_suffix(query)}?{name}={quote(value, safe='')}")
        response = connection.getresponse()
        body = response.read()

        assert response.status in {200, 400, 422}, (value[:40], response.status)
        if response.status == 422:
            assert name.encode() in body
    connection.close()


def _suffix(query: NamedQuery) -> str:
    return "nt" if query.is_graph else "csv"


def test_unknown_parameters_and_bad_pages_are_refused(served: str) -> None:
    """A misspelt parameter, a limit of zero, a negative offset: 422 each, with what is allowed."""
    address = urlsplit(served)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    for part in ("organization=om", "limit=0", "limit=10001", "offset=-1", "limit=1e3", "limit=%C2%B2"):
        connection.request("GET", f"/queries/planned-and-aspired-activities.json?{part}")
        response = connection.getresponse()
        body = response.read()

        assert response.status == 422, part
        assert part.split("=")[0].encode() in body
    connection.close()
