"""Turns rows into readings: the source declares each thing once, and each page says what its rows say of it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dialogiverkko.graph.source.reading import Activity, Fact, Item, Reading, Section, Source, Words
from dialogiverkko.graph.source.said import Quote, Said
from dialogiverkko.graph.source.values import Party
from dialogiverkko.graph.tables.amounts import Amount
from dialogiverkko.graph.tables.cells import MOST_WORDS, slug, tidy
from dialogiverkko.graph.tables.check import Checked
from dialogiverkko.graph.tables.mapping import Map
from dialogiverkko.graph.tables.naming import Names
from dialogiverkko.graph.tables.naming_words import NamedBy, says_over, says_time
from dialogiverkko.graph.tables.pages import language_of, page_slug, title_of, told_apart
from dialogiverkko.graph.tables.rows import Row, Value

_ORGANISING = frozenset({"organiser", "co-organiser", "coordinator", "commissioner", "owner", "host"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass
class Told:
    """What is told of one thing by one page."""

    of: str
    """The name of the thing: a dialogue's, or ``occasion:…``, ``project:…`` where it is one of these."""
    said: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    parties: list[Party] = field(default_factory=list)
    words: dict[Quote, None] = field(default_factory=dict)
    also: Words | None = None
    see_also: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Cited:
    """One page as a reading, and the rows that it was made of, by the place of each in the reading."""

    reading: Reading
    rows: tuple[Row, ...]


class Teller:
    """Makes readings of the rows of one source."""

    def __init__(self, plan: Map, checked: Checked, labels: Mapping[str, dict[str, str]] | None = None) -> None:
        self.plan, self.checked, self.labels = plan, checked, labels or {}
        self.table = next((name for name, table in plan.tables.items() if table.row == "dialogue"), "")
        self.names = Names(checked.rows)
        self.named = NamedBy(checked.known)
        self.homes = dict(self._homes())
        self.bodies = self._bodies()
        self.modes = self._modes()
        self.of_cells = False
        self.left: list[str] = []

    # --- which thing a row tells of --------------------------------------------------------------

    def _homes(self) -> Iterator[tuple[str, str]]:
        """Yield, for each dialogue, the thing of the graph that a person judged to be the same."""
        for row in self.checked.of("dialogue"):
            iri = self.checked.judgements.same(self.table, str(row.one("id")))
            kind, _, key = iri.rpartition("/id/")[2].partition("/")
            if key and kind != "org":
                yield str(row.one("id")), key if kind == "activity" else f"{kind}:{key}"

    def _modes(self) -> dict[str, str]:
        """Return how each dialogue was held, by all its pages: where one says both, it was both."""
        said: dict[str, set[str]] = defaultdict(set)
        for row in self.checked.of("dialogue"):
            places = {str(value.read) for value in row.all("place")}
            online = {place for place in places if place.startswith("mode:")}
            if places:
                said[str(row.one("id"))].add("both" if online and places - online else "online" if online else "place")
        return {
            dialogue: "hybrid" if "both" in modes else "remote"
            for dialogue, modes in said.items()
            if "both" in modes or modes == {"online"}
        }

    def _bodies(self) -> dict[str, set[str]]:
        """Return the bodies of each dialogue, by all its pages."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.checked.of("participation"):
            found[self.home(str(row.one("dialogue")))].update(str(value.read) for value in row.all("party"))
        return found

    def home(self, dialogue: str) -> str:
        """Return the name of the thing that a dialogue's identifier means."""
        return self.homes.get(dialogue, dialogue)

    def is_new(self, dialogue: str) -> bool:
        """Whether the tables tell of a dialogue first."""
        return dialogue not in self.homes

    # --- the source itself -----------------------------------------------------------------------

    def source(self) -> Source:
        """Return the description of the tables as a source."""
        told = self.plan.source
        return Source(
            slug=told.slug,
            kind="table",
            title=Words(**told.title.model_dump()),
            about=Words(**told.about.model_dump()) if told.about else None,
            page=told.page,
            reference_date=told.reference_date,
            language=(told.language,),
        )

    def activities(self) -> tuple[Activity, ...]:
        """Return each dialogue that pages tell of and the tables name first, with its form and name."""
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.checked.of("dialogue"):
            if row.one("page") and self.is_new(str(row.one("id"))):
                forms[str(row.one("id"))][str(row.one("kind")) or "unstated"] += 1
        return tuple(
            Activity.model_validate(self._first(dialogue, counted.most_common(1)[0][0]))
            for dialogue, counted in forms.items()
        )

    def _first(self, dialogue: str, form: str) -> dict[str, object]:
        """Return what is told of a dialogue once: what it is called, and what form it has."""
        kind = self.kind_of("dialogue", dialogue)
        return {
            "id": dialogue,
            "form": form,
            "name": self.names.words("dialogue", dialogue),
            "about": self.names.description("dialogue", dialogue),
            "activity_kind": Said(kind or "coordination") if form == "support" else None,
            "connected": self._same_body(dialogue),
        }

    def kind_of(self, of: str, thing: str) -> str:
        """Return the kind that our own names give to a thing, or nothing."""
        rows = self.checked.of("name")
        found = [row for row in rows if row.one("of") == of and row.one("thing") == thing]
        return str(found[0].one("kind")) if found else ""

    def _same_body(self, dialogue: str) -> list[Said]:
        """Return the body of which a dialogue is the practice, where a person judged so."""
        judged = self.checked.judgements.same(self.table, dialogue)
        return [Said("org:" + judged.rsplit("/", 1)[-1])] if "/id/org/" in judged else []

    # --- rows that rest on the table itself ------------------------------------------------------

    def sections(self) -> tuple[tuple[Section, ...], tuple[tuple[int, str], ...]]:
        """Return the rows that cite no page as items, by their tables, and their text: rows with numbers."""
        items: dict[str, list[Item]] = defaultdict(list)
        lines: list[tuple[int, str]] = []
        told: set[str] = set()
        for row in self.checked.rows:
            if row.kind not in ("dialogue", "participation", "count") or row.one("page"):
                continue
            words = "; ".join(dict.fromkeys(tidy(value.text) for value in row.values if value.means != "note"))
            lines.append((row.number, words))
            (each,) = self._told([row], of_cells=True)
            first: dict[str, object] = {"adds_to": each.of}
            if row.kind == "dialogue" and self.is_new(each.of) and each.of not in told:
                first = self._first(each.of, str(row.one("kind")) or "unstated")
                told.add(each.of)
            reporter = [self.plan.source.reports] if self.plan.source.reports else []
            fields = {**self._statements(each), **{key: value for key, value in first.items() if value}}
            activity = Activity.model_validate({**fields, "reported_by": reporter})
            items[row.table].append(Item(line=len(lines), activity=(activity,)))
        if len(items) == 1:
            return (Section(items=tuple(*items.values())),), tuple(lines)
        named = ((self.plan.tables[table].title, tuple(found)) for table, found in items.items())
        return tuple(Section(id=slug(title) or "text", title=title, items=found) for title, found in named), tuple(
            lines
        )

    # --- the pages -------------------------------------------------------------------------------

    def pages(self) -> Iterator[Cited]:
        """Yield one reading for each page that rows cite, in the order of the rows."""
        by_page: dict[str, list[Row]] = defaultdict(list)
        for row in self.checked.rows:
            if row.kind in ("dialogue", "participation", "count", "report") and row.one("page"):
                by_page[str(row.one("page"))].append(row)
        made = {address: self._page(address, rows) for address, rows in by_page.items()}
        titles = told_apart({address: page.source.title for address, page in made.items()})
        for address, rows in by_page.items():
            source = made[address].source.model_copy(update={"title": titles[address]})
            yield Cited(made[address].model_copy(update={"source": source}), tuple(rows))

    def _page(self, address: str, rows: Sequence[Row]) -> Reading:
        """Return the reading of one page."""
        words = " ".join(str(row.one("words")) for row in rows)
        days = {str(row.one("page-date")) for row in rows if row.kind == "dialogue"}
        if len(days) > 1:
            self.left.append(f"{address}: rows give the page days that differ; it is taken to have none")
        day = days.pop() if len(days) == 1 else ""
        first = next((str(row.one("id") or row.one("dialogue")) for row in rows), "")
        names = self.labels.get(self.home(first)) or self.names.words("dialogue", first).texts() or {"fi": first}
        told = self._told(rows)
        return Reading(
            source=Source(
                slug=page_slug(address),
                **self._kind_of_page(address, rows, names),
                page=address,
                reference_date=day if _DAY.fullmatch(day) else None,
                retrieved=self.plan.source.reference_date,
                language=(language_of(address, words),),
            ),
            activity=tuple(self._activity(each) for each in told if ":" not in each.of),
            fact=tuple(self._fact(each) for each in told if ":" in each.of),
        )

    def _kind_of_page(self, address: str, rows: Sequence[Row], names: dict[str, str]) -> dict[str, Any]:
        """Return whether a page is a report, which has a title of its own, and how it is called."""
        if len(rows) > 1 or rows[0].kind != "report":
            return {"kind": "web-page", "title": Words.model_validate(title_of(address, names))}
        title = str(rows[0].one("title"))
        called = title_of(address, names, report=True) | {language_of("", title): title}
        identifier = str(rows[0].one("identifier"))
        publisher = tuple(dict.fromkeys(str(value.read) for value in rows[0].all("publisher")))
        return {
            "kind": "report", "title": Words.model_validate(called), "identifier": identifier, "publisher": publisher,
        }  # fmt: skip

    def _told(self, rows: Iterable[Row], *, of_cells: bool = False) -> list[Told]:
        """Gather what the rows of one page say, by the thing that they speak of."""
        self.of_cells = of_cells
        told: dict[str, Told] = {}
        for row in rows:
            dialogues = [str(value.read) for value in row.all("dialogue")] or [str(row.one("id"))]
            for dialogue in dialogues:
                each = told.setdefault(self.home(dialogue), Told(self.home(dialogue)))
                quotes = (Quote(str(row.one("words"))),) if row.one("words") and not of_cells else ()
                each.words.update(dict.fromkeys(quotes))
                match row.kind:
                    case "dialogue":
                        self._dialogue(each, row, quotes)
                    case "participation":
                        self._participation(each, row, quotes)
                    case "count":
                        self._count(each, row, quotes)
                    case "report":
                        each.see_also[str(row.one("page"))] = None
        return list(told.values())

    def _said(self, key: str, value: Value, quotes: tuple[Quote, ...]) -> Said:
        """Return a value with the words that say it: those of its page, or the cell itself."""
        return Said(key, self._words(value, quotes))

    def _naming(self, key: str, value: Value, quotes: tuple[Quote, ...], scheme: str) -> Said:
        """Return a value with those words of its page that name it; without any it rests on the page."""
        return Said(key, self._that_name(value, quotes, scheme))

    def _that_name(self, value: Value, quotes: tuple[Quote, ...], scheme: str) -> tuple[Quote, ...]:
        words = self._words(value, quotes)
        if self.of_cells:
            return words
        names = self.names.words("dialogue", str(value.read)).texts().values() if scheme == "dialogue" else ()
        return tuple(quote for quote in words if self.named.says(quote.words, value, scheme, names))

    def _words(self, value: Value, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        if not self.of_cells:
            return quotes
        cell = tidy(value.text)
        return (Quote(cell),) if cell and len(cell.split()) <= MOST_WORDS and not set("«»…") & set(cell) else ()

    def _dialogue(self, told: Told, row: Row, quotes: tuple[Quote, ...]) -> None:
        """Add what a row of dialogues says."""
        said = told.said
        known = self.labels.get(told.of) if told.of in self.homes.values() else None
        told.also = self.names.others("dialogue", str(row.one("id")), row, known)
        for value in row.all("status"):
            said["status"].append(self._said(str(value.read), value, quotes))
        self._time(told, row, quotes)
        for key in ("place", "theme", "method", "language", "openness"):
            for value in row.all(key):
                if not str(value.read).startswith("mode:"):
                    said[key].append(self._naming(str(value.read), value, quotes, key))
                elif mode := self.modes.get(str(row.one("id"))):
                    said["mode"].append(self._naming(mode, value, quotes, "mode"))
        for means, key, scheme in (("mode", "mode", "mode"), ("feeds-into", "feeds", "context")):
            said[key] += [self._naming(str(value.read), value, quotes, scheme) for value in row.all(means)]
        for value in row.all("part-of"):
            self._part(told, self.home(str(value.read)), self._that_name(value, quotes, "dialogue"))
        for value in row.all("count"):
            said["counts"].append(self._said(f"{short_amount(value.read)} {value.qualifier}", value, quotes))
        role = "invitee" if row.one("status") == "planned" else "participant"
        for value in row.all("people"):
            words = self._that_name(value, quotes, "participant-kind")
            told.parties.append(Party(role, f"kind:{value.read}", quotes=words))
        for value in row.all("party"):
            told.parties.append(Party(value.qualifier, str(value.read), quotes=self._words(value, quotes)))

    def _time(self, told: Told, row: Row, quotes: tuple[Quote, ...]) -> None:
        """Add the time of a row, with words only where they name a time."""
        edtf = time_of(row)
        if not edtf:
            return
        cells = [value for means in ("time", "begin", "end") for value in row.all(means)]
        if self.of_cells:
            words = tuple(quote for value in cells for quote in self._words(value, ()))
        else:
            words = tuple(quote for quote in quotes if says_time(quote.words, edtf))
        told.said["time"].append(Said(edtf, words))

    def _part(self, told: Told, of: str, quotes: tuple[Quote, ...]) -> None:
        """Say of what a dialogue is a part; what takes place at an occasion is told so."""
        key = "at" if of.startswith("occasion:") else "part_of"
        if of != told.of:
            told.said[key].append(Said(of, quotes))

    def _participation(self, told: Told, row: Row, quotes: tuple[Quote, ...]) -> None:
        """Add a body's part; a project is no body, and what it organises is a part of it."""
        is_alone = len(self.bodies[told.of]) == 1 and told.of not in self.homes.values()
        role, hedges = str(row.one("role")), () if row.one("together") is True or is_alone else ("separately",)
        for value in row.all("party"):
            who, quotes = str(value.read), self._words(value, quotes)
            if who.startswith(("project:", "programme:")):
                key = "part_of" if role in _ORGANISING else "connected"
                if who != told.of:
                    told.said[key].append(Said(who, quotes))
            elif (party := Party(role, who, hedges=hedges, quotes=quotes)) not in told.parties:
                told.parties.append(party)

    def _count(self, told: Told, row: Row, quotes: tuple[Quote, ...]) -> None:
        """Add a number; one of a part of the dialogue only cannot be told of the whole."""
        if row.one("scope"):
            self.left.append(f"{row.table}, row {row.number}: counts of a part only ({row.one('scope')}) are left out")
            return
        hedges = ("planned",) if row.one("planned") is True else ()
        amount = amount_of(row)
        for value in row.all("unit"):
            words = next((self._words(each, quotes) for each in row.all("amount")), self._words(value, quotes))
            told.said["counts"].append(Said(f"{amount} {value.read}", words, hedges))

    def _statements(self, told: Told) -> dict[str, object]:
        """Return the fields of a part of a reading."""
        fields: dict[str, object] = {}
        for key, values in told.said.items():
            unique = tuple(dict.fromkeys(values))
            if not unique:
                continue
            if key in ("status", "time", "mode", "openness"):
                fields[key] = unique[0]
                if len(unique) > 1:
                    self.left.append(f"{told.of}: one page says {key} twice; the first is kept")
            else:
                fields[key] = unique
        return {
            **fields,
            "parties": tuple(told.parties),
            "words": tuple(told.words),
            "also": told.also,
            "see_also": tuple(told.see_also),
        }

    def _activity(self, told: Told) -> Activity:
        return Activity.model_validate({"adds_to": told.of, **self._statements(told)})

    def _fact(self, told: Told) -> Fact:
        """Return what is said of a thing that is no activity: who, when, how many, and the words."""
        fields = self._statements(told)
        kept = {key: fields[key] for key in ("parties", "words", "also", "see_also") if key in fields}
        return Fact.model_validate({"of": told.of, **kept})


def time_of(row: Row) -> str:
    """Return the EDTF of a row's time, or of its begin and end."""
    begin, end = str(row.one("time") or row.one("begin")), str(row.one("end"))
    if begin and end and "/" not in begin + end:
        return begin if begin == end else f"{begin}/{end}"
    if end and not begin:
        return end if "/" in end else f"../{end}"
    is_open = begin and "/" not in begin and row.one("status") == "ongoing" and row.one("kind") != "event"
    return f"{begin}/.." if is_open else begin


def amount_of(row: Row) -> str:
    """Return the short form of a row's count: 20, ~20, 5-9, 100+."""
    amount = row.one("amount")
    if isinstance(amount, Amount):
        return short_amount(amount)
    value, least, most = (None if row.one(key) == "" else int(row.one(key)) for key in ("value", "least", "most"))
    is_about = row.one("approximate") is True
    if is_about and value is not None and least is None and says_over(str(row.one("words")), value):
        least = value
    return short_amount(Amount(value, least, most, approximate=is_about))


def short_amount(amount: Amount) -> str:
    """Return the short form of an amount."""
    if amount.vague:
        return amount.vague
    mark, least, most = "~" if amount.approximate else "", amount.least, amount.most
    if least is not None and most is not None:
        return f"{mark}{least}-{most}" if least < most else f"{mark}{least}"
    if least is not None:
        return f"{least}+"
    return f"{mark}0-{most}" if amount.value is None else f"{mark}{amount.value}"
