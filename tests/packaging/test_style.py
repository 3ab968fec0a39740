"""The parts of the style that a program can see: docstrings, sizes, and what a text must not say."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "server" / "dialogiverkko").rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
PLACEHOLDERS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def name(path: Path) -> str:
    """A file as people know it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    """Modules, public classes, functions and methods begin with a sentence."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes: list[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] = [tree]
    for scope in [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_"))]:
        nodes += [
            n
            for n in scope.body
            if isinstance(n, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not n.name.startswith("_")
        ]
    silent = [getattr(n, "name", "module") for n in nodes if not (ast.get_docstring(n) or "").strip()]
    endless = [
        getattr(n, "name", "module")
        for n in nodes
        if not re.search(r"[.:?!]$", (ast.get_docstring(n) or ".").split("\n\n")[0].strip())
    ]

    assert (silent, endless) == ([], [])


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_modules_and_functions_are_seen_whole(path: Path) -> None:
    """At most 400 lines a module and 40 a function, its docstring not counted."""
    long = []
    for function in functions(path):
        doc = function.body[0] if ast.get_docstring(function) else None
        size = (function.end_lineno or 0) - function.lineno + 1
        if doc is not None:
            size -= (doc.end_lineno or 0) - doc.lineno + 1
        if size > LONGEST_FUNCTION:
            long.append((function.name, size))

    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert long == []


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("server", "ontology", "data", "shapes", "queries", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".ttl", ".rq", ".md", ".html", ".yaml", ".js", ".css") and "vendor" not in path.parts
    ],
    ids=name,
)
def test_nothing_is_left_for_later(path: Path) -> None:
    """No placeholder stands where work should be."""
    assert PLACEHOLDERS.findall(path.read_text(encoding="utf-8")) == []
