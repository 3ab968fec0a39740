"""Cuts a network to what a picture can hold: the strongest part of it, or what lies around one organisation."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from dialogiverkko.network.links import STRENGTHS, Network

DEPTHS = ("1", "2", "3")
"""How many steps a picture may reach from the organisation in its middle."""


@lru_cache(maxsize=4)
def weights(network: Network) -> Counter[str]:
    """Return how much each organisation is linked: the sum of the strengths of its links. It is not to be changed."""
    found: Counter[str] = Counter()
    for link in network.links:
        for end in link.ends:
            found[end] += len(STRENGTHS) - link.rank
    return found


def within(network: Network, organisations: Collection[str]) -> Network:
    """Return the links whose two ends are both among some organisations."""
    first = (link for each in sorted(organisations) for link in network.of(each) if link.ends[0] == each)
    return replace(network, links=tuple(link for link in first if link.ends[1] in organisations))


@lru_cache(maxsize=8)
def strongest(network: Network, most: int) -> Network:
    """Return the links among the organisations that are linked most, each with its strongest partner where it fits."""
    weight = weights(network)
    ranked = sorted(weight, key=lambda organisation: (-weight[organisation], organisation))
    if len(ranked) <= most:
        return network
    chosen: dict[str, None] = {}
    for organisation in ranked:
        if len(chosen) >= most:
            break
        partners = {link.other(organisation) for link in network.of(organisation)}
        if not partners & set(chosen) and len(chosen) + 1 < most:
            best = min(partners, key=lambda partner: (-weight[partner], partner))
            chosen.setdefault(best)
        chosen.setdefault(organisation)
    return within(network, chosen)


def around(network: Network, organisation: str, depth: int, most: int) -> Network:
    """Return the links within so many steps of an organisation; the nearest and strongest where there are too many."""
    weight = weights(network)
    chosen, rim = {organisation: None}, [organisation]
    for _ in range(depth):
        following = {link.other(each) for each in rim for link in network.of(each)} - set(chosen)
        rim = sorted(following, key=lambda partner: (-weight[partner], partner))[: max(most - len(chosen), 0)]
        chosen |= dict.fromkeys(rim)
    return within(network, chosen)


def size_around(network: Network, organisation: str, depth: int) -> int:
    """Return how many organisations lie within so many steps of one, itself included."""
    found = around(network, organisation, depth, len(network.organisations)).organisations
    return len(found)
