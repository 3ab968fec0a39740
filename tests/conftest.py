"""What every test may ask for: the checkout, and the source text where it is at hand."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # nothing here is a timed test: a busy machine is no failure
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
SOURCE_NAME = "000_f9c93a9ccb9c0e7f.txt"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout's folder."""
    return ROOT


@pytest.fixture(scope="session")
def source_path() -> Path:
    """The source text, which the project does not ship; the one check that needs it skips without it."""
    given = os.environ.get("DIALOGIVERKKO_SOURCE")
    path = Path(given) if given else ROOT.parent / "shared" / "seeds" / SOURCE_NAME
    if not path.is_file():
        pytest.skip("the source text is not at hand: set DIALOGIVERKKO_SOURCE to its path")
    return path
