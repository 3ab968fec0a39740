"""Asks a gateway without a socket: the server's side of one request."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from dialogiverkko.front.gateway import Gateway
from dialogiverkko.front.requests import Answer

Headers = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: Headers
    body: bytes = b""

    @property
    def scope(self) -> Any:  # Any: it stands for a class of the server's
        """What the server hands over."""
        path, _, query = self.path.partition("?")
        headers = {"host": "localhost", **self.headers}
        return SimpleNamespace(
            method=self.method, path=path, query_string=query, server="127.0.0.1:8000", client="127.0.0.1:5",
            scheme="http", http_version="1.1", headers=SimpleNamespace(items=headers.items, get=headers.get),
        )  # fmt: skip


@dataclass
class Connection:
    """The server's side of one request."""

    body: bytes = b""
    got: list[Answer] = field(default_factory=list)

    async def __call__(self) -> bytes:
        """Give the body."""
        return self.body

    async def client_disconnect(self) -> None:
        """Never come back: this client stays."""
        await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Take the answer."""
        self.got.append(Answer(status, headers, body))


async def answer(gateway: Gateway, asked: Asked) -> Answer:
    """Have a gateway answer one request."""
    connection = Connection(asked.body)
    await gateway(asked.scope, connection)  # type: ignore[arg-type]  # it has what is used of the server's
    return connection.got[0]
