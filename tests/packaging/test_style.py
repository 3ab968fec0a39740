"""The parts of the style that a program can see: docstrings, sizes, and what a text must not say."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from dialogiverkko import namespaces
from dialogiverkko.namespaces import BASE, LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "server" / "dialogiverkko").rglob("*.py"))
TEMPLATES = sorted(
    p for p in (ROOT / "server" / "dialogiverkko").rglob("templates/**/*") if p.suffix in (".html", ".xml", ".atom")
)
LONGEST_LINE = 160
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
USUAL_MODULE = 280
USUAL_FUNCTION = 25
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
        if size(function) > LONGEST_FUNCTION:
            long.append((function.name, size(function)))

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


def size(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, its docstring not counted."""
    doc = function.body[0] if ast.get_docstring(function) else None
    return (function.end_lineno or 0) - function.lineno + 1 - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)


def p95(numbers: Iterable[int]) -> int:
    """The size that nineteen of twenty do not pass."""
    ordered = sorted(numbers)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def test_almost_all_is_short() -> None:
    """Nineteen of twenty functions have at most 25 lines, and nineteen of twenty modules at most 280."""
    lengths = [size(function) for path in SOURCES for function in functions(path)]
    modules = [len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES]

    assert p95(lengths) <= USUAL_FUNCTION
    assert p95(modules) <= USUAL_MODULE
    assert (p95([1] * 19 + [99]), p95([1] * 18 + [99] * 2)) == (1, 99)


def test_no_docstring_begins_with_tell() -> None:
    """A docstring begins with a verb of the field, which says what is done."""
    guilty = [
        f"{name(path)}:{getattr(node, 'lineno', 1)}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and (ast.get_docstring(node) or "").startswith("Tell")
    ]

    assert guilty == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_the_lines_of_a_template_are_seen_whole(path: Path) -> None:
    """At most 160 characters; a line breaks in a tag, between blocks, or at a Jinja tag that takes the space away."""
    long = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if len(line) > LONGEST_LINE]

    assert long == []


def test_templates_are_found() -> None:
    """The list is not empty by a mistake in a path."""
    assert len(TEMPLATES) >= 24


def test_what_stands_in_namespaces_stands_there_once() -> None:
    """No other module spells a namespace that namespaces.py holds, or lists the languages."""
    spelt = {value for value in vars(namespaces).values() if isinstance(value, str) and value.startswith("http")}
    twins = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.name != "namespaces.py" else ():
            if isinstance(node, ast.Constant) and node.value in spelt - {BASE}:
                twins.append((name(path), node.lineno, node.value))
            if isinstance(node, ast.Tuple | ast.List) and ast.unparse(node)[1:-1] == repr(LANGUAGES)[1:-1]:
                twins.append((name(path), node.lineno, "the languages"))

    assert twins == []


def test_no_browser_test_polls_the_page() -> None:
    """The policy of our pages refuses it, unless it is true at once: a locator or a response is waited for."""
    files = sorted((ROOT / "tests" / "browser").glob("*.py"))

    assert len(files) > 5
    assert [path.name for path in files if "wait_for_function" in path.read_text(encoding="utf-8")] == []
