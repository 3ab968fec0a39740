"""The plain page of what has no page of its own: a graph, a part of the catalogue, an alignment, the shapes."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from dialogiverkko.namespaces import BASE, GRAPH_SHAPES, SHAPES
from dialogiverkko.web.site import reference
from dialogiverkko.web.site.index import Index, Text, address

MOST_VALUES = 500
SHAPES_PAGE = BASE + "shapes"
_FORMATS = (("Turtle", "ttl"), ("JSON-LD", "jsonld"), ("N-Triples", "nt"), ("RDF/XML", "rdf"))


@dataclass(frozen=True)
class Value:
    """One value of a statement: its words, their language, and the address that it leads to."""

    words: str
    language: str
    address: str


@dataclass(frozen=True)
class Row:
    """One thing and one property, with the values."""

    anchor: str
    thing: str
    property: str
    property_address: str
    values: tuple[Value, ...]
    more: int
    """How many values are left out; the data hold them all."""


def context(index: Index, iri: str, language: str) -> dict[str, object]:
    """Gather the page: every statement about the thing, and where its data are."""
    local = iri.removeprefix(BASE)
    if iri == SHAPES_PAGE:
        rows = [row for shape, pairs in _shapes(index).items() for row in _rows(index, shape, pairs, language)]
        return {
            "iri": iri,
            "title": Text("SHACL", ""),
            "rows": rows,
            "incoming": [],
            "formats": _formats("/shapes?format="),
        }
    start = {"catalogue": "/catalogue?format=", "dataset": "/catalogue?format="}.get(local, f"/data/{local}.")
    return {
        "iri": iri,
        "title": index.label(iri, language),
        "rows": _rows(index, iri, index.statements(iri), language),
        "incoming": _pointing(index, iri)[:MOST_VALUES],
        "formats": _formats(start),
    }


def _pointing(index: Index, iri: str) -> list[str]:
    """List the things of ours that point at one."""
    named = (name for predicate in index.mapped.predicates_to(iri) for name in index.pointing(iri, predicate))
    return sorted({name for name in named if name.startswith(BASE)})


def _formats(start: str) -> list[tuple[str, str]]:
    return [(label, start + suffix) for label, suffix in _FORMATS]


def _shapes(index: Index) -> dict[str, list[tuple[str, NamedNode | Literal]]]:
    """Return what is said of each shape, in the order of their names."""
    found: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    for triple in index.snapshot.graphs.get(GRAPH_SHAPES, ()):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            found.setdefault(triple.subject.value, []).append((triple.predicate.value, triple.object))
    return {shape: found[shape] for shape in sorted(found)}


def _rows(index: Index, iri: str, pairs: Iterable[tuple[str, NamedNode | Literal]], language: str) -> list[Row]:
    grouped: dict[str, list[NamedNode | Literal]] = {}
    for predicate, value in sorted(pairs, key=str):
        grouped.setdefault(predicate, []).append(value)
    anchor = iri.removeprefix(SHAPES) if iri.startswith(SHAPES) else ""
    return [
        Row(
            anchor if number == 0 else "",
            index.label(iri, language).value,
            reference.short(index, predicate),
            address(predicate, language),
            tuple(_value(index, value, language) for value in values[:MOST_VALUES]),
            max(0, len(values) - MOST_VALUES),
        )
        for number, (predicate, values) in enumerate(grouped.items())
    ]


def _value(index: Index, value: NamedNode | Literal, language: str) -> Value:
    if isinstance(value, Literal):
        return Value(value.value, value.language or "", "")
    label = index.label(value.value, language)
    words = label.value if label.language else reference.short(index, value.value) or value.value
    where = address(value.value, language)
    return Value(words, label.language, where if where.startswith(("/", "http://", "https://", "mailto:")) else "")
