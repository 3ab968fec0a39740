"""One file, six faces: every query gives the same answer by API, page, command, client and MCP."""

import asyncio
import json
import re
import subprocess
import sys
from contextlib import nullcontext
from html import unescape
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from mcp import Client as McpClient
from mcp import StdioServerParameters
from openapi_spec_validator import validate

from dialogiverkko import cli, mcp
from dialogiverkko.cli import queries as cli_queries
from dialogiverkko.client import Client
from dialogiverkko.saved import catalogue, expected
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.catalogue import NamedQuery

ROOT = Path(__file__).resolve().parent.parent.parent
QUERIES = catalogue.load(ROOT / "queries").public()
TABLES = [query for query in QUERIES if not query.is_graph]
GRAPHS = [query for query in QUERIES if query.is_graph]
by_name = pytest.mark.parametrize("query", TABLES, ids=lambda query: query.name)


def fetch(address: str, accept: str = "") -> tuple[bytes, Any]:  # Any: the headers' own type
    """Get an address; an error status raises."""
    request = Request(address, headers={"Accept": accept} if accept else {})
    with urlopen(request, timeout=60) as response:
        return response.read(), response.headers


@pytest.fixture(scope="session")
def client(served: str) -> Client:
    """The Python client of the served graph."""
    return Client(served)


@by_name
def test_every_face_gives_the_same_answer(
    query: NamedQuery,
    served: str,
    saved: SavedQueries,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    """API, command, client and MCP give the same rows; the page shows as many, with the same words."""
    rows = expected.rows_of(query.columns, saved.ask(query.name).rows)

    body, headers = fetch(f"{served}queries/{query.name}.json")
    by_api = json.loads(body)
    monkeypatch.setattr(cli_queries, "open_saved", lambda _settings: nullcontext(saved))
    code = cli.main(["query", query.name, "--format", "json"])
    by_command = json.loads(capfdbinary.readouterr().out)
    called = mcp.call(saved, "ask_saved_query", {"name": query.name, "parameters": _in(query, "fi")})
    by_client = expected.rows_of(query.columns, client.answer(query.name).rows)
    page = fetch(f"{served}queries/{query.name}?language=fi", "text/html")[0].decode()

    assert expected.compare("API", rows, expected.rows_of(query.columns, by_api["results"]["bindings"])) == ""
    assert code == 0
    by_command_rows = expected.rows_of(query.columns, by_command["results"]["bindings"])
    assert expected.compare("command", rows, by_command_rows) == ""
    assert expected.compare("client", rows, by_client) == ""
    by_mcp = expected.rows_of(query.columns, called.structured_content["results"]["bindings"])
    assert expected.compare("MCP", rows[: len(by_mcp)], by_mcp) == ""
    assert len(by_mcp) == len(rows) - called.structured_content.get("leftOut", {}).get("bindings", 0)
    assert headers["Dialogiverkko-Total"] == str(len(rows))
    assert shown_rows(page) == min(len(rows), 200)
    assert by_api["meta"]["address"] in unescape(page)
    assert unsaid(page, by_api["results"]["bindings"][:200]) == []


def _in(query: NamedQuery, language: str) -> dict[str, str]:
    """The parameter of the language, where a query has one: an agent gets English where it says nothing."""
    return {"language": language} if "language" in [parameter.name for parameter in query.parameters] else {}


def in_finnish(term: dict[str, str]) -> str:
    """Write a literal as a Finnish page does: truths in words, days by the calendar."""
    told, datatype = term["value"], term.get("datatype", "").rpartition("#")[2]
    if datatype == "boolean":
        return {"true": "Kyllä", "false": "Ei"}[told]
    if datatype == "date":
        year, month, day = told.split("-")
        return f"{int(day)}.{int(month)}.{year}"
    return told


def unsaid(page: str, rows: list[dict[str, dict[str, str]]]) -> list[tuple[int, str]]:
    """List the words and numbers of an answer that the page's table does not show of the same row.

    What all rows say is told above the table, what the rows of one group say in a cell that spans them. A code that
    has a label is shown by its label.
    """
    above = "".join(re.findall(r'<div class="same">(.*?)</dl>', page, re.DOTALL))
    texts = []
    for group in groups(page):
        spanning = "".join(re.findall(r'<td[^>]* class="whole"[^>]*>(.*?)</td>', group, re.DOTALL))
        for row in re.findall(r"<tr>(.*?)</tr>", group, re.DOTALL):
            texts.append(" ".join(unescape(re.sub(r"<[^>]+>", " ", f"{above} {spanning} {row}")).split()))
    return [
        (number, term["value"])
        for number, (row, text) in enumerate(zip(rows, texts, strict=True))
        for column, term in row.items()
        if term["type"] == "literal" and f"{column}Label" not in row and " ".join(in_finnish(term).split()) not in text
    ]


def shown_rows(page: str) -> int:
    """Count the rows of the answer's table; none where the page has no table."""
    return sum(group.count("<tr>") for group in groups(page))


def groups(page: str) -> list[str]:
    """Take apart the bodies of the first table of a page."""
    return re.findall(r"<tbody>(.*?)</tbody>", page.partition("</table>")[0], re.DOTALL)


def test_the_command_opens_the_graph_by_itself() -> None:
    """Run as its own process, the command takes a parameter as an option and answers as CSV."""
    command = [sys.executable, "-m", "dialogiverkko.cli", "query", "planned-and-aspired-activities"]
    run = subprocess.run(
        [*command, "--organisation", "om", "--format", "csv"], capture_output=True, text=True, timeout=120
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("status,statusLabel,reporter")
    assert len(run.stdout.splitlines()) == 3


@pytest.mark.parametrize("query", GRAPHS, ids=lambda query: query.name)
def test_a_graph_is_the_same_by_api_client_and_mcp(
    query: NamedQuery, served: str, saved: SavedQueries, client: Client
) -> None:
    """A CONSTRUCT gives the same triples as Turtle over HTTP, through the client, and as a tool."""
    import rdflib
    from rdflib.compare import isomorphic

    direct = rdflib.Graph().parse(data=saved.ask(query.name).triples, format="nt")
    by_api = rdflib.Graph().parse(data=fetch(f"{served}queries/{query.name}.ttl")[0], format="turtle")
    by_mcp = mcp.call(saved, "ask_saved_query", {"name": query.name, "parameters": _in(query, "fi")}).structured_content

    assert len(direct) > 0
    assert isomorphic(direct, by_api)
    assert isomorphic(direct, client.rdf(query.name))
    told = rdflib.Graph().parse(data="\n".join(by_mcp["results"]["triples"]), format="nt")
    assert set(told) <= set(direct) or isomorphic(direct, told)
    assert len(told) == len(direct) - by_mcp.get("leftOut", {}).get("triples", 0)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_labels_come_in_the_language_asked_for(served: str, language: str) -> None:
    """Labels, page and headings follow `lang`."""
    body = json.loads(fetch(f"{served}queries/planned-and-aspired-activities.json?lang={language}")[0])
    page = fetch(f"{served}queries/planned-and-aspired-activities?lang={language}", "text/html")[0].decode()

    labels = [row["reporterLabel"] for row in body["results"]["bindings"]]
    assert {label["xml:lang"] for label in labels} == {language}
    assert f'<html lang="{language}"' in page
    assert all(label["value"] in unescape(page) for label in labels)


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_a_suffix_and_an_accept_header_give_the_same_bytes(served: str, suffix: str, content_type: str) -> None:
    """Both ways to ask for a format give that format, and the same answer."""
    address = f"{served}queries/times-resolved-against-the-document"
    by_suffix, headers = fetch(f"{address}.{suffix}")
    by_accept, _ = fetch(address, content_type.split(";")[0])

    assert headers["Content-Type"] == content_type
    assert by_suffix == by_accept
    assert "ensi syksyn" in by_suffix.decode()


def test_pages_are_linked_and_say_what_is_left_out(served: str) -> None:
    """Following `next` from the first page collects the whole answer, and each page says its part."""
    address = f"{served}queries/activities-of-an-organisation.json"
    whole = json.loads(fetch(address)[0])["results"]["bindings"]
    collected, where = [], f"{address}?limit=20"
    while where:
        body, headers = fetch(where)
        document = json.loads(body)
        collected += document["results"]["bindings"]
        assert document["meta"]["isPartial"] is True
        assert headers["Dialogiverkko-Partial"].endswith(f"of {len(whole)}")
        following = re.search(r'<([^>]+)>; rel="next"', headers["Link"])
        where = served.rstrip("/") + following[1] if following else ""

    assert collected == whole
    assert len(whole) > 20


def test_an_answer_can_be_cited(served: str, saved: SavedQueries) -> None:
    """Version and digest stand in headers, JSON and page; the permanent address gives the answer again."""
    body, headers = fetch(f"{served}queries/guiding-questions.json?language=en")
    meta = json.loads(body)["meta"]
    page = unescape(fetch(f"{served}queries/guiding-questions?lang=en", "text/html")[0].decode())
    again = meta["address"].replace("https://w3id.org/dialogiverkko/", served)

    assert headers["Dialogiverkko-Digest"] == meta["digest"] == saved.release.digest
    assert headers["Dialogiverkko-Version"] == meta["version"] == saved.release.version
    assert saved.release.digest in page
    assert meta["citation"] in page
    assert json.loads(fetch(again, "application/json")[0])["results"] == json.loads(body)["results"]


def test_the_openapi_description_is_valid_and_complete(served: str) -> None:
    """It is OpenAPI 3.1 by its validator, and has every query with every parameter."""
    document = json.loads(fetch(f"{served}openapi.json")[0])

    validate(document)
    assert document["openapi"].startswith("3.1")
    for query in QUERIES:
        operation = document["paths"][f"/queries/{query.name}"]["get"]
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert {parameter.name for parameter in query.parameters} <= names


def test_the_client_gives_rows_frames_and_graphs(client: Client) -> None:
    """One answer comes as typed rows, as a DataFrame with its citation, and as a networkx graph."""
    rows = client.rows("counts-exact-ranged-or-vague")
    frame = client.frame("collaboration-links", language="en")
    graph = client.graph("collaboration-links", "organisation", "partner", language="en")

    assert {type(row["line"]) for row in rows} == {int}
    assert list(frame.columns)[:2] == ["link", "organisation"]
    assert "collaboration-links" in frame.attrs["citation"]
    assert graph.number_of_edges() == len(frame)
    assert client.release.version


def test_the_command_mcp_talks_over_standard_input_and_output() -> None:
    """Started as an agent's host starts it, the server lists its tools and answers SPARQL."""

    async def talk() -> tuple[int, Any]:
        command = StdioServerParameters(command=sys.executable, args=["-m", "dialogiverkko.cli", "mcp"])
        async with McpClient(command, read_timeout_seconds=60) as agent:
            listed = await agent.list_tools()
            ask = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"}
            return len(listed.tools), await agent.call_tool("sparql", ask)

    tools, counted = asyncio.run(talk())

    assert tools == 5
    assert int(counted.structured_content["results"]["bindings"][0]["n"]["value"]) > 10_000
