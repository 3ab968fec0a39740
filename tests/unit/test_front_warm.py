"""Before workers are forked, the engine answers a question whose answer does not grow with the graph."""

from types import SimpleNamespace

import pytest
from flask import Flask, request

from dialogiverkko.front.warm import warm_engine
from dialogiverkko.web.services import EXTENSION


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("activities", "terms-of-the-ontology", "words"), "terms-of-the-ontology"),
        (("words", "activities"), "activities"),
    ],
)
def test_a_quick_query_is_asked(names: tuple[str, ...], asked: str) -> None:
    """Where the saved queries are others, the first of them by name; for a page and for data."""
    app, seen = Flask(__name__), set[str]()
    catalogue = SimpleNamespace(public=lambda: [SimpleNamespace(name=name) for name in names])
    app.extensions[EXTENSION] = SimpleNamespace(positions={}, saved=SimpleNamespace(catalogue=catalogue))

    @app.before_request
    def note() -> str:
        seen.add(request.path)
        return "seen"

    warm_engine(app)

    assert seen == {"/sparql", f"/queries/{asked}"}
