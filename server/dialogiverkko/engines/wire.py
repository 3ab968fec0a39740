"""What the supervisor, the fork server and the workers say to each other over their sockets.

A message is a JSON object, by its length, and bytes behind it. All of them are processes of ours:
the framing guards against a peer that died halfway, not against one that lies.
"""

import json
import select
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

_LENGTHS: Final = struct.Struct("!IQ")
PIECE: Final = 262_144
"""Bytes moved at a time: small enough that no other thread waits for one copy."""

Message = dict[str, Any]  # JSON: each message's keys are named where it is made and where it is read
Waiter = Callable[[], None]


class PeerGoneError(Exception):
    """The other end closed its socket before the message was whole."""


def send(channel: socket.socket, message: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one message and its bytes."""
    head = json.dumps(message).encode("utf-8")
    try:
        channel.sendall(_LENGTHS.pack(len(head), len(body)) + head)
        view = memoryview(body)
        for start in range(0, len(body), PIECE):
            channel.sendall(view[start : start + PIECE])
    except (BrokenPipeError, ConnectionResetError) as error:
        raise PeerGoneError from error


def receive(channel: socket.socket, wait: Waiter | None = None) -> tuple[Message, bytes]:
    """Receive one message and its bytes; ``wait`` is called before each read and may raise."""
    head_length, body_length = _LENGTHS.unpack(_exactly(channel, _LENGTHS.size, wait))
    head = json.loads(_exactly(channel, head_length, wait))
    return head, bytes(_exactly(channel, body_length, wait))


def _exactly(channel: socket.socket, length: int, wait: Waiter | None) -> bytearray:
    content = bytearray(length)
    view = memoryview(content)
    filled = 0
    while filled < length:
        if wait:
            wait()
        try:
            count = channel.recv_into(view[filled : filled + PIECE])
        except ConnectionResetError as error:
            raise PeerGoneError from error
        if count == 0:
            raise PeerGoneError
        filled += count
    return content


def has_closed(channel: socket.socket) -> bool:
    """Tell whether the other end of an idle channel is gone: nothing else makes it readable."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(0))
