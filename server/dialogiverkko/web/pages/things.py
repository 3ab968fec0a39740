"""What pages tell of things: facts with evidence, links, gaps, policy, the lines of the source."""

from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import Literal

from dialogiverkko.graph.passages import Passage
from dialogiverkko.namespaces import DLG, ID, RDF_TYPE
from dialogiverkko.web.pages import fuzzy
from dialogiverkko.web.pages.index import CV, DCTERMS, SKOS, Fact, Index, Text

ORG = "http://www.w3.org/ns/org#"
SCHEMA = "https://schema.org/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
ORIGINAL = "https://dialogiakatemia.fi/2021/06/24/ministeriot-ja-valtion-virastot-vertaisdialogin-listaus/"
_OWN_FACTS = (
    "isReportedBy hasRealisationStatus hasOpenness usesMethod usesMethodInherited replacesMethod activityKind isPartOf takesPlaceAt "
    "isConnectedWith feedsInto wasUsedIn concernsProduct realisesPractice continues hasPlace isMainlyDispersedAcross isDispersedAcross "
    "aboutPlace guidingQuestion eventOrdinal enumerationScope concernsInstrument policyStage gapKind gapAbout remarkAbout remarkText "
    "linkStrength linksOrganisation throughActivity throughContext assertionBasis referenceDate impliesAtLeast"
)
FACTS = (
    *(DLG + name for name in _OWN_FACTS.split()),
    DCTERMS + "subject", ORG + "classification", ORG + "unitOf", DCTERMS + "isPartOf", DCTERMS + "type", DCTERMS + "identifier",
    SKOS + "definition", SKOS + "example", SKOS + "broader", SKOS + "narrower", SKOS + "inScheme", SKOS + "note",
    "http://www.w3.org/2002/07/owl#sameAs", SKOS + "exactMatch", SKOS + "closeMatch", "http://xmlns.com/foaf/0.1/homepage",
    RDFS + "seeAlso", DCTERMS + "relation",
)  # fmt: skip
_IMPLIED = {
    DLG + "feedsInto": (DLG + "wasUsedIn",),
    DLG + "isDispersedAcross": (DLG + "isMainlyDispersedAcross",),
    DCTERMS + "subject": (DLG + "aboutPlace",),
    DCTERMS + "isPartOf": (DLG + "isPartOf",),
    DCTERMS + "relation": (DLG + "isConnectedWith",),
    DCTERMS + "type": (DLG + "activityKind", DLG + "gapKind"),
}
"""Properties that a page leaves out where one that implies them has said the same."""
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


@dataclass(frozen=True)
class Told:
    """Words with the passages that they rest on."""

    text: Text
    evidence: tuple[Passage, ...]
    source: str = ""


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


def context(index: Index, iri: str, language: str) -> dict[str, object]:
    """Gather the page of one thing."""
    types = [t for t in index.values(iri, RDF_TYPE) if t.startswith(DLG)]
    kinds = [t for t in types if not any(t in index.values(o, RDFS + "subClassOf") for o in types)]
    return {
        "iri": iri,
        "title": index.label(iri, language),
        "kinds": kinds or index.values(iri, RDF_TYPE)[:1],
        "description": index.text(iri, language, DCTERMS + "description"),
        "others": _other_names(index, iri, language),
        "facts": _facts(index, iri, language),
        "parts": parts(index, iri),
        "counts": _told(index, iri, DLG + "hasCount", language, _count),
        "times": _told(index, iri, DLG + "hasTimeSpan", language, _time),
        "objectives": _told(index, iri, DLG + "hasObjective", language, _objective),
        "links": [x for x in links(index, language) if iri in (x.one, x.other)],
        "incoming": _incoming(index, iri, language),
        "evidence": index.evidence(iri),
        "passage": index.passages.get(iri),
        "short": iri.removeprefix(ID).removeprefix("https://w3id.org/dialogiverkko/"),
        "jsonld": _jsonld(index, iri, language),
    }


def _facts(index: Index, iri: str, language: str) -> list[Fact]:
    own = [
        f
        for f in index.facts(iri, FACTS)
        if not isinstance(f.value, Literal) or not f.value.language or f.value.language == language
    ]
    said = {implied: {f.value.value for f in own if f.predicate in by} for implied, by in _IMPLIED.items()}
    return [f for f in own if f.value.value not in said.get(f.predicate, set())]


def _other_names(index: Index, iri: str, language: str) -> list[Text]:
    names = [
        (p, v)
        for p, v in index.out.get(iri, ())
        if p in (SKOS + "prefLabel", SKOS + "altLabel") and isinstance(v, Literal)
    ]
    own = index.label(iri, language).value
    return [
        Text(v.value, v.language or "") for _, v in sorted(names, key=lambda n: (n[0], str(n[1]))) if v.value != own
    ]


def parts(index: Index, iri: str) -> list[Part]:
    """Tell who takes part, in which role, on what basis."""
    found = []
    for node in index.values(iri, CV + "hasParticipation"):
        who = index.value(node, CV + "hasParticipant") or index.value(node, DLG + "participantKind")
        found.append(
            Part(
                who, index.value(node, CV + "role"), index.value(node, DLG + "assertionBasis"),
                tuple(index.values(node, DLG + "participantAffiliation") + index.values(node, DLG + "participantArea")),
                index.evidence(node), index.value(node, DCTERMS + "source"),
            )
        )  # fmt: skip
    return sorted(found, key=lambda p: (p.role, p.who))


def _told(index: Index, iri: str, predicate: str, language: str, tell) -> list[Told]:  # type: ignore[no-untyped-def]  # a function of this module
    return [
        Told(tell(index, node, language), index.evidence(node), index.value(node, DCTERMS + "source"))
        for node in index.values(iri, predicate)
    ]


def _count(index: Index, node: str, language: str) -> Text:
    unit = index.label(index.value(node, DLG + "countedUnit"), language).value.lower()
    per = index.value(node, DLG + "perUnit")
    value, low, high = (index.value(node, SCHEMA + n) for n in ("value", "minValue", "maxValue"))
    quantifier = index.value(node, DLG + "quantifier")
    if quantifier:
        amount = f"{index.label(quantifier, language).value} (≥ {index.value(quantifier, DLG + 'impliesAtLeast')})"
    else:
        amount = value or f"{low}–{high}"
    return Text(f"{amount} × {unit}" + (f" / {index.label(per, language).value.lower()}" if per else ""), language)


def _time(index: Index, node: str, language: str) -> Text:
    return Text(fuzzy.tell(index.value(node, DLG + "edtf"), language), language)


def _objective(index: Index, node: str, language: str) -> Text:
    return index.text(node, language, DLG + "objectiveText") or Text("", language)


def _incoming(index: Index, iri: str, language: str) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for predicate, subject in index.incoming.get(iri, ()):
        if predicate in (
            DLG + "mentions",
            RDF_TYPE,
            SKOS + "broader",
            SKOS + "narrower",
            SKOS + "topConceptOf",
            DLG + "collaboratesWith",
            DCTERMS + "relation",
        ):
            continue
        if predicate.startswith((ORG, "http://rdfs.org/", DCTERMS + "creator")) and "unitOf" not in predicate:
            continue
        owner = subject
        for node in _NODES:
            owner = owner.split(node)[0]
        if (
            owner != iri
            and "/src/" not in owner
            and "/link/" not in owner
            and owner.startswith("https://w3id.org/dialogiverkko/")
        ):
            key = predicate if owner == subject else CV + "hasParticipation"
            found.setdefault(key, []).append(owner)
    if "/src/" in iri:
        found = {DLG + "isEvidencedBy": [s for p, s in index.incoming.get(iri, ()) if p == DLG + "isEvidencedBy"]}
    return [
        (predicate, index.sorted(set(subjects), language)) for predicate, subjects in sorted(found.items()) if subjects
    ]


def _jsonld(index: Index, iri: str, language: str) -> dict[str, object] | None:
    kind = "Event" if index.is_a(iri, "DialogueEvent") else "EventSeries" if index.is_a(iri, "DialogueSeries") else None
    if ORG + "Organization" in index.values(iri, RDF_TYPE):
        kind = "Organization"
    if kind is None:
        return None
    about = index.text(iri, language, DCTERMS + "description")
    document: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": iri,
        "name": index.label(iri, language).value,
    }
    if about:
        document["description"] = about.value
    return document


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
    order = ["joint-organisation", "partnership", "involvement", "shared-context"]
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
        found, key=lambda x: (order.index(x.strength.rsplit("/", 1)[-1]), index.label(x.one, language).value, x.iri)
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


def source_lines(index: Index, language: str) -> list[tuple[int, list[tuple[Passage, list[str]]]]]:
    """Tell, line by line, the passages and what rests on each."""
    rows: dict[int, list[tuple[Passage, list[str]]]] = {}
    for passage in sorted(index.passages.values(), key=lambda p: (p.start, -p.end)):
        if passage.is_section:
            continue
        owners = set()
        for iri in passage.statements:
            owner = iri
            for node in _NODES:
                owner = owner.split(node)[0]
            if "/link/" not in owner:
                owners.add(owner)
        rows.setdefault(passage.line, []).append((passage, index.sorted(owners, language)))
    return sorted(rows.items())
