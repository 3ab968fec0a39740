"""What a newcomer comes for, done from the front page in at most three steps, in each language, on a phone and a desk.

A step is a click, or words written into the search and Enter. What is clicked is on the screen of both, and not beside
it; the click itself is made on the phone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Download, Locator, Page

from dialogiverkko.namespaces import LANGUAGES

from .accessible import flaws
from .conftest import Watched
from .fingers import faults

Watch = Callable[..., Watched]
PHONE, DESK = 390, 1280
MOST_STEPS = 3
RELEASE = "0.1.0"
BY_ITSELF = "Applying inline style"
"""What the browser complains of where it shows a picture alone: it would style the page that it makes around it."""
WORDS = {
    "young": {
        "fi": "mihin nuoret osallistuivat", "sv": "vad deltog unga i", "en": "what did young people take part in",
    },
    "who": {
        "fi": "kuka yhdistää SYKEn ja OM:n", "sv": "vem förenar SYKE och OM", "en": "who connects SYKE with OM",
    },
    "excel": {"fi": "taulukko Exceliin", "sv": "tabell till Excel", "en": "a table for Excel"},
    "slide": {"fi": "kuva kalvoon", "sv": "bild till en presentation", "en": "a picture for a slide"},
    "typo": {"fi": "oikeusministerön", "sv": "justiteministeriet", "en": "Minstry of Justice"},
    "inflected": {"fi": "oikeusministeriötä", "sv": "justitieministeriets", "en": "the Ministry of Justice’s"},
    "thing": {"fi": "Poikkeusajan dialogit", "sv": "Undantagstidens dialoger", "en": "Lockdown Dialogues"},
    "mistake": {"fi": "virhe", "sv": "fel", "en": "mistake"},
}  # fmt: skip


@dataclass
class Newcomer:
    """Someone who has the front page before them, and what it took to come where they wanted."""

    page: Page
    site: str
    language: str
    steps: int = 0

    def begins(self) -> None:
        """Open the front page in the language."""
        self.steps = 0
        self.page.goto(f"{self.site}/{self.language}/")

    def asks(self, words: str) -> None:
        """Write words into the search and press Enter."""
        field = self.page.locator("header input[type=search]")
        self._sees(field)
        field.fill(WORDS.get(words, {}).get(self.language, words))
        with self.page.expect_navigation():
            field.press("Enter")
        self.steps += 1

    def follows(self, selector: str, *, last: bool = False) -> None:
        """Click the first link of a selector, or the last."""
        link = self.page.locator(selector).locator("visible=true")
        link = link.last if last else link.first
        self._sees(link)
        with self.page.expect_navigation():
            link.click()
        self.steps += 1

    def opens(self, selector: str) -> None:
        """Click what opens on the page."""
        self._sees(self.page.locator(selector).first)
        self.page.locator(selector).first.click()
        self.steps += 1

    def takes(self, selector: str) -> Download:
        """Click what is downloaded."""
        self._sees(self.page.locator(selector).first)
        with self.page.expect_download() as taken:
            self.page.locator(selector).first.click()
        self.steps += 1
        return taken.value

    def _sees(self, what: Locator) -> None:
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 900})
            what.scroll_into_view_if_needed()
            box = what.bounding_box()
            assert box is not None, (width, what)
            assert -1 < box["x"] < width - box["width"] + 1, (width, what)

    def count(self, selector: str) -> int:
        """Count what is there."""
        return self.page.locator(selector).count()


def young_people(who: Newcomer) -> bool:
    """Find what young people took part in, with the words that say so."""
    who.asks("young")
    who.follows(".results a[href*='where-a-group-of-people-appears']")
    return who.count("table.answer tbody tr") > 10 and who.count("table.answer q") > 5


def chain(who: Newcomer) -> bool:
    """See who connects two organisations, and why."""
    who.asks("who")
    who.follows(".between a")
    return who.count("section.chain h2") > 0 and who.count("section.chain q") > 2


def chain_of_a_year(who: Newcomer) -> bool:
    """See the same for one year."""
    who.asks("SYKE OM 2022")
    who.follows(".between a")
    is_told = who.count("section.chain") > 0 or who.count(".instead + .hints a") > 0
    return who.page.locator("select[name=year]").input_value() == "2022" and is_told


def excel(who: Newcomer) -> bool:
    """Take a table to Excel."""
    who.asks("excel")
    who.follows(".ways a[href$='data#tables']")
    return who.takes("#tables a[href*='.xlsx']").suggested_filename == "dialogiverkko-activities.xlsx"


def answer_for_excel(who: Newcomer) -> bool:
    """Take the answer to a question to Excel, without reading it to its end."""
    who.follows(".cards a")
    return who.takes("main a[href*='.xlsx']").suggested_filename.endswith(".xlsx")


def slide(who: Newcomer) -> bool:
    """Take a picture for a slide."""
    who.asks("slide")
    who.follows(".ways a[href$='data#tables']")
    who.follows("#tables a[href*='collaboration.png']")
    return bool(who.page.evaluate("document.images[0].naturalWidth >= 1600 && document.images[0].complete"))


def cite(who: Newcomer) -> bool:
    """Cite an answer by an address that lasts."""
    who.follows(".cards a")
    who.opens("main a[href='#citation']")
    who.follows("section[aria-labelledby=citation] a")
    return f"version={RELEASE}" in who.page.url and RELEASE in who.page.locator(".past").first.inner_text()


def come_back(who: Newcomer) -> bool:
    """See what the last release changed."""
    who.follows(".doing a[href^='/changes']")
    who.follows("main a[href*='..']")
    return who.count(".changes li") > 5


def mistake(who: Newcomer) -> bool:
    """Tell of a mistake in a fact."""
    who.asks("thing")
    who.follows(".results .title a")
    who.follows("main table .correct")
    return "/id/activity/poikkeusajan-dialogit" in who.page.locator("textarea.message").input_value()


def mistake_by_its_word(who: Newcomer) -> bool:
    """Find out how one tells of a mistake."""
    who.asks("mistake")
    who.follows(".ways a[href$='/tell']")
    return who.count("#wrong") == 1


def compare(who: Newcomer) -> bool:
    """Put two organisations side by side."""
    who.asks("OM VM")
    who.follows(".between a", last=True)
    return who.count("table.compared td[data-of]") > 10 and who.count(".shared") > 0


def forms(who: Newcomer) -> bool:
    """Find a ministry by an inflected name, and by one with a letter too few."""
    first = []
    for words in ("inflected", "typo"):
        who.begins()
        who.asks(words)
        first.append(who.page.locator(".results .title a").first.get_attribute("href"))
    return first == [f"/{who.language}/page/org/om"] * 2


def embed(who: Newcomer) -> bool:
    """Show an answer on a page of one's own."""
    who.follows(".cards a")
    who.opens("summary:has(+ pre)")
    return "<iframe src=" in who.page.locator("details[open] pre").first.inner_text()


def nothing(who: Newcomer) -> bool:
    """Learn that nothing is found, and where to go on."""
    who.asks("qqqxxxzzz")
    return who.count(".results li") == 0 and who.count(".hints a") >= 3


TASKS = (
    young_people, chain, chain_of_a_year, excel, answer_for_excel, slide, cite, come_back, mistake, mistake_by_its_word,
    compare, forms, embed, nothing,
)  # fmt: skip
LOOKED_AT = {young_people: "fi", chain: "en", chain_of_a_year: "sv", compare: "en", nothing: "fi"}
"""Tasks whose page axe looks at nowhere else, and in which language: the page is built alike in all of them."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_newcomer_does_it_in_three_steps(site: str, watch: Watch, language: str) -> None:
    """Each task, by what stands on the page alone; nothing goes wrong, and axe finds nothing where they arrive."""
    seen = watch(PHONE, language=language)
    who = Newcomer(seen.page, site, language)
    failed: list[tuple[str, int, str]] = []
    broken: list[tuple[str, ...]] = []

    for task in TASKS:
        who.begins()
        if not task(who) or not 0 < who.steps <= MOST_STEPS:
            failed.append((task.__name__, who.steps, who.page.url))
        if task is not slide:
            broken += [(task.__name__, fault) for fault in faults(seen.page, PHONE)]
        if language == LOOKED_AT.get(task):
            seen.page.set_viewport_size({"width": DESK, "height": 900})
            broken += [(task.__name__, *flaw) for flaw in flaws(seen.page)]

    assert failed == []
    assert broken == []
    assert [error for error in seen.errors if BY_ITSELF not in error] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_stands_on_one_line_of_a_desk(site: str, watch: Watch, language: str) -> None:
    """No item falls beneath the others, in the language whose words are longest either."""
    page = watch(DESK, language=language).page
    page.goto(f"{site}/{language}/")
    tops = page.evaluate(
        "[...document.querySelectorAll('.menu li')].map(each => Math.round(each.getBoundingClientRect().top))"
    )

    assert len(tops) == 12
    assert len(set(tops)) == 1
