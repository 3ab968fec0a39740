"""What people judged of names (matches.csv): the same, different, or unsure. No later run forgets a judgement."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dialogiverkko.graph.tables.annotated import harmless
from dialogiverkko.graph.tables.faults import Fault
from dialogiverkko.graph.tables.files import Sheet
from dialogiverkko.graph.tables.known import Known, normal, place_of
from dialogiverkko.graph.tables.near import Near
from dialogiverkko.namespaces import ID

Verdict = Literal["same", "different", "unsure"]
_VERDICTS: dict[str, Verdict] = {
    "same": "same",
    "different": "different",
    "related": "different",
    "unsure": "unsure",
    "close": "unsure",
}
COLUMNS = ("table", "slug", "existing_iri", "match", "note")


@dataclass(frozen=True)
class Judgement:
    """What a person decided of a name of a table and a thing of the graph."""

    table: str
    name: str
    iri: str
    verdict: Verdict
    word: str
    """The word in the file: related and close say more than different and unsure."""
    note: str = ""


class Judgements:
    """All judgements, asked by table and name."""

    def __init__(self, judged: Iterable[Judgement] = ()) -> None:
        self.all = tuple(judged)
        self._by_name: dict[tuple[str, str], list[Judgement]] = {}
        for judgement in self.all:
            self._by_name.setdefault((judgement.table, normal(judgement.name)), []).append(judgement)

    def of(self, table: str, name: str) -> list[Judgement]:
        """List what was decided of a name."""
        return self._by_name.get((table, normal(name)), [])

    def same(self, table: str, name: str) -> str:
        """Return the address of the thing that a person said is the same, or nothing."""
        return next((j.iri for j in self.of(table, name) if j.verdict == "same"), "")


def read_judgements(sheet: Sheet, tables: Iterable[str], known: Known) -> tuple[Judgements, list[Fault]]:
    """Read the judgements, and tell what is wrong with them."""
    faults: list[Fault] = []
    judged: list[Judgement] = []
    missing = [name for name in COLUMNS[:4] if name not in sheet.header]
    if missing:
        told = ", ".join(missing)
        return Judgements(), [Fault("matches", 0, told, "", "missing-column", f"Missing: {told}.", "Add it.")]
    at = {name: sheet.header.index(name) for name in COLUMNS if name in sheet.header}
    names = set(tables)
    for line in sheet.rows:
        row = {name: line.cells[index].strip() for name, index in at.items()}
        wrong = _wrong(row, names, known)
        if wrong:
            faults.append(Fault("matches", line.number, wrong[0], row[wrong[0]], *wrong[1:]))
        else:
            word = row["match"].casefold()
            judged.append(
                Judgement(row["table"], row["slug"], row["existing_iri"], _VERDICTS[word], word, row.get("note", ""))
            )
    return Judgements(judged), faults


def _wrong(row: Mapping[str, str], tables: set[str], known: Known) -> tuple[str, str, str, str] | None:
    """Return column, code, what is wrong and what would be right; None for a good row."""
    if row["table"] not in tables:
        return "table", "unknown-value", f"There is no table «{row['table']}».", f"Write one of {', '.join(tables)}."
    if row["match"].casefold() not in _VERDICTS:
        told = f"«{row['match']}» is no judgement."
        return "match", "unknown-value", told, "Write same, different or unsure."
    place = place_of(row["existing_iri"])
    if place is None or place[1] not in known.names[place[0]].get(normal(place[1]), ()):
        told = f"The graph has no «{row['existing_iri']}»."
        near = Near(known).names(place[0], row["slug"]) if place else []
        hint = f"Nearest: {', '.join(f'{p.name} ({p.key})' for p in near)}." if near else f"Write such as {ID}org/om."
        return "existing_iri", "unknown-name", told, hint
    return None


def proposals(names: Iterable[tuple[str, str, str]], known: Known) -> str:
    """Return rows for matches.csv to be judged: names of a table (table, name, scheme), each with the likest things."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    near = Near(known)
    for table, name, scheme in names:
        for proposal in near.names(scheme, name):
            kind = {"organisation": "org", "place": "place", "dialogue": "activity"}.get(scheme)
            iri = f"{ID}{kind}/{proposal.key}" if kind else ID + proposal.key.replace(":", "/")
            note = f"{proposal.name}: likeness {proposal.likeness}; write same, different or unsure"
            writer.writerow([harmless(text) for text in (table, name, iri, "", note)])
    return out.getvalue()
