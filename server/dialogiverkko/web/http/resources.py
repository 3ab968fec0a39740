"""Dereferencing: every IRI of ours answers 303 to its page or its data.

The data tell the thing, who points at it, what everything named is called, and on what words it rests.
"""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from pyoxigraph import NamedNode, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotFoundError
from dialogiverkko.graph import owl
from dialogiverkko.graph.releases import Published
from dialogiverkko.media import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, MediaType, negotiate
from dialogiverkko.namespaces import BASE, FOAF, GRAPH_ONTOLOGY, RDF_TYPE
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Question
from dialogiverkko.sparql.results import write_graph
from dialogiverkko.spelling import cut
from dialogiverkko.web.http import memento
from dialogiverkko.web.http.representation import (
    BY_TYPE,
    FIVE_MINUTES,
    chosen,
    entity_tag,
    is_for_people,
    represent,
    see_other,
    version_asked,
)
from dialogiverkko.web.services import Services, root_address

TYPES = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
SPACES = ("id", "vocab", "src", "graph")
_ELSEWHERE = frozenset(("", "ns", "catalogue", "dataset", "shapes", "sparql", "queries"))
"""Names of things that have a route of their own."""
_SUFFIXES = {media_type.suffix: media_type for media_type in TYPES}
_DOCUMENT = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT {
  ?thing ?p ?o . ?s ?q ?thing . ?part ?partP ?partO .
  ?named ?label ?name . ?passage ?pp ?po . ?selector ?sp ?so .
}
WHERE {
  { ?thing ?p ?o }
  UNION { ?s ?q ?thing }
  UNION { ?thing ?out ?part . FILTER(STRSTARTS(STR(?part), CONCAT(STR(?thing), "/"))) ?part ?partP ?partO }
  UNION { VALUES ?label { skos:prefLabel rdfs:label }
          { ?thing ?p2 ?named } UNION { ?named ?q2 ?thing } ?named ?label ?name }
  UNION { ?thing dlg:isEvidencedBy ?passage . ?passage ?pp ?po . FILTER(?pp != dlg:mentions) }
  UNION { ?thing dlg:isEvidencedBy/oa:hasSelector ?selector . ?selector ?sp ?so }
}
"""


def blueprint(services: Services) -> Blueprint:
    """Make the routes of every IRI space of ours: of those meant for things, and of those that some thing lies in."""
    routes = Blueprint("resources", __name__)
    local = services.mapped.spaces
    for space in sorted({name.removesuffix("/") for name in local if name.endswith("/")} | set(SPACES)):
        routes.add_url_rule(f"/{space}/<path:name>", f"space_{space}", _redirecting(services, f"{space}/"))
    for name in sorted({name for name in local if not name.endswith("/")} - _ELSEWHERE):
        routes.add_url_rule(f"/{name}", f"single_{name}", _redirecting(services, name))

    @routes.get("/data/<path:name>")
    def data_of_thing(name: str) -> Response:
        return _respond(services, name)

    @routes.get("/ns")
    @routes.get("/ns/<path:rest>")
    def ontology(rest: str = "") -> AnyResponse:
        del rest
        return _see_other(services, "ns")

    @routes.get("/data/ns")
    @routes.get("/data/ns.<suffix>")
    def ontology_data(suffix: str = "") -> AnyResponse:
        return _ontology(services, suffix)

    @routes.get("/dataset")
    def dataset() -> AnyResponse:
        return see_other("/page/dataset" if is_for_people(*TYPES) else "/catalogue", BY_TYPE)

    return routes


def _redirecting(services: Services, start: str) -> Callable[..., AnyResponse]:
    def view(name: str = "") -> AnyResponse:
        return _see_other(services, start + name)

    return view


def _see_other(services: Services, local: str) -> AnyResponse:
    suffix = ""
    if local != "ns" and not _exists(services, BASE + local):
        stem, media_type = _split(local)
        if media_type is None or not _exists(services, BASE + stem):
            raise NotFoundError(f"Nothing has the IRI <{BASE}{cut(local, 200)}>.")
        local, suffix = stem, f".{media_type.suffix}"
    offered = (*TYPES, HTML) if "pages" in current_app.blueprints else TYPES
    wanted = version_asked()
    if services.releases.find(wanted) is not None:  # no page is kept of the past, but the data are
        response = see_other(f"{_address('data', local, suffix)}?version={quote(wanted)}", BY_TYPE)
        memento.say(response, local)
        return response
    is_page = not suffix and negotiate(request.headers.get("Accept"), offered) is HTML
    response = see_other(_address("page" if is_page else "data", local, suffix), BY_TYPE)
    response.headers["Cache-Control"] = "public, max-age=300"
    if local.startswith(memento.SPACES):
        memento.say(response, local)
    return response


def _address(face: str, local: str, suffix: str = "") -> str:
    """Write the address of one face of a thing, its name percent-encoded."""
    return f"/{face}/{quote(local.removeprefix('id/'))}{suffix}"


def _exists(services: Services, iri: str) -> bool:
    return iri.startswith(BASE) and iri in services.mapped


def _split(local: str) -> tuple[str, MediaType | None]:
    stem, dot, suffix = local.rpartition(".")
    if dot and suffix in _SUFFIXES:
        return stem, _SUFFIXES[suffix]
    return local, None


def _named(services: Services, published: Published | None, name: str) -> tuple[str, MediaType | None]:
    """Find the thing that a name of data means, with or without ``id/`` and a suffix, now or in a release."""
    stem, media_type = _split(name)
    meant = {
        BASE + start + local: (start + local, chosen_type)
        for local, chosen_type in ((name, None), (stem, media_type))
        for start in ("id/", "")
    }
    found = published.first_of(meant) if published else next((iri for iri in meant if _exists(services, iri)), "")
    if not found:
        says = f"Release {published.version} says nothing of" if published else "Nothing has the IRI"
        raise NotFoundError(f"{says} <{BASE}id/{cut(name, 200)}>.")
    return meant[found]


def _respond(services: Services, name: str) -> Response:
    published = services.releases.find(version_asked())
    local, media_type = _named(services, published, name)
    media_type = media_type or chosen(TYPES, request.args.get("format", ""))
    iri = BASE + local
    backend = services.releases.backend(published) if published else services.backend
    asked = Question(parse(_DOCUMENT), N_TRIPLES, services.limits, bindings={"thing": NamedNode(iri)})
    triples = [quad.triple for quad in parse_rdf(backend.query(asked).body, RdfFormat.N_TRIPLES)]
    triples.sort(key=partial(_place, iri))
    triples.append(_described_by(iri, root_address(services.settings.base_address), local))
    body = write_graph(
        triples,
        media_type,
        rows=services.limits.rows,
        result_bytes=services.limits.result_bytes,
        prefixes=services.snapshot.prefixes,
        context=services.context,
    ).body
    past = services.of_version(version_asked())
    tag = entity_tag(past.saved.release.digest, iri, media_type.name, sha256(body).hexdigest())
    response = represent(past, body, media_type, vary=BY_TYPE, tag=tag)
    memento.say(response, f"data/{name}", published)
    response.headers.add("Link", f'<{quote(iri, safe=":/#")}>; rel="describes"')
    if "pages" in current_app.blueprints:
        response.headers.add("Link", f'<{_address("page", local)}>; rel="alternate"; type="text/html"')
    for other in TYPES:
        address = _address("data", local, f".{other.suffix}")
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{other.name}"')
    response.headers.add("Link", '</.well-known/void>; rel="describedby"')
    return response


def _place(iri: str, triple: Triple) -> tuple[bool, str, bool, str, str]:
    """Return what orders the triples of a document, whichever engine answers: what it describes stands first."""
    subject, predicate = str(triple.subject), triple.predicate.value
    return subject != f"<{iri}>", subject, predicate != RDF_TYPE, predicate, str(triple.object)


def _described_by(iri: str, root: str, local: str) -> Triple:
    document = NamedNode(f"{root}data/{local.removeprefix('id/')}")
    return Triple(document, NamedNode(FOAF + "primaryTopic"), NamedNode(iri))


def _ontology(services: Services, suffix: str) -> AnyResponse:
    media_type = _SUFFIXES.get(suffix) or chosen(TYPES, suffix or request.args.get("format", ""))
    terms = owl.document(services.snapshot.graphs[GRAPH_ONTOLOGY])
    body = write_graph(
        terms, media_type, rows=services.limits.rows, result_bytes=services.limits.result_bytes,
        prefixes=services.snapshot.prefixes, context=services.context,
    ).body  # fmt: skip
    return represent(services, body, media_type, vary=BY_TYPE, seconds=FIVE_MINUTES)
