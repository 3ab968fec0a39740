"""An answer of a saved query as a book of a spreadsheet, with headings for people and with its citation."""

from collections.abc import Mapping

from flask_babel import gettext as _

from dialogiverkko.saved.answers import Answer
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.web.http import sheets
from dialogiverkko.web.languages import told_in


def of(answer: Answer, language: str) -> bytes:
    """Write an answer for a spreadsheet, with headings for people and with its citation."""
    query = answer.query
    columns = query.columns
    rows = [[_cell(row.get(column)) for column in columns] for row in answer.rows]
    with told_in(language):
        headings = [_heading(query, column, language) for column in columns]
    return sheets.as_xlsx(sheets.Sheet(query.title[language], columns, headings, rows, _about(answer, language)))


def _heading(query: NamedQuery, column: str, language: str) -> str:
    """Name a column; beside one that holds the names of things, theirs holds the addresses."""
    heading = query.heading(column.removesuffix("Label"), language)
    return _("%(column)s (address)", column=heading) if f"{column}Label" in query.columns else heading


def _about(answer: Answer, language: str) -> list[tuple[str, str]]:
    with told_in(language):
        return sheets.provenance(answer.citation(language), answer.release.version, answer.release.digest)


def _cell(value: Mapping[str, str] | None) -> sheets.Cell:
    if value is None:
        return None
    text = value["value"]
    if value.get("datatype", "").endswith(("#integer", "#decimal")) and sheets.is_number(text):
        return float(text) if "." in text else int(text)
    return text
