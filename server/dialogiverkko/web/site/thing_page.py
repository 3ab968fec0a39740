"""The page of one thing: its facts with their evidence, its parties, what points at it and what stands near."""

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from pyoxigraph import Literal

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import BASE, DLG, ID, RDF_TYPE, VOCAB
from dialogiverkko.web import fuzzy
from dialogiverkko.web.site import headings, related, schema_org, things
from dialogiverkko.web.site.index import CV, DCTERMS, SKOS, Fact, Index, Text

ORG = "http://www.w3.org/ns/org#"
SCHEMA = "https://schema.org/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
FACTS = tuple(headings.OUTGOING)
"""The properties that a page tells of, in its order."""
_IMPLIED = {
    DLG + "feedsInto": (DLG + "wasUsedIn",),
    DLG + "isDispersedAcross": (DLG + "isMainlyDispersedAcross",),
    DCTERMS + "subject": (DLG + "aboutPlace",),
    DCTERMS + "isPartOf": (DLG + "isPartOf", ORG + "unitOf"),
    DCTERMS + "relation": (DLG + "isConnectedWith",),
    DCTERMS + "type": (DLG + "activityKind", DLG + "gapKind"),
    DCTERMS + "spatial": (DLG + "hasPlace", DLG + "isDispersedAcross", DLG + "isMainlyDispersedAcross"),
    CV + "audience": (DLG + "participantKind",),
}
"""Properties that a page leaves out where one that implies them has said the same."""
IDENTIFYING = frozenset(
    p
    for p in headings.OUTGOING
    if p.endswith(("identifier", "sameAs", "homepage", "seeAlso", "exactMatch", "closeMatch", "relatedMatch"))
)
"""Properties that lead to the same thing elsewhere: the makers of the graph state them, the source does not."""
_LEFT_OUT = frozenset(
    (
        DLG + "mentions", DLG + "collaboratesWith", DLG + "linksOrganisation", DLG + "throughActivity", DLG + "throughContext",
        RDF_TYPE, SKOS + "broader", SKOS + "narrower", SKOS + "topConceptOf", SKOS + "hasTopConcept", DCTERMS + "relation",
        DCTERMS + "creator", DLG + "isEvidencedBy", DLG + "isAlternativeTo", DLG + "hasTimeSpan", DLG + "hasObjective",
        CV + "hasParticipation",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Words with the passages that they rest on."""

    text: Text
    evidence: tuple[Passage, ...]
    source: str = ""


@dataclass(frozen=True)
class Group:
    """The facts of one heading."""

    heading: str
    facts: tuple[Fact, ...]


def context(index: Index, iri: str, language: str) -> dict[str, object]:
    """Gather the page of one thing."""
    types = [t for t in index.values(iri, RDF_TYPE) if t.startswith(DLG)]
    kinds = [t for t in types if not any(t in index.values(o, RDFS + "subClassOf") for o in types)]
    links = [x for x in things.links(index, language) if iri in (x.one, x.other)]
    return {
        "iri": iri,
        "title": index.label(iri, language),
        "kinds": kinds or index.values(iri, RDF_TYPE)[:1],
        "description": index.text(iri, language, DCTERMS + "description"),
        "others": _other_names(index, iri, language),
        "facts": facts(index, iri, language),
        "identifying": IDENTIFYING,
        "parts": things.parts(index, iri),
        "counts": _told(index, iri, DLG + "hasCount", language, _count),
        "times": _told(index, iri, DLG + "hasTimeSpan", language, _time),
        "objectives": _told(index, iri, DLG + "hasObjective", language, _objective),
        "links": links,
        "incoming": incoming(index, iri, language),
        "evidence": index.evidence(iri),
        "passage": index.passages.get(iri),
        "seen": set(),
        "day": lambda iso: fuzzy.day(iso, language),
        "sources": lambda graph: index.values(graph, "http://www.w3.org/ns/prov#wasDerivedFrom"),
        "short": iri.removeprefix(ID).removeprefix(BASE),
        "jsonld": schema_org.of_thing(index, iri, language),
        **_near(index, iri, language, links),
    }


def _near(index: Index, iri: str, language: str, links: list[things.Link]) -> dict[str, object]:
    """Gather what only some kinds of things have."""
    if iri in index.passages:
        return {"place": related.place(index, iri, language)}
    if index.is_a(iri, "Activity"):
        return {"related": related.related(index, iri)}
    if ORG + "Organization" in index.values(iri, RDF_TYPE):
        rows = related.activities(index, iri, language)
        return {
            "activities": rows,
            "star": related.spokes(index, iri, links, language),
            "spans": related.timeline(index, rows, language),
        }
    return {}


def facts(index: Index, iri: str, language: str) -> list[Group]:
    """Tell what is said of a thing, under headings for readers."""
    own = [
        replace(f, evidence=()) if f.predicate in IDENTIFYING else f
        for f in _in_language(index.facts(iri, FACTS), language)
    ]
    said = {implied: {f.value.value for f in own if f.predicate in by} for implied, by in _IMPLIED.items()}
    groups: dict[str, list[Fact]] = {}
    for fact in own:
        if fact.value.value not in said.get(fact.predicate, set()):
            groups.setdefault(str(headings.OUTGOING[fact.predicate]), []).append(fact)
    return [Group(heading, tuple(found)) for heading, found in groups.items()]


def _in_language(found: list[Fact], language: str) -> list[Fact]:
    """Keep the words in one language for each property: the page's, else the first that there is of fi, en, sv."""
    told: dict[str, set[str]] = {}
    for fact in found:
        if isinstance(fact.value, Literal) and fact.value.language:
            told.setdefault(fact.predicate, set()).add(fact.value.language)
    chosen = {
        p: next((code for code in (language, "fi", "en", "sv") if code in codes), "") for p, codes in told.items()
    }
    return [
        f
        for f in found
        if not isinstance(f.value, Literal) or not f.value.language or f.value.language == chosen[f.predicate]
    ]


def incoming(index: Index, iri: str, language: str) -> list[tuple[str, list[str]]]:
    """Tell the things that point at one, under headings for readers; a table of its own tells an organisation's activities."""
    found: dict[str, set[str]] = {}
    for predicate, subject in index.incoming.get(iri, ()):
        owner = things.owner(subject)
        if predicate not in _LEFT_OUT and owner != iri and owner.startswith((ID, VOCAB)) and "/link/" not in owner:
            found.setdefault(predicate, set()).add(owner)
    told_elsewhere: set[str] = set()
    if ORG + "Organization" in index.values(iri, RDF_TYPE):
        told_elsewhere = set(index.all("Activity"))
    groups: dict[str, set[str]] = {}
    for predicate in headings.INCOMING:
        implied = {s for by in _IMPLIED.get(predicate, ()) for s in found.get(by, ())}
        subjects = found.get(predicate, set()) - implied - told_elsewhere
        if subjects:
            groups.setdefault(str(headings.INCOMING[predicate]), set()).update(subjects)
    return [(heading, index.sorted(subjects, language)) for heading, subjects in groups.items()]


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
    if index.value(node, DLG + "isApproximate") == "true":
        amount = _("about %(amount)s", amount=amount)
    return Text(f"{amount} × {unit}" + (f" / {index.label(per, language).value.lower()}" if per else ""), language)


def _time(index: Index, node: str, language: str) -> Text:
    return Text(fuzzy.tell(index.value(node, DLG + "edtf"), language), language)


def _objective(index: Index, node: str, language: str) -> Text:
    return index.text(node, language, DLG + "objectiveText") or Text("", language)
