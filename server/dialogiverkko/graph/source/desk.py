"""Lays a text beside its reading: what of it is read, by which line, what is left, and what is wrong as it stands."""

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import load
from dialogiverkko.graph.source.compiling import Compiled, Seen, compile_reading
from dialogiverkko.graph.source.marks import Marked, read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.outcomes import told_outcomes
from dialogiverkko.graph.source.problems import Problem
from dialogiverkko.graph.source.skeleton import Openings
from dialogiverkko.graph.source.text import Row, SourceText, Span
from dialogiverkko.graph.source.workflow import compile_sources, held_text, own_files, reading_path


@dataclass(frozen=True)
class View:
    """What a person sees of a reading as it stands."""

    rows: tuple[dict[str, Any], ...] = ()
    problems: tuple[dict[str, Any], ...] = ()
    todo: tuple[dict[str, Any], ...] = ()
    is_form: bool = True
    """Whether it has the form of a reading; if not, nothing is known of the rows."""

    def as_json(self) -> dict[str, Any]:
        """Return it for the page."""
        return {"rows": self.rows, "problems": self.problems, "todo": self.todo, "isForm": self.is_form}


@dataclass
class Desk:
    """One source on the desk: its text, its reading, and the names that the graph knows beside it."""

    assets: Assets
    slug: str
    folder: Path | None = None
    given: Path | None = None
    book: Namebook = field(init=False)
    known: list[tuple[str, str, str]] = field(init=False)
    """Kind, name and labels of what may be named."""
    text: SourceText | None = field(init=False)
    title: str = field(init=False)
    language: str = field(init=False)
    page: str = field(init=False)

    def __post_init__(self) -> None:
        """Read the graph beside the source, once; raise UsageError where the reading or its text is not there."""
        own = set(own_files(self.assets, self.slug))
        base = load(self.assets, without=lambda path: path in own)
        self.book = Namebook.of(base)
        self.known = list(self.book.labelled())
        reading, _, problems = read_reading(self.reading())
        if reading is None:
            raise UsageError("\n".join(problem.text() for problem in problems))
        self.text = held_text(reading, self.folder, self.given)
        source = reading.source
        self.language, self.page = (source.language or ("fi",))[0], source.page
        self.title = source.title.texts().get(self.language, source.slug)

    @property
    def path(self) -> Path:
        """The file of the reading."""
        return reading_path(self.assets, self.slug)

    def reading(self) -> str:
        """Return the reading as it is in its file."""
        return self.path.read_text(encoding="utf-8")

    def look(self, yaml_text: str) -> View:
        """Compile a reading in memory, and lay it beside the text."""
        reading, marked, problems = read_reading(yaml_text)
        if reading is None:
            return View((), _placed(problems, marked), is_form=False)
        compiled = compile_reading(reading, self.book, self.text)
        todo = tuple({"line": marked.at(path)[0], "language": language} for path, language in compiled.todo)
        return View(tuple(self._rows(compiled, marked)), _placed(compiled.problems, marked), todo)

    def save(self, yaml_text: str, before: str) -> str:
        """Write the reading and return its digest; raise UsageError where the file is not the one that was taken up."""
        if digest_of(self.reading()) != before:
            raise UsageError("The file has changed since it was taken up here; keep a copy of yours and load it anew.")
        new = self.path.with_name(self.path.name + ".new")
        new.write_text(yaml_text, encoding="utf-8", newline="\n")
        new.replace(self.path)
        return digest_of(yaml_text)

    def compile(self) -> tuple[list[str], list[str]]:
        """Compile what is saved into the graph's files, as ``source compile`` does; return what is said and wrong."""
        return told_outcomes(compile_sources(self.assets, [self.slug], self.folder, self.given))

    def _rows(self, compiled: Compiled, marked: Marked) -> Iterator[dict[str, Any]]:
        if self.text is None:
            return
        of_row: dict[int, list[Seen]] = defaultdict(list)
        ends = [(row.span.end, row.number) for row in self.text.rows]
        place = 0
        for seen in compiled.seen:
            while place < len(ends) and ends[place][0] <= seen.span.start:
                place += 1
            if place < len(ends):
                of_row[ends[place][1]].append(seen)
        unread, openings = set(compiled.unread), Openings(self.text)
        for row in self.text.rows:
            yield _row(self.text, row, of_row[row.number], marked, row.number in unread) | {"opening": openings.of(row)}


def digest_of(text: str) -> str:
    """Return the SHA-256 of a reading, by which a file is known to be the one that was taken up."""
    return hashlib.sha256(text.encode()).hexdigest()


def _row(text: SourceText, row: Row, seen: list[Seen], marked: Marked, is_unread: bool) -> dict[str, Any]:
    kinds = {each.kind for each in seen}
    state = "heading" if "heading" in kinds else "item"
    if is_unread:
        state = "waiting" if "waiting" in kinds else "unread"
    holders = [each for each in seen if each.kind != "words"]
    return {
        "number": row.number,
        "indent": row.indent,
        "isBullet": row.is_bullet,
        "state": state,
        "line": marked.at(holders[0].path)[0] if holders else 0,
        "scopes": [[each.span.start - row.span.start, each.span.end - row.span.start] for each in holders],
        "parts": list(_parts(text, row, [each for each in seen if each.kind == "words"], marked)),
    }


def _parts(text: SourceText, row: Row, seen: list[Seen], marked: Marked) -> Iterator[dict[str, Any]]:
    """Cut a row where quotations begin and end; each piece leads to the line of the narrowest that holds it."""
    within = [each for each in seen if row.span.holds(each.span)]
    cuts = sorted({row.span.start, row.span.end, *(n for each in within for n in (each.span.start, each.span.end))})
    for start, end in itertools.pairwise(cuts):
        piece = Span(start, end)
        over = sorted((each for each in within if each.span.holds(piece)), key=lambda s: s.span.end - s.span.start)
        said = [{"line": marked.at(each.path)[0], "key": _key(each)} for each in over]
        yield {"text": text.words(piece), "said": said}


def _key(seen: Seen) -> str:
    """Return the key of the reading under which words stand."""
    return next((part for part in reversed(seen.path) if isinstance(part, str)), "")


def _placed(problems: tuple[Problem, ...], marked: Marked) -> tuple[dict[str, Any], ...]:
    rows = sorted((marked.at(problem.path), problem.text()) for problem in problems)
    return tuple({"line": line, "column": column, "text": text} for (line, column), text in rows)
