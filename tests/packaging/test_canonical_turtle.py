"""Every Turtle file of the project is in the canonical form, under the one prefix table."""

import re
from pathlib import Path

import pytest

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import read_prefixes
from dialogiverkko.graph.turtle import canonical, turtle_files

ASSETS = find_assets()
FILES = list(turtle_files(ASSETS))
PREFIXES = read_prefixes(ASSETS)
DECLARATION = re.compile(r"^\s*(?:@prefix|PREFIX|prefix)\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)
QUERIES = sorted([*ASSETS.files("queries", "**/*.rq"), *ASSETS.files("ontology", "rules/*.rq")])


def test_there_are_files_to_look_at() -> None:
    """The lists are not empty by a mistake in a path."""
    assert len(FILES) > 50
    assert len(QUERIES) > 80
    assert len(PREFIXES) > 40


@pytest.mark.parametrize("path", FILES, ids=ASSETS.name)
def test_a_file_is_in_the_canonical_form(path: Path) -> None:
    """Formatting it changes nothing (mend with ``dialogiverkko fmt``)."""
    text = path.read_text(encoding="utf-8")

    assert text == canonical(text, PREFIXES)


@pytest.mark.parametrize("path", [*FILES, *QUERIES], ids=ASSETS.name)
def test_a_prefix_means_the_same_everywhere(path: Path) -> None:
    """Each declared prefix is one of the table, with the table's namespace."""
    declared = dict(DECLARATION.findall(path.read_text(encoding="utf-8")))

    assert {p: n for p, n in declared.items() if PREFIXES.get(p) != n} == {}
