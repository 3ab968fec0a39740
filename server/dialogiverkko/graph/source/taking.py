"""Makes the text of a source: the same file gives the same text, and the text is kept outside the repository."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import docx
import lxml.html
from docx.text.paragraph import Paragraph
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.source.text import normal

_CHROME = "//script|//style|//noscript|//template|//nav|//header|//footer|//aside|//form"
"""Parts of a page that are not what it says."""
SUFFIXES = (".txt", ".html", ".htm", ".docx")
MOST_BYTES = 20_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def take(path: Path) -> tuple[str, str]:
    """Return the text of a file and how it was made; raises UsageError for a file that is no text, page or document."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{path.name} has {len(raw)} bytes; a source has at most {MOST_BYTES}.")
    match path.suffix.lower():
        case ".txt":
            text, made = _decoded(raw, path), "text: Unicode NFC, line ends LF"
        case ".html" | ".htm":
            text, made = _of_page(raw, path), f"HTML: inscriptis {version('inscriptis')} of the main part"
        case ".docx":
            text, made = _of_document(raw, path), f"DOCX: python-docx {version('python-docx')}"
        case _:
            kinds = ", ".join(SUFFIXES)
            raise UsageError(f"{path.name} is of no kind that is read here: its name must end in {kinds}.")
    return _checked(normal(text), path), made


def _checked(text: str, path: Path) -> str:
    """Return a text that says something and holds no control characters, which belong to no text."""
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        where = f"control character U+{ord(control[0]):04X} on line {line}"
        raise UsageError(f"{path.name} holds the {where}; save it as plain text.")
    if not text.strip():
        raise UsageError(f"{path.name} has no words.")
    return text


def _decoded(raw: bytes, path: Path, encoding: str = "utf-8-sig") -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise UsageError(f"{path.name} is not {name} (byte {error.start}); save it as UTF-8.") from error


def _of_page(raw: bytes, path: Path) -> str:
    try:
        page = _decoded(raw, path, _encoding(raw)).encode()
        tree = lxml.html.fromstring(page, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UsageError(f"{path.name} is no page that can be read.") from error
    for chrome in tree.xpath(_CHROME):
        chrome.drop_tree()
    found = tree.xpath("//main|//article|//*[@role='main']")
    part = found[0] if found else tree
    text = get_text(lxml.html.tostring(part, encoding="unicode"), ParserConfig(css=CSS_PROFILES["strict"]))
    return str(text)


def _encoding(raw: bytes) -> str:
    head = raw[:2048].lower()
    for name in ("iso-8859-1", "iso-8859-15", "windows-1252"):
        if name.encode() in head:
            return name
    return "utf-8-sig"


def _of_document(raw: bytes, path: Path) -> str:
    try:
        document = docx.Document(BytesIO(raw))
    except Exception as error:  # the library raises what the archive and its XML raise
        raise UsageError(f"{path.name} is no DOCX document that can be read.") from error
    return "\n".join(_lines(document.paragraphs))


def _lines(paragraphs: list[Paragraph]) -> Iterator[str]:
    for paragraph in paragraphs:
        text = " ".join(paragraph.text.split())
        level = _level(paragraph)
        if not text:
            yield ""
        elif level is None:
            yield text
            yield ""
        else:
            yield " " * (level + 1) + "• " + text


def _level(paragraph: Paragraph) -> int | None:
    """Return the depth of a bullet from 0, or None for what is no bullet."""
    name = paragraph.style.name if paragraph.style is not None else ""
    if paragraph._p.xpath("./w:pPr/w:numPr"):
        levels = paragraph._p.xpath("./w:pPr/w:numPr/w:ilvl/@w:val")
        return int(levels[0]) if levels else 0
    if name and name.startswith("List"):
        last = name.rsplit(" ", 1)[-1]
        return int(last) - 1 if last.isdigit() else 0
    return None
