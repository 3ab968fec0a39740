"""Compares every passage with the source text, and measures how much of the text the statements rest on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.passages import Passage, documents, passages
from dialogiverkko.graph.source.text import digest
from dialogiverkko.graph.validation.report import Finding, Severity

QUOTE_RULE = "DLG-028"
DIGEST_RULE = "DLG-031"


def read_source(path: Path) -> str:
    """Read a source text as it is: UTF-8, line ends untouched. Raises UsageError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"The source text cannot be read: {error.strerror}. Name it with --source.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The source text is not UTF-8 (byte {error.start}).") from error


def of_document(snapshot: Snapshot, text: str) -> tuple[str, list[Passage]]:
    """Find the document that a text is, by its digest.

    Raises UsageError where the text is none of those that were read.
    """
    document = document_of(snapshot, text)
    if not document:
        raise UsageError(_NONE)
    return document, [p for p in passages(snapshot) if p.document == document]


_NONE = "The text is none of those that were read: no recorded SHA-256 is its own."


def document_of(snapshot: Snapshot, text: str) -> str:
    """Return the document whose recorded digest a text has, or an empty text."""
    own = digest(text)
    return next((iri for iri, sha256 in sorted(documents(snapshot).items()) if sha256 == own), "")


def compare(snapshot: Snapshot, text: str) -> Iterator[Finding]:
    """Yield a Violation for each passage that does not say what the text says, or one for a text that nothing is of."""
    document = document_of(snapshot, text)
    if not document:
        held = [iri.rsplit("/", 1)[-1] for iri, sha256 in sorted(documents(snapshot).items()) if sha256]
        yield _finding(
            DIGEST_RULE,
            "https://w3id.org/dialogiverkko/dataset",
            "sha256",
            digest(text),
            f"Teksti ei ole mikään luetuista; tekstejä on luettu näistä: {', '.join(held)}.",
            f"The text is none of those that were read; texts were read of {', '.join(held)}.",
        )
        return
    for passage in passages(snapshot):
        if passage.document == document:
            yield from compare_passage(passage, text)


def compare_passage(passage: Passage, text: str) -> Iterator[Finding]:
    """Yield what does not hold of one passage: position, digest, quotation, its surroundings, line."""
    start, end = passage.start, passage.end
    if not 0 <= start < end <= len(text):
        yield _finding(
            QUOTE_RULE,
            passage.iri,
            "start",
            f"{start}–{end}",
            "Sijainti ei ole tekstissä.",
            f"The position is not within the text of {len(text)} characters.",
        )
        return
    yield from _compare_span(passage, text)
    line = text.count("\n", 0, start) + 1
    if passage.line != line:
        yield _finding(
            QUOTE_RULE,
            passage.iri,
            "lineNumber",
            str(passage.line),
            f"Kohta alkaa riviltä {line}.",
            f"The passage begins on line {line}.",
        )


def _compare_span(passage: Passage, text: str) -> Iterator[Finding]:
    start, end = passage.start, passage.end
    span = text[start:end]
    if passage.sha256 != digest(span):
        yield _finding(
            QUOTE_RULE,
            passage.iri,
            "sha256",
            passage.sha256,
            "Tiiviste ei vastaa tekstiä tässä kohdassa.",
            "The digest is not that of the text at this position.",
        )
    for name, stated, actual in (
        ("exact", passage.exact, span),
        ("prefix", passage.prefix, text[max(0, start - len(passage.prefix)) : start]),
        ("suffix", passage.suffix, text[end : end + len(passage.suffix)]),
        ("opening", passage.opening, span[: len(passage.opening)]),
        ("closing", passage.closing, span[len(span) - len(passage.closing) :]),
    ):
        if stated and stated != actual:
            yield _finding(
                QUOTE_RULE,
                passage.iri,
                name,
                stated,
                f"Tekstissä lukee «{actual[:60]}».",
                f"The text says «{actual[:60]}».",
            )


def _finding(rule: str, focus: str, path: str, value: str, fi: str, en: str) -> Finding:
    return Finding(rule, Severity.VIOLATION, focus, path=path, value=value, messages={"fi": fi, "en": en})


@dataclass(frozen=True)
class Coverage:
    """How many characters of one span rest under statements."""

    line: int
    start: int
    end: int
    fine: int
    any: int
    is_factual: bool
    is_bullet: bool

    @property
    def length(self) -> int:
        """Characters of the span."""
        return self.end - self.start


def _marked(listed: list[Passage], size: int, *, fine_only: bool) -> bytearray:
    marks = bytearray(size)
    for passage in listed:
        if passage.statements and not passage.is_section and (passage.is_fine or not fine_only):
            marks[passage.start : passage.end] = b"\x01" * (passage.end - passage.start)
    return marks


def coverage(snapshot: Snapshot, text: str) -> list[Coverage]:
    """Measure each list item and stand-alone sentence of the document that a text is, in order."""
    _, listed = of_document(snapshot, text)
    fine, whole = _marked(listed, len(text), fine_only=True), _marked(listed, len(text), fine_only=False)
    return [
        Coverage(
            p.line,
            p.start,
            p.end,
            sum(fine[p.start : p.end]),
            sum(whole[p.start : p.end]),
            not p.is_non_factual,
            text.rfind("•", text.rfind("\n", 0, p.start) + 1, p.start) >= 0,
        )
        for p in listed
        if p.is_item
    ]
