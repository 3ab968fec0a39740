"""Operation: health, readiness and Prometheus metrics; headers, request ids and logs of every answer."""

import json
import logging
import re
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from json.encoder import encode_basestring
from urllib.parse import quote

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from dialogiverkko.errors import MalformedRequestError, UnsupportedMediaTypeError
from dialogiverkko.spelling import cut
from dialogiverkko.web.http.problems import HttpError
from dialogiverkko.web.http.protocol import decoded
from dialogiverkko.web.services import Services

BEGAN = "dialogiverkko.began"
"""The key under which an environ holds when its request came to what stands before the application, in seconds."""
QUERY = "dialogiverkko.query"
"""The key under which the application leaves the query that the log shows."""
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.~%!$&'()*+;=-]+)?(?::[0-9]*)?")
"""RFC 3986, 3.2.2; letters that are not of ASCII too, as browsers of old sent them."""
_ASCII = "".join(map(chr, range(128)))
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_EXPOSED = (
    "ETag, Link, Retry-After, X-Request-Id, Dialogiverkko-Version, Dialogiverkko-Digest, "
    "Dialogiverkko-Notice, Dialogiverkko-Total"
)
_ALWAYS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
"""Headers of every answer, which nothing before has set."""
_CONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
_METHODS = "GET, HEAD, POST, OPTIONS"
_LOGGED_CHARACTERS = 10_000
NOBODY = 499
"""The status in the log of an answer that nobody waited for."""
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LOG = logging.getLogger("dialogiverkko.requests")


class EngineCollector(Collector):
    """Turns what the backend and the cache have counted into metrics, when asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        stats = self._services.stats()
        queries = CounterMetricFamily("dialogiverkko_queries", "Queries by outcome.", labels=["outcome"])
        for outcome, count in sorted(stats.outcomes.items()):
            queries.add_metric([outcome], count)
        yield queries
        yield CounterMetricFamily("dialogiverkko_query_seconds", "Seconds spent on queries.", value=stats.seconds_total)
        yield CounterMetricFamily("dialogiverkko_workers_killed", "Workers killed at a limit.", value=stats.killed)
        yield CounterMetricFamily("dialogiverkko_workers_forked", "Workers started.", value=stats.forked)
        yield GaugeMetricFamily("dialogiverkko_queries_running", "Queries that run now.", value=stats.running)
        yield GaugeMetricFamily("dialogiverkko_queries_queued", "Queries that wait for a worker.", value=stats.waiting)
        yield CounterMetricFamily("dialogiverkko_cache_hits", "Answers from the cache.", value=stats.hits)
        yield CounterMetricFamily("dialogiverkko_cache_misses", "Answers not in the cache.", value=stats.misses)
        yield CounterMetricFamily("dialogiverkko_queries_joined", "Answers shared while under way.", value=stats.joined)
        yield GaugeMetricFamily("dialogiverkko_cache_bytes", "Bytes of answers kept.", value=stats.cache_bytes)
        yield _by_process("resident", "Memory of the workers; shared pages count in each.", stats.resident_bytes)
        yield _by_process("private", "Memory of the workers that no other process shares.", stats.private_bytes)
        info = GaugeMetricFamily("dialogiverkko_graph_triples", "Triples of the default graph.", labels=["digest"])
        info.add_metric([self._services.snapshot.digest], len(self._services.snapshot.merged))
        yield info


def _by_process(kind: str, meaning: str, sizes: Mapping[int, int]) -> GaugeMetricFamily:
    memory = GaugeMetricFamily(f"dialogiverkko_worker_{kind}_bytes", meaning, labels=["pid"])
    for pid, size in sorted(sizes.items()):
        memory.add_metric([str(pid)], size)
    return memory


def blueprint(services: Services) -> Blueprint:
    """Make the routes of operation."""
    routes = Blueprint("operations", __name__)
    registry = CollectorRegistry()
    registry.register(EngineCollector(services))

    @routes.get("/healthz")
    def alive() -> Response:
        return _json({"status": "alive"})

    @routes.get("/readyz")
    def ready() -> Response:
        if not services.backend.is_ready():
            raise HttpError("not-ready", "The graph does not answer a canary query.")
        told = {"triples": len(services.snapshot.merged), "loading": services.backend.is_loading}
        return _json({"status": "ready", "digest": services.snapshot.digest} | told)

    @routes.get("/metrics")
    def metrics() -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers=headers)

    return routes


def _json(document: dict[str, str | int]) -> Response:
    return Response(json.dumps(document), content_type="application/json", headers={"Cache-Control": "no-store"})


def install(app: Flask) -> None:
    """Have an application identify, answer preflights of, and log every request."""

    @app.before_request
    def identify() -> Response | None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        g.began = request.environ.get(BEGAN) or time.perf_counter()
        _require_readable()
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return Response(status=204, headers={"Access-Control-Max-Age": "86400", "Allow": _METHODS})
        return None

    @app.after_request
    def finish(response: Response) -> Response:
        make_conditional(response)
        headers = response.headers
        headers.extend(_ALWAYS)
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = _METHODS
            headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match, X-Request-Id, Authorization"
            headers.add("Vary", "Access-Control-Request-Headers")
        headers.setdefault("Content-Security-Policy", PLAIN_POLICY)
        headers.add("X-Request-Id", g.get("request_id", ""))
        _log(response)
        return response


def _require_readable() -> None:
    """Refuse a request without a host, or with none that an address can have (RFC 9112, 3.2), and a coded body."""
    host = request.environ.get("HTTP_HOST")
    if host is None and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        raise MalformedRequestError("The request has no Host, which HTTP/1.1 demands.")
    if host and not _HOST.fullmatch(host):
        raise MalformedRequestError("The Host is no name or address of a host, with a port or none.")
    if not request.query_string.isascii():
        _code_the_query(request.query_string)
    coding = request.headers.get("Content-Encoding", "identity")
    if request.method == "POST" and coding.lower() != "identity":
        raise UnsupportedMediaTypeError(
            f"The body is coded ({cut(coding, 40)}), and is read as it is only. Send it without Content-Encoding.",
            accepted=["identity"],
        )


def _code_the_query(raw: bytes) -> None:
    """Write letters that stand in a query string as they are by percent-encoding, as an address has them."""
    request.query_string = quote(decoded(raw, "The query string"), safe=_ASCII).encode()
    request.environ["QUERY_STRING"] = request.query_string.decode()


def make_conditional(response: Response) -> None:
    """Answer If-None-Match and the like (RFC 9110, 13); a compressed answer is the same bytes each time."""
    if response.content_encoding == "gzip" and not response.is_streamed:
        coded = response.get_data()
        response.set_data(coded[:4] + bytes(4) + coded[8:])  # RFC 1952: the time of compression, or none
    if response.content_encoding:
        response.headers.pop("Repr-Digest", None)  # RFC 9530: it would be that of the coded bytes
    if response.status_code == 200 and not _CONDITIONS.isdisjoint(request.environ):
        response.make_conditional(request)
        if response.status_code == HTTPStatus.PRECONDITION_FAILED:
            response.set_data(b"")  # what was not wanted is not sent
            for name in ("Content-Encoding", "Content-Language", "Content-Type", "Repr-Digest"):
                response.headers.pop(name, None)


def _log(response: Response) -> None:
    query = g.get("query", "")
    if BEGAN in request.environ:  # what stands before the application logs what it sends
        request.environ[QUERY].append(query)
        return
    if not LOG.isEnabledFor(logging.INFO):
        return
    size = response.calculate_content_length() or 0
    began = g.get("began", time.perf_counter())
    LOG.info(log_entry(g.get("request_id", ""), request.method, request.path, response.status_code, size, began, query))


def log_entry(request_id: str, method: str, path: str, status: int, size: int, began: float, query: str) -> str:
    """Write the line of one request; the query only where a setting wants it."""
    took = 1000 * (time.perf_counter() - began)
    last = f', "query": {encode_basestring(query[:_LOGGED_CHARACTERS])}' if query else ""
    return (
        f'{{"request": {encode_basestring(request_id)}, "method": {encode_basestring(method)}, '
        f'"path": {encode_basestring(path)}, "status": {status}, "bytes": {size}, "milliseconds": {took:.1f}{last}}}'
    )


def log_to_standard_error() -> None:
    """Write one JSON line for each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
