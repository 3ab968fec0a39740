"""What the documents say agrees with the files: commands, settings, folders."""

import re
import subprocess
from pathlib import Path

import pytest

from dialogiverkko.settings import settings_table

ROOT = Path(__file__).resolve().parent.parent.parent


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
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    private = re.compile("/" + "work/|/" + "tmp/bash|/" + "root/")

    guilty = [
        name
        for name in listed
        if name.endswith((".py", ".md", ".ttl", ".rq", ".toml", ".html", ".js", ".css", ".ipynb"))
        and (ROOT / name).is_file()
        and private.search((ROOT / name).read_text(encoding="utf-8"))
    ]

    assert guilty == []
