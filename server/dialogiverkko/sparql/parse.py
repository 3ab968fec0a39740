"""Reads the text of a query: its form, its dataset, what it asks of others, or where it is wrong.

The text is checked against the whole grammar of SPARQL 1.1 here, by a parser that cannot be made
to recurse or to backtrack. What the grammar does not say (which variables a SELECT may name, the
scope of blank nodes and of BIND) the engine checks when it reads the query, in a process that may die.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_rdf

from dialogiverkko.errors import (
    QuerySyntaxError,
    QueryTooDeepError,
    QueryTooLongError,
    ServiceForbiddenError,
    UpdateForbiddenError,
)
from dialogiverkko.sparql.expectation import describe
from dialogiverkko.sparql.grammar import grammar
from dialogiverkko.sparql.query import ParsedQuery, QueryKind
from dialogiverkko.sparql.tokens import SourceText, Token, tokenize

UPDATE_KEYWORDS: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
_REMEMBERED_LENGTH: Final = 10_000
"""Characters up to which a query is remembered."""
_UNREPEATABLE: Final = frozenset({"RAND", "NOW", "UUID", "STRUUID", "BNODE"})
_OPENING: Final = frozenset({"{", "(", "["})
_CLOSING: Final = frozenset({"}", ")", "]"})
_TELLING: Final = (
    _UNREPEATABLE
    | _OPENING
    | _CLOSING
    | {"IRIREF", "PNAME_LN", "PNAME_NS", "VAR", "TRUE", "FALSE", "ANON", "BLANK_NODE_LABEL"}
)
"""The tokens that tell more than the grammar needs."""
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_IRI_TYPES: Final = frozenset({"IRIREF", "PNAME_LN", "PNAME_NS"})


@dataclass(frozen=True)
class TextLimits:
    """How long (characters) and how deeply nested (brackets) the text of a query may be."""

    length: int = 200_000
    depth: int = 100


@dataclass
class _Findings:
    """What the tokens read so far have told."""

    kind: QueryKind | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    base: str | None = None
    default_graphs: list[str] = field(default_factory=list)
    named_graphs: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    is_deterministic: bool = True
    depth: int = 0
    in_template: bool = False
    booleans: list[Token] = field(default_factory=list)
    """TRUE and FALSE in capitals, which the standard takes and the engine does not."""


def parse(
    text: str,
    *,
    limits: TextLimits = TextLimits(),
    known_prefixes: Mapping[str, str] | None = None,
) -> ParsedQuery:
    """Read a query; raise a located QuerySyntaxError, UpdateForbiddenError or the limit it breaks.

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
    return (_remembered if len(text) <= _REMEMBERED_LENGTH else _read)(text, limits, hints)


def _read(text: str, limits: TextLimits, hints: tuple[tuple[str, str], ...]) -> ParsedQuery:
    _refuse_unwritable(text)
    source = SourceText(text)
    findings = _Reading(source, limits, dict(hints)).run()
    assert findings.kind is not None  # noqa: S101 - the grammar lets no query end without its form
    return ParsedQuery(
        text=_with_small_booleans(source.text, findings.booleans),
        kind=findings.kind,
        default_graphs=tuple(dict.fromkeys(findings.default_graphs)),
        named_graphs=tuple(dict.fromkeys(findings.named_graphs)),
        services=tuple(dict.fromkeys(findings.services)),
        is_deterministic=findings.is_deterministic and not findings.services,
    )


@lru_cache(maxsize=1024)
def _remembered(text: str, limits: TextLimits, hints: tuple[tuple[str, str], ...]) -> ParsedQuery:
    return _read(text, limits, hints)


def refuse_foreign_services(parsed: ParsedQuery, allowed: tuple[str, ...]) -> None:
    """Raise where a query would call an address that is not, letter by letter, on the allow-list."""
    for service in parsed.services:
        if service not in allowed:
            opened = f"It may call {', '.join(allowed)}." if allowed else "SERVICE is closed here."
            raise ServiceForbiddenError(f"The query would call {service} by SERVICE. {opened}", service=service)


def _with_small_booleans(text: str, booleans: list[Token]) -> str:
    """Write TRUE and FALSE in small letters; no place in the text moves."""
    pieces: list[str] = []
    end = 0
    for token in booleans:
        pieces += [text[end : token.start], token.text.lower()]
        end = token.start + len(token.text)
    return "".join([*pieces, text[end:]])


def _refuse_unwritable(text: str) -> None:
    """Refuse lone surrogates, which no UTF-8 can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceText("").error("the text holds half a character (a lone surrogate).", 0) from error


class _Reading:
    """One reading of one text: the tokens, the stack of the grammar and the findings move together."""

    def __init__(self, source: SourceText, limits: TextLimits, known_prefixes: Mapping[str, str]) -> None:
        self._source = source
        self._limits = limits
        self._known_prefixes = known_prefixes
        self._findings = _Findings()
        self._last = self._last_but_one = Token("", "", 0)

    def run(self) -> _Findings:
        rules = grammar()
        table = rules.table
        stack = ["QueryUnit"]
        for token in tokenize(self._source):
            while (symbol := stack.pop()) in table:
                replacement = table[symbol].get(token.type)
                if replacement is None:
                    raise self._unexpected(token, rules.expected([*stack, symbol]))
                stack.extend(replacement)
                if symbol == "ConstructTemplate":
                    self._findings.in_template = True
            if symbol != token.type:
                raise self._unexpected(token, rules.expected([*stack, symbol]))
            if token.type in _TELLING or self._findings.kind is None:
                self._note(token)
            self._last_but_one, self._last = self._last, token
        return self._findings

    def _unexpected(self, token: Token, expected: frozenset[str]) -> QuerySyntaxError | UpdateForbiddenError:
        if self._findings.kind is None and token.type in UPDATE_KEYWORDS:
            line, column = self._source.line_and_column(token.start)
            return UpdateForbiddenError(
                f"{token.text.upper()} would change the graph, which is read-only. "
                "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
                line=line,
                column=column,
            )
        return self._source.error(describe(token, expected), token.start)

    def _note(self, token: Token) -> None:
        """Take from one more token what must be known before the query runs."""
        findings = self._findings
        if token.type in _OPENING:
            self._deepen(token)
        elif token.type in _CLOSING:
            findings.depth -= 1
            findings.in_template = findings.in_template and findings.depth > 0
        elif findings.kind is None and token.type in QueryKind.__members__:
            findings.kind = QueryKind[token.type]
        elif token.type in {"TRUE", "FALSE"}:
            if not token.text.islower():
                findings.booleans.append(token)
        elif token.type in _UNREPEATABLE:
            findings.is_deterministic = False
        elif token.type in _IRI_TYPES or token.type == "VAR":
            self._note_name(token)
        if findings.in_template and token.type in {"[", "(", "ANON", "BLANK_NODE_LABEL"}:
            findings.is_deterministic = False

    def _deepen(self, token: Token) -> None:
        self._findings.depth += 1
        if self._findings.depth > self._limits.depth:
            line, column = self._source.line_and_column(token.start)
            raise QueryTooDeepError(
                f"Line {line}, column {column}: the query nests more than {self._limits.depth} levels deep.",
                limit="query_depth_limit",
                value=self._limits.depth,
                line=line,
                column=column,
            )

    def _note_name(self, token: Token) -> None:
        """Note a name by the keyword before it: BASE, PREFIX, FROM, FROM NAMED, SERVICE."""
        findings = self._findings
        before, last = self._last_but_one.type, self._last.type
        is_service = last == "SERVICE" or (before, last) == ("SERVICE", "SILENT")
        if token.type == "PNAME_NS" and last == "PREFIX":
            return
        if token.type == "VAR":
            if is_service:
                findings.services.append("?" + token.text[1:])
            return
        iri = self._resolve(token, needs_iri=last in {"BASE", "FROM", "NAMED", "SERVICE", "SILENT", "PNAME_NS"})
        if last == "BASE":
            findings.base = iri
        elif (before, last) == ("PREFIX", "PNAME_NS"):
            findings.prefixes[self._last.text[:-1]] = iri
        elif last == "FROM":
            findings.default_graphs.append(iri)
        elif (before, last) == ("FROM", "NAMED"):
            findings.named_graphs.append(iri)
        elif is_service:
            findings.services.append(iri)

    def _resolve(self, token: Token, *, needs_iri: bool) -> str:
        """Make the absolute IRI of a token; an undeclared prefix is always an error."""
        if token.type == "IRIREF":
            if needs_iri or (self._findings.base is None and not _SCHEME.match(token.text)):
                return self._absolute(token, token.text[1:-1])
            return ""
        prefix, _, local = token.text.partition(":")
        namespace = self._findings.prefixes.get(prefix)
        if namespace is None:
            raise self._source.error(self._undeclared(prefix), token.start)
        return namespace + _unescape_local(local)

    def _undeclared(self, prefix: str) -> str:
        known = self._known_prefixes.get(prefix)
        line = f"PREFIX {prefix}: <{known}>" if known else f"PREFIX {prefix}: <…> with its namespace"
        return f"the prefix '{prefix}:' is not declared. Add the line {line} at the top."

    def _absolute(self, token: Token, reference: str) -> str:
        """Resolve a reference against BASE as RFC 3986 says, by the engine's own Turtle reader."""
        turtle = f"<{reference}> <urn:x:p> <urn:x:o> ."
        try:
            triple = next(iter(parse_rdf(turtle, RdfFormat.TURTLE, base_iri=self._findings.base)))
        except SyntaxError as error:
            advice = "" if self._findings.base else " A relative IRI needs a BASE line at the top."
            raise self._source.error(f"<{reference}> is no valid IRI.{advice}", token.start) from error
        return str(triple.subject.value)


def _unescape_local(local: str) -> str:
    """Remove the backslashes of a local name (PN_LOCAL_ESC); percent signs stay (section 4.1.1)."""
    return local.replace("\\", "") if "\\" in local else local
