"""What is said of changes that no test notices is said of lines that stand."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = (ROOT / "tests" / "mutants-explained.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", EXPLAINED)
def test_what_is_explained_stands_there(line: str) -> None:
    """Module, line, change and reason; a line that was changed takes its explanation with it."""
    module, rest = line.split(" | ", 1)
    written, change, reason = rest.rsplit(" | ", 2)

    lines = (ROOT / "server" / "dialogiverkko" / module).read_text(encoding="utf-8").splitlines()
    assert written in [each.strip() for each in lines]
    assert "→" in change
    assert reason


def test_nothing_is_explained_twice() -> None:
    """One reason is enough."""
    assert len({line.rpartition(" | ")[0] for line in EXPLAINED}) == len(EXPLAINED) >= 60
