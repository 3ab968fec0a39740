"""The page of one thing: its facts with their evidence, its parties, what points at it and what stands near."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal

from dialogiverkko.graph import dates
from dialogiverkko.namespaces import BASE, DCTERMS, DLG, ID, ORG, RDF_TYPE, RDFS, SKOS, VOCAB
from dialogiverkko.network.links import Network, slug
from dialogiverkko.web.drawing.timeline import timeline
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import (
    correcting,
    facets,
    groups,
    hanging,
    headings,
    link_page,
    links,
    related,
    schema_org,
    sources,
    things,
)
from dialogiverkko.web.site.index import CV, Fact, Index, Text
from dialogiverkko.web.site.paging import Arguments, Paged, paged

FACTS = tuple(headings.OUTGOING)
"""The properties that a page tells of, in its order."""
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
        CV + "hasParticipation", DLG + "isStatedIn", DLG + "hasStatusStatement",
        "http://www.opengis.net/ont/geosparql#hasGeometry",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The facts of one heading."""

    heading: str
    facts: tuple[Fact, ...]


def context(services: Services, index: Index, iri: str, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the page of one thing."""
    types = [t for t in index.values(iri, RDF_TYPE) if t.startswith(DLG)]
    kinds = [t for t in types if not any(t in index.values(o, RDFS + "subClassOf") for o in types)]
    group = groups.context(index, iri, language, arguments)
    pointed = incoming(index, iri, language, groups.TOLD if group else frozenset())
    pointing = [(heading, paged(subjects, arguments)) for heading, subjects in pointed]
    found: dict[str, object] = {
        "iri": iri,
        "title": index.label(iri, language),
        "kinds": kinds or index.values(iri, RDF_TYPE)[:1],
        "called": headings.CLASSES,
        "description": index.text(iri, language, DCTERMS + "description"),
        "others": _other_names(index, iri, language),
        "facts": facts(index, iri, language),
        "identifying": IDENTIFYING,
        "parts": paged(_alternatives_joined(things.parts(index, iri)), arguments),
        "counts": hanging.told(index, iri, DLG + "hasCount", language),
        "times": hanging.told(index, iri, DLG + "hasTimeSpan", language),
        "objectives": hanging.told(index, iri, DLG + "hasObjective", language),
        "links": links.page(index, _own(services, iri), language, arguments),
        "incoming": pointing,
        "evidence": paged(index.evidence(iri), arguments),
        "passage": index.passages.get(iri),
        "seen": set(),
        "differ": hanging.differ,
        "day": lambda iso: dates.day(iso, language),
        "statements": hanging.statements(index, iri),
        "documents": things.documents(index, iri),
        "is_own_name": language in index.values(iri, DLG + "hasOwnTranslationIn"),
        "tongue": lambda value: sources.language_name(value, language),
        "is_form_open": index.is_a(iri, "Activity") and not any(index.is_a(iri, kind) for kind in facets.KINDS),
        "key": correcting.key,
        "short_of": correcting.short,
        "short": iri.removeprefix(ID).removeprefix(BASE),
        "jsonld": schema_org.of_thing(index, iri, language),
        "group": group,
        **_near(services, index, iri, language, arguments),
    }
    lists = [each[name] for each in (found, group) for name in _LISTS if name in each]
    return {**found, "longest": _longest([*lists, *(page for _, page in pointing)])}  # type: ignore[list-item]  # pages of any kind


_LISTS = ("parts", "links", "evidence", "activities", "people", "attended", "topic")
"""The lists of a page that are cut into pages together."""


def _own(services: Services, iri: str) -> Network:
    """Return the part of the network that has links of a thing alone."""
    return replace(services.network, links=tuple(services.network.of(iri)))


def _longest(lists: list[Paged[object]]) -> Paged[object] | None:
    """Return the longest of the lists of a page, whose pages the others follow."""
    return max(lists, key=lambda page: page.pages, default=None)


def _near(services: Services, index: Index, iri: str, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather what only some kinds of things have."""
    if iri in index.passages:
        return {"place": related.place(index, iri, language)}
    if index.is_a(iri, "Activity"):
        return {"related": related.related(index, iri)}
    if index.is_a(iri, "CollaborationLink"):
        return {"link": link_page.context(services.network, index, iri, language)}
    if ORG + "Organization" in index.values(iri, RDF_TYPE):
        rows = related.activities(index, iri, language)
        page = paged([row for row in rows if row.is_reported or row.roles], arguments)
        people = paged([row for row in rows if not (row.is_reported or row.roles)], arguments)
        return {
            "activities": page,
            "doing": related.headed(page.items),
            "people": people,
            "attending": related.headed(people.items),
            "follow": _follow(services, iri, language),
            "star": links.of_organisation(index, services.network, iri, language),
            "spans": timeline(related.items(index, [row.activity for row in page.items], language)),
        }
    return {}


def _follow(services: Services, iri: str, language: str) -> dict[str, object]:
    """Gather where one goes on from an organisation: a chain to another, and who is put beside it."""
    partners = Counter(link.other(iri) for link in services.network.of(iri))
    return {
        "slug": slug(iri),
        "is_linked": bool(partners),
        "ends": links.choices(services.network, language, but=iri),
        "beside": [
            (slug(partner), partner) for partner, _ in sorted(partners.items(), key=lambda p: (-p[1], p[0]))[:3]
        ],
    }


def facts(index: Index, iri: str, language: str) -> list[Group]:
    """List what is said of a thing, under headings for readers."""
    own = [
        replace(f, evidence=()) if f.predicate in IDENTIFYING else f
        for f in _in_language(index.facts(iri, FACTS), language)
    ]
    said = {implied: {f.value.value for f in own if f.predicate in by} for implied, by in headings.IMPLIED.items()}
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


def incoming(index: Index, iri: str, language: str, told: frozenset[str] = frozenset()) -> list[tuple[str, list[str]]]:
    """List the things that point at one, under headings for readers, but by properties whose things a table has told."""
    found: dict[str, set[str]] = {}
    for predicate in set(index.mapped.predicates_to(iri)) - _LEFT_OUT - told:
        for owner in map(things.owner, index.pointing(iri, predicate)):
            if owner != iri and owner.startswith((ID, VOCAB)) and "/link/" not in owner:
                found.setdefault(predicate, set()).add(owner)
    told_elsewhere: set[str] = set()
    if ORG + "Organization" in index.values(iri, RDF_TYPE):
        told_elsewhere = set(index.all("Activity"))
    groups: dict[str, set[str]] = {}
    for predicate in headings.INCOMING:
        implied = {s for by in headings.IMPLIED.get(predicate, ()) for s in found.get(by, ())}
        subjects = found.get(predicate, set()) - implied - told_elsewhere
        if subjects:
            groups.setdefault(str(headings.INCOMING[predicate]), set()).update(subjects)
    return [(heading, index.sorted(subjects, language)) for heading, subjects in groups.items()]


def _other_names(index: Index, iri: str, language: str) -> list[Text]:
    names = [
        (p, v) for p in (SKOS + "prefLabel", SKOS + "altLabel") for v in index.said(iri, p) if isinstance(v, Literal)
    ]
    own = index.label(iri, language).value
    once = {v.value: v.language or "" for _, v in sorted(names, key=lambda n: (n[0], str(n[1]))) if v.value != own}
    return [Text(name, code) for name, code in once.items()]


def _alternatives_joined(parts: Sequence[things.Part]) -> list[things.Part]:
    """Leave out a part that is one side of an alternative whose other side, of the same party, names both roles."""
    found: list[things.Part] = []
    for part in parts:
        if not any(part.who == other.who and part.role in other.or_roles for other in found):
            found.append(part)
    return found
