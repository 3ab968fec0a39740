"""The collaboration network as data: ``/collaboration.json``, ``.graphml``, ``.gexf`` and ``.csv``."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

import networkx as nx
from flask import Blueprint, Response, request

from dialogiverkko.errors import BadParameterError, NotFoundError
from dialogiverkko.media import CSV, JSON
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.network import chains, contexts, exports
from dialogiverkko.network.links import STRENGTHS, Network, Selection, load, select
from dialogiverkko.network.measures import centralities, communities, components
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.headers import nearest

BASES = ("explicit", "implied-by-heading", "inherited", "external")
STATUSES = ("realised", "ongoing", "planned", "aspired", "unstated")
PARTS = ("edges", "nodes")
FIELDS = ("strength", "basis", "status", "method", "begin", "end", "lang", "part", "from", "to")


@dataclass(frozen=True)
class Request:
    """What the address asks of the network."""

    selection: Selection
    language: str
    part: str
    start: str
    goal: str


def reader(saved: SavedQueries) -> Callable[[], Network]:
    """Return a function that reads the network at its first call and keeps it: the graph does not change."""
    return lru_cache(maxsize=1)(lambda: load(saved))


def blueprint(saved: SavedQueries, network: Callable[[], Network]) -> Blueprint:
    """Make the routes of the exports."""
    routes = Blueprint("collaboration", __name__)

    @routes.get("/collaboration.<suffix>")
    def export(suffix: str) -> Response:
        by_suffix = {media_type.suffix: media_type for media_type in exports.TYPES}
        if suffix not in by_suffix:
            offered = ", ".join(sorted(by_suffix))
            raise NotFoundError(f"The network has no '.{suffix[:20]}'. There are {offered}.")
        return _export(saved, network(), by_suffix[suffix].suffix)

    return routes


def _export(saved: SavedQueries, network: Network, suffix: str) -> Response:
    media_type = next(item for item in exports.TYPES if item.suffix == suffix)
    asked = read_request()
    chosen = select(network, asked.selection)
    if media_type == JSON:
        found = document(chosen, asked)
        found["knownOnlyByKind"] = [asdict(item) for item in contexts.unnamed(saved, asked.language)]
        found["contexts"] = nx.node_link_data(contexts.bipartite(saved, asked.language), edges="links")
        body = json.dumps(found, ensure_ascii=False, indent=1).encode()
    else:
        body = exports.write(chosen, media_type, asked.language, part=asked.part)
    response = Response(body, content_type=media_type.content_type)
    response.headers["Dialogiverkko-Version"] = network.release.version
    response.headers["Dialogiverkko-Digest"] = network.release.digest
    response.headers["Content-Language"] = asked.language
    if media_type == CSV:
        response.headers["Content-Disposition"] = f"inline; filename=collaboration-{asked.part}.csv"
    response.add_etag()
    response.make_conditional(request)
    return response


def read_request() -> Request:
    """Read the query string; raises BadParameterError with what is allowed and the nearest to it."""
    for name in request.args:
        if name not in FIELDS:
            near = nearest(name, list(FIELDS))
            raise BadParameterError(
                f"There is no parameter '{name[:60]}', but '{near}'. Allowed: {', '.join(FIELDS)}.",
                parameter=name[:60],
                allowed=list(FIELDS),
                nearest=near,
            )
    selection = Selection(
        strengths=_several("strength", STRENGTHS),
        bases=_several("basis", BASES),
        statuses=_several("status", STATUSES),
        methods=tuple(value for value in request.args.getlist("method") if value),
        begin=_day("begin"),
        end=_day("end"),
    )
    return Request(
        selection,
        language=_one("lang", LANGUAGES),
        part=_one("part", PARTS),
        start=request.args.get("from", ""),
        goal=request.args.get("to", ""),
    )


def _several(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    parameter = Parameter(name, ParameterType.CHOICE, choices=allowed, many=True)
    given = [part for value in request.args.getlist(name) for part in value.split(",") if part]
    return tuple(dict.fromkeys(parameter.term(value).value for value in given))


def _one(name: str, allowed: tuple[str, ...]) -> str:
    value = request.args.get(name, "")
    return Parameter(name, ParameterType.CHOICE, choices=allowed).term(value).value if value else allowed[0]


def _day(name: str) -> str:
    value = request.args.get(name, "")
    return Parameter(name, ParameterType.DATE).term(value).value if value else ""


def document(network: Network, asked: Request) -> dict[str, object]:
    """Return the network as node-link JSON, with its measures and, where asked for, a chain told."""
    found: dict[str, object] = json.loads(exports.write(network, JSON, asked.language))
    found["measures"] = {
        "centralities": [asdict(item) for item in centralities(network)],
        "components": components(network),
        "communities": communities(network),
    }
    if asked.start and asked.goal:
        found["chains"] = told(network, network.find(asked.start), network.find(asked.goal), asked.language)
    return found


def told(network: Network, start: str, goal: str, language: str) -> dict[str, object]:
    """Tell the shortest and the strongest chain between two organisations."""
    found: dict[str, object] = {}
    for name, search in (("shortest", chains.shortest), ("strongest", chains.strongest)):
        chain = search(network, start, goal)
        found[name] = {
            "organisations": list(chain.organisations) if chain else [],
            "sentences": chains.told(network, chain, start, goal, language),
        }
    return found
