"""Measures each step of a build on two sizes, and writes the table of how each grows (STEPS.md)."""

import json
import math
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.generator import write_assets
from tests.benchmarks.report import FOLDER

_FILE = FOLDER / "STEPS.md"
_LEAST_SECONDS = 0.1
"""What takes less on the larger graph is counted together: its growth is that of the clock."""
_STEEP = 1.15
_CLOCK = 0.05
"""What an exponent may be above that of the rows that a step gives: times are not as sure as counts."""
_ROUNDS = 4
"""How often each size is measured, in turn with the other: the least time of a step counts."""


@dataclass(frozen=True)
class Steps:
    """The steps of a build of one size, with the processor seconds of each."""

    activities: int
    triples: int
    links: int
    seconds: Mapping[str, float]
    rows: Mapping[str, int] = field(default_factory=dict)
    """What a step gives: what a rule derived, or the nodes among which a shape seeks suspects."""

    def sum(self, steps: Iterable[str]) -> float:
        """Add up some steps."""
        return sum(self.seconds.get(step, 0.0) for step in steps)

    def least(self, other: "Steps") -> "Steps":
        """Take of each step the lesser of two times."""
        seconds = {name: min(time, other.seconds.get(name, time)) for name, time in self.seconds.items()}
        return replace(self, seconds=seconds)


def run(sizes: Sequence[int], day: str) -> None:
    """Measure the smallest and the largest of some sizes and write the table."""
    rounds = [[_measured(size) for size in (min(sizes), max(sizes))] for _ in range(_ROUNDS)]
    small, large = (reduce(Steps.least, each) for each in zip(*rounds, strict=True))
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
    seconds, rows = defaultdict[str, float](float), Counter[str]()
    for one in told[:-1]:
        seconds[one["step"]] += one["seconds"]
        rows[one["step"]] += one["rows"]
    return Steps(activities, told[-1]["triples"], told[-1]["links"], dict(seconds), +rows)


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
    rows = [
        _row(name, small.sum(each), large.sum(each), between, (small.rows.get(name, 0), large.rows.get(name, 0)))
        for name, each in groups.items()
    ]
    return "\n".join([
        "# How each step of a build grows",
        "",
        'Written by `make bench BENCH="--steps 1000,10000"`; nothing here is typed by hand. Processor seconds, the',
        f"least of {_ROUNDS} runs, measured on {day}; the children of a step count with it. A step is steep that grows",
        f"faster than n^{_STEEP} and than the rows that it gives: what a rule derived, what was sorted, the nodes",
        f"among which a shape seeks suspects. Links between organisations are {small.links:,} and {large.links:,}",
        f"(n^{growth(small.links, large.links, between):.2f}: the pairs of organisations that share a context),",
        f"triples {small.triples:,} and {large.triples:,} (n^{growth(small.triples, large.triples, between):.2f}).",
        "",
        f"| step | {small.activities:,} activities, s | {large.activities:,} activities, s | grows as | |",
        "|---|---:|---:|---:|---|",
        *rows,
        "",
    ])  # fmt: skip


def _row(name: str, small: float, large: float, between: float, rows: tuple[int, int] = (0, 0)) -> str:
    if small <= 0 or large <= 0:
        return f"| {name} | {small:.3f} | {large:.2f} | | |"
    found, mark = growth(small, large, between), ""
    if found > _STEEP:
        given = growth(*rows, between) if all(rows) else 1.0
        mark = f"follows its rows: {rows[0]:,} and {rows[1]:,}, n^{given:.2f}" if found <= given + _CLOCK else "steep"
    return f"| {name} | {small:.3f} | {large:.2f} | n^{found:.2f} | {mark} |"
