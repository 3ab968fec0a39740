"""What the search offers below a field while somebody types: gone to, or written into the field of a form."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from tests.served import served_on_loopback

from dialogiverkko.app import create_app
from dialogiverkko.saved import parameters
from dialogiverkko.settings import Settings
from dialogiverkko.web.services import EXTENSION, Services

from .accessible import flaws
from .conftest import Watched

Watch = Callable[..., Watched]
QUESTION = "queries/activities-of-an-organisation"


@pytest.fixture(scope="module")
def short(application: Flask) -> Iterator[str]:
    """The address of a copy whose forms list nine choices, without a slash at its end."""
    services: Services = application.extensions[EXTENSION]
    app = create_app(Settings(), snapshot=services.snapshot, backend=services.backend)
    with pytest.MonkeyPatch.context() as patched, served_on_loopback(app) as address:
        patched.setattr(parameters, "MOST_LISTED", 9)
        yield address.rstrip("/")


def write(page: Page, field: str, words: str, first: str) -> None:
    """Type into a field until what is meant is offered first."""
    page.locator(field).first.press_sequentially(words)
    expect(page.locator(f"{field} ~ .suggestions li").first).to_have_text(first)


@pytest.mark.parametrize("path", ["fi/", f"{QUESTION}?lang=fi", "queries?lang=fi", "fi/page/nothing-of-the-kind"])
def test_every_page_offers_what_is_searched(site: str, watch: Watch, path: str) -> None:
    """An own language is not marked, the kind is told, and Enter goes there; a page of a problem offers it, too."""
    seen = watch()
    page = seen.page
    page.goto(f"{site}/{path}")
    known = list(seen.errors)  # that there is no such page

    write(page, "#find", "oikeusminist", "Oikeusministeriö Organisaatio")
    assert page.locator("#find ~ .suggestions li [lang]").count() == 0
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url == f"{site}/fi/page/org/om"
    assert (seen.errors, seen.hosts) == (known, {site.split("/")[2]})


@pytest.mark.parametrize("width", [390, 1280])
def test_a_field_is_filled_in(short: str, watch: Watch, width: int) -> None:
    """By keyboard and by pointer; what is offered can be read by everybody; Escape closes it, ArrowDown opens it."""
    seen = watch(width, language="sv")
    page = seen.page
    page.goto(f"{short}/sv/compare")

    write(page, "#choose-1", "justitiem", "Justitieministeriet")
    assert page.get_by_role("combobox", name="Organisation 1", exact=True).count() == 1
    assert flaws(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#choose-1")).to_have_value("Justitieministeriet")
    write(page, "#choose-2", "finansm", "Finansministeriet")
    page.locator("#choose-2 ~ .suggestions li").first.click()
    expect(page.locator("#choose-2")).to_have_value("Finansministeriet")
    write(page, "#choose-3", "social- och h", "Social- och hälsovårdsministeriet")
    page.keyboard.press("Escape")
    expect(page.locator("#choose-3 ~ .suggestions")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#choose-3 ~ .suggestions li").first).to_have_text("Social- och hälsovårdsministeriet")
    page.keyboard.press("Escape")
    page.locator("#choose-3").fill("")
    with page.expect_navigation():
        page.locator(".compare-form button").click()

    assert page.url == f"{short}/sv/compare?organisations=om,vm"
    assert seen.errors == []


def test_the_network_is_asked_when_a_name_is_chosen(short: str, watch: Watch) -> None:
    """The table changes, the address says it by its short name, and what is cleared is cleared."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{short}/en/collaboration")

    write(page, "#choose-around", "ministry of fin", "Ministry of Finance")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/collaboration?around=vm")
    page.locator("a.clear").click()
    page.wait_for_url("**/en/collaboration")
    expect(page.locator("#choose-around")).to_have_value("")
    assert seen.errors == []


def test_a_name_is_written_without_scripts(short: str, watch: Watch) -> None:
    """The whole name of a chain's end, and of the organisation of a question."""
    page = watch(scripts=False).page
    page.goto(f"{short}/fi/page/org/om")
    page.locator("#choose-to").fill("sosiaali- ja terveysministeriö")
    with page.expect_navigation():
        page.locator(".chain-form button").click()
    assert page.url == f"{short}/fi/collaboration/path?from=om&to=stm"

    page.goto(f"{short}/{QUESTION}?lang=fi")
    whole = page.locator("table tbody tr").count()
    page.locator("#parameter-organisation").fill("Oikeusministeriö")
    with page.expect_navigation():
        page.locator("form.parameters button").click()
    assert 0 < page.locator("table tbody tr").count() < whole
