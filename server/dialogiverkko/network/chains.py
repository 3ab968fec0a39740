"""Chains between two organisations, and the sentences that give them with their evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from dialogiverkko.network.later import nx
from dialogiverkko.network.links import STRENGTHS, Evidence, Link, Network
from dialogiverkko.network.measures import simple_graph

_COST = {strength: 10**rank for rank, strength in enumerate(STRENGTHS)}
"""Cost of a link in the strongest chain: one link is as dear as ten of the next stronger strength."""

_VERBS = {
    "fi": {
        "joint-organisation": "{a} ja {b} järjestävät tai koordinoivat yhdessä: {through}",
        "partnership": "{a} ja {b} ovat kumppaneita: {through}",
        "involvement": "{a} ja {b} ovat mukana samassa toiminnassa: {through}",
        "through-people": "{a} ja {b} ovat yhteydessä henkilöstön tai oppilaiden kautta: {through}",
        "membership": "{a} ja {b}: toinen on toisen jäsen ja kumpikin mukana samassa toiminnassa: {through}",
        "shared-context": "{a} ja {b} liittyvät samaan asiayhteyteen ilman yhteistä toimintaa: {through}",
    },
    "sv": {
        "joint-organisation": "{a} och {b} ordnar eller samordnar tillsammans: {through}",
        "partnership": "{a} och {b} är samarbetspartner: {through}",
        "involvement": "{a} och {b} medverkar i samma aktivitet: {through}",
        "through-people": "{a} och {b} är förbundna genom anställda eller elever: {through}",
        "membership": "{a} och {b}: den ena är medlem i den andra och båda medverkar i samma aktivitet: {through}",
        "shared-context": "{a} och {b} hör till samma sammanhang utan en gemensam aktivitet: {through}",
    },
    "en": {
        "joint-organisation": "{a} and {b} organise or coordinate together: {through}",
        "partnership": "{a} and {b} are partners: {through}",
        "involvement": "{a} and {b} are both involved in: {through}",
        "through-people": "{a} and {b} are linked through staff or students: {through}",
        "membership": "{a} and {b}: one is a member of the other, both are involved in the same activity: {through}",
        "shared-context": "{a} and {b} share a context, not an activity: {through}",
    },
}
_CAUTION = {
    "fi": "osin otsikosta päätelty",
    "sv": "delvis härlett ur rubriken",
    "en": "partly implied by the heading",
}
_LINE = {"fi": "rivi", "sv": "rad", "en": "line"}
_NO_CHAIN = {
    "fi": "{a} ja {b}: lähteestä ei löydy ketjua, joka yhdistäisi ne. Se ei tarkoita, ettei yhteyttä ole.",
    "sv": "{a} och {b}: källan ger ingen kedja som förenar dem. Det betyder inte att en förbindelse saknas.",
    "en": "{a} and {b}: the source gives no chain that joins them. That does not mean that there is none.",
}


@dataclass(frozen=True)
class Chain:
    """The organisations of a chain in order, and the links chosen between each two."""

    organisations: tuple[str, ...]
    links: tuple[tuple[Link, ...], ...]


def sentences(language: str) -> list[str]:
    """Return all that a chain is written with in a language, for those who check the words."""
    return [*_VERBS[language].values(), _CAUTION[language], _LINE[language], _NO_CHAIN[language]]


def shortest(network: Network, start: str, goal: str) -> Chain | None:
    """Return the chain of fewest links; of several, the one with the stronger links."""
    return _chain(network, start, goal, {strength: 1 + cost / 10**6 for strength, cost in _COST.items()})


def strongest(network: Network, start: str, goal: str) -> Chain | None:
    """Return the chain whose weakest links are fewest and strongest, however long it is."""
    return _chain(network, start, goal, {strength: float(cost) for strength, cost in _COST.items()})


def _chain(network: Network, start: str, goal: str, costs: dict[str, float]) -> Chain | None:
    def cost(_: str, __: str, edge: Mapping[str, str]) -> float:
        return costs[edge["strength"]]

    try:
        nodes = nx.dijkstra_path(simple_graph(network), start, goal, weight=cost)
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return None
    steps = pairwise(nodes)
    return Chain(tuple(nodes), tuple(best(network, first, second) for first, second in steps))


def best(network: Network, first: str, second: str) -> tuple[Link, ...]:
    """Return all links of two organisations that have the greatest strength found between them."""
    links = [link for link in network.of(first) if second in link.ends]
    rank = min(link.rank for link in links)
    return tuple(link for link in links if link.rank == rank)


def strength_cost(link: Link) -> float:
    """Return what a link costs in the strongest chain."""
    return float(_COST[link.strength])


def claim(network: Network, link: Link, language: str, first: str = "") -> str:
    """Write what one link says, without the full stop and the words that it rests on."""
    start = first or link.ends[0]
    told = _VERBS[language][link.strength].format(
        a=network.name(start, language),
        b=network.name(link.other(start), language),
        through=network.name(link.through, language),
    )
    if set(link.bases) & {"implied-by-heading", "inherited"}:
        told += f" ({_CAUTION[language]})"
    return told


def sentence(network: Network, link: Link, language: str, first: str = "") -> str:
    """Write one link as a sentence, with the lines and words that it rests on."""
    told = claim(network, link, language, first)
    if not link.evidence:
        return f"{told}."
    words = "; ".join(_cited(network, item, language) for item in link.evidence)
    return f"{told}. [{words}]"


def _cited(network: Network, item: Evidence, language: str) -> str:
    """Return where words stand and which they are: by their line, else by the name of their source."""
    place = f"{_LINE[language]} {item.line}" if item.line else network.name(item.source, language)
    return f"{place}: ”{item.quote}”" if item.quote else place


def chain_sentences(network: Network, chain: Chain | None, start: str, goal: str, language: str) -> list[str]:
    """Write a chain as sentences, one for each link, or a sentence that there is none."""
    if chain is None:
        names = {"a": network.name(start, language), "b": network.name(goal, language)}
        return [_NO_CHAIN[language].format(**names)]
    sentences = []
    for organisation, links in zip(chain.organisations, chain.links, strict=False):
        sentences += [sentence(network, link, language, organisation) for link in links]
    return sentences
