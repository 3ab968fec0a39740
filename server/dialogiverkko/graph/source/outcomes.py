"""Writes what compilations came to as lines for a person: what changed, what is left, what is wrong."""

from collections.abc import Iterator, Mapping, Sequence

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


def _rules(outcomes: Sequence[Outcome]) -> Iterator[str]:
    report = next((outcome.report for outcome in outcomes if outcome.report), None)
    if report is None or report.conforms:
        return
    places = {iri: place for outcome in outcomes for iri, place in outcome.places.items()}
    for finding in report.findings:
        if finding.severity is Severity.VIOLATION:
            value = f" ({finding.value})" if finding.value else ""
            where = _place(finding.focus, places)
            yield f"{where}{finding.rule}: {finding.message()} – {finding.label or finding.focus}{value}"


def _place(focus: str, places: Mapping[str, str]) -> str:
    """Return where the reading tells of a thing, or of the thing that a node belongs to."""
    parts = focus.split("/")
    whole = ("/".join(parts[:many]) for many in range(len(parts), 0, -1))
    return next((places[iri] + ": " for iri in whole if iri in places), "")
