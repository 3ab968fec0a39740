"""The checks of queries/checks: SPARQL that must return no rows, each with a header that says what a row means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from pyoxigraph import NamedNode, QuerySolutions, Store

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.validation.report import Finding, Severity

HEADER = "#+ "
_GRAPH = re.compile(r"^[^#\n]*\bGRAPH(?:\s*[?$<]|\s+[\w-]*:)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """One query that must return no rows; its first column is the thing that is wrong."""

    rule: str
    severity: Severity
    messages: dict[str, str]
    text: str
    name: str

    @property
    def asks_named_graphs(self) -> bool:
        """Whether it says GRAPH: it then sees the named graphs only, and every other check the default graph only."""
        return _GRAPH.search(self.text) is not None


def read_checks(assets: Assets) -> Iterator[Check]:
    """Read the checks; raises DataError, with the file, for a header that says too little."""
    for path in assets.files("queries", "checks/*.rq"):
        name, text = assets.name(path), path.read_text(encoding="utf-8")
        lines = [line.removeprefix(HEADER) for line in text.splitlines() if line.startswith(HEADER)]
        try:
            header = yaml.safe_load("\n".join(lines)) or {}
            message = header["message"]
            yield Check(str(header["id"]), Severity(header["severity"]), dict(message), text, name)
        except (yaml.YAMLError, KeyError, ValueError, TypeError) as error:
            raise DataError(
                f"{name}: the header needs id, severity (Violation, Warning or Info) "
                f"and message in fi and en ({error}).",
                file=name,
            ) from error


def run_checks(store: Store, assets: Assets, *, of_named_graphs: bool) -> Iterator[Finding]:
    """Run the checks that ask about named graphs, or all the others, and yield a finding for each row."""
    for check in read_checks(assets):
        if check.asks_named_graphs is not of_named_graphs:
            continue
        answer = store.query(check.text)
        if not isinstance(answer, QuerySolutions):
            raise DataError(f"{check.name}: a check is a SELECT.", file=check.name)
        for row in answer:
            cells = [cell for cell in row if cell is not None]
            focus = cells[0].value if cells and isinstance(cells[0], NamedNode) else check.name
            value = " ".join(str(cell) for cell in cells[1:])
            yield Finding(check.rule, check.severity, focus, value=value, messages=check.messages)
