"""What the order of layers does not say: no cycles, a core without the web, nothing done at import."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "dialogiverkko"
CORE = ("graph", "sparql", "network")
WEB = ("flask", "granian", "werkzeug", "jinja2")
ALLOWED = {"dialogiverkko.graph.source.evidence_map": {"jinja2"}}
"""The evidence map is a page, written by a template; it is no part of the server."""
DEEDS = {"open", "read_text", "read_bytes", "getenv", "now", "today", "print", "basicConfig", "Settings", "Store"}
SOURCES = Path(__file__).resolve().parents[2] / "server"


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted((SOURCES / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too; a name of a package may itself be a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module or ""


def test_no_module_imports_itself_by_a_detour() -> None:
    """The modules can be put into one order in which each stands behind all that it imports."""
    graph = {
        module: {name for name in imports(path) if name in MODULES and name != module}
        for module, path in MODULES.items()
    }

    order = list(graphlib.TopologicalSorter(graph).static_order())

    assert len(order) == len(MODULES) > 60


@pytest.mark.parametrize("module", [m for m in MODULES if m.split(".")[1:2] and m.split(".")[1] in CORE])
def test_the_core_does_not_know_the_web(module: str) -> None:
    """Graph, queries and network can be used with no web framework."""
    used = {name.split(".")[0] for name in imports(MODULES[module])} & set(WEB)

    assert used == ALLOWED.get(module, set())


@pytest.mark.parametrize("module", MODULES)
def test_nothing_happens_at_import(module: str) -> None:
    """The top of a module defines; it reads no file, environment or clock, and makes no store."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    }

    assert called & DEEDS == set()
