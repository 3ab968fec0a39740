"""The links within the site: each leads somewhere."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import count

import pytest
from flask.testing import FlaskClient

from dialogiverkko.web.languages import LANGUAGES

HOME = "/fi/"
OTHERS = tuple(f"/{language}/" for language in LANGUAGES if f"/{language}/" != HOME)
EACH = 4
"""Of so many pages one is asked for its data: each kind of thing is in test_addresses."""


def followed(body: str, number: int) -> Iterator[str]:
    """The links of a page that a crawl follows.

    Of those of its formats one or none, and of those in other languages one, by its number.
    """
    links = dict.fromkeys(unescape(link) for link in re.findall(r'(?:href|src)="(/[^"#]*)', body))
    data = [link for link in links if link.startswith("/data/")]
    others = [link for link in links if link.startswith(OTHERS)]
    if data and number % EACH == 0:
        yield data[number // EACH % len(data)]
    if others:
        yield others[number % len(others)]
    yield from (link for link in links if link not in data and link not in others)


@pytest.mark.timeout(600)
def test_every_internal_link_answers(client: FlaskClient) -> None:
    """The site is crawled from its homes through all Finnish pages; none of the links there is broken.

    Each page is asked for in one more language, and some for one of their formats, the next page for another.
    """
    waiting, seen, broken, number = [HOME, *OTHERS], set[str](), [], count()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path, follow_redirects=True)
        if answer.status_code != 200:
            broken.append((path, answer.status_code))
        elif answer.mimetype == "text/html" and (path.startswith(HOME) or path in OTHERS):
            waiting += (link for link in followed(answer.get_data(as_text=True), next(number)) if "?" not in link)

    assert broken == []
    assert len(seen) > 6_000
    assert all(sum(path.startswith(other) for path in seen) > 1_500 for other in OTHERS)


def test_a_broken_link_is_followed() -> None:
    """What leads nowhere is among the links, wherever it stands; of formats and languages one is chosen in turn."""
    links = ("/fi/no", "/sv/x?a&amp;b", "/en/x", "/data/x.ttl", "/data/x.nt#y", "https://z/")
    body = "".join(f'<a href="{link}">' for link in links)

    assert list(followed(body, 0)) == ["/data/x.ttl", "/sv/x?a&b", "/fi/no"]
    assert list(followed(body, 1)) == ["/en/x", "/fi/no"]
    assert list(followed(body, 4)) == ["/data/x.nt", "/sv/x?a&b", "/fi/no"]
