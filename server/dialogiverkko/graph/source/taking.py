"""Makes the text of a source: the same file gives the same text, and the text is kept outside the repository."""

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
            return normal(_decoded(raw, path)), "text: Unicode NFC, line ends LF"
        case ".html" | ".htm":
            return normal(_of_page(raw, path)), f"HTML: inscriptis {version('inscriptis')} of the main part"
        case ".docx":
            return normal(_of_document(raw, path)), f"DOCX: python-docx {version('python-docx')}"
    raise UsageError(f"{path.name} is of no kind that is read here: its name must end in {', '.join(SUFFIXES)}.")


def _decoded(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8 (byte {error.start}); save it as UTF-8.") from error


def _of_page(raw: bytes, path: Path) -> str:
    try:
        tree = lxml.html.fromstring(raw, parser=lxml.html.HTMLParser(encoding=_encoding(raw)))
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UsageError(f"{path.name} is no page that can be read.") from error
    for part in tree.xpath(_CHROME):
        part.drop_tree()
    found = tree.xpath("//main|//article|//*[@role='main']")
    page = found[0] if found else tree
    text = get_text(lxml.html.tostring(page, encoding="unicode"), ParserConfig(css=CSS_PROFILES["strict"]))
    return str(text)


def _encoding(raw: bytes) -> str:
    head = raw[:2048].lower()
    for name in ("iso-8859-1", "iso-8859-15", "windows-1252"):
        if name.encode() in head:
            return name
    return "utf-8"


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
