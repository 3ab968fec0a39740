"""Reads the text of a query: its form, its dataset, what it asks of others, or where it is wrong.

The text is checked against the whole grammar of SPARQL 1.1 here, by a parser that cannot be made
to recurse or to backtrack. What the grammar does not say (which variables a SELECT may name, the
scope of blank nodes and of BIND) the engine checks when it reads the query, in a process that may die.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dialogiverkko.errors import QueryTooLongError, ServiceForbiddenError
from dialogiverkko.sparql.columns import all_columns
from dialogiverkko.sparql.jumps import skim
from dialogiverkko.sparql.places import edit
from dialogiverkko.sparql.query import ParsedQuery, QueryKind
from dialogiverkko.sparql.reading import Reading
from dialogiverkko.sparql.suspects import AGGREGATES, Lexeme, suspects
from dialogiverkko.sparql.tokens import SourceText

_REMEMBERED_LENGTH: Final = 10_000
"""Characters up to which a query is remembered."""


@dataclass(frozen=True)
class TextLimits:
    """How long (characters) and how deeply nested (brackets) the text of a query may be."""

    length: int = 200_000
    depth: int = 100


def parse(
    text: str,
    *,
    limits: TextLimits = TextLimits(),
    known_prefixes: Mapping[str, str] | None = None,
    base: str = "",
) -> ParsedQuery:
    """Read a query; raise a located QuerySyntaxError, UpdateForbiddenError or the limit it breaks.

    ``base`` is what relative IRIs are resolved against where the query has no BASE (RFC 3986, 5.1.3).
    ``known_prefixes`` only better the message about a prefix that the text does not declare: they
    are never added to a query, since it would then mean nothing elsewhere. What was read is
    remembered, so that a query asked again costs nothing here.
    """
    if len(text) > limits.length:
        raise QueryTooLongError(
            f"The query has {len(text)} characters; at most {limits.length} are read.",
            limit="query_length_limit",
            value=limits.length,
        )
    hints = tuple((known_prefixes or {}).items())
    return (_remembered if len(text) <= _REMEMBERED_LENGTH else _read)(text, limits, hints, base)


def _read(text: str, limits: TextLimits, hints: tuple[tuple[str, str], ...], base: str) -> ParsedQuery:
    """Read by jumps where the text is plain, else token by token."""
    _refuse_unwritable(text)
    skimmed = skim(text, limits.depth, has_base=bool(base))
    if skimmed is None:
        return _read_carefully(text, limits, hints, base)
    _refuse_nested_aggregates(SourceText(text), skimmed.tokens)
    parsed = ParsedQuery(
        text,
        skimmed.kind,
        is_deterministic=skimmed.is_deterministic,
        has_graph_pattern=_has_graph_pattern(skimmed.tokens),
        suspects=suspects(skimmed.tokens, skimmed.kind),
    )
    columns = all_columns(skimmed.tokens) if skimmed.kind is QueryKind.SELECT else None
    return parsed.reworded(*edit(text, [columns])) if columns else parsed


def _read_carefully(text: str, limits: TextLimits, hints: tuple[tuple[str, str], ...], base: str) -> ParsedQuery:
    source = SourceText(text)
    findings = Reading(source, limits.depth, dict(hints), base).run()
    assert findings.kind is not None  # noqa: S101 - the grammar lets no query end without its form
    _refuse_nested_aggregates(source, findings.tokens)
    parsed = ParsedQuery(
        text=source.text,
        kind=findings.kind,
        default_graphs=tuple(dict.fromkeys(findings.default_graphs)),
        named_graphs=tuple(dict.fromkeys(findings.named_graphs)),
        services=tuple(dict.fromkeys(findings.services)),
        is_deterministic=findings.is_deterministic and not findings.services,
        has_graph_pattern=_has_graph_pattern(findings.tokens),
        suspects=suspects(findings.tokens, findings.kind),
        written=text if source.places else "",
        places=source.places,
    )
    columns = all_columns(findings.tokens) if findings.kind is QueryKind.SELECT else None
    edits = sorted([*findings.edits, columns]) if columns else findings.edits
    return parsed.reworded(*edit(source.text, edits)) if edits else parsed


def _has_graph_pattern(tokens: Sequence[Lexeme]) -> bool:
    return any(token[0] == "GRAPH" for token in tokens)


def _refuse_nested_aggregates(source: SourceText, tokens: Sequence[Lexeme]) -> None:
    """Refuse an aggregate within an aggregate (section 11): the grammar takes it, and it means nothing."""
    if sum(token[0] in AGGREGATES for token in tokens) < 2:
        return
    brackets: list[str] = []
    before = ""
    for kind, text, start in tokens:
        if kind in AGGREGATES and _is_within_aggregate(brackets):
            raise source.error(f"{text} stands within another aggregate; use a subquery.", start)
        if kind in {"(", "{"}:
            brackets.append(before if kind == "(" else kind)
        elif kind in {")", "}"}:
            brackets.pop()
        before = kind


def _is_within_aggregate(brackets: Sequence[str]) -> bool:
    """Look outwards as far as the group of the expression."""
    for opened in reversed(brackets):
        if opened in AGGREGATES or opened == "{":
            return opened != "{"
    return False


@lru_cache(maxsize=1024)
def _remembered(text: str, limits: TextLimits, hints: tuple[tuple[str, str], ...], base: str) -> ParsedQuery:
    return _read(text, limits, hints, base)


def refuse_foreign_services(parsed: ParsedQuery, allowed: tuple[str, ...]) -> None:
    """Raise where a query would call an address that is not, letter by letter, on the allow-list."""
    for service in parsed.services:
        if service not in allowed:
            opened = f"It may call {', '.join(allowed)}." if allowed else "SERVICE is closed here."
            raise ServiceForbiddenError(f"The query would call {service} by SERVICE. {opened}", service=service)


def _refuse_unwritable(text: str) -> None:
    """Refuse lone surrogates, which no UTF-8 can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceText("").error("the text holds half a character (a lone surrogate).", 0) from error
