"""Writes what was measured: tables and plots in tests/benchmarks/README.md, and nothing that was not measured."""

import math
import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from tests.benchmarks.growth import Growth
from tests.benchmarks.load import LEAST, LONG_SECONDS
from tests.benchmarks.measure import CONNECTIONS, EVERY, OXIGRAPH, SETTLE_SECONDS, SLOW, UNCACHED, Figures, Plan
from tests.benchmarks.ratios import alike, at_least, p50, percentile, ratios
from tests.benchmarks.start import CHECKED_TRIPLES

FOLDER = Path(__file__).resolve().parent
_PERCENTILES = (50, 95, 99)
_SLOWEST = 6
LARGE = 1_000
"""Activities from which a graph is so large that what every start costs does not hide how the rest grows."""
_COLOURS = {
    "Dialogiverkko, cached": "#1b4b7a",
    "Dialogiverkko, uncached": "#4f8fc4",
    "Oxigraph server": "#b5532a",
    "Virtuoso": "#5f7d3b",
    "rdflib-endpoint": "#8a6d9c",
}


def common(figures: Sequence[Figures]) -> set[str]:
    """The questions that every server of a size answered, the slow one aside."""
    answered = [set(one.latency) for one in figures if one.latency and one.server != SLOW]
    return set.intersection(*answered) if answered else set()


def exponent(growths: Sequence[Growth], attribute: str, by: str = "triples") -> float | None:
    """Fit time = c · n^k over the sizes by least squares of the logarithms; gives k."""
    points = [(math.log(getattr(one, by)), math.log(getattr(one, attribute))) for one in growths]
    if len(points) < 2:
        return None
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def text(figures: Sequence[Figures], growths: Sequence[Growth], plan: Plan) -> str:
    """Write the whole report."""
    sizes = sorted({one.activities for one in figures})
    parts = [_head(plan)]
    parts += [section([one for one in figures if one.activities == size]) for size in sizes]
    if growths:
        parts.append(_growth(growths))
    return "\n".join(parts)


def write(figures: Sequence[Figures], growths: Sequence[Growth], plan: Plan) -> None:
    """Write README.md and the plots beside this file."""
    parts = [text(figures, growths, plan)]
    if figures:
        least = min(one.activities for one in figures)
        _plot_latency([one for one in figures if one.activities == least], FOLDER / "latency.svg")
        parts.append("![Latency by question](latency.svg)\n")
    if growths:
        _plot_growth(growths, FOLDER / "growth.svg")
        parts.append("![Growth](growth.svg)\n")
    (FOLDER / "README.md").write_text("\n".join(parts), encoding="utf-8")


def _head(plan: Plan) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    effort = plan.effort
    return f"""# Benchmarks

Written by `make bench` (servers) and `make bench BENCH="--growth 55,330,1000"` (build and check); nothing here is
typed by hand, and the raw figures are in `results.json`. `make bench BENCH=--quick` prints the tables for the real
graph and writes nothing. What wrk measures beside the Oxigraph server (`make bench BENCH=--wrk`) is in
[WRK.md](WRK.md); what a visitor meets at size (`--serving 0,10000`) in [SERVING.md](SERVING.md).

- **Graphs**: made by `generator.py` from the real listing, derived by our rules. Every server holds the same one.
- **Side by side**: all servers are up at once. Each question goes round them, another one first each time: a first
  answer, then up to {effort.repeats} that count, until a server has spent {effort.budget:g} s on it, but at least
  {LEAST}, or one where the first took over {LONG_SECONDS:g} s. What is not answered in {effort.seconds:g} s is given
  up, and its server left to rest for up to {SETTLE_SECONDS:g} s. Whatever else the machine does falls on all alike,
  so ratios hold better than times. Client and servers share {os.cpu_count()} cores and {memory:.0f} GiB
  (Python {platform.python_version()}).
- **Cached** is our server as it comes; **uncached** is the same with a cache of 0 bytes, so that each answer is
  evaluated. No other server here keeps results. *First* is the first answer to each question, nothing warm.
- **Requests/s**: {CONNECTIONS} connections for {plan.busy_seconds:g} s in each of {plan.rounds} rounds, each server in
  turn; the median round. Asked are the questions that all but {SLOW} answered within {LONG_SECONDS:g} s; that one
  is asked the joins with aggregates and every {EVERY}th other question, and here those of them that it answered so.
  *CPU* is the processor time of all of a server's processes for each of these answers: what a busy machine tells
  most truly.
- **Same answers**: the whole answer is compared with our engine's: every solution with its datatypes and languages,
  graphs as sets of triples, the order as far as ORDER BY states it. A ratio of latencies rests only on questions that
  both answered the same; a quick wrong answer is no merit. Virtuoso is asked as our own remote backend asks it.
- **Beyond {CHECKED_TRIPLES:,} triples** our server starts without validating the graph, all start at once (so the start
  is not timed), {SLOW} is left out, and so is the cached server where memory is short.
"""


def section(figures: Sequence[Figures]) -> str:
    """Write the tables of one size."""
    one = figures[0]
    shared = common(figures)
    lines = [
        f"## {one.activities:,} activities, {one.triples:,} triples",
        "",
        f"Measured on {one.day}, load average {one.load:.1f} before. Latency in milliseconds over the {len(shared)} "
        f"questions that all but {SLOW} answered.",
        "",
        "| server | p50 | p95 | p99 | first, p50 | requests/s | CPU, ms | answered | same answers | start, s "
        "| memory, MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *[_row(each, set(each.latency) if each.server == SLOW else shared) for each in figures],
        "",
    ]
    found = ratios(figures)
    if found:
        lines += ["| ratio | median | middle half | range | over |", "|---|---:|---:|---:|---:|"]
        lines += [ratio.row() for ratio in found]
        lines.append("")
    return "\n".join([*lines, *_slowest(figures), *_joins(figures), *_differences(figures)])


def _row(figures: Figures, names: set[str]) -> str:
    values = [value for name in names for value in figures.latency[name]]
    ranks = " | ".join(f"{percentile(values, rank):.2f}" if values else "–" for rank in _PERCENTILES)
    first = f"{statistics.median(figures.first[name] for name in names):.2f}" if names else "–"
    rate = f"{statistics.median(figures.per_second):,.0f}" if figures.per_second else "–"
    used = f"{statistics.median(figures.processor):.2f}" if figures.processor else "–"
    start = "–" if figures.start_seconds is None else f"{figures.start_seconds:.1f}"
    same = len(set(figures.latency) - set(figures.differs))
    return (
        f"| {figures.server} | {ranks} | {first} | {rate} | {used} | {len(figures.latency)} of {figures.asked} "
        f"| {same} | {start} | {figures.memory_mib:,.0f} |"
    )


def _slowest(figures: Sequence[Figures]) -> list[str]:
    """Name the questions on which we stand worst against the server of the same engine."""
    by_name = {one.server: one for one in figures}
    ours, other = by_name.get(UNCACHED), by_name.get(OXIGRAPH)
    if not ours or not other:
        return []
    names = sorted(alike(ours, other), key=lambda name: p50(ours, name) / p50(other, name), reverse=True)
    return [
        f"Where ours uncached stands worst beside the {OXIGRAPH}, p50 in milliseconds:",
        "",
        f"| question | ours | {OXIGRAPH} | ratio |",
        "|---|---:|---:|---:|",
        *[_pair(name, ours, other, p50(ours, name) / p50(other, name)) for name in names[:_SLOWEST]],
        "",
    ]


def _joins(figures: Sequence[Figures]) -> list[str]:
    """Set every join with aggregates beside the slow server's."""
    by_name = {one.server: one for one in figures}
    ours, slow = by_name.get(UNCACHED), by_name.get(SLOW)
    if not ours or not slow:
        return []
    names = sorted(alike(ours, slow) & set(ours.joins), key=lambda name: p50(slow, name) / p50(ours, name))
    return [
        f"Joins with aggregates that {SLOW} answers the same, or not in time, p50 in milliseconds:",
        "",
        f"| question | ours | {SLOW} | ratio |",
        "|---|---:|---:|---:|",
        *[_pair(name, ours, slow, p50(slow, name) / p50(ours, name)) for name in names],
        *[
            f"| {name} | {p50(ours, name):.1f} | > {slow.given_up_after * 1000:.0f} | > {ratio:.0f} |"
            for name, ratio in at_least(slow, ours, ours.joins).items()
        ],
        "",
    ]


def _pair(name: str, ours: Figures, other: Figures, ratio: float) -> str:
    return f"| {name} | {p50(ours, name):.1f} | {p50(other, name):.1f} | {ratio:.1f} |"


def _differences(figures: Sequence[Figures]) -> list[str]:
    lines: list[str] = []
    for one in figures:
        if one.differs:
            said = ", ".join(f"{name} ({how})" for name, how in sorted(one.differs.items()))
            lines += [f"{one.server} answers {len(one.differs)} otherwise than our engine: {said}.", ""]
    return lines


def _growth(growths: Sequence[Growth]) -> str:
    lines = [
        "## How build and check grow",
        "",
        "| activities | triples | build, CPU s | its peak, MiB | check, CPU s | its peak, MiB "
        "| measured on | load before |",
        "|---:|---:|---:|---:|---:|---:|---|---:|",
        *[
            f"| {one.activities:,} | {one.triples:,} | {one.build_seconds:.1f} | {one.build_mib:,.0f} "
            f"| {one.check_seconds:.1f} | {one.check_mib:,.0f} | {one.day} | {one.load:.1f} |"
            for one in growths
        ],
        "",
    ]
    large = [one for one in growths if one.activities >= LARGE]
    for attribute, word in (("build_seconds", "build"), ("check_seconds", "check")):
        if (found := exponent(growths, attribute)) is not None:
            lines.append(f"- {word} grows as n^{found:.2f} in triples over these sizes.")
        if (found := exponent(large, attribute, by="activities")) is not None:
            lines.append(
                f"- {word} grows as n^{found:.2f} in activities from {large[0].activities:,} to "
                f"{large[-1].activities:,}, where what every start costs no longer counts."
            )
    return "\n".join([*lines, ""])


def _plot_latency(figures: Sequence[Figures], path: Path) -> None:
    """One line per server: the median of each question, questions ordered by ours."""
    axes, figure = _axes()
    ours = next((one for one in figures if one.server == UNCACHED), figures[0])
    names = sorted(ours.latency, key=lambda name: p50(ours, name))
    for one in figures:
        values = [p50(one, name) if one.latency.get(name) else None for name in names]
        axes.plot(range(len(names)), values, marker=".", label=one.server, color=_COLOURS.get(one.server))
    axes.set_yscale("log")
    axes.set_xlabel("competency questions, from the quickest to the slowest of ours")
    axes.set_ylabel("median latency, ms")
    axes.set_title(f"{figures[0].activities:,} activities")
    axes.legend(frameon=False)
    figure.savefig(path, format="svg", metadata={"Date": None})


def _plot_growth(growths: Sequence[Growth], path: Path) -> None:
    axes, figure = _axes()
    triples = [one.triples for one in growths]
    axes.plot(triples, [one.build_seconds for one in growths], marker="o", label="build", color="#1b4b7a")
    axes.plot(triples, [one.check_seconds for one in growths], marker="s", label="check", color="#b5532a")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("triples")
    axes.set_ylabel("processor seconds")
    axes.legend(frameon=False)
    figure.savefig(path, format="svg", metadata={"Date": None})


def _axes():  # type: ignore[no-untyped-def] # matplotlib's classes depend on the backend
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dialogiverkko"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    axes.grid(visible=True, alpha=0.3)
    return axes, figure
