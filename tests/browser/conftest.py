"""A served copy of the real graph, and Debian's Chromium to look at it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from tests.asking import remembering
from tests.graphs import served_graph
from tests.served import served_on_loopback

from dialogiverkko.settings import Settings

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ARTEFACTS = Path(__file__).resolve().parent.parent / "artefacts"


@dataclass
class Watched:
    """A page, what went wrong on it, and which hosts it asked."""

    page: Page
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def application() -> Iterator[Flask]:
    """The application over the real graph, read and derived; tests/graph validate it."""
    app = remembering(Settings(), served_graph())
    yield app
    app.extensions["dialogiverkko"].backend.close()


@pytest.fixture(scope="module")
def site(application: Flask) -> Iterator[str]:
    """The address of a served copy, without a slash at its end."""
    with served_on_loopback(application) as address:
        yield address.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; it ends with them, since Playwright holds the thread's event loop."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Open pages that are watched; all are closed at the end.

    A click returns before the page that it leads to is there: it stands within page.expect_navigation().
    """
    opened: list[Page] = []

    def start(width: int = 1280, *, scheme: str = "light", language: str = "fi", scripts: bool = True) -> Watched:
        page = browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            locale=language,
            java_script_enabled=scripts,
        )
        opened.append(page)
        watched = Watched(page)
        page.on("console", lambda m: watched.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: watched.errors.append(str(e)))
        page.on("request", lambda r: watched.hosts.add(r.url.split("/")[2]))
        return watched

    yield start
    for page in opened:
        page.context.close()
