"""Reports where each source stands: what is read of it, what its words bear, what is to be translated."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import load, read_file
from dialogiverkko.graph.source.compiling import Compiled, all_activities, compile_reading, names_of
from dialogiverkko.graph.source.marks import read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.reading import Reading
from dialogiverkko.graph.source.text import SourceText
from dialogiverkko.graph.source.workflow import held_text, own_files, reading_path, slugs
from dialogiverkko.namespaces import OA

_COMPILED = {True: "compiled", False: "to be compiled", None: "compiled once; whether anew is not known"}


@dataclass(frozen=True)
class Standing:
    """What is to be told of a source."""

    slug: str
    kind: str = ""
    activities: int = 0
    lines: int = 0
    """Lines of the text that say something."""
    unread: tuple[int, ...] = ()
    coverage: float | None = None
    """How many of a hundred characters of the text lie under a quotation, where the text is at hand."""
    todo: int = 0
    problems: int = 0
    is_compiled: bool | None = False
    """Whether the files are what the reading compiles to; None where that cannot be told without its text."""
    text: str = ""
    """Whether a text is held, and at hand."""

    def sentence(self) -> str:
        """Return it on one line."""
        parts = [f"{self.slug}: {self.kind or 'no reading'}", f"{self.activities} activities"]
        if self.lines:
            read = self.lines - len(self.unread)
            parts.append(f"{read} of {self.lines} lines read")
        if self.unread:
            shown = ", ".join(map(str, self.unread[:12])) + (" …" if len(self.unread) > 12 else "")
            parts.append(f"not read: {shown}")
        if self.coverage is not None:
            parts.append(f"{self.coverage:.0f} % of its characters quoted")
        if self.todo:
            parts.append(f"{self.todo} texts to translate")
        if self.problems:
            parts.append(f"{self.problems} faults (source compile {self.slug} tells them)")
        parts.append(self.text)
        parts.append(_COMPILED[self.is_compiled])
        return "; ".join(part for part in parts if part)


def standing(assets: Assets, folder: Path | None) -> Iterator[Standing]:
    """Yield where each source stands."""
    read = {slug: read_reading(reading_path(assets, slug).read_text(encoding="utf-8")) for slug in slugs(assets)}
    readings = {slug: reading for slug, (reading, _, _) in read.items() if reading is not None}
    own = {path for slug in readings for path in own_files(assets, slug)}
    book = Namebook.of(load(assets, without=lambda path: path in own))
    names = {slug: list(names_of(reading)) for slug, reading in readings.items()}
    for slug, (reading, _, faults) in read.items():
        if reading is None:
            yield Standing(slug, problems=len(faults))
            continue
        others = [pair for other, pairs in names.items() if other != slug for pair in pairs]
        yield _of(assets, reading, book.with_names(others), folder)


def _of(assets: Assets, reading: Reading, book: Namebook, folder: Path | None) -> Standing:
    slug, source = reading.source.slug, reading.source
    activities = sum(1 for _, each in all_activities(reading) if each.id)
    try:
        text = held_text(reading, folder, None)
    except UsageError:
        is_compiled = None if own_files(assets, slug) else False
        return Standing(slug, source.kind, activities, text="text not at hand", is_compiled=is_compiled)
    compiled = compile_reading(reading, book, text)
    return Standing(
        slug,
        source.kind,
        activities,
        len(text.rows) if text else 0,
        compiled.unread,
        _coverage(compiled, text) if text else None,
        len(compiled.todo),
        len(compiled.problems),
        _is_compiled(assets, slug, compiled),
        "text at hand" if text else "no text held",
    )


def _coverage(compiled: Compiled, text: SourceText) -> float:
    """Count the characters of a text that lie under quotations."""
    ends: dict[str, dict[str, int]] = {}
    fine: set[str] = set()
    for triples in compiled.files.values():
        for triple in triples:
            subject, predicate = str(triple.subject).strip("<>"), triple.predicate.value
            if predicate in (OA + "start", OA + "end"):
                ends.setdefault(subject.removesuffix("/position"), {})[predicate] = int(triple.object.value)  # type: ignore[union-attr]  # a number
            if predicate == OA + "exact" and subject.endswith("/quote"):
                fine.add(subject.removesuffix("/quote"))
    marks = bytearray(len(text.text))
    for passage in fine & ends.keys():
        start, end = ends[passage][OA + "start"], ends[passage][OA + "end"]
        marks[start:end] = b"\x01" * (end - start)
    words = sum(row.span.end - row.span.start for row in text.rows)
    return 100.0 * sum(marks) / words if words else 0.0


def _is_compiled(assets: Assets, slug: str, compiled: Compiled) -> bool:
    present = {
        path.relative_to(assets.root / "data").as_posix(): {str(q.triple) for q in read_file(path, assets.name(path))}
        for path in own_files(assets, slug)
    }
    return present == {file: set(map(str, triples)) for file, triples in compiled.files.items() if triples}
