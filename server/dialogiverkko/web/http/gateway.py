"""Runs a WSGI application behind Granian's RSGI interface, which sees what WSGI cannot: a client that leaves.

A request takes a thread once its body is here, whole; until then it costs no more than the bytes that came.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # it exports both, without saying so
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from dialogiverkko.web.services import CLIENT_GONE

_SMALL_BODY: Final = 65_536
_LARGE_BODIES: Final = 24
_LOOK_AFTER: Final = 0.05
"""Seconds after which somebody looks for the client; most answers are there sooner."""

Environ = dict[str, Any]  # PEP 3333: text, streams, flags
Start = Callable[..., Callable[[bytes], object]]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Client:
    """Whoever waits for one answer; called, it tells whether it has left."""

    __slots__ = ("_is_gone", "_leaving")

    def __init__(self) -> None:
        self._is_gone = False
        self._leaving: asyncio.Task[None] | None = None

    def __call__(self) -> bool:
        """Tell whether nobody waits any more."""
        return self._is_gone

    def watch(self, protocol: HTTPProtocol) -> None:
        """Begin to wait for the client to leave."""
        self._leaving = asyncio.create_task(self._leave(protocol))

    async def _leave(self, protocol: HTTPProtocol) -> None:
        await protocol.client_disconnect()
        self._is_gone = True

    def forget(self) -> None:
        """Stop waiting: on a connection that is kept, only the request that runs may hear of its end."""
        if self._leaving:
            self._leaving.cancel()


class _Refused(io.RawIOBase):
    """A body that was not read; to whoever wants it, it says why."""

    def __init__(self, reason: Exception) -> None:
        self._reason = reason

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:  # Any: whatever holds bytes
        raise self._reason


class Gateway:
    """An RSGI application made of a WSGI application, a bounded pool of threads and bounds for bodies."""

    def __init__(self, application: Application, *, threads: int, body_bytes: int, body_seconds: float = 20.0) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="requests")
        self._body_bytes = body_bytes
        self._body_seconds = body_seconds
        self._large_bodies = asyncio.Semaphore(_LARGE_BODIES)

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        if scope.method == "POST":
            try:
                environ["wsgi.input"] = await self._body(environ.get("CONTENT_LENGTH", ""), protocol)
            except RuntimeError:  # the client left before its body was whole
                return
        client = environ[CLIENT_GONE] = Client()
        loop = asyncio.get_running_loop()
        watch = loop.call_later(_LOOK_AFTER, client.watch, protocol)
        try:
            await loop.run_in_executor(self._threads, self._run, environ, protocol)
        finally:
            watch.cancel()
            client.forget()

    async def _body(self, length: str, protocol: HTTPProtocol) -> io.IOBase:
        """Receive a body of known length, or say instead why it was not received."""
        if not length.isdigit():
            return io.BytesIO()  # the application answers 411
        if int(length) > self._body_bytes:
            return _Refused(RequestEntityTooLarge())
        try:
            async with asyncio.timeout(self._body_seconds):
                if int(length) <= _SMALL_BODY:
                    return io.BytesIO(await protocol())
                async with self._large_bodies:
                    return io.BytesIO(await protocol())
        except TimeoutError:
            return _Refused(RequestTimeout())

    def _run(self, environ: Environ, protocol: HTTPProtocol) -> None:
        """Have the application answer, and send that, in a thread of the pool."""
        if environ[CLIENT_GONE]():
            return
        head: list[tuple[int, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            del exc_info
            head[:] = [(int(status[:3]), headers)]
            return written.append

        answer = self._application(environ, start)
        try:
            written += answer
        finally:
            if close := getattr(answer, "close", None):
                close()
        protocol.response_bytes(*head[0], b"".join(written))


def environ_of(scope: Scope) -> Environ:
    """Write a request as `PEP 3333 <https://peps.python.org/pep-3333/>`_ wants it, with no body yet.

    Header names with an underscore are left out: they would pass for those with a hyphen.
    """
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
