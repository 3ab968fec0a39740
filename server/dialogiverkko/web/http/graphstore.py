"""The Graph Store HTTP Protocol, for reading: ``/graphs?default`` and ``/graphs?graph=IRI``.

https://www.w3.org/TR/sparql11-http-rdf-update/#http-get
"""

from urllib.parse import quote

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _
from pyoxigraph import NamedNode

from dialogiverkko.errors import MalformedRequestError, NotFoundError, UpdateForbiddenError
from dialogiverkko.media import GRAPH_TYPES
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Dataset, Question
from dialogiverkko.web.http import listing, protocol
from dialogiverkko.web.http.representation import BY_TYPE, chosen, entity_tag, is_for_people, represent
from dialogiverkko.web.services import Services

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def blueprint(services: Services) -> Blueprint:
    """Make the route."""
    routes = Blueprint("graphstore", __name__)

    @routes.route("/graphs", methods=["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"])
    def graphs() -> Response:
        if request.method not in ("GET", "HEAD"):
            raise UpdateForbiddenError("The graphs are read-only.")
        pairs = protocol.query_string(request)
        if not any(name in ("graph", "default") for name, _value in pairs) and is_for_people(*GRAPH_TYPES):
            return _index(services)
        return _graph(services, _asked(pairs), next((value for key, value in pairs if key == "format"), ""))

    return routes


def _index(services: Services) -> Response:
    """List the graphs for people; a program without a graph is told to name one."""
    rows = [("/graphs?default", _("All graphs as one"), [len(services.snapshot.merged)])]
    rows += [
        (f"/graphs?graph={quote(name, safe='')}", name, [services.snapshot.counts.get(name, 0)])
        for name in sorted(services.backend.graph_names)
    ]
    return listing.page(services, _("Named graphs"), (_("Graph"), _("Statements")), rows)


def _asked(pairs: protocol.Pairs) -> str | None:
    graphs = [value for key, value in pairs if key == "graph"]
    defaults = [key for key, _value in pairs if key == "default"]
    if len(graphs) + len(defaults) != 1:
        raise MalformedRequestError("Name one graph: ?default, or ?graph= and its IRI.")
    if not graphs:
        return None
    try:
        NamedNode(graphs[0])
    except ValueError as error:
        raise MalformedRequestError("'graph' must be an absolute IRI.") from error
    return graphs[0]


def _graph(services: Services, graph: str | None, suffix: str) -> Response:
    if graph is not None and graph not in services.backend.graph_names:
        raise NotFoundError("There is no graph of that name.", known=sorted(services.backend.graph_names))
    media_type = chosen(GRAPH_TYPES, suffix)
    dataset = Dataset() if graph is None else Dataset(default_graphs=(graph,))
    result = services.backend.query(Question(parse(_ALL), media_type, services.limits, dataset))
    tag = entity_tag(services.snapshot.digest, graph or "", media_type.name, result.digest)
    return represent(services, result.body, media_type, vary=BY_TYPE, tag=tag)
