"""A client that goes away frees its worker, whichever way it asked."""

import json
import socket
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

_KILLER = "SELECT (COUNT(*) AS ?n) WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) < STR(?f)) }} # {0}"
FREE_WITHIN = 1.5

Patient = tuple[str, Path]


def opened(address: str) -> socket.socket:
    """Open a connection."""
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=15)


def metric(address: str, name: str) -> float:
    """Read one metric; one that is not there yet is nought."""
    with urllib.request.urlopen(f"{address}metrics", timeout=5) as response:
        for line in response.read().decode().splitlines():
            if line.startswith(name):
                return float(line.rsplit(" ", 1)[1])
    return 0.0


def wait_for(address: str, name: str, value: float, seconds: float) -> float:
    """Wait until a metric has a value; tells how long that took."""
    began = time.monotonic()
    while metric(address, name) != value:
        assert time.monotonic() - began < seconds, f"{name} is {metric(address, name)} and not {value}"
        time.sleep(0.05)
    return time.monotonic() - began


def get(name: str, *headers: str) -> bytes:
    """Write a request for a query that runs long; its name keeps it out of the cache."""
    lines = [f"GET /sparql?{urlencode({'query': _KILLER.format(name)})} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode()


def post(name: str) -> bytes:
    """Write the same request as a form."""
    body = urlencode({"query": _KILLER.format(name)})
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    "sent",
    [get("kept"), get("closed", "Connection: close"), post("posted")],
    ids=["keep-alive", "close", "post"],
)
def test_a_client_that_leaves_frees_its_worker(patient: Patient, sent: bytes) -> None:
    """The query of a closed connection is stopped, and counted as cancelled, long before its limit."""
    address, _ = patient
    cancelled = metric(address, 'dialogiverkko_queries_total{outcome="query-cancelled"}')
    with opened(address) as connection:
        connection.sendall(sent)
        time.sleep(0.5)
        assert metric(address, "dialogiverkko_queries_running") == 1

    wait_for(address, "dialogiverkko_queries_running", 0, FREE_WITHIN)
    wait_for(address, 'dialogiverkko_queries_total{outcome="query-cancelled"}', cancelled + 1, 1)


def test_a_client_that_stays_on_its_connection_is_seen_to_leave_later(patient: Patient) -> None:
    """On a connection that is kept, whoever watched the first request does not swallow the end of the second."""
    address, _ = patient
    slow = get("first").replace(b"/sparql?", b"/sparql?timeout=0.5&")
    with opened(address) as connection:
        for _ in range(2):
            connection.sendall(slow)
            assert b" 504 " in connection.recv(65_536)
        connection.sendall(get("third"))
        time.sleep(0.5)
        assert metric(address, "dialogiverkko_queries_running") == 1

    wait_for(address, "dialogiverkko_queries_running", 0, FREE_WITHIN)


def test_clients_that_leave_the_queue_do_not_start_queries(patient: Patient) -> None:
    """Two workers, ten clients, all of them gone: no query of theirs is begun afterwards."""
    address, _ = patient
    connections = [opened(address) for _ in range(10)]
    for number, connection in enumerate(connections):
        connection.sendall(get(f"queue {number}"))
    time.sleep(0.5)
    assert metric(address, "dialogiverkko_queries_running") == 2
    assert metric(address, "dialogiverkko_queries_queued") == 8
    forked = metric(address, "dialogiverkko_workers_forked_total")
    for connection in connections:
        connection.close()

    wait_for(address, "dialogiverkko_queries_queued", 0, FREE_WITHIN)
    wait_for(address, "dialogiverkko_queries_running", 0, FREE_WITHIN)
    assert metric(address, "dialogiverkko_workers_forked_total") <= forked + 2


def test_who_asked_first_leaves_and_who_joined_is_not_hurt(patient: Patient) -> None:
    """Two clients wait for one query: it goes on until the second has left too."""
    address, _ = patient
    joined = metric(address, "dialogiverkko_queries_joined_total")
    with opened(address) as second:
        with opened(address) as first:
            first.sendall(get("shared"))
            time.sleep(0.3)
            second.sendall(get("shared"))
            wait_for(address, "dialogiverkko_queries_joined_total", joined + 1, 1)
        time.sleep(1)
        assert metric(address, "dialogiverkko_queries_running") == 1

    wait_for(address, "dialogiverkko_queries_running", 0, FREE_WITHIN)


def test_the_log_tells_that_nobody_waited(patient: Patient) -> None:
    """The line of a request whose client left has the status 499."""
    address, log = patient
    with opened(address) as connection:
        connection.sendall(get("logged", "X-Request-Id: left-early"))
        time.sleep(0.3)
    wait_for(address, "dialogiverkko_queries_running", 0, FREE_WITHIN)
    time.sleep(0.2)

    entries = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert [entry["status"] for entry in entries if entry["request"] == "left-early"] == [499]


def test_a_body_that_comes_slowly_holds_no_thread(patient: Patient) -> None:
    """More clients than there are threads promise a body and send none; the next POST is answered at once."""
    address, _ = patient
    held = [opened(address) for _ in range(200)]
    try:
        for connection in held:
            connection.sendall(post("slow")[:-20])
        began = time.monotonic()
        body = urlencode({"query": "ASK {}"}).encode()
        with urllib.request.urlopen(f"{address}sparql", body, timeout=10) as response:
            assert response.status == 200
        assert time.monotonic() - began < 2
    finally:
        for connection in held:
            connection.close()
