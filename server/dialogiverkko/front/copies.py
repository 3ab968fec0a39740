"""Answers requests in a worker, which is a forked copy of the application: a message in, a message out."""

from dialogiverkko.engines.embedded import EmbeddedBackend, NeedsConnection
from dialogiverkko.engines.remote import RemoteBackend
from dialogiverkko.front.requests import Application, answered, environ_of
from dialogiverkko.front.wire import Message
from dialogiverkko.front.worker import Note, Work
from dialogiverkko.sparql.query import Limits


def work(
    application: Application, engine: EmbeddedBackend | RemoteBackend, seconds: float, *, may_connect: bool
) -> Work:
    """Make the Work of answering requests; a query limited to less than ``seconds`` sends that before it runs."""

    def prepare() -> None:
        engine.counts.take()
        if isinstance(engine, EmbeddedBackend):
            engine.open()
            engine.may_connect = may_connect

    def answer(head: Message, body: bytes, note: Note) -> tuple[Message, bytes]:
        def begins(limits: Limits) -> None:
            if limits.seconds < seconds:
                note({"seconds": limits.seconds})

        if isinstance(engine, EmbeddedBackend):
            engine.begins = begins
        try:
            given = answered(application, environ_of(head["variables"], body, head["began"]))
        except NeedsConnection:
            return {"elsewhere": True, "outcomes": {}, "took": 0.0}, b""
        outcomes, took = engine.counts.take()
        told = {"status": given.status, "headers": given.headers, "query": given.query}
        return {**told, "outcomes": outcomes, "took": took}, given.body

    return Work(answer, prepare, may_connect=may_connect or isinstance(engine, RemoteBackend))
