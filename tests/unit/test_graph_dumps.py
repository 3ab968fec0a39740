"""The dumps are the graph: whole, the same in memory and on disk, and counted rightly."""

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.dumps import dumps, write_dumps
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import GRAPH, GRAPH_SHAPES

P = NamedNode("https://example.org/p")
ONE, OTHER, SHAPE = (Triple(P, P, Literal(text)) for text in ("one", "other\n<a> .", "shape"))
SNAPSHOT = Snapshot(
    {GRAPH + "a": (ONE, OTHER), GRAPH + "b": (ONE,), GRAPH_SHAPES: (SHAPE,)}, {"ex": "https://example.org/"}
)
FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
DATASETS = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}


def test_each_dump_holds_the_merge_or_every_graph() -> None:
    """What knows no named graphs holds the default graph; what does holds each graph, the shapes too."""
    bodies = {dump.name.rsplit(".", 1)[-1]: dump.body for dump in dumps(SNAPSHOT)}

    for suffix, rdf_format in FORMATS.items():
        assert {quad.triple for quad in parse(bodies[suffix], rdf_format)} == {ONE, OTHER}
    for suffix, rdf_format in DATASETS.items():
        found = sorted((quad.graph_name.value, str(quad.triple)) for quad in parse(bodies[suffix], rdf_format))
        assert found == sorted((name, str(t)) for name, ts in SNAPSHOT.graphs.items() for t in ts)
    assert set(bodies) == {*FORMATS, *DATASETS}


def test_the_files_are_the_dumps(tmp_path: Path) -> None:
    """Byte for byte, with size and SHA-256 of each, and no file left over."""
    files = write_dumps(SNAPSHOT, tmp_path / "out")
    kept = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)

    assert kept == {dump.name: dump.body for dump in dumps(SNAPSHOT)} | {"SHA256SUMS": sums.encode()}
    assert [(file.size, file.sha256) for file in files] == [(dump.size, dump.sha256) for dump in dumps(SNAPSHOT)]


def test_the_digest_of_the_graph_is_that_of_its_quads() -> None:
    """SHA-256 of the N-Quads dump."""
    quads = next(dump.body for dump in dumps(SNAPSHOT) if dump.name.endswith(".nq"))

    assert hashlib.sha256(quads).hexdigest() == SNAPSHOT.digest


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    """The message says what to name instead."""
    (tmp_path / "out").write_text("")

    with pytest.raises(UsageError, match="--out"):
        write_dumps(SNAPSHOT, tmp_path / "out")
