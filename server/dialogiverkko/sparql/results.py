"""Turns what the engine answers into the bytes of a media type, by the engine's own writers.

A result is written whole or not at all: a cap on rows or bytes raises ResultLimitError, and a value
that a format cannot carry raises NotAcceptableError, before anybody has seen a byte of it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from dialogiverkko.errors import BackendUnavailableError, NotAcceptableError
from dialogiverkko.media import (
    CSV,
    GRAPH_TYPES,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_XML,
    SOLUTION_TYPES,
    TSV,
    MediaType,
)
from dialogiverkko.sparql import jsonld
from dialogiverkko.sparql.capped import CappedBytes, CappedLines, too_many
from dialogiverkko.sparql.jsonld import Context
from dialogiverkko.sparql.paging import write_page
from dialogiverkko.sparql.query import Page, QueryKind, Result, Solutions

SOLUTION_FORMATS: Final[dict[str, QueryResultsFormat]] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final[dict[str, RdfFormat]] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""What XML 1.0 cannot carry, even as a reference (production Char)."""
_SILENT: Final = b'<?xml version="1.0"?>'
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
_WITH_PREFIXES: Final = tuple(each for each in GRAPH_TYPES if each not in {N_TRIPLES, N_QUADS})
_NCNAME_AT_END: Final = re.compile(
    "[A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
    "[\\w.\\-\u00b7\u0300-\u036f\u203f\u2040]*$"
)


def types_for(kind: QueryKind) -> tuple[MediaType, ...]:
    """Name the media types that a query of a form can be answered in, the preferred first."""
    return SOLUTION_TYPES if kind in {QueryKind.SELECT, QueryKind.ASK} else GRAPH_TYPES


def write_result(
    answer: QuerySolutions | QueryBoolean | QueryTriples,
    media_type: MediaType,
    *,
    rows: int,
    result_bytes: int,
    prefixes: Mapping[str, str] | None = None,
    page: Page | None = None,
) -> Result:
    """Write a whole answer in a media type of its kind, or a page of solutions in JSON, within the caps.

    The answer is let go here even when an error keeps this frame alive: the engine's objects must
    die in the thread that made them.
    """
    try:
        if isinstance(answer, QueryTriples) and media_type == N_TRIPLES:
            lines = CappedLines(rows, result_bytes)
            answer.serialize(lines, format=RdfFormat.N_TRIPLES)  # type: ignore[arg-type] # needs only write
            return lines.result()
        if isinstance(answer, QueryTriples):
            return write_graph(answer, media_type, rows=rows, result_bytes=result_bytes, prefixes=prefixes)
        buffer = CappedBytes(result_bytes)
        if page is not None and isinstance(answer, QuerySolutions):
            text, count = write_page(answer, page, rows)
            if count > rows:
                raise too_many("row_limit", rows)
            buffer.write(text)
            return Result(text, media_type, rows=count)
        answer.serialize(buffer, format=SOLUTION_FORMATS[media_type.name])  # type: ignore[arg-type] # needs only write
        is_truth = isinstance(answer, QueryBoolean)
    finally:
        del answer
    body = _checked_xml(buffer, SOLUTION_TYPES) if media_type == RESULTS_XML else bytes(buffer.content)
    if is_truth:
        return Result(body, media_type)
    count = count_rows(body, media_type)
    if count > rows:
        raise too_many("row_limit", rows)
    return Result(body, media_type, rows=count)


def write_graph(
    triples: Iterable[Triple],
    media_type: MediaType,
    *,
    rows: int,
    result_bytes: int,
    prefixes: Mapping[str, str] | None = None,
    context: Context | None = None,
) -> Result:
    """Write triples as the set that an RDF graph is, those of one subject together.

    JSON-LD is written with a context, where one is given, else with the prefixes.
    """
    by_subject: dict[object, dict[Triple, None]] = {}
    count = 0
    try:
        for triple in triples:
            members = by_subject.setdefault(triple.subject, {})
            count += triple not in members
            if count > rows:
                raise too_many("row_limit", rows)
            members[triple] = None
    finally:
        del triples
    if media_type == RDF_XML:
        _refuse_unsplittable(triple for members in by_subject.values() for triple in members)
    buffer = CappedBytes(result_bytes)
    if media_type == JSON_LD:
        buffer.write(jsonld.write_json_ld(by_subject, context or Context(prefixes or {})))
        return Result(bytes(buffer.content), media_type, rows=count)
    serialize(
        (triple for members in by_subject.values() for triple in members),
        buffer,  # type: ignore[arg-type] # it needs only write
        format=GRAPH_FORMATS[media_type.name],
        prefixes=_used(prefixes or {}, by_subject.values()) if media_type in _WITH_PREFIXES else None,
    )
    body = _checked_xml(buffer, GRAPH_TYPES) if media_type == RDF_XML else bytes(buffer.content)
    return Result(body, media_type, rows=count)


def _used(prefixes: Mapping[str, str], groups: Iterable[Mapping[Triple, None]]) -> dict[str, str]:
    """Keep the prefixes whose namespace some IRI of the triples has."""
    if not prefixes:
        return {}
    seen: set[str] = set()
    for members in groups:
        subject = next(iter(members)).subject
        if isinstance(subject, NamedNode):
            seen.add(_namespace(subject.value))
        for triple in members:
            for term in (triple.predicate, triple.object):
                if isinstance(term, NamedNode):
                    seen.add(_namespace(term.value))
                elif datatype := getattr(term, "datatype", None):
                    seen.add(_namespace(datatype.value))
    return {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if namespace in seen or (namespace[-1:] not in "#/" and any(map(namespace.startswith, seen)))
    }


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _checked_xml(buffer: CappedBytes, offered: tuple[MediaType, ...]) -> bytes:
    """Refuse what XML cannot carry; write carriage returns so that a reader keeps them."""
    if bad := _NOT_XML.search(buffer.content):
        code = ord(bad[0].decode("utf-8"))
        raise NotAcceptableError(
            f"The result holds the character U+{code:04X}, which XML 1.0 cannot carry. "
            f"Ask for {', '.join(other.label for other in offered if 'xml' not in other.name)}.",
            offered=[other.name for other in offered if "xml" not in other.name],
        )
    whole = CappedBytes(buffer.cap)
    whole.write(buffer.content.replace(b"\r", b"&#13;").replace(_SILENT, _DECLARATION, 1))
    return bytes(whole.content)


def _refuse_unsplittable(triples: Iterable[Triple]) -> None:
    """Refuse a property that RDF/XML cannot write, since its IRI does not end in an XML name."""
    for iri in {triple.predicate.value for triple in triples}:
        if not _NCNAME_AT_END.search(iri):
            raise NotAcceptableError(
                f"RDF/XML cannot write the property {iri}, whose IRI does not end in an XML name. "
                "Ask for Turtle, N-Triples or JSON-LD.",
                offered=[other.name for other in GRAPH_TYPES if other != RDF_XML],
            )


def count_rows(body: bytes, media_type: MediaType) -> int:
    """Count the solutions of a written SELECT result, exactly, whatever its literals hold."""
    if media_type == TSV:
        return body.count(b"\n") - 1
    if media_type == RESULTS_XML:
        return body.count(b"<result>")
    if media_type == CSV:
        return _outside_quotes(body).count(b"\r\n") - 1
    if b"{}" not in body:
        return _json_rows(body)
    structure = _outside_quotes(re.sub(rb"\\.", b"", body, flags=re.DOTALL) if b"\\" in body else body)
    return structure.count(b"[{") + structure.count(b",{")


def _json_rows(body: bytes) -> int:
    """Count solutions that each bind something, by what stands between two.

    A literal's own quotes are written with a backslash, so what looks like a boundary can only be the end of one,
    and then a comma or a brace follows.
    """
    if b'"bindings":[{"' not in body:
        return 0
    return 1 + body.count(b'}},{"') - body.count(b'}},{",') - body.count(b'}},{"}')


def _outside_quotes(body: bytes) -> bytes:
    return b"".join(body.split(b'"')[::2]) if b'"' in body else body


def read_solutions(body: bytes, media_type: MediaType) -> Solutions:
    """Read a SELECT result in JSON, XML or TSV back into terms."""
    answer = parse_query_results(body, SOLUTION_FORMATS[media_type.name])
    try:
        if isinstance(answer, QueryBoolean):
            raise BackendUnavailableError("The engine answered a SELECT with true or false.")
        variables = tuple(variable.value for variable in answer.variables)
        rows = tuple(
            {name: term for name, term in zip(variables, solution, strict=True) if term is not None}
            for solution in answer
        )
    finally:
        del answer
    return Solutions(variables, rows)
