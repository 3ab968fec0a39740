"""Passages as values: where in the source text the words stand on which statements rest."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.mapped import Statements
from dialogiverkko.namespaces import DLG, OA, RDF_TYPE

_SELECTING = ("start", "end", "exact", "prefix", "suffix")
_PASSAGE = DLG + "Passage"
_LEFT_OUT = frozenset((DLG + "mentions",))
"""What is said of a passage at length and is no part of it."""
_KEPT = 4_096
"""How many passages a process keeps."""
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


class Node(Protocol):
    """What is said of one thing that a passage is made of."""

    def all(self, name: str) -> list[str]:
        """List the values of a property of Web Annotation or of ours."""


@dataclass
class _Node:
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])


def _nodes(snapshot: Snapshot) -> Mapping[str, _Node]:
    nodes: dict[str, _Node] = defaultdict(_Node)
    for subject, predicate, value in snapshot.merged.statements(_READ):
        nodes[subject].values[predicate.removeprefix(OA).removeprefix(DLG)].append(value.value)
    return nodes


def _one(node: Node, name: str) -> str:
    return next(iter(node.all(name)), "")


def _selected(node: Node, node_of: Callable[[str], Node]) -> dict[str, str]:
    found: dict[str, str] = {}
    for selector in map(node_of, node.all("hasSelector")):
        for name in _SELECTING:
            if value := _one(selector, name):
                found[name] = value
        for name, key in (("hasStartSelector", "opening"), ("hasEndSelector", "closing")):
            if value := _one(selector, name):
                found[key] = _one(node_of(value), "exact")
    return found


def _passage(iri: str, node_of: Callable[[str], Node], resting: tuple[str, ...]) -> Passage:
    node = node_of(iri)
    where = _selected(node, node_of)
    return Passage(
        iri,
        _one(node, "hasSource"),
        frozenset(kind.removeprefix(DLG) for kind in node.all(RDF_TYPE) if kind.startswith(DLG)),
        int(_one(node, "lineNumber") or 0),
        _one(node, "sha256"),
        int(where.pop("start", "-1")),
        int(where.pop("end", "-1")),
        is_non_factual=_one(node, "isNonFactual") == "true",
        statements=resting,
        **where,
    )


def _place(passage: Passage) -> tuple[str, int, int, str]:
    return passage.document, passage.start, -passage.end, passage.iri


def passages(snapshot: Snapshot) -> list[Passage]:
    """List the passages of a snapshot, in the order of their positions."""
    nodes = _nodes(snapshot)
    resting: dict[str, set[str]] = defaultdict(set)
    for iri, node in nodes.items():
        for passage in node.all("isEvidencedBy"):
            resting[passage].add(iri)
    nothing = _Node()
    listed = [
        _passage(iri, lambda name: nodes.get(name, nothing), tuple(sorted(resting.get(iri, ()))))
        for iri, node in nodes.items()
        if _PASSAGE in node.all(RDF_TYPE)
    ]
    return sorted(listed, key=_place)


class Passages(Mapping[str, Passage]):
    """The passages of an index by their IRIs; each is read when it is asked for."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._read = lru_cache(_KEPT)(self._passage)

    def _passage(self, iri: str) -> Passage:
        return _passage(iri, self._node, self._statements.pointing(iri, DLG + "isEvidencedBy"))

    def _node(self, iri: str) -> Node:
        node = _Node()
        for predicate, value in self._statements.statements(iri, _LEFT_OUT):
            node.values[predicate.removeprefix(OA).removeprefix(DLG)].append(value.value)
        return node

    def __contains__(self, iri: object) -> bool:
        """Return whether a thing is a passage."""
        return isinstance(iri, str) and any(each.value == _PASSAGE for each in self._statements.said(iri, RDF_TYPE))

    def __getitem__(self, iri: str) -> Passage:
        """Read one passage; raises KeyError for what is none."""
        if iri not in self:
            raise KeyError(iri)
        return self._read(iri)

    def __iter__(self) -> Iterator[str]:
        """Yield the IRIs of all passages, sorted."""
        return iter(self._statements.pointing(_PASSAGE, RDF_TYPE))

    def __len__(self) -> int:
        """Count the passages."""
        return self._statements.count(_PASSAGE, RDF_TYPE)

    def document(self, iri: str) -> str:
        """Return the document of a passage; nothing of what is none."""
        found = self._statements.said(iri, OA + "hasSource") if iri in self else ()
        return found[0].value if found else ""

    def count(self, document: str) -> int:
        """Count the passages of one document."""
        return self._statements.count(document, OA + "hasSource")

    def named(self, document: str) -> Sequence[str]:
        """List the IRIs of the passages of one document."""
        return [name for name in self._statements.pointing(document, OA + "hasSource") if name in self]

    def of(self, document: str) -> list[Passage]:
        """List the passages of one document, in the order of their positions."""
        return sorted(map(self._read, self.named(document)), key=_place)

    def has_text(self, document: str) -> bool:
        """Return whether the positions of some passage of a document are known, as they are where its text is held."""
        names = self._statements.pointing(document, OA + "hasSource")
        return any(self._read(name).start >= 0 for name in names if name in self)


def documents(snapshot: Snapshot) -> dict[str, str]:
    """Return the recorded SHA-256 of each source document."""
    found = {}
    for iri, node in _nodes(snapshot).items():
        if DLG + "SourceDocument" in node.values.get(RDF_TYPE, ()):
            found[iri] = _one(node, "sha256")
    return found
