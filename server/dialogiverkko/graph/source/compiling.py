"""Compiles a reading: sections, items and what they say become the triples of named graphs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pyoxigraph import Triple

from dialogiverkko.graph.source.declaring import Declarer
from dialogiverkko.graph.source.describing import Describer
from dialogiverkko.graph.source.layout import Layout
from dialogiverkko.graph.source.making import PassageMaker, Place
from dialogiverkko.graph.source.namebook import Namebook, address, new_names
from dialogiverkko.graph.source.parts import PartWriter
from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.reading import Activity, Event, Gap, Reading, Section
from dialogiverkko.graph.source.said import Said
from dialogiverkko.graph.source.statements import StatementWriter, Subject
from dialogiverkko.graph.source.text import SourceText, Span
from dialogiverkko.graph.source.triples import Sheet
from dialogiverkko.graph.source.values import Party

FORMS = {
    "event": "dlg:DialogueEvent",
    "series": "dlg:DialogueSeries",
    "practice": "dlg:DialogicPractice",
    "support": "dlg:SupportActivity",
}
SHARED = tuple(
    address(kind, "")
    for kind in ("org", "place", "project", "programme", "process", "instrument", "product", "occasion")
)
"""Things that several sources may speak of; each rests on the words that name it."""
ORGANISES = frozenset({"organiser", "co-organiser", "coordinator", "commissioner", "host", "owner"})
"""Roles that leave nothing for a heading to imply."""


@dataclass(frozen=True, order=True)
class Seen:
    """A part of the text that the reading takes up, and where in the reading."""

    span: Span
    kind: str
    """``heading``, ``item`` (of which something is told), ``waiting`` (of which nothing is told yet) or ``words``."""
    path: Path = field(compare=False)


@dataclass(frozen=True)
class Compiled:
    """What a reading compiles to; the files are for writing only where there is no problem."""

    files: dict[str, tuple[Triple, ...]]
    """Triples by the name of a file under data/."""
    problems: tuple[Problem, ...]
    todo: tuple[tuple[Path, str], ...]
    """Texts that are missing, with their language."""
    unread: tuple[int, ...] = ()
    """Lines of the text that are not read."""
    seen: tuple[Seen, ...] = ()
    """The headings, items and quoted words of the text, in the order of the text."""


def compile_reading(reading: Reading, book: Namebook, text: SourceText | None = None) -> Compiled:
    """Compile a reading; ``book`` holds what is known beside it, ``text`` is the source's where it is held."""
    return _Compiler(reading, book, text).run()


def names_of(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield what a reading gives names to: pairs of kind and name."""
    source = reading.source
    yield "doc", source.document or source.slug
    for _, activity in all_activities(reading):
        if activity.id:
            yield "activity", activity.id
    for gap in all_gaps(reading):
        yield "gap", gap.id
    for _, kind, slug in new_names(reading.new):
        yield kind, slug


def all_activities(reading: Reading) -> Iterator[tuple[Path, Activity]]:
    """Yield every activity of a reading with its path."""
    if reading.event is not None:
        yield ("event",), reading.event
    for number, activity in enumerate(reading.activities):
        yield ("activity", number), activity
    for path, section in all_sections(reading):
        for i, item in enumerate(section.items):
            for j, activity in enumerate(item.activities):
                yield (*path, "items", i, "activity", j), activity


def all_sections(reading: Reading) -> Iterator[tuple[Path, Section]]:
    """Yield every section of a reading with its path, the nested ones after theirs."""

    def nested(path: Path, section: Section) -> Iterator[tuple[Path, Section]]:
        yield path, section
        for number, each in enumerate(section.sections):
            yield from nested((*path, "sections", number), each)

    for number, section in enumerate(reading.sections):
        yield from nested(("sections", number), section)


def all_gaps(reading: Reading) -> Iterator[Gap]:
    """Yield every gap of a reading."""
    yield from reading.gaps
    for _, section in all_sections(reading):
        for item in section.items:
            yield from item.gaps


class _Compiler:
    def __init__(self, reading: Reading, book: Namebook, text: SourceText | None) -> None:
        source = reading.source
        name = source.document or source.slug
        self.reading, self.text = reading, text
        self.told: dict[str, Path] = {}
        for path, activity in all_activities(reading):
            if activity.id:
                self.told.setdefault(activity.id, path)
        self.sheet = Sheet()
        known = book.with_names(names_of(reading))
        language = source.language[0] if source.language else "fi"
        by_line = source.passages == "lines"
        self.maker = PassageMaker(self.sheet, address("doc", name), name, text, language, by_line=by_line)
        self.maker.rests_on_the_whole = text is None or source.kind == "table"
        self.layout = Layout(reading, text)
        self.writer = StatementWriter(self.sheet, self.maker, known, source.slug, source.reference_date or "")
        self.describer = Describer(self.sheet, self.maker, self.writer, self.layout, source)
        self.parts = PartWriter(self.sheet, self.maker, self.writer, self.describer, is_first=by_line)
        self.declarer = Declarer(self.sheet, self.writer, book, source.slug)
        self.subjects: dict[str, Subject] = {}
        self.problems: list[Problem] = []

    def run(self) -> Compiled:
        """Compile the whole reading; every problem is collected."""
        self.describer.place_all()
        self.declarer.declare(self.reading.new)
        self.describer.describe()
        placed = list(self._placed())
        for place, path, activity in sorted(placed, key=lambda each: not each[2].id):
            self._activity(activity, place, path)
        self._other_parts()
        self.maker.name_things(SHARED)
        parts = (self.layout, self.maker, self.writer, self.declarer, self)
        problems = tuple(dict.fromkeys(problem for part in parts for problem in part.problems))
        unread = tuple(row.number for row in self.layout.unread() if not self.maker.is_quoted(row.span))
        return Compiled(self.sheet.files, problems, tuple(dict.fromkeys(self.writer.todo)), unread, self._seen())

    def _seen(self) -> tuple[Seen, ...]:
        """List what of the text the reading takes up."""
        seen = [Seen(span, "words", path) for span, path in self.maker.quoted]
        for section in self.layout.sections:
            if section.heading:
                seen.append(Seen(section.heading, "heading", (*section.path, "heading")))
        for _, item in self.layout.items():
            if item.span:
                is_told = item.item.says_something or item.iri in self.layout.used
                seen.append(Seen(item.span, "item" if is_told else "waiting", item.path))
        return tuple(sorted(seen))

    def _placed(self) -> Iterator[tuple[Place, Path, Activity]]:
        """Yield the activities, each with its place."""
        whole = self.describer.whole()
        if self.reading.event is not None:
            yield whole, ("event",), self.reading.event
        for number, activity in enumerate(self.reading.activities):
            yield whole, ("activity", number), activity
        for section, item in self.layout.items():
            place = self.describer.place_of(section, item)
            for number, activity in enumerate(item.item.activities):
                yield place, (*item.path, "activity", number), activity

    def _other_parts(self) -> None:
        reading = self.reading
        for section in self.layout.sections:
            place = self.describer.place_of(section, None)
            self.parts.names(section.section.names, place, section.path)
        for section, placed in self.layout.items():
            place = self.describer.place_of(section, placed)
            self.parts.names(placed.item.names, place, placed.path)
            self.parts.write(placed.item, place, placed.path)
        self.parts.write(reading, self.describer.whole(), ())

    def _activity(self, activity: Activity, place: Place, path: Path) -> None:
        iri = self._name(activity, path)
        if not iri:
            return
        subject = self._subject(iri, place, path)
        if activity.id:
            activity = self._declare(activity, subject)
        self.sheet.words(place.file, iri, "dcterms:description", activity.about)
        self._reporters(activity, place, iri, path)
        if activity.id or place.item:
            self.sheet.add(place.file, iri, "dlg:isEvidencedBy", *self.writer.resting_place(place))
        role = self._heading_role(activity, place)
        if role:
            self.writer.implied(subject, role, (*path, "heading-role"))
        if isinstance(activity, Event):
            self._event(activity, subject)
        self.writer.write(subject, activity)
        if not place.item:
            self.describer.rest_on_items(iri, place.file)

    def _subject(self, iri: str, place: Place, path: Path) -> Subject:
        """Return the thing at this place; its nodes are numbered on from where they were."""
        is_own = iri.rsplit("/", 1)[-1] in self.told
        first = self.subjects.setdefault(iri, Subject(iri, place, path, is_own))
        return replace(first, place=place, path=path)

    def _declare(self, activity: Activity, subject: Subject) -> Activity:
        """Write the name and form of an activity; a status or openness that is not said becomes «unstated»."""
        file, iri, path = subject.place.file, subject.iri, subject.path
        self.sheet.a(file, iri, "dlg:Activity", *([FORMS[activity.form]] if activity.form in FORMS else []))
        self.sheet.label(file, iri, activity.name)
        self.writer.require_languages((*path, "name"), activity.name)
        self.writer.require_languages((*path, "about"), activity.about)
        if activity.form == "support" and activity.activity_kind is None:
            known = ", ".join(sorted(self.writer.book.slugs("activity-kind")))
            message, mend = (
                f"«{activity.id}» does not say what kind of support it is",
                f"write  activity-kind:  {known}",
            )
            self.problems.append(Problem(path, message, mend))
        unsaid = {key: Said("unstated") for key in ("status", "openness") if getattr(activity, key) is None}
        return activity.model_copy(update=unsaid)

    def _name(self, activity: Activity, path: Path) -> str:
        if bool(activity.id) == bool(activity.adds_to):
            mend = "write id for one told here for the first time, adds-to for one told elsewhere"
            self.problems.append(Problem(path, "an activity has either id or adds-to", mend))
            return ""
        if activity.adds_to:
            return self.writer.resolve((*path, "adds-to"), activity.adds_to, ("activity",))
        slug = activity.id or ""
        if activity.name is None:
            self.problems.append(Problem(path, f"«{slug}» has no name", "write  name: {fi: …, sv: …, en: …}"))
        if self.told[slug] != path:
            message = f"«{slug}» is told already in this reading"
            self.problems.append(Problem((*path, "id"), message, "use adds-to here, or another id"))
        elif slug in self.declarer.known.slugs("activity"):
            message = f"«{slug}» is told already by another source"
            self.problems.append(Problem((*path, "id"), message, "use adds-to here, or another id"))
        return address("activity", slug)

    def _reporters(self, activity: Activity, place: Place, iri: str, path: Path) -> None:
        named = [
            self.writer.resolve((*path, "reported-by", number), who, ("org",))
            for number, who in enumerate(activity.reported_by)
        ]
        for reporter in named or [place.about]:
            if reporter:
                self.sheet.add(place.file, iri, "dlg:isReportedBy", reporter)

    def _heading_role(self, activity: Activity, place: Place) -> str:
        """Return the role that the heading gives: organiser, unless the words give one that organises."""
        if activity.heading_role:
            return "" if activity.heading_role == "none" else activity.heading_role
        if not activity.id or not place.about or any(party.role in ORGANISES for party in activity.parties):
            return ""
        return "organiser"

    def _event(self, event: Event, subject: Subject) -> None:
        """Write the listing event: whose activities the source lists, and who took part."""
        self.sheet.add(subject.place.file, self.maker.document, "dlg:listsActivitiesOf", subject.iri)
        for number, said in enumerate(event.participants):
            party = Party("participant", said.value, hedges=said.hedges, quotes=said.quotes)
            self.writer.party(subject, party, (*subject.path, "participants", number))
