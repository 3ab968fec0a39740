"""Imports the tables of a source: all or nothing, the same the second time, and every change told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Triple

from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.source.workflow import Outcome, judge, own_files, replacing
from dialogiverkko.graph.source.writing import finish, write_all
from dialogiverkko.graph.tables.changes import Change, changes
from dialogiverkko.graph.tables.compiling import compile_tables
from dialogiverkko.graph.tables.faults import Faults
from dialogiverkko.graph.tables.files import Sheet
from dialogiverkko.graph.tables.folder import MAP, Folder, check_folder, open_folder


@dataclass(frozen=True)
class Imported:
    """What an import came to; nothing is written where there is a fault or a Violation."""

    slug: str
    faults: Faults
    outcome: Outcome | None = None
    changes: tuple[Change, ...] = ()
    """Cells and rows that differ from those imported before."""
    left: tuple[str, ...] = ()
    """What was understood and is not told, and why."""
    missing: int = 0
    rows: int = 0
    is_same: bool = False
    """Whether the files of the source said all this before, so that nothing had to be written."""

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return self.faults.clean and self.outcome is not None and self.outcome.is_good

    def text(self, say: Callable[[str], str] = str) -> str:
        """Write it for the person who keeps the tables; ``say`` puts a sentence of the check into a language."""
        if not self.faults.clean:
            return self.faults.text(say) + "\n" + say("Nothing was changed.")
        lines = [*map(say, self.faults.notices), *self.left]
        lines += [change.text() for change in self.changes]
        if self.outcome is None:
            return "\n".join(lines)
        if self.outcome.report is not None and not self.outcome.report.conforms:
            found = [f"{f.rule} {f.label or f.focus}: {f.message()}" for f in self.outcome.report.violations]
            return "\n".join([*lines, *found, "The graph would break its rules; nothing was changed."])
        lines += [f"The graph: {sentence}." for sentence in self.outcome.changes]
        if self.missing:
            lines.append(f"{self.missing} names or texts are to be translated.")
        lines.append(say(f"{self.rows} rows read; {self._written()}"))
        return "\n".join(lines)

    def _written(self) -> str:
        if self.is_same:
            return "nothing has changed, and nothing was written."
        return "written." if self.outcome is not None and self.outcome.is_written else "nothing was written."


def home_of(assets: Assets, slug: str) -> Path:
    """Return the folder in which the tables of a source lie once they are imported."""
    return assets.root / "data" / "sources" / slug


def import_folder(assets: Assets, path: Path, *, write: bool = True, language: str = "en") -> Imported:
    """Check, compile, validate and write the tables of a folder, and copy them to the folder of their source."""
    finish(assets)
    folder = open_folder(path)
    slug = folder.plan.source.slug
    base = known_without(assets, slug)
    checked = check_folder(folder, base, language)
    if not checked.faults.clean:
        return Imported(slug, checked.faults)
    compiled = compile_tables(folder.plan, checked, base)
    if not compiled.faults.clean:
        return Imported(slug, compiled.faults)
    before = _before(assets, slug, folder)
    outcome, is_same = _write_if_valid(assets, slug, base, compiled.files, write=write)
    is_same = is_same and not any(_to_copy(folder, home_of(assets, slug)))
    if outcome.is_written:
        _copy(folder, home_of(assets, slug))
    told = tuple(changes(folder.plan, before, folder.sheets))
    rows = len(checked.rows)
    return Imported(slug, checked.faults, outcome, told, compiled.left, compiled.missing, rows, is_same)


def known_without(assets: Assets, slug: str) -> Snapshot:
    """Load the graph but for what a source said before, so that a second import finds what the first found."""
    own = set(own_files(assets, slug))
    return load(assets, without=lambda path: path in own)


def _write_if_valid(
    assets: Assets, slug: str, base: Snapshot, files: Mapping[str, tuple[Triple, ...]], *, write: bool
) -> tuple[Outcome, bool]:
    """Validate what was compiled within the whole graph, and write it where no rule is broken and a file changes."""
    judged = judge(assets, base, files)
    texts, changes = replacing(assets, slug, base, files)
    is_same = all(_text(assets.root / "data" / name) == text for name, text in texts.items())
    is_written = write and judged.conforms
    if is_written and not is_same:
        write_all(assets, texts)
    return Outcome(slug, (), judged, changes, is_written=is_written, files=dict(files)), is_same


def _text(path: Path) -> str | None:
    """Return what a file holds; None where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _before(assets: Assets, slug: str, folder: Folder) -> Mapping[str, Sheet]:
    """Return the tables as they were imported before; those of the folder itself where they lie in their place."""
    home = home_of(assets, slug)
    if home.resolve() == folder.path.resolve():
        return folder.sheets
    return open_folder(home).sheets if (home / MAP).is_file() else {}


def _copy(folder: Folder, home: Path) -> None:
    """Put the tables, the map and the judgements as they are into the folder of their source."""
    home.mkdir(parents=True, exist_ok=True)
    for name in list(_to_copy(folder, home)):
        new = home / (name + ".new")
        new.write_bytes((folder.path / name).read_bytes())
        new.replace(home / name)


def _to_copy(folder: Folder, home: Path) -> Iterator[str]:
    """Yield the files of a folder that the folder of the source lacks, or has otherwise."""
    if home.resolve() == folder.path.resolve():
        return
    for name in sorted({MAP, folder.plan.matches, *(table.file for table in folder.plan.tables.values())}):
        file, kept = folder.path / name, home / name
        if file.is_file() and not (kept.is_file() and kept.read_bytes() == file.read_bytes()):
            yield name
