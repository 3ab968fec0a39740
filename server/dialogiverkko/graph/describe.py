"""Describes the graph from the graph: VoID and DCAT-AP 3 into graph/catalogue, every number counted.

The description is part of what it describes, so it is counted too: it is made again until it agrees with itself.
VoID: https://www.w3.org/TR/void/ · DCAT-AP 3: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from dialogiverkko.graph.dumps import NAME, Dump, formats
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import BASE, GRAPH_CATALOGUE, GRAPH_SHAPES, RDF_TYPE

DATASET = BASE + "dataset"
CATALOGUE = BASE + "catalogue"
ENDPOINT = BASE + "sparql"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
SPDX = "http://spdx.org/rdf/terms#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VOID_EXT = "http://ldf.fi/void-ext#"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LINKED = {
    "yso": "http://www.yso.fi/onto/yso/",
    "wikidata": "http://www.wikidata.org/entity/",
    "ror": "https://ror.org/",
    "finlex": "http://data.finlex.fi/",
}
_LINKS = (
    "http://www.w3.org/2002/07/owl#sameAs",
    "http://www.w3.org/2004/02/skos/core#exactMatch",
    "http://www.w3.org/2004/02/skos/core#closeMatch",
    "http://www.w3.org/2004/02/skos/core#relatedMatch",
)
_ROUNDS = 10

Node = NamedNode | BlankNode | Literal


@dataclass
class Tally:
    """What is counted of a set of triples."""

    triples: int = 0
    subjects: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """Triples by class of the subject, property, and class or datatype of the object."""
    links: Counter[tuple[str, str]] = field(default_factory=Counter)


def tally(triples: Iterable[Triple], *, pairs: bool = False) -> Tally:
    """Count triples; ``pairs`` counts too what each class says of which."""
    triples = triples if isinstance(triples, tuple) else tuple(triples)
    counted = Tally(triples=len(triples))
    types: dict[str, list[str]] = defaultdict(list)
    for triple in triples:
        subject, predicate, value = str(triple.subject), triple.predicate.value, triple.object
        counted.subjects.add(subject)
        counted.objects.add(str(value))
        counted.properties[predicate] += 1
        if predicate == RDF_TYPE and isinstance(value, NamedNode):
            counted.classes[value.value] += 1
            types[subject].append(value.value)
        if predicate in _LINKS and isinstance(value, NamedNode):
            for target, namespace in _LINKED.items():
                if value.value.startswith(namespace):
                    counted.links[target, predicate] += 1
    if pairs:
        _count_pairs(triples, types, counted)
    return counted


def _count_pairs(triples: tuple[Triple, ...], types: Mapping[str, list[str]], counted: Tally) -> None:
    for triple in triples:
        value = triple.object
        if isinstance(value, Literal):
            targets = [("datatype", value.datatype.value)]
        else:
            targets = [("class", each) for each in types.get(str(value), ())]
        for subject_class in types.get(str(triple.subject), ()):
            for how, target in targets:
                counted.pairs[subject_class, triple.predicate.value, how, target] += 1


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
    yield DATASET, VOID + "distinctSubjects", _number(len(merged.subjects))
    yield DATASET, VOID + "distinctObjects", _number(len(merged.objects))
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


def _partitions(base: Tally, merged: Tally) -> Iterator[Statement]:
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


def checksums(dumps: Iterable[Dump]) -> list[Triple]:
    """State size and SHA-256 of each dump: what a dump cannot say of itself."""
    said: list[Statement] = []
    for dump in dumps:
        part = _part("distribution", dump.media_type.suffix)
        sum_ = part + "/checksum"
        said += [
            (
                part,
                DCAT + "byteSize",
                Literal(str(len(dump.body)), datatype=NamedNode(XSD + "nonNegativeInteger")),
            ),
            (part, SPDX + "checksum", sum_),
            (sum_, RDF_TYPE, SPDX + "Checksum"),
            (sum_, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256"),
            (sum_, SPDX + "checksumValue", Literal(dump.sha256, datatype=NamedNode(XSD + "hexBinary"))),
        ]
    return _triples(said)


def _triples(said: Iterable[Statement]) -> list[Triple]:
    return [Triple(NamedNode(s), NamedNode(p), _node(o)) for s, p, o in said]


def describe(snapshot: Snapshot) -> Snapshot:
    """Add the description of the whole to graph/catalogue, in agreement with the graph that holds it."""
    stated = snapshot.graphs.get(GRAPH_CATALOGUE, ())
    base = tally(snapshot.merged, pairs=True)
    present = set(snapshot.merged)
    added: tuple[Triple, ...] = ()
    for _ in range(_ROUNDS):
        new = tuple(triple for triple in added if triple not in present)
        merged = _sum(base, tally(new))
        sizes = {name: len(triples) for name, triples in snapshot.graphs.items()}
        sizes[GRAPH_CATALOGUE] = len(set(stated) | set(added))
        said = [
            *_whole(merged, snapshot.prefixes), *_partitions(base, merged), *_linksets(merged),
            *_subsets(sizes), *_distributions(),
        ]  # fmt: skip
        described = tuple(sorted(set(_triples(said)), key=str))
        if described == added:
            break
        added = described
    return snapshot.with_graph(GRAPH_CATALOGUE, [*stated, *added])


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        one.triples + other.triples, one.subjects | other.subjects, one.objects | other.objects,
        one.classes + other.classes, one.properties + other.properties, one.pairs, one.links + other.links,
    )  # fmt: skip
