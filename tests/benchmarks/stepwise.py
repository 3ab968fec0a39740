"""Measures each step of a build on two sizes, and writes the table of how each grows (STEPS.md)."""

import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.generator import write_assets
from tests.benchmarks.report import FOLDER

_FILE = FOLDER / "STEPS.md"
_LEAST_SECONDS = 0.1
"""What takes less on the larger graph is counted together: its growth is that of the clock."""
_STEEP = 1.15


@dataclass(frozen=True)
class Steps:
    """The steps of a build of one size, with the processor seconds of each."""

    activities: int
    triples: int
    links: int
    seconds: Mapping[str, float]

    def sum(self, steps: Iterable[str]) -> float:
        """Add up some steps."""
        return sum(self.seconds.get(step, 0.0) for step in steps)


def run(sizes: Sequence[int], day: str) -> None:
    """Measure the smallest and the largest of some sizes and write the table."""
    small, large = (_measured(size) for size in (min(sizes), max(sizes)))
    _FILE.write_text(table(small, large, day), encoding="utf-8")


def _measured(size: int) -> Steps:
    with TemporaryDirectory() as folder:
        assets = Path(folder) / "assets"
        activities = write_assets(size, assets)
        words = [sys.executable, "-m", "tests.benchmarks.steps", str(assets)]
        answer = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True, env=os.environ)
    return read(activities, answer.stdout)


def read(activities: int, lines: str) -> Steps:
    """Read what the steps told, a line of JSON each; what several lines say of one step is added up."""
    told = [json.loads(line) for line in lines.splitlines()]
    seconds = defaultdict[str, float](float)
    for one in told[:-1]:
        seconds[one["step"]] += one["seconds"]
    return Steps(activities, told[-1]["triples"], told[-1]["links"], dict(seconds))


def growth(small: float, large: float, between: float) -> float:
    """Return the exponent of growth between two sizes, whose ratio is ``between``."""
    return math.log(large / small) / math.log(between)


def table(small: Steps, large: Steps, day: str) -> str:
    """Write the table, what takes longest first."""
    between = large.activities / small.activities
    slow = sorted(
        (name for name in large.seconds if large.seconds[name] >= _LEAST_SECONDS), key=large.seconds.__getitem__
    )
    rest = [name for name in large.seconds if name not in slow]
    groups = {name: [name] for name in reversed(slow)}
    groups |= {f"{len(rest)} others": rest, "**in all**": list(large.seconds)}
    rows = [_row(name, small.sum(each), large.sum(each), between) for name, each in groups.items()]
    return "\n".join([
        "# How each step of a build grows",
        "",
        'Written by `make bench BENCH="--steps 1000,10000"`; nothing here is typed by hand. Processor seconds of one',
        f"run, measured on {day}; the children of a step count with it. A step that grows faster than n^{_STEEP} is",
        f"marked. What must grow so: links between organisations are {small.links:,} and {large.links:,} "
        f"(n^{growth(small.links, large.links, between):.2f}: the pairs of organisations that share a context),",
        f"triples {small.triples:,} and {large.triples:,} (n^{growth(small.triples, large.triples, between):.2f}).",
        "",
        f"| step | {small.activities:,} activities, s | {large.activities:,} activities, s | grows as | |",
        "|---|---:|---:|---:|---|",
        *rows,
        "",
    ])  # fmt: skip


def _row(name: str, small: float, large: float, between: float) -> str:
    if small <= 0 or large <= 0:
        return f"| {name} | {small:.3f} | {large:.2f} | | |"
    found = growth(small, large, between)
    return f"| {name} | {small:.3f} | {large:.2f} | n^{found:.2f} | {'steep' if found > _STEEP else ''} |"
