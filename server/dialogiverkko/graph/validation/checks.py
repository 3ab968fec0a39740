"""The checks of queries/checks: SPARQL that must return no rows, each with a header that says what a row means."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from pydantic import Field
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import read_prefixes
from dialogiverkko.graph.validation.report import Finding, Severity
from dialogiverkko.sparql.headers import Fields, read_header
from dialogiverkko.sparql.inspection import kind_of, names_of, refused, says
from dialogiverkko.sparql.query import QueryKind


class Sentences(Fields):
    """A text for curators, in the languages that they work in."""

    fi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class CheckHeader(Fields):
    """What the header of a check says."""

    id: str = Field(pattern=r"DLG-[0-9]{3}[a-z]?")
    severity: Severity
    title: Sentences
    message: Sentences
    why: str = Field(min_length=1)


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
        return says(self.text, "GRAPH") is not None


def read_checks(assets: Assets) -> Iterator[Check]:
    """Read the checks; raises DataError, with file and line, for a wrong header or a text that is no SELECT."""
    prefixes = read_prefixes(assets)
    for path in assets.files("queries", "checks/*.rq"):
        name, text = assets.name(path), path.read_text(encoding="utf-8")
        header, lines = read_header(text, name, CheckHeader)
        if kind_of(text, name, prefixes) is not QueryKind.SELECT:
            lines.fail("a check is a SELECT")
        yield Check(header.id, header.severity, header.message.model_dump(), text, name)


def asked_of_named_graphs(assets: Assets) -> frozenset[str]:
    """Return the predicates that the checks of named graphs ask for: a few triples of a graph suffice for them.

    Such a check names each predicate, and one that is a variable in a VALUES block.
    """
    return names_of(check.text for check in read_checks(assets) if check.asks_named_graphs)


def questions(store: Store, assets: Assets, *, of_named_graphs: bool) -> list[Callable[[], list[Finding]]]:
    """List the checks that ask about named graphs, or all the others, each as what asks it of a store."""
    checks = (check for check in read_checks(assets) if check.asks_named_graphs is of_named_graphs)
    return [partial(run_check, check, store) for check in checks]


def run_check(check: Check, store: Store) -> list[Finding]:
    """Ask one check of a store, and return a finding for each row."""
    try:
        answer = store.query(check.text)
    except (SyntaxError, RuntimeError) as error:
        raise refused(check.text, check.name, error) from error
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - a SELECT's answer
    return [_finding(check, [cell for cell in row if cell is not None]) for row in answer]


def _finding(check: Check, cells: list[NamedNode | BlankNode | Literal | Triple]) -> Finding:
    focus = cells[0].value if cells and isinstance(cells[0], NamedNode | BlankNode) else check.name
    value = " ".join(str(cell) for cell in cells[1:])
    return Finding(check.rule, check.severity, focus, value=value, messages=check.messages)
