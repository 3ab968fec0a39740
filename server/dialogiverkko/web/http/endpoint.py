"""The SPARQL endpoint: reads the request, asks the engine under limits, answers what was negotiated."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from urllib.parse import quote

from flask import Blueprint, Response, g, request
from pyoxigraph import NamedNode, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.engines.dataset import unknown_graphs
from dialogiverkko.media import HTML, JSON_LD, N_TRIPLES, RDF_XML, RESULTS_JSON, TURTLE, MediaType
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import TextLimits, parse
from dialogiverkko.sparql.query import ParsedQuery, QueryKind, Question, Result
from dialogiverkko.sparql.results import types_for, write_graph
from dialogiverkko.spelling import nearest
from dialogiverkko.web.http import answer_page, protocol, versions
from dialogiverkko.web.http.metadata import write_description
from dialogiverkko.web.http.representation import (
    BY_TYPE,
    BY_TYPE_AND_LANGUAGE,
    chosen,
    entity_tag,
    language_of,
    represent,
    represent_once,
    see_other,
)
from dialogiverkko.web.services import Services, root_address

DESCRIPTION_TYPES = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, HTML)
_NEAR_GRAPH = 0.8
_TOLD = 5
_MOST_OF_A_NAME = 200
_PLAIN = " !#$&'()*+,/:;<=>?@[]~%"
METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


def blueprint(services: Services) -> Blueprint:
    """Make the route of the endpoint."""
    routes = Blueprint("endpoint", __name__, template_folder="../templates")

    @routes.route("/sparql", methods=METHODS)
    def sparql() -> AnyResponse:
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": ", ".join(METHODS)})
        asked = protocol.read_request(request, services.settings)
        if asked.names_language:
            language_of(services)  # refuses what is no language of ours
        versions.require_present(services, asked.version)
        if asked.query is None:
            return _description(services)
        return _answer(services, asked)

    return routes


def _offers(kind: QueryKind) -> tuple[MediaType, ...]:
    return (*types_for(kind), HTML)


def _description(services: Services) -> AnyResponse:
    media_type = chosen(DESCRIPTION_TYPES, request.args.get("format", ""))
    if media_type is HTML:
        return see_other(f"/{language_of(services)}/sparql", BY_TYPE_AND_LANGUAGE)
    return represent(services, write_description(services, media_type), media_type, vary=BY_TYPE)


def _answer(services: Services, asked: protocol.QueryRequest) -> Response:
    settings = services.settings
    if settings.log_queries:
        g.query = asked.query
    text_limits = TextLimits(settings.query_length_limit, settings.query_depth_limit)
    parsed = parse(
        asked.query or "", limits=text_limits, known_prefixes=services.snapshot.prefixes, base=_base(settings)
    )
    media_type = chosen(_offers(parsed.kind), *asked.formats)
    wire_type = media_type
    if media_type is HTML:
        wire_type = RESULTS_JSON if RESULTS_JSON in types_for(parsed.kind) else TURTLE
    if media_type == JSON_LD:
        wire_type = N_TRIPLES
    result = _result(services, parsed, asked, wire_type)
    if media_type == JSON_LD:
        result = _with_context(services, result)
    unknown = unknown_graphs(parsed, asked.dataset, services.backend.graph_names)
    if media_type is HTML:
        response = _page(services, asked, parsed, result, unknown)
    else:
        response = _document(services, asked, parsed, result)
    if unknown:
        response.headers["Dialogiverkko-Notice"] = _notice(unknown, services.backend.graph_names)
    return response


def _with_context(services: Services, result: Result) -> Result:
    """Write a graph as JSON-LD with the context of the ontology, which the engine does not know."""
    triples = (
        Triple(each.subject, each.predicate, each.object) for each in parse_rdf(result.body, RdfFormat.N_TRIPLES)
    )
    rows, most = services.limits.rows, services.limits.result_bytes
    return write_graph(triples, JSON_LD, rows=rows, result_bytes=most, context=services.context)


def _base(settings: Settings) -> str:
    """Return what relative IRIs are resolved against: the public address of the endpoint."""
    address = f"{root_address(settings.base_address)}sparql"
    try:
        return NamedNode(address).value
    except ValueError:
        return ""


def _notice(unknown: Sequence[str], known: AbstractSet[str]) -> str:
    """Name the graphs that are not ours, and so are empty, each with the nearest that is."""
    told = []
    for graph in unknown[:_TOLD]:
        near = nearest(graph, known, _NEAR_GRAPH)
        told.append(f"no graph <{graph[:_MOST_OF_A_NAME]}>" + (f", nearest <{near}>" if near else ""))
    more = [f"and {len(unknown) - _TOLD} more"] if len(unknown) > _TOLD else []
    return quote("; ".join([*told, *more]), safe=_PLAIN)


def _document(services: Services, asked: protocol.QueryRequest, parsed: ParsedQuery, result: Result) -> Response:
    """Answer with the bytes of a format."""
    media_type = result.media_type
    if not parsed.is_deterministic:
        return represent_once(services, result.body, media_type, vary=BY_TYPE)
    dataset = f"{asked.dataset.default_graphs}{asked.dataset.named_graphs}"
    tag = entity_tag(services.snapshot.digest, parsed.text, dataset, media_type.name, result.digest)
    return represent(services, result.body, media_type, vary=BY_TYPE, tag=tag)


def _page(
    services: Services, asked: protocol.QueryRequest, parsed: ParsedQuery, result: Result, unknown: Sequence[str]
) -> Response:
    """Answer with a page in the reader's language."""
    language = language_of(services)
    absent = [(graph, nearest(graph, services.backend.graph_names, _NEAR_GRAPH)) for graph in unknown[:_TOLD]]
    body = answer_page.render(asked.query or "", parsed, result, services.snapshot.prefixes, language, absent).encode()
    answer = represent if parsed.is_deterministic else represent_once
    return answer(services, body, HTML, language=language, vary=BY_TYPE_AND_LANGUAGE)


def _result(services: Services, parsed: ParsedQuery, asked: protocol.QueryRequest, media_type: MediaType) -> Result:
    limits = services.limits
    if asked.timeout is not None and asked.timeout < limits.seconds:
        limits = replace(limits, seconds=asked.timeout)
    return services.backend.query(Question(parsed, media_type, limits, asked.dataset))
