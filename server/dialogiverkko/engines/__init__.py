"""The one port to an engine: what every engine can be asked, and what it says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dialogiverkko.media import MediaType
from dialogiverkko.sparql.query import Dataset, Limits, ParsedQuery, Result, Term


@dataclass(frozen=True)
class BackendStats:
    """What a backend has done so far and looks like now; the counters only grow."""

    outcomes: Mapping[str, int]
    """Queries by outcome: ``ok`` or the code of the error."""
    seconds_total: float = 0.0
    running: int = 0
    idle: int = 0
    waiting: int = 0
    forked: int = 0
    killed: int = 0
    restarts: int = 0
    resident_bytes: Mapping[int, int] = field(default_factory=dict)
    """Resident memory by process id; pages that processes share count in each."""


class Backend(Protocol):
    """An engine that answers read-only queries under limits."""

    def query(
        self,
        parsed: ParsedQuery,
        *,
        media_type: MediaType,
        limits: Limits,
        dataset: Dataset = Dataset(),
        bindings: Mapping[str, Term] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Result:
        """Answer one query; raises the LimitErrors, QueryEvaluationError or BackendUnavailableError.

        ``cancelled`` is asked from time to time; once it says yes, the query is stopped.
        """
        ...

    @property
    def graph_names(self) -> frozenset[str]:
        """The named graphs that FROM, default-graph-uri and named-graph-uri may name."""
        ...

    def stats(self) -> BackendStats:
        """Count what happened so far."""
        ...

    def is_ready(self) -> bool:
        """Tell whether a canary query is answered now."""
        ...

    def close(self) -> None:
        """End all workers and free what they hold."""
        ...
