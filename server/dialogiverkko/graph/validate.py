"""Runs the shapes by pySHACL, the checks of queries/checks and the rule of fuzzy time; gives one Report."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyshacl
import pyshacl.shape
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.constraint_component import ConstraintComponent
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import RDF, RDFS, SH, SKOS
from rdflib.term import Node

from dialogiverkko.errors import DataError, GraphInvalidError
from dialogiverkko.graph import constraints
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.checks import run_checks
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.report import Finding, Report, Severity
from dialogiverkko.graph.shapes import ShapeIndex
from dialogiverkko.graph.times import check_times
from dialogiverkko.namespaces import GRAPH_SHAPES

_SHOWN = 10
_PARAMETERS = ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
_describe_result = ConstraintComponent.make_v_result_description


def rdflib_term(term: NamedNode | BlankNode | Literal) -> Node:
    """Make the rdflib term that is equal to an engine's."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language:
        return RdfLiteral(term.value, lang=term.language)
    datatype = None if term.datatype.value.endswith("#string") else URIRef(term.datatype.value)
    return RdfLiteral(term.value, datatype=datatype, normalize=False)


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


def _no_text(*_: Any, **__: Any) -> str:
    return ""


@contextmanager
def quick_pyshacl() -> Iterator[None]:
    """Spare pySHACL two labours that take half of its time and change no result.

    It looks each property of a shape up in a list, which a set does at once; and it writes prose of every result,
    of those too that a logical constraint then throws away.
    """
    replaced: list[tuple[Any, str, Any, Any]] = [
        (pyshacl.shape, "CONSTRAINT_PARAMS", _PARAMETERS, (frozenset(_PARAMETERS[0]), _PARAMETERS[1])),
        (ConstraintComponent, "make_v_result_description", _describe_result, _no_text),
    ]
    for owner, name, _, spared in replaced:
        setattr(owner, name, spared)
    try:
        yield
    finally:
        for owner, name, usual, _ in replaced:
            setattr(owner, name, usual)


def shacl_findings(data: Graph, shapes: Graph) -> Iterator[Finding]:
    """Validate with pySHACL and yield a finding for each result."""
    with quick_pyshacl():
        _, results, text = pyshacl.validate(
            data, shacl_graph=shapes, inference="none", advanced=False, allow_infos=True, allow_warnings=True
        )
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
            path=_local(results.value(result, SH.resultPath)),
            value=_local(results.value(result, SH.value)),
            messages=messages,
        )


def _described(finding: Finding, data: Graph, files: dict[str, set[str]]) -> Finding:
    focus = URIRef(finding.focus)
    labels = {
        label.language: str(label)
        for p in (SKOS.prefLabel, RDFS.label)
        for label in data.objects(focus, p)
        if isinstance(label, RdfLiteral)
    }
    label = labels.get("fi") or next(iter(labels.values()), "")
    return Finding(
        finding.rule,
        finding.severity,
        finding.focus,
        label,
        finding.path,
        finding.value,
        finding.messages,
        tuple(sorted(files.get(finding.focus, ()))),
    )


def validate(snapshot: Snapshot, assets: Assets) -> Report:
    """Run everything that must hold over a derived snapshot."""
    started = time.perf_counter()
    data, shapes = rdflib_graph(snapshot.merged), rdflib_graph(snapshot.graphs.get(GRAPH_SHAPES, ()))
    store = Store()
    store.bulk_extend(snapshot.quads())
    core, taken = constraints.split(shapes)
    findings = [
        *shacl_findings(data, core),
        *constraints.run(store, shapes, taken),
        *run_checks(store, assets),
        *check_times(snapshot),
    ]
    wanted = {f.focus for f in findings}
    files: dict[str, set[str]] = {}
    for name, triples in snapshot.graphs.items():
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and triple.subject.value in wanted:
                files.setdefault(triple.subject.value, set()).update(snapshot.sources.get(name, ()))
    return Report.of((_described(f, data, files) for f in findings), seconds=time.perf_counter() - started)


def require_valid(report: Report) -> None:
    """Raise GraphInvalidError, which says what to mend, where there is a Violation."""
    if report.conforms:
        return
    only = Report.of(report.violations[:_SHOWN])
    more = len(report.violations) - _SHOWN
    rest = f"\n… and {more} more Violations." if more > 0 else ""
    raise GraphInvalidError("The graph breaks its rules and is not served.\n" + only.text() + rest)
