"""What the browser tests of single pages ask, asked of every page that is served, whichever they are."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from tests.pages import NOT_HERE, pages

from .conftest import Watched

Watch = Callable[..., Watched]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe_and_fits_a_phone(site: str, application: Flask, watch: Watch, scheme: str) -> None:
    """No page breaks a rule of WCAG that axe knows, is wider than a phone, logs an error or asks another host."""
    seen = watch(NARROW, scheme=scheme)
    axe, broken, wide = Axe(), [], []

    for address in pages(application):
        seen.page.goto(f"{site}{address}")
        results = axe.run(seen.page, options={"runOnly": RULES})
        broken += [(address, v["id"], v["nodes"][0]["html"][:120]) for v in results.response["violations"]]
        if seen.page.evaluate("document.documentElement.scrollWidth") > NARROW:
            wide.append(address)

    assert (broken, wide) == ([], [])
    assert len([error for error in seen.errors if "404" not in error]) == 0, (seen.errors, NOT_HERE)
    assert seen.hosts == {site.split("/")[2]}
