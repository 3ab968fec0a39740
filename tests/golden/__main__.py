"""Writes what saved queries must answer, asked of the frozen sources: ``python -m tests.golden NAME …``.

Read the difference against the source before you commit it.
"""

import sys
from pathlib import Path

from tests.golden.frozen import OF_SEVERAL, PAGES, frozen_snapshot

from dialogiverkko.app import create_app
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.expected import write_expected
from dialogiverkko.settings import Settings

HERE = Path(__file__).resolve().parent


def write(names: list[str], *more: str) -> None:
    """Write the expected answers of some queries, asked of the frozen sources and of more."""
    app = create_app(Settings(), snapshot=frozen_snapshot(*more)) if names else None
    if app is None:
        return
    saved: SavedQueries = app.extensions["dialogiverkko"].saved
    try:
        for name in names:
            answer = saved.ask(name)
            (HERE / f"{name}.json").write_text(write_expected(answer), encoding="utf-8")
            if not answer.total:
                sys.stderr.write(f"{name}: no rows. Let its defaults be such that the frozen sources answer.\n")
    finally:
        app.extensions["dialogiverkko"].backend.close()


if __name__ == "__main__":
    if not sys.argv[1:] or sys.argv[1].startswith("-"):
        sys.exit("Say of which saved queries: python -m tests.golden NAME …")
    write([name for name in sys.argv[1:] if name not in OF_SEVERAL])
    write([name for name in sys.argv[1:] if name in OF_SEVERAL], *PAGES)
