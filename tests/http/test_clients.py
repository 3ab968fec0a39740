"""Real clients against the served endpoint: those that people use, as they use them."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

SERIES = "https://w3id.org/dialogiverkko/ns#DialogueSeries"
SELECT = (
    f"SELECT ?s ?name WHERE {{ ?s a <{SERIES}> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?name "
    'FILTER(LANG(?name) = "fi") } ORDER BY ?s LIMIT 5'
)
CONSTRUCT = f"CONSTRUCT {{ ?s a <{SERIES}> }} WHERE {{ ?s a <{SERIES}> }}"
ASK = f"ASK {{ ?s a <{SERIES}> }}"
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
CLIENTS = Path(__file__).resolve().parent / "clients"


def wrapper(served: str, query: str, form: str) -> SPARQLWrapper:
    """Prepare a query of SPARQLWrapper."""
    made = SPARQLWrapper(f"{served}sparql", returnFormat=form)
    made.setQuery(query)
    return made


@pytest.fixture(scope="session")
def rows(served: str) -> list[tuple[str, str]]:
    """The rows of SELECT, read by SPARQLWrapper as JSON."""
    bindings = wrapper(served, SELECT, JSON).queryAndConvert()["results"]["bindings"]
    return [(row["s"]["value"], row["name"]["value"]) for row in bindings]


def test_sparqlwrapper_reads_json(rows: list[tuple[str, str]]) -> None:
    """Rows come, in order, with names in Finnish."""
    assert len(rows) == 5
    assert rows == sorted(rows)


def test_sparqlwrapper_reads_xml(served: str, rows: list[tuple[str, str]]) -> None:
    """XML has the same names as JSON."""
    document = wrapper(served, SELECT, XML).queryAndConvert()

    names = [node.firstChild.data for node in document.getElementsByTagName("literal")]
    assert names == [name for _, name in rows]


@pytest.mark.parametrize(("form", "separator"), [(CSV, ","), (TSV, "\t")])
def test_sparqlwrapper_reads_tables(served: str, form: str, separator: str) -> None:
    """CSV and TSV have a head and five rows."""
    table = wrapper(served, SELECT, form).queryAndConvert().decode()

    head = table.splitlines()[0].replace("?", "").split(separator)
    assert (head, len(table.strip().splitlines())) == (["s", "name"], 6)


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD, XML])
def test_sparqlwrapper_reads_graphs(served: str, form: str) -> None:
    """Every graph format gives the same triples."""
    expected = wrapper(served, f"SELECT DISTINCT ?s WHERE {{ ?s a <{SERIES}> }}", JSON).queryAndConvert()
    found = wrapper(served, CONSTRUCT, form).queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")

    assert set(graph.subjects()) == {URIRef(row["s"]["value"]) for row in expected["results"]["bindings"]}


@pytest.mark.parametrize(("method", "request_method"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_asks_by_each_method(served: str, method: str, request_method: str) -> None:
    """GET, POST of a form and POST of the query."""
    made = wrapper(served, ASK, JSON)
    made.setMethod(method)
    made.setRequestMethod(request_method)

    assert made.queryAndConvert()["boolean"] is True


def test_sparqlwrapper_knows_a_bad_query(served: str) -> None:
    """A syntax error is the exception that SPARQLWrapper has for it."""
    with pytest.raises(QueryBadFormed, match="query-syntax"):
        wrapper(served, "SELECT * WHERE { ?s ?p }", JSON).query()


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_store_reads_rows(served: str, rows: list[tuple[str, str]], form: str) -> None:
    """rdflib's SPARQLStore gives terms, in each of its formats."""
    found = Graph(SPARQLStore(f"{served}sparql", returnFormat=form)).query(SELECT)

    assert [(str(row.s), str(row.name)) for row in found] == rows  # type: ignore[union-attr]


def test_rdflib_store_matches_triples(served: str) -> None:
    """A remote graph is walked as a local one."""
    graph = Graph(SPARQLStore(f"{served}sparql"))
    series = set(graph.subjects(None, URIRef(SERIES)))

    assert len(series) > 5
    assert (next(iter(series)), None, URIRef(SERIES)) in graph


def test_pandas_reads_csv_from_an_address(served: str, rows: list[tuple[str, str]]) -> None:
    """One line of pandas gives a table, ä and ö with it."""
    frame = pd.read_csv(f"{served}sparql?{urlencode({'query': SELECT, 'format': 'csv'})}")

    assert list(frame.itertuples(index=False, name=None)) == rows


def _curl(*arguments: str) -> str:
    done = subprocess.run(["curl", "--silent", "--show-error", *arguments], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_curl_gets_and_posts(served: str, rows: list[tuple[str, str]]) -> None:
    """The three operations as the README shows them."""
    address = f"{served}sparql"
    tables = [
        _curl("--get", address, "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}"),
        _curl(address, "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}"),
        _curl(address, "-H", "Accept: text/csv", "-H", "Content-Type: application/sparql-query", "--data", SELECT),
    ]

    assert [len(pd.read_csv(io.StringIO(table))) for table in tables] == [len(rows)] * 3


def test_curl_unpacks_and_follows(served: str) -> None:
    """--compressed and --location work: from an IRI to its data."""
    turtle = _curl("--location", "--compressed", "-H", "Accept: text/turtle", f"{served}id/org/vnk")

    assert len(Graph().parse(data=turtle, format="turtle")) > 20


def test_curl_checks_a_dump(served: str, tmp_path: Path) -> None:
    """The listed checksums are those that sha256sum finds."""
    for name in ("SHA256SUMS", "dialogiverkko.ttl"):
        (tmp_path / name).write_text(_curl(f"{served}dumps/{name}"), encoding="utf-8")
    checked = subprocess.run(
        ["sha256sum", "--check", "--ignore-missing", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )

    assert checked.returncode == 0, checked.stdout
    assert b"dialogiverkko.ttl: OK" in checked.stdout


@pytest.fixture(scope="session")
def javascript(served: str, root: Path) -> dict[str, Any]:
    """What Comunica and fetch-sparql-endpoint got; installed once, into a folder that git ignores."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        pytest.skip("node and npm are not at hand")
    folder = root / "build" / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "ask.mjs"):
        shutil.copyfile(CLIENTS / name, folder / name)
    environment = {**os.environ, "PATH": path}
    if not _is_installed(folder):
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"],
            cwd=folder, env=environment, check=True, capture_output=True, timeout=280,
        )  # fmt: skip
    done = subprocess.run(
        [node, "ask.mjs", f"{served}sparql"], cwd=folder, env=environment, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _is_installed(folder: Path) -> bool:
    wanted = json.loads((CLIENTS / "package.json").read_text())["dependencies"]
    found = [folder / "node_modules" / name / "package.json" for name in wanted]
    return all(path.is_file() and json.loads(path.read_text())["version"] == wanted[name]
               for name, path in zip(wanted, found, strict=True))  # fmt: skip


@pytest.mark.timeout(420)
@pytest.mark.parametrize("name", ["comunica", "fetcher"])
def test_javascript_clients_read_rows_graphs_and_truths(
    javascript: dict[str, Any], rows: list[tuple[str, str]], served: str, name: str
) -> None:
    """Comunica, told nothing but the address, and fetch-sparql-endpoint get what SPARQLWrapper gets."""
    got = javascript[name]
    query = (
        f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <{SERIES}> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }}"
    )
    expected = wrapper(served, query, JSON).queryAndConvert()["results"]["bindings"][0]["n"]["value"]

    assert [row[:2] for row in got["rows"]] == [list(row) for row in rows]
    assert got["quads"] == int(expected)
    assert got["truth"] is True


@pytest.mark.timeout(420)
def test_fetch_sparql_endpoint_tells_errors_and_posts(javascript: dict[str, Any]) -> None:
    """A refusal reaches the program, languages are kept, and POST is POST.

    The fetcher is asked for languages; the parser inside Comunica 4.5.0 drops those of JSON results.
    """
    assert {row[2] for row in javascript["fetcher"]["rows"]} == {"fi"}
    assert javascript["fetcher"]["posted"] is True
    assert "400" in javascript["fetcher"]["refusal"]
