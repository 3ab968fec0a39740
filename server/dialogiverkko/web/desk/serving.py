"""Opens the desk on this machine alone, until told to stop."""

import socket
from collections.abc import Callable
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.source.desk import Desk
from dialogiverkko.web.desk.pages import create_desk

HERE = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: there is one visitor."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name of the library
        """Keep what is no error to itself."""
        if type == "error":
            super().log(type, message, *args)


def serve_desk(desk: Desk, port: int, say: Callable[[str], None]) -> None:
    """Serve one source on the loopback address; with port 0 a free one is chosen, and ``say`` is told which."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HERE, port))
        except OSError as error:
            raise UsageError(f"Port {port} is taken; name another with --port, or leave it out.") from error
        listener.listen()
        chosen = listener.getsockname()[1]
        app = create_desk(desk, frozenset({f"{HERE}:{chosen}", f"localhost:{chosen}"}))
        server = make_server(HERE, chosen, app, request_handler=_Quiet, fd=listener.fileno())
        say(f"Reading {desk.slug} at http://{HERE}:{chosen}/ (stop with Ctrl+C)")
        try:
            server.serve_forever()
        finally:
            server.server_close()
