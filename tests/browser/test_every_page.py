"""What the browser tests of single pages ask, asked of every page that is served, whichever they are."""

from collections.abc import Callable

from flask import Flask
from tests.pages import NOT_HERE, pages

from .accessible import flaws
from .conftest import Watched
from .fingers import WIDTHS, faults

Watch = Callable[..., Watched]
NARROW = 320
ASKED = (
    "/fi/page/vocab/participant-kind/young-people", "/fi/search?q=nuoret", "/fi/compare?organisations=om,vm",
    "/fi/collaboration/path?from=syke&to=om", "/embed/queries/who-coordinated-an-activity", "/fi/tell?about=org%2Fom",
    "/queries/where-a-group-of-people-appears", "/fi/collaboration?version=0.1.0", "/fi/policy", "/fi/page/org/om",
)  # fmt: skip
"""Pages with an answer, which no list of addresses has, and two with much evidence."""
LONG_WORDS = ("missing", "organisations", "policy", "timeline", "page/org/om", "page/vocab/theme/young-people")


def test_every_page_passes_axe_and_fits_a_phone(site: str, application: Flask, watch: Watch) -> None:
    """No page breaks a rule of WCAG that axe knows, does not fit a phone, logs an error or asks another host."""
    seen = watch(NARROW)
    broken, unfit = [], []

    for address in pages(application):
        seen.page.goto(f"{site}{address}")
        broken += [(address, *flaw) for flaw in flaws(seen.page)]
        unfit += [(address, found[:4]) for found in [faults(seen.page, NARROW)] if found]

    assert (broken, unfit) == ([], [])
    assert len([error for error in seen.errors if "404" not in error]) == 0, (seen.errors, NOT_HERE)
    assert seen.hosts == {site.split("/")[2]}


def test_pages_with_an_answer_fit_fingers_on_phone_and_tablet(site: str, watch: Watch) -> None:
    """What is touched is 44 pixels high and no evidence stands beside the screen, on phones and a tablet."""
    page = watch(NARROW).page
    unfit = {}
    for address in ASKED:
        page.goto(site + address)
        unfit[address] = [(width, found[:4]) for width in WIDTHS if (found := faults(page, width))]

    assert {address: found for address, found in unfit.items() if found} == {}


def test_the_long_words_of_swedish_fit_a_phone(site: str, watch: Watch) -> None:
    """The lists and pages whose names are longest."""
    page = watch(NARROW, language="sv").page
    unfit = {}
    for address in LONG_WORDS:
        page.goto(f"{site}/sv/{address}")
        unfit[address] = faults(page, NARROW)

    assert {address: found for address, found in unfit.items() if found} == {}


def test_what_does_not_fit_is_seen(watch: Watch) -> None:
    """A link that is too low, a page that is too wide and words beside the screen are noticed; a sentence is not."""
    page = watch(NARROW).page
    page.set_content(
        "<main><p>A sentence with <a href='/'>a link</a> in it.</p><p><a href='/'>x</a></p>"
        "<div style='width:500px'><q style='display:inline-block;margin-left:450px'>words</q></div></main>"
    )

    assert [fault.split(":")[0] for fault in faults(page, NARROW)] == ["wide", "low", "beside"]
