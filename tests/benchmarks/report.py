"""Writes what was measured: tables and plots in tests/benchmarks/README.md, and nothing that was not measured."""

import math
import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from tests.benchmarks.measure import (
    BUDGET,
    BUSY_SECONDS,
    CONNECTIONS,
    JOINS,
    REPEATS,
    SECONDS,
    SLOW,
    Figures,
    Growth,
)

FOLDER = Path(__file__).resolve().parent
_PERCENTILES = (50, 95, 99)
_COLOURS = {
    "Dialogiverkko, cached": "#1b4b7a",
    "Dialogiverkko, uncached": "#4f8fc4",
    "Oxigraph server": "#b5532a",
    "Virtuoso": "#5f7d3b",
    "rdflib-endpoint": "#8a6d9c",
}


def percentile(values: Sequence[float], percent: int) -> float:
    """Take the value below which so many of a hundred lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(percent / 100 * len(ordered)) - 1)]


def common(figures: Sequence[Figures]) -> set[str]:
    """The questions that every server of a size answered, the slow one aside."""
    answered = [set(one.latency) for one in figures if one.latency and one.server != SLOW]
    return set.intersection(*answered) if answered else set()


def exponent(growths: Sequence[Growth], attribute: str) -> float | None:
    """Fit time = c · n^k over the sizes by least squares of the logarithms; gives k."""
    points = [(math.log(one.triples), math.log(getattr(one, attribute))) for one in growths]
    if len(points) < 2:
        return None
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def write(figures: Sequence[Figures], growths: Sequence[Growth], remarks: Sequence[str], day: str) -> None:
    """Write README.md and the two plots beside this file."""
    sizes = sorted({one.activities for one in figures})
    parts = [_head(day, remarks)]
    for size in sizes:
        parts.append(_table(size, [one for one in figures if one.activities == size]))
    parts.append(_growth(growths))
    (FOLDER / "README.md").write_text("\n".join(parts), encoding="utf-8")
    _plot_latency([one for one in figures if one.activities == sizes[0]], FOLDER / "latency.svg")
    _plot_growth(growths, FOLDER / "growth.svg")


def _head(day: str, remarks: Sequence[str]) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; nothing here is typed by hand. The graphs are made by `generator.py`: the real",
        "listing again and again under other names, derived by our rules. Every server holds the same graph and is",
        f"asked every competency question that needs no value and two joins with aggregates, up to {REPEATS} times",
        f"on one connection after one that does not count, until {BUDGET:g} s are spent on it; a question that takes",
        f"more than {SECONDS:g} s is given up. {SLOW} is asked the joins and every seventh question, with a third",
        f"of the time. Requests a second: {CONNECTIONS} connections for {BUSY_SECONDS:g} s, each asking in turn what",
        "the server had answered. The client runs on the same machine and takes its share of it. *Same rows*: how",
        "many of the answers have as many rows as ours; a quick wrong answer is no merit.",
        "",
        f"Measured on {day}: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}.",
        "",
        *[f"- {remark}" for remark in remarks],
        "",
    ]
    return "\n".join(lines)


def _table(size: int, figures: Sequence[Figures]) -> str:
    shared = common(figures)
    triples = figures[0].triples
    lines = [
        f"## {size:,} activities, {triples:,} triples",
        "",
        f"Latency over the {len(shared)} questions that all but {SLOW} answered, in milliseconds.",
        "",
        "| server | p50 | p95 | p99 | requests/s | answered | same rows | start, s | memory, MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    ours = next((one.rows for one in figures if one.server.startswith("Dialogiverkko")), {})
    for one in figures:
        names = set(one.latency) if one.server == SLOW else shared
        values = [value for name in names for value in one.latency.get(name, ())]
        same = sum(ours.get(name) == count for name, count in one.rows.items())
        ranks = [f"{percentile(values, rank):.2f}" if values else "–" for rank in _PERCENTILES]
        lines.append(
            f"| {one.server} | {' | '.join(ranks)} | {one.per_second:,.0f} | {one.answered} of {one.asked} | {same} "
            f"| {one.start_seconds:.1f} | {one.memory_mib:,.0f} |"
        )
    return "\n".join([*lines, "", *_ratios(figures), ""])


def _ratios(figures: Sequence[Figures]) -> list[str]:
    """Say how ours stands to the others, question by question, where both give as many rows."""
    by_name = {one.server: one for one in figures}
    ours = by_name.get("Dialogiverkko, uncached")
    lines: list[str] = []
    for name, other in by_name.items():
        if ours is None or name.startswith("Dialogiverkko"):
            continue
        ratios = {
            key: percentile(other.latency[key], 50) / percentile(ours.latency[key], 50)
            for key in ours.latency.keys() & other.latency.keys()
            if ours.rows.get(key) == other.rows.get(key)
        }
        if ratios:
            values = ratios.values()
            joins = ", ".join(f"{ratios[key]:.1f}" for key in JOINS if key in ratios) or "–"
            lines.append(
                f"- {name} against ours uncached, p50 of {len(ratios)} questions: median "
                f"{statistics.median(values):.2f} times as long, from {min(values):.2f} to {max(values):.2f}; "
                f"the joins with aggregates: {joins}."
            )
    cached, peer = by_name.get("Dialogiverkko, cached"), by_name.get("Oxigraph server")
    if cached and peer and peer.per_second:
        lines.append(f"- Cached requests/s: {cached.per_second / peer.per_second:.2f} times the Oxigraph server's.")
    return lines


def _growth(growths: Sequence[Growth]) -> str:
    lines = [
        "## How build and check grow",
        "",
        "| activities | triples | build, s | check, s | peak memory, MiB |",
        "|---:|---:|---:|---:|---:|",
        *[
            f"| {one.activities:,} | {one.triples:,} | {one.build_seconds:.1f} | {one.check_seconds:.1f} "
            f"| {one.peak_mib:,.0f} |"
            for one in growths
        ],
        "",
    ]
    for attribute, word in (("build_seconds", "build"), ("check_seconds", "check")):
        found = exponent(growths, attribute)
        if found is not None:
            lines.append(f"- {word} grows as n^{found:.2f} in triples over these sizes.")
    return "\n".join([*lines, "", "![Latency by question](latency.svg)", "", "![Growth](growth.svg)", ""])


def _plot_latency(figures: Sequence[Figures], path: Path) -> None:
    """One line per server: the median of each question, questions ordered by ours."""
    axes, figure = _axes()
    ours = next((one for one in figures if one.server == "Dialogiverkko, uncached"), figures[0])
    names = sorted(ours.latency, key=lambda name: percentile(ours.latency[name], 50))
    for one in figures:
        values = [percentile(one.latency[name], 50) if one.latency.get(name) else None for name in names]
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
    axes.set_ylabel("seconds")
    axes.legend(frameon=False)
    figure.savefig(path, format="svg", metadata={"Date": None})


def _axes():  # type: ignore[no-untyped-def] # matplotlib's classes depend on the backend
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dialogiverkko"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    axes.grid(visible=True, alpha=0.3)
    return axes, figure
