"""The collaboration network as pages tell it: links with their evidence, and the picture that begins where it matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dialogiverkko.graph import alphabet
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import VOCAB
from dialogiverkko.network.links import Link, Network, slug
from dialogiverkko.network.surroundings import around, strongest
from dialogiverkko.saved import parameters
from dialogiverkko.web.drawing import network as drawing
from dialogiverkko.web.site.index import Index, address, is_page
from dialogiverkko.web.site.paging import Arguments, Paged, each, paged

BESIDE = 16
"""How many organisations the small picture of one organisation shows."""
AT_HOME = 24
FEW_PASSAGES = 3
"""How many passages of a link are open; the others are folded."""


@dataclass(frozen=True)
class Row:
    """One link as a page tells it: its two ends in the order of their names, and the passages that it rests on."""

    link: Link
    one: str
    other: str
    index: Index = field(repr=False, compare=False)

    @property
    def evidence(self) -> tuple[Passage, ...]:
        """The passages that it rests on, read when they are shown."""
        return evidence(self.index, self.link)

    @property
    def iri(self) -> str:
        """The IRI of the link."""
        return self.link.iri

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.link.iri.rsplit("/link/", 1)[-1]

    @property
    def strength(self) -> str:
        """The IRI of its strength."""
        return f"{VOCAB}strength/{self.link.strength}"

    @property
    def bases(self) -> tuple[str, ...]:
        """The IRIs of the bases that it rests on."""
        return tuple(f"{VOCAB}basis/{basis}" for basis in self.link.bases)


def rows(index: Index, network: Network, language: str) -> list[Row]:
    """Return the links of a network, the strongest first, then by name."""
    return [row(index, network, link, language) for link in ordered(network, language)]


def row(index: Index, network: Network, link: Link, language: str) -> Row:
    """Return one link as pages tell it."""
    one, other = sorted(link.ends, key=places(network, language).__getitem__)
    return Row(link, one, other, index)


def page(index: Index, network: Network, language: str, arguments: Arguments) -> Paged[Row]:
    """Return the page of the links that an address asks for."""
    return each(paged(ordered(network, language), arguments), lambda link: row(index, network, link, language))


@lru_cache(maxsize=8)
def ordered(network: Network, language: str) -> Sequence[Link]:
    """Return the links of a network, the strongest first, then by the name of the end that is named first."""
    at = places(network, language)
    return sorted(network.links, key=lambda link: (link.rank, min(at[link.ends[0]], at[link.ends[1]]), link.iri))


@lru_cache(maxsize=8)
def by_name(network: Network, language: str) -> Sequence[str]:
    """List the linked organisations in the order of their names."""
    return sorted(network.organisations, key=lambda iri: (alphabet.key(network.name(iri, language), language), iri))


@lru_cache(maxsize=8)
def places(network: Network, language: str) -> Mapping[str, int]:
    """Return the place of each linked organisation in the order of their names."""
    return {iri: place for place, iri in enumerate(by_name(network, language))}


def choices(network: Network, language: str, but: str = "") -> list[tuple[str, str]] | None:
    """List the linked organisations for a form, but one; nothing where there are more than a form lists."""
    if len(network.organisations) > parameters.MOST_LISTED:
        return None
    return [(slug(iri), network.name(iri, language)) for iri in by_name(network, language) if iri != but]


def evidence(index: Index, link: Link) -> tuple[Passage, ...]:
    """Return the passages that a link rests on: those with words first, then whole pages."""
    known = [index.passages[item.passage] for item in link.evidence if item.passage in index.passages]
    return tuple(sorted(known, key=is_page))


@lru_cache(maxsize=16)
def picture(
    index: Index, network: Network, language: str, on_page: frozenset[str] = frozenset(), *, middle: str = ""
) -> drawing.Network | None:
    """Draw a network that has been cut to what a picture holds; a line leads to its row on the page, else to its own page."""
    if not network.links:
        return None
    degree: dict[str, set[str]] = {}
    for link in network.links:
        for end in link.ends:
            degree.setdefault(end, set()).add(link.other(end))
    most = max(len(partners) for partners in degree.values())
    things = [
        drawing.Thing(iri, network.name(iri, language), _radius(len(degree[iri]), most, iri == middle))
        for iri in index.sorted(set(degree), language)
    ]
    lines = [_line(index, row, language, on_page) for row in rows(index, network, language)]
    return drawing.in_rings(things, lines)


def _radius(partners: int, most: int, is_middle: bool) -> float:
    grown = 6 + 2 * partners if most <= 8 else 6 + 16 * partners / most
    return round(grown + (4 if is_middle else 0), 1)


def _line(index: Index, row: Row, language: str, on_page: frozenset[str]) -> drawing.Tie:
    one, other, how, through = (
        index.label(iri, language).value for iri in (row.one, row.other, row.strength, row.link.through)
    )
    href = f"#link-{row.slug}" if row.iri in on_page else address(row.iri, language)
    return drawing.Tie(
        row.slug, row.one, row.other, href, f"{one} – {other}: {how.lower()}, {through}", row.link.strength
    )


def at_home(index: Index, network: Network, language: str) -> drawing.Network | None:
    """Draw the strongest part of the network, for the front page: as it was drawn at the build."""
    found = index.once(f"home in {language}", lambda index: drawn_at_home(index, network, language))
    return drawing.read(found) if found else None


def drawn_at_home(index: Index, network: Network, language: str) -> dict[str, Any]:  # Any: what JSON holds
    """Return the picture of the front page as JSON has it; nothing of a graph without links."""
    drawn = picture(index, strongest(network, AT_HOME), language)
    return drawing.told(drawn) if drawn else {}


@lru_cache(maxsize=512)
def of_organisation(index: Index, network: Network, organisation: str, language: str) -> drawing.Network | None:
    """Draw the organisations that are linked with one, the most linked first."""
    near = around(network, organisation, 1, BESIDE)
    return picture(index, near, language, middle=organisation)


def cells(network: Network) -> dict[tuple[str, str], int]:
    """Return how many links join each two organisations, in both orders."""
    counts: dict[tuple[str, str], int] = {}
    for link in network.links:
        for pair in (link.ends, link.ends[::-1]):
            counts[pair] = counts.get(pair, 0) + 1
    return counts
