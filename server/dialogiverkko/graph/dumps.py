"""The dumps: the whole graph as files, the same bytes for the same graph."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.media import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, MediaType

NAME = "dialogiverkko"
_FORMATS: Mapping[MediaType, RdfFormat] = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    JSON_LD: RdfFormat.JSON_LD,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}


def formats() -> tuple[MediaType, ...]:
    """Name the media types of the dumps."""
    return tuple(_FORMATS)


@dataclass(frozen=True)
class Dump:
    """One file of the graph."""

    name: str
    media_type: MediaType
    body: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()


def dump(snapshot: Snapshot, media_type: MediaType) -> Dump:
    """Write the graph in one format: the merge where the format knows no named graphs, else each graph."""
    prefixes = dict(snapshot.prefixes)
    rdf_format = _FORMATS[media_type]
    name = f"{NAME}.{media_type.suffix}"
    if rdf_format.supports_datasets and media_type is not JSON_LD:
        quads = [
            Quad(t.subject, t.predicate, t.object, NamedNode(graph))
            for graph, triples in sorted(snapshot.graphs.items())
            for t in triples
        ]
    else:
        quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in snapshot.merged]
    takes_prefixes = media_type in (TURTLE, TRIG)
    body = serialize(quads, format=rdf_format, prefixes=prefixes if takes_prefixes else None) or b""
    return Dump(name, media_type, body)


def dumps(snapshot: Snapshot) -> list[Dump]:
    """Write the graph in every format."""
    return [dump(snapshot, media_type) for media_type in _FORMATS]


def write(snapshot: Snapshot, folder: Path) -> list[Dump]:
    """Write all dumps and their checksums into a folder; a file appears whole or not at all.

    Raises UsageError where the folder cannot be written.
    """
    files = dumps(snapshot)
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in files:
            write_whole(folder / each.name, each.body)
        write_whole(folder / "SHA256SUMS", sums.encode())
    except OSError as error:
        raise UsageError(f"The dumps cannot be written: {error.strerror}. Name another folder with --out.") from error
    return files


def write_whole(path: Path, body: bytes) -> None:
    """Write a file beside its place and move it there."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(body)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
