"""Files to one read-only Snapshot: quads by named graph, their merge, prefixes, digest and counts."""

import codecs
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from dialogiverkko.errors import DataError, TurtleSyntaxError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.lines import Sorter, Triples, has_blank_nodes, merged_lines, ordered, set_apart
from dialogiverkko.namespaces import (
    GRAPH_CATALOGUE,
    GRAPH_DERIVED,
    GRAPH_ONTOLOGY,
    GRAPH_QUERIES,
    GRAPH_REFERENCE,
    GRAPH_SHAPES,
    GRAPH_SOURCE,
    GRAPH_VOCAB,
    KEPT_GRAPHS,
    SH,
)

OWN_STEM = "source"
"""The stem of the file of a source that tells of the source itself."""
_WHERE = re.compile(
    r"^Parser error at line \d+ (?:column \d+|between columns? \d+ and (?:line \d+ )?(?:column )?\d+): "
)
_UNDECLARED = re.compile(r"The prefix ([^\s:]*): has not been declared")
_AT_ONCE = 40
"""Pieces of many lines that the engine loads at once."""
_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}


@dataclass(frozen=True)
class Snapshot:
    """The whole graph at one moment. Triples are sorted and unique within each named graph."""

    graphs: Mapping[str, Sequence[Triple]]
    prefixes: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The files that each named graph was read from, as people know them."""

    @classmethod
    def known(
        cls,
        graphs: Mapping[str, Triples],
        prefixes: Mapping[str, str],
        sources: Mapping[str, tuple[str, ...]],
        merged: Triples,
        digest: str,
    ) -> "Snapshot":
        """Make a snapshot whose merge and digest are known."""
        snapshot = cls(graphs, prefixes, sources)
        snapshot.__dict__.update(merged=merged, digest=digest)  # where cached_property keeps them
        return snapshot

    @cached_property
    def merged(self) -> Triples:
        """The default graph: the merge of all named graphs but the shapes."""
        return Triples(merged_lines(ordered(ts) for name, ts in self.graphs.items() if name != GRAPH_SHAPES))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the sorted N-Quads of all named graphs."""
        digest = hashlib.sha256()
        for text in self.texts():
            digest.update(text)
        return digest.hexdigest()

    def texts(self) -> Iterator[bytes]:
        """Yield the named graphs as N-Quads, in one order, in pieces of many lines."""
        for name in sorted(self.graphs):
            end = f" {NamedNode(name)} .\n".encode()
            for text in ordered(self.graphs[name]).texts():
                yield text.replace(b" .\n", end)

    def quads(self, *, with_default: bool = True) -> Iterator[Quad]:
        """Yield all quads: the named graphs, and the merge as the default graph."""
        for name, triples in self.graphs.items():
            graph = NamedNode(name)
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, graph)
        if with_default:
            for triple in self.merged:
                yield Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())

    def store(self) -> Store:
        """Load the default graph, and nothing else, into a new store of the engine."""
        store = Store()
        for name, triples in self.graphs.items():
            if name != GRAPH_SHAPES:
                put(store, ordered(triples).texts(), DefaultGraph())
        return store

    def full_store(self) -> Store:
        """Load the named graphs, and the merge as the default graph, into a new store of the engine."""
        store = self.named_store()
        self.add_merge(store)
        return store

    def add_merge(self, store: Store) -> None:
        """Load the merge as the default graph of a store."""
        put(store, self.merged.texts(), DefaultGraph())

    def named_store(self) -> Store:
        """Load the named graphs, and no default graph, into a new store of the engine."""
        store = Store()
        self.add_named(store)
        return store

    def add_named(self, store: Store, names: Collection[str] = (), *, of_all_classes: bool = True) -> None:
        """Load the named graphs into a store; of each the triples of some predicates, where they are named.

        Of types those of classes that are named too, unless those of all classes are wanted.
        """
        for name, triples in self.graphs.items():
            if len(triples):
                store.add_graph(NamedNode(name))
            lines = ordered(triples)
            put(store, lines.texts(names) if of_all_classes else lines.texts_of(names), NamedNode(name))

    @cached_property
    def counts(self) -> dict[str, int]:
        """Triples by named graph."""
        return {name: len(triples) for name, triples in sorted(self.graphs.items())}

    @property
    def size(self) -> int:
        """Triples in all named graphs."""
        return sum(self.counts.values())

    def with_graph(self, name: str, triples: Iterable[Triple]) -> "Snapshot":
        """Make a snapshot in which one named graph is these triples."""
        return Snapshot({**self.graphs, name: ordered(triples)}, self.prefixes, self.sources)


def put(store: Store, texts: Iterable[bytes], graph: NamedNode | DefaultGraph) -> None:
    """Add lines to one graph of a store; blank nodes keep their names, which the engine's own loader would change.

    The lines were written by the engine, so it need not look at each name again (lenient).
    """
    rest = iter(texts)
    while some := list(islice(rest, _AT_ONCE)):
        text = b"".join(some)
        if has_blank_nodes(text):
            named, text = set_apart(text)
            quads = parse(named, RdfFormat.N_TRIPLES)
            store.bulk_extend(Quad(q.subject, q.predicate, q.object, graph) for q in quads)
        store.bulk_load(text, RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)


def graph_of_source(slug: str, stem: str = OWN_STEM) -> str:
    """Return the named graph of a file of a source; the first listing keeps the names that it had alone."""
    root = KEPT_GRAPHS.get(slug, GRAPH_SOURCE + slug)
    return root if stem == OWN_STEM else f"{root}/{stem}"


def graph_of(assets: Assets, path: Path) -> str | None:
    """Return the named graph that a file of ours belongs to, or None for a file that is none of ours."""
    parts = Path(assets.name(path)).parts
    stem = path.stem
    match parts:
        case ("ontology", "vocab", _):
            return GRAPH_VOCAB
        case ("ontology", *_):
            return GRAPH_ONTOLOGY
        case ("shapes", *_):
            return GRAPH_SHAPES
        case ("data", "sources", slug, _):
            return graph_of_source(slug, stem)
        case ("data", "reference", "vocab", _):
            return GRAPH_VOCAB
        case ("data", "reference", _):
            return GRAPH_REFERENCE
        case ("data", "catalogue.ttl"):
            return GRAPH_CATALOGUE
    return None


@contextmanager
def _told(path: Path, name: str) -> Iterator[RdfFormat]:
    """Find the format of a file by its suffix; errors of its parser become ours, with file and line."""
    rdf_format = _FORMATS.get(path.suffix)
    if rdf_format is None:
        raise DataError(f"{name} is not RDF that is read here: its name must end in {', '.join(_FORMATS)}.", file=name)
    try:
        yield rdf_format
    except SyntaxError as error:
        line, column = error.lineno or 0, error.offset or 0
        reason = _WHERE.sub("", error.msg or "").strip().rstrip(".:")
        raise TurtleSyntaxError(
            f"{name}, line {line}, column {column}: this is not {rdf_format.name}: {reason}.",
            file=name,
            line=line,
            column=column,
        ) from error
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.", file=name) from error


def read_file(path: Path, name: str) -> list[Quad]:
    """Parse one RDF file by its suffix; blank nodes are kept apart from those of other files.

    Raises TurtleSyntaxError with file, line and column, DataError for a suffix that is not RDF.
    """
    with _told(path, name) as rdf_format:
        return list(parse(_bytes(path), format=rdf_format, rename_blank_nodes=True))


def _bytes(path: Path) -> bytes:
    """Read a file without the byte order mark that some editors put before it."""
    return path.read_bytes().removeprefix(codecs.BOM_UTF8)


@contextmanager
def helped_by(prefixes: Mapping[str, str]) -> Iterator[None]:
    """Add to the error of a prefix that is not declared the line that declares it, or the prefixes that there are."""
    try:
        yield
    except TurtleSyntaxError as error:
        match = _UNDECLARED.search(error.message)
        if match is None:
            raise
        mend = f"The table ontology/prefixes.ttl has {', '.join(sorted(prefixes))}."
        if match[1] in prefixes:
            mend = f"Add the line @prefix {match[1]}: <{prefixes[match[1]]}> . at the top."
        raise TurtleSyntaxError(f"{error.message} {mend}", **error.details) from error


def _read_texts(path: Path, name: str) -> Iterator[tuple[str | None, bytes]]:
    """Parse one RDF file into N-Triples by named graph (None: the file names none)."""
    with _told(path, name) as rdf_format:
        if not rdf_format.supports_datasets:
            quads = parse(_bytes(path), format=rdf_format, rename_blank_nodes=True)
            yield None, serialize(quads, format=RdfFormat.N_TRIPLES) or b""
            return
    for quad in read_file(path, name):
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
        yield graph, serialize([quad.triple], format=RdfFormat.N_TRIPLES) or b""


def _set_apart(name: str, triples: Triples) -> Triples:
    """Name the blank nodes of data after their graph, so that in the merge they are none of another graph's."""
    if not triples.has_blank_nodes or name in (GRAPH_ONTOLOGY, GRAPH_SHAPES):
        return triples
    stem = re.sub(r"[^a-z0-9]+", "", name.rpartition("/graph/")[2])
    mark = rf"\1_:{stem}c14n".encode()
    lines = (re.sub(rb"(^|> )_:c14n", mark, line) for line in triples.lines())
    return Triples(sorted(lines))


def overlay_target(assets: Assets, path: Path) -> Path | None:
    """Find the data file that an overlay takes the place of: its namesake under data/, if there is one.

    Of several namesakes it is the one whose folder has the same name.
    """
    named = [file for file in assets.files("data", "**/*.ttl") if file.name == path.name]
    beside = [file for file in named if file.parent.name == path.resolve().parent.name]
    found = named if len(named) == 1 else beside
    return found[0] if len(found) == 1 else None


def plan(assets: Assets, overlays: Iterable[Path] = ()) -> list[tuple[Path, str, str | None]]:
    """List the files to read: path, name for people, named graph (None: as the file says, or its own)."""
    files = [
        path
        for folder, pattern in (
            ("ontology", "*.ttl"),
            ("ontology", "vocab/*.ttl"),
            ("ontology", "alignments/*.ttl"),
            ("data", "**/*.ttl"),
            ("shapes", "*.ttl"),
        )
        for path in assets.files(folder, pattern)
    ]
    replaced = {overlay_target(assets, overlay): overlay for overlay in overlays}
    planned: list[tuple[Path, str, str | None]] = []
    for path in files:
        actual = replaced.pop(path, None)
        planned.append((actual or path, (actual.name if actual else assets.name(path)), graph_of(assets, path)))
    extra = [overlay for overlay in overlays if overlay_target(assets, overlay) is None]
    planned += [(path, path.name, graph_of_source(path.stem)) for path in extra]
    return planned


def of_other_sources(assets: Assets, kept: Iterable[str]) -> Callable[[Path], bool]:
    """Return the test for files of sources that are not kept: compiled files, and what their readings declare."""
    keep = set(kept)
    slugs = {path.name for path in (assets.root / "data" / "sources").glob("*")} - keep
    folders = {assets.root / "data" / "sources" / slug for slug in slugs}
    declared = {assets.root / "data" / "reference" / each / f"{slug}.ttl" for slug in slugs for each in ("", "vocab")}
    return lambda path: path.parent in folders or path in declared


def read_prefixes(assets: Assets) -> dict[str, str]:
    """Read the prefix table: sh:prefix and sh:namespace of every sh:declare."""
    pairs: dict[object, dict[str, str]] = {}
    for quad in read_file(assets.prefixes, assets.name(assets.prefixes)):
        if quad.predicate.value in (SH + "prefix", SH + "namespace"):
            key = quad.predicate.value.removeprefix(SH)
            pairs.setdefault(str(quad.subject), {})[key] = quad.object.value  # type: ignore[union-attr]  # literals, by the file's shape
    return {pair["prefix"]: pair["namespace"] for pair in pairs.values() if len(pair) == 2}


def load(
    assets: Assets,
    overlays: Iterable[Path] = (),
    queries: Callable[[Assets], Iterable[Triple]] | None = None,
    without: Callable[[Path], bool] = lambda _: False,
) -> Snapshot:
    """Read every file into a snapshot that is not yet derived or validated.

    ``overlays`` are files laid over data/: one with the name of a data file takes its place. ``queries`` gives the
    triples of graph/queries. ``without`` tells the files that are left out.
    """
    overlays = list(overlays)
    collected: dict[str, Sorter] = defaultdict(Sorter)
    sources: dict[str, list[str]] = defaultdict(list)
    prefixes = read_prefixes(assets)
    for path, name, graph in plan(assets, overlays):
        if without(path):
            continue
        own = graph or GRAPH_REFERENCE
        with helped_by(prefixes):
            for target, text in _read_texts(path, name):
                collected[target or own].add(text)
        sources[own].append(name)
        if own in collected:
            collected[own].pack()
    graphs = {name: _set_apart(name, sorter.triples()) for name, sorter in collected.items()}
    if queries is not None:
        graphs[GRAPH_QUERIES] = ordered(queries(assets))
    graphs.pop(GRAPH_DERIVED, None)
    return Snapshot(graphs, prefixes, {name: tuple(files) for name, files in sources.items()})
