"""Opens all files of a disk store at once: workers, which are forked later, can open none and use these.

The engine (RocksDB) opens sixteen table files with a store, and each other when it first reads in it. Quads and terms
lie in these files by the hashes of their terms, so that those of any few subjects lie all over them; not in a file of
few quads, which is sought through all indexes, once: what was read there is kept beside the files.
"""

import logging
import os
import resource
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, groupby, islice, zip_longest
from pathlib import Path
from typing import NamedTuple, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from dialogiverkko.errors import UsageError

_LOG = logging.getLogger(__name__)
READS_FILE = "dialogiverkko-reads.nq"
"""The file in a store's folder that has the quads by whose reading the files are opened that a sample leaves."""
_AT_ONCE = 200
"""Quads that are read before it is looked whether a file was opened."""
_MANY = 100
"""Quads of one object that are not read again with another predicate."""
_BEGIN = 500
"""Quads that are read for the predicates that there are."""
_SUBJECTS = 20
"""Subjects that are read of each predicate."""
_QUADS = 50
"""Quads that are read of each subject."""
_RANGES = 100
"""Ranges of one predicate and object that are read from end to end: only such a range can fill a whole file."""
_OTHERS, _ROOM = 1024, 16
"""Descriptors for all else, and for each file: the engine keeps files open in 64 parts, none of which may be full."""

_File = tuple[int, int]
"""A file, by the numbers of its device and its inode."""
_Subject = NamedNode | BlankNode | Triple
_Pattern = tuple[
    _Subject | None, NamedNode | None, _Subject | Literal | None, NamedNode | BlankNode | DefaultGraph | None
]


class OpenStore(NamedTuple):
    """A disk store, and the descriptors of its files."""

    store: Store
    files: frozenset[int]


def open_whole(folder: Path) -> OpenStore:
    """Open a disk store and every file of it; return it with the descriptors of the files.

    Raises UsageError where a file is damaged, or left that the engine would open late.
    """
    try:
        store, opened, files = _opened(folder)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"The disk store {folder} cannot be read: {error}. Remove the folder, and it is made anew."
        ) from error
    if files == set(opened.values()):
        return OpenStore(store, frozenset(opened))
    raise UsageError(
        f"The disk store {folder} has {len(files)} table files, and the engine could be made to open {len(opened)} of "
        "them ahead: workers, which can open no file, would not answer from the others. Compact it (Store.optimize), "
        "allow more open files (ulimit -n), serve the graph from memory (no DIALOGIVERKKO_STORE), or put a server "
        "behind (DIALOGIVERKKO_BACKEND)."
    )


def _opened(folder: Path) -> tuple[Store, dict[int, _File], set[_File]]:
    """Open a store and as many of its files as can be; return it, those files by descriptor, and all of its files."""
    files = {_identity(path.stat()) for path in folder.glob("*.sst")}
    _allow(_OTHERS + _ROOM * len(files))
    before = _open_files()
    store = Store.read_only(str(folder))
    opened: dict[int, _File] = {}
    kept, needed = _kept(folder), list[Quad]()
    for read in _reads(store, kept):
        now = {number: file for number, file in _open_files().items() if number not in before and file in files}
        needed += read if len(now) > len(opened) else ()
        opened = now
        if files == set(opened.values()):
            break
    if needed:
        with suppress(OSError):  # a folder that may only be read: it is sought again next time
            (folder / READS_FILE).write_bytes(serialize([*kept, *needed], format=RdfFormat.N_QUADS) or b"")
    return store, opened, files


def _kept(folder: Path) -> Sequence[Quad]:
    with suppress(OSError, SyntaxError):
        return list(parse(path=folder / READS_FILE, format=RdfFormat.N_QUADS))
    return ()


def _identity(status: os.stat_result) -> _File:
    return status.st_dev, status.st_ino


def _open_files() -> dict[int, _File]:
    """List the files that this process has open, by descriptor."""
    found = {}
    for number in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        with suppress(OSError):  # the folder that was read
            found[number] = _identity(os.fstat(number))
    return found


def _allow(files: int) -> None:
    """Allow this process so many open files, as far as the system lets it: the engine keeps no more open than that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files if hard == resource.RLIM_INFINITY else min(files, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _reads(store: Store, kept: Iterable[Quad]) -> Iterator[Sequence[Quad]]:
    """Read in each index, and pause where a file may have been opened, with the quads that are to be kept for it."""
    list(store.named_graphs())
    yield ()
    yield from chain(_again(store, kept), _sample(store), _all(store))


def _again(store: Store, kept: Iterable[Quad]) -> Iterator[Sequence[Quad]]:
    """Read all that lies with some quads."""
    read = set[_Pattern]()
    for subject, predicate, value, its_graph in kept:
        for graph in (its_graph, None):
            for pattern in ((subject, None, None, graph), (None, predicate, value, graph), (None, None, value, graph)):
                if pattern not in read:
                    read.add(pattern)
                    _read(store, pattern)
    yield ()


def _read(store: Store, pattern: _Pattern) -> int:
    """Read all quads of a pattern, and count them."""
    return sum(1 for _ in store.quads_for_pattern(*pattern))


def _sample(store: Store) -> Iterator[Sequence[Quad]]:
    """Read here and there in each index."""
    read: Counter[_Pattern] = Counter()
    for subject in _subjects(store):
        for quad in islice(store.quads_for_pattern(subject, None, None, None), _QUADS):
            for pattern in _patterns(quad):
                read[pattern] += 1
                if read[pattern] == 1:
                    next(store.quads_for_pattern(*pattern))
        yield ()
    ranges = Counter({pattern: often for pattern, often in read.items() if pattern[0] is None})
    for (_, predicate, value, graph), _ in ranges.most_common(_RANGES):
        where = f"?s {predicate} {value}"
        if graph != DefaultGraph():
            where = f"GRAPH {graph or '?g'} {{ {where} }}"
        next(cast("QuerySolutions", store.query(f"SELECT (COUNT(*) AS ?n) {{ {where} }}")))
        yield ()


def _all(store: Store) -> Iterator[Sequence[Quad]]:
    """Read every index from end to end: those that subjects, predicates and objects lead, of all graphs and of each."""
    _LOG.warning("The disk store is read through, which is needed once: a sample of it leaves files closed.")
    for graph in (None, *store.named_graphs()):
        predicates: dict[NamedNode, None] = {}
        for quads in _together(store.quads_for_pattern(None, None, None, graph)):
            predicates.update(dict.fromkeys(quad.predicate for quad in quads))
            yield quads
        many = set[object]()
        for predicate in predicates:
            for quads in _together(store.quads_for_pattern(None, predicate, None, graph)):
                for value, _ in groupby(quad.object for quad in quads):
                    if value not in many and _read(store, (None, None, value, graph)) > _MANY:
                        many.add(value)
                yield quads


def _together(quads: Iterator[Quad]) -> Iterator[Sequence[Quad]]:
    while some := list(islice(quads, _AT_ONCE)):
        yield some


def _subjects(store: Store) -> dict[_Subject, None]:
    """List some subjects of each predicate; those of different ones stand side by side."""
    predicates = dict.fromkeys(q.predicate for q in islice(store.quads_for_pattern(None, None, None, None), _BEGIN))
    rows = zip_longest(
        *(islice(store.quads_for_pattern(None, each, None, None), _SUBJECTS) for each in predicates),
    )
    return dict.fromkeys(quad.subject for row in rows for quad in row if quad)


def _patterns(quad: Quad) -> Iterator[_Pattern]:
    """List the patterns whose first quad is this one, or lies near it, in each index that no subject leads."""
    subject, predicate, value, graph = quad.subject, quad.predicate, quad.object, quad.graph_name
    yield None, predicate, value, graph
    yield subject, None, value, graph
    if graph != DefaultGraph():
        yield subject, None, None, graph
        yield None, predicate, value, None
        yield subject, None, value, None
