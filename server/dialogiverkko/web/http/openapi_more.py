"""The part of the OpenAPI description that is about single things, what was, frames, reconciliation and crawlers."""

from collections.abc import Sequence
from typing import Final

from dialogiverkko.media import CSV, HTML, JSON, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, XLSX, MediaType
from dialogiverkko.saved.answers import MAX_PAGE, SavedQueries
from dialogiverkko.web.http import openapi_parts as parts
from dialogiverkko.web.http.openapi_parts import Document

_RDF: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
_LINKS: Final = MediaType("application/link-format", "link", "Link format")
_TEXT: Final = MediaType("text/plain", "txt", "Text")
_XML: Final = MediaType("application/xml", "xml", "XML")
_ATOM: Final = MediaType("application/atom+xml", "atom", "Atom")
_GEOJSON: Final = MediaType("application/geo+json", "geojson", "GeoJSON")
_CALL: Final = MediaType("text/javascript", "js", "JavaScript")
_THING: Final = "^[a-z][a-z-]{1,30}/[a-z0-9-]{1,60}$"
_HELD: Final = "^(id|data|vocab|src)/[a-z][a-z-]{1,30}/[a-z0-9-]{1,60}$"
_SIZES: Final = (200, 99_999_999)


def paths(saved: SavedQueries, root: str) -> Document:
    """Describe the operations; ``root`` is the public address of this copy."""
    return {**_of_things(), **_of_frames(saved, root), **_of_reconciliation(), **_of_files()}


def _get(
    name: str, summary: str, types: Sequence[MediaType], parameters: Sequence[Document] = (), *statuses: str
) -> Document:
    told = parts.responses(types, summary, "405", *statuses)
    return {"get": {"operationId": name, "summary": summary, "parameters": list(parameters), "responses": told}}


def _led(name: str, summary: str, status: str, parameters: Sequence[Document], *statuses: str) -> Document:
    """Describe an address that leads to another."""
    told = parts.problems("405", *statuses)
    told[status] = {"description": summary, "headers": parts.LOCATION}
    return {"get": {"operationId": name, "summary": summary, "parameters": list(parameters), "responses": told}}


def _name(pattern: str, example: str, name: str = "name") -> Document:
    schema = {"type": "string", "pattern": pattern, "examples": [example]}
    return {"name": name, "in": "path", "required": True, "description": "Local part of the IRI", "schema": schema}


def _text(name: str, description: str, pattern: str, *, is_required: bool = False) -> Document:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "query", "description": description, "required": is_required, "schema": schema}


def _of_things() -> Document:
    """Describe the data of one thing, its other IRIs, and both as they were (Memento, RFC 7089)."""
    day = {
        "name": "Accept-Datetime",
        "in": "header",
        "description": "The moment that is wanted; without it the last release",
        "schema": {"type": "string", "enum": ["Tue, 24 Nov 2026 00:00:00 GMT"]},
    }
    format_ = parts.choice("format", "Instead of Accept", [each.suffix for each in _RDF])
    described = {
        "/data/{name}": _get(
            "data", "RDF of one thing, by Accept or suffix", _RDF, [_name(_THING, "org/om"), format_],
            "404", "406", "422", "503", "504",
        ),
        "/data/ns.{suffix}": _get(
            "ontology", "The ontology", _RDF,
            [parts.in_path("suffix", "The type of the file", [each.suffix for each in _RDF])], "404", "406",
        ),
        "/timegate/{name}": _led(
            "timegate", "To the data of a thing as they were on a day", "302", [_name(_HELD, "id/org/om"), day],
            "400", "404",
        ),
        "/timemap/{name}": _get(
            "timemap", "Every release that holds data of a thing", (_LINKS,), [_name(_HELD, "id/org/om")], "404"
        ),
        "/dataset": _led("dataset", "To the page or the description of the dataset", "303", []),
    }  # fmt: skip
    for space in ("vocab", "src", "graph"):
        summary = f"To the page or the data of what lies in {space}, by Accept."
        name = _name("^[a-z0-9-]{1,60}(/[A-Za-z0-9-]{1,60})?$", "theme", "name")
        described[f"/{space}/{{name}}"] = _led(space, summary, "303", [name], "404", "406")
    described["/ns"] = _led("terms", "To the page or the data of the ontology, by Accept.", "303", [], "406")
    return described


def _of_frames(saved: SavedQueries, root: str) -> Document:
    """Describe what other people's pages frame, and how they find it (oEmbed)."""
    names = [query.name for query in saved.catalogue.public() if not query.is_graph]
    framed = [f"{root}/queries/{names[0]}", f"{root}/en/collaboration", f"{root}/collaboration"]
    url = {"name": "url", "in": "query", "required": True, "schema": {"type": "string", "enum": framed}}
    url |= {"description": "Address of a question (any of /queries/…) or of the network"}
    sizes = [_size(name) for name in ("maxwidth", "maxheight")]
    rows = [parts.number("limit", 1, MAX_PAGE), parts.number("offset", 0, 10_000_000)]
    return {
        "/embed/queries/{name}": _get(
            "embedQuery", "A saved question in a frame; its parameters are those of /queries/{name}", (HTML,),
            [parts.in_path("name", "Which question", names), parts.language(), *rows],
            "404", "413", "422", "503", "504",
        ),
        "/oembed": _get(
            "oembed", "oEmbed 1.0 of a question or of the network", (JSON,),
            [url, parts.choice("format", "The type", ("json",)), *sizes], "404", "422",
        ),
    }  # fmt: skip


def _size(name: str) -> Document:
    least, most = _SIZES
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return {"name": name, "in": "query", "description": "Pixels that there are room for", "schema": schema}


def _of_reconciliation() -> Document:
    """Describe the Reconciliation API 0.2, whose queries are JSON in a form."""
    callback = _text("callback", "A function of an older page", "^([A-Za-z_$][A-Za-z0-9_$]{0,30})?$")
    kinds = (JSON, _CALL)
    form = {"type": "object", "properties": {name: {"type": "string"} for name in ("queries", "extend")}}
    body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    summary = "Reconciliation API 0.2: what a name means"
    asked = [_text(name, "An object of JSON", "^[{].*[}]$") for name in ("queries", "extend")]
    answer = _get("reconcile", summary, kinds, [*asked, callback], "413", "422")
    told = parts.responses(kinds, summary, "405", "413", "415", "422")
    answer["post"] = {"operationId": "reconcileAll", "summary": summary, "requestBody": body, "responses": told}
    what = parts.in_path("what", "What is suggested", ("entity", "type", "property"))
    skipped: Document = {"name": "cursor", "in": "query", "description": "How many to skip"}
    skipped |= {"schema": {"type": "integer", "minimum": 0, "maximum": 999_999}}
    prefix = {"name": "prefix", "in": "query", "description": "What was typed", "schema": {"type": "string"}}
    kind = {"name": "type", "in": "query", "description": "Kind of thing", "schema": {"type": "string"}}
    thing = {"name": "id", "in": "query", "description": "IRI of a thing", "schema": {"type": "string"}}
    return {
        "/reconcile": answer,
        "/reconcile/suggest/{what}": _get(
            "suggest", "Suggestions while typing", kinds, [what, prefix, skipped, callback], "404", "422"
        ),
        "/reconcile/properties": _get("properties", "Properties of a kind of thing", kinds, [kind, callback], "422"),
        "/reconcile/preview": _get("preview", "A thing in a small page", (HTML,), [thing], "404"),
    }


def _of_files() -> Document:
    """Describe the table to fill and its check, places as GeoJSON, and what crawlers and readers of feeds take."""
    suffix = parts.in_path("suffix", "The type of the file", (XLSX.suffix, CSV.suffix))
    checked = parts.responses((JSON, XLSX), "What is wrong, row by row", "405", "413", "415", "503")
    checked["422"] = {"description": "The file is no table.", "content": {JSON.name: {"schema": {"type": "object"}}}}
    name = {"name": "name", "in": "query", "description": "Name of the file", "schema": {"type": "string"}}
    body = {"required": True, "content": {CSV.name: {"schema": {"type": "string"}}}}
    as_ = parts.choice("as", "The same with comments in its cells", (XLSX.suffix,))
    page = {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 99},
    }
    return {
        "/tables/template.{suffix}": _get(
            "template", "The table to fill", (XLSX, CSV), [suffix, parts.language()], "404", "422"
        ),
        "/tables/check": {
            "post": {
                "operationId": "check", "summary": "Check a filled table; nothing is kept", "parameters": [as_, name],
                "requestBody": body, "responses": checked,
            }
        },
        "/places.geojson": _get("places", "The places with coordinates", (_GEOJSON,), (), "422"),
        "/metrics": _get("metrics", "Counts of operation, for Prometheus", (_TEXT,)),
        "/feed.atom": _get("feed", "The releases as a feed", (_ATOM,)),
        "/robots.txt": _get("robots", "For crawlers", (_TEXT,)),
        "/sitemap.xml": _get("sitemap", "Every page, or the files that list them", (_XML,)),
        "/sitemap-{number}.xml": _get("sitemapPart", "One file of pages", (_XML,), [page], "404"),
    }  # fmt: skip
