"""The list of organisations: in pages, by kind and by whether a source lists their activities, searched and sorted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _

from dialogiverkko.namespaces import DLG, ORG, SKOS, VOCAB
from dialogiverkko.network.links import Network
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import facets, sources, things
from dialogiverkko.web.site.index import CV, Index
from dialogiverkko.web.site.paging import Arguments, paged

_ORGANIZATION, _KIND = ORG + "Organization", ORG + "classification"
_MOST_SOURCES = 3
"""How many sites a row names."""
NAMES = ("q", "kind", "listed", "sort", "page")
"""The arguments of the page, in the order of its address."""
ORDERS = {"name": _("Name"), "activities": _("Reported activities"), "links": _("Links")}
"""What the list may be sorted by; the first where nothing is chosen."""


@dataclass(frozen=True)
class Row:
    """One organisation: its kind, what it reports, how many links it has, and what is known to be missing of it."""

    iri: str
    kind: str
    activities: int
    links: int
    gaps: Sequence[str]
    is_listed: bool
    documents: Sequence[str]
    """The sources that name it."""
    text: str
    """All its names, as they are searched."""


def rows(services: Services, index: Index, language: str) -> Sequence[Row]:
    """List all organisations by name."""
    return _rows(index, services.network, language)


@lru_cache(maxsize=6)
def _rows(index: Index, network: Network, language: str) -> Sequence[Row]:
    known: Mapping[str, Sequence[Any]] = index.once("organisations", told)  # Any: what JSON holds
    everything, found = index.of_class(_ORGANIZATION), []
    for number in index.once("organisations by name", order)[language]:
        iri = everything[number]
        kind, activities, *more = known[iri]
        found.append(Row(iri, kind, activities, len(network.of(iri)), *more))
    return found


def order(index: Index) -> dict[str, list[int]]:
    """Return for each language the numbers of the organisations in the order of their names."""
    return things.by_name(index, index.of_class(_ORGANIZATION))


def told(index: Index) -> dict[str, Sequence[Any]]:  # Any: what JSON holds
    """Return for each organisation its kind, how much it reports, its gaps, whether it is listed, its sources and names."""
    listed = set(things.listed_organisations(index))
    return {
        iri: (
            index.value(iri, _KIND), len(things.activities_of(index, iri)),
            tuple(things.gaps_of(index, iri)), iri in listed, sources_naming(index, iri), _text(index, iri),
        )
        for iri in index.of_class(_ORGANIZATION)
    }  # fmt: skip


def sources_naming(index: Index, iri: str) -> list[str]:
    """List the sources that name an organisation: its own passages, and those of its parts in something."""
    nodes = [iri, *index.pointing(iri, CV + "hasParticipant"), *index.pointing(iri, DLG + "participantAffiliation")]
    return sorted({document for node in nodes for document in index.documents_of(node)})


def require_known(index: Index, pairs: Iterable[tuple[str, str]]) -> None:
    """Refuse a kind, an order or an answer that the list does not have; raises BadParameterError with what is allowed."""
    asked = Asked([pair for pair in pairs if pair[0] in NAMES], NAMES)
    asked.one("listed", ("yes", "no"))
    asked.one("sort", tuple(ORDERS))
    if (kind := asked.one("kind")) and not index.pointing(VOCAB + kind, _KIND):
        asked.one(
            "kind", sorted({facets.short(index.value(iri, _KIND)) for iri in index.of_class(_ORGANIZATION)} - {""})
        )


def chosen(everything: Sequence[Row], language: str, arguments: Arguments) -> list[Row]:
    """List the organisations that a choice leaves, in its order."""
    kind, listed, order = (arguments.get(name, "") for name in ("kind", "listed", "sort"))
    found = [
        row
        for row in _named(everything, language, arguments)
        if (not kind or facets.short(row.kind) == kind)
        and (listed not in ("yes", "no") or row.is_listed == (listed == "yes"))
    ]
    if order == "activities":
        return sorted(found, key=lambda row: -row.activities)
    return sorted(found, key=lambda row: -row.links) if order == "links" else found


def _named(everything: Sequence[Row], language: str, arguments: Arguments) -> list[Row]:
    wanted = facets.wordings(arguments.get("q", ""), language)
    return [row for row in everything if _is_named(row.text, wanted)]


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the list as chosen, and how many organisations each choice would leave."""
    everything = rows(services, index, language)
    named = _named(everything, language, arguments)
    kind, listed = arguments.get("kind", ""), arguments.get("listed", "")
    of_kind = [row for row in named if not kind or facets.short(row.kind) == kind]
    found = chosen(everything, language, arguments)
    order = arguments.get("sort", "")
    among = [row for row in named if listed not in ("yes", "no") or row.is_listed == (listed == "yes")]
    kinds = Counter(row.kind for row in among if row.kind)
    return {
        "page": paged(found, arguments),
        "sites": lambda row: _sites(index, row.documents, language),
        "total": len(everything),
        "kinds": [(facets.short(iri), iri, n) for iri, n in sorted(kinds.items(), key=lambda k: (-k[1], k[0]))],
        "listing": Counter("yes" if row.is_listed else "no" for row in of_kind),
        "kind": kind if f"{VOCAB}{kind}" in {row.kind for row in everything} else "",
        "listed": listed,
        "search": arguments.get("q", ""),
        "orders": ORDERS,
        "order": order if order in ORDERS else "name",
    }


def _sites(index: Index, documents: Sequence[str], language: str) -> tuple[tuple[str, str], ...]:
    """Return the sources that a row names: the first of each site, and not many."""
    first = {sources.host(index, document): document for document in reversed(documents)}
    shown = sorted(first.values())[:_MOST_SOURCES]
    return tuple((sources.slug_of(document), sources.host(index, document, language)) for document in shown)


def _is_named(text: str, wanted: list[tuple[str, ...]]) -> bool:
    return all(any(part in text for part in parts) for parts in wanted)


def _text(index: Index, iri: str) -> str:
    names = [*index.values(iri, SKOS + "prefLabel"), *index.values(iri, SKOS + "altLabel")]
    return facets.folded(" ".join(names))
