"""The careful reading of a query: says what is wrong and where, and writes plainly what engines differ on.

It takes each token by the grammar's own table, so that it knows what would have been right where a token
cannot stand. What it writes otherwise is equivalent by the Recommendation: relative IRIs and names with
escapes or several dots as whole IRIs, booleans small, a space between keywords that touch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_rdf

from dialogiverkko.errors import QuerySyntaxError, QueryTooDeepError, UpdateForbiddenError
from dialogiverkko.sparql.expectation import describe
from dialogiverkko.sparql.grammar import grammar
from dialogiverkko.sparql.jumps import SCHEME, UNREPEATABLE
from dialogiverkko.sparql.places import Edit
from dialogiverkko.sparql.query import QueryKind
from dialogiverkko.sparql.tokens import UPDATE_KEYWORDS, SourceText, Token, tokenize

_OPENING: Final = frozenset({"{", "(", "["})
_CLOSING: Final = frozenset({"}", ")", "]"})
_IRI_TYPES: Final = frozenset({"IRIREF", "PNAME_LN", "PNAME_NS"})
NOTED_TOKENS: Final = (
    _OPENING
    | _CLOSING
    | _IRI_TYPES
    | UNREPEATABLE
    | {"VAR", "TRUE", "FALSE", "NIL", "ANON", "BLANK_NODE_LABEL", "IRI", "URI"}
)
"""The tokens that change the findings; all others matter to the grammar alone."""


@dataclass
class Findings:
    """What the tokens read so far say of the query."""

    kind: QueryKind | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    base: str | None = None
    default_graphs: list[str] = field(default_factory=list)
    named_graphs: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    is_deterministic: bool = True
    depth: int = 0
    in_template: bool = False
    calls_iri: bool = False
    tokens: list[Token] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    """What is written otherwise, in order."""


class Reading:
    """One reading of one text: the tokens, the stack of the grammar and the findings move together."""

    def __init__(self, source: SourceText, depth: int, known_prefixes: Mapping[str, str], base: str) -> None:
        self._source = source
        self._limit = depth
        self._known_prefixes = known_prefixes
        self._base = base
        self._findings = Findings()
        self._last = self._last_but_one = Token("", "", 0)
        self._split: tuple[Token, frozenset[str]] | None = None
        """A run of letters of which a keyword was taken, and what could have stood there."""

    def run(self) -> Findings:
        """Read the whole text; raise a located error, or the limit of depth."""
        rules = grammar()
        table = rules.table
        stack = ["QueryUnit"]
        for token in tokenize(self._source):
            self._note_split(token, stack)
            while (symbol := stack.pop()) in table:
                replacement = table[symbol].get(token.type)
                if replacement is None:
                    raise self._unexpected(token, rules.expected([*stack, symbol]))
                stack.extend(replacement)
                if symbol == "TriplesTemplate":
                    self._findings.in_template = True
            if symbol != token.type:
                raise self._unexpected(token, rules.expected([*stack, symbol]))
            if token.type in NOTED_TOKENS or self._findings.kind is None:
                self._note(token)
            self._last_but_one, self._last = self._last, token
            self._findings.tokens.append(token)
        if self._base and self._findings.calls_iri and self._findings.base is None:
            self._findings.edits.insert(0, (0, 0, f"BASE <{self._base}> "))
        return self._findings

    def _note_split(self, token: Token, stack: list[str]) -> None:
        """Remember the whole run of letters where a keyword is only its beginning."""
        last, text, end = self._last, self._source.text, token.start + len(token.text)
        touches = token.start == last.start + len(last.text)
        if touches and token.text[:1].isalnum() and last.text[:1].isalpha() and last.type in _keywords():
            self._findings.edits.append((token.start, token.start, " "))
        else:
            self._split = None
        if self._split is None and token.type in _keywords() and text[end : end + 1].isalnum():
            while text[end : end + 1].isalnum() or text[end : end + 1] == "_":
                end += 1
            run = Token("WORD", text[token.start : end], token.start)
            self._split = (run, grammar().expected(stack))

    def _unexpected(self, token: Token, expected: frozenset[str]) -> QuerySyntaxError | UpdateForbiddenError:
        if self._findings.kind is None and token.type in UPDATE_KEYWORDS:
            line, column = self._source.line_and_column(token.start)
            return UpdateForbiddenError(
                f"{token.text.upper()} would change the graph, which is read-only. "
                "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
                line=line,
                column=column,
            )
        if self._split and token.start >= self._split[0].start:
            token, expected = self._split
        return self._source.error(describe(token, expected), token.start)

    def _note(self, token: Token) -> None:
        """Update the findings by one more token."""
        findings = self._findings
        if token.type in _OPENING:
            self._deepen(token)
        elif token.type in _CLOSING:
            findings.depth -= 1
            findings.in_template = findings.in_template and findings.depth > 0
        elif findings.kind is None and token.type in QueryKind.__members__:
            findings.kind = QueryKind[token.type]
        elif token.type in {"TRUE", "FALSE"}:
            self._write(token, token.text.lower())
        elif token.type in {"NIL", "ANON"} and "#" in token.text:
            self._write(token, token.text[0] + token.text[-1])
        elif token.type in UNREPEATABLE:
            findings.is_deterministic = False
        elif token.type in _IRI_TYPES or token.type == "VAR":
            self._note_name(token)
        findings.calls_iri = findings.calls_iri or token.type in {"IRI", "URI"}
        if findings.in_template and token.type in {"[", "(", "ANON", "BLANK_NODE_LABEL"}:
            findings.is_deterministic = False

    def _write(self, token: Token, text: str) -> None:
        """Write a token otherwise, where that is another text."""
        if text != token.text:
            self._findings.edits.append((token.start, token.start + len(token.text), text))

    def _deepen(self, token: Token) -> None:
        self._findings.depth += 1
        if self._findings.depth > self._limit:
            line, column = self._source.line_and_column(token.start)
            raise QueryTooDeepError(
                f"Line {line}, column {column}: the query nests more than {self._limit} levels deep.",
                limit="query_depth_limit",
                value=self._limit,
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
        is_declared = (before, last) == ("PREFIX", "PNAME_NS")
        iri = self._resolve(token, needs_iri=is_declared or is_service or last in {"BASE", "FROM", "NAMED"})
        if last == "BASE":
            findings.base = iri
        elif is_declared:
            findings.prefixes[self._last.text[:-1]] = iri
        elif last == "FROM":
            findings.default_graphs.append(iri)
        elif (before, last) == ("FROM", "NAMED"):
            findings.named_graphs.append(iri)
        elif is_service:
            findings.services.append(iri)

    def _resolve(self, token: Token, *, needs_iri: bool) -> str:
        """Make the absolute IRI of a token, and write it where engines may not; a prefix must be declared."""
        if token.type == "IRIREF":
            is_relative = not SCHEME.match(token.text)
            if not (needs_iri or is_relative):
                return ""
            iri = self._absolute(token, token.text[1:-1])
            if is_relative:
                self._write(token, f"<{iri}>")
            return iri
        prefix, _, local = token.text.partition(":")
        namespace = self._findings.prefixes.get(prefix)
        if namespace is None:
            raise self._source.error(self._undeclared(prefix), token.start)
        iri = namespace + _unescape_local(local)
        if "\\" in local or token.text.count(".") > 1:
            self._write(token, f"<{iri}>")
        return iri

    def _undeclared(self, prefix: str) -> str:
        known = self._known_prefixes.get(prefix)
        line = f"PREFIX {prefix}: <{known}>" if known else f"PREFIX {prefix}: <…> with its namespace"
        return f"the prefix '{prefix}:' is not declared. Add the line {line} at the top."

    def _absolute(self, token: Token, reference: str) -> str:
        """Resolve a reference against BASE as RFC 3986 says, by the engine's own Turtle reader."""
        turtle = f"<{reference}> <urn:x:p> <urn:x:o> ."
        base = self._findings.base or self._base or None
        try:
            triple = next(iter(parse_rdf(turtle, RdfFormat.TURTLE, base_iri=base)))
        except SyntaxError as error:
            advice = "" if base else " A relative IRI needs a BASE line at the top."
            raise self._source.error(f"<{reference}> is no valid IRI.{advice}", token.start) from error
        return str(triple.subject.value)


@cache
def _keywords() -> frozenset[str]:
    return grammar().keywords | {"a"}


def _unescape_local(local: str) -> str:
    """Remove the backslashes of a local name (PN_LOCAL_ESC); percent signs stay (section 4.1.1)."""
    return local.replace("\\", "") if "\\" in local else local
