"""Names what in a query may need other words before an engine reads it, by a look at its tokens.

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

    STAR = auto()
    """SELECT *, whose columns have an order."""
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


AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_NAMES: Final = frozenset({"IRIREF", "PNAME_LN", "PNAME_NS", "a"})
_IN_PATH: Final = _NAMES | {"/", "|", "^", "(", ")", "*", "+", "?", "!"}
_TERMS: Final = (
    _NAMES
    | {"STRING", "TRUE", "FALSE", "(", "[", "NIL", "ANON", "BLANK_NODE_LABEL"}
    | {number + sign for number in ("INTEGER", "DECIMAL", "DOUBLE") for sign in ("", "_POSITIVE", "_NEGATIVE")}
)


def suspects(tokens: Sequence[Lexeme], kind: QueryKind) -> frozenset[Suspect]:
    """Return what a query may have that needs other words."""
    types = {token[0] for token in tokens}
    found: set[Suspect] = set()
    if "GRAPH" in types and any(before[0] == "GRAPH" and token[0] == "VAR" for before, token in pairwise(tokens)):
        found.add(Suspect.GRAPH_VARIABLE)
    if "REPLACE" in types:
        found.add(Suspect.REPLACE)
    if "GROUP_CONCAT" in types and not _all_of_strings(tokens):
        found.add(Suspect.CONCATENATED)
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
    """Find ``*`` or ``?`` behind a step, unless both ends are seen to be variables."""
    for index, (kind, _, _) in enumerate(tokens):
        if kind not in {"*", "?"} or (tokens[index - 1][0] not in _NAMES and tokens[index - 1][0] != ")"):
            continue
        place = index - 1
        while tokens[place][0] in _IN_PATH:
            place -= 1
        end = index + 1
        while tokens[end][0] in {"/", "|", ")", "*", "+", "?"} or tokens[end - 1][0] in {"/", "|", "^", "!"}:
            end += 1
        if tokens[place][0] != "VAR" or tokens[end][0] != "VAR":
            return True
    return False


def _of_clauses(tokens: Sequence[Lexeme]) -> Iterator[Suspect]:
    """Look at what each SELECT and DESCRIBE names."""
    is_grouped = not (AGGREGATES | {"GROUP"}).isdisjoint({token[0] for token in tokens})
    is_outermost = True
    for start, (form, _, _) in enumerate(tokens):
        if form not in {"SELECT", "DESCRIBE"}:
            continue
        plain: set[str] = set()
        defined: set[str] = set()
        depth, before, index = 0, form, start + 1
        while (kind := tokens[index][0]) not in {"{", "WHERE", "FROM", "EOF"}:
            depth += {"(": 1, ")": -1}.get(kind, 0)
            if kind == "*" and is_outermost and before in {"SELECT", "DISTINCT", "REDUCED"}:
                yield Suspect.STAR
            elif kind == "VAR":
                name = tokens[index][1][1:]
                if depth and before != "AS":
                    if is_grouped and name in defined:
                        yield Suspect.REUSED
                elif depth:
                    defined.add(name)
                elif name in plain:
                    yield Suspect.NAMED_TWICE
                else:
                    plain.add(name)
            before = kind
            index += 1
        is_outermost = False
