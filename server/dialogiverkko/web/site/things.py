"""What pages ask of the index: parties, links, gaps, places, policy, the lines of the source."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import NamedNode

from dialogiverkko.graph import alphabet
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DCTERMS, DLG, ID, LANGUAGES, ORG, SKOS
from dialogiverkko.web.site import correcting
from dialogiverkko.web.site.index import CV, Index

_ORGANISING = "https://w3id.org/dialogiverkko/vocab/role/organising"
_HANGING = (
    CV + "hasParticipation", DLG + "hasCount", DLG + "hasTimeSpan", DLG + "hasObjective", DLG + "hasStatusStatement",
)  # fmt: skip
"""The properties by which statements of their own hang on a thing."""
_NODE = re.compile(r"/(?:(?:participation|count|objective|membership)/|(?:time|status|geometry)(?:$|/)).*")
SHOWN = tuple(
    [
        DLG + c
        for c in ("Activity", "Context", "PolicyInstrument", "WorkProduct", "KnownGap", "Remark", "SourceDocument")
    ]
    + [ORG + "Organization", DCTERMS + "Location", SKOS + "Concept"]
)


@dataclass(frozen=True)
class Part:
    """One party of an activity or context."""

    who: str
    role: str
    basis: str
    affiliations: tuple[str, ...]
    node: str
    """The participation."""
    index: Index = field(repr=False, compare=False)
    instead: tuple[str, ...] = ()
    """Who took part, if this one did not: the source leaves it open."""
    or_roles: tuple[str, ...] = ()
    """The roles that this one may have had in place of its own: the source leaves it open."""
    hedges: tuple[str, ...] = ()
    """The reservations with which the source says it."""
    fact: str = ""
    """The key by which the statement is found again."""

    @property
    def evidence(self) -> tuple[Passage, ...]:
        """The passages that it rests on, read when they are shown."""
        return self.index.evidence(self.node)


@dataclass(frozen=True)
class PolicyRow:
    """One dialogue that serves a process or a product."""

    activity: str
    target: str
    stage: str
    instruments: tuple[str, ...]
    was_used: bool
    index: Index = field(repr=False, compare=False)

    @property
    def evidence(self) -> tuple[Passage, ...]:
        """The passages that say it, read when they are shown."""
        return self.index.evidence(self.activity, self.target)


@dataclass(frozen=True)
class PlaceRow:
    """One place of an activity, and how it is meant."""

    place: str
    how: str
    activity: str
    index: Index = field(repr=False, compare=False)

    @property
    def evidence(self) -> tuple[Passage, ...]:
        """The passages that say it, read when they are shown."""
        return self.index.evidence(self.activity, self.place)


def _participant(index: Index, node: str) -> str:
    return index.value(node, CV + "hasParticipant") or index.value(node, DLG + "participantKind")


@lru_cache(maxsize=2_048)
def parts(index: Index, iri: str) -> tuple[Part, ...]:
    """List who takes part, in which role, on what basis."""
    found = []
    for node in index.values(iri, CV + "hasParticipation"):
        who = _participant(index, node)
        others = [(_participant(index, other), other) for other in index.values(node, DLG + "isAlternativeTo")]
        found.append(
            Part(
                who, index.value(node, CV + "role"), index.value(node, DLG + "assertionBasis"),
                tuple(index.values(node, DLG + "participantAffiliation") + index.values(node, DLG + "participantArea")),
                node, index,
                tuple(party for party, _ in others if party != who),
                tuple(index.value(other, CV + "role") for party, other in others if party == who),
                tuple(index.values(node, DLG + "hedge")), correcting.key(CV + "hasParticipation", NamedNode(node)),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda p: (not p.who.startswith(ID + "org/"), p.role, p.who)))


def owner(iri: str) -> str:
    """Return the thing that a node such as a participation or a count belongs to; another IRI is its own."""
    if not iri.startswith(ID) or iri.startswith(ID + "query/"):  # a parameter may be named as a node is: status, time
        return iri
    return _NODE.sub("", iri)


def documents(index: Index, iri: str) -> list[str]:
    """List the sources that tell of a thing, by the passages of the thing and of what hangs on it."""
    nodes = [iri, *(value for predicate in _HANGING for value in index.values(iri, predicate))]
    return sorted({document for node in nodes for document in index.documents_of(node)})


# --- lists ------------------------------------------------------------------------------------


def listed_organisations(index: Index) -> list[str]:
    """List the organisations whose activities a source lists: those that it says took part, and those with a section."""
    lists = [(d, v) for d in index.all("SourceDocument") for v in index.values(d, DLG + "listsActivitiesOf")]
    asked = {
        p.who
        for document, event in lists
        for p in parts(index, event)
        if p.who.startswith(ID + "org/") and document in index.documents_of(p.node)
    }
    headed = {about for section in index.all("Section") for about in index.values(section, DLG + "sectionAbout")}
    return sorted(asked | headed)


def units_of(index: Index, organisation: str) -> set[str]:
    """Return an organisation and all its units."""
    found, waiting = set(), [organisation]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += [u for u in index.pointing(each, ORG + "unitOf") if u not in found]
    return found


def activities_of(index: Index, organisation: str) -> list[str]:
    """List the activities that an organisation or a unit of it reports."""
    return sorted({a for u in units_of(index, organisation) for a in index.pointing(u, DLG + "isReportedBy")})


def gaps_of(index: Index, organisation: str) -> list[str]:
    """List the known gaps about an organisation."""
    return index.pointing(organisation, DLG + "gapAbout")


@lru_cache(maxsize=6)
def activities(index: Index, language: str) -> Sequence[str]:
    """List the activities by name."""
    everything = index.all("Activity")
    return [everything[number] for number in index.once("order", order)[language]]


def among(index: Index, some: Collection[str], language: str) -> list[str]:
    """List by name those activities that are among some things."""
    return [activity for activity in activities(index, language) if activity in some]


def order(index: Index) -> dict[str, list[int]]:
    """Return for each language the numbers of the activities in the order of their names."""
    return by_name(index, index.all("Activity"))


def by_name(index: Index, iris: Sequence[str]) -> dict[str, list[int]]:
    """Return for each language the numbers of things in the order of their names."""
    numbers = {iri: number for number, iri in enumerate(iris)}
    return {language: [numbers[iri] for iri in index.sorted(iris, language)] for language in LANGUAGES}


def _held(index: Index, language: str) -> list[str]:
    """List the events and series by name: what takes place at a time and somewhere."""
    held = {*index.all("DialogueEvent"), *index.all("DialogueSeries")}
    return [each for each in activities(index, language) if each in held]


@lru_cache(maxsize=6)
def without_time(index: Index, language: str) -> Sequence[str]:
    """List the events and series of which the source gives no time."""
    timed = set(index.mapped.holders(DLG + "hasTimeSpan"))
    return [each for each in _held(index, language) if each not in timed]


@lru_cache(maxsize=6)
def without_place(index: Index, language: str) -> Sequence[str]:
    """List the events and series of which the source names no place."""
    placed = {each for name in ("hasPlace", "isDispersedAcross") for each in index.mapped.holders(DLG + name)}
    return [each for each in _held(index, language) if each not in placed]


@lru_cache(maxsize=6)
def organisers(index: Index, language: str) -> Mapping[str, Sequence[str]]:
    """List the activities by how it is known who answers for them: by words, by a heading only, or not at all."""
    known = index.once("organisers", known_by)
    found: dict[str, list[str]] = {"stated": [], "implied": [], "unorganised": []}
    for activity in activities(index, language):
        found[known.get(activity, "unorganised")].append(activity)
    return found


def known_by(index: Index) -> dict[str, str]:
    """Return for each activity whose organisers are known whether they are stated or implied."""
    roles = {_ORGANISING, *index.pointing(_ORGANISING, SKOS + "broader")}
    found = {}
    for activity in index.all("Activity"):
        bases = {part.basis.rsplit("/", 1)[-1] for part in parts(index, activity) if part.role in roles}
        if bases:
            found[activity] = "stated" if "explicit" in bases else "implied"
    return found


@lru_cache(maxsize=6)
def places(index: Index, language: str) -> Sequence[PlaceRow]:
    """List the places of the activities, by name."""
    rows: list[PlaceRow] = []
    known = frozenset(index.all("Activity"))
    for predicate in ("hasPlace", "isMainlyDispersedAcross", "isDispersedAcross", "aboutPlace"):
        for activity in known.intersection(index.mapped.holders(DLG + predicate)):
            mainly = index.values(activity, DLG + "isMainlyDispersedAcross") if predicate == "isDispersedAcross" else []
            found = [place for place in index.values(activity, DLG + predicate) if place not in mainly]
            rows += [PlaceRow(place, DLG + predicate, activity, index) for place in found]
    names = {row.place: alphabet.key(index.label(row.place, language).value, language) for row in rows}
    return sorted(rows, key=lambda row: (names[row.place], row.how, row.activity))


@lru_cache(maxsize=6)
def policy(index: Index, language: str) -> Sequence[PolicyRow]:
    """List which dialogue serves which process or product."""
    rows = []
    for activity in index.sorted(index.mapped.holders(DLG + "feedsInto"), language):
        used = index.values(activity, DLG + "wasUsedIn")
        for target in index.values(activity, DLG + "feedsInto"):
            instruments = tuple(index.values(target, DLG + "concernsInstrument"))
            rows.append(
                PolicyRow(
                    activity,
                    target,
                    index.value(target, DLG + "policyStage"),
                    instruments,
                    target in used,
                    index,
                )
            )
    return rows
