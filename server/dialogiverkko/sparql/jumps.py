"""Reads a query by a table, one jump a token; what is in doubt is left to the careful reading.

The predictive table of the grammar is folded: for the symbol on top of the stack and the next token it
holds what remains to be read once the token is taken. What this reader takes needs no other look, and
its text goes to every engine as it is written; whatever it doubts, it leaves.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from dialogiverkko.sparql.grammar import Grammar, Symbols, grammar
from dialogiverkko.sparql.suspects import Lexeme, QueryKind
from dialogiverkko.sparql.tokens import SEVERAL, scanner, type_of

SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
UNREPEATABLE: Final = frozenset({"RAND", "NOW", "UUID", "STRUUID", "BNODE"})
_DEPTH: Final = {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}
_DOUBTFUL: Final = frozenset({"BASE", "FROM", "SERVICE"})
_SPELLINGS: Final = 2000
_TEMPLATE_NODES: Final = frozenset({"[", "(", "ANON", "BLANK_NODE_LABEL"})
_NAMES: Final = frozenset({"PNAME_LN", "PNAME_NS"})
_CHECKED: Final = frozenset(_DEPTH) | UNREPEATABLE | _DOUBTFUL | _NAMES | {"IRIREF", "IRI", "URI", "TRUE", "FALSE"}
_CHECKED_IN_TEMPLATE: Final = _CHECKED | _TEMPLATE_NODES
_EMPTY: Final = frozenset({"NIL", "ANON"})


@dataclass
class Skimmed:
    """The findings of a quick reading."""

    kind: QueryKind = QueryKind.ASK
    is_deterministic: bool = True
    tokens: list[Lexeme] = field(default_factory=list)


class _Row(dict[str, Symbols | None]):
    """The jumps from one symbol; each is made when it is first needed, and a KeyError where there is none."""

    def __init__(self, symbol: str, rules: Grammar) -> None:
        super().__init__()
        self._symbol = symbol
        self._rules = rules

    def __missing__(self, token: str) -> Symbols | None:
        table = self._rules.table
        stack = [self._symbol]
        while stack:
            symbol = stack.pop()
            if symbol in table:
                stack.extend(table[symbol][token])
            elif symbol == token:
                self[token] = tuple(stack)
                return self[token]
            else:
                raise KeyError(token)
        self[token] = None
        return None


@cache
def _jumps() -> dict[str, _Row]:
    """Make the folded table: what remains on the stack, or None where the symbol may be nothing."""
    rules = grammar()
    symbols = set(rules.table) | {symbol for row in rules.table.values() for right in row.values() for symbol in right}
    return {symbol: _Row(symbol, rules) for symbol in symbols}


@cache
def _words() -> dict[str, str]:
    """Keep the types of signs and keywords as they are written."""
    return {}


def _type(group: str, text: str) -> str | None:
    """Return the type of a token that stands for several; None for a word that is no keyword."""
    found = type_of(group, text)
    if group == "WORD" and found != "a" and found not in grammar().keywords:
        return None
    if group in {"WORD", "PUNCTUATION"} and len(_words()) < _SPELLINGS:
        _words()[text] = found
    return found


class _Skimming:
    """The findings of a quick reading while it runs; few tokens change them."""

    def __init__(self, depth: int, *, has_base: bool) -> None:
        self.found = Skimmed()
        self._limit = depth
        self._has_base = has_base
        self._kind: QueryKind | None = None
        self._prefixes: set[str] = set()
        self._depth = 0
        self.checked = _CHECKED

    def takes(self, kind: str, text: str) -> bool:
        """Note what a token tells; False where another must look."""
        if kind in _NAMES:
            if self._kind is None:
                self._prefixes.add(text[:-1])
                return True
            return text[: text.index(":")] in self._prefixes and "\\" not in text and text.count(".") < 2
        if kind in _DEPTH:
            return self._deepen(kind)
        if kind == "IRIREF":
            return self._is_plain(text)
        if kind in UNREPEATABLE or kind in _TEMPLATE_NODES:
            self.found.is_deterministic = False
            return True
        return (kind in {"TRUE", "FALSE"} and text.islower()) or (kind in {"IRI", "URI"} and not self._has_base)

    def begin(self, kind: str) -> None:
        """Note the query form."""
        self._kind = self.found.kind = QueryKind[kind]

    def _deepen(self, kind: str) -> bool:
        self._depth += _DEPTH[kind]
        if kind == "{" and "CONSTRUCT" in {token[0] for token in self.found.tokens[-2:]}:  # with or without WHERE
            self.checked = _CHECKED_IN_TEMPLATE
        elif self.checked is _CHECKED_IN_TEMPLATE:
            self.found.is_deterministic &= kind not in _TEMPLATE_NODES
            self.checked = _CHECKED_IN_TEMPLATE if self._depth else _CHECKED
        return self._depth <= self._limit

    def _is_plain(self, text: str) -> bool:
        if not SCHEME.match(text) or "\\" in text:
            return False
        if self._kind is None:
            try:
                NamedNode(text[1:-1])
            except ValueError:
                return False
        return True


def skim(text: str, depth: int, *, has_base: bool) -> Skimmed | None:
    """Read a query; None for one that is wrong, or whose meaning the table alone does not settle."""
    table, words, match_at = _jumps(), _words(), scanner().match
    state = _Skimming(depth, has_base=has_base)
    tokens = state.found.tokens
    is_open, stack, offset = True, ["QueryUnit"], 0
    try:
        while stack:
            match = match_at(text, offset)
            if match is None:
                return None
            kind = match.lastgroup or ""
            found = match[kind]
            offset = match.end()
            if kind in SEVERAL:
                kind = words.get(found) or _type(kind, found) or ""
            while (rest := table[stack.pop()][kind]) is None:
                pass
            stack += rest
            if kind in state.checked and not state.takes(kind, found):
                return None
            if kind in _EMPTY and "#" in found:
                return None
            if is_open and kind in QueryKind.__members__:
                state.begin(kind)
                is_open = False
            tokens.append((kind, found, offset - len(found)))
    except KeyError:
        return None
    return state.found
