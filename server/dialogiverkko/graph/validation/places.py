"""Finds where a thing is described: its name for people, the file, and of a node without a name what it hangs from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import cache, cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot, read_file
from dialogiverkko.graph.validation.report import Finding
from dialogiverkko.namespaces import GRAPH_SHAPES, RDFS, SKOS

_LABELS = tuple(f"<{name}>".encode() for name in (SKOS + "prefLabel", RDFS + "label"))
Thing = NamedNode | BlankNode
_DEEPEST = 10
"""Steps from a node without a name to the thing that it belongs to; more would be a circle."""


class Places:
    """Where the things of one graph are described. All is read from its lines, so that no engine need hold it."""

    def __init__(self, snapshot: Snapshot, assets: Assets) -> None:
        self._snapshot = snapshot
        self._assets = assets
        self._labels = defaultdict[Thing, set[bytes]](set)
        """The lines that name each thing that was looked for."""
        self._subjects = cache(self._read_subjects)

    def described(self, findings: Iterable[Finding]) -> list[Finding]:
        """Add to findings what the thing is called and which files describe it."""
        owned = [(finding, self._owner(finding.focus) or _blank(finding.focus)) for finding in findings]
        graphs = self._graphs({thing for _, thing in owned if thing})
        return [self._described(finding, thing, graphs) if thing else finding for finding, thing in owned]

    def _described(self, finding: Finding, thing: Thing, graphs: Mapping[Thing, list[str]]) -> Finding:
        """Add what a thing is called, or that it is nothing's, and its files."""
        if isinstance(thing, BlankNode):
            if thing not in graphs:  # a text, which only looks like the name of a node
                return finding
            files = {file for graph in graphs[thing] for file in self._snapshot.sources.get(graph, ())}
            return replace(finding, label="a node without a name, of nothing", files=tuple(sorted(files)))
        value = finding.value
        if thing.value != finding.focus:
            value = value or "a node without a name"
        elif (held := self._owner(value)) is not None and held.value != value:
            value = "a node without a name" if held == thing else f"a node of <{held.value}>"
        label = _label(self._labels[thing])
        files = self._files(thing, graphs.get(thing, ()))
        return replace(finding, focus=thing.value, value=value, label=label, files=tuple(sorted(files)))

    def _told(self) -> Iterator[tuple[str, Triples]]:
        """Yield the graphs that say something of things: the shapes do not, and have nodes of the same names."""
        graphs = self._snapshot.graphs.items()
        return ((name, ordered(triples)) for name, triples in graphs if name != GRAPH_SHAPES)

    def _graphs(self, things: Set[Thing]) -> dict[Thing, list[str]]:
        """List the named graphs that say something of each thing, and keep the lines that name it."""
        names = {str(thing).encode(): thing for thing in things}
        found = defaultdict[Thing, list[str]](list)
        for graph, triples in self._told() if names else ():
            here = set[Thing]()
            for line in triples.lines():
                subject, predicate, _ = line.split(b" ", 2)
                if subject in names:
                    here.add(names[subject])
                    if predicate in _LABELS:
                        self._labels[names[subject]].add(line)
            for thing in here:
                found[thing].append(graph)
        return found

    @cached_property
    def _above(self) -> Mapping[bytes, bytes]:
        """What each node without a name hangs from, as lines write both."""
        above: dict[bytes, bytes] = {}
        for _, triples in self._told():
            for line in triples.lines() if triples.has_blank_nodes else ():
                subject, _, value = line.split(b" ", 2)
                if value.startswith(b"_:"):
                    above.setdefault(value[:-2], subject)
        return above

    def _owner(self, name: str) -> NamedNode | None:
        """Return the thing that a name names, or that a node without a name hangs from; none for a text."""
        if ":" in name:
            try:
                return NamedNode(name)
            except ValueError:  # what is found may be a text
                return None
        if not name.isalnum():
            return None
        node = f"_:{name}".encode()
        for _ in range(_DEEPEST):
            node = self._above.get(node, b"")
            if not node.startswith(b"_:"):
                return NamedNode(node[1:-1].decode()) if node else None
        return None

    def _files(self, thing: NamedNode, graphs: Iterable[str]) -> set[str]:
        """Name the files that have the thing as a subject; all of a graph of it where none of them does."""
        found = set[str]()
        for graph in graphs:
            files = self._snapshot.sources.get(graph, ())
            one_of_many = {file for file in files if thing.value in self._subjects(file)} if len(files) > 1 else ()
            found.update(one_of_many or files)
        return found

    def _read_subjects(self, file: str) -> frozenset[str]:
        path = self._assets.root / file
        try:
            quads = read_file(path, file)
        except DataError:  # a file laid over the graph lies elsewhere
            return frozenset()
        return frozenset(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))


def _blank(name: str) -> BlankNode | None:
    return BlankNode(name) if name.isalnum() else None


def _label(lines: Iterable[bytes]) -> str:
    """Choose what a person calls the thing: its Finnish name, else any; of one language its SKOS label."""
    said = (quad.triple.object for quad in parse(b"\n".join(sorted(lines)), RdfFormat.N_TRIPLES))  # SKOS comes last
    labels = {value.language: value.value for value in said if isinstance(value, Literal)}
    return labels.get("fi") or next(iter(labels.values()), "")
