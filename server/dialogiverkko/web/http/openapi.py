"""OpenAPI 3.1 of the saved queries, the network and the endpoint, generated from the catalogue."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request

from dialogiverkko.media import GRAPH_TYPES, HTML, JSON, PROBLEM, RESULTS_JSON, SOLUTION_TYPES, MediaType
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.network import asked as asking
from dialogiverkko.network import exports
from dialogiverkko.saved.answers import MAX_PAGE, SavedQueries, offered
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.saved.parameters import MAX_LENGTH, MAX_VALUES, Parameter, ParameterType
from dialogiverkko.web.services import root_address

Document = dict[str, Any]  # Any: a JSON document

_PROBLEMS = {
    "403": "The query would update the graph, or call a SERVICE that is not open.",
    "406": "None of the types in Accept is on offer.",
    "408": "The body was not whole in time.",
    "411": "The body has neither Content-Length nor chunks.",
    "413": "The body, the query or the answer is larger than the limit that the problem names.",
    "414": "The address is too long; send the query by POST.",
    "415": "The body is no form and no query, or not UTF-8.",
    "422": "A parameter is missing or has a value that its type does not allow.",
    "503": "All workers are busy, or one needed too much memory.",
    "504": "The query ran past its time limit.",
}


def blueprint(saved: SavedQueries, base_address: str = "") -> Blueprint:
    """Make the route of the description."""
    routes = Blueprint("openapi", __name__)

    @routes.get("/openapi.json")
    def openapi() -> Response:
        root = root_address(base_address).rstrip("/")
        body = current_app.json.dumps(describe(saved, root), indent=1).encode()
        response = Response(body, content_type=JSON.content_type)
        response.add_etag()
        response.make_conditional(request)
        return response

    return routes


def describe(saved: SavedQueries, root: str) -> Document:
    """Return the whole description; ``root`` is the public address of this copy."""
    paths: Document = {"/queries": _index()}
    for query in saved.catalogue.public():
        paths[f"/queries/{query.name}"] = {"get": _operation(saved, query)}
    paths["/collaboration.{suffix}"] = {"get": _collaboration(saved)}
    paths["/sparql"] = _endpoint()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dialogiverkko",
            "version": saved.release.version,
            "summary": "Dialogues of the Finnish state administration as a knowledge graph",
            "description": f"Answers come from the graph with the digest {saved.release.digest}.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": root}],
        "tags": [{"name": tag} for tag in sorted({tag for q in saved.catalogue.public() for tag in q.tags})],
        "paths": paths,
        "components": {"schemas": {"Problem": _problem_schema(), "Results": _results_schema()}},
    }


def _index() -> Document:
    return {
        "get": {
            "operationId": "queries",
            "summary": "All ready-made questions",
            "parameters": [_language_of_page()],
            "responses": {"200": _answer((JSON, HTML, *GRAPH_TYPES), "The queries"), **_problems("406")},
        }
    }


def _operation(saved: SavedQueries, query: NamedQuery) -> Document:
    paging = [] if query.is_graph else [_number("limit", 1, MAX_PAGE), _number("offset", 0, 10_000_000)]
    return {
        "operationId": query.name,
        "summary": query.title["en"],
        "description": f"{query.question['en']} {query.explanation['en']}",
        "tags": list(query.tags),
        "parameters": [
            *(_parameter(saved, parameter) for parameter in query.parameters),
            *paging,
            _language_of_page(),
            {
                "name": "version",
                "in": "query",
                "description": "Version or digest of the data; another than the one served is a 404.",
                "schema": {"type": "string"},
            },
        ],
        "responses": {
            "200": _answer((*offered(query), HTML), query.title["en"]),
            **_problems("406", "422", "503", "504"),
        },
    }


def _parameter(saved: SavedQueries, parameter: Parameter) -> Document:
    schema: Document = _schema(parameter)
    choices = [choice.value for choice in saved.choices(parameter, "en")]
    if choices:
        schema = {"type": "string", "enum": choices}
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
    if parameter.default:
        schema["default"] = list(parameter.default) if parameter.many else _typed(parameter)
    described: Document = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.label("en"),
        "required": parameter.required and not parameter.default,
        "schema": schema,
    }
    if parameter.many:
        described |= {"style": "form", "explode": True}
    return described


def _typed(parameter: Parameter) -> str | int:
    value = parameter.default[0]
    return int(value) if parameter.type is ParameterType.INTEGER else value


def _schema(parameter: Parameter) -> Document:
    match parameter.type:
        case ParameterType.INTEGER:
            return {"type": "integer"}
        case ParameterType.DATE:
            return {"type": "string", "format": "date"}
        case ParameterType.IRI:
            return {"type": "string", "maxLength": MAX_LENGTH, "description": "An IRI, or its last part."}
        case _:
            return {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}


def _collaboration(saved: SavedQueries) -> Document:
    suffixes = [media_type.suffix for media_type in exports.TYPES]
    return {
        "operationId": "collaboration",
        "summary": "The collaboration network",
        "parameters": [
            {
                "name": "suffix",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": suffixes},
            },
            *(_parameter(saved, parameter) for parameter in asking.PARAMETERS),
        ],
        "responses": {"200": _answer(exports.TYPES, "The network"), **_problems("422")},
    }


def _endpoint() -> Document:
    answers = {
        "200": _answer((*SOLUTION_TYPES, *GRAPH_TYPES), "The answer"),
        "400": _problem("The query is empty or not SPARQL 1.1, cannot be evaluated, or the request is malformed."),
        **_problems("403", "406", "413", "503", "504"),
    }
    query = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {"query": {"type": "string"}},
                }
            },
        },
    }
    summary = "SPARQL 1.1 Protocol"
    return {
        "get": {
            "operationId": "sparqlGet",
            "summary": summary,
            "parameters": [query],
            "responses": {**answers, **_problems("414")},
        },
        "post": {
            "operationId": "sparqlPost",
            "summary": summary,
            "requestBody": body,
            "responses": {**answers, **_problems("408", "411", "415")},
        },
    }


def _number(name: str, least: int, most: int) -> Document:
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return {"name": name, "in": "query", "description": f"{name} of the rows", "schema": schema}


def _language_of_page() -> Document:
    schema = {"type": "string", "enum": list(LANGUAGES)}
    return {"name": "lang", "in": "query", "description": "Language of labels and page", "schema": schema}


def _answer(types: Sequence[MediaType], description: str) -> Document:
    results = {"$ref": "#/components/schemas/Results"}
    content = {item.name: {"schema": results if item == RESULTS_JSON else {"type": "string"}} for item in types}
    if JSON in types:
        content[JSON.name] = {"schema": {"type": "object"}}
    headers = {name: {"schema": {"type": "string"}} for name in ("Dialogiverkko-Version", "Dialogiverkko-Digest")}
    return {"description": description, "headers": headers, "content": content}


def _problems(*statuses: str) -> Document:
    return {status: _problem(_PROBLEMS[status]) for status in statuses}


def _problem(description: str) -> Document:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM.name: {"schema": schema}}}


def _problem_schema() -> Document:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "parameter": text,
            "allowed": {"type": "array", "items": text},
            "nearest": text,
        },
    }


def _results_schema() -> Document:
    return {
        "type": "object",
        "description": "SPARQL 1.1 Query Results JSON; 'meta' tells where the answer comes from.",
        "required": ["head", "results", "meta"],
        "properties": {
            "head": {"type": "object"},
            "results": {"type": "object"},
            "meta": {"type": "object"},
        },
    }
