"""Answers requests behind Granian's RSGI interface: at once what is kept, else by a worker, under limits.

Here nothing is evaluated and nothing blocks. A request is handed on once its body is here, whole; until
then it costs no more than the bytes that came. A client that leaves is noticed, and its worker freed.
"""

import asyncio
import logging
import os
import re
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final

from flask import Flask
from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # it exports both, without saying so
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, RequestTimeout

from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.front.ledger import Page
from dialogiverkko.front.pool import Pool
from dialogiverkko.front.requests import Answer, Variables, answered, environ_of, key_of, variables_of
from dialogiverkko.front.sharing import Sharing
from dialogiverkko.web.http.operations import LOG, NOBODY, log_entry
from dialogiverkko.web.http.problems import ERROR

_SMALL_BODY: Final = 65_536
_LARGE_BODIES: Final = 24
_LOOK_AFTER: Final = 0.05
"""Seconds after which somebody looks for the client; most answers are there sooner."""
_HERE: Final = ("/healthz", "/metrics")
"""What is answered without a worker, however busy they are."""
_APART: Final = "/readyz"
"""What a worker of its own answers, past the queue."""
_LOG_AFTER: Final = 0.1
"""Seconds for which lines of the log are gathered."""
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Bounds:
    """What a request may take."""

    body_bytes: int
    seconds: float
    memory_bytes: int
    cache_bytes: int
    queue: int
    body_seconds: float = 20.0
    prefix: str = ""
    """The path below which this copy lies, where a proxy leaves it on."""


@dataclass
class Request:
    """One request, whole."""

    scope: Scope
    body: bytes
    began: float
    request_id: str

    @cached_property
    def variables(self) -> Variables:
        """The variables of its environ that are text, its id among them."""
        return {**variables_of(self.scope), "HTTP_X_REQUEST_ID": self.request_id}


@dataclass
class Gateway:
    """An RSGI application: one Flask application, and the workers that are copies of it."""

    application: Flask
    bounds: Bounds
    pool: Pool
    connected: Pool
    """The workers that may call the addresses that SERVICE is allowed."""
    apart: Pool
    """The workers that open released graphs and files, and go when nobody asks them."""
    early: Pool
    """The workers that answer what needs no engine, as long as the others are not there."""
    page: Page
    _lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sharing = Sharing(self.bounds.cache_bytes, self.bounds.queue, self.page)
        self._large_bodies = asyncio.Semaphore(_LARGE_BODIES)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the workers."""
        for pool in {self.pool, self.connected, self.apart, self.early}:
            pool.attach(loop)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """End the workers, and write what is left of the log."""
        self._write_lines()
        for pool in (self.pool, self.connected, self.apart, self.early):
            pool.close()

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        began = time.perf_counter()
        body = await self._body(scope, protocol) if scope.method == "POST" else b""
        given = scope.headers.get("x-request-id", "")
        refused = body if isinstance(body, HTTPException) else None
        body = b"" if isinstance(body, HTTPException) else body
        request = Request(scope, body, began, given if _REQUEST_ID.fullmatch(given) else os.urandom(16).hex())
        if refused or scope.path.removeprefix(self.bounds.prefix) in _HERE:
            self._send(request, protocol, self._answered_here(request, refused))
            return
        key = key_of(scope, body) if self.bounds.cache_bytes else None
        if key and (kept := self._sharing.kept(key)):
            protocol.response_bytes(*kept.repeated(request.request_id))
            self._log(request, kept.status, kept.length, kept.query)
            return
        await self._attended(key, request, protocol)

    async def _body(self, scope: Scope, protocol: HTTPProtocol) -> bytes | HTTPException:
        """Receive a body, whole or in chunks, or say instead why it was not received."""
        length = scope.headers.get("content-length", "")
        is_chunked = not length and bool(scope.headers.get("transfer-encoding", ""))
        if not is_chunked and not (length.isascii() and length.isdigit()):
            return b""  # the application answers 411
        if not is_chunked and int(length) > self.bounds.body_bytes:
            return RequestEntityTooLarge()
        try:
            is_small = not is_chunked and int(length) <= _SMALL_BODY
            async with asyncio.timeout(self.bounds.body_seconds), nullcontext() if is_small else self._large_bodies:
                return await (self._chunks(protocol) if is_chunked else protocol())
        except TimeoutError:
            return RequestTimeout()
        except RuntimeError:  # the client left before its body was whole
            return BadRequest("The body broke off.")

    async def _chunks(self, protocol: HTTPProtocol) -> bytes | HTTPException:
        """Receive chunks as long as they are not too many."""
        content = bytearray()
        async for chunk in protocol:
            content += chunk
            if len(content) > self.bounds.body_bytes:
                return RequestEntityTooLarge()
        return bytes(content)

    # --- a worker's answer --------------------------------------------------------------------

    async def _attended(self, key: bytes | None, request: Request, protocol: HTTPProtocol) -> None:
        """Send the answer of a request; stop the work when its client disconnects."""
        loop, ours = asyncio.get_running_loop(), asyncio.current_task()
        leaving: list[asyncio.Task[None]] = []

        def look() -> None:
            leaving.append(loop.create_task(_left(protocol)))
            leaving[0].add_done_callback(lambda left: left.cancelled() or (ours and ours.cancel()))

        timer = loop.call_later(_LOOK_AFTER, look)
        try:
            self._send(request, protocol, await self._answer(key, request))
        except asyncio.CancelledError:
            self._log(request, NOBODY, 0, "")
        finally:
            timer.cancel()
            for each in leaving:  # on a connection that is kept, only the request that runs may hear of its end
                each.cancel()

    async def _answer(self, key: bytes | None, request: Request) -> Answer:
        lead = partial(self._worked, request)
        try:
            if key is None:
                return await lead()
            answer = await self._sharing.ask(key, lead)
            return Answer(*answer.repeated(request.request_id), answer.query)
        except DialogiverkkoError as error:
            return self._answered_here(request, error)

    async def _worked(self, request: Request) -> Answer:
        """Return a worker's answer, or raise the error that ended the worker or kept it from starting."""
        head = {"memory_bytes": self.bounds.memory_bytes, "variables": request.variables, "began": request.began}
        first = self.pool if self.pool.is_there else self.early
        ask = first.ask_apart if request.scope.path.removeprefix(self.bounds.prefix) == _APART else first.ask
        told, body = await ask(head, request.body, seconds=self.bounds.seconds)
        while kind := told.get("kind"):
            other: Pool = getattr(self, kind)
            told, body = await other.ask(head | told["head"], request.body, seconds=self.bounds.seconds)
        return Answer(told["status"], [(name, value) for name, value in told["headers"]], body, told["query"])

    def _answered_here(self, request: Request, error: Exception | None = None) -> Answer:
        """Return what needs no worker: a state, or the problem document of the error that kept each from answering."""
        environ = environ_of(request.variables, request.body, request.began)
        return answered(self.application.wsgi_app, {**environ, ERROR: error})

    # --- the log ------------------------------------------------------------------------------

    def _send(self, request: Request, protocol: HTTPProtocol, answer: Answer) -> None:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        self._log(request, answer.status, answer.length, answer.query)

    def _log(self, request: Request, status: int, size: int, query: str) -> None:
        """Queue a line of the log: lines are written many at a time, which costs less."""
        if not LOG.isEnabledFor(logging.INFO):
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(_LOG_AFTER, self._write_lines)
        scope = request.scope
        line = log_entry(request.request_id, scope.method, scope.path, status, size, request.began, query)
        self._lines.append(line)

    def _write_lines(self) -> None:
        if self._lines:
            LOG.info("\n".join(self._lines))
            self._lines.clear()


async def _left(protocol: HTTPProtocol) -> None:
    """Return once the client has disconnected."""
    await protocol.client_disconnect()
