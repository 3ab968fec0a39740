"""Writes what a reading says beside activities: facts of other things, gaps, remarks, memberships, names."""

from typing import Protocol

from dialogiverkko.graph.source.describing import Describer
from dialogiverkko.graph.source.making import PassageMaker, Place
from dialogiverkko.graph.source.namebook import THINGS, address
from dialogiverkko.graph.source.problems import Path
from dialogiverkko.graph.source.reading import Fact, Gap, Membership, Remark
from dialogiverkko.graph.source.said import Quote, Said
from dialogiverkko.graph.source.statements import StatementWriter, Subject
from dialogiverkko.graph.source.triples import Sheet

NAMED = (*THINGS, "theme", "method", "participant-kind", "status", "openness", "enumeration", "role", "unit",
         "activity-kind", "stage", "mode", "hedge")  # fmt: skip
"""Kinds of what words may name."""
_OF = ("org", "place", "project", "programme", "process", "instrument", "product", "occasion", "activity", "doc")


class HasParts(Protocol):
    """An item, or a reading as a whole."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is said of other things."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing."""

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the source evaluates or intends."""

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """Whom bodies have as members."""


class PartWriter:
    """Writes the parts of a reading that are not activities."""

    def __init__(
        self, sheet: Sheet, maker: PassageMaker, writer: StatementWriter, describer: Describer, *, is_first: bool
    ) -> None:
        self.sheet, self.maker, self.writer, self.describer = sheet, maker, writer, describer
        self.is_first = is_first
        self._subjects: dict[str, Subject] = {}
        self._remarks = 0

    def names(self, names: tuple[Said, ...], place: Place, path: Path) -> None:
        """Say what words name, beside what statements say."""
        for number, said in enumerate(names):
            where = (*path, "names", number)
            iri = self.writer.resolve(where, said.value, NAMED)
            for passage in self.maker.passages(said.quotes, place, where):
                if iri:
                    self.maker.mention(passage, iri)

    def write(self, of: HasParts, place: Place, path: Path) -> None:
        """Write the facts, gaps, remarks and memberships of an item or of the whole."""
        for number, fact in enumerate(of.facts):
            self._fact(fact, place, (*path, "fact", number))
        for number, gap in enumerate(of.gaps):
            self._gap(gap, place, (*path, "gap", number))
        for number, remark in enumerate(of.remarks):
            self._remark(remark, place, (*path, "remark", number))
        for number, membership in enumerate(of.memberships):
            self._membership(membership, place, (*path, "membership", number))

    def _fact(self, fact: Fact, place: Place, path: Path) -> None:
        iri = self.writer.resolve((*path, "of"), fact.of, _OF)
        if not iri:
            return
        subject = self._subjects.setdefault(iri, Subject(iri, place, path, self.is_first))
        subject = Subject(iri, place, path, self.is_first, subject.nodes, subject.parties)
        self.sheet.label(place.file, iri, fact.name)
        self.sheet.words(place.file, iri, "dcterms:description", fact.about)
        self.writer.write(subject, fact)

    def _gap(self, gap: Gap, place: Place, path: Path) -> None:
        iri, file = address("gap", gap.id), place.file
        kind = self.writer.resolve((*path, "kind"), gap.kind, ("gap-kind",))
        about = self.writer.resolve((*path, "of"), gap.of, _OF) if gap.of else self.maker.document
        self.writer.require_languages((*path, "name"), gap.name)
        self.sheet.a(file, iri, "dlg:KnownGap")
        self.sheet.label(file, iri, gap.name)
        self.sheet.words(file, iri, "dcterms:description", gap.about)
        self.sheet.add(file, iri, "dlg:gapIn", self.maker.document)
        for predicate, value in (("dlg:gapKind", kind), ("dlg:gapAbout", about)):
            if value:
                self.sheet.add(file, iri, predicate, value)
        self._rest(iri, gap.words, place, (*path, "words"))

    def _remark(self, remark: Remark, place: Place, path: Path) -> None:
        self._remarks += 1
        document = self.maker.document.rsplit("/", 1)[-1]
        iri, file = address("remark", f"{document}-{self._remarks}"), place.file
        about = self.writer.resolve((*path, "of"), remark.of, _OF) if remark.of else self.maker.document
        self.writer.require_languages((*path, "text"), remark.text)
        self.sheet.a(file, iri, "dlg:Remark")
        self.sheet.label(file, iri, remark.name)
        self.sheet.words(file, iri, "dlg:remarkText", remark.text)
        if about:
            self.sheet.add(file, iri, "dlg:remarkAbout", about)
        self._rest(iri, remark.words, place, (*path, "words"))

    def _rest(self, iri: str, quotes: tuple[Quote, ...], place: Place, path: Path) -> None:
        """Link a thing to the passages of its words and to their item, or to the items around words of the whole."""
        self.sheet.add(place.file, iri, "dlg:isEvidencedBy", *self.writer.resting_place(place))
        self.describer.rest(iri, quotes, path, place)

    def _membership(self, membership: Membership, place: Place, path: Path) -> None:
        member = self.writer.resolve((*path, "member"), membership.member.value, ("org",))
        body = self.writer.resolve((*path, "of"), membership.of, ("org",))
        if not member or not body:
            return
        subject = self._subjects.setdefault(body, Subject(body, place, path, self.is_first))
        node, file = self.writer.node(subject, "membership"), place.file
        is_implied = member == place.about and not membership.member.quotes
        self.sheet.a(file, node, "org:Membership")
        self.sheet.add(file, node, "org:member", member)
        self.sheet.add(file, node, "org:organization", body)
        basis = "implied-by-heading" if is_implied else "explicit"
        self.sheet.add(file, node, "dlg:assertionBasis", address("basis", basis))
        quotes = membership.member.quotes
        if is_implied:
            self.sheet.add(file, node, "dlg:isEvidencedBy", *place.heading)
        for passage in self.maker.passages(quotes, place, path):
            self.sheet.add(file, node, "dlg:isEvidencedBy", passage)
            self.maker.mention(passage, member)
        if not quotes:
            self.sheet.add(file, node, "dlg:isEvidencedBy", *self.writer.resting_place(place))
