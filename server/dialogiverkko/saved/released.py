"""Saved queries over released graphs, each as it was released: the questions of its day over the graph of its day."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from pyoxigraph import Literal

from dialogiverkko.engines import Backend, NeedsWorker
from dialogiverkko.graph import releases
from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.releases import Published
from dialogiverkko.namespaces import DCAT, GRAPH_CATALOGUE
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.answers import Release, SavedQueries
from dialogiverkko.saved.catalogue import Catalogue, NamedQuery
from dialogiverkko.sparql.query import Limits

_VERSION: Final = (DATASET, DCAT + "version")
IDLE_SECONDS: Final = 300.0
"""Seconds after which an engine that nobody asks goes."""


class _Questions(Mapping[str, NamedQuery]):
    """The saved queries of a release; each is read when it is asked for."""

    def __init__(self, texts: Mapping[str, str], prefixes: Mapping[str, str]) -> None:
        self._labels = catalogue.labels_of(texts[catalogue.COLUMNS])
        self._files = {PurePosixPath(name).stem: name for name in texts if name.endswith(".rq")}
        self._texts, self._prefixes = texts, prefixes
        self._read: dict[str, NamedQuery] = {}

    def __getitem__(self, name: str) -> NamedQuery:
        if name not in self._read:
            file = self._files[name]
            self._read[name] = catalogue.read_query(self._texts[file], f"queries/{file}", self._labels, self._prefixes)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)


class Releases:
    """The released graphs. At most one is open in a process: an engine starts at need, and goes when nobody asks it."""

    def __init__(
        self,
        published: Sequence[Published],
        present: Release,
        prefixes: Mapping[str, str],
        limits: Limits,
        start: Callable[[Snapshot], Backend],
    ) -> None:
        self.published = tuple(published)
        for each in self.published:
            each.query_texts  # noqa: B018  # unpacked once here: a worker can open no file, and a codec is one
        self.present = present
        self.may_open = True
        """Whether this process may open a release: one that serves others may not."""
        self.idle_seconds = IDLE_SECONDS
        """Seconds after which the engine goes; 0 where whoever started this process sees to that."""
        self.engine: Backend | None = None
        self._start, self._prefixes, self._limits = start, prefixes, limits
        self._version = ""
        self._saved: SavedQueries | None = None
        self._idle: threading.Timer | None = None
        self._lock = threading.RLock()

    def find(self, wanted: str) -> Published | None:
        """Return the release that is wanted, or None for the present graph; raises NotFoundError for neither."""
        present = self.present
        if not wanted or releases.is_meant(wanted, present.version, present.digest):
            return None
        found = releases.find(self.published, wanted)
        if found is None:
            raise releases.unknown(self.published, wanted, present.version, present.digest)
        return found

    def has(self, digest: str) -> bool:
        """Return whether a graph was released."""
        return any(each.digest == digest for each in self.published)

    def saved(self, published: Published) -> SavedQueries:
        """Return the saved queries of a release over its graph; raises NeedsWorker where another process has to."""
        if not self.may_open:
            raise NeedsWorker("apart", release=published.version)
        with self._lock:
            self.open(published.version)
            self._wait()
            assert self._saved is not None  # noqa: S101 - it was just opened
            return self._saved

    def backend(self, published: Published) -> Backend:
        """Return the engine of a release; raises NeedsWorker where another process has to."""
        self.saved(published)
        assert self.engine is not None  # noqa: S101 - it was just opened
        return self.engine

    def _wait(self) -> None:
        """Begin to wait anew for the time after which the engine goes."""
        if self._idle:
            self._idle.cancel()
        if self.idle_seconds:
            self._idle = threading.Timer(self.idle_seconds, self.close)
            self._idle.daemon = True
            self._idle.start()

    def open(self, version: str) -> bool:
        """Open a release in place of the one that is open; return whether there was anything to do."""
        with self._lock:
            if version == self._version:
                return False
            self.close()
            published = next(each for each in self.published if each.version == version)
            self.engine = self._start(published.snapshot(self._prefixes))
            questions = Catalogue(_Questions(published.query_texts, self._prefixes))
            release = Release(published.version, published.digest)
            self._saved = SavedQueries(questions, self.engine, self._limits, release)
            self._version = version
            return True

    def close(self) -> None:
        """Let the engine go that is open."""
        with self._lock:
            engine, self.engine, self._saved, self._version = self.engine, None, None, ""
        if engine is not None:
            engine.close()

    def snapshot(self, wanted: str, present: Snapshot) -> Snapshot:
        """Return a whole graph by its version."""
        published = self.find(wanted)
        return published.snapshot(self._prefixes) if published else present


def release_of(snapshot: Snapshot, version: str) -> Release:
    """Name the present graph: by the version that it states, else by that of the program."""
    values = ordered(snapshot.graphs.get(GRAPH_CATALOGUE, ())).values(*_VERSION)
    stated = (value.value for value in values if isinstance(value, Literal))
    return Release(next(stated, version), snapshot.digest)
