"""Triples held as what they are written as: sorted N-Triples lines, compressed, some fifteen bytes each.

A triple as an object takes four hundred bytes; a large graph is read through once or twice, in order.
"""

import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from typing import overload

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from dialogiverkko.namespaces import RDF_TYPE

_BLOCK = 1_000
"""Lines that are compressed together: few, since of each of many graphs so many are held as they are merged."""
_AT_HAND = 250
_SHARE = 200
"""Lines at least, and the share of its own, that are at hand of each graph as many are merged."""
_WINDOW = 50_000
"""Lines that are compared at once with all that is stated: each graph is asked for its own of them."""
_RUN = 250_000
"""Lines that are sorted at once; more are sorted in runs, which are merged."""
_TYPE = f"<{RDF_TYPE}>".encode()
_BLANK = re.compile(rb"^_:| _:\S+ \.$", re.MULTILINE)


class Triples(Sequence[Triple]):
    """Triples in the order of their lines, each once."""

    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        """``lines`` are sorted and unique, and end with the full stop."""
        rest = iter(lines)
        blocks: list[bytes] = []
        self.has_blank_nodes, self._length = False, 0
        while block := list(islice(rest, _BLOCK)):
            text = b"\n".join(block) + b"\n"
            self.has_blank_nodes = self.has_blank_nodes or has_blank_nodes(text)
            self._length += len(block)
            blocks.append(zlib.compress(text, 1))
        self.blocks: Sequence[bytes] = tuple(blocks)
        """The lines, many together, compressed."""

    @classmethod
    def of_blocks(cls, blocks: Iterable[bytes], length: int, *, has_blank_nodes: bool) -> "Triples":
        """Take blocks that another of these has made."""
        triples = cls()
        triples.blocks, triples._length, triples.has_blank_nodes = tuple(blocks), length, has_blank_nodes
        return triples

    def texts(self, predicates: Collection[str] = ()) -> Iterator[bytes]:
        """Yield the lines in pieces of many; those of some predicates, where they are named."""
        texts = map(zlib.decompress, self.blocks)
        if not predicates:
            return texts
        wanted = frozenset(f"<{predicate}>".encode() for predicate in predicates)
        return (
            b"".join(line for line in text.splitlines(keepends=True) if line.split(b" ", 2)[1] in wanted)
            for text in texts
        )

    def texts_of(self, names: Collection[str]) -> Iterator[bytes]:
        """Yield the lines whose predicate is among some names, in pieces; of types those that are among them too."""
        written = frozenset(f"<{name}>".encode() for name in names)
        types = frozenset(name + b" .\n" for name in written)
        for text in self.texts(names):
            kept = (line.split(b" ", 2) for line in text.splitlines(keepends=True))
            yield b"".join(b" ".join(parts) for parts in kept if parts[1] != _TYPE or parts[2] in types)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines."""
        return chain.from_iterable(text.splitlines() for text in self.texts())

    def subjects(self) -> Iterator[str]:
        """Yield the IRIs of the subjects, each once."""
        previous = b""
        for line in self.lines():
            name = line[: line.index(b" ")]
            if name != previous and name.startswith(b"<"):
                yield name[1:-1].decode()
            previous = name

    def saying(self, predicates: Collection[str]) -> Iterator[Triple]:
        """Yield the triples of some predicates; the lines of all others are not parsed."""
        for text in self.texts(predicates):
            for quad in parse(text, RdfFormat.N_TRIPLES):
                yield quad.triple

    def values(self, subject: str, predicate: str) -> Iterator[object]:
        """Yield the values of one predicate of one subject; no other line is parsed, nor looked at on its own."""
        start = f"<{subject}> <{predicate}> ".encode()
        for text in self.texts():
            if start in text:
                lines = [line for line in text.splitlines() if line.startswith(start)]
                for quad in parse(b"\n".join(lines), RdfFormat.N_TRIPLES):
                    yield quad.object

    def statements(self, predicates: Collection[str] = ()) -> Iterator[tuple[str, str, NamedNode | Literal]]:
        """Yield subject, predicate and value of each triple without blank nodes; equal names and values are one object.

        Of some predicates, where they are named.

        Several times quicker than triples, and a fraction of their memory for who keeps them.
        """
        wanted = frozenset(f"<{predicate}>".encode() for predicate in predicates)
        names: dict[bytes, str] = {}
        values: dict[bytes, NamedNode | Literal] = {}
        for line in self.lines():
            subject, predicate, rest = line.split(b" ", 2)
            if (wanted and predicate not in wanted) or subject[:1] == b"_" or rest[:1] == b"_":
                continue
            value = values.get(rest)
            if value is None:
                value = values[rest] = value_of(rest[:-2])
            for name in (subject, predicate):
                if name not in names:
                    names[name] = name[1:-1].decode()
            yield names[subject], names[predicate], value

    def __iter__(self) -> Iterator[Triple]:
        for text in self.texts():
            for quad in parse(text, RdfFormat.N_TRIPLES):
                yield quad.triple

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Triple: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Triple]: ...
    def __getitem__(self, index: int | slice) -> Triple | Sequence[Triple]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_is_same, self, other))

    def __hash__(self) -> int:
        return hash(self.blocks)

    def __repr__(self) -> str:
        return f"<{self._length} triples>"


def value_of(written: bytes) -> NamedNode | Literal:
    """Read an IRI or a literal as the engine writes it."""
    if written.startswith(b"<"):
        return NamedNode(written[1:-1].decode())
    if b"\\" in written:
        triple = next(iter(parse(b"<a:a> <a:a> " + written + b" .", RdfFormat.N_TRIPLES))).triple
        assert isinstance(triple.object, Literal)  # noqa: S101 - it begins with a quotation mark
        return triple.object
    end = written.rindex(b'"')
    text, mark = written[1:end].decode(), written[end + 1 :].decode()
    if not mark:
        return Literal(text)
    return Literal(text, language=mark[1:]) if mark[0] == "@" else Literal(text, datatype=NamedNode(mark[3:-1]))


def has_blank_nodes(text: bytes) -> bool:
    """Return whether lines name blank nodes."""
    if b"\n_:" in text or text.startswith(b"_:"):
        return True
    return b"_:" in text and _BLANK.search(text) is not None  # the first is found some hundred times as fast


def set_apart(text: bytes) -> tuple[bytes, bytes]:
    """Part lines into those that name blank nodes and those that name none."""
    parts: tuple[list[bytes], list[bytes]] = [], []
    for line in text.splitlines():
        parts[not has_blank_nodes(line)].append(line)
    named, others = (b"\n".join([*part, b""]) for part in parts)
    return named, others


def _is_same(one: object, other: object) -> bool:
    return one == other


class Sorter:
    """Collects lines in any order, and returns them as sorted Triples."""

    def __init__(self) -> None:
        self._runs: list[Triples] = []
        self._held: list[bytes] = []

    def add(self, text: bytes) -> None:
        """Take the lines of a text."""
        self._held += sorted(text.splitlines())  # what is sorted in parts is sorted as a whole in half the time
        if len(self._held) >= _RUN:
            self.pack()

    def pack(self) -> None:
        """Sort and compress the lines collected so far, to save memory."""
        if self._held:
            self._held.sort()
            self._runs.append(Triples(line for line, _ in groupby(self._held)))
            self._held = []

    def triples(self, stated: Collection[Triples] = ()) -> Triples:
        """Return all lines but those that are stated already, sorted; blank nodes are named canonically (RDFC-1.0)."""
        self.pack()
        if len(self._runs) == 1 and not stated:
            found = self._runs[0]
        else:
            found = Triples(_unstated(merged_lines(self._runs), stated))
        return _canonical(found) if found.has_blank_nodes else found


def _canonical(triples: Triples) -> Triples:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize((quad.triple for quad in dataset), format=RdfFormat.N_TRIPLES) or b""
    return Triples(sorted(text.splitlines()))


def merged_lines(parts: Iterable[Triples]) -> Iterator[bytes]:
    """Yield the lines of several graphs, or parts of one, in order, each once.

    What all have up to where the lines at hand of one end first is sorted together: of lines that are in order by parts
    the sort makes a merge, several times quicker than line by line. Of each a share is at hand, so that there are few
    such windows, however many the graphs and however unlike: each window asks all of them.
    """
    rests, least = dict[int, Iterator[list[bytes]]](), list[int]()
    for number, part in enumerate(parts):
        rests[number] = map(bytes.splitlines, part.texts())
        least.append(max(_AT_HAND, len(part) // _SHARE))
    held: list[list[bytes]] = [[] for _ in rests]
    begins = [0] * len(held)
    while rests:
        for number in [each for each in rests if len(held[each]) - begins[each] < least[each]]:
            if more := list(chain.from_iterable(islice(rests[number], 1 + least[number] // _BLOCK))):
                held[number], begins[number] = held[number][begins[number] :] + more, 0
            else:
                del rests[number]
        bound = min((held[number][-1] for number in rests), default=None)
        window: list[bytes] = []
        for number, lines in enumerate(held):
            end = len(lines) if bound is None else bisect_right(lines, bound, begins[number])
            window += lines[begins[number] : end]
            begins[number] = end
        window.sort()
        for line, _ in groupby(window):
            yield line


def _unstated(lines: Iterator[bytes], stated: Iterable[Triples]) -> Iterator[bytes]:
    """Yield the lines, which are in order, but those of some graphs; each graph is read through once, in order."""
    rests = [map(bytes.splitlines, graph.texts()) for graph in stated]
    held = [next(rest, []) for rest in rests]
    while block := list(islice(lines, _WINDOW)):
        known = set[bytes]()
        for number, rest in enumerate(rests):
            while (there := held[number]) and there[0] <= block[-1]:
                end = bisect_right(there, block[-1])
                known.update(there[bisect_left(there, block[0]) : end])
                if end < len(there):
                    break
                held[number] = next(rest, [])
        yield from (line for line in block if line not in known)


def written(triples: Iterable[Triple]) -> Iterator[bytes]:
    """Write triples as N-Triples, in pieces of many lines."""
    rest = iter(triples)
    while block := list(islice(rest, _BLOCK)):
        yield serialize(block, format=RdfFormat.N_TRIPLES) or b""


def ordered(triples: Iterable[Triple]) -> Triples:
    """Sort triples, each once, by their N-Triples form; blank nodes are named canonically (RDFC-1.0)."""
    if isinstance(triples, Triples):
        return triples
    sorter = Sorter()
    for text in written(triples):
        sorter.add(text)
    return sorter.triples()
