"""The reference of the vocabulary: every class, property, scheme and prefix, read from the graph with how often each is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialogiverkko.graph.lines import ordered
from dialogiverkko.namespaces import DLG, GRAPH_ONTOLOGY, OWL, RDF_TYPE, RDFS, SKOS, VOCAB
from dialogiverkko.web.services import Services
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments

_KINDS = {OWL + "Class": "class", OWL + "ObjectProperty": "object", OWL + "DatatypeProperty": "datatype"}
MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))
_SAID_OF_A_CONCEPT = frozenset(SKOS + n for n in ("inScheme", "broader", "narrower", "hasTopConcept", "topConceptOf"))


@dataclass(frozen=True)
class Term:
    """One class or property."""

    iri: str
    name: str
    """Its IRI in short, with the prefix where it is another's."""
    kind: str
    uses: int
    """Things of the class, or statements with the property."""
    above: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    matches: tuple[tuple[str, str], ...]
    """How it relates to terms of others: the relation and the other term."""


@dataclass(frozen=True)
class Branch:
    """One concept in the tree of its scheme."""

    iri: str
    uses: int
    """Statements that point at it."""
    below: tuple["Branch", ...]


@dataclass(frozen=True)
class Scheme:
    """One scheme with its tree."""

    iri: str
    name: str
    size: int
    top: tuple[Branch, ...]


def short(index: Index, iri: str) -> str:
    """Write an IRI with its prefix, where the table has one."""
    if iri.startswith(DLG):
        return iri.removeprefix(DLG)
    fits = [(name, space) for name, space in index.snapshot.prefixes.items() if space and iri.startswith(space)]
    name, space = max(fits, key=lambda pair: len(pair[1]), default=("", ""))
    return f"{name}:{iri.removeprefix(space)}" if name else iri


@lru_cache(maxsize=6)
def terms(index: Index, language: str) -> Mapping[str, Sequence[Term]]:
    """List the terms of the ontology by kind; ``reused`` are those of others that it names."""
    used = index.uses
    named = set(ordered(index.snapshot.graphs[GRAPH_ONTOLOGY]).subjects())
    own = [iri for iri in named if iri.startswith(DLG) and index.values(iri, RDFS + "isDefinedBy")]
    others = [iri for iri in named if not iri.startswith(DLG) and index.values(iri, RDFS + "label")]
    found: dict[str, list[Term]] = {"class": [], "object": [], "datatype": [], "reused": []}
    for iri in index.sorted(own, language) + index.sorted(others, language):
        types = [k for t, k in _KINDS.items() if t in index.values(iri, RDF_TYPE)]
        uses = index.mapped.count(iri, RDF_TYPE) or used.get(iri, 0)
        kind = types[0] if types else ""
        term = Term(
            iri, short(index, iri), kind, uses,
            tuple(index.values(iri, RDFS + "subClassOf") + index.values(iri, RDFS + "subPropertyOf")),
            tuple(index.values(iri, RDFS + "domain")), tuple(index.values(iri, RDFS + "range")),
            tuple((match, other) for match in MATCHES for other in index.values(iri, match)),
        )  # fmt: skip
        found[kind if iri.startswith(DLG) and kind else "reused"].append(term)
    return found


def _branch(index: Index, iri: str, language: str, above: frozenset[str]) -> Branch:
    uses = index.mapped.users(iri, _SAID_OF_A_CONCEPT)
    below = [c for c in index.pointing(iri, SKOS + "broader") if c not in above]
    return Branch(iri, uses, tuple(_branch(index, c, language, above | {iri}) for c in index.sorted(below, language)))


def schemes(index: Index, language: str) -> list[Scheme]:
    """List the schemes, each as a tree."""
    found = []
    for iri in index.sorted([s for s in index.of_class(SKOS + "ConceptScheme") if s.startswith(VOCAB)], language):
        concepts = index.pointing(iri, SKOS + "inScheme")
        top = [c for c in concepts if not index.values(c, SKOS + "broader")]
        branches = tuple(_branch(index, c, language, frozenset()) for c in index.sorted(top, language))
        found.append(Scheme(iri, iri.removeprefix(VOCAB), len(concepts), branches))
    return found


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the page of the vocabulary."""
    del services, arguments
    return {
        "terms": terms(index, language),
        "schemes": schemes(index, language),
        "prefixes": sorted(index.snapshot.prefixes.items()),
        "short": lambda iri: short(index, iri),
        "index": index,
    }
