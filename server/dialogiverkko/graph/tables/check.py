"""Checks tables against their map: every cell is read, and every fault is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogiverkko.graph.tables import cells, crosscheck, matches
from dialogiverkko.graph.tables.amounts import Amount
from dialogiverkko.graph.tables.cells import CellError
from dialogiverkko.graph.tables.faults import Fault, Faults, letter
from dialogiverkko.graph.tables.files import NumberedRow, Sheet
from dialogiverkko.graph.tables.known import THINGS, Known
from dialogiverkko.graph.tables.mapping import Column, Map, Table
from dialogiverkko.graph.tables.matches import Judgements
from dialogiverkko.graph.tables.meanings import Meaning
from dialogiverkko.graph.tables.readers import ERRORS, READERS
from dialogiverkko.graph.tables.rows import Row, Value
from dialogiverkko.graph.tables.unknown import Reader, Unknown
from dialogiverkko.spelling import cut

_DAY = 10
_NOTHING = " \t\r\n-–—"
"""What people write into a cell that they leave empty."""
_SHOWN = 120


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

    def __init__(
        self, plan: Map, sheets: Mapping[str, Sheet], known: Known, language: str = "en", *, has_map: bool = True
    ) -> None:
        self.plan = plan
        self.sheets = sheets
        self.known = known
        self.has_map = has_map
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self.unmatched: list[tuple[str, str, str]] = []
        self.judgements = Judgements()
        self.before = {scheme: frozenset(known.labels[scheme]) for scheme in ("organisation", "place")}
        self._new_names()
        self.own_names()
        declaring: dict[str, str] = {table.row: table.title for table in plan.tables.values() if table.row in THINGS}
        self.unknown = Unknown(known, Reader(language, declaring, has_map))

    def _new_names(self) -> None:
        """Add the names of concepts and contexts that the map declares."""
        new = self.plan.new
        for kind, things in (("organisation", new.organisations), ("place", new.places)):
            for key, thing in things.items():
                if key in self.before[kind]:
                    told = crosscheck.known_already(key)
                    self._fault("map.yaml", 0, f"new.{kind}s.{key}", "", "double-identifier", *told)
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
            index = _places(sheet)
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
        self.faults += crosscheck.declared_twice(rows, self.before, self.judgements)
        self.faults += crosscheck.run(self.plan, rows, self.known, self.judgements, has_map=self.has_map)
        total = sum(len(sheet.rows) for sheet in self.sheets.values())
        faults = Faults.of(self._with_letters(), self.notices, total)
        return Checked(rows, faults, self.judgements, self.known, list(dict.fromkeys(self.unmatched)))

    def _with_letters(self) -> Iterator[Fault]:
        """Yield the faults with the letter of their column."""
        for fault in self.faults:
            sheet = self.sheets.get(fault.table)
            at = sheet.header.index(fault.column) if sheet and fault.column in sheet.header else -1
            shown = cut(fault.value, _SHOWN)
            yield Fault(
                fault.table, fault.row, fault.column, shown, fault.code, fault.wrong, fault.right, fault.gravity,
                letter(at) if at >= 0 else "",
            )  # fmt: skip

    def table(self, name: str, table: Table) -> Iterator[Row]:
        """Yield the rows of one table that were understood."""
        sheet = self.sheets.get(name)
        if sheet is None and table.optional:
            return
        if sheet is None:
            self._fault(name, 0, "", "", "missing-table", f"There is no table {name}.", f"Add {table.file}.")
            return
        self._header(name, table, sheet)
        if not sheet.rows and table.row == "dialogue":
            wrong, right = "The sheet has a header and no rows.", "Write a row for each dialogue."
            self._fault(name, 0, "", "", "no-rows", wrong, right)
        for flaw in sheet.flaws:
            column = sheet.header[flaw.column] if flaw.column < len(sheet.header) else ""
            self._fault(name, flaw.row, column, "", flaw.code, flaw.wrong, flaw.right)
        index = _places(sheet)
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
                near = self._near(column, sheet.header) if self.has_map else "Add it."
                self._fault(name, 0, column, "", "missing-column", f"The column «{column}» is missing.", near)
        for column in sheet.header:
            if not column:
                self._fault(
                    name, 0, "", "", "unnamed-column", "A column has cells but no name.", "Name it or empty it."
                )
            elif sheet.header.count(column) > 1:
                self._fault(name, 0, column, "", "double-column", f"Two columns are named «{column}».", "Rename one.")
            elif column not in table.columns and self.has_map:
                right = "Say it in map.yaml, or «ignore»."
                self._fault(
                    name, 0, column, "", "unknown-column", f"The map does not say what «{column}» means.", right
                )
            elif column not in table.columns:
                wrong, right = f"The template has no column «{column}».", "It is not read."
                self.faults.append(Fault(name, 0, column, "", "unknown-column", wrong, right, "warning"))

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
                flaws = self.sheets[name].flaws if meaning.required or column.required else None
                if flaws is not None and not any(flaw.covers(line.number, index[title]) for flaw in flaws):
                    self._fault(name, line.number, title, "", "empty-cell", "The cell is empty.", "It is needed.")
                continue
            pieces = cells.parts(text, column.separator) if column.separator else [text]
            if meaning.reader == "language":
                pieces = [language for piece in pieces for language in cells.languages(piece)]
            for piece in dict.fromkeys(pieces):
                yield from self._value(name, line, title, column, meaning, piece)

    def _allowed(self, name: str, line: NumberedRow, title: str, text: str) -> bool:
        """Report personal data and characters that nobody writes, also in cells that are ignored."""
        try:
            cells.refuse_controls(text)
            if text.strip() in ERRORS:
                wrong = f"The cell shows the fault {text.strip()} of a spreadsheet."
                raise CellError("spreadsheet-error", wrong, "Mend the formula, or write the value.")
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
        if meaning.reader in ("concept", "name"):
            if meaning.reader == "name" and (judged := self.judgements.same(name, piece)):
                return [judged.rsplit("/", 1)[-1]]
            values = {**self.plan.values.get(meaning.scheme, {}), **column.values}
            found = self.known.find(meaning.scheme, piece, {k: _many(v) for k, v in values.items()})
            if found is None:
                raise self.unknown.error(meaning.scheme, piece, values)
            return found
        read = READERS[meaning.reader](piece)
        if isinstance(read, Amount) and read.vague and meaning.reader == "number":
            raise CellError("not-a-number", f"«{piece}» is no number.", "Write digits.")
        return read

    def _fault(self, table: str, row: int, column: str, value: str, code: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(table, row, column, value, code, wrong, right))


def _places(sheet: Sheet) -> dict[str, int]:
    """Return where each column is; of two with one title, the first."""
    return {title: sheet.header.index(title) for title in sheet.header}


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def check(
    plan: Map,
    sheets: Mapping[str, Sheet],
    known: Known,
    judged: Sheet | None = None,
    language: str = "en",
    *,
    has_map: bool = True,
) -> Checked:
    """Check tables against their map and against each other; what may be written is told in a language."""
    return Checker(plan, sheets, known, language, has_map=has_map).run(judged)
