"""The disk store: the graph in files that the engine reads as it is asked, made once of what was built."""

import errno
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.disk_files import open_whole
from dialogiverkko.graph.lines import Triples, has_blank_nodes, ordered, set_apart
from dialogiverkko.graph.load import Snapshot

DIGEST_FILE = "dialogiverkko-digest"
"""The file in a store's folder that names the graph that it was made of."""
FOLDER = "store"
"""What the store is called in the folder of what is built."""
_LEAST, _MOST = 50_000, 8_000_000
"""Triples from which on to load them takes as long as to make the pages, and beyond which few machines hold them."""
_COMPARED = 100
"""Statements that a store must hold that was not made here."""


def build_store(snapshot: Snapshot, folder: Path) -> None:
    """Keep a disk store beside what is built, for queries that come before a graph of some size is in memory."""
    if _LEAST <= len(snapshot.merged) <= _MOST:
        prepare(folder / FOLDER, snapshot)


def prepare(folder: Path, snapshot: Snapshot, say: Callable[[str], None] = lambda _: None) -> None:
    """Make the disk store of a graph where its folder is empty, or holds one that was made here of another graph.

    A store of this graph that was made otherwise is left as it is. A store appears whole or not at all.
    Raises UsageError where the folder cannot be written, or holds anything else.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder with DIALOGIVERKKO_STORE; it is made where there is none.")
    if folder.exists() and any(folder.iterdir()):
        made_of = digest_of(folder)
        if made_of is None:
            _require_same(folder, snapshot)
        if made_of in (None, snapshot.digest):
            return
    say(f"Loading the graph into the disk store {folder} …")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            beside.chmod(0o755)
            _load(Store(str(beside)), snapshot)
            (beside / DIGEST_FILE).write_text(snapshot.digest + "\n", encoding="ascii")
            with suppress(UsageError):  # whoever serves it is told
                open_whole(beside)  # what takes long to open is found now, and kept
            put_in_place(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"The disk store {folder} cannot be made: {reason}. Name another folder with DIALOGIVERKKO_STORE."
        ) from error


def _require_same(folder: Path, snapshot: Snapshot) -> None:
    """Refuse a folder that holds no store, or one that lacks any of some statements of the graph."""
    if not (folder / "CURRENT").is_file():
        raise UsageError(f"{folder} holds files that are no disk store. Name an empty folder with DIALOGIVERKKO_STORE.")
    try:
        store = Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"The disk store {folder} cannot be read: {error}. Name an empty folder with DIALOGIVERKKO_STORE."
        ) from error
    blocks = snapshot.merged.blocks
    some = Triples.of_blocks(blocks[:: len(blocks) // _COMPARED + 1], 0, has_blank_nodes=False)
    for triple in (next(iter(parse(text, RdfFormat.N_TRIPLES))).triple for text in some.texts()):
        has_blank = isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)
        if not has_blank and Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) not in store:
            raise UsageError(
                f"The disk store {folder} was not made here, and holds another graph: {triple} is not in it. Load what "
                "was built, or name an empty folder with DIALOGIVERKKO_STORE, where the store is made."
            )


def digest_of(folder: Path) -> str | None:
    """Return the digest of the graph that a store was made of here; None of any other folder."""
    with suppress(OSError):
        return (folder / DIGEST_FILE).read_text(encoding="ascii").strip()
    return None


def put_in_place(beside: Path, place: Path) -> None:
    """Move a whole folder to its place; one that stands there is moved away first, and removed."""
    if place.exists() and not place.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file stands there")
    old = beside.with_name(f".old-{beside.name.removeprefix('.new-')}")
    with suppress(FileNotFoundError):
        place.rename(old)
    try:
        beside.rename(place)
    except OSError:
        if not place.is_dir():  # else somebody else has just built the same
            raise
        shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _load(store: Store, snapshot: Snapshot) -> None:
    """Load all quads in one go, which the engine sorts as it likes; lines that name blank nodes keep those names.

    Those are loaded with one that is there already, so that their files, which would else lie beside the others
    (blank nodes have an order of their own), are joined to them.
    """
    apart: list[Quad] = []
    store.bulk_load(io.BufferedReader(_Pieces(_texts(snapshot, apart))), RdfFormat.N_QUADS, lenient=True)
    store.bulk_extend(apart)
    store.flush()
    store.optimize()  # into as few files as may be


def _texts(snapshot: Snapshot, apart: list[Quad]) -> Iterator[bytes]:
    """Yield the named graphs and the merge as N-Quads; quads with blank nodes are put apart."""
    graphs: Iterable[tuple[str | None, Iterable[Triple]]] = [*snapshot.graphs.items(), (None, snapshot.merged)]
    for name, triples in graphs:
        graph = NamedNode(name) if name else DefaultGraph()
        end = f" {graph} .\n".encode() if name else b" .\n"
        for text in ordered(triples).texts():
            rest = text
            if has_blank_nodes(text):
                named, rest = set_apart(text)
                named += rest[: rest.find(b"\n") + 1]
                apart += [Quad(q.subject, q.predicate, q.object, graph) for q in parse(named, RdfFormat.N_TRIPLES)]
            yield rest.replace(b" .\n", end)


class _Pieces(io.RawIOBase):
    """Texts, one after the other, as one file."""

    def __init__(self, texts: Iterator[bytes]) -> None:
        self._texts, self._rest = texts, memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any buffer that can be written
        """Fill a buffer as far as the present text goes; 0 at the end."""
        while not self._rest:
            if (text := next(self._texts, None)) is None:
                return 0
            self._rest = memoryview(text)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
