"""Describes the graph from the graph: VoID and DCAT-AP 3 into graph/catalogue, every number counted.

The description is part of what it describes, so it is counted too: it is made again until it agrees with itself.
VoID: https://www.w3.org/TR/void/ · DCAT-AP 3: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product, starmap
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from dialogiverkko.graph import dcat
from dialogiverkko.graph.beside import in_threads
from dialogiverkko.graph.dcat import CATALOGUE, DATASET, ENDPOINT
from dialogiverkko.graph.dumps import NAME, AnyDump, formats
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import (
    BASE,
    DCAT,
    DCTERMS,
    GRAPH_CATALOGUE,
    GRAPH_SHAPES,
    GRAPH_SOURCE,
    ID,
    OWL,
    RDF_TYPE,
    SKOS,
    XSD,
)

VOID = "http://rdfs.org/ns/void#"
SPDX = "http://spdx.org/rdf/terms#"
VOID_EXT = "http://ldf.fi/void-ext#"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LINKED = {
    "yso": "http://www.yso.fi/onto/yso/",
    "wikidata": "http://www.wikidata.org/entity/",
    "ror": "https://ror.org/",
    "finlex": "http://data.finlex.fi/",
}
_LINKS = (
    OWL + "sameAs",
    SKOS + "exactMatch",
    SKOS + "closeMatch",
    SKOS + "relatedMatch",
)
_ROUNDS = 10

Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class Tally:
    """What is counted of a set of triples."""

    triples: int
    subjects: int
    objects: int
    classes: Counter[str]
    properties: Counter[str]
    links: Counter[tuple[str, str]]
    pairs: Counter[tuple[str, str, str, str]]
    """Triples by class of the subject, property, and class or datatype of the object."""


_CLASSES = "SELECT ?class (COUNT(*) AS ?n) { ?s a ?class FILTER(isIRI(?class)) } GROUP BY ?class"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
_SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"
_OBJECTS = "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"
_PAIRS = {
    "class": "?o a ?type FILTER(isIRI(?type))",
    "datatype": "FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?type)",
}


def _paired(class_: str, how: str) -> str:
    """Ask for the pairs of one class: two threads that share many pieces end together."""
    return f"SELECT ?p ?type (COUNT(*) AS ?n) {{ ?s a <{class_}> ; ?p ?o . {_PAIRS[how]} }} GROUP BY ?p ?type"


def _linked(target: str, predicate: str) -> str:
    of = f'?s <{predicate}> ?o FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{_LINKED[target]}"))'
    return f"SELECT (COUNT(*) AS ?n) {{ {of} }}"


def tally(store: Store) -> Tally:
    """Count the default graph of a store."""
    classes = Counter({name: number for (name,), number in _table(store, _CLASSES).items()})
    pairs = list(product((name for name, _ in classes.most_common()), _PAIRS))
    links = list(product(_LINKED, _LINKS))
    queries = [_OBJECTS, _SUBJECTS, _PROPERTIES, *starmap(_paired, pairs), *starmap(_linked, links)]
    objects, subjects, properties, *tables = in_threads([partial(_table, store, query) for query in queries])
    paired, linked = tables[: len(pairs)], tables[len(pairs) :]
    return Tally(
        properties.total(),
        subjects.total(),
        objects.total(),
        classes,
        Counter({name: number for (name,), number in properties.items()}),
        +Counter({link: table.total() for link, table in zip(links, linked, strict=True)}),
        Counter(
            {
                (class_, name, how, target): number
                for (class_, how), table in zip(pairs, paired, strict=True)
                for (name, target), number in table.items()
            }
        ),
    )


def _table(store: Store, query: str) -> Counter[tuple[str, ...]]:
    """Read an answer whose rows are IRIs and a number."""
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - a SELECT's answer
    rows = ([cell.value for cell in row if isinstance(cell, NamedNode | Literal)] for row in answer)
    return Counter({tuple(key): int(number) for *key, number in rows})


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def _node(value: str | Node) -> Node:
    return NamedNode(value) if isinstance(value, str) else value


def _part(*names: str) -> str:
    return f"{DATASET}/{'/'.join(names)}"


def _hash(*names: str) -> str:
    return hashlib.sha256("\x00".join(names).encode()).hexdigest()[:16]


Statement = tuple[str, str, str | Node]


def _whole(merged: Tally, prefixes: Mapping[str, str]) -> Iterator[Statement]:
    yield DATASET, RDF_TYPE, VOID + "Dataset"
    yield DATASET, RDF_TYPE, DCAT + "Dataset"
    yield DATASET, VOID + "sparqlEndpoint", ENDPOINT
    yield DATASET, VOID + "uriSpace", Literal(BASE)
    yield DATASET, VOID + "triples", _number(merged.triples)
    yield DATASET, VOID + "distinctSubjects", _number(merged.subjects)
    yield DATASET, VOID + "distinctObjects", _number(merged.objects)
    yield DATASET, VOID + "classes", _number(len(merged.classes))
    yield DATASET, VOID + "properties", _number(len(merged.properties))
    used = {n for n in prefixes.values() if n and any(p.startswith(n) for p in merged.properties)}
    for namespace in sorted(used):
        yield DATASET, VOID + "vocabulary", namespace
    yield CATALOGUE, RDF_TYPE, DCAT + "Catalog"
    yield CATALOGUE, DCAT + "dataset", DATASET
    yield CATALOGUE, DCAT + "service", ENDPOINT
    yield ENDPOINT, RDF_TYPE, DCAT + "DataService"
    yield ENDPOINT, DCAT + "servesDataset", DATASET
    yield ENDPOINT, DCAT + "endpointURL", ENDPOINT
    yield ENDPOINT, DCTERMS + "conformsTo", "https://www.w3.org/TR/sparql11-protocol/"


def _partitions(merged: Tally) -> Iterator[Statement]:
    for name, count in merged.classes.items():
        part = _part("class", _hash(name))
        yield DATASET, VOID + "classPartition", part
        yield part, VOID + "class", name
        yield part, VOID + "entities", _number(count)
    for name, count in merged.properties.items():
        part = _part("property", _hash(name))
        yield DATASET, VOID + "propertyPartition", part
        yield part, VOID + "property", name
        yield part, VOID + "triples", _number(count)


def _pairs(base: Tally) -> Iterator[Statement]:
    for (subject_class, name, how, target), count in base.pairs.items():
        part = _part("class", _hash(subject_class), "property", _hash(name))
        yield _part("class", _hash(subject_class)), VOID + "propertyPartition", part
        yield part, VOID + "property", name
        leaf = f"{part}/{how}/{_hash(target)}"
        if how == "datatype":
            yield part, VOID_EXT + "datatypePartition", leaf
            yield leaf, VOID_EXT + "datatype", target
        else:
            yield part, VOID + "classPartition", leaf
            yield leaf, VOID + "class", target
        yield leaf, VOID + "triples", _number(count)


def _linksets(merged: Tally) -> Iterator[Statement]:
    for (target, predicate), count in merged.links.items():
        part = _part("links", target, predicate.rsplit("#", 1)[-1])
        yield part, RDF_TYPE, VOID + "Linkset"
        yield part, VOID + "target", DATASET
        yield part, VOID + "target", _part("target", target)
        yield part, VOID + "linkPredicate", predicate
        yield part, VOID + "triples", _number(count)
        yield _part("target", target), RDF_TYPE, VOID + "Dataset"
        yield _part("target", target), VOID + "uriSpace", Literal(_LINKED[target])
        yield DATASET, VOID + "subset", part


def _subsets(sizes: Mapping[str, int]) -> Iterator[Statement]:
    for name, size in sizes.items():
        yield name, RDF_TYPE, VOID + "Dataset"
        yield name, VOID + "triples", _number(size)
        yield name, DCTERMS + "license", "https://creativecommons.org/licenses/by/4.0/"
        if name != GRAPH_SHAPES:
            yield DATASET, VOID + "subset", name


def _titles(snapshot: Snapshot) -> Iterator[Statement]:
    """Call the graph of a source as the source is called."""
    for name, triples in snapshot.graphs.items():
        if name.startswith(GRAPH_SOURCE):
            document = f"{ID}doc/{name.removeprefix(GRAPH_SOURCE)}"
            for title in ordered(triples).values(document, SKOS + "prefLabel"):
                if isinstance(title, Literal):
                    yield name, DCTERMS + "title", title


def _distributions() -> Iterator[Statement]:
    for media_type in formats():
        address = f"{BASE}dumps/{NAME}.{media_type.suffix}"
        part = _part("distribution", media_type.suffix)
        yield DATASET, DCAT + "distribution", part
        yield DATASET, VOID + "dataDump", address
        yield part, RDF_TYPE, DCAT + "Distribution"
        yield part, DCTERMS + "title", Literal(media_type.label, language="en")
        yield part, DCAT + "mediaType", _MEDIA + media_type.name
        yield part, DCAT + "downloadURL", address
        yield part, DCAT + "accessURL", address
        yield part, DCTERMS + "license", "https://creativecommons.org/licenses/by/4.0/"


def checksums(dumps: Iterable[AnyDump]) -> list[Triple]:
    """State size and SHA-256 of each dump: what a dump cannot say of itself."""
    said: list[Statement] = []
    for dump in dumps:
        part = _part("distribution", dump.media_type.suffix)
        sum_ = part + "/checksum"
        said += [
            (
                part,
                DCAT + "byteSize",
                Literal(str(dump.size), datatype=NamedNode(XSD + "nonNegativeInteger")),
            ),
            (part, SPDX + "checksum", sum_),
            (sum_, RDF_TYPE, SPDX + "Checksum"),
            (sum_, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256"),
            (sum_, SPDX + "checksumValue", Literal(dump.sha256, datatype=NamedNode(XSD + "hexBinary"))),
        ]
    return _triples(said)


def _triples(said: Iterable[Statement]) -> list[Triple]:
    return [Triple(NamedNode(s), NamedNode(p), _node(o)) for s, p, o in said]


def describe(snapshot: Snapshot, store: Store) -> Snapshot:
    """Add the description of the whole to graph/catalogue, in agreement with the graph that holds it.

    ``store`` holds the merge and is added to.
    """
    stated = frozenset(snapshot.graphs.get(GRAPH_CATALOGUE, ()))
    base = tally(store)
    held = _Held(store)
    lasting = frozenset(_triples([
        *_pairs(base), *_titles(snapshot), *_distributions(), *dcat.offered(), *dcat.recommended(stated)
    ]))  # fmt: skip
    known = _Extension.of(lasting, held)
    sizes = dict(snapshot.counts)
    merged, counted, before = base, 0, frozenset[Triple]()
    for _ in range(_ROUNDS):
        sizes[GRAPH_CATALOGUE] = len(stated) + counted
        said = [*_whole(merged, snapshot.prefixes), *_partitions(merged), *_linksets(merged), *_subsets(sizes)]
        described = frozenset(_triples(said)) - lasting
        if described == before:
            break
        before = described
        counted = len((lasting | described) - stated)
        merged = (known | _Extension.of(described, held)).added_to(base)
    added = lasting | before
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in added)
    return snapshot.with_graph(GRAPH_CATALOGUE, stated | added)


class _Held:
    """What the default graph of a store holds, looked up once: most of a description is the same in each round."""

    def __init__(self, store: Store) -> None:
        default = DefaultGraph()
        self.triple = cache(lambda t: Quad(t.subject, t.predicate, t.object, default) in store)
        self.subject = cache(lambda term: any(store.quads_for_pattern(term, None, None, default)))
        self.object = cache(lambda term: any(store.quads_for_pattern(None, None, term, default)))


@dataclass(frozen=True)
class _Extension:
    """What some triples would add to a store; those that it holds already add nothing."""

    triples: int
    subjects: frozenset[Any]  # Any: terms, of triples and within triples
    objects: frozenset[Any]
    classes: Counter[str]
    properties: Counter[str]

    @classmethod
    def of(cls, triples: Iterable[Triple], held: _Held) -> "_Extension":
        """Count them."""
        new = [t for t in triples if not held.triple(t)]
        types = (t.object.value for t in new if t.predicate.value == RDF_TYPE and isinstance(t.object, NamedNode))
        return cls(
            len(new),
            frozenset(t.subject for t in new if not held.subject(t.subject)),
            frozenset(t.object for t in new if not held.object(t.object)),
            Counter(types),
            Counter(t.predicate.value for t in new),
        )

    def __or__(self, other: "_Extension") -> "_Extension":
        """Count both, which have no triple in common."""
        return _Extension(
            self.triples + other.triples,
            self.subjects | other.subjects,
            self.objects | other.objects,
            self.classes + other.classes,
            self.properties + other.properties,
        )

    def added_to(self, base: Tally) -> Tally:
        """Count what the store would hold."""
        return replace(
            base,
            triples=base.triples + self.triples,
            subjects=base.subjects + len(self.subjects),
            objects=base.objects + len(self.objects),
            classes=base.classes + self.classes,
            properties=base.properties + self.properties,
        )
