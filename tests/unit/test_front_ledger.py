"""Counts of several processes: each writes a page, and any of them tells the whole."""

import os

from dialogiverkko.front.ledger import Ledger

STATE = ("running", "idle", "waiting", "forked", "killed", "restarts", "joined", "hits", "misses", "cache_bytes")


def test_pages_are_added_up() -> None:
    """Outcomes, seconds and what is kept are those of all pages together."""
    ledger = Ledger(2)
    pages = [ledger.take(), ledger.take()]
    for number, page in enumerate(pages):
        page.add("=ok", 2)
        page.add("=time-limit", number)
        page.add("seconds", 0.5)
        for name in STATE:
            page[name] = 100

    stats = ledger.stats()

    assert stats.outcomes == {"ok": 4, "time-limit": 1}
    assert stats.seconds_total == 1.0
    assert {name: getattr(stats, name) for name in STATE} == dict.fromkeys(STATE, 200)


def test_the_counts_of_a_process_that_is_gone_go_on() -> None:
    """Whoever takes its page counts from there; what it had running and kept is gone with it."""
    ledger = Ledger(2)
    other = ledger.take()
    child = os.fork()
    if child == 0:
        page = ledger.take()
        page.add("=ok", 3)
        page["running"] = 2
        page["cache_bytes"] = 50
        page.processes = [os.getpid()]
        os._exit(0)
    os.waitpid(child, 0)
    page = ledger.take()
    page.add("=ok")

    stats = ledger.stats()

    assert stats.outcomes == {"ok": 4}
    assert (stats.running, stats.cache_bytes, stats.resident_bytes) == (0, 0, {})
    assert page["owner"] == os.getpid()
    assert (page["=ok"], other["=ok"]) == (4, 0)


def test_a_page_holds_so_many_processes_and_no_more() -> None:
    """What comes after them belongs to the next page."""
    ledger = Ledger(2)
    page, other = ledger.take(), ledger.take()

    other.add("=ok")
    page.processes = range(1, 200)
    assert (len(page.processes), other["owner"], ledger.stats().outcomes) == (64, os.getpid(), {"ok": 1})
    page.processes = [1]
    assert page.processes == [1]


def test_the_memory_of_processes_is_told() -> None:
    """Resident and private bytes, by process id; one that is gone is left out."""
    ledger = Ledger(1)
    page = ledger.take()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    page.processes = [os.getpid(), child]

    stats = ledger.stats()

    assert set(stats.resident_bytes) == set(stats.private_bytes) == {os.getpid()}
    assert 0 < stats.private_bytes[os.getpid()] <= stats.resident_bytes[os.getpid()]
