"""Imports point down only, folders as well as files: each room imports itself and the rooms below it."""

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "server" / "dialogiverkko"
ROOMS = (
    ("errors", "media", "namespaces", "spelling"),
    ("settings",),
    ("sparql",),
    ("sparql/rewording",),
    ("graph",),
    ("graph/validation",),
    ("graph/source",),
    ("graph/tables",),
    ("engines",),
    ("saved",),
    ("search",),
    ("network",),
    ("web",),
    ("web/drawing",),
    ("web/http",),
    ("web/desk",),
    ("web/site",),
    ("front",),
    ("app",),
    ("loading",),
    ("serving", "client", "mcp_tools"),
    ("mcp",),
    ("cli",),
)
"""From the lowest: files of the package, and folders whose own files are one room; a folder in it is its own."""
LEVEL = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400


def room_of(path: Path) -> str:
    """The room of a file: its folder as a whole path, or its own name where it lies in the package itself."""
    inside = path.relative_to(PACKAGE)
    return inside.parent.as_posix() if len(inside.parts) > 1 else inside.stem


def file_of(name: str) -> Path | None:
    """The file of a module of ours by its dotted name."""
    base = PACKAGE.joinpath(*name.split(".")[1:])
    return next((file for file in (base.with_suffix(".py"), base / "__init__.py") if file.is_file()), None)


def imported(text: str) -> set[Path]:
    """The files of the package that a text imports, wherever in it; a name may itself be a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {file for name in names if name.startswith("dialogiverkko.") and (file := file_of(name))}


def rooms_above(room: str, text: str) -> set[str]:
    """The rooms above its own that a text imports; the folder that holds a room is no import of it."""
    found = {room_of(file) for file in imported(text)}
    return {other for other in found if LEVEL[other] > LEVEL[room]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    """A file imports its own room or a lower one."""
    room = room_of(path)
    if room == "__init__":
        return

    assert rooms_above(room, path.read_text(encoding="utf-8")) == set()


def test_every_room_is_in_the_table_and_every_line_of_the_table_is_a_room() -> None:
    """A new folder is put into its place before anything imports it."""
    assert {room_of(path) for path in FILES} - {"__init__"} == set(LEVEL)


def test_folders_have_no_cycle() -> None:
    """The folders can be put into one order in which each stands behind all that its files import."""
    graph: dict[str, set[str]] = {}
    for path in FILES:
        room = room_of(path)
        found = {room_of(file) for file in imported(path.read_text(encoding="utf-8"))}
        graph.setdefault(room, set()).update(found - {room})

    order = list(graphlib.TopologicalSorter(graph).static_order())

    assert len(order) == len(graph) > 12


@pytest.mark.parametrize(
    ("room", "text", "above"),
    [
        ("sparql", "from dialogiverkko.engines import Backend", {"engines"}),
        ("sparql", "from dialogiverkko.engines.embedded import EmbeddedBackend", {"engines"}),
        ("web/http", "def f():\n    from dialogiverkko.web.site import views", {"web/site"}),
        ("web", "import dialogiverkko.web.drawing.charts", {"web/drawing"}),
        ("graph", "from dialogiverkko.graph.validation import report", {"graph/validation"}),
        ("web/site", "from dialogiverkko.web import languages", set()),
    ],
)
def test_an_import_that_points_up_is_noticed(room: str, text: str, above: set[str]) -> None:
    """The cycles that once stood between a folder and the folder inside it would be seen."""
    assert rooms_above(room, text) == above


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_one_idea(path: Path) -> None:
    """A module says what it is for, and is short enough to be that."""
    text = path.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LONGEST


def test_no_path_is_built_elsewhere() -> None:
    """Only graph/assets knows where the four folders lie."""
    guilty = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        if "__file__" in path.read_text(encoding="utf-8")
        and path.name not in ("assets.py",)
        and "web" not in path.parts
    ]

    assert guilty == []
