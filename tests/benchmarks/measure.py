"""Measures all servers on one graph, side by side: the same questions, the same client, in turn."""

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import inf
from statistics import median

import psutil
from tests.benchmarks.answers import Answer, UnreadableAnswerError, difference, read
from tests.benchmarks.engines import Server
from tests.benchmarks.load import (
    ACCEPT_GRAPH,
    ACCEPT_SOLUTIONS,
    ACCEPT_XML,
    BROKEN,
    GIVEN_UP,
    LONG_SECONDS,
    Effort,
    Question,
    Reply,
    connected,
    in_turn,
    question,
    requests_per_second,
)

from dialogiverkko.engines.graph_store import MERGED_GRAPH
from dialogiverkko.errors import BadParameterError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.saved import catalogue
from dialogiverkko.saved import parameters as typed
from dialogiverkko.sparql.binding import bind
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import QueryKind
from dialogiverkko.sparql.scopes import without_idle_blocks

CONNECTIONS = 16
CACHED, UNCACHED = "Dialogiverkko, cached", "Dialogiverkko, uncached"
OXIGRAPH, VIRTUOSO, SLOW = "Oxigraph server", "Virtuoso", "rdflib-endpoint"
EVERY = 7
"""The slow server is asked all joins with aggregates, and of the other questions one in so many."""
JOINS = {
    "aggregate-join-organisations": """
        PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> PREFIX cv: <http://data.europa.eu/m8g/>
        SELECT ?one ?other (COUNT(DISTINCT ?activity) AS ?n) {
          ?activity a dlg:Activity ; cv:hasParticipation ?first , ?second .
          ?first cv:hasParticipant ?one . ?second cv:hasParticipant ?other . FILTER(STR(?one) < STR(?other))
        } GROUP BY ?one ?other ORDER BY DESC(?n) ?one ?other LIMIT 50""",
    "aggregate-join-evidence": """
        PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> PREFIX cv: <http://data.europa.eu/m8g/>
        SELECT ?role ?line (COUNT(?participation) AS ?n) {
          ?activity a dlg:Activity ; cv:hasParticipation ?participation ; dlg:isEvidencedBy ?passage .
          ?participation cv:role ?role ; dlg:isEvidencedBy ?other . ?passage dlg:lineNumber ?line .
          ?other dlg:lineNumber ?line
        } GROUP BY ?role ?line ORDER BY DESC(?n) ?role ?line LIMIT 50""",
}
_AGGREGATE = re.compile(r"\bGROUP\s+BY\b|\b(?:COUNT|SUM|MIN|MAX|AVG|GROUP_CONCAT|SAMPLE)\s*\(", re.IGNORECASE)
_GRAPH_KINDS = {QueryKind.CONSTRUCT, QueryKind.DESCRIBE}
_MIB = 1024 * 1024
NO_ANSWER = "no answer in time"
SETTLE_SECONDS = 30.0
"""How long servers may go on with a question that was given up, before the next one is asked."""


@dataclass(frozen=True)
class Plan:
    """How much is asked in one run."""

    effort: Effort
    rounds: int
    """Rounds of requests a second, each server in turn."""
    busy_seconds: float
    """Length of one round for one server."""


@dataclass
class Figures:
    """What was measured of one server on one graph; times in milliseconds unless said otherwise."""

    server: str
    activities: int
    triples: int
    day: str
    load: float
    """Load average of the machine before the servers were started."""
    start_seconds: float | None = None
    """From starting the process to its first answer, with the loading of the graph; None where not measured alone."""
    memory_mib: float = 0.0
    """Proportional set size of the process and all its children after the questions."""
    asked: int = 0
    first: dict[str, float] = field(default_factory=dict)
    """The first answer to each question."""
    latency: dict[str, list[float]] = field(default_factory=dict)
    """The answers after the first."""
    differs: dict[str, str] = field(default_factory=dict)
    """Questions answered otherwise than by our engine, and how."""
    joins: list[str] = field(default_factory=list)
    """Which questions join with aggregates."""
    per_second: list[float] = field(default_factory=list)
    """Whole answers a second, one for each round."""
    processor: list[float] = field(default_factory=list)
    """Processor time for each of these answers, one for each round."""
    given_up_after: float = 10.0
    """Seconds after which a question was given up."""


def questions(assets: Assets) -> dict[str, str]:
    """Bind every competency question to its defaults; those that need a value are left out."""
    found: dict[str, str] = dict(JOINS)
    for query in catalogue.load(assets.root / "queries").public():
        try:
            found[query.name] = bind(query.body, typed.read_values(query.parameters, (), lambda *_: []))
        except BadParameterError:
            continue
    return found


def quickest_first(texts: Mapping[str, str], before: Sequence[Figures]) -> dict[str, str]:
    """Order questions by how long ours took when it was measured last; those that it did not answer come last."""
    ours = [one for one in before if one.server == UNCACHED]
    if not ours:
        return dict(texts)
    times = {name: median(values) for name, values in ours[-1].latency.items()}
    return dict(sorted(texts.items(), key=lambda item: times.get(item[0], inf)))


def has_aggregate(text: str) -> bool:
    """Tell whether a query groups or counts; all of ours that do, do so over a join."""
    return bool(_AGGREGATE.search(text))


def asked_of(server: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The questions that one server is asked; Virtuoso as our own backend words them."""
    if server == VIRTUOSO:
        return {name: without_idle_blocks(text) for name, text in texts.items()}
    if server == SLOW:
        return {
            name: text
            for number, (name, text) in enumerate(texts.items())
            if has_aggregate(text) or number % EVERY == 0
        }
    return dict(texts)


def ways(server: str, endpoint: str, texts: Mapping[str, str], graphs: Sequence[str]) -> dict[str, Question]:
    """The requests for one server.

    Virtuoso is told which graphs there are, since its default graph is the union of whatever it holds,
    and asked for XML, since its JSON writes booleans as numbers.
    """
    is_virtuoso = server == VIRTUOSO
    dataset = [("default-graph-uri", MERGED_GRAPH), *[("named-graph-uri", graph) for graph in graphs]]
    made: dict[str, Question] = {}
    for name, text in asked_of(server, texts).items():
        accept = ACCEPT_XML if is_virtuoso else ACCEPT_SOLUTIONS
        if parse(texts[name]).kind in _GRAPH_KINDS:
            accept = ACCEPT_GRAPH
        made[name] = question(endpoint, name, text, accept, dataset if is_virtuoso else ())
    return made


class Comparison:
    """Asks every running server every question, in turn, and keeps what came."""

    def __init__(
        self,
        running: Mapping[str, Server],
        texts: Mapping[str, str],
        graphs: Sequence[str],
        found: Mapping[str, Figures],
    ) -> None:
        self._running = running
        self._endpoints = {name: server.endpoint for name, server in running.items()}
        self._texts = texts
        self._found = found
        self._asked = {name: ways(name, server.endpoint, texts, graphs) for name, server in running.items()}
        self._ours = UNCACHED if UNCACHED in running else next(iter(running))
        for server, figures in found.items():
            figures.asked = len(self._asked[server])
            figures.joins = [name for name, text in texts.items() if has_aggregate(text)]

    def latencies(self, effort: Effort, say: Callable[[str], None]) -> None:
        """Measure how long each question takes, and compare the answers."""
        with connected(self._endpoints, effort.seconds) as connections:
            for number, name in enumerate(self._texts):
                asked = {server: mine[name] for server, mine in self._asked.items() if name in mine}
                replies: dict[str, Reply] = {}
                timings = in_turn(asked, connections, effort, number, replies.__setitem__)
                for server, timing in timings.items():
                    self._found[server].first[name] = timing.first
                    self._found[server].latency[name] = timing.later
                self._compare(name, replies)
                self._settle(replies)
                say(f"{name}: " + ", ".join(f"{server} {min(one.later):.1f}" for server, one in timings.items()))

    def _settle(self, replies: Mapping[str, Reply]) -> None:
        """Let servers rest that were given up: they go on by themselves, and the others would suffer from it."""
        deadline = time.monotonic() + SETTLE_SECONDS
        for server in [server for server, reply in replies.items() if reply.status == GIVEN_UP]:
            settle(self._running[server].pid, deadline)

    def _compare(self, name: str, replies: Mapping[str, Reply]) -> None:
        answer = partial(_answer, text=self._texts[name])
        ours = answer(replies[self._ours])
        for server, reply in replies.items():
            theirs = answer(reply)
            if isinstance(theirs, str):
                self._found[server].differs[name] = theirs
            elif isinstance(ours, Answer) and (how := difference(ours, theirs, self._texts[name])):
                self._found[server].differs[name] = how

    def requests(self, plan: Plan) -> None:
        """Measure answers a second on the questions that all servers but the slow one answered soon."""
        soon = {server: _answered_soon(figures) for server, figures in self._found.items()}
        shared = set.intersection(*[names for server, names in soon.items() if server != SLOW] or [set()])
        asked = {
            server: [mine[name] for name in mine if name in (soon[server] if server == SLOW else shared)]
            for server, mine in self._asked.items()
        }
        rates = requests_per_second(
            asked,
            self._endpoints,
            connections=CONNECTIONS,
            rounds=plan.rounds,
            seconds=plan.busy_seconds,
            processor=lambda server: processor_seconds(self._running[server].pid),
        )
        for server, values in rates.items():
            self._found[server].per_second = [rate.per_second for rate in values]
            self._found[server].processor = [rate.processor_ms for rate in values]


def _answered_soon(figures: Figures) -> set[str]:
    return {name for name, times in figures.latency.items() if median(times) < LONG_SECONDS * 1000}


def _answer(reply: Reply, text: str) -> Answer | str:
    """Read an answer, or say why there is none."""
    if reply.status != 200:
        return {GIVEN_UP: NO_ANSWER, BROKEN: "connection closed"}.get(reply.status, f"status {reply.status}")
    try:
        return read(reply, text)
    except UnreadableAnswerError:
        return "unreadable"


def memory_mib(pid: int) -> float:
    """The proportional set size of a process and all its children."""
    return sum(process.memory_full_info().pss for process in family(pid)) / _MIB


def settle(pid: int, deadline: float) -> None:
    """Wait until a process and its children rest, or a moment has come."""
    while time.monotonic() < deadline:
        before = processor_seconds(pid)
        time.sleep(0.5)
        if processor_seconds(pid) - before < 0.05:
            return


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that it began."""
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def processor_seconds(pid: int) -> float:
    """Add up what a process and all that it began have used of the processor."""
    total = 0.0
    for process in family(pid):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def measure(
    running: Mapping[str, Server],
    texts: Mapping[str, str],
    graphs: Sequence[str],
    found: Mapping[str, Figures],
    plan: Plan,
    say: Callable[[str], None],
) -> None:
    """Fill in the figures of the servers that are up."""
    comparison = Comparison(running, texts, graphs, found)
    for figures in found.values():
        figures.given_up_after = plan.effort.seconds
    comparison.latencies(plan.effort, say)
    say("requests a second …")
    comparison.requests(plan)
    for name, server in running.items():
        found[name].memory_mib = memory_mib(server.pid)


def new_figures(names: Sequence[str], activities: int, triples: int, day: str) -> dict[str, Figures]:
    """Make the empty figures of one size."""
    load = os.getloadavg()[0]
    return {name: Figures(name, activities, triples, day, load) for name in names}
