"""Measures what a visitor meets: the start, the first and the later answer of each page, and the memory of it all.

The graph is built before, since a start from what is built is what is timed.
"""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
from tests.benchmarks.engines import free_port
from tests.benchmarks.measure import family, processor_seconds

from dialogiverkko.app import MAKERS
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.built import inputs_of, key_of, write
from dialogiverkko.saved import keeping
from dialogiverkko.saved.catalogue import load as load_catalogue
from dialogiverkko.saved.opening import built_root, obtain, read_snapshot
from dialogiverkko.settings import Settings

PAGES = (
    "/en/", "/en/activities", "/en/collaboration", "/en/organisations", "/en/places", "/en/timeline", "/en/source",
    "/en/source/vertaisdialogi-listaus-2021", "/en/missing", "/en/policy", "/en/vocabulary", "/en/about", "/en/data",
    "/en/page/activity/accc-dialogi", "/en/page/org/om", "/en/search?q=dialogi", "/sitemap.xml", "/sitemap-1.xml",
)  # fmt: skip
"""The pages that are visited, each once first and then some times more."""
_LATER = 3
_SECONDS = 900.0
_SCAN = "SELECT (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o FILTER(STRLEN(STR(?o)) > {}) }}"
_WAIT = 0.01
_HEADERS = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"}


@dataclass
class Visit:
    """How long a page took at first and later, in seconds, and how many bytes of it came, compressed."""

    address: str
    first: float
    later: float
    size: int
    status: int


@dataclass
class Serving:
    """What was measured of one graph."""

    start_seconds: float
    """From the command to the first answer of the front page."""
    start_cpu: float
    """Of processor until then, in all processes: what tells most truly on a busy machine."""
    ready_seconds: float = 0.0
    """From the command until queries are answered too."""
    idle_mib: float = 0.0
    scanned_mib: float = 0.0
    largest_mib: float = 0.0
    """The largest process, its share of what is shared counted."""
    pages: list[Visit] = field(default_factory=list)
    queries: list[Visit] = field(default_factory=list)


def build(assets: Path, *, is_checked: bool) -> None:
    """Keep a build of some assets, in a process whose memory is gone afterwards; unchecked where they are generated."""
    work = _kept if is_checked else _kept_unchecked
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(work, assets).result()


def _kept(assets: Path) -> None:
    obtain(Settings(assets=assets), MAKERS)


def _kept_unchecked(assets: Path) -> None:
    found = find_assets(assets)
    makers = [*MAKERS, keeping.Asking(found).keep]
    write(built_root(Settings(assets=assets), found), key_of(inputs_of(found)), read_snapshot(found), makers)


def measure(assets: Path, settings: Mapping[str, str], words: tuple[str, ...] = (), *, saved: bool = True) -> Serving:
    """Start our server on a folder of assets that was built, visit what it offers, and weigh it."""
    began = time.perf_counter()
    with _running(assets, settings, words) as (process, root):
        _wait_for(f"{root}/en/", process)
        found = Serving(time.perf_counter() - began, processor_seconds(process.pid))
        _wait_for(f"{root}/readyz", process)
        found.ready_seconds = time.perf_counter() - began
        found.idle_mib, _ = _memory(process)
        found.pages = [_visit(root, address) for address in PAGES]
        if saved:
            names = sorted(query.name for query in load_catalogue(find_assets(assets).root / "queries").public())
            found.queries = [_visit(root, f"/queries/{name}?lang=en", later=0) for name in names]
        _scan(root)
        found.scanned_mib, found.largest_mib = _memory(process)
    return found


@contextmanager
def _running(
    assets: Path, settings: Mapping[str, str], words: tuple[str, ...]
) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = free_port()
    environment = {**os.environ, "DIALOGIVERKKO_ASSETS": str(assets), **settings}
    command = [str(Path(sys.executable).parent / "dialogiverkko"), "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        process.kill()
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(Request(address, headers=_HEADERS), timeout=_SECONDS) as answer:
                answer.read()
                return
        except (URLError, OSError):
            time.sleep(_WAIT)
    raise TimeoutError("the server did not start")


def _visit(root: str, address: str, later: int = _LATER) -> Visit:
    first, size, status = _timed(root + address)
    times = [_timed(root + address)[0] for _ in range(later)]
    return Visit(address, first, min(times, default=first), size, status)


def _timed(address: str) -> tuple[float, int, int]:
    began = time.perf_counter()
    try:
        with urlopen(Request(address, headers=_HEADERS), timeout=_SECONDS) as answer:
            size, status = len(answer.read()), answer.status
    except HTTPError as error:
        size, status = len(error.read()), error.code
    return time.perf_counter() - began, size, status


def _scan(root: str) -> None:
    """Have as many workers as there are look at every statement."""
    addresses = [f"{root}/sparql?query={quote(_SCAN.format(number))}" for number in range(2 * (os.cpu_count() or 1))]
    with ThreadPoolExecutor(len(addresses)) as threads:
        list(threads.map(_timed, addresses))


def _memory(process: "subprocess.Popen[bytes]") -> tuple[float, float]:
    """Return the memory of all processes together and of the largest, in MiB; what several share counts once."""
    sizes = []
    for each in family(process.pid):
        with suppress(psutil.NoSuchProcess):
            sizes.append(each.memory_full_info().pss / 2**20)
    return sum(sizes), max(sizes)


def table(found: Serving) -> str:
    """Write what was measured as Markdown."""
    lines = [
        f"The first page after {found.start_seconds:.1f} s ({found.start_cpu:.1f} s of processor), ready after "
        f"{found.ready_seconds:.1f} s; "
        f"{found.idle_mib:,.0f} MiB idle, {found.scanned_mib:,.0f} MiB after scans, "
        f"the largest process {found.largest_mib:,.0f} MiB.",
        "",
        "| page | first, ms | later, ms | kB, compressed |",
        "|---|---:|---:|---:|",
    ]
    slowest = sorted(found.queries, key=lambda visit: -visit.first)[:12]
    for visit in [*found.pages, *slowest]:
        status = "" if visit.status == 200 else f" ({visit.status})"
        first, later = visit.first * 1000, visit.later * 1000
        lines.append(f"| {visit.address}{status} | {first:.0f} | {later:.0f} | {visit.size / 1000:.0f} |")
    if found.queries:
        firsts = sorted(visit.first for visit in found.queries)
        large = sum(visit.size > 150_000 for visit in found.queries)
        lines += ["", f"{len(firsts)} saved queries: median {firsts[len(firsts) // 2] * 1000:.0f} ms, slowest "
                  f"{firsts[-1] * 1000:.0f} ms, {large} over 150 kB; the slowest twelve are in the table."]  # fmt: skip
    return "\n".join(lines)
