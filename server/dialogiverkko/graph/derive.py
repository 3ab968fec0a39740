"""Runs the rules of ontology/rules over a snapshot and names counts and times; what they say goes to graph/derived."""

from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import DefaultGraph, Quad, QueryTriples, RdfFormat, Store, Triple, serialize

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.lines import Sorter
from dialogiverkko.graph.load import Snapshot, put
from dialogiverkko.graph.wording import labels
from dialogiverkko.namespaces import GRAPH_DERIVED
from dialogiverkko.sparql.inspection import kind_of, refused
from dialogiverkko.sparql.query import QueryKind

_AT_ONCE = 50_000


def derive(snapshot: Snapshot, assets: Assets, store: Store) -> Snapshot:
    """Run each CONSTRUCT, in the order of file names, on the merge and what the rules before it added.

    Then name the counts and times in words.

    A triple that is already stated is not derived again. ``store`` holds the merge and is added to.
    Raises DataError, with the file, for a rule that is no CONSTRUCT.
    """
    derived = Sorter()
    for path in assets.files("ontology", "rules/*.rq"):
        name = assets.name(path)
        text = path.read_text(encoding="utf-8")
        if kind_of(text, name, snapshot.prefixes) is not QueryKind.CONSTRUCT:
            raise DataError(f"{name}: a rule is a CONSTRUCT; this is another kind of query.", file=name)
        try:
            answer = store.query(text)
        except (SyntaxError, RuntimeError) as error:
            raise refused(text, name, error) from error
        assert isinstance(answer, QueryTriples)  # noqa: S101 - a CONSTRUCT's answer
        for new in _new(answer, store):
            put(store, [new], DefaultGraph())
            derived.add(new)
    for named in _new(list(labels(store)), store):
        put(store, [named], DefaultGraph())
        derived.add(named)
    return snapshot.with_graph(GRAPH_DERIVED, derived.triples())


def _new(triples: Iterable[Triple], store: Store) -> Iterator[bytes]:
    """Write the triples that a store does not hold yet, many at a time; the answer does not see what is added."""
    default, answer = DefaultGraph(), iter(triples)
    while some := set(islice(answer, _AT_ONCE)):
        new = [t for t in some if Quad(t.subject, t.predicate, t.object, default) not in store]
        yield serialize(new, format=RdfFormat.N_TRIPLES) or b""
