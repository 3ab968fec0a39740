"""Checks a template that somebody filled; nothing of it is kept."""

from collections.abc import Callable
from dataclasses import replace

from dialogiverkko.graph.tables import worker
from dialogiverkko.graph.tables.annotated import annotate
from dialogiverkko.graph.tables.check import check
from dialogiverkko.graph.tables.columns import DIALOGUES, SHEETS, canonical, recognised
from dialogiverkko.graph.tables.faults import Faults
from dialogiverkko.graph.tables.files import Book, Sheet, TableError
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.limits import PLAIN, Limits
from dialogiverkko.graph.tables.template import add_lists, template_map


def check_filled(
    data: bytes,
    name: str,
    known: Known,
    limits: Limits = PLAIN,
    say: Callable[[str], str] = str,
    language: str | None = None,
    *,
    marked: bool = True,
) -> tuple[Faults, bytes]:
    """Return the faults of a filled template, and where it is wanted the same book with comments and lists.

    ``say`` puts each sentence into the language of the person who sent it; what may be written is told in ``language``,
    or else in that of the template.
    """
    book = worker.read_apart(data, name, limits)
    own, sheets = _sheets(book)
    plan = template_map(own, {title: sheet.header for title, sheet in sheets.items()})
    checked = check(plan, sheets, known.copy(), None, language or own, has_map=False)
    told = Faults.of(checked.faults.found, (*book.notices, *checked.faults.notices), checked.faults.rows)
    faults = told.said(say)
    if not marked:
        return faults, b""
    every = {**sheets, **{title: Sheet(title, tuple(each.titles(own)), ()) for each in SHEETS
                          if (title := each.names[own]) not in sheets}}  # fmt: skip
    given = [(title, replace(sheet, name=title)) for title, sheet in every.items()]
    return faults, annotate(given, faults, say, lambda page: add_lists(page, [sheet for _, sheet in given], known))


def _sheets(book: Book) -> tuple[str, dict[str, Sheet]]:
    """Return the language of a filled template, and its sheets by their names in it; other sheets are not read.

    Raises TableError where none is the template's sheet of dialogues.
    """
    named = [replace(sheet, header=canonical(sheet.header)) for sheet in book.sheets]
    found = [(each, sheet) for sheet in named if (each := recognised(sheet.header, sheet.name)) is not None]
    own = next((language for (template, language), _ in found if template is DIALOGUES), None)
    if own is None:
        hidden = [notice for notice in book.notices if "is hidden" in notice]
        first = ", ".join(DIALOGUES.titles("en")[:4])
        told = f"The columns are not those of the template. Its first columns are {first}."
        raise TableError(" ".join([*hidden, told]))
    sheets: dict[str, Sheet] = {}
    for (template, language), sheet in found:
        if language == own:
            sheets.setdefault(template.names[own], sheet)
    return own, sheets
