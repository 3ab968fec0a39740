"""How a server takes memory before it loads the engine."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from dialogiverkko import loading
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.errors import UsageError
from dialogiverkko.graph import disk
from dialogiverkko.graph.built import Built
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import GRAPH
from dialogiverkko.settings import Settings

_ASKED = """
import ctypes, re, threading
from dialogiverkko import loading
from dialogiverkko.settings import Settings

def stopped(*_):
    raise InterruptedError

loading.refuse_taken, loading.obtain = print, stopped
if {opens}:
    try:
        loading.open_graph(Settings(), print)
    except InterruptedError:
        pass
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
found = []
thread = threading.Thread(target=lambda: found.append(libc.malloc(1000)))
thread.start()
thread.join()
heap = re.search(r"(?m)^(\\w+)-(\\w+) .*\\[heap\\]$", open("/proc/self/maps").read())
print("one heap:", int(heap[1], 16) <= found[0] < int(heap[2], 16))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads what Linux tells of a process")
@pytest.mark.parametrize("opens", [True, False])
def test_a_server_takes_memory_from_one_heap(opens: bool) -> None:
    """A thread gets its memory where the main one does; without that it has a heap of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _ASKED.format(opens=opens)], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.endswith(f"one heap: {opens}\n"), done.stderr


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "no host"])
def test_a_host_that_is_none_of_this_machine_is_told_as_one(host: str) -> None:
    """Nothing listens there that one could stop."""
    with pytest.raises(UsageError, match="Name an address of this machine with --host") as caught:
        loading.refuse_taken(host, 8000)

    assert caught.value.message.startswith(f"{host}:8000 cannot be listened on: ")


def test_a_taken_port_is_told_as_one() -> None:
    """What to do is to stop who listens, or to take another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            UsageError, match=rf"127\.0\.0\.1:{port} .*: address already in use\. Stop what listens there"
        ):
            loading.refuse_taken("127.0.0.1", port)


def test_a_port_that_one_may_not_have_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below 1024, for who is not the administrator."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "getaddrinfo", refused)

    with pytest.raises(UsageError, match=r"permission denied\. Choose a port from 1024 on"):
        loading.refuse_taken("127.0.0.1", 80)


@pytest.mark.parametrize(("bytes_each", "is_on_disk"), [(-1, True), (0, False)])
def test_a_graph_that_memory_cannot_hold_is_read_from_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_each: int, is_on_disk: bool
) -> None:
    """In words that name the setting; a store that was named stays."""
    said: list[str] = []
    node = NamedNode("https://example.org/s")
    snapshot = Snapshot({GRAPH + "a": ordered([Triple(node, node, node)])}, {})
    of_folder = Built(tmp_path, snapshot, {})
    there = loading._TRIPLE_BYTES + bytes_each
    monkeypatch.setattr(loading, "machine_bytes", lambda: there)
    monkeypatch.setattr(loading, "refuse_taken", lambda *_: None)
    monkeypatch.setattr(loading, "allocate_together", lambda: None)
    monkeypatch.setattr(loading, "obtain", lambda *_: (snapshot, of_folder))
    monkeypatch.setattr("gc.disable", lambda: None)
    engine = loading.open_graph(Settings(), said.append).engine
    named = loading._with_room(Settings(store=tmp_path / "named"), snapshot, of_folder, said.append)

    assert isinstance(engine, EmbeddedBackend)
    assert bool(engine.files) == is_on_disk
    assert (tmp_path / disk.FOLDER).is_dir() == is_on_disk
    assert [("DIALOGIVERKKO_STORE" in each, "disk store" in each) for each in said[:1]] == [(True, True)] * is_on_disk
    assert named.store == tmp_path / "named"
