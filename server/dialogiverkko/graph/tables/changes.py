"""What differs between two states of the tables of a source: cells that changed, rows that are new, rows that went."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialogiverkko.graph.tables.files import NumberedRow, Sheet
from dialogiverkko.graph.tables.mapping import Map, Table
from dialogiverkko.graph.tables.meanings import RowKind

_KEYS: dict[RowKind, tuple[str, ...]] = {
    "dialogue": ("id", "page"),
    "participation": ("dialogue", "party", "role", "page"),
    "count": ("dialogue", "unit", "page", "words"),
    "organisation": ("id",),
    "place": ("id",),
    "report": ("title", "page"),
    "name": ("of", "thing"),
}
Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One cell that changed, or a row that is new or went (then without a column)."""

    table: str
    row: str
    """What names the row: its identifiers."""
    column: str = ""
    before: str = ""
    after: str = ""

    def text(self) -> str:
        """Write it in one line."""
        if self.column:
            return f"{self.table}, {self.row}, {self.column}: «{self.before}» is now «{self.after}»"
        return f"{self.table}, {self.row}: the row {'went' if self.before else 'is new'}"


def _keyed(table: Table, sheet: Sheet) -> dict[Key, NumberedRow]:
    """Return the rows by what names them; rows that are named alike are numbered."""
    named = _KEYS[table.row]
    at = [i for i, title in enumerate(sheet.header) if title in table.columns and table.columns[title].means in named]
    found: dict[Key, NumberedRow] = {}
    seen: Counter[Key] = Counter()
    for line in sheet.rows:
        key = tuple(line.cells[i] for i in at)
        seen[key] += 1
        found[(*key, f"#{seen[key]}") if seen[key] > 1 else key] = line
    return found


def changes(plan: Map, before: Mapping[str, Sheet], after: Mapping[str, Sheet]) -> Iterator[Change]:
    """Yield every change from one state of the tables to another, in the order of the tables."""
    for name, table in plan.tables.items():
        old, new = before.get(name), after.get(name)
        if new is None:
            continue
        was = _keyed(table, old) if old else {}
        now = _keyed(table, new)
        for key, line in now.items():
            row = _told(key)
            if key not in was:
                yield Change(name, row, after="new")
            elif old is not None:
                yield from _cells(name, row, _by_title(old, was[key]), _by_title(new, line))
        for key in was.keys() - now.keys():
            yield Change(name, _told(key), before="went")


def _told(key: Key) -> str:
    """Return what names a row, for people: its identifiers without addresses."""
    return " · ".join(part for part in key if part and not part.startswith("http")) or " · ".join(key)


def _by_title(sheet: Sheet, line: NumberedRow) -> dict[str, str]:
    return dict(zip(sheet.header, line.cells, strict=False))


def _cells(table: str, row: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Yield the cells of one row that changed."""
    for title, text in after.items():
        if before.get(title, "") != text:
            yield Change(table, row, title, before.get(title, ""), text)
