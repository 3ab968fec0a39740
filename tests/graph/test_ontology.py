"""The ontology is complete, its vocabularies too, its rules fire, and its context gives the same graph back."""

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import read_prefixes
from dialogiverkko.namespaces import BASE, DLG, VOCAB

ASSETS = find_assets()
CLASSES = [
    "SourceDocument",
    "Passage",
    "Section",
    "ListItem",
    "Activity",
    "DialogueEvent",
    "DialogueSeries",
    "DialogicPractice",
    "SupportActivity",
    "Context",
    "Project",
    "Programme",
    "PolicyProcess",
    "Occasion",
    "PolicyInstrument",
    "WorkProduct",
    "Participation",
    "Count",
    "TimeSpan",
    "Objective",
    "KnownGap",
    "Remark",
    "CollaborationLink",
    "StatusStatement",
]
PROPERTIES = [
    "isEvidencedBy",
    "isReportedBy",
    "listsActivitiesOf",
    "inSection",
    "isListedUnder",
    "quotation",
    "parentItem",
    "sectionAbout",
    "sectionKind",
    "lineNumber",
    "sha256",
    "referenceDate",
    "isNonFactual",
    "hasRealisationStatus",
    "hasOpenness",
    "usesMethod",
    "replacesMethod",
    "activityKind",
    "realisesPractice",
    "isPartOf",
    "takesPlaceAt",
    "isConnectedWith",
    "feedsInto",
    "wasUsedIn",
    "concernsProduct",
    "concernsInstrument",
    "policyStage",
    "continues",
    "hasPlace",
    "isDispersedAcross",
    "isMainlyDispersedAcross",
    "aboutPlace",
    "guidingQuestion",
    "hasObjective",
    "objectiveText",
    "eventOrdinal",
    "participantKind",
    "participantAffiliation",
    "participantArea",
    "assertionBasis",
    "enumerationScope",
    "isAlternativeTo",
    "hasCount",
    "countedUnit",
    "perUnit",
    "quantifier",
    "impliesAtLeast",
    "sourceExpression",
    "hasTimeSpan",
    "edtf",
    "beginNotBefore",
    "beginNotAfter",
    "endNotBefore",
    "endNotAfter",
    "resolvedAgainst",
    "gapAbout",
    "gapKind",
    "remarkAbout",
    "remarkText",
    "hasOwnTranslationIn",
    "indefinitePluralLabel",
    "isApproximate",
    "pluralLabel",
    "linksOrganisation",
    "throughActivity",
    "throughContext",
    "linkStrength",
    "collaboratesWith",
    "usesMethodInherited",
    "mentions",
    "sourceKind",
    "retrievedOn",
    "gapIn",
    "answeredBy",
    "hasStatusStatement",
    "statedStatus",
    "statedOn",
    "hasMode",
    "themeScope",
    "hedge",
    "isStatedIn",
]
CONTRACT = {
    "method": "eratauko dialogue dialogic-elements small-group-dialogue stakeholder-discussion citizens-jury "
    "deliberative-citizen-discussion foresight-dialogue future-dialogue lesson-dialogue neighbour-dialogue "
    "auditorium-discussion ordinary-meeting",
    "unit": "dialogue discussion event discussion-evening discussion-day group project",
    "gap": "listing-missing partial-listing link-target-missing copy-cut",
    "activity-kind": "training tool-development evaluation coordination",
    "status": "realised ongoing planned aspired unstated",
    "openness": "internal stakeholder invited open unstated",
    "basis": "explicit implied-by-heading inherited",
    "section": "main upcoming other intro navigation",
    "enumeration": "illustrative predominant",
    "stage": "preparation implementation reform",
    "instrument-type": "act regulation strategy plan programme government-report restriction",
    "source-kind": "listing web-page report table statement",
    "mode": "face-to-face remote hybrid",
    "hedge": "in-some-cases at-times possibly",
    "strength": "joint-organisation partnership involvement through-people membership shared-context",
    "role": "involved organising organiser co-organiser coordinator commissioner host owner "
    "collaborating partner supporter "
    "taking-part participant attendee invitee target-group own-part-organiser",
}
LEAST_SCHEMES = 18
LEAST_CONCEPTS = 213
LANGUAGES = ["en", "fi", "sv"]
RULES = sorted(path.stem for path in ASSETS.files("ontology", "rules/*.rq"))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The ontology without its alignments."""
    return Graph().parse(ASSETS.root / "ontology" / "dialogiverkko.ttl")


@pytest.fixture(scope="module")
def vocab() -> Graph:
    """All schemes."""
    graph = Graph()
    for path in ASSETS.files("ontology", "vocab/*.ttl"):
        graph.parse(path)
    return graph


TERMS = sorted(
    str(term).removeprefix(DLG)
    for term in Graph()
    .parse(ASSETS.root / "ontology" / "dialogiverkko.ttl")
    .subjects(RDFS.isDefinedBy, URIRef(BASE + "ns"))
)
"""The terms that the ontology defines, by local name."""


def test_no_term_of_the_contract_is_lost() -> None:
    """Consumers' queries rest on these names: a term is deprecated before it goes."""
    assert {*CLASSES, *PROPERTIES} - set(TERMS) == set()


def test_what_has_our_name_is_defined_by_our_ontology(ontology: Graph) -> None:
    """No term of ours is left out of what the other tests look at."""
    ours = {str(s).removeprefix(DLG) for s in ontology.subjects() if str(s).startswith(DLG) and str(s) != DLG}

    assert ours == set(TERMS)


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_complete(name: str, ontology: Graph) -> None:
    """Each term has a label and a definition in fi, sv and en, an example and where it is defined."""
    term = URIRef(DLG + name)

    labels = sorted(str(label.language) for label in ontology.objects(term, RDFS.label))  # type: ignore[attr-defined]
    definitions = sorted(str(text.language) for text in ontology.objects(term, SKOS.definition))  # type: ignore[attr-defined]

    assert (labels, definitions) == (LANGUAGES, LANGUAGES)
    assert ontology.value(term, SKOS.example) is not None
    assert ontology.value(term, RDFS.isDefinedBy) == URIRef(BASE + "ns")
    wanted = OWL.Class if name[0].isupper() else {OWL.ObjectProperty, OWL.DatatypeProperty}
    types = set(ontology.objects(term, RDF.type))
    assert wanted in types if name[0].isupper() else types & wanted  # type: ignore[operator]


def test_what_the_ontology_explains_it_explains_in_three_languages(ontology: Graph) -> None:
    """Definitions, and the description of the ontology itself, whether or not the contract names the term."""
    explained = {
        (subject, predicate)
        for predicate in (SKOS.definition, DCTERMS.description)
        for subject in ontology.subjects(predicate, None)
    }
    incomplete = [
        f"{subject} {predicate}"
        for subject, predicate in sorted(explained)
        if sorted(str(text.language) for text in ontology.objects(subject, predicate)) != LANGUAGES  # type: ignore[attr-defined]
    ]

    assert (URIRef(BASE + "ns"), DCTERMS.description) in explained
    assert incomplete == []


def test_a_property_has_at_most_one_domain_and_range(ontology: Graph) -> None:
    """Unions of domains belong to the shapes."""
    many = [
        term
        for predicate in (RDFS.domain, RDFS.range)
        for term in set(ontology.subjects(predicate, None))
        if len(list(ontology.objects(term, predicate))) > 1
    ]

    assert many == []


def test_the_schemes_hold_what_the_contract_names(vocab: Graph) -> None:
    """Schemes and concepts are no fewer than they were, and the slugs that queries rest on are there."""
    concepts = {str(c) for c in vocab.subjects(RDF.type, SKOS.Concept)}
    wanted = {f"{VOCAB}{scheme}/{slug}" for scheme, slugs in CONTRACT.items() for slug in slugs.split()}

    assert len(set(vocab.subjects(RDF.type, SKOS.ConceptScheme))) >= LEAST_SCHEMES
    assert len(concepts) >= LEAST_CONCEPTS
    assert wanted <= concepts


def test_a_concept_is_complete(vocab: Graph) -> None:
    """Each concept has a name in three languages, a definition in each, an example and one scheme."""
    incomplete = []
    for concept in vocab.subjects(RDF.type, SKOS.Concept):
        names = sorted(str(name.language) for name in vocab.objects(concept, SKOS.prefLabel))  # type: ignore[attr-defined]
        definitions = sorted(str(t.language) for t in vocab.objects(concept, SKOS.definition))  # type: ignore[attr-defined]
        schemes = list(vocab.objects(concept, SKOS.inScheme))
        has_example = vocab.value(concept, SKOS.example) is not None
        found = {"names": names, "definitions": definitions, "schemes": len(schemes), "example": has_example}
        if found != {"names": LANGUAGES, "definitions": LANGUAGES, "schemes": 1, "example": True}:
            incomplete.append((str(concept), found))

    assert incomplete == []


def test_hierarchies_have_no_cycle(vocab: Graph) -> None:
    """No concept is broader than itself."""
    cycles = [
        c
        for c in vocab.subjects(SKOS.broader, None)
        if c in set(vocab.transitive_objects(vocab.value(c, SKOS.broader), SKOS.broader))
    ]

    assert cycles == []


def test_identifiers_are_among_those_that_were_seen(root: Path) -> None:
    """A wrong link is worse than none: every YSO, Wikidata and ROR identifier is in the list seen, or in a table.

    A table of a source says beside each where it was seen.
    """
    seen = set((root / "tests" / "fixtures" / "identifiers-seen.txt").read_text(encoding="utf-8").split())
    pattern = re.compile(
        r"http://www\.yso\.fi/onto/yso/p\d+|http://www\.wikidata\.org/entity/Q\d+|https://ror\.org/\w+"
    )
    for table in ASSETS.files("data", "sources/*/*.csv"):
        text = table.read_text(encoding="utf-8-sig")
        seen |= set(pattern.findall(text))
        seen |= {f"http://www.wikidata.org/entity/{item}" for item in re.findall(r"Wikidata (Q\d+)", text)}
    used = set()
    for path in [*ASSETS.files("data", "**/*.ttl"), *ASSETS.files("ontology", "**/*.ttl")]:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            used |= set(pattern.findall(str(quad.object)))

    assert len(used) > 50
    assert used - seen == set()


def test_alignments_point_outwards(ontology: Graph) -> None:
    """An alignment relates our terms to others' and defines nothing."""
    del ontology
    for path in ASSETS.files("ontology", "alignments/*.ttl"):
        graph = Graph().parse(path)
        subjects = {str(s) for s in graph.subjects() if not str(s).startswith(BASE)}

        assert subjects == set(), path.name
        assert (None, RDF.type, OWL.Class) not in graph


def test_the_context_gives_the_same_graph_back() -> None:
    """A data file written as JSON-LD with the context reads as the same graph."""
    context = json.loads((ASSETS.root / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    original = Graph().parse(ASSETS.root / "data" / "sources" / "vertaisdialogi-2021-06-08" / "vm.ttl")

    text = original.serialize(format="json-ld", context=context, auto_compact=False)
    again = Graph().parse(data=text, format="json-ld")

    assert '"hasStatusStatement"' in text
    assert isomorphic(original, again)


FIRED = {
    "010-superclasses": ("<x:a> a dlg:DialogueSeries .", "<x:a> a dlg:Activity"),
    "015-public-kinds-are-public-organisations": (
        "<x:o> org:classification organisation-kind:municipality .",
        "<x:o> a cv:PublicOrganisation",
    ),
    "020-superproperties": ("<x:a> dlg:wasUsedIn <x:p> .", "<x:a> dlg:feedsInto <x:p>"),
    "030-inherited-method": (
        "<x:a> dlg:realisesPractice <x:p> . <x:p> dlg:usesMethod method:dialogue .",
        "<x:a> dlg:usesMethodInherited method:dialogue",
    ),
    "035-status-of-the-latest-source": (
        "<x:a> dlg:hasStatusStatement <x:s> , <x:t> , <x:u> , <x:v> . "
        '<x:s> dlg:statedStatus status:planned ; dlg:statedOn "2021-06-08"^^xsd:date . '
        '<x:t> dlg:statedStatus status:realised ; dlg:statedOn "2025-01-01"^^xsd:date . '
        '<x:u> dlg:statedStatus status:unstated ; dlg:statedOn "2026-01-01"^^xsd:date . '
        '<x:v> dlg:statedStatus status:planned ; dlg:statedOn "2026-06-01"^^xsd:date .',
        "<x:a> dlg:hasRealisationStatus status:realised",
    ),
    "058-stated-in-a-source": (
        "<x:a> dlg:isEvidencedBy <x:p> . <x:p> oa:hasSource <x:d> .",
        "<x:a> dlg:isStatedIn <x:d>",
    ),
    "040-realised-is-prov-activity": ("<x:a> dlg:hasRealisationStatus status:realised .", "<x:a> a prov:Activity"),
    "050-open-event-is-public-event": (
        "<x:a> a dlg:DialogueEvent ; dlg:hasOpenness openness:open .",
        "<x:a> a cv:PublicEvent",
    ),
    "060-audience": (
        "<x:a> a dlg:Activity ; cv:hasParticipation <x:p> . <x:p> cv:role role:invitee ; "
        "dlg:participantKind participant-kind:citizens .",
        "<x:a> cv:audience participant-kind:citizens",
    ),
    "070-links-through-activities": (
        "activity:a a dlg:Activity ; cv:hasParticipation <x:p> , <x:q> ."
        "<x:p> cv:hasParticipant agent:om ; cv:role role:organiser ; dlg:assertionBasis "
        "basis:explicit ; dlg:isEvidencedBy <x:e> ; dlg:isStatedIn <x:page> ."
        "<x:q> cv:hasParticipant agent:vm ; cv:role role:partner ; dlg:assertionBasis basis:explicit "
        "; dlg:isEvidencedBy <x:f> ; dlg:isStatedIn <x:page> . "
        "<x:e> oa:hasSource <x:page> . <x:f> oa:hasSource <x:page> .",
        "link:om--vm--a dlg:linkStrength strength:partnership ; dlg:isEvidencedBy <x:e> , <x:f> ; "
        "dlg:assertionBasis basis:explicit",
    ),
    "071-links-with-networks": (
        "activity:a dlg:isConnectedWith agent:keino ; cv:hasParticipation <x:p> . agent:keino a "
        "org:OrganizationalCollaboration ."
        "<x:p> cv:hasParticipant agent:syke ; cv:role role:organiser ; dlg:assertionBasis "
        "basis:implied-by-heading ; dlg:isEvidencedBy <x:e> .",
        "link:keino--syke--a dlg:linkStrength strength:involvement",
    ),
    "072-links-through-people": (
        "activity:a a dlg:Activity ; cv:hasParticipation <x:p> , <x:q> ."
        "<x:p> cv:hasParticipant agent:syke ; cv:role role:organiser ; dlg:assertionBasis basis:implied-by-heading ; "
        "dlg:isEvidencedBy <x:e> . <x:q> dlg:participantAffiliation agent:turku ; dlg:isEvidencedBy <x:f> .",
        "link:syke--turku--a dlg:linkStrength strength:through-people ; dlg:isEvidencedBy <x:e> , <x:f>",
    ),
    "073-links-with-owners-of-contexts": (
        "process:c a dlg:Context ; cv:hasParticipation <x:o> . <x:o> cv:role role:owner ; "
        "cv:hasParticipant agent:vnk ; dlg:isEvidencedBy <x:named> . <x:named> dcterms:isPartOf <x:item> ."
        "activity:a dlg:isPartOf process:c ; dlg:isEvidencedBy <x:item> ; cv:hasParticipation <x:p> ."
        "<x:p> cv:hasParticipant agent:oph ; cv:role role:organiser ; dlg:assertionBasis basis:implied-by-heading ; "
        "dlg:isEvidencedBy <x:item> .",
        "link:oph--vnk--a dlg:linkStrength strength:involvement ; dlg:throughActivity activity:a ; "
        "dlg:isEvidencedBy <x:item> , <x:named>",
    ),
    "074-links-through-contexts": (
        "project:c a dlg:Context . <x:a> dlg:isPartOf project:c ; dlg:isReportedBy agent:oph ; "
        "dlg:isEvidencedBy <x:e> ."
        "<x:b> dlg:isPartOf project:c ; dlg:isReportedBy agent:vnk ; dlg:isEvidencedBy <x:f> . <x:e> "
        "dlg:mentions project:c .",
        "link:oph--vnk--c dlg:linkStrength strength:shared-context ; dlg:throughContext project:c",
    ),
    "075-collaborates-with": (
        "<x:l> dlg:linkStrength strength:partnership ; dlg:linksOrganisation agent:om , agent:vm .",
        "agent:om dlg:collaboratesWith agent:vm . agent:vm dlg:collaboratesWith agent:om",
    ),
    "080-labels-of-participations": (
        "<x:p> a dlg:Participation ; cv:role <x:r> ; cv:hasParticipant <x:o> . <x:r> skos:prefLabel "
        '"Kumppani"@fi . <x:o> skos:prefLabel "VM"@fi .',
        '<x:p> rdfs:label "VM – kumppani"@fi',
    ),
    "081-labels-of-counts-and-times": (
        '<x:c> dlg:sourceExpression "kevät 2021"@fi .',
        '<x:c> rdfs:label "kevät 2021"@fi',
    ),
    "082-labels-of-objectives": ('<x:o> dlg:objectiveText "Kuunnella."@fi .', '<x:o> rdfs:label "Kuunnella."@fi'),
    "055-quotations-of-passages": (
        "<x:p> a dlg:Passage ; oa:hasSelector <x:s> . <x:q> a dlg:Passage ; oa:hasSelector <x:r> , <x:o> ."
        '<x:s> oa:exact "50 dialogia"@fi . <x:r> oa:hasStartSelector <x:a> ; oa:hasEndSelector <x:b> .'
        '<x:o> oa:start 3 . <x:a> oa:exact "Toteutettu"@fi . <x:b> oa:exact "tulevaisuudesta"@fi .',
        '<x:p> dlg:quotation "50 dialogia"@fi . <x:q> dlg:quotation "Toteutettu … tulevaisuudesta"@fi',
    ),
    "056-items-under-headings": (
        "<x:i> a dlg:ListItem ; dlg:inSection <x:s> . <x:s> dlg:inSection <x:t> . <x:t> dlg:sectionAbout <x:unit> ."
        "<x:unit> org:unitOf <x:ministry> .",
        "<x:i> dlg:isListedUnder <x:unit> , <x:ministry>",
    ),
    "083-labels-of-passages": (
        '<x:p> a dlg:Passage ; dlg:lineNumber 76 ; dlg:quotation "50 dialogia"@fi .',
        '<x:p> rdfs:label "line 76: «50 dialogia»"@en',
    ),
    "084-labels-of-links": (
        "<x:l> a dlg:CollaborationLink ; dlg:linksOrganisation <x:a> , <x:b> ; dlg:throughActivity <x:t> ."
        '<x:a> skos:prefLabel "A"@fi . <x:b> skos:prefLabel "B"@fi . <x:t> skos:prefLabel "T"@fi .',
        '<x:l> rdfs:label "A – B: T"@fi',
    ),
    "085-labels-of-memberships": (
        "<x:m> a org:Membership ; org:member <x:a> ; org:organization <x:g> . <x:a> skos:prefLabel "
        '"A"@fi . <x:g> skos:prefLabel "G"@fi .',
        '<x:m> rdfs:label "A – G"@fi',
    ),
    "090-schemes": (
        '<https://w3id.org/dialogiverkko/vocab/x> a skos:ConceptScheme ; skos:definition "What for"@en .',
        "<https://w3id.org/dialogiverkko/vocab/x> dcterms:license <https://creativecommons.org/licenses/by/4.0/> ; "
        'dcterms:creator "The Dialogiverkko founders"@en ; dcterms:description "What for"@en',
    ),
}


def _store(turtle: str) -> Store:
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in read_prefixes(ASSETS).items())
    store = Store()
    store.load(prefixes + turtle, format=RdfFormat.TURTLE)
    return store


def test_every_rule_is_tried() -> None:
    """Rules are collected from the disk."""
    assert sorted(FIRED) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_fires(rule: str) -> None:
    """From what the rule looks for follows what it says."""
    given, wanted = FIRED[rule]
    store = _store(given)
    store.bulk_load(path=str(ASSETS.root / "ontology" / "dialogiverkko.ttl"), format=RdfFormat.TURTLE)
    text = (ASSETS.root / "ontology" / "rules" / f"{rule}.rq").read_text(encoding="utf-8")

    derived = Store()
    derived.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in store.query(text))  # type: ignore[union-attr]

    missing = [quad for quad in _store(wanted + " .") if quad not in derived]
    assert missing == []


def test_the_listing_event_links_nobody() -> None:
    """Co-attendance is no collaboration."""
    given, _ = FIRED["070-links-through-activities"]
    text = (ASSETS.root / "ontology" / "rules" / "070-links-through-activities.rq").read_text(encoding="utf-8")

    answer = _store(given + " <x:d> dlg:listsActivitiesOf activity:a .").query(text)

    assert list(answer) == []  # type: ignore[arg-type]


def _derived(rule: str, given: str) -> Store:
    text = (ASSETS.root / "ontology" / "rules" / f"{rule}.rq").read_text(encoding="utf-8")
    derived = Store()
    derived.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in _store(given).query(text))  # type: ignore[union-attr]
    return derived


@pytest.mark.parametrize(
    "member",
    [
        "<x:m> org:member agent:vm ; org:organization agent:om .",
        "<x:m> org:member agent:om ; org:organization agent:vm .",
    ],
)
def test_a_membership_is_no_collaboration(member: str) -> None:
    """Of a group and its member, whichever of the two comes first, the link says membership."""
    derived = _derived("070-links-through-activities", FIRED["070-links-through-activities"][0] + member)

    strengths = {quad.object for quad in _store("link:om--vm--a dlg:linkStrength strength:membership .")}
    assert {q.object for q in derived if q.predicate.value.endswith("#linkStrength")} == strengths


@pytest.mark.parametrize(
    ("status", "links"), [("realised", 2), ("ongoing", 2), ("unstated", 2), ("planned", 0), ("aspired", 0)]
)
def test_plans_make_no_collaboration(status: str, links: int) -> None:
    """What is only planned or hoped for is a link with its evidence, and nobody collaborates yet."""
    given = (
        "<x:l> dlg:linkStrength strength:partnership ; dlg:linksOrganisation agent:om , agent:vm ; "
        f"dlg:throughActivity activity:a . activity:a dlg:hasRealisationStatus status:{status} ."
    )

    assert len(_derived("075-collaborates-with", given)) == links


@pytest.mark.parametrize("unit", ["agent:turku org:unitOf agent:syke .", "agent:syke org:unitOf agent:turku ."])
def test_own_staff_links_nobody(unit: str) -> None:
    """People of a unit of the same house are no link between two houses."""
    assert len(_derived("072-links-through-people", FIRED["072-links-through-people"][0] + unit)) == 0


def test_an_owner_named_elsewhere_is_no_involvement() -> None:
    """Only the item that tells of the activity may name the owner of what it belongs to."""
    given = FIRED["073-links-with-owners-of-contexts"][0].replace(
        "<x:named> dcterms:isPartOf <x:item>", "<x:named> dcterms:isPartOf <x:other>"
    )

    assert len(_derived("073-links-with-owners-of-contexts", given)) == 0


def test_a_shared_context_shows_each_party_its_own_words() -> None:
    """Of an activity under two headings, only the item under the heading of the party is its evidence."""
    given = FIRED["074-links-through-contexts"][0] + (
        "<x:a> dlg:isEvidencedBy <x:g> . <x:g> dlg:mentions project:c ; dcterms:isPartOf <x:item> ."
        "<x:item> dlg:isListedUnder agent:om . <x:e> dlg:isListedUnder agent:oph ."
    )

    derived = _derived("074-links-through-contexts", given)

    assert [q.object.value for q in derived if q.predicate.value.endswith("#isEvidencedBy")] == ["x:e"]


def test_two_who_only_take_part_are_not_linked() -> None:
    """Of two participants neither answers for the activity."""
    given = (
        FIRED["070-links-through-activities"][0]
        .replace("role:organiser", "role:attendee")
        .replace("role:partner", "role:participant")
    )
    text = (ASSETS.root / "ontology" / "rules" / "070-links-through-activities.rq").read_text(encoding="utf-8")

    answer = _store(given).query(text)

    assert list(answer) == []  # type: ignore[arg-type]


def _bases(given: str) -> set[tuple[str, str]]:
    """Ask the rule of links through activities which strength each link has and on what basis it rests."""
    text = (ASSETS.root / "ontology" / "rules" / "070-links-through-activities.rq").read_text(encoding="utf-8")
    derived = Store()
    derived.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in _store(given).query(text))  # type: ignore[union-attr]
    rows = derived.query(
        "PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> "
        "SELECT ?strength ?basis { ?link dlg:linkStrength ?strength ; dlg:assertionBasis ?basis }"
    )
    return {tuple(row[name].value.rsplit("/", 1)[1] for name in ("strength", "basis")) for row in rows}  # type: ignore


def test_a_link_rests_on_the_basis_of_its_strongest_pair() -> None:
    """Where a weaker pair is explicit, the stronger one implied by the heading keeps its own basis."""
    given = (
        FIRED["070-links-through-activities"][0].replace("basis:explicit", "basis:implied-by-heading")
        + " activity:a cv:hasParticipation <x:r> . <x:r> cv:hasParticipant agent:vm ; cv:role role:participant ;"
        " dlg:assertionBasis basis:explicit ; dlg:isEvidencedBy <x:g> ; dlg:isStatedIn <x:page> ."
        " activity:a cv:hasParticipation <x:s> . <x:s> cv:hasParticipant agent:om ; cv:role role:partner ;"
        " dlg:assertionBasis basis:explicit ; dlg:isEvidencedBy <x:h> ; dlg:isStatedIn <x:page> ."
    )

    assert _bases(given) == {("partnership", "implied-by-heading")}


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("<x:f> ; dlg:isStatedIn <x:page>", "<x:f> ; dlg:isStatedIn <x:other>"),
        ("<x:q> cv:hasParticipant", "<x:q> dlg:hedge hedge:separately ; cv:hasParticipant"),
    ],
)
def test_two_are_linked_only_where_one_source_says_that_they_did_it_together(said: str, instead: str) -> None:
    """Two pages that name one each say nothing of the two; nor does a word that one held its own."""
    given = FIRED["070-links-through-activities"][0]

    assert said in given
    assert _bases(given.replace(said, instead)) == set()


def test_a_role_known_only_in_general_links_as_its_kind() -> None:
    """Collaborating, of no closer kind, counts as much as partner."""
    given = FIRED["070-links-through-activities"][0].replace("role:partner", "role:collaborating")

    assert _bases(given) == {("partnership", "explicit")}


def test_every_source_without_a_text_can_be_found() -> None:
    """What is read from a page or report leads to it by an address or an identifier."""
    nameless = []
    files = [path.with_name("source.ttl") for path in ASSETS.files("data", "sources/*/reading.yaml")]
    for path in files:
        triples = Graph().parse(path)
        for document in triples.subjects(RDF.type, URIRef(DLG + "SourceDocument")):
            pages = list(triples.objects(document, FOAF.page))
            named = list(triples.objects(document, DCTERMS.identifier))
            if not named and not (pages and all(str(page).startswith("https://") for page in pages)):
                nameless.append(path.parent.name)

    assert len(files) >= 23
    assert nameless == []
