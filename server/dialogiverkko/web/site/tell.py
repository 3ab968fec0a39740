"""The way for those who know more: what is missing, the table to fill and its check, and the correction of a fact."""

from dataclasses import dataclass, replace

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from dialogiverkko.errors import NotFoundError
from dialogiverkko.graph.tables.faults import Faults
from dialogiverkko.graph.tables.files import TableError
from dialogiverkko.namespaces import BASE, DLG, ID
from dialogiverkko.saved.asked import Asked
from dialogiverkko.spelling import cut
from dialogiverkko.web.fault_words import told
from dialogiverkko.web.http.tables import LIMITS, check_sent
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import correcting, thing_page
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments

NAMES = ("about", "fact", "kind")
"""What an address may ask of the page."""
MOST_FAULTS = 200
FAULTS: dict[str, LazyString] = {
    "ambiguous-name": _("The name may mean several things"),
    "ambiguous-time": _("The time may mean several days or has no year"),
    "control-character": _("The cell holds a character that cannot be seen"),
    "double-column": _("Two columns have the same name"),
    "double-identifier": _("The identifier stands twice"),
    "empty-cell": _("A necessary cell is empty"),
    "ends-before-begin": _("The end lies before the beginning"),
    "half-a-point": _("Latitude and longitude go together"),
    "lost-character": _("A letter has been lost"),
    "merged-cells": _("Cells are merged over several rows"),
    "missing-column": _("A column is missing"),
    "missing-table": _("A table is missing"),
    "negative-count": _("A number below zero"),
    "no-name": _("The row has no name in any language"),
    "no-number": _("The row has no number"),
    "no-page": _("The words have no page"),
    "no-rows": _("There are no rows"),
    "no-such-day": _("There is no such day"),
    "no-such-row": _("No row has this identifier"),
    "no-words": _("The row has no words of its page"),
    "no-value": _("A formula has no value"),
    "not-a-count": _("The count cannot be read"),
    "not-a-number": _("Not a number"),
    "not-a-time": _("The time cannot be read"),
    "not-an-address": _("Not the address of a web page"),
    "not-an-identifier": _("Not an identifier"),
    "not-judged": _("Nobody has said whether these are the same"),
    "not-whole": _("Not a whole number"),
    "not-yes-or-no": _("Neither yes nor no"),
    "out-of-range": _("Outside the allowed degrees"),
    "part-of-itself": _("A dialogue is a part of itself"),
    "personal-data": _("Personal data"),
    "range-backwards": _("The range runs downwards"),
    "same-name": _("The same name in two languages"),
    "serial-number": _("A day as the number of a spreadsheet"),
    "spreadsheet-error": _("The cell shows a fault of the spreadsheet"),
    "two-numbers": _("Both a number and a range"),
    "unknown-column": _("A column that the template does not have"),
    "unknown-language": _("An unknown language"),
    "unknown-name": _("An unknown name"),
    "unknown-value": _("An unknown word"),
    "unnamed-column": _("A column without a name"),
    "words-too-long": _("The quotation is too long"),
}
"""What each kind of fault is called; the details of a cell stand beside it."""


@dataclass(frozen=True)
class Report:
    """What the check of a table found, or why it was not read."""

    name: str
    faults: Faults
    refused: str = ""
    book: bytes = b""
    """The same table with comments in its cells, where it was wanted."""


@dataclass(frozen=True)
class Missing:
    """What is known to be missing of one thing."""

    about: str
    gap: str
    sources: tuple[str, ...]
    answers: tuple[str, ...]


def report(services: Services, language: str, *, marked: bool = False) -> Report:
    """Check the table that was sent, in the language of the page; nothing of it is kept."""
    try:
        name, faults, book = check_sent(services, told, language, marked=marked)
    except TableError as error:
        return Report("", Faults(()), told(error.message))
    return Report(name[:120], faults, book=book)


def missing(index: Index, language: str) -> list[Missing]:
    """List the known gaps by what they concern, organisations first."""
    rows = [
        Missing(about, gap, tuple(index.values(gap, DLG + "gapIn")), tuple(index.values(gap, DLG + "answeredBy")))
        for gap in index.sorted(index.all("KnownGap"), language)
        for about in index.values(gap, DLG + "gapAbout") or [""]
    ]
    order = index.sorted({row.about for row in rows}, language)
    return sorted(rows, key=lambda row: (not row.about.startswith(f"{ID}org/"), order.index(row.about)))


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the page: what is missing, where a good table goes, and the fact to correct if the address names one."""
    asked = Asked(arguments.items(multi=True), NAMES)
    kind = asked.one("kind", tuple(correcting.KINDS))
    about = _thing(index, arguments.get("about", ""))
    found = correcting.statement(index, about, arguments.get("fact", ""), language) if about else None
    if found and found.predicate in thing_page.IDENTIFYING:  # the makers of the graph state it, no source does
        found = replace(found, evidence=())
    release = f"{services.saved.release.version} ({services.saved.release.digest[:12]})"
    subject, text = gettext("A table of dialogues"), ""
    if about:
        subject = gettext("A correction: %(name)s", name=index.label(about, language).value)
        text = correcting.message(index, about, found, kind, release, language)
    return {
        "about": about, "short": correcting.short(about), "fact": arguments.get("fact", ""), "found": found,
        "kind": kind, "kinds": correcting.KINDS, "text": text, "graph": release,
        "contact": correcting.by_contact(services.settings, subject, text),
        "repository": correcting.by_repository(services.settings, subject, text) if about else None,
        "home": services.settings.repository, "gaps": missing(index, language), "report": None, "fault_words": FAULTS,
        "most": MOST_FAULTS, "limits": LIMITS, "passages": index.passages,
    }  # fmt: skip


def _thing(index: Index, name: str) -> str:
    """Return the IRI of the thing that an address names, whole or as its page does; nothing where it names none."""
    if not name:
        return ""
    iri = next((each for each in (ID + name, BASE + name, name) if each.startswith(BASE) and each in index), "")
    if not iri:
        raise NotFoundError(f"There is no thing '{cut(name)}'.", parameter="about", given=cut(name))
    return iri
