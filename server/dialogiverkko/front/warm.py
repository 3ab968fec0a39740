"""Warms the application up before workers are forked: they can open no file, and share what is computed before."""

import codecs
from collections.abc import Iterable, Iterator

from babel import localedata
from flask import Flask

from dialogiverkko.namespaces import ID, LANGUAGES
from dialogiverkko.network.compared import ORGANISATIONS
from dialogiverkko.network.later import nx
from dialogiverkko.network.measures import simple_graph
from dialogiverkko.network.selection import options
from dialogiverkko.network.surroundings import weights
from dialogiverkko.web.languages import catalogue
from dialogiverkko.web.services import EXTENSION, Services
from dialogiverkko.web.site.links import by_name

_CODINGS = ("gzip", "br", "zstd")
_CODECS = ("ascii", "latin-1", "utf-8-sig", "utf-16", "idna", "punycode")
"""Names of codecs that libraries look up when they write."""
_READ_FROM_FILES = (
    "/context.jsonld", "/feed.atom", "/frame.jsonld", "/dumps",
)  # fmt: skip
"""Addresses whose answers read files of the package or of what was built, at their first time."""

_QUICK = "terms-of-the-ontology"
"""A saved query whose answer does not grow with the graph: the server is ready once it is answered."""


_SOON_LOADED = 200_000
"""Triples of a graph whose engine is there a second after its pages: what these do without waits for that."""


_MANY = 8_000_000
"""Triples of a graph whose lists would let a visitor wait for seconds: they are made before anybody comes."""
_LISTS = (
    "activities", "organisations", "collaboration", "timeline", "places", "policy", "missing", "source", "compare",
)  # fmt: skip


def warm(app: Flask) -> None:
    """Load every template, and answer requests until nothing that an answer needs is left to read."""
    app.jinja_env.auto_reload = False
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    for name in _CODECS:
        codecs.lookup(name)
    for language in LANGUAGES:
        catalogue(language)
        localedata.load(language)
    services: Services = app.extensions[EXTENSION]
    services.search, services.network  # noqa: B018  # opened here
    if len(services.snapshot.merged) > _SOON_LOADED:
        _reckon(services)
    _visit(app, addresses(app))
    if len(services.snapshot.merged) > _MANY:
        _make_lists(app)
    for coding in _CODINGS:
        app.test_client().get("/graphs", headers={"Accept": "text/html", "Accept-Encoding": coding})


def warm_engine(app: Flask) -> None:
    """Answer what takes the engine, until nothing that such an answer needs is left to read.

    In one language: what another has of its own, `warm` has read.
    """
    services: Services = app.extensions[EXTENSION]
    services.positions  # noqa: B018  # read from a file
    _reckon(services)
    names = {query.name for query in services.saved.catalogue.public()}
    query = _QUICK if _QUICK in names else min(names)
    _visit(app, ("/sparql?query=ASK%7B%7D", f"/queries/{query}"))


def _reckon(services: Services) -> None:
    """Import and reckon what the front page does without, and workers share that are forked from here on."""
    nx.Graph, services.search.vocabulary  # noqa: B018  # the first is imported
    weights(services.network), services.network.of("")  # the links of each organisation
    for language in LANGUAGES:
        options(services.network, language)
        by_name(services.network, language)


def _make_lists(app: Flask) -> None:
    """Make what the pages of lists, and the fields of forms, count and sort of the whole graph."""
    services: Services = app.extensions[EXTENSION]
    simple_graph(services.network)
    for language in LANGUAGES:
        services.saved.choices(ORGANISATIONS, language)
        _visit(app, (f"/{language}/{name}" for name in _LISTS))
    _visit(app, ("/openapi.json", "/sitemap.xml"))


def _visit(app: Flask, addresses: Iterable[str]) -> None:
    client = app.test_client()
    for address in addresses:
        for accept in ("text/html,*/*;q=0.8", "text/turtle,*/*;q=0.8"):
            client.get(address, headers={"Accept": accept})


def addresses(app: Flask) -> Iterator[str]:
    """List addresses that between them read every file that an answer needs, and draw the front page.

    What else is computed once is computed when it is asked for: a tenth of a second at most.
    """
    services: Services = app.extensions[EXTENSION]
    thing = next(services.mapped.beginning(ID)).removeprefix(ID)
    yield from _READ_FROM_FILES
    for language in LANGUAGES:  # words, days and numbers of each language are read from files
        yield from (f"/{language}/", f"/{language}/page/{thing}")
        yield f"/nothing?lang={language}"
