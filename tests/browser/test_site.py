"""People walk the site: in three languages, light and dark, narrow and wide, with and without JavaScript."""

import csv
import io
import json
import re
from collections.abc import Callable
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.build import assemble
from dialogiverkko.web.pages.fuzzy import tell
from dialogiverkko.web.pages.index import Index
from dialogiverkko.web.pages.words import LANGUAGES, words

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
    """Home → organisation → activity → evidence → the line of the source, by links alone."""
    seen = watch(language=language)
    page, w = seen.page, words(language)

    page.goto(f"{site}/{language}/")
    page.get_by_role("navigation", name=w["menu"]).get_by_role("link", name=w["organisations"], exact=True).click()
    page.locator("a[href$='/page/org/mmm']").first.click()
    page.locator("a[href$='/page/activity/saimaadialogit']").first.click()
    page.locator(".proof a.line").first.click()

    assert page.locator("q").first.inner_text()
    assert page.locator("html").get_attribute("lang") == language
    original = page.locator("a.out").first.get_attribute("href") or ""
    assert original.startswith("https://dialogiakatemia.fi/2021/06/24/")
    assert "#:~:text=" in original
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(site: str, watch: Watch, language: str, scheme: str) -> None:
    """No page breaks a rule of WCAG that axe knows; none speaks of an error or asks another host."""
    seen = watch(scheme=scheme, language=language)
    axe, found = Axe(), []

    for path in PAGES:
        seen.page.goto(f"{site}/{language}/{path}")
        results = axe.run(
            seen.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        found += [(path, v["id"], v["nodes"][0]["html"][:120]) for v in results.response["violations"]]

    assert found == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
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
    page.get_by_label(words("fi")["search-label"]).fill("työntekijöiden")
    page.get_by_role("button", name=words("fi")["search"]).click()

    assert 0 < few < 55
    assert [text for text in page.locator(".list h2").all_inner_texts() if "työntekijöiden" in text]
    assert page.locator(".list li").count() == 1
    page.get_by_role("link", name=words("fi")["clear"]).click()
    assert page.locator(".list li").count() == 55


def test_search_knows_every_language(site: str, watch: Watch) -> None:
    """Å, ä and ö are letters, in whichever language the name is."""
    page = watch(language="sv").page

    page.goto(f"{site}/sv/activities?q=ålder")
    none = page.locator(".list li").count()
    page.goto(f"{site}/sv/activities?q=äldreråd")

    assert (none, page.locator(".list li").count()) == (0, 1)


def test_the_network_is_filtered_by_keyboard(site: str, watch: Watch) -> None:
    """Space on a strength hides its edges in the picture and its rows in the table."""
    page = watch().page
    page.goto(f"{site}/en/collaboration")
    before = page.locator("table.links tbody tr:visible").count()

    page.get_by_role("checkbox", name="Involvement").focus()
    page.keyboard.press("Space")

    after = page.locator("table.links tbody tr:visible").count()
    assert before - after == page.locator("table.links tr[data-strength=involvement]").count() > 0
    assert page.locator(".network a[data-strength=involvement]:visible").count() == 0


def test_an_edge_leads_to_its_evidence(site: str, watch: Watch) -> None:
    """By keyboard and by mouse: an edge is a link to the row that tells what it rests on."""
    page = watch(language="en").page
    page.goto(f"{site}/en/collaboration")
    edge = page.locator(".network a[href$='om--vm--poikkeusajan-dialogit']")

    edge.focus()
    page.keyboard.press("Enter")
    by_keyboard = page.locator("tr:target q").all_inner_texts()
    page.goto(f"{site}/en/collaboration")
    page.locator(".network a[href$='om--vm--poikkeusajan-dialogit'] .hit").click(force=True)

    assert any("Poikkeusajan dialogien koordinoinnissa" in words_ for words_ in by_keyboard)
    assert page.locator("tr:target").count() == 1


def test_the_list_is_data_too(site: str) -> None:
    """The same activities, as chosen, come as CSV and as JSON."""
    with urlopen(f"{site}/fi/activities?organisation=om&format=csv", timeout=20) as response:
        rows = list(csv.DictReader(io.StringIO(response.read().decode("utf-8"))))
    with urlopen(f"{site}/en/activities?organisation=om&format=json", timeout=20) as response:
        document = json.load(response)

    assert 0 < len(rows) == len(document["activities"]) < 55
    assert {row["activity"] for row in rows} == {row["activity"] for row in document["activities"]}


def test_a_feed_tells_what_changed(site: str) -> None:
    """The feed is Atom and holds the present version."""
    with urlopen(f"{site}/feed.atom", timeout=20) as response:
        feed = ElementTree.fromstring(response.read())  # noqa: S314 - our own server

    titles = [entry.findtext("{*}title") for entry in feed.iterfind("{*}entry")]
    assert titles == ["Dialogiverkko 0.1.0"]


def test_everything_is_there_without_javascript(site: str, watch: Watch) -> None:
    """Facts, evidence, network and table come from the server."""
    page = watch(scripts=False).page

    page.goto(f"{site}/fi/collaboration")

    assert page.locator("table.links tbody tr").count() == 19
    assert page.locator("line.edge").count() == 19
    assert not page.locator("fieldset.filters").is_visible()


def test_a_saved_query_is_asked_with_a_parameter(site: str, watch: Watch) -> None:
    """The form of a saved query changes its answer, within the frame of the site."""
    seen = watch()
    page = seen.page
    page.goto(f"{site}/queries/who-coordinated-an-activity?lang=fi")
    before = page.locator("table tbody tr").count()

    page.locator("select[name=activity]").select_option("saimaadialogit")
    page.locator("main form button").first.click()

    assert page.locator("table tbody tr").count() != before
    assert seen.errors == []


def test_the_editor_shows_a_result(site: str, watch: Watch) -> None:
    """The query that stands in the editor runs, and its result is shown."""
    page = watch(language="en").page
    page.goto(f"{site}/en/sparql")

    page.get_by_role("button", name=words("en")["run"]).click()

    assert page.locator("table tbody tr").count() > 50


@pytest.mark.timeout(300)
def test_every_internal_link_answers(site: str, watch: Watch) -> None:
    """The site is crawled from its home in one language and its entries in the others; none of its links is broken."""
    del watch
    waiting, seen, broken = [f"/{language}/" for language in LANGUAGES], set(), []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            with urlopen(site + path, timeout=20) as response:
                body = response.read().decode("utf-8", "replace") if "html" in response.headers["Content-Type"] else ""
        except OSError as error:
            broken.append((path, str(error)))
            continue
        if not path.startswith("/fi/") and len(path) > 4:
            continue
        for link in re.findall(r'(?:href|src)="(/[^"#]*)', body):
            clean = link.replace("&amp;", "&")
            if clean not in seen and "?" not in clean:
                waiting.append(clean)

    assert broken == []
    assert len(seen) > 400


def test_numbers_names_and_times_are_those_of_the_graph(site: str) -> None:
    """What the pages of ten activities say of time, count, status and reporter is in the graph."""
    index = Index(assemble(find_assets()))
    dlg = "https://w3id.org/dialogiverkko/ns#"
    activities = [a for a in index.all("Activity") if index.values(a, dlg + "hasTimeSpan")][:10]

    for activity in activities:
        slug = activity.rsplit("/", 1)[-1]
        with urlopen(f"{site}/sv/page/activity/{slug}", timeout=20) as response:
            text = re.sub(r"<[^>]+>", " ", response.read().decode("utf-8"))
        said = [index.label(activity, "sv").value, tell(index.value(activity + "/time", dlg + "edtf"), "sv")]
        said += [
            index.label(v, "sv").value
            for p in ("hasRealisationStatus", "isReportedBy")
            for v in index.values(activity, dlg + p)
        ]
        missing = [words_ for words_ in said if words_ not in text.replace("&#39;", "'")]

        assert missing == [], activity


def test_fuzzy_times_are_told_as_people_tell_them() -> None:
    """Seasons, months and days in Finnish, Swedish and English."""
    told = [tell("2020-23/2021-21", language) for language in LANGUAGES]

    assert told == [
        "syksystä 2020 kevääseen 2021",
        "från hösten 2020 till våren 2021",
        "from autumn 2020 to spring 2021",
    ]
    assert tell("2021-04-26/2021-06-11", "fi") == "26.4.2021–11.6.2021"
    assert tell("2020-03", "sv") == "mars 2020"
