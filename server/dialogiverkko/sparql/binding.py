"""Puts RDF terms into a query in place of its empty VALUES blocks.

A query declares each parameter by a data block without a value, ``VALUES ?organisation { UNDEF }``, once
in every scope that uses it. Binding replaces those blocks, and nothing else, by blocks that hold the
terms. One technique serves one value and many, every engine, and a query that is run with no value.

Why not the engine's substitutions: pyoxigraph 0.5.13 takes them only for variables of the projection,
and no other engine has them. What makes the block safe:

* only terms enter: an IRI that the engine accepted, or a literal; never a string of the caller;
* terms are written by the engine's own serialiser, and a backslash before ``u`` is kept from being read
  as a codepoint escape by engines that decode those before they parse (SPARQL 1.1, section 19.2);
* the finished block is given to the engine alone, and must come back as exactly the terms that went in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from dialogiverkko.errors import BadParameterError
from dialogiverkko.sparql.tokens import SourceText, tokenize

Value = NamedNode | Literal

_ESCAPE = re.compile(r"\\\\(?P<letter>[uU])|\\.", re.DOTALL)
"""An escaped backslash before u, or another escape: read in pairs, so that none takes another's backslash."""


@dataclass(frozen=True)
class Anchor:
    """A data block without a value, and where it stands in the text of its query."""

    name: str
    start: int
    end: int
    end_with_dot: int
    """Behind the dot that follows the block, where one does."""


_BLOCK: Final = ["VALUES", "VAR", "{", "UNDEF", "}"]


@lru_cache(maxsize=512)
def anchors(query: str) -> tuple[Anchor, ...]:
    """List the empty data blocks of a query, in order, as often as they occur; raises QuerySyntaxError."""
    tokens = list(tokenize(SourceText(query)))
    found = []
    for index in range(len(tokens) - len(_BLOCK)):
        *block, after = tokens[index : index + len(_BLOCK) + 1]
        if [token.type for token in block] == _BLOCK:
            end = block[-1].start + 1
            found.append(Anchor(block[1].text[1:], block[0].start, end, after.start + 1 if after.type == "." else end))
    return tuple(found)


def bind(query: str, values: Mapping[str, Sequence[Value]]) -> str:
    """Return the query with each named data block filled; names without values keep theirs empty."""
    blocks = {name: block(name, terms) for name, terms in values.items() if terms}
    pieces: list[str] = []
    end = 0
    for anchor in anchors(query):
        if anchor.name in blocks:
            pieces += [query[end : anchor.start], blocks[anchor.name]]
            end = anchor.end
    return "".join([*pieces, query[end:]])


def block(name: str, terms: Sequence[Value]) -> str:
    """Write one data block, and have the engine read it back."""
    text = f"VALUES ?{name} {{ {' '.join(_written(term) for term in terms)} }}"
    if _read_back(name, text) != list(terms):
        raise BadParameterError(f"The value of '{name}' cannot be written as an RDF term.", parameter=name)
    return text


def _written(term: Value) -> str:
    """Serialise a term so that every reader of SPARQL takes it for the same term.

    In a serialised literal ``\\\\u`` is a backslash and the letter u. A reader that decodes codepoint
    escapes first would see an escape in it, so that letter is written as an escape of its own.
    """
    text = str(term)
    if isinstance(term, NamedNode):
        return text
    return _ESCAPE.sub(lambda match: rf"\\\u{ord(match['letter']):04X}" if match["letter"] else match[0], text)


def _read_back(name: str, text: str) -> list[Value]:
    try:
        solutions = Store().query(f"SELECT ?{name} WHERE {{ {text} }}")
    except SyntaxError:
        return []
    if not isinstance(solutions, QuerySolutions):
        return []
    found = [solution[name] for solution in solutions]
    return [term for term in found if isinstance(term, NamedNode | Literal)]
