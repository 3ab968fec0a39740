"""One application over the real graph for tests in process, and one served by Granian for real clients."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.asking import remembering
from tests.benchmarks.engines import oxigraph
from tests.graphs import served_graph

from dialogiverkko.app import MAKERS
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.built import Built, write
from dialogiverkko.saved import keeping
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, Services

_START_SECONDS = 120
_STOP_SECONDS = 30


@pytest.fixture(scope="session")
def application() -> Iterator[Flask]:
    """The application over the real graph, read and derived; tests/graph validate it."""
    app = remembering(Settings(time_limit=2.0, workers=4), served_graph())
    yield app
    app.extensions[EXTENSION].backend.close()


@pytest.fixture(scope="session")
def services(application: Flask) -> Services:
    """What the blueprints of the application share."""
    found: Services = application.extensions[EXTENSION]
    return found


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What a build makes of the graph, in a folder."""
    makers = (*MAKERS, keeping.Asking(find_assets(None)).keep)
    return write(tmp_path_factory.mktemp("built"), "0" * 32, served_graph(), makers)


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    """A client that speaks to the application in process."""
    return application.test_client()


def _free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    return _free_port()


@contextmanager
def _server(log: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `dialogiverkko serve` on a free port, with settings by the names of their variables."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    environment = {**os.environ, "DIALOGIVERKKO_PORT": str(port), **settings}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "dialogiverkko.cli", "serve"], stderr=stream, stdout=stream, env=environment
        )
    try:
        _wait(address, process, log)
        yield process, address
    finally:
        process.terminate()
        process.wait(timeout=_STOP_SECONDS)


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """A process of `dialogiverkko serve`, its address with a slash at the end, and the file of its log."""
    log = tmp_path_factory.mktemp("serve") / "log"
    with _server(log, DIALOGIVERKKO_TIME_LIMIT="3") as (process, address):
        yield process, address, log


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server of one process whose queries may run for half a minute, and the file of its log."""
    log = tmp_path_factory.mktemp("patient") / "log"
    given = {"TIME_LIMIT": "30", "WORKERS": "2", "PROCESSES": "1"}
    with _server(log, **{f"DIALOGIVERKKO_{name}": value for name, value in given.items()}) as (_, address):
        yield address, log


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose queries go to Oxigraph's own server, into which it has put the graph."""
    log = tmp_path_factory.mktemp("behind") / "log"
    with oxigraph() as engine:
        given = {"BACKEND": engine.endpoint, "BACKEND_UPDATE": engine.store, "TIME_LIMIT": "3", "PROCESSES": "1"}
        with _server(log, **{f"DIALOGIVERKKO_{name}": value for name, value in given.items()}) as (_, address):
            yield address


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"serve ended with {process.returncode}: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=5) as answer:
                if not json.loads(answer.read())["loading"]:  # else workers that soon go would be counted
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    pytest.fail(f"serve did not become ready: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def served(serving: tuple[subprocess.Popen[bytes], str, Path]) -> str:
    """The address of the served graph, with a slash at its end."""
    return serving[1]
