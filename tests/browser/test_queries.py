"""Saved queries and the editor, as people use them: pictures, forms, results, errors, by mouse and by keyboard."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.sparql import catalogue
from dialogiverkko.sparql.catalogue import NamedQuery

from .conftest import Watched

Watch = Callable[..., Watched]
Rows = list[dict[str, dict[str, str]]]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
DRAWN = [q for q in catalogue.load(find_assets().root / "queries").public() if q.view != "table"]
NO_MEASURE = {"knownGaps", "counts", "line", "steps"}
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
DATE = "http://www.w3.org/2001/XMLSchema#date"
LINKS = "https://w3id.org/dialogiverkko/ns#linksOrganisation"


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe has against a page: the rule and the first element that breaks it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:160]) for v in found]


def rows_of(site: str, query: NamedQuery) -> Rows:
    """The answer as the API gives it."""
    with urlopen(f"{site}/queries/{query.name}.json?language=fi", timeout=20) as response:
        found: Rows = json.load(response)["results"]["bindings"]
    return found


def _bars(rows: Rows) -> int:
    counted = [row for row in rows if "gap" not in row]
    return sum(
        cell.get("datatype") == INTEGER and name not in NO_MEASURE for row in counted for name, cell in row.items()
    )


def _spans(rows: Rows) -> int:
    days = [tuple(cell["value"] for cell in row.values() if cell.get("datatype") == DATE) for row in rows]
    return len({(row["activity"]["value"], told) for row, told in zip(rows, days, strict=True)})


def _places(rows: Rows) -> int:
    return len({c["value"] for row in rows for c in row.values() if "/id/place/" in c["value"] and c["type"] == "uri"})


def _links(rows: Rows) -> int:
    steps = ("from", "middle", "to") if "from" in rows[0] else ("organisation", "context", "partner")
    paths = [[row[step]["value"] for step in steps if step in row] for row in rows]
    return len({frozenset(pair) for path in paths for pair in pairwise(path)})


def _joins(site: str, query: NamedQuery) -> int:
    with urlopen(f"{site}/queries/{query.name}.nt", timeout=20) as response:
        parties = re.findall(rf"<(\S+)> <{LINKS}> <(\S+)>", response.read().decode())
    joined: dict[str, set[str]] = {}
    for link, party in parties:
        joined.setdefault(link, set()).add(party)
    return len({frozenset(each) for each in joined.values()})


def demanded(site: str, query: NamedQuery) -> int:
    """How many marks the table of a query demands of its picture."""
    if query.is_graph:
        return _joins(site, query)
    count = {"chart": _bars, "timeline": _spans, "map": _places, "graph": _links}[query.view]
    return count(rows_of(site, query))


@pytest.mark.parametrize("query", DRAWN, ids=lambda query: query.name)
def test_every_query_with_a_view_has_its_picture(site: str, watch: Watch, query: NamedQuery) -> None:
    """The picture has as many marks as the table demands, a name, links within reach of the keyboard, and no flaw."""
    seen = watch(320, scheme="dark")
    page = seen.page
    page.goto(f"{site}/queries/{query.name}?lang=fi")

    figure = page.locator("figure.answer-picture")
    marks = figure.locator("> svg rect" if query.view == "chart" else "> svg a.mark")

    assert figure.locator("> svg").get_attribute("aria-label")
    assert marks.count() == demanded(site, query) > 0
    if query.view != "chart":
        marks.first.focus()
        assert page.evaluate("document.activeElement.matches('a.mark')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    page.emulate_media(color_scheme="light")
    assert violations(page) == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_a_line_of_a_network_leads_to_its_row(site: str, watch: Watch) -> None:
    """By keyboard: the line that is activated brings the first row that states it."""
    page = watch(language="en").page
    page.goto(f"{site}/queries/collaboration-links?lang=en")
    line = page.locator("figure.answer-picture a.mark").nth(3)
    parties = (line.get_attribute("aria-label") or "").split(":")[0].split(" – ")

    line.focus()
    page.keyboard.press("Enter")

    row = page.locator("tr:has(:target)")
    assert all(party in row.inner_text() for party in parties)
