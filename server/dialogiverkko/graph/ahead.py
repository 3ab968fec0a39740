"""Writes a large graph and its dumps while it is checked: in a new process, which holds the lines and no engine.

A fork would not do. The engine counts in each quad who holds it, so that the process that checks would copy all that it
looks at for as long as its child lives.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dialogiverkko.graph import built, dumps
from dialogiverkko.graph.beside import SHARED_AT_MOST
from dialogiverkko.graph.graph_file import GRAPH_FILE, read_graph, write_graph
from dialogiverkko.graph.load import Snapshot

_GIVEN = ".given"
"""The file in which the other process finds the graph, without its merge."""


class Ahead:
    """The folder of a build whose graph is written before it is checked, where that takes long."""

    def __init__(self, root: Path) -> None:
        """``root`` holds the builds; nothing is written yet."""
        self._root = root
        self.folder: Path | None = None
        """The folder, once something is written."""

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the folder, where nobody has put it in its place."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def writing(self, snapshot: Snapshot) -> Iterator[None]:
        """Write a snapshot and its dumps as far as possible while the body runs; then wait for what is not done.

        So it is with a second core and more triples than two processes check. What cannot be written is left out: who
        writes the rest of the build writes that too, or tells why not.
        """
        other = None
        if snapshot.size > SHARED_AT_MOST and (os.cpu_count() or 1) > 1:
            with suppress(OSError):
                self.folder = built.new_folder(self._root)
                write_graph(self.folder / _GIVEN, snapshot, has_merge=False)
                words, none = [sys.executable, "-m", __name__, str(self.folder)], subprocess.DEVNULL
                other = subprocess.Popen(words, stdin=none, stdout=none, stderr=none)  # noqa: S603 - our own code
        try:
            yield
            if other:
                other.wait()
        finally:
            if other:
                other.kill()  # it has ended, or nobody waits for it
                other.wait()


def write(folder: Path) -> None:
    """Write the graph that lies in a folder, with its merge, and its dumps."""
    snapshot = read_graph(folder / _GIVEN)
    (folder / _GIVEN).unlink()
    write_graph(folder / GRAPH_FILE, snapshot)
    dumps.write_sums(folder, [piece() for piece in dumps.pieces(snapshot, folder)])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
