"""The dumps: the whole graph as files, the same bytes for the same graph."""

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, Protocol, cast

from pyoxigraph import RdfFormat, parse, serialize

from dialogiverkko.errors import UsageError
from dialogiverkko.graph import jsonld
from dialogiverkko.graph.beside import shared_out
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.media import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, MediaType

NAME = "dialogiverkko"
SUMS = "SHA256SUMS"
_PIECE = 1 << 20
_FORMATS: Mapping[MediaType, RdfFormat] = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    JSON_LD: RdfFormat.JSON_LD,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}
_BY_LENGTH = (JSON_LD, TRIG, TURTLE, N_QUADS, N_TRIPLES)
"""The formats by the time that they take, the longest first."""


def formats() -> tuple[MediaType, ...]:
    """Name the media types of the dumps."""
    return tuple(_FORMATS)


@dataclass(frozen=True)
class Dump:
    """One file of the graph, held in memory."""

    name: str
    media_type: MediaType
    body: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.body)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class DumpFile:
    """One file of the graph, written to a folder: its bytes counted, and their SHA-256 in hex."""

    name: str
    media_type: MediaType
    size: int
    sha256: str


class AnyDump(Protocol):
    """What is told of a dump, wherever it lies."""

    @property
    def name(self) -> str:
        """The name of its file."""

    @property
    def media_type(self) -> MediaType:
        """The type of its bytes."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hex."""


class _Counted(io.RawIOBase):
    """A file that counts its bytes and computes their digest as they are written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.size, self.digest = stream, 0, hashlib.sha256()

    def write(self, piece: Any) -> int:  # any buffer of bytes, by the protocol
        """Write bytes, and count them."""
        self.size += len(piece)
        self.digest.update(piece)
        return self._stream.write(piece)


def _pour(snapshot: Snapshot, media_type: MediaType, stream: IO[bytes]) -> None:
    """Write one format piece by piece: the merge where it knows no named graphs, else each graph."""
    rdf_format = _FORMATS[media_type]
    is_whole = rdf_format.supports_datasets and media_type is not JSON_LD
    texts = snapshot.texts() if is_whole else snapshot.merged.texts()
    if media_type in (N_TRIPLES, N_QUADS):
        stream.writelines(texts)
        return
    if media_type is JSON_LD:
        stream.writelines(jsonld.pieces(snapshot.merged.lines(), snapshot.prefixes))
        return
    written = RdfFormat.N_QUADS if is_whole else RdfFormat.N_TRIPLES
    quads = chain.from_iterable(parse(text, written) for text in texts)
    prefixes = dict(snapshot.prefixes) if media_type in (TURTLE, TRIG) else None
    serialize(quads, stream, format=rdf_format, prefixes=prefixes)


def _name(media_type: MediaType) -> str:
    return f"{NAME}.{media_type.suffix}"


def dump(snapshot: Snapshot, media_type: MediaType) -> Dump:
    """Write the graph in one format."""
    body = io.BytesIO()
    _pour(snapshot, media_type, body)
    return Dump(_name(media_type), media_type, body.getvalue())


def dumps(snapshot: Snapshot) -> list[Dump]:
    """Write the graph in every format."""
    return [dump(snapshot, media_type) for media_type in _FORMATS]


def write_dumps(snapshot: Snapshot, folder: Path) -> list[DumpFile]:
    """Write all dumps and their checksums into a folder, two at a time; a file appears whole or not at all.

    Raises UsageError where the folder cannot be written.
    """
    with _told():
        folder.mkdir(parents=True, exist_ok=True)
        return write_sums(folder, shared_out(pieces(snapshot, folder)))


def pieces(snapshot: Snapshot, folder: Path) -> list[Callable[[], DumpFile]]:
    """Part the work into a piece for each format, what takes longest first; each writes its file into a folder.

    A piece raises UsageError where the folder cannot be written.
    """
    _ = snapshot.merged  # made once, before two processes want it
    longest_first = sorted(_FORMATS, key=_BY_LENGTH.index)
    return [partial(_write, folder, media_type, partial(_pour, snapshot)) for media_type in longest_first]


def write_sums(folder: Path, files: Iterable[DumpFile]) -> list[DumpFile]:
    """Write the checksums of dumps beside them, and return the dumps in the order of their formats."""
    written = {each.media_type: each for each in files}
    found = [written[media_type] for media_type in _FORMATS]
    with _told():
        write_whole(folder / SUMS, "".join(f"{each.sha256}  {each.name}\n" for each in found).encode())
    return found


def copy_dumps(built: Path, folder: Path) -> list[DumpFile]:
    """Copy the dumps of a built folder and their checksums into another; raises UsageError as ``write_dumps`` does."""

    def pour(media_type: MediaType, stream: IO[bytes]) -> None:
        with (built / _name(media_type)).open("rb") as original:
            shutil.copyfileobj(original, stream, _PIECE)

    with _told():
        folder.mkdir(parents=True, exist_ok=True)
    return write_sums(folder, [_write(folder, media_type, pour) for media_type in _FORMATS])


@contextmanager
def _told() -> Iterator[None]:
    """Say of an error of the system what to name instead."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"The dumps cannot be written: {error.strerror}. Name another folder with --out.") from error


def _write(folder: Path, media_type: MediaType, pour: Callable[[MediaType, IO[bytes]], None]) -> DumpFile:
    name = _name(media_type)
    with _told(), _appearing(folder / name) as stream:
        counted = _Counted(stream)
        pour(media_type, cast(IO[bytes], counted))
    return DumpFile(name, media_type, counted.size, counted.digest.hexdigest())


def write_whole(path: Path, body: bytes) -> None:
    """Write a file beside its place and move it there."""
    with _appearing(path) as stream:
        stream.write(body)


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside its place, and move it there once it is whole."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
