"""Binds variables of any query to terms, in every scope where the query uses them.

A data block with the one term is put at the start of each group that mentions the variable, and of
the outermost group. That is what SPARQL itself offers for a parameter, so every engine understands
it; the engine's own substitutions (pyoxigraph 0.5.13) know only variables of the projection.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from pyoxigraph import BlankNode

from dialogiverkko.errors import BadParameterError
from dialogiverkko.sparql.binding import anchors, block
from dialogiverkko.sparql.places import Edit, edit
from dialogiverkko.sparql.query import ParsedQuery, QueryKind, Term
from dialogiverkko.sparql.tokens import SourceText, Token, tokenize


@dataclass
class _Group:
    """A pair of braces: where its content starts, and the variables that stand directly in it."""

    start: int
    is_pattern: bool
    variables: set[str] = field(default_factory=set)


def bind_variables(parsed: ParsedQuery, bindings: Mapping[str, Term]) -> ParsedQuery:
    """Return the query with its variables bound; a variable that it does not use is bound all the same."""
    if not bindings:
        return parsed
    blocks = {name: _block(name, term) for name, term in bindings.items()}
    groups, has_values = _pattern_groups(list(tokenize(SourceText(parsed.text))))
    if not groups:
        return replace(parsed, text=_with_clause(parsed, list(blocks.values()), has_values=has_values))
    edits: list[Edit] = []
    for index, group in enumerate(groups):
        used = [text for name, text in blocks.items() if index == 0 or name in group.variables]
        edits.append((group.start, group.start, "".join(f" {text} " for text in used)))
    return parsed.reworded(*edit(parsed.text, edits))


def without_dataset(parsed: ParsedQuery) -> ParsedQuery:
    """Take out FROM and FROM NAMED, for a server that is told the dataset beside the query."""
    if not (parsed.default_graphs or parsed.named_graphs):
        return parsed
    tokens = list(tokenize(SourceText(parsed.text)))
    edits: list[Edit] = []
    for index, token in enumerate(tokens):
        if token.type == "FROM":
            last = tokens[index + 1 + (tokens[index + 1].type == "NAMED")]
            edits.append((token.start, last.start + len(last.text), ""))
    return parsed.reworded(*edit(parsed.text, edits))


def without_idle_blocks(text: str) -> str:
    """Take out data blocks such as ``VALUES ?x { UNDEF }``, which join with everything and change nothing.

    Saved queries have them where a value may stand; Virtuoso 7 takes one for a join with nothing.
    """
    pieces: list[str] = []
    end = 0
    for anchor in anchors(text):
        pieces.append(text[end : anchor.start])
        end = anchor.end_with_dot
    return "".join([*pieces, text[end:]])


_LABEL: Final = (
    "OPTIONAL", "{", "VAR", "PNAME_LN", "VAR", "FILTER", "(", "LANG", "(", "VAR", ")", "=", "VAR", ")", "}",
)  # fmt: skip
"""The tokens of ``OPTIONAL { ?x skos:prefLabel ?xLabel FILTER(LANG(?xLabel) = ?language) }``."""


def with_copied_labels(text: str) -> str:
    """Let each label of one OPTIONAL pass through a BIND, as Virtuoso 7 needs, which else leaves some unbound."""
    tokens = list(tokenize(SourceText(text)))
    pieces: list[str] = []
    end = 0
    for index in range(len(tokens)):
        block = tokens[index : index + len(_LABEL)]
        if tuple(token.type for token in block) != _LABEL or block[4].text[1:] != block[9].text[1:]:
            continue
        start, label, close = block[0].start, block[4].text[1:], block[-1].start + 1
        found = re.sub(rf"[?$]{label}\b", f"?{label}Found", text[start:close])
        pieces += [text[end:start], f"{found} BIND(COALESCE(?{label}Found) AS ?{label})"]
        end = close
    return "".join([*pieces, text[end:]])


def _block(name: str, term: Term) -> str:
    if isinstance(term, BlankNode):
        raise BadParameterError(f"'{name}' cannot be bound to a blank node.", parameter=name)
    if not name.isidentifier():
        raise BadParameterError(f"'{name}' is not the name of a variable.", parameter=name)
    return block(name, [term])


def _with_clause(parsed: ParsedQuery, blocks: list[str], *, has_values: bool) -> str:
    """Bind where no group is: DESCRIBE gets one, CONSTRUCT WHERE gets a VALUES clause behind it."""
    if parsed.kind is QueryKind.DESCRIBE and not has_values:
        return f"{parsed.text}\nWHERE {{ {' '.join(blocks)} }}"
    if has_values or len(blocks) > 1:
        raise BadParameterError("CONSTRUCT WHERE takes one bound variable and no VALUES of its own.")
    return f"{parsed.text}\n{blocks[0]}"


def _pattern_groups(tokens: list[Token]) -> tuple[list[_Group], bool]:
    """Find the groups in which a data block may stand, in order, the outermost first.

    Other braces hold a template, data, or nothing but a subquery. Tells also whether a VALUES clause exists.
    """
    found: list[_Group] = []
    open_groups: list[_Group] = []
    is_data = has_values = False
    is_short = _is_construct_where(tokens)
    for before, token, after in zip([None, *tokens], tokens, tokens[1:], strict=False):
        if token.type == "VALUES":
            is_data = has_values = True
        elif token.type == "{":
            is_template = before is not None and before.type == "CONSTRUCT"
            is_pattern = not (is_data or is_template or is_short or after.type == "SELECT")
            group = _Group(token.start + 1, is_pattern)
            open_groups.append(group)
            found += [group] if is_pattern else []
            is_data = False
        elif token.type == "}":
            open_groups.pop()
        elif token.type == "VAR" and open_groups:
            open_groups[-1].variables.add(token.text[1:])
    return found, has_values


def _is_construct_where(tokens: list[Token]) -> bool:
    """Return whether a query has the short form CONSTRUCT WHERE { … }, in which only triples may stand."""
    for token, after in pairwise(tokens):
        if token.type == "CONSTRUCT":
            return after.type != "{"
    return False
