"""The list of activities: facets with counts, search over names and descriptions, and what was chosen."""

import csv
import io
import json
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from dialogiverkko.media import JSON, MediaType
from dialogiverkko.namespaces import DLG, ID, RDF_TYPE, VOCAB
from dialogiverkko.web.site import as_query, related, things
from dialogiverkko.web.site.index import DCTERMS, SKOS, Index

_KINDS = ("DialogueEvent", "DialogueSeries", "DialogicPractice", "SupportActivity")
_MOST_LETTERS = 100
BUDGET_SECONDS = 0.2
"""What counting may take of a processor; the facets that would come after it are left out, and the page says so."""

Context = dict[str, Any]  # Any: what a template is given
Values = Callable[[Index, str], list[str]]


def _organisations(index: Index, activity: str) -> list[str]:
    return sorted(
        {
            *index.values(activity, DLG + "isReportedBy"),
            *[p.who for p in things.parts(index, activity) if p.who.startswith(ID) and not p.source],
        }
    )


def _years(index: Index, activity: str) -> list[str]:
    found = set()
    for span in index.values(activity, DLG + "hasTimeSpan"):
        first, last = index.value(span, DLG + "beginNotBefore")[:4], index.value(span, DLG + "endNotAfter")[:4]
        if first and last:
            found |= {str(year) for year in range(int(first), int(last) + 1)}
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
    "status": _("Status"),
    "method": _("Method"),
    "theme": _("Theme"),
    "place": _("Place"),
    "year": _("Year"),
    "openness": _("Openness"),
    "audience": _("Group of people"),
}
"""What each facet is called."""

FACETS: dict[str, Values] = {
    "organisation": _organisations,
    "kind": lambda index, a: [t for t in index.values(a, RDF_TYPE) if t.removeprefix(DLG) in _KINDS],
    "status": lambda index, a: index.values(a, DLG + "hasRealisationStatus"),
    "method": lambda index, a: index.values(a, DLG + "usesMethod"),
    "theme": lambda index, a: [t for t in index.values(a, DCTERMS + "subject") if t.startswith(VOCAB)],
    "place": _places,
    "year": _years,
    "openness": lambda index, a: index.values(a, DLG + "hasOpenness"),
    "audience": _audience,
}


ORDERS = {"name": _("Name"), "time": _("Time"), "organisation": _("Organisation"), "status": _("Status")}
"""What the list may be sorted by; the first where nothing is chosen."""
_DEFAULT_ORDER = "name"
_LAST = "9999"


@dataclass(frozen=True)
class Choice:
    """What a visitor chose: words, values of facets, and an order."""

    search: str = ""
    facets: dict[str, str] = field(default_factory=dict)
    sort: str = _DEFAULT_ORDER

    def address(self, **changed: str) -> str:
        """The query string with some of it changed; an empty value takes one out."""
        order = "" if self.sort == _DEFAULT_ORDER else self.sort
        values = {"q": self.search, **self.facets, "sort": order, **changed}
        pairs = [(k, v) for k, v in values.items() if v]
        return "?" + urlencode(pairs) if pairs else "?"


def read(arguments: MultiDict[str, str]) -> Choice:
    """Read the address; what is no facet is left out."""
    chosen = {name: arguments[name][:300] for name in FACETS if arguments.get(name)}
    order = arguments.get("sort", "")
    words = arguments.get("q", "").strip()[:_MOST_LETTERS]
    return Choice(words, chosen, order if order in ORDERS else _DEFAULT_ORDER)


def short(iri: str) -> str:
    """The value of a facet as an address writes it."""
    return iri.removeprefix(ID + "org/").removeprefix(ID).removeprefix(VOCAB).removeprefix(DLG)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _text(index: Index, activity: str) -> str:
    wanted = (SKOS + "prefLabel", SKOS + "altLabel", DCTERMS + "description")
    own = [v.value for p, v in index.out.get(activity, ()) if p in wanted]
    near = [
        index.label(i, language).value
        for i in [*_organisations(index, activity), *index.values(activity, DCTERMS + "subject")]
        for language in ("fi", "sv", "en")
    ]
    return _folded(" ".join([*own, *near]))


def _fits(values: dict[str, list[str]], choice: Choice, but: str = "") -> bool:
    return all(value in [short(v) for v in values[name]] for name, value in choice.facets.items() if name != but)


def _named(index: Index, activities: list[str], search: str) -> list[str]:
    """Keep the activities that every word of a search is found with."""
    wanted = _folded(search).split()
    if not wanted:
        return activities
    texts = {a: _text(index, a) for a in activities}
    return [a for a in activities if all(word in texts[a] for word in wanted)]


def _sorted(index: Index, activities: list[str], order: str, language: str) -> list[str]:
    """Sort what is sorted by name; what has no time or nobody to report it comes last."""

    def key(activity: str) -> list[str]:
        if order == "time":
            spans = index.values(activity, DLG + "hasTimeSpan")
            return sorted(index.value(s, DLG + "beginNotBefore") for s in spans) or [_LAST]
        values = index.values(activity, DLG + ("isReportedBy" if order == "organisation" else "hasRealisationStatus"))
        return sorted(_folded(index.label(v, language).value) for v in values) or ["\U0010ffff"]

    return activities if order == _DEFAULT_ORDER else sorted(activities, key=key)


def context(index: Index, language: str, choice: Choice) -> Context:
    """Gather the page: the activities that fit, and each facet with the number that each value would leave."""
    began = time.thread_time()
    everything = index.sorted(index.all("Activity"), language)
    named = _named(index, everything, choice.search)
    values = {a: {name: read_values(index, a) for name, read_values in FACETS.items()} for a in named}
    found = _sorted(index, [a for a in named if _fits(values[a], choice)], choice.sort, language)
    columns = []
    for name in FACETS:
        if time.thread_time() - began > BUDGET_SECONDS:
            break
        left = [a for a in named if _fits(values[a], choice, but=name)]
        counts = Counter(v for a in left for v in set(values[a][name]))
        labelled = sorted(counts.items(), key=lambda c: (-c[1], index.label(c[0], language).value))
        options = [(short(v), index.label(v, language) if v.startswith("http") else None, v, n) for v, n in labelled]
        columns.append((name, options))
    rows = [
        (
            a,
            index.values(a, DLG + "isReportedBy"),
            index.value(a, DLG + "hasRealisationStatus"),
            index.text(a, language, DCTERMS + "description"),
            related.times(index, a, language),
        )
        for a in found
    ]
    return {
        "rows": rows, "facets": columns, "choice": choice, "names": NAMES, "total": len(everything),
        "left_out": len(columns) < len(FACETS), "orders": ORDERS, "sparql": as_query.write(choice.search, choice.facets, language),
    }  # fmt: skip


def write(index: Index, found: Context, language: str, media_type: MediaType) -> bytes:
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
        for activity, reporters, status, about, when in found["rows"]
    ]
    if media_type is JSON:
        return json.dumps({"activities": rows}, ensure_ascii=False, indent=1).encode()
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["activity", "name", "reportedBy", "status", "time", "description"])
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
