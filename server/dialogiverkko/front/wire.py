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
    try:
        head_length, body_length = _LENGTHS.unpack(come.read(_LENGTHS.size))
        head, body = come.read(head_length), come.read(body_length)
    except (ConnectionResetError, struct.error) as error:
        raise PeerGoneError from error
    if len(head) + len(body) < head_length + body_length:
        raise PeerGoneError
    return json.loads(head), body


class Channel:
    """Our end of a worker's socket, for one coroutine at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = self._streams or await asyncio.open_connection(sock=self._channel, limit=PIECE)
        return self._streams

    async def send(self, message: Mapping[str, Any], body: bytes) -> None:
        """Send one message and its bytes."""
        try:
            _, writer = await self._opened()
            writer.write(packed(message, body))
            if len(body) > PIECE:
                writer.write(body)
            await writer.drain()
        except OSError as error:
            raise PeerGoneError from error

    async def receive(self) -> tuple[Message, bytes]:
        """Receive one message and its bytes."""
        reader, _ = await self._opened()
        try:
            head_length, body_length = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
            return json.loads(await reader.readexactly(head_length)), await reader.readexactly(body_length)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise PeerGoneError from error

    def has_closed(self) -> bool:
        """Return whether the other end of an idle channel is gone: nothing else makes it readable."""
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Close our end, which makes the worker end."""
        if self._streams:
            self._streams[1].transport.abort()
        else:
            self._channel.close()
