"""The collaboration network as data: ``/collaboration.json``, ``.graphml``, ``.gexf`` and ``.csv``."""

import json
from dataclasses import asdict, replace

from flask import Blueprint, Response, request

from dialogiverkko.media import CSV, JSON, MediaType
from dialogiverkko.network import asked as asking
from dialogiverkko.network import chains, contexts, exports
from dialogiverkko.network.later import nx
from dialogiverkko.network.links import Network
from dialogiverkko.network.measures import bridges, centralities, communities, components, growth
from dialogiverkko.web.http.representation import BY_LANGUAGE, chosen, language_of, represent
from dialogiverkko.web.services import Services


def blueprint(services: Services) -> Blueprint:
    """Make the routes of the exports."""
    routes = Blueprint("collaboration", __name__)

    @routes.get("/collaboration.<suffix>")
    def export(suffix: str) -> Response:
        media_type = chosen(exports.TYPES, suffix=suffix)
        asked = asking.read_request(request.args.items(multi=True), services.saved)
        asked = replace(asked, language=asked.language or language_of(services))
        return _export(services, media_type, asked)

    return routes


def _export(services: Services, media_type: MediaType, asked: asking.Request) -> Response:
    part = asked.of(services.network)
    if media_type == JSON:
        found = document(part, asked)
        found["knownOnlyByKind"] = [asdict(item) for item in contexts.unnamed(services.saved, asked.language)]
        found["contexts"] = nx.node_link_data(contexts.bipartite(services.saved, asked.language), edges="edges")
        body = json.dumps(found, ensure_ascii=False, indent=1).encode()
    else:
        body = exports.write_network(part, media_type, asked.language, part=asked.part)
    response = represent(services, body, media_type, language=asked.language, vary=BY_LANGUAGE)
    if media_type == CSV:
        response.headers["Content-Disposition"] = f"inline; filename=collaboration-{asked.part}.csv"
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
