"""What holds of every page, whichever they are: the list comes from the routes and the sitemap."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.pages import NOT_HERE, pages

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
