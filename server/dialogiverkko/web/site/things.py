"""What pages ask of the index: parties, links, gaps, places, policy, the lines of the source."""

from dataclasses import dataclass
from urllib.parse import quote

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DLG, ID
from dialogiverkko.web.site.index import CV, DCTERMS, SKOS, Index

ORG = "http://www.w3.org/ns/org#"
ORIGINAL = "https://dialogiakatemia.fi/2021/06/24/ministeriot-ja-valtion-virastot-vertaisdialogin-listaus/"
STRENGTHS = ("joint-organisation", "partnership", "involvement", "shared-context")
"""How strong a link may be, the strongest first."""
_NODES = ("/participation/", "/count/", "/time", "/objective/", "/membership/")
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
    evidence: tuple[Passage, ...]
    source: str
    instead: tuple[str, ...] = ()
    """Who took part, if this one did not: the source leaves it open."""


@dataclass(frozen=True)
class Link:
    """One derived link, as a page tells it."""

    iri: str
    one: str
    other: str
    strength: str
    through: str
    basis: str
    evidence: tuple[Passage, ...]


@dataclass(frozen=True)
class PolicyRow:
    """One dialogue that serves a process or a product."""

    activity: str
    target: str
    stage: str
    instruments: tuple[str, ...]
    was_used: bool
    evidence: tuple[Passage, ...]


def fragment(passage: Passage) -> str:
    """Tell the address that opens the original page at a passage, by a text fragment."""
    words = passage.exact
    if not words:
        return f"{ORIGINAL}#:~:text={_encoded(passage.opening)},{_encoded(passage.closing)}"
    before = passage.prefix.strip()
    head = f"{_encoded(before)}-," if before and len(words) < 12 else ""
    return f"{ORIGINAL}#:~:text={head}{_encoded(words)}"


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


def _participant(index: Index, node: str) -> str:
    return index.value(node, CV + "hasParticipant") or index.value(node, DLG + "participantKind")


def parts(index: Index, iri: str) -> list[Part]:
    """Tell who takes part, in which role, on what basis."""
    found = []
    for node in index.values(iri, CV + "hasParticipation"):
        who = _participant(index, node)
        found.append(
            Part(
                who, index.value(node, CV + "role"), index.value(node, DLG + "assertionBasis"),
                tuple(index.values(node, DLG + "participantAffiliation") + index.values(node, DLG + "participantArea")),
                index.evidence(node), index.value(node, DCTERMS + "source"),
                tuple(_participant(index, other) for other in index.values(node, DLG + "isAlternativeTo")),
            )
        )  # fmt: skip
    return sorted(found, key=lambda p: (not p.who.startswith(ID + "org/"), p.role, p.who))


def owner(iri: str) -> str:
    """Tell the thing that a node such as a participation or a count belongs to; another IRI is its own."""
    for node in _NODES:
        iri = iri.split(node)[0]
    return iri


# --- lists ------------------------------------------------------------------------------------


def listed_organisations(index: Index) -> set[str]:
    """Tell the organisations that took part in the event that the document lists."""
    events = [v for d in index.all("SourceDocument") for v in index.values(d, DLG + "listsActivitiesOf")]
    return {p.who for e in events for p in parts(index, e) if p.who.startswith(ID + "org/")}


def units_of(index: Index, organisation: str) -> set[str]:
    """Tell an organisation and all its units."""
    found, waiting = set(), [organisation]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += [u for u in index.pointing(each, ORG + "unitOf") if u not in found]
    return found


def activities_of(index: Index, organisation: str) -> list[str]:
    """Tell the activities that an organisation or a unit of it reports."""
    return sorted({a for u in units_of(index, organisation) for a in index.pointing(u, DLG + "isReportedBy")})


def gaps_of(index: Index, organisation: str) -> list[str]:
    """Tell the known gaps about an organisation."""
    return index.pointing(organisation, DLG + "gapAbout")


def links(index: Index, language: str) -> list[Link]:
    """Tell the derived links, the strongest first."""
    found = []
    for iri in index.all("CollaborationLink"):
        one, other = index.sorted(index.values(iri, DLG + "linksOrganisation"), language)
        through = index.value(iri, DLG + "throughActivity") or index.value(iri, DLG + "throughContext")
        found.append(
            Link(
                iri,
                one,
                other,
                index.value(iri, DLG + "linkStrength"),
                through,
                index.value(iri, DLG + "assertionBasis"),
                index.evidence(iri),
            )
        )
    return sorted(
        found, key=lambda x: (STRENGTHS.index(x.strength.rsplit("/", 1)[-1]), index.label(x.one, language).value, x.iri)
    )


def matrix(index: Index, found: list[Link], language: str) -> tuple[list[str], dict[tuple[str, str], int]]:
    """Tell the organisations of the links and how many links join each two."""
    names = index.sorted({o for x in found for o in (x.one, x.other)}, language)
    cells: dict[tuple[str, str], int] = {}
    for x in found:
        for pair in ((x.one, x.other), (x.other, x.one)):
            cells[pair] = cells.get(pair, 0) + 1
    return names, cells


def _activities(index: Index, language: str) -> list[str]:
    return index.sorted([a for a in index.all("Activity") if index.values(a, DLG + "isReportedBy")], language)


def without_time(index: Index, language: str) -> list[str]:
    """Tell the events and series of which the source gives no time."""
    timed = ("DialogueEvent", "DialogueSeries")
    return [
        a
        for a in _activities(index, language)
        if any(index.is_a(a, k) for k in timed) and not index.values(a, DLG + "hasTimeSpan")
    ]


def without_place(index: Index, language: str) -> list[str]:
    """Tell the events and series of which the source names no place."""
    timed = ("DialogueEvent", "DialogueSeries")
    predicates = (DLG + "hasPlace", DLG + "isDispersedAcross")
    return [
        a
        for a in _activities(index, language)
        if any(index.is_a(a, k) for k in timed) and not any(index.values(a, p) for p in predicates)
    ]


def without_organiser(index: Index, language: str) -> list[str]:
    """Tell the activities for which no one answers by the source."""
    roles = set(index.pointing("https://w3id.org/dialogiverkko/vocab/role/organising", SKOS + "broader"))
    return [
        a for a in _activities(index, language) if not any(p.role in roles and not p.source for p in parts(index, a))
    ]


def places(index: Index, language: str) -> list[tuple[str, str, str, tuple[Passage, ...]]]:
    """Tell place, how it is meant, activity and evidence."""
    rows = []
    for predicate in ("hasPlace", "isMainlyDispersedAcross", "isDispersedAcross", "aboutPlace"):
        for activity in _activities(index, language):
            mainly = index.values(activity, DLG + "isMainlyDispersedAcross") if predicate == "isDispersedAcross" else []
            rows += [
                (p, DLG + predicate, activity, index.evidence(activity, p))
                for p in index.values(activity, DLG + predicate)
                if p not in mainly
            ]
    return sorted(rows, key=lambda r: (index.label(r[0], language).value, r[1], r[2]))


def policy(index: Index, language: str) -> list[PolicyRow]:
    """Tell which dialogue serves which process or product."""
    rows = []
    sources = {s for s, pairs in index.out.items() if any(p == DLG + "feedsInto" for p, _ in pairs)}
    for activity in index.sorted(sources, language):
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
                    index.evidence(activity, target),
                )
            )
    return rows
