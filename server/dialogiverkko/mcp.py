"""The graph for language-model agents: saved queries, the schema and read-only SPARQL as MCP tools.

Needs the extra ``mcp`` (the official SDK). Everything goes through SavedQueries, so an agent gets the
answers, the limits and the errors that everybody gets.
"""

import json
from collections.abc import Mapping
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.media import RESULTS_JSON, TURTLE
from dialogiverkko.saved.answers import Answer, Page, SavedQueries, results_json
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.saved.parameters import MAX_VALUES, Parameter, ParameterType
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import QueryKind

ROWS_AT_ONCE = 200
SCHEMA_TOOL = "schema"
SPARQL_TOOL = "sparql"
INSTRUCTIONS = (
    "A knowledge graph of dialogues held by the Finnish state administration, read from a public listing. "
    "Every fact names the passage it rests on. Prefer a saved query to SPARQL of your own. Status tells what "
    "is realised, planned or only aspired to. An empty answer does not mean that there is nothing: ask "
    "what-the-source-says-is-missing. Quote the passage and the line, and give the citation of the answer."
)

Arguments = Mapping[str, Any]  # Any: JSON values of an agent, checked one by one


def server(saved: SavedQueries) -> Server[dict[str, Any]]:  # Any: the SDK's own lifespan state
    """Make a server of the saved queries; run it over stdio, or give it to the SDK's client in a test."""

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:  # Any: unused here
        del context, params
        return types.ListToolsResult(tools=await anyio.to_thread.run_sync(lambda: tools(saved)))

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        del context
        return await anyio.to_thread.run_sync(lambda: call(saved, params.name, params.arguments or {}))

    return Server(
        "dialogiverkko",
        version=saved.release.version,
        title="Dialogiverkko",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve(saved: SavedQueries) -> None:
    """Serve over standard input and output until the client leaves."""

    async def run() -> None:
        made = server(saved)
        async with stdio_server() as (reading, writing):
            await made.run(reading, writing, made.create_initialization_options())

    anyio.run(run)


def tools(saved: SavedQueries) -> list[types.Tool]:
    """Describe every tool: one per saved query, the schema, and SPARQL."""
    reads_only = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    described = [
        types.Tool(
            name=query.name,
            title=query.title["en"],
            description=f"{query.question['en']} {query.explanation['en']}",
            input_schema=_input_schema(saved, query),
            annotations=reads_only,
        )
        for query in saved.catalogue.public()
    ]
    described.append(
        types.Tool(
            name=SCHEMA_TOOL,
            title="The schema of the graph",
            description="Classes and properties with their definitions, the prefixes, and the named graphs.",
            input_schema={"type": "object", "properties": {}, "additionalProperties": False},
            annotations=reads_only,
        )
    )
    text = {"type": "string", "description": "A SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE query"}
    described.append(
        types.Tool(
            name=SPARQL_TOOL,
            title="A SPARQL query of your own",
            description="Read-only SPARQL 1.1 under the endpoint's limits. Read the schema first.",
            input_schema={
                "type": "object",
                "properties": {"query": text},
                "required": ["query"],
                "additionalProperties": False,
            },
            annotations=reads_only,
        )
    )
    return described


def call(saved: SavedQueries, name: str, arguments: Arguments) -> types.CallToolResult:
    """Answer one call; what is wrong comes back as a sentence that the agent can act on."""
    try:
        if name == SCHEMA_TOOL:
            return _said(_schema(saved))
        if name == SPARQL_TOOL:
            return _sparql(saved, str(arguments.get("query", "")))
        return _said(_document(saved.ask(name, _given(arguments), _page(arguments))))
    except DialogiverkkoError as error:
        problem = {"code": error.code, "detail": error.message, **error.details}
        text = json.dumps(problem, ensure_ascii=False)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)], structured_content=problem, is_error=True
        )


def _said(document: dict[str, Any]) -> types.CallToolResult:  # Any: a JSON document
    text = json.dumps(document, ensure_ascii=False)
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=document)


def _document(answer: Answer) -> dict[str, Any]:  # Any: a JSON document
    document = results_json(answer)
    if answer.query.is_graph:
        document["triples"] = answer.triples.decode()
    return document


def _given(arguments: Arguments) -> list[tuple[str, str]]:
    given: list[tuple[str, str]] = []
    for name, value in arguments.items():
        if name in {"limit", "offset"}:
            continue
        values = value if isinstance(value, list) else [value]
        given += [(str(name), str(item)) for item in values if item is not None]
    return given


def _page(arguments: Arguments) -> Page:
    limit, offset = arguments.get("limit", ROWS_AT_ONCE), arguments.get("offset", 0)
    return Page(
        offset if isinstance(offset, int) and offset >= 0 else 0,
        min(limit, ROWS_AT_ONCE) if isinstance(limit, int) and limit > 0 else ROWS_AT_ONCE,
    )


def _sparql(saved: SavedQueries, text: str) -> types.CallToolResult:
    kind = parse(text).kind
    is_table = kind in {QueryKind.SELECT, QueryKind.ASK}
    result = saved.run(text, RESULTS_JSON if is_table else TURTLE)
    body = result.body.decode()
    return _said(json.loads(body) if is_table else {"turtle": body})


def _schema(saved: SavedQueries) -> dict[str, Any]:  # Any: a JSON document
    english = [("language", "en")]
    terms = saved.ask("terms-of-the-ontology", english).rows
    graphs = saved.ask("named-graphs-and-their-sizes", english).rows
    declared = saved.run(_PREFIXES, RESULTS_JSON)
    return {
        "terms": [{name: value["value"] for name, value in row.items()} for row in terms],
        "graphs": [{name: value["value"] for name, value in row.items()} for row in graphs],
        "prefixes": {
            row["prefix"]["value"]: row["namespace"]["value"]
            for row in json.loads(declared.body)["results"]["bindings"]
        },
        "version": saved.release.version,
        "digest": saved.release.digest,
    }


_PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE {
  ?table sh:declare ?node .
  ?node sh:prefix ?prefix ; sh:namespace ?namespace .
}
ORDER BY ?prefix
"""


def _input_schema(saved: SavedQueries, query: NamedQuery) -> dict[str, Any]:  # Any: a JSON Schema
    properties: dict[str, Any] = {  # Any: a JSON Schema
        parameter.name: _property(saved, parameter) for parameter in query.parameters
    }
    if not query.is_graph:
        properties["limit"] = {"type": "integer", "minimum": 1, "maximum": ROWS_AT_ONCE}
        properties["offset"] = {"type": "integer", "minimum": 0}
    required = [item.name for item in query.parameters if item.required and not item.default]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(saved: SavedQueries, parameter: Parameter) -> dict[str, Any]:  # Any: a JSON Schema
    choices = [choice.value for choice in saved.choices(parameter, "en")]
    described: dict[str, Any] = {"type": "string"}  # Any: a JSON Schema
    if choices:
        described["enum"] = choices
    elif parameter.type is ParameterType.DATE:
        described["format"] = "date"
    if parameter.many:
        described = {"type": "array", "items": described, "maxItems": MAX_VALUES}
    if parameter.default:
        described["default"] = list(parameter.default) if parameter.many else parameter.default[0]
    described["description"] = parameter.label("en")
    return described
