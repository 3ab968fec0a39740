"""The graph as pages need it: labels, what is said of a thing, who points at it, and on which words each fact rests."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph import alphabet
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.mapped import Statements
from dialogiverkko.graph.source.passages import Passage, Passages
from dialogiverkko.namespaces import (
    BASE,
    DCTERMS,
    DLG,
    ID,
    RDF_TYPE,
    RDFS,
    SKOS,
)

RDFS_LABEL = RDFS + "label"
CV = "http://data.europa.eu/m8g/"
REPORTED_BY = DLG + "isReportedBy"
_KEPT = 16_384
"""How many names a process keeps, and of how many things the passages."""


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
    sources: tuple[str, ...] = ()
    """The documents that state it, where the thing is told of by several."""


def is_page(passage: Passage) -> bool:
    """Return whether a passage is a whole page of which no text is held."""
    return not passage.exact and not passage.opening


class Index:
    """An index over one snapshot; it never changes."""

    def __init__(
        self, snapshot: Snapshot, mapped: Statements | None = None, made: Mapping[str, Any] | None = None
    ) -> None:
        """Take what was made of a graph when it was built; of another it is made now, as far as it is asked for."""
        self.snapshot = snapshot
        self.mapped = mapped or Statements.of(snapshot)
        self.passages = Passages(self.mapped)
        """The passages by their IRIs."""
        self.made: dict[str, Any] = dict(made or {})  # Any: what JSON holds
        """What is gathered of the whole graph, by its name."""
        self.label = lru_cache(_KEPT)(self._label)
        self.evidence = lru_cache(_KEPT)(self._evidence)

    def once(self, name: str, make: Callable[["Index"], Any]) -> Any:
        """Return what is gathered of the whole graph under a name, as JSON has it: as it was built, else gathered once."""
        if name not in self.made:
            self.made[name] = make(self)
        return self.made[name]

    # --- words ---------------------------------------------------------------------------------

    def texts(self, iri: str, *predicates: str) -> dict[str, str]:
        """List the texts of the first predicate that has any, by language."""
        for predicate in predicates:
            found = {v.language or "": v.value for v in self.said(iri, predicate) if isinstance(v, Literal)}
            if found:
                return found
        return {}

    def text(self, iri: str, language: str, *predicates: str) -> Text | None:
        """Return a text in a language, or visibly in another."""
        found = self.texts(iri, *predicates)
        for each in (language, "fi", "en", "sv", ""):
            if each in found:
                return Text(found[each], each or language)
        return None

    def _label(self, iri: str, language: str) -> Text:
        """Return the name of a thing, or the end of its IRI where it has none."""
        found = self.text(iri, language, SKOS + "prefLabel", RDFS_LABEL, DCTERMS + "title")
        return found or Text(iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1], "")

    # --- statements ----------------------------------------------------------------------------

    def __contains__(self, iri: str) -> bool:
        """Return whether something is said of a thing."""
        return iri in self.mapped

    def said(self, iri: str, predicate: str) -> Sequence[NamedNode | Literal]:
        """List what a predicate gives, as the graph has it."""
        return self.mapped.said(iri, predicate)

    def statements(self, iri: str) -> Iterator[tuple[str, NamedNode | Literal]]:
        """Yield all that is said of a thing."""
        return self.mapped.statements(iri)

    def values(self, iri: str, predicate: str) -> list[str]:
        """List the IRIs or literals that a predicate gives, sorted."""
        return sorted(value.value for value in self.mapped.said(iri, predicate))

    def value(self, iri: str, predicate: str) -> str:
        """Return the one value of a predicate, or nothing."""
        return min((value.value for value in self.mapped.said(iri, predicate)), default="")

    def pointing(self, iri: str, predicate: str) -> list[str]:
        """List the things that point at one by a predicate, sorted."""
        return list(self.mapped.pointing(iri, predicate))

    def is_a(self, iri: str, name: str) -> bool:
        """Return whether a thing is of a class of ours."""
        return any(value.value == DLG + name for value in self.mapped.said(iri, RDF_TYPE))

    @property
    def uses(self) -> Mapping[str, int]:
        """How many statements use each predicate."""
        return self.mapped.uses

    def of_class(self, iri: str) -> tuple[str, ...]:
        """List the things of a class."""
        return self.mapped.pointing(iri, RDF_TYPE)

    def count(self, name: str) -> int:
        """Count the things of a class of ours."""
        return self.mapped.count(DLG + name, RDF_TYPE)

    def all(self, name: str) -> tuple[str, ...]:
        """List the things of a class of ours."""
        return self.of_class(DLG + name)

    def sorted(self, iris: Iterable[str], language: str) -> list[str]:
        """Sort things by their names in a language."""
        return sorted(iris, key=lambda iri: (alphabet.key(self.label(iri, language).value, language), iri))

    def _evidence(self, iri: str, mentioned: str = "") -> tuple[Passage, ...]:
        """Return the passages of a thing: those that mention something, else its whole items and pages; or all in order."""
        own = [self.passages[p] for p in self.values(iri, DLG + "isEvidencedBy") if p in self.passages]
        if mentioned:
            naming = [p for p in own if mentioned in self.values(p.iri, DLG + "mentions")]
            by_phrase = {p.document for p in naming if not is_page(p)}
            naming = [p for p in naming if not is_page(p) or p.document not in by_phrase]
            return tuple(naming or [p for p in own if p.is_item or is_page(p)])
        return tuple(sorted(own, key=lambda p: (p.document, p.line, p.start)))

    def documents_of(self, iri: str) -> tuple[str, ...]:
        """Return the sources of a thing: those of the passages that it rests on."""
        found = {self.passages.document(passage.value) for passage in self.said(iri, DLG + "isEvidencedBy")}
        return tuple(sorted(filter(None, found)))

    def stated_by(self, iri: str, predicate: str, value: NamedNode | Literal) -> tuple[str, ...]:
        """Return the documents that state a fact of a thing that several tell of; nothing of one that a single one tells of."""
        return self.mapped.stated_by(iri, predicate, value)

    def facts(self, iri: str, predicates: tuple[str, ...]) -> list[Fact]:
        """Return what some predicates say of a thing, with the passages that say it."""
        found = []
        for predicate in predicates:
            for value in sorted(self.said(iri, predicate), key=str):
                mentioned = value.value if isinstance(value, NamedNode) else ""
                sources = self.stated_by(iri, predicate, value)
                evidence = self.evidence(iri, mentioned) if predicate != REPORTED_BY else self.items_of(iri, mentioned)
                kept = tuple(p for p in evidence if not sources or p.document in sources)
                found.append(Fact(predicate, value, kept, sources))
        return found

    def items_of(self, iri: str, organisation: str) -> tuple[Passage, ...]:
        """Return the whole items of a thing that stand under the heading of an organisation or of a unit of it."""
        own = [self.passages[p] for p in self.values(iri, DLG + "isEvidencedBy") if p in self.passages]
        listed = [p for p in own if p.is_item and organisation in self.values(p.iri, DLG + "isListedUnder")]
        return tuple(listed) or self.evidence(iri, organisation)


def address(iri: str, language: str) -> str:
    """Return the page of a thing on this site; another's IRI is its own address.

    A term of the ontology stands in the vocabulary; whatever else is ours has a page under its own name.
    """
    if iri.startswith(DLG):
        return f"/{language}/vocabulary#{iri.removeprefix(DLG)}"
    local = iri.removeprefix(BASE) if iri.startswith(BASE) else None
    if local in ("", "sparql", "catalogue"):
        return f"/{language}/{local}"
    if local and (
        local.startswith(("dumps/", "tables/")) or ("." in local and "/" not in local)
    ):  # a file, not a thing
        return f"/{local}"
    if local == "ns" or (local or "").startswith("ns/"):  # the ontology, and each version of it
        return f"/{language}/vocabulary"
    if (local or "").startswith("shapes/"):
        return f"/{language}/page/shapes"
    if local is not None:
        return f"/{language}/page/{iri.removeprefix(ID).removeprefix(BASE)}"
    return iri
