"""Runs the rules of ontology/rules over a snapshot and names counts and times; what they say goes to graph/derived."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile

from pyoxigraph import DefaultGraph, QueryTriples, RdfFormat, Store

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.lines import Sorter, Triples, ordered, written
from dialogiverkko.graph.load import Snapshot, put
from dialogiverkko.graph.memory import give_back
from dialogiverkko.graph.wording import labels
from dialogiverkko.namespaces import GRAPH_DERIVED, GRAPH_SHAPES
from dialogiverkko.sparql.inspection import kind_of, refused
from dialogiverkko.sparql.query import QueryKind

_AT_ONCE = 8 * 1024 * 1024
"""Bytes of an answer, some forty thousand lines, that are added together."""


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT, which adds to the graph what follows from it."""

    name: str
    """Its file, as people know it."""
    text: str


def read_rules(assets: Assets, prefixes: Mapping[str, str]) -> Iterator[Rule]:
    """Read the rules in the order of file names; raises DataError, with the file, for one that is no CONSTRUCT."""
    for path in assets.files("ontology", "rules/*.rq"):
        name, text = assets.name(path), path.read_text(encoding="utf-8")
        if kind_of(text, name, prefixes) is not QueryKind.CONSTRUCT:
            raise DataError(f"{name}: a rule is a CONSTRUCT; this is another kind of query.", file=name)
        yield Rule(name, text)


def derive(snapshot: Snapshot, assets: Assets, store: Store) -> Snapshot:
    """Run each rule in turn, on the merge and what the rules before it added; then name counts and times in words.

    What graph/derived gets is not stated elsewhere. ``store`` holds the merge and is added to.
    Raises DataError, with the file, for a rule that is no CONSTRUCT.
    """
    derived = Sorter()
    for rule in read_rules(assets, snapshot.prefixes):
        for lines in follow(rule, store):
            derived.add(lines)
        give_back()  # what the rule was answered with
    for lines in name_in_words(store):
        derived.add(lines)
    return snapshot.with_graph(GRAPH_DERIVED, derived.triples(stated(snapshot)))


def stated(snapshot: Snapshot) -> list[Triples]:
    """List the graphs whose triples are not derived again: those of the merge."""
    return [ordered(triples) for name, triples in snapshot.graphs.items() if name not in (GRAPH_SHAPES, GRAPH_DERIVED)]


def follow(rule: Rule, store: Store) -> Iterator[bytes]:
    """Run one rule on a store, which is added to; yield what it says as N-Triples, stated already or not."""
    with TemporaryFile() as kept:  # the whole answer, before any of it is added
        try:
            answer = store.query(rule.text)
            assert isinstance(answer, QueryTriples)  # noqa: S101 - a CONSTRUCT's answer
            answer.serialize(kept, format=RdfFormat.N_TRIPLES)
        except (SyntaxError, RuntimeError) as error:
            raise refused(rule.text, rule.name, error) from error
        kept.seek(0)
        while lines := kept.read(_AT_ONCE) + kept.readline():
            yield _added(lines, store)


def name_in_words(store: Store) -> Iterator[bytes]:
    """Name the counts and times of a store, which is added to; yield the names as N-Triples."""
    for lines in written(list(labels(store))):
        yield _added(lines, store)


def _added(lines: bytes, store: Store) -> bytes:
    put(store, [lines], DefaultGraph())
    return lines
