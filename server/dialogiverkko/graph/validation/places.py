"""Finds where a thing is described: its name for people, the file, and of a node without a name what it hangs from."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot, read_file
from dialogiverkko.graph.validation.report import Finding
from dialogiverkko.namespaces import RDFS, SKOS

_LABELS = (SKOS + "prefLabel", RDFS + "label")
_DEEPEST = 10
"""Steps from a node without a name to the thing that it belongs to; more would be a circle."""


class Places:
    """Where the things of one graph are described; ``store`` holds its named graphs."""

    def __init__(self, snapshot: Snapshot, assets: Assets, store: Store) -> None:
        self._sources = snapshot.sources
        self._assets = assets
        self._store = store
        self._subjects = cache(self._read_subjects)

    def described(self, finding: Finding) -> Finding:
        """Add to a finding what the thing is called and which files describe it."""
        owner = self._owner(finding.focus)
        if owner is None:
            return self._unowned(finding)
        said = list(self._store.quads_for_pattern(owner, None, None))
        value = finding.value
        if owner.value != finding.focus:
            value = value or "a node without a name"
        elif (held := self._owner(value)) is not None and held.value != value:
            value = "a node without a name" if held == owner else f"a node of <{held.value}>"
        return replace(
            finding, focus=owner.value, value=value, label=_label(said), files=tuple(sorted(self._files(owner, said)))
        )

    def _unowned(self, finding: Finding) -> Finding:
        """Add the files of a node that has no name and hangs from nothing; a text is left as it is."""
        if not finding.focus.isalnum():
            return finding
        said = list(self._store.quads_for_pattern(BlankNode(finding.focus), None, None))
        if not said:
            return finding
        graphs = {quad.graph_name.value for quad in said if isinstance(quad.graph_name, NamedNode)}
        files = {file for graph in graphs for file in self._sources.get(graph, ())}
        return replace(finding, label="a node without a name, of nothing", files=tuple(sorted(files)))

    def _owner(self, name: str) -> NamedNode | None:
        """Return the thing that a name names, or that a node without a name hangs from; none for a text."""
        if ":" in name:
            try:
                return NamedNode(name)
            except ValueError:  # what is found may be a text
                return None
        if not name.isalnum():
            return None
        node = BlankNode(name)
        for _ in range(_DEEPEST):
            above = next(iter(self._store.quads_for_pattern(None, None, node)), None)
            if above is None or isinstance(above.subject, NamedNode):
                return above.subject if above is not None else None  # type: ignore[return-value]  # tested above
            node = above.subject  # type: ignore[assignment]  # no triple terms in our files
        return None

    def _files(self, thing: NamedNode, said: Iterable[Quad]) -> set[str]:
        """Name the files that have the thing as a subject; all of its graphs where none can be read again."""
        graphs = {quad.graph_name.value for quad in said if isinstance(quad.graph_name, NamedNode)}
        files = {file for graph in graphs for file in self._sources.get(graph, ())}
        if len(files) < 2:
            return files
        return {file for file in files if thing.value in self._subjects(file)} or files

    def _read_subjects(self, file: str) -> frozenset[str]:
        path = self._assets.root / file
        try:
            quads = read_file(path, file)
        except DataError:  # a file laid over the graph lies elsewhere
            return frozenset()
        return frozenset(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))


def _label(said: Iterable[Quad]) -> str:
    """Choose what a person calls the thing: its Finnish name, else any."""
    labels = {
        quad.object.language: quad.object.value
        for predicate in _LABELS
        for quad in sorted(said, key=str)
        if quad.predicate.value == predicate and isinstance(quad.object, Literal)
    }
    return labels.get("fi") or next(iter(labels.values()), "")
