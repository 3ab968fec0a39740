"""The values of a query and its answer: text, dataset, limits, result; no graph and no engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from math import inf

from pyoxigraph import BlankNode, Literal, NamedNode

from dialogiverkko.media import MediaType
from dialogiverkko.sparql.places import Places, line_and_column, origin
from dialogiverkko.sparql.suspects import QueryKind, Suspect

Term = NamedNode | Literal | BlankNode

__all__ = ["Dataset", "Limits", "Page", "ParsedQuery", "QueryKind", "Result", "Solutions", "Term"]


@dataclass(frozen=True)
class ParsedQuery:
    """A query that parses, and what must be known of it before it runs."""

    text: str
    kind: QueryKind
    is_deterministic: bool
    """False where the text calls RAND, NOW, UUID, STRUUID or BNODE."""
    has_graph_pattern: bool
    """False where GRAPH stands nowhere, so that the default graph is all that the query can see."""
    default_graphs: tuple[str, ...] = ()
    """IRIs of FROM."""
    named_graphs: tuple[str, ...] = ()
    """IRIs of FROM NAMED."""
    services: tuple[str, ...] = ()
    """IRIs of SERVICE; a variable is written as ``?name``."""
    suspects: frozenset[Suspect] = frozenset()
    """What an engine may need said in other words."""
    written: str = ""
    """The text as its author wrote it; empty where it is ``text``."""
    places: tuple[Places, ...] = ()
    """Where each place of ``text`` stood in ``written``, the last rewriting first."""

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column, in the author's text, of an offset into ``text``."""
        return line_and_column(self.written or self.text, origin(self.places, offset))

    def reworded(self, text: str, places: Places) -> "ParsedQuery":
        """Return the same query in other words."""
        return replace(self, text=text, written=self.written or self.text, places=(places, *self.places))


@dataclass(frozen=True)
class Dataset:
    """The RDF dataset of one query (SPARQL 1.1 Protocol, section 2.1.4); None means the store's own."""

    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Limits:
    """What one query may use."""

    seconds: float
    memory_bytes: int
    rows: int
    result_bytes: int


@dataclass(frozen=True)
class Page:
    """Which part of an answer is wanted; no limit means all of it."""

    offset: int = 0
    limit: int | None = None

    @property
    def end(self) -> float:
        """The number of rows before its end."""
        return inf if self.limit is None else self.offset + self.limit


@dataclass(frozen=True)
class Question:
    """All that an engine is asked: a query, the form of its answer, and within what it is answered."""

    parsed: ParsedQuery
    media_type: MediaType
    limits: Limits
    dataset: Dataset = Dataset()
    bindings: Mapping[str, Term] = field(default_factory=dict)
    """Values of variables."""
    page: Page | None = None
    """Which rows of a SELECT in JSON are written; all are counted."""


@dataclass(frozen=True)
class Result:
    """One complete serialised answer: never a part of one."""

    body: bytes
    media_type: MediaType
    rows: int | None = None
    """Rows of a whole SELECT, triples of a graph; None for ASK."""
    seconds: float = 0.0

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the bytes: unordered rows come in another order from one process to the next."""
        return sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Solutions:
    """A SELECT result as values, for code of ours that needs the terms and not the bytes."""

    variables: tuple[str, ...]
    rows: Sequence[Mapping[str, Term]] = field(default_factory=tuple)
