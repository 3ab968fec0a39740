"""Cells as people write them: the plain kinds, and how each says what is wrong and what would be right."""

import re
import unicodedata
from dataclasses import dataclass

from dialogiverkko.graph.source.text import UNSEEN

MOST_WORDS = 12
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212]\s*")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://[^\s/<>\"{}|\\^`]+\.[^\s<>\"{}|\\^`]+")
_MAIL = re.compile(r"[\w.+-]+(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]+(?:\.|\s?\(dot\)\s?)[\w.-]*\w")
_TELEPHONE = re.compile(r"(?<![\w/.-])(?:\+358|0(?:4\d|50))[ -]?\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{1,4})?(?![\w/-])")
_JOINED = re.compile(r"[;,/&+]|\s(?:ja|och|and|sekä|samt)\s", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d+)?")
_YES = {"yes", "y", "true", "1", "x", "on", "kyllä", "k", "joo", "tosi", "ja", "j", "sant", "✓"}
_NO = {"no", "n", "false", "0", "-", "ei", "e", "epätosi", "nej", "falskt"}
_LANGUAGES = {
    "fi": ("suomi", "finska", "finnish", "suomeksi"),
    "sv": ("ruotsi", "svenska", "swedish", "ruotsiksi", "se"),
    "en": ("englanti", "engelska", "english", "englanniksi", "gb"),
    "se": ("pohjoissaame", "nordsamiska", "northern sámi", "northern sami"),
    "smn": ("inarinsaame", "enaresamiska", "inari sámi", "inari sami"),
    "sms": ("koltansaame", "skoltsamiska", "skolt sámi", "skolt sami"),
    "et": ("viro", "estniska", "estonian"),
    "ru": ("venäjä", "ryska", "russian"),
    "uk": ("ukraina", "ukrainska", "ukrainian"),
    "ar": ("arabia", "arabiska", "arabic"),
    "fa": ("persia", "farsi", "dari", "persiska", "persian"),
    "so": ("somali", "somaliska"),
    "ku": ("kurdi", "kurdiska", "kurdish"),
    "zh": ("kiina", "kinesiska", "chinese"),
    "es": ("espanja", "spanska", "spanish"),
    "de": ("saksa", "tyska", "german"),
    "fr": ("ranska", "franska", "french"),
    "it": ("italia", "italienska", "italian"),
    "lv": ("latvia", "lettiska", "latvian"),
    "lt": ("liettua", "litauiska", "lithuanian"),
    "vi": ("vietnam", "vietnamesiska", "vietnamese"),
    "th": ("thai", "thaimaa", "thailändska"),
    "rom": ("romani", "romska", "romany"),
    "fse": ("suomalainen viittomakieli", "finskt teckenspråk", "finnish sign language", "viittomakieli"),
}
_LANGUAGE_OF = {word: code for code, words in _LANGUAGES.items() for word in words} | {c: c for c in _LANGUAGES}


class CellError(ValueError):
    """A cell cannot be read; says by a code what kind of fault, what is wrong, and what would be right."""

    def __init__(self, code: str, wrong: str, right: str) -> None:
        super().__init__(f"{wrong} {right}")
        self.code = code
        self.wrong = wrong
        self.right = right


@dataclass(frozen=True)
class Point:
    """A place on the globe, in degrees of WGS 84."""

    latitude: float
    longitude: float


def tidy(text: str) -> str:
    """Return a cell's text in Unicode NFC, its spaces and ends of line plain spaces, without what nobody sees."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", UNSEEN.sub("", text))).strip()


def plain_dashes(text: str) -> str:
    """Return the text with every kind of dash and its spaces made one en dash."""
    return _DASHES.sub("–", text)


def parts(text: str, separator: str = ";") -> list[str]:
    """List the values of a cell that holds several; empty ones fall away."""
    return [part for part in (tidy(piece) for piece in text.split(separator)) if part]


def languages(text: str) -> list[str]:
    """List the languages of a cell, however they are joined: «suomi ja ruotsi», «fi/sv», «finska och svenska»."""
    return [part for part in (tidy(piece) for piece in _JOINED.split(text)) if part]


def read_yes_no(text: str) -> bool:
    """Return the truth that a cell says in Finnish, Swedish or English."""
    word = tidy(text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("not-yes-or-no", f"«{text}» is neither yes nor no.", "Write yes or no (kyllä, ei; ja, nej).")


def read_language(text: str) -> str:
    """Return the BCP 47 tag of a language named by its code or by its name."""
    word = tidy(text).casefold()
    found = _LANGUAGE_OF.get(word) or _LANGUAGE_OF.get(word.removesuffix("n kieli").removesuffix(" kieli"))
    if word == "se":  # a code of a Sámi language, and of a country; people mean the language
        return "se"
    if found is None:
        raise CellError(
            "unknown-language", f"«{text}» is no language that is known here.", "Write a code such as fi, sv, en or se."
        )
    return found


def read_identifier(text: str) -> str:
    """Return a lasting identifier: small letters a to z, digits, single hyphens."""
    word = tidy(text)
    if not _SLUG.fullmatch(word):
        raise CellError(
            "not-an-identifier",
            f"«{text}» cannot be an identifier.",
            f"Write small letters a to z, digits and hyphens, such as {slug(word) or 'kevaan-dialogit'}.",
        )
    return word


def slug(text: str) -> str:
    """Return an identifier made of a name: å and ä as a, ö as o, what is none of a to z or 0 to 9 a hyphen."""
    folded = unicodedata.normalize("NFKD", tidy(text).casefold().replace("ß", "ss"))
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def read_address(text: str) -> str:
    """Return the address of a public page."""
    word = text.strip()
    if not _ADDRESS.fullmatch(word):
        hint = f"https://{word}" if re.fullmatch(r"[\w.-]+\.[a-z]{2,}(/\S*)?", word) else "https://example.fi/page"
        raise CellError("not-an-address", f"«{text}» is no address of a web page.", f"Write it whole, such as {hint}.")
    return word


def read_words(text: str) -> str:
    """Return the words of a page that stand as evidence: a phrase, never a whole text."""
    words = tidy(text)
    if len(words.split()) > MOST_WORDS:
        raise CellError(
            "words-too-long",
            f"«{words[:40]}…» has {len(words.split())} words.",
            f"Quote at most {MOST_WORDS} words that say the fact.",
        )
    return words


def read_degrees(text: str, least: float, most: float) -> float:
    """Return a latitude or longitude in degrees."""
    word = tidy(text)
    if not _NUMBER.fullmatch(word):
        raise CellError("not-a-number", f"«{text}» is no number of degrees.", "Write such as 60.16952.")
    value = float(word.replace(",", "."))
    if not least <= value <= most:
        raise CellError(
            "out-of-range", f"{word} lies outside {least:g} to {most:g} degrees.", "Are latitude and longitude swapped?"
        )
    return value


def refuse_persons(text: str) -> None:
    """Raise CellError where a cell holds an e-mail address or a telephone number."""
    if _MAIL.search(text):
        raise CellError("personal-data", "The cell holds an e-mail address.", "Leave persons and their addresses out.")
    if _TELEPHONE.search(text):
        raise CellError("personal-data", "The cell holds a telephone number.", "Leave persons and their numbers out.")


def refuse_controls(text: str) -> None:
    """Raise CellError where a cell holds characters that no person writes."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") and character not in "\t\n\r":
            raise CellError(
                "control-character",
                f"The cell holds the character U+{ord(character):04X}.",
                "Remove what cannot be seen; copy the text as plain text.",
            )
        if character == "\ufffd":
            raise CellError(
                "lost-character",
                "A letter was lost when the file was saved (�).",
                "Save it again as UTF-8 from the origin.",
            )
