"""``python -m tests.benchmarks --wrk``: by wrk, which no client in Python hides, beside the Oxigraph server.

The real graph; its default graph is filled on both sides, and an answer whose rows differ ends the run. Rounds go in
alternating order. What is measured goes into ``wrk.json`` and ``WRK.md``.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.asking import by_graph
from tests.benchmarks import engines
from tests.benchmarks.engines import Server
from tests.benchmarks.load import ACCEPT_SOLUTIONS
from tests.benchmarks.measure import family, processor_seconds, questions

from dialogiverkko.engines.graph_store import GraphStore, load
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.saved.opening import read_snapshot
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import QueryKind

FOLDER = Path(__file__).resolve().parent
CACHED, UNCACHED, PEER = "ours, cached", "ours, uncached", "Oxigraph server"
_CONNECTIONS = 16
_SCAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?a ?d ?e . FILTER(STRLEN(STR(?c)) + STRLEN(STR(?e)) > 3) }"
_PAGES = ("en/", "en/activities")
_ASKED_AGAIN = 20
_ALONE = {1: "one process with one worker", 2: "two processes with one worker each"}
_SCRIPT = """
local requests = {}
for line in io.lines(os.getenv("REQUESTS")) do
  local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
  local headers = { ["Accept"] = "application/sparql-results+json", ["Host"] = os.getenv("HOST") }
  if method == "POST" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
  requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
end
local turn = 0
request = function() turn = turn % #requests + 1 return requests[turn] end
done = function(summary, latency)
  local bad = summary.errors
  io.stderr:write(string.format("%d %d %d %d %d %d\\n", summary.requests, summary.duration,
    bad.connect, bad.read, bad.status, bad.timeout))
end
"""


@dataclass
class Row:
    """What one server did with one set of questions: requests/s and processor milliseconds, round by round."""

    server: str
    asked: str
    per_second: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


@dataclass
class Found:
    """All that one run measured."""

    day: str
    load: float
    triples: int
    seconds: float
    rows: list[Row] = field(default_factory=list)
    latency: dict[str, dict[str, float]] = field(default_factory=dict)
    """Median milliseconds of each question by one connection."""
    first: dict[str, float] = field(default_factory=dict)
    """Milliseconds of the first visit of a page."""
    pages: dict[str, float] = field(default_factory=dict)
    """Processor milliseconds of one answer of each page, where nothing is kept."""
    processes: dict[str, list[float]] = field(default_factory=dict)
    """Requests/s over all questions by so many processes, uncached, round by round."""
    memory: dict[str, float] = field(default_factory=dict)
    """MiB of all processes (proportional set size), at the start and later."""


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def _memory(pid: int) -> float:
    return float(sum(process.memory_full_info().pss for process in family(pid)) / 1024**2)


def _ask(server: Server, text: str) -> tuple[float, bytes]:
    request = Request(f"{server.endpoint}?{urlencode({'query': text})}", headers={"Accept": ACCEPT_SOLUTIONS})
    began = time.perf_counter()
    with urlopen(request, timeout=60) as response:
        body: bytes = response.read()
    return (time.perf_counter() - began) * 1000, body


def _rows(body: bytes) -> int:
    document = json.loads(body)
    return 1 if "boolean" in document else len(document["results"]["bindings"])


def latencies(servers: Mapping[str, Server], texts: Mapping[str, str], repeats: int) -> dict[str, dict[str, float]]:
    """Ask each question of each server in turn by one connection at a time; different numbers of rows end the run."""
    found: dict[str, dict[str, float]] = {name: {} for name in servers}
    for number, (question, text) in enumerate(texts.items()):
        order = list(servers)[number % len(servers) :] + list(servers)[: number % len(servers)]
        rows = {name: _rows(_ask(servers[name], text)[1]) for name in order}
        if len(set(rows.values())) != 1:
            raise SystemExit(f"{question}: {rows}")
        taken: dict[str, list[float]] = {name: [] for name in order}
        for _ in range(repeats):
            for name in order:
                taken[name].append(_ask(servers[name], text)[0])
        for name in order:
            found[name][question] = statistics.median(taken[name])
    return found


def busy(
    server: Server, texts: Sequence[str], seconds: float, folder: Path, *, is_post: bool = False
) -> tuple[float, float]:
    """Have wrk ask for some seconds; gives requests a second and processor milliseconds for each."""
    path = "/" + server.endpoint.split("/", 3)[3]
    forms = [urlencode({"query": text}) for text in texts]
    lines = [f"POST {path} {form}" if is_post else f"GET {path}?{form}" for form in forms]
    (folder / "requests").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "script.lua").write_text(_SCRIPT, encoding="utf-8")
    before = processor_seconds(server.pid)
    given = {"REQUESTS": str(folder / "requests"), "HOST": server.endpoint.split("/")[2]}
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds:g}s", "--timeout=20s"]
    done = subprocess.run(
        [*command, "-s", str(folder / "script.lua"), server.endpoint],
        env={**os.environ, **given},
        capture_output=True,
        check=True,
        timeout=seconds + 60,
    )
    requests, micros, *bad = (int(part) for part in done.stderr.split()[-6:])
    if any(bad):
        raise SystemExit(f"{server.name}: of {requests} requests failed {bad} (connect, read, status, time)")
    return requests / (micros / 1e6), (processor_seconds(server.pid) - before) * 1000 / max(requests, 1)


def _sets(texts: Mapping[str, str], peer: Mapping[str, float]) -> dict[str, list[str]]:
    by_cost = sorted(texts, key=lambda name: peer[name])
    chosen = {"cheapest": by_cost[0], "median": by_cost[len(by_cost) // 2], "dearest": by_cost[-1]}
    return {**{f"{what} ({name})": [texts[name]] for what, name in chosen.items()}, "all in turn": list(texts.values())}


def measure(seconds: float, rounds: int) -> Found:
    """Start the servers on the real graph and measure them, in alternating order."""
    snapshot = read_snapshot(find_assets())
    tables = {QueryKind.SELECT, QueryKind.ASK}
    texts = {name: text for name, text in questions(find_assets()).items() if parse(text).kind in tables}
    found = Found(datetime.now(UTC).date().isoformat(), os.getloadavg()[0], len(snapshot.merged), seconds)
    root = find_assets().root
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        peer = stack.enter_context(engines.oxigraph())
        load(GraphStore(peer.store), by_graph(snapshot.quads()))
        servers = {
            CACHED: stack.enter_context(engines.ours(root, cache_bytes=67_108_864)),
            UNCACHED: stack.enter_context(engines.ours(root, cache_bytes=0)),
            PEER: peer,
        }
        _pages(servers[CACHED], found)
        found.memory["at the start"] = _memory(servers[UNCACHED].pid)
        _say("latency …")
        found.latency = latencies(servers, texts, repeats=5)
        rows = {(name, what): Row(name, what) for what in _sets(texts, found.latency[PEER]) for name in servers}
        posted = {name: Row(name, "all in turn, by POST") for name in servers}
        for number in range(rounds):
            order = list(servers) if number % 2 == 0 else list(servers)[::-1]
            for what, asked in _sets(texts, found.latency[PEER]).items():
                for name in order:
                    _note(rows[name, what], busy(servers[name], asked, seconds, folder))
            for name in order:
                _note(posted[name], busy(servers[name], list(texts.values()), seconds, folder, is_post=True))
            _say(f"round {number + 1} of {rounds}")
        for _ in range(48):
            _ask(servers[UNCACHED], _SCAN)
        found.memory["after 48 scans, one after another"] = _memory(servers[UNCACHED].pid)
    found.rows = [*rows.values(), *posted.values()]
    _side_by_side(root, list(texts.values()), found, seconds, rounds)
    return found


def _side_by_side(root: Path, texts: Sequence[str], found: Found, seconds: float, rounds: int) -> None:
    """Compare one process that speaks HTTP with two, each with one worker; nothing else runs meanwhile."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = {}
        for number, name in _ALONE.items():
            settings = {"DIALOGIVERKKO_PROCESSES": str(number), "DIALOGIVERKKO_WORKERS": "1"}
            servers[name] = stack.enter_context(engines.ours(root, cache_bytes=0, settings=settings))
            found.processes[name] = []
        for number in range(rounds):
            for name in list(servers) if number % 2 == 0 else list(servers)[::-1]:
                found.processes[name].append(busy(servers[name], texts, seconds, folder)[0])
        _cost(next(iter(servers.values())), found)  # of one worker, which has read each page once


def _cost(server: Server, found: Found) -> None:
    """Ask each page of the main menu, and a page of each kind of thing, often enough to count its processor time."""
    root = server.endpoint.removesuffix("sparql")
    for page in _menu(root):
        _page(root + page)
        before = processor_seconds(server.pid)
        for _ in range(_ASKED_AGAIN):
            _page(root + page)
        found.pages[f"/{page}"] = (processor_seconds(server.pid) - before) * 1000 / _ASKED_AGAIN


def _menu(root: str) -> list[str]:
    """List the pages of the site's own menu, and one of each kind of thing that they lead to."""
    menu = re.findall(r'href="/(en/[a-z]*)"', _page(f"{root}en/"))
    found = {name: name for name in menu}
    for page in list(found):
        for thing in re.findall(r'href="/(en/page/[^"#?]+)"', _page(root + page)):
            found.setdefault(thing.split("/")[2], thing)
    return sorted(found.values())


def _page(address: str) -> str:
    with urlopen(Request(address, headers={"Accept": "text/html"}), timeout=60) as response:
        return str(response.read(), "utf-8")


def _note(row: Row, told: tuple[float, float]) -> None:
    row.per_second.append(told[0])
    row.processor.append(told[1])


def _pages(server: Server, found: Found) -> None:
    root = server.endpoint.removesuffix("sparql")
    for page in _PAGES:
        began = time.perf_counter()
        _page(root + page)
        found.first[f"/{page}"] = (time.perf_counter() - began) * 1000


def text(found: Found) -> str:
    """Write what was measured as Markdown."""
    peers = {row.asked: statistics.median(row.per_second) for row in found.rows if row.server == PEER}
    ordered = sorted(found.rows, key=lambda row: list(peers).index(row.asked))
    return f"""# By wrk, beside the Oxigraph server

Written by `make bench BENCH=--wrk`; the raw figures are in `wrk.json`. The real graph,
{found.triples:,} triples, in the default graph of both. {_CONNECTIONS} connections for {found.seconds:g} s a round, in
alternating order: the median, and the range of the rounds. {found.day}, {os.cpu_count()} cores shared with the
client, load average {found.load:.1f} before: ratios hold better than figures.

| asked | server | requests/s | range | × Oxigraph | CPU, ms a request |
|---|---|---:|---:|---:|---:|
{_lines(_rate(row, peers[row.asked]) for row in ordered)}

| one connection, over all questions | median, × Oxigraph | middle half | added ms, median |
|---|---:|---:|---:|
{_lines(_latency(name, found.latency[name], found.latency[PEER]) for name in (CACHED, UNCACHED))}

| first visit | ms |
|---|---:|
{_lines(f"| `{page}` | {value:.0f} |" for page, value in found.first.items())}

| page, nothing kept | CPU, ms |
|---|---:|
{_lines(f"| `{page}` | {value:.1f} |" for page, value in sorted(found.pages.items(), key=lambda each: -each[1]))}

| all in turn, uncached | requests/s | range | × one |
|---|---:|---:|---:|
{_lines(_share(name, found.processes) for name in found.processes)}

| memory of all processes, uncached | MiB |
|---|---:|
{_lines(f"| {when} | {value:,.0f} |" for when, value in found.memory.items())}
"""


def _lines(rows: Iterable[str]) -> str:
    return "\n".join(rows)


def _rate(row: Row, peer: float) -> str:
    rate = statistics.median(row.per_second)
    spread = f"{min(row.per_second):,.0f} – {max(row.per_second):,.0f}"
    used = statistics.median(row.processor)
    return f"| {row.asked} | {row.server} | {rate:,.0f} | {spread} | {rate / peer:.2f} | {used:.2f} |"


def _share(name: str, processes: Mapping[str, Sequence[float]]) -> str:
    rate, one = statistics.median(processes[name]), statistics.median(processes[_ALONE[1]])
    return f"| {name} | {rate:,.0f} | {min(processes[name]):,.0f} – {max(processes[name]):,.0f} | {rate / one:.2f} |"


def _latency(name: str, own: Mapping[str, float], peer: Mapping[str, float]) -> str:
    ratios = sorted(own[question] / peer[question] for question in own)
    added = statistics.median(own[question] - peer[question] for question in own)
    middle = f"{ratios[len(ratios) // 4]:.2f} – {ratios[3 * len(ratios) // 4]:.2f}"
    return f"| {name}, {len(ratios)} questions | {statistics.median(ratios):.2f} | {middle} | {added:.2f} |"


def run(rounds: int, seconds: float) -> None:
    """Measure and write."""
    found = measure(seconds, rounds)
    (FOLDER / "wrk.json").write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    (FOLDER / "WRK.md").write_text(text(found), encoding="utf-8")
    print(text(found))
