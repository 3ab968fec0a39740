"""What changed between two graphs is told as facts: how they are written down and where they stand is none."""

import pytest
from flask import Flask
from pyoxigraph import RdfFormat, parse

from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.web import languages
from dialogiverkko.web.site import changes
from dialogiverkko.web.site.index import Index

PREFIXES = """
PREFIX a: <https://w3id.org/dialogiverkko/id/activity/>
PREFIX o: <https://w3id.org/dialogiverkko/id/org/>
PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX cv: <http://data.europa.eu/m8g/>
o:om skos:prefLabel "Ministry"@en . o:vm skos:prefLabel "Treasury"@en .
dlg:role skos:prefLabel "Organiser"@en .
"""
BEFORE = 'a:x a dlg:Activity ; skos:prefLabel "Talks"@en , "Keskustelut"@fi ; dlg:isReportedBy o:om .'


def index(text: str) -> Index:
    """An index over one graph."""
    triples = [quad.triple for quad in parse((PREFIXES + text).encode(), RdfFormat.TURTLE)]
    return Index(Snapshot({"https://w3id.org/dialogiverkko/graph/x": ordered(triples)}, {}))


def told(before: str, after: str, language: str = "en") -> dict[str, tuple[str, list[str]]]:
    """The changes from one text to another: by the end of the IRI, what happened and the sentences."""
    app = Flask("test")
    languages.install(app, "en")
    compared = changes.compare(index(before), index(after))
    with app.test_request_context(), languages.told_in(language):
        return {
            each.thing.rpartition("/")[2]: (each.what, changes.sentences(compared, each, language))
            for each in changes.ordered(compared, language)
        }


def test_the_same_graph_has_no_changes() -> None:
    """However it is written."""
    assert told(BEFORE, BEFORE) == {}


def test_a_thing_that_comes_and_one_that_goes_are_told_by_their_kind() -> None:
    """Each once, whatever is said of it."""
    new = ' a:y a dlg:Activity ; skos:prefLabel "More"@en ; dlg:isReportedBy o:vm .'

    assert told(BEFORE, BEFORE + new) == {"y": ("added", ["New: activity."])}
    assert told(BEFORE + new, BEFORE) == {"y": ("removed", ["Removed: activity."])}
    assert told(BEFORE + new, BEFORE, "fi") == {"y": ("removed", ["Poistettu: käyttöyhteys."])}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"Talks"@en', '"Long talks"@en', "Name (in English) is now “Long talks”; it was “Talks”."),
        ("isReportedBy o:om", "isReportedBy o:vm", "Reported by is now “Treasury”; it was “Ministry”."),
        ("isReportedBy o:om", "isReportedBy o:om , o:vm", "Reported by: added “Treasury”."),
        (" ; dlg:isReportedBy o:om", "", "Reported by: removed “Ministry”."),
    ],
)
def test_a_changed_fact_is_told_in_a_sentence(old: str, new: str, sentence: str) -> None:
    """One value for another, one more, one less."""
    assert told(BEFORE, BEFORE.replace(old, new)) == {"x": ("changed", [sentence])}


def test_a_role_is_a_fact_whatever_its_node_is_called() -> None:
    """A statement of its own that says the same under another name has not changed."""
    role = " a:x cv:hasParticipation <{}> . <{}> cv:hasParticipant o:om ; cv:role dlg:role ."
    here, there = "https://w3id.org/dialogiverkko/id/activity/x/participation/1", "https://example.org/other"

    assert told(BEFORE + role.format(here, here), BEFORE + role.format(there, there)) == {}
    assert told(BEFORE, BEFORE + role.format(here, here)) == {"x": ("changed", ["Role: added “Ministry (Organiser)”."])}


def test_how_a_fact_is_evidenced_is_no_fact() -> None:
    """Passages and classes come and go without a word."""
    assert told(BEFORE, BEFORE + " a:x dlg:isEvidencedBy <https://w3id.org/dialogiverkko/src/d/L1> ; a dlg:X .") == {}
