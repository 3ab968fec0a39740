"""Leaves pySHACL only the nodes that may break a shape: the engine finds them, pySHACL judges them.

Most nodes conform, and the engine sees that two orders of magnitude sooner than pySHACL on rdflib. The targets of a
shape are replaced by the nodes that may break it (``graph/conformance``); a shape that has no translation keeps its
targets. pySHACL reads the engine's store itself, so the graph is held once.
"""

import re
from collections.abc import Generator, Iterator
from decimal import Decimal
from functools import cache, partial
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from dialogiverkko.graph.validation.conformance import TARGETS, Conditions, UntranslatableError
from dialogiverkko.namespaces import OWL

_BY_KIND = {
    SH.targetClass: "?this a {}",
    SH.targetSubjectsOf: "?this {} ?any",
    SH.targetObjectsOf: "?any {} ?this",
}
_CLASSES = (RDFS.Class, URIRef(OWL + "Class"))
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
"""How XSD writes whole numbers and decimals; white space around them is spared, as the engine does."""


class Comparable(RdfLiteral):
    """A literal that is in no order with what it cannot be compared with, where rdflib leaves it to Python to raise.

    A value that is not in order breaks sh:lessThan and sh:lessThanOrEquals (SHACL, 4.5.3 and 4.5.4): a mistyped date
    is a finding, not the end of the validation. So is what Python reads as a number and XSD does not: 1_0, NaN as a
    decimal.
    """

    def __new__(cls, text: str, lang: str | None = None, datatype: URIRef | None = None) -> "Comparable":
        """Make a literal of exactly this lexical form."""
        literal: Comparable = super().__new__(cls, text, lang=lang, datatype=datatype, normalize=False)
        if type(literal.value) in (int, Decimal) and not _NUMBER.fullmatch(text):
            literal._value, literal._ill_typed = None, True
        return literal

    def __lt__(self, other: object) -> bool:
        return super().__lt__(other) is True

    def __le__(self, other: object) -> bool:
        return super().__le__(other) is True

    def __gt__(self, other: object) -> bool:
        return super().__gt__(other) is True

    __hash__ = RdfLiteral.__hash__


def rdflib_term(term: NamedNode | BlankNode | Literal) -> Node:
    """Make the rdflib term that is equal to an engine's."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language:
        return Comparable(term.value, lang=term.language)
    datatype = None if term.datatype.value.endswith("#string") else URIRef(term.datatype.value)
    return Comparable(term.value, datatype=datatype)


def engine_term(term: Node) -> NamedNode | BlankNode | Literal:
    """Make the engine's term that is equal to an rdflib one."""
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode(str(term))
    if isinstance(term, RdfLiteral) and term.language:
        return Literal(str(term), language=term.language)
    datatype = term.datatype if isinstance(term, RdfLiteral) else None
    return Literal(str(term), datatype=NamedNode(str(datatype)) if datatype else None)


class EngineGraph(Graph):
    """The default graph of an engine's store as an rdflib graph that can be read only."""

    def __init__(self, store: Store) -> None:
        super().__init__(bind_namespaces="none")
        self._engine = store
        self._size = len(store)
        """Counted once: the engine counts by looking at each quad."""

    def triples(self, triple: Any) -> Generator[Any, None, None]:  # rdflib overloads it by the kind of path
        """Yield the triples that match a pattern."""
        subject, predicate, value = (None if term is None else engine_term(term) for term in triple)
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode | None):
            return
        for quad in self._engine.quads_for_pattern(subject, predicate, value, DefaultGraph()):
            yield tuple(rdflib_term(term) for term in (quad.subject, quad.predicate, quad.object))  # type: ignore[arg-type]  # no triple terms in our files

    def __len__(self) -> int:
        return self._size

    def let_go(self) -> None:
        """Let go of the store: a graph of rdflib refers to itself, and would hold it until it is collected."""
        self._engine = Store()


def narrowed(shapes: Graph, store: Store) -> Graph:
    """Copy a shapes graph in which the targets of shapes are the nodes that may break them.

    A shape that says what has no translation keeps its targets: pySHACL looks at every node of it, which is slow.
    """
    copy = Graph()
    copy += shapes
    for shape, suspects in suspects_by_shape(shapes, store):
        for kind in _BY_KIND:
            copy.remove((shape, kind, None))
        for term in suspects:
            copy.add((shape, SH.targetNode, rdflib_term(term)))
    return copy


def suspects_by_shape(shapes: Graph, store: Store) -> Iterator[tuple[Node, list[NamedNode | BlankNode | Literal]]]:
    """Yield each shape that can be translated, with the nodes that may break it."""
    conditions = Conditions(shapes, cache(partial(_below, store)))
    for shape in _targeting(shapes):
        try:
            breach = _breach(shape, conditions)
        except UntranslatableError:
            continue
        yield shape, [term for pattern in _targets(shape, conditions) for term in _select(store, pattern, breach)]


def slow_shapes(shapes: Graph) -> dict[Node, str]:
    """List the shapes that pySHACL checks node by node, each with what has no translation."""
    conditions = Conditions(shapes, lambda _: [])
    found: dict[Node, str] = {}
    for shape in _targeting(shapes):
        try:
            _breach(shape, conditions)
        except UntranslatableError as error:
            found[shape] = str(error)
    return found


def _targeting(shapes: Graph) -> set[Node]:
    return {each for target in TARGETS for each in shapes.subjects(target, None)}


def _breach(shape: Node, conditions: Conditions) -> str:
    """Write the condition under which a node may break a shape; raises UntranslatableError."""
    if any((shape, RDF.type, each) in conditions.shapes for each in _CLASSES):
        raise UntranslatableError("a class that is its own target")
    return conditions.breaks(shape, "?this", surely=False)


def _below(store: Store, class_: Node) -> list[Node]:
    under = f"?class {RDFS.subClassOf.n3()}+ {class_.n3()} FILTER(?class != {class_.n3()})"
    found = _rows(store, f"SELECT DISTINCT ?class {{ {under} }}")
    return [URIRef(name) for name in sorted(each.value for each in found if isinstance(each, NamedNode))]


def _targets(shape: Node, conditions: Conditions) -> Iterator[str]:
    for kind, pattern in _BY_KIND.items():
        for target in conditions.shapes.objects(shape, kind):
            yield pattern.format(target.n3())
            if kind == SH.targetClass:
                for below in conditions.below(target):
                    yield f"{pattern.format(below.n3())} FILTER NOT EXISTS {{ {pattern.format(target.n3())} }}"


def _select(store: Store, pattern: str, breach: str) -> Iterator[NamedNode | BlankNode | Literal]:
    return _rows(store, f"SELECT DISTINCT ?this {{ {pattern} FILTER({breach}) }}")


def _rows(store: Store, query: str) -> Iterator[NamedNode | BlankNode | Literal]:
    answer = store.query(query)
    if isinstance(answer, QuerySolutions):
        for row in answer:
            term = row[0]
            if isinstance(term, NamedNode | BlankNode | Literal):
                yield term
