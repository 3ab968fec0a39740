"""Beside a fact stand only words that name it, and who answers for what is told by how it is known."""

from collections import Counter

import pytest

from dialogiverkko.namespaces import DLG, ID, VOCAB
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import thing_page, things
from dialogiverkko.web.site.index import CV, Index


@pytest.fixture(scope="module")
def index(use: Services) -> Index:
    """The graph as pages read it."""
    return Index(use.snapshot)


def test_a_phrase_beside_a_fact_names_its_value(index: Index) -> None:
    """Each plain fact of an activity shows the phrases that mention its value, or whole items and pages alone."""
    shown = 0
    for activity in index.all("Activity"):
        for fact in index.facts(activity, thing_page.FACTS):
            value = getattr(fact.value, "value", "")
            for passage in fact.evidence if value.startswith("http") else ():
                names_it = value in index.values(passage.iri, DLG + "mentions")
                assert names_it or passage.is_item or not passage.line, (activity, fact.predicate, passage.iri)
                shown += names_it
    assert shown > 400


def test_organising_roles_are_counted_by_how_they_are_known(index: Index) -> None:
    """The three figures of what is missing part all activities: stated by words, implied by a heading, not recorded."""
    counted = {kind: set(found) for kind, found in things.organisers(index, "en").items()}
    organising = {VOCAB + "role/organising", *index.pointing(VOCAB + "role/organising", things.SKOS + "broader")}
    for activity in index.all("Activity"):
        nodes = index.values(activity, CV + "hasParticipation")
        bases = Counter(
            index.value(node, DLG + "assertionBasis").rsplit("/", 1)[-1]
            for node in nodes
            if index.value(node, CV + "role") in organising
        )
        expected = "stated" if bases["explicit"] else "implied" if bases else "unorganised"
        assert activity in counted[expected], (activity, bases)

    assert sum(map(len, counted.values())) == len(index.all("Activity"))
    assert min(map(len, counted.values())) > 20


def test_a_fact_of_a_table_is_told_by_its_own_pages(index: Index) -> None:
    """Of a graph that holds many pages each fact is that of the pages that mention it, or of the table as a whole."""
    series = ID + "activity/poikkeusajan-dialogit"
    facts = {getattr(f.value, "value", ""): f.sources for f in index.facts(series, thing_page.FACTS)}
    table = ID + "doc/national-dialogues"

    assert all("sitra-fi" in document for document in facts[VOCAB + "method/eratauko"])
    assert facts["https://avoinhallinto.fi/dialogit/"] == (table,)
