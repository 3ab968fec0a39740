"""Answers requests in a worker, which is a forked copy of the application: a message in, a message out."""

from wsgiref.types import WSGIApplication

from dialogiverkko.engines import Backend, NeedsWorker
from dialogiverkko.engines.counts import Counts
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.front.requests import answered, environ_of
from dialogiverkko.front.wire import Message
from dialogiverkko.front.worker import Note, Work
from dialogiverkko.saved.released import Releases
from dialogiverkko.sparql.query import Limits
from dialogiverkko.web.http.tables import bring

Engine = EmbeddedBackend | RemoteBackend


def work(
    application: WSGIApplication, engine: Engine, seconds: float, *, may_connect: bool, has_engine: bool = True
) -> Work:
    """Make the Work of answering requests; a query limited to less than ``seconds`` sends that before it runs.

    Where this process is forked before the engine is there, the disk store that stands in for it answers; where there
    is none, what needs the engine is left to others.
    """

    def prepare() -> None:
        engine.counts.snapshot(clear=True)
        if isinstance(engine, EmbeddedBackend):
            engine.may_connect = may_connect
            (engine.open if has_engine else engine.stand_in)()

    def answer(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
        try:
            return _answered(application, engine, seconds, head, body, note)
        except NeedsWorker as needed:
            return {"kind": needed.kind, "head": needed.head, "outcomes": {}, "took": 0.0}, b""

    files = frozenset[int]()
    if isinstance(engine, EmbeddedBackend):
        files = engine.files if has_engine else engine.early.files if engine.early else files
    return Work(answer, prepare, may_connect=may_connect or isinstance(engine, RemoteBackend), files=files)


def apart(application: WSGIApplication, releases: Releases, seconds: float) -> Work:
    """Make the work of answering what takes files or a released graph: the message names it, and the worker holds it.

    No words of a stranger are evaluated here, only saved queries with values bound to them.
    """

    def load(head: Message) -> bool:
        releases.may_open = True
        return releases.open(head["release"]) if "release" in head else bring()

    def answer(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
        return _answered(application, releases.engine, seconds, head, body, note)

    return Work(answer, load=load, may_connect=True)


def _answered(
    application: WSGIApplication, engine: Backend | None, seconds: float, head: Message, body: bytes, note: Note
) -> tuple[Message, bytes]:
    """Have the application answer; an engine of this process sends the limit of a shorter query before it runs."""

    def begins(limits: Limits) -> None:
        if limits.seconds < seconds:
            note({"seconds": limits.seconds})

    if isinstance(engine, EmbeddedBackend):
        engine.begins = begins
    given = answered(application, environ_of(head["variables"], body, head["began"]))
    counts = engine.counts if isinstance(engine, Engine) else Counts()
    outcomes, took = counts.snapshot(clear=True)
    told = {"status": given.status, "headers": given.headers, "query": given.query}
    return {**told, "outcomes": outcomes, "took": took}, given.body
