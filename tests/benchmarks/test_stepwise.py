"""The table of steps tells what was measured."""

import json

import pytest
from tests.benchmarks.stepwise import Steps, growth, read, table


def test_the_exponent_is_that_of_a_power() -> None:
    """Ten times as many activities, a hundred times as long: n²."""
    assert growth(0.1, 10, 10) == pytest.approx(2)
    assert growth(3, 30, 10) == pytest.approx(1)


def test_lines_of_one_step_are_added_up() -> None:
    """A shape with several targets, or a rule of several shapes, is told more than once."""
    told = [
        {"step": "a", "seconds": 1, "rows": 5},
        {"step": "b", "seconds": 2, "rows": 0},
        {"step": "a", "seconds": 3, "rows": 6},
    ]
    lines = "\n".join(map(json.dumps, [*told, {"triples": 7, "links": 2}]))

    assert read(5, lines) == Steps(5, 7, 2, {"a": 4, "b": 2}, {"a": 11})


def test_the_least_time_of_several_rounds_counts() -> None:
    """Step by step: another round may be slow elsewhere."""
    one, other = Steps(5, 7, 2, {"a": 4, "b": 2}), Steps(5, 7, 2, {"a": 3, "b": 5})

    assert one.least(other).seconds == {"a": 3, "b": 2}


@pytest.mark.parametrize(
    ("rows", "mark"),
    [(300, "steep"), (1_000, "steep"), (20_000, "follows its rows: 100 and 20,000, n^2.30"), (0, "steep")],
)
def test_what_grows_as_its_own_rows_is_not_steep(rows: int, mark: str) -> None:
    """The square is in the answer then."""
    small = Steps(10, 100, 5, {"links": 0.01}, {"links": 100})
    large = Steps(100, 1000, 50, {"links": 2}, {"links": rows})

    assert f"| links | 0.010 | 2.00 | n^2.30 | {mark} |" in table(small, large, "2026-01-01").splitlines()


def test_the_slowest_step_comes_first_and_a_steep_one_is_marked() -> None:
    """Steps that take next to nothing are one row."""
    small = Steps(10, 100, 5, {"slow": 1, "steep": 0.01, "quick": 0.001, "swift": 0.001})
    large = Steps(100, 1000, 50, {"slow": 10, "steep": 1, "quick": 0.01, "swift": 0.09})

    rows = [line for line in table(small, large, "2026-01-01").splitlines() if line.startswith("|")][2:]

    assert rows == [
        "| slow | 1.000 | 10.00 | n^1.00 |  |",
        "| steep | 0.010 | 1.00 | n^2.00 | steep |",
        "| 2 others | 0.002 | 0.10 | n^1.70 | steep |",
        "| **in all** | 1.012 | 11.10 | n^1.04 |  |",
    ]
