"""The built folder: a graph that was built and checked, kept under the digest of all that it comes from.

One folder for each build, named by that digest: the graph, what other rooms make of it, and a manifest with size and
SHA-256 of every file. It is written beside its place and moved there whole; what is not as its manifest says is not
used. Nothing in it is code: a graph is compressed N-Triples behind a header of JSON.
"""

import hashlib
import json
import math
import mmap
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from dialogiverkko.graph import disk, dumps
from dialogiverkko.graph.assets import FOLDERS, PACKAGE, Assets
from dialogiverkko.graph.beside import shared_out
from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.memory import give_back
from dialogiverkko.graph.whole import UNREADABLE, damaged, json_of, sha256_of
from dialogiverkko.media import MediaType

GRAPH_FILE = "graph.bin"
_MANIFEST = "manifest.json"
_LENGTH_BYTES = 8
_KEPT = 2
"""Builds that remain: the last one, and the one before it, which a server that is replaced may still start from."""
_ABANDONED_SECONDS = 3600
_BUILD = re.compile(r"[0-9a-f]{32}")
_NOT_READ = ("__pycache__",)
_NOT_CODE = (*_NOT_READ, "static", "assets")

Maker = Callable[[Snapshot, Path], object]
"""Writes files that are made of a graph into a folder."""


@dataclass(frozen=True)
class Built:
    """One build as it lies on disk; every file was compared with its manifest."""

    folder: Path
    snapshot: Snapshot
    files: Mapping[str, str]
    """SHA-256 (hex) by name of file."""

    @property
    def store(self) -> Path | None:
        """The disk store of the graph, where one was made of it."""
        folder = self.folder / disk.FOLDER
        return folder if disk.digest_of(folder) == self.snapshot.digest else None

    def dumps(self) -> dict[str, "KeptDump"]:
        """Open the dumps, by their names."""
        names = {f"{dumps.NAME}.{media_type.suffix}": media_type for media_type in dumps.formats()}
        return {
            name: KeptDump.open(self.folder / name, media_type, self.files[name]) for name, media_type in names.items()
        }


@dataclass(frozen=True)
class KeptDump:
    """One file of the graph, mapped into memory, which all processes share."""

    name: str
    media_type: MediaType
    size: int
    sha256: str
    content: mmap.mmap

    @classmethod
    def open(cls, path: Path, media_type: MediaType, sha256: str) -> "KeptDump":
        """Map a file, which may afterwards be removed."""
        with path.open("rb") as stream:
            content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return cls(path.name, media_type, len(content), sha256, content)

    @property
    def body(self) -> bytes:
        """The bytes."""
        return self.content[:]


def inputs_of(assets: Assets) -> dict[str, str]:
    """Return the SHA-256 (hex) of each file that a build comes from, by its name; and the version of the engine."""
    found = {"engine": version("pyoxigraph")}
    roots = [(name, assets.root / name) for name in FOLDERS]
    for label, root in (*roots, ("code", PACKAGE)):
        left_out = _NOT_CODE if label == "code" else _NOT_READ
        found.update((f"{label}/{name}", sha256_of(path)) for name, path in sorted(_sources(root, left_out)))
    return found


def key_of(inputs: Mapping[str, str]) -> str:
    """Return the digest of all that a build comes from: the four folders, the code and the engine."""
    text = "".join(f"{name}\n{digest}\n" for name, digest in inputs.items())
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _sources(root: Path, left_out: Container[str]) -> Iterator[tuple[str, Path]]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in left_out]
        for name in files:
            if not name.startswith("."):
                path = Path(folder, name)
                yield path.relative_to(root).as_posix(), path


# --- write ---------------------------------------------------------------------------------------


def write(root: Path, key: str, snapshot: Snapshot, makers: Iterable[Maker] = ()) -> Built:
    """Write a build, with the dumps and what the makers make, and remove those that are not used any more.

    Raises OSError or UsageError where the folder cannot be written; nothing is left of a half-written build.
    """
    root.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    try:
        beside.chmod(0o755)
        _write_graph(beside / GRAPH_FILE, snapshot)
        known = {each.name: each.sha256 for each in _make(beside, snapshot, makers)}
        files = {
            path.name: {"size": path.stat().st_size, "sha256": known.get(path.name) or sha256_of(path)}
            for path in sorted(beside.iterdir())
            if path.is_file()
        }
        manifest = {"key": key, "digest": snapshot.digest, "files": files}
        (beside / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        disk.put_in_place(beside, root / key)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _clean(root)
    return Built(root / key, snapshot, {name: str(each["sha256"]) for name, each in files.items()})


def _make(folder: Path, snapshot: Snapshot, makers: Iterable[Maker]) -> list[dumps.DumpFile]:
    """Write what the makers make, and the dumps, two at a time, and return the dumps.

    A store is made in this process: the engine has threads that a child of another that made one would wait for. All
    only read the graph. Behind each maker, which takes memory, stand two dumps, which take little: the other
    process has written them before it comes to the next maker.
    """
    _ = snapshot.digest  # reckoned once, before two processes want it
    give_back()  # what the merge took
    dumped = iter(dumps.pieces(snapshot, folder))
    pieces: list[Callable[[], dumps.DumpFile | None]] = []
    for make in makers:
        pieces += [partial(_made, make, snapshot, folder), *islice(dumped, 2)]
    found = shared_out([*pieces, *dumped], partial(_made, disk.build_store, snapshot, folder))
    for left in folder.glob(".*"):  # by a child that was killed
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return dumps.write_sums(folder, [each for each in found if each])


def _made(make: Maker, snapshot: Snapshot, folder: Path) -> None:
    make(snapshot, folder)
    give_back()


def _clean(root: Path) -> None:
    """Remove builds before the last ones, and what was left unfinished."""
    abandoned = [path for path in root.glob(".new-*") if _age(path) > _ABANDONED_SECONDS]
    for path in (*_builds(root)[_KEPT:], *root.glob(".old-*"), *abandoned):
        shutil.rmtree(path, ignore_errors=True)


def _builds(root: Path) -> list[Path]:
    """List the builds, the newest first."""
    return sorted(
        (path for path in root.glob("*") if _BUILD.fullmatch(path.name)), key=lambda path: _age(path / _MANIFEST)
    )


def _age(path: Path) -> float:
    """Return the seconds since a file or folder was changed; of what is not there, more than of anything else."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return math.inf


def _write_graph(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot: the length of a header, the header, and the compressed lines of each graph and the merge."""
    parts = {name: ordered(triples) for name, triples in snapshot.graphs.items()}
    all_parts = [*parts.values(), snapshot.merged]
    header = {
        "prefixes": dict(snapshot.prefixes),
        "sources": {name: list(files) for name, files in snapshot.sources.items()},
        "digest": snapshot.digest,
        "graphs": {name: _told(triples) for name, triples in parts.items()},
        "merged": _told(snapshot.merged),
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    with path.open("wb") as stream:
        stream.write(len(text).to_bytes(_LENGTH_BYTES, "big") + text)
        for triples in all_parts:
            stream.writelines(triples.blocks)


def _told(triples: Triples) -> dict[str, Any]:
    return {
        "length": len(triples),
        "has_blank_nodes": triples.has_blank_nodes,
        "sizes": [len(block) for block in triples.blocks],
    }


# --- read ----------------------------------------------------------------------------------------


def read(root: Path, key: str) -> tuple[Snapshot | None, Built | None]:
    """Open the build of a digest: its graph where that is whole, and the build where all of its files are."""
    folder = root / key
    try:
        manifest = json_of(folder / _MANIFEST)
        files: Mapping[str, Mapping[str, Any]] = manifest["files"]
        broken = damaged(folder, files) if manifest["key"] == key and GRAPH_FILE in files else {GRAPH_FILE}
        if GRAPH_FILE in broken:
            return None, None
        snapshot = _read_graph(folder / GRAPH_FILE)
        if not broken:
            return snapshot, Built(folder, snapshot, {name: said["sha256"] for name, said in files.items()})
    except UNREADABLE:
        return None, None
    return snapshot, None


def newest(root: Path, beside: str) -> tuple[Snapshot, bytes] | None:
    """Open the graph of the newest build that keeps a file of a name, with the bytes of that; None where none does."""
    for folder in _builds(root):
        try:
            files = json_of(folder / _MANIFEST)["files"]
            if not damaged(folder, {name: files[name] for name in (GRAPH_FILE, beside)}):
                return _read_graph(folder / GRAPH_FILE), (folder / beside).read_bytes()
        except UNREADABLE:
            continue
    return None


def _read_graph(path: Path) -> Snapshot:
    with path.open("rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(_LENGTH_BYTES), "big")))

        def triples(told: Mapping[str, Any]) -> Triples:
            blocks: Sequence[bytes] = [stream.read(size) for size in told["sizes"]]
            return Triples.of_blocks(blocks, told["length"], has_blank_nodes=told["has_blank_nodes"])

        graphs = {name: triples(told) for name, told in header["graphs"].items()}
        sources = {name: tuple(files) for name, files in header["sources"].items()}
        return Snapshot.known(graphs, header["prefixes"], sources, triples(header["merged"]), header["digest"])
