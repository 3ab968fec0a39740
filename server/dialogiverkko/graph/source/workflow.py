"""What a curator does with a source: compile its reading into files, all or none, and tell what changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Triple

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.derive import derive
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot, graph_of, load, read_file
from dialogiverkko.graph.source.compiling import Compiled, compile_reading
from dialogiverkko.graph.source.differences import differences
from dialogiverkko.graph.source.marks import Marked, read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.problems import Problem
from dialogiverkko.graph.source.reading import Reading
from dialogiverkko.graph.source.text import SourceText, digest
from dialogiverkko.graph.source.writing import finish, write_all
from dialogiverkko.graph.turtle import written
from dialogiverkko.graph.validation.report import Report
from dialogiverkko.graph.validation.validate import findings, report

READING = "reading.yaml"
DESCRIBED_AT_BUILD = "DLG-068"
"""What named graphs lack until a build describes them."""


@dataclass(frozen=True)
class Outcome:
    """What a compilation came to."""

    slug: str
    problems: tuple[str, ...] = ()
    """Every fault of the reading, with line and column."""
    report: Report | None = None
    """What the rules say of the whole graph; with a Violation nothing is written."""
    changes: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()
    is_written: bool = False
    files: Mapping[str, tuple[Triple, ...]] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and (self.report is None or self.report.conforms)


def slugs(assets: Assets) -> list[str]:
    """List the sources that have a reading."""
    return [path.parent.name for path in assets.files("data", f"sources/*/{READING}")]


def reading_path(assets: Assets, slug: str) -> Path:
    """Return the file of a reading; raises UsageError that lists the sources where there is none."""
    path = assets.root / "data" / "sources" / slug / READING
    if not path.is_file():
        raise UsageError(f"There is no reading {assets.name(path)}. Sources are: {', '.join(slugs(assets))}.")
    return path


def told(problems: Iterable[Problem], marked: Marked, name: str) -> tuple[str, ...]:
    """Write each problem with file, line and column, in the order of the file."""
    placed = sorted((marked.at(problem.path), problem.text()) for problem in problems)
    return tuple(f"{name}, line {line}, column {column}: {text}" for (line, column), text in placed)


def held_text(reading: Reading, folder: Path | None, given: Path | None) -> SourceText | None:
    """Return the text that a reading was made from, or None for a source of which none is held.

    Raises UsageError where it is not at hand, or is another text.
    """
    source = reading.source
    if not source.sha256:
        return None
    path = given or ((folder / f"{source.slug}.txt") if folder else None)
    if path is None or not path.is_file():
        where = f"{folder / (source.slug + '.txt')}" if folder else "the folder that DIALOGIVERKKO_SOURCE_TEXTS names"
        raise UsageError(f"The text of {source.slug} is not at hand: put it into {where}, or name it with --text.")
    text = path.read_bytes().decode("utf-8")
    if digest(text) != source.sha256:
        raise UsageError(
            f"The text at hand is not the one that {source.slug} was read from (its SHA-256 differs); "
            f"move the reading to it with: dialogiverkko source rebase {source.slug} TEXT"
        )
    return SourceText(text)


def own_files(assets: Assets, slug: str) -> list[Path]:
    """List the compiled files of a source that are there."""
    data = assets.root / "data"
    files = [*sorted((data / "sources" / slug).glob("*.ttl"))]
    return [
        *files,
        *(p for p in (data / "reference" / f"{slug}.ttl", data / "reference" / "vocab" / f"{slug}.ttl") if p.is_file()),
    ]


def known_without(assets: Assets, slug: str) -> Snapshot:
    """Load all but what the reading of a source compiles to."""
    own = set(own_files(assets, slug))
    return load(assets, without=lambda path: path in own)


def compile_source(
    assets: Assets, slug: str, folder: Path | None = None, text: Path | None = None, *, write: bool = True
) -> Outcome:
    """Compile the reading of a source; files change only where nothing is wrong with it, or with the whole graph."""
    finish(assets)
    path = reading_path(assets, slug)
    name = assets.name(path)
    reading, marked, faults = read_reading(path.read_text(encoding="utf-8"))
    if reading is None:
        return Outcome(slug, told(faults, marked, name))
    if reading.source.slug != slug:
        fault = Problem(("source", "slug"), f"the folder is «{slug}»", f"write  slug: {slug}")
        return Outcome(slug, told([fault], marked, name))
    held = held_text(reading, folder, text)
    base = known_without(assets, slug)
    compiled = compile_reading(reading, Namebook.of(base), held)
    if compiled.problems:
        return Outcome(slug, told(compiled.problems, marked, name), unread=compiled.unread)
    return settle(assets, slug, base, compiled, _todo(compiled, marked, name), write=write)


def _todo(compiled: Compiled, marked: Marked, name: str) -> tuple[str, ...]:
    rows = sorted((marked.at(path), str(path[-1] if path else ""), language) for path, language in compiled.todo)
    return tuple(f"{name}, line {line}: {part} in {language}" for (line, _), part, language in rows)


def settle(
    assets: Assets, slug: str, base: Snapshot, compiled: Compiled, todo: tuple[str, ...] = (), *, write: bool = True
) -> Outcome:
    """Validate what was compiled within the whole graph, and write it where it holds; tell what changes."""
    judged = judge(assets, base, compiled.files)
    before = [quad.triple for path in own_files(assets, slug) for quad in read_file(path, assets.name(path))]
    after = [triple for triples in compiled.files.values() for triple in triples]
    changes = tuple(differences(before, after))
    is_written = write and judged.conforms
    if is_written:
        texts: dict[str, str | None] = {
            file: written(triples, base.prefixes) for file, triples in compiled.files.items() if triples
        }
        data = assets.root / "data"
        gone = {path.relative_to(data).as_posix() for path in own_files(assets, slug)} - set(texts)
        write_all(assets, {**texts, **dict.fromkeys(gone)})
    return Outcome(slug, (), judged, changes, todo, compiled.unread, is_written, compiled.files)


def judge(assets: Assets, base: Snapshot, files: Mapping[str, Iterable[Triple]]) -> Report:
    """Run all rules over what is known and new files together."""
    snapshot = with_files(assets, base, files)
    store = snapshot.store()
    derived = derive(snapshot, assets, store)
    judged = report(derived, assets, list(findings(derived, assets, store)))
    return Report.of(each for each in judged.findings if each.rule != DESCRIBED_AT_BUILD)


def with_files(assets: Assets, base: Snapshot, files: Mapping[str, Iterable[Triple]]) -> Snapshot:
    """Return a snapshot to which files under data/ are added, each in its named graph."""
    snapshot = base
    for file, triples in files.items():
        graph = graph_of(assets, assets.root / "data" / file)
        if graph is not None:
            snapshot = snapshot.with_graph(graph, [*snapshot.graphs.get(graph, ()), *triples])
    return Snapshot({name: ordered(ts) for name, ts in snapshot.graphs.items()}, snapshot.prefixes, snapshot.sources)
