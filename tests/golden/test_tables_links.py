"""Links of the tables that were read against their rows, one by one, are those of the graph and rest on those rows."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store
from tests.graphs import told_graph

from dialogiverkko.graph.assets import find_assets

TABLE = Path(__file__).resolve().parent / "network.md"
ROWS = find_assets().root / "data" / "sources" / "national-dialogues" / "participations.csv"
LINK = "https://w3id.org/dialogiverkko/id/link/"
ASK = """PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?link ?strength ?page ?words WHERE {
  ?link a dlg:CollaborationLink ; dlg:linkStrength ?strength ; dlg:isEvidencedBy ?passage .
  ?passage dlg:quotation ?words ; oa:hasSource/foaf:page ?page
}"""


def checked() -> list[tuple[str, str, list[int], int]]:
    """The rows of the table: link, strength, rows, number of pages."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.read_text(encoding="utf-8").splitlines()
    ]
    found = [row for row in cells if len(row) == 6 and "--" in row[0] and not row[0].startswith("---")]
    return [(row[0], row[1], [int(number) for number in row[2].split(",")], int(row[3])) for row in found]


@pytest.fixture(scope="module")
def store() -> Store:
    """The merge of the graph with what follows from it."""
    return told_graph().store()


@pytest.fixture(scope="module")
def links(store: Store) -> dict[str, tuple[str, set[tuple[str, str]]]]:
    """Strength, pages and words of each link."""
    found: dict[str, tuple[str, set[tuple[str, str]]]] = {}
    answer = store.query(ASK)
    assert isinstance(answer, QuerySolutions)
    for row in answer:
        link, strength, page, words = (row[i].value for i in range(4))  # type: ignore[union-attr]
        found.setdefault(link.removeprefix(LINK), (strength.rsplit("/", 1)[-1], set()))[1].add((page, words))
    return found


def test_nineteen_links_were_read() -> None:
    """None is lost, none is there twice."""
    assert len({row[0] for row in checked()}) == len(checked()) == 19


@pytest.mark.parametrize(("link", "strength", "rows", "pages"), checked(), ids=[row[0] for row in checked()])
def test_a_link_rests_on_the_rows_that_were_read(
    links: dict[str, tuple[str, set[tuple[str, str]]]], link: str, strength: str, rows: list[int], pages: int
) -> None:
    """Pages and words of the link are those of its rows, which are checked and say that it was done together."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        table = dict(enumerate(csv.DictReader(file), 2))
    said = {(table[row]["url"], table[row]["seen_words"]) for row in rows}
    found_strength, evidence = links[link]

    assert all(table[row]["checked"] == "yes" and table[row]["same_event"] == "yes" for row in rows)
    assert {table[row]["organisation_slug"] for row in rows} == set(link.split("--")[:2])
    assert found_strength == strength
    assert evidence == said
    assert len({page for page, _ in evidence}) == pages


def test_every_link_of_the_graph_has_words(store: Store, links: dict[str, tuple[str, set[tuple[str, str]]]]) -> None:
    """No link rests on a page alone."""
    answer = store.query("SELECT DISTINCT ?l { ?l a <https://w3id.org/dialogiverkko/ns#CollaborationLink> }")
    assert isinstance(answer, QuerySolutions)

    assert {row[0].value.removeprefix(LINK) for row in answer} == set(links)  # type: ignore[union-attr]


def test_a_hundred_bodies_and_a_component_of_sixty(links: dict[str, tuple[str, set[tuple[str, str]]]]) -> None:
    """The network of all sources holds together."""
    near: dict[str, set[str]] = defaultdict(set)
    for link in links:
        one, other = link.split("--")[:2]
        near[one].add(other)
        near[other].add(one)
    seen: set[str] = set()
    largest = 0
    for start in near:
        ahead = {start} - seen
        size = 0
        while ahead:
            seen |= ahead
            size += len(ahead)
            ahead = {each for one in ahead for each in near[one]} - seen
        largest = max(largest, size)

    assert len(near) >= 100
    assert largest >= 60
