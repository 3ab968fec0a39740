"""Expected answers: writes an answer so that two can be compared, and says which rows came and which went.

A row is a list of terms in N-Triples form (IRIs of ours without their base), so types and languages count.
Cells that join many names, whose order no engine promises, are written in alphabetical order.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from dialogiverkko.namespaces import BASE, XSD
from dialogiverkko.saved.answers import Answer, Binding

_JOINED = ("; ", ", ")

Row = list[str]


def rows_of(columns: Sequence[str], bindings: Sequence[Binding]) -> list[Row]:
    """Return the rows of SPARQL results JSON, in their order."""
    return [[_cell(column, row.get(column)) for column in columns] for row in bindings]


def document(answer: Answer) -> dict[str, Any]:  # Any: a JSON document
    """Return what a file of expected results holds for an answer."""
    columns = list(answer.query.columns)
    return {"query": answer.query.name, "columns": columns, "rows": rows_of(columns, answer.rows)}


def write_expected(answer: Answer) -> str:
    """Write the file of expected results: one row on one line, so that a difference is a line."""
    found = document(answer)
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in found["rows"])
    head = f' "query": {json.dumps(found["query"])},\n "columns": {json.dumps(found["columns"])}'
    return f'{{\n{head},\n "rows": [\n{rows}\n ]\n}}\n'


def compare(name: str, expected: Sequence[Row], found: Sequence[Row]) -> str:
    """Say how an answer differs from the expected one; empty where it does not."""
    gone = Counter(map(tuple, expected)) - Counter(map(tuple, found))
    come = Counter(map(tuple, found)) - Counter(map(tuple, expected))
    lines = [f"- {' | '.join(row)}" for row in gone.elements()]
    lines += [f"+ {' | '.join(row)}" for row in come.elements()]
    if not lines and list(expected) != list(found):
        lines = ["the rows are the same, in another order"]
    if not lines:
        return ""
    head = f"{name} changed its answer: {gone.total()} rows went (-), {come.total()} rows came (+)"
    return "\n".join([head, *lines])


def _cell(column: str, binding: dict[str, str] | None) -> str:
    if binding is None:
        return ""
    value = binding["value"]
    if binding["type"] == "uri":
        return f"<{value.removeprefix(BASE)}>"
    if column.endswith(("Labels", "keywords", "ineNumbers")):
        separator = next((mark for mark in _JOINED if mark in value), _JOINED[0])
        value = separator.join(sorted(value.split(separator)))
    text = json.dumps(value, ensure_ascii=False)
    if language := binding.get("xml:lang"):
        return f"{text}@{language}"
    datatype = binding.get("datatype", XSD + "string")
    return text if datatype == XSD + "string" else f"{text}^^{datatype.replace(XSD, 'xsd:')}"
