"""A report tells findings to people and programs: gravest first, each once, in the reader's language."""

import json

from dialogiverkko.graph.validation.report import Finding, Report, Severity

MESSAGES = {"fi": "Väärin.", "en": "Wrong."}


def finding(rule: str, severity: Severity, focus: str = "http://e/x", **more: object) -> Finding:
    """A finding of a rule."""
    return Finding(rule, severity, focus, messages=MESSAGES, **more)  # type: ignore[arg-type]  # fields by name


INFO, WARNING = finding("DLG-003", Severity.INFO), finding("DLG-002", Severity.WARNING, label="Nimi", value="v")
WORST = finding("DLG-009", Severity.VIOLATION, "http://e/y", path="hasPlace", files=("data/a.ttl",))


def test_only_a_violation_keeps_a_graph_from_being_served() -> None:
    """Warnings and infos are for people to settle."""
    assert Report.of([INFO, WARNING]).conforms
    assert not Report.of([INFO, WORST]).conforms
    assert Report.of([INFO, WORST, WARNING]).violations == (WORST,)


def test_findings_are_told_once_and_gravest_first() -> None:
    """A rule's message stands once above its findings."""
    again = finding("DLG-009", Severity.VIOLATION, "http://e/z")

    text = Report.of([INFO, WORST, WARNING, again, WORST]).text()

    assert text.splitlines() == [
        "Violation DLG-009: Wrong.",
        "  - <http://e/y> (data/a.ttl): hasPlace",
        "  - <http://e/z>",
        "Warning DLG-002: Wrong.",
        "  - Nimi <http://e/x>: v",
        "Info DLG-003: Wrong.",
        "  - <http://e/x>",
        "2 Violation, 1 Warning, 1 Info",
    ]
    assert Report.of([]).text() == "0 Violation, 0 Warning, 0 Info"


def test_what_is_known_for_long_drowns_nothing() -> None:
    """Ten warnings of a rule are shown and the rest is counted; every violation is shown, and JSON holds all."""
    warnings = [finding("DLG-002", Severity.WARNING, f"http://e/{number:02}") for number in range(12)]
    violations = [finding("DLG-009", Severity.VIOLATION, f"http://e/{number:02}") for number in range(12)]

    report = Report.of([*warnings, *violations])

    lines = report.text().splitlines()
    assert lines.count("  … and 2 more; --format json lists them all") == 1
    shown = [line for line in lines[: lines.index("Warning DLG-002: Wrong.")] if line.startswith("  - ")]
    assert len(shown) == 12
    assert len([line for line in lines if line.startswith("  - ")]) == 22
    assert len(json.loads(report.json())["findings"]) == 24


def test_a_message_is_told_in_the_language_asked_for_or_in_any() -> None:
    """Nothing where there is none."""
    assert (WORST.message("fi"), WORST.message(), WORST.message("sv")) == ("Väärin.", "Wrong.", "Väärin.")
    assert Finding("DLG-001", Severity.INFO, "http://e/x").message() == ""


def test_a_program_reads_the_same() -> None:
    """Counts, conformance and each finding with its severity by name."""
    document = json.loads(Report.of([INFO, WORST]).json())

    assert (document["conforms"], document["counts"]) == (False, {"Violation": 1, "Info": 1})
    assert [row["severity"] for row in document["findings"]] == ["Violation", "Info"]
