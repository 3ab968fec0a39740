"""The documents show the one table of known departures, word for word."""

from pathlib import Path

import pytest

from dialogiverkko.sparql.departures import DEPARTURES, table

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", ["README.md", "queries/ENGINES.md"])
def test_a_document_shows_the_table(name: str) -> None:
    """No row is missing, and none stays that no longer holds."""
    assert table() in (ROOT / name).read_text(encoding="utf-8")


def test_each_row_is_told_apart() -> None:
    """Codes and sentences are unique."""
    assert len({each.code for each in DEPARTURES}) == len({each.sentence for each in DEPARTURES}) == len(DEPARTURES)
