"""The text of a source: its rows, its bullets, and where words stand in it."""

import bisect
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_BULLET = re.compile(
    r"(?P<indent>[ \t]*)"
    r"(?P<mark>(?:[•◦▪▫‣⁃∙·■□●○◆◇➢➤►▶✓✔*+–—‒‐-]|[\uf0a7\uf0b7\uf0d8\uf0fc]|o|\d{1,3}[.)]|[a-zåäö]\))[ \t]+)?"
    r"(?P<body>.*?)[ \t]*"
)
"""A line: its indent, the mark of a bullet (Word writes some in a private alphabet, and o), and what it says."""
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Soft hyphens, spaces of no width, marks of direction: nobody sees them, and words copied from a page lose them."""
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_IN_WORDS = str.maketrans("«»", "‹›")
AROUND = 16
"""Characters of a row that stand beside a quotation to find it again."""


def normal(text: str) -> str:
    """Put a text into the form in which it is held: Unicode NFC, line ends LF, plain spaces, nothing unseen."""
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", UNSEEN.sub("", _BREAKS.sub("\n", text))))
    return "\n".join(row.rstrip() for row in text.split("\n")).strip("\n") + "\n"


def digest(text: str) -> str:
    """SHA-256 (lower-case hex) of the UTF-8 bytes of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, order=True)
class Span:
    """Code points from ``start``, ``end`` exclusive."""

    start: int
    end: int

    def holds(self, other: "Span") -> bool:
        """Whether another span lies in this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Row:
    """One line that is not empty: its words without indent and bullet."""

    number: int
    span: Span
    indent: int
    is_bullet: bool


class SourceText:
    """A text that is held."""

    def __init__(self, text: str, numbers: Sequence[int] = ()) -> None:
        self.text = text
        self._numbers = numbers

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[int, str]]) -> "SourceText":
        """Make a text of the rows of tables, a line each; a line is told by the number of its row in its sheet."""
        found = tuple(rows)
        return cls("".join(" ".join(row.split("\n")) + "\n" for _, row in found), [number for number, _ in found])

    @cached_property
    def sha256(self) -> str:
        """Digest of the whole text."""
        return digest(self.text)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The lines that are not empty, in order."""
        found: list[Row] = []
        begin = 0
        for number, line in enumerate(self.text.split("\n"), 1):
            match = _BULLET.fullmatch(line)
            if match and match["body"]:
                start = begin + match.start("body")
                span = Span(start, start + len(match["body"]))
                found.append(Row(number, span, len(match["indent"].expandtabs(4)), match["mark"] is not None))
            begin += len(line) + 1
        return tuple(found)

    def words(self, span: Span) -> str:
        """Return the words of a span."""
        return self.text[span.start : span.end]

    @cached_property
    def _quotable(self) -> str:
        return self.text.translate(_IN_WORDS)

    def quotable(self, span: Span) -> str:
        """Return the words of a span as a reading quotes them: its own marks « and » stand there as ‹ and ›."""
        return self._quotable[span.start : span.end]

    def line_number(self, offset: int) -> int:
        """Return the line, from 1, of a character; in a table the row, as its sheet numbers it."""
        line = self.text.count("\n", 0, offset)
        return self._numbers[line] if line < len(self._numbers) else line + 1

    def line_span(self, offset: int) -> Span:
        """Return the whole line that holds a character."""
        end = self.text.find("\n", offset)
        return Span(self.text.rfind("\n", 0, offset) + 1, len(self.text) if end < 0 else end)

    def around(self, span: Span) -> tuple[str, str]:
        """Return what stands before and after a span in its line."""
        line = self.line_span(span.start)
        end = self.line_span(span.end).end if span.end > line.end else line.end
        return self.text[max(line.start, span.start - AROUND) : span.start], self.text[
            span.end : min(end, span.end + AROUND)
        ]

    def occurrences(self, words: str, within: Span) -> Iterator[Span]:
        """Yield where words stand within a span, in order; they are taken as they are, but for the marks « and »."""
        wanted = words.translate(_IN_WORDS)
        start = self._quotable.find(wanted, within.start, within.end)
        while start >= 0:
            yield Span(start, start + len(wanted))
            start = self._quotable.find(wanted, start + 1, within.end)

    def occurrence(self, words: str, nth: int, within: Span) -> Span | None:
        """Return where words stand for the nth time; of the first time, whole words go before parts of longer ones."""
        found = list(self.occurrences(words, within))
        if nth > 1:
            return found[nth - 1] if len(found) >= nth else None
        return next(filter(self._is_whole, found), next(iter(found), None))

    def _is_whole(self, span: Span) -> bool:
        before, after = self.text[max(0, span.start - 1) : span.start], self.text[span.end : span.end + 1]
        begins, ends = self.text[span.start : span.start + 1], self.text[span.end - 1 : span.end]
        return not (before.isalnum() and begins.isalnum()) and not (after.isalnum() and ends.isalnum())

    def row_at(self, offset: int) -> Row | None:
        """Return the row that holds a character."""
        place = bisect.bisect_right(self.rows, offset, key=lambda row: row.span.start) - 1
        return self.rows[place] if place >= 0 and offset < self.rows[place].span.end else None

    def row_of_line(self, number: int) -> Row | None:
        """Return the row of a line number."""
        place = bisect.bisect_left(self.rows, number, key=lambda row: row.number)
        return self.rows[place] if place < len(self.rows) and self.rows[place].number == number else None

    def excerpt(self, span: Span) -> str:
        """Return the beginning of a span on one line, to show a person."""
        said = " ".join(self.words(span).split())
        return said if len(said) <= 120 else said[:119] + "…"


def ends_of(words: str) -> tuple[str, str]:
    """Return the first and last words of a text, three of each where it has nine or more, else one."""
    tokens = list(re.finditer(r"\S+", words))
    many = 3 if len(tokens) >= 9 else 1
    return words[: tokens[many - 1].end()], words[tokens[-many].start() :]
