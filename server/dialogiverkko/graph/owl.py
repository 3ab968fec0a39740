"""The ontology as one document of OWL 2 DL: one header, and a declaration of every term of others that it uses."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from dialogiverkko.namespaces import BASE, OWL, RDF_TYPE, RDFS, XSD

ONTOLOGY = BASE + "ns"
_RDF = RDF_TYPE.removesuffix("type")
_RESERVED = (OWL, RDFS, XSD, _RDF)
KINDS = tuple(OWL + name for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
_TAKES_CLASSES = (
    RDFS + "subClassOf",
    RDFS + "domain",
    *(OWL + name for name in ("equivalentClass", "disjointWith", "complementOf", "onClass", "someValuesFrom")),
)
_TAKES_PROPERTIES = (
    RDFS + "subPropertyOf",
    *(OWL + name for name in ("equivalentProperty", "inverseOf", "propertyDisjointWith")),
)
_EXTRA_HEADER = (OWL + "imports", OWL + "versionIRI")


def document(triples: Iterable[Triple]) -> list[Triple]:
    """Return the ontology with one header, the others' kept as plain resources, and its declarations added."""
    given = list(triples)
    kept = [triple for triple in given if not _is_other_header(triple)]
    return [*kept, *sorted(set(_declarations(kept)) - set(kept), key=str)]


def _is_other_header(triple: Triple) -> bool:
    """Return whether a triple makes something else than the ontology a document of OWL."""
    if getattr(triple.subject, "value", "") == ONTOLOGY:
        return False
    is_type = triple.predicate.value == RDF_TYPE and triple.object == NamedNode(OWL + "Ontology")
    return is_type or triple.predicate.value in _EXTRA_HEADER


def _declarations(triples: list[Triple]) -> Iterator[Triple]:
    """Declare each property, class and datatype that is used, once, as what it is used for."""
    kinds = {s: o for s, p, o in _names(triples) if p == RDF_TYPE and o in KINDS}
    for _, predicate, _ in _names(triples):
        if not predicate.startswith(_RESERVED):
            kinds.setdefault(predicate, OWL + "AnnotationProperty")
    for subject, predicate, value in _names(triples):
        if not value or value.startswith(_RESERVED):
            continue
        if predicate == RDFS + "range" and kinds.get(subject) == OWL + "DatatypeProperty":
            yield _typed(value, RDFS + "Datatype")
        elif predicate in (RDF_TYPE, RDFS + "range", *_TAKES_CLASSES):
            yield _typed(value, OWL + "Class")
        elif predicate in _TAKES_PROPERTIES:
            kinds.setdefault(value, kinds.get(subject, KINDS[0]))
    yield from (_typed(name, kind) for name, kind in kinds.items())


def _names(triples: list[Triple]) -> Iterator[tuple[str, str, str]]:
    """Give subject, predicate and object as IRIs, each empty where it is none."""
    for triple in triples:
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        yield subject, triple.predicate.value, triple.object.value if isinstance(triple.object, NamedNode) else ""


def _typed(name: str, kind: str) -> Triple:
    return Triple(NamedNode(name), NamedNode(RDF_TYPE), NamedNode(kind))
