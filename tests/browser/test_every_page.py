"""What the browser tests of single pages ask, asked of every page that is served, whichever they are."""

from collections.abc import Callable

from flask import Flask
from tests.pages import NOT_HERE, pages

from .accessible import flaws
from .conftest import Watched

Watch = Callable[..., Watched]
NARROW = 320


def test_every_page_passes_axe_and_fits_a_phone(site: str, application: Flask, watch: Watch) -> None:
    """No page breaks a rule of WCAG that axe knows, is wider than a phone, logs an error or asks another host."""
    seen = watch(NARROW)
    broken, wide = [], []

    for address in pages(application):
        seen.page.goto(f"{site}{address}")
        broken += [(address, *flaw) for flaw in flaws(seen.page)]
        if seen.page.evaluate("document.documentElement.scrollWidth") > NARROW:
            wide.append(address)

    assert (broken, wide) == ([], [])
    assert len([error for error in seen.errors if "404" not in error]) == 0, (seen.errors, NOT_HERE)
    assert seen.hosts == {site.split("/")[2]}
