"""Times, counts and the order of names are written as people write them, in three languages."""

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store

from dialogiverkko.graph import alphabet, counts, dates, wording
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load, read_prefixes
from dialogiverkko.namespaces import DLG, RDF_TYPE, VOCAB

ASSETS = find_assets()
LANGUAGES = ("fi", "sv", "en")
TIMES = {
    "2021": ("2021", "2021", "2021"),
    "2022/2024": ("2022–2024", "2022–2024", "2022–2024"),
    "2020-03": ("maaliskuu 2020", "mars 2020", "March 2020"),
    "2020-08/2020-09": ("elo–syyskuu 2020", "augusti–september 2020", "August–September 2020"),
    "2020-04/2021-05": (
        "huhtikuusta 2020 toukokuuhun 2021",
        "från april 2020 till maj 2021",
        "from April 2020 to May 2021",
    ),
    "2021-21": ("kevät 2021", "våren 2021", "spring 2021"),
    "2021-21/2021-23": ("kevät–syksy 2021", "våren–hösten 2021", "spring–autumn 2021"),
    "2020-23/2021-21": (
        "syksystä 2020 kevääseen 2021",
        "från hösten 2020 till våren 2021",
        "from autumn 2020 to spring 2021",
    ),
    "2021-06-08": ("8.6.2021", "8 juni 2021", "8 June 2021"),
    "2021-06-08/2021-06-08": ("8.6.2021", "8 juni 2021", "8 June 2021"),
    "2021-04-26/2021-06-11": ("26.4.–11.6.2021", "26 april–11 juni 2021", "26 April–11 June 2021"),
    "2021-04-26/2021-04-28": ("26.–28.4.2021", "26–28 april 2021", "26–28 April 2021"),
    "2020-01-01/2020-12-31": ("1.1.–31.12.2020", "1 januari–31 december 2020", "1 January–31 December 2020"),
    "2020-12-30/2021-01-02": (
        "30.12.2020–2.1.2021",
        "30 december 2020–2 januari 2021",
        "30 December 2020–2 January 2021",
    ),
    "2020~": ("noin 2020", "omkring 2020", "about 2020"),
    "2021-05/..": ("toukokuusta 2021 alkaen", "från och med maj 2021", "from May 2021"),
    "../2021": ("vuoteen 2021 asti", "till och med 2021", "until 2021"),
    "no time": ("no time", "no time", "no time"),
    "2021-13": ("2021-13", "2021-13", "2021-13"),
    "2021-02-30": ("2021-02-30", "2021-02-30", "2021-02-30"),
}
COUNTS = {
    "schema:value 50 ; dlg:countedUnit unit:dialogue": ("50 dialogia", "50 dialoger", "50 dialogues"),
    "schema:value 1 ; dlg:countedUnit unit:dialogue": ("1 dialogi", "1 dialog", "1 dialogue"),
    "schema:value 0 ; dlg:countedUnit unit:dialogue": ("0 dialogia", "0 dialoger", "0 dialogues"),
    "schema:value 8000 ; dlg:countedUnit unit:participant": (
        "8\xa0000 osallistujaa",
        "8\xa0000 deltagare",
        "8,000 participants",
    ),
    "schema:value 20 ; dlg:isApproximate true ; dlg:countedUnit unit:dialogue": (
        "noin 20 dialogia",
        "cirka 20 dialoger",
        "about 20 dialogues",
    ),
    "schema:minValue 1 ; schema:maxValue 2 ; dlg:countedUnit unit:group ; dlg:perUnit unit:discussion-day": (
        "1–2 ryhmää keskustelupäivää kohti",
        "1–2 grupper per diskussionsdag",
        "1–2 groups per discussion day",
    ),
    "schema:minValue 20 ; dlg:countedUnit unit:dialogue": (
        "vähintään 20 dialogia",
        "minst 20 dialoger",
        "at least 20 dialogues",
    ),
    "schema:maxValue 20 ; dlg:countedUnit unit:event": (
        "enintään 20 tilaisuutta",
        "högst 20 tillfällen",
        "at most 20 events",
    ),
    "dlg:quantifier quantifier:numerous ; dlg:countedUnit unit:dialogue": (
        "lukuisia dialogeja (vähintään 2)",
        "talrika dialoger (minst 2)",
        "numerous dialogues (at least 2)",
    ),
    "dlg:quantifier quantifier:often ; dlg:countedUnit unit:discussion": (
        "keskusteluja usein (vähintään 2)",
        "diskussioner ofta (minst 2)",
        "discussions often (at least 2)",
    ),
    "dlg:quantifier quantifier:much ; dlg:countedUnit unit:element": (
        "paljon dialogisia elementtejä (vähintään 2)",
        "en mängd dialogiska inslag (minst 2)",
        "a large number of dialogic elements (at least 2)",
    ),
    "dlg:quantifier quantifier:several ; dlg:countedUnit unit:group ; dlg:perUnit unit:event": (
        "useita ryhmiä tilaisuutta kohti (vähintään 2)",
        "flera grupper per tillfälle (minst 2)",
        "several groups per event (at least 2)",
    ),
}
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.fixture(scope="module")
def vocab() -> Store:
    """The concepts of the project in the default graph."""
    return load(ASSETS).store()


def _with(vocab: Store, turtle: str) -> Store:
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in read_prefixes(ASSETS).items())
    store = Store()
    store.extend(q for q in vocab if str(q.subject).startswith(f"<{VOCAB}"))
    store.load(prefixes + turtle, format=RdfFormat.TURTLE)
    return store


def _said(store: Store, node: str) -> dict[str, str]:
    return {t.object.language: t.object.value for t in wording.labels(store) if t.subject == NamedNode(node)}  # type: ignore[union-attr]  # labels are literals


@pytest.mark.parametrize("expression", TIMES)
def test_a_time_is_written_as_people_write_it(expression: str) -> None:
    """What both ends share is written once, and what cannot be read stands as it is."""
    assert tuple(dates.in_words(expression, language) for language in LANGUAGES) == TIMES[expression]


@pytest.mark.parametrize("said", COUNTS)
def test_a_count_is_written_as_people_write_it(said: str, vocab: Store) -> None:
    """A number takes the unit in its number, a vague word in the plural, and says at least how many it means."""
    store = _with(vocab, f"<x:c> a dlg:Count ; {said} .")

    assert tuple(_said(store, "x:c")[language] for language in LANGUAGES) == COUNTS[said]


def test_a_unit_without_plurals_is_named_as_it_is(vocab: Store) -> None:
    """A unit that somebody adds without its forms is still readable."""
    store = _with(
        vocab, '<x:c> a dlg:Count ; schema:value 3 ; dlg:countedUnit <x:u> . <x:u> skos:prefLabel "Sivu"@fi .'
    )

    assert _said(store, "x:c") == {"fi": "3 sivu", "sv": "3 sivu", "en": "3 sivu"}


def test_an_abbreviation_keeps_its_capitals(vocab: Store) -> None:
    """Only a capital that a word has for standing alone is lowered."""
    store = _with(
        vocab, '<x:c> a dlg:Count ; schema:value 1 ; dlg:countedUnit <x:u> . <x:u> skos:prefLabel "EU-hanke"@fi .'
    )

    assert _said(store, "x:c")["fi"] == "1 EU-hanke"


def test_the_words_of_the_source_stay_the_name(vocab: Store) -> None:
    """A count or time that has a label in a language gets none beside it."""
    given = '<x:t> a dlg:TimeSpan ; dlg:edtf "2021-21"^^edtf:EDTF ; rdfs:label "kevät 2021 (?)"@fi .'

    assert _said(_with(vocab, given), "x:t") == {"sv": "våren 2021", "en": "spring 2021"}


def test_every_count_and_time_of_the_graph_is_named_in_words(vocab: Store) -> None:
    """None of ours is named by a bare EDTF expression or by a unit in the wrong number."""
    named = list(wording.labels(vocab))
    nodes = {
        q.subject
        for name in ("Count", "TimeSpan")
        for q in vocab.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(DLG + name), DefaultGraph())
    }

    assert {t.subject for t in named} == nodes
    assert all(isinstance(t.object, Literal) and t.predicate == LABEL for t in named)
    assert [t for t in named if " × " in t.object.value or "-21" in t.object.value or "-23" in t.object.value] == []


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fi", ["aaro", "Hankintaosaaminen", "HINKU-verkosto", "zeta", "Åbo", "Äldre", "ääni", "öljy"]),
        (
            "sv",
            [
                "Dialog vid demokratidagen",
                "Dialog vid Medborgarakademin",
                "Wien",
                "Über",
                "yta",
                "Åbo",
                "Äldre",
                "Öppen",
            ],
        ),
        ("en", ["Åbo", "aCCC", "Älvsby", "Bay", "“Open” day", "Örebro", "Vaasa", "Warsaw"]),
    ],
)
def test_names_are_sorted_by_the_alphabet_of_the_language(language: str, names: list[str]) -> None:
    """Å, ä and ö are last in Finnish and Swedish; capitals and quotation marks do not count."""
    shuffled = names[::-1]

    assert sorted(shuffled, key=lambda name: alphabet.key(name, language)) == names


def test_the_forms_of_a_unit_are_its_own(vocab: Store) -> None:
    """One, another number and a vague number each have their form in Finnish."""
    merge = wording._Merge(vocab)  # the reader of a store

    assert [counts.form(merge, VOCAB + "unit/event", "fi", n) for n in ("one", "many", "vague")] == [
        "tilaisuus",
        "tilaisuutta",
        "tilaisuuksia",
    ]
