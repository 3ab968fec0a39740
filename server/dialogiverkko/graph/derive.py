"""Runs the rules of ontology/rules over a snapshot; what they say goes to graph/derived and nowhere else."""

from pyoxigraph import DefaultGraph, Quad, QueryTriples, Store, Triple

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import GRAPH_DERIVED


def derive(snapshot: Snapshot, assets: Assets) -> Snapshot:
    """Run each CONSTRUCT, in the order of file names, on the merge and what the rules before it added.

    A triple that is already stated is not derived again. Raises DataError, with the file, for a rule that is no
    CONSTRUCT.
    """
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in snapshot.merged)
    derived: set[Triple] = set()
    for path in assets.files("ontology", "rules/*.rq"):
        name = assets.name(path)
        try:
            answer = store.query(path.read_text(encoding="utf-8"))
        except (SyntaxError, RuntimeError) as error:
            raise DataError(f"{name}: the rule does not run: {error}", file=name) from error
        if not isinstance(answer, QueryTriples):
            raise DataError(f"{name}: a rule is a CONSTRUCT; this is another kind of query.", file=name)
        new = {t for t in answer if Quad(t.subject, t.predicate, t.object, DefaultGraph()) not in store}
        store.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in new)
        derived |= new
    return snapshot.with_graph(GRAPH_DERIVED, derived)
