"""A group of people: what it took part in and what it was the topic of, all of it, each with its words, never mixed."""

import pytest
from flask.testing import FlaskClient

from dialogiverkko.namespaces import DCTERMS, DLG, ID, SKOS, VOCAB
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import groups
from dialogiverkko.web.site.index import CV, Index
from dialogiverkko.web.site.paging import Arguments

YOUNG = f"{VOCAB}participant-kind/young-people"
THEME = f"{VOCAB}theme/young-people"
NAMED_FOR_THE_YOUNG = ("nuor", "lukio", "13–25")


@pytest.fixture(scope="module")
def index(services: Services) -> Index:
    """The graph as pages read it."""
    return Index(services.snapshot)


def _appearances(index: Index, iri: str, name: str) -> dict[str, groups.Appearance]:
    page = groups.context(index, iri, "fi", Arguments())[name]
    return {each.thing: each for each in page.items}  # type: ignore[attr-defined]  # a page of appearances


def test_a_group_is_found_wherever_it_takes_part_and_wherever_it_is_the_topic(index: Index) -> None:
    """What its page lists is what the graph states by a participation of it or of a narrower group, and by a theme."""
    kinds = [YOUNG, *index.pointing(YOUNG, SKOS + "broader")]
    themes = index.values(YOUNG, SKOS + "relatedMatch")

    attended, topic = (_appearances(index, YOUNG, name) for name in ("attended", "topic"))

    assert THEME in themes
    assert set(attended) == {
        thing
        for kind in kinds
        for node in index.pointing(kind, DLG + "participantKind")
        for thing in index.pointing(node, CV + "hasParticipation")
    }
    assert set(topic) == {
        a for t in themes for a in index.pointing(t, DCTERMS + "subject") if index.is_a(a, "Activity")
    }
    assert len(attended) > 9
    assert len(topic) > 7


def test_each_appearance_has_its_words_and_its_role(index: Index) -> None:
    """Whatever a group took part in says in which role; each rests on passages; a topic has no role."""
    attended, topic = (_appearances(index, YOUNG, name) for name in ("attended", "topic"))

    assert [each.thing for each in attended.values() if not each.roles or not each.evidence] == []
    assert [each.thing for each in topic.values() if each.roles or not each.evidence] == []


def test_no_dialogue_that_is_named_for_the_young_is_missed(index: Index) -> None:
    """Every activity whose Finnish name says young people stands in one list or the other."""
    named = {
        iri
        for iri in index.all("Activity")
        if any(word in index.label(iri, "fi").value.casefold() for word in NAMED_FOR_THE_YOUNG)
    }

    found = {*_appearances(index, YOUNG, "attended"), *_appearances(index, YOUNG, "topic")}

    assert len(named) > 5
    assert named <= found


@pytest.mark.parametrize(
    ("language", "attended", "topic"),
    [
        ("fi", "Mihin ryhmä osallistui", "Missä ryhmä oli aiheena"),
        ("sv", "Vad gruppen deltog i", "Där gruppen var ämnet"),
        ("en", "What the group took part in", "Where the group was the topic"),
    ],
)
@pytest.mark.parametrize("concept", ["participant-kind/young-people", "theme/young-people"])
def test_the_page_of_the_group_and_of_its_theme_tell_both(
    client: FlaskClient, language: str, attended: str, topic: str, concept: str
) -> None:
    """A reader who comes to either of the two concepts of one name finds both lists, in each language."""
    page = client.get(f"/{language}/page/vocab/{concept}").get_data(as_text=True)

    assert page.index(f">{attended} (") < page.index(f">{topic} (")
    assert "where-a-group-of-people-appears?participantKind=young-people" in page


def test_the_saved_question_tells_the_same_as_the_page(client: FlaskClient, index: Index) -> None:
    """The question has a row for each appearance of the page, told apart by capacity."""
    answer = client.get("/queries/where-a-group-of-people-appears.json?lang=fi").get_json()
    rows = [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]

    for capacity, name in ((f"{DLG}Participation", "attended"), (f"{DCTERMS}subject", "topic")):
        assert {r["activity"] for r in rows if r["capacity"] == capacity} == {
            thing for thing in _appearances(index, YOUNG, name) if thing.startswith(f"{ID}activity/")
        }
    assert all(("role" in row) == (row["capacity"] == f"{DLG}Participation") for row in rows)


def test_a_theme_about_no_group_has_no_such_lists(client: FlaskClient) -> None:
    """The page of another theme is as it was."""
    page = client.get("/en/page/vocab/theme/forests").get_data(as_text=True)

    assert "What the group took part in" not in page
    assert "Activities on the theme" in page
