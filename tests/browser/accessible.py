"""What axe has against a page, in light and in dark."""

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that look at colours: nothing else differs between the two schemes."""
OTHER = {"light": "dark", "dark": "light"}


def flaws(page: Page, context: str | None = None, *, colours: bool = True) -> list[tuple[str, str]]:
    """Name each rule that a page breaks, with the first element that does; colours are looked at in both schemes.

    Colours take most of the time, and are those of the same page in another language.
    """
    found = _run(page, RULES, context, without=() if colours else COLOURS)
    if not colours:
        return found
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    page.emulate_media(color_scheme=OTHER[scheme])  # type: ignore[arg-type]  # light or dark
    found += [(f"{rule}, {OTHER[scheme]}", element) for rule, element in _run(page, COLOURS, context)]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    return found


def _run(page: Page, rules: list[str], context: str | None, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    options = {
        "runOnly": rules,
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],  # what passes is not described: three times as quick
    }
    answer: dict[str, Any] = Axe().run(page, context=context, options=options).response  # Any: JSON
    return [(each["id"], each["nodes"][0]["html"][:160]) for each in answer["violations"]]
