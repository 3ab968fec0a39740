"""The SPARQL endpoint: reads the request, asks the engine under limits, answers what was negotiated."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request
from pyoxigraph import NamedNode, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf
from werkzeug.http import http_date
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.engines.dataset import nearest_graph, unknown_graphs
from dialogiverkko.errors import NotAcceptableError
from dialogiverkko.media import HTML, JSON_LD, N_TRIPLES, RDF_XML, RESULTS_JSON, TURTLE, MediaType, by_format, negotiate
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import TextLimits, parse
from dialogiverkko.sparql.query import ParsedQuery, QueryKind, Question, Result
from dialogiverkko.sparql.results import types_for, write_graph
from dialogiverkko.web.http import answer_page, protocol
from dialogiverkko.web.services import Services, current_services, root_address

DESCRIPTION_TYPES = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, HTML)
_TOLD = 5
_MOST_OF_A_NAME = 200
_PLAIN = " !#$&'()*+,/:;<=>?@[]~%"
METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


def blueprint(describe: Callable[[MediaType], bytes]) -> Blueprint:
    """Make the route; ``describe`` writes the service description in a type."""
    routes = Blueprint("endpoint", __name__, template_folder="../templates")

    @routes.route("/sparql", methods=METHODS)
    def sparql() -> AnyResponse:
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": ", ".join(METHODS)})
        asked = protocol.read_request(request, current_services().settings)
        if asked.names_language:
            answer_page.language_of(current_services().settings.default_language)  # what is no language of ours is told
        if asked.query is None:
            return _description(describe)
        return _answer(current_services(), asked)

    return routes


def _offers(kind: QueryKind) -> tuple[MediaType, ...]:
    return (*types_for(kind), HTML)


def chosen(offered: Sequence[MediaType], *formats: str) -> MediaType:
    """Choose the media type: the first known of ``formats`` wins over Accept.

    Some clients name a format twice, once by its short name and once by its media type.
    Raises NotAcceptableError that lists what is offered.
    """
    names = [media_type.name for media_type in offered]
    wanted = [each.strip() for each in formats if each.strip()]
    if wanted:
        found = next((m for m in (by_format(each, offered) for each in wanted) if m), None)
        if found is None:
            raise NotAcceptableError(
                f"There is no format '{wanted[0][:40]}' of this answer. "
                f"There are {', '.join(m.suffix for m in offered)}.",
                offered=names,
            )
        return found
    accept = request.headers.get("Accept")
    media_type = negotiate(accept, offered)
    if media_type is None:
        raise NotAcceptableError(
            f"None of the types in Accept is on offer. There are {', '.join(names)}.", offered=names
        )
    return media_type


def _description(describe: Callable[[MediaType], bytes]) -> AnyResponse:
    media_type = chosen(DESCRIPTION_TYPES, request.args.get("format", ""))
    if media_type is HTML:
        to_editor = redirect(f"/{answer_page.language_of(current_services().settings.default_language)}/sparql", 303)
        to_editor.headers["Vary"] = "Accept, Accept-Language"
        return to_editor
    response = Response(describe(media_type), content_type=media_type.content_type)
    response.headers["Vary"] = "Accept"
    response.add_etag()
    return response


def entity_tag(*parts: str) -> str:
    """Name one representation by the graph, by what was asked, in which form, and by its bytes.

    The bytes are there because unordered rows come in another order from one process to the next: a
    strong tag (RFC 9110, 8.8.1) names one sequence of bytes, and the question does not decide it.
    """
    return sha256("\x00".join(parts).encode()).hexdigest()[:40]


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
        near = nearest_graph(graph, known)
        told.append(f"no graph <{graph[:_MOST_OF_A_NAME]}>" + (f", nearest <{near}>" if near else ""))
    more = [f"and {len(unknown) - _TOLD} more"] if len(unknown) > _TOLD else []
    return quote("; ".join([*told, *more]), safe=_PLAIN)


def _document(services: Services, asked: protocol.QueryRequest, parsed: ParsedQuery, result: Result) -> Response:
    """Answer with the bytes of a format."""
    media_type = result.media_type
    if not parsed.is_deterministic:
        return decorate(Response(result.body, content_type=media_type.content_type), services, None)
    dataset = f"{asked.dataset.default_graphs}{asked.dataset.named_graphs}"
    tag = entity_tag(services.snapshot.digest, parsed.text, dataset, media_type.name, result.digest)
    return representation(services, result.body, media_type, tag)


def _page(
    services: Services, asked: protocol.QueryRequest, parsed: ParsedQuery, result: Result, unknown: Sequence[str]
) -> Response:
    """Answer with a page in the reader's language."""
    language = answer_page.language_of(services.settings.default_language)
    absent = [(graph, nearest_graph(graph, services.backend.graph_names)) for graph in unknown[:_TOLD]]
    body = answer_page.render(asked.query or "", parsed, result, services.snapshot.prefixes, language, absent).encode()
    if parsed.is_deterministic:
        response = representation(services, body, HTML, entity_tag(services.snapshot.digest, sha256(body).hexdigest()))
    else:
        response = decorate(Response(body, content_type=HTML.content_type), services, None)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language
    return response


def _result(services: Services, parsed: ParsedQuery, asked: protocol.QueryRequest, media_type: MediaType) -> Result:
    limits = services.limits
    if asked.timeout is not None and asked.timeout < limits.seconds:
        limits = replace(limits, seconds=asked.timeout)
    return services.backend.query(Question(parsed, media_type, limits, asked.dataset))


def representation(services: Services, body: bytes, media_type: MediaType, tag: str) -> Response:
    """Answer with bytes and the tag that names them; 304 where the client holds them, in whichever coding."""
    if "HTTP_IF_NONE_MATCH" in request.environ and request.method in ("GET", "HEAD"):
        known = request.if_none_match.as_set(include_weak=True)
        held = next((each for each in known if each.partition(":")[0] == tag), None)
        if held:
            return decorate(Response(status=304), services, held)
    return decorate(Response(body, content_type=media_type.content_type), services, tag)


def decorate(response: Response, services: Services, tag: str | None) -> Response:
    """Say how the answer may be kept and which graph gave it."""
    response.headers["Vary"] = "Accept"
    response.headers["Dialogiverkko-Version"] = services.saved.release.version
    response.headers["Dialogiverkko-Digest"] = services.snapshot.digest
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=60, must-revalidate"
    response.headers["Last-Modified"] = http_date(services.started)
    return response
