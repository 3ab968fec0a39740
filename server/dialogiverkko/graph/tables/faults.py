"""What is wrong with a table: told by row, column and value, all at once, as text and as JSON."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal

Gravity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fault:
    """One cell (or row, or column) that cannot be taken as it is."""

    table: str
    row: int
    """The row as a spreadsheet numbers it; 0 for the whole table."""
    column: str
    value: str
    code: str
    wrong: str
    right: str
    gravity: Gravity = "error"
    letter: str = ""
    """The column's letter in a spreadsheet."""


@dataclass(frozen=True)
class Faults:
    """All faults of one check, in the order of the tables."""

    found: tuple[Fault, ...]
    notices: tuple[str, ...] = ()
    rows: int = 0

    @classmethod
    def of(cls, found: Iterable[Fault], notices: Iterable[str] = (), rows: int = 0) -> "Faults":
        """Put faults in order, each once."""
        ordered = sorted(dict.fromkeys(found), key=lambda f: (f.table, f.row, len(f.letter), f.letter, f.code))
        return cls(tuple(ordered), tuple(dict.fromkeys(notices)), rows)

    @property
    def clean(self) -> bool:
        """True where nothing keeps the table from being imported."""
        return not any(fault.gravity == "error" for fault in self.found)

    def counts(self) -> Counter[str]:
        """Count the faults by kind."""
        return Counter(fault.code for fault in self.found)

    def said(self, say: Callable[[str], str]) -> "Faults":
        """Return the same with its sentences in another language."""
        found = (replace(fault, wrong=say(fault.wrong), right=say(fault.right)) for fault in self.found)
        return Faults(tuple(found), tuple(map(say, self.notices)), self.rows)

    def text(self, say: Callable[[str], str] = str) -> str:
        """Write each fault for the person who keeps the table, in the language into which ``say`` puts a sentence."""
        lines = [say(notice) for notice in self.notices]
        row, column, look = say("row"), say("column"), say("please look")
        for fault in self.found:
            place = f"{fault.table}, {row} {fault.row}" if fault.row else fault.table
            if fault.column:
                place += f", {column} {fault.column}" + (f" ({fault.letter})" if fault.letter else "")
            word = "" if fault.gravity == "error" else f"{look}: "
            lines.append(f"{place}: {word}{say(fault.wrong)} {say(fault.right)}")
        errors = sum(fault.gravity == "error" for fault in self.found)
        warnings = len(self.found) - errors
        lines.append(say(f"{self.rows} rows read, {errors} faults, {warnings} to look at"))
        return "\n".join(lines)

    def json(self) -> str:
        """Write the faults for a program."""
        return json.dumps(
            {
                "clean": self.clean,
                "rows": self.rows,
                "notices": self.notices,
                "counts": self.counts(),
                "faults": [asdict(fault) for fault in self.found],
            },
            ensure_ascii=False,
            indent=2,
        )


def letter(index: int) -> str:
    """Return the letter that a spreadsheet gives a column, from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
