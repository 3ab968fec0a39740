"""The tables that people take with them: activities, organisations, links, places and sources, a row for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from dialogiverkko.graph import counts
from dialogiverkko.namespaces import DCTERMS, DLG, FOAF, ID, ORG, OWL, SKOS, VOCAB
from dialogiverkko.network import asked as network_asked
from dialogiverkko.network import exports
from dialogiverkko.web.http.sheets import BETWEEN, Cell, Sheet
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import facets, related, sources, things
from dialogiverkko.web.site import organisations as listing
from dialogiverkko.web.site.index import CV, Index

_ORGANISING = VOCAB + "role/organising"
_BOUNDS = ("beginNotBefore", "beginNotAfter", "endNotBefore", "endNotAfter")
_SAME = OWL + "sameAs"
_HOME = FOAF + "homepage"
_CODES = {"bases": "basis", "statuses": "status", "methods": "method"}
"""Columns of the links that hold codes, and the scheme that names them."""
_AT = ("hasPlace", "isDispersedAcross", "isMainlyDispersedAcross", "aboutPlace")

Column = tuple[str, LazyString | str]
Pairs = Sequence[tuple[str, str]]
ACTIVITIES: tuple[Column, ...] = (
    ("id", _("Address")), ("name", _("Name")), ("kind", _("Kind")), ("status", _("Realisation status")), ("time", _("Time")),
    ("beginNotBefore", _("Began at the earliest")), ("beginNotAfter", _("Began at the latest")),
    ("endNotBefore", _("Ended at the earliest")), ("endNotAfter", _("Ended at the latest")),
    ("reportedBy", _("Reported by")), ("organisers", _("Organisers")), ("participants", _("Other parties")),
    ("methods", _("Method")), ("themes", _("Theme")), ("places", _("Venue")), ("dispersedAcross", _("Spread over")),
    ("aboutPlaces", _("Place as a subject")), ("counts", _("Counts")), ("openness", _("Openness")), ("mode", _("Mode")),
    ("feedsInto", _("Used in")), ("description", _("Description")), ("sources", _("Sources")),
)  # fmt: skip
ORGANISATIONS: tuple[Column, ...] = (
    ("id", _("Address")), ("name", _("Name")), ("otherNames", _("Other names")), ("kind", _("Kind of organisation")),
    ("unitOf", _("Unit of")), ("reported", _("Reported activities")), ("takesPartIn", _("Takes part in")),
    ("links", _("links")), ("linkedWith", _("Linked with")), ("website", _("Website")),
    ("sameAs", _("Other identifiers")), ("sources", _("Sources")),
)  # fmt: skip
PLACES: tuple[Column, ...] = (
    ("id", _("Address")), ("name", _("Name")), ("kind", _("Kind")), ("longitude", _("Longitude")), ("latitude", _("Latitude")),
    ("position", _("Source of the position")), ("activities", _("Activities")), ("names", _("Which activities")),
)  # fmt: skip
SOURCES: tuple[Column, ...] = (
    ("id", _("Address")), ("title", _("Title")), ("kind", _("Kind of source")), ("publisher", _("Publisher")),
    ("language", _("Language")), ("issued", _("Published")), ("referenceDate", _("Reference date")),
    ("retrieved", _("Seen on")), ("page", _("Page")), ("passages", _("passages")), ("activities", _("Activities")),
)  # fmt: skip
LINKS: Mapping[str, LazyString] = {
    "source": _("One organisation (address)"), "sourceLabel": _("One organisation"),
    "target": _("Other organisation (address)"), "targetLabel": _("Other organisation"),
    "strength": _("Strength (code)"), "strengthLabel": _("Strength"), "through": _("Through (address)"),
    "throughLabel": _("Through"), "isContext": _("Shared context alone"), "bases": _("Basis"), "statuses": _("Realisation status"),
    "methods": _("Method"), "begin": _("First day"), "end": _("Last day"), "lines": _("Lines"),
    "passages": _("Passages (addresses)"), "quotes": _("Words of the source"), "sources": _("Sources"),
    "sentence": _("In a sentence"), "link": _("Address of the link"),
}  # fmt: skip


class _Reader:
    """What the tables read of things, in one language."""

    def __init__(self, index: Index, language: str) -> None:
        self.index, self.language = index, language

    def name(self, iri: str) -> str:
        return self.index.label(iri, self.language).value if iri else ""

    def names(self, iris: Iterable[str]) -> str:
        return BETWEEN.join(dict.fromkeys(self.name(iri) for iri in iris))

    def of(self, iri: str, predicate: str) -> str:
        return self.names(self.index.values(iri, predicate))

    def text(self, iri: str, predicate: str) -> str:
        found = self.index.text(iri, self.language, predicate)
        return found.value if found else ""

    def documents(self, iri: str) -> str:
        return BETWEEN.join(things.documents(self.index, iri))


def activities(services: Services, index: Index, language: str, pairs: Pairs = ()) -> Sheet:
    """Gather the activities that the list of an address shows, in its order."""
    del services
    read = _Reader(index, language)
    roles = {_ORGANISING, *index.pointing(_ORGANISING, SKOS + "broader")}
    choice = facets.read_selection(MultiDict(pairs), index, language)
    rows = [_activity(read, iri, roles) for iri in facets.chosen(index, language, choice)]
    return _sheet("activities", ACTIVITIES, rows)


def _activity(read: _Reader, iri: str, roles: set[str]) -> list[Cell]:
    index = read.index
    parts = things.parts(index, iri)
    spans = index.values(iri, DLG + "hasTimeSpan")
    bounds = [BETWEEN.join(index.value(span, DLG + name) for span in spans) for name in _BOUNDS]
    others = [f"{read.name(p.who)} ({read.name(p.role).lower()})" for p in parts if p.role not in roles]
    told = [counts.in_words(index, node, read.language) for node in index.values(iri, DLG + "hasCount")]
    return [
        iri, read.name(iri), read.names(facets.FACETS["kind"](index, iri)), read.of(iri, DLG + "hasRealisationStatus"),
        BETWEEN.join(related.times(index, iri, read.language)), *bounds, read.of(iri, DLG + "isReportedBy"),
        read.names(p.who for p in parts if p.role in roles), BETWEEN.join(dict.fromkeys(others)),
        read.of(iri, DLG + "usesMethod"), read.names(facets.FACETS["theme"](index, iri)), read.of(iri, DLG + "hasPlace"),
        read.of(iri, DLG + "isDispersedAcross"), read.of(iri, DLG + "aboutPlace"), BETWEEN.join(told),
        read.of(iri, DLG + "hasOpenness"), read.of(iri, DLG + "hasMode"), read.of(iri, DLG + "feedsInto"),
        read.text(iri, DCTERMS + "description"), read.documents(iri),
    ]  # fmt: skip


def organisations(services: Services, index: Index, language: str, pairs: Pairs = ()) -> Sheet:
    """Gather the organisations that the list of an address shows, in its order."""
    listing.require_known(index, pairs)
    read = _Reader(index, language)
    near: dict[str, set[str]] = {}
    many: dict[str, int] = {}
    for link in services.network.links:
        for end in link.ends:
            near.setdefault(end, set()).add(link.other(end))
            many[end] = many.get(end, 0) + 1
    rows: list[list[Cell]] = []
    everything = listing.rows(services, index, language)
    for iri in [row.iri for row in listing.chosen(everything, language, MultiDict(pairs))]:
        labels = {v for p in ("prefLabel", "altLabel") for v in index.values(iri, SKOS + p)} - {read.name(iri)}
        doing = {
            a for n in index.pointing(iri, CV + "hasParticipant") for a in index.pointing(n, CV + "hasParticipation")
        }
        rows.append([
            iri, read.name(iri), BETWEEN.join(sorted(labels)), read.of(iri, ORG + "classification"),
            read.of(iri, ORG + "unitOf"), len(things.activities_of(index, iri)), len(doing), many.get(iri, 0),
            read.names(index.sorted(near.get(iri, set()), language)), index.value(iri, _HOME),
            BETWEEN.join(index.values(iri, _SAME)), read.documents(iri),
        ])  # fmt: skip
    return _sheet("organisations", ORGANISATIONS, rows)


def links(services: Services, index: Index, language: str, pairs: Pairs = ()) -> Sheet:
    """Gather the links of the network as an address chooses them, and as its other exports have them."""
    network = network_asked.read_request(pairs, services.saved).of(services.network)
    rows: list[list[Cell]] = [[edge[key] for key in exports.EDGE_COLUMNS] for edge in exports.edges(network, language)]
    sheet = _sheet("links", tuple((key, LINKS[key]) for key in exports.EDGE_COLUMNS), rows)
    words = {
        key: {
            iri.rsplit("/", 1)[-1]: index.label(iri, language).value
            for iri in index.pointing(f"{VOCAB}{scheme}", SKOS + "inScheme")
        }
        for key, scheme in _CODES.items()
    }
    return replace(sheet, words={**words, "isContext": {"true": gettext("Yes"), "false": gettext("No")}})


def places(services: Services, index: Index, language: str, pairs: Pairs = ()) -> Sheet:
    """Gather the places, by name, with the coordinates that the graph holds."""
    del pairs
    read = _Reader(index, language)
    known = services.located
    rows: list[list[Cell]] = []
    for iri in index.sorted(index.of_class(DCTERMS + "Location"), language):
        (longitude, latitude), source = known.get(iri, ((None, None), ""))
        found = {a for name in _AT for a in index.pointing(iri, DLG + name)}
        names = read.names(index.sorted(found, language))
        rows.append([
            iri, read.name(iri), read.of(iri, DCTERMS + "type"), longitude, latitude, source, len(found), names
        ])  # fmt: skip
    return _sheet("places", PLACES, [row for row in rows if str(row[0]).startswith(ID)])


def documents(services: Services, index: Index, language: str, pairs: Pairs = ()) -> Sheet:
    """Gather the sources: those of which the text is held first."""
    del services, pairs
    read = _Reader(index, language)
    told: dict[str, set[str]] = {}
    for activity in index.all("Activity"):
        for document in things.documents(index, activity):
            told.setdefault(document, set()).add(activity)
    rows: list[list[Cell]] = [
        [
            each.iri, read.name(each.iri), read.name(each.kind), "; ".join(map(read.name, each.publishers)),
            sources.language_name(each.language, language), each.issued, each.reference_date, each.retrieved, each.page,
            each.passages, len(told.get(each.iri, ())),
        ]
        for each in sources.every(index, language)
    ]  # fmt: skip
    return _sheet("sources", SOURCES, rows)


def _sheet(name: str, columns: tuple[Column, ...], rows: Iterable[list[Cell]]) -> Sheet:
    return Sheet(name, [key for key, _ in columns], [str(heading) for _, heading in columns], list(rows))


class Make(Protocol):
    """Gathers one table, of all there is or of what an address chooses."""

    def __call__(self, services: Services, index: Index, language: str, pairs: Pairs = ()) -> Sheet:
        """Return the table in a language."""


TABLES: Mapping[str, Make] = {
    "activities": activities, "organisations": organisations, "links": links, "places": places, "sources": documents,
}  # fmt: skip
"""The tables by their names in an address."""
FILTERS: Mapping[str, tuple[str, ...]] = {
    "activities": ("q", "sort", *facets.FACETS),
    "organisations": tuple(name for name in listing.NAMES if name != "page"),
    "links": tuple(each.name for each in network_asked.PARAMETERS if each.name not in ("lang", "part")),
    "places": (),
    "sources": (),
}
"""What a table may be asked by, as the page that lists the same things is."""
NAMES: Mapping[str, LazyString] = {
    "activities": _("Activities"), "organisations": _("Organisations"), "links": _("Links"), "places": _("Places"),
    "sources": _("Sources"),
}  # fmt: skip
