"""Views for other people's pages: any page may frame them, no script runs in them, and oEmbed finds them."""

import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from dialogiverkko.web.site import embed

QUERY = "who-coordinated-an-activity?activity=poikkeusajan-dialogit"
FRAMED = [f"/embed/queries/{QUERY}", "/embed/queries/timeline-of-activities", "/embed/collaboration",
          "/embed/collaboration?organisation=om", "/embed/queries/collaboration-network-as-a-graph"]  # fmt: skip
PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize("path", FRAMED)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_embedded_view_may_be_framed_and_runs_nothing(client: FlaskClient, path: str, language: str) -> None:
    """It has a policy of its own, and its links leave the frame."""
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers=PAGE)
    text = answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in text
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert "<script" not in text
    assert '<base target="_blank">' in text
    assert "CC BY 4.0" in text
    assert "https://" not in "".join(
        re.findall(r'<(?:link|img|iframe)[^>]*(?:src|href)="(?!http://localhost)([^"]*)"', text)
    )


def test_no_other_page_may_be_framed(client: FlaskClient) -> None:
    """The pages themselves, which have forms, stay out of frames."""
    for path in ("/fi/", f"/queries/{QUERY}", "/fi/collaboration", "/embed/queries/none", "/oembed"):
        assert "frame-ancestors 'none'" in client.get(path, headers=PAGE).headers["Content-Security-Policy"]


def test_an_embedded_answer_is_that_of_the_page(client: FlaskClient) -> None:
    """The same rows, up to fifty; the whole is a link away; a release answers too."""
    page = client.get(f"/queries/{QUERY}&lang=en", headers=PAGE).get_data(as_text=True)
    framed = client.get(f"/embed/queries/{QUERY}&lang=en").get_data(as_text=True)
    past = client.get(f"/embed/queries/{QUERY}&lang=en&version=0.1.0").get_data(as_text=True)

    assert framed.count('id="row-') == min(page.count('id="row-'), embed.ROWS)
    assert f"/queries/{QUERY}&lang=en".replace("&", "&amp;") in framed
    assert past.count('id="row-') == 11
    assert "0.1.0 (501cf0d1ecc2)" in past


@pytest.mark.parametrize(
    "url",
    ["http://localhost/queries/activities-by-method?lang=sv", "http://localhost/fi/collaboration?organisation=om",
     "http://localhost/collaboration", "https://w3id.org/dialogiverkko/queries/activities-by-method",
     "http://localhost/embed/collaboration?lang=en", 'http://localhost/queries/activities-by-method?"><script>'],
)  # fmt: skip
def test_oembed_gives_a_frame(client: FlaskClient, url: str) -> None:
    """Of the kind rich, with a frame of an address of ours that answers, and nothing else in it."""
    document = json.loads(client.get(f"/oembed?format=json&url={quote(url, safe='')}").data)
    (source,) = re.findall(r'<iframe src="([^"]*)"', document["html"])
    status = client.get(unescape(source).removeprefix("http://localhost")).status_code

    assert (document["version"], document["type"]) == ("1.0", "rich")
    assert {"title", "width", "height", "provider_name", "provider_url"} <= set(document)
    assert document["html"].count("<") == 2
    assert status == (422 if "script" in url else 200)  # what the address asks in vain is told in the frame


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 422), ("url=", 422), ("url=http%3A%2F%2Fexample.org%2Fqueries%2Fx", 404), ("url=http%3A%2F%2F%5B", 404),
        ("url=http%3A%2F%2Flocalhost%2Ffi%2Fabout", 404), ("url=http%3A%2F%2Flocalhost%2Fqueries%2Fnone", 404),
        ("url=http%3A%2F%2Flocalhost%2Fcollaboration&format=xml", 422), ("url=javascript%3Aalert(1)", 404),
        ("url=http%3A%2F%2Flocalhost%2Fcollaboration&maxwidth=wide", 422), ("url=%00", 404), ("colour=red", 422),
        ("url=http%3A%2F%2Flocalhost%2Fcollaboration&maxwidth=99999999999", 422),
        ("url=http%3A%2F%2Flocalhost%2Fcollaboration&maxheight=10", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_framed_is_told(client: FlaskClient, asked: str, status: int) -> None:
    """Another's address, one that has no embedded view, and what is no number."""
    assert client.get(f"/oembed?{asked}").status_code == status


def test_pages_lead_to_their_oembed(client: FlaskClient) -> None:
    """By a link in the head, which answers."""
    for path in (f"/queries/{QUERY}", "/sv/collaboration?organisation=om"):
        text = client.get(path, headers=PAGE).get_data(as_text=True)
        (found,) = re.findall(r'application/json\+oembed"[^>]*href="([^"]*)"', text)
        assert client.get(unescape(found).removeprefix("http://localhost")).status_code == 200
        assert "&lt;iframe src=" in text
