"""The engine for commands, agents and tests: each question runs in a worker that may be killed."""

import asyncio
import pickle
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from typing import Any, Final

from pyoxigraph import Quad, Store

from dialogiverkko.engines import BackendStats
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.errors import BackendUnavailableError, DialogiverkkoError, error_of
from dialogiverkko.front import forking
from dialogiverkko.front.ledger import Ledger
from dialogiverkko.front.pool import Pool, PoolSetup
from dialogiverkko.front.wire import Message
from dialogiverkko.front.worker import Note, Work
from dialogiverkko.media import RESULTS_JSON
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Question, Result

_CANARY: Final = "ASK { ?s ?p ?o }"
_LIMITS_OF_CANARY: Final = Limits(5.0, 64 * 1024 * 1024, 1, 1000)
Ask = Callable[..., Coroutine[Any, Any, tuple[Message, bytes]]]  # one of the two ways to ask a pool
_PRIVATE_BYTES: Final = 64 * 1024 * 1024


class GuardedBackend:
    """Answers queries over one immutable graph; safe to call from many threads at once."""

    def __init__(self, data: Iterable[Quad] | Store | None, prefixes: Mapping[str, str], settings: Settings) -> None:
        """Load quads, a store or the disk store of the settings, and fork the process of the workers."""
        engine = EmbeddedBackend.load(data, prefixes, settings)
        self.graph_names = engine.graph_names
        """The IRIs of the named graphs that FROM may name."""
        self._ledger = Ledger(1)
        setup = PoolSetup(settings.workers, settings.queue, _PRIVATE_BYTES)
        start = partial(forking.start, _work(engine, may_connect=bool(settings.service_allow)))
        self._pool = Pool(setup, start, self._ledger.take())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="workers", daemon=True)
        self._pool.attach(self._loop)
        self._thread.start()

    def query(self, question: Question) -> Result:
        """Answer one query within its limits, or raise what stopped it."""
        return self._result(self._pool.ask, question)

    def _result(self, ask: Ask, question: Question) -> Result:
        if self._loop.is_closed():
            raise BackendUnavailableError("The engine is not running.")
        head = {"memory_bytes": question.limits.memory_bytes}
        asked = ask(head, pickle.dumps(question), seconds=question.limits.seconds)
        answer, content = asyncio.run_coroutine_threadsafe(asked, self._loop).result()
        if "error" in answer:
            raise error_of(answer["error"], answer["message"], answer["details"])
        return Result(content, question.media_type, answer["rows"], answer["took"])

    @property
    def is_loading(self) -> bool:
        """Nothing is: what is there answers."""
        return False

    def is_ready(self) -> bool:
        """Return whether a worker of its own answers a canary now, however many queries wait."""
        canary = Question(parse(_CANARY), RESULTS_JSON, _LIMITS_OF_CANARY)
        try:
            return b"boolean" in self._result(self._pool.ask_apart, canary).body
        except DialogiverkkoError:
            return False

    def stats(self) -> BackendStats:
        """Return the counters since the start and the present state of the workers."""
        return self._ledger.stats()

    def close(self) -> None:
        """End all workers and free what they held; twice is once."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._pool.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)


def _work(engine: EmbeddedBackend, *, may_connect: bool) -> Work:
    """Make the work of answering questions; the question comes from our own process, so it may be pickled."""

    def answer(_head: Message, body: bytes, _note: Note) -> tuple[Message, bytes]:
        head, content = Message(), b""
        try:
            result = engine.query(pickle.loads(body))  # noqa: S301 - see above
            head["rows"], content = result.rows, result.body
        except DialogiverkkoError as error:
            head = {"error": error.code, "message": error.message, "details": error.details}
        outcomes, took = engine.counts.snapshot(clear=True)
        return {**head, "outcomes": outcomes, "took": took}, content

    return Work(answer, engine.open, may_connect=may_connect, files=engine.files)
