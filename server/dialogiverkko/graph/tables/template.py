"""The table that an owner of data fills: a book in three languages with lists to choose from, a CSV, and its map."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import yaml
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dialogiverkko.graph.tables.annotated import harmless
from dialogiverkko.graph.tables.columns import DIALOGUES, SHEETS, TemplateSheet, recognised
from dialogiverkko.graph.tables.files import Sheet
from dialogiverkko.graph.tables.known import FORMS, Known
from dialogiverkko.graph.tables.mapping import Map
from dialogiverkko.graph.tables.xlsxfile import LISTS

_HELP = {
    "fi": ("Esimerkki", "Useat arvot erotetaan puolipisteellä. Henkilöiden nimiä tai yhteystietoja ei oteta."),
    "sv": ("Exempel", "Flera värden skiljs åt med semikolon. Namn på personer eller kontaktuppgifter tas inte emot."),
    "en": ("Example", "Several values are parted by a semicolon. No names of persons, no contact details."),
}
_NEW = """# Organisations and places that the graph does not know have sheets of their own.
# What else is new is declared here:
# new:
#   themes:
#     fire-safety: {name: {fi: …, sv: …, en: …}, definition: {fi: …, sv: …, en: …}}
"""
_ROWS = 500
_LONGEST_LIST = 1_000
_ONE_OF = ("form", "status", "mode", "openness", "organisation-kind", "place-kind")
FILE = "dialogues.xlsx"


def _table(sheet: TemplateSheet, language: str, header: Iterable[str] | None) -> dict[str, object]:
    """Return what the map says of one sheet; of the columns that a filled sheet lacks only the necessary one."""
    present = set(sheet.titles(language) if header is None else header)
    columns = {
        column.titles[language]: column.mapping()
        for column in sheet.columns
        if column.means == "id" or column.titles[language] in present
    }
    named = {"file": FILE, "sheet": sheet.names[language], "row": sheet.row}
    return {**named, **({"optional": True} if sheet.optional else {}), "columns": columns}


def _mapping(
    language: str, slug: str, day: str, headers: Mapping[str, Iterable[str]] | None = None
) -> dict[str, object]:
    """Return the map of the template in a language, as map.yaml holds it."""
    titles = {"fi": f"Dialogit: {slug}", "sv": f"Dialoger: {slug}", "en": f"Dialogues: {slug}"}
    tables = {
        name: _table(sheet, language, None if headers is None else headers.get(name))
        for sheet in SHEETS
        for name in (sheet.names[language],)
    }
    return {
        "source": {"slug": slug, "title": titles, "reference-date": day, "language": language},
        "tables": tables,
    }


def template_map(language: str, headers: Mapping[str, Iterable[str]]) -> Map:
    """Return the map of a filled template in a language, by the headers that its sheets have."""
    return Map.model_validate(_mapping(language, "template", "2026-01-01", headers))


def map_text(language: str, slug: str, day: str) -> str:
    """Write the map.yaml that goes with a filled template; its keeper mends the title."""
    return yaml.safe_dump(_mapping(language, slug, day), allow_unicode=True, sort_keys=False, width=110) + _NEW


def choices(known: Known, language: str) -> Mapping[str, list[str]]:
    """Return what may be chosen in the columns that have a list, in a language."""
    schemes = {column.scheme for sheet in SHEETS for column in sheet.columns} - {"", "form"}
    found = {scheme: sorted(known.by_language(scheme, language))[:_LONGEST_LIST] for scheme in schemes}
    return {**found, "form": [names[language] for names in FORMS.values()]}


def as_csv(language: str) -> bytes:
    """Write the template as CSV that spreadsheets open with its letters right."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(DIALOGUES.titles(language))
    return ("\ufeff" + out.getvalue()).encode()


def as_book(known: Known, language: str) -> bytes:
    """Write the template as an Excel book with lists to choose from, an example in each title's comment."""
    book = Workbook()
    word, note = _HELP[language]
    for number, sheet in enumerate(SHEETS):
        page = book.active if number == 0 else book.create_sheet()
        assert isinstance(page, Worksheet)  # noqa: S101  # a new book has one
        page.title = sheet.names[language]
        for at, column in enumerate(sheet.columns, 1):
            cell = page.cell(1, at, column.titles[language])
            cell.font = Font(bold=True)
            told = f"{word}: {column.example}\n" if column.example else ""
            cell.comment = Comment(told + note, "Dialogiverkko", height=110, width=280)
            page.column_dimensions[get_column_letter(at)].width = 22
        page.freeze_panes = "A2"
    add_lists(book, [Sheet(s.names[language], tuple(s.titles(language)), ()) for s in SHEETS], known)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def add_lists(book: Workbook, sheets: Sequence[Sheet], known: Known) -> None:
    """Let what has a list be chosen in the sheets of a book that are the template's; a hidden sheet holds the words."""
    where: dict[str, str] = {}
    for page, sheet in zip(book.worksheets, sheets, strict=False):
        found = recognised(sheet.header, sheet.name)
        if found is None:
            continue
        template, language = found
        if template.columns[0].titles[language] not in sheet.header:  # a table that shares titles with ours by chance
            continue
        if not where:
            where = _lists(book.create_sheet(LISTS), choices(known, language))
        by_title = {column.titles[language]: column for column in template.columns}
        for number, title in enumerate(sheet.header, 1):
            column = by_title.get(title)
            if column is not None and column.scheme in where:
                _choose(page, get_column_letter(number), sheet.header_line, column.scheme, where[column.scheme])


def _choose(page: Worksheet, letter: str, header_line: int, scheme: str, formula: str) -> None:
    """Let the cells of a column be chosen from a list."""
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    rule.showErrorMessage = scheme in _ONE_OF  # other cells may hold several, or what is not known yet
    rule.add(f"{letter}{header_line + 1}:{letter}{header_line + _ROWS}")
    page.add_data_validation(rule)


def _lists(sheet: Worksheet, lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Write the lists to a hidden sheet of their own; return where each stands."""
    sheet.sheet_state = "hidden"
    where: dict[str, str] = {}
    for number, (scheme, words) in enumerate(sorted(lists.items()), 1):
        letter = get_column_letter(number)
        sheet.cell(1, number, scheme)
        row = 1
        for row, word in enumerate(words, 2):
            sheet.cell(row, number, harmless(word))
        if row > 1:
            where[scheme] = f"{LISTS}!${letter}$2:${letter}${row}"
    return where
