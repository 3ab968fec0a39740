"""Two things at once return what they return one after the other."""

import os
import threading
import time
from functools import partial

import pytest

from dialogiverkko.graph.beside import in_threads, shared_out, side_by_side


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of one thread on two cores; the runner of the tests may have threads of its own."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.usefixtures("alone")
def test_the_second_is_done_in_another_process() -> None:
    """And its answer comes back."""
    here, there = side_by_side(os.getpid, os.getpid)

    assert here == os.getpid() != there


@pytest.mark.usefixtures("alone")
def test_an_error_of_the_second_is_raised_here(capfd: pytest.CaptureFixture[str]) -> None:
    """With its own words, and the child prints nothing."""

    def fail() -> None:
        raise ValueError("what is wrong")

    with pytest.raises(ValueError, match="what is wrong"):
        side_by_side(os.getpid, fail)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("alone")
def test_what_a_killed_child_did_not_do_is_done_here() -> None:
    """As where memory was short."""
    parent = os.getpid()

    def dies_in_a_child() -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), 9)
        return 7

    assert side_by_side(lambda: 1, dies_in_a_child) == (1, 7)


@pytest.mark.usefixtures("alone")
def test_an_error_of_the_first_does_not_wait_for_the_second() -> None:
    """The child is ended."""

    def fail() -> None:
        raise ValueError("at once")

    with pytest.raises(ValueError, match="at once"):
        side_by_side(fail, threading.Event().wait)


@pytest.mark.usefixtures("alone")
def test_beside_another_thread_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that it holds would be held in the child for ever. Nor on one core."""
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert side_by_side(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert side_by_side(os.getpid, os.getpid) == (os.getpid(), os.getpid())


@pytest.mark.usefixtures("alone")
def test_a_child_does_both_itself() -> None:
    """It may have no children of its own."""
    here, (one, other) = side_by_side(os.getpid, lambda: side_by_side(os.getpid, os.getpid))

    assert one == other != here


@pytest.mark.usefixtures("alone")
def test_each_process_takes_the_next_piece() -> None:
    """While one is at a long piece, the other does all the others; each answer stands in its place."""
    begun = threading.Event()

    def long() -> int:
        begun.wait(0.3)
        return os.getpid()

    first, *others = shared_out([long, os.getpid, os.getpid, os.getpid])

    assert {first} | set(others) > {os.getpid()}
    assert len(set(others)) == 1
    assert first not in others


@pytest.mark.usefixtures("alone")
def test_there_may_be_more_pieces_than_a_byte_can_number() -> None:
    """Each is done once, and its answer stands in its place."""
    assert shared_out([lambda number=number: number for number in range(1000)]) == list(range(1000))  # type: ignore[misc]  # a default


@pytest.mark.usefixtures("alone")
def test_an_error_of_a_piece_is_raised_whichever_process_took_it(capfd: pytest.CaptureFixture[str]) -> None:
    """With its own words, and nothing is printed."""

    def fail() -> None:
        raise ValueError("what is wrong")

    for place in range(4):
        pieces = [lambda: None, lambda: None, lambda: None]
        pieces.insert(place, fail)
        with pytest.raises(ValueError, match="what is wrong"):
            shared_out(pieces)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("alone")
def test_what_a_killed_child_took_is_done_here() -> None:
    """All of it, the pieces too that it had done already."""
    parent = os.getpid()

    def dies_in_a_child() -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), 9)
        threading.Event().wait(0.05)  # the child has time to take a piece
        return 7

    assert shared_out([dies_in_a_child] * 5) == [7] * 5


def test_pieces_are_done_in_their_order_where_there_is_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on one core."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    done: list[int] = []

    shared_out([lambda number=number: done.append(number) for number in range(5)])  # type: ignore[misc]  # a default

    assert done == [0, 1, 2, 3, 4]
    assert shared_out([]) == []


def test_an_engine_is_asked_two_things_at_a_time() -> None:
    """Each of two waits for the other; what each returns stands in its place."""
    both = threading.Barrier(2, timeout=10)

    def piece(number: int) -> int:
        both.wait()
        return number

    assert in_threads([partial(piece, number) for number in range(6)]) == [0, 1, 2, 3, 4, 5]
    assert in_threads([]) == []


def test_of_several_errors_in_threads_the_first_piece_has_its_own_raised() -> None:
    """Whichever comes first, so that a wrong text is told alike each time; no further piece is begun."""
    later = threading.Event()
    begun: list[int] = []

    def slow() -> None:
        later.wait(10)
        raise ValueError("the first")

    def quick() -> None:
        later.set()
        raise ValueError("the second")

    def more(number: int) -> None:
        begun.append(number)
        time.sleep(0.05)

    with pytest.raises(ValueError, match="the first"):
        in_threads([slow, quick, *(partial(more, number) for number in range(100))])
    assert len(begun) < 50
    assert not any("ThreadPool" in each.name for each in threading.enumerate())
