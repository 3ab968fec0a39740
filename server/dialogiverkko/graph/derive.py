"""Runs the rules of ontology/rules over a snapshot and names counts and times; what they say goes to graph/derived."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import DefaultGraph, Quad, QueryTriples, RdfFormat, Store, Triple, serialize

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.lines import Sorter
from dialogiverkko.graph.load import Snapshot, put
from dialogiverkko.graph.memory import give_back
from dialogiverkko.graph.wording import labels
from dialogiverkko.namespaces import GRAPH_DERIVED
from dialogiverkko.sparql.inspection import kind_of, refused
from dialogiverkko.sparql.query import QueryKind

_AT_ONCE = 50_000


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

    A triple that is already stated is not derived again. ``store`` holds the merge and is added to.
    Raises DataError, with the file, for a rule that is no CONSTRUCT.
    """
    derived = Sorter()
    for rule in read_rules(assets, snapshot.prefixes):
        for new in follow(rule, store):
            derived.add(new)
        give_back()  # what the rule was answered with
    for new in name_in_words(store):
        derived.add(new)
    return snapshot.with_graph(GRAPH_DERIVED, derived.triples())


def follow(rule: Rule, store: Store) -> Iterator[bytes]:
    """Run one rule on a store, which is added to; yield what is new as N-Triples."""
    try:
        answer = store.query(rule.text)
    except (SyntaxError, RuntimeError) as error:
        raise refused(rule.text, rule.name, error) from error
    assert isinstance(answer, QueryTriples)  # noqa: S101 - a CONSTRUCT's answer
    yield from _added(answer, store)


def name_in_words(store: Store) -> Iterator[bytes]:
    """Name the counts and times of a store, which is added to; yield the names as N-Triples."""
    yield from _added(list(labels(store)), store)


def _added(triples: Iterable[Triple], store: Store) -> Iterator[bytes]:
    for new in _new(triples, store):
        put(store, [new], DefaultGraph())
        yield new


def _new(triples: Iterable[Triple], store: Store) -> Iterator[bytes]:
    """Write the triples that a store does not hold yet, many at a time; the answer does not see what is added."""
    default, answer = DefaultGraph(), iter(triples)
    while some := set(islice(answer, _AT_ONCE)):
        new = [t for t in some if Quad(t.subject, t.predicate, t.object, default) not in store]
        yield serialize(new, format=RdfFormat.N_TRIPLES) or b""
