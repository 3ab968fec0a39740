"""Reads a shapes graph: the rule that a shape is, and the messages that it has."""

from collections.abc import Iterator

from rdflib import Graph, Literal
from rdflib.namespace import DCTERMS, SH
from rdflib.term import Node


class ShapeIndex:
    """What the shapes graph says of each shape: rule, messages."""

    def __init__(self, shapes: Graph) -> None:
        self.shapes = shapes
        self.parents = {child: parent for parent, _, child in shapes.triples((None, SH.property, None))}

    def _up(self, shape: Node) -> Iterator[Node]:
        current: Node | None = shape
        while current is not None:
            yield current
            current = self.parents.get(current)

    def rule(self, shape: Node) -> str:
        """The rule's identifier, from the shape or the nearest shape around it."""
        for each in self._up(shape):
            identifier = self.shapes.value(each, DCTERMS.identifier) or self.shapes.value(each, SH.name)
            if identifier is not None:
                return str(identifier)
        return str(shape).rsplit("#", 1)[-1]

    def messages(self, shape: Node, constraint: Node | None) -> dict[str, str]:
        """The messages by language, from the constraint, the shape, or the nearest shape around it."""
        for each in [*([constraint] if constraint is not None else []), *self._up(shape)]:
            found = {
                m.language or "en": str(m) for m in self.shapes.objects(each, SH.message) if isinstance(m, Literal)
            }
            if found:
                return dict(sorted(found.items()))
        return {}
