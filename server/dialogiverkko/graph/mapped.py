"""The statements of a graph by thing and by value, in one file that is mapped into memory and never read as a whole.

All processes share its pages, and only those that are asked for are in memory. A file is a header of JSON and arrays:
every term once, as N-Triples writes it and in that order, so that a name is found by bisection; then, by the number
of their terms, what is said of each thing, what points at each, and which things each predicate is said of.
"""

import json
import mmap
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph import origins
from dialogiverkko.graph.lines import Triples, value_of
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import BASE, RDF_TYPE

FILE = "statements.bin"
_LENGTH_BYTES = 8
_TEXT, _NUMBER, _WIDE = "B", "I", "Q"
_SECTIONS = {
    "text": _TEXT, "ends": _WIDE,
    "out_at": _NUMBER, "out_predicate": _NUMBER, "out_value": _NUMBER,
    "in_at": _NUMBER, "in_predicate": _NUMBER, "in_subject": _NUMBER,
    "predicate": _NUMBER, "holders_at": _NUMBER, "holder": _NUMBER,
    "told": _NUMBER, "told_at": _NUMBER, "told_by": _NUMBER,
}  # fmt: skip
"""The arrays of a file in their order, each with the type of its items."""
_OURS = f"<{BASE}".encode()
_STEP = 64
_KEPT = 16_384
"""How many answers a process keeps of each kind."""

Value = NamedNode | Literal
Numbers: TypeAlias = "array[int]"


class Statements:
    """What a file holds, for any number of processes and threads; it never changes."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        """Open a file by its bytes, or by where it is mapped."""
        whole = memoryview(content)
        start = _LENGTH_BYTES + int.from_bytes(whole[:_LENGTH_BYTES], "big")
        header = json.loads(bytes(whole[_LENGTH_BYTES:start]))
        self.uses: Mapping[str, int] = header["uses"]
        """How many statements use each predicate."""
        self.classes: frozenset[str] = frozenset(header["classes"])
        """What things are said to be."""
        self.spaces: frozenset[str] = frozenset(header["spaces"])
        """How the local names of ours begin: up to the first slash, with it, or all of one without."""
        parts = {}
        for name, kind in _SECTIONS.items():
            start = _aligned(start)
            parts[name] = whole[start : start + header["sizes"][name]].cast(kind)  # type: ignore[call-overload]  # one of three kinds
            start += header["sizes"][name]
        self._parts: Mapping[str, Any] = parts  # Any: a view of bytes or of numbers
        self._text, self._ends = parts["text"], parts["ends"]
        self._first = int(header["literals"])
        self._end = len(self._ends) - 1
        self._steps = [self._written(number) for number in range(self._first, self._end, _STEP)]
        """Every so manieth name, among which a name is looked for first."""
        self._predicate = lru_cache(_KEPT // 16)(self._name)
        self.number = lru_cache(_KEPT)(self._number)
        self.said = lru_cache(_KEPT)(self._said)
        self.pointing = lru_cache(_KEPT // 8)(self._pointing)

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Statements":
        """Make those of a graph that nothing was built of, in memory."""
        return cls(b"".join(made(snapshot)))

    @classmethod
    def mapped(cls, path: Path) -> "Statements":
        """Map a file, which may afterwards be removed."""
        with path.open("rb") as stream:
            return cls(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))

    # --- terms ---------------------------------------------------------------------------------

    def _written(self, number: int) -> bytes:
        start, end = self._ends[number : number + 2]
        return bytes(self._text[start:end])

    def _name(self, number: int) -> str:
        start, end = self._ends[number : number + 2]
        return str(self._text[start + 1 : end - 1], "utf-8")

    def _place(self, wanted: bytes) -> int:
        """Return the number of the first name that is not before a text."""
        step = bisect_right(self._steps, wanted)
        start = self._first + max(step - 1, 0) * _STEP
        block = range(start, min(start + _STEP, self._end))
        return start + bisect_left(block, wanted, key=self._written)

    def _number(self, iri: str) -> int:
        """Return the number of an IRI, which counts from the first; -1 of one that the graph does not know."""
        wanted = f"<{iri}>".encode()
        number = self._place(wanted)
        known = number < self._end and self._written(number) == wanted
        return number - self._first if known else -1

    # --- what is said of a thing ---------------------------------------------------------------

    def __contains__(self, iri: object) -> bool:
        """Return whether the graph says something of a thing."""
        number = self.number(iri) if isinstance(iri, str) else -1
        at = self._parts["out_at"]
        return number >= 0 and at[number] < at[number + 1]

    def __iter__(self) -> Iterator[str]:
        """Yield the things of which something is said, in order."""
        at = self._parts["out_at"]
        return (self._name(self._first + n) for n in range(len(at) - 1) if at[n] < at[n + 1])

    def beginning(self, start: str) -> Iterator[str]:
        """Yield the things whose IRIs begin with a text, in order."""
        wanted, at = f"<{start}".encode(), self._parts["out_at"]
        for number in range(self._place(wanted) - self._first, len(at) - 1):
            if not self._written(self._first + number).startswith(wanted):
                return
            if at[number] < at[number + 1]:
                yield self._name(self._first + number)

    def _said(self, iri: str, predicate: str) -> tuple[Value, ...]:
        """List what a predicate gives, in order."""
        return tuple(value_of(self._written(n)) for n in self._parts["out_value"][slice(*self._span(iri, predicate))])

    def statements(self, iri: str, without: Collection[str] = ()) -> Iterator[tuple[str, Value]]:
        """Yield all that is said of a thing, but by some predicates."""
        predicates, values = self._parts["out_predicate"], self._parts["out_value"]
        for place in range(*self._around("out_at", iri)):
            name = self._predicate(predicates[place])
            if name not in without:
                yield name, value_of(self._written(values[place]))

    def stated_by(self, iri: str, predicate: str, value: Value) -> tuple[str, ...]:
        """Return the documents that state a fact of a thing that several tell of; nothing where a single one does."""
        start, end = self._span(iri, predicate)
        values = self._parts["out_value"]
        found = bisect_left(range(start, end), str(value).encode(), key=lambda place: self._written(values[place]))
        told, at = self._parts["told"], self._parts["told_at"]
        place = bisect_left(told, start + found)
        if start + found == end or place == len(told) or told[place] != start + found:
            return ()
        return tuple(self._name(n) for n in self._parts["told_by"][at[place] : at[place + 1]])

    def _around(self, name: str, iri: str) -> tuple[int, int]:
        number = self.number(iri)
        start, end = self._parts[name][number : number + 2] if number >= 0 else (0, 0)
        return start, end

    def _span(self, iri: str, predicate: str, side: str = "out") -> tuple[int, int]:
        """Return where the statements of a thing with a predicate stand, on one side or the other."""
        start, end = self._around(f"{side}_at", iri)
        number = self.number(predicate) + self._first if start < end else 0
        if number < self._first:
            return 0, 0
        predicates = self._parts[f"{side}_predicate"]
        return bisect_left(predicates, number, start, end), bisect_right(predicates, number, start, end)

    # --- what points at a thing ----------------------------------------------------------------

    def _pointing(self, iri: str, predicate: str) -> tuple[str, ...]:
        """List the things that point at one by a predicate, in order."""
        return tuple(sorted(map(self._name, self._parts["in_subject"][slice(*self._span(iri, predicate, "in"))])))

    def count(self, iri: str, predicate: str) -> int:
        """Count the things that point at one by a predicate."""
        start, end = self._span(iri, predicate, "in")
        return end - start

    def users(self, iri: str, without: Collection[str] = ()) -> int:
        """Count the things that point at one by any predicate but some."""
        left_out = {self.number(predicate) + self._first for predicate in without}
        start, end = self._around("in_at", iri)
        predicates, subjects = (self._parts[name][start:end] for name in ("in_predicate", "in_subject"))
        return len({s for p, s in zip(predicates, subjects, strict=True) if p not in left_out})

    def predicates_to(self, iri: str) -> list[str]:
        """List the predicates by which something points at a thing."""
        numbers = self._parts["in_predicate"][slice(*self._around("in_at", iri))]
        return [self._name(number) for number in dict.fromkeys(numbers)]

    # --- what a predicate is said of -----------------------------------------------------------

    def holders(self, predicate: str) -> Sequence[str]:
        """List the things of which a predicate is said, in order."""
        number, known, at = self.number(predicate) + self._first, self._parts["predicate"], self._parts["holders_at"]
        place = bisect_left(known, number)
        if place == len(known) or known[place] != number:
            return ()
        return tuple(map(self._name, self._parts["holder"][at[place] : at[place + 1]]))


def _aligned(place: int) -> int:
    return -(-place // 8) * 8


# --- making --------------------------------------------------------------------------------------


def build_statements(snapshot: Snapshot, folder: Path) -> None:
    """Write the statements of a graph into a folder of what is built."""
    with (folder / FILE).open("wb") as stream:
        stream.writelines(made(snapshot))


def made(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the file of a graph in pieces."""
    numbers, subjects, predicates, values = _numbered(snapshot.merged)
    terms = list(numbers)
    first = bisect_left(terms, b"<")
    ends = array(_WIDE, accumulate(map(len, terms), initial=0))
    uses = _counted(predicates, len(terms))
    parts: dict[str, Any] = {  # Any: bytes or numbers
        "text": b"".join(terms), "ends": ends,
        **_outgoing(subjects, predicates, values, first, len(terms)),
        **_incoming(subjects, predicates, values, first, len(terms)),
        **_holders(subjects, predicates, uses),
        **_told(origins.of(snapshot), numbers, (subjects, predicates, values)),
    }  # fmt: skip
    header = {
        "digest": snapshot.digest,
        "literals": first,
        "uses": {terms[n][1:-1].decode(): count for n, count in enumerate(uses) if count},
        "classes": sorted(_classes(predicates, values, numbers, terms)),
        "spaces": sorted({_space(terms[n]) for n in set(subjects) if terms[n].startswith(_OURS)}),
        "sizes": {name: len(parts[name]) * array(kind).itemsize for name, kind in _SECTIONS.items()},
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    yield len(text).to_bytes(_LENGTH_BYTES, "big") + text
    place = _LENGTH_BYTES + len(text)
    for name in _SECTIONS:
        body = bytes(parts.pop(name))
        yield bytes(_aligned(place) - place) + body
        place = _aligned(place) + len(body)


def _classes(predicates: Numbers, values: Numbers, numbers: Mapping[bytes, int], terms: Sequence[bytes]) -> set[str]:
    kind = numbers.get(f"<{RDF_TYPE}>".encode(), -1)
    found = {value for predicate, value in zip(predicates, values, strict=True) if predicate == kind}
    return {terms[value][1:-1].decode() for value in found}


def _space(written: bytes) -> str:
    local = written[1:-1].decode().removeprefix(BASE).partition("#")[0]
    first, slash, _ = local.partition("/")
    return first + slash


def _numbered(triples: Triples) -> tuple[dict[bytes, int], Numbers, Numbers, Numbers]:
    """Number the terms in their order, and write each statement without blank nodes as three numbers."""
    met: dict[bytes, int] = {}
    columns = array(_NUMBER), array(_NUMBER), array(_NUMBER)
    for line in triples.lines():
        subject, predicate, rest = line.split(b" ", 2)
        if subject[:1] != b"_" and rest[:1] != b"_":
            for column, term in zip(columns, (subject, predicate, rest[:-2]), strict=True):
                column.append(met.setdefault(term, len(met)))
    order = sorted(met)
    ranks = array(_NUMBER, bytes(len(met) * array(_NUMBER).itemsize))
    for rank, term in enumerate(order):
        ranks[met[term]] = rank
    subjects, predicates, values = (array(_NUMBER, map(ranks.__getitem__, column)) for column in columns)
    met.clear()  # one table of all terms at a time
    met.update((term, rank) for rank, term in enumerate(order))
    return met, subjects, predicates, values


def _counted(numbers: Iterable[int], length: int) -> Numbers:
    counts = array(_NUMBER, bytes(length * array(_NUMBER).itemsize))
    for number in numbers:
        counts[number] += 1
    return counts


def _outgoing(subjects: Numbers, predicates: Numbers, values: Numbers, first: int, terms: int) -> dict[str, Numbers]:
    """Order what is said by thing: as the lines of the graph are already."""
    counts = _counted(subjects, terms)
    at = array(_NUMBER, accumulate(islice(counts, first, None), initial=0))
    return {"out_at": at, "out_predicate": predicates, "out_value": values}


def _incoming(subjects: Numbers, predicates: Numbers, values: Numbers, first: int, terms: int) -> dict[str, Numbers]:
    """Order what is said by the thing that it leads to, then by predicate, then by subject."""
    counts = _counted(values, terms)
    at = array(_NUMBER, accumulate(islice(counts, first, None), initial=0))
    found = array(_WIDE, bytes(at[-1] * array(_WIDE).itemsize))
    free = at[:]
    for subject, predicate, value in zip(subjects, predicates, values, strict=True):
        if value >= first:
            found[free[value - first]] = predicate << 32 | subject
            free[value - first] += 1
    for start, end in zip(at, islice(at, 1, None), strict=False):
        if end - start > 1:
            found[start:end] = array(_WIDE, sorted(found[start:end]))
    return {
        "in_at": at,
        "in_predicate": array(_NUMBER, (each >> 32 for each in found)),
        "in_subject": array(_NUMBER, (each & 0xFFFFFFFF for each in found)),
    }


def _holders(subjects: Numbers, predicates: Numbers, uses: Numbers) -> dict[str, Numbers]:
    """List the things that each predicate is said of, each once."""
    found: dict[int, Numbers] = {number: array(_NUMBER) for number, count in enumerate(uses) if count}
    for subject, predicate in zip(subjects, predicates, strict=True):
        held = found[predicate]
        if not held or held[-1] != subject:
            held.append(subject)
    joined = array(_NUMBER)
    for held in found.values():
        joined.extend(held)
    at = array(_NUMBER, accumulate(map(len, found.values()), initial=0))
    return {"predicate": array(_NUMBER, found), "holders_at": at, "holder": joined}


def _told(
    facts: Mapping[origins.Fact, tuple[str, ...]],
    numbers: Mapping[bytes, int],
    columns: tuple[Numbers, Numbers, Numbers],
) -> dict[str, Numbers]:
    """List by the place of a statement the documents that state it, of the things that several tell of."""
    wanted: dict[tuple[int, int, int], list[int]] = {}
    for fact, documents in facts.items():
        subject, verb, term = (numbers.get(each, -1) for each in fact)
        wanted[subject, verb, term] = [numbers[f"<{document}>".encode()] for document in documents]
    things = {subject for subject, _, _ in wanted}
    told, told_by, ends = array(_NUMBER), array(_NUMBER), [0]
    for place, statement in enumerate(zip(*columns, strict=True)):
        documents_of = wanted.get(statement) if statement[0] in things else None
        if documents_of:
            told.append(place)
            told_by.extend(documents_of)
            ends.append(len(told_by))
    return {"told": told, "told_at": array(_NUMBER, ends), "told_by": told_by}
