"""One released graph is open at a time, from when it is asked until nobody asks it."""

import hashlib
import io
import lzma
import threading
import zipfile
from collections.abc import Iterator
from typing import cast

import pytest

from dialogiverkko.engines import Backend, NeedsWorker
from dialogiverkko.errors import NotFoundError
from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.graph.lines import Triples
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.releases import Published
from dialogiverkko.namespaces import DCAT, GRAPH_CATALOGUE
from dialogiverkko.saved.answers import Release
from dialogiverkko.saved.released import Releases, release_of
from dialogiverkko.sparql.query import Limits

VERSIONS = ("0.1.0", "0.2.0")
QUESTION = """#+ title: { fi: "T", sv: "T", en: "T" }
#+ question: { fi: "K?", sv: "F?", en: "Of VERSION?" }
#+ explanation: { fi: "S", sv: "F", en: "E" }
#+ tags: [test]
#+ view: table
CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }
"""


class Engine:
    """Takes the place of an engine."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.graphs, self.closed = tuple(snapshot.graphs), threading.Event()

    def close(self) -> None:
        """Note that it went."""
        self.closed.set()


def published(version: str) -> Published:
    """A release of one triple in a graph of its name, and of one query."""
    text, files = f"<a:a> <a:b> <a:c> <a:{version}> .\n".encode(), io.BytesIO()
    with zipfile.ZipFile(files, "w") as archive:
        archive.writestr("columns.yaml", "{}")
        archive.writestr("competency/all.rq", QUESTION.replace("VERSION", version))
    digest = hashlib.sha256(text).hexdigest()
    return Published(version, "2026-01-01", digest, 1, {}, lzma.compress(text), files.getvalue())


@pytest.fixture
def found() -> Iterator[Releases]:
    """Two releases and a graph that came after them."""

    def start(snapshot: Snapshot) -> Backend:
        return cast(Backend, Engine(snapshot))

    limits = Limits(1.0, 1, 1, 1)
    releases = Releases([published(version) for version in VERSIONS], Release("0.3.0", "f" * 64), {}, limits, start)
    yield releases
    releases.idle_seconds = 0
    releases._wait()
    releases.close()


def engine(releases: Releases) -> Engine:
    """The engine that is open."""
    return cast(Engine, releases.engine)


def test_a_digest_was_released_or_not(found: Releases) -> None:
    """Each of those that were, whole, and no other."""
    digests = [each.digest for each in found.published]

    assert [found.has(digest) for digest in (*digests, "f" * 64, digests[0][:8], "")] == [True, True, *[False] * 3]
    assert Releases([], found.present, {}, Limits(1.0, 1, 1, 1), lambda _: pytest.fail("asked")).has("") is False


def test_a_release_is_wanted_by_version_or_digest_and_the_present_by_none(found: Releases) -> None:
    """What nobody released is not found."""
    assert [found.find(wanted) for wanted in ("", "0.3.0", "f" * 8)] == [None, None, None]
    assert [found.find(wanted) for wanted in ("0.2.0", found.published[0].digest)] == [*found.published[::-1]]
    with pytest.raises(NotFoundError, match=r"no version '0.4.0'. There are 0.1.0, 0.2.0, 0.3.0"):
        found.find("0.4.0")


def test_opening_tells_whether_there_was_anything_to_do(found: Releases) -> None:
    """The release that is open stays; another takes its place, and its engine goes."""
    assert found.open("0.1.0") is True
    first = engine(found)
    assert found.open("0.1.0") is False
    assert engine(found) is first
    assert found.open("0.2.0") is True

    assert first.closed.is_set()
    assert (engine(found).graphs, engine(found).closed.is_set()) == (("a:0.2.0",), False)


@pytest.mark.parametrize("number", [0, 1])
def test_the_questions_of_a_release_are_those_of_its_day(found: Releases, number: int) -> None:
    """Each is read once, when it is asked for."""
    questions = found.saved(found.published[number]).catalogue

    assert [query.question["en"] for query in questions.public()] == [f"Of {VERSIONS[number]}?"]
    assert questions.get("all") is questions.get("all")
    assert len(questions.queries) == 1


def test_an_engine_that_nobody_asks_goes_and_comes_again(found: Releases) -> None:
    """Waiting for it keeps no process that ends."""
    found.idle_seconds = 60.0
    before = set(threading.enumerate())
    first, there = found.saved(found.published[0]), engine(found)
    assert [thread.daemon for thread in set(threading.enumerate()) - before] == [True]
    found.idle_seconds = 0.05
    assert found.saved(found.published[0]) is first

    assert there.closed.wait(10)
    found.idle_seconds = 60.0
    assert cast(object, found.backend(found.published[0])) is not there
    assert found.saved(found.published[0]).release == Release("0.1.0", found.published[0].digest)


def test_a_process_that_serves_others_opens_none(found: Releases) -> None:
    """Another has to."""
    found.may_open = False

    with pytest.raises(NeedsWorker):
        found.backend(found.published[0])
    assert found.engine is None


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "version"),
    [
        (DATASET, "version", '"0.3.0"', "0.3.0"),
        (DATASET, "version", "<a:a>", "9.9.9"),
        (DATASET, "keyword", '"0.3.0"', "9.9.9"),
        ("a:a", "version", '"0.3.0"', "9.9.9"),
    ],
)
def test_the_present_graph_is_named_by_the_version_that_it_states(
    subject: str, predicate: str, value: str, version: str
) -> None:
    """Where its catalogue states none of the dataset, by that of the program."""
    triples = Triples([f"<{subject}> <{DCAT}{predicate}> {value} .".encode()])
    present = Snapshot({GRAPH_CATALOGUE: triples}, {})

    assert release_of(present, "9.9.9") == Release(version, present.digest)
    assert release_of(Snapshot({}, {}), "9.9.9").version == "9.9.9"
