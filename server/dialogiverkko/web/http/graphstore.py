"""The Graph Store HTTP Protocol, for reading: ``/graphs?default`` and ``/graphs?graph=IRI``.

https://www.w3.org/TR/sparql11-http-rdf-update/#http-get
"""

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from dialogiverkko.errors import MalformedRequestError, NotFoundError, UpdateForbiddenError
from dialogiverkko.media import GRAPH_TYPES
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Dataset
from dialogiverkko.web.http import protocol
from dialogiverkko.web.http.endpoint import chosen, entity_tag, representation
from dialogiverkko.web.services import client_gone, services

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def blueprint() -> Blueprint:
    """Make the route."""
    routes = Blueprint("graphstore", __name__)

    @routes.route("/graphs", methods=["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"])
    def graphs() -> Response:
        if request.method not in ("GET", "HEAD"):
            raise UpdateForbiddenError("The graphs are read-only.")
        pairs = protocol.query_string(request)
        return _graph(_asked(pairs), next((value for key, value in pairs if key == "format"), ""))

    return routes


def _asked(pairs: protocol.Pairs) -> str | None:
    graphs = [value for key, value in pairs if key == "graph"]
    defaults = [key for key, _ in pairs if key == "default"]
    if len(graphs) + len(defaults) != 1:
        raise MalformedRequestError("Name one graph: ?default, or ?graph= and its IRI.")
    if not graphs:
        return None
    try:
        NamedNode(graphs[0])
    except ValueError as error:
        raise MalformedRequestError("'graph' is an absolute IRI.") from error
    return graphs[0]


def _graph(graph: str | None, suffix: str) -> Response:
    use = services()
    if graph is not None and graph not in use.backend.graph_names:
        raise NotFoundError("There is no graph of that name.", known=sorted(use.backend.graph_names))
    media_type = chosen(GRAPH_TYPES, suffix)
    dataset = Dataset() if graph is None else Dataset(default_graphs=(graph,))
    result = use.backend.query(
        parse(_ALL), media_type=media_type, limits=use.limits, dataset=dataset, cancelled=client_gone()
    )
    tag = entity_tag(use.snapshot.digest, graph or "", media_type.name, result.digest)
    return representation(use, result.body, media_type, tag)
