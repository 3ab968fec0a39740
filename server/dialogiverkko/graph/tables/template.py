"""The table that an owner of missing data fills: in three languages, with lists to choose from, and its check."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import yaml
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dialogiverkko.graph.tables import worker
from dialogiverkko.graph.tables.annotated import annotate, harmless
from dialogiverkko.graph.tables.check import check
from dialogiverkko.graph.tables.faults import Faults
from dialogiverkko.graph.tables.files import Sheet, TableError
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.limits import PLAIN, Limits
from dialogiverkko.graph.tables.mapping import Map


def _column(means: str, titles: str, scheme: str = "", example: str = "", **more: str) -> tuple[object, ...]:
    """Return one column: scheme of its list, what it means, its titles in fi, sv and en, an example."""
    return (scheme, {"means": means, **more}, *titles.split(" | "), example)


_SEVERAL = ";"
_COLUMNS = (
    _column("id", "Tunnus | Kod | Identifier", example="kevatdialogi-2025"),
    _column("name", "Nimi suomeksi | Namn på finska | Name in Finnish", example="Kevätdialogi 2025", language="fi"),
    _column("name", "Nimi ruotsiksi | Namn på svenska | Name in Swedish", language="sv"),
    _column("name", "Nimi englanniksi | Namn på engelska | Name in English", language="en"),
    _column("kind", "Laji | Slag | Form", "form"),
    _column("status", "Tila | Status | Status", "status"),
    _column("time", "Aika | Tid | Time", example="12.3.2025"),
    _column("place", "Paikka | Plats | Place", "place", "Turku; Tampere", separator=_SEVERAL),
    _column("theme", "Teema | Tema | Theme", "theme", separator=_SEVERAL),
    _column("method", "Menetelmä | Metod | Method", "method", "Erätauko", separator=_SEVERAL),
    _column(
        "party", "Järjestäjät | Arrangörer | Organisers", "organisation", "OM; Sitra", role="organiser", separator=";"
    ),
    _column("party", "Koordinoijat | Samordnare | Coordinators", "organisation", role="coordinator", separator=";"),
    _column("party", "Kumppanit | Partner | Partners", "organisation", role="partner", separator=_SEVERAL),
    _column("count", "Osallistujia | Antal deltagare | Participants", example="noin 20", unit="participant"),
    _column("count", "Dialogeja | Antal dialoger | Dialogues", unit="dialogue"),
    _column("language", "Kielet | Språk | Languages", example="fi; sv", separator=_SEVERAL),
    _column("mode", "Tapa | Sätt | Mode", "mode"),
    _column("openness", "Avoimuus | Öppenhet | Openness", "openness"),
    _column("part-of", "Osa (tunnus) | Del av (kod) | Part of (identifier)"),
    _column("page", "Verkkosivu | Webbsida | Web page", example="https://"),
    _column("words", "Sivun sanat | Sidans ord | Words of the page"),
)
_LANGUAGES = {"fi": 2, "sv": 3, "en": 4}
_FORMS = dict(
    zip(
        (
            *("Tapahtuma", "Sarja", "Käytäntö", "Tukitoiminta", "Muoto ei tiedossa"),
            *("Evenemang", "Serie", "Praxis", "Stödverksamhet", "Formen okänd"),
            *("Event", "Series", "Practice", "Support", "Form unstated"),
        ),
        ("event", "series", "practice", "support", "unstated") * 3,
        strict=True,
    )
)
_HELP = {
    "fi": ("Esimerkki", "Useat arvot erotetaan puolipisteellä. Henkilöiden nimiä tai yhteystietoja ei oteta."),
    "sv": ("Exempel", "Flera värden skiljs åt med semikolon. Namn på personer eller kontaktuppgifter tas inte emot."),
    "en": ("Example", "Several values are parted by a semicolon. No names of persons, no contact details."),
}
_NEW = """# What the table names first is declared here, each once (kinds: dialogiverkko source names organisation-kind)
# new:
#   organisations:
#     paloseura: {name: {fi: Paloseura, sv: Brandföreningen, en: Fire Society}, kind: association}
#   themes:
#     fire-safety: {name: {fi: …, sv: …, en: …}, definition: {fi: …, sv: …, en: …}}
"""
_ROWS = 500
_LONGEST_LIST = 1_000
_ONE_OF = ("form", "status", "mode", "openness")


def titles(language: str) -> list[str]:
    """List the titles of the columns in a language."""
    return [str(column[_LANGUAGES[language]]) for column in _COLUMNS]


def _mapping(language: str, slug: str, day: str) -> dict[str, object]:
    """Return the map of the template in a language, as map.yaml holds it."""
    columns = {str(column[_LANGUAGES[language]]): column[1] for column in _COLUMNS}
    titles_ = {"fi": f"Dialogit: {slug}", "sv": f"Dialoger: {slug}", "en": f"Dialogues: {slug}"}
    return {
        "source": {"slug": slug, "title": titles_, "reference-date": day, "language": language},
        "tables": {"dialogues": {"file": "dialogues.xlsx", "row": "dialogue", "columns": columns}},
        "values": {"form": _FORMS},
    }


def template_map(language: str) -> Map:
    """Return the map of the template in a language."""
    return Map.model_validate(_mapping(language, "template", "2026-01-01"))


def map_text(language: str, slug: str, day: str) -> str:
    """Write the map.yaml that goes with a filled template; its keeper mends the title."""
    return yaml.safe_dump(_mapping(language, slug, day), allow_unicode=True, sort_keys=False, width=110) + _NEW


def choices(known: Known, language: str) -> Mapping[str, list[str]]:
    """Return what may be chosen in the columns that have a list, in a language."""
    found = {
        scheme: sorted(known.by_language(scheme, language))[:_LONGEST_LIST]
        for scheme in {str(column[0]) for column in _COLUMNS} - {"", "id", "form"}
    }
    start = list(_LANGUAGES).index(language) * 5
    return {**found, "form": list(_FORMS)[start : start + 5]}


def as_csv(language: str) -> bytes:
    """Write the template as CSV that spreadsheets open with its letters right."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles(language))
    return ("\ufeff" + out.getvalue()).encode()


def as_book(known: Known, language: str) -> bytes:
    """Write the template as an Excel book with lists to choose from, an example in each title's comment."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new book has one
    sheet.title = "dialogues"
    lists = book.create_sheet("lists")
    where = _lists(lists, choices(known, language))
    word, note = _HELP[language]
    for number, (scheme, _, *rest) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(1, number, str(rest[_LANGUAGES[language] - 2]))
        cell.font = Font(bold=True)
        told = f"{word}: {rest[-1]}\n" if rest[-1] else ""
        cell.comment = Comment(told + note, "Dialogiverkko", height=110, width=280)
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 22
        if scheme in where:
            rule = DataValidation(type="list", formula1=where[scheme], allow_blank=True)
            rule.showErrorMessage = scheme in _ONE_OF  # other cells may hold several, or what is not known yet
            rule.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    lists.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lists(sheet: Worksheet, lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Write the lists to a sheet of their own; return where each stands."""
    where: dict[str, str] = {}
    for number, (scheme, words) in enumerate(sorted(lists.items()), 1):
        letter = get_column_letter(number)
        sheet.cell(1, number, scheme)
        row = 1
        for row, word in enumerate(words, 2):
            sheet.cell(row, number, harmless(word))
        if row > 1:
            where[scheme] = f"lists!${letter}$2:${letter}${row}"
    return where


def language_of(sheet: Sheet) -> str:
    """Return the language in which a filled template is; raise TableError where it is none."""
    found = {code: len(set(titles(code)) & set(sheet.header)) for code in _LANGUAGES}
    best = max(found, key=lambda code: found[code])
    if found[best] < 3:  # a table of other columns
        raise TableError(
            "The columns are not those of the template. Its first columns are " + ", ".join(titles("en")[:4]) + "."
        )
    return best


def check_filled(
    data: bytes, name: str, known: Known, limits: Limits = PLAIN, say: Callable[[str], str] = str
) -> tuple[Faults, bytes]:
    """Check a filled template, which is not kept; return the faults, and the same table with comments in its cells.

    ``say`` puts each sentence into the language of the person who sent it.
    """
    book = worker.read_apart(data, name, limits)
    sheet = book.sheets[0]
    plan = template_map(language_of(sheet))
    checked = check(plan, {"dialogues": sheet}, known.copy())
    found = [replace(fault, wrong=say(fault.wrong), right=say(fault.right)) for fault in checked.faults.found]
    faults = Faults.of(found, map(say, (*book.notices, *checked.faults.notices)), checked.faults.rows)
    return faults, annotate([("dialogues", sheet)], faults, say)
