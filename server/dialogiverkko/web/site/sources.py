"""The sources as pages tell them: what each is, its language and page, and how a passage of it is quoted and opened."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from babel import Locale, UnknownLocaleError
from flask_babel import gettext
from pyoxigraph import Literal

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DCTERMS, DLG, FOAF, ID, PROV
from dialogiverkko.web.site.as_query import AUTHORITY
from dialogiverkko.web.site.index import RDFS_LABEL, Index, is_page

FOAF_PAGE = FOAF + "page"
REVISION = PROV + "wasRevisionOf"
_CODES = {"FIN": "fi", "SWE": "sv", "ENG": "en", "SMI": "se", "SME": "se", "RUS": "ru", "EST": "et", "ARA": "ar",
          "SOM": "so", "UKR": "uk", "FAS": "fa", "KUR": "ku", "DEU": "de", "FRA": "fr", "SPA": "es",
          "SMN": "smn", "SMS": "sms", "ZHO": "zh", "TUR": "tr", "VIE": "vi", "SQI": "sq", "THA": "th", "DAN": "da",
          "NOR": "no", "ROM": "rom", "FSE": "fse"}  # fmt: skip
"""Codes of the European authority table of languages, as web pages write them."""
_SHORT = 12
"""Words shorter than this are told apart by what stands before them."""


@dataclass(frozen=True)
class Source:
    """One source: what it is, where it is, of which day, and how much of the graph rests on it."""

    iri: str
    slug: str
    kind: str
    page: str
    language: str
    publishers: tuple[str, ...]
    issued: str
    reference_date: str
    retrieved: str
    passages: int
    holds_text: bool
    earlier: tuple[str, ...]
    later: tuple[str, ...]


def slug_of(document: str) -> str:
    """Return the name of a source in an address."""
    return document.removeprefix(f"{ID}doc/")


def code(language: str) -> str:
    """Return the code of a language of the European authority table; nothing of one that is not known."""
    return _CODES.get(language.removeprefix(AUTHORITY), "")


def language_name(language: str, reader: str) -> str:
    """Return the name of a language of the European authority table in the reader's; else its code."""
    short = code(language)
    try:
        name = Locale.parse(reader).languages.get(short, "") if short else ""
    except UnknownLocaleError:
        name = ""
    return name or language.removeprefix(AUTHORITY)


def language_of(index: Index, passage: Passage) -> str:
    """Return the code of the language that a passage is in: that of its words, or else that of its source."""
    quotations = index.said(passage.iri, DLG + "quotation")
    quotation = next((each for each in quotations if isinstance(each, Literal) and each.language), None)
    if quotation is not None and quotation.language:
        return quotation.language
    return code(index.value(passage.document, DCTERMS + "language")) or "fi"


def is_row(index: Index, passage: Passage) -> bool:
    """Whether a passage is a row or a cell of a table."""
    return index.value(passage.document, DLG + "sourceKind").endswith("/table")


def spot(index: Index, passage: Passage) -> str:
    """Return where in its source a passage stands: its line, or in a table its row, and the sheet of several."""
    if not passage.line:
        return ""
    if not is_row(index, passage):
        return f"{gettext('line')} {passage.line}"
    sheet = _sheet(index, passage)
    return (f"{sheet}, " if sheet else "") + f"{gettext('row')} {passage.line}"


def _sheet(index: Index, passage: Passage) -> str:
    """Return the name of the sheet of a passage, which has no language; nothing where a table has one sheet alone."""
    return index.texts(index.value(passage.iri, DLG + "inSection"), RDFS_LABEL).get("", "")


def anchor(index: Index, passage: Passage) -> str:
    """Return what the line of a passage is called on the page of its source; each sheet of several has a row 2."""
    section = index.value(passage.iri, DLG + "inSection").rsplit("/", 1)[-1]
    return f"{section}-L{passage.line}" if _sheet(index, passage) else f"L{passage.line}"


@lru_cache(maxsize=6)
def every(index: Index, language: str) -> Sequence[Source]:
    """List the sources: those of which the text is held first, each group by name."""
    held: Mapping[str, tuple[int, bool]] = index.once("held", held_of)
    found = [
        Source(
            iri, slug_of(iri), index.value(iri, DLG + "sourceKind"), index.value(iri, FOAF_PAGE),
            index.value(iri, DCTERMS + "language"), tuple(index.values(iri, DCTERMS + "publisher")),
            index.value(iri, DCTERMS + "issued"), index.value(iri, DLG + "referenceDate"),
            index.value(iri, DLG + "retrievedOn"), *held[iri],
            tuple(index.values(iri, REVISION)), tuple(index.pointing(iri, REVISION)),
        )
        for iri in index.sorted(index.all("SourceDocument"), language)
    ]  # fmt: skip
    return sorted(found, key=lambda source: not source.holds_text)


def held_of(index: Index) -> dict[str, tuple[int, bool]]:
    """Return for each source how many passages it has that are no sections, and whether its text is held."""
    sections = Counter(index.passages.document(section) for section in index.all("Section"))
    return {
        iri: (index.passages.count(iri) - sections[iri], index.passages.has_text(iri))
        for iri in index.all("SourceDocument")
    }


def fragment(index: Index, passage: Passage) -> str:
    """Return the address that opens a passage's own page at its words, by a text fragment; nothing without a page."""
    page = index.value(passage.document, FOAF_PAGE)
    if not page or is_page(passage):
        return page
    if not passage.exact:
        return f"{page}#:~:text={_encoded(passage.opening)},{_encoded(passage.closing)}"
    before = passage.prefix.strip()
    head = f"{_encoded(before)}-," if before and len(passage.exact) < _SHORT else ""
    return f"{page}#:~:text={head}{_encoded(passage.exact)}"


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


@lru_cache(maxsize=4_096)
def host(index: Index, document: str, language: str = "") -> str:
    """Return where a source is, in short: the host of its page, else what it is called, or its name in an address."""
    name = urlsplit(index.value(document, FOAF_PAGE)).hostname or ""
    called = index.label(document, language).value if language else slug_of(document)
    return name.removeprefix("www.") or called
