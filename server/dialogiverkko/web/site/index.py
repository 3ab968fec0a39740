"""The graph as pages need it: labels, what is said of a thing, who points at it, and on which words each fact rests."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.passages import Passage, passages
from dialogiverkko.namespaces import (
    BASE,
    DLG,
    GRAPH_CATALOGUE,
    GRAPH_SOURCE,
    GRAPH_QUERIES,
    GRAPH_SHAPES,
    ID,
    RDF_TYPE,
    VOCAB,
)

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
CV = "http://data.europa.eu/m8g/"
_LEFT_OUT = (GRAPH_SHAPES, GRAPH_QUERIES, GRAPH_CATALOGUE)


@dataclass(frozen=True)
class Text:
    """Words and the language that they are in."""

    value: str
    language: str


@dataclass(frozen=True)
class Fact:
    """One statement about a thing, and the passages that say it."""

    predicate: str
    value: NamedNode | Literal
    evidence: tuple[Passage, ...]
    source: str = ""
    """The graph of enrichment that states it; empty for the listing's own."""


class Index:
    """An index over one snapshot; it never changes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.out: dict[str, list[tuple[str, NamedNode | Literal]]] = defaultdict(list)
        self.incoming: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.outside: dict[tuple[str, str, str], str] = {}
        inside: set[tuple[str, str, str]] = set()
        for name, triples in snapshot.graphs.items():
            if name in _LEFT_OUT:
                continue
            for triple in triples:
                key = (str(triple.subject), triple.predicate.value, str(triple.object))
                if name.startswith(GRAPH_SOURCE):
                    self.outside[key] = name
                else:
                    inside.add(key)
        for key in inside & set(self.outside):
            del self.outside[key]
        for triple in snapshot.merged:
            self._add(triple)
        self.passages: Mapping[str, Passage] = {p.iri: p for p in passages(snapshot)}

    def _add(self, triple: Triple) -> None:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            return
        self.out[subject.value].append((predicate, value))
        if isinstance(value, NamedNode):
            self.incoming[value.value].append((predicate, subject.value))

    # --- words ---------------------------------------------------------------------------------

    def texts(self, iri: str, *predicates: str) -> dict[str, str]:
        """Tell the texts of the first predicate that has any, by language."""
        for predicate in predicates:
            found = {
                v.language or "": v.value for p, v in self.out.get(iri, ()) if p == predicate and isinstance(v, Literal)
            }
            if found:
                return found
        return {}

    def text(self, iri: str, language: str, *predicates: str) -> Text | None:
        """Tell a text in a language, or visibly in another."""
        found = self.texts(iri, *predicates)
        for each in (language, "fi", "en", "sv", ""):
            if each in found:
                return Text(found[each], each or language)
        return None

    def label(self, iri: str, language: str) -> Text:
        """Tell the name of a thing; one without a name is told by the end of its IRI."""
        found = self.text(iri, language, SKOS + "prefLabel", RDFS_LABEL, DCTERMS + "title")
        return found or Text(iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1], "")

    # --- statements ----------------------------------------------------------------------------

    def values(self, iri: str, predicate: str) -> list[str]:
        """Tell the IRIs or literals that a predicate gives, sorted."""
        return sorted(v.value for p, v in self.out.get(iri, ()) if p == predicate)

    def value(self, iri: str, predicate: str) -> str:
        """Tell the one value of a predicate, or nothing."""
        found = self.values(iri, predicate)
        return found[0] if found else ""

    def pointing(self, iri: str, predicate: str) -> list[str]:
        """Tell the things that point at one by a predicate, sorted."""
        return sorted(s for p, s in self.incoming.get(iri, ()) if p == predicate)

    def is_a(self, iri: str, name: str) -> bool:
        """Tell whether a thing is of a class of ours."""
        return DLG + name in self.values(iri, RDF_TYPE)

    @cached_property
    def by_class(self) -> Mapping[str, tuple[str, ...]]:
        """The things of each class, by the class's IRI."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject, pairs in self.out.items():
            for predicate, value in pairs:
                if predicate == RDF_TYPE:
                    found[value.value].append(subject)
        return {name: tuple(sorted(subjects)) for name, subjects in found.items()}

    def all(self, name: str) -> tuple[str, ...]:
        """Tell the things of a class of ours."""
        return self.by_class.get(DLG + name, ())

    def sorted(self, iris: Iterator[str] | list[str] | tuple[str, ...] | set[str], language: str) -> list[str]:
        """Sort things by their names in a language."""
        return sorted(iris, key=lambda iri: (self.label(iri, language).value.casefold(), iri))

    def evidence(self, iri: str, mentioned: str = "") -> tuple[Passage, ...]:
        """Tell the passages of a thing: those that mention something, else its whole items, else all."""
        own = [self.passages[p] for p in self.values(iri, DLG + "isEvidencedBy") if p in self.passages]
        if mentioned:
            naming = [p for p in own if mentioned in self.values(p.iri, DLG + "mentions")]
            if naming:
                return tuple(naming)
            return tuple([p for p in own if p.is_item] or own)
        return tuple(sorted(own, key=lambda p: (p.line, p.start)))

    def source(self, iri: str, predicate: str, value: NamedNode | Literal) -> str:
        """Tell the graph of enrichment that alone states a fact, or nothing."""
        return self.outside.get((f"<{iri}>", predicate, str(value)), "")

    def facts(self, iri: str, predicates: tuple[str, ...]) -> list[Fact]:
        """Tell what some predicates say of a thing, with the passages that say it."""
        found = []
        for predicate in predicates:
            values = [v for p, v in self.out.get(iri, ()) if p == predicate]
            for value in sorted(values, key=str):
                mentioned = value.value if isinstance(value, NamedNode) else ""
                source = self.source(iri, predicate, value)
                found.append(Fact(predicate, value, () if source else self.evidence(iri, mentioned), source))
        return found


def address(iri: str, language: str) -> str:
    """Tell the page of a thing on this site; another's IRI is its own address."""
    if iri.startswith((ID, VOCAB, BASE + "src/")):
        return f"/{language}/page/{iri.removeprefix(ID).removeprefix(BASE)}"
    return iri
