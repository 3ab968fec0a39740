"""The pages about the data, the vocabulary and single things, as people meet them: on screen, on paper, by keyboard."""

import itertools
import re
from collections.abc import Callable

import pytest

from dialogiverkko.web.languages import LANGUAGES, MENU, catalogue

from .accessible import flaws
from .conftest import ARTEFACTS, Watched

Watch = Callable[..., Watched]
PAGES = (
    "about", "data", "page/org/uudenmaan-ely", "page/activity/tulevaisuusdialogit", "page/vocab/theme",
    "page/gap/sm-listaus", "page/src/vertaisdialogi-listaus-2021/L076-68-11", "nowhere",
)  # fmt: skip
"""Pages that are not among those of test_site, or that have grown since; the last is the page of an error."""
SHOTS = ("about", "data", "page/org/uudenmaan-ely", "page/src/vertaisdialogi-listaus-2021/L076-68-11", "nowhere")


def unexpected(errors: list[str]) -> list[str]:
    """The errors of the console but one: the browser tells of the 404 that a test asks for."""
    return [error for error in errors if "404" not in error]


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(site: str, watch: Watch, language: str) -> None:
    """Neither on pages of things nor on the page of an error; nothing is asked of another host."""
    seen = watch(language=language)
    found = []

    for path in PAGES:
        seen.page.goto(f"{site}/{language}/{path}")
        found += [(path, *flaw) for flaw in flaws(seen.page, colours=language == "fi")]

    assert found == []
    assert (unexpected(seen.errors), seen.hosts) == ([], {site.split("/")[2]})


def test_axe_finds_nothing_among_the_concepts(site: str, watch: Watch) -> None:
    """The trees of the vocabulary are looked at when they are opened."""
    page = watch(language="sv").page
    page.goto(f"{site}/sv/vocabulary")
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")

    assert flaws(page, "[aria-labelledby=schemes]") == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1440, "dark")])
def test_pages_fit_every_width(site: str, watch: Watch, width: int, scheme: str) -> None:
    """Long Finnish words, checksums and addresses make no page wider than the screen."""
    seen = watch(width, scheme=scheme)
    ARTEFACTS.mkdir(exist_ok=True)
    wide = []

    for path in PAGES:
        seen.page.goto(f"{site}/fi/{path}")
        if seen.page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
        if path in SHOTS:
            name = f"{path.replace('/', '-')}-{width}-{scheme}.png"
            seen.page.screenshot(path=ARTEFACTS / name, full_page=True)

    assert wide == []


@pytest.mark.parametrize("path", ["page/activity/tulevaisuusdialogit", "page/org/om"])
def test_evidence_is_beside_the_fact_on_a_narrow_screen(site: str, watch: Watch, path: str) -> None:
    """On 320 pixels nobody has to scroll sideways to see on which words a fact rests."""
    page = watch(320, language="fi").page
    page.goto(f"{site}/fi/{path}")
    ends = page.locator(".facts .proof .line").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")

    assert len(ends) > 5
    assert max(ends) <= 320


@pytest.mark.parametrize("path", ["", "missing", "organisations", "page/org/om", "vocabulary", *PAGES])
def test_headings_form_an_outline(site: str, watch: Watch, path: str) -> None:
    """One first heading; no level is skipped."""
    page = watch(language="en").page
    page.goto(f"{site}/en/{path}")
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => h.tagName)")]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_paper_has_no_menu_but_the_addresses_of_the_evidence(site: str, watch: Watch) -> None:
    """What can only be clicked is left out, the colours are those of paper, and each phrase tells where it stands."""
    page = watch(language="fi", scheme="dark").page
    page.goto(f"{site}/fi/page/activity/saimaadialogit")
    menu = page.get_by_role("navigation", name=catalogue("fi").gettext("Main menu"))
    shown = menu.is_visible()
    after = "e => getComputedStyle(e, '::after').content"
    on_screen = page.locator(".proof a.out").first.evaluate(after)

    page.emulate_media(media="print")

    assert (shown, menu.is_visible()) == (True, False)
    assert not page.locator(".skip, .langs").first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert "dialogiakatemia.fi" in page.locator(".proof a.out").first.evaluate(after)
    assert "dialogiakatemia.fi" not in on_screen
    page.screenshot(path=ARTEFACTS / "print-page-activity-saimaadialogit.png", full_page=True)


@pytest.mark.parametrize("path", ["", "about", "page/org/om", "nowhere"])
def test_the_first_tab_skips_to_the_content(site: str, watch: Watch, path: str) -> None:
    """Tab shows the link, Enter moves to the content."""
    page = watch(language="sv").page
    page.goto(f"{site}/sv/{path}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]  # it is drawn
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("path", ["", "about", "vocabulary", "sparql", "collaboration", "activities?q=a"])
def test_nothing_is_kept_in_the_browser(site: str, watch: Watch, path: str) -> None:
    """No cookie, no storage: the notice on privacy says so."""
    page = watch(language="en").page
    page.goto(f"{site}/en/{path}")
    kept = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")

    assert kept == ["", 0, 0]
    assert page.context.cookies() == []


def test_a_newcomer_comes_from_the_front_page_to_the_meaning_of_a_word(site: str, watch: Watch) -> None:
    """Front page → how it was made → a class → its definition and number, by links alone."""
    page = watch(language="en").page
    page.goto(f"{site}/en/")

    with page.expect_navigation():
        page.get_by_role("link", name="How it was made").click()
    with page.expect_navigation():
        page.locator(".model").get_by_role("link", name="dialogue series", exact=True).click()

    assert page.url.endswith("/en/vocabulary#DialogueSeries")
    target = page.locator(":target")
    assert target.locator("h3").inner_text().startswith("Dialogue series")
    counting = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <https://w3id.org/dialogiverkko/ns#DialogueSeries> }"
    answer = page.request.post(f"{site}/sparql", form={"query": counting}, headers={"Accept": "text/csv"})
    number = int(answer.text().split()[1])
    assert number > 1
    assert target.locator("dd").last.inner_text() == f"{number} things"


def test_the_first_query_of_the_front_page_answers(site: str, watch: Watch) -> None:
    """The line to copy names this very copy, and its query runs."""
    page = watch(language="en").page
    page.goto(f"{site}/en/")
    line = page.locator("main pre code").inner_text()
    query = re.search(r"'query=(.*?)'", line)

    assert line.endswith(f" {site}/sparql")
    assert query
    answer = page.request.post(f"{site}/sparql", form={"query": query[1]}, headers={"Accept": "text/csv"})
    assert answer.status == 200
    assert len(answer.text().strip().splitlines()) == 6


def test_passages_turn_like_pages(site: str, watch: Watch) -> None:
    """The next passage leads back to the one before."""
    page = watch(language="fi").page
    page.goto(f"{site}/fi/page/src/vertaisdialogi-listaus-2021/L076-68-11")
    here = page.url

    with page.expect_navigation():
        page.locator("a[rel=next]").click()
    assert page.url != here
    with page.expect_navigation():
        page.locator("a[rel=prev]").click()

    assert page.url == here


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_leads_on(site: str, watch: Watch, language: str) -> None:
    """From nothing to the front page, in the language of the address."""
    page, said = watch(language="en").page, catalogue(language).gettext
    answer = page.goto(f"{site}/{language}/nowhere")
    assert answer is not None
    assert answer.status == 404

    assert page.locator("h1").inner_text() == said("Page not found")
    with page.expect_navigation():
        page.get_by_role("link", name=said("Go to the front page")).click()

    assert page.url == f"{site}/{language}/"


@pytest.mark.parametrize("width", [768, 1440])
def test_texts_of_the_small_pictures_stay_within_them(site: str, watch: Watch, width: int) -> None:
    """No name of an organisation and no time is cut off; a narrow screen has the tables alone."""
    page = watch(width, language="fi").page
    inside = """pictures => pictures.flatMap(picture => { const box = picture.getBoundingClientRect();
      return [...picture.querySelectorAll('text')].filter(text => { const at = text.getBoundingClientRect();
        return at.left < box.left - 1 || at.right > box.right + 1 }).map(text => text.textContent) })"""
    cut: list[str] = []
    drawn = 0
    for organisation in ("om", "mmm", "vm", "vnk", "oph", "syke", "ilmatieteen-laitos", "uudenmaan-ely", "stm", "sm"):
        page.goto(f"{site}/fi/page/org/{organisation}")
        pictures = page.locator("svg.star:visible, svg.timeline:visible")
        drawn += pictures.count()
        cut += pictures.evaluate_all(inside)

    assert drawn >= 6
    assert cut == []


_BROKEN = """() => {
  const broken = [];
  for (const each of document.querySelectorAll('main h1, main h2, main dt, main th, nav a')) {
    for (const node of [...each.childNodes].filter(child => child.nodeType === 3)) {
      for (const word of node.data.matchAll(/[^\\s\\u00ad-]+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const rows = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
        if (word[0].length < 30 && rows.size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""
_CUT = "() => [...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth + 1).length"


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_desk_no_word_breaks_and_no_list_is_cut(watch: Watch, site: str, language: str) -> None:
    """Words of headings and of the figures stand whole, and the lists of the menu fit on 1280 pixels."""
    page = watch(1280, language=language).page
    faults = []
    for name in ("", *MENU):
        page.goto(f"{site}/{language}/{name}" if name != "queries" else f"{site}/queries?lang={language}")
        faults += [f"{name}: {word}" for word in page.evaluate(_BROKEN)]
        faults += [f"{name} is cut"] * (page.evaluate(_CUT) if name in ("organisations", "places", "policy") else 0)

    assert faults == []
