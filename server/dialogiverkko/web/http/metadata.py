"""Descriptions of the service: service description, VoID, DCAT-AP catalogue, dumps with checksums."""

import base64
from collections.abc import Callable

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotFoundError
from dialogiverkko.graph import dcat
from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.graph.describe import checksums
from dialogiverkko.graph.dumps import NAME
from dialogiverkko.media import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, MediaType
from dialogiverkko.namespaces import BASE, GRAPH_CATALOGUE, GRAPH_QUERIES, GRAPH_SHAPES, RDF_TYPE, RDFS, XSD
from dialogiverkko.sparql.departures import DEPARTURES
from dialogiverkko.sparql.results import write_graph
from dialogiverkko.spelling import cut
from dialogiverkko.web.http import listing
from dialogiverkko.web.http.representation import BY_TYPE, FIVE_MINUTES, chosen, is_for_people, represent, see_other
from dialogiverkko.web.services import Services, root_address

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
TYPES = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip

Node = NamedNode | Literal | BlankNode


def service_description(services: Services, root: str) -> list[Triple]:
    """Describe the endpoint by the W3C Recommendation SPARQL 1.1 Service Description."""
    service, dataset, default = (
        NamedNode(f"{root}sparql"),
        NamedNode(DATASET),
        NamedNode(f"{DATASET}/default-graph"),
    )
    said: list[tuple[Node, str, Node]] = [
        (service, RDF_TYPE, NamedNode(SD + "Service")),
        (service, SD + "endpoint", service),
        (service, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        (service, SD + "defaultDataset", dataset),
        (dataset, RDF_TYPE, NamedNode(SD + "Dataset")),
        (dataset, SD + "defaultGraph", default),
        (default, RDF_TYPE, NamedNode(SD + "Graph")),
        (default, "http://rdfs.org/ns/void#triples", _number(len(services.snapshot.merged))),
    ]
    said += [(service, SD + "resultFormat", NamedNode(FORMATS + name)) for name in _RESULT_FORMATS]
    comment = RDFS + "comment"
    said += [(service, comment, Literal(each.sentence, language="en")) for each in DEPARTURES]
    if services.settings.service_allow:
        said.append((service, SD + "feature", NamedNode(SD + "BasicFederatedQuery")))
    for name in sorted(services.backend.graph_names):
        entry = NamedNode(f"{DATASET}/named-graph/{name.removeprefix(BASE)}")
        said += [
            (dataset, SD + "namedGraph", entry),
            (entry, RDF_TYPE, NamedNode(SD + "NamedGraph")),
            (entry, SD + "name", NamedNode(name)),
            (entry, SD + "graph", NamedNode(name)),
            (NamedNode(name), RDF_TYPE, NamedNode(SD + "Graph")),
            (NamedNode(name), "http://rdfs.org/ns/void#triples", _number(services.snapshot.counts.get(name, 0))),
        ]
    return [Triple(s, NamedNode(p), o) for s, p, o in said]  # type: ignore[arg-type]  # subjects are IRIs here


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def write_description(services: Services, media_type: MediaType) -> bytes:
    """Write the service description in a type."""
    return _written(service_description(services, root_address(services.settings.base_address)), media_type, services)


def _written(triples: list[Triple], media_type: MediaType, services: Services) -> bytes:
    limits = services.limits
    prefixes = services.snapshot.prefixes
    return write_graph(
        triples,
        media_type,
        rows=limits.rows,
        result_bytes=limits.result_bytes,
        prefixes=prefixes,
        context=services.context,
    ).body


def blueprint(services: Services) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("metadata", __name__)
    _add_descriptions(routes, services)
    _add_files(routes, services)
    return routes


def _add_descriptions(routes: Blueprint, services: Services) -> None:
    """Add what the graph says of itself: RDF for programs, a page for people."""

    @routes.get("/.well-known/void")
    @routes.get("/void")
    def void() -> AnyResponse:
        if is_for_people(*TYPES):
            return see_other("/page/dataset", BY_TYPE)
        return _document(services, lambda: list(services.snapshot.graphs[GRAPH_CATALOGUE]))

    @routes.get("/catalogue")
    def catalogue() -> AnyResponse:
        if is_for_people(*TYPES):
            return see_other("/page/catalogue", BY_TYPE)
        return _document(services, lambda: _catalogue(services))

    @routes.get("/.well-known/sparql-examples")
    def examples() -> AnyResponse:
        if is_for_people(*TYPES):
            return see_other("/queries", BY_TYPE)
        return _document(services, lambda: list(services.snapshot.graphs.get(GRAPH_QUERIES, ())))

    @routes.get("/shapes")
    @routes.get("/shapes/<version>")
    def shapes(version: str = "") -> AnyResponse:
        del version  # this copy holds one
        if is_for_people(*TYPES):
            return see_other("/page/shapes", BY_TYPE)
        return _document(services, lambda: list(services.snapshot.graphs.get(GRAPH_SHAPES, ())))


def _add_files(routes: Blueprint, services: Services) -> None:
    """Add the downloads, and the file that crawlers read first."""

    @routes.get("/context.jsonld")
    def context() -> AnyResponse:
        return represent(services, services.written_context, JSON_LD, seconds=FIVE_MINUTES)

    @routes.get("/dumps/<name>")
    def dump(name: str) -> AnyResponse:
        return _dump(services, name)

    @routes.get("/dumps")
    def files() -> AnyResponse:
        if is_for_people(TURTLE):
            return _files(services)
        return see_other(f"/dumps/{NAME}.ttl", BY_TYPE)

    @routes.get("/robots.txt")
    def robots() -> Response:
        sitemap = f"{root_address(services.settings.base_address)}sitemap.xml"
        body = f"User-agent: *\nDisallow: /sparql\nDisallow: /metrics\n\nSitemap: {sitemap}\n"
        return Response(body, content_type="text/plain; charset=utf-8")


def _catalogue(services: Services) -> list[Triple]:
    """Gather the catalogue, what no dump can say of itself, and the classes of what is pointed at."""
    stated = [*services.snapshot.graphs[GRAPH_CATALOGUE], *checksums(services.dumps.values())]
    return [*stated, *dcat.ranges(stated)]


def _files(services: Services) -> Response:
    rows: list[listing.Line] = [
        (f"/dumps/{d.name}", d.name, [d.media_type.label, d.size, d.sha256]) for d in services.dumps.values()
    ]
    rows.append(("/dumps/SHA256SUMS", "SHA256SUMS", ["", "", ""]))
    headings = (_("File"), _("Format"), _("Size"), "SHA-256")
    return listing.page(services, _("Downloads"), headings, rows)


def _dump(services: Services, name: str) -> AnyResponse:
    files = services.dumps
    if name == "SHA256SUMS":
        return Response("".join(f"{d.sha256}  {d.name}\n" for d in files.values()), content_type="text/plain")
    if name not in files:
        raise NotFoundError(f"There is no dump '{cut(name)}'.", known=[*files, "SHA256SUMS"])
    found = files[name]
    response = represent(services, found.body, found.media_type, seconds=FIVE_MINUTES, tag=found.sha256)
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(found.sha256)}:"
    return response


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _document(services: Services, triples: Callable[[], list[Triple]]) -> AnyResponse:
    media_type = chosen(TYPES, request.args.get("format", ""))
    body = _written(triples(), media_type, services)
    return represent(services, body, media_type, vary=BY_TYPE, seconds=FIVE_MINUTES)
