"""``python -m tests.benchmarks``: make the graphs, measure everybody, write the report."""

import argparse
import os
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from json import dumps, loads
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import report
from tests.benchmarks.generator import write_assets
from tests.benchmarks.measure import Figures, Growth, growth, measure, questions, starters

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.sparql.backends.load import MERGED_GRAPH
from dialogiverkko.sparql.opening import read_snapshot

_RDFLIB_TRIPLES = 400_000
"""Beyond this rdflib-endpoint answers so few questions in time that nothing can be compared."""


def main() -> int:
    """Measure the sizes asked for; sizes that only grow are built and checked but not served."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="activities of the graphs that are served")
    parser.add_argument("--growth", default="", help="activities of graphs that are only built and checked")
    parser.add_argument("--servers", default="", help="measure only servers whose names contain this")
    parser.add_argument("--keep", action="store_true", help="keep the servers' figures of the last run")
    arguments = parser.parse_args()
    figures = _last_figures() if arguments.keep else []
    growths: list[Growth] = []
    served = _numbers(arguments.sizes)
    for size in sorted({*served, *_numbers(arguments.growth)}):
        with TemporaryDirectory() as folder:
            _say(f"graph of {size} activities …")
            one, found = _one_size(Path(folder), size, arguments.servers, is_served=size in served)
        growths.append(one)
        figures += found
        if figures:
            _save(figures, growths)
    return 0


def _save(figures: list[Figures], growths: list[Growth]) -> None:
    """Write the report and the raw figures; done after each size, so that a long run loses nothing."""
    load = os.getloadavg()[2]
    remarks = [
        f"The raw figures are in `results.json`; {len(figures)} runs of servers.",
        f"Load average of the last quarter of an hour: {load:.1f}. Above the number of cores plus the servers' own "
        "work, the machine was busy with other things and every time is longer than it need be.",
    ]
    report.write(figures, growths, remarks, datetime.now(UTC).date().isoformat())
    raw = {"growth": [asdict(one) for one in growths], "servers": [asdict(one) for one in figures]}
    (report.FOLDER / "results.json").write_text(dumps(raw, indent=1) + "\n", encoding="utf-8")


def _last_figures() -> list[Figures]:
    raw = loads((report.FOLDER / "results.json").read_text(encoding="utf-8"))
    return [Figures(**one) for one in raw["servers"]]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _one_size(folder: Path, size: int, only: str, *, is_served: bool) -> tuple[Growth, list[Figures]]:
    assets = folder / "assets"
    activities = write_assets(size, assets)
    grown = growth(assets, activities, folder / "dumps")
    _say(f"build {grown.build_seconds:.1f} s, check {grown.check_seconds:.1f} s, {grown.triples} triples")
    if not is_served:
        return grown, []
    snapshot = read_snapshot(find_assets(assets))
    texts = questions(find_assets(assets))
    found: list[Figures] = []
    for name, start in starters(assets, snapshot, folder).items():
        if only not in name or (name == "rdflib-endpoint" and grown.triples > _RDFLIB_TRIPLES):
            continue
        default = MERGED_GRAPH if name == "Virtuoso" else None
        figures = measure(name, start, texts, snapshot, activities, default)
        _say(f"{name}: {figures.answered} of {figures.asked}, {figures.per_second:.0f}/s, {figures.memory_mib:.0f} MiB")
        found.append(figures)
    return grown, found


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
