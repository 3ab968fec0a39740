"""Pages from what was built are the pages from the graph alone."""

from collections.abc import Iterable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store

from dialogiverkko.app import create_app
from dialogiverkko.engines import Backend
from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.front import warm
from dialogiverkko.graph.built import Built
from dialogiverkko.network import links
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, GATHERED, Services

PAGES = (
    "/en/", "/fi/activities", "/sv/activities?sort=time&page=2", "/en/activities?organisation=om", "/fi/organisations",
    "/sv/missing", "/en/collaboration", "/fi/policy", "/en/places", "/sv/source", "/en/about", "/places.geojson",
    "/sv/timeline", "/en/timeline?year=2021", "/fi/search?q=SYKEn+ja+OM%3An", "/en/page/org/om",
    "/en/page/activity/accc-dialogi", "/en/vocabulary", "/sitemap-1.xml", "/sv/collaboration?strength=partnership",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened(application: Flask, built: Built) -> FlaskClient:
    """The application over a build: what was made of the graph is opened and not made again."""
    services: Services = application.extensions[EXTENSION]
    engine: Backend = services.backend
    app = create_app(Settings(), snapshot=built.snapshot, backend=engine, built=built)
    own: Services = app.extensions[EXTENSION]
    assert {GATHERED, links.FILE} <= built.files.keys()
    assert own.network.links == services.network.links
    return app.test_client()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_from_what_was_built(client: FlaskClient, opened: FlaskClient, address: str) -> None:
    """Lists, counts, pictures and evidence, in every language."""
    one, other = (each.get(address, headers={"Accept": "text/html,*/*;q=0.5"}) for each in (client, opened))

    assert one.status_code == other.status_code == 200
    assert one.data == other.data


def test_lists_are_made_without_the_engine(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages that a start makes of a huge graph are there, in three languages, before any engine is."""
    backend = EmbeddedBackend(Store(), built.snapshot.prefixes)
    app = create_app(Settings(), snapshot=built.snapshot, backend=backend, built=built)
    seen: dict[str, int] = {}

    def visit(app: Flask, addresses: Iterable[str]) -> None:
        client = app.test_client()
        seen.update(
            (each, client.get(each, headers={"Accept": "text/html,*/*;q=0.8"}).status_code) for each in addresses
        )

    monkeypatch.setattr(warm, "_visit", visit)
    monkeypatch.setattr(backend, "query", None)

    warm._make_lists(app)

    assert set(seen.values()) == {200}
    assert len(seen) == 3 * len(warm._LISTS) + 2
    assert {"/fi/collaboration", "/sv/activities", "/en/compare", "/openapi.json"} < seen.keys()
