"""One served copy of the real graph, for every test of this folder."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from tests.asking import remembering
from tests.golden.frozen import PAGES, frozen_snapshot
from tests.served import served_on_loopback

from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.settings import Settings

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def application() -> Iterator[Flask]:
    """The application over the frozen sources, read and derived; tests/graph validate the whole."""
    app = remembering(Settings(), frozen_snapshot())
    yield app
    app.extensions["dialogiverkko"].backend.close()


@pytest.fixture(scope="session")
def saved_of_pages() -> Iterator[SavedQueries]:
    """The saved queries over the frozen listing and the frozen pages."""
    app = remembering(Settings(), frozen_snapshot(*PAGES))
    found: SavedQueries = app.extensions["dialogiverkko"].saved
    yield found
    app.extensions["dialogiverkko"].backend.close()


@pytest.fixture(scope="session")
def saved(application: Flask) -> SavedQueries:
    """The saved queries of the application, without HTTP."""
    found: SavedQueries = application.extensions["dialogiverkko"].saved
    return found


@pytest.fixture(scope="session")
def served(application: Flask) -> Iterator[str]:
    """The address, with a slash at its end, of a server that holds the real graph."""
    with served_on_loopback(application) as address:
        yield address


@pytest.fixture(scope="session")
def expected_answers() -> Callable[[str], dict[str, Any]]:
    """Return what a file of this folder expects of a query."""

    def read(name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        return found

    return read
