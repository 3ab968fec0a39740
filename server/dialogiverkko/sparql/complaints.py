"""Explains errors that the engine raises for a query that follows the grammar.

The engine's place is where its reader gave up, which for these errors is the end of the clause at
fault; its words are a list of what it tried. Each of the rules behind is one of the notes of
`SPARQL 1.1 Query Language, section 19.8 <https://www.w3.org/TR/sparql11-query/#sparqlGrammar>`_.
"""

import re
from collections import Counter
from itertools import pairwise
from typing import Final

from dialogiverkko.errors import QueryEvaluationError, QuerySyntaxError
from dialogiverkko.sparql.query import ParsedQuery
from dialogiverkko.sparql.tokens import SourceText, Token, tokenize

_PLACE: Final = re.compile(r"error at (\d+):(\d+)")
_RULES: Final[tuple[tuple[str, str], ...]] = (
    (
        "The SELECT contains a variable that is unbound",
        "with GROUP BY or an aggregate, SELECT may name only grouped variables and aggregates.",
    ),
    ("Duplicated variable name in SELECT", "SELECT names the same variable twice."),
    ("Repeated variables are not allowed in VALUES", "VALUES names the same variable twice."),
    ("rows should have exactly the same number of values", "a row of VALUES has too few or too many values."),
    ("IRI parsing failed", "an IRI before this place is not valid."),
    ("Language tag", "a language tag before this place is not one that BCP 47 allows."),
)
_FUNCTION: Final = re.compile(r"The custom function <(?P<iri>[^>]*)> is not supported")


def syntax_complaint(parsed: ParsedQuery, message: str) -> QuerySyntaxError:
    """Make the error of a query that the engine could not read, located in its author's text."""
    offset, sentence = _diagnose(SourceText(parsed.text), message)
    line, column = parsed.line_and_column(offset)
    return QuerySyntaxError(f"Line {line}, column {column}: {sentence}", line=line, column=column)


def evaluation_complaint(message: str) -> QueryEvaluationError:
    """Make the error of a query that the engine read and could not evaluate."""
    if match := _FUNCTION.search(message):
        return QueryEvaluationError(
            f"The function <{match['iri']}> is unknown here. Use the functions of SPARQL 1.1, section 17.",
            function=match["iri"],
        )
    return QueryEvaluationError("The engine could not evaluate the query. Try a simpler form of it.")


def _diagnose(source: SourceText, message: str) -> tuple[int, str]:
    """Find the place and the sentence: by looking ourselves where that is sure, else from the engine."""
    tokens = list(tokenize(source))
    for look in (_grouped_star, _bad_language_tag, _label_in_two_patterns):
        if found := look(tokens):
            return found
    for phrase, sentence in _RULES:
        if phrase in message:
            twice = _named_twice(tokens) if phrase.startswith("Duplicated") else None
            return twice or _select_or_engine(source, tokens, message, phrase), sentence
    return (
        _engine_offset(source, message),
        "the engine cannot read the query up to here. A variable may be bound twice by BIND or AS, "
        "or an aggregate may stand where none is allowed.",
    )


def _select_or_engine(source: SourceText, tokens: list[Token], message: str, phrase: str) -> int:
    if "SELECT" in phrase:
        return next((token.start for token in tokens if token.type == "SELECT"), 0)
    return _engine_offset(source, message)


def _engine_offset(source: SourceText, message: str) -> int:
    place = _PLACE.search(message)
    if place is None:
        return 0
    lines = source.text.split("\n")
    line = min(int(place[1]), len(lines))
    return min(sum(len(before) + 1 for before in lines[: line - 1]) + int(place[2]) - 1, len(source.text))


def _grouped_star(tokens: list[Token]) -> tuple[int, str] | None:
    """Find SELECT * beside GROUP BY, which SPARQL 1.1 forbids (section 18.2.4.1)."""
    if not any(token.type == "GROUP" for token in tokens):
        return None
    for token, following in pairwise(tokens):
        if token.type in {"SELECT", "DISTINCT", "REDUCED"} and following.type == "*":
            return following.start, "SELECT * cannot stand with GROUP BY; name the grouped variables."
    return None


def _bad_language_tag(tokens: list[Token]) -> tuple[int, str] | None:
    for token in tokens:
        parts = token.text[1:].split("-")
        if token.type == "LANGTAG" and (any(len(part) > 8 for part in parts) or len(parts[-1]) < 2):
            return token.start, f"{token.text} is not a language tag that BCP 47 allows."
    return None


def _label_in_two_patterns(tokens: list[Token]) -> tuple[int, str] | None:
    """Find a blank node label that stands in two basic graph patterns (section 19.6)."""
    homes: dict[str, int] = {}
    pattern = 0
    for token in tokens:
        if token.type in {"{", "}"}:  # each brace ends one pattern and begins another
            pattern += 1
        elif token.type == "BLANK_NODE_LABEL" and homes.setdefault(token.text, pattern) != pattern:
            return token.start, f"the blank node {token.text} is used in two graph patterns; use a variable."
    return None


def _named_twice(tokens: list[Token]) -> int | None:
    """Find the second naming of a variable in the first SELECT clause that has one."""
    seen: Counter[str] = Counter()
    depth = 0
    previous = ""
    for token in tokens:
        if token.type == "SELECT":
            seen.clear()
        depth += {"(": 1, ")": -1}.get(token.type, 0)
        if token.type == "VAR" and (depth == 0 or previous == "AS"):
            seen[token.text[1:]] += 1
            if seen[token.text[1:]] > 1:
                return token.start
        elif token.type == "{":
            seen.clear()
        previous = token.type
    return None
