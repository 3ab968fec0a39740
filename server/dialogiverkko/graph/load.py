"""Files to one read-only Snapshot: quads by named graph, their merge, prefixes, digest and counts."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from pyoxigraph import Dataset as RdfDataset

from dialogiverkko.errors import DataError, TurtleSyntaxError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.namespaces import (
    GRAPH_CATALOGUE,
    GRAPH_DERIVED,
    GRAPH_ENRICHMENT,
    GRAPH_LISTING,
    GRAPH_ONTOLOGY,
    GRAPH_QUERIES,
    GRAPH_REFERENCE,
    GRAPH_SHAPES,
    GRAPH_VOCAB,
)

SH = "http://www.w3.org/ns/shacl#"
_WHERE = re.compile(
    r"^Parser error at line \d+ (?:column \d+|between columns? \d+ and (?:line \d+ )?(?:column )?\d+): "
)
_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}


@dataclass(frozen=True)
class Snapshot:
    """The whole graph at one moment. Triples are sorted and unique within each named graph."""

    graphs: Mapping[str, tuple[Triple, ...]]
    prefixes: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The files that each named graph was read from, as people know them."""

    @cached_property
    def merged(self) -> tuple[Triple, ...]:
        """The default graph: the merge of all named graphs but the shapes."""
        merged = {triple for name, triples in self.graphs.items() if name != GRAPH_SHAPES for triple in triples}
        return tuple(sorted(merged, key=str))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the sorted N-Quads of all named graphs."""
        digest = hashlib.sha256()
        for line in self.lines():
            digest.update(line.encode())
        return digest.hexdigest()

    def lines(self) -> Iterator[str]:
        """Yield the named graphs as N-Quads lines, in one order."""
        for name in sorted(self.graphs):
            graph = NamedNode(name)
            for triple in self.graphs[name]:
                yield f"{triple.subject} {triple.predicate} {triple.object} {graph} .\n"

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
        """Load the quads, and the merge as the default graph, into a new store of the engine."""
        store = Store()
        store.bulk_extend(self.quads())
        return store

    @cached_property
    def counts(self) -> dict[str, int]:
        """Triples by named graph."""
        return {name: len(triples) for name, triples in sorted(self.graphs.items())}

    def with_graph(self, name: str, triples: Iterable[Triple]) -> "Snapshot":
        """Make a snapshot in which one named graph is these triples."""
        graphs = dict(self.graphs)
        graphs[name] = ordered(triples)
        return Snapshot(graphs, self.prefixes, self.sources)


def ordered(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Sort triples, each once, by their N-Triples form; blank nodes are named canonically (RDFC-1.0)."""
    unique = set(triples)
    if any(isinstance(term, BlankNode) for triple in unique for term in (triple.subject, triple.object)):
        dataset = RdfDataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in unique)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        unique = {quad.triple for quad in dataset}
    return tuple(sorted(unique, key=str))


def graph_of(assets: Assets, path: Path) -> str | None:
    """Tell the named graph that a file of ours belongs to, or None for a file that is none of ours."""
    parts = Path(assets.name(path)).parts
    stem = path.stem
    match parts:
        case ("ontology", "vocab", _):
            return GRAPH_VOCAB
        case ("ontology", *_):
            return GRAPH_ONTOLOGY
        case ("shapes", *_):
            return GRAPH_SHAPES
        case ("data", "listings", date, _):
            return GRAPH_LISTING + date + ("" if stem == "listing" else f"/{stem}")
        case ("data", "reference", _):
            return GRAPH_REFERENCE
        case ("data", "enrichment", _):
            return GRAPH_ENRICHMENT + stem
        case ("data", "catalogue.ttl"):
            return GRAPH_CATALOGUE
    return None


def read_file(path: Path, name: str) -> list[Quad]:
    """Parse one RDF file by its suffix; blank nodes are kept apart from those of other files.

    Raises TurtleSyntaxError with file, line and column, DataError for a suffix that is not RDF.
    """
    rdf_format = _FORMATS.get(path.suffix)
    if rdf_format is None:
        raise DataError(f"{name} is not RDF that is read here: its name must end in {', '.join(_FORMATS)}.", file=name)
    try:
        return list(parse(path=str(path), format=rdf_format, rename_blank_nodes=True))
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


def overlay_target(assets: Assets, path: Path) -> Path | None:
    """Find the data file that an overlay takes the place of: its namesake under data/, if there is one."""
    return next((file for file in assets.files("data", "**/*.ttl") if file.name == path.name), None)


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
    planned += [(path, path.name, GRAPH_ENRICHMENT + path.stem) for path in extra]
    return planned


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
) -> Snapshot:
    """Read every file into a snapshot that is not yet derived or validated.

    ``overlays`` are files laid over data/: one with the name of a data file takes its place. ``queries`` gives the
    triples of graph/queries.
    """
    overlays = list(overlays)
    collected: dict[str, set[Triple]] = {}
    sources: dict[str, list[str]] = {}
    for path, name, graph in plan(assets, overlays):
        for quad in read_file(path, name):
            target = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else graph
            collected.setdefault(target or GRAPH_REFERENCE, set()).add(quad.triple)
        sources.setdefault(graph or GRAPH_REFERENCE, []).append(name)
    if queries is not None:
        collected[GRAPH_QUERIES] = set(queries(assets))
    collected.pop(GRAPH_DERIVED, None)
    graphs = {name: ordered(triples) for name, triples in collected.items()}
    return Snapshot(graphs, read_prefixes(assets), {name: tuple(files) for name, files in sources.items()})
