"""Bars for answers that count: drawn on the server, beside the table that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogiverkko.sparql.saved import Answer

_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_MOST_ROWS = 60
_WIDEST = 520.0


@dataclass(frozen=True)
class Bar:
    """One number: how long its bar is, and what stands beside it."""

    label: str
    series: int
    value: int
    width: float


def _labels(columns: Sequence[str]) -> list[str]:
    """Tell the columns that name a row: those with a label that come before the first number's column."""
    return [column for column in columns if column.endswith("Label") and column != "gapLabel"]


def _counted(answer: Answer) -> list[str]:
    """Tell the columns that hold whole numbers in every row that has them, and in at least one."""
    found = []
    for column in answer.query.columns:
        cells = [row[column] for row in answer.rows if column in row]
        if cells and all(cell.get("datatype") == _INTEGER for cell in cells):
            found.append(column)
    return found[:4]


def _number(row: Mapping[str, Mapping[str, str]], column: str) -> int:
    return int(row[column]["value"]) if column in row else 0


def chart(answer: Answer) -> tuple[list[str], list[Bar]]:
    """Tell the columns drawn and the bars of an answer; none where its query is no chart or counts nothing."""
    counted = _counted(answer) if answer.query.view == "chart" else []
    if not counted:
        return [], []
    names = _labels(answer.query.columns)
    rows: dict[str, list[int]] = {}
    for row in answer.rows:
        if "gap" in row:  # what a missing listing would count is unknown, and no bar
            continue
        label = ", ".join(row[name]["value"] for name in names if name in row)
        rows.setdefault(label, [_number(row, column) for column in counted])
    shown = list(rows.items())[:_MOST_ROWS]
    most = max((value for _, values in shown for value in values), default=0) or 1
    bars = [
        Bar(label if series == 0 else "", series, value, round(_WIDEST * value / most, 1))
        for label, values in shown
        for series, value in enumerate(values)
    ]
    return counted, bars
