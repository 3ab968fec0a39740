"""The list of activities: facets with counts, search over names and descriptions, and what was chosen."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from dialogiverkko.graph import alphabet
from dialogiverkko.media import JSON, MediaType
from dialogiverkko.namespaces import DCTERMS, DLG, ID, LANGUAGES, ORG, RDF_TYPE, SKOS, VOCAB
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.search import words
from dialogiverkko.spelling import nearest
from dialogiverkko.web.site import as_query, related, sources, things
from dialogiverkko.web.site.index import CV, Index, Text
from dialogiverkko.web.site.paging import paged

KINDS = ("DialogueEvent", "DialogueSeries", "DialogicPractice", "SupportActivity")
NO_FORM = DLG + "Activity"
"""Stands for the form of an activity of which no source states one."""
_ORGANIZATION = ORG + "Organization"
FORMATS = ("csv", "json")
_MOST_LETTERS = 100
MOST_VALUES = 40
"""How many values of a facet the page offers, those with most activities."""

Context = dict[str, Any]  # Any: what a template is given
Values = Callable[[Index, str], list[str]]


def _organisations(index: Index, activity: str) -> list[str]:
    parties = {index.value(node, CV + "hasParticipant") for node in index.values(activity, CV + "hasParticipation")}
    return sorted({*index.values(activity, DLG + "isReportedBy"), *[who for who in parties if who.startswith(ID)]})


def _those_above(index: Index, activity: str) -> list[str]:
    """List the organisations of an activity with those that they are units of, as the page of an organisation counts."""
    found, waiting = set(), _organisations(index, activity)
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += [above for above in index.values(each, ORG + "unitOf") if above not in found]
    return sorted(found)


def _years(index: Index, activity: str) -> list[str]:
    found = set()
    for span in index.values(activity, DLG + "hasTimeSpan"):
        first, last = index.value(span, DLG + "beginNotBefore")[:4], index.value(span, DLG + "endNotAfter")[:4]
        if first or last:
            found |= {str(year) for year in range(int(first or last), int(last or first) + 1)}
    return sorted(found)


def _audience(index: Index, activity: str) -> list[str]:
    return sorted({p.who for p in things.parts(index, activity) if p.who.startswith(VOCAB)})


def _places(index: Index, activity: str) -> list[str]:
    return sorted(
        {p for name in ("hasPlace", "isDispersedAcross", "aboutPlace") for p in index.values(activity, DLG + name)}
    )


NAMES = {
    "organisation": _("Organisation"),
    "kind": _("Kind"),
    "status": _("Realisation status"),
    "method": _("Method"),
    "theme": _("Theme"),
    "place": _("Place"),
    "year": _("Year"),
    "openness": _("Openness"),
    "audience": _("Group of people"),
    "language": _("Language"),
    "mode": _("Mode"),
    "source": _("Source"),
}
"""What each facet is called."""

FACETS: dict[str, Values] = {
    "organisation": _those_above,
    "kind": lambda index, a: [t for t in index.values(a, RDF_TYPE) if t.removeprefix(DLG) in KINDS] or [NO_FORM],
    "status": lambda index, a: index.values(a, DLG + "hasRealisationStatus"),
    "method": lambda index, a: index.values(a, DLG + "usesMethod"),
    "theme": lambda index, a: [t for t in index.values(a, DCTERMS + "subject") if t.startswith(VOCAB)],
    "place": _places,
    "year": _years,
    "openness": lambda index, a: index.values(a, DLG + "hasOpenness"),
    "audience": _audience,
    "language": lambda index, a: index.values(a, DCTERMS + "language"),
    "mode": lambda index, a: index.values(a, DLG + "hasMode"),
    "source": lambda index, a: things.documents(index, a),
}


ORDERS = {"name": _("Name"), "time": _("Time"), "organisation": _("Organisation"), "status": _("Realisation status")}
"""What the list may be sorted by; the first where nothing is chosen."""
_DEFAULT_ORDER = "name"
_LAST = "9999"


@dataclass(frozen=True)
class ListSelection:
    """What a visitor chose: words, values of facets, and an order."""

    search: str = ""
    facets: dict[str, str] = field(default_factory=dict)
    sort: str = _DEFAULT_ORDER
    page: str = ""

    def address(self, **changed: str | int) -> str:
        """Return the query string with some of it changed; an empty value takes one out, and the page is the first."""
        written = self._written.copy()
        for name, value in changed.items():
            written[name] = _written(name, str(value)) if value and (name, value) != ("page", 1) else ""
        return "?" + "&".join(filter(None, written.values()))

    def without(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the chosen facets but one."""
        return tuple(sorted((facet, token) for facet, token in self.facets.items() if facet != name))

    @cached_property
    def _written(self) -> dict[str, str]:
        order = "" if self.sort == _DEFAULT_ORDER else self.sort
        values = {"q": self.search, **self.facets, "sort": order}
        return {name: _written(name, value) if value else "" for name, value in values.items()}


@lru_cache(maxsize=4_096)
def _written(name: str, value: str) -> str:
    """Write one choice as an address does; a page has hundreds of them."""
    return urlencode([(name, value)])


def read_selection(arguments: MultiDict[str, str], index: Index, language: str) -> ListSelection:
    """Read the address; a facet, a value or an order that there is not is refused with what is allowed."""
    asked = Asked(arguments.items(multi=True), ("q", "sort", "page", "format", *FACETS))
    asked.one("format", FORMATS)
    chosen = {}
    for name in FACETS:
        if wanted := asked.one(name):
            known = sorted({*table(index).holders[name], *_others(index, name)})
            chosen[name] = _meant(index, name, wanted, known, language)
    searched = arguments.get("q", "").strip()[:_MOST_LETTERS]
    return ListSelection(searched, chosen, asked.one("sort", tuple(ORDERS)) or _DEFAULT_ORDER, asked.number("page"))


def _others(index: Index, name: str) -> set[str]:
    """List the values by which nothing is found and which may be asked for all the same."""
    return set(index.of_class(_ORGANIZATION)) if name == "organisation" else set()


def _meant(index: Index, name: str, wanted: str, known: list[str], language: str) -> str:
    """Return the value that is meant: by its short or whole IRI, the last part of it, or its name."""
    if name == "year" and len(wanted) == 4 and wanted.isdecimal():
        return wanted
    folded = " ".join(wanted.split()).casefold()
    for forms in (
        lambda iri: {iri.casefold(), short(iri).casefold()},
        lambda iri: {short(iri).rsplit("/", 1)[-1].casefold()},
        lambda iri: {index.label(iri, code).value.casefold() for code in LANGUAGES},
    ):
        found = [iri for iri in known if folded in forms(iri)]
        if len(found) == 1:
            return short(found[0])
    names = {index.label(iri, language).value: short(iri) for iri in known}
    ends = {short(iri).rsplit("/", 1)[-1]: short(iri) for iri in known}
    near = names.get(nearest(wanted, list(names))) or ends.get(nearest(wanted, list(ends)), "")
    allowed = [short(iri) for iri in known]
    raise Parameter(name, ParameterType.CHOICE).refusal(
        wanted, f"There are {len(known)} values to choose from.", allowed, near
    )


@lru_cache(maxsize=8_192)
def short(iri: str) -> str:
    """The value of a facet as an address writes it."""
    for space in (ID + "org/", ID, VOCAB, DLG, as_query.AUTHORITY):
        iri = iri.removeprefix(space)
    return iri


def folded(text: str) -> str:
    """Return a text as it is compared: composed, and without a difference between small and capital letters."""
    return unicodedata.normalize("NFC", text).casefold()


def _text(index: Index, activity: str) -> str:
    wanted = (SKOS + "prefLabel", SKOS + "altLabel", DCTERMS + "description")
    own = [value for predicate in wanted for value in index.values(activity, predicate)]
    near = [
        index.label(i, language).value
        for i in [*_organisations(index, activity), *index.values(activity, DCTERMS + "subject")]
        for language in LANGUAGES
    ]
    return folded(" ".join([*own, *near]))


@lru_cache(maxsize=32)
def _named(index: Index, search: str, language: str) -> Sequence[str]:
    """List by name the activities that every word of a search is found with, in some form; each facet asks for them."""
    wanted = wordings(search, language)
    if not wanted:
        return things.activities(index, language)
    activities, texts = index.all("Activity"), index.once("texts", told_texts)
    found = (
        n for n in index.once("order", things.order)[language] if all(any(w in texts[n] for w in ws) for ws in wanted)
    )
    return [activities[n] for n in found]


def wordings(search: str, language: str) -> list[tuple[str, ...]]:
    """List what a text may hold for each word of a search: the word, or what is left without its inflection."""
    return [words.parts(word, language) for word in folded(search).split()]


def told_texts(index: Index) -> list[str]:
    """Return what each activity is searched in."""
    return [_text(index, activity) for activity in index.all("Activity")]


def _sorted(index: Index, activities: Sequence[str], order: str, language: str) -> Sequence[str]:
    """Sort what is sorted by name."""
    if order == _DEFAULT_ORDER:
        return activities
    wanted, everything = set(activities), index.all("Activity")
    ordered = (everything[number] for number in index.once("orders", orders)[order][language])
    return [activity for activity in ordered if activity in wanted]


def orders(index: Index) -> dict[str, dict[str, list[int]]]:
    """Return for each order but that of names, and each language, the numbers of the activities in it.

    What has no time or nobody to report it comes last.
    """
    activities = index.all("Activity")

    def key(activity: str, order: str, language: str) -> list[str]:
        if order == "time":
            spans = index.values(activity, DLG + "hasTimeSpan")
            begins = (index.value(s, DLG + "beginNotBefore") or index.value(s, DLG + "endNotAfter") for s in spans)
            return sorted(begins) or [_LAST]
        values = index.values(activity, DLG + ("isReportedBy" if order == "organisation" else "hasRealisationStatus"))
        return sorted(alphabet.key(index.label(v, language).value, language)[0] for v in values) or ["\U0010ffff"]

    def ordered(order: str, language: str) -> list[int]:
        by_name = index.once("order", things.order)[language]
        return sorted(by_name, key=lambda number: key(activities[number], order, language))

    return {
        order: {language: ordered(order, language) for language in LANGUAGES}
        for order in ORDERS
        if order != _DEFAULT_ORDER
    }


@dataclass(frozen=True)
class Table:
    """What the list is counted from: each activity's values of each facet, and for each value its activities."""

    activities: tuple[str, ...]
    holders: Mapping[str, Mapping[str, frozenset[str]]]
    """For each facet and each of its values, the activities that have it."""
    tokens: Mapping[str, Mapping[str, str]]
    """For each facet, which value an address means."""


@lru_cache(maxsize=4)
def table(index: Index) -> Table:
    """Read the facets of every activity, once for each graph."""
    activities = index.all("Activity")
    frozen = {
        name: {value: frozenset(activities[number] for number in numbers) for value, numbers in found.items()}
        for name, found in index.once("facets", gathered).items()
    }
    return Table(activities, frozen, {name: {short(value): value for value in found} for name, found in frozen.items()})


def gathered(index: Index) -> dict[str, dict[str, list[int]]]:
    """Return for each facet and value the activities that have it, each by its number among them all."""
    holders: dict[str, dict[str, list[int]]] = {name: {} for name in FACETS}
    for number, activity in enumerate(index.all("Activity")):
        for name, values in FACETS.items():
            for value in dict.fromkeys(values(index, activity)):
                holders[name].setdefault(value, []).append(number)
    return holders


def chosen(index: Index, language: str, choice: ListSelection) -> Sequence[str]:
    """List the activities that a choice leaves, in its order."""
    fits = _fits(index, choice.facets).values()
    named = _named(index, choice.search, language)
    return _sorted(index, [a for a in named if all(a in has for has in fits)], choice.sort, language)


def _fits(index: Index, facets: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Return for each facet of a choice the activities that have its value."""
    known = table(index)
    return {
        name: known.holders[name].get(known.tokens[name].get(token, ""), frozenset()) for name, token in facets.items()
    }


def context(index: Index, language: str, choice: ListSelection) -> Context:
    """Gather the page: the activities that fit, and each facet with the number that each value would leave."""
    known = table(index)
    ordered = chosen(index, language, choice)
    page = paged(ordered, MultiDict({"page": choice.page}))
    return {
        "found": ordered, "page": page, "rows": [_row(index, a, language) for a in page.items],
        "facets": [(name, _options(index, language, name, choice.search, choice.without(name))) for name in FACETS],
        "choice": choice, "most": MOST_VALUES, "names": NAMES, "total": len(known.activities), "orders": ORDERS,
        "sparql": as_query.list_as_query(choice.search, choice.facets, language),
    }  # fmt: skip


@lru_cache(maxsize=256)
def _options(
    index: Index, language: str, name: str, search: str, others: tuple[tuple[str, str], ...]
) -> Sequence[tuple[str, Text | None, str, int]]:
    """List the values of one facet with the number of activities that each would leave, the most first."""
    known = table(index)
    named = _named(index, search, language)
    left = set(named).intersection(*_fits(index, dict(others)).values())
    counts = {value: len(has & left) for value, has in known.holders[name].items()}
    labels = {value: label_of(index, value, language) for value, count in counts.items() if count}
    ordered = sorted(labels, key=lambda value: (-counts[value], alphabet.key(labels[value].value, language)))
    return [(short(v), labels[v] if v.startswith("http") else None, v, counts[v]) for v in ordered]


def label_of(index: Index, value: str, language: str) -> Text:
    """Return what a value of a facet is called."""
    if value == NO_FORM:
        return Text(str(_("form not stated")), language)
    if value.startswith(as_query.AUTHORITY):
        return Text(sources.language_name(value, language), language)
    return index.label(value, language)


def _row(index: Index, activity: str, language: str) -> tuple[str, list[str], str, Text | None, tuple[str, ...]]:
    return (
        activity,
        index.values(activity, DLG + "isReportedBy"),
        index.value(activity, DLG + "hasRealisationStatus"),
        index.text(activity, language, DCTERMS + "description"),
        related.times(index, activity, language),
    )


def write_list(index: Index, found: Context, language: str, media_type: MediaType) -> bytes:
    """Write the chosen activities as CSV or JSON."""
    rows = [
        {
            "activity": activity,
            "name": index.label(activity, language).value,
            "reportedBy": "; ".join(index.label(reporter, language).value for reporter in reporters),
            "status": index.label(status, language).value,
            "time": "; ".join(when),
            "description": about.value if about else "",
        }
        for activity, reporters, status, about, when in (_row(index, a, language) for a in found["found"])
    ]
    if media_type is JSON:
        return json.dumps({"activities": rows}, ensure_ascii=False, indent=1).encode()
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["activity", "name", "reportedBy", "status", "time", "description"])
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
