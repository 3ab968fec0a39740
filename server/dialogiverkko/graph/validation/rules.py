"""The rules as a table: shapes, checks and what is computed, with the file of each; and the next free number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import Graph, Literal
from rdflib.namespace import DCTERMS, RDFS, SH

from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import helped_by, read_file, read_prefixes
from dialogiverkko.graph.validation import constraints
from dialogiverkko.graph.validation.checks import CheckHeader
from dialogiverkko.graph.validation.shapes import ShapeIndex
from dialogiverkko.graph.validation.suspects import slow_shapes
from dialogiverkko.graph.validation.validate import rdflib_graph
from dialogiverkko.sparql.headers import read_header

_HEAD: Final = """# The rules

Made from the shapes and the checks by `dialogiverkko fmt`; `dialogiverkko rules` prints it, and the next free number.

| rule | severity | what the message says | why | where |
|---|---|---|---|---|
"""


@dataclass(frozen=True, order=True)
class Rule:
    """One thing that must hold."""

    identifier: str
    severity: str
    message: str
    why: str
    file: str


COMPUTED: Final = (
    Rule("DLG-026", "Violation", "The bounds of a time are those of its EDTF.", "A calendar computation.", "times.py"),
)
"""Rules that are neither shape nor query (shapes/README.md says why)."""


def rules(assets: Assets) -> list[Rule]:
    """List every rule in the order of the identifiers; a rule of several shapes stands once."""
    found: dict[str, Rule] = {}
    for rule in sorted([*_of_shapes(assets), *_of_checks(assets), *COMPUTED]):
        found.setdefault(rule.identifier, rule)
    return sorted(found.values())


def table(assets: Assets) -> str:
    """Write the file shapes/RULES.md."""
    rows = [
        f"| {rule.identifier} | {rule.severity} | {rule.message} | {rule.why} | {rule.file} |" for rule in rules(assets)
    ]
    return _HEAD + "\n".join(rows) + "\n"


def slow(assets: Assets) -> dict[str, str]:
    """List the rules that pySHACL checks node by node, each with what has no translation to SPARQL."""
    shapes = Graph()
    for path in assets.files("shapes", "*.ttl"):
        shapes += _read(assets, path)
    core, _ = constraints.split(shapes)
    index = ShapeIndex(shapes)
    return {index.rule(shape): reason.rsplit("#", 1)[-1] for shape, reason in slow_shapes(core).items()}


def next_rule(assets: Assets) -> str:
    """Return the identifier that a new rule takes."""
    numbers = [int(match[1]) for rule in rules(assets) if (match := re.match(r"DLG-(\d+)", rule.identifier))]
    return f"DLG-{max(numbers) + 1:03d}"


def _read(assets: Assets, path: Path) -> Graph:
    with helped_by(read_prefixes(assets)):
        return rdflib_graph(quad.triple for quad in read_file(path, assets.name(path)))


def _of_shapes(assets: Assets) -> Iterator[Rule]:
    for path in assets.files("shapes", "*.ttl"):
        shapes = _read(assets, path)
        for shape, identifier in shapes.subject_objects(DCTERMS.identifier):
            severity = str(shapes.value(shape, SH.severity)).rsplit("#", 1)[-1]
            messages = [m for m in shapes.objects(shape, SH.message) if isinstance(m, Literal) and m.language == "en"]
            message = str(next(iter(messages), "")).replace("{?value}", "…")
            why = str(shapes.value(shape, RDFS.comment) or "")
            yield Rule(str(identifier), severity, message, why, path.name)


def _of_checks(assets: Assets) -> Iterator[Rule]:
    for path in assets.files("queries", "checks/*.rq"):
        header, _ = read_header(path.read_text(encoding="utf-8"), assets.name(path), CheckHeader)
        yield Rule(header.id, header.severity.value, header.message.en, header.why, path.name)
