"""What the documents say agrees with the files: links, commands, settings, canonical Turtle, the wheel."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dialogiverkko.graph.assets import FOLDERS, find_assets
from dialogiverkko.graph.turtle import format_file, turtle_files
from dialogiverkko.settings import settings_table

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted(
    p for p in ROOT.rglob("*.md") if not {".venv", "node_modules", "build", ".pytest_cache"} & set(p.relative_to(ROOT).parts)
)
TURTLE = list(turtle_files(find_assets()))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_inside_documents_resolve(path: Path) -> None:
    """A relative link leads to a file that is there."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]

    broken = [link for link in links if link and "://" not in link and not (path.parent / link).exists()]

    assert broken == []


@pytest.mark.parametrize("path", TURTLE, ids=lambda p: p.name)
def test_turtle_is_canonical(path: Path) -> None:
    """Every Turtle file is in the form that `dialogiverkko fmt` gives it."""
    assert format_file(path, find_assets(), check=True)


def test_there_are_turtle_files_to_look_at() -> None:
    """The files are collected from the disk."""
    assert len(TURTLE) > 60


@pytest.mark.parametrize("folder", ["ontology", "data", "shapes", "server", "queries", "tests"])
def test_a_folder_says_what_it_is(folder: str) -> None:
    """Each folder has a README of at most a page."""
    lines = (ROOT / folder / "README.md").read_text(encoding="utf-8").splitlines()

    assert 5 <= len(lines) <= 70


def test_the_readme_names_its_two_commands() -> None:
    """What the README gives is what CI runs."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "make serve" in readme
    assert "make test" in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_readme_holds_every_setting() -> None:
    """The table of settings is made from the settings."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert settings_table() in readme


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine stands in a file that is kept."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    private = re.compile("/" + "work/|/" + "tmp/bash|/" + "root/")

    guilty = [
        name
        for name in listed
        if name.endswith((".py", ".md", ".ttl", ".rq", ".toml", ".html", ".js", ".css", ".ipynb"))
        and (ROOT / name).is_file()
        and private.search((ROOT / name).read_text(encoding="utf-8"))
    ]

    assert guilty == []


@pytest.mark.timeout(300)
def test_the_wheel_holds_the_four_folders(tmp_path: Path) -> None:
    """What people install has the graph in it."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()

    for folder in FOLDERS:
        kept = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix in (".ttl", ".rq", ".jsonld", ".yaml")}
        assert {f"dialogiverkko/assets/{name}" for name in kept} <= set(names)
    assert any(name.endswith("web/templates/problem.html") for name in names)
