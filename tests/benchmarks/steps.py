"""``python -m tests.benchmarks.steps FOLDER``: processor seconds of each step of a build of a folder of assets.

The steps are those of ``dialogiverkko build``, rule by rule, shape by shape and check by check. Each is a line of JSON
as soon as it is done, so that a run that is cut short loses nothing.
"""

import json
import logging
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeVar

from pyoxigraph import NamedNode, Store
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from dialogiverkko.graph import dumps
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.derive import follow, name_in_words, read_rules, stated
from dialogiverkko.graph.describe import describe
from dialogiverkko.graph.lines import Sorter
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.validation import constraints
from dialogiverkko.graph.validation.checks import asked_of_named_graphs, read_checks, run_check
from dialogiverkko.graph.validation.names import require_known_names
from dialogiverkko.graph.validation.places import Places
from dialogiverkko.graph.validation.report import Finding, Report
from dialogiverkko.graph.validation.shapes import ShapeIndex
from dialogiverkko.graph.validation.suspects import EngineGraph, narrowed, suspects_by_shape
from dialogiverkko.graph.validation.times import check_times
from dialogiverkko.graph.validation.validate import rdflib_graph, shacl_findings
from dialogiverkko.namespaces import DLG, GRAPH_DERIVED, GRAPH_SHAPES, RDF_TYPE
from dialogiverkko.saved import querygraph

Answer = TypeVar("Answer")
_LINK = NamedNode(DLG + "CollaborationLink")


def step(
    name: str,
    work: Callable[[], Answer],
    of: Callable[[Answer], str] = lambda _: "",
    rows: Callable[[Answer], int] = lambda _: 0,
) -> Answer:
    """Do one step and write how long it took; from its answer are told what it was done for, and over how many rows."""
    before = _seconds()
    answer = work()
    seconds = _seconds() - before
    told = {"step": f"{name} {of(answer)}".strip(), "seconds": round(seconds, 4), "rows": rows(answer)}
    print(json.dumps(told), flush=True)
    return answer


def _seconds() -> float:
    """Return the processor time of this process and of the children that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main(root: Path) -> None:
    """Do all steps of a build."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    assets = find_assets(root)
    snapshot = step("reading the files", partial(load, assets, (), querygraph.from_assets))
    store = step("loading the engine", snapshot.store)
    step("names", partial(require_known_names, snapshot, assets, store))
    snapshot = _derived(snapshot, assets, store)
    snapshot = step("description", partial(describe, snapshot, store))
    _checked(snapshot, assets, store)
    del store
    step("merge", lambda: snapshot.merged)
    step("digest", lambda: snapshot.digest)
    for media_type in dumps.formats():
        with TemporaryFile() as stream:
            step(f"dump {media_type.suffix}", partial(dumps._pour, snapshot, media_type, stream))
    links = sum(t.object == _LINK for t in snapshot.merged.saying([RDF_TYPE]))
    print(json.dumps({"triples": len(snapshot.merged), "links": links}))


def _derived(snapshot: Snapshot, assets: Assets, store: Store) -> Snapshot:
    derived = Sorter()

    def take(name: str, lines: Iterable[bytes]) -> None:
        said = step(name, partial(list, lines), rows=lambda texts: sum(text.count(b"\n") for text in texts))
        for text in said:  # a part is sorted and packed whenever there are enough lines: no rule's own work
            step("sorting what was derived", partial(derived.add, text))

    for rule in read_rules(assets, snapshot.prefixes):
        take(f"rule {Path(rule.name).stem}", follow(rule, store))
    take("names of counts and times", name_in_words(store))
    added = step("sorting what was derived", partial(derived.triples, stated(snapshot)), rows=len)
    return snapshot.with_graph(GRAPH_DERIVED, added)


def _checked(snapshot: Snapshot, assets: Assets, store: Store) -> None:
    shapes = rdflib_graph(snapshot.graphs[GRAPH_SHAPES])
    core, taken = constraints.split(shapes)
    index, found = ShapeIndex(shapes), list[Finding]()

    def take(name: str, work: Callable[[], Iterable[Finding]]) -> None:
        found.extend(step(name, lambda: list(work())))

    by_shape = suspects_by_shape(core, store)
    looked_at = _targets(core, store)
    while step(
        "suspects",
        partial(next, by_shape, None),
        lambda one: index.rule(one[0]) if one else "",
        lambda one: looked_at[one[0]] if one else 0,
    ):
        pass
    narrow = narrowed(core, store)
    take("pySHACL on the suspects", partial(shacl_findings, EngineGraph(store), narrow))
    for each in taken:
        take(f"constraint {index.rule(each.shape)}", partial(constraints.run, each, store, index))
    checks = list(read_checks(assets))
    for check in checks:
        if not check.asks_named_graphs:
            take(f"check {check.rule}", partial(run_check, check, store))
    take("bounds of times", partial(check_times, store))
    named = Store()
    step("loading named graphs", partial(snapshot.add_named, named, asked_of_named_graphs(assets)))
    for check in checks:
        if check.asks_named_graphs:
            take(f"check {check.rule}", partial(run_check, check, named))
    step("places of findings", lambda: Report.of(Places(snapshot, assets).described(found)))


def _targets(shapes: Graph, store: Store) -> dict[Node, int]:
    """Count the nodes that each shape looks at, by the classes that it names: what its suspects are sought among."""
    sizes = Counter(quad.object.value for quad in store.quads_for_pattern(None, NamedNode(RDF_TYPE), None))
    found = Counter[Node]()
    for shape, name in shapes.subject_objects(SH.targetClass):
        found[shape] += sizes[str(name)]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
