"""Names the columns of SELECT * in the order in which their variables first stand in the query.

Which variables those are, the table of section 18.2.1 says; engines give them in whatever order.
"""

from collections.abc import Sequence
from typing import Final

from dialogiverkko.sparql.places import Edit
from dialogiverkko.sparql.suspects import Lexeme

_OPENING: Final = frozenset({"(", "{", "["})
_CLOSING: Final = frozenset({")", "}", "]"})
_HOW: Final = frozenset({"DISTINCT", "REDUCED"})


def all_columns(tokens: Sequence[Lexeme]) -> Edit | None:
    """Return the edit that names the columns of a SELECT *; None where they are named, or where it is grouped."""
    at = next(place for place, (kind, _, _) in enumerate(tokens) if kind == "SELECT") + 1
    if tokens[at][0] in _HOW:
        at += 1
    kind, _, start = tokens[at]
    if kind != "*":
        return None
    scope = _Scope(tokens)
    scope.read(at)
    if scope.is_grouped or not scope.names:
        return None
    return start, start + 1, f" {' '.join(f'?{name}' for name in scope.names)} "


class _Scope:
    """A walk over the tokens of a query, one look at each."""

    def __init__(self, tokens: Sequence[Lexeme]) -> None:
        self._tokens = tokens
        self._kinds = [kind for kind, _, _ in tokens]
        self.names: dict[str, None] = {}
        self.is_grouped = False

    def read(self, at: int) -> None:
        """Take the variables of the pattern and of VALUES behind it."""
        depth = 0
        while (kind := self._kinds[at]) != "EOF":
            if kind in {"FILTER", "MINUS"}:
                at = self._after_condition(at)
            elif kind == "BIND":
                at = self._after_bind(at + 1)
            elif kind == "SELECT":
                at = self._sub_select(at + 1)
            elif kind in {"GROUP", "HAVING", "ORDER"}:
                self.is_grouped |= kind == "GROUP" and depth == 0
                at = self._after_modifiers(at)
            else:
                depth += (kind in _OPENING) - (kind in _CLOSING)
                if kind == "VAR":
                    self._take(at)
                at += 1

    def _take(self, at: int) -> None:
        _, text, _ = self._tokens[at]
        self.names[text[1:]] = None

    def _behind(self, at: int, depth: int = 0) -> int:
        """Return the place behind the bracket that closes the one at a place, or the last of those open before it.

        Behind what is no bracket it is the next place.
        """
        while True:
            depth += (self._kinds[at] in _OPENING) - (self._kinds[at] in _CLOSING)
            at += 1
            if depth == 0:
                return at

    def _after_condition(self, at: int) -> int:
        """Return the place behind a constraint, or behind a group."""
        while self._kinds[at] not in {"(", "{", "NIL"}:
            at += 1
        return self._behind(at)

    def _after_bind(self, at: int) -> int:
        end = self._behind(at)
        self._take(end - 2)
        return end

    def _sub_select(self, at: int) -> int:
        """Take what a subquery projects; return where to go on: within it, where it projects all."""
        if self._kinds[at] in _HOW:
            at += 1
        if self._kinds[at] == "*":
            return at
        while (kind := self._kinds[at]) not in {"{", "WHERE"}:
            if kind == "(":
                at = self._after_bind(at)
            else:
                self._take(at)
                at += 1
        return self._behind(at, depth=1) - 1

    def _after_modifiers(self, at: int) -> int:
        """Return the place of what ends the conditions of GROUP, HAVING or ORDER."""
        while self._kinds[at] not in {"}", "EOF", "VALUES", "LIMIT", "OFFSET"}:
            at = self._behind(at)
        return at
