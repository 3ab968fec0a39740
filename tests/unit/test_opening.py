"""A start opens what was built and builds only what is missing."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from dialogiverkko import cli
from dialogiverkko.errors import GraphInvalidError
from dialogiverkko.graph.assets import FOLDERS
from dialogiverkko.graph.built import Maker
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation import build
from dialogiverkko.graph.validation.changed import LastBuild
from dialogiverkko.graph.validation.report import Finding, Report, Severity
from dialogiverkko.namespaces import GRAPH, GRAPH_QUERIES, GRAPH_REFERENCE, ID
from dialogiverkko.saved.opening import obtain, read_built
from dialogiverkko.settings import Settings

S = NamedNode("https://example.org/s")
SNAPSHOT = Snapshot({GRAPH + "a": ordered([Triple(S, S, S)])}, {})


class Builds:
    """Takes the place of the build and counts how often it is asked."""

    def __init__(self) -> None:
        self.count = 0
        self.is_invalid = False
        self.changes: Path | None = None

    def __call__(self, *_: object, **__: object) -> tuple[Snapshot, Report]:
        """Give a graph, or refuse it."""
        self.count += 1
        if self.changes:
            self.changes.write_text("changed meanwhile")
        if self.is_invalid:
            raise GraphInvalidError("The graph breaks its rules.")
        return SNAPSHOT, Report.of([Finding("DLG-010", Severity.INFO, "https://example.org/s")])


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> Builds:
    """The build, counted."""
    found = Builds()
    monkeypatch.setattr(build, "build_snapshot", found)
    return found


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    """Settings that name four folders with a file each."""
    for folder in FOLDERS:
        (tmp_path / "assets" / folder).mkdir(parents=True)
        (tmp_path / "assets" / folder / "one.ttl").write_text(folder)
    return Settings(assets=tmp_path / "assets", built=tmp_path / "built")


def test_what_was_built_is_opened(given: Settings, builds: Builds, tmp_path: Path) -> None:
    """The second start builds and makes nothing; a changed file is noticed, and so is its return."""

    def maker(_: Snapshot, folder: Path) -> None:
        with (tmp_path / "made").open("a") as stream:  # perhaps in another process
            stream.write(f"{folder}\n")

    assert [obtain(given, [maker])[0] for _ in range(2)] == [SNAPSHOT, SNAPSHOT]
    assert (builds.count, len((tmp_path / "made").read_text().splitlines())) == (1, 1)
    assert given.assets is not None
    file = given.assets / "data" / "one.ttl"
    file.write_text("changed")
    obtain(given)
    assert builds.count == 2
    file.write_text("data")
    obtain(given)
    assert builds.count == 2


def test_what_makes_files_is_not_looked_for_where_all_is_built(given: Settings, builds: Builds) -> None:
    """It takes the whole web, which a server imports while the engine is loaded."""
    obtain(given)
    nothing: list[Maker] = []
    makers = (nothing[number] for number in range(1))  # raises once it is looked at

    assert obtain(given, makers)[0] == SNAPSHOT
    assert builds.count == 1


def test_only_what_is_missing_is_made(given: Settings, builds: Builds) -> None:
    """A dump that is gone is written again from the graph that is there."""
    _, whole = obtain(given)
    assert whole is not None
    (whole.folder / "dialogiverkko.ttl").unlink()
    told: list[str] = []
    _, again = obtain(given, say=told.append)

    assert builds.count == 1
    assert told == ["Some of what was built is damaged or missing: it is made again …"]
    assert again is not None
    assert set(again.files) == set(whole.files)
    assert (again.folder / "dialogiverkko.ttl").is_file()
    assert given.built is not None
    last = LastBuild.read(given.built)
    assert last is not None
    assert [each.rule for each in last.report.findings] == ["DLG-010"]


def test_a_folder_that_cannot_be_written_does_no_harm(given: Settings, builds: Builds, tmp_path: Path) -> None:
    """The graph is built, served and told of as not kept."""
    (tmp_path / "built").write_text("a file in the way")
    said: list[str] = []

    assert obtain(given, say=said.append) == (SNAPSHOT, None)
    assert builds.count == 1
    assert "not kept" in said[-1]
    assert said[-1].endswith("exists") or said[-1].endswith("directory")  # the reason alone, without number and path


def test_a_graph_that_breaks_its_rules_is_never_kept(given: Settings, builds: Builds, tmp_path: Path) -> None:
    """Whoever starts next is told again."""
    builds.is_invalid = True
    for _ in range(2):
        with pytest.raises(GraphInvalidError):
            obtain(given)

    assert builds.count == 2
    assert not (tmp_path / "built").exists()


def test_files_that_change_during_the_build_are_not_mistaken(given: Settings, builds: Builds, tmp_path: Path) -> None:
    """Nobody knows which of the two was read."""
    assert given.assets is not None
    builds.changes = given.assets / "data" / "one.ttl"

    assert obtain(given) == (SNAPSHOT, None)
    assert not (tmp_path / "built").exists()


def test_commands_open_what_was_built_too(given: Settings, builds: Builds) -> None:
    """Without building or checking."""
    obtain(given)

    assert read_built(given) == SNAPSHOT
    assert builds.count == 1


def test_commands_read_what_was_not_built(tmp_path: Path) -> None:
    """All files, and the saved queries with them; nothing is checked."""
    empty = ("ontology/prefixes.ttl", "ontology/dialogiverkko.ttl", "shapes/a.ttl", "queries/README.md")
    for name, text in (dict.fromkeys(empty, "") | {"data/reference/one.ttl": f"<{ID}x> <{ID}x> <{ID}x> ."}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    snapshot = read_built(Settings(assets=tmp_path))

    assert len(snapshot.graphs[GRAPH_REFERENCE]) == 1
    assert GRAPH_QUERIES in snapshot.graphs


def test_a_start_reads_no_library_that_only_checks_need() -> None:
    """Those of SHACL, of engines behind and of tables are read where they are used; the web once the engine loads."""
    early, found = (imported(f"dialogiverkko.cli.serve, dialogiverkko.{name}") for name in ("loading", "serving"))

    assert not {"flask", "granian", "networkx", "babel"} & early
    assert "dialogiverkko.serving" in found
    others = {"rdflib", "pyshacl", "SPARQLWrapper", "requests", "urllib3", "docx", "openpyxl", "numpy", "networkx"}
    assert not others & found
    assert "dialogiverkko.graph.source.reading" not in found


def test_a_process_that_may_open_no_file_leaves_a_library_to_others() -> None:
    """NetworkX is read once pages are there; what is asked of a worker from before waits for the others."""
    code = """
import resource
from dialogiverkko.engines import NeedsWorker
from dialogiverkko.network.later import nx
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 4096))
try:
    nx.Graph
except NeedsWorker as needed:
    print(needed.kind)
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
print(nx.Graph.__name__)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert told.split() == ["pool", "Graph"]


def imported(names: str) -> set[str]:
    """The modules that are there once some are imported."""
    code = f"import sys, {names}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_a_command_is_the_same_in_its_own_module() -> None:
    """Its help says so, whichever modules were read."""
    whole = commands(cli.parser())

    for name in cli._HOMES:
        assert commands(cli.parser(name))[name].format_help() == whole[name].format_help()


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands, by their names."""
    found = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)
