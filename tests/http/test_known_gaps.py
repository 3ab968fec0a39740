"""Beside an answer stands what is known to be missing, where that says something about it."""

import pytest
from flask.testing import FlaskClient

from dialogiverkko.web.http import queries
from dialogiverkko.web.services import Services


@pytest.mark.parametrize(
    ("path", "are_told"),
    [
        ("activities-without-a-stated-time", True),
        ("activities-of-an-organisation", True),
        ("collaboration-links", False),
        ("names-that-contain-a-word?word=zzzz", True),
    ],
)
def test_known_gaps_stand_beside_what_is_empty_or_asks_for_them(client: FlaskClient, path: str, are_told: bool) -> None:
    """And beside nothing else."""
    page = client.get(f"/queries/{path}{'&' if '?' in path else '?'}lang=en", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert ("What is known to be missing from the source" in page.text) is are_told


@pytest.mark.parametrize(("most", "has_more"), [(2, True), (10_000, False)])
def test_the_first_known_gaps_stand_there_and_lead_to_all(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch, most: int, has_more: bool
) -> None:
    """A page does not grow with what is missing."""
    monkeypatch.setattr(queries, "_GAPS", most)
    page = client.get("/queries/incomplete-lists?lang=sv", headers={"Accept": "text/html"}).text
    beside = page[page.index('<h3 id="gaps">') : page.index('<h3 id="download">')]
    answer = services.saved.ask("what-the-source-says-is-missing", [("language", "sv")])
    labels = {row["gapLabel"]["value"] for row in answer.rows}

    assert len(labels) > 2
    assert beside.count("<li>") == min(most, len(labels))
    assert ("Alla kända luckor" in beside) is has_more
