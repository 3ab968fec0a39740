"""Runs the SPARQL constraints that look at the whole graph on the engine, where they take milliseconds.

SHACL lets a SPARQL constraint be evaluated once for each focus node with ``$this`` bound (SHACL, section 5.3.1).
Our global rules have one focus node each, so one query is the whole constraint; pySHACL gets the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from dialogiverkko.errors import DataError
from dialogiverkko.graph.validation.report import Finding, Severity
from dialogiverkko.graph.validation.shapes import ShapeIndex

_ROWS = 1_000
"""Cap on findings per rule."""


@dataclass(frozen=True)
class GlobalConstraint:
    """One SPARQL constraint with the one node that it is asked of."""

    shape: Node
    constraint: Node
    focus: str
    select: str


def split(shapes: Graph) -> tuple[Graph, list[GlobalConstraint]]:
    """Take the global SPARQL constraints out of a shapes graph: what is left, and those taken."""
    taken: list[GlobalConstraint] = []
    rest = Graph()
    rest += shapes
    for shape, _, constraint in shapes.triples((None, SH.sparql, None)):
        targets = list(shapes.objects(shape, SH.targetNode))
        select = shapes.value(constraint, SH.select)
        if len(targets) != 1 or select is None or not isinstance(targets[0], URIRef):
            continue
        taken.append(GlobalConstraint(shape, constraint, str(targets[0]), str(select)))
        rest.remove((shape, SH.sparql, constraint))
        rest.remove((constraint, None, None))
    return rest, sorted(taken, key=lambda each: str(each.shape))


def run(store: Store, shapes: Graph, taken: list[GlobalConstraint]) -> Iterator[Finding]:
    """Yield a finding for each row; the thing found is ``?value``, or the focus where there is none."""
    index = ShapeIndex(shapes)
    for each in taken:
        severity = shapes.value(each.shape, SH.severity)
        rule = index.rule(each.shape)
        try:
            answer = store.query(each.select, substitutions={Variable("this"): NamedNode(each.focus)})
        except (SyntaxError, RuntimeError) as error:
            raise DataError(f"The constraint of {rule} does not run: {error}", rule=rule) from error
        if not isinstance(answer, QuerySolutions):
            raise DataError(f"The constraint of {rule} is a SELECT.", rule=rule)
        for row in islice(answer, _ROWS):
            value = row["value"]  # None where no such variable is selected
            found = value.value if isinstance(value, NamedNode | Literal) else each.focus
            messages = {
                language: text.replace("{?value}", f"<{found}>")
                for language, text in index.messages(each.shape, each.constraint).items()
            }
            yield Finding(rule, Severity(str(severity).rsplit("#", 1)[-1]), found, messages=messages)
