"""Changes one token of our code at a time and lists the changes that no test notices: ``make mutants``.

Each change (a comparison, and/or, a number, a sign, a truth, a ``not``) is tried in a forked process against the tests
that import the module. What lives shows a missing test, or stands in mutants-explained.txt with the reason.
"""

import argparse
import ast
import ctypes
import gc
import importlib
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path

import hypothesis
import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "server" / "dialogiverkko"
EXPLAINED = ROOT / "tests" / "mutants-explained.txt"
SLOW = re.compile(r"test_(?:mutations|shapes|data|made_files|backend_|w3c_|standard_)")
FOLDERS = ("unit", "graph")
NEW = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "and": "or", "or": "and", "+": "-",
       "-": "+", "in": "not in", "not in": "in", "is": "is not", "is not": "is"}  # fmt: skip
SIGN = re.compile(r"not\s+in\b|is\s+not\b|\b(?:and|or|in|is)\b|[<>=!]=|[<>+-]")
NEAREST = {
    "saved/answers.py": ["unit/test_saved_asked.py", "unit/test_saved_expected.py", "golden/test_kept.py"],
    "saved/keeping.py": ["golden/test_kept.py"],
    "saved/kept.py": ["golden/test_kept.py"],
    "front/copies.py": ["unit/test_front_copies.py"],
    "front/ending.py": ["unit/test_front_ending.py"],
    "front/gateway.py": ["unit/test_front_gateway.py"],
    "front/guarded.py": ["unit/test_front_guarded.py", "unit/test_backend_embedded.py"],
    "front/warm.py": ["unit/test_front_warm.py"],
    "front/wire.py": ["unit/test_front_wire.py"],
    "front/worker.py": ["unit/test_front_worker.py"],
    "front/ledger.py": ["unit/test_front_ledger.py"],
    "front/forking.py": ["unit/test_front_forking.py", "unit/test_front_pool.py", "unit/test_front_worker.py"],
    "front/pool.py": ["unit/test_front_pool.py"],
    "front/opening.py": ["unit/test_front_opening.py"],
    "front/requests.py": ["unit/test_front_requests.py", "unit/test_front_copies.py", "http/test_gateway.py"],
    "front/sharing.py": ["unit/test_backend_sharing.py"],
    "graph/whole.py": ["unit/test_graph_whole.py"],
    "graph/validation/build.py": ["unit/test_graph_build.py"],
    "graph/validation/changed.py": ["graph/test_changed.py"],
    "graph/validation/checks.py": ["graph/test_checks.py"],
    "graph/validation/names.py": ["unit/test_graph_load.py"],
    "graph/validation/constraints.py": ["unit/test_graph_validation.py"],
    "graph/validation/places.py": ["unit/test_graph_validation.py"],
    "graph/validation/report.py": ["unit/test_graph_report.py"],
    "graph/validation/shapes.py": ["unit/test_graph_validation.py"],
    "graph/validation/rules.py": ["graph/test_made_files.py"],
    "graph/validation/suspects.py": ["unit/test_graph_suspects.py"],
    "graph/validation/times.py": ["unit/test_graph_times.py"],
    "graph/validation/validate.py": ["unit/test_graph_validation.py", "unit/test_graph_paths.py"],
    "saved/opening.py": ["unit/test_opening.py"],
    "saved/querygraph.py": ["unit/test_saved_querygraph.py"],
    "saved/released.py": ["unit/test_saved_released.py"],
    "sparql/columns.py": ["unit/test_sparql_columns.py"],
    "sparql/departures.py": ["unit/test_sparql_rewording.py"],
    "sparql/expectation.py": ["unit/test_sparql_expectation.py"],
    "sparql/tree.py": ["unit/test_sparql_tree.py", "unit/test_sparql_rewording.py"],
}
"""The tests of what stands behind others, where those that import it are not the ones that ask it most."""
SLOW_ONES = "not (open_nothing or disk_store or below_a_path or memory_is_its_own or whole_check_agrees)"
"""Tests that are left out, by words of their names: each takes longer than all others of its file."""
OF_FORM = {"frozen", "order", "indent", "ensure_ascii", "maxsize"}
"""Arguments whose change changes no behaviour that anybody relies on."""
KILLED, LIVES = 1, 0
_PR_SET_CHILD_SUBREAPER = 36
NOTES = Path(tempfile.gettempdir()) / f"mutants-{os.getpid()}.json"


def changes(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each change of one token: its line, the change in words, and the whole text that it makes."""
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def begin(node: ast.expr) -> int:
        return starts[node.lineno - 1] + node.col_offset

    def end(node: ast.expr) -> int:
        return starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def spots(node: ast.AST) -> Iterator[tuple[int, int, str]]:
        pairs: list[tuple[ast.expr, ast.expr]] = []
        match node:
            case ast.Compare():
                pairs = [(node.left, node.comparators[0])]
            case ast.BoolOp():
                pairs = list(zip(node.values, node.values[1:], strict=False))[:1]
            case ast.BinOp():
                pairs = [(node.left, node.right)]
            case ast.Constant(value=bool() as truth):
                yield begin(node), end(node), str(not truth)
            case ast.Constant(value=int() as number):
                yield begin(node), end(node), str(number + 1)
            case ast.UnaryOp(op=ast.Not()):
                yield begin(node), begin(node.operand), ""
        for left, right in pairs:
            if match := SIGN.search(data[end(left) : begin(right)].decode()):
                yield end(left) + match.start(), end(left) + match.end(), NEW[" ".join(match[0].split())]

    tree = ast.parse(text)
    form = {id(k.value) for k in ast.walk(tree) if isinstance(k, ast.keyword) and k.arg in OF_FORM}
    for node in ast.walk(tree):
        for first, last, new in spots(node) if id(node) not in form else ():
            words = f"{data[first:last].decode().strip()} → {new or 'nothing'}"
            yield node.lineno, words, (data[:first] + new.encode() + data[last:]).decode()  # type: ignore[attr-defined]


class _Finder(MetaPathFinder):
    """Gives one module another text."""

    def __init__(self, module: str, path: Path, text: str) -> None:
        self.module, self.path, self.text = module, path, text

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        del path, target
        if name != self.module:
            return None
        loader = SourceFileLoader(name, str(self.path))
        loader.get_code = lambda _: compile(self.text, str(self.path), "exec")  # type: ignore[method-assign,assign,unused-ignore]
        return spec_from_loader(name, loader, is_package=self.path.name == "__init__.py")


def _importing(path: Path, files: list[Path]) -> list[Path]:
    """Return the files that import a module, by its own name or from its package."""
    dotted = "dialogiverkko." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    parent, _, stem = dotted.rpartition(".")
    wanted = re.compile(
        rf"{re.escape(dotted)} import|import {re.escape(dotted)}\b|from {re.escape(parent)} import .*\b{stem}\b"
    )
    return [file for file in files if wanted.search(file.read_text(encoding="utf-8"))]


def tests_of(path: Path) -> list[str]:
    """Return the tests that are named for a module or its room, else the quick ones that import it or who uses it."""
    name = path.relative_to(PACKAGE).as_posix()
    for each in (name, path.parent.relative_to(PACKAGE).as_posix()):
        if each in NEAREST:
            return [str(ROOT / "tests" / test) for test in NEAREST[each]]
    tests = [f for each in FOLDERS for f in sorted((ROOT / "tests" / each).glob("test_*.py")) if not SLOW.match(f.name)]
    near, far = sorted(path.parent.glob("*.py")), sorted(PACKAGE.rglob("*.py"))
    for users in ([path, *_importing(path, near)], _importing(path, far)):
        if found := {str(test) for each in users for test in _importing(each, tests)}:
            return sorted(found)
    return []


class Runner:
    """Runs the tests of a module with another text of it: first where the last change was noticed, quick ones first."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.whole: dict[tuple[str, ...], float] = {}
        self.killers: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how long each test takes and which one fails."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.failed:
            self.killers.append(report.nodeid)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Order the tests by what each takes."""
        items.sort(key=lambda item: self.seconds.get(item.nodeid, 0))

    def _passes(self, tests: list[str]) -> bool:
        quiet = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-k", SLOW_ONES]
        quiet += ["--disable-plugin-autoload", "-p", "pytest_timeout"]
        return pytest.main([*quiet, *tests], plugins=[self]) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)

    def _fails(self, path: Path, text: str, tests: list[str]) -> None:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        module = "dialogiverkko." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        sys.meta_path.insert(0, _Finder(module.removesuffix(".__init__"), path, text))
        near = [file for file in tests if any(file.endswith(each.partition("::")[0]) for each in self.killers[-1:])]
        passed = self._passes(near) if near and near != tests else True
        passed = passed and self._passes(tests)
        NOTES.write_text(json.dumps([self.seconds, self.killers]), encoding="utf-8")
        os._exit(LIVES if passed else KILLED)

    def run(self, path: Path, text: str, tests: list[str]) -> int:
        """Run the tests with a changed module in a process of its own; a test that does not end has noticed."""
        child = os.fork()
        if child == 0:
            self._fails(path, text, tests)
        try:
            return self._waited_for(child, tests)
        finally:
            end_children()

    def _waited_for(self, child: int, tests: list[str]) -> int:
        until = time.monotonic() + 3 * self.whole.get(tuple(tests), 100) + 5
        while time.monotonic() < until:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                seconds, self.killers = json.loads(NOTES.read_text(encoding="utf-8"))
                self.seconds = seconds | self.seconds
                return KILLED if status else LIVES
            time.sleep(0.02)
        return KILLED

    def pass_unchanged(self, path: Path, text: str, tests: list[str]) -> bool:
        """Check that the tests of a module pass with it as it is, and note how long they take."""
        if tuple(tests) not in self.whole:
            started = time.monotonic()
            if self.run(path, text, tests) != LIVES:
                return False
            self.whole[tuple(tests)] = time.monotonic() - started
        return True


def adopt_orphans() -> None:
    """Become the parent of every process whose own parent dies: a change may leave one that never ends."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_children() -> None:
    """Kill whatever this process or one of its children has forked, and wait for its end."""
    while children := psutil.Process().children(recursive=True):
        for each in children:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(children, timeout=5)


def survivors(path: Path, most: int, runner: Runner) -> Iterator[str]:
    """Try at most so many changes of a module, chosen alike each time, and yield those that live."""
    text, tests, name = path.read_text(encoding="utf-8"), tests_of(path), path.relative_to(PACKAGE).as_posix()
    found = list(changes(text))
    if not found:
        return
    if not tests or not runner.pass_unchanged(path, text, tests):
        yield f"{name} | | no quick test imports it, or one fails"
        return
    tried = sorted(random.Random(name).sample(found, min(most, len(found))))  # noqa: S311
    print(f"{name}: trying {len(tried)} of {len(found)} changes", flush=True)
    for line, words, changed in tried:
        if runner.run(path, changed, tests) == LIVES:
            yield f"{name} | {text.splitlines()[line - 1].strip()} | {words}"


def read_libraries() -> None:
    """Import all that our modules and the tests import from elsewhere, once for all forks, and forget what is ours."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not path.stem.startswith("__"):
            importlib.import_module("dialogiverkko." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    for name in ("hypothesis.strategies", "xdist.plugin", "pytest_timeout"):
        importlib.import_module(name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "dialogiverkko"]:
        del sys.modules[name]
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # any example will do, and the same each time
    hypothesis.settings.register_profile("mutants", phases=phases, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")
    gc.collect()
    gc.freeze()


def main() -> int:
    """Try the modules that are named; exit code 1 where a change lives that nothing explains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", nargs="*", default=["graph/validation", "sparql", "network", "saved", "front"])
    parser.add_argument("--most", type=int, default=10, help="changes of one module")
    arguments = parser.parse_args()
    explained = {line.rpartition(" | ")[0] for line in EXPLAINED.read_text(encoding="utf-8").splitlines()}
    paths = [p for where in arguments.where for p in (sorted((PACKAGE / where).rglob("*.py")) or [PACKAGE / where])]
    if missing := [path for path in paths if not path.is_file()]:
        parser.error(f"{missing[0]} is not there; name a folder or a module, such as sparql or graph/describe.py")
    read_libraries()
    adopt_orphans()
    left, runner = 0, Runner()
    for path in paths:
        for survivor in survivors(path, arguments.most, runner):
            known = survivor in explained
            left += not known
            print(f"{'explained' if known else 'LIVES'}: {survivor}", flush=True)
    NOTES.unlink(missing_ok=True)
    print(f"{left} unexplained")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
