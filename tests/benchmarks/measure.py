"""Measures every server on one graph: the same questions, the same client, one after another."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from pyoxigraph import RdfFormat, serialize
from tests.benchmarks import engines
from tests.benchmarks.engines import Server
from tests.benchmarks.load import latencies, question, requests_per_second, row_counts

from dialogiverkko.errors import BadParameterError
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.sparql import catalogue
from dialogiverkko.sparql import parameters as typed
from dialogiverkko.sparql.backends.load import GraphStore, load
from dialogiverkko.sparql.binding import bind
from dialogiverkko.sparql.opening import read_snapshot

CONNECTIONS = 16
REPEATS = 20
SECONDS = 30.0
"""How long one question may take before it is given up."""
BUDGET = 1.0
"""How many seconds of answers to one question are enough."""
BUSY_SECONDS = 5.0
SLOW = "rdflib-endpoint"
"""Asked only the joins and every seventh of the other questions, with a third of the time."""
JOINS = {
    "aggregate-join-organisations": """
        PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> PREFIX cv: <http://data.europa.eu/m8g/>
        SELECT ?one ?other (COUNT(DISTINCT ?activity) AS ?n) {
          ?activity a dlg:Activity ; cv:hasParticipation ?first , ?second .
          ?first cv:hasParticipant ?one . ?second cv:hasParticipant ?other . FILTER(STR(?one) < STR(?other))
        } GROUP BY ?one ?other ORDER BY DESC(?n) ?one ?other LIMIT 50""",
    "aggregate-join-evidence": """
        PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> PREFIX cv: <http://data.europa.eu/m8g/>
        SELECT ?role ?line (COUNT(?participation) AS ?n) {
          ?activity a dlg:Activity ; cv:hasParticipation ?participation ; dlg:isEvidencedBy ?passage .
          ?participation cv:role ?role ; dlg:isEvidencedBy ?other . ?passage dlg:lineNumber ?line .
          ?other dlg:lineNumber ?line
        } GROUP BY ?role ?line ORDER BY DESC(?n) ?role ?line LIMIT 50""",
}
_MIB = 1024 * 1024


@dataclass
class Figures:
    """What was measured of one server on one graph; times in milliseconds unless said otherwise."""

    server: str
    activities: int
    triples: int
    start_seconds: float = 0.0
    """From starting the process to its first answer, with the loading of the graph."""
    memory_mib: float = 0.0
    """Proportional set size of the process and all its children after the questions."""
    latency: dict[str, list[float]] = field(default_factory=dict)
    answered: int = 0
    asked: int = 0
    per_second: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of each question's answer, to see who answers the same."""


@dataclass
class Growth:
    """How long our own commands take on one graph."""

    activities: int
    triples: int
    build_seconds: float
    check_seconds: float
    peak_mib: float


def questions(assets: Assets) -> dict[str, str]:
    """Bind every competency question to its defaults; those that need a value are left out."""
    found: dict[str, str] = dict(JOINS)
    for query in catalogue.load(assets.root / "queries").public():
        try:
            found[query.name] = bind(query.body, typed.read(query.parameters, (), lambda *_: []))
        except BadParameterError:
            continue
    return found


def run(command: list[str], assets: Path) -> tuple[float, float]:
    """Run one of our commands on a folder of assets; seconds, and the peak of its memory in MiB."""
    environment = {**os.environ, "DIALOGIVERKKO_ASSETS": str(assets)}
    started = time.perf_counter()
    subprocess.run(
        [str(Path(sys.executable).parent / "dialogiverkko"), *command],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def growth(assets: Path, activities: int, out: Path) -> Growth:
    """Build the dumps and check the graph by our own commands."""
    build_seconds, _ = run(["build", "--out", str(out)], assets)
    check_seconds, peak = run(["check"], assets)
    triples = len(read_snapshot(find_assets(assets)).merged)
    return Growth(activities, triples, build_seconds, check_seconds, peak)


@contextmanager
def _oxigraph(snapshot: Snapshot) -> Iterator[Server]:
    with engines.oxigraph() as server:
        load(GraphStore.at(server.store), snapshot.quads())
        yield server


@contextmanager
def _virtuoso(snapshot: Snapshot) -> Iterator[Server]:
    """The merge goes into a graph that is named as the default of each question."""
    with engines.virtuoso() as server:
        load(GraphStore.at(server.store), snapshot.quads(), has_default_graph=False)
        yield server


@contextmanager
def _rdflib_endpoint(snapshot: Snapshot, folder: Path) -> Iterator[Server]:
    path = folder / "merged.nt"
    path.write_bytes(serialize(snapshot.merged, format=RdfFormat.N_TRIPLES))
    with engines.rdflib_endpoint(path) as server:
        yield server


Start = Callable[[], AbstractContextManager[Server]]


def starters(assets: Path, snapshot: Snapshot, folder: Path) -> dict[str, Start]:
    """Every server under the name that the table gives it."""
    found: dict[str, Start] = {
        "Dialogiverkko, cached": lambda: engines.ours(assets, cache_bytes=256 * _MIB, seconds=600),
        "Dialogiverkko, uncached": lambda: engines.ours(assets, cache_bytes=0, seconds=600),
        "Oxigraph server": lambda: _oxigraph(snapshot),
        "rdflib-endpoint": lambda: _rdflib_endpoint(snapshot, folder),
    }
    if engines.virtuoso_binary():
        found["Virtuoso"] = lambda: _virtuoso(snapshot)
    return found


def measure(
    name: str, start: Start, texts: dict[str, str], snapshot: Snapshot, activities: int, default: str | None
) -> Figures:
    """Start one server, ask everything, and stop it."""
    is_slow = name == SLOW
    names = [key for number, key in enumerate(texts) if not is_slow or key in JOINS or number % 7 == 0]
    figures = Figures(name, activities, len(snapshot.merged), asked=len(names))
    seconds = SECONDS / 3 if is_slow else SECONDS
    started = time.perf_counter()
    with start() as server:
        figures.start_seconds = time.perf_counter() - started
        full = {key: _with_default(texts[key], default) for key in names}
        asked = [question(server.endpoint, key, text) for key, text in full.items()]
        figures.latency = latencies(server.endpoint, asked, repeats=REPEATS, seconds=seconds, budget=BUDGET)
        figures.answered = len(figures.latency)
        figures.memory_mib = _memory(server.pid)
        figures.rows = row_counts(server.endpoint, {key: full[key] for key in figures.latency}, seconds=seconds)
        quick = [one for one in asked if one.name in figures.latency]
        if quick:
            figures.per_second = requests_per_second(
                server.endpoint, quick, connections=CONNECTIONS, seconds=BUSY_SECONDS
            )
    return figures


def _with_default(text: str, default: str | None) -> str:
    """Name the default graph for a server that has none of its own."""
    return f"DEFINE input:default-graph-uri <{default}> {text}" if default else text


def _memory(pid: int) -> float:
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(process.memory_full_info().pss for process in processes) / _MIB
