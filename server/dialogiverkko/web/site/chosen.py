"""Which links of the collaboration network a visitor chose: the same in the picture, the table and the matrix.

The choice stands in the address. A group of boxes that is left whole says nothing there; a group without a
tick is written as an empty value, so that it is told apart from one that was left whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from dialogiverkko.namespaces import DLG
from dialogiverkko.web.site import facets, things
from dialogiverkko.web.site.index import Index

NONE = "none"
"""Stands for what the source does not tell."""
NAMES = {
    "strength": _("Strength"),
    "basis": _("Basis"),
    "status": _("Realisation status"),
    "year": _("Year"),
    "method": _("Method"),
    "organisation": _("Organisation"),
}
"""What each filter is called, in the order of the form."""
UNTOLD = {"status": _("no status told"), "year": _("no time told"), "method": _("no method told")}
ONE_OF = ("method", "organisation")
"""Filters of which one value is chosen or none; the others are groups of boxes."""
_ORDER = (
    "joint-organisation", "partnership", "involvement", "shared-context", "explicit", "implied-by-heading", "inherited",
    "external", "realised", "ongoing", "planned", "aspired", "unstated",
)  # fmt: skip

Tokens = Mapping[str, tuple[str, ...]]
"""What a link has for each filter, as the address writes it."""


@dataclass(frozen=True)
class Option:
    """One value of a filter: as the address writes it, the thing that it stands for, and how many links have it."""

    token: str
    iri: str
    count: int


@dataclass(frozen=True)
class Choice:
    """The values that are wanted of each filter; a filter that is not among them takes every link."""

    wanted: Mapping[str, tuple[str, ...]]

    @property
    def query(self) -> str:
        """The choice as the address writes it, always alike."""
        pairs = [(name, value) for name, values in self.wanted.items() for value in values or ("",)]
        return urlencode(pairs)

    def takes(self, tokens: Tokens) -> bool:
        """Tell whether a link is wanted."""
        return all(set(values) & set(tokens[name]) for name, values in self.wanted.items())

    def has(self, name: str, token: str) -> bool:
        """Tell whether a value is wanted by itself or because nothing was said."""
        return token in self.wanted.get(name, (token,))


def tokens(index: Index, link: things.Link) -> dict[str, tuple[str, ...]]:
    """Tell what a link has for each filter; what is not told is told by ``none``."""
    found = _values(index, link)
    return {name: tuple(_token(iri) for iri in found[name]) or (NONE,) for name in NAMES}


def _values(index: Index, link: things.Link) -> dict[str, list[str]]:
    through = link.through
    return {
        "strength": [link.strength],
        "basis": [link.basis],
        "status": index.values(through, DLG + "hasRealisationStatus"),
        "year": facets.FACETS["year"](index, through),
        "method": index.values(through, DLG + "usesMethod"),
        "organisation": [link.one, link.other],
    }


def _token(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def options(index: Index, links: Sequence[things.Link], language: str) -> dict[str, list[Option]]:
    """Tell the values of each filter that some link has, in the order of the form; what is not told is the last."""
    found: dict[str, dict[str, int]] = {name: {} for name in NAMES}
    for link in links:
        values = _values(index, link)
        for name in NAMES:
            for iri in values[name] or [NONE]:
                found[name][iri] = found[name].get(iri, 0) + 1

    def order(iri: str) -> tuple[bool, int, str]:
        token = _token(iri)
        rank = _ORDER.index(token) if token in _ORDER else len(_ORDER)
        return iri == NONE, rank, index.label(iri, language).value.casefold()

    return {
        name: [Option(_token(iri), iri, counts[iri]) for iri in sorted(counts, key=order)]
        for name, counts in found.items()
    }


def read(arguments: MultiDict[str, str], offered: Mapping[str, Sequence[Option]]) -> Choice:
    """Read the address; a value that no link has is left out, and so is what is no filter."""
    wanted: dict[str, tuple[str, ...]] = {}
    for name in NAMES:
        known = [option.token for option in offered[name]]
        given = arguments.getlist(name)
        chosen = tuple(token for token in known if token in given)
        if name in ONE_OF:
            if chosen:
                wanted[name] = chosen[:1]
        elif given and len(chosen) < len(known):
            wanted[name] = chosen
    return Choice(wanted)


def parse(query: str) -> MultiDict[str, str]:
    """Read a query string that ``Choice.query`` wrote."""
    return MultiDict(parse_qsl(query, keep_blank_values=True))
