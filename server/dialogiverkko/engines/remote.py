"""Any SPARQL 1.1 server as the engine: the same limits, errors and bytes as from our own.

The server's answer is read whole and by the engine's own readers, then written again in the asked
media type. So the formats do not depend on who answered, and what cannot be read is an error of the
server behind and never a broken answer of ours.
"""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse_query_results
from pyoxigraph import parse as parse_rdf

from dialogiverkko.engines import BackendStats
from dialogiverkko.engines.counts import Counts
from dialogiverkko.engines.dataset import effective_dataset, for_oxigraph
from dialogiverkko.engines.stopped import time_limit_error
from dialogiverkko.errors import BackendUnavailableError, DialogiverkkoError, QueryEvaluationError, ResultLimitError
from dialogiverkko.media import RESULTS_JSON, RESULTS_XML
from dialogiverkko.sparql.capped import too_many
from dialogiverkko.sparql.complaints import syntax_complaint
from dialogiverkko.sparql.parse import parse, refuse_foreign_services
from dialogiverkko.sparql.query import Dataset, Limits, ParsedQuery, QueryKind, Question, Result
from dialogiverkko.sparql.results import SOLUTION_FORMATS, read_solutions, write_graph, write_result
from dialogiverkko.sparql.scopes import bind_variables, with_copied_labels, without_dataset, without_idle_blocks

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse  # the library is imported where a server behind is asked

_PIECE: Final = 65_536
_WIDER: Final = 4
"""How many times longer the server's format may be than the one that was asked for."""
_CUT_HEADERS: Final = ("X-SPARQL-MaxRows", "X-SQL-State", "X-SPARQL-Anytime")
"""Headers by which Virtuoso owns up to an answer that is not whole."""
_NOT_IN_TIME: Final = (408, 504)
_WITH_REASONS: Final = (400, 500)
"""Statuses by which servers say what is wrong with a query."""
_ITS_REASONS: Final = re.compile(r"Virtuoso \w+ Error|custom function|badly formed")
"""Words by which servers blame the query and not themselves."""
_MOST_HEADERS: Final = 20_000
"""Headers of an answer that are read: Virtuoso names each graph of the dataset in one, and Python reads a hundred."""
NO_GRAPH: Final = "urn:x-dialogiverkko:no-graph"
"""A graph that nobody has: without a name the server behind would take its own dataset for an empty one."""
_GRAPHS: Final = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
_HEADERS: Final = {"User-Agent": "Dialogiverkko", "Accept-Encoding": "identity"}
_GRAPH_ACCEPT: Final = "application/n-triples, text/turtle;q=0.5"


@dataclass(frozen=True)
class RemoteSetup:
    """Where the server is and what of it is ours.

    ``default_graph`` names a graph that holds the merge, for a server whose own default graph is
    something else (Virtuoso: the union of all it has). ``graphs`` are ours among its named graphs;
    to connect with None is to take all others that it has.
    """

    endpoint: str
    graphs: frozenset[str] | None = None
    default_graph: str | None = None
    prefixes: Mapping[str, str] | None = None
    service_allow: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Answer:
    """What the server sent, whole."""

    body: bytes
    media_type: str
    server: str


class RemoteBackend:
    """Answers queries by asking another server; safe to call from many threads at once."""

    def __init__(self, setup: RemoteSetup, server: str = "") -> None:
        """Ask a server that calls itself by some name; empty: one that keeps to the standard."""
        import http.client

        http.client._MAXHEADERS = _MOST_HEADERS  # type: ignore[attr-defined]  # it has no other name
        self._setup = setup
        self.graph_names = setup.graphs or frozenset()
        """The IRIs of the named graphs that FROM may name."""
        self._is_oxigraph = "Oxigraph" in server
        self.has_default_graph = "Virtuoso" not in server
        """Virtuoso takes the union of all its graphs for the default graph."""
        self._results_type = RESULTS_JSON if self.has_default_graph else RESULTS_XML
        """Virtuoso 7 writes booleans as 1 and 0 in JSON, and right in XML."""
        self.counts = Counts()

    @classmethod
    def connect(cls, setup: RemoteSetup) -> "RemoteBackend":
        """Reach a server, learn what it is and which graphs it has, and make a backend of it.

        The default graph of the setup is used where the server has a graph of that name.
        """
        answer = cls(setup)._fetch(parse(_GRAPHS), Dataset(), Limits(30.0, 0, 100_000, 16_777_216))
        try:
            solutions = read_solutions(_plain_labels(answer.body), RESULTS_JSON)
        except (SyntaxError, ValueError) as error:
            raise BackendUnavailableError("The server behind answers no SPARQL.") from error
        found = {graph.value for row in solutions.rows if isinstance(graph := row.get("g"), NamedNode)}
        graphs = frozenset(found - {setup.default_graph}) if setup.graphs is None else setup.graphs
        default = setup.default_graph if setup.default_graph in found else None
        return cls(replace(setup, graphs=graphs, default_graph=default), answer.server)

    def query(self, question: Question) -> Result:
        """Answer one query within its limits, or raise what stopped it."""
        limits = question.limits
        with self.counts.counted():
            refuse_foreign_services(question.parsed, self._setup.service_allow)
            effective = self._dataset(question.parsed, question.dataset)
            parsed = question.parsed
            reworded = for_oxigraph(parsed, effective, self.graph_names) if self._is_oxigraph else parsed
            bound = bind_variables(without_dataset(reworded), question.bindings)
            started = time.perf_counter()
            answer = self._fetch(bound, effective, limits)
            result = self._rewrite(answer, question)
            return Result(result.body, question.media_type, result.rows, time.perf_counter() - started)

    def _dataset(self, parsed: ParsedQuery, dataset: Dataset) -> Dataset:
        effective = effective_dataset(parsed, dataset, self.graph_names)
        if effective == Dataset() and self._setup.default_graph:
            return Dataset((self._setup.default_graph,), tuple(sorted(self.graph_names)))
        if effective == Dataset((), ()):
            return Dataset((NO_GRAPH,), (NO_GRAPH,))
        return effective

    def _fetch(self, parsed: ParsedQuery, dataset: Dataset, limits: Limits) -> _Answer:
        """Send a query and read the answer, watching the time and the bytes."""
        import urllib3

        deadline = time.monotonic() + limits.seconds
        wants_graph = parsed.kind in {QueryKind.CONSTRUCT, QueryKind.DESCRIBE}
        text = parsed.text if self.has_default_graph else with_copied_labels(without_idle_blocks(parsed.text))
        form = [("query", text), *_told(dataset, has_graph_pattern=parsed.has_graph_pattern)]
        headers = _HEADERS | {"Accept": _GRAPH_ACCEPT if wants_graph else self._results_type.name}
        try:
            with urllib3.PoolManager(headers=headers, timeout=limits.seconds, retries=False) as connections:
                response = connections.request(
                    "POST", self._setup.endpoint, fields=form, encode_multipart=False, preload_content=False
                )
                return _read(response, parsed, limits, deadline)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if time.monotonic() > deadline:
                raise time_limit_error(limits.seconds) from error
            raise BackendUnavailableError("The server behind cannot be reached, or broke off its answer.") from error

    def _rewrite(self, answer: _Answer, question: Question) -> Result:
        """Read the server's bytes and write them as ours."""
        media_type, rows, result_bytes = question.media_type, question.limits.rows, question.limits.result_bytes
        try:
            if question.parsed.kind in {QueryKind.SELECT, QueryKind.ASK}:
                body = _plain_labels(answer.body)
                return write_result(
                    parse_query_results(body, SOLUTION_FORMATS[self._results_type.name]),
                    media_type,
                    rows=rows,
                    result_bytes=result_bytes,
                    page=question.page,
                )
            return write_graph(
                _triples(answer),
                media_type,
                rows=rows,
                result_bytes=result_bytes,
                prefixes=self._setup.prefixes,
            )
        except (SyntaxError, ValueError) as error:
            raise BackendUnavailableError("The server behind answers what cannot be read.") from error

    @property
    def is_loading(self) -> bool:
        """Nothing is: what is there answers."""
        return False

    def is_ready(self) -> bool:
        """Return whether the server answers a canary now."""
        try:
            self._fetch(parse("ASK { ?s ?p ?o }"), Dataset(), Limits(5.0, 0, 1, 10_000))
        except DialogiverkkoError:
            return False
        return True

    def stats(self) -> BackendStats:
        """Return the counters of this engine since its start."""
        return BackendStats(*self.counts.snapshot())

    def close(self) -> None:
        """Leave the server as it is: it goes on running."""


def _told(dataset: Dataset, *, has_graph_pattern: bool) -> Iterator[tuple[str, str]]:
    """Say a dataset by the protocol (SPARQL 1.1 Protocol, 2.1.4); named graphs only to a query that asks for any."""
    named = dataset.named_graphs or ()
    if named and not has_graph_pattern:
        named = () if dataset.default_graphs else (NO_GRAPH,)
    yield from (("default-graph-uri", graph) for graph in dataset.default_graphs or ())
    yield from (("named-graph-uri", graph) for graph in named)


def _triples(answer: _Answer) -> Iterator[Triple]:
    """Read a graph in whatever syntax the server chose."""
    syntax = RdfFormat.from_media_type(answer.media_type) or RdfFormat.N_TRIPLES
    return (quad.triple for quad in parse_rdf(answer.body, syntax))


def _read(response: "BaseHTTPResponse", parsed: ParsedQuery, limits: Limits, deadline: float) -> _Answer:
    """Read a whole answer, or raise what its status, its headers or its length say."""
    content = bytearray()
    with _cut_at(deadline, response):
        for piece in response.stream(_PIECE):
            content += piece
            if len(content) > limits.result_bytes * _WIDER:
                raise too_many("byte_limit", limits.result_bytes)
    if response.status != HTTPStatus.OK:
        raise _refusal(response.status, content.decode("utf-8", "replace"), parsed, limits)
    if any(response.headers.get(name) for name in _CUT_HEADERS):
        raise ResultLimitError(
            "The server behind cuts this answer short. Ask for less.", limit="row_limit", value=limits.rows
        )
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return _Answer(bytes(content), media_type, response.headers.get("Server", ""))


@contextmanager
def _cut_at(deadline: float, response: "BaseHTTPResponse") -> Iterator[None]:
    """Close the connection at the deadline, so that a stalled server cannot hold the thread."""
    with socket.socket(fileno=os.dup(response.fileno())) as connection:

        def cut() -> None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(0.0, deadline - time.monotonic()), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _plain_labels(body: bytes) -> bytes:
    """Make labels of the ``nodeID://`` addresses that Virtuoso gives to blank nodes."""
    body = body.replace(b"<bnode>nodeID://", b"<bnode>")
    return re.sub(rb'("type": "bnode", "value": ")nodeID://', rb"\1", body)


def _refusal(status: int, message: str, parsed: ParsedQuery, limits: Limits) -> DialogiverkkoError:
    """Make the error that says why the server would not evaluate a query; words are all that it gives."""
    if status in _NOT_IN_TIME or "estimated execution time" in message:
        return time_limit_error(limits.seconds)
    if status not in _WITH_REASONS:
        return BackendUnavailableError("The server behind is busy, broken or elsewhere. Ask again in a few seconds.")
    if re.search(r"error at \d+:\d+", message):
        return syntax_complaint(parsed, message)
    if _ITS_REASONS.search(message):
        return QueryEvaluationError("The server behind cannot evaluate this query. Try a simpler form of it.")
    return BackendUnavailableError("The server behind failed on this query.")
