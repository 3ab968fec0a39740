"""The default engine: Oxigraph over our own graph, in worker processes that may be killed."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Final

from pyoxigraph import Quad, RdfFormat, serialize

from dialogiverkko.engines import BackendStats
from dialogiverkko.engines.counts import Counts, time_limit_error
from dialogiverkko.engines.dataset import effective_dataset
from dialogiverkko.engines.line import nobody_waits
from dialogiverkko.engines.supervisor import Ending, PoolSetup, PoolStats, Supervisor, WorkerGoneError
from dialogiverkko.engines.wire import Message
from dialogiverkko.errors import (
    BackendUnavailableError,
    DialogiverkkoError,
    MemoryLimitError,
    NotAcceptableError,
    QueryTooDeepError,
    ResultLimitError,
    WorkerLostError,
)
from dialogiverkko.media import RESULTS_JSON, MediaType
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.complaints import evaluation_complaint, syntax_complaint
from dialogiverkko.sparql.parse import refuse_foreign_services
from dialogiverkko.sparql.query import Dataset, Limits, ParsedQuery, Result, Term
from dialogiverkko.sparql.scopes import bind_variables

_CANARY: Final = "ASK { ?s ?p ?o }"
_CANARY_SECONDS: Final = 5.0
_WORKER_ERRORS: Final[dict[str, type[DialogiverkkoError]]] = {
    error.code: error for error in (ResultLimitError, NotAcceptableError, BackendUnavailableError)
}


class EmbeddedBackend:
    """Answers queries over one immutable graph; safe to call from many threads at once."""

    def __init__(
        self, pool: Supervisor, connected: Supervisor | None, allowed: tuple[str, ...], data: IO[bytes] | None
    ) -> None:
        self._pool = pool
        self._connected = connected
        self._allowed = allowed
        self._data = data
        self._counts = Counts()

    @classmethod
    def start(
        cls, data: Path | Iterable[Quad] | None, prefixes: Mapping[str, str], settings: Settings
    ) -> "EmbeddedBackend":
        """Start the processes and load the graph; returns when queries can be answered.

        ``data`` is a file of N-Quads or quads; with ``settings.store`` the graph is that disk store
        and ``data`` is not read.
        """
        stream = None if settings.store or data is None else _as_stream(data)
        store = str(settings.store) if settings.store else None

        def pool(size: int, *, may_connect: bool) -> Supervisor:
            return Supervisor(
                PoolSetup(size, settings.queue, prefixes, store=store, data=stream, may_connect=may_connect)
            )

        connected = pool(2, may_connect=True) if settings.service_allow else None
        return cls(pool(settings.workers, may_connect=False), connected, settings.service_allow, stream)

    @property
    def graph_names(self) -> frozenset[str]:
        """The IRIs of the named graphs that FROM may name."""
        return self._pool.graphs

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
        """Answer one query within its limits, or raise what stopped it.

        ``cancelled`` is asked ten times a second; once it says yes, the worker is freed.
        """
        with self._counts.counted():
            return self._answer(parsed, media_type, limits, dataset, bindings or {}, cancelled)

    def _answer(
        self,
        parsed: ParsedQuery,
        media_type: MediaType,
        limits: Limits,
        dataset: Dataset,
        bindings: Mapping[str, Term],
        cancelled: Callable[[], bool] | None,
    ) -> Result:
        refuse_foreign_services(parsed, self._allowed)
        effective = effective_dataset(parsed, dataset, self._pool.graphs)
        text = bind_variables(parsed, bindings).text
        request = _request(text, media_type, limits, effective)
        pool = self._connected if parsed.services and self._connected else self._pool
        try:
            head, body = pool.ask(request, seconds=limits.seconds, cancelled=cancelled)
        except WorkerGoneError as error:
            raise _explain(error.ending, limits) from error
        if "error" in head:
            raise _error_of(head, text, limits)
        return Result(body, media_type, rows=head["rows"], seconds=head["seconds"])

    def is_ready(self) -> bool:
        """Tell whether a worker of its own answers a canary now, however many queries wait."""
        limits = Limits(_CANARY_SECONDS, 64 * 1024 * 1024, 1, 1000)
        request = _request(_CANARY, RESULTS_JSON, limits, Dataset())
        try:
            head, body = self._pool.ask_apart(request, seconds=_CANARY_SECONDS)
        except (WorkerGoneError, BackendUnavailableError):
            return False
        return "error" not in head and b"boolean" in body

    def stats(self) -> BackendStats:
        """Count what happened so far and look at the workers now."""
        pools = [self._pool.stats()] + ([self._connected.stats()] if self._connected else [])
        return _backend_stats(*self._counts.snapshot(), pools)

    def close(self) -> None:
        """End all workers, wait until they are gone, and free what they held."""
        self._pool.close()
        if self._connected:
            self._connected.close()
        if self._data:
            self._data.close()


def _as_stream(data: Path | Iterable[Quad]) -> IO[bytes]:
    """Open the N-Quads, or write quads into a file without a name, so that a restart can load again."""
    if isinstance(data, Path):
        return data.open("rb")
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the backend
    serialize(data, stream, RdfFormat.N_QUADS)
    stream.flush()
    return stream


def _request(text: str, media_type: MediaType, limits: Limits, dataset: Dataset) -> Message:
    return {
        "query": text,
        "media_type": media_type.name,
        "memory_bytes": limits.memory_bytes,
        "rows": limits.rows,
        "result_bytes": limits.result_bytes,
        "default_graphs": dataset.default_graphs,
        "named_graphs": dataset.named_graphs,
    }


def _explain(ending: Ending, limits: Limits) -> DialogiverkkoError:
    """Say why the worker is gone, by the way it went."""
    if ending is Ending.TIME:
        return time_limit_error(limits.seconds)
    if ending is Ending.MEMORY:
        return _out_of_memory(limits)
    if ending is Ending.DEPTH:
        return QueryTooDeepError(
            "The query nests too deeply, or is too long a chain, to be evaluated. Write it flatter.",
            limit="query_depth_limit",
        )
    if ending is Ending.CANCELLED:
        return nobody_waits()
    return WorkerLostError("The process that evaluated the query ended unexpectedly. Ask again.")


def _out_of_memory(limits: Limits) -> MemoryLimitError:
    return MemoryLimitError(
        f"The query needed more than {limits.memory_bytes} bytes of memory and was stopped. "
        "Ask for less: aggregate, bind more, or add LIMIT.",
        limit="memory_limit",
        value=limits.memory_bytes,
    )


def _error_of(head: Message, text: str, limits: Limits) -> DialogiverkkoError:
    """Make the error that a worker reported."""
    code = head["error"]
    if code == "syntax":
        return syntax_complaint(text, head["message"])
    if code == "memory":
        return _out_of_memory(limits)
    if code in _WORKER_ERRORS:
        return _WORKER_ERRORS[code](head["message"], **head["details"])
    return evaluation_complaint(head["message"])


def _backend_stats(outcomes: dict[str, int], seconds: float, pools: list[PoolStats]) -> BackendStats:
    resident: dict[int, int] = {}
    for pool in pools:
        resident |= pool.resident_bytes
    return BackendStats(
        outcomes=outcomes,
        seconds_total=seconds,
        running=sum(pool.running for pool in pools),
        idle=sum(pool.idle for pool in pools),
        waiting=sum(pool.waiting for pool in pools),
        forked=sum(pool.forked for pool in pools),
        killed=sum(pool.killed for pool in pools),
        restarts=sum(pool.restarts for pool in pools),
        resident_bytes=resident,
    )
