"""Passages as values: where in the source text the words stand on which statements rest."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import DLG, OA, RDF_TYPE

_SELECTING = ("start", "end", "exact", "prefix", "suffix")
_READ = (
    *(OA + name for name in (*_SELECTING, "hasSelector", "hasStartSelector", "hasEndSelector", "hasSource")),
    *(DLG + name for name in ("hasSource", "isEvidencedBy", "lineNumber", "sha256", "isNonFactual")),
    RDF_TYPE,
)
"""What is read of a passage, its selectors and what rests on it."""


@dataclass(frozen=True)
class Passage:
    """One span of one document: code points from ``start``, ``end`` exclusive."""

    iri: str
    document: str
    kinds: frozenset[str]
    line: int
    sha256: str
    start: int
    end: int
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    opening: str = ""
    closing: str = ""
    is_non_factual: bool = False
    statements: tuple[str, ...] = ()
    """The things that rest on it, in order."""

    @property
    def is_item(self) -> bool:
        """A whole list item or stand-alone sentence."""
        return "ListItem" in self.kinds

    @property
    def is_section(self) -> bool:
        """A section: it groups items and is no evidence of its own."""
        return "Section" in self.kinds

    @property
    def is_fine(self) -> bool:
        """A phrase."""
        return not self.is_item and not self.is_section


@dataclass
class _Node:
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def one(self, name: str) -> str:
        return self.values[name][0] if self.values.get(name) else ""


def _nodes(snapshot: Snapshot) -> Mapping[str, _Node]:
    nodes: dict[str, _Node] = defaultdict(_Node)
    for subject, predicate, value in snapshot.merged.statements(_READ):
        nodes[subject].values[predicate.removeprefix(OA).removeprefix(DLG)].append(value.value)
    return nodes


def _selected(node: _Node, nodes: Mapping[str, _Node]) -> dict[str, str]:
    found: dict[str, str] = {}
    for selector in (nodes[iri] for iri in node.values.get("hasSelector", ()) if iri in nodes):
        for name in _SELECTING:
            if selector.one(name):
                found[name] = selector.one(name)
        for name, key in (("hasStartSelector", "opening"), ("hasEndSelector", "closing")):
            if selector.one(name):
                found[key] = nodes[selector.one(name)].one("exact") if selector.one(name) in nodes else ""
    return found


def passages(snapshot: Snapshot) -> list[Passage]:
    """List the passages of a snapshot, in the order of their positions."""
    nodes = _nodes(snapshot)
    resting: dict[str, set[str]] = defaultdict(set)
    for iri, node in nodes.items():
        for passage in node.values.get("isEvidencedBy", ()):
            resting[passage].add(iri)
    listed: list[Passage] = []
    for iri, node in list(nodes.items()):
        kinds = frozenset(kind.removeprefix(DLG) for kind in node.values.get(RDF_TYPE, ()) if kind.startswith(DLG))
        if "Passage" not in kinds:
            continue
        where = _selected(node, nodes)
        listed.append(
            Passage(
                iri,
                node.one("hasSource"),
                kinds,
                int(node.one("lineNumber") or 0),
                node.one("sha256"),
                int(where.pop("start", "-1")),
                int(where.pop("end", "-1")),
                is_non_factual=node.one("isNonFactual") == "true",
                statements=tuple(sorted(resting.get(iri, ()))),
                **where,
            )
        )
    return sorted(listed, key=lambda p: (p.document, p.start, -p.end, p.iri))


def documents(snapshot: Snapshot) -> dict[str, str]:
    """Return the recorded SHA-256 of each source document."""
    found = {}
    for iri, node in _nodes(snapshot).items():
        if DLG + "SourceDocument" in node.values.get(RDF_TYPE, ()):
            found[iri] = node.one("sha256")
    return found
