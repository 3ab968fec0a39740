"""The list of activities: chosen by facets and words, sorted, and the same as data and as a query."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Quad, QuerySolutions, Store

from dialogiverkko.namespaces import DLG, ID
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import as_query, facets
from dialogiverkko.web.site.index import Index


@pytest.fixture(scope="module")
def index(services: Services) -> Index:
    """The graph as pages read it."""
    return Index(services.snapshot)


@pytest.fixture(scope="module")
def store(services: Services) -> Store:
    """The graph as a query reads it."""
    found = Store()
    found.extend(Quad(t.subject, t.predicate, t.object) for t in services.snapshot.merged)
    return found


def listed(index: Index, choice: facets.ListSelection, language: str = "en") -> list[str]:
    """The activities that the pages of the list hold together, in their order."""
    return list(facets.context(index, language, choice)["found"])


def answered(store: Store, text: str) -> set[str]:
    """The activities that a query gives."""
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    return {solution["activity"].value for solution in solutions}


def test_the_query_gives_what_the_list_shows(index: Index, store: Store) -> None:
    """Every value of every facet, as many activities as its number says, the same by SPARQL."""
    asked = 0
    for name, options in facets.context(index, "en", facets.ListSelection())["facets"]:
        for value, _, _, count in options:
            shown = listed(index, facets.ListSelection("", {name: value}))
            assert len(shown) == count, (name, value)
            assert answered(store, as_query.list_as_query("", {name: value}, "en")) == set(shown), (name, value)
            asked += 1

    assert asked > 100


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("työntekijöiden", {"organisation": "om"}), ("ETÄTYÖ", {}),
        ("erätauko dialogit", {"status": "status/realised"}),
        ("äldreråd", {}), ("kalastus", {"year": "2020"}), ('"quoted" \\', {}), ("dialogue", {"year": "no year"}),
        ("", {"place": "place/x> . ?s ?p ?o . <"}),
    ],
)  # fmt: skip
def test_words_and_facets_together_are_the_same_query(
    index: Index, store: Store, words: str, chosen: dict[str, str]
) -> None:
    """Words in any language and any case; what is no word and no value of ours cannot change the query."""
    assert answered(store, as_query.list_as_query(words, chosen, "fi")) == set(
        listed(index, facets.ListSelection(words, chosen), "fi")
    )


def test_some_searches_find_something(index: Index) -> None:
    """The searches above do not agree on nothing alone."""
    counts = [
        len(listed(index, facets.ListSelection(words)))
        for words in ("työntekijöiden", "ETÄTYÖ", "äldreråd", "kalastus")
    ]

    assert all(counts)
    assert max(counts) < 55


def test_the_link_to_sparql_answers_with_the_list(client: FlaskClient) -> None:
    """The link in the page carries the query; the endpoint answers it."""
    page = client.get("/en/activities?organisation=om&sort=time", headers={"Accept": "text/html"}).get_data(
        as_text=True
    )
    link = unescape(next(found for found in re.findall(r'href="([^"]+)"', page) if found.startswith("/sparql?query=")))
    text = parse_qs(urlsplit(link).query)["query"][0]
    answer = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"})

    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == page.count("<li><h2>") > 3


def _first_day(index: Index, span: str) -> str:
    """The first day that is known of a time: of one without a beginning, its end."""
    return index.value(span, DLG + "beginNotBefore") or index.value(span, DLG + "endNotAfter")


def test_the_list_can_be_sorted(index: Index) -> None:
    """The same activities in each order; the undated come last, and organisations in the order of their names."""
    orders = {order: listed(index, facets.ListSelection(sort=order)) for order in facets.ORDERS}
    begins = [
        min((_first_day(index, span) for span in index.values(a, DLG + "hasTimeSpan")), default="9999")
        for a in orders["time"]
    ]
    reporters = [
        sorted(index.label(r, "en").value.casefold() for r in index.values(a, DLG + "isReportedBy"))
        for a in orders["organisation"]
    ]

    assert len({tuple(found) for found in orders.values()}) == 4
    assert len({frozenset(found) for found in orders.values()}) == 1
    assert begins == sorted(begins)
    assert begins[0] < "2021"
    assert begins[-1] == "9999"
    assert [r for r in reporters if r] == sorted(r for r in reporters if r)
    assert reporters[-1] == []


def test_an_order_stays_with_the_facets(client: FlaskClient) -> None:
    """A facet keeps the order, an order keeps the facet; without an order the first is chosen."""
    page = client.get("/en/activities?status=status/realised&sort=time").get_data(as_text=True)
    links = [unescape(link) for link in re.findall(r'href="(\?[^"]*)"', page)]

    assert "?status=status%2Frealised" in links
    assert "?status=status%2Frealised&sort=status" in links
    assert any("organisation=om" in link and "sort=time" in link for link in links)
    assert '<strong aria-current="true">Name</strong>' in client.get("/en/activities?sort=").get_data(as_text=True)


def test_an_empty_list_says_so(client: FlaskClient) -> None:
    """What fits nothing leads to what is missing."""
    page = client.get("/en/activities?q=zzzz").get_data(as_text=True)

    assert "An empty list does not mean" in page
    assert 'href="/en/missing"' in page.split("An empty list")[1]


def test_pages_of_the_list_hold_it_whole(client: FlaskClient, index: Index) -> None:
    """Fifty to a page, each on one; total and facets count the whole list; a page too far is the last."""
    count = -(-len(index.all("Activity")) // 50)
    numbers = [*range(1, count + 1), 99]
    pages = [client.get(f"/en/activities?page={number}").get_data(as_text=True) for number in numbers]
    names = [re.findall(r'<li><h2><a href="/en/page/([^"]+)"', page) for page in pages]

    assert [len(found) for found in names[: count - 1]] == [50] * (count - 1)
    assert sorted(ID + name for found in names[:count] for name in found) == sorted(index.all("Activity"))
    assert names[-1] == names[count - 1]
    for page in pages:
        assert f"{len(index.all('Activity'))} of {len(index.all('Activity'))} activities" in page
        assert page.count("<summary>") == sum(bool(has) for has in facets.table(index).holders.values()) > 8
    assert 'rel="next" href="?page=2"' in pages[0]
    assert 'rel="prev" href="?"' in pages[1]


def test_what_is_chosen_stays_on_the_next_page(client: FlaskClient) -> None:
    """A page keeps words and order; a changed choice begins on the first page."""
    page = client.get("/en/activities?sort=time&page=2").get_data(as_text=True)
    links = [unescape(link) for link in re.findall(r'href="(\?[^"]*)"', page)]

    assert "?sort=time" in links
    assert not [link for link in links if "status=" in link and "page=" in link]
