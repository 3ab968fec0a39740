"""Makes passages: words found in a held text become nodes with position, digest and surroundings."""

import bisect
from collections.abc import Callable
from dataclasses import dataclass, field

from pyoxigraph import Literal

from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.said import Quote
from dialogiverkko.graph.source.text import SourceText, Span, digest, ends_of
from dialogiverkko.graph.source.triples import Sheet, typed
from dialogiverkko.namespaces import DLG, SRC

MOST_WORDS = 12
_NAME_SIZE = 16
_NEAR = 4
"""Items that begin last before a place, among which is the one that holds it."""


@dataclass(frozen=True)
class Place:
    """Where a part of a reading stands in the source: what its words are looked for in, and what holds it."""

    file: str
    scopes: tuple[Span, ...] = ()
    """Where words are looked for, one after another: the item, its parents, its headings, the section, the whole."""
    item: str = ""
    section: str = ""
    about: str = ""
    """The organisation that the heading names."""
    heading: tuple[str, ...] = ()
    """Passages of the heading that name it."""
    language: str = ""
    """The language of the item, where it is not the source's."""


@dataclass
class Items:
    """The items and sections of a text that have been placed."""

    items: list[tuple[Span, str]] = field(default_factory=list)
    """In the order of the text; none lies in another."""
    sections: list[tuple[Span, str]] = field(default_factory=list)
    whole: dict[Span, str] = field(default_factory=dict)
    """The items by their spans."""

    def add(self, span: Span, iri: str) -> None:
        """Place an item."""
        bisect.insort(self.items, (span, iri))
        self.whole.setdefault(span, iri)

    def item_at(self, span: Span) -> str:
        """Return the item that holds a span, or an empty text."""
        place = bisect.bisect_right(self.items, span.start, key=lambda each: each[0].start)
        return next((iri for each, iri in reversed(self.items[max(0, place - _NEAR) : place]) if each.holds(span)), "")

    def section_at(self, span: Span) -> str:
        """Return the smallest section that holds a span, or an empty text: the last that begins before it."""
        place = bisect.bisect_right(self.sections, span.start, key=lambda each: each[0].start)
        return next((iri for each, iri in reversed(self.sections[:place]) if each.holds(span)), "")


class PassageMaker:
    """Makes the passages of one source."""

    def __init__(
        self, sheet: Sheet, document: str, name: str, text: SourceText | None, language: str, *, by_line: bool
    ) -> None:
        self.sheet, self.document, self.language = sheet, document, language
        self.holds_text, self.text = text is not None, text or SourceText("")
        self.rests_on_the_whole = text is None
        """Whether what no words say rests on the source as a whole: a page of which no text is held, or a table."""
        self.base = f"{SRC}{name}/"
        self.by_line = by_line
        self.placed = Items()
        self.problems: list[Problem] = []
        self.quoted: list[tuple[Span, Path]] = []
        """Where words were found, with the place of the reading that quotes them."""
        self.need_item: Callable[[str], None] = lambda _: None
        """What makes the passage of an item that something turns out to rest on."""
        self._made: dict[Span, str] = {}
        self._starts: list[int] = []
        self._names: dict[str, Span | None] = {}
        self._mentions: dict[str, set[str]] = {}
        self._spans: dict[str, tuple[Span, str]] = {}

    # --- finding -------------------------------------------------------------------------------

    def find(self, quote: Quote, place: Place, path: Path) -> Span | None:
        """Find words from the narrowest scope outwards; what is not found is a problem."""
        if quote.words.rstrip().endswith("…"):
            return self._find_item(quote, path)
        if len(quote.words.split()) > MOST_WORDS:
            self._complain(
                path,
                f"«{quote.words[:60]}…» has {len(quote.words.split())} words",
                f"a quotation has at most {MOST_WORDS}; the first words and … mean the whole item",
            )
            return None
        for scope in place.scopes:
            if found := self.text.occurrence(quote.words, quote.nth, scope):
                return found
            if many := sum(1 for _ in self.text.occurrences(quote.words, scope)):
                message = f"«{quote.words}» stands here {many} times, not {quote.nth}"
                self._complain(path, message, f"the last is «{quote.words}»#{many}", scope)
                return None
        narrowest = place.scopes[0] if place.scopes else None
        self._complain(path, f"«{quote.words}» is not in the text", "copy the words as they stand", narrowest)
        return None

    def _find_item(self, quote: Quote, path: Path) -> Span | None:
        begin = quote.words.rstrip("… ")
        for span, _ in self.placed.items:
            if self.text.quotable(span).startswith(begin):
                return span
        self._complain(path, f"no item begins with «{begin}»", "write the first words of an item and …")
        return None

    def _complain(self, path: Path, message: str, mend: str, scope: Span | None = None) -> None:
        said = self.text.excerpt(scope) if scope else ""
        self.problems.append(Problem(path, message, mend, source_line=said))

    # --- making --------------------------------------------------------------------------------

    def passage(self, quote: Quote, place: Place, path: Path) -> str:
        """Return the passage of words, made where it is new; an empty text where they are not found."""
        if not self.holds_text:
            return self._loose(quote, place)
        span = self.find(quote, place, path)
        if span is None:
            return ""
        self.quoted.append((span, path))
        return self.fine(span, place)

    def passages(self, quotes: tuple[Quote, ...], place: Place, path: Path) -> list[str]:
        """Return the passages of several quotations."""
        return [iri for quote in quotes if (iri := self.passage(quote, place, path))]

    def fine(self, span: Span, place: Place) -> str:
        """Return the passage of a span: the item itself where it is a whole one."""
        whole = self.placed.whole.get(span, "")
        if whole:
            self.need_item(whole)
        if span in self._made:
            return self._made[span]
        words = self.text.words(span)
        before, after = self.text.around(span)
        iri = self._name(span, words + "\x1f" + before + "\x1f" + after)
        self._made[span] = iri
        sheet, file = self.sheet, place.file
        sheet.a(file, iri, "dlg:Passage")
        self._place(file, iri, span)
        item, section = self.placed.item_at(span), self.placed.section_at(span)
        if item:
            self.need_item(item)
            sheet.add(file, iri, "dcterms:isPartOf", item)
        if section:
            sheet.add(file, iri, "dlg:inSection", section)
        self._quote(place, iri, words, before, after)
        self._spans[iri] = (span, file)
        return iri

    def whole(self, file: str, span: Span, iri: str, kind: str, language: str = "") -> str:
        """Make the passage of a whole item or section, told by its first and last words."""
        sheet = self.sheet
        sheet.a(file, iri, "dlg:Passage", kind)
        self._place(file, iri, span)
        range_, first, last = iri + "/range", iri + "/range/start", iri + "/range/end"
        sheet.add(file, iri, "oa:hasSelector", range_)
        sheet.a(file, range_, "oa:RangeSelector")
        sheet.add(file, range_, "oa:hasStartSelector", first)
        sheet.add(file, range_, "oa:hasEndSelector", last)
        for node, words in zip((first, last), ends_of(self.text.words(span)), strict=True):
            sheet.a(file, node, "oa:TextQuoteSelector")
            sheet.add(file, node, "oa:exact", Literal(words, language=language or self.language))
        if kind == "dlg:ListItem":
            self._made[span] = iri
            self._spans[iri] = (span, file)
        return iri

    def page(self, file: str) -> str:
        """Return the passage that is a whole page of which we hold no text."""
        iri = self.base + "page"
        if iri not in self._names:
            self._names[iri] = None
            self.sheet.a(file, iri, "dlg:Passage")
            self.sheet.add(file, iri, "oa:hasSource", self.document)
        return iri

    def _loose(self, quote: Quote, place: Place) -> str:
        """Make the passage of words that have no position, since we hold no text."""
        iri = self.base + "w" + digest(quote.words)[:_NAME_SIZE]
        if iri not in self._names:
            self._names[iri] = None
            self.sheet.a(place.file, iri, "dlg:Passage")
            self.sheet.add(place.file, iri, "oa:hasSource", self.document)
            self.sheet.add(place.file, iri, "dlg:sha256", Literal(digest(quote.words)))
            self._quote(place, iri, quote.words, "", "")
            self._spans[iri] = (Span(0, 0), place.file)
        return iri

    def _name(self, span: Span, words: str) -> str:
        if self.by_line:
            column = span.start - self.text.line_span(span.start).start
            return f"{self.base}L{self.text.line_number(span.start):03d}-{column}-{span.end - span.start}"
        return self.by_words(words, span)

    def by_words(self, words: str, span: Span | None = None) -> str:
        """Return a name made of words; the same words once more get a number."""
        base = self.base + "w" + digest(words)[:_NAME_SIZE]
        iri, number = base, 1
        while iri in self._names and self._names[iri] != span:
            number += 1
            iri = f"{base}-{number}"
        self._names[iri] = span
        return iri

    def _place(self, file: str, iri: str, span: Span) -> None:
        sheet, position = self.sheet, iri + "/position"
        sheet.add(file, iri, "oa:hasSource", self.document)
        sheet.add(file, iri, "dlg:lineNumber", typed(str(self.text.line_number(span.start)), "xsd:integer"))
        sheet.add(file, iri, "dlg:sha256", Literal(digest(self.text.words(span))))
        sheet.add(file, iri, "oa:hasSelector", position)
        sheet.a(file, position, "oa:TextPositionSelector")
        sheet.add(file, position, "oa:start", typed(str(span.start), "xsd:integer"))
        sheet.add(file, position, "oa:end", typed(str(span.end), "xsd:integer"))

    def _quote(self, place: Place, iri: str, words: str, before: str, after: str) -> None:
        quote, language = iri + "/quote", place.language or self.language
        self.sheet.add(place.file, iri, "oa:hasSelector", quote)
        self.sheet.a(place.file, quote, "oa:TextQuoteSelector")
        self.sheet.add(place.file, quote, "oa:exact", Literal(words, language=language))
        for predicate, said in (("oa:prefix", before), ("oa:suffix", after)):
            if said:
                self.sheet.add(place.file, quote, predicate, Literal(said, language=language))

    def item_of(self, passage: str) -> str:
        """Return the item that holds the words of a passage, or an empty text."""
        return self.placed.item_at(self._spans[passage][0]) if self.holds_text and passage in self._spans else ""

    def is_quoted(self, span: Span) -> bool:
        """Whether words of a span are a passage."""
        starts = self._starts if len(self._starts) == len(self._made) else sorted(each.start for each in self._made)
        self._starts = starts
        place = bisect.bisect_left(starts, span.start)
        return place < len(starts) and starts[place] < span.end

    # --- mentions ------------------------------------------------------------------------------

    def mention(self, passage: str, thing: str) -> None:
        """Say that the words of a passage name a thing or a concept."""
        if passage in self._spans:
            self._mentions.setdefault(thing, set()).add(passage)
            self.sheet.add(self._spans[passage][1], passage, "dlg:mentions", thing)

    def name_things(self, kinds: tuple[str, ...]) -> None:
        """Link each thing that several sources share to the narrowest passages that name it."""
        for thing, passages in self._mentions.items():
            if not thing.startswith(kinds):
                continue
            spans = {iri: self._spans[iri] for iri in passages}
            for iri, (span, file) in spans.items():
                inner = any(other != span and span.holds(other) for other, _ in spans.values())
                if not inner or not self.holds_text:
                    self.sheet.add(file, thing, DLG + "isEvidencedBy", iri)
