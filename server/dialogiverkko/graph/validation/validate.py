"""Runs the shapes, the checks of queries/checks and the rule of fuzzy time over a graph; gives one Report."""

import logging
from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import Store, Triple
from rdflib import BNode, Graph
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from dialogiverkko.errors import DataError, GraphInvalidError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.beside import in_threads
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation import checks, constraints
from dialogiverkko.graph.validation.places import Places
from dialogiverkko.graph.validation.report import Finding, Report, Severity
from dialogiverkko.graph.validation.shapes import ShapeIndex
from dialogiverkko.graph.validation.suspects import EngineGraph, narrowed, rdflib_term
from dialogiverkko.graph.validation.times import check_times
from dialogiverkko.namespaces import BASE, GRAPH_SHAPES

_SHOWN = 10


def rdflib_graph(triples: Iterable[Triple]) -> Graph:
    """Make an rdflib graph of triples."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((rdflib_term(triple.subject), rdflib_term(triple.predicate), rdflib_term(triple.object)))  # type: ignore[arg-type]  # no triple terms in our files
    return graph


def _local(node: Node | None) -> str:
    if node is None:
        return ""
    text = str(node)
    return text if isinstance(node, RdfLiteral) else text.rsplit("#", 1)[-1] if "#" in text else text


def _unnamed_values(data: Graph) -> str:
    """Name statements of ours whose value is a blank node: one of them is what pySHACL stumbled over."""
    found = sorted(f"<{s}> <{p}>" for s, p, o in data if isinstance(o, BNode) and str(s).startswith(BASE))
    return "".join(f"\n  - {each} has a blank node; give a value, or a thing with an IRI" for each in found[:_SHOWN])


def _path(shapes: Graph, path: Node | None) -> str:
    """Write a path as SPARQL does: a property, its inverse (^), several at choice (|) or one after another (/)."""
    if not isinstance(path, BNode):
        return _local(path)
    if (inverse := shapes.value(path, SH.inversePath)) is not None:
        return f"^{_path(shapes, inverse)}"
    choice = shapes.value(path, SH.alternativePath)
    steps = Collection(shapes, path if choice is None else choice)
    return ("/" if choice is None else "|").join(_path(shapes, each) for each in steps)


def shacl_findings(data: Graph, shapes: Graph) -> Iterator[Finding]:
    """Validate with pySHACL and yield a finding for each result.

    Raises DataError where pySHACL gives up, which it does on a blank node in the place of a value.
    """
    import pyshacl  # slow to import, and done beside what the engine answers
    from pyshacl.errors import ReportableRuntimeError

    try:
        _, results, text = pyshacl.validate(data, shacl_graph=shapes)
    except (LookupError, ReportableRuntimeError) as error:
        raise DataError(f"The shapes cannot judge this graph: {error}{_unnamed_values(data)}") from error
    if not isinstance(results, Graph):
        raise DataError(f"The shapes cannot be run: {text}")
    index = ShapeIndex(shapes)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        focus = results.value(result, SH.focusNode)
        severity = Severity(str(results.value(result, SH.resultSeverity)).rsplit("#", 1)[-1])
        messages = index.messages(shape, results.value(result, SH.sourceConstraint)) if shape is not None else {}
        if not messages:
            messages = {"en": str(results.value(result, SH.resultMessage))}
        yield Finding(
            index.rule(shape) if shape is not None else "",
            severity,
            str(focus),
            path=_path(shapes, shapes.value(shape, SH.path) or results.value(result, SH.resultPath)),
            value=_local(results.value(result, SH.value)),
            messages=messages,
        )


def findings(snapshot: Snapshot, assets: Assets, store: Store) -> list[Finding]:
    """Run everything that must hold of the default graph, which a store of the engine holds.

    pySHACL judges what the engine chooses for it; meanwhile the engine answers what it alone can.
    """
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # a mistyped literal is a finding, told below
    shapes = rdflib_graph(snapshot.graphs.get(GRAPH_SHAPES, ()))
    constraints.require_readable(shapes, store)
    core, taken = constraints.split(shapes)

    def judged() -> list[Finding]:
        graph = EngineGraph(store)
        try:
            return list(shacl_findings(graph, narrowed(core, store)))
        finally:
            graph.let_go()

    pieces = [
        judged,
        *constraints.questions(store, ShapeIndex(shapes), taken),
        *checks.questions(store, assets, of_named_graphs=False),
        lambda: list(check_times(store)),
    ]
    return [*chain.from_iterable(in_threads(pieces))]


def report(snapshot: Snapshot, assets: Assets, found: Iterable[Finding]) -> Report:
    """Add what must hold of the named graphs, and tell of each finding what it is called and where it is described.

    The store of the merge need not be held any more.
    """
    return Report.of(Places(snapshot, assets).described([*found, *_of_named_graphs(snapshot, assets)]))


def _of_named_graphs(snapshot: Snapshot, assets: Assets) -> list[Finding]:
    """Run what must hold of the named graphs, on a store of what is asked of them."""
    store = Store()
    snapshot.add_named(store, checks.asked_of_named_graphs(assets))
    return [*chain.from_iterable(in_threads(checks.questions(store, assets, of_named_graphs=True)))]


def validate(snapshot: Snapshot, assets: Assets) -> Report:
    """Run everything that must hold over a derived snapshot."""
    return report(snapshot, assets, findings(snapshot, assets, snapshot.store()))


def require_valid(report: Report) -> None:
    """Raise GraphInvalidError, which says what to mend, where there is a Violation."""
    if report.conforms:
        return
    only = Report.of(report.violations[:_SHOWN])
    more = len(report.violations) - _SHOWN
    rest = f"\n… and {more} more Violations." if more > 0 else ""
    raise GraphInvalidError("The graph breaks its rules and is not served.\n" + only.text() + rest)
