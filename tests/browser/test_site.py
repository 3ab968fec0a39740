"""People walk the site: in three languages, light and dark, narrow and wide, with and without JavaScript."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect
from tests.graphs import told_graph

from dialogiverkko.graph.dates import in_words
from dialogiverkko.web.languages import LANGUAGES, catalogue
from dialogiverkko.web.site.index import Index

from .accessible import flaws
from .conftest import ARTEFACTS, Watched

Watch = Callable[..., Watched]
PAGES = (
    "", "activities", "organisations", "collaboration", "timeline", "places", "policy", "missing", "source",
    "vocabulary", "data", "about", "sparql", "page/activity/saimaadialogit", "page/org/om", "page/project/canemure",
    "page/process/tulevaisuusselonteon-valmistelu", "page/place/raasepori", "page/vocab/method/eratauko",
    "page/src/vertaisdialogi-listaus-2021/L076-68-11",
)  # fmt: skip
SHOTS = ("", "activities", "collaboration", "timeline", "places", "page/activity/saimaadialogit")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_goes_from_home_to_the_words_of_the_source(site: str, watch: Watch, language: str) -> None:
    """Home → organisation, pages on → activity → evidence → the line of the source, by links alone."""
    seen = watch(language=language)
    page, said = seen.page, catalogue(language).gettext

    page.goto(f"{site}/{language}/")
    with page.expect_navigation():
        page.get_by_role("navigation", name=said("Main menu")).get_by_role(
            "link", name=said("Organisations"), exact=True
        ).click()
    while not page.locator("a[href$='/page/org/mmm']").count():
        with page.expect_navigation():
            page.locator("a[rel=next]").first.click()
    with page.expect_navigation():
        page.locator("a[href$='/page/org/mmm']").first.click()
    with page.expect_navigation():
        page.locator("a[href$='/page/activity/saimaadialogit']").first.click()
    with page.expect_navigation():
        page.locator(".proof a.line").first.click()

    assert page.locator("q").first.inner_text()
    assert page.locator("html").get_attribute("lang") == language
    original = page.locator("a.out").first.get_attribute("href") or ""
    assert original.startswith("https://dialogiakatemia.fi/2021/06/24/")
    assert "#:~:text=" in original
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(site: str, watch: Watch, language: str) -> None:
    """No page breaks a rule of WCAG that axe knows; none speaks of an error or asks another host.

    On a desk axe looks at each page in one language, since test_every_page has it look at all in Finnish on a phone.
    Colours are those of a phone, but for what a desk alone has.
    """
    seen = watch(language=language)
    found = []

    for number, path in enumerate(PAGES):
        seen.page.goto(f"{site}/{language}/{path}")
        if LANGUAGES[number % len(LANGUAGES)] == language:
            found += [(path, *flaw) for flaw in flaws(seen.page, colours=path in SHOTS)]

    assert found == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_a_flaw_is_seen(watch: Watch) -> None:
    """A picture without words is noticed, and pale letters wherever the other scheme has them; colours can be left."""
    page = watch(320).page
    page.set_content(
        "<html lang='en'><title>x</title><style>@media (prefers-color-scheme: dark) { p { color: #eee } }</style>"
        "<main><h1>x</h1><img src='data:,'><p>pale</p></main>"
    )

    assert [rule for rule, _ in flaws(page)] == ["image-alt", "color-contrast, dark"]
    assert [rule for rule, _ in flaws(page, colours=False)] == ["image-alt"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1440, "dark")])
def test_pages_fit_every_width(site: str, watch: Watch, width: int, scheme: str) -> None:
    """Nothing makes the page wider than the screen; the pictures are kept to be looked at."""
    seen = watch(width, scheme=scheme)
    ARTEFACTS.mkdir(exist_ok=True)
    wide = []

    for path in PAGES:
        seen.page.goto(f"{site}/fi/{path}")
        if seen.page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
        if path in SHOTS:
            seen.page.screenshot(path=ARTEFACTS / f"{path.replace('/', '-') or 'home'}-{width}-{scheme}.png")

    assert wide == []


def test_facets_and_search_narrow_the_list(site: str, watch: Watch) -> None:
    """A facet and a word with ä leave what they say, and the way back is a link."""
    seen = watch()
    page = seen.page

    page.goto(f"{site}/fi/activities?organisation=om")
    few = page.locator(".list li").count()
    page.get_by_label(catalogue("fi").gettext("Search names and descriptions")).fill("työntekijöiden")
    with page.expect_navigation():
        page.locator("#content").get_by_role("button", name=catalogue("fi").gettext("Search")).click()

    assert 0 < few < 55
    assert [text for text in page.locator(".list h2").all_inner_texts() if "työntekijöiden" in text]
    assert page.locator(".list li").count() == 1
    with page.expect_navigation():
        page.get_by_role("link", name=catalogue("fi").gettext("Clear filters")).click()
    assert page.locator(".list li").count() == 50
    page.locator("a[rel=next]").first.click()
    page.wait_for_url("**page=2")
    assert page.locator(".list li").count() > 0


def test_search_knows_every_language(site: str, watch: Watch) -> None:
    """Å, ä and ö are letters, in whichever language the name is."""
    page = watch(language="sv").page

    page.goto(f"{site}/sv/activities?q=ålder")
    none = page.locator(".list li").count()
    page.goto(f"{site}/sv/activities?q=äldreråd")

    names = page.locator(".list h2").all_inner_texts()
    assert none == 0
    assert names
    assert all("äldreråd" in name.lower() for name in names)


def test_the_network_is_filtered_by_keyboard(site: str, watch: Watch) -> None:
    """Space on a strength takes its links out of the picture and of the table; the focus stays."""
    page = watch().page
    page.goto(f"{site}/en/collaboration")
    before = int(page.locator("#shown").inner_text())
    box = page.get_by_role("checkbox", name="Involvement")
    involved = int(box.locator("xpath=..").locator(".n").inner_text())

    box.focus()
    page.keyboard.press("Space")

    expect(page.locator("#shown")).to_have_text(str(before - involved))
    assert 0 < involved < before
    assert page.locator("[data-strength=involvement]").count() == 0
    assert box.evaluate("box => box === document.activeElement")


def test_the_network_is_filtered_by_basis(site: str, watch: Watch) -> None:
    """Unticking what headings imply leaves only what is said, in the picture and in the table."""
    page = watch().page
    page.goto(f"{site}/en/collaboration")
    before = int(page.locator("#shown").inner_text())
    box = page.locator("[data-filter=basis] input[value=implied-by-heading]")
    implied = int(box.locator("xpath=..").locator(".n").inner_text())

    box.uncheck()

    expect(page.locator("#shown")).to_have_text(str(before - implied))
    assert 0 < implied < before
    assert page.locator("[data-basis=implied-by-heading]").count() == 0


OF_THE_LISTING = "organisation=om&source=vertaisdialogi-listaus-2021"
"""A choice so small that each of its links has a line of its own."""


@pytest.mark.parametrize("by", ["keyboard", "mouse"])
def test_an_edge_shows_its_evidence(site: str, watch: Watch, by: str) -> None:
    """An edge that is activated tells beside the picture what it rests on, and how to come to its row."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/collaboration?{OF_THE_LISTING}")
    edge = page.locator(".network a[href$='om--vm--poikkeusajan-dialogit']")

    if by == "keyboard":
        edge.focus()
        page.keyboard.press("Enter")
    else:
        edge.locator(".hit").click(force=True)

    panel = page.locator("#edge-evidence[aria-live=polite]")
    assert panel.locator("h2").inner_text() == edge.get_attribute("aria-label")
    assert any("Poikkeusajan dialogien koordinoinnissa" in quoted for quoted in panel.locator("q").all_inner_texts())
    with page.expect_navigation():
        panel.locator("p > a").click()
    assert page.locator("tr:target").count() == 1
    assert seen.errors == []


def test_an_edge_is_a_link_without_javascript(site: str, watch: Watch) -> None:
    """Without scripts an edge leads to the row that tells what it rests on."""
    page = watch(scripts=False).page
    page.goto(f"{site}/en/collaboration?{OF_THE_LISTING}")

    page.locator(".network a[href$='om--vm--poikkeusajan-dialogit']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.locator("tr:target q").count() > 0


@pytest.mark.parametrize("name", ["methods-by-number-of-organisations", "statuses-by-organisation"])
def test_a_query_that_counts_has_a_picture(site: str, watch: Watch, name: str) -> None:
    """The bars tell the numbers of the table, as long as each is large; what a missing listing counts has no bar."""
    page = watch(language="en").page
    page.goto(f"{site}/queries/{name}?lang=en")
    with urlopen(f"{site}/queries/{name}.json?lang=en", timeout=20) as response:
        rows = json.load(response)["results"]["bindings"]

    drawn = [
        (int(text), float(width))
        for text, width in page.locator("figure > svg.bars rect").evaluate_all(
            "rects => rects.map(r => [r.nextElementSibling.textContent, r.getAttribute('width')])"
        )
    ]
    largest = max(value for value, _ in drawn)
    activities = [int(row["activities"]["value"]) for row in rows if "activities" in row and "gap" not in row]

    assert activities
    assert not Counter(activities) - Counter(value for value, _ in drawn)
    assert all(width == pytest.approx(520 * value / largest, abs=0.1) for value, width in drawn)


def test_the_list_is_data_too(site: str) -> None:
    """The same activities, as chosen, come as CSV and as JSON."""
    with urlopen(f"{site}/fi/activities?organisation=om&format=csv", timeout=20) as response:
        rows = list(csv.DictReader(io.StringIO(response.read().decode("utf-8"))))
    with urlopen(f"{site}/en/activities?organisation=om&format=json", timeout=20) as response:
        document = json.load(response)

    assert 0 < len(rows) == len(document["activities"]) < 55
    assert {row["activity"] for row in rows} == {row["activity"] for row in document["activities"]}


def test_a_feed_tells_what_changed(site: str) -> None:
    """The feed is Atom and holds every release, the first one last."""
    with urlopen(f"{site}/feed.atom", timeout=20) as response:
        feed = ElementTree.fromstring(response.read())  # noqa: S314 - our own server

    titles = [entry.findtext("{*}title") for entry in feed.iterfind("{*}entry")]
    assert titles[-1] == "Dialogiverkko 0.1.0"


def test_everything_is_there_without_javascript(site: str, watch: Watch) -> None:
    """Facts, evidence, network and table come from the server."""
    page = watch(scripts=False).page

    page.goto(f"{site}/fi/collaboration")

    assert 0 < page.locator("table.links tbody tr").count() <= 50
    assert page.locator(".network .edge").count() > 10
    assert page.locator("fieldset.filters:visible").count() == 4
    assert page.locator("form.network-filters button:visible").count() == 1


def test_a_saved_query_is_asked_with_a_parameter(site: str, watch: Watch) -> None:
    """The form of a saved query changes its answer, within the frame of the site."""
    seen = watch()
    page = seen.page
    page.goto(f"{site}/queries/who-coordinated-an-activity?lang=fi")
    before = page.locator("table tbody tr").count()

    page.locator("select[name=activity]").select_option("saimaadialogit")
    with page.expect_navigation():
        page.locator("main form button").first.click()

    assert page.locator("table tbody tr").count() != before
    assert seen.errors == []


def test_the_plain_form_shows_a_result(site: str, watch: Watch) -> None:
    """Without scripts the query that stands in the form runs, and its result is shown."""
    page = watch(language="en", scripts=False).page
    page.goto(f"{site}/en/sparql")

    with page.expect_navigation():
        page.get_by_role("button", name=catalogue("en").gettext("Run")).click()

    assert page.locator("table tbody tr").count() > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_editor_runs_an_example(site: str, watch: Watch, language: str) -> None:
    """An example comes into the editor, runs and shows its rows; nothing is asked of another host, axe is content."""
    seen = watch(language=language)
    page, said = seen.page, catalogue(language).gettext
    answer = page.goto(f"{site}/{language}/sparql")
    assert answer is not None
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))

    page.locator("li:has(a[href*=methods-by-number]) button").click()
    page.locator(".CodeMirror").wait_for()
    page.get_by_role("button", name=said("Run"), exact=True).click()
    page.locator(".query-results tbody tr").first.wait_for()

    with urlopen(f"{site}/queries/methods-by-number-of-organisations.json?language={language}", timeout=20) as response:
        expected = json.load(response)["results"]["bindings"]
    text = page.locator(".query-results tbody").inner_text()
    assert [row["methodLabel"]["value"] for row in expected if row["methodLabel"]["value"][:12] not in text] == []
    assert page.locator(".query-results tbody tr").count() == len(expected)
    assert page.locator("button[data-example]").count() == 14
    assert flaws(page) == []
    assert policy["script-src"] == "'self'"
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_the_editor_completes_what_the_graph_knows(site: str, watch: Watch) -> None:
    """A property of ours is offered for its first letters, and the Tab key is no trap."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/sparql")

    page.locator("#query").focus()
    page.locator(".CodeMirror").wait_for()
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('')")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.type("PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> SELECT * { ?a dlg:hasReal")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hints").get_by_text("dlg:hasRealisationStatus").first.wait_for()
    page.keyboard.press("Escape")
    before = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    for _ in ("the region that scrolls", "share", "run", "what follows"):
        page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()") == before
    assert page.evaluate("!document.activeElement.closest('.CodeMirror')")
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


def test_numbers_names_and_times_are_those_of_the_graph(site: str) -> None:
    """What the pages of ten activities say of time, count, status and reporter is in the graph."""
    index = Index(told_graph())
    dlg = "https://w3id.org/dialogiverkko/ns#"
    activities = [a for a in index.all("Activity") if index.values(a, dlg + "hasTimeSpan")][:10]

    for activity in activities:
        slug = activity.rsplit("/", 1)[-1]
        with urlopen(f"{site}/sv/page/activity/{slug}", timeout=20) as response:
            text = re.sub(r"<[^>]+>", " ", response.read().decode("utf-8"))
        said = [index.label(activity, "sv").value, in_words(index.value(activity + "/time", dlg + "edtf"), "sv")]
        said += [
            index.label(v, "sv").value
            for p in ("hasRealisationStatus", "isReportedBy")
            for v in index.values(activity, dlg + p)
        ]
        missing = [words_ for words_ in said if words_ not in text.replace("&#39;", "'")]

        assert missing == [], activity
