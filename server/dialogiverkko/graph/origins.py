"""Which documents state a fact that several tell of."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import DLG, GRAPH_CATALOGUE, GRAPH_QUERIES, GRAPH_SHAPES, OA, RDF_TYPE

_HAS_SOURCE = OA + "hasSource"
_DOCUMENT = f"> <{RDF_TYPE}> <{DLG}SourceDocument> .\n".encode()
Fact = tuple[bytes, bytes, bytes]
"""Subject, predicate and value, as N-Triples writes them."""
_LEFT_OUT = (GRAPH_SHAPES, GRAPH_QUERIES, GRAPH_CATALOGUE)


def of(snapshot: Snapshot) -> Mapping[Fact, tuple[str, ...]]:
    """Return which documents state each fact of the things that more than one document tells of.

    Most lines are of things that a single document tells of: of these nothing is read but the name.
    """
    told = _documents_of_graphs(snapshot)
    shared = _shared(snapshot, told)
    found: dict[Fact, set[str]] = defaultdict(set)
    for name, documents in told.items():
        triples, whole = ordered(snapshot.graphs[name]), {_whole(name, documents)}
        pages = _pages_of_facts(triples, shared) if len(documents) > 1 else {}
        for line in triples.lines() if shared else ():
            if line[: line.index(b" ")] in shared:
                thing, predicate, rest = line.split(b" ", 2)
                value = rest[:-2]
                if value[:1] != b"_":
                    found[thing, predicate, value] |= pages.get((thing, value)) or whole
    return {key: tuple(sorted(documents)) for key, documents in found.items()}


def _shared(snapshot: Snapshot, told: Mapping[str, Sequence[str]]) -> set[bytes]:
    """Find the things that more than one document tells of; of each thing the first is kept, and no set."""
    teller, shared = dict[str, str](), set[bytes]()
    for name, documents in told.items():
        document = _whole(name, documents)
        for subject in ordered(snapshot.graphs[name]).subjects():
            if teller.setdefault(subject, document) != document:
                shared.add(f"<{subject}>".encode())
    return shared


def _documents_of_graphs(snapshot: Snapshot) -> Mapping[str, list[str]]:
    """Return the documents that each graph of sources is about; those of a graph hold for the graphs below it."""
    roots = {
        name: found
        for name, triples in snapshot.graphs.items()
        if name not in _LEFT_OUT and (found := list(_documents(ordered(triples))))
    }
    return {
        name: documents
        for name in snapshot.graphs
        for root, documents in roots.items()
        if name == root or name.startswith(root + "/")
    }


def _documents(triples: Triples) -> Iterator[str]:
    """Yield the documents of a graph, in order."""
    for text in triples.texts():
        if _DOCUMENT in text:
            for line in text.splitlines(keepends=True):
                if line.endswith(_DOCUMENT):
                    yield line[1 : -len(_DOCUMENT)].decode()


def _whole(graph: str, documents: Sequence[str]) -> str:
    """Return the document that a graph is as a whole: of several the one that the graph is named after."""
    slug = graph.rsplit("/", 1)[-1]
    return next((document for document in documents if document.rsplit("/", 1)[-1] == slug), documents[0])


def _pages_of_facts(triples: Triples, things: Container[bytes]) -> Mapping[tuple[bytes, bytes], set[str]]:
    """Return for some things and a value the pages of a graph whose passages on the thing mention the value."""
    rests: dict[bytes, set[bytes]] = defaultdict(set)
    mentions: dict[bytes, set[bytes]] = defaultdict(set)
    source: dict[bytes, str] = {}
    for name, predicate, term in triples.statements((DLG + "isEvidencedBy", DLG + "mentions", _HAS_SOURCE)):
        subject, value = f"<{name}>".encode(), str(term).encode()
        if predicate == DLG + "isEvidencedBy":
            if subject in things:
                rests[subject].add(value)
        elif predicate == DLG + "mentions":
            mentions[subject].add(value)
        else:
            source[subject] = value.decode().strip("<>")
    found: dict[tuple[bytes, bytes], set[str]] = defaultdict(set)
    for thing, bases in rests.items():
        for passage in bases & source.keys():
            for value in mentions[passage]:
                found[thing, value].add(source[passage])
    return found
