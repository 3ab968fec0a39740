"""Texts as people have them: each becomes a draft that compiles, or is refused in one sentence that says why."""

import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load, of_other_sources
from dialogiverkko.graph.source.compiling import compile_reading
from dialogiverkko.graph.source.marks import read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.reading import Reading
from dialogiverkko.graph.source.skeleton import skeleton
from dialogiverkko.graph.source.taking import take
from dialogiverkko.graph.source.text import SourceText

PLAIN = "Kuntien dialogit\n\nHyvinkää\n\n • Dialogi nuorten kanssa.\n • Toinen dialogi.\n"
PAGE = (
    '<html><head><meta charset="windows-1252"></head><body><h1>Kuntien dialogit</h1><h2>Hyvinkää</h2>'
    "<ul><li>Dialogi nuorten kanssa.<ul><li>Sisempi.</li></ul></li><li>Toinen dialogi.</li></ul></body></html>"
)
MARKS = "•–—-*·■●○➢✓o\uf0b7"
SECONDS = 5


@pytest.fixture(scope="module")
def book() -> Namebook:
    """What the graph knows."""
    return Namebook.of(load(find_assets(), without=of_other_sources(find_assets(), [])))


@pytest.fixture
def taken(tmp_path: Path, book: Namebook) -> Callable[..., tuple[Reading, SourceText]]:
    """Take the bytes of a file, draft its reading and compile it: nothing is wrong with it."""

    def take_bytes(raw: bytes, name: str = "teksti.txt") -> tuple[Reading, SourceText]:
        path = tmp_path / name
        path.write_bytes(raw)
        text, made = take(path)
        held = SourceText(text)
        head = {"slug": "outo", "kind": "listing", "reference-date": "2022-01-01", "sha256": held.sha256}
        reading, _, problems = read_reading(skeleton(held, {**head, "text-made": made}, {}))
        assert problems == ()
        assert reading is not None
        assert compile_reading(reading, book, held).problems == ()
        return reading, held

    return take_bytes


SAME = {
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CR": PLAIN.replace("\n", "\r"),
    "byte order mark": "\ufeff" + PLAIN,
    "no-break spaces": PLAIN.replace("nuorten kanssa", "nuorten\u00a0kanssa").replace(" • T", " •\u00a0T"),
    "decomposed letters": unicodedata.normalize("NFD", PLAIN),
    "soft hyphens and spaces of no width": PLAIN.replace("Toinen", "Toi\u00adnen\u200b"),
    "marks of direction": PLAIN.replace("Toinen", "\u202eToinen\u202c"),
    "spaces at the ends": PLAIN.replace("\n", "  \t\n"),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_not_seen_makes_no_difference(name: str, taken: Callable[..., tuple[Reading, SourceText]]) -> None:
    """Line ends, kinds of spaces and unseen characters are put into one form."""
    _, text = taken(SAME[name].encode())

    assert [text.words(row.span) for row in text.rows] == [row.strip(" •") for row in PLAIN.split("\n") if row]


@pytest.mark.parametrize(
    ("one", "two"), [*((mark, mark) for mark in MARKS), ("\t•\t", "\t•"), ("1.", "2."), ("1)", "2)"), ("a)", "b)")]
)
def test_bullets_of_many_kinds_are_items(one: str, two: str, taken: Callable[..., tuple[Reading, SourceText]]) -> None:
    """Bullets, dashes, numbers, letters and Word's own signs begin an item, and are no part of its words."""
    reading, _ = taken(PLAIN.replace("• Dialogi", f"{one} Dialogi").replace("• Toinen", f"{two} Toinen").encode())

    (section,) = reading.sections
    assert section.heading[0].words == "Hyvinkää"
    assert [item.words[0].words for item in section.items] == ["Dialogi nuorten kanssa.", "Toinen dialogi."]


ODD = {
    "headings in capitals": ("Hyvinkää", "HYVINKÄÄ"),
    "emoji": ("Toinen", "😀 Toinen 👩‍👩‍👧"),
    "the marks of quotations": ("Toinen dialogi", "»Toinen» dialogi «osallistujat»"),
    "the marks in a heading": ("Hyvinkää", "Hyvinkään »raati»"),
    "what YAML takes for signs": ("Toinen", "- : # {a: b} [c] & * ! | > ' \" % @ ` Toinen"),
    "an ellipsis": ("Toinen dialogi", "Toinen …"),
    "lines that are the same": ("Toinen dialogi.", "Sama.\n • Sama.\n • Sama."),
    "a heading that stands twice": ("Toinen dialogi.", "Toinen.\n\nHyvinkää\n\n • Kolmas."),
    "another script": ("Hyvinkää", "هلسنكي"),
    "a line of a megabyte": ("Toinen", "sana " * 200_000),
    "no heading": ("Hyvinkää\n\n", ""),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_become_drafts(name: str, taken: Callable[..., tuple[Reading, SourceText]]) -> None:
    """Whatever stands in a text, its draft is a reading that finds every item again."""
    was, now = ODD[name]
    begin = time.process_time()
    reading, text = taken(PLAIN.replace(was, now).encode())

    assert sum(len(s.items) for s in reading.sections) == sum(row.is_bullet for row in text.rows)
    assert time.process_time() - begin < SECONDS


def test_many_sections_take_no_more_than_their_number(taken: Callable[..., tuple[Reading, SourceText]]) -> None:
    """Three thousand headings are drafted and placed in seconds."""
    begin = time.process_time()
    reading, _ = taken(("Otsikko\n\n" + "".join(f"Kunta {n}\n\n • Dialogi {n}.\n\n" for n in range(3_000))).encode())

    assert len(reading.sections) == 3_000
    assert time.process_time() - begin < SECONDS


def test_a_page_in_an_older_encoding_is_read(taken: Callable[..., tuple[Reading, SourceText]]) -> None:
    """A page says its encoding; items within items are items."""
    reading, text = taken(PAGE.encode("windows-1252"), "sivu.html")

    assert "Hyvinkää" in text.text
    assert [item.words[0].words for item in reading.sections[0].items][1] == "Sisempi."


REFUSED = {
    "nothing": (b"", "has no words"),
    "spaces alone": (b" \n\t\n", "has no words"),
    "Windows-1252": (PLAIN.encode("windows-1252"), "is not UTF-8 (byte 24); save it as UTF-8"),
    "UTF-16": (PLAIN.encode("utf-16"), "is not UTF-8"),
    "a null": (PLAIN.replace("Toinen", "Toi\0nen").encode(), "control character U+0000 on line 6"),
    "signs of a terminal": (PLAIN.replace("Toinen", "\x1b[31mToinen").encode(), "control character U+001B on line 6"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_is_refused(name: str, taken: Callable[..., tuple[Reading, SourceText]]) -> None:
    """One sentence says what is wrong and where, and what would be right."""
    raw, says = REFUSED[name]
    with pytest.raises(UsageError) as refused:
        taken(raw)

    assert says in refused.value.message
    assert refused.value.message.endswith(".")


def test_whole_words_go_before_parts_of_longer_ones() -> None:
    """Words that stand at the cut end are found there, not in a longer word before; a number still counts them all."""
    text = SourceText("Lahden kaupunki ja Lahden kaupu\n")
    (row,) = text.rows

    assert text.occurrence("Lahden kaupu", 1, row.span) == text.occurrence("Lahden kaupu", 2, row.span)
    first = text.occurrence("kaupun", 1, row.span)
    assert first is not None
    assert first.start == text.text.index("kaupunki")
