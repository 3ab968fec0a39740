"""Which documents state a fact that several tell of."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from pyoxigraph import NamedNode

from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import DLG, GRAPH_CATALOGUE, GRAPH_QUERIES, GRAPH_SHAPES, OA, RDF_TYPE

_HAS_SOURCE = OA + "hasSource"
_LEFT_OUT = (GRAPH_SHAPES, GRAPH_QUERIES, GRAPH_CATALOGUE)


def of(snapshot: Snapshot) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
    """Return which documents state each fact of the things that more than one document tells of."""
    told = _documents_of_graphs(snapshot)
    tellers: dict[str, set[str]] = defaultdict(set)
    for name, documents in told.items():
        document = _whole(name, documents)
        for subject in ordered(snapshot.graphs[name]).subjects():
            tellers[f"<{subject}>"].add(document)
    shared = {subject for subject, documents in tellers.items() if len(documents) > 1}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for name, documents in told.items():
        pages = _pages_of_facts(ordered(snapshot.graphs[name]), shared) if len(documents) > 1 else {}
        whole = {_whole(name, documents)}
        for subject, predicate, term in ordered(snapshot.graphs[name]).statements() if shared else ():
            thing, value = f"<{subject}>", str(term)
            if thing in shared:
                found[thing, predicate, value] |= pages.get((thing, value)) or whole
    return {key: tuple(sorted(documents)) for key, documents in found.items()}


def _documents_of_graphs(snapshot: Snapshot) -> Mapping[str, list[str]]:
    """Return the documents that each graph of sources is about; those of a graph hold for the graphs below it."""
    document_type = (RDF_TYPE, f"<{DLG}SourceDocument>")
    roots: dict[str, list[str]] = defaultdict(list)
    for name, triples in snapshot.graphs.items():
        for triple in ordered(triples).saying((RDF_TYPE,)) if name not in _LEFT_OUT else ():
            if (triple.predicate.value, str(triple.object)) == document_type and isinstance(triple.subject, NamedNode):
                roots[name].append(triple.subject.value)
    return {
        name: documents
        for name in snapshot.graphs
        for root, documents in roots.items()
        if name == root or name.startswith(root + "/")
    }


def _whole(graph: str, documents: Sequence[str]) -> str:
    """Return the document that a graph is as a whole: of several the one that the graph is named after."""
    slug = graph.rsplit("/", 1)[-1]
    return next((document for document in documents if document.rsplit("/", 1)[-1] == slug), documents[0])


def _pages_of_facts(triples: Triples, things: Container[str]) -> Mapping[tuple[str, str], set[str]]:
    """Return for some things and a value the pages of a graph whose passages on the thing mention the value."""
    rests: dict[str, set[str]] = defaultdict(set)
    mentions: dict[str, set[str]] = defaultdict(set)
    source: dict[str, str] = {}
    for name, predicate, term in triples.statements((DLG + "isEvidencedBy", DLG + "mentions", _HAS_SOURCE)):
        subject, value = f"<{name}>", str(term)
        if predicate == DLG + "isEvidencedBy":
            if subject in things:
                rests[subject].add(value)
        elif predicate == DLG + "mentions":
            mentions[subject].add(value)
        else:
            source[subject] = value.strip("<>")
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for thing, bases in rests.items():
        for passage in bases & source.keys():
            for value in mentions[passage]:
                found[thing, value].add(source[passage])
    return found
