"""The source as a reading page: its sections and lines, and where in each line the words lie on which statements rest.

The text itself is another's publication and is not in the graph. Positions and lengths are, and they suffice to
measure: a line's share is what ``dialogiverkko evidence`` reckons with the text in hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DCTERMS, DLG
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import Index, Text
from dialogiverkko.web.site.sources import language_of

ON_A_PAGE = 600
"""How many passages one page of a source shows at most, where its sections allow it."""


@dataclass(frozen=True)
class Mark:
    """A passage in its line: in per cent of the line's length, and what rests on it."""

    passage: Passage
    left: float
    width: float
    owners: tuple[str, ...]


@dataclass(frozen=True)
class MarkedLine:
    """One line of the source; ``share`` is nothing where the graph does not tell how long the line is."""

    number: int
    marks: tuple[Mark, ...]
    items: tuple[Mark, ...]
    covered: int
    length: int
    is_factual: bool

    @property
    def share(self) -> float | None:
        """The share of its characters that lie under some phrase."""
        return self.covered / self.length if self.length else None


@dataclass(frozen=True)
class Section:
    """A section of the source: what it is about, of which kind it is, and its lines."""

    slug: str
    about: str
    heading: Text
    """Its first line, as the source has it."""
    kind: str
    is_within: bool
    """It stands within the section before it, such as what an organisation plans."""
    lines: tuple[MarkedLine, ...]


@dataclass(frozen=True)
class MarkedSource:
    """The whole source, and what is counted over it."""

    sections: tuple[Section, ...]
    phrases: int
    share: float
    """The share of the characters of the organisations' items that lie under some phrase."""
    without: tuple[int, ...]
    """Numbers of the lines that tell of something, and hold no phrase."""
    loose: tuple[Mark, ...] = ()
    """Words without a position, of a source whose text is not held."""

    def pages(self) -> list[tuple[Section, ...]]:
        """Divide the sections into pages of at most so many passages; a section is on one page."""
        found: list[list[Section]] = [[]]
        size = 0
        for section in self.sections:
            own = sum(len(line.marks) + len(line.items) for line in section.lines)
            if found[-1] and size + own > ON_A_PAGE:
                found.append([])
                size = 0
            found[-1].append(section)
            size += own
        return [tuple(page) for page in found]


def _heading(index: Index, iri: str) -> Text:
    section = index.passages.get(iri)
    if section is None:
        return Text("", "")
    return Text((section.exact or section.opening).partition("\n")[0].strip(), language_of(index, section))


def marked_source(index: Index, document: str, language: str) -> MarkedSource:
    """Read one source from the graph."""
    own = index.passages.of(document)
    listed = sorted((p for p in own if p.start >= 0), key=lambda p: (p.start, -p.end))
    spans = [p for p in listed if p.is_section]
    loose = [Mark(p, 0, 0, _owners(index, p, language)) for p in own if p.start < 0]
    rows: dict[str, dict[int, list[Passage]]] = {}
    for passage in listed:
        if not passage.is_section:
            around = [s for s in spans if s.start <= passage.start and passage.end <= s.end]
            smallest = min(around, key=lambda s: (s.end - s.start, s.start), default=None)
            rows.setdefault(smallest.iri if smallest else "", {}).setdefault(passage.line, []).append(passage)
    sections = [
        Section(
            iri.rsplit("/", 1)[-1] or "title", index.value(iri, DLG + "sectionAbout"), _heading(index, iri),
            index.value(iri, DCTERMS + "type"),
            bool(index.value(iri, DLG + "inSection")),
            tuple(_line(index, number, found, language) for number, found in sorted(lines.items())),
        )
        for iri, lines in rows.items()
    ]  # fmt: skip
    measured = [line for section in sections if section.about for line in section.lines if line.length]
    factual = [line for section in sections for line in section.lines if line.length and line.is_factual]
    return MarkedSource(
        tuple(sections),
        sum(len(line.marks) for section in sections for line in section.lines),
        sum(line.covered for line in measured) / (sum(line.length for line in measured) or 1),
        tuple(line.number for line in factual if not line.marks),
        tuple(loose),
    )


def _line(index: Index, number: int, found: Sequence[Passage], language: str) -> MarkedLine:
    items = [p for p in found if p.is_item]
    fine = [p for p in found if not p.is_item]
    start, end = min(p.start for p in found), max(p.end for p in found)
    scale = 100 / (end - start)

    def mark(passage: Passage) -> Mark:
        left, width = (passage.start - start) * scale, (passage.end - passage.start) * scale
        return Mark(passage, round(left, 2), round(width, 2), _owners(index, passage, language))

    own = {n for p in items for n in range(p.start, p.end)}
    under = {n for p in fine if p.statements for n in range(p.start, p.end)}
    return MarkedLine(
        number, tuple(mark(p) for p in fine), tuple(mark(p) for p in items), len(own & under), len(own),
        not any(p.is_non_factual for p in found),
    )  # fmt: skip


def _owners(index: Index, passage: Passage, language: str) -> tuple[str, ...]:
    """List what rests on a passage; of a statement about a party, a time or a count, what it belongs to."""
    owners = {things.owner(iri) for iri in passage.statements}
    return tuple(index.sorted({iri for iri in owners if "/link/" not in iri}, language))
