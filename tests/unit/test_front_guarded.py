"""The engine of commands: what it counts, and what is left of it when nobody closes it, or somebody did."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyoxigraph import Store
from tests.asking import WIDE, select

from dialogiverkko.errors import BackendUnavailableError, LimitError
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.settings import Settings


@pytest.fixture
def engine() -> Iterator[GuardedBackend]:
    """An engine with one worker and no triple."""
    made = GuardedBackend(Store(), {}, Settings(workers=1))
    yield made
    made.close()


def test_each_query_is_counted_once(engine: GuardedBackend) -> None:
    """Whether it was answered or failed, though one worker answers them all; the check of readiness is a query too."""
    for _ in range(3):
        select(engine, "SELECT * {}")
    with pytest.raises(LimitError):
        select(engine, "SELECT * { VALUES ?x { 1 2 } }", limits=replace(WIDE, rows=1))
    assert engine.is_ready()

    assert sum(engine.stats().outcomes.values()) == 5
    assert engine.stats().outcomes["ok"] == 4


def test_a_process_ends_though_nobody_closed_its_engine(engine: GuardedBackend) -> None:
    """No thread of it is waited for."""
    select(engine, "SELECT * {}")

    daemons = [thread.daemon for thread in threading.enumerate() if thread.name == "workers"]  # other tests leave some
    assert daemons
    assert all(daemons)


def test_a_closed_engine_answers_nothing(engine: GuardedBackend) -> None:
    """It says so, and is not ready; to close it again does nothing."""
    engine.close()
    engine.close()

    assert not engine.is_ready()
    with pytest.raises(BackendUnavailableError):
        select(engine, "SELECT * {}")
