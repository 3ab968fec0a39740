"""The collaboration network as data: ``/collaboration.json``, ``.graphml``, ``.gexf`` and ``.csv``."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace

import networkx as nx
from flask import Blueprint, Response, request

from dialogiverkko.errors import NotFoundError
from dialogiverkko.media import CSV, JSON
from dialogiverkko.network import asked as asking
from dialogiverkko.network import chains, contexts, exports
from dialogiverkko.network.links import Network
from dialogiverkko.network.measures import bridges, centralities, communities, components, growth
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.web.languages import preferred


def blueprint(saved: SavedQueries, network: Callable[[], Network], default_language: str = "fi") -> Blueprint:
    """Make the routes of the exports."""
    routes = Blueprint("collaboration", __name__)

    @routes.get("/collaboration.<suffix>")
    def export(suffix: str) -> Response:
        by_suffix = {media_type.suffix: media_type for media_type in exports.TYPES}
        if suffix not in by_suffix:
            offered = ", ".join(sorted(by_suffix))
            raise NotFoundError(f"The network has no '.{suffix[:20]}'. There are {offered}.")
        asked = asking.read_request(request.args.items(multi=True), saved)
        asked = replace(asked, language=asked.language or preferred(default_language))
        return _export(saved, network(), by_suffix[suffix].suffix, asked)

    return routes


def _export(saved: SavedQueries, network: Network, suffix: str, asked: asking.Request) -> Response:
    media_type = next(item for item in exports.TYPES if item.suffix == suffix)
    chosen = asked.of(network)
    if media_type == JSON:
        found = document(chosen, asked)
        found["knownOnlyByKind"] = [asdict(item) for item in contexts.unnamed(saved, asked.language)]
        found["contexts"] = nx.node_link_data(contexts.bipartite(saved, asked.language), edges="edges")
        body = json.dumps(found, ensure_ascii=False, indent=1).encode()
    else:
        body = exports.write_network(chosen, media_type, asked.language, part=asked.part)
    response = Response(body, content_type=media_type.content_type)
    response.headers["Dialogiverkko-Version"] = network.release.version
    response.headers["Dialogiverkko-Digest"] = network.release.digest
    response.headers["Content-Language"] = asked.language
    response.headers["Cache-Control"] = "public, max-age=60, must-revalidate"
    response.vary.add("Accept-Language")
    if media_type == CSV:
        response.headers["Content-Disposition"] = f"inline; filename=collaboration-{asked.part}.csv"
    response.add_etag()
    response.make_conditional(request)
    return response


def document(network: Network, asked: asking.Request) -> dict[str, object]:
    """Return the network as node-link JSON, with its measures and, where asked for, a chain told."""
    found: dict[str, object] = json.loads(exports.write_network(network, JSON, asked.language))
    found["measures"] = {
        "centralities": [asdict(item) for item in centralities(network)],
        "components": components(network),
        "communities": communities(network),
        "bridges": [asdict(item) for item in bridges(network)],
        "growth": [
            {
                "year": item.year,
                "links": item.links,
                "newPairs": [{"ends": link.ends, "link": link.iri} for link in item.pairs],
                "newOrganisations": item.organisations,
            }
            for item in growth(network)
        ],
    }
    if asked.start and asked.goal:
        found["chains"] = chain_document(network, asked.start, asked.goal, asked.language)
    return found


def chain_document(network: Network, start: str, goal: str, language: str) -> dict[str, object]:
    """Return the shortest and the strongest chain between two organisations."""
    found: dict[str, object] = {}
    for name, search in (("shortest", chains.shortest), ("strongest", chains.strongest)):
        chain = search(network, start, goal)
        found[name] = {
            "organisations": list(chain.organisations) if chain else [],
            "sentences": chains.chain_sentences(network, chain, start, goal, language),
        }
    return found
