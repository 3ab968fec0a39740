"""What the front and its workers say to each other over their sockets.

A message is a JSON object, by its length, and bytes behind it. All of them are processes of ours:
the framing guards against a peer that died halfway, not against one that lies.
"""

import asyncio
import json
import select
import socket
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

_LENGTHS: Final = struct.Struct("!IQ")
PIECE: Final = 262_144
"""Bytes moved at a time: small enough that nobody else waits for one copy."""

Message = dict[str, Any]  # JSON: each message's keys are named where it is made and where it is read


class PeerGoneError(Exception):
    """The other end closed its socket before the message was whole."""


def packed(message: Mapping[str, Any], body: bytes) -> bytes:
    """Write lengths and head, and a body that is small; a large one is sent behind them."""
    head = json.dumps(message).encode("utf-8")
    return _LENGTHS.pack(len(head), len(body)) + head + (body if len(body) <= PIECE else b"")


def send(channel: socket.socket, message: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one message and its bytes."""
    try:
        channel.sendall(packed(message, body))
        if len(body) > PIECE:
            channel.sendall(body)
    except OSError as error:
        raise PeerGoneError from error


def receive(come: BinaryIO) -> tuple[Message, bytes]:
    """Receive one message and its bytes from a socket that is read as a file."""
    head_length, body_length = _LENGTHS.unpack(_exactly(come, _LENGTHS.size))
    return json.loads(_exactly(come, head_length)), _exactly(come, body_length)


def _exactly(come: BinaryIO, length: int) -> bytes:
    try:
        content = come.read(length)
    except ConnectionResetError as error:
        raise PeerGoneError from error
    if len(content) < length:
        raise PeerGoneError
    return content


class Channel:
    """Our end of a worker's socket, for one coroutine at a time."""

    def __init__(self, channel: socket.socket) -> None:
        channel.setblocking(False)
        self._channel = channel
        self._come = bytearray()

    async def send(self, message: Mapping[str, Any], body: bytes) -> None:
        """Send one message and its bytes."""
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._channel, packed(message, body))
            if len(body) > PIECE:
                await loop.sock_sendall(self._channel, body)
        except OSError as error:
            raise PeerGoneError from error

    async def receive(self) -> tuple[Message, bytes]:
        """Receive one message and its bytes."""
        await self._until(_LENGTHS.size)
        head_length, body_length = _LENGTHS.unpack_from(self._come)
        start = _LENGTHS.size + head_length
        await self._until(start + body_length)
        with memoryview(self._come) as view:
            head, body = json.loads(bytes(view[_LENGTHS.size : start])), bytes(view[start : start + body_length])
        del self._come[: start + body_length]
        return head, body

    async def _until(self, length: int) -> None:
        loop = asyncio.get_running_loop()
        while len(self._come) < length:
            try:
                piece = await loop.sock_recv(self._channel, PIECE)
            except OSError as error:
                raise PeerGoneError from error
            if not piece:
                raise PeerGoneError
            self._come += piece

    def has_closed(self) -> bool:
        """Return whether the other end of an idle channel is gone: nothing else makes it readable."""
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Close our end, which makes the worker end."""
        self._channel.close()
