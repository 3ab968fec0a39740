"""Saved queries and the editor, as people use them: pictures, forms, results, errors, by mouse and by keyboard."""

import csv
import io
import json
import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from flask import Flask
from playwright.sync_api import Page
from tests.graphs import served_graph
from tests.served import served_on_loopback

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.mapped import Statements
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.web.drawing.outline import project
from dialogiverkko.web.drawing.places import is_on_map
from dialogiverkko.web.positions import located, positions

from .accessible import flaws
from .conftest import ARTEFACTS, Watched

Watch = Callable[..., Watched]
Rows = list[dict[str, dict[str, str]]]
DRAWN = [q for q in catalogue.load(find_assets().root / "queries").public() if q.view != "table"]
TOO_LARGE = {"collaboration-network-as-a-graph": 150}
"""Queries whose whole answer no picture can hold, and how many marks would be the most."""
IN_PARTS = {"collaboration-links": "&limit=40"}
"""What to ask of a query that is large as a whole, so that a part of its answer has its picture."""
PICTURED = [q for q in DRAWN if q.name not in TOO_LARGE or q.name in IN_PARTS]
NO_MEASURE = {"knownGaps", "counts", "line", "steps"}
MOST_SPANS = 60
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
DATE = "http://www.w3.org/2001/XMLSchema#date"
LINKS = "https://w3id.org/dialogiverkko/ns#linksOrganisation"


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
    found = {(row["activity"]["value"], told) for row, told in zip(rows, days, strict=True) if told}
    return min(len(found), MOST_SPANS)


def _places(rows: Rows) -> int:
    """Count the places that lie on the map; the others are named below it."""
    named = {cell["value"] for row in rows for cell in row.values() if cell["type"] == "uri"}
    spots = [
        project(*position)
        for iri, position in positions(located(Statements.of(served_graph()))).items()
        if iri in named
    ]
    return sum(is_on_map(x, y) for x, y in spots)


def _links(rows: Rows) -> int:
    chain, shared = ("from", "middle", "to"), ("organisation", "reporter", "context", "partner", "otherReporter")
    steps = chain if "from" in rows[0] else shared
    paths = [[row[step]["value"] for step in steps if step in row] for row in rows]
    return len({frozenset(pair) for path in paths for pair in pairwise(path)})


def _joins(site: str, query: NamedQuery) -> int:
    with urlopen(f"{site}/queries/{query.name}.nt", timeout=20) as response:
        parties = re.findall(rf"<(\S+)> <{LINKS}> <(\S+)>", response.read().decode())
    joined: dict[str, set[str]] = {}
    for link, party in parties:
        joined.setdefault(link, set()).add(party)
    return len({frozenset(each) for each in joined.values()})


def demanded(site: str, query: NamedQuery, rows: int | None = None) -> int:
    """How many marks the table of a query demands of its picture: all of it, or its first rows."""
    if query.is_graph:
        return _joins(site, query)
    count = {"chart": _bars, "timeline": _spans, "map": _places, "graph": _links}[query.view]
    return count(rows_of(site, query)[:rows])


@pytest.mark.parametrize("query", PICTURED, ids=lambda query: query.name)
def test_every_query_with_a_view_has_its_picture(site: str, watch: Watch, query: NamedQuery) -> None:
    """The picture has as many marks as the table demands, a name, links within reach of the keyboard, and no flaw."""
    seen = watch(320, scheme="dark")
    page = seen.page
    page.goto(f"{site}/queries/{query.name}?lang=fi{IN_PARTS.get(query.name, '')}")

    figure = page.locator("figure.answer-picture")
    marks = figure.locator("> svg rect" if query.view == "chart" else "> svg a.mark")

    assert figure.locator("> svg").get_attribute("aria-label")
    shown = page.locator("[data-view] tbody tr").count()
    assert shown >= min(len(rows_of(site, query)), 40)
    assert marks.count() == demanded(site, query, shown) > 0
    if query.view != "chart":
        marks.first.focus()
        assert page.evaluate("document.activeElement.matches('a.mark')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert flaws(page, "figure.answer-picture") == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


@pytest.mark.parametrize("name", TOO_LARGE)
def test_an_answer_that_no_picture_can_hold_says_so(site: str, watch: Watch, name: str) -> None:
    """Where the marks would be too many there is no picture, and a sentence in the language of the page tells it."""
    page = watch(320, scheme="dark").page
    query = next(q for q in DRAWN if q.name == name)
    page.goto(f"{site}/queries/{name}?lang=fi")

    assert page.locator("figure.answer-picture").count() == 0
    assert demanded(site, query, 200) > TOO_LARGE[name]
    assert page.locator(".no-picture").inner_text().startswith("Kuvaa ei ole:")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


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


# --- the editor ------------------------------------------------------------------------------------

RUN = "#run-query"


def open_example(page: Page, name: str) -> None:
    """Bring an example into the editor, run it and wait for its own rows, not those of the answer before it."""
    page.evaluate("document.querySelectorAll('.query-results tbody tr').forEach(row => row.classList.add('old'))")
    page.locator(f"li:has(a[href*='/{name}?']) button").click()
    page.locator(RUN).click()
    page.locator(".query-results tbody tr:not(.old)").first.wait_for()


def begin_to_write(page: Page) -> None:
    """Step into the form, which brings the editor where it is not there yet."""
    if not page.locator(".CodeMirror").count():
        page.locator("#query").focus()
    page.locator(".CodeMirror").wait_for()


def written(page: Page) -> str:
    """The text that stands in the editor, which an address with a query brings by itself."""
    page.locator(".CodeMirror").wait_for()
    text: str = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    return text


def ask(page: Page, query: str) -> None:
    """Write a query into the editor and run it."""
    begin_to_write(page)
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)
    page.locator(RUN).click()


def test_results_are_shown_in_every_view(site: str, watch: Watch) -> None:
    """An example comes as map or timeline, and always as the table that says the same."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/sparql")
    found = flaws(page)

    for name, view in (
        ("activities-in-a-place", "map"),
        ("timeline-of-activities", "timeline"),
    ):
        query = next(q for q in DRAWN if q.name == name)
        open_example(page, name)
        pressed = page.locator(".query-results button[aria-pressed=true]")
        drawn = page.locator(".query-results figure svg a.mark").count()
        rows = page.locator(".query-results tbody tr").count()
        found += flaws(page, ".query-results")
        page.locator(".query-results .select_table").click()
        page.locator(".query-results figure").wait_for(state="detached")

        assert drawn == demanded(site, query), view
        assert page.locator(".query-results tbody tr").count() == rows > 0
        assert pressed.inner_text() == "Table"

    assert found == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


PARTNERSHIP = "VALUES ?strength { <https://w3id.org/dialogiverkko/vocab/strength/partnership> }"
PARTNERS = f"""SELECT DISTINCT ?one ?other {{ {PARTNERSHIP}
  ?link <{LINKS.replace("linksOrganisation", "linkStrength")}> ?strength ; <{LINKS}> ?one , ?other
  FILTER(STR(?one) < STR(?other)) }}"""


def test_a_graph_is_shown_as_a_network(site: str, watch: Watch) -> None:
    """The example of a graph tells that it is too large; narrowed to partnerships it has an edge for each pair."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/sparql")
    open_example(page, "collaboration-network-as-a-graph")
    told = page.locator(".query-results p").all_inner_texts()
    assert page.locator(".query-results figure").count() == 0
    assert any("A picture can show 60 of these" in words for words in told)

    ask(page, written(page).replace("WHERE {", f"WHERE {{ {PARTNERSHIP}", 1))
    marks = page.locator(".query-results figure svg a.mark")
    marks.first.wait_for()
    answer = page.request.post(f"{site}/sparql", form={"query": PARTNERS}, headers={"Accept": "text/csv"})
    found = flaws(page, ".query-results")

    assert marks.count() == len(answer.text().split()) - 1 > 10
    page.locator(".query-results .select_table").click()
    page.locator(".query-results figure").wait_for(state="detached")
    assert page.locator(".query-results tbody tr").count() > 10
    assert found == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_views_follow_the_columns_of_any_query(site: str, watch: Watch) -> None:
    """Coordinates make a map and years a timeline, whatever the query; what has neither offers neither."""
    page = watch(language="en").page
    page.goto(f"{site}/en/sparql")
    buttons = page.locator(".query-results button.yasr_btn:visible")

    ask(page, "SELECT * { VALUES (?name ?lat ?long) { ('Oulu' 65.01 25.47) ('Paris' 48.86 2.35) } }")
    page.locator(".query-results tbody tr").first.wait_for()
    assert buttons.all_inner_texts() == ["Table", "Map", "As received"]
    page.locator(".query-results .select_map").click()
    assert page.locator(".query-results .finland .mark").get_attribute("aria-label") == "Oulu"
    assert "1" in page.locator(".query-results figcaption").inner_text()

    ask(page, 'SELECT * { VALUES (?name ?year) { ("a" "2020"^^<http://www.w3.org/2001/XMLSchema#gYear>) } }')
    page.locator(".query-results .select_timeline").click()
    bar = page.locator(".query-results .timeline rect.possible")
    assert float(bar.get_attribute("width") or 0) == pytest.approx(640, abs=2)

    ask(page, "ASK { ?s ?p ?o }")
    page.locator(".query-results .truth").wait_for()
    assert buttons.all_inner_texts() == ["As received"]


def test_an_error_is_told_with_its_place(site: str, watch: Watch) -> None:
    """The page says in its own language what is wrong and where, and leads to the place."""
    seen = watch(language="sv", scheme="dark")
    page = seen.page
    page.goto(f"{site}/sv/sparql")

    ask(page, "SELECT * {\n ?a ?b }}")
    alert = page.locator(".query-problem[role=alert]")
    alert.wait_for()

    assert "Frågan är inte SPARQL 1.1" in alert.inner_text()
    assert "Rad 2, kolumn 8" in alert.inner_text()
    assert flaws(page) == []
    alert.get_by_role("button", name="Gå till stället").click()
    assert page.evaluate("(c => [c.line, c.ch])(document.querySelector('.CodeMirror').CodeMirror.getCursor())") == [
        1,
        7,
    ]
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    assert [error for error in seen.errors if "400" not in error] == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("PREFIX dlg", "dlg: <https://w3id.org/dialogiverkko/ns#>"),
        ("SELECT * { ?a dlg:isReportedB", "dlg:isReportedBy"),
        ("SELECT * { ?a a dlg:DialogueS", "dlg:DialogueSeries"),
        ("SELECT * { ?activity a ?kind . ?act", "?activity"),
    ],
)
def test_the_editor_completes(site: str, watch: Watch, typed: str, offered: str) -> None:
    """Prefixes, properties, classes and variables; a prefix that is used is declared by itself."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/sparql")
    begin_to_write(page)
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('')")
    page.locator(".CodeMirror textarea").focus()

    page.keyboard.type(typed)
    page.keyboard.press("Control+Space")

    # The only name that fits is written at once; of several, one is chosen from a list. What the lines show is looked
    # for, since a function that is asked again and again is refused by the Content Security Policy of the page.
    hint = page.locator(".CodeMirror-hint").get_by_text(offered, exact=True)
    hint.or_(page.locator(".CodeMirror-code").get_by_text(offered)).first.wait_for()
    text = written(page)
    assert ("dlg:" not in typed) or "PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>" in text
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_the_editor_works_by_keyboard_alone(site: str, watch: Watch) -> None:
    """Tab reaches an example, Enter opens it, Ctrl+Enter runs it, Tab leaves the editor and reaches the views."""
    page = watch(language="en").page
    page.goto(f"{site}/en/sparql")

    def tab_to(selector: str) -> None:
        for _ in range(120):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(selector)

    page.evaluate("document.querySelector('main').focus()")
    tab_to("li:has(a[href*='/timeline-of-activities?']) button")
    page.keyboard.press("Enter")
    page.locator(".CodeMirror textarea:focus").wait_for(state="attached")
    page.keyboard.press("Control+Enter")
    page.locator(".query-results .timeline a.mark").first.wait_for()
    tab_to(RUN)
    tab_to(".query-results .select_table")
    page.keyboard.press("Enter")
    page.locator(".query-results figure").wait_for(state="detached")

    assert page.locator(".query-results tbody tr").count() > 10


def test_a_query_is_carried_into_the_editor(site: str, watch: Watch) -> None:
    """The page of a saved query and the link of the editor both open the same text."""
    page = watch(language="en").page
    page.goto(f"{site}/queries/activities-in-a-place?lang=en")
    said = page.locator("details pre", has_text="PREFIX").first.text_content() or ""

    with page.expect_navigation():
        page.get_by_role("link", name="Open in the editor").click()

    value = written(page)
    kept = page.evaluate("document.getElementById('query-link').href")
    assert value.split() == said.split()
    page.goto(f"{site}/fi/")
    page.goto(kept)
    assert written(page) == value


# --- the answer of the endpoint --------------------------------------------------------------------

SELECT = """PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
SELECT ?activity ?label { ?activity a dlg:DialogueSeries ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"""


@pytest.mark.parametrize(
    ("language", "heading"), [("fi", "Vastaus kyselyyn"), ("sv", "Svar på en fråga"), ("en", "Answer to a query")]
)
def test_the_endpoint_answers_a_browser_in_its_language(site: str, watch: Watch, language: str, heading: str) -> None:
    """Without scripts: the frame of the site, linked rows, downloads of the same answer, and the same query again."""
    seen = watch(320, language=language, scheme="dark")
    page = seen.page
    page.goto(f"{site}/sparql?query={quote(SELECT)}")

    assert page.locator("h1").inner_text() == heading
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("tbody tr").count() > 10
    link = page.locator("tbody a").first
    assert (link.get_attribute("href") or "").startswith("/id/activity/")
    assert page.locator("#query").input_value() == SELECT
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert flaws(page) == []
    with urlopen(site + (page.locator(".formats a[href*=csv]").get_attribute("href") or ""), timeout=20) as response:
        assert len(list(csv.reader(io.TextIOWrapper(response, "utf-8")))) == page.locator("tbody tr").count() + 1
    with page.expect_navigation():
        page.locator(".langs a[hreflang=en]").click()
    assert page.locator("#query").input_value() == SELECT
    with page.expect_navigation():
        page.get_by_role("link", name="Open in the editor").click()
    assert written(page) == SELECT
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_a_described_thing_and_a_truth_are_answered_too(site: str, watch: Watch) -> None:
    """A graph is a table of its statements; yes is a word."""
    page = watch(language="en").page
    page.goto(f"{site}/sparql?query={quote('DESCRIBE <https://w3id.org/dialogiverkko/id/org/om>')}")
    assert page.locator("thead th").all_inner_texts() == ["Thing", "Property", "Value"]
    assert page.locator("tbody a[href='/id/org/om']").count() > 3
    page.goto(f"{site}/sparql?query={quote('ASK { ?s ?p ?o }')}")
    assert page.locator(".truth").inner_text() == "Yes"


# --- to be looked at -------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1440, "dark")])
def test_pages_fit_every_width(site: str, watch: Watch, width: int, scheme: str) -> None:
    """No query page, editor or answer is wider than the screen; the pictures are kept to be looked at."""
    page = watch(width, scheme=scheme).page
    ARTEFACTS.mkdir(exist_ok=True)
    wide = []

    def keep(name: str) -> None:
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(name)
        page.screenshot(path=ARTEFACTS / f"{name}-{width}-{scheme}.png", full_page=True)

    for name in ("statuses-by-organisation", "timeline-of-activities", "activities-in-a-place", "collaboration-links"):
        page.goto(f"{site}/queries/{name}?lang=fi")
        keep(f"query-{name}")
    page.goto(f"{site}/sparql?query={quote(SELECT)}")
    keep("sparql-answer")
    page.goto(f"{site}/fi/sparql")
    open_example(page, "collaboration-network-as-a-graph")
    keep("editor-graph")
    ask(page, "SELECT * {\n ?a ?b }}")
    page.locator(".query-problem").wait_for()
    keep("editor-error")

    assert wide == []


def test_the_editor_comes_when_somebody_writes(site: str, watch: Watch) -> None:
    """The first view has no library; who clicks into the form goes on there, and what was written already stays."""
    seen = watch(language="en")
    page, asked = seen.page, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/en/sparql", wait_until="networkidle")
    first = [url for url in asked if "/vendor/" in url]
    page.evaluate("document.querySelector('#query').value = 'ASK { ?s ?p ?o } # mine'")

    page.locator("#query").click()
    text = written(page)
    page.locator(".CodeMirror textarea:focus").wait_for(state="attached")

    assert first == []
    assert [url for url in asked if "/vendor/" in url]
    assert text == "ASK { ?s ?p ?o } # mine"
    assert page.locator("form.editor").is_hidden()
    assert seen.errors == []


def test_the_plain_form_runs_in_the_editor(site: str, watch: Watch) -> None:
    """Run, pressed at once, brings the editor and the answer into the page."""
    page = watch(language="en").page
    page.goto(f"{site}/en/sparql")
    page.locator("form.editor button").click()
    page.locator(".query-results tbody tr").first.wait_for()

    assert page.url == f"{site}/en/sparql"
    assert page.locator(RUN).is_visible()


def test_a_shared_link_runs_its_query(site: str, watch: Watch) -> None:
    """Whoever follows a link to a query in the editor sees its answer, and so does whoever changes the address."""
    page = watch(1280).page
    page.goto(f"{site}/en/sparql#query={quote(SELECT)}")
    page.locator(".query-results tbody tr").first.wait_for()

    assert page.locator(".query-results tbody tr").count() > 10
    page.evaluate("location.hash = 'query=' + encodeURIComponent('ASK { ?s ?p ?o }')")
    page.locator(".query-results .truth").wait_for()


@pytest.mark.parametrize("path", ["/embed/queries/timeline-of-activities", "/embed/collaboration"])
def test_an_embedded_view_is_seen_in_a_frame(site: str, watch: Watch, path: str) -> None:
    """Another page frames it, and a picture is there; nothing is wrong with it for assistive technology."""
    seen = watch(800)
    page = seen.page
    page.goto(f"{site}{path}?lang=sv")
    assert flaws(page) == []
    other = Flask("other")
    other.add_url_rule("/", view_func=lambda: f'<iframe src="{site}{path}?lang=sv" width="800" height="600"></iframe>')
    with served_on_loopback(other) as address:
        page.goto(address)
    framed = page.frame_locator("iframe")
    framed.locator("h1").wait_for()

    assert framed.locator("figure svg").count() == 1
    assert framed.locator("script").count() == 0
