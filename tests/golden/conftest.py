"""A served copy of the graph, and the saved queries over an engine in this process."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dialogiverkko.app import create_app
from werkzeug.serving import make_server

from dialogiverkko.settings import Settings
from dialogiverkko.sparql.opening import open_saved
from dialogiverkko.sparql.saved import SavedQueries

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def saved() -> Iterator[SavedQueries]:
    """The saved queries over the real graph."""
    with open_saved(Settings()) as opened:
        yield opened


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address, with a slash at its end, of a server that holds the real graph."""
    app = create_app(Settings())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture(scope="session")
def expected_answers() -> Callable[[str], dict[str, Any]]:
    """Return what a file of this folder expects of a query."""

    def read(name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        return found

    return read
