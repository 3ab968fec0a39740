"""Warms the application up before workers are forked: they can open no file, and share what is computed before."""

from collections.abc import Iterator

from flask import Flask

from dialogiverkko.namespaces import ID, LANGUAGES
from dialogiverkko.web.services import EXTENSION, Services
from dialogiverkko.web.site.views import VIEWS

_CODINGS = ("gzip", "br", "zstd")
_COSTLY = (".svg", ".png", "/croissant.jsonld")
"""Ends of addresses that are made anew each time, and leave nothing behind that the next one needs."""
_A_FEW = 15
"""Saved queries whose page is visited."""
_FORMATS = ("json", "xml", "csv", "tsv", "ttl", "nt", "rdf", "jsonld")


def warm(app: Flask) -> None:
    """Compile every template and answer one request of each kind in every language."""
    app.jinja_env.auto_reload = False
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    client = app.test_client()
    client.get("/sparql?query=ASK%7B%7D", headers={"Accept": "text/html,*/*;q=0.8"})
    for address in addresses(app):
        client.get(address)
    for coding in _CODINGS:
        client.get("/queries", headers={"Accept": "text/html", "Accept-Encoding": coding})


def addresses(app: Flask) -> Iterator[str]:
    """List the addresses without parameters, each view of the site, a thing of each kind and some saved queries."""
    services: Services = app.extensions[EXTENSION]
    plain = [rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    named = {rule.endpoint: rule.rule for rule in plain}
    yield from (each for each in named.values() if not each.endswith(_COSTLY))  # one of several names for the same
    names = [thing.removeprefix(ID) for thing in sorted(services.things) if thing.startswith(ID)]
    kinds = {name.partition("/")[0]: name for name in names if name.count("/") == 1}
    public = sorted(query.name for query in services.saved.catalogue.public())
    for language in LANGUAGES:
        yield f"/{language}/about"  # words, days and numbers of each language are read from files
        yield f"/{language}/page/{next(iter(kinds.values()))}"
        yield f"/queries/{public[0]}?lang={language}"
        yield f"/nothing?lang={language}"
    yield "/search.json?q=dialogi"  # the index is made here, since a worker cannot open it
    first = LANGUAGES[0]  # what is read at first use is read once for all languages
    yield from (f"/{first}/{view}" for view in ("", "activities", *VIEWS) if view != "home")
    yield from (f"/{first}/page/{name}" for name in kinds.values())
    yield from (f"/queries/{name}" for name in public[:_A_FEW])
    for suffix in _FORMATS:
        yield f"/queries/{public[0]}.{suffix}"
        yield f"/data/{next(iter(kinds.values()))}.{suffix}"
