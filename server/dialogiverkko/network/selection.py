"""Chooses links of the network: one set of filters for pages, interface and command.

A choice names, for each filter, the values that are wanted, as an address writes them. A filter that is not named
takes every link; a filter that is named without a value takes none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from dialogiverkko.graph import alphabet
from dialogiverkko.namespaces import VOCAB
from dialogiverkko.network.links import STRENGTHS, Link, Network, slug

NONE = "none"
"""Stands for what the sources do not state."""
FILTERS = ("strength", "basis", "status", "year", "method", "organisation", "source")
"""What a link may be chosen by, in the order of a form and of an address."""
VALUES: Mapping[str, tuple[str, ...]] = {
    "strength": STRENGTHS,
    "basis": ("explicit", "implied-by-heading", "inherited", "external"),
    "status": ("realised", "ongoing", "planned", "aspired", "unstated", NONE),
}
"""The values of the filters that have a fixed set, in the order in which they are listed."""
_CONCEPTS = ("strength", "basis", "status", "method")
"""Filters whose values are concepts of ours, which a link names by the last part of their IRIs."""
_WHOLE = ("basis",)
"""Filters of which every value of a link has to be wanted, not one of them."""
_JOINED = ("organisation",)
"""Filters of which a link has to have every value that is wanted: the links *between* those organisations."""


@dataclass(frozen=True)
class Option:
    """One value of a filter: as an address writes it, the thing that it stands for, and how many links have it."""

    token: str
    iri: str
    count: int


@dataclass(frozen=True)
class Selection:
    """Which links are wanted, by the values of each filter and by days."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    begin: str = ""
    end: str = ""
    """A link is kept when its activity may fall within these days; one without a time is not.

    Of an open time only the end that is told counts.
    """

    @property
    def query(self) -> str:
        """The choice as an address writes it, always alike."""
        pairs = [(name, value) for name in FILTERS if name in self.wanted for value in self.wanted[name] or ("",)]
        return urlencode(pairs + [(name, day) for name, day in (("begin", self.begin), ("end", self.end)) if day])

    def takes(self, link: Link) -> bool:
        """Return whether a link is wanted."""
        days = link.days
        return (
            all(_fits(name, set(wanted), set(values_of(link, name))) for name, wanted in self.wanted.items())
            and (not self.begin or (bool(days) and days[-1] >= self.begin))
            and (not self.end or (bool(days) and days[0] <= self.end))
        )

    def has(self, name: str, token: str) -> bool:
        """Return whether a value is wanted by itself or because nothing was said of its filter."""
        return token in self.wanted.get(name, (token,))


def _fits(name: str, wanted: set[str], has: set[str]) -> bool:
    if not wanted:
        return False
    if name in _WHOLE:
        return has <= wanted
    return wanted <= has if name in _JOINED else bool(wanted & has)


def values_of(link: Link, name: str) -> tuple[str, ...]:
    """Return what a link has for a filter, as an address writes it; ``none`` where that is not stated."""
    return tuple(slug(value) for value in _VALUES[name](link)) or (NONE,)


_VALUES: Mapping[str, Callable[[Link], tuple[str, ...]]] = {
    "strength": lambda link: (link.strength,),
    "basis": lambda link: link.bases,
    "status": lambda link: link.statuses,
    "year": lambda link: link.years,
    "method": lambda link: link.methods,
    "organisation": lambda link: link.ends,
    "source": lambda link: link.sources,
}


def select(network: Network, selection: Selection) -> Network:
    """Return the part of a network that a selection takes."""
    if selection == Selection():
        return network
    links = tuple(link for link in network.links if selection.takes(link))
    return network if len(links) == len(network.links) else replace(network, links=links)


@lru_cache(maxsize=6)
def options(network: Network, language: str) -> Mapping[str, Sequence[Option]]:
    """List the values of each filter that some link has, in order; what is not stated comes last."""
    return {name: _options(network, name, language) for name in FILTERS}


def _options(network: Network, name: str, language: str) -> list[Option]:
    counts, fixed = _counts(network)[name], VALUES.get(name, ())

    def order(value: str) -> tuple[bool, int, tuple[str, str]]:
        rank = fixed.index(slug(value)) if slug(value) in fixed else len(fixed)
        return value == NONE, rank, alphabet.key(network.name(value, language), language)

    return [Option(slug(value), value, counts[value]) for value in sorted(counts, key=order)]


@lru_cache(maxsize=2)
def _counts(network: Network) -> Mapping[str, Mapping[str, int]]:
    """Count the links that have each value of each filter."""
    found = {}
    for name in FILTERS:
        values, space = _VALUES[name], f"{VOCAB}{name}/" if name in _CONCEPTS else ""
        counts = Counter(value for link in network.links for value in values(link) or (NONE,))
        found[name] = {value if value == NONE else space + value: n for value, n in counts.items()}
    return found


def read_selection(given: Iterable[tuple[str, str]], offered: Mapping[str, Sequence[Option]]) -> Selection:
    """Read the pairs of an address; what is no filter is left out, and a filter of which every value is wanted."""
    pairs = list(given)
    wanted: dict[str, tuple[str, ...]] = {}
    for name in FILTERS:
        values = {value for key, value in pairs if key == name}
        known = [option.token for option in offered[name]]
        unlinked = sorted(values - {*known, ""})  # what no link has
        chosen = (*(token for token in known if token in values), *unlinked)
        if name in VALUES or name == "year":
            if values and not values.issuperset(known):
                wanted[name] = chosen
        elif chosen:
            wanted[name] = chosen
    return Selection(wanted)
