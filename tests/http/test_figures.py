"""A figure about an organisation is the same on every page and in every question that shows it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dialogiverkko.namespaces import ID, ORG
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import facets, organisations
from dialogiverkko.web.site.index import Index

Rows = Iterable[Mapping[str, str]]
_PAGE = {
    "does": re.compile(r'<h2 id="activities">[^<(]*\((\d+)\)'),
    "links": re.compile(r'<h2 id="links">[^<(]*\((\d+)\)'),
}
_SHOWN = re.compile(r'<p role="status">(\d+) of ')


def _per_activity(rows: Rows) -> dict[str, int]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["reporter"]].update({row["activity"]} if "activity" in row else ())
    return {organisation: len(activities) for organisation, activities in found.items()}


def _sum(*columns: str) -> Callable[[Rows], dict[str, int]]:
    def count(rows: Rows) -> dict[str, int]:
        found: Counter[str] = Counter()
        for row in rows:
            found[row["reporter"]] += sum(int(row[column]) for column in columns)
        return dict(found)

    return count


REPORTED: dict[str, Callable[[Rows], dict[str, int]]] = {
    "activities-of-an-organisation": _per_activity,
    "statuses-by-organisation": _sum("activities"),
    "openness-by-organisation": _sum("activities"),
    "kinds-of-activity-by-organisation": _sum(
        "events", "seriesCount", "practices", "supportActivities", "formUnstated"
    ),
}
"""The questions that count what an organisation or a unit of it reports."""


@pytest.fixture(scope="module")
def index(services: Services) -> Index:
    """The graph as pages read it."""
    return Index(services.snapshot)


def text(client: FlaskClient, path: str) -> str:
    """A page as a browser gets it."""
    return client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)


@pytest.fixture(scope="module")
def listed(services: Services, index: Index) -> dict[str, organisations.Row]:
    """The rows of the page of organisations, by organisation."""
    return {row.iri: row for row in organisations.rows(services, index, "en")}


@pytest.mark.parametrize("name", REPORTED)
def test_what_an_organisation_reports_is_counted_alike(
    name: str, services: Services, index: Index, listed: dict[str, organisations.Row]
) -> None:
    """The list of organisations and each question that counts reported activities say the same of everybody."""
    rows = [{column: cell["value"] for column, cell in row.items()} for row in services.saved.ask(name).rows]
    counted = {organisation: number for organisation, number in REPORTED[name](rows).items() if number}

    wholes = [row for row in listed.values() if not index.values(row.iri, organisations.ORG + "unitOf")]
    expected = {row.iri: row.activities for row in wholes if row.activities}
    assert counted == expected
    assert len(counted) >= 9


def test_each_page_of_an_organisation_counts_as_the_lists_do(
    client: FlaskClient, index: Index, listed: dict[str, organisations.Row]
) -> None:
    """Its page, the activities chosen by it, the list of organisations and the network agree, for all of them."""
    holders = facets.table(index).holders["organisation"]
    differing = []
    for iri, row in listed.items():
        name = iri.removeprefix(ID + "org/")
        page = text(client, f"/en/page/org/{name}")
        told = {part: int(found[1]) if (found := pattern.search(page)) else 0 for part, pattern in _PAGE.items()}
        chosen = len(holders.get(iri, ()))
        if told != {"does": chosen, "links": row.links} or row.activities > chosen:
            differing.append((name, told, chosen, row.links, row.activities))

    assert not differing
    assert len(listed) > 100


@pytest.mark.parametrize("name", ["stm", "vnk", "om", "stm-toimintapolitiikka", "dialogiakatemia"])
def test_a_choice_shows_as_many_as_its_page_says(name: str, client: FlaskClient) -> None:
    """What the page of an organisation counts is what the lists that it is chosen in show."""
    page = text(client, f"/en/page/org/{name}")
    activities = _SHOWN.search(text(client, f"/en/activities?organisation={name}"))

    assert activities is not None
    assert activities[1] == _PAGE["does"].search(page)[1]  # type: ignore[index]  # each of them does something
    if links := _PAGE["links"].search(page):
        shown = re.search(
            r"<b id=\"shown\">(\d+)</b> of \d+ links", text(client, f"/en/collaboration?organisation={name}")
        )
        assert shown is not None
        assert shown[1] == links[1]


def test_a_time_of_which_one_end_is_known_is_answered(services: Services) -> None:
    """What began in a period is certainly in it, and the end that no source gives stays empty."""
    chosen = [("begin", "2022-01-01"), ("end", "2022-12-31"), ("status", "ongoing"), ("status", "realised")]
    rows = services.saved.ask("activities-in-a-period", chosen).rows
    lines = services.saved.ask("timeline-of-activities").rows

    open_ended = [row for row in rows if row["edtf"]["value"] == "2022/.."]
    assert open_ended
    assert {row["certainty"]["value"] for row in open_ended} == {"certainly-overlaps"}
    assert not any("endNotAfter" in row for row in open_ended)
    assert any(row["edtf"]["value"].startswith("../") and "beginNotBefore" not in row for row in lines)


def test_the_readme_tells_how_much_there_is(root: Path, index: Index, services: Services) -> None:
    """A new source or fact moves the figures of the README."""
    organisations_, listing = len(index.of_class(ORG + "Organization")), ID + "doc/vertaisdialogi-listaus-2021"
    readme = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    wanted = (
        f"{index.count('Activity')} activities, {organisations_} organisations and {len(services.network.links)} links",
        f"told by {index.count('SourceDocument')} sources",
        f"; {index.passages.count(listing)} passages of the source",
    )

    assert [words for words in wanted if words not in readme] == []
