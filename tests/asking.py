"""Asks a gateway without a socket: the server's side of one request."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import Flask
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf

from dialogiverkko.app import create_app, start_backend
from dialogiverkko.engines import Backend
from dialogiverkko.engines.graph_store import MERGED_GRAPH, GraphStore, publish
from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.front.gateway import Gateway
from dialogiverkko.front.requests import Answer
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.media import N_TRIPLES, RESULTS_JSON
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Question, Result, Solutions, Term
from dialogiverkko.sparql.results import read_solutions

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) < STR(?f)) }"
"""A query that no engine answers within any limit."""
WIDE = Limits(seconds=30.0, memory_bytes=1_073_741_824, rows=5_000_000, result_bytes=536_870_912)

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


class Remembering:
    """An engine behind which the same question is asked once: tests ask it thousands of times."""

    def __init__(self, engine: Backend) -> None:
        self._engine = engine
        self._known: dict[tuple[str, ...], Result] = {}

    def __getattr__(self, name: str) -> Any:  # Any: whatever else the engine has
        return getattr(self._engine, name)

    def query(self, question: Question) -> Result:
        """Answer what was answered before; an error is asked for again, and so is what differs each time."""
        if not question.parsed.is_deterministic:
            return self._engine.query(question)
        values = sorted((name, str(term)) for name, term in question.bindings.items())
        parts = (question.media_type, question.dataset, values, question.limits, question.page)
        key = (question.parsed.text, *map(str, parts))
        if key not in self._known:
            self._known[key] = self._engine.query(question)
        return self._known[key]


def remembering(settings: Settings, snapshot: Snapshot) -> Flask:
    """Make an application over such an engine."""
    return create_app(settings, snapshot=snapshot, backend=Remembering(start_backend(settings, snapshot)))


async def answer(gateway: Gateway, asked: Asked) -> Answer:
    """Have a gateway answer one request."""
    connection = Connection(asked.body)
    await gateway(asked.scope, connection)  # type: ignore[arg-type]  # it has what is used of the server's
    return connection.got[0]


def select(backend: Backend, text: str, bindings: dict[str, Term] | None = None, limits: Limits = WIDE) -> Solutions:
    """Ask an engine a SELECT, with values bound as terms."""
    result = backend.query(Question(parse(text), RESULTS_JSON, limits, bindings=bindings or {}))
    return read_solutions(result.body, RESULTS_JSON)


def construct(backend: Backend, text: str, bindings: dict[str, Term]) -> tuple[Triple, ...]:
    """Ask an engine a CONSTRUCT, with values bound as terms."""
    result = backend.query(Question(parse(text), N_TRIPLES, WIDE, bindings=bindings))
    return tuple(quad.triple for quad in parse_rdf(result.body, RdfFormat.N_TRIPLES))


def published(server: Any, quads: Iterable[Quad], prefixes: Mapping[str, str]) -> RemoteBackend:  # Any: either server
    """Put a dataset into a server, and ask it there."""
    graphs = by_graph(quads)
    publish(server.endpoint, GraphStore(server.store), graphs)
    return RemoteBackend.connect(RemoteSetup(server.endpoint, frozenset(filter(None, graphs)), MERGED_GRAPH, prefixes))


def by_graph(quads: Iterable[Quad]) -> dict[str | None, list[Triple]]:
    """Return the triples of each named graph, and under None those of the default graph."""
    graphs: dict[str | None, list[Triple]] = {}
    for quad in quads:
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
        graphs.setdefault(name, []).append(quad.triple)
    return graphs
