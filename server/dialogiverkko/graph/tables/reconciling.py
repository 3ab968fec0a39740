"""Answers «what is this name?» over organisations, places, themes and dialogues, as the Reconciliation API asks it.

A candidate matches where its name is equal to the one asked, and nobody else's is; likeness ranks the others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.tables.known import normal
from dialogiverkko.namespaces import BASE, DCTERMS, FOAF, ID, ORG, OWL, SKOS, VOCAB

TYPES: dict[str, tuple[str, str]] = {
    "organisation": (ID + "org/", "Organisation"),
    "place": (ID + "place/", "Place"),
    "theme": (VOCAB + "theme/", "Theme"),
    "dialogue": (ID + "activity/", "Dialogue"),
}
"""The types that can be asked for: where their addresses begin, and what they are called."""
_NAMES = (SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel")
PROPERTIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "name-fi": ("Name in Finnish", (SKOS + "prefLabel",)),
    "name-sv": ("Name in Swedish", (SKOS + "prefLabel",)),
    "name-en": ("Name in English", (SKOS + "prefLabel",)),
    "same-as": ("Identifier elsewhere", (OWL + "sameAs", SKOS + "exactMatch")),
    "kind": ("Kind", (ORG + "classification", DCTERMS + "type")),
    "theme": ("Theme", (DCTERMS + "subject",)),
    "place": ("Place", ("https://w3id.org/dialogiverkko/ns#hasPlace",)),
    "part-of": ("Part of", (DCTERMS + "isPartOf", "https://w3id.org/dialogiverkko/ns#isPartOf")),
    "homepage": ("Homepage", (FOAF + "homepage",)),
}
"""What can be fetched of a thing: the property's name, and the predicates that state it."""
_LIKE = 60
_EQUAL = 100
MOST = 25


@dataclass
class Entity:
    """A thing that a name may mean."""

    id: str
    kind: str
    labels: dict[str, str] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    """Every name, in the form in which names are compared."""
    values: dict[str, list[NamedNode | Literal]] = field(default_factory=lambda: defaultdict(list))

    def label(self, language: str = "fi") -> str:
        """Return the name in a language, or in whichever there is."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.id)


@dataclass(frozen=True)
class Candidate:
    """A thing, how like its name is (of 100), and whether it is the one that is meant."""

    entity: Entity
    score: float
    match: bool


class Reconciler:
    """All names of a graph, asked many at a time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.entities: dict[str, Entity] = {}
        predicates = {predicate for _, found in PROPERTIES.values() for predicate in found}
        for triple in snapshot.merged.saying({*predicates, *_NAMES}):
            if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, NamedNode | Literal):
                continue
            predicate = triple.predicate.value
            if predicate not in predicates and predicate not in _NAMES:
                continue
            entity = self._entity(triple.subject.value)
            if entity is None:
                continue
            if predicate in predicates:
                entity.values[predicate].append(triple.object)
            if predicate in _NAMES and isinstance(triple.object, Literal):
                entity.names[normal(triple.object.value)] = None
                if predicate == _NAMES[0]:
                    entity.labels[triple.object.language or ""] = triple.object.value
        self._by_kind: dict[str, dict[str, list[Entity]]] = defaultdict(lambda: defaultdict(list))
        for entity in self.entities.values():
            for name in (*entity.names, normal(entity.id.rsplit("/", 1)[-1])):
                if entity not in self._by_kind[entity.kind][name]:
                    self._by_kind[entity.kind][name].append(entity)

    def _entity(self, iri: str) -> Entity | None:
        for kind, (base, _) in TYPES.items():
            if iri.startswith(base) and "/" not in iri.removeprefix(base):
                short = iri.removeprefix(BASE)
                return self.entities.setdefault(short, Entity(short, kind))
        return None

    def candidates(self, query: str, kinds: Collection[str] = (), most: int = 10) -> list[Candidate]:
        """Return the things that a name may mean, the likest first; one of them at most is the match."""
        text = normal(query)
        scored: dict[str, tuple[float, Entity]] = {}
        for kind in kinds or TYPES:
            names = self._by_kind.get(kind, {})
            for entity in names.get(text, []):
                scored[entity.id] = (_EQUAL, entity)
            for name, score, _ in process.extract(text, names.keys(), scorer=fuzz.token_sort_ratio, limit=most * 2):
                for entity in names[name] if score >= _LIKE else ():
                    told = min(score, _EQUAL - 1.0)
                    if scored.get(entity.id, (0.0, entity))[0] < told:
                        scored[entity.id] = (told, entity)
        named = self.entities.get(query.strip().removeprefix(BASE))
        if named is not None and (not kinds or named.kind in kinds):
            scored = {named.id: (_EQUAL, named)}  # an identifier means one thing
        equal = [entity for score, entity in scored.values() if score == _EQUAL]
        ranked = sorted(scored.values(), key=lambda pair: (-pair[0], pair[1].id))[:most]
        return [Candidate(entity, round(score, 1), len(equal) == 1 and entity is equal[0]) for score, entity in ranked]

    def having(self, found: Iterable[Candidate], wanted: Mapping[str, Collection[str]]) -> list[Candidate]:
        """Return the candidates that have, under every property asked for, one of its values."""
        return [each for each in found if all(self._has(each.entity, prop, told) for prop, told in wanted.items())]

    def of_kinds(self, kinds: Collection[str] = ()) -> list[Candidate]:
        """Return all things of some types as candidates, for a question that gives no name."""
        found = (entity for entity in self.entities.values() if not kinds or entity.kind in kinds)
        return [Candidate(entity, _EQUAL, match=False) for entity in sorted(found, key=lambda each: each.id)]

    def _has(self, entity: Entity, prop: str, told: Collection[str]) -> bool:
        said = {normal(str(value)) for cell in self.cells(entity.id, prop) for value in cell.values()}
        return any(normal(each.removeprefix(BASE)) in said or normal(each) in said for each in told)

    def suggest(self, prefix: str, kinds: Iterable[str] = (), most: int = 10, skipped: int = 0) -> list[Entity]:
        """Return the things whose name begins with a text, then those that hold it; an identifier's thing first."""
        text, named = normal(prefix), self.entities.get(prefix.strip().removeprefix(BASE))
        found = [
            (not name.startswith(text), name, entity)
            for kind in kinds or TYPES
            for name, entities in self._by_kind.get(kind, {}).items()
            if text and text in name
            for entity in entities
        ]
        ranked = sorted(found, key=lambda each: (each[0], each[1], each[2].id))
        listed = [*([named] if named else []), *(entity for _, _, entity in ranked)]
        return list({entity.id: entity for entity in listed}.values())[skipped : skipped + most]

    def cells(self, identifier: str, wanted: str) -> list[dict[str, Any]]:
        """Return what the graph says of a thing under one property, as cells of the Reconciliation API."""
        entity = self.entities.get(identifier)
        if entity is None or wanted not in PROPERTIES:
            return []
        language = wanted.removeprefix("name-") if wanted.startswith("name-") else ""
        if language:
            return [{"str": entity.labels[language]}] if language in entity.labels else []
        return [cell for predicate in PROPERTIES[wanted][1] for cell in map(self._cell, entity.values[predicate])]

    def _cell(self, value: NamedNode | Literal) -> dict[str, Any]:
        if isinstance(value, Literal):
            return {"str": value.value}
        known = self.entities.get(value.value.removeprefix(BASE))
        return {"id": known.id, "name": known.label()} if known else {"str": value.value}


def described(candidate: Candidate, language: str = "fi") -> Mapping[str, Any]:
    """Return a candidate as the Reconciliation API tells it."""
    entity = candidate.entity
    return {
        "id": entity.id,
        "name": entity.label(language),
        "type": [{"id": entity.kind, "name": TYPES[entity.kind][1]}],
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": "name-likeness", "value": candidate.score}],
    }
