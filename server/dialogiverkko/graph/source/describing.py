"""Describes a source: its document, versions, sections and items, and where the words of each part are looked for."""

import bisect

from pyoxigraph import Literal

from dialogiverkko.graph.source.layout import Layout, PlacedItem, PlacedSection
from dialogiverkko.graph.source.making import PassageMaker, Place
from dialogiverkko.graph.source.problems import Path
from dialogiverkko.graph.source.reading import Source
from dialogiverkko.graph.source.said import Quote
from dialogiverkko.graph.source.statements import StatementWriter
from dialogiverkko.graph.source.text import Span
from dialogiverkko.graph.source.triples import Sheet, name, typed

OWN = "source"
"""The stem of the file that tells of the source itself."""


class Describer:
    """Writes what a source is, and tells where each part of its reading stands."""

    def __init__(
        self, sheet: Sheet, maker: PassageMaker, writer: StatementWriter, layout: Layout, source: Source
    ) -> None:
        self.sheet, self.maker, self.writer, self.layout, self.source_ = sheet, maker, writer, layout, source
        self.document = maker.document
        self._waiting: dict[str, tuple[PlacedSection, PlacedItem]] = {}
        maker.need_item = self.item

    def file(self, stem: str) -> str:
        """Return the file of a section, or of the source itself."""
        return f"sources/{self.source_.slug}/{stem}.ttl"

    def whole(self) -> Place:
        """Return the place of what the source says as a whole."""
        scopes = (Span(0, len(self.maker.text.text)),) if self.maker.holds_text else ()
        return Place(self.file(OWN), scopes)

    def place_all(self) -> None:
        """Name and write the passages of sections and items."""
        own = self.file(OWN)
        for section in self.layout.sections:
            if section.span is not None:
                section.iri = f"{self.maker.base}section/{section.id}"
                bisect.insort(self.maker.placed.sections, (section.span, section.iri))
        for section, item in self.layout.items():
            if item.span is None or item.row is None:
                continue
            item.iri = self._item_name(section, item)
            self.maker.placed.add(item.span, item.iri)
        for section in self.layout.sections:
            if section.span is None:
                continue
            self.maker.whole(own, section.span, section.iri, "dlg:Section")
            self._describe_section(section, own)
        for section, item in self.layout.items():
            if item.span is not None:
                self._waiting[item.iri] = (section, item)
        for _, item in self.layout.items():
            if item.item.says_something:
                self.item(item.iri)

    def item(self, iri: str) -> None:
        """Write the passage of an item, once; one of which nothing is said waits until something rests on it."""
        section, item = self._waiting.pop(iri, (None, None))
        if section is None or item is None or item.span is None:
            return
        own = self.file(OWN)
        self.layout.used.add(iri)
        self.maker.whole(own, item.span, iri, "dlg:ListItem", item.item.language)
        self.sheet.add(own, iri, "dlg:inSection", section.iri)
        if item.parent is not None and item.parent.iri:
            self.item(item.parent.iri)
            self.sheet.add(own, iri, "dlg:parentItem", item.parent.iri)
        if item.item.says_nothing == "yes":
            self.sheet.add(own, iri, "dlg:isNonFactual", typed("true", "xsd:boolean"))

    def _item_name(self, section: PlacedSection, item: PlacedItem) -> str:
        if item.span is None or item.row is None:
            return ""
        if not self.maker.by_line:
            headings = [self.maker.text.words(s.heading) for s in section.chain() if s.heading]
            return self.maker.by_words("\x1e".join([self.maker.text.words(item.span), *headings]), item.span)
        base = f"{self.maker.base}L{item.row.number:03d}"
        if section.section.kind != "intro":
            return base
        column = item.span.start - self.maker.text.line_span(item.span.start).start
        return f"{base}-{column}-{item.span.end - item.span.start}"

    def _describe_section(self, section: PlacedSection, own: str) -> None:
        kind = self.writer.resolve((*section.path, "kind"), section.section.kind, ("section",))
        if kind:
            self.sheet.add(own, section.iri, "dlg:sectionKind", kind)
        if section.section.title:
            self.sheet.add(own, section.iri, "rdfs:label", Literal(section.section.title))
        if section.about:
            about = self.writer.resolve((*section.path, "about"), section.about, ("org",))
            if about:
                self.sheet.add(own, section.iri, "dlg:sectionAbout", about)
        if section.parent is not None and section.parent.iri:
            self.sheet.add(own, section.iri, "dlg:inSection", section.parent.iri)

    def place_of(self, section: PlacedSection, item: PlacedItem | None) -> Place:
        """Return the place of an item, or of what a section as a whole says."""
        top = section.top
        file = self.file(top.id if top.about else OWN)
        about = self.writer.resolve((*section.path, "about"), section.about, ("org",)) if section.about else ""
        scopes: list[Span] = []
        each = item
        while each is not None:
            scopes += [each.span] if each.span else []
            each = each.parent
        for holder in section.chain():
            scopes += [holder.heading] if holder.heading else []
        scopes += [holder.span for holder in section.chain() if holder.span]
        if self.maker.holds_text:
            scopes.append(Span(0, len(self.maker.text.text)))
        heading = self._heading(section, file, about)
        language = item.item.language if item else ""
        return Place(file, tuple(scopes), item.iri if item else "", section.iri, about, heading, language)

    def _heading(self, section: PlacedSection, file: str, about: str) -> tuple[str, ...]:
        """Return the passage of the heading that names the section's organisation."""
        holder = next((each for each in section.chain() if each.section.about and each.heading), None)
        if holder is None or holder.heading is None or not about:
            return ()
        passage = self.maker.fine(holder.heading, Place(file))
        if not holder.section.names:
            self.maker.mention(passage, about)
        return (passage,)

    def describe(self) -> None:
        """Write what the document is."""
        source, sheet, own, doc = self.source_, self.sheet, self.file(OWN), self.document
        sheet.a(own, doc, "dlg:SourceDocument")
        kind = self.writer.resolve(("source", "kind"), source.kind, ("source-kind",))
        if kind:
            sheet.add(own, doc, "dlg:sourceKind", kind)
        sheet.label(own, doc, source.title)
        self.writer.require_languages(("source", "title"), source.title)
        sheet.words(own, doc, "dcterms:description", source.about)
        for number, code in enumerate(source.language):
            if iri := self.writer.language(code, ("source", "language", number)):
                sheet.add(own, doc, "dcterms:language", iri)
        first = source.language[0] if source.language else "fi"
        if source.passages == "lines" and (original := source.title.texts().get(first)):
            sheet.add(own, doc, "dcterms:title", Literal(original, language=first))
        days = (("dlg:referenceDate", source.reference_date), ("dlg:retrievedOn", source.retrieved))
        for predicate, day in (*days, ("dcterms:issued", source.issued)):
            if day:
                sheet.add(own, doc, predicate, typed(day, "xsd:date"))
        if source.page:
            sheet.add(own, doc, "foaf:page", name(source.page))
        if source.identifier:
            sheet.add(own, doc, "dcterms:identifier", Literal(source.identifier))
        for each in source.see_also:
            sheet.add(own, doc, "rdfs:seeAlso", name(each))
        for number, publisher in enumerate(source.publisher):
            iri = self.writer.resolve(("source", "publisher", number), publisher.value, ("org",))
            if iri:
                sheet.add(own, doc, "dcterms:publisher", iri)
        if self.maker.holds_text:
            sheet.add(own, doc, "dlg:sha256", Literal(self.maker.text.sha256))
        self._versions(own, doc)
        self.rest(doc, source.words, ("source", "words"), self.whole())

    def _versions(self, own: str, doc: str) -> None:
        source = self.source_
        previous = doc
        for number, version in enumerate(source.earlier):
            node = f"{doc}/version/{len(source.earlier) - number}"
            self.sheet.add(own, previous, "prov:wasRevisionOf", node)
            self.sheet.a(own, node, "prov:Entity")
            if version.get("sha256"):
                self.sheet.add(own, node, "dlg:sha256", Literal(version["sha256"]))
            if version.get("retrieved"):
                self.sheet.add(own, node, "dlg:retrievedOn", typed(version["retrieved"], "xsd:date"))
            previous = node
        if source.revises:
            iri = self.writer.resolve(("source", "revises"), source.revises, ("doc",))
            if iri:
                self.sheet.add(own, doc, "prov:wasRevisionOf", iri)
        for number, gap in enumerate(source.answers):
            iri = self.writer.resolve(("source", "answers", number), gap, ("gap",))
            if iri:
                self.sheet.add(own, iri, "dlg:answeredBy", doc)

    def rest(self, iri: str, quotes: tuple[Quote, ...], path: Path, place: Place) -> None:
        """Link a thing of the whole source to the passages of its words and to the items that hold them."""
        for passage in self.maker.passages(quotes, place, path):
            self.sheet.add(place.file, iri, "dlg:isEvidencedBy", passage)
            item = self.maker.item_of(passage)
            if item and not place.item:
                self.sheet.add(place.file, iri, "dlg:isEvidencedBy", item)

    def rest_on_items(self, iri: str, file: str) -> None:
        """Let a thing that the whole source tells of rest on the items that hold the words it rests on."""
        for passage in self.sheet.values(file, iri, "dlg:isEvidencedBy"):
            if item := self.maker.item_of(passage):
                self.sheet.add(file, iri, "dlg:isEvidencedBy", item)
