"""Names the columns of SELECT * in the order in which their variables first stand in the query.

Which variables those are, the table of section 18.2.1 says; engines give them in whatever order.
"""

from collections.abc import Sequence
from typing import Final

from dialogiverkko.sparql.places import Edit
from dialogiverkko.sparql.suspects import Lexeme

_BRACKETS: Final = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}


def all_columns(tokens: Sequence[Lexeme]) -> Edit | None:
    """Return the edit that names the columns of the outermost SELECT *; None where there is no such thing."""
    at = next((place for place, token in enumerate(tokens) if token[0] in {"SELECT", "{"}), 0)
    if tokens[at][0] != "SELECT":
        return None
    at += 1 + (tokens[at + 1][0] in {"DISTINCT", "REDUCED"})
    if tokens[at][0] != "*":
        return None
    scope = _Scope(tokens)
    scope.read(at + 1)
    if scope.is_grouped or not scope.names:
        return None
    start = tokens[at][2]
    return start, start + 1, f" {' '.join(f'?{name}' for name in scope.names)} "


class _Scope:
    """A walk over the tokens of a query, one look at each."""

    def __init__(self, tokens: Sequence[Lexeme]) -> None:
        self._tokens = tokens
        self.names: dict[str, None] = {}
        self.is_grouped = False

    def read(self, at: int) -> None:
        """Take the variables of the pattern and of VALUES behind it."""
        tokens = self._tokens
        depth = 0
        while (kind := tokens[at][0]) != "EOF":
            depth += _BRACKETS.get(kind, 0)
            if kind == "VAR":
                self.names[tokens[at][1][1:]] = None
            elif kind in {"FILTER", "MINUS"}:
                at = self._after_condition(at + 1) - 1
            elif kind == "BIND":
                at = self._after_bind(at + 1) - 1
            elif kind == "SELECT":
                at = self._sub_select(at + 1)
                continue
            elif kind in {"GROUP", "HAVING", "ORDER"}:
                self.is_grouped = self.is_grouped or (kind == "GROUP" and depth == 0)
                at = self._after_modifiers(at) - 1
            at += 1

    def _matching(self, at: int) -> int:
        """Return the place behind the bracket that closes the one at a place."""
        depth = 0
        while True:
            depth += _BRACKETS.get(self._tokens[at][0], 0)
            at += 1
            if depth == 0:
                return at

    def _after_condition(self, at: int) -> int:
        """Return the place behind a constraint, or behind a group."""
        while self._tokens[at][0] not in {"(", "{", "NIL"}:
            at += 1
        return at + 1 if self._tokens[at][0] == "NIL" else self._matching(at)

    def _after_bind(self, at: int) -> int:
        end = self._matching(at)
        self.names[self._tokens[end - 2][1][1:]] = None
        return end

    def _sub_select(self, at: int) -> int:
        """Take what a subquery projects; return where to go on: within it, where it projects all."""
        at += self._tokens[at][0] in {"DISTINCT", "REDUCED"}
        if self._tokens[at][0] == "*":
            return at + 1
        while self._tokens[at][0] not in {"{", "WHERE"}:
            kind, text, _ = self._tokens[at]
            if kind == "(":
                at = self._after_bind(at) - 1
            elif kind == "VAR":
                self.names[text[1:]] = None
            at += 1
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self._tokens[at][0], 0)
            at += 1
        return at - 1

    def _after_modifiers(self, at: int) -> int:
        """Return the place of what ends the conditions of GROUP, HAVING or ORDER."""
        while self._tokens[at][0] not in {"}", "EOF", "VALUES", "LIMIT", "OFFSET"}:
            at = self._matching(at) if self._tokens[at][0] in {"(", "{"} else at + 1
        return at
