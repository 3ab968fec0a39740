"""The gateway by itself, before workers that the test plays: who is asked, what is shared, what is read and logged."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request
from tests.asking import Asked
from tests.asking import Connection as Staying
from werkzeug.exceptions import HTTPException

from dialogiverkko.errors import QueueFullError
from dialogiverkko.front import gateway as module
from dialogiverkko.front.gateway import Bounds, Gateway
from dialogiverkko.front.ledger import Ledger
from dialogiverkko.front.requests import Answer
from dialogiverkko.front.wire import Message
from dialogiverkko.web.http.operations import LOG
from dialogiverkko.web.http.problems import ERROR

LARGE = str(module._SMALL_BODY + 1)


@dataclass
class Connection(Staying):
    """The server's side of one request, whose body comes when it may, and whose client leaves when it will."""

    chunks: tuple[bytes, ...] = ()
    may_come: asyncio.Event = field(default_factory=asyncio.Event)
    leaves: asyncio.Event = field(default_factory=asyncio.Event)
    was_read: bool = False

    async def __call__(self) -> bytes:
        """Give the body."""
        self.was_read = True
        await self.may_come.wait()
        return self.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body in chunks."""
        self.was_read = True
        for chunk in self.chunks:
            yield chunk

    async def client_disconnect(self) -> None:
        """Come back once the client has left."""
        await self.leaves.wait()


class Workers:
    """Workers of one kind: they note what they are asked, and answer when they may."""

    is_there = True

    def __init__(self) -> None:
        self.asked: list[Message] = []
        self.apart: list[Message] = []
        self.bodies: list[bytes] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.needs: Message = {}
        self.error: Exception | None = None
        self.cancelled = 0

    async def ask(self, head: Message, body: bytes, *, seconds: float) -> tuple[Message, bytes]:
        """Answer, say which other kind is needed, or raise an error."""
        assert seconds == 10.0
        self.asked.append(head)
        self.bodies.append(body)
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        headers = [["X-Request-Id", head["variables"]["HTTP_X_REQUEST_ID"]], ["ETag", '"a"'], ["Content-Length", "5"]]
        return self.needs or {"status": 200, "headers": headers, "query": ""}, b"whole"

    async def ask_apart(self, head: Message, body: bytes, *, seconds: float) -> tuple[Message, bytes]:
        """Answer past the queue."""
        self.apart.append(head)
        return await self.ask(head, body, seconds=seconds)


class Bench:
    """A gateway, its four kinds of workers, and short ways to ask it."""

    def __init__(self, **bounds: Any) -> None:  # Any: the fields of Bounds
        application = Flask(__name__)

        @application.before_request
        def _refuse() -> tuple[str, int] | None:
            error = request.environ[ERROR]
            status = error.code or 500 if isinstance(error, HTTPException) else 503
            return (type(error).__name__, status) if error else None

        @application.get("/<path:path>")
        def _here(path: str) -> str:
            return f"{path} from here"

        given = {"body_bytes": 200_000, "seconds": 10.0, "memory_bytes": 1, "cache_bytes": 0, "queue": 9, **bounds}
        self.pool, self.connected, self.apart, self.early = (Workers() for _ in range(4))
        kinds: Any = (self.pool, self.connected, self.apart, self.early)
        self.gateway = Gateway(application, Bounds(**given), *kinds, Ledger(1).take())

    async def answer(self, asked: Asked, connection: Connection | None = None) -> Answer:
        """Have one request answered."""
        connection = connection or Connection(asked.body)
        connection.may_come.set()
        await self.gateway(asked.scope, connection)  # type: ignore[arg-type]  # it has what is used of the server's
        return connection.got[0]

    def begin(self, asked: Asked, connection: Connection) -> "asyncio.Task[None]":
        """Have one answered meanwhile."""
        return asyncio.get_running_loop().create_task(self.gateway(asked.scope, connection))  # type: ignore[arg-type]


def get(path: str, **headers: str) -> Asked:
    """Ask for an address."""
    return Asked("GET", path, headers)


def post(length: str = "", **headers: str) -> Asked:
    """Send a body of such a length."""
    return Asked("POST", "/sparql", {**headers, **({"content-length": length} if length else {})})


def with_bench(use: Callable[[Bench], Awaitable[None]], **bounds: Any) -> None:  # Any: the fields of Bounds
    """Use a gateway in a loop."""

    async def run() -> None:
        await asyncio.wait_for(use(Bench(**bounds)), 10)

    asyncio.run(run())


async def some_turns() -> None:
    """Let every task go on until it waits for something."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("prefix", "path", "is_here"), [
    ("", "/healthz", True), ("", "/metrics", True), ("/below", "/below/healthz", True),
    ("", "/readyz", False), ("", "/fi/", False), ("", "/below/healthz", False),
])  # fmt: skip
def test_health_and_metrics_are_answered_without_a_worker(prefix: str, path: str, is_here: bool) -> None:
    """Below a path as well; all else is a worker's."""

    async def use(bench: Bench) -> None:
        answer = await bench.answer(get(path))
        assert (answer.body == b"whole", len(bench.pool.asked)) == ((False, 0) if is_here else (True, 1))
        assert not is_here or answer.body == f"{path.removeprefix('/')} from here".encode()

    with_bench(use, prefix=prefix)


def test_only_readiness_is_asked_past_the_queue() -> None:
    """However many wait."""

    async def use(bench: Bench) -> None:
        await bench.answer(get("/below/readyz"))
        await bench.answer(get("/below/fi/"))
        assert (len(bench.pool.asked), len(bench.pool.apart)) == (2, 1)
        assert bench.pool.apart[0]["variables"]["PATH_INFO"] == "/below/readyz"

    with_bench(use, prefix="/below")


def test_another_kind_of_worker_is_asked_where_one_is_needed() -> None:
    """With what the first one said; and those that came early, until the others are there."""

    async def use(bench: Bench) -> None:
        bench.pool.needs = {"kind": "apart", "head": {"release": "1"}}
        await bench.answer(get("/x"))
        assert [head["release"] for head in bench.apart.asked] == ["1"]
        bench.pool.is_there = False
        await bench.answer(get("/x"))
        assert [len(each.asked) for each in (bench.pool, bench.apart, bench.early, bench.connected)] == [1, 1, 1, 0]

    with_bench(use)


def test_an_error_of_the_pool_is_answered_here() -> None:
    """By the application, which knows how."""

    async def use(bench: Bench) -> None:
        bench.pool.error = QueueFullError("full", limit="queue", value=1)
        answer = await bench.answer(get("/x"))
        assert (answer.status, answer.body) == (503, b"QueueFullError")

    with_bench(use)


@pytest.mark.parametrize(("cache_bytes", "times"), [(0, [2, 3]), (1_000_000, [1, 1])])
def test_the_same_is_asked_once_where_answers_are_kept(cache_bytes: int, times: list[int]) -> None:
    """While it is under way and later; each gets it under its own id."""

    async def use(bench: Bench) -> None:
        bench.pool.may_answer.clear()
        connections = [Connection(), Connection()]
        tasks = [
            bench.begin(get("/x", **{"x-request-id": name}), connection)
            for name, connection in zip("ab", connections, strict=True)
        ]
        await some_turns()
        bench.pool.may_answer.set()
        await asyncio.gather(*tasks)
        found = [len(bench.pool.asked)]
        last = await bench.answer(get("/x", **{"x-request-id": "c"}))
        assert [*found, len(bench.pool.asked)] == times
        answers = [*(each.got[0] for each in connections), last]
        assert [dict(each.headers)["X-Request-Id"] for each in answers] == ["a", "b", "c"]
        assert {each.body for each in answers} == {b"whole"}

    with_bench(use, cache_bytes=cache_bytes)


@pytest.mark.parametrize(("given", "is_taken"), [("a-b.c_d", True), ("", False), ("a b", False), ("a" * 65, False)])
def test_a_request_has_the_id_that_it_gave_or_one_that_is_made(given: str, is_taken: bool) -> None:
    """What may stand in a log is taken as it is; what is made has 128 bits."""

    async def use(bench: Bench) -> None:
        found = dict((await bench.answer(get("/x", **{"x-request-id": given}))).headers)["X-Request-Id"]
        assert found == given if is_taken else re.fullmatch("[0-9a-f]{32}", found)

    with_bench(use)


def test_an_answer_that_takes_long_does_not_end_the_task_of_its_connection() -> None:
    """The client is looked for meanwhile; on a connection that is kept the next request goes on."""

    async def use(bench: Bench) -> None:
        bench.pool.may_answer.clear()
        asyncio.get_running_loop().call_later(0.12, bench.pool.may_answer.set)
        assert (await bench.answer(get("/x"))).status == 200
        await some_turns()
        assert (await bench.answer(get("/x"))).status == 200

    with_bench(use)


def test_the_work_for_a_client_who_leaves_is_stopped(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is sent, and the log says so: 499, no byte."""
    caplog.set_level(logging.INFO, LOG.name)

    async def use(bench: Bench) -> None:
        bench.pool.may_answer.clear()
        connection = Connection()
        asyncio.get_running_loop().call_later(0.1, connection.leaves.set)
        ended, _ = await asyncio.wait({bench.begin(get("/x"), connection)}, timeout=2)
        assert (len(ended), connection.got, bench.pool.cancelled) == (1, [], 1)
        bench.gateway._write_lines()

    with_bench(use)

    assert [(entry["status"], entry["bytes"]) for entry in map(json.loads, caplog.messages)] == [(499, 0)]


def test_lines_of_the_log_are_written_together_and_soon(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One alone as well, each once, where anybody reads them; its bytes are those that the answer tells of."""
    caplog.set_level(logging.INFO, LOG.name)
    monkeypatch.setattr(module, "_LOG_AFTER", 0.3)

    async def use(bench: Bench) -> None:
        await bench.answer(get("/healthz"))
        await asyncio.sleep(0.35)
        assert len(caplog.messages) == 1
        for path in ("/x", "/healthz"):
            await bench.answer(get(path))
        assert len(caplog.messages) == 1
        await asyncio.sleep(0.35)
        _, lines = caplog.messages
        entries = [json.loads(line) for line in lines.splitlines()]
        assert [(each["path"], each["status"], each["bytes"]) for each in entries] == [
            ("/x", 200, 5),
            ("/healthz", 200, 17),
        ]
        caplog.set_level(logging.WARNING, LOG.name)
        await bench.answer(get("/x"))
        assert bench.gateway._lines == []

    with_bench(use)


@pytest.mark.parametrize(
    ("asked", "chunks", "found"),
    [
        (post("5"), (), b"given"),
        (post("200000"), (), b"given"),
        (post("200001"), (), None),
        (post(), (), b""),
        (post("-5"), (), b""),
        (post("five"), (), b""),
        (post("²"), (), b""),
        (post(**{"transfer-encoding": "chunked"}), (b"x" * 150_000, b"y" * 50_000), b"x" * 150_000 + b"y" * 50_000),
        (post(**{"transfer-encoding": "chunked"}), (b"x" * 150_000, b"y" * 50_001), None),
        (post("5", **{"transfer-encoding": "chunked"}), (b"x",), b"given"),
    ],
)
def test_a_body_is_read_as_far_as_one_may_go(asked: Asked, chunks: tuple[bytes, ...], found: bytes | None) -> None:
    """By its length or in chunks; without either nothing is read, and what is too long is refused here."""

    async def use(bench: Bench) -> None:
        connection = Connection(b"given", chunks=chunks)
        answer = await bench.answer(asked, connection)
        assert bench.pool.bodies == ([] if found is None else [found])
        assert (answer.status, connection.was_read) == ((413, bool(chunks)) if found is None else (200, bool(found)))

    with_bench(use)


def test_only_so_many_large_bodies_come_at_a_time() -> None:
    """A small one is received meanwhile; the next large one waits for a place."""

    async def use(bench: Bench) -> None:
        large = [Connection(b"given") for _ in range(module._LARGE_BODIES)]
        tasks = [bench.begin(post(LARGE), each) for each in large]
        await some_turns()
        assert all(each.was_read for each in large)
        waiting = Connection(b"given")
        tasks.append(bench.begin(post(LARGE), waiting))
        assert (await bench.answer(post("5"), Connection(b"small"))).status == 200
        assert not waiting.was_read
        for each in (*large, waiting):
            each.may_come.set()
        await asyncio.gather(*tasks)
        assert waiting.got[0].status == 200

    with_bench(use)
