"""Writes one page of the solutions of a SELECT: those that nobody reads are counted, and not made into text."""

import json
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from dialogiverkko.namespaces import XSD
from dialogiverkko.sparql.query import Page

_STRING: Final = f"{XSD}string"


def write_page(answer: QuerySolutions, page: Page, most: int) -> tuple[bytes, int]:
    """Write the solutions of a page as SPARQL 1.1 Query Results JSON, and count all, but not far beyond ``most``."""
    names = [variable.value for variable in answer.variables]
    bindings, count = [], 0
    try:
        for count, solution in enumerate(answer, start=1):
            if count > most:
                break
            if page.offset < count <= page.end:
                terms = zip(names, solution, strict=True)
                bindings.append({name: _binding(term) for name, term in terms if term is not None})
    finally:
        del answer  # the engine's objects must die in the thread that made them
    document = {"head": {"vars": names}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), count


def _binding(term: NamedNode | BlankNode | Literal | Triple) -> dict[str, object]:
    """Return a term as SPARQL 1.1 Query Results JSON writes it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _binding(part) for name, part in parts.items()}}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == _STRING:
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
