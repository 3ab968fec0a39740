"""Every bullet of the first listing was read against its words, and the reading says so line by line."""

import re
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, Store

from dialogiverkko.graph.assets import find_assets

_LABELS = ("prefLabel", "altLabel", "description", "definition", "objectiveText", "guidingQuestion", "remarkText")
_BULLETS = """
PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
SELECT DISTINCT ?line WHERE {
  ?item a dlg:ListItem ; dlg:lineNumber ?line ; dlg:inSection ?section .
  ?section dlg:sectionKind ?kind .
  FILTER(!STRENDS(STR(?kind), "/navigation"))
}
"""


def test_every_bullet_has_a_verdict() -> None:
    """A line of the table for each item of the listing, and none for what is no item; each holds or was changed."""
    store = Store()
    for path in sorted(find_assets().root.glob("data/sources/vertaisdialogi-2021-06-08/*.ttl")):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    bullets = {int(row["line"].value) for row in store.query(_BULLETS)}  # type: ignore[union-attr]
    text = (Path(__file__).parent / "reading.md").read_text(encoding="utf-8")
    verdicts = dict(re.findall(r"^\| L(\d+) \| (.*) \|$", text, re.MULTILINE))

    assert {int(line) for line in verdicts} == bullets
    assert len(bullets) > 45
    assert all(verdict.startswith(("holds", "changed: ")) for verdict in verdicts.values())


def test_no_word_of_another_source_is_let_in() -> None:
    """What the first listing's reading says in three languages has none of the words that only other pages have."""
    lines = (Path(__file__).parent / "outside-words.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split("\t")[0] for line in lines if not line.startswith("#")]
    store = Store()
    for path in sorted(find_assets().root.glob("data/sources/vertaisdialogi-2021-06-08/*.ttl")):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    said = {
        quad.object.value
        for quad in store
        if isinstance(quad.object, Literal) and quad.object.language and quad.predicate.value.endswith(_LABELS)
    }

    outside = [(text, word) for text in sorted(said) for word in words if re.search(word, text, re.IGNORECASE)]
    assert not outside
    assert len(words) > 12
    assert len(said) > 300
