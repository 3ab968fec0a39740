"""Finds the sections and items of a reading in the text: where each begins and ends, and what holds it."""

import bisect
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.reading import Item, Reading, Section
from dialogiverkko.graph.source.said import Quote
from dialogiverkko.graph.source.text import Row, SourceText, Span
from dialogiverkko.spelling import nearest


@dataclass
class PlacedItem:
    """An item and where it is."""

    item: Item
    path: Path
    span: Span | None = None
    row: Row | None = None
    parent: "PlacedItem | None" = None
    iri: str = ""


@dataclass
class PlacedSection:
    """A section and where it is."""

    section: Section
    path: Path
    id: str
    about: str
    parent: "PlacedSection | None"
    items: list[PlacedItem] = field(default_factory=list)
    heading: Span | None = None
    span: Span | None = None
    iri: str = ""

    @property
    def top(self) -> "PlacedSection":
        """The outermost section that holds it."""
        return self if self.parent is None else self.parent.top

    def chain(self) -> Iterator["PlacedSection"]:
        """Yield the section and those that hold it, from within."""
        yield self
        if self.parent is not None:
            yield from self.parent.chain()


def slug_of(text: str) -> str:
    """Return small letters, digits and hyphens for a text."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ø", "o").replace("ß", "ss"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:60].strip("-")


class Layout:
    """The sections and items of a reading, placed."""

    def __init__(self, reading: Reading, text: SourceText | None) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.sections: list[PlacedSection] = []
        self._ids: set[str] = set()
        self.used: set[str] = set()
        """Items of which nothing is told, and on which something rests."""
        for number, section in enumerate(reading.sections):
            self._collect(section, ("sections", number), None)
        if text is not None:
            self._find_headings(text)
            self._find_items(text)
            self._find_ends(text)

    def items(self) -> Iterator[tuple[PlacedSection, PlacedItem]]:
        """Yield every item with its section, in order."""
        for section in self.sections:
            for item in section.items:
                yield section, item

    def unread(self) -> list[Row]:
        """List the bullets and lines of the text that no item and no heading of the reading is."""
        if self.text is None:
            return []
        taken = [i.span for _, i in self.items() if i.span and (i.item.says_something or i.iri in self.used)]
        taken += [s.heading for s in self.sections if s.heading]
        rows = {row.number for each in taken if (row := self.text.row_at(each.start))}
        return [row for row in self.text.rows if row.number not in rows]

    def _collect(self, section: Section, path: Path, parent: PlacedSection | None) -> None:
        about = section.about or (parent.about if parent else "")
        heading = " ".join(quote.words for quote in section.heading)
        own = section.id or (section.about if parent is None and section.about else "") or slug_of(heading) or "text"
        name = f"{parent.id}-{own}" if parent is not None and not section.id else own
        unique, number = name, 1
        while unique in self._ids:
            number += 1
            unique = f"{name}-{number}"
        self._ids.add(unique)
        placed = PlacedSection(section, path, unique, about, parent)
        placed.items = [PlacedItem(item, (*path, "items", n)) for n, item in enumerate(section.items)]
        self.sections.append(placed)
        for number, each in enumerate(section.sections):
            self._collect(each, (*path, "sections", number), placed)

    def _find_headings(self, text: SourceText) -> None:
        begin = 0
        same: dict[str, list[Row]] = {}
        for each in text.rows:
            same.setdefault(text.quotable(each.span), []).append(each)
        for placed in self.sections:
            for quote in placed.section.heading[:1]:
                path = (*placed.path, "heading")
                row = _heading(text, same.get(quote.words, []), quote, begin)
                if row is None:
                    rows = [row for row in text.rows if row.span.start >= begin]
                    self._not_found(text, quote, path, "heading", rows or list(text.rows))
                    continue
                placed.heading = row.span
                begin = row.span.end

    def _find_items(self, text: SourceText) -> None:
        ends = [len(text.text)]
        for placed in reversed(self.sections[1:]):
            ends.append(min(ends[-1], placed.heading.start) if placed.heading else ends[-1])
        for index, (placed, end) in enumerate(zip(self.sections, reversed(ends), strict=False)):
            low = placed.heading.end if placed.heading else self._end_before(index)
            first = bisect.bisect_left(text.rows, low, key=lambda row: row.span.start)
            rows = text.rows[first : bisect.bisect_right(text.rows, end, key=lambda row: row.span.end)]
            begin = low
            for each in placed.items:
                self._find_item(
                    text, each, rows[bisect.bisect_right(rows, begin, key=lambda row: row.span.end) :], begin
                )
                if each.span:
                    begin = each.span.start + 1
            self._nest(placed)

    def _end_before(self, index: int) -> int:
        spans = [i.span.end for s in self.sections[:index] for i in s.items if i.span]
        spans += [s.heading.end for s in self.sections[:index] if s.heading]
        return max(spans, default=0)

    def _find_item(self, text: SourceText, placed: PlacedItem, rows: Sequence[Row], begin: int) -> None:
        item, path = placed.item, (*placed.path, "words")
        if item.line is not None:
            row = text.row_of_line(item.line)
            if row is None:
                self.problems.append(Problem((*placed.path, "line"), f"the text has no line {item.line}"))
            else:
                placed.row, placed.span = row, row.span
            return
        if not item.words:
            self.problems.append(
                Problem(placed.path, "the item has no words", "begin it with  words: «its first words»")
            )
            return
        quote = item.words[0]
        for row in rows:
            start = row.span.start
            found = [s for s in text.occurrences(quote.words, row.span) if s.start >= begin]
            whole_row = text.quotable(row.span).startswith(quote.words)
            if whole_row and start >= begin:
                placed.row, placed.span = row, row.span
                return
            sentence = [s for s in found if text.text[s.start - 2 : s.start] in (". ", "! ", "? ", ": ")]
            if not row.is_bullet and sentence:
                placed.row, placed.span = row, Span(sentence[0].start, row.span.end)
                return
        self._not_found(text, quote, path, "item", rows)

    def _not_found(self, text: SourceText, quote: Quote, path: Path, what: str, rows: Sequence[Row]) -> None:
        begins = {text.quotable(row.span)[: max(len(quote.words), 12)]: row for row in rows}
        near = nearest(quote.words, begins, cutoff=0.5)
        message = f"no {what} here begins with «{quote.words}»"
        said = text.excerpt(begins[near].span) if near else ""
        self.problems.append(Problem(path, message, "copy its first words as they stand", "", said))

    def _nest(self, placed: PlacedSection) -> None:
        stack: list[PlacedItem] = []
        for each in placed.items:
            if each.row is None or not each.row.is_bullet:
                stack = []
                continue
            while stack and stack[-1].row is not None and stack[-1].row.indent >= each.row.indent:
                stack.pop()
            each.parent = stack[-1] if stack else None
            stack.append(each)

    def _find_ends(self, text: SourceText) -> None:
        every = [item for section in self.sections for item in section.items if item.span]
        for one, two in itertools.pairwise(every):
            if one.row is two.row and one.span and two.span:
                one.span = _trimmed(text, Span(one.span.start, two.span.start))
        starts = [(s, s.heading.start if s.heading else _first(s)) for s in self.sections]
        for index, (placed, start) in enumerate(starts):
            if start is None:
                continue
            later = (
                begin
                for other, begin in itertools.islice(starts, index + 1, None)
                if begin is not None and not any(placed is holder for holder in list(other.chain())[1:])
            )
            placed.span = _trimmed(text, Span(start, next(later, len(text.text))))


def _first(placed: PlacedSection) -> int | None:
    return min((item.span.start for item in placed.items if item.span), default=None)


def _trimmed(text: SourceText, span: Span) -> Span:
    return Span(span.start, span.start + len(text.words(span).rstrip()))


def _heading(text: SourceText, same: list[Row], quote: Quote, begin: int) -> Row | None:
    """Return the row that is a heading, or else one that begins with its words, from a place on."""
    found = [row for row in same if row.span.start >= begin] or [
        row
        for row in text.rows[bisect.bisect_left(text.rows, begin, key=lambda row: row.span.start) :]
        if not row.is_bullet and text.quotable(row.span).startswith(quote.words)
    ]
    return found[quote.nth - 1] if len(found) >= quote.nth else None
