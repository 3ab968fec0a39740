"""How our server stands to the others: ratios of what was measured side by side, with their spread."""

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.measure import CACHED, NO_ANSWER, OXIGRAPH, SLOW, UNCACHED, VIRTUOSO, Figures


def percentile(values: Sequence[float], percent: int) -> float:
    """Take the value below which so many of a hundred lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered), math.ceil(percent / 100 * len(ordered))) - 1)]


@dataclass(frozen=True)
class Ratio:
    """One comparison: what is divided by what, and the ratio of each question or round."""

    what: str
    values: Mapping[str, float]
    unit: str = "questions"

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values.values())

    def row(self) -> str:
        """Write a row of a table: median, the middle half, the whole range, over how many."""
        values = list(self.values.values())
        low, high = percentile(values, 25), percentile(values, 75)
        return (
            f"| {self.what} | {self.median:.2f} | {low:.2f} – {high:.2f} | {min(values):.2f} – {max(values):.2f} "
            f"| {len(values)} {self.unit} |"
        )


def p50(figures: Figures, name: str) -> float:
    """The median latency of one question."""
    return statistics.median(figures.latency[name])


def alike(*figures: Figures) -> set[str]:
    """The questions that all of these answered, and as our engine does."""
    answered = [set(one.latency) - set(one.differs) for one in figures]
    return set.intersection(*answered) if answered else set()


def latency_ratio(what: str, above: Figures, below: Figures, names: Collection[str]) -> Ratio:
    """Divide the median latencies of two servers on some questions."""
    shared = sorted(set(above.latency) & set(below.latency) & set(names))
    return Ratio(what, {name: p50(above, name) / p50(below, name) for name in shared})


def at_least(above: Figures, below: Figures, names: Collection[str]) -> dict[str, float]:
    """Divide the time after which one server was given up by the median latency of another."""
    given_up = {name for name in names if above.differs.get(name) == NO_ANSWER and name not in above.latency}
    answered = given_up & alike(below)
    return {name: above.given_up_after * 1000 / p50(below, name) for name in sorted(answered)}


def round_ratio(what: str, above: Sequence[float], below: Sequence[float]) -> Ratio:
    """Divide what two servers did in each round."""
    pairs = enumerate(zip(above, below, strict=False))
    return Ratio(what, {str(number): one / other for number, (one, other) in pairs if other}, "rounds")


def ratios(figures: Sequence[Figures]) -> list[Ratio]:
    """All comparisons that can be made on one graph."""
    by_name = {one.server: one for one in figures}
    uncached, cached = by_name.get(UNCACHED), by_name.get(CACHED)
    found: list[Ratio] = []
    for name in (OXIGRAPH, VIRTUOSO):
        other = by_name.get(name)
        if other and uncached:
            found.append(latency_ratio(f"latency, ours uncached : {name}", uncached, other, alike(uncached, other)))
            if other.differs:
                what = f"the same, whatever {name} answers"
                found.append(latency_ratio(what, uncached, other, uncached.latency))
        if other and cached:
            found.append(latency_ratio(f"latency, ours cached : {name}", cached, other, alike(cached, other)))
        if other and uncached:
            found.append(round_ratio(f"requests/s, ours uncached : {name}", uncached.per_second, other.per_second))
        if other and cached:
            found.append(round_ratio(f"requests/s, ours cached : {name}", cached.per_second, other.per_second))
        if other and uncached:
            what = f"processor time an answer, ours uncached : {name}"
            found.append(round_ratio(what, uncached.processor, other.processor))
    slow = by_name.get(SLOW)
    if slow and uncached:
        same = alike(slow, uncached)
        joins, others = same & set(uncached.joins), same - set(uncached.joins)
        what = f"latency of joins with aggregates, {SLOW} : ours uncached"
        found.append(latency_ratio(what, slow, uncached, joins))
        if unanswered := at_least(slow, uncached, uncached.joins):
            what = f"the same, with what {SLOW} gave no answer to in {slow.given_up_after:g} s, at least"
            found.append(Ratio(what, {**found[-1].values, **unanswered}))
        found.append(latency_ratio(f"latency of other questions, {SLOW} : ours uncached", slow, uncached, others))
    return [ratio for ratio in found if ratio.values]
