"""One file for a whole graph, as fast to read as to copy: a header of JSON, then the compressed lines of each graph."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogiverkko.graph import dumps
from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot

GRAPH_FILE = "graph.bin"
"""What the file is called among what is built."""
_LENGTH_BYTES = 8


def write_graph(path: Path, snapshot: Snapshot, *, has_merge: bool = True) -> None:
    """Write a snapshot: the length of a header, the header, and the compressed lines of each graph and the merge.

    Without its merge it has no digest either: both are made of it by who reads it. The file appears whole.
    """
    parts = {name: ordered(triples) for name, triples in snapshot.graphs.items()}
    header = {
        "prefixes": dict(snapshot.prefixes),
        "sources": {name: list(files) for name, files in snapshot.sources.items()},
        "digest": snapshot.digest if has_merge else "",
        "graphs": {name: _told(triples) for name, triples in parts.items()},
        "merged": _told(snapshot.merged) if has_merge else None,
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    with dumps.appearing(path) as stream:
        stream.write(len(text).to_bytes(_LENGTH_BYTES, "big") + text)
        for triples in (*parts.values(), *([snapshot.merged] if has_merge else ())):
            stream.writelines(triples.blocks)


def _told(triples: Triples) -> dict[str, Any]:
    return {
        "length": len(triples),
        "has_blank_nodes": triples.has_blank_nodes,
        "sizes": [len(block) for block in triples.blocks],
    }


def read_graph(path: Path) -> Snapshot:
    """Read a snapshot as `write_graph` writes it; raises OSError, or ValueError or LookupError for another file."""
    with path.open("rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(_LENGTH_BYTES), "big")))

        def triples(told: Mapping[str, Any]) -> Triples:
            blocks: Sequence[bytes] = [stream.read(size) for size in told["sizes"]]
            return Triples.of_blocks(blocks, told["length"], has_blank_nodes=told["has_blank_nodes"])

        graphs = {name: triples(told) for name, told in header["graphs"].items()}
        sources = {name: tuple(files) for name, files in header["sources"].items()}
        if header["merged"] is None:
            return Snapshot(graphs, header["prefixes"], sources)
        return Snapshot.known(graphs, header["prefixes"], sources, triples(header["merged"]), header["digest"])
