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
from dialogiverkko.graph.source.compiling import Compiled, all_activities, compile_reading, names_of
from dialogiverkko.graph.source.differences import differences
from dialogiverkko.graph.source.marks import Marked, read_reading
from dialogiverkko.graph.source.namebook import Namebook, address, new_names
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
    places: Mapping[str, str] = field(default_factory=dict)
    """Where the reading tells of a thing first, by its IRI: file and line."""

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


def located(problems: Iterable[Problem], marked: Marked, name: str) -> tuple[str, ...]:
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


@dataclass(frozen=True)
class _Read:
    """A reading that has the form of one, and its text."""

    slug: str
    reading: Reading
    marked: Marked
    name: str
    text: SourceText | None

    def located(self, problems: Iterable[Problem]) -> tuple[str, ...]:
        """Write problems with their places."""
        return located(problems, self.marked, self.name)


def compile_sources(
    assets: Assets,
    chosen: Iterable[str],
    folder: Path | None = None,
    text: Path | None = None,
    *,
    write: bool = True,
) -> list[Outcome]:
    """Compile readings together; files change only where nothing is wrong with any, or with the whole graph."""
    finish(assets)
    found = [_read(assets, slug, folder, text) for slug in chosen]
    reads = [each for each in found if isinstance(each, _Read)]
    outcomes = [each for each in found if isinstance(each, Outcome)]
    own = {path for read in reads for path in own_files(assets, read.slug)}
    base = load(assets, without=lambda path: path in own)
    book = Namebook.of(base)
    compiled: dict[str, Compiled] = {}
    for read in reads:
        others = [pair for other in reads if other is not read for pair in names_of(other.reading)]
        compiled[read.slug] = compile_reading(read.reading, book.with_names(others), read.text)
    faulty = [read for read in reads if compiled[read.slug].problems]
    outcomes += [Outcome(r.slug, r.located(compiled[r.slug].problems), unread=compiled[r.slug].unread) for r in faulty]
    if outcomes:
        return outcomes
    return _write_if_valid(assets, base, reads, compiled, write=write)


def _read(assets: Assets, slug: str, folder: Path | None, text: Path | None) -> "_Read | Outcome":
    path = reading_path(assets, slug)
    name = assets.name(path)
    reading, marked, faults = read_reading(path.read_text(encoding="utf-8"))
    if reading is None:
        return Outcome(slug, located(faults, marked, name))
    if reading.source.slug != slug:
        fault = Problem(("source", "slug"), f"the folder is «{slug}»", f"write  slug: {slug}")
        return Outcome(slug, located([fault], marked, name))
    return _Read(slug, reading, marked, name, held_text(reading, folder, text))


def _write_if_valid(
    assets: Assets, base: Snapshot, reads: list[_Read], compiled: Mapping[str, Compiled], *, write: bool
) -> list[Outcome]:
    """Validate what was compiled within the whole graph, and write it where no rule is broken."""
    judged = judge(assets, base, {file: ts for each in compiled.values() for file, ts in each.files.items()})
    is_written = write and judged.conforms
    texts: dict[str, str | None] = {}
    outcomes = []
    for read in reads:
        files = compiled[read.slug].files
        own, changes = replacing(assets, read.slug, base, files)
        texts |= own
        todo = _todo(compiled[read.slug], read.marked, read.name)
        unread = compiled[read.slug].unread
        outcomes.append(Outcome(read.slug, (), judged, changes, todo, unread, is_written, files, _places(read)))
    if is_written:
        write_all(assets, texts)
    return outcomes


def replacing(
    assets: Assets, slug: str, base: Snapshot, files: Mapping[str, tuple[Triple, ...]]
) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """Return the texts that take the place of the compiled files of a source (None: removed), and what changes."""
    present = own_files(assets, slug)
    before = [quad.triple for path in present for quad in read_file(path, assets.name(path))]
    after = [triple for triples in files.values() for triple in triples]
    texts: dict[str, str | None] = dict.fromkeys(path.relative_to(assets.root / "data").as_posix() for path in present)
    texts |= {file: written(triples, base.prefixes) for file, triples in files.items() if triples}
    return texts, tuple(differences(before, after))


def _places(read: _Read) -> dict[str, str]:
    """Return where a reading tells of its activities and of what it names first."""
    paths = {address("activity", activity.id): path for path, activity in all_activities(read.reading) if activity.id}
    paths |= {address(kind, slug): ("new", key, slug) for key, kind, slug in new_names(read.reading.new)}
    return {iri: f"{read.name}, line {read.marked.at(path)[0]}" for iri, path in paths.items()}


def _todo(compiled: Compiled, marked: Marked, name: str) -> tuple[str, ...]:
    rows = sorted((marked.at(path), _part(path), language) for path, language in compiled.todo)
    return tuple(f"{name}, line {line}: {part} in {language}" for (line, _), part, language in rows)


def _part(path: tuple[str | int, ...]) -> str:
    return str(next((part for part in reversed(path) if isinstance(part, str)), ""))


def judge(assets: Assets, base: Snapshot, files: Mapping[str, Iterable[Triple]]) -> Report:
    """Run all rules over what is known and new files together."""
    snapshot = with_files(assets, base, files)
    store = snapshot.store()
    derived = derive(snapshot, assets, store)
    judged = report(derived, assets, findings(derived, assets, store))
    return Report.of(each for each in judged.findings if each.rule != DESCRIBED_AT_BUILD)


def with_files(assets: Assets, base: Snapshot, files: Mapping[str, Iterable[Triple]]) -> Snapshot:
    """Return a snapshot to which files under data/ are added, each in its named graph."""
    snapshot = base
    for file, triples in files.items():
        graph = graph_of(assets, assets.root / "data" / file)
        if graph is not None:
            snapshot = snapshot.with_graph(graph, [*snapshot.graphs.get(graph, ()), *triples])
    return Snapshot({name: ordered(ts) for name, ts in snapshot.graphs.items()}, snapshot.prefixes, snapshot.sources)
