"""A curator's tool: words of the source to the Turtle of a passage."""

import re

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.source.evidence import of_document
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.graph.source.text import digest
from dialogiverkko.graph.turtle import canonical
from dialogiverkko.namespaces import DCTERMS, DLG, OA, RDF_TYPE, SRC, XSD

MOST_WORDS = 12
_AROUND = 16
_INTEGER = NamedNode(XSD + "integer")


def find(text: str, line: int, phrase: str, nth: int) -> int:
    """Find where the nth occurrence of a phrase in a line begins; raises UsageError that says what the line holds."""
    rows = text.split("\n")
    if not 1 <= line <= len(rows):
        raise UsageError(f"The text has {len(rows)} lines; there is no line {line}.")
    if len(phrase.split()) > MOST_WORDS:
        raise UsageError(f"A phrase has at most {MOST_WORDS} words; this one has {len(phrase.split())}.")
    found = [match.start() for match in re.finditer(re.escape(phrase), rows[line - 1])] if phrase else []
    if not 1 <= nth <= len(found):
        raise UsageError(f"Line {line} holds «{phrase}» {len(found)} times: «{rows[line - 1].strip()[:80]}».")
    return sum(len(row) + 1 for row in rows[: line - 1]) + found[nth - 1]


def _triples(snapshot: Snapshot, text: str, line: int, phrase: str, start: int) -> list[Triple]:
    document, listed = of_document(snapshot, text)
    row_start = text.rfind("\n", 0, start) + 1
    row_end = text.find("\n", start) if "\n" in text[start:] else len(text)
    end = start + len(phrase)
    slug = document.rsplit("/", 1)[-1]
    base = f"{SRC}{slug}/L{line:03d}-{start - row_start}-{len(phrase)}"
    passage, position, quote = NamedNode(base), NamedNode(base + "/position"), NamedNode(base + "/quote")
    holders = [p for p in listed if p.start <= start and p.end >= end]
    section = min((p for p in holders if p.is_section), key=_length, default=None)
    item = min((p for p in holders if p.is_item), key=_length, default=None)

    def text_of(value: str) -> Literal:
        return Literal(value, language="fi")

    rows: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (passage, RDF_TYPE, NamedNode(DLG + "Passage")),
        (passage, OA + "hasSource", NamedNode(document)),
        (passage, DLG + "lineNumber", Literal(line)),
        (passage, DLG + "sha256", Literal(digest(phrase))),
        (passage, OA + "hasSelector", position),
        (passage, OA + "hasSelector", quote),
        (position, RDF_TYPE, NamedNode(OA + "TextPositionSelector")),
        (position, OA + "start", Literal(str(start), datatype=_INTEGER)),
        (position, OA + "end", Literal(str(end), datatype=_INTEGER)),
        (quote, RDF_TYPE, NamedNode(OA + "TextQuoteSelector")),
        (quote, OA + "exact", text_of(phrase)),
    ]
    for name, around in (
        ("prefix", text[max(row_start, start - _AROUND) : start]),
        ("suffix", text[end : min(row_end, end + _AROUND)]),
    ):
        if around:
            rows.append((quote, OA + name, text_of(around)))
    if section:
        rows.append((passage, DLG + "inSection", NamedNode(section.iri)))
    if item:
        rows.append((passage, DCTERMS + "isPartOf", NamedNode(item.iri)))
    return [Triple(subject, NamedNode(predicate), value) for subject, predicate, value in rows]


def _length(passage: Passage) -> int:
    return passage.end - passage.start


def passage_turtle(assets: Assets, text: str, line: int, phrase: str, nth: int = 1) -> str:
    """Write the canonical Turtle of the passage that a phrase of a line is.

    Raises UsageError where the line does not hold the phrase, or where the words are a whole item, which has a
    passage already.
    """
    start = find(text, line, phrase, nth)
    snapshot = load(assets)
    _, listed = of_document(snapshot, text)
    same = next((p for p in listed if (p.start, p.end) == (start, start + len(phrase)) and not p.is_section), None)
    if same is not None:
        raise UsageError(f"These words are a passage already: <{same.iri}>.")
    turtle = serialize(_triples(snapshot, text, line, phrase, start), format=RdfFormat.TURTLE) or b""
    return canonical(turtle.decode(), snapshot.prefixes)
