"""Triples held as what they are written as: sorted N-Triples lines, compressed, some fifteen bytes each.

A triple as an object takes four hundred bytes; a large graph is read through once or twice, in order.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import chain, islice
from typing import overload

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

_BLOCK = 4_000
"""Lines that are compressed together."""
_RUN = 1_000_000
"""Lines that are sorted at once; more are sorted in runs, which are merged."""
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
        self._blocks = tuple(blocks)

    def texts(self) -> Iterator[bytes]:
        """Yield the lines in pieces of many."""
        return map(zlib.decompress, self._blocks)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines."""
        return chain.from_iterable(text.splitlines() for text in self.texts())

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
        return hash(self._blocks)

    def __repr__(self) -> str:
        return f"<{self._length} triples>"


def has_blank_nodes(text: bytes) -> bool:
    """Return whether lines name blank nodes."""
    return b"_:" in text and _BLANK.search(text) is not None  # the first is found some hundred times as fast


def _is_same(one: object, other: object) -> bool:
    return one == other


class Sorter:
    """Collects lines in any order, and returns them as sorted Triples."""

    def __init__(self) -> None:
        self._runs: list[Triples] = []
        self._held: list[bytes] = []

    def add(self, text: bytes) -> None:
        """Take the lines of a text."""
        self._held += text.splitlines()
        if len(self._held) >= _RUN:
            self.pack()

    def pack(self) -> None:
        """Sort and compress the lines collected so far, to save memory."""
        if self._held:
            self._runs.append(Triples(sorted(set(self._held))))
            self._held = []

    def triples(self) -> Triples:
        """Return all lines as sorted Triples; blank nodes are named canonically (RDFC-1.0)."""
        self.pack()
        found = self._runs[0] if len(self._runs) == 1 else Triples(merged_lines(self._runs))
        return _canonical(found) if found.has_blank_nodes else found


def _canonical(triples: Triples) -> Triples:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize((quad.triple for quad in dataset), format=RdfFormat.N_TRIPLES) or b""
    return Triples(sorted(text.splitlines()))


def merged_lines(graphs: Iterable[Triples]) -> Iterator[bytes]:
    """Yield the lines of several graphs in order, each once."""
    previous = b""
    for line in merge(*(graph.lines() for graph in graphs)):
        if line != previous:
            yield line
        previous = line


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
