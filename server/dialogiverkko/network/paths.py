"""All shortest chains between two organisations, the strongest first, and what stands in the way of one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from dialogiverkko.errors import BadParameterError
from dialogiverkko.network import asked as asking
from dialogiverkko.network.chains import Chain, best, strength_cost, strongest
from dialogiverkko.network.later import nx
from dialogiverkko.network.links import Link, Network
from dialogiverkko.network.measures import simple_graph
from dialogiverkko.network.selection import FILTERS, Selection, select
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.asked import Asked

COUNTED, SHOWN = 500, 12
"""How many chains are counted at most, and how many are told."""
NAMES = ("from", "to", *FILTERS, "begin", "end")
"""What an address may ask of chains, in its order."""


@dataclass(frozen=True)
class Paths:
    """What there is between two organisations: the shortest chains, and a longer one whose links are stronger."""

    start: str
    goal: str
    chains: tuple[Chain, ...] = ()
    total: int = 0
    """How many shortest chains there are; no more than ``COUNTED``."""
    stronger: Chain | None = None

    @property
    def steps(self) -> int:
        """How many links a shortest chain has; 0 where there is none."""
        return len(self.chains[0].links) if self.chains else 0


@dataclass(frozen=True)
class Obstacle:
    """Why there is no chain: what was filtered out, and what the chain would be without the filters."""

    left_out: int
    """How many links of the network the filters left out."""
    steps_without: int
    """How long a chain is without any filter; 0 where there is none either."""
    filters: tuple[tuple[str, int], ...]
    """Filters without which alone there is a chain, each with its length."""
    unlinked: tuple[str, ...]
    """Which of the two has no link at all, with or without filters."""


def read_ends(pairs: Iterable[tuple[str, str]], saved: SavedQueries, *more: str) -> asking.Request:
    """Read what is asked of chains; raises BadParameterError where an end lacks or is not known."""
    asked = Asked(pairs, (*NAMES, *more))
    found = asking.read_request(asked.pairs, saved)
    if not found.start and "lang" in more:
        raise BadParameterError("A chain has two ends: 'from' and 'to' must be given.", parameter="from")
    return found


def find(network: Network, start: str, goal: str) -> Paths:
    """Find all shortest chains, and a longer one with stronger links where there is one."""
    graph = simple_graph(network)
    if start not in graph or goal not in graph or not nx.has_path(graph, start, goal):
        return Paths(start, goal)
    ways = list(islice(nx.all_shortest_paths(graph, start, goal), COUNTED))
    chains = [Chain(tuple(way), tuple(best(network, *ends) for ends in pairwise(way))) for way in ways]
    chains.sort(key=lambda chain: (_weakness(chain), chain.organisations))
    strong = strongest(network, start, goal)
    is_longer = strong is not None and len(strong.links) > len(chains[0].links)
    return Paths(start, goal, tuple(chains[:SHOWN]), len(chains), strong if is_longer else None)


def _weakness(chain: Chain) -> tuple[float, int]:
    """Return what a chain is sorted by: the cost of its links, then fewer links that say so."""
    return sum(strength_cost(links[0]) for links in chain.links), -sum(len(links) for links in chain.links)


def obstacle(network: Network, selection: Selection, start: str, goal: str) -> Obstacle:
    """Find why there is no chain in the chosen part of a network."""
    unlinked = tuple(end for end in (start, goal) if not network.of(end))
    helpful = []
    for name in (*selection.wanted, *(name for name in ("begin", "end") if getattr(selection, name))):
        if steps := find(select(network, without(selection, name)), start, goal).steps:
            helpful.append((name, steps))
    left_out = len(network.links) - len(select(network, selection).links)
    return Obstacle(left_out, find(network, start, goal).steps, tuple(helpful), unlinked)


def without(selection: Selection, name: str) -> Selection:
    """Return a choice without one of its filters."""
    if name == "begin":
        return replace(selection, begin="")
    if name == "end":
        return replace(selection, end="")
    return replace(selection, wanted={each: values for each, values in selection.wanted.items() if each != name})


def links_of(paths: Paths) -> list[Link]:
    """List the links of the chains that are told, each once."""
    chains = [*paths.chains, *([paths.stronger] if paths.stronger else [])]
    return list({link.iri: link for chain in chains for links in chain.links for link in links}.values())
