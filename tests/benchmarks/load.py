"""Asks a server many times: one connection for latency, many for requests a second.

Written for speed and nothing else, so that the client does not hide the server: raw sockets, one
request ready in memory, and of the answer only its length. Run as a program it is one client process.
"""

import json
import multiprocessing
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

ACCEPT_SOLUTIONS = "application/sparql-results+json"
ACCEPT_GRAPH = "application/n-triples"
_LEAST = 3


@dataclass(frozen=True)
class Question:
    """One query as bytes that can be sent."""

    name: str
    request: bytes


def question(endpoint: str, name: str, text: str) -> Question:
    """Make the POST of a form that every SPARQL server takes."""
    parts = urlsplit(endpoint)
    body = urlencode({"query": text}).encode()
    head = (
        f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Accept: {ACCEPT_SOLUTIONS}, {ACCEPT_GRAPH}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Question(name, head.encode() + body)


class Connection:
    """One connection that is kept; opened again when the server closes it."""

    def __init__(self, endpoint: str, seconds: float) -> None:
        parts = urlsplit(endpoint)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._buffer = b""

    def ask(self, request: bytes) -> int:
        """Send one request, read the whole answer, and give its status; 0 where none came in time."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, self._seconds)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            return self._read()
        except OSError:
            self.close()
            return 0

    def _read(self) -> int:
        head, rest = self._until(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        if "content-length" in headers:
            self._exactly(rest, int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            self._chunks(rest)
        else:
            self.close()
        if headers.get("connection") == "close":
            self.close()
        return int(lines[0].split(" ")[1])

    def _receive(self) -> bytes:
        piece = self._socket.recv(262_144) if self._socket else b""
        if not piece:
            raise ConnectionResetError
        return piece

    def _until(self, mark: bytes, buffer: bytes = b"") -> tuple[bytes, bytes]:
        while mark not in buffer:
            buffer += self._receive()
        before, _, after = buffer.partition(mark)
        return before, after

    def _exactly(self, buffer: bytes, length: int) -> bytes:
        count = len(buffer)
        if count >= length:
            return buffer[length:]
        while count < length:
            count += len(self._receive())
        return b""

    def _chunks(self, buffer: bytes) -> None:
        while True:
            size, buffer = self._until(b"\r\n", buffer)
            length = int(size.split(b";")[0], 16)
            while len(buffer) < length + 2:
                buffer += self._receive()
            buffer = buffer[length + 2 :]
            if length == 0:
                return

    def close(self) -> None:
        """Let the connection go."""
        if self._socket:
            self._socket.close()
        self._socket = None


def latencies(
    endpoint: str, questions: Sequence[Question], *, repeats: int, seconds: float, budget: float
) -> dict[str, list[float]]:
    """Ask each question so many times on one connection; milliseconds of each answer with status 200.

    The first answer does not count. A question is asked no more once it has taken ``budget`` seconds in
    all, but at least thrice. One that fails, or is not answered in ``seconds``, has no figures.
    """
    connection = Connection(endpoint, seconds)
    found: dict[str, list[float]] = {}
    for one in questions:
        taken: list[float] = []
        for _ in range(repeats + 1):
            started = time.perf_counter()
            if connection.ask(one.request) != 200:
                taken = []
                connection.close()
                break
            taken.append((time.perf_counter() - started) * 1000)
            if len(taken) > _LEAST and sum(taken) > budget * 1000:
                break
        if taken:
            found[one.name] = taken[1:]
    connection.close()
    return found


def row_counts(endpoint: str, texts: Mapping[str, str], *, seconds: float) -> dict[str, int]:
    """Ask each question once and count the solutions, or the triples, of its answer."""
    found: dict[str, int] = {}
    for name, text in texts.items():
        request = Request(
            endpoint, urlencode({"query": text}).encode(), {"Accept": f"{ACCEPT_SOLUTIONS}, {ACCEPT_GRAPH}"}
        )
        try:
            with urlopen(request, timeout=seconds) as response:
                body = response.read()
                is_graph = response.headers.get_content_type() == ACCEPT_GRAPH
            found[name] = len(set(body.splitlines())) if is_graph else len(json.loads(body)["results"]["bindings"])
        except (OSError, ValueError, KeyError):
            continue
    return found


def requests_per_second(endpoint: str, questions: Sequence[Question], *, connections: int, seconds: float) -> float:
    """Keep so many connections busy, each asking the questions in turn, and count whole answers."""
    with multiprocessing.get_context("spawn").Pool(connections) as pool:
        work = [(endpoint, [one.request for one in questions], number, seconds) for number in range(connections)]
        return sum(pool.starmap(_busy, work)) / seconds


def _busy(endpoint: str, requests: list[bytes], offset: int, seconds: float) -> int:
    connection = Connection(endpoint, 60.0)
    connection.ask(requests[offset % len(requests)])
    deadline = time.monotonic() + seconds
    count, number = 0, offset
    while time.monotonic() < deadline:
        count += connection.ask(requests[number % len(requests)]) == 200
        number += 1
    connection.close()
    return count


def main() -> None:
    """Ask one server by hand: endpoint and query as arguments."""
    endpoint, text = sys.argv[1:3]
    one = question(endpoint, "query", text)
    print(json.dumps(latencies(endpoint, [one], repeats=20, seconds=60.0, budget=60.0)))


if __name__ == "__main__":
    main()
