"""What several cells must agree on: identifiers that name each other, ends after begins, one kind of number."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from dialogiverkko.graph.tables.cells import CellError
from dialogiverkko.graph.tables.faults import Fault
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.mapping import Map
from dialogiverkko.graph.tables.matches import Judgements
from dialogiverkko.graph.tables.rows import Row
from dialogiverkko.graph.tables.times import in_order
from dialogiverkko.namespaces import ID

_JUDGE = "Write into matches.csv whether it is the same, different or unsure."
_COMPARE = "If it is the same, take the row out and use that name."


def run(
    plan: Map, rows: Sequence[Row], known: Known, judgements: Judgements, *, has_map: bool = True
) -> Iterator[Fault]:
    """Yield every fault that lies between cells."""
    yield from _identifiers(plan, rows)
    yield from _keys(rows, known)
    yield from _cycles(rows)
    for row in rows:
        yield from _within(row)
        yield from _words(plan, row)
    yield from _nameless(rows)
    yield from _likeness(rows, known, judgements, _JUDGE if has_map else _COMPARE)


def _fault(row: Row, means: str, code: str, wrong: str, right: str, gravity: str = "error") -> Fault:
    """Make a fault of the cell that has a meaning, or of the row."""
    cell = next(row.all(means), None)
    column, value = (cell.column, cell.text) if cell else ("", "")
    return Fault(
        row.table, row.number, column, value, code, wrong, right, "warning" if gravity == "warning" else "error"
    )


def _identifiers(plan: Map, rows: Sequence[Row]) -> Iterator[Fault]:
    """Report identifiers that stand twice; several rows of one dialogue are several pages that tell of it."""
    first: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if row.kind not in ("dialogue", "organisation", "place"):
            continue
        page = str(row.one("page")) if row.kind == "dialogue" else ""
        key = (row.kind, str(row.one("id")), page)
        if not key[1]:
            continue
        if key in first:
            what = f"«{key[1]}» stands in row {first[key]} already."
            if page:
                what = f"«{key[1]}» stands in row {first[key]} already with the same page."
            may_cite = row.kind == "dialogue"
            right = "Join the rows, or name the page that this one rests on." if may_cite else "Join the rows."
            yield _fault(row, "id", "double-identifier", what, right)
        first.setdefault(key, row.number)
    del plan


def known_already(key: str) -> tuple[str, str]:
    """Say of something declared as new that the graph has it, and what would be right."""
    return f"The graph has «{key}» already.", "Take it out, and use the name that the graph has."


def declared_twice(
    rows: Sequence[Row], before: Mapping[str, Collection[str]], judgements: Judgements
) -> Iterator[Fault]:
    """Report a body or a place that is declared as new, is named by a row, and has an identifier of the graph's."""
    used = {
        (kind, str(value.read))
        for row in rows
        for kind, means in (("organisation", "party"), ("place", "place"))
        for value in row.all(means)
    }
    for row in rows:
        key = str(row.one("id"))
        if (row.kind, key) in used and key in before[row.kind] and not judgements.of(row.table, key):
            yield _fault(row, "id", "double-identifier", *known_already(key))


def _keys(rows: Sequence[Row], known: Known) -> Iterator[Fault]:
    """Report identifiers that name a row that is not there."""
    dialogues = {str(row.one("id")) for row in rows if row.kind == "dialogue"}
    for row in rows:
        for means in ("dialogue", "part-of"):
            for value in row.all(means):
                if value.read in dialogues or value.read in known.labels["dialogue"]:
                    continue
                near = [k for k in sorted(dialogues) if k[:6] == str(value.read)[:6]][:3]
                hint = f"Is it {', '.join(near)}?" if near else "Add the row, or mend the identifier."
                yield Fault(
                    row.table, row.number, value.column, value.text, "no-such-row",
                    f"No row describes «{value.read}».", hint,
                )  # fmt: skip


def _cycles(rows: Sequence[Row]) -> Iterator[Fault]:
    """Report a dialogue that is a part of itself."""
    above: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.kind == "dialogue":
            above[str(row.one("id"))] |= {str(value.read) for value in row.all("part-of")}
    for row in rows:
        if row.kind != "dialogue" or not any(row.all("part-of")):
            continue
        seen: set[str] = set()
        ahead = set(above[str(row.one("id"))])
        while ahead:
            seen |= ahead
            ahead = {up for key in ahead for up in above.get(key, ())} - seen
        if row.one("id") in seen:
            yield _fault(row, "part-of", "part-of-itself", "The dialogue is a part of itself.", "Parts form a tree.")


def _within(row: Row) -> Iterator[Fault]:
    """Report what the cells of one row do not agree on."""
    begin, end = row.one("begin"), row.one("end")
    if begin and end and "/" not in f"{begin}{end}":
        try:
            in_order(f"{begin}/{end}", f"{begin}/{end}")
        except CellError as error:
            yield _fault(row, "end", error.code, f"The end {end} lies before the begin {begin}.", "Are they swapped?")
    numbers = [means for means in ("amount", "value", "least", "most") if any(row.all(means))]
    if row.kind == "count":
        if not numbers:
            yield _fault(
                row, "unit", "no-number", "The row has no number.", "Write a value, or the least and the most."
            )
        elif "value" in numbers and row.one("value") not in {row.one(each) for each in numbers if each != "value"} | (
            {row.one("value")} if len(numbers) == 1 else set()
        ):
            yield _fault(row, "value", "two-numbers", "The row has a value and a range.", "Keep one of them.")
        elif {"least", "most"} <= set(numbers) and row.one("least") > row.one("most"):
            yield _fault(row, "least", "range-backwards", "The range runs downwards.", "Swap the least and the most.")
    if any(row.all("latitude")) != any(row.all("longitude")):
        yield _fault(row, "latitude", "half-a-point", "Latitude and longitude go together.", "Write both or none.")
    names = [(value.qualifier, value.text) for value in row.all("name")]
    if row.kind == "dialogue" and len({text for _, text in names}) < len(names) == 3:
        yield _fault(row, "name", "same-name", "Two languages have the same name.", "Is one a copy?", "warning")


def _words(plan: Map, row: Row) -> Iterator[Fault]:
    """Report a row that cites a page without the words that it rests on, where the table has a column for them."""
    columns = {column.means for column in plan.tables[row.table].columns.values()}
    if "page" in row.filled and "words" in columns - row.filled and row.kind in ("dialogue", "participation", "count"):
        yield _fault(
            row, "id", "no-words", "The row has no words of its page.", "Quote the words that say it.", "warning"
        )
    if "words" in row.filled and "page" in columns - row.filled:
        yield _fault(row, "words", "no-page", "The words have no page.", "Write the address that they stand on.")


def _nameless(rows: Sequence[Row]) -> Iterator[Fault]:
    """Report a thing that no row names in any language."""
    named: set[tuple[str, str]] = {(row.kind, str(row.one("id"))) for row in rows if any(row.all("name"))}
    named |= {(str(row.one("of")), str(row.one("thing"))) for row in rows if row.kind == "name"}
    told: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.kind, str(row.one("id")))
        if row.kind in ("dialogue", "organisation", "place") and key[1] and key not in named and key not in told:
            told.add(key)
            yield _fault(row, "id", "no-name", f"«{key[1]}» has no name in any language.", "Write at least one.")


def _likeness(rows: Sequence[Row], known: Known, judgements: Judgements, right: str) -> Iterator[Fault]:
    """Ask a person to judge where a new body's name is like one that the graph has; likeness alone matches nothing."""
    own = {str(row.one("id")) for row in rows if row.kind == "organisation"}
    for row in rows:
        if row.kind != "organisation" or judgements.of(row.table, str(row.one("id"))):
            continue
        for value in row.all("name"):
            like = [p for p in known.alike("organisation", value.text, 6) if p.key not in own]
            if like:
                said = "; ".join(f"{p.name} ({ID}org/{p.key})" for p in like[:2])
                yield Fault(
                    row.table, row.number, value.column, value.text, "not-judged",
                    f"The graph has a body with a name like «{value.text}»: {said}.",
                    right, "warning",
                )  # fmt: skip
                break
