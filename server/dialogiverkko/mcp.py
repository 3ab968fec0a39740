"""The graph for language-model agents, by the Model Context Protocol: five tools, resources and prompts.

Needs the extra ``mcp`` (the official SDK). Everything goes through SavedQueries, so an agent gets the
answers, the limits and the errors that everybody gets.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from dialogiverkko import mcp_tools
from dialogiverkko.errors import DialogiverkkoError, NotFoundError
from dialogiverkko.mcp_tools import LANGUAGE, ROWS_AT_ONCE, Arguments, Document
from dialogiverkko.network.asked import PARAMETERS
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.spelling import cut

INSTRUCTIONS = (
    "A knowledge graph of dialogues held by the Finnish state administration, read from a public listing. "
    "Every fact names the passage it rests on. Search for a name first; prefer a saved query to SPARQL of your own; "
    "read the resource dialogiverkko://schema before SPARQL. Names are understood as they are said. Status tells what "
    "is realised, planned or only aspired to. An empty answer does not mean that there is nothing: ask "
    "what-the-source-says-is-missing. Quote the passage and the line, and give the citation of the answer."
)
SCHEMA, QUERIES = "dialogiverkko://schema", "dialogiverkko://queries/"
_TEXT = {"type": "string"}
_PAGE = {
    "limit": {"type": "integer", "minimum": 1, "maximum": ROWS_AT_ONCE},
    "offset": {"type": "integer", "minimum": 0},
}
_TOOLS: Mapping[str, tuple[Callable[[SavedQueries, Arguments], Document], str, str]] = {
    "search": (
        mcp_tools.search,
        "Search",
        "Things, concepts and saved queries by words of their names, in fi, sv or en.",
    ),
    "describe": (mcp_tools.describe, "One thing", "What is said of a thing, what points at it, and its evidence."),
    "ask_saved_query": (
        mcp_tools.ask_saved_query,
        "A saved query",
        "A question that is kept, by its name, with parameters; without a name, the list of all.",
    ),
    "sparql": (mcp_tools.sparql, "SPARQL", "Read-only SPARQL 1.1 of your own, under the endpoint's limits."),
    "network": (mcp_tools.network, "The network", "Links between organisations in sentences, or chains between two."),
}
_PROMPTS = {
    "organisation": ("What one organisation does with dialogue", "organisation", "Describe {}; ask its activities and "
                     "its links. Tell what is realised, planned and hoped for, and quote a passage for each claim."),
    "who-works-with-whom": ("How two organisations are linked", "organisations", "Use network for the chains between "
                            "{}. Say how strong each link is, through what, and on which words it rests."),
    "what-is-missing": ("What the source does not tell", "topic", "Ask what-the-source-says-is-missing about {}, and "
                        "say plainly what cannot be known from the graph."),
}  # fmt: skip


def server(saved: SavedQueries) -> Server[dict[str, Any]]:  # Any: the SDK's own lifespan state
    """Make a server of the saved queries; run it over stdio, or give it to the SDK's client in a test."""

    async def list_tools(_: Any, _params: Any) -> types.ListToolsResult:  # Any: unused here
        return types.ListToolsResult(tools=tools())

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await anyio.to_thread.run_sync(lambda: call(saved, params.name, params.arguments or {}))

    async def list_resources(_: Any, _params: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=resources(saved))

    async def read_resource(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text = await anyio.to_thread.run_sync(lambda: resource(saved, str(params.uri)))
        kind = "application/json" if str(params.uri) == SCHEMA else "application/sparql-query"
        return types.ReadResourceResult(
            contents=[types.TextResourceContents(uri=params.uri, mime_type=kind, text=text)]
        )

    async def list_prompts(_: Any, _params: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=prompts())

    async def get_prompt(_: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        return prompt(params.name, params.arguments or {})

    return Server(
        "dialogiverkko",
        version=saved.release.version,
        title="Dialogiverkko",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


def serve(saved: SavedQueries) -> None:
    """Serve over standard input and output until the client leaves."""

    async def run() -> None:
        made = server(saved)
        async with stdio_server() as (reading, writing):
            await made.run(reading, writing, made.create_initialization_options())

    anyio.run(run)


def tools() -> list[types.Tool]:
    """Describe the five tools."""
    reads_only = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    return [
        types.Tool(name=name, title=title, description=told, input_schema=_input(name), annotations=reads_only)
        for name, (_, title, told) in _TOOLS.items()
    ]


def _input(name: str) -> Document:
    """Describe the arguments of one tool."""
    several = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    of_network = {
        each.name: {**several, "description": _meaning(each.name)} for each in PARAMETERS if each.name != "part"
    }
    properties: Mapping[str, Document] = {
        "search": {"words": _TEXT, "lang": LANGUAGE},
        "describe": {"thing": {**_TEXT, "description": "IRI, short name, or name in any language"}, "lang": LANGUAGE},
        "ask_saved_query": {"name": _TEXT, "parameters": {"type": "object"}, **_PAGE},
        "sparql": {"query": _TEXT, **_PAGE},
        "network": of_network,
    }
    required = {"search": ["words"], "describe": ["thing"], "sparql": ["query"]}.get(name, [])
    return {"type": "object", "properties": properties[name], "required": required, "additionalProperties": False}


def _meaning(name: str) -> str:
    parameter = next(each for each in PARAMETERS if each.name == name)
    return f"{parameter.label('en')}{': ' if parameter.choices else ''}{', '.join(parameter.choices)}"


def call(saved: SavedQueries, name: str, arguments: Arguments) -> types.CallToolResult:
    """Answer one call; what is wrong comes back as a sentence that the agent can act on."""
    try:
        if name not in _TOOLS:
            raise NotFoundError(f"There is no tool '{cut(name)}'. There are {', '.join(_TOOLS)}.", known=list(_TOOLS))
        document = _TOOLS[name][0](saved, arguments)
    except DialogiverkkoError as error:
        problem = {"code": error.code, "detail": error.message, **error.details}
        return _said(problem, is_error=True)
    return _said(document)


def _said(document: Document, *, is_error: bool = False) -> types.CallToolResult:
    text = json.dumps(document, ensure_ascii=False)
    content: list[Any] = [types.TextContent(type="text", text=text)]  # Any: the SDK's union of contents
    return types.CallToolResult(content=content, structured_content=document, is_error=is_error)


def resources(saved: SavedQueries) -> list[types.Resource]:
    """List what can be read: the schema, and each saved query as SPARQL with its header."""
    listed = [
        types.Resource(name="schema", uri=SCHEMA, mime_type="application/json", title="Classes, properties, prefixes")
    ]
    for query in saved.catalogue.public():
        uri, title, told = QUERIES + query.name, query.title["en"], query.question["en"]
        kind = "application/sparql-query"
        listed.append(types.Resource(name=query.name, uri=uri, mime_type=kind, title=title, description=told))
    return listed


def resource(saved: SavedQueries, uri: str) -> str:
    """Read one resource; raises NotFoundError for another."""
    if uri == SCHEMA:
        return json.dumps(mcp_tools.schema(saved), ensure_ascii=False)
    if uri.startswith(QUERIES):
        return saved.catalogue.get(uri.removeprefix(QUERIES)).text
    raise NotFoundError(f"There is no resource '{cut(uri, 80)}'.")


def prompts() -> list[types.Prompt]:
    """List the prompts."""
    return [
        types.Prompt(
            name=name, title=title, description=title, arguments=[types.PromptArgument(name=argument, required=True)]
        )
        for name, (title, argument, _) in _PROMPTS.items()
    ]


def prompt(name: str, arguments: Mapping[str, str]) -> types.GetPromptResult:
    """Write one prompt; raises NotFoundError for another."""
    if name not in _PROMPTS:
        raise NotFoundError(f"There is no prompt '{cut(name)}'.", known=list(_PROMPTS))
    title, argument, words = _PROMPTS[name]
    text = words.format(arguments.get(argument, f"the {argument}"))
    message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
    return types.GetPromptResult(description=title, messages=[message])
