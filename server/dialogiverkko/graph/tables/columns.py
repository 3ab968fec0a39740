"""The sheets and columns of the table that an owner of data fills, in three languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dialogiverkko.graph.tables.meanings import RowKind
from dialogiverkko.namespaces import LANGUAGES, Language

_SEVERAL = ";"


@dataclass(frozen=True)
class TemplateColumn:
    """One column: what it means, its titles by language, the scheme of its list, an example."""

    means: str
    titles: Mapping[str, str]
    scheme: str = ""
    example: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    """What the map says of it beside its meaning."""

    def mapping(self) -> dict[str, str]:
        """Return what map.yaml says of the column."""
        return {"means": self.means, **self.more}


@dataclass(frozen=True)
class TemplateSheet:
    """One sheet of the template: what a row of it is, its names by language, its columns."""

    row: RowKind
    names: Mapping[str, str]
    columns: tuple[TemplateColumn, ...]
    optional: bool = False

    def titles(self, language: str) -> list[str]:
        """List the titles of the columns in a language."""
        return [column.titles[language] for column in self.columns]


def _three(words: str) -> dict[str, str]:
    return dict(zip(LANGUAGES, words.split(" | "), strict=True))


def _column(means: str, titles: str, scheme: str = "", example: str = "", **more: str) -> TemplateColumn:
    return TemplateColumn(means, _three(titles), scheme, example, more)


def _names(example: str = "") -> tuple[TemplateColumn, ...]:
    return (
        _column("name", "Nimi suomeksi | Namn på finska | Name in Finnish", example=example, language="fi"),
        _column("name", "Nimi ruotsiksi | Namn på svenska | Name in Swedish", language="sv"),
        _column("name", "Nimi englanniksi | Namn på engelska | Name in English", language="en"),
    )


_ID = "Tunnus | Kod | Identifier"
DIALOGUES = TemplateSheet(
    "dialogue",
    _three("Dialogit | Dialoger | Dialogues"),
    (
        _column("id", _ID, example="kevatdialogi-2025"),
        *_names("Kevätdialogi 2025"),
        _column("kind", "Laji | Slag | Form", "form"),
        _column("status", "Tila | Status | Status", "status"),
        _column("time", "Aika | Tid | Time", example="12.3.2025"),
        _column("place", "Paikka | Plats | Place", "place", "Turku; Tampere", separator=_SEVERAL),
        _column("theme", "Teema | Tema | Theme", "theme", separator=_SEVERAL),
        _column("method", "Menetelmä | Metod | Method", "method", "Erätauko", separator=_SEVERAL),
        _column(
            "party", "Järjestäjät | Arrangörer | Organisers", "organisation", "OM; Sitra",
            role="organiser", separator=_SEVERAL,
        ),
        _column(
            "party", "Koordinoijat | Samordnare | Coordinators", "organisation", role="coordinator", separator=_SEVERAL
        ),
        _column("party", "Kumppanit | Partner | Partners", "organisation", role="partner", separator=_SEVERAL),
        _column("count", "Osallistujia | Antal deltagare | Participants", example="noin 20", unit="participant"),
        _column("count", "Dialogeja | Antal dialoger | Dialogues", unit="dialogue"),
        _column("language", "Kielet | Språk | Languages", example="fi; sv", separator=_SEVERAL),
        _column("mode", "Tapa | Sätt | Mode", "mode"),
        _column("openness", "Avoimuus | Öppenhet | Openness", "openness"),
        _column("part-of", "Osa (tunnus) | Del av (kod) | Part of (identifier)"),
        _column("page", "Verkkosivu | Webbsida | Web page", example="https://"),
        _column("words", "Sivun sanat | Sidans ord | Words of the page"),
    ),
)  # fmt: skip
ORGANISATIONS = TemplateSheet(
    "organisation",
    _three("Organisaatiot | Organisationer | Organisations"),
    (
        _column("id", _ID, example="palosuojelun-seura"),
        *_names("Palosuojelun seura"),
        _column("kind", "Laji | Slag | Kind", "organisation-kind"),
        _column("homepage", "Kotisivu | Webbplats | Homepage", example="https://"),
    ),
    optional=True,
)
PLACES = TemplateSheet(
    "place",
    _three("Paikat | Platser | Places"),
    (
        _column("id", _ID, example="lohikoski"),
        *_names("Lohikoski"),
        _column("kind", "Laji | Slag | Kind", "place-kind"),
        _column("within", "Sijainti | Läge | Within", "place", "Jyväskylä"),
    ),
    optional=True,
)
SHEETS = (DIALOGUES, ORGANISATIONS, PLACES)
_LEAST = 3


def canonical(header: Iterable[str]) -> tuple[str, ...]:
    """Return a header with the template's titles as the template writes them, whatever their capitals."""
    known = {t.casefold(): t for sheet in SHEETS for language in LANGUAGES for t in sheet.titles(language)}
    return tuple(known.get(title.casefold(), title) for title in header)


def recognised(header: Iterable[str], name: str = "") -> tuple[TemplateSheet, Language] | None:
    """Return which sheet of the template a header is of, and in which language; None where it is none.

    The sheets share their first columns: where a header says no more, the name of the sheet decides.
    """
    given = set(header)
    best: tuple[int, bool, int] = (0, False, 0)
    found: tuple[TemplateSheet, Language] | None = None
    for number, sheet in enumerate(SHEETS):
        for language in LANGUAGES:
            shared = len(given & set(sheet.titles(language)))
            rank = (shared, name.casefold() == sheet.names[language].casefold(), -number)
            if shared >= _LEAST and rank > best:
                best, found = rank, (sheet, language)
    return found
