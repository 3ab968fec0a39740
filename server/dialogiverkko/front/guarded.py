"""The engine for commands, agents and tests: each question runs in a worker that may be killed."""

import asyncio
import pickle
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from pyoxigraph import Quad, Store

from dialogiverkko.engines import BackendStats
from dialogiverkko.engines.counts import Counts
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.errors import BackendUnavailableError, DialogiverkkoError, error_of
from dialogiverkko.front import forking
from dialogiverkko.front.ending import explain
from dialogiverkko.front.ledger import Ledger
from dialogiverkko.front.pool import Pool, PoolSetup, WorkerGoneError
from dialogiverkko.front.wire import Message
from dialogiverkko.front.worker import Note, Work
from dialogiverkko.media import RESULTS_JSON
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Limits, ParsedQuery, QueryKind, Question, Result

_CANARY: Final = Question(
    ParsedQuery("ASK { ?s ?p ?o }", QueryKind.ASK), RESULTS_JSON, Limits(5.0, 64 * 1024 * 1024, 1, 1000)
)
_PRIVATE_BYTES: Final = 64 * 1024 * 1024
_CONNECTED: Final = 2


class GuardedBackend:
    """Answers queries over one immutable graph; safe to call from many threads at once."""

    def __init__(self, data: Iterable[Quad] | Store | None, prefixes: Mapping[str, str], settings: Settings) -> None:
        """Load quads, a store or the disk store of the settings, and fork the process of the workers."""
        self._engine = engine = EmbeddedBackend.load(data, prefixes, settings)
        self._ledger = Ledger(2)
        setup = PoolSetup(settings.workers, settings.queue, _PRIVATE_BYTES)
        self._pool = self._connected = Pool(setup, partial(forking.start, _work(engine)), self._ledger.take())
        if settings.service_allow:
            setup = replace(setup, size=_CONNECTED, at_once=0)
            start = partial(forking.start, _work(engine, may_connect=True))
            self._connected = Pool(setup, start, self._ledger.take())
        self._counts = Counts()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="workers", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._attach(), self._loop).result()

    async def _attach(self) -> None:
        for pool in {self._pool, self._connected}:
            pool.attach(self._loop)

    @property
    def graph_names(self) -> frozenset[str]:
        """The IRIs of the named graphs that FROM may name."""
        return self._engine.graph_names

    def query(self, question: Question) -> Result:
        """Answer one query within its limits, or raise what stopped it."""
        if self._loop.is_closed():
            raise BackendUnavailableError("The engine is not running.")
        return asyncio.run_coroutine_threadsafe(self._ask(question), self._loop).result()

    async def _ask(self, question: Question) -> Result:
        pool = self._connected if question.parsed.services else self._pool
        with self._counts.counted():
            try:
                answer, content = await pool.ask(*_message(question), seconds=question.limits.seconds)
            except WorkerGoneError as gone:
                raise explain(gone, question.limits.memory_bytes) from gone
            if "error" in answer:
                raise error_of(answer["error"], answer["message"], answer["details"])
            return Result(content, question.media_type, answer["rows"], answer["took"])

    def is_ready(self) -> bool:
        """Return whether a worker of its own answers a canary now, however many queries wait."""
        if self._loop.is_closed():
            return False
        asked = self._pool.ask_apart(*_message(_CANARY), seconds=_CANARY.limits.seconds)
        try:
            answer, content = asyncio.run_coroutine_threadsafe(asked, self._loop).result()
        except (WorkerGoneError, BackendUnavailableError):
            return False
        return "error" not in answer and b"boolean" in content

    def stats(self) -> BackendStats:
        """Return the counters since the start and the present state of the workers."""
        outcomes, seconds = self._counts.snapshot()
        return replace(self._ledger.stats(), outcomes=outcomes, seconds_total=seconds)

    def close(self) -> None:
        """End all workers and free what they held; twice is once."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        for pool in {self._pool, self._connected}:
            pool.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)


def _work(engine: EmbeddedBackend, *, may_connect: bool = False) -> Work:
    """Make the work of answering questions; the question comes from our own process, so it may be pickled."""

    def answer(_head: Message, body: bytes, _note: Note) -> tuple[Message, bytes]:
        try:
            result = engine.query(pickle.loads(body))  # noqa: S301 - see above
        except DialogiverkkoError as error:
            return {"error": error.code, "message": error.message, "details": error.details}, b""
        return {"rows": result.rows, "took": result.seconds}, result.body

    return Work(answer, engine.open, may_connect=may_connect)


def _message(question: Question) -> tuple[Message, bytes]:
    return {"memory_bytes": question.limits.memory_bytes}, pickle.dumps(question)
