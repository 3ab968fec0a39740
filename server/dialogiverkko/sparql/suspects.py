"""Finds by its tokens what in a query may have to be rewritten before Oxigraph reads it.

The look is quick and may suspect too much, never too little: what follows on a suspicion reads the tree.
"""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import Final

Lexeme = tuple[str, str, int]


class QueryKind(Enum):
    """The four query forms of SPARQL 1.1 Query Language, section 16."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


class Suspect(Enum):
    """One kind of thing that an engine may refuse or answer wrongly."""

    NAMED_TWICE = auto()
    """SELECT ?x ?x, DESCRIBE ?x ?x."""
    REUSED = auto()
    """A variable of the projection in a later expression of it."""
    GROUPED_FORM = auto()
    """ASK, CONSTRUCT or DESCRIBE with GROUP BY or HAVING."""
    GROUP_ALIAS = auto()
    """GROUP BY (?x AS ?y)."""
    GRAPH_VARIABLE = auto()
    """GRAPH ?g."""
    ZERO_PATH = auto()
    """A path that may have no step, at a term."""
    REPLACE = auto()
    CONCATENATED = auto()
    """GROUP_CONCAT over anything but STR."""
    NAMED_NODE = auto()
    """BNODE of a text."""


AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_NAMES: Final = frozenset({"IRIREF", "PNAME_LN", "PNAME_NS", "a"})
_NOT_SIMPLE: Final = frozenset({"SELECT", "MINUS", "VALUES", "GRAPH", "SERVICE"})


def suspects(tokens: Sequence[Lexeme], kind: QueryKind) -> frozenset[Suspect]:
    """Return the kinds of things in a query that may have to be rewritten."""
    types = {token[0] for token in tokens}
    found: set[Suspect] = set()
    if "GRAPH" in types and any(
        before[0] == "GRAPH" and token[0] == "VAR" and not _is_simple_graph(tokens, index)
        for index, (before, token) in enumerate(pairwise(tokens))
    ):
        found.add(Suspect.GRAPH_VARIABLE)
    if "REPLACE" in types:
        found.add(Suspect.REPLACE)
    if "GROUP_CONCAT" in types and not _all_of_strings(tokens):
        found.add(Suspect.CONCATENATED)
    if "BNODE" in types and any(a[0] == "BNODE" and b[0] == "(" for a, b in pairwise(tokens)):
        found.add(Suspect.NAMED_NODE)
    if kind is not QueryKind.SELECT and not types.isdisjoint({"GROUP", "HAVING"}):
        found.add(Suspect.GROUPED_FORM)
    if "GROUP" in types and _has_alias(tokens):
        found.add(Suspect.GROUP_ALIAS)
    if ("*" in types or "?" in types) and _has_zero_path(tokens):
        found.add(Suspect.ZERO_PATH)
    if "SELECT" in types or kind is QueryKind.DESCRIBE:
        found.update(_of_clauses(tokens))
    return frozenset(found)


def _all_of_strings(tokens: Sequence[Lexeme]) -> bool:
    """Check that each GROUP_CONCAT begins with STR( or DISTINCT STR(."""
    for index, token in enumerate(tokens):
        if token[0] == "GROUP_CONCAT":
            first = index + 2 + (tokens[index + 2][0] == "DISTINCT")
            if tokens[first][0] != "STR" or _after_brackets(tokens, first + 1) not in {")", ";"}:
                return False
    return True


def _after_brackets(tokens: Sequence[Lexeme], index: int) -> str:
    """Return the type behind the bracket that closes the one at an index."""
    depth = 0
    for place in range(index, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[place][0], 0)
        if depth == 0:
            return tokens[place + 1][0]
    return ""


def _has_alias(tokens: Sequence[Lexeme]) -> bool:
    """Find (?x AS ?y) anywhere but in a SELECT clause, or in it: both look alike from here."""
    return any(
        tokens[index - 1][0] == "VAR" and tokens[index - 2][0] == "("
        for index, token in enumerate(tokens)
        if token[0] == "AS"
    )


def _has_zero_path(tokens: Sequence[Lexeme]) -> bool:
    """Find a path of no step, unless both ends are seen to be variables.

    A sequence is none: its ends are the ends of other paths (section 18.2.2.4).
    """
    for index, (kind, _, _) in enumerate(tokens):
        step = tokens[index - 1][0]
        if kind not in {"*", "?"} or (step not in _NAMES and step != ")"):
            continue
        start = _opening(tokens, index - 1) if step == ")" else index - 1
        start -= tokens[start - 1][0] == "^"
        if tokens[start - 1][0] == "/" or tokens[index + 1][0] == "/":
            continue
        if not (_is_variable_before(tokens, start - 1) and _is_variable_after(tokens, index + 1)):
            return True
    return False


def _opening(tokens: Sequence[Lexeme], index: int) -> int:
    """Return the place of the bracket that the one at an index closes."""
    depth = 0
    while True:
        depth += {")": 1, "(": -1}.get(tokens[index][0], 0)
        if depth == 0:
            return index
        index -= 1


def _is_variable_before(tokens: Sequence[Lexeme], index: int) -> bool:
    """Check that the subject of a path is a variable: the token before it, or the first of the statement."""
    if tokens[index][0] == "VAR":
        return True
    if tokens[index][0] != ";":
        return False
    while tokens[index][0] not in {".", "{", "}", "[", "]", "(", ")"}:
        index -= 1
    return tokens[index][0] in {".", "{", "}"} and tokens[index + 1][0] == "VAR"


def _is_variable_after(tokens: Sequence[Lexeme], index: int) -> bool:
    return tokens[index][0] == "VAR" and tokens[index + 1][0] != ","


def _is_simple_graph(tokens: Sequence[Lexeme], index: int) -> bool:
    """Check that GRAPH ?g at an index holds plain triples only, which the engine answers rightly."""
    name = tokens[index + 1][1][1:]
    depth = 0
    for kind, text, _ in tokens[index + 2 :]:
        depth += {"{": 1, "}": -1}.get(kind, 0)
        if kind in _NOT_SIMPLE or (kind == "VAR" and text[1:] == name):
            return False
        if depth == 0:
            break
    return True


def _of_clauses(tokens: Sequence[Lexeme]) -> Iterator[Suspect]:
    """Look at what each SELECT and DESCRIBE names."""
    is_grouped = not (AGGREGATES | {"GROUP"}).isdisjoint({token[0] for token in tokens})
    for start, (form, _, _) in enumerate(tokens):
        if form not in {"SELECT", "DESCRIBE"}:
            continue
        plain: set[str] = set()
        defined: set[str] = set()
        depth, before, index = 0, form, start + 1
        while (kind := tokens[index][0]) not in {"{", "WHERE", "FROM", "EOF"}:
            depth += {"(": 1, ")": -1}.get(kind, 0)
            if kind == "VAR":
                name = tokens[index][1][1:]
                if depth and before != "AS":
                    if is_grouped and name in defined:
                        yield Suspect.REUSED
                elif depth:
                    defined.add(name)
                elif name in plain or name in defined:
                    yield Suspect.NAMED_TWICE
                else:
                    plain.add(name)
            before = kind
            index += 1
