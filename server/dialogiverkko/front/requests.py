"""A request and its answer as values: what is asked by which key, and how a WSGI application answers it."""

import io
import sys
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final
from wsgiref.types import WSGIApplication

from granian.rsgi import Scope
from werkzeug.test import run_wsgi_app

from dialogiverkko.web.http.operations import BEGAN, QUERY

Environ = dict[str, Any]  # PEP 3333: text, streams, flags
Variables = dict[str, str]
Headers = list[tuple[str, str]]

NEUTRAL: Final = frozenset(
    {"user-agent", "referer", "x-request-id", "connection", "priority", "cache-control", "pragma"}
    | {"x-forwarded-for", "x-real-ip", "via"}
)
"""Headers that decide nothing of an answer but, of one, the X-Request-Id that it repeats."""
REQUEST_ID: Final = "X-Request-Id"
_SHARED_METHODS: Final = ("GET", "HEAD", "POST")
_KEPT_STATUSES: Final = (200, 304)


@dataclass(frozen=True)
class Answer:
    """A whole answer, as it is sent."""

    status: int
    headers: Headers
    body: bytes
    query: str = ""
    """The query that the log shows, where it shows any."""

    @property
    def is_kept(self) -> bool:
        """Whether whoever asks the same gets the same: the application marks that by a strong tag."""
        if self.status not in _KEPT_STATUSES:
            return False
        tag, control = self._header("etag"), self._header("cache-control")
        return tag.startswith('"') and "no-store" not in control

    @property
    def size(self) -> int:
        """Bytes that it takes, headers and all."""
        return len(self.body) + len(self.query) + sum(len(name) + len(value) + 100 for name, value in self.headers)

    @cached_property
    def length(self) -> int:
        """The bytes that it tells of, which an answer to HEAD does not bring."""
        return int(self._header("content-length") or 0)

    def _header(self, wanted: str) -> str:
        return next((value for name, value in self.headers if name.lower() == wanted), "")

    @cached_property
    def _place_of_id(self) -> int:
        return next(place for place, (name, _) in enumerate(self.headers) if name == REQUEST_ID)

    def repeated(self, request_id: str) -> "tuple[int, Headers, bytes]":
        """Return what is sent to another request, under its own id."""
        headers = self.headers.copy()
        headers[self._place_of_id] = (REQUEST_ID, request_id)
        return self.status, headers, self.body


def key_of(scope: Scope, body: bytes) -> bytes | None:
    """Name what is asked by all that may decide the answer, in the length of one digest; None: it is not shared."""
    if scope.method not in _SHARED_METHODS:
        return None
    parts = [scope.method, scope.scheme, scope.server, scope.http_version, repr(scope.path), scope.query_string]
    for name, value in scope.headers.items():
        if name not in NEUTRAL:
            parts += (name, value)
    digest = blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=24)
    digest.update(body)
    return digest.digest()


def variables_of(scope: Scope) -> Variables:
    """Write a request as `PEP 3333 <https://peps.python.org/pep-3333/>`_ wants it, the variables that are text.

    Header names with an underscore are left out: they would pass for those with a hyphen.
    """
    host, _, port = scope.server.rpartition(":")
    variables: Variables = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables


def environ_of(variables: Variables, body: bytes = b"", began: float = 0.0) -> Environ:
    """Make the environ of a request from its variables and its body."""
    return {
        **variables,
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        BEGAN: began,
        QUERY: [],
    }


def answered(application: WSGIApplication, environ: Environ) -> Answer:
    """Have an application answer, whole."""
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    shown = [pair for pair in headers if pair[0] != "Date"]  # the server dates what it sends
    return Answer(int(status[:3]), shown, b"".join(body), "".join(environ[QUERY]))
