"""The default engine: Oxigraph over our own graph, in this process.

It bounds rows and bytes. Time, memory and nesting are bounded from outside, by whoever put it into a
process that may be killed (front); a query from a stranger is never evaluated anywhere else.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from dialogiverkko.engines import BackendStats, NeedsWorker
from dialogiverkko.engines.counts import Counts
from dialogiverkko.engines.dataset import effective_dataset, for_oxigraph
from dialogiverkko.engines.stopped import out_of_memory
from dialogiverkko.errors import BackendUnavailableError
from dialogiverkko.graph.disk_files import OpenStore, open_whole
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.complaints import evaluation_complaint, syntax_complaint
from dialogiverkko.sparql.parse import refuse_foreign_services
from dialogiverkko.sparql.query import Dataset, Limits, ParsedQuery, Question, Result
from dialogiverkko.sparql.results import write_result
from dialogiverkko.sparql.scopes import bind_variables


class EmbeddedBackend:
    """Answers queries over one immutable graph, in memory or on disk."""

    def __init__(
        self,
        store: Store,
        prefixes: Mapping[str, str],
        *,
        allowed: tuple[str, ...] = (),
        graphs: Iterable[str] | None = None,
        files: frozenset[int] | None = None,
    ) -> None:
        """Take a store; ``files`` are the descriptors of one on disk, which is open as a whole.

        ``graphs`` names the graphs of a store that is still being loaded; call ``open`` when it is.
        """
        self._prefixes = prefixes
        self._is_on_disk = files is not None
        self.files = files or frozenset()
        """The descriptors that a process that is forked from this one must keep to read the store."""
        self._allowed = allowed
        named = (graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
        self.graph_names = frozenset(named if graphs is None else graphs)
        """The IRIs of the named graphs that FROM may name."""
        self._store: Store | None = store
        self.counts = Counts()
        self.early: OpenStore | None = None
        """A disk store that answers as long as this one is being loaded."""
        self.may_evaluate = graphs is None
        """Whether this process may evaluate anything: one that serves others, or has no store yet, may not."""
        self.may_connect = True
        """Whether this process can call the addresses that are allowed."""
        self.begins: Callable[[Limits], None] = lambda _limits: None
        """Called with the limits of each query before it is evaluated."""

    @classmethod
    def load(
        cls, data: Iterable[Quad] | Store | None, prefixes: Mapping[str, str], settings: Settings
    ) -> "EmbeddedBackend":
        """Load quads, or take a store; with ``settings.store`` the graph is that disk store."""
        if settings.store:
            store, files = open_whole(settings.store)
            return cls(store, prefixes, allowed=settings.service_allow, files=files)
        store = data if isinstance(data, Store) else Store()
        if data is not None and data is not store:
            store.bulk_extend(data)
        engine = cls(store, prefixes, allowed=settings.service_allow)
        engine.open()
        return engine

    @property
    def is_loading(self) -> bool:
        """Whether a disk store answers in its place, as long as its own is being loaded."""
        return self.early is not None

    def stand_in(self) -> None:
        """Begin to evaluate in this process over the disk store that stands in for one that is still being loaded."""
        self.may_evaluate = self.early is not None
        if self.early is not None:
            self._store = self._alone = self.early.store

    def open(self) -> None:
        """Begin to evaluate in this process."""
        self.may_evaluate = True
        _ = self._alone  # copied now, and not by each worker with its first query

    @cached_property
    def _alone(self) -> Store | None:
        """The default graph, copied where it lies in memory among named ones.

        The engine finds quads by walking all those of a term, of whichever graph. Our default graph is the merge
        of the named ones, so beside them each walk would be twice as long.
        """
        if self._is_on_disk or self._store is None or not self.graph_names:
            return self._store
        alone = Store()
        alone.bulk_extend(self._store.quads_for_pattern(None, None, None, DefaultGraph()))
        return alone

    def query(self, question: Question) -> Result:
        """Answer one query, or raise what stopped it."""
        if not self.may_evaluate:
            raise NeedsWorker("pool")
        with self.counts.counted():
            parsed, limits = question.parsed, question.limits
            refuse_foreign_services(parsed, self._allowed)
            dataset = effective_dataset(parsed, question.dataset, self.graph_names)
            bound = bind_variables(for_oxigraph(parsed, dataset, self.graph_names), question.bindings)
            if parsed.services and not self.may_connect:
                raise NeedsWorker("connected")
            self.begins(limits)
            started = time.perf_counter()
            try:
                result = self._evaluate(bound, question, dataset)
            except SyntaxError as error:
                raise syntax_complaint(bound, str(error)) from error
            except MemoryError as error:
                raise out_of_memory(limits.memory_bytes) from error
            except (RuntimeError, ValueError, OSError) as error:
                raise evaluation_complaint(str(error)) from error
            return Result(result.body, question.media_type, result.rows, time.perf_counter() - started)

    def _evaluate(self, bound: ParsedQuery, question: Question, dataset: Dataset) -> Result:
        sees_default_alone = not bound.has_graph_pattern and dataset == Dataset()
        store = self._alone if sees_default_alone else self._store
        if store is None:
            raise BackendUnavailableError("The engine is not running.")
        return write_result(
            store.query(
                bound.text,
                default_graph=_graphs(dataset.default_graphs),
                named_graphs=_graphs(dataset.named_graphs),
            ),
            question.media_type,
            rows=question.limits.rows,
            result_bytes=question.limits.result_bytes,
            prefixes=self._prefixes,
            page=question.page,
        )

    def is_ready(self) -> bool:
        """Return whether a canary query is answered now."""
        return self.may_evaluate and self._store is not None and bool(self._store.query("ASK { ?s ?p ?o }"))

    def stats(self) -> BackendStats:
        """Return the counters of this engine since its start."""
        return BackendStats(*self.counts.snapshot())

    def close(self) -> None:
        """Drop the store, so that its memory is free."""
        self._store = None
        vars(self).pop("_alone", None)


def _graphs(iris: tuple[str, ...] | None) -> list[Any] | None:  # Any: see _evaluate
    return None if iris is None else [NamedNode(iri) for iri in iris]
