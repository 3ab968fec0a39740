"""Messages between the front and its workers: whole, in order, or not at all."""

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable, Callable

import pytest

from dialogiverkko.front.wire import PIECE, Channel, Message, PeerGoneError, packed, receive, send

SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]
"""Lengths of bodies on both sides of what is sent with the head."""


def with_channel(use: Callable[[Channel, socket.socket], Awaitable[object]]) -> object:
    """Use our end of a pair of sockets, and the worker's."""

    async def run() -> object:
        ours, theirs = socket.socketpair()
        with theirs:
            channel = Channel(ours)
            try:
                return await asyncio.wait_for(use(channel, theirs), 20)
            finally:
                channel.close()

    return asyncio.run(run())


@pytest.mark.parametrize("size", SIZES)
def test_a_message_arrives_whole_at_a_worker(size: int) -> None:
    """A large body behind the head, and the next message behind the body."""
    ours, theirs = socket.socketpair()
    sent: list[tuple[Message, bytes]] = [({"ä": [1, None]}, os.urandom(size)), ({}, b"next")]
    with ours, theirs, theirs.makefile("rb") as come:
        sending = threading.Thread(target=lambda: [send(ours, *each) for each in sent])
        sending.start()
        received = [receive(come), receive(come)]
        sending.join()

    assert received == sent


@pytest.mark.parametrize("size", SIZES)
def test_a_message_goes_to_a_worker_and_its_answer_comes_back(size: int) -> None:
    """The same from the loop's side, where nothing blocks; two answers that come at once are two."""
    body = os.urandom(size)

    async def use(channel: Channel, theirs: socket.socket) -> list[tuple[Message, bytes]]:
        def echo() -> None:
            with theirs.makefile("rb") as come:
                head, content = receive(come)
            send(theirs, {"note": 1})
            send(theirs, head, content)
            send(theirs, {"end": True})

        echoing = threading.Thread(target=echo)
        echoing.start()
        await channel.send({"n": 1}, body)
        found = [await channel.receive() for _ in range(3)]
        echoing.join()
        return found

    assert with_channel(use) == [({"note": 1}, b""), ({"n": 1}, body), ({"end": True}, b"")]


def test_only_a_small_body_is_copied_behind_its_head() -> None:
    """What is larger is sent from where it lies."""
    assert packed({}, b"x" * PIECE).endswith(b"x" * PIECE)
    assert len(packed({}, b"x" * (PIECE + 1))) == len(packed({}, b""))


@pytest.mark.parametrize("cut", [0, 5, 12, 13, -1])
def test_a_peer_that_dies_halfway_is_gone(cut: int) -> None:
    """Before the lengths, within them, within the head and within the body; nothing half is handed on."""
    whole = packed({"a": 1}, b"body")[:cut]

    async def use(channel: Channel, theirs: socket.socket) -> object:
        theirs.sendall(whole)
        theirs.close()
        with pytest.raises(PeerGoneError):
            await channel.receive()
        return True

    assert with_channel(use)
    ours, theirs = socket.socketpair()
    with theirs, theirs.makefile("rb") as come:
        ours.sendall(whole)
        ours.close()
        with pytest.raises(PeerGoneError):
            receive(come)


def test_nobody_else_waits_for_a_worker_that_is_silent() -> None:
    """The loop goes on, and whoever waits may give up."""

    async def use(channel: Channel, theirs: socket.socket) -> object:
        rescue = threading.Timer(5, theirs.shutdown, [socket.SHUT_RDWR])  # a loop that stands still goes on, too late
        rescue.start()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(channel.receive(), 0.05)
        rescue.cancel()
        return True

    assert with_channel(use)


def test_whoever_writes_to_a_peer_that_is_gone_is_told() -> None:
    """From either side."""

    async def use(channel: Channel, theirs: socket.socket) -> object:
        theirs.close()
        with pytest.raises(PeerGoneError):
            await channel.send({}, b"")
        return True

    assert with_channel(use)
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(PeerGoneError):
        send(ours, {})


def test_an_idle_worker_that_ends_is_seen() -> None:
    """Without a word from it, and without waiting."""

    async def use(channel: Channel, theirs: socket.socket) -> list[bool]:
        found = [channel.has_closed()]
        theirs.close()
        return [*found, channel.has_closed()]

    assert with_channel(use) == [False, True]
