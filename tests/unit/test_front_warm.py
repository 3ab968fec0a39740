"""Before workers are forked, the engine answers a question whose answer does not grow with the graph."""

from types import SimpleNamespace

import pytest
from flask import Flask, request

from dialogiverkko.front import warm as warming
from dialogiverkko.front.warm import warm, warm_engine
from dialogiverkko.network.links import Network
from dialogiverkko.saved.answers import Release
from dialogiverkko.web.services import EXTENSION

EMPTY = Network({}, (), Release("1", "digest"))


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
    app.extensions[EXTENSION] = SimpleNamespace(
        positions={}, saved=SimpleNamespace(catalogue=catalogue), search=SimpleNamespace(vocabulary=()), network=EMPTY
    )

    @app.before_request
    def note() -> str:
        seen.add(request.path)
        return "seen"

    warm_engine(app)

    assert seen == {"/sparql", f"/queries/{asked}"}


@pytest.mark.parametrize(
    ("triples", "times", "made"), [(200_000, 0, 0), (200_001, 1, 0), (8_000_000, 1, 0), (8_000_001, 1, 1)]
)
def test_pages_wait_for_what_they_do_without_where_loading_takes_long(
    triples: int, times: int, made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a small graph's pages do without is reckoned once its engine is there; the lists of a huge one are made."""
    app, reckoned, listed = Flask(__name__), list[object](), list[object]()
    services = SimpleNamespace(search=None, network=EMPTY, snapshot=SimpleNamespace(merged=range(triples)))
    app.extensions[EXTENSION] = services
    monkeypatch.setattr(warming, "_reckon", reckoned.append)
    monkeypatch.setattr(warming, "_make_lists", listed.append)
    monkeypatch.setattr(warming, "addresses", lambda _: ())

    warm(app)

    assert (reckoned, listed) == ([services] * times, [app] * made)
