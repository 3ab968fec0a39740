"""Tells whether two servers gave the same answer to a query: all of it, and not only as many rows.

Solutions are compared as a multiset of bindings with datatypes and languages, graphs as a set of triples,
both up to the names of blank nodes. Where ORDER BY names columns of the answer, the order counts too;
what it leaves open does not, nor does the order within a GROUP_CONCAT, nor whether that keeps a language:
the standard gives it none, and our engine keeps one that all parts share.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)
from tests.benchmarks.load import ACCEPT_GRAPH, ACCEPT_XML, Reply

_Row = dict[str, object]
_NUMBERS = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")}
_ORDERED = re.compile(
    r"ORDER\s+BY\s+(?P<keys>(?:(?:ASC|DESC)\s*\(\s*\?\w+\s*\)\s*|\?\w+\s*)+)(?:(?:LIMIT|OFFSET)\s+\d+\s*)*$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"GROUP_CONCAT\s*\((?:[^()]|\([^()]*\))*?SEPARATOR\s*=\s*\"(?P<separator>[^\"]*)\"\s*\)\s*AS\s+\?(?P<name>\w+)",
    re.IGNORECASE,
)
_MOST_TURNS = 20


class UnreadableAnswerError(Exception):
    """A server sent what its own media type does not allow."""


@dataclass(frozen=True)
class Answer:
    """An answer as it is compared: each row a set of bindings, in the order in which they came."""

    rows: tuple[frozenset[tuple[str, str]], ...]

    def keys(self, names: Sequence[str]) -> list[tuple[str, ...]]:
        """The values of some columns, row by row."""
        return [tuple(dict(row).get(name, "") for name in names) for row in self.rows]


def read(reply: Reply, text: str) -> Answer:
    """Read the reply to a query; raises UnreadableAnswerError."""
    try:
        rows = _rows(reply)
    except (SyntaxError, ValueError) as error:
        raise UnreadableAnswerError(str(error)) from error
    separators = {match["name"]: match["separator"] for match in _JOINED.finditer(text)}
    colours = _colours(rows)
    return Answer(
        tuple(
            frozenset((name, _written(term, colours, separators.get(name))) for name, term in row.items())
            for row in rows
        )
    )


def difference(ours: Answer, theirs: Answer, text: str) -> str:
    """Say in a few words how another answer stands to ours; empty where it is the same."""
    if Counter(ours.rows) != Counter(theirs.rows):
        if len(ours.rows) != len(theirs.rows):
            return f"{len(theirs.rows)} rows for {len(ours.rows)}"
        other = sum((Counter(theirs.rows) - Counter(ours.rows)).values())
        return f"{other} of {len(ours.rows)} rows"
    names = order_of(text)
    if names and ours.keys(names) != theirs.keys(names):
        return "order"
    return ""


def order_of(text: str) -> list[str]:
    """The columns by which a query orders its whole answer; none where it does so by anything else."""
    found = _ORDERED.search(text.strip())
    return re.findall(r"\?(\w+)", found["keys"]) if found else []


def _rows(reply: Reply) -> list[_Row]:
    if reply.content_type == ACCEPT_GRAPH:
        quads = parse(reply.body, RdfFormat.N_TRIPLES)
        triples = {(quad.subject, quad.predicate, quad.object) for quad in quads}
        return [dict(zip("spo", triple, strict=True)) for triple in triples]
    is_xml = reply.content_type == ACCEPT_XML
    answer = parse_query_results(reply.body, QueryResultsFormat.XML if is_xml else QueryResultsFormat.JSON)
    if isinstance(answer, QueryBoolean):
        return [{"": Literal(bool(answer))}]
    names = [variable.value for variable in answer.variables]
    return [{name: solution[name] for name in names if solution[name] is not None} for solution in answer]


def _colours(rows: Iterable[_Row]) -> dict[str, str]:
    """Give each blank node a name made of all that is said of it and of those around it."""
    holding = [row for row in rows if any(isinstance(term, BlankNode) for term in row.values())]
    colours = {term.value: "" for row in holding for term in row.values() if isinstance(term, BlankNode)}
    for _ in range(_MOST_TURNS if colours else 0):
        seen: dict[str, list[str]] = {name: [] for name in colours}
        for row in holding:
            line = sorted((name, _written(term, colours, None)) for name, term in row.items())
            for name, term in row.items():
                if isinstance(term, BlankNode):
                    seen[term.value].append(f"{name} {line}")
        before = len(set(colours.values()))
        colours = {name: hashlib.sha256(repr(sorted(said)).encode()).hexdigest() for name, said in seen.items()}
        if len(set(colours.values())) == before:
            break
    return colours


def _written(term: object, colours: dict[str, str], separator: str | None) -> str:
    if isinstance(term, BlankNode):
        return f"_:{colours[term.value]}"
    if not isinstance(term, Literal):
        return str(term)
    value = term.value
    if separator:
        return repr(sorted(value.split(separator)))
    if term.datatype.value in _NUMBERS:
        value = _number(value)
    return f"{value!r} {term.datatype.value} {(term.language or '').lower()}"


def _number(text: str) -> str:
    """Write equal numbers of one datatype alike: 1.0 and 1.00."""
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text
