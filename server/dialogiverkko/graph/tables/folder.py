"""A source that is tables, as a folder: map.yaml, the tables beside it, and what people judged of names."""

from dataclasses import dataclass, replace
from pathlib import Path

from dialogiverkko.errors import DataError
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.tables import worker
from dialogiverkko.graph.tables.check import Checked, check
from dialogiverkko.graph.tables.files import Book, Sheet, TableError
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.mapping import Map, Table, read_map

MAP = "map.yaml"


@dataclass(frozen=True)
class Folder:
    """The tables of one source as they stand on the disk."""

    path: Path
    plan: Map
    sheets: dict[str, Sheet]
    judged: Sheet | None
    notices: tuple[str, ...]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror}.", file=path.name) from error


def _sheet(sheets: tuple[Sheet, ...], table: Table) -> Sheet | None:
    """Return the sheet of a book that a table names, or its first; None where one that may be missing is."""
    if not table.sheet:
        return sheets[0]
    found = next((sheet for sheet in sheets if sheet.name.casefold() == table.sheet.casefold()), None)
    if found is None and table.optional:
        return None
    if found is None and len(sheets) == 1:
        return sheets[0]
    if found is None:
        names = ", ".join(sheet.name for sheet in sheets)
        raise TableError(f"{table.file} has no sheet «{table.sheet}»; it has {names}.")
    return found


def open_folder(path: Path, instead: Path | None = None) -> Folder:
    """Read map and tables; ``instead`` is a file to check in the place of the map's one table."""
    plan = read_map(path if path.is_file() else path / MAP)
    base = path.parent if path.is_file() else path
    sheets: dict[str, Sheet] = {}
    notices: list[str] = []
    books: dict[Path, Book] = {}
    for name, table in plan.tables.items():
        file = instead or base / table.file
        if table.optional and not file.exists():
            continue
        if file not in books:
            book = worker.read_apart(_read(file), file.name)
            notices += [f"{file.name}: {notice}" for notice in book.notices]
            books[file] = book
        if (sheet := _sheet(books[file].sheets, table)) is not None:
            sheets[name] = sheet if books[file].has_named_sheets else replace(sheet, name=name)
    judgements = base / plan.matches
    judged = worker.read_apart(_read(judgements), judgements.name).sheets[0] if judgements.is_file() else None
    return Folder(base, plan, sheets, judged, tuple(notices))


def check_folder(folder: Folder, snapshot: Snapshot, language: str = "en") -> Checked:
    """Check the tables of a folder against the names of a graph."""
    checked = check(folder.plan, folder.sheets, Known.of(snapshot), folder.judged, language)
    told = (*folder.notices, *checked.faults.notices)
    faults = type(checked.faults)(checked.faults.found, told, checked.faults.rows)
    return Checked(checked.rows, faults, checked.judgements, checked.known, checked.unmatched)
