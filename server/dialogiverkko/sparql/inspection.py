"""Looks into a text without running it: its form, keywords, names and comments, token by token.

The texts are our own: saved queries, rules, checks and (for comments, which it writes alike) Turtle.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from dialogiverkko.errors import DataError, QuerySyntaxError
from dialogiverkko.namespaces import RDF_TYPE
from dialogiverkko.sparql.complaints import evaluation_complaint, syntax_complaint
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import QueryKind
from dialogiverkko.sparql.tokens import SourceText, Token, tokenize


@lru_cache(maxsize=512)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, EOF last; raises QuerySyntaxError."""
    return tuple(tokenize(SourceText(text)))


def kind_of(text: str, file: str, prefixes: Mapping[str, str]) -> QueryKind:
    """Parse a file of ours and return its form; a DataError names the file, the line and what would be right."""
    try:
        return parse(text, known_prefixes=prefixes).kind
    except QuerySyntaxError as error:
        raise _located(error, file) from None


def refused(text: str, file: str, error: SyntaxError | RuntimeError) -> DataError:
    """Make the error of a file of ours that follows the grammar and that the engine refused."""
    if isinstance(error, SyntaxError):
        return _located(syntax_complaint(parse(text), str(error)), file)
    return DataError(f"{file}: {evaluation_complaint(str(error)).message}", file=file)


def _located(error: QuerySyntaxError, file: str) -> DataError:
    line = int(str(error.details["line"]))
    where, _, what = error.message.partition(": ")
    return DataError(f"{file}:{line}: the query is not SPARQL: {what} ({where})", file=file, line=line)


def says(text: str, *types: str) -> Token | None:
    """Return the first token of one of some types (keywords in capitals), if there is any."""
    return next((token for token in tokens_of(text) if token.type in types), None)


def names(text: str) -> Iterator[tuple[str, int]]:
    """Yield each IRI that a query says, prefixed names as whole IRIs, with its line; declarations are not yielded."""
    source, prefixes = SourceText(text), dict[str, str]()
    before = last = Token("", "", 0)
    for token in tokens_of(text):
        if token.type == "IRIREF" and last.type == "PNAME_NS" and before.type == "PREFIX":
            prefixes[last.text[:-1]] = token.text[1:-1]
        elif token.type == "IRIREF" and last.type != "BASE":
            yield token.text[1:-1], source.line_and_column(token.start)[0]
        elif token.type == "PNAME_LN":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                yield prefixes[prefix] + local.replace("\\", ""), source.line_and_column(token.start)[0]
        before, last = last, token


def names_of(texts: Iterable[str]) -> frozenset[str]:
    """Return all IRIs that some queries say: where they name each predicate, triples of these alone answer them."""
    return frozenset(iri for text in texts for iri in _said(text))


def _said(text: str) -> Iterator[str]:
    if says(text, "a"):
        yield RDF_TYPE
    for iri, _ in names(text):
        yield iri


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments of a text, each with its line."""
    source = SourceText(text)
    start = Token("", "", 0)
    for before, token in pairwise((start, *tokens_of(text))):
        offset = before.start + len(before.text)
        for line in text[offset : token.start].splitlines(keepends=True):
            if "#" in line:
                yield source.line_and_column(offset)[0], line[line.index("#") :].rstrip("\r\n")
            offset += len(line)
