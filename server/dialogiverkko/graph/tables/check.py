"""Checks tables against their map: every cell is read, and every fault is told at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogiverkko.graph.tables import cells, crosscheck, matches
from dialogiverkko.graph.tables.amounts import Amount, read_amount
from dialogiverkko.graph.tables.cells import CellError
from dialogiverkko.graph.tables.faults import Fault, Faults, letter
from dialogiverkko.graph.tables.files import NumberedRow, Sheet
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.mapping import Column, Map, Table
from dialogiverkko.graph.tables.matches import Judgements
from dialogiverkko.graph.tables.meanings import Meaning
from dialogiverkko.graph.tables.rows import Row, Value
from dialogiverkko.graph.tables.times import read_time

_DAY = 10
_NOTHING = " \t\r\n-–—"
"""What people write into a cell that they leave empty."""
_SHOWN = 120


def _number(text: str) -> int:
    amount = read_amount(text)
    if amount.value is None or amount.unit:
        raise CellError("not-a-number", f"«{text}» is no single number.", "Write digits only, such as 20.")
    return amount.value


def _day(text: str) -> str:
    return read_time(text)


def _year(text: str) -> str:
    found = read_time(text)
    if "/" in found:
        raise CellError("not-a-time", f"«{text}» is no single year.", "Write such as 2021.")
    return found[:4]


_READERS: dict[str, Callable[[str], Any]] = {
    "text": cells.tidy,
    "identifier": cells.read_identifier,
    "key": cells.read_identifier,
    "time": read_time,
    "day": _day,
    "year": _year,
    "amount": read_amount,
    "number": _number,
    "yes-no": cells.read_yes_no,
    "language": cells.read_language,
    "address": cells.read_address,
    "words": cells.read_words,
    "latitude": lambda text: cells.read_degrees(text, -90, 90),
    "longitude": lambda text: cells.read_degrees(text, -180, 180),
}


@dataclass
class Checked:
    """The rows that were understood, and all that was not."""

    rows: list[Row]
    faults: Faults
    judgements: Judgements
    known: Known
    unmatched: list[tuple[str, str, str]] = field(default_factory=list)
    """Names that a person should judge: table, name, scheme."""

    def of(self, kind: str) -> list[Row]:
        """List the rows of one kind."""
        return [row for row in self.rows if row.kind == kind]


class Checker:
    """One check of the tables of one map."""

    def __init__(self, plan: Map, sheets: Mapping[str, Sheet], known: Known) -> None:
        self.plan = plan
        self.sheets = sheets
        self.known = known
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self.unmatched: list[tuple[str, str, str]] = []
        self.judgements = Judgements()
        self._new_names()
        self.own_names()

    def _new_names(self) -> None:
        """Add the names of concepts and contexts that the map declares."""
        new = self.plan.new
        for kind, things in (("organisation", new.organisations), ("place", new.places)):
            for key, thing in things.items():
                self.known.add(kind, key, *thing.name.texts().values())
        for scheme, declared in (
            ("theme", new.themes), ("method", new.methods), ("unit", new.units),
            ("participant-kind", new.participant_kinds),
        ):  # fmt: skip
            for key, concept in declared.items():
                self.known.add(scheme, key, *concept.name.texts().values())
        for kind in ("projects", "programmes", "processes", "instruments", "products", "occasions"):
            for key, context in getattr(new, kind).items():
                single = "process" if kind == "processes" else kind[:-1]
                self.known.add("context", f"{single}:{key}", *context.name.texts().values())

    def own_names(self) -> None:
        """Add the names that the source's own tables of organisations and places declare."""
        for name, table in self.plan.tables.items():
            sheet = self.sheets.get(name)
            if sheet is None or table.row not in ("organisation", "place"):
                continue
            index = {title: i for i, title in enumerate(sheet.header)}
            ids = [c for c, column in table.columns.items() if column.means == "id" and c in index]
            named = [c for c, column in table.columns.items() if column.means == "name" and c in index]
            for line in sheet.rows:
                if ids and self._taken(table, index, line):
                    names = [line.cells[index[c]] for c in named if line.cells[index[c]].strip()]
                    self.known.add(table.row, line.cells[index[ids[0]]].strip(), *names)

    def run(self, judged: Sheet | None) -> Checked:
        """Check all tables."""
        if judged is not None:
            self.judgements, wrong = matches.read_judgements(judged, self.plan.tables, self.known)
            self.faults += wrong
        rows = [row for name, table in self.plan.tables.items() for row in self.table(name, table)]
        self.faults += crosscheck.run(self.plan, rows, self.known, self.judgements)
        total = sum(len(sheet.rows) for sheet in self.sheets.values())
        faults = Faults.of(self._with_letters(), self.notices, total)
        return Checked(rows, faults, self.judgements, self.known, list(dict.fromkeys(self.unmatched)))

    def _with_letters(self) -> Iterator[Fault]:
        """Yield the faults with the letter of their column."""
        for fault in self.faults:
            sheet = self.sheets.get(fault.table)
            at = sheet.header.index(fault.column) if sheet and fault.column in sheet.header else -1
            shown = fault.value if len(fault.value) <= _SHOWN else fault.value[:_SHOWN] + "…"
            yield Fault(
                fault.table, fault.row, fault.column, shown, fault.code, fault.wrong, fault.right, fault.gravity,
                letter(at) if at >= 0 else "",
            )  # fmt: skip

    def table(self, name: str, table: Table) -> Iterator[Row]:
        """Yield the rows of one table that were understood."""
        sheet = self.sheets.get(name)
        if sheet is None:
            self._fault(name, 0, "", "", "missing-table", f"There is no table {name}.", f"Add {table.file}.")
            return
        self._header(name, table, sheet)
        index = {title: i for i, title in enumerate(sheet.header)}
        left = 0
        for line in sheet.rows:
            if not self._taken(table, index, line):
                left += 1
                continue
            filled = frozenset(c.means for t, c in table.columns.items() if t in index and line.cells[index[t]].strip())
            yield Row(name, table.row, line.number, tuple(self._row(name, table, index, line)), filled)
        if left:
            wanted = ", ".join(f"{column} = {value}" for column, value in table.only.items())
            self.notices.append(f"{name}: {left} rows left out (only {wanted})")

    def _taken(self, table: Table, index: Mapping[str, int], line: NumberedRow) -> bool:
        """Whether a row is one of those that the map takes."""
        return all(
            column in index and line.cells[index[column]].strip().casefold() == value.casefold()
            for column, value in table.only.items()
        )

    def _header(self, name: str, table: Table, sheet: Sheet) -> None:
        """Report columns that are missing, double or without a meaning."""
        for column, meant in table.columns.items():
            if column not in sheet.header and meant.means != "ignore":
                near = self._near(column, sheet.header)
                self._fault(name, 0, column, "", "missing-column", f"The column «{column}» is missing.", near)
        for column in sheet.header:
            if not column:
                self._fault(
                    name, 0, "", "", "unnamed-column", "A column has cells but no name.", "Name it or empty it."
                )
            elif sheet.header.count(column) > 1:
                self._fault(name, 0, column, "", "double-column", f"Two columns are named «{column}».", "Rename one.")
            elif column not in table.columns:
                right = "Say it in map.yaml, or «ignore»."
                self._fault(
                    name, 0, column, "", "unknown-column", f"The map does not say what «{column}» means.", right
                )

    def _near(self, column: str, header: tuple[str, ...]) -> str:
        close = [title for title in header if title.casefold().replace(" ", "_") == column.casefold()]
        return f"Is it «{close[0]}»? Name it as in map.yaml." if close else "Add it, or take it out of map.yaml."

    def _row(self, name: str, table: Table, index: Mapping[str, int], line: NumberedRow) -> Iterator[Value]:
        """Yield what the cells of one row were read as; a cell that cannot be read becomes a fault."""
        for title, column in table.columns.items():
            if title not in index:
                continue
            text = line.cells[index[title]]
            if not self._allowed(name, line, title, text) or column.means == "ignore":
                continue
            meaning = table.meaning(title)
            assert meaning is not None  # noqa: S101  # the map was validated
            if not text.strip(_NOTHING):
                if meaning.required or column.required:
                    self._fault(name, line.number, title, "", "empty-cell", "The cell is empty.", "It is needed.")
                continue
            pieces = cells.parts(text, column.separator) if column.separator else [text]
            for piece in dict.fromkeys(pieces):
                yield from self._value(name, line, title, column, meaning, piece)

    def _allowed(self, name: str, line: NumberedRow, title: str, text: str) -> bool:
        """Report personal data and characters that nobody writes, also in cells that are ignored."""
        try:
            cells.refuse_controls(text)
            if "://" not in text:
                cells.refuse_persons(text)
        except CellError as error:
            value = text if error.code != "personal-data" else ""
            self._fault(name, line.number, title, value, error.code, error.wrong, error.right)
            return False
        return True

    def _value(
        self, name: str, line: NumberedRow, title: str, column: Column, meaning: Meaning, piece: str
    ) -> Iterator[Value]:
        """Yield what one value was read as."""
        qualifier = getattr(column, meaning.qualifier, "") if meaning.qualifier else ""
        try:
            read = self._read(name, column, meaning, piece)
        except CellError as error:
            self._fault(name, line.number, title, piece, error.code, error.wrong, error.right)
            if error.code == "unknown-name":
                self.unmatched.append((name, piece, meaning.scheme))
            return
        if meaning.reader in ("concept", "name"):
            for key in read:
                yield Value(title, column.means, piece, key, qualifier or "")
        else:
            yield Value(title, column.means, piece, read, qualifier or "")

    def _read(self, name: str, column: Column, meaning: Meaning, piece: str) -> Any:
        """Read one value by its meaning."""
        if meaning.reader == "concept":
            values = {**self.plan.values.get(meaning.scheme, {}), **column.values}
            return self.known.find(meaning.scheme, piece, {k: _many(v) for k, v in values.items()})
        if meaning.reader == "name":
            judged = self.judgements.same(name, piece)
            if judged:
                return [judged.rsplit("/", 1)[-1]]
            values = {**self.plan.values.get(meaning.scheme, {}), **column.values}
            return self.known.find(meaning.scheme, piece, {k: _many(v) for k, v in values.items()})
        read = _READERS[meaning.reader](piece)
        if isinstance(read, Amount) and read.vague and meaning.reader == "number":
            raise CellError("not-a-number", f"«{piece}» is no number.", "Write digits.")
        return read

    def _fault(self, table: str, row: int, column: str, value: str, code: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(table, row, column, value, code, wrong, right))


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def check(plan: Map, sheets: Mapping[str, Sheet], known: Known, judged: Sheet | None = None) -> Checked:
    """Check tables against their map and against each other."""
    return Checker(plan, sheets, known).run(judged)
