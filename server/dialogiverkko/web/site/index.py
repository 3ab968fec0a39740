"""The graph as pages need it: labels, what is said of a thing, who points at it, and on which words each fact rests."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph import alphabet
from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.passages import Passage, passages
from dialogiverkko.namespaces import (
    BASE,
    DCTERMS,
    DLG,
    GRAPH_CATALOGUE,
    GRAPH_QUERIES,
    GRAPH_SHAPES,
    ID,
    OA,
    RDF_TYPE,
    RDFS,
    SKOS,
)

RDFS_LABEL = RDFS + "label"
CV = "http://data.europa.eu/m8g/"
_HAS_SOURCE = OA + "hasSource"
REPORTED_BY = DLG + "isReportedBy"
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
    sources: tuple[str, ...] = ()
    """The documents that state it, where the thing is told of by several."""


def is_page(passage: Passage) -> bool:
    """Return whether a passage is a whole page of which no text is held."""
    return not passage.exact and not passage.opening


class Index:
    """An index over one snapshot; it never changes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.out: dict[str, list[tuple[str, NamedNode | Literal]]] = defaultdict(list)
        self.incoming: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject, predicate, value in snapshot.merged.statements():
            self.out[subject].append((predicate, value))
            if isinstance(value, NamedNode):
                self.incoming[value.value].append((predicate, subject))

    @cached_property
    def passages(self) -> Mapping[str, Passage]:
        """The passages by their IRIs."""
        return {p.iri: p for p in passages(self.snapshot)}

    @cached_property
    def origins(self) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
        """Which documents state each fact of the things that more than one tells of."""
        return _origins(self.snapshot)

    # --- words ---------------------------------------------------------------------------------

    def texts(self, iri: str, *predicates: str) -> dict[str, str]:
        """List the texts of the first predicate that has any, by language."""
        for predicate in predicates:
            found = {
                v.language or "": v.value for p, v in self.out.get(iri, ()) if p == predicate and isinstance(v, Literal)
            }
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

    def label(self, iri: str, language: str) -> Text:
        """Return the name of a thing, or the end of its IRI where it has none."""
        found = self.text(iri, language, SKOS + "prefLabel", RDFS_LABEL, DCTERMS + "title")
        return found or Text(iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1], "")

    # --- statements ----------------------------------------------------------------------------

    def values(self, iri: str, predicate: str) -> list[str]:
        """List the IRIs or literals that a predicate gives, sorted."""
        return sorted(v.value for p, v in self.out.get(iri, ()) if p == predicate)

    def value(self, iri: str, predicate: str) -> str:
        """Return the one value of a predicate, or nothing."""
        found = self.values(iri, predicate)
        return found[0] if found else ""

    def pointing(self, iri: str, predicate: str) -> list[str]:
        """List the things that point at one by a predicate, sorted."""
        return sorted(s for p, s in self.incoming.get(iri, ()) if p == predicate)

    def is_a(self, iri: str, name: str) -> bool:
        """Return whether a thing is of a class of ours."""
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

    @cached_property
    def uses(self) -> Counter[str]:
        """How many statements use each predicate."""
        return Counter(predicate for pairs in self.out.values() for predicate, _ in pairs)

    def all(self, name: str) -> tuple[str, ...]:
        """List the things of a class of ours."""
        return self.by_class.get(DLG + name, ())

    def sorted(self, iris: Iterator[str] | list[str] | tuple[str, ...] | set[str], language: str) -> list[str]:
        """Sort things by their names in a language."""
        return sorted(iris, key=lambda iri: (alphabet.key(self.label(iri, language).value, language), iri))

    def evidence(self, iri: str, mentioned: str = "") -> tuple[Passage, ...]:
        """Return the passages of a thing: those that mention something, else its whole items and pages; or all in order."""
        own = [self.passages[p] for p in self.values(iri, DLG + "isEvidencedBy") if p in self.passages]
        if mentioned:
            naming = [p for p in own if mentioned in self.values(p.iri, DLG + "mentions")]
            return tuple(naming or [p for p in own if p.is_item or is_page(p)])
        return tuple(sorted(own, key=lambda p: (p.document, p.line, p.start)))

    def documents_of(self, iri: str) -> tuple[str, ...]:
        """Return the sources of a thing: those of the passages that it rests on."""
        found = {self.passages[p].document for p in self.values(iri, DLG + "isEvidencedBy") if p in self.passages}
        return tuple(sorted(found))

    def stated_by(self, iri: str, predicate: str, value: NamedNode | Literal) -> tuple[str, ...]:
        """Return the documents that state a fact of a thing that several tell of; nothing of one that a single one tells of."""
        return self.origins.get((f"<{iri}>", predicate, str(value)), ())

    def facts(self, iri: str, predicates: tuple[str, ...]) -> list[Fact]:
        """Return what some predicates say of a thing, with the passages that say it."""
        found = []
        for predicate in predicates:
            values = [v for p, v in self.out.get(iri, ()) if p == predicate]
            for value in sorted(values, key=str):
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


def _origins(snapshot: Snapshot) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
    """Return which documents state each fact of the things that more than one document tells of."""
    told = _documents_of_graphs(snapshot)
    tellers: dict[str, set[str]] = defaultdict(set)
    for name, documents in told.items():
        for subject in ordered(snapshot.graphs[name]).subjects():
            tellers[f"<{subject}>"].add(_whole(name, documents))
    shared = {subject for subject, documents in tellers.items() if len(documents) > 1}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for name, documents in told.items():
        pages = _pages_of_facts(ordered(snapshot.graphs[name])) if len(documents) > 1 else {}
        whole = {_whole(name, documents)}
        for subject, predicate, term in ordered(snapshot.graphs[name]).statements() if shared else ():
            thing, value = f"<{subject}>", str(term)
            if thing in shared:
                found[thing, predicate, value] |= pages.get((thing, value)) or whole
    return {key: tuple(sorted(documents)) for key, documents in found.items()}


def _documents_of_graphs(snapshot: Snapshot) -> Mapping[str, list[str]]:
    """Return the documents that each graph of sources is about; those of a graph hold for the graphs below it."""
    document_type = (RDF_TYPE, f"<{DLG}SourceDocument>")
    roots: dict[str, list[str]] = defaultdict(list)
    for name, triples in snapshot.graphs.items():
        for triple in ordered(triples).saying((RDF_TYPE,)) if name not in _LEFT_OUT else ():
            if (triple.predicate.value, str(triple.object)) == document_type and isinstance(triple.subject, NamedNode):
                roots[name].append(triple.subject.value)
    return {
        name: documents
        for name in snapshot.graphs
        for root, documents in roots.items()
        if name == root or name.startswith(root + "/")
    }


def _whole(graph: str, documents: Sequence[str]) -> str:
    """Return the document that a graph is as a whole: of several the one that the graph is named after."""
    slug = graph.rsplit("/", 1)[-1]
    return next((document for document in documents if document.rsplit("/", 1)[-1] == slug), documents[0])


def _pages_of_facts(triples: Triples) -> Mapping[tuple[str, str], set[str]]:
    """Return for a thing and a value the pages of a graph whose passages on the thing mention the value."""
    rests: dict[str, set[str]] = defaultdict(set)
    mentions: dict[str, set[str]] = defaultdict(set)
    source: dict[str, str] = {}
    for name, predicate, term in triples.statements((DLG + "isEvidencedBy", DLG + "mentions", _HAS_SOURCE)):
        subject, value = f"<{name}>", str(term)
        if predicate == DLG + "isEvidencedBy":
            rests[subject].add(value)
        elif predicate == DLG + "mentions":
            mentions[subject].add(value)
        else:
            source[subject] = value.strip("<>")
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for thing, bases in rests.items():
        for passage in bases & source.keys():
            for value in mentions[passage]:
                found[thing, value].add(source[passage])
    return found


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
