"""Fuzzy time: the four bounds that an EDTF expression means, and what is said where they differ."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation.report import Severity
from dialogiverkko.graph.validation.times import BOUNDS, bounds_of, check_times
from dialogiverkko.namespaces import DLG, GRAPH_REFERENCE

SPAN = "https://w3id.org/dialogiverkko/id/activity/x/time"


@pytest.mark.parametrize(
    ("expression", "bounds"),
    [
        ("2021-21", "2021-01-01 2021-06-30 2021-01-01 2021-06-30"),
        ("2021-22", "2021-06-01 2021-08-31 2021-06-01 2021-08-31"),
        ("2021-23", "2021-08-01 2021-12-31 2021-08-01 2021-12-31"),
        ("2019-24", "2019-12-01 2020-02-29 2019-12-01 2020-02-29"),
        ("2020", "2020-01-01 2020-12-31 2020-01-01 2020-12-31"),
        ("2020-02", "2020-02-01 2020-02-29 2020-02-01 2020-02-29"),
        ("2021-06-08", "2021-06-08 2021-06-08 2021-06-08 2021-06-08"),
        ("2020-23/2021-21", "2020-08-01 2020-12-31 2021-01-01 2021-06-30"),
        ("2020-04/2021-05", "2020-04-01 2020-04-30 2021-05-01 2021-05-31"),
        ("2021-04-26/2021-06-11", "2021-04-26 2021-04-26 2021-06-11 2021-06-11"),
        ("2022/2024", "2022-01-01 2022-12-31 2024-01-01 2024-12-31"),
        ("2021-33", "2021-01-01 2021-03-31 2021-01-01 2021-03-31"),
        ("2021-34", "2021-04-01 2021-06-30 2021-04-01 2021-06-30"),
        ("2021-35", "2021-07-01 2021-09-30 2021-07-01 2021-09-30"),
        ("2021-36", "2021-10-01 2021-12-31 2021-10-01 2021-12-31"),
        ("202X", "2020-01-01 2029-12-31 2020-01-01 2029-12-31"),
        ("19XX", "1900-01-01 1999-12-31 1900-01-01 1999-12-31"),
        ("00XX", "0001-01-01 0099-12-31 0001-01-01 0099-12-31"),
        ("2023/2023-05", "2023-01-01 2023-05-31 2023-05-01 2023-05-31"),
        ("2023-03/2023", "2023-03-01 2023-03-31 2023-03-01 2023-12-31"),
        ("2023-01-25/2023", "2023-01-25 2023-01-25 2023-01-25 2023-12-31"),
        ("2023-05/2023-05", "2023-05-01 2023-05-31 2023-05-01 2023-05-31"),
        ("2021-XX", "2021-01-01 2021-12-31 2021-01-01 2021-12-31"),
        ("2021-XX-XX", "2021-01-01 2021-12-31 2021-01-01 2021-12-31"),
        ("2021-05-XX", "2021-05-01 2021-05-31 2021-05-01 2021-05-31"),
        ("2021-05?", "2021-05-01 2021-05-31 2021-05-01 2021-05-31"),
        ("2021-21~", "2021-01-01 2021-06-30 2021-01-01 2021-06-30"),
        ("2021%/2022", "2021-01-01 2021-12-31 2022-01-01 2022-12-31"),
        ("2021-06-08T10:00:00Z", "2021-06-08 2021-06-08 2021-06-08 2021-06-08"),
        ("2021-05/..", "2021-05-01 2021-05-31 - -"),
        ("2021/", "2021-01-01 2021-12-31 - -"),
        ("../2021-09", "- - 2021-09-01 2021-09-30"),
        ("/2021", "- - 2021-01-01 2021-12-31"),
        ("-0500/2021", "- - 2021-01-01 2021-12-31"),
        ("Y17000", "- - - -"),
    ],
)
def test_the_bounds_of_an_expression(expression: str, bounds: str) -> None:
    """Seasons are those of administration; an interval begins in its first unit and ends in its last."""
    assert bounds_of(expression) == tuple(None if day == "-" else dt.date.fromisoformat(day) for day in bounds.split())


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "kevät",
        "2021-13",
        "2021-02-30",
        "2021-25",
        "2021-37",
        "2021/2020",
        "2023-05/2023-04",
        "2023-05/2022-XX",
        "1/2/3",
        "2021/2022/2023",
        "2021-00",
        "2021-XX-05",
        "/",
        "../..",
        "..",
        "2X21",
        "202X-05",
    ],
)
def test_what_is_no_time_is_refused(expression: str) -> None:
    """An expression whose bounds we cannot tell is an error and no guess."""
    with pytest.raises(ValueError, match=r".*"):
        bounds_of(expression)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(0, 4000), st.sampled_from([4, 7, 10]))
def test_bounds_are_in_order(first: dt.date, days: int, precision: int) -> None:
    """A span does not begin after it may end, whatever its precision."""
    last = min(first + dt.timedelta(days), dt.date(2101, 12, 31))

    begin_early, begin_late, end_early, end_late = bounds_of(
        f"{first.isoformat()[:precision]}/{last.isoformat()[:precision]}"
    )

    assert None not in (begin_early, begin_late, end_early, end_late)
    assert begin_early <= begin_late <= end_late
    assert begin_early <= end_early <= end_late
    assert begin_early <= first <= begin_late
    assert end_early <= last <= end_late


def spans(expression: str, *days: str) -> Snapshot:
    """A snapshot of one time span."""
    date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    said = [Triple(NamedNode(SPAN), NamedNode(DLG + "edtf"), Literal(expression))]
    said += [
        Triple(NamedNode(SPAN), NamedNode(DLG + name), Literal(day, datatype=date))
        for name, day in zip(BOUNDS, days, strict=False)
    ]
    return Snapshot({GRAPH_REFERENCE: tuple(said)}, {})


def test_bounds_that_agree_are_silent() -> None:
    """Spring 2021 by the rule of the model."""
    assert list(check_times(spans("2021-21", "2021-01-01", "2021-06-30", "2021-01-01", "2021-06-30").store())) == []


def test_an_open_end_has_no_bounds() -> None:
    """What goes on has no last day, and may not be given one."""
    assert list(check_times(spans("2021-05/..", "2021-05-01", "2021-05-31").store())) == []
    (finding,) = check_times(spans("2021-05/..", "2021-05-01", "2021-05-31", "2022-01-01", "2022-01-01").store())
    assert "endNotAfter –" in finding.message("en")


@pytest.mark.parametrize("wrong", [0, 1, 2, 3])
def test_each_bound_is_compared(wrong: int) -> None:
    """One wrong bound is a Violation that says what would be right."""
    days = ["2021-01-01", "2021-06-30", "2021-01-01", "2021-06-30"]
    right = days[wrong]
    days[wrong] = "2021-03-01"

    (finding,) = check_times(spans("2021-21", *days).store())

    assert (finding.severity, finding.focus, finding.rule) == (Severity.VIOLATION, SPAN, "DLG-026")
    assert f"{BOUNDS[wrong]} {right}" in finding.message("en")
    assert f"{BOUNDS[wrong]} {right}" in finding.message("fi")


def test_an_expression_that_is_none_is_told() -> None:
    """A season of the weather service or plain words are no EDTF that we read."""
    (finding,) = check_times(spans("keväällä 2021", "2021-01-01", "2021-06-30", "2021-01-01", "2021-06-30").store())

    assert "keväällä 2021" in finding.message("fi")


def test_a_span_without_a_name_is_judged_too() -> None:
    """Whatever a span is called, and whatever stands where a day should."""
    (said, *_) = spans("2021-05/..").graphs[GRAPH_REFERENCE]
    nameless = BlankNode("span")
    triples = [Triple(nameless, said.predicate, said.object)]
    triples += [Triple(nameless, NamedNode(DLG + "endNotAfter"), BlankNode("day"))]

    (finding,) = check_times(Snapshot({GRAPH_REFERENCE: tuple(triples)}, {}).store())

    assert finding.rule == "DLG-026"
