"""Released graphs: each lies compressed in data/releases, as it was, with the saved queries of its day.

A release is three files: ``release.json`` says what it is, ``dialogiverkko.nq.xz`` holds its named graphs as sorted
N-Quads, whose SHA-256 is its digest, and ``queries.zip`` its saved queries.
"""

import hashlib
import io
import json
import lzma
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from dialogiverkko.errors import DataError, NotFoundError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.lines import Triples
from dialogiverkko.graph.load import Snapshot

FOLDER: Final = "data/releases"
STATEMENT: Final = "release.json"
DUMP: Final = "dialogiverkko.nq.xz"
QUERIES: Final = "queries.zip"
_SHORTEST_DIGEST: Final = 8


@dataclass(frozen=True)
class Published:
    """One released graph, its files held compressed in memory: whoever opens it need open no file."""

    version: str
    issued: str
    """The day of the release, as YYYY-MM-DD."""
    digest: str
    triples: int
    """Triples of the default graph."""
    notes: Mapping[str, str]
    """What the release brought, by language."""
    dump: bytes = field(repr=False)
    queries: bytes = field(repr=False)

    def answers_to(self, wanted: str) -> bool:
        """Return whether a version or the beginning of a digest means this release."""
        return is_meant(wanted, self.version, self.digest)

    def snapshot(self, prefixes: Mapping[str, str]) -> Snapshot:
        """Unpack the graph; raises DataError where it is not the one that was released."""
        text = lzma.decompress(self.dump)
        if hashlib.sha256(text).hexdigest() != self.digest:
            raise DataError(f"The dump of release {self.version} is not the one that was released.")
        graphs: dict[str, list[bytes]] = defaultdict(list)
        for line in text.splitlines():
            triple, graph, _ = line.rsplit(b" ", 2)
            graphs[graph[1:-1].decode()].append(triple + b" .")
        return Snapshot({name: Triples(lines) for name, lines in graphs.items()}, prefixes)

    def first_of(self, iris: Iterable[str]) -> str:
        """Return the first of some things of which the graph says something; empty where it says nothing of any."""
        text = lzma.decompress(self.dump)
        return next((iri for iri in iris if f"\n<{iri}> ".encode() in text), "")

    @cached_property
    def query_texts(self) -> Mapping[str, str]:
        """The files of the saved queries, by their names below queries/."""
        with zipfile.ZipFile(io.BytesIO(self.queries)) as archive:
            return {name: archive.read(name).decode() for name in sorted(archive.namelist())}


def read_releases(assets: Assets) -> tuple[Published, ...]:
    """Read every release, the oldest first; raises DataError for one that is not whole."""
    found = []
    for path in assets.files(FOLDER, f"*/{STATEMENT}"):
        try:
            said = json.loads(path.read_bytes())
            dump, queries = ((path.parent / name).read_bytes() for name in (DUMP, QUERIES))
            published = Published(
                said["version"], said["issued"], said["digest"], said["triples"], said["notes"], dump, queries
            )
        except (OSError, KeyError, json.JSONDecodeError) as error:
            raise DataError(f"The release in {assets.name(path.parent)} is not whole.") from error
        if published.version != path.parent.name:
            raise DataError(f"{assets.name(path)} says version {published.version}.")
        found.append(published)
    return tuple(sorted(found, key=lambda each: order(each.version)))


def order(version: str) -> tuple[int, ...]:
    """Return the key by which versions are sorted: 0.10.0 is later than 0.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def is_meant(wanted: str, version: str, digest: str) -> bool:
    """Return whether what is wanted is a version, or the beginning of its digest."""
    return wanted == version or (len(wanted) >= _SHORTEST_DIGEST and digest.startswith(wanted))


def find(published: Sequence[Published], wanted: str) -> Published | None:
    """Return the release that a version or the beginning of a digest means, or None."""
    return next((each for each in published if each.answers_to(wanted)), None)


def unknown(published: Sequence[Published], wanted: str, version: str, digest: str) -> NotFoundError:
    """Make the error for a version that there is not: it lists those that there are, the present one last."""
    there = [each.version for each in published if each.version != version]
    listed = ", ".join([*there, f"{version} ({digest[:12]}, the present one)"])
    return NotFoundError(
        f"There is no version '{wanted[:64]}'. There are {listed}. Leave 'version' out for the present data.",
        versions=[*there, version],
        digests=[*(each.digest for each in published if each.version != version), digest],
    )
