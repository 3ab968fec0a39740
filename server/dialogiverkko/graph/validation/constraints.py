"""Runs the SPARQL constraints that look at the whole graph on the engine, where they take milliseconds.

SHACL lets a SPARQL constraint be evaluated once for each focus node with ``$this`` bound (SHACL, section 5.3.1).
Our global rules have one focus node each, so one query is the whole constraint; pySHACL gets the rest.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from dialogiverkko.errors import DataError
from dialogiverkko.graph.validation.report import Finding, Severity
from dialogiverkko.graph.validation.shapes import ShapeIndex
from dialogiverkko.sparql.inspection import kind_of, refused, says
from dialogiverkko.sparql.query import QueryKind

_ROWS = 1_000
"""Cap on findings per rule."""
_FORBIDDEN = {
    "VALUES": "say FILTER(?x IN (…)), or name several properties by a path: one|other",
    "MINUS": "say FILTER NOT EXISTS { … }",
    "SERVICE": "a rule looks at this graph alone",
}
"""What SHACL does not let a constraint say (5.3.1), and what to say instead."""
_VARIABLE = re.compile(r"[$?]this\b")


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
        taken.append(
            GlobalConstraint(shape, constraint, str(targets[0]), _declarations(shapes, constraint) + str(select))
        )
        rest.remove((shape, SH.sparql, constraint))
        rest.remove((constraint, None, None))
    return rest, sorted(taken, key=lambda each: str(each.shape))


def require_readable(shapes: Graph, store: Store) -> None:
    """Check the SPARQL of all shapes with our own reader; a DataError names the rule, the line and what would be right.

    The prefix table, of which the message speaks, is part of the graph that the store holds.
    """
    index, known = ShapeIndex(shapes), _declared(store)
    for shape, _, constraint in shapes.triples((None, SH.sparql, None)):
        for select in shapes.objects(constraint, SH.select):
            name = _name(index.rule(shape))
            text = _declarations(shapes, constraint) + str(select)
            if kind_of(text, name, known) is not QueryKind.SELECT or not _VARIABLE.search(text):
                raise DataError(f"{name}: a constraint is a SELECT that names $this.")
            if (token := says(text, *_FORBIDDEN)) is not None:
                raise DataError(f"{name}: SHACL allows no {token.type} here; {_FORBIDDEN[token.type]}.")


def _name(rule: str) -> str:
    return f"sh:select of {rule}"


def _declared(store: Store) -> dict[str, str]:
    """Return the prefixes that are declared in a graph."""
    answer = store.query(f"SELECT ?prefix ?name {{ ?x <{SH.prefix}> ?prefix ; <{SH.namespace}> ?name }}")
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - a SELECT's answer
    return {row[0].value: row[1].value for row in answer}


def _declarations(shapes: Graph, constraint: Node) -> str:
    """Write the prefixes of a constraint before its query, in the same line (SHACL, 5.2.1)."""
    found = sorted(
        (str(shapes.value(each, SH.prefix)), str(shapes.value(each, SH.namespace)))
        for ontology in shapes.objects(constraint, SH.prefixes)
        for each in shapes.objects(ontology, SH.declare)
    )
    return "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in found)


def questions(store: Store, index: ShapeIndex, taken: Iterable[GlobalConstraint]) -> list[Callable[[], list[Finding]]]:
    """List constraints, each as what asks it of a store."""
    return [partial(run, each, store, index) for each in taken]


def run(each: GlobalConstraint, store: Store, index: ShapeIndex) -> list[Finding]:
    """Ask one constraint of a store, and return a finding for each row, a thousand at most.

    The thing found is ``?value``, or the focus where there is none.
    """
    rule = index.rule(each.shape)
    severity = Severity(str(index.shapes.value(each.shape, SH.severity)).rsplit("#", 1)[-1])
    try:
        answer = store.query(each.select, substitutions={Variable("this"): NamedNode(each.focus)})
    except (SyntaxError, RuntimeError) as error:
        raise refused(each.select, _name(rule), error) from error
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - a SELECT's answer
    messages, found = index.messages(each.shape, each.constraint), []
    for row in islice(answer, _ROWS):
        value = row["value"]  # None where no such variable is selected
        thing = value.value if isinstance(value, NamedNode | Literal) else each.focus
        told = {language: text.replace("{?value}", f"<{thing}>") for language, text in messages.items()}
        found.append(Finding(rule, severity, thing, messages=told))
    return found
