"""The links within the site: each leads somewhere."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from dialogiverkko.web.languages import LANGUAGES

HOME = "/fi/"
OTHERS = tuple(f"/{language}/" for language in LANGUAGES if f"/{language}/" != HOME)
EACH = 4
"""Of so many pages one is asked for its data: each kind of thing is in test_addresses."""


def followed(body: str, number: int) -> Iterator[str]:
    """The links of a page that a crawl follows: of those of its formats one or none, by its number."""
    links = dict.fromkeys(unescape(link) for link in re.findall(r'(?:href|src)="(/[^"#]*)', body))
    data = [link for link in links if link.startswith("/data/")]
    if data and number % EACH == 0:
        yield data[number // EACH % len(data)]
    yield from (link for link in links if link not in data)


@pytest.mark.timeout(600)
def test_every_internal_link_answers(client: FlaskClient) -> None:
    """The site is crawled from its homes through all Finnish pages; none of the links there is broken.

    Each page is asked for in every language, and some for one of their formats, another for the next.
    """
    waiting, seen, broken = [HOME, *OTHERS], set[str](), []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path, follow_redirects=True)
        if answer.status_code != 200:
            broken.append((path, answer.status_code))
        elif answer.mimetype == "text/html" and (path.startswith(HOME) or path in OTHERS):
            waiting += (link for link in followed(answer.get_data(as_text=True), len(seen)) if "?" not in link)

    assert broken == []
    assert len(seen) > 9_000
    assert all(sum(path.startswith(other) for path in seen) > 3_000 for other in OTHERS)


def test_a_broken_link_is_followed() -> None:
    """What leads nowhere is among the links, wherever it stands; of the formats one is chosen in turn."""
    body = "".join(f'<a href="{a}">' for a in ("/fi/no", "/sv/x?a&amp;b", "/data/x.ttl", "/data/x.nt#y", "https://z/"))

    assert list(followed(body, 0)) == ["/data/x.ttl", "/fi/no", "/sv/x?a&b"]
    assert list(followed(body, 1)) == ["/fi/no", "/sv/x?a&b"]
    assert list(followed(body, 4)) == ["/data/x.nt", "/fi/no", "/sv/x?a&b"]
