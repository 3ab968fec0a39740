"""What was measured becomes the tables: on figures made by hand, so that nothing is timed here."""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from tests.benchmarks.growth import Growth
from tests.benchmarks.load import Connection, Effort, Reply, in_turn, question, rotated
from tests.benchmarks.measure import (
    CACHED,
    NO_ANSWER,
    OXIGRAPH,
    SLOW,
    UNCACHED,
    VIRTUOSO,
    Figures,
    Plan,
    asked_of,
    has_aggregate,
    quickest_first,
    ways,
)
from tests.benchmarks.ratios import percentile, ratios
from tests.benchmarks.report import exponent, text

PLAN = Plan(Effort(repeats=4, budget=1.0, seconds=2.0), rounds=2, busy_seconds=1.0)


def figures(server: str, milliseconds: Sequence[float], rates: Sequence[float], **more: object) -> Figures:
    """Figures of questions q0, q1, …, each always answered in the same time."""
    latency = {f"q{number}": [value] * 3 for number, value in enumerate(milliseconds)}
    first = {name: values[0] * 2 for name, values in latency.items()}
    made = Figures(server, 55, 1000, "2026-11-24", 0.5, 1.5, 100.0, len(latency), first, latency, {}, ["q1"])
    return Figures(**(asdict(made) | {"per_second": list(rates)} | more))


MEASURED = [
    figures(UNCACHED, [3.0, 6.0, 8.0], [10.0, 12.0], processor=[4.0, 6.0]),
    figures(OXIGRAPH, [2.0, 6.0, 4.0], [20.0, 20.0], processor=[2.0, 3.0]),
    figures(VIRTUOSO, [6.0, 3.0, 8.0], [4.0, 4.0], differs={"q1": "0 rows for 5"}),
    figures(CACHED, [1.0, 1.0, 1.0], [60.0, 50.0]),
    figures(SLOW, [30.0, 180.0], [1.0, 1.0], start_seconds=None),
]


def test_ratios_rest_on_the_same_answers() -> None:
    """Each question gives one ratio, unless it was answered otherwise; each round gives one of rates."""
    found = {ratio.what: ratio for ratio in ratios(MEASURED)}

    assert found[f"latency, ours uncached : {OXIGRAPH}"].median == 1.5
    assert dict(found[f"latency, ours uncached : {VIRTUOSO}"].values) == {"q0": 0.5, "q2": 1.0}
    assert found[f"requests/s, ours cached : {OXIGRAPH}"].median == 2.75
    assert found[f"processor time an answer, ours uncached : {OXIGRAPH}"].median == 2.0
    assert dict(found[f"latency of joins with aggregates, {SLOW} : ours uncached"].values) == {"q1": 30.0}


def test_growth_in_activities_is_told_of_large_graphs() -> None:
    """What every start costs would make it look slower than it is."""
    sizes = ((55, 1.0), (1_000, 2.0), (100_000, 200.0))
    grown = [Growth(n, 20 * n, "2026-11-24", 0.1, seconds, 1.0, seconds, 1.0) for n, seconds in sizes]

    assert "- build grows as n^1.00 in activities from 1,000 to 100,000" in text(MEASURED, grown, PLAN)


def test_what_the_slow_server_never_answered_counts_as_the_time_it_was_given() -> None:
    """A lower bound of the ratio, and said to be one; a closed connection is no such bound."""
    slow = figures(SLOW, [30.0], [1.0], joins=["q0", "q1", "q2"], differs={"q1": NO_ANSWER, "q2": "connection closed"})
    ours = figures(UNCACHED, [3.0, 5.0, 8.0], [10.0], joins=["q0", "q1", "q2"])

    found = {ratio.what: dict(ratio.values) for ratio in ratios([ours, slow])}

    assert found[f"the same, with what {SLOW} gave no answer to in 10 s, at least"] == {"q0": 10.0, "q1": 2000.0}
    assert "| q1 | 5.0 | > 10000 | > 2000 |" in text([ours, slow], [], PLAN)


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    """A server may close a connection that rests; that is not an answer that fails."""
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = Connection(f"http://127.0.0.1:{server.getsockname()[1]}/", 2.0)
        statuses = []
        for _ in range(2):
            with ThreadPoolExecutor(1) as threads:
                reply = threads.submit(asked.ask, b"GET / HTTP/1.1\r\n\r\n")
                accepted, _ = server.accept()
                with accepted:
                    accepted.recv(1000)
                    accepted.sendall(body)
                    statuses.append(reply.result().status)
        asked.close()

    assert statuses == [200, 200]


def test_the_report_says_what_was_measured() -> None:
    """Figures, ratios, differences and growth stand in it."""
    grown = [Growth(55 * n, 1000 * n, "2026-11-24", 0.1, 2.0 * n, 100.0, 3.0, 200.0) for n in (1, 10)]

    report = text(MEASURED, grown, PLAN)

    assert "| Oxigraph server | 4.00 | 6.00 | 6.00 | 8.00 | 20 | 2.50 | 3 of 3 | 3 | 1.5 | 100 |" in report
    assert "| rdflib-endpoint | 30.00 | 180.00 | 180.00 | 210.00 | 1 | – | 2 of 2 | 2 | – | 100 |" in report
    assert f"| latency, ours uncached : {OXIGRAPH} | 1.50 | 1.00 – 2.00 | 1.00 – 2.00 | 3 questions |" in report
    assert "| q1 | 6.0 | 180.0 | 30.0 |" in report
    assert "Virtuoso answers 1 otherwise than our engine: q1 (0 rows for 5)." in report
    assert "build grows as n^1.00" in report
    assert "check grows as n^0.00" in report
    assert "in activities" not in report, "both graphs are small"


def test_growth_is_fitted_only_where_there_is_some() -> None:
    """One size has no exponent."""
    assert exponent([Growth(55, 1000, "", 0.0, 2.0, 1.0, 3.0, 1.0)], "build_seconds") is None


@pytest.mark.parametrize(("percent", "expected"), [(50, 2.0), (95, 4.0), (1, 1.0)])
def test_percentiles_are_values_that_were_measured(percent: int, expected: float) -> None:
    """Nearest rank."""
    assert percentile([4.0, 2.0, 1.0, 3.0], percent) == expected


def test_another_server_is_first_each_turn() -> None:
    """So that none always follows the slowest."""
    assert [rotated(["a", "b", "c"], turn)[0] for turn in range(4)] == ["a", "b", "c", "a"]


class Answering(Connection):
    """Answers by itself, and notes that it was asked."""

    def __init__(self, name: str, order: list[str], status: int = 200) -> None:
        super().__init__("http://127.0.0.1:1/", 1.0)
        self.name, self.order, self.status = name, order, status

    def ask(self, request: bytes) -> Reply:
        """Answer at once."""
        self.order.append(self.name)
        return Reply(self.status, "", (request,))


def test_servers_are_asked_in_turn_and_the_first_answer_is_apart() -> None:
    """Each goes first in its turn; one that fails is asked no more and has no timing."""
    order: list[str] = []
    seen: dict[str, int] = {}
    servers = {name: Answering(name, order) for name in ("a", "b")} | {"c": Answering("c", order, 503)}
    asked = {name: question("http://127.0.0.1:1/", "q", "ASK {}") for name in servers}

    found = in_turn(asked, servers, PLAN.effort, 0, lambda name, reply: seen.update({name: reply.status}))

    assert "".join(order) == "abc" + "ba" + "ab" + "ba" + "ab"
    assert {name: len(timing.later) for name, timing in found.items()} == {"a": 4, "b": 4}
    assert seen == {"a": 200, "b": 200, "c": 503}


def test_the_slow_server_is_asked_the_aggregates_and_some_others() -> None:
    """All joins with aggregates are among what it is asked."""
    texts = {f"q{n}": "SELECT ?a { ?a ?b ?c }" for n in range(14)} | {"n": "SELECT (COUNT(?a) AS ?n) { ?a ?b ?c }"}

    assert list(asked_of(SLOW, texts)) == ["q0", "q7", "n"]
    assert has_aggregate(texts["n"])
    assert len(asked_of(UNCACHED, texts)) == 15
    assert b"named-graph-uri=e%3Ag" in ways(VIRTUOSO, "http://127.0.0.1:1/", texts, ["e:g"])["n"].request


def test_questions_that_took_long_come_last() -> None:
    """What ours did not answer comes after all that it did."""
    texts = dict.fromkeys(["q9", "q2", "q0", "q1"], "ASK {}")

    assert list(quickest_first(texts, MEASURED)) == ["q0", "q1", "q2", "q9"]
    assert list(quickest_first(texts, [])) == list(texts)
