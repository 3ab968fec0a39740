"""The pages that are served, found from the routes and the sitemap: no list of them is kept by hand."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from dialogiverkko.web.languages import LANGUAGES

NOT_HERE = "nowhere"
"""A name that no page has: the page of an error is a page too."""


def _listed(client: FlaskClient, sitemap: str = "/sitemap.xml") -> Iterator[str]:
    """The addresses of the sitemap and of those that it leads to, without the host, in their order."""
    for address in re.findall(r"<loc>([^<]+)</loc>", client.get(sitemap).get_data(as_text=True)):
        path = urlsplit(address).path
        if path.endswith(".xml"):
            yield from _listed(client, path)
        else:
            yield path


def _is_of(rule: Rule, address: str) -> bool:
    """Whether an address looks like one of a route: as many parts, and the fixed ones alike."""
    text = "".join(
        re.escape(each) if number % 2 == 0 else "[^/]+" if "path:" not in each else ".+"
        for number, each in enumerate(re.split(r"<([^>]+)>", rule.rule))
    )
    return re.fullmatch(text, address) is not None


def _kind(address: str) -> str:
    """What a page is an example of: pages of things differ by the kind of thing, other pages by their name."""
    parts = address.strip("/").split("/")
    if "page" in parts:
        return "/".join(parts[parts.index("page") : parts.index("page") + 2])
    return (
        "/queries/…" if parts[0] == "queries" and len(parts) > 1 else "/".join(p for p in parts if p not in LANGUAGES)
    )


def _candidates(rules: Iterable[Rule], listed: list[str]) -> Iterable[str]:
    """Addresses that may be pages: each route without a part to fill in, and of each other one the listed ones."""
    for rule in rules:
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static"):
            continue
        if rule.arguments <= {"language"}:
            yield re.sub(r"<[^>]+>", "fi", rule.rule)
        else:
            yield from (address for address in listed if _is_of(rule, address))


def pages(app: Flask) -> list[str]:
    """Return one address of each kind of page, in Finnish where it has a language, and that of an error."""
    client = app.test_client()
    found: dict[str, str] = {}
    for address in _candidates(app.url_map.iter_rules(), list(_listed(client))):
        if _kind(address) in found or re.match(r"/(?:sv|en)(?:/|$)", address):
            continue
        answer = client.get(address, headers={"Accept": "text/html"})
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[_kind(address)] = address
    return [*found.values(), f"/fi/{NOT_HERE}"]
