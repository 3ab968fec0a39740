"""Compiles the tables of a source by the path of readings, into one named graph and its reference files."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Triple

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.compiling import compile_reading, names_of
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.problems import Problem
from dialogiverkko.graph.source.reading import Reading
from dialogiverkko.graph.source.text import SourceText
from dialogiverkko.graph.tables.check import Checked
from dialogiverkko.graph.tables.declared import Declared
from dialogiverkko.graph.tables.faults import Fault, Faults
from dialogiverkko.graph.tables.mapping import Map
from dialogiverkko.graph.tables.merging import merge
from dialogiverkko.graph.tables.naming import labels_of
from dialogiverkko.graph.tables.telling import Cited, Teller


@dataclass(frozen=True)
class CompiledTables:
    """The triples of the tables by file under data/, what is wrong, and what was left out."""

    files: dict[str, tuple[Triple, ...]]
    faults: Faults
    left: tuple[str, ...]
    missing: int
    """Texts in one of the three languages that are to do."""


def compile_tables(plan: Map, checked: Checked, snapshot: Snapshot) -> CompiledTables:
    """Compile rows that were checked; the files are for writing only where there is no fault."""
    teller = Teller(plan, checked, labels_of(snapshot))
    declared = Declared(plan, checked, teller)
    base = Namebook.of(snapshot)
    sections, lines = teller.sections()
    own = Reading(
        source=teller.source(),
        new=declared.new(),
        activity=teller.activities(),
        sections=sections,
    )
    compiled = compile_reading(own, base, SourceText.of_rows(lines) if lines else None)
    files: dict[str, dict[Triple, None]] = defaultdict(dict)
    faults = [_fault(problem, None) for problem in compiled.problems]
    _add(files, compiled.files, plan.source.slug)
    missing = len(compiled.todo)
    book = base.with_names(names_of(own))
    for cited in teller.pages():
        page = compile_reading(cited.reading, book)
        faults += [_fault(problem, cited) for problem in page.problems]
        _add(files, page.files, plan.source.slug)
    merged = {name: merge(triples) for name, triples in files.items() if triples}
    return CompiledTables(merged, Faults.of(faults, rows=len(checked.rows)), tuple(teller.left), missing)


def _add(files: dict[str, dict[Triple, None]], more: dict[str, tuple[Triple, ...]], slug: str) -> None:
    """Add the triples of a page to those of the source: the pages of one source of tables make one graph."""
    for name, triples in more.items():
        home = name if name.startswith("reference/") else f"sources/{slug}/source.ttl"
        if name.startswith("reference/") and slug not in name:
            home = f"reference/{slug}.ttl"
        files[home].update(dict.fromkeys(triples))


def _fault(problem: Problem, cited: Cited | None) -> Fault:
    """Turn a problem of a reading into faults of the rows that the reading was made of."""
    where = ".".join(map(str, problem.path))
    right = problem.mend or (f"Did you mean {problem.nearest}?" if problem.nearest else "")
    if cited is None:
        return Fault("map.yaml", 0, where, "", "not-compiled", f"{problem.message}.", right)
    rows = _rows_of(problem, cited)
    number = rows[0] if rows else cited.rows[0].number
    return Fault(cited.rows[0].table, number, where, "", "not-compiled", f"{problem.message}.", right)


def _rows_of(problem: Problem, cited: Cited) -> list[int]:
    """List the rows that speak of the thing of which a page says what is wrong."""
    match problem.path:
        case ("activity", int(number), *_):
            thing = cited.reading.activities[number].adds_to
        case ("fact", int(number), *_):
            thing = cited.reading.facts[number].of
        case _:
            return []
    return [row.number for row in cited.rows if thing in _names(row.one("id"), row.one("dialogue"))]


def _names(*values: object) -> Iterable[str]:
    return [str(value) for value in values if value]
