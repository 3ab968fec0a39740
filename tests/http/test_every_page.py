"""What holds of every page, whichever they are: the list comes from the routes and the sitemap."""

import gzip
import re
from collections.abc import Iterator
from itertools import cycle, product
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.pages import NOT_HERE, pages

from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.web.site.views import VIEWS


@pytest.fixture(scope="module")
def every_page(application: Flask) -> list[str]:
    """One address of each kind of page."""
    return pages(application)


def test_no_page_is_left_out(every_page: list[str]) -> None:
    """Each overview, a page of each kind of thing, the questions and one of them, the editor, and an error."""
    overviews = {f"/fi/{name}".replace("/fi/home", "/fi/") for name in (*VIEWS, "activities")}

    assert overviews <= set(every_page)
    assert {"/queries", f"/fi/{NOT_HERE}"} <= set(every_page)
    assert len([page for page in every_page if page.startswith("/queries/")]) == 1
    kinds = {page.split("/")[3] for page in every_page if page.startswith("/fi/page/")}
    assert kinds >= {"activity", "org", "project", "process", "place", "gap", "vocab"}


def test_every_link_within_the_site_leads_somewhere(every_page: list[str], client: FlaskClient) -> None:
    """No page links to an address of ours that is not there; those that differ by their end alone are asked once."""
    asked: dict[str, str] = {}
    for page in every_page:
        text = client.get(page, headers={"Accept": "text/html"}).get_data(as_text=True)
        for link in re.findall(r'(?:href|src|action)="([^"#]+)', text):
            target = urlsplit(urljoin(f"http://localhost{page}", link.replace("&amp;", "&")))
            if target.netloc == "localhost":
                shape = re.sub(r"/[^/]*$", "/", target.path) + ("?" + re.sub(r"=[^&]*", "", target.query))
                asked.setdefault(shape if "/page/" in shape or "/queries/" in shape else target.path, target.geturl())
    broken = []
    for address in asked.values():
        answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.1"})
        if answer.status_code >= 400 and NOT_HERE not in address:
            broken.append((address, answer.status_code))

    assert len(asked) > 40
    assert broken == []


HEAVY = (
    "/fi/page/org/vm", "/fi/page/org/eratauko-saatio", "/fi/collaboration/path?from=syke&to=om", "/fi/search?q=nuoret",
    "/fi/compare?organisations=om,vm", "/fi/source/vertaisdialogi-listaus-2021", "/fi/tell?about=org%2Fom",
)  # fmt: skip
"""Pages of much that stand for others of their kind, and those that have an answer."""
MOST_BYTES = 75_000
"""Of a first view as it travels; 150 kB are promised."""
MOST_OF_A_PAGE = 150_000
"""Of the page itself before it is packed."""
LARGE = {
    "/fi/collaboration": 340_000, "/fi/source/vertaisdialogi-listaus-2021": 330_000, "/fi/page/org/vm": 270_000,
    "/fi/page/org/eratauko-saatio": 270_000, "/fi/vocabulary": 170_000,
}  # fmt: skip
"""Pages that hold a picture and the table that says the same, a whole source, or all words, to be searched."""


def test_every_first_view_is_light(every_page: list[str], client: FlaskClient) -> None:
    """Page, styles, scripts and icons together, as they travel, stay far below 150 kB, in each language."""
    sizes: dict[str, int] = {}

    def size(address: str) -> int:
        if address not in sizes:
            answer = client.get(address, headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
            sizes[address] = len(answer.get_data())
        return sizes[address]

    heavy = {}
    for page, language in product((*every_page, *HEAVY), LANGUAGES):
        address = LANGUAGE.sub(f"/{language}", page)
        headers = {"Accept": "text/html", "Accept-Language": language}
        text = client.get(address, headers=headers).get_data()
        brought = set(re.findall(rb'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*="(/static/[^"]+)"', text))
        total = len(gzip.compress(text)) + sum(size(each.decode()) for each in brought)
        if not 2_000 < total < MOST_BYTES or len(text) > LARGE.get(page, MOST_OF_A_PAGE):
            heavy[address] = (total, len(text))

    assert heavy == {}
    assert LARGE.keys() <= {*every_page, *HEAVY}


LANGUAGE = re.compile(r"^/fi(?=/|$)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_made_where_nothing_can_be_opened(application: Flask, served: str, language: str) -> None:
    """A worker opens no file: whatever templates, words, days and numbers of a language need was read before it."""
    broken = []
    for page in pages(application):
        path = LANGUAGE.sub(f"/{language}", page)
        address = f"{served.rstrip('/')}{path}" + ("" if path != page else f"?lang={language}")
        try:
            urlopen(Request(address, headers={"Accept": "text/html,*/*;q=0.8"}), timeout=30).close()
        except HTTPError as error:
            if error.code >= 500:
                broken.append((path, error.code))

    assert broken == []


GIVEN = {"q": "nuoret", "organisations": "om,syke", "span": "0.1.0..latest", "name": "om"}
"""Values of those parameters of which the description lists none."""
A_FEW = 3
"""How many values of a part of an address are asked, and how many saved queries: they are all answered alike."""


def described(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each address that OpenAPI describes, with each media type that it says, in one language or another."""
    languages = cycle(LANGUAGES)
    asked = [path for path in document["paths"] if path.startswith("/queries/")][A_FEW:]
    for path, item in document["paths"].items():
        if "get" not in item or path in asked:
            continue
        parameters = item["get"].get("parameters", ())
        needed = [each for each in parameters if each.get("required")]
        values = [each["schema"].get("enum") or [GIVEN.get(each["name"], "om")] for each in needed]
        names = [each["name"] for each in needed]
        content = item["get"]["responses"].get("200", {}).get("content", {"*/*": {}})
        for chosen in product(
            *(each if name == "suffix" else each[:A_FEW] for name, each in zip(names, values, strict=True))
        ):
            given = dict(zip(names, chosen, strict=True))
            query = {name: value for name, value in given.items() if f"{{{name}}}" not in path}
            if any(each["name"] == "lang" for each in parameters):
                query["lang"] = next(languages)
            for media_type in content if "suffix" not in names else ["*/*"]:
                yield f"{path.format(**given)}?{urlencode(query)}".rstrip("?"), media_type


def test_every_form_is_made_where_nothing_can_be_opened(client: FlaskClient, served: str) -> None:
    """Neither codecs nor libraries are opened by a worker that writes what OpenAPI describes, in any of its forms."""
    broken, kinds = [], set()
    for address, media_type in described(client.get("/openapi.json").get_json()):
        try:
            with urlopen(
                Request(served.rstrip("/") + quote(address, safe="/?=&,%"), headers={"Accept": media_type}), timeout=30
            ) as answer:
                kinds.add(answer.headers.get_content_type())
        except HTTPError as error:
            if error.code >= 500:
                broken.append((address, media_type, error.code))

    assert broken == []
    assert kinds >= {"application/gexf+xml", "application/graphml+xml", "image/png", "application/rdf+xml"}
