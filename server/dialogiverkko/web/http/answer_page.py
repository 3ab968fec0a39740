"""An answer of the endpoint as a page of the site, in the reader's language, with every IRI a link."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, urlencode

from flask import render_template
from flask_babel import gettext as _
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat
from pyoxigraph import parse as parse_rdf

from dialogiverkko.media import RESULTS_JSON
from dialogiverkko.namespaces import BASE
from dialogiverkko.sparql.query import ParsedQuery, QueryKind, Result
from dialogiverkko.sparql.results import read_solutions, types_for
from dialogiverkko.web.languages import told_in

MOST_ROWS = 1_000


@dataclass(frozen=True)
class Cell:
    """One value: its words, their language, and where it leads."""

    words: str
    language: str = ""
    address: str = ""


def render(
    query: str,
    parsed: ParsedQuery,
    result: Result,
    prefixes: Mapping[str, str],
    language: str,
    absent: Sequence[tuple[str, str]] = (),
) -> str:
    """Write the page of one answer; ``absent`` are graphs that are not here, each with the nearest that is."""
    with told_in(language):
        columns, rows, total = _table(parsed, result, prefixes)
        return render_template(
            "sparql.html",
            query=query,
            absent=absent,
            columns=columns,
            rows=rows,
            total=total,
            truth=b"true" in result.body if parsed.kind is QueryKind.ASK else None,
            formats=[(each.label, _address(query, format=each.suffix)) for each in types_for(parsed.kind)],
            editor=f"/{language}/sparql#query={quote(query, safe='')}",
            language=language,
            in_language=lambda code: _address(query, lang=code),
        )


def _table(
    parsed: ParsedQuery, result: Result, prefixes: Mapping[str, str]
) -> tuple[Sequence[str], list[list[Cell]], int]:
    """Return the columns, the first rows and the number of all; an answer to ASK has none."""
    if parsed.kind is QueryKind.ASK:
        return (), [], 0
    if parsed.kind is QueryKind.SELECT:
        solutions = read_solutions(result.body, RESULTS_JSON)
        rows = [[_cell(row.get(name), prefixes) for name in solutions.variables] for row in solutions.rows[:MOST_ROWS]]
        return solutions.variables, rows, len(solutions.rows)
    triples = [(q.subject, q.predicate, q.object) for q in parse_rdf(result.body, RdfFormat.TURTLE)]
    return (_("Thing"), _("Property"), _("Value")), _cells(triples, prefixes), len(triples)


def _cells(triples: Iterable[Sequence[object]], prefixes: Mapping[str, str]) -> list[list[Cell]]:
    return [[_cell(term, prefixes) for term in triple] for triple in islice(triples, MOST_ROWS)]


def _cell(term: object, prefixes: Mapping[str, str]) -> Cell:
    if isinstance(term, Literal):
        return Cell(term.value, term.language or "")
    if isinstance(term, BlankNode):
        return Cell(f"_:{term.value}")
    if not isinstance(term, NamedNode):
        return Cell("" if term is None else str(term))
    iri = term.value
    if not iri.startswith(("http://", "https://")):
        return Cell(iri)
    return Cell(_short(iri, prefixes), "", "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri)


def _short(iri: str, prefixes: Mapping[str, str]) -> str:
    """Write an IRI with the prefix that leaves the least of it, where there is one."""
    fitting = [(len(start), name) for name, start in prefixes.items() if iri.startswith(start) and iri != start]
    if not fitting:
        return iri
    length, name = max(fitting)
    return f"{name}:{iri[length:]}"


def _address(query: str, **more: str) -> str:
    return f"/sparql?{urlencode({'query': query, **more}, quote_via=quote)}"
