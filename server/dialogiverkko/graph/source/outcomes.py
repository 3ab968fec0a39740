"""Writes what compilations came to as lines for a person: what changed, what is left, what is wrong."""

from collections.abc import Iterable, Iterator, Sequence

from dialogiverkko.graph.source.workflow import Outcome
from dialogiverkko.graph.validation.report import Severity


def told_outcomes(outcomes: Sequence[Outcome]) -> tuple[list[str], list[str]]:
    """Return what is to be said of compilations, and what is wrong with them."""
    wrong = [problem for outcome in outcomes for problem in outcome.problems]
    said = [line for outcome in outcomes if not outcome.problems for line in _said(outcome)]
    return said, wrong + list(_rules(outcomes))


def _said(outcome: Outcome) -> Iterator[str]:
    verb = "" if outcome.is_written else "nothing is written; it "
    yield f"{outcome.slug}: {verb}{'; '.join(outcome.changes)}"
    if outcome.unread:
        yield f"  not read: lines {', '.join(map(str, outcome.unread))} of the text"
    for each in outcome.todo:
        yield f"  Warning, to translate: {each}"


def _rules(outcomes: Iterable[Outcome]) -> Iterator[str]:
    report = next((outcome.report for outcome in outcomes if outcome.report), None)
    if report is None or report.conforms:
        return
    for finding in report.findings:
        if finding.severity is Severity.VIOLATION:
            value = f" ({finding.value})" if finding.value else ""
            yield f"{finding.rule}: {finding.message()} – {finding.label or finding.focus}{value}"
