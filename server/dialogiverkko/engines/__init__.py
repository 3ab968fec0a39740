"""The one port to an engine: what every engine can be asked, and what it says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dialogiverkko.sparql.query import Question, Result


@dataclass(frozen=True)
class BackendStats:
    """Counters of a backend since its start, which only grow, and its present state."""

    outcomes: Mapping[str, int]
    """Queries by outcome: ``ok`` or the code of the error."""
    seconds_total: float = 0.0
    running: int = 0
    idle: int = 0
    waiting: int = 0
    forked: int = 0
    killed: int = 0
    restarts: int = 0
    joined: int = 0
    """Questions that waited for somebody else's answer."""
    hits: int = 0
    """Answers that were kept."""
    misses: int = 0
    cache_bytes: int = 0
    resident_bytes: Mapping[int, int] = field(default_factory=dict)
    """Resident memory by process id; pages that processes share count in each."""
    private_bytes: Mapping[int, int] = field(default_factory=dict)
    """Memory by process id that no other process shares."""


class NeedsWorker(BaseException):
    """Raised where this process may not answer, but workers of another kind; ``head`` is what their message adds."""

    def __init__(self, kind: str, **head: str) -> None:
        super().__init__(kind, head)
        self.kind = kind
        self.head = head


class Backend(Protocol):
    """An engine that answers read-only queries under limits."""

    def query(self, question: Question) -> Result:
        """Answer one query; raises the LimitErrors, QueryEvaluationError or BackendUnavailableError."""
        ...

    @property
    def graph_names(self) -> frozenset[str]:
        """The named graphs that FROM, default-graph-uri and named-graph-uri may name."""
        ...

    def stats(self) -> BackendStats:
        """Return the counters of this engine since its start."""
        ...

    def is_ready(self) -> bool:
        """Return whether a canary query is answered now."""
        ...

    @property
    def is_loading(self) -> bool:
        """Whether a disk store answers in its place, as long as its own is being loaded."""
        ...

    def close(self) -> None:
        """End all workers and free what they hold."""
        ...
