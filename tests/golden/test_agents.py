# ruff: noqa: E501  # a task is a line of a table
"""An agent, by the official client: few tools, bounded answers, and ten tasks, each done in at most three calls."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from mcp import Client

from dialogiverkko import mcp, mcp_tools
from dialogiverkko.saved.answers import SavedQueries

Call = tuple[str, dict[str, Any]]

TASKS: list[tuple[str, list[Call], list[str]]] = [
    ("Which dialogues does the Ministry of Justice plan?",
     [("ask_saved_query", {"name": "planned-and-aspired-activities", "parameters": {"organisation": "Ministry of Justice"}})],
     ["Planned", "2"]),
    ("Who works with the Finnish Environment Institute?",
     [("search", {"words": "environment institute"}), ("network", {"organisation": "Finnish Environment Institute"})],
     ["org/syke", "Finnish Environment Institute"]),
    ("How are two ministries linked?", [("network", {"from": "Ministry of Justice", "to": "vm"})], ["shortest", "strongest"]),
    ("What is Poikkeusajan dialogit, and on which words does it rest?",
     [("describe", {"thing": "Poikkeusajan dialogit"})], ["poikkeusajan-dialogit", "evidence", "line"]),
    ("What does the source not tell?", [("ask_saved_query", {"name": "what-the-source-says-is-missing"})], ["gapLabel"]),
    ("Which questions are kept about places?",
     [("search", {"words": "place"}), ("ask_saved_query", {"name": "activities-in-a-place", "parameters": {"place": "Turku"}})],
     ["savedQueries", "activities-in-a-place"]),
    ("How many activities are there?",
     [("sparql", {"query": "PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> SELECT (COUNT(?a) AS ?n) { ?a a dlg:Activity }"})],
     ['"n"', "integer"]),
    ("What fed the Report on the Future?",
     [("search", {"words": "tulevaisuusselonteon", "lang": "fi"}),
      ("ask_saved_query", {"name": "what-fed-a-policy-process", "parameters": {"process": "tulevaisuusselonteon-valmistelu"}})],
     ["tulevaisuus"]),
    ("Which method is the most common?", [("ask_saved_query", {"name": "methods-by-number-of-organisations"})], ["eratauko"]),
    ("What does Erätauko mean here?", [("search", {"words": "Erätauko"}), ("describe", {"thing": "eratauko"})], ["method/eratauko"]),
]  # fmt: skip


def talk(saved: SavedQueries, calls: Sequence[Call]) -> list[Any]:
    """Make calls by the SDK's client; gives its results."""

    async def run() -> list[Any]:
        async with Client(mcp.server(saved)) as agent:
            return [await agent.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(run())


@pytest.mark.parametrize(("task", "calls", "wanted"), TASKS, ids=[task for task, _, _ in TASKS])
def test_a_task_takes_at_most_three_calls(saved: SavedQueries, task: str, calls: list[Call], wanted: list[str]) -> None:
    """Each call is answered, and the answers hold what the task asks for."""
    results = talk(saved, calls)
    told = " ".join(result.content[0].text for result in results)

    assert len(calls) <= 3
    assert [result.content[0].text for result in results if result.is_error] == []
    assert [words for words in wanted if words not in told] == []


def test_there_are_few_tools_resources_and_prompts(saved: SavedQueries) -> None:
    """Names that fit into sixty characters with a prefix; the saved queries are one tool and resources."""

    async def run() -> tuple[Any, Any, Any, Any, Any]:
        async with Client(mcp.server(saved)) as agent:
            schema = await agent.read_resource(mcp.SCHEMA)
            text = await agent.read_resource(mcp.QUERIES + "guiding-questions")
            listed = await agent.list_tools(), await agent.list_resources(), await agent.list_prompts()
            prompt = await agent.get_prompt("organisation", {"organisation": "vnk"})
            return *listed, (schema, text), prompt

    tools, resources, prompts, (schema, text), prompt = asyncio.run(run())

    assert {tool.name for tool in tools.tools} == {"search", "describe", "ask_saved_query", "sparql", "network"}
    assert len(resources.resources) == len(saved.catalogue.public()) + 1
    assert len(prompts.prompts) == 3
    assert json.loads(schema.contents[0].text)["prefixes"]["dlg"] == "https://w3id.org/dialogiverkko/ns#"
    assert text.contents[0].text.startswith("#+")
    assert "vnk" in prompt.messages[0].content.text


@pytest.mark.parametrize(
    ("tool", "arguments", "parameter"),
    [
        *(("sparql", {"query": "ASK {}", "limit": limit}, "limit") for limit in (0, -5, 2.5, "2", 1000, True)),
        *(
            ("ask_saved_query", {"name": "guiding-questions", "limit": limit}, "limit")
            for limit in (0, -5, 2.5, "2", 1000)
        ),
        ("ask_saved_query", {"name": "guiding-questions", "offset": -1}, "offset"),
        ("ask_saved_query", {"name": "guiding-questions", "colour": "red"}, "colour"),
        ("ask_saved_query", {"name": "guiding-questions", "parameters": {"colour": "red"}}, "colour"),
        ("ask_saved_query", {"name": "guiding-questions", "parameters": {"theme": {"a": 1}}}, "theme"),
        ("ask_saved_query", {"name": "guiding-questions", "parameters": "x"}, "parameters"),
        ("ask_saved_query", {"name": {"a": 1}}, "name"),
        ("sparql", {"query": {"a": 1}}, "query"),
        ("sparql", {}, "query"),
        ("search", {"words": ["a"]}, "words"),
        ("search", {"words": "a", "lang": "de"}, "lang"),
        ("describe", {"thing": ""}, "thing"),
        ("network", {"status": "nope"}, "status"),
        ("network", {"begin": "2021-01-01", "end": "2020-01-01"}, "begin"),
        ("network", {"method": {"a": 1}}, "method"),
        ("network", {"organisation": "nope"}, "organisation"),
    ],
)
def test_what_is_wrong_is_told(saved: SavedQueries, tool: str, arguments: dict[str, Any], parameter: str) -> None:
    """An error that names the argument; nothing is rounded, cut or ignored in silence."""
    result = mcp.call(saved, tool, arguments)

    assert result.is_error
    assert result.structured_content["parameter"] == parameter


def test_an_update_an_unknown_tool_and_an_unknown_thing_are_told(saved: SavedQueries) -> None:
    """In words to act on."""
    update = mcp.call(saved, "sparql", {"query": "DELETE WHERE { ?s ?p ?o }"})
    tool = mcp.call(saved, "schema", {})
    thing = mcp.call(saved, "describe", {"thing": "Ministry of Justise"})

    assert update.structured_content["code"] == "update-forbidden"
    assert tool.structured_content["known"][0] == "search"
    assert thing.structured_content["nearest"] == "Ministry of Justice"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DESCRIBE <https://w3id.org/dialogiverkko/dataset>",
    ],
)
def test_an_answer_is_bounded_and_says_what_it_left_out(saved: SavedQueries, query: str) -> None:
    """At most two hundred rows and sixty thousand characters; the rest is counted, and can be had."""
    result = mcp.call(saved, "sparql", {"query": query})
    text, document = result.content[0].text, result.structured_content
    ((member, rows),) = document["results"].items()

    assert len(text) <= mcp_tools.CHARACTERS_AT_ONCE + 500
    assert 0 < len(rows) <= mcp_tools.ROWS_AT_ONCE
    assert document["leftOut"][member] == document["total"] - len(rows)
    more = mcp.call(saved, "sparql", {"query": query, "offset": len(rows), "limit": 3}).structured_content
    assert len(more["results"][member]) == 3
