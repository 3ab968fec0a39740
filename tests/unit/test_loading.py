"""How a server takes memory before it loads the engine."""

import subprocess
import sys

import pytest

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
