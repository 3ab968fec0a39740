"""OpenAPI 3.1 of the saved queries, the network, the endpoint and the descriptions, made from what makes them."""

from flask import Blueprint, Response, current_app

from dialogiverkko.media import (
    GRAPH_TYPES,
    HTML,
    JSON,
    JSON_LD,
    N_TRIPLES,
    PNG,
    RDF_XML,
    SOLUTION_TYPES,
    SVG,
    TURTLE,
    XLSX,
    MediaType,
)
from dialogiverkko.network import compared, exports
from dialogiverkko.network import paths as paths_asked
from dialogiverkko.saved.answers import MAX_PAGE, SavedQueries, offered
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.search import asked as searched
from dialogiverkko.web.http import openapi_kept, openapi_more
from dialogiverkko.web.http import openapi_parts as parts
from dialogiverkko.web.http.openapi_parts import Document
from dialogiverkko.web.http.representation import FIVE_MINUTES, represent
from dialogiverkko.web.services import Services, root_address

_RDF = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
_OFTEN = ("405", "422")
_ENGINE = ("413", "503", "504")


def blueprint(services: Services) -> Blueprint:
    """Make the route of the description."""
    routes = Blueprint("openapi", __name__)

    @routes.get("/openapi.json")
    def openapi() -> Response:
        root = root_address(services.settings.base_address).rstrip("/")
        rules = {rule.rule for rule in current_app.url_map.iter_rules()}
        document = describe(services.saved, root, has_context="/context.jsonld" in rules)
        body = current_app.json.dumps(document, indent=1).encode()
        return represent(services, body, JSON, seconds=FIVE_MINUTES)

    return routes


def describe(saved: SavedQueries, root: str, *, has_context: bool = False) -> Document:
    """Return the whole description; ``root`` is the public address of this copy."""
    paths: Document = {"/queries": {"get": _index()}}
    for query in saved.catalogue.public():
        paths[f"/queries/{query.name}"] = {"get": _operation(saved, query)}
    paths["/collaboration.{suffix}"] = {"get": _collaboration(saved)}
    paths["/collaboration/path.json"] = {"get": _chains(saved)}
    paths["/compare.json"] = {"get": _comparison(saved)}
    paths["/search.json"] = {"get": _search(saved)}
    paths["/sparql"] = _endpoint()
    paths |= _descriptions() | openapi_kept.paths(saved) | openapi_more.paths(saved, root)
    if has_context:
        paths["/context.jsonld"] = {"get": _plain("context", "The JSON-LD context of the terms", (JSON_LD,))}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dialogiverkko",
            "version": saved.release.version,
            "summary": "Dialogues of the Finnish state administration as a knowledge graph",
            "description": (
                f"Answers come from the graph with the digest {saved.release.digest}. An empty value is one that was "
                "not given. A choice may also be written by its name in Finnish, Swedish or English. "
                "Languages are looked up by RFC 4647: en-GB is English. What is not known is 422."
            ),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": root}],
        "tags": [{"name": tag} for tag in sorted({tag for q in saved.catalogue.public() for tag in q.tags})],
        "paths": paths,
        "components": {"schemas": {"Problem": parts.problem_schema(), "Results": parts.results_schema()}},
    }


def _index() -> Document:
    types = (HTML, JSON, *GRAPH_TYPES)
    return {
        "operationId": "queries",
        "summary": "All ready-made questions",
        "parameters": [parts.language(), parts.choice("format", "Instead of Accept", [each.suffix for each in types])],
        "responses": parts.responses(types, "The queries", "406", *_OFTEN),
    }


def _version(saved: SavedQueries) -> Document:
    return {
        "name": "version",
        "in": "query",
        "description": "Version or digest of the data: the present, or a release, whose parameters may be others.",
        "schema": {
            "anyOf": [
                {"type": "string", "enum": [saved.release.version, saved.release.short, ""]},
                {"type": "string", "pattern": "^([0-9]{1,4}[.][0-9]{1,4}[.][0-9]{1,4}|[0-9a-f]{8,64})$"},
            ]
        },
    }


def _operation(saved: SavedQueries, query: NamedQuery) -> Document:
    paging = [] if query.is_graph else [parts.number("limit", 1, MAX_PAGE), parts.number("offset", 0, 10_000_000)]
    types = (*offered(query), *([] if query.is_graph else [XLSX]), HTML)
    named = {parameter.name for parameter in query.parameters}
    return {
        "operationId": query.name,
        "summary": query.title["en"],
        "description": f"{query.question['en']} {query.explanation['en']} "
        "A suffix of the path, such as .csv, chooses the type as `format` does.",
        "tags": list(query.tags),
        "parameters": [
            *(parts.parameter(saved, each) for each in query.parameters),
            *paging,
            *([] if "language" in named else [parts.language()]),
            parts.choice("format", "Instead of Accept", [each.suffix for each in types]),
            _version(saved),
        ],
        "responses": parts.responses(
            types, query.title["en"], "404", "406", *_OFTEN, *_ENGINE, headers=parts.ANSWER_HEADERS
        ),
    }


def _collaboration(saved: SavedQueries) -> Document:
    types = (*exports.TYPES, SVG, PNG)
    suffix = parts.in_path("suffix", "The type of the file", [each.suffix for each in types])
    return {
        "operationId": "collaboration",
        "summary": "The collaboration network",
        "description": "'from' and 'to' stand together and are two; 'begin' is not later than 'end'.",
        "parameters": [
            suffix,
            *parts.of_network(saved),
        ],
        "responses": parts.responses(types, "The network", "404", *_OFTEN, "503", "504", headers=parts.ANSWER_HEADERS),
    }


def _chains(saved: SavedQueries) -> Document:
    names = (*paths_asked.NAMES, "lang")
    plain = {each["name"]: each for each in parts.of_network(saved) if each["name"] in names}
    described = [parts.required(each) if name in ("from", "to") else each for name, each in plain.items()]
    return {
        "operationId": "chains",
        "summary": "All shortest chains between two organisations, the strongest first",
        "description": "The filters are those of the network; where there is no chain, 'noChain' tells why. "
        "Without the suffix, a browser is led to the page.",
        "parameters": [*described, _version(saved)],
        "responses": parts.responses(
            (JSON,), "The chains", "404", *_OFTEN, "503", "504", headers=parts.ANSWER_HEADERS[:2]
        ),
    }


def _comparison(saved: SavedQueries) -> Document:
    described = [parts.parameter(saved, each) for each in compared.PARAMETERS]
    described[0] = parts.required(described[0])
    described[0]["schema"] |= {"minItems": compared.LEAST, "maxItems": compared.MOST}
    return {
        "operationId": "comparison",
        "summary": "Two to four organisations side by side",
        "parameters": described,
        "responses": parts.responses(
            (JSON,), "The comparison", *_OFTEN, "503", "504", headers=parts.ANSWER_HEADERS[:2]
        ),
    }


def _search(saved: SavedQueries) -> Document:
    words, *others = [parts.parameter(saved, each) for each in searched.PARAMETERS if each.name != "limit"]
    limit = parts.number("limit", 1, searched.MOST)
    return {
        "operationId": "search",
        "summary": "One search over everything, in the forms in which words are said; the best first",
        "parameters": [parts.required(words), *others, limit],
        "responses": parts.responses((JSON,), "What is found", *_OFTEN, "503", "504", headers=parts.ANSWER_HEADERS[:2]),
    }


def _endpoint() -> Document:
    types = (*SOLUTION_TYPES, *GRAPH_TYPES, HTML)
    told = parts.responses(
        types, "The answer", "400", "403", "404", "405", "406", "408", "411", "413", "414", "415", "422", "503", "504",
        headers=parts.ENDPOINT_HEADERS,
    )  # fmt: skip
    told["303"] = {"description": "Without a query, a browser is led to the editor.", "headers": parts.LOCATION}
    told["304"] = {"description": "The client holds the answer."}
    text = {"type": "string"}
    query = {"name": "query", "in": "query", "schema": text, "description": "SPARQL 1.1; none: service description"}
    form = {"type": "object", "required": ["query"], "properties": {"query": text}}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": text},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    return {
        "get": {
            "operationId": "sparqlGet",
            "summary": "SPARQL 1.1 Protocol: a query in the address",
            "parameters": [query, *_of_protocol()],
            "responses": told,
        },
        "post": {
            "operationId": "sparqlPost",
            "summary": "SPARQL 1.1 Protocol: a query in the body",
            "parameters": _of_protocol(),
            "requestBody": body,
            "responses": told,
        },
    }


def _of_protocol() -> list[Document]:
    """Describe the parameters that may go with a query, by GET as by POST."""
    text = {"type": "string"}
    graphs = [
        {"name": name, "in": "query", "description": told_, "schema": {"type": "array", "items": text}}
        for name, told_ in (
            ("default-graph-uri", "Graphs that make up the default graph; one that is not ours is empty"),
            ("named-graph-uri", "Graphs that GRAPH may name; one that is not ours is empty"),
        )
    ]
    others = [
        {"name": "format", "in": "query", "description": "Suffix or media type, instead of Accept", "schema": text},
        {
            "name": "timeout",
            "in": "query",
            "description": "Seconds, if less than the limit of this copy",
            "schema": {"type": "number", "exclusiveMinimum": 0},
        },
        parts.language(),
    ]
    return [*graphs, *others]


def _descriptions() -> Document:
    """Describe the routes of dataset, shapes, graphs, downloads, single things and operation."""
    return {
        "/catalogue": {"get": _plain("catalogue", "The dataset by DCAT-AP 3", _RDF, "406", has_page=True)},
        "/.well-known/void": {"get": _plain("void", "The dataset by VoID", _RDF, "406", has_page=True)},
        "/void": {"get": _plain("voidToo", "The dataset by VoID", _RDF, "406", has_page=True)},
        "/.well-known/sparql-examples": {
            "get": _plain("examples", "The saved queries as RDF", _RDF, "406", has_page=True)
        },
        "/shapes": {"get": _plain("shapes", "The shapes by which the graph is checked", _RDF, "406", has_page=True)},
        "/graphs": {"get": _graphs(), **{method: _forbidden(method) for method in ("put", "post", "patch", "delete")}},
        "/dumps/{name}": {"get": _dumps()},
        "/id/{kind}/{slug}": {"get": _things()},
        "/healthz": {"get": _plain("alive", "The process lives", (JSON,))},
        "/readyz": {"get": _plain("ready", "The graph answers", (JSON,), "503")},
    }


def _plain(name: str, summary: str, types: tuple[MediaType, ...], *problems: str, has_page: bool = False) -> Document:
    told = parts.responses(types, summary, "405", *problems)
    if has_page:
        told["303"] = {"description": "A browser is led to a page.", "headers": parts.LOCATION}
    return {"operationId": name, "summary": summary, "responses": told}


def _graphs() -> Document:
    graph = {"name": "graph", "in": "query", "description": "IRI of a graph", "schema": {"type": "string"}}
    default = {
        "name": "default",
        "in": "query",
        "description": "All graphs as one, without a value",
        "allowEmptyValue": True,
        "schema": {"type": "string"},
    }
    return {
        "operationId": "graphs",
        "summary": "Graph Store Protocol, read-only: one graph, by ?default or ?graph=",
        "parameters": [default, graph],
        "responses": parts.responses(
            (*GRAPH_TYPES, HTML),
            "The graph; without one a list for people",
            "400",
            "403",
            "404",
            "405",
            "406",
            *_ENGINE,
        ),
    }


def _forbidden(method: str) -> Document:
    return {
        "operationId": f"graphs-{method}",
        "summary": "Forbidden: the graphs are read-only",
        "responses": parts.problems("403"),
    }


def _dumps() -> Document:
    from dialogiverkko.graph.dumps import NAME, formats

    names = [f"{NAME}.{each.suffix}" for each in formats()]
    name = parts.in_path("name", "Which file", [*names, "SHA256SUMS"])
    told = parts.responses((TURTLE,), "The file", "404", "405")
    told["200"]["content"] = {"*/*": {}}
    return {"operationId": "dump", "summary": "The whole graph", "parameters": [name], "responses": told}


def _things() -> Document:
    slug = {"type": "string", "pattern": "^[a-z0-9-]+$", "examples": ["om"]}
    told = parts.problems("404", "405", "406")
    told["303"] = {"description": "To the page or the data of the thing, by Accept.", "headers": parts.LOCATION}
    return {
        "operationId": "thing",
        "summary": "A thing of the graph by its IRI",
        "parameters": [
            {"name": "kind", "in": "path", "required": True, "schema": slug | {"examples": ["org"]}},
            {"name": "slug", "in": "path", "required": True, "schema": slug},
        ],
        "responses": told,
    }
