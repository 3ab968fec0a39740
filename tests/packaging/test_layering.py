"""Imports point down only, and nobody prints, reads the environment or does anything at import."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "server" / "dialogiverkko"
LAYERS = (
    {"errors", "media", "namespaces"},
    {"settings"},
    {"graph"},
    {"sparql"},
    {"network"},
    {"web"},
    {"app"},
    {"serving", "client", "mcp"},
    {"cli_graph", "cli_serve", "cli_queries"},
    {"cli"},
)
LEVEL = {name: number for number, names in enumerate(LAYERS) for name in names}
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400


def module_of(path: Path) -> str:
    """The part of the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The parts of the package that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module] if node.module != "dialogiverkko" else [f"dialogiverkko.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("dialogiverkko.")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    """A file imports its own part or a lower one."""
    module = module_of(path)
    if module == "__init__":
        return

    upwards = {name for name in imported(path) if LEVEL[name] > LEVEL[module]}

    assert upwards == set()


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
