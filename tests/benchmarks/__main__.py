"""``python -m tests.benchmarks``: make the graphs, measure everybody, write the report."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from json import dumps, loads
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from tests.benchmarks import report, serving, stepwise, wrk
from tests.benchmarks.generator import write_assets
from tests.benchmarks.growth import Growth, growth
from tests.benchmarks.load import Effort
from tests.benchmarks.measure import Figures, Plan, measure, new_figures, questions, quickest_first
from tests.benchmarks.serving import build
from tests.benchmarks.start import prepare, started, starters

from dialogiverkko.graph.assets import find_assets

_RESULTS = report.FOLDER / "results.json"
Record = TypeVar("Record", Figures, Growth)
_SIZES = "1000,10000"
_PLAN = Plan(Effort(repeats=20, budget=0.5, seconds=10.0), rounds=3, busy_seconds=5.0)
_QUICK = Plan(Effort(repeats=3, budget=0.5, seconds=5.0), rounds=1, busy_seconds=1.0)


def main() -> int:
    """Measure the servers on each size, or how build and check grow; what is not measured keeps its last figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=_SIZES, help=f"activities of the graphs that are served ({_SIZES})")
    parser.add_argument("--growth", default="", help="build and check graphs of so many activities, and serve none")
    parser.add_argument("--steps", default="", help="each step of a build on two sizes; writes STEPS.md")
    parser.add_argument("--servers", default="", help="start only servers whose names contain this")
    parser.add_argument("--quick", action="store_true", help="the real graph, few repeats; prints and writes nothing")
    parser.add_argument(
        "--serving", default="", help="start from what is built, pages and memory, of so many activities"
    )
    parser.add_argument("--wrk", action="store_true", help="requests/s by wrk beside Oxigraph; writes WRK.md")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server outlives the run
    day = datetime.now(UTC).date().isoformat()
    if arguments.wrk:
        wrk.run(rounds=3, seconds=5.0)
    elif arguments.serving:
        _serve(_numbers(arguments.serving))
    elif arguments.quick:
        print(report.section(_served(1, arguments.servers, _QUICK, day)))
    elif arguments.steps:
        stepwise.run(_numbers(arguments.steps), day)
    elif arguments.growth:
        _grow(_numbers(arguments.growth), day)
    else:
        figures: list[Figures] = []
        for size in _numbers(arguments.sizes):
            figures += _served(size, arguments.servers, _PLAN, day, figures)
            _save(figures, _last()[1])
    return 0


def _served(size: int, only: str, plan: Plan, day: str, before: Sequence[Figures] = ()) -> list[Figures]:
    """Start every server on a graph of so many activities and measure them side by side.

    Questions that took long on the graph ``before`` come last: a server that was given up goes on for long.
    """
    with TemporaryDirectory() as folder:
        assets = Path(folder) / "assets"
        activities = write_assets(size, assets)
        _say(f"graph of {activities} activities …")
        graph = prepare(assets, Path(folder))
        texts = quickest_first(questions(find_assets(assets)), before)
        starts = starters(graph, only)
        found = new_figures(list(starts), activities, graph.triples, day)
        _say(f"{graph.triples} triples; starting {', '.join(starts)} …")
        with started(starts, at_once=not graph.is_small) as (running, seconds):
            for name, taken in seconds.items():
                found[name].start_seconds = taken if graph.is_small else None
                _say(f"{name} is up after {taken:.1f} s")
            measure(running, texts, graph.graphs, found, plan, _say)
    return list(found.values())


def _grow(sizes: Sequence[int], day: str) -> None:
    """Build and check graphs of so many activities; saved after each, so that a long run loses nothing."""
    grown: list[Growth] = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            assets = Path(folder) / "assets"
            activities = write_assets(size, assets)
            grown.append(growth(assets, activities, Path(folder) / "dumps", day))
        _say(f"{activities} activities: build {grown[-1].build_seconds:.1f} s, check {grown[-1].check_seconds:.1f} s")
        _save(_last()[0], grown)


def _serve(sizes: Sequence[int]) -> None:
    """Build graphs of so many activities, and print what a visitor of each meets; 0 is the real graph."""
    for size in sizes:
        with TemporaryDirectory() as folder:
            assets = find_assets().root if size == 0 else Path(folder) / "assets"
            activities = write_assets(size, assets) if size else 0
            build(assets, is_checked=size == 0)
            print(f"## {activities or 'The real graph'}\n\n{serving.table(serving.measure(assets, {}))}\n", flush=True)


def _save(figures: list[Figures], growths: list[Growth]) -> None:
    raw = {"growth": [asdict(one) for one in growths], "servers": [asdict(one) for one in figures]}
    _RESULTS.write_text(dumps(raw, indent=1) + "\n", encoding="utf-8")
    report.write(figures, growths, _PLAN)


def _last() -> tuple[list[Figures], list[Growth]]:
    """Read what the last run measured; what an older form of these programs wrote is left out."""
    if not _RESULTS.exists():
        return [], []
    raw = loads(_RESULTS.read_text(encoding="utf-8"))
    return _of_form(Figures, raw["servers"]), _of_form(Growth, raw["growth"])


def _of_form(kind: type[Record], rows: Sequence[dict[str, Any]]) -> list[Record]:  # Any: what JSON holds
    names = {one.name for one in fields(kind)}
    return [kind(**row) for row in rows if row.keys() == names]


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(",") if part)


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
