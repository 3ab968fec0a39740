"""The values of a query and its answer: text, dataset, limits, result; no graph and no engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode

from dialogiverkko.media import MediaType

Term = NamedNode | Literal | BlankNode


class QueryKind(Enum):
    """The four query forms of SPARQL 1.1 Query Language, section 16."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True)
class ParsedQuery:
    """A query that parses, and what must be known of it before it runs."""

    text: str
    kind: QueryKind
    default_graphs: tuple[str, ...] = ()
    """IRIs of FROM."""
    named_graphs: tuple[str, ...] = ()
    """IRIs of FROM NAMED."""
    services: tuple[str, ...] = ()
    """IRIs of SERVICE; a variable is written as ``?name``."""
    is_deterministic: bool = True
    """False where the text calls RAND, NOW, UUID, STRUUID or BNODE."""


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
class Result:
    """One complete serialised answer: never a part of one."""

    body: bytes
    media_type: MediaType
    rows: int | None = None
    """Rows of a SELECT, triples of a graph; None for ASK."""
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
