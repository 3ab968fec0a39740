"""Asks servers many times, in turn: one connection to each for latency, many for requests a second.

Written for speed and nothing else, so that the client does not hide the server: raw sockets and
requests ready in memory. All servers are up at once and each question goes round them, another one
first each time, so that whatever else the machine does falls on all alike.
"""

import multiprocessing
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from urllib.parse import urlencode, urlsplit

ACCEPT_SOLUTIONS = "application/sparql-results+json"
ACCEPT_XML = "application/sparql-results+xml"
ACCEPT_GRAPH = "application/n-triples"
LEAST = 3
"""Answers of each server that a latency rests on, beside the first."""
GIVEN_UP, BROKEN = 0, -1
"""What stands for the status where there was no whole answer in time, or the connection did not last."""
LONG_SECONDS = 1.0
"""Where the first answer took longer, one more is enough."""


@dataclass(frozen=True)
class Question:
    """One query as bytes that can be sent."""

    name: str
    request: bytes


@dataclass(frozen=True)
class Reply:
    """One whole answer; status 0 where none came in time."""

    status: int
    content_type: str = ""
    pieces: tuple[bytes, ...] = ()

    @property
    def body(self) -> bytes:
        """The bytes of the answer."""
        return b"".join(self.pieces)


@dataclass
class Timing:
    """What one server took for one question, in milliseconds: the first answer apart."""

    first: float
    later: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Rate:
    """What one server did in one round under many connections."""

    per_second: float
    """Whole answers a second."""
    processor_ms: float
    """Milliseconds of processor for each, in all of the server's processes."""


def question(
    endpoint: str, name: str, text: str, accept: str = ACCEPT_SOLUTIONS, dataset: Sequence[tuple[str, str]] = ()
) -> Question:
    """Make the POST of a form that every SPARQL server takes."""
    parts = urlsplit(endpoint)
    body = urlencode([("query", text), *dataset]).encode()
    head = (
        f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Accept: {accept}\r\n"
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

    def ask(self, request: bytes) -> Reply:
        """Send one request and read the whole answer."""
        try:
            if self._socket and select.select([self._socket], [], [], 0)[0]:  # nothing else makes an idle one readable
                self.close()
            if self._socket is None:
                self._socket = socket.create_connection(self._address, self._seconds)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            return self._read()
        except TimeoutError:
            self.close()
            return Reply(GIVEN_UP)
        except OSError:
            self.close()
            return Reply(BROKEN)

    def _read(self) -> Reply:
        head, rest = self._until(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        if "content-length" in headers:
            pieces = self._exactly(rest, int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            pieces = self._chunks(rest)
        else:
            pieces = self._all(rest)
        if headers.get("connection") == "close":
            self.close()
        content_type = headers.get("content-type", "").partition(";")[0].strip()
        return Reply(int(lines[0].split(" ")[1]), content_type, tuple(pieces))

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

    def _exactly(self, buffer: bytes, length: int) -> list[bytes]:
        pieces, count = [buffer], len(buffer)
        while count < length:
            pieces.append(self._receive())
            count += len(pieces[-1])
        return pieces

    def _chunks(self, buffer: bytes) -> list[bytes]:
        pieces: list[bytes] = []
        while True:
            size, buffer = self._until(b"\r\n", buffer)
            length = int(size.split(b";")[0], 16)
            while len(buffer) < length + 2:
                buffer += self._receive()
            if length == 0:
                return pieces
            pieces.append(buffer[:length])
            buffer = buffer[length + 2 :]

    def _all(self, buffer: bytes) -> list[bytes]:
        """Read until the server closes, as it may where it does not say how much it sends."""
        pieces = [buffer]
        with suppress(ConnectionResetError):
            while True:
                pieces.append(self._receive())
        self.close()
        return pieces

    def close(self) -> None:
        """Let the connection go."""
        if self._socket:
            self._socket.close()
        self._socket = None


def rotated(names: Sequence[str], turn: int) -> list[str]:
    """Put another name first each turn."""
    start = turn % len(names) if names else 0
    return [*names[start:], *names[:start]]


@dataclass(frozen=True)
class Effort:
    """How often and how long each server is asked each question, in times and seconds."""

    repeats: int
    budget: float
    """A server is asked a question no more once it has taken so long in all, but at least so often as LEAST says."""
    seconds: float
    """A question not answered in this time is given up."""


def in_turn(
    asked: Mapping[str, Question],
    connections: Mapping[str, Connection],
    effort: Effort,
    turn: int,
    see: Callable[[str, Reply], None],
) -> dict[str, Timing]:
    """Ask one question of each server in turn, again and again; those that fail have no timing.

    ``see`` is shown each server's first answer and whatever fails, outside of the time that is taken.
    """
    found: dict[str, Timing] = {}
    waiting = list(asked)
    for round_number in range(effort.repeats + 1):
        for name in rotated(waiting, turn + round_number):
            started = time.perf_counter()
            reply = connections[name].ask(asked[name].request)
            taken = (time.perf_counter() - started) * 1000
            if round_number == 0 or reply.status != 200:
                see(name, reply)
            if reply.status != 200:
                found.pop(name, None)
                waiting.remove(name)
            elif round_number == 0:
                found[name] = Timing(taken)
            else:
                later = found[name].later
                later.append(taken)
                least = LEAST if found[name].first < LONG_SECONDS * 1000 else 1
                if len(later) >= least and sum(later) > effort.budget * 1000:
                    waiting.remove(name)
    return found


@contextmanager
def connected(endpoints: Mapping[str, str], seconds: float) -> Iterator[dict[str, Connection]]:
    """Keep one connection to each server."""
    connections = {name: Connection(endpoint, seconds) for name, endpoint in endpoints.items()}
    try:
        yield connections
    finally:
        for connection in connections.values():
            connection.close()


def requests_per_second(
    asked: Mapping[str, Sequence[Question]],
    endpoints: Mapping[str, str],
    *,
    connections: int,
    rounds: int,
    seconds: float,
    processor: Callable[[str], float],
) -> dict[str, list[Rate]]:
    """Keep so many connections to one server busy, then to the next, for several rounds in turn.

    Each connection asks the server's questions in turn. ``processor`` tells how many seconds of processor a
    server has used so far.
    """
    found: dict[str, list[Rate]] = {name: [] for name in asked}
    with multiprocessing.get_context("spawn").Pool(connections) as pool:
        pool.starmap(time.sleep, [(0.5,)] * connections, chunksize=1)  # until all of them are there
        for round_number in range(rounds):
            for name in rotated(list(asked), round_number):
                requests = [one.request for one in asked[name]]
                before = processor(name)
                counted = _one_round(pool, connections, endpoints[name], requests, seconds)
                answers = sum(count for count, _ in counted)
                used = (processor(name) - before) * 1000 / answers if answers else 0.0
                found[name].append(Rate(sum(count / elapsed for count, elapsed in counted), used))
    return found


def _one_round(
    pool: Pool, connections: int, endpoint: str, requests: list[bytes], seconds: float
) -> list[tuple[int, float]]:
    if not requests:
        return []
    work = [(endpoint, requests, number * len(requests) // connections, seconds) for number in range(connections)]
    return pool.starmap(_busy, work, chunksize=1)


def _busy(endpoint: str, requests: list[bytes], offset: int, seconds: float) -> tuple[int, float]:
    """Ask until the time is over; give the answers and how long they took: the last one ends when it ends."""
    with closing(Connection(endpoint, 60.0)) as connection:
        started = time.monotonic()
        count, number = 0, offset
        while (elapsed := time.monotonic() - started) < seconds:
            count += connection.ask(requests[number % len(requests)]).status == 200
            number += 1
        return count, elapsed
