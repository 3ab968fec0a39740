"""Starts real SPARQL servers on loopback, with nothing kept: for tests and for benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

START_SECONDS = 60.0
_VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
ServerThreads = 40
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = .
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = .
ServerThreads = 20
MaxClientConnections = 40
EnabledDavVSP = 0
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers queries, where it takes graphs, and its process."""

    name: str
    endpoint: str
    store: str
    pid: int


def free_port() -> int:
    """Find a port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def virtuoso_binary() -> str | None:
    """Find Virtuoso (Debian: virtuoso-opensource-7), which no package of ours brings along."""
    return shutil.which("virtuoso-t")


@contextmanager
def oxigraph() -> Iterator[Server]:
    """Run Oxigraph's own server on an empty memory store."""
    port = free_port()
    binary = Path(sys.executable).parent / "oxigraph"
    with _running([str(binary), "serve", "--bind", f"127.0.0.1:{port}"]) as process:
        base = f"http://127.0.0.1:{port}"
        _wait_for(f"{base}/query?query=ASK%7B%7D", process)
        yield Server("Oxigraph server", f"{base}/query", f"{base}/store", process.pid)


@contextmanager
def virtuoso() -> Iterator[Server]:
    """Run Virtuoso on an empty database in a temporary folder."""
    binary = virtuoso_binary()
    if binary is None:
        raise FileNotFoundError("virtuoso-t is not installed")
    sql_port, http_port = free_port(), free_port()
    with TemporaryDirectory() as folder:
        ini = Path(folder) / "virtuoso.ini"
        ini.write_text(_VIRTUOSO_INI.format(sql_port=sql_port, http_port=http_port), encoding="utf-8")
        command = [binary, "+configfile", ini.name, "+foreground"]
        with _running(command, cwd=folder) as process:
            host = f"127.0.0.1:{http_port}"
            _wait_for(f"http://{host}/sparql?query=ASK%7B%7D", process)
            store = f"http://dba:dba@{host}/sparql-graph-crud-auth"
            yield Server("Virtuoso", f"http://{host}/sparql", store, process.pid)


@contextmanager
def rdflib_endpoint(path: Path) -> Iterator[Server]:
    """Run rdflib-endpoint on one file of triples."""
    port = free_port()
    binary = Path(sys.executable).parent / "rdflib-endpoint"
    command = [str(binary), "serve", "--host", "127.0.0.1", "--port", str(port), str(path)]
    with _running(command) as process:
        _wait_for(f"http://127.0.0.1:{port}/?query=ASK%7B%7D", process)
        yield Server("rdflib-endpoint", f"http://127.0.0.1:{port}/", "", process.pid)


@contextmanager
def ours(
    assets: Path,
    *,
    cache_bytes: int,
    seconds: float = START_SECONDS,
    is_checked: bool = True,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """Run our own server on a folder of assets: as ``make serve`` does, or without checking the graph first."""
    port = free_port()
    environment = {
        **os.environ,
        "DIALOGIVERKKO_ASSETS": str(assets),
        "DIALOGIVERKKO_CACHE_BYTES": str(cache_bytes),
        "DIALOGIVERKKO_TIME_LIMIT": "60",
        **settings,
    }
    checked = [str(Path(sys.executable).parent / "dialogiverkko"), "serve", "--port", str(port)]
    command = checked if is_checked else [sys.executable, "-m", "tests.benchmarks.unchecked", str(port)]
    with _running(command, environment=environment) as process:
        _wait_for(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", process, seconds)
        yield Server("Dialogiverkko", f"http://127.0.0.1:{port}/sparql", "", process.pid)


@contextmanager
def _running(
    command: list[str], cwd: str | None = None, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        process.kill()
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", seconds: float = START_SECONDS) -> None:
    """Wait until a server answers anything at all."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except HTTPError as error:
            error.close()
            return
        except (URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError("the server did not start")
