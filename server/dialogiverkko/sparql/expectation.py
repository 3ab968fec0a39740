"""Puts into words what stood in a query and what would have been right there."""

from typing import Final

from dialogiverkko.sparql.grammar import grammar
from dialogiverkko.sparql.tokens import Token

_NAMES: Final = {
    "EOF": "the end of the query",
    "IRIREF": "an IRI",
    "PNAME_LN": "an IRI",
    "PNAME_NS": "an IRI",
    "VAR": "a variable",
    "BLANK_NODE_LABEL": "a blank node",
    "ANON": "a blank node",
    "STRING": "a string",
    "LANGTAG": "a language tag",
    "NIL": "'()'",
    "a": "'a'",
}
_NUMBERS: Final = frozenset(
    f"{number}{sign}" for number in ("INTEGER", "DECIMAL", "DOUBLE") for sign in ("", "_POSITIVE", "_NEGATIVE")
)
_GROUPS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    (
        "an expression",
        frozenset({"STR", "REGEX", "COUNT", "STRLEN", "BOUND", "VAR", "STRING", "IRIREF"}),
    ),
    (
        "a condition in brackets or a function call",
        frozenset({"STR", "REGEX", "COUNT", "BOUND", "(", "IRIREF"}),
    ),
    ("a triple pattern", frozenset({"VAR", "IRIREF", "STRING", "[", "(", "BLANK_NODE_LABEL", "OPTIONAL"})),
    ("a term", frozenset({"VAR", "IRIREF", "STRING", "[", "(", "BLANK_NODE_LABEL"})),
    ("a property or a path", frozenset({"VAR", "IRIREF", "a", "^", "!"})),
    ("a property or a path", frozenset({"IRIREF", "a", "^", "!"})),
)
_TERMS: Final = _NUMBERS | {"TRUE", "FALSE", "NIL", "ANON", "PNAME_LN", "PNAME_NS"}
_OPERATORS: Final = frozenset({"=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||", "IN", "NOT"})
_SHOWN: Final = 8


def describe(token: Token, expected: frozenset[str]) -> str:
    """Say that a token cannot stand where it does, and what could."""
    return f"{_found(token)}; expected {_list(_words(expected))}."


def _found(token: Token) -> str:
    if token.type == "EOF":
        return "the query ends too early"
    text = token.text if len(token.text) <= 40 else token.text[:39] + "…"
    return f"found {text}"


def _words(expected: frozenset[str]) -> list[str]:
    """Name the expected tokens, many of a sort by one name."""
    words: list[str] = []
    rest = set(expected)
    for name, members in _GROUPS:
        if members <= rest:
            words.append(name)
            rest -= members | _TERMS | (grammar().first["BuiltInCall"] if "STR" in members else frozenset())
            rest -= {"+", "-", "!", "("} if name == "an expression" else set()
            break
    if rest >= {"=", "!=", "&&"}:
        words.append("an operator")
        rest -= _OPERATORS | _NUMBERS
    if rest & _NUMBERS:
        words.append("a number")
        rest -= _NUMBERS
    punctuation = sorted(f"'{symbol}'" for symbol in rest if not symbol[0].isalpha())
    named = sorted({_NAMES[symbol] for symbol in rest if symbol in _NAMES})
    keywords = sorted(symbol for symbol in rest if symbol[0].isalpha() and symbol not in _NAMES)
    return words + punctuation + named + keywords


def _list(words: list[str]) -> str:
    if len(words) > _SHOWN:
        words = [*words[: _SHOWN - 1], "another keyword"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
