"""The embedded engine: answers, limits that hold, and what a dead process costs."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from tests.asking import construct, select
from tests.disk_stores import load_in_parts
from tests.graphs import served_graph

from dialogiverkko.engines import Backend
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.errors import (
    BackendUnavailableError,
    DialogiverkkoError,
    MemoryLimitError,
    QueryEvaluationError,
    QuerySyntaxError,
    QueueFullError,
    ResultLimitError,
    TimeLimitError,
    WorkerLostError,
)
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.graph.disk import prepare
from dialogiverkko.media import CSV, N_TRIPLES, RESULTS_JSON, TURTLE, MediaType
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Dataset, Limits, Question, Result, Term

G1, G2 = "urn:x:g1", "urn:x:g2"
P = NamedNode("http://e.example/p")
LIMITS = Limits(seconds=10.0, memory_bytes=512 * 1024 * 1024, rows=100_000, result_bytes=16_777_216)
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DOUBLING = (
    "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789abcdef' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    + " }"
)


def quads() -> list[Quad]:
    """Two named graphs of 1,000 triples each, and their merge."""
    found = []
    for number in range(2000):
        graph = NamedNode(G1 if number < 1000 else G2)
        subject = NamedNode(f"http://e.example/s{number}")
        found += [Quad(subject, P, Literal(f"value {number}"), name) for name in (graph, DefaultGraph())]
    return found


@pytest.fixture(scope="module")
def backend() -> Iterator[GuardedBackend]:
    """One engine for all tests of this file that do not damage it for others."""
    engine = GuardedBackend(quads(), {"e": "http://e.example/"}, Settings(workers=9, queue=4))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("query", "dataset", "count"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Dataset(), 2000),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", Dataset(), 2000),
        ("SELECT (COUNT(*) AS ?n) { \\u0047RAPH ?g { ?s ?p ?o } }", Dataset(), 2000),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o graph <urn:x:g1> { ?s ?p ?o } }", Dataset(), 1000),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER EXISTS { GRAPH <urn:x:g2> { ?s ?p ?o } } }", Dataset(), 1000),
        ("SELECT (COUNT(*) AS ?n) FROM <urn:x:g1> { ?s ?p ?o }", Dataset(), 1000),
        ("SELECT (COUNT(*) AS ?n) FROM NAMED <urn:x:g1> { ?s ?p ?o }", Dataset(), 0),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Dataset((G2,)), 1000),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Dataset(None, (G2,)), 0),
        ("SELECT (COUNT(*) AS ?n) { ?graph ?GRAPH 'value 7' # GRAPH\n }", Dataset(), 1),
    ],
)
def test_a_query_sees_the_dataset_that_it_asks_for(
    backend: GuardedBackend, query: str, dataset: Dataset, count: int
) -> None:
    """Where the default graph is all that can be seen it is asked alone, and the answer is the same."""
    body = backend.query(Question(parse(query), CSV, LIMITS, dataset)).body

    assert body.split() == [b"n", str(count).encode()]


def test_the_default_graph_is_asked_alone_once_all_is_loaded() -> None:
    """A store that is loaded beside the application is copied when it is opened, and only then."""
    store = Store()
    engine = EmbeddedBackend(store, {}, graphs=[G1, G2])
    store.extend(quads())
    engine.open()
    store.clear_graph(DefaultGraph())
    question = Question(parse("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), CSV, LIMITS)

    assert engine.query(question).body.split() == [b"n", b"2000"]
    engine.open()
    assert engine.query(question).body.split() == [b"n", b"2000"]


@pytest.fixture
def own() -> Iterator[Callable[..., GuardedBackend]]:
    """Start engines with settings of the test's own."""
    started: list[GuardedBackend] = []

    def start(**settings: object) -> GuardedBackend:
        started.append(GuardedBackend(quads(), {}, Settings(**settings)))  # type: ignore[arg-type] # by name
        return started[-1]

    yield start
    for engine in started:
        engine.close()


def ask(
    engine: Backend,
    text: str,
    media_type: MediaType = CSV,
    *,
    limits: Limits = LIMITS,
    dataset: Dataset = Dataset(),
    bindings: dict[str, Term] | None = None,
) -> Result:
    """Parse and ask."""
    return engine.query(Question(parse(text), media_type, limits, dataset, bindings or {}))


def seconds(limit: float) -> Limits:
    """The usual limits with another time."""
    return Limits(limit, LIMITS.memory_bytes, LIMITS.rows, LIMITS.result_bytes)


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and any of its threads still runs."""
    try:
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
        return threads > 1 or Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool], timeout: float = 5.0) -> bool:
    """Wait for a condition, but not for ever."""
    deadline = time.monotonic() + timeout
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


# --- answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "media_type", "body"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", CSV, b"n\r\n2000\r\n"),
        ("ASK { ?s ?p 'value 1' }", RESULTS_JSON, b'{"head":{},"boolean":true}'),
        (
            "CONSTRUCT { ?s ?p 1 } { ?s ?p 'value 7' }",
            TURTLE,
            b"@prefix e: <http://e.example/> .\ne:s7 e:p 1 .\n",
        ),
        (
            "DESCRIBE <http://e.example/s7>",
            N_TRIPLES,
            b'<http://e.example/s7> <http://e.example/p> "value 7" .\n',
        ),
    ],
)
def test_every_form_is_answered(backend: GuardedBackend, text: str, media_type: MediaType, body: bytes) -> None:
    """SELECT, ASK, CONSTRUCT and DESCRIBE come whole in the asked type, graphs with our prefixes."""
    result = ask(backend, text, media_type)

    assert result.body == body
    assert result.media_type == media_type


def test_nothing_but_what_is_given_is_there(own: Callable[..., GuardedBackend]) -> None:
    """The quads, in their graphs."""
    engine = own(workers=1)

    result = ask(engine, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")

    assert result.body == b"n\r\n2000\r\n"
    assert engine.graph_names == {G1, G2}


def test_the_disk_store_that_is_made_of_the_graph_is_served(tmp_path: Path) -> None:
    """Whichever index a query reads, no worker need open a file."""
    graph = served_graph()
    prepare(tmp_path / "store", graph)
    engine = GuardedBackend(None, graph.prefixes, Settings(workers=2, store=tmp_path / "store"))
    om = "<https://w3id.org/dialogiverkko/id/org/om>"
    queries = counting("?s ?p ?o", "?s a ?o", f"?s ?p {om}", f"{om} ?p ?o")
    memory = EmbeddedBackend.load(graph.full_store(), graph.prefixes, Settings())

    try:
        assert engine.is_ready()
        assert [ask(engine, query).body for query in queries] == [ask(memory, query).body for query in queries]
    finally:
        engine.close()


def test_a_disk_store_of_many_files_is_served(tmp_path: Path) -> None:
    """Of more than the engine opens of itself: each worker answers from all, and opens none."""
    load_in_parts(tmp_path / "store", quads(), 4)
    engine = GuardedBackend(None, {}, Settings(workers=2, store=tmp_path / "store"))
    patterns = ("?s ?p ?o", "?s <http://e.example/p> ?o", "?s ?p 'value 7'", "<http://e.example/s7> ?p ?o")
    queries = [*counting(*patterns), "SELECT (SUM(STRLEN(?o)) AS ?n) { ?s ?p ?o }"]
    memory = EmbeddedBackend.load(quads(), {}, Settings())

    try:
        assert len(list((tmp_path / "store").glob("*.sst"))) > 16
        for _ in range(2):
            assert [ask(engine, query).body for query in queries] == [ask(memory, query).body for query in queries]
    finally:
        engine.close()


def counting(*patterns: str) -> list[str]:
    """Queries that count what a pattern finds, in the default graph and in the named ones."""
    return [
        f"SELECT (COUNT(*) AS ?n) {{ {each} }}"
        for pattern in patterns
        for each in (pattern, f"GRAPH ?g {{ {pattern} }}")
    ]


def test_a_disk_store_is_served(tmp_path: Path) -> None:
    """Every worker reads the files that were opened before it was forked, as does the one after one that was killed."""
    store = Store(str(tmp_path / "store"))
    store.extend(quads())
    store.flush()
    del store
    engine = GuardedBackend(None, {}, Settings(workers=2, store=tmp_path / "store"))

    try:
        counts = [ask(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body for _ in range(3)]
        found = ask(engine, "SELECT ?s { ?s ?p 'value 1999' }").body
        with pytest.raises(TimeLimitError):
            ask(engine, KILLER, limits=seconds(0.3))
        counts += [ask(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body for _ in range(3)]
    finally:
        engine.close()

    assert counts == [b"n\r\n2000\r\n"] * 6
    assert found == b"s\r\nhttp://e.example/s1999\r\n"


def test_many_threads_ask_at_once(backend: GuardedBackend) -> None:
    """Each of many threads gets the answer to its own question."""

    def one(number: int) -> bytes:
        return ask(backend, f"SELECT ?s {{ ?s ?p 'value {number}' }}").body

    with ThreadPoolExecutor(8) as threads:
        bodies = list(threads.map(one, range(400)))

    assert bodies == [f"s\r\nhttp://e.example/s{number}\r\n".encode() for number in range(400)]


def test_our_own_code_gets_terms(backend: GuardedBackend) -> None:
    """Pages ask by select and construct, with values bound as terms."""
    subject = NamedNode("http://e.example/s3")

    solutions = select(backend, "SELECT ?o { ?s <http://e.example/p> ?o }", {"s": subject})
    triples = construct(backend, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", {"s": subject})

    assert list(solutions.rows) == [{"o": Literal("value 3")}]
    assert [triple.object for triple in triples] == [Literal("value 3")]


# --- the dataset --------------------------------------------------------------------------------

BOTH = "SELECT ?g (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g ORDER BY ?g"


@pytest.mark.parametrize(
    ("clauses", "dataset", "rows"),
    [
        ("", Dataset(), [",2000", f"{G1},1000", f"{G2},1000"]),
        (f"FROM <{G1}>", Dataset(), [",1000"]),
        (f"FROM <{G1}> FROM <{G2}>", Dataset(), [",2000"]),
        (f"FROM NAMED <{G2}>", Dataset(), [f"{G2},1000"]),
        (f"FROM <{G1}> FROM NAMED <{G2}>", Dataset(), [",1000", f"{G2},1000"]),
        (f"FROM <{G1}>", Dataset(default_graphs=(G2,), named_graphs=(G1,)), [",1000", f"{G1},1000"]),
        (f"FROM <{G1}>", Dataset(named_graphs=(G1,)), [f"{G1},1000"]),
        ("FROM <urn:x:unknown>", Dataset(default_graphs=(G1, G2)), [",2000"]),
    ],
)
def test_the_dataset_is_that_of_the_standard(
    backend: GuardedBackend, clauses: str, dataset: Dataset, rows: list[str]
) -> None:
    """FROM and FROM NAMED describe the whole dataset, and the protocol's parameters win over them."""
    result = ask(backend, BOTH.replace("{ {", f"{clauses} {{ {{", 1), dataset=dataset)

    assert result.body.decode().split()[1:] == rows


@pytest.mark.parametrize("graph", ["urn:x:unknown", "file:///etc/passwd", "http://127.0.0.1:1/", "urn:x:g1/"])
def test_a_graph_that_is_not_ours_is_empty(backend: GuardedBackend, graph: str) -> None:
    """FROM, FROM NAMED and both parameters may name any graph; nothing is fetched, and others stay in."""
    ours = f"FROM <{G1}> FROM NAMED <{G1}>"
    for clauses, dataset, rows in (
        (f"FROM <{graph}>", Dataset(), [",0"]),
        (f"FROM NAMED <{graph}>", Dataset(), [",0"]),
        (f"FROM <{graph}> {ours}", Dataset(), [",1000", f"{G1},1000"]),
        ("", Dataset(default_graphs=(graph,)), [",0"]),
        ("", Dataset(named_graphs=(graph, graph)), [",0"]),
        (ours, Dataset(default_graphs=(graph, G2), named_graphs=(graph, G2)), [",1000", f"{G2},1000"]),
    ):
        result = ask(backend, BOTH.replace("{ {", f"{clauses} {{ {{", 1), dataset=dataset)

        found = result.body.decode().split()[1:]
        assert found == [row for row in rows if row != ",0"]


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?p", 1, "only grouped variables"),
        ("SELECT ?p (COUNT(?s) AS ?n) ?s { ?s ?p ?o } GROUP BY ?p", 1, "only grouped variables"),
        ("SELECT ?s (1 AS ?s) {}", 17, "the same variable twice"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", 8, "SELECT * cannot stand with GROUP BY"),
        ("ASK { ?s ?p 'a'@en-GB-x }", 16, "not a language tag"),
        ("ASK { _:a ?p ?o { _:a ?q ?r } }", 19, "used in two graph patterns"),
    ],
)
def test_what_only_the_engine_sees_is_said_well(backend: GuardedBackend, text: str, column: int, words: str) -> None:
    """Errors beyond the grammar have a place and a sentence, not the engine's list of attempts."""
    with pytest.raises(QuerySyntaxError) as caught:
        ask(backend, text)

    assert words in caught.value.message
    assert caught.value.details == {"line": 1, "column": column}


def test_a_variable_bound_twice_is_a_syntax_error(backend: GuardedBackend) -> None:
    """BIND to a variable that is in scope is refused, at a place within the query."""
    with pytest.raises(QuerySyntaxError, match="bound twice"):
        ask(backend, "SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }")


def test_an_unknown_function_is_named(backend: GuardedBackend) -> None:
    """A function that nobody has is the client's error, with its name."""
    with pytest.raises(QueryEvaluationError, match="<urn:x:f> is unknown"):
        ask(backend, "SELECT (<urn:x:f>(1) AS ?x) {}")


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0.2, 1.0])
def test_the_time_limit_is_kept(backend: GuardedBackend, limit: float) -> None:
    """A join that would run for hours ends within half a second of its limit."""
    started = time.monotonic()

    with pytest.raises(TimeLimitError) as caught:
        ask(backend, KILLER, limits=seconds(limit))

    assert limit <= time.monotonic() - started < limit + 0.5
    assert caught.value.details == {"limit": "time_limit", "value": limit}


def test_the_memory_limit_is_kept(backend: GuardedBackend) -> None:
    """Doubling a string beyond all memory ends with the limit's name, and the machine keeps its memory."""
    with pytest.raises(MemoryLimitError) as caught:
        ask(backend, DOUBLING)

    assert caught.value.details["limit"] == "memory_limit"
    assert ask(backend, "ASK {}", CSV).body == b"true"


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(10, LIMITS.memory_bytes, 100, LIMITS.result_bytes), "row_limit"),
        (Limits(10, LIMITS.memory_bytes, 10**9, 20_000), "byte_limit"),
    ],
)
@pytest.mark.parametrize(
    ("text", "media_type"),
    [("SELECT * { ?s ?p ?o }", CSV), ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", TURTLE)],
)
def test_the_size_of_an_answer_is_limited(
    backend: GuardedBackend, limits: Limits, limit: str, text: str, media_type: MediaType
) -> None:
    """Too many rows or bytes make an error, never a shorter answer."""
    with pytest.raises(ResultLimitError) as caught:
        ask(backend, text, media_type, limits=limits)

    assert caught.value.details["limit"] == limit


def test_a_big_answer_comes_whole(backend: GuardedBackend) -> None:
    """Ten megabytes cross from the worker unharmed."""
    text = "SELECT ?s ?o { ?s ?p ?x . ?y ?q ?o } LIMIT 100000"

    result = ask(backend, text, CSV)

    assert result.rows == 100_000
    assert result.body.count(b"\r\n") == 100_001


def test_the_queue_is_bounded(own: Callable[..., GuardedBackend]) -> None:
    """One runs, one waits, and the next is told at once to come again; a wait ends after its time too."""
    engine = own(workers=1, queue=1)
    with ThreadPoolExecutor(2) as threads:
        busy = threads.submit(ask, engine, KILLER, limits=seconds(4.0))
        assert wait_until(lambda: engine.stats().running == 1)
        waiting = threads.submit(ask, engine, "ASK {}", limits=seconds(2.0))  # long enough for a busy machine
        assert wait_until(lambda: engine.stats().waiting == 1)
        started = time.monotonic()

        with pytest.raises(QueueFullError) as caught:
            ask(engine, "ASK {}")

        assert time.monotonic() - started < 0.2
        assert caught.value.details["retry_after"] == 5
        with pytest.raises(QueueFullError):
            waiting.result()
        with pytest.raises(TimeLimitError):
            busy.result()
    assert ask(engine, "ASK {}").body == b"true"


def test_a_cheap_query_is_quick_beside_eight_killers(backend: GuardedBackend) -> None:
    """While eight queries that never end run, a cheap one takes under 250 ms 95 times of 100."""
    taken = []
    with ThreadPoolExecutor(8) as threads:
        killers = [threads.submit(ask, backend, KILLER, limits=seconds(6.0)) for _ in range(8)]
        assert wait_until(lambda: backend.stats().running == 8)
        for number in range(100):
            started = time.monotonic()
            ask(backend, f"SELECT ?s {{ ?s ?p 'value {number}' }}")
            taken.append(time.monotonic() - started)
        errors = [killer.exception() for killer in killers]

    assert sorted(taken)[94] < 0.25
    assert all(isinstance(error, TimeLimitError) for error in errors)


def test_a_long_query_yields_with_all_its_threads(own: Callable[..., GuardedBackend]) -> None:
    """Past a tenth of a second the thread that evaluates has low priority, and not only the first of its process."""
    engine = own(workers=1)
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(ask, engine, KILLER, limits=seconds(4.0))
        assert wait_until(lambda: any(_priorities(pid) == {15} for pid in _workers(engine)), timeout=3.5)
        assert isinstance(busy.exception(), TimeLimitError)


def test_memory_returns_to_base(backend: GuardedBackend) -> None:
    """After queries that took all they could, the processes are as small as before."""
    ask(backend, "ASK {}")
    before = sum(backend.stats().resident_bytes.values())

    for text in (DOUBLING, KILLER, "SELECT * { ?s ?p ?o . ?a ?b ?c } ORDER BY ?a ?s"):
        with pytest.raises(DialogiverkkoError):
            ask(backend, text, limits=seconds(1.0))
    for _ in range(3):
        ask(backend, "SELECT ?s ?o { ?s ?p ?x . ?y ?q ?o } LIMIT 100000", CSV)

    assert wait_until(lambda: backend.stats().running == 0)
    after = sum(backend.stats().resident_bytes.values())
    assert after < before + 100 * 1024 * 1024


# --- dead processes -----------------------------------------------------------------------------


def test_a_killed_worker_costs_its_own_query(own: Callable[..., GuardedBackend]) -> None:
    """kill -9 on a worker: its query fails as lost, and everybody else's goes on."""
    engine = own(workers=3)
    with ThreadPoolExecutor(1) as threads:
        victim = threads.submit(ask, engine, KILLER)
        assert wait_until(lambda: engine.stats().running == 1)
        ask(engine, "ASK {}")
        assert wait_until(lambda: max(map(_cpu_time, _workers(engine))) > 20)

        os.kill(max(_workers(engine), key=_cpu_time), signal.SIGKILL)

        with pytest.raises(WorkerLostError):
            victim.result(timeout=5)
    assert ask(engine, "ASK {}").body == b"true"


def test_idle_workers_may_be_killed(own: Callable[..., GuardedBackend]) -> None:
    """kill -9 on every idle worker costs no query at all."""
    engine = own(workers=3)
    ask(engine, "ASK {}")
    pids = sorted(engine.stats().resident_bytes)

    for pid in pids[1:]:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not any(is_alive(pid) for pid in pids[1:]))

    assert [ask(engine, "ASK {}").body for _ in range(3)] == [b"true"] * 3


def test_a_worker_can_write_of_its_faults(own: Callable[..., GuardedBackend]) -> None:
    """Of what the process had open, standard error stays open, in what forks and in what is forked."""
    engine = own(workers=2)
    assert ask(engine, "ASK {}").body == b"true"

    pids = sorted(engine.stats().resident_bytes)

    assert len(pids) > 1
    assert {Path(f"/proc/{pid}/fd/2").readlink() for pid in pids} == {Path("/proc/self/fd/2").readlink()}


def test_a_killed_fork_server_is_replaced(own: Callable[..., GuardedBackend]) -> None:
    """kill -9 on the process that holds the graph: it is loaded again, and no old worker stays."""
    engine = own(workers=2)
    ask(engine, "ASK {}")
    old = set(engine.stats().resident_bytes)

    for pid in old:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not any(is_alive(pid) for pid in old))

    assert ask(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body == b"n\r\n2000\r\n"
    assert engine.is_ready()
    assert engine.stats().restarts == 1


def test_a_worker_ends_with_its_fork_server(own: Callable[..., GuardedBackend]) -> None:
    """No query runs on when the process that forked its worker is killed outright: nobody would watch it."""
    engine = own(workers=2)
    server = min(engine.stats().resident_bytes)
    with ThreadPoolExecutor(1) as threads:
        orphan = threads.submit(ask, engine, KILLER, limits=seconds(60.0))
        assert wait_until(lambda: engine.stats().running == 1)
        workers = set(engine.stats().resident_bytes) - {server}

        os.kill(server, signal.SIGKILL)

        with pytest.raises(WorkerLostError):
            orphan.result(timeout=10)
    assert ask(engine, "ASK {}").body == b"true"
    assert wait_until(lambda: not any(is_alive(pid) for pid in workers))


def test_nothing_is_left_behind() -> None:
    """After closing, which may happen twice and in the middle of a query, no process of ours lives."""
    engine = GuardedBackend(quads(), {}, Settings(workers=3))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, engine, KILLER)
        assert wait_until(lambda: engine.stats().running == 1)
        pids = set(engine.stats().resident_bytes)

        engine.close()
        engine.close()

        assert isinstance(running.exception(timeout=5), WorkerLostError | BackendUnavailableError)
    assert wait_until(lambda: not any(is_alive(pid) for pid in pids))
    with pytest.raises(BackendUnavailableError):
        ask(engine, "ASK {}")
    assert not engine.is_ready()


def test_readiness_does_not_wait_in_line(own: Callable[..., GuardedBackend]) -> None:
    """With every worker busy the canary still answers, by a worker of its own."""
    engine = own(workers=1, queue=0)
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(ask, engine, KILLER, limits=seconds(1.0))
        assert wait_until(lambda: engine.stats().running == 1)

        assert engine.is_ready()

        assert isinstance(busy.exception(), TimeLimitError)


def test_outcomes_are_counted(own: Callable[..., GuardedBackend]) -> None:
    """Every query is counted once, under how it ended."""
    engine = own(workers=1)
    ask(engine, "ASK {}")
    with pytest.raises(TimeLimitError):
        ask(engine, KILLER, limits=seconds(0.2))
    with pytest.raises(QuerySyntaxError):
        ask(engine, "ASK { BIND(1 AS ?x) BIND(2 AS ?x) }")

    stats = engine.stats()

    assert stats.outcomes == {"ok": 1, "time-limit": 1, "query-syntax": 1}
    assert stats.killed == 1
    assert stats.seconds_total >= 0.2


def _workers(engine: GuardedBackend) -> set[int]:
    """The processes of an engine but for the first, which holds the graph."""
    pids = set(engine.stats().resident_bytes)
    return pids - {min(pids)}


def _cpu_time(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _priorities(pid: int) -> set[int]:
    """The priorities of all threads of a process; none where it is gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        stats = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
        return {int(stat.rpartition(")")[2].split()[16]) for stat in stats}
    return set()


def test_an_engine_that_was_closed_is_not_ready(own: Callable[..., GuardedBackend]) -> None:
    """It says so at once, and says nothing of workers."""
    engine = own(workers=1)
    assert engine.is_ready()

    engine.close()

    assert not engine.is_ready()
