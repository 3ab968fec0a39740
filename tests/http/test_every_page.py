"""What holds of every page, whichever they are: the list comes from the routes and the sitemap."""

import re
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
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


HEAVY = ("/fi/page/org/vm", "/fi/page/org/eratauko-saatio", "/fi/collaboration/path?from=syke&to=om")
"""Pages of much that stand for others of their kind: the most linked organisations, and many chains."""
EDITOR = "/fi/sparql"
"""The page whose first view is the editor of queries, a library of others."""
MOST_BYTES = {True: 420_000, False: 100_000}


def test_every_first_view_is_light(every_page: list[str], client: FlaskClient) -> None:
    """Page, styles, scripts and icons together, as they travel, stay far below 150 kB; the editor has a library."""
    sizes: dict[str, int] = {}

    def size(address: str) -> int:
        if address not in sizes:
            answer = client.get(address, headers={"Accept": "text/html, */*;q=0.1", "Accept-Encoding": "gzip"})
            sizes[address] = len(answer.get_data())
        return sizes[address]

    heavy = {}
    for page in (*every_page, *HEAVY):
        text = client.get(page, headers={"Accept": "text/html"}).get_data(as_text=True)
        brought = set(re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*="(/static/[^"]+)"', text))
        total = size(page) + sum(size(each) for each in brought)
        if not 2_000 < total < MOST_BYTES[page == EDITOR]:
            heavy[page] = total

    assert heavy == {}


LANGUAGE = re.compile(r"^/fi(?=/|$)")
TO_TAKE = (
    "/collaboration.svg",
    "/timeline.svg",
    "/places.svg",
    "/places.png",
    "/tables/places.xlsx",
    "/embed/collaboration",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_made_where_nothing_can_be_opened(application: Flask, served: str, language: str) -> None:
    """A worker opens no file: whatever templates, words, days and numbers of a language need was read before it."""
    broken = []
    for page in [*pages(application), *TO_TAKE]:
        path = LANGUAGE.sub(f"/{language}", page)
        address = f"{served.rstrip('/')}{path}" + ("" if path != page else f"?lang={language}")
        try:
            urlopen(Request(address, headers={"Accept": "text/html,*/*;q=0.8"}), timeout=30).close()
        except HTTPError as error:
            if error.code >= 500:
                broken.append((path, error.code))

    assert broken == []
