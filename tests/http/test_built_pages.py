"""Pages from what was built are the pages from the graph alone."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.graphs import served_graph

from dialogiverkko.app import build_network, compile_templates, create_app
from dialogiverkko.engines import Backend
from dialogiverkko.graph.built import Built
from dialogiverkko.graph.mapped import build_statements
from dialogiverkko.network import links
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, GATHERED, Services
from dialogiverkko.web.site.gathering import gather

PAGES = (
    "/en/", "/fi/activities", "/sv/activities?sort=time&page=2", "/en/activities?organisation=om", "/fi/organisations",
    "/sv/missing", "/en/collaboration", "/fi/policy", "/en/places", "/sv/source", "/en/about", "/places.geojson",
    "/sv/timeline", "/en/page/org/om", "/en/page/activity/accc-dialogi", "/en/vocabulary", "/sitemap-1.xml",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened(application: Flask, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The application over a build: what was made of the graph is opened and not made again."""
    services: Services = application.extensions[EXTENSION]
    folder: Path = tmp_path_factory.mktemp("built")
    for make in (compile_templates, build_statements, build_network, gather):
        make(served_graph(), folder)
    whole = Built(folder, served_graph(), {path.name: "" for path in folder.iterdir()})
    engine: Backend = services.backend
    app = create_app(Settings(), snapshot=whole.snapshot, backend=engine, built=whole)
    own: Services = app.extensions[EXTENSION]
    assert {GATHERED, links.FILE} <= whole.files.keys()
    assert own.network.links == services.network.links
    return app.test_client()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_from_what_was_built(client: FlaskClient, opened: FlaskClient, address: str) -> None:
    """Lists, counts, pictures and evidence, in every language."""
    one, other = (each.get(address, headers={"Accept": "text/html,*/*;q=0.5"}) for each in (client, opened))

    assert one.status_code == other.status_code == 200
    assert one.data == other.data
