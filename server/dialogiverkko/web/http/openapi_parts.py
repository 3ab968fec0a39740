"""Parts of the OpenAPI description: parameters with what is allowed, answers with their types, problems by status."""

from collections.abc import Iterable, Sequence
from typing import Any

from dialogiverkko.media import HTML, JSON, JSON_LD, PROBLEM, RESULTS_JSON, MediaType
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.network.asked import PARAMETERS, UNSTATED
from dialogiverkko.network.selection import NONE
from dialogiverkko.saved import parameters
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.parameters import MAX_LENGTH, MAX_VALUES, Parameter, ParameterType
from dialogiverkko.web.http.problems import TABLE

Document = dict[str, Any]  # Any: a JSON document

_TEXT: Document = {"type": "string"}
_SEEN = r"[^\u0000-\u001f\u007f-\u009f]"
_NEVER_ALONE = {"304"}
LOCATION: Document = {"Location": {"required": True, "schema": {"type": "string", "format": "uri-reference"}}}
ENDPOINT_HEADERS = ("Dialogiverkko-Version", "Dialogiverkko-Digest", "Dialogiverkko-Notice")
ANSWER_HEADERS = ("Dialogiverkko-Version", "Dialogiverkko-Digest", "Dialogiverkko-Total", "Dialogiverkko-Partial")


def of_network(saved: SavedQueries) -> list[Document]:
    """Describe the parameters of the network."""
    return [parameter(saved, each, (NONE,) if each.name in UNSTATED else ()) for each in PARAMETERS]


def parameter(saved: SavedQueries, each: Parameter, more: tuple[str, ...] = ()) -> Document:
    """Describe one parameter of a saved query or of the network, which may have more values than its choices."""
    schema = _schema(each)
    choices = [choice.value for choice in saved.choices(each, "en")]
    if 0 < len(choices) <= parameters.MOST_LISTED:
        schema = {"type": "string", "enum": [*choices, *more, ""]}
    elif more:
        schema = {"anyOf": [schema, {"enum": list(more)}]}
    if each.many:
        schema = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
    if each.default:
        schema["default"] = list(each.default) if each.many else _typed(each)
    described: Document = {
        "name": each.name,
        "in": "query",
        "description": each.label("en"),
        "required": each.required and not each.default,
        "schema": schema,
    }
    if each.many:
        described |= {"style": "form", "explode": True}
    return described


def required(described: Document) -> Document:
    """Return a parameter that has to be given: it may not be empty, and a list does not say a thing twice."""
    schema = described["schema"]
    if schema["type"] == "array":
        schema = schema | {"items": _given(schema["items"]), "uniqueItems": True}
    else:
        schema = _given(schema)
    return described | {"required": True, "schema": schema}


def _given(schema: Document) -> Document:
    if "enum" in schema:
        return schema | {"enum": [value for value in schema["enum"] if value]}
    return schema | {"minLength": 1}


def _typed(each: Parameter) -> str | int:
    value = each.default[0]
    return int(value) if each.type is ParameterType.INTEGER else value


def _schema(each: Parameter) -> Document:
    match each.type:
        case ParameterType.INTEGER:
            return {"type": "integer", "minimum": -999_999_999, "maximum": 999_999_999}
        case ParameterType.DATE:
            return {"anyOf": [{"type": "string", "format": "date"}, {"const": ""}]}
        case ParameterType.IRI:
            short = "[A-Za-z0-9][A-Za-z0-9._/-]*|" if each.base else ""
            pattern = f"^({short}https?://[A-Za-z0-9.-]+/[A-Za-z0-9._~/#-]*)?$"
            return {"type": "string", "maxLength": MAX_LENGTH, "pattern": pattern}
        case _:
            return {
                "type": "string",
                "maxLength": MAX_LENGTH,
                "pattern": f"^({_SEEN}*[^\\s\\u0000-\\u001f\\u007f-\\u009f]{_SEEN}*)?$",
            }


def number(name: str, least: int, most: int) -> Document:
    """Describe a whole number between two."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return {"name": name, "in": "query", "description": f"{name} of the rows", "schema": schema}


def choice(name: str, description: str, allowed: Sequence[str]) -> Document:
    """Describe one of some values."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", "enum": [*allowed, ""]},
    }


def in_path(name: str, description: str, allowed: Sequence[str]) -> Document:
    """Describe a part of the path, which is one of some values."""
    schema = {"type": "string", "enum": list(allowed)}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def language() -> Document:
    """Describe the language of page, labels and rows."""
    return choice("lang", "Language of labels and page; else by Accept-Language", LANGUAGES)


def responses(types: Iterable[MediaType], description: str, *statuses: str, headers: Sequence[str] = ()) -> Document:
    """Describe a good answer in some types, and the problems that may come instead."""
    content = {each.name: {"schema": _body(each)} for each in types}
    good: Document = {"description": description, "content": content}
    if headers:
        good["headers"] = {name: {"schema": _TEXT} for name in headers}
    return {"200": good, **problems(*statuses)}


def _body(media_type: MediaType) -> Document:
    if media_type == RESULTS_JSON:
        return {"$ref": "#/components/schemas/Results"}
    if media_type == JSON or media_type.name.endswith("/geo+json"):
        return {"type": "object"}
    return {"type": ["object", "array"]} if media_type == JSON_LD else _TEXT


def problems(*statuses: str) -> Document:
    """Describe problems by their statuses: a document for programs, a page for people."""
    return {status: _problem(status) for status in sorted(set(statuses) - _NEVER_ALONE)}


def _problem(status: str) -> Document:
    titles = [problem.title for problem in TABLE if str(problem.status) == status]
    told: Document = {
        "description": "; ".join(dict.fromkeys(titles)) + ".",
        "content": {
            PROBLEM.name: {"schema": {"$ref": "#/components/schemas/Problem"}},
            HTML.name: {"schema": _TEXT},
        },
    }
    if status == "405":
        told["headers"] = {"Allow": {"schema": _TEXT}}
    if status == "503":
        told["headers"] = {"Retry-After": {"schema": _TEXT}}
    return told


def problem_schema() -> Document:
    """Describe a problem document (RFC 9457)."""
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "parameter": _TEXT,
            "given": _TEXT,
            "expects": _TEXT,
            "allowed": {"type": "array", "items": _TEXT},
            "nearest": _TEXT,
            "offered": {"type": "array", "items": _TEXT},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
        },
    }


def results_schema() -> Document:
    """Describe SPARQL 1.1 Query Results JSON."""
    return {
        "type": "object",
        "description": "SPARQL 1.1 Query Results JSON; of a saved query, 'meta' tells where the answer comes from.",
        "required": ["head"],
        "properties": {
            "head": {"type": "object"},
            "results": {"type": "object", "required": ["bindings"], "properties": {"bindings": {"type": "array"}}},
            "boolean": {"type": "boolean"},
            "meta": {"type": "object"},
        },
    }
