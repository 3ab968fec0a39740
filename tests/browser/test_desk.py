"""The desk as a curator uses it: words are selected, names chosen, faults followed, the file saved and compiled."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from dialogiverkko.graph.assets import FOLDERS, Assets, find_assets
from dialogiverkko.graph.source.desk import Desk
from dialogiverkko.web.desk.pages import create_desk

from .conftest import Watched

SLUG = "rannikko-2022"
FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "second-listing"
PORT_OF = "127.0.0.1:{}"
SELECT = """([row, words, nth]) => {
  const item = [...document.querySelectorAll("#text li")].find((each) => each.textContent.includes(row));
  const walker = document.createTreeWalker(item.querySelector(".words"), NodeFilter.SHOW_TEXT);
  let left = nth;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = node.data.indexOf(words); at >= 0; at = node.data.indexOf(words, at + 1)) {
      left -= 1;
      if (left) continue;
      getSelection().setBaseAndExtent(node, at, node, at + words.length);
      document.querySelector("#text").dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
      return true;
    }
  }
  return false;
}"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The second listing on the desk, without what is told of the staff's dialogue."""
    ours = find_assets().root
    for folder in FOLDERS:
        shutil.copytree(ours / folder, tmp_path / folder, ignore=shutil.ignore_patterns("national-dialogues*"))
    place = tmp_path / "data" / "sources" / SLUG
    place.mkdir()
    text = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")
    begin, end = text.index("  - words: «Henkilöstön"), text.index("- heading: «Sisäministeriö»")
    (place / "reading.yaml").write_text(text[:begin] + text[end:], encoding="utf-8")
    texts = tmp_path / "texts"
    texts.mkdir()
    shutil.copy(FIXTURE / "text.txt", texts / f"{SLUG}.txt")
    return Desk(Assets(tmp_path), SLUG, texts)


@pytest.fixture
def page(desk: Desk, watch: Callable[..., Watched]) -> Iterator[Page]:
    """The page of the desk, open; nothing goes wrong on it, and it asks no other host."""
    hosts: set[str] = set()
    server = make_server("127.0.0.1", 0, lambda *call: app(*call))
    address = PORT_OF.format(server.server_port)
    app = create_desk(desk, frozenset({address}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watched = watch()
    watched.page.goto(f"http://{address}/")
    expect(watched.page.locator("#text li")).not_to_have_count(0)
    yield watched.page
    server.shutdown()
    hosts |= watched.hosts
    assert (watched.errors, hosts) == ([], {address})


def at_end_of(page: Page, line: str) -> None:
    """Put the cursor at the end of a line of the reading."""
    page.evaluate(
        """(line) => { const e = document.getElementById("reading"); const at = e.value.indexOf(line) + line.length;
        e.focus(); e.setSelectionRange(at, at); e.dispatchEvent(new Event("click")); }""",
        line,
    )


def test_an_unread_line_becomes_an_activity(page: Page, desk: Desk) -> None:
    """A line not read opens an item, a button an activity; it is read, saved and compiled without another tool."""
    expect(page.locator("#figures")).to_contain_text("lines read")
    unread = page.locator("#text li.unread")
    expect(unread).to_have_count(1)
    before = page.input_value("#reading")
    at_end_of(page, before[: before.index("- heading: «Sisäministeriö»")].rstrip("\n").rsplit("\n", 1)[-1])

    page.keyboard.insert_text("\n  ")
    unread.locator("button").click()
    page.click("#activity")
    text = page.input_value("#reading")
    assert "\n  - words: «Henkilöstön sisäinen dialogi.»\n    activity:\n      id: \n" in text
    filled = text.replace("      id: \n", "      id: hyvinkaan-henkilostodialogi\n").replace(
        "name: {fi: ,", "name: {fi: D,"
    )
    page.fill("#reading", filled.replace("about: {fi: ,", "about: {fi: Dialogi.,"))
    expect(page.locator("#problems li")).to_have_count(0)
    expect(unread).to_have_count(0)
    page.click("#compile")
    expect(page.locator("#said")).to_contain_text("adds 11 activities", timeout=60_000)

    assert "hyvinkaan-henkilostodialogi" in desk.reading()


def test_selected_words_become_evidence(page: Page) -> None:
    """Words selected are quoted at the cursor; those that stand there twice get their number."""
    at_end_of(page, "- hyvinkaa «Hyvinkään kaupunki»")

    assert page.evaluate(SELECT, ["Listaukseen on koottu", "Rantadialogi", 2])

    assert "- hyvinkaa «Hyvinkään kaupunki» «Rantadialogi»#2\n" in page.input_value("#reading")


def test_names_are_offered_and_faults_followed(page: Page) -> None:
    """Under a key the names that fit it are offered; a fault leads to its line."""
    at_end_of(page, "count: ~10 discussion «noin 10 kpl»")
    page.keyboard.insert_text("\n      theme: early")
    offered = page.locator("#names button").first
    expect(offered).to_contain_text("theme")
    offered.click()
    chosen = page.input_value("#reading").split("theme: ")[1].split("\n")[0]
    assert chosen == "early-childhood-education"
    page.keyboard.insert_text("zz")
    fault = page.locator("#problems li").first
    expect(fault).to_contain_text(f"Did you mean {chosen}?")
    fault.locator("button").click()

    picked = page.evaluate("getSelection().toString()")
    assert picked == f"{chosen}zz"


def test_the_desk_is_accessible(page: Page) -> None:
    """The rules that a program can see are kept: names of fields, contrast, order of headings."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]

    assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found] == []
