"""Brings every server up on the same graph: one after another where the start is timed, else all at once."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
from pyoxigraph import RdfFormat, parse, serialize
from tests.asking import by_graph
from tests.benchmarks import engines
from tests.benchmarks.engines import Server
from tests.benchmarks.measure import CACHED, OXIGRAPH, SLOW, UNCACHED, VIRTUOSO

from dialogiverkko.engines.graph_store import GraphStore, load
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.saved.opening import read_snapshot

CHECKED_TRIPLES = 400_000
"""Up to here our server starts as anybody would start it, alone, and its start is timed.

Beyond, all servers start at once, ours without validating the graph, and rdflib-endpoint is left out:
it answers so few questions in time that nothing can be compared.
"""
_BYTES_PER_TRIPLE = 2_500
"""What one of our servers takes in memory, roughly; a second one starts only where as much is free."""
_CACHE_BYTES = 256 * 1024 * 1024
_SECONDS = 900.0

Start = Callable[[], AbstractContextManager[Server]]


@dataclass(frozen=True)
class Prepared:
    """One graph as every server takes it."""

    assets: Path
    quads: Path
    merged: Path
    graphs: tuple[str, ...]
    """The named graphs."""
    triples: int

    @property
    def is_small(self) -> bool:
        """Tell whether our server is started as anybody would start it."""
        return self.triples <= CHECKED_TRIPLES


def prepare(assets: Path, folder: Path) -> Prepared:
    """Derive the graph and write it for the others, in a process whose memory is gone afterwards."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_prepare, assets, folder).result()


def _prepare(assets: Path, folder: Path) -> Prepared:
    snapshot = read_snapshot(find_assets(assets))
    quads, merged = folder / "quads.nq", folder / "merged.nt"
    serialize(snapshot.quads(), str(quads), RdfFormat.N_QUADS)
    serialize(snapshot.merged, str(merged), RdfFormat.N_TRIPLES)
    return Prepared(assets, quads, merged, tuple(snapshot.graphs), len(snapshot.merged))


def starters(graph: Prepared, only: str) -> dict[str, Start]:
    """Every server whose name contains ``only``, under the name that the tables give it."""

    def ours(cache_bytes: int) -> AbstractContextManager[Server]:
        return engines.ours(graph.assets, cache_bytes=cache_bytes, seconds=_SECONDS, is_checked=graph.is_small)

    found: dict[str, Start] = {
        UNCACHED: lambda: ours(0),
        OXIGRAPH: lambda: _oxigraph(graph),
        VIRTUOSO: lambda: _virtuoso(graph),
        CACHED: lambda: ours(_CACHE_BYTES),
        SLOW: lambda: engines.rdflib_endpoint(graph.merged),
    }
    left_out = {SLOW} if not graph.is_small else set()
    if not engines.virtuoso_binary():
        left_out.add(VIRTUOSO)
    if psutil.virtual_memory().available < 2.5 * _BYTES_PER_TRIPLE * graph.triples:
        left_out.add(CACHED)
    return {name: start for name, start in found.items() if only in name and name not in left_out}


@contextmanager
def started(starts: Mapping[str, Start], *, at_once: bool) -> Iterator[tuple[dict[str, Server], dict[str, float]]]:
    """Start servers and give them with the seconds that each took; all stop at the end."""
    with ExitStack() as stack, ThreadPoolExecutor(len(starts) if at_once else 1) as threads:

        def one(start: Start) -> tuple[Server, float]:
            began = time.perf_counter()
            server = stack.enter_context(start())
            return server, time.perf_counter() - began

        found = dict(zip(starts, threads.map(one, starts.values()), strict=True))
        yield {name: server for name, (server, _) in found.items()}, {name: took for name, (_, took) in found.items()}


@contextmanager
def _oxigraph(graph: Prepared) -> Iterator[Server]:
    with engines.oxigraph() as server, graph.quads.open("rb") as quads:
        headers = {"Content-Type": "application/n-quads", "Content-Length": str(graph.quads.stat().st_size)}
        with urlopen(Request(server.store, quads, headers, method="POST"), timeout=_SECONDS):
            yield server


@contextmanager
def _virtuoso(graph: Prepared) -> Iterator[Server]:
    """The merge goes into a graph that is named as the default of each question."""
    with engines.virtuoso() as server:
        load(GraphStore(server.store), by_graph(parse(path=graph.quads)), has_default_graph=False)
        yield server
