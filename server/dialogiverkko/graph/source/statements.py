"""What is said of one thing: its fields become triples, each with the passages that say it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pyoxigraph import Literal

from dialogiverkko.graph.source.making import PassageMaker, Place
from dialogiverkko.graph.source.namebook import Namebook, UnknownNameError, address
from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.reading import Statements, Words
from dialogiverkko.graph.source.said import Quote, Said
from dialogiverkko.graph.source.triples import Sheet, name, typed
from dialogiverkko.graph.source.values import Counted, Party, parse_count
from dialogiverkko.graph.validation.times import BOUNDS, bounds_of

T = TypeVar("T")
PLAIN: dict[str, tuple[str, tuple[str, ...]]] = {
    "method": ("dlg:usesMethod", ("method",)),
    "replaces": ("dlg:replacesMethod", ("method",)),
    "activity_kind": ("dlg:activityKind", ("activity-kind",)),
    "theme": ("dcterms:subject", ("theme", "instrument", "method", "programme", "process")),
    "theme_scope": ("dlg:themeScope", ("enumeration",)),
    "openness": ("dlg:hasOpenness", ("openness",)),
    "place": ("dlg:hasPlace", ("place",)),
    "across": ("dlg:isDispersedAcross", ("place",)),
    "mainly_across": ("dlg:isMainlyDispersedAcross", ("place",)),
    "about_place": ("dlg:aboutPlace", ("place",)),
    "part_of": ("dlg:isPartOf", ("project", "programme", "process", "activity", "occasion")),
    "at": ("dlg:takesPlaceAt", ("occasion",)),
    "connected": ("dlg:isConnectedWith", ("project", "programme", "process", "occasion", "org", "activity")),
    "feeds": ("dlg:feedsInto", ("process", "product")),
    "used_in": ("dlg:wasUsedIn", ("process", "product")),
    "product": ("dlg:concernsProduct", ("product",)),
    "continues": ("dlg:continues", ("activity",)),
    "practice": ("dlg:realisesPractice", ("activity",)),
    "mode": ("dlg:hasMode", ("mode",)),
    "scope": ("dlg:enumerationScope", ("enumeration",)),
    "hedge": ("dlg:hedge", ("hedge",)),
    "unit_of": ("org:subOrganizationOf", ("org",)),
}
"""Fields that are plain triples: the predicate, and what their names may mean."""
LANGUAGES = {
    "fi": "FIN", "sv": "SWE", "en": "ENG", "se": "SME", "smn": "SMN", "sms": "SMS", "ru": "RUS", "et": "EST",
    "uk": "UKR", "ar": "ARA", "so": "SOM", "de": "DEU", "fr": "FRA", "es": "SPA", "ku": "KUR", "fa": "FAS",
    "zh": "ZHO", "tr": "TUR", "vi": "VIE", "sq": "SQI", "th": "THA", "da": "DAN", "no": "NOR", "rom": "ROM",
    "fsl": "FSE",
}  # fmt: skip
"""Codes of the EU's authority table of languages, by what people write."""


@dataclass
class Subject:
    """A thing of which something is said here."""

    iri: str
    place: Place
    path: Path
    is_own: bool
    """Whether this reading is where the thing is at home; nodes of others are named with an x and the source."""
    nodes: dict[str, int] = field(default_factory=dict)
    parties: dict[int, str] = field(default_factory=dict)


class StatementWriter:
    """Writes what is said of things."""

    def __init__(self, sheet: Sheet, maker: PassageMaker, book: Namebook, slug: str, day: str) -> None:
        self.sheet, self.maker, self.book, self.slug, self.day = sheet, maker, book, slug, day
        self.problems: list[Problem] = []
        self.todo: list[tuple[Path, str]] = []

    # --- helpers -------------------------------------------------------------------------------

    def resolve(self, path: Path, named: str, kinds: tuple[str, ...]) -> str:
        """Return what a name means; an empty text, and a problem, where it means nothing."""
        try:
            return self.book.resolve(named, kinds)
        except UnknownNameError as error:
            self.problems.append(Problem(path, str(error), self.book.mend(kinds), error.nearest))
            return ""

    def node(self, subject: Subject, kind: str, number: int = 0) -> str:
        """Return the name of a node that belongs to a thing, numbered but for time and status."""
        base = f"{subject.iri}/{kind}"
        if kind in ("time", "status"):
            return base if subject.is_own else f"{base}/x-{self.slug}"
        subject.nodes[kind] = number or subject.nodes.get(kind, 0) + 1
        prefix = "" if subject.is_own else f"x-{self.slug}-"
        return f"{base}/{prefix}{subject.nodes[kind]}"

    def evidence(self, subject: Subject, quotes: tuple[Quote, ...], path: Path) -> list[str]:
        """Return the passages of words; where there are none the item, or the page, says it."""
        if quotes:
            return self.maker.passages(quotes, subject.place, path)
        said = self.resting_place(subject.place)
        return said or self.sheet.values(subject.place.file, subject.iri, "dlg:isEvidencedBy")

    def resting_place(self, place: Place) -> list[str]:
        """Return the passages that a thing without words of its own rests on: its item, or its page."""
        if place.item:
            return [place.item]
        return [self.maker.page(place.file)] if self.maker.rests_on_the_whole else []

    def hedges(self, node: str, file: str, hedges: tuple[str, ...], path: Path) -> None:
        """Write the hedges of a statement: a word such as «noin», the scope of an enumeration, or a relative time."""
        for hedge in hedges:
            if hedge == "relative":
                self.sheet.add(file, node, "dlg:resolvedAgainst", self.maker.document)
                continue
            iri = self.resolve(path, hedge, ("enumeration", "hedge"))
            if iri:
                predicate = "dlg:enumerationScope" if "/enumeration/" in iri else "dlg:hedge"
                self.sheet.add(file, node, predicate, iri)

    def require_languages(self, path: Path, words: Words | None) -> None:
        """Record which translations of a text are missing."""
        if words is not None:
            self.todo += [(path, language) for language in words.missing()]

    # --- the whole -----------------------------------------------------------------------------

    def write(self, subject: Subject, said: Statements) -> None:
        """Write all that is said of a thing."""
        file, sheet = subject.place.file, self.sheet
        for key in PLAIN:
            self._plain(subject, key, getattr(said, key))
        for number, party in enumerate(said.parties):
            self.party(subject, party, (*subject.path, "parties", number))
        for number, count in enumerate(said.counts):
            self._count(subject, count, (*subject.path, "count", number))
        if said.time is not None:
            self._time(subject, said.time)
        for number, words in enumerate(said.objectives):
            self._objective(subject, words, (*subject.path, "objective", number))
        for number, words in enumerate(said.questions):
            path = (*subject.path, "question", number)
            self.require_languages(path, words)
            sheet.words(file, subject.iri, "dlg:guidingQuestion", words)
            self._rest(subject, words.words, path)
        self._languages(subject, said.language)
        self._literals(subject, said)
        self._rest(subject, said.words, (*subject.path, "words"))
        if said.status is not None:
            self._status(subject, said.status)

    def _rest(self, subject: Subject, quotes: tuple[Quote, ...], path: Path, thing: str = "") -> None:
        """Link the thing to the passages of words, which name another thing where one is given."""
        for passage in self.maker.passages(quotes, subject.place, path):
            self.sheet.add(subject.place.file, subject.iri, "dlg:isEvidencedBy", passage)
            if thing:
                self.maker.mention(passage, thing)

    def _rest_on_page(self, subject: Subject, thing: str) -> None:
        """Link a plain statement without words to the page as a whole."""
        page, file = self.maker.page(subject.place.file), subject.place.file
        self.sheet.add(file, subject.iri, "dlg:isEvidencedBy", page)
        self.sheet.add(file, page, "dlg:mentions", thing)

    def _plain(self, subject: Subject, key: str, value: object) -> None:
        predicate, kinds = PLAIN[key]
        values = value if isinstance(value, tuple) else (value,)
        for number, said in enumerate(values):
            if not isinstance(said, Said):
                continue
            path = (*subject.path, key.replace("_", "-"), *((number,) if isinstance(value, tuple) else ()))
            iri = self.resolve(path, said.value, kinds)
            if not iri:
                continue
            self.sheet.add(subject.place.file, subject.iri, predicate, iri)
            self._rest(subject, said.quotes, path, iri)
            if not said.quotes and not self.maker.holds_text and said.value != "unstated":
                self._rest_on_page(subject, iri)
            self.hedges(subject.iri, subject.place.file, said.hedges, path)

    def _literals(self, subject: Subject, said: Statements) -> None:
        file, sheet, iri = subject.place.file, self.sheet, subject.iri
        if said.ordinal is not None:
            path = (*subject.path, "ordinal")
            if said.ordinal.value.isdigit():
                sheet.add(file, iri, "dlg:eventOrdinal", typed(said.ordinal.value, "xsd:integer"))
            else:
                self.problems.append(Problem(path, f"«{said.ordinal.value}» is no number", "write one such as 1"))
            self._rest(subject, said.ordinal.quotes, path)
        if said.identifier is not None:
            sheet.add(file, iri, "dcterms:identifier", Literal(said.identifier.value))
            self._rest(subject, said.identifier.quotes, (*subject.path, "identifier"))
        for predicate, words in (
            ("skos:note", said.note),
            ("skos:altLabel", said.also),
            ("skos:hiddenLabel", said.hidden),
            ("dcterms:title", said.title),
        ):
            sheet.words(file, iri, predicate, words)
        for address_ in said.see_also:
            sheet.add(file, iri, "rdfs:seeAlso", name(address_))
        for outcome in said.outcome:
            sheet.add(file, iri, "dcterms:relation", name(outcome.value))
            self._rest(subject, outcome.quotes, (*subject.path, "outcome"))
        for predicate, address_ in (("foaf:page", said.page), ("foaf:homepage", said.homepage)):
            if address_:
                sheet.add(file, iri, predicate, name(address_))
        if said.issued:
            sheet.add(file, iri, "dcterms:issued", typed(said.issued, "xsd:date"))

    def _languages(self, subject: Subject, said: tuple[Said, ...]) -> None:
        for number, each in enumerate(said):
            path = (*subject.path, "language", number)
            iri = self.language(each.value, path)
            if iri:
                self.sheet.add(subject.place.file, subject.iri, "dcterms:language", iri)
                self._rest(subject, each.quotes, path, iri)
                if not each.quotes and not self.maker.holds_text:
                    self._rest_on_page(subject, iri)

    def language(self, code: str, path: Path) -> str:
        """Return the address of a language; a problem where its code is unknown."""
        known = LANGUAGES.get(code) or (code if code in LANGUAGES.values() else "")
        if not known:
            self.problems.append(
                Problem(path, f"«{code}» is no known language", f"write one of {', '.join(LANGUAGES)}")
            )
            return ""
        return name(f"language:{known}").value

    # --- nodes ---------------------------------------------------------------------------------

    def party(self, subject: Subject, party: Party, path: Path) -> None:
        """Write one party."""
        role = self.resolve(path, party.role, ("role",))
        who = self.resolve(path, party.who, ("org", "participant-kind"))
        others = [self.resolve(path, each, ("org",)) for each in party.affiliations]
        areas = [self.resolve(path, each, ("place",)) for each in party.areas]
        if not role or not who or not all((*others, *areas)):
            return
        file, sheet = subject.place.file, self.sheet
        node = self.node(subject, "participation", party.number)
        subject.parties[subject.nodes["participation"]] = node
        is_named = who.startswith(address("org", ""))
        sheet.a(file, node, "dlg:Participation")
        sheet.add(file, subject.iri, "cv:hasParticipation", node)
        sheet.add(file, node, "cv:role", role)
        sheet.add(file, node, "cv:hasParticipant" if is_named else "dlg:participantKind", who)
        sheet.add(file, node, "dlg:participantAffiliation", *others)
        sheet.add(file, node, "dlg:participantArea", *areas)
        sheet.add(file, node, "dlg:assertionBasis", address("basis", "explicit"))
        self.hedges(node, file, party.hedges, path)
        self._alternative(subject, node, party, path)
        for quotes, thing in ((party.role_quotes, role), (party.quotes, who)):
            for passage in self.maker.passages(quotes, subject.place, path):
                sheet.add(file, node, "dlg:isEvidencedBy", passage)
                self.maker.mention(passage, thing)
        if not party.quotes and not party.role_quotes:
            sheet.add(file, node, "dlg:isEvidencedBy", *self.resting_place(subject.place))

    def _alternative(self, subject: Subject, node: str, party: Party, path: Path) -> None:
        if not party.alternative_to:
            return
        other = subject.parties.get(party.alternative_to)
        if other is None:
            known = ", ".join(map(str, subject.parties)) or "none"
            self.problems.append(
                Problem(path, f"there is no party {party.alternative_to} before this one", f"known are {known}")
            )
            return
        for one, two in ((node, other), (other, node)):
            self.sheet.add(subject.place.file, one, "dlg:isAlternativeTo", two)

    def implied(self, subject: Subject, role: str, path: Path) -> None:
        """Write the role that a heading alone gives to its organisation."""
        place, file = subject.place, subject.place.file
        iri = self.resolve(path, role, ("role",))
        if not iri:
            return
        node = self.node(subject, "participation")
        subject.parties[subject.nodes["participation"]] = node
        self.sheet.a(file, node, "dlg:Participation")
        self.sheet.add(file, subject.iri, "cv:hasParticipation", node)
        self.sheet.add(file, node, "cv:role", iri)
        self.sheet.add(file, node, "cv:hasParticipant", place.about)
        self.sheet.add(file, node, "dlg:assertionBasis", address("basis", "implied-by-heading"))
        self.sheet.add(file, node, "dlg:isEvidencedBy", *place.heading, *self.resting_place(place))

    def _count(self, subject: Subject, said: Said, path: Path) -> None:
        counted = self._told(lambda: parse_count(said), path)
        if counted is None:
            return
        unit = self.resolve(path, counted.unit, ("unit",))
        per = self.resolve(path, counted.per, ("unit",)) if counted.per else ""
        quantifier = self.resolve(path, counted.quantifier, ("quantifier",)) if counted.quantifier else ""
        if not unit or (counted.quantifier and not quantifier):
            return
        file, sheet = subject.place.file, self.sheet
        node = self.node(subject, "count")
        sheet.a(file, node, "dlg:Count")
        sheet.add(file, subject.iri, "dlg:hasCount", node)
        sheet.add(file, node, "dlg:countedUnit", unit)
        if per:
            sheet.add(file, node, "dlg:perUnit", per)
        if quantifier:
            sheet.add(file, node, "dlg:quantifier", quantifier)
        self._numbers(file, node, counted)
        if counted.language and (language := self.language(counted.language, path)):
            sheet.add(file, node, "dcterms:language", language)
        self._expression(subject, node, said, path)

    def _numbers(self, file: str, node: str, counted: Counted) -> None:
        def number(value: int) -> Literal:
            return typed(str(value), "xsd:integer")

        if counted.low is not None and counted.high is not None:
            self.sheet.add(file, node, "schema:minValue", number(counted.low))
            self.sheet.add(file, node, "schema:maxValue", number(counted.high))
        elif counted.low is not None:
            self.sheet.add(file, node, "schema:minValue" if counted.is_least else "schema:value", number(counted.low))
        if counted.is_approximate:
            self.sheet.add(file, node, "dlg:isApproximate", typed("true", "xsd:boolean"))

    def _expression(self, subject: Subject, node: str, said: Said, path: Path) -> None:
        """Say in which words the source gives a count or time, and where."""
        file = subject.place.file
        self.hedges(node, file, said.hedges, path)
        self.sheet.add(file, node, "dlg:isEvidencedBy", *self.evidence(subject, said.quotes, path))
        if said.quotes:
            words = " … ".join(quote.words for quote in said.quotes)
            self.sheet.add(
                file,
                node,
                "dlg:sourceExpression",
                Literal(words, language=subject.place.language or self.maker.language),
            )

    def _time(self, subject: Subject, said: Said) -> None:
        path = (*subject.path, "time")

        def bounds() -> tuple[object, ...]:
            try:
                return bounds_of(said.value)
            except ValueError as error:
                raise ValueError(
                    f"«{said.value}» is no EDTF; right is such as 2021-05, 2020-08/2020-09, 2021-23 (autumn), 2021/.."
                ) from error

        found = self._told(bounds, path)
        if found is None:
            return
        file, node = subject.place.file, self.node(subject, "time")
        self.sheet.a(file, node, "dlg:TimeSpan")
        self.sheet.add(file, subject.iri, "dlg:hasTimeSpan", node)
        self.sheet.add(file, node, "dlg:edtf", typed(said.value, "edtf:EDTF"))
        for bound, day in zip(BOUNDS, found, strict=True):
            if day is not None:
                self.sheet.add(file, node, f"dlg:{bound}", typed(str(day), "xsd:date"))
        self._expression(subject, node, said, path)

    def _status(self, subject: Subject, said: Said) -> None:
        path = (*subject.path, "status")
        status = self.resolve(path, said.value, ("status",))
        if not status:
            return
        file, node = subject.place.file, self.node(subject, "status")
        self.sheet.a(file, node, "dlg:StatusStatement")
        self.sheet.add(file, subject.iri, "dlg:hasStatusStatement", node)
        self.sheet.add(file, node, "dlg:statedStatus", status)
        if self.day:
            self.sheet.add(file, node, "dlg:statedOn", typed(self.day, "xsd:date"))
        self.hedges(node, file, said.hedges, path)
        self.sheet.add(file, node, "dlg:isEvidencedBy", *self.evidence(subject, said.quotes, path))
        self._rest(subject, said.quotes, path, status)

    def _objective(self, subject: Subject, words: Words, path: Path) -> None:
        file, node = subject.place.file, self.node(subject, "objective")
        self.require_languages(path, words)
        self.sheet.a(file, node, "dlg:Objective")
        self.sheet.add(file, subject.iri, "dlg:hasObjective", node)
        self.sheet.words(file, node, "dlg:objectiveText", words)
        self.sheet.add(file, node, "dlg:isEvidencedBy", *self.evidence(subject, words.words, path))

    def _told(self, work: Callable[[], T], path: Path) -> T | None:
        try:
            return work()
        except ValueError as error:
            message, _, mend = str(error).partition("; ")
            self.problems.append(Problem(path, message, mend))
            return None
