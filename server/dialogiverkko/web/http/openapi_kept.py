"""The part of the OpenAPI description that is about releases, tables, pictures and frames."""

from collections.abc import Sequence

from dialogiverkko.graph import dcat
from dialogiverkko.media import CSV, HTML, JSON, JSON_LD, PNG, SVG, XLSX, MediaType
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.web.http import openapi_parts as parts
from dialogiverkko.web.http.openapi_parts import Document

_OFTEN = ("405", "422")
_ENGINE = ("413", "503", "504")
_TEXT = MediaType("text/plain", "txt", "Text")


def paths(saved: SavedQueries) -> Document:
    """Describe the operations."""
    network = parts.of_network(saved)
    lang = [parts.language()]
    described: Document = {
        "/changes": {"get": _get("releases", "The releases", (HTML, JSON), [*lang, _format((HTML, JSON))], "406")},
        "/changes/{span}": {"get": _changes()},
        "/tables/{name}.{suffix}": {"get": _tables()},
        "/embed/collaboration": {
            "get": _get("embedCollaboration", "The network in a frame", (HTML,), network, *_ENGINE)
        },
        "/llms.txt": {"get": _get("llms", "For language models", (_TEXT,), [])},
        "/croissant.jsonld": {"get": _get("croissant", "The tables in Croissant", (JSON_LD,), [])},
        "/frame.jsonld": {"get": _get("frame", "A JSON-LD frame of activities", (JSON_LD,), [])},
    }
    for name in [name for name in dcat.PICTURES if name != "collaboration"]:
        suffix = parts.in_path("suffix", "The type of the picture", [SVG.suffix, PNG.suffix])
        operation = _get(f"{name}Picture", dcat.PICTURES[name]["en"], (SVG, PNG), [suffix, *lang], "404", *_ENGINE)
        described[f"/{name}.{{suffix}}"] = {"get": operation}
    return described


def _get(
    name: str, summary: str, types: Sequence[MediaType], parameters: Sequence[Document], *statuses: str
) -> Document:
    told = parts.responses(types, summary, *_OFTEN, *statuses)
    return {"operationId": name, "summary": summary, "parameters": list(parameters), "responses": told}


def _format(types: Sequence[MediaType]) -> Document:
    return parts.choice("format", "Instead of Accept", [each.suffix for each in types])


def _changes() -> Document:
    span = {
        "name": "span",
        "in": "path",
        "required": True,
        "description": "Two versions or digests with two dots between them",
        "schema": {"type": "string", "pattern": "^[0-9a-f.]{5,80}$"},
    }
    page = {"name": "page", "in": "query", "description": "Which page", "schema": {"type": "integer", "minimum": 1}}
    asked = [
        span, parts.choice("what", "What happened", ("added", "changed", "removed")), page, parts.language(),
        _format((HTML, JSON)),
    ]  # fmt: skip
    return _get("changes", "What changed from one version to another, in sentences", (HTML, JSON), asked, "404", "406")


def _tables() -> Document:
    suffixes = [each.suffix for each in (CSV, XLSX, JSON)]
    asked = [
        parts.in_path("name", "Which table", list(dcat.TABLES)),
        parts.in_path("suffix", "The type of the file", suffixes),
        parts.language(),
    ]  # fmt: skip
    return _get("tables", "A table, a row for each thing", (CSV, XLSX, JSON), asked, "404")
