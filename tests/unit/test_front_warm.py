"""Before workers are forked, the engine answers a question whose answer does not grow with the graph."""

from types import SimpleNamespace

import pytest
from flask import Flask, request

from dialogiverkko.errors import BackendUnavailableError
from dialogiverkko.front.warm import warm_engine
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.web.services import EXTENSION


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("activities", "terms-of-the-ontology", "words"), "terms-of-the-ontology"),
        (("words", "activities"), "activities"),
    ],
)
def test_a_quick_query_is_asked_in_each_language(names: tuple[str, ...], asked: str) -> None:
    """Where the saved queries are others, the first of them by name; for a page and for data."""
    app, seen = Flask(__name__), set[tuple[str, str | None]]()
    catalogue = SimpleNamespace(public=lambda: [SimpleNamespace(name=name) for name in names])
    app.extensions[EXTENSION] = SimpleNamespace(positions={}, saved=SimpleNamespace(catalogue=catalogue))

    @app.before_request
    def note() -> str:
        seen.add((request.path, request.args.get("lang")))
        return "seen"

    warm_engine(app)

    assert seen == {("/sparql", None), *((f"/queries/{asked}", language) for language in LANGUAGES)}


@pytest.mark.parametrize("has_time", [True, False])
def test_choices_are_read_where_somebody_else_answers_meanwhile(has_time: bool) -> None:
    """Of every parameter of a public query, in each language."""
    app, read = Flask(__name__), list[tuple[str, str]]()
    queries = [SimpleNamespace(name="one", parameters=("a", "b")), SimpleNamespace(name="two", parameters=("c",))]

    def choices(each: str, language: str) -> None:
        read.append((each, language))
        raise BackendUnavailableError("too many")  # whoever asks is told, and the server goes on

    saved = SimpleNamespace(catalogue=SimpleNamespace(public=lambda: queries), choices=choices)
    app.extensions[EXTENSION] = SimpleNamespace(positions={}, saved=saved)

    warm_engine(app, has_time=has_time)

    assert read == ([(each, language) for each in "abc" for language in LANGUAGES] if has_time else [])
