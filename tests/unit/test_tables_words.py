"""A phrase stands beside those values of its row that it names; the others rest on the page."""

import pytest
from pyoxigraph import NamedNode, Triple

from dialogiverkko.graph.source.reading import Words
from dialogiverkko.graph.tables.amounts import Amount
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.merging import without_silence
from dialogiverkko.graph.tables.naming_words import NamedBy, says_over, says_time
from dialogiverkko.graph.tables.pages import told_apart
from dialogiverkko.graph.tables.rows import Value
from dialogiverkko.graph.tables.telling import short_amount
from dialogiverkko.namespaces import DLG, VOCAB

NAMES = {
    ("place", "lahti"): ("Lahti", "Lahtis"),
    ("place", "iitti"): ("Iitti",),
    ("place", "helsinki"): ("Helsinki", "Helsingfors"),
    ("place", "turku"): ("Turku", "Åbo"),
    ("theme", "trust"): ("Luottamus", "Trust"),
    ("theme", "forests"): ("Metsät", "Skogar"),
    ("participant-kind", "ngos"): ("Järjestöt",),
    ("method", "eratauko"): ("Erätauko", "Timeout", "Dialogpaus"),
    ("method", "citizens-jury"): ("Kansalaisraati",),
}
CASES = (
    ("place", "lahti", "järjestetään Lahdessa, Iitissä ja Turussa", True),
    ("place", "iitti", "järjestetään Lahdessa, Iitissä ja Turussa", True),
    ("place", "turku", "järjestetään Lahdessa, Iitissä ja Turussa", True),
    ("place", "helsinki", "på Narinken i Helsingfors", True),
    ("place", "helsinki", "Tilaisuus oli avoin ja maksuton.", False),
    ("place", "mode:remote", "Tilaisuus järjestetään verkossa.", True),
    ("place", "mode:remote", "Ruotsinkielinen tilaisuus oli puolessa välin kuuta", False),
    ("theme", "trust", "Kansallinen dialogi turvallisuudesta ja luottamuksesta", True),
    ("theme", "forests", "Osallistu suureen metsädialogiin", True),
    ("theme", "forests", "Register as an organiser by the 9th of March", False),
    ("participant-kind", "ngos", "Kutsuttuina kunnat ja järjestöjen edustajat", True),
    ("participant-kind", "ngos", "Sisäministeriö järjesti kuusi työpajaa", False),
    ("method", "eratauko", "Kampanjassa on järjestetty Erätauko-keskusteluja", True),
    ("method", "eratauko", "Keskusteluita järjestettiin kolmena päivänä", False),
    ("method", "citizens-jury", "Mukana on 30 kansalaista", False),
    ("language", "sv", "Ruotsinkielinen tilaisuus oli puolessa välin kuuta", True),
    ("language", "fi", "Suomen tulevaisuudesta keskusteltiin", False),
)


def named() -> NamedBy:
    """What is known of the names of the cases."""
    known = Known()
    for (scheme, key), names in NAMES.items():
        known.add(scheme, key, *names)
    return NamedBy(known)


@pytest.mark.parametrize(("scheme", "key", "words", "says"), CASES)
def test_words_name_a_value_in_any_form_or_not_at_all(scheme: str, key: str, words: str, says: bool) -> None:
    """Inflected names are names; a word that is only like one is none."""
    assert named().says(words, Value("column", scheme, "", key), scheme) is says


def test_the_whole_of_a_part_is_named_by_its_own_names() -> None:
    """A key is no name; all the words that tell a name apart are asked for."""
    value, names = Value("part_of", "part-of", "kd-2024-syksy", "kd-2024-syksy"), ("Luottamusta rakentamassa",)

    assert named().says("osana Luottamusta rakentamassa -kierrosta", value, "dialogue", names)
    assert not named().says("Syksyn keskustelupäivät 2024", value, "dialogue", names)


@pytest.mark.parametrize(
    ("words", "edtf", "says"),
    [
        ("Syksyn keskustelupäivät ovat 10. lokakuuta ja 26. marraskuuta", "2024-10-10", True),
        ("Thursday, April 23, 2026, and Tuesday, May 19", "2026-04-23", True),
        ("The next dialogues will be held on 12 November", "2020-11-12", True),
        ("Tapahtuman aikana käydään yli 70 keskustelua erilaisista aiheista.", "2024-09-27", False),
        ("Yle striimaa 12 julkista keskustelua", "2024-09-27", False),
    ],
)
def test_a_number_of_discussions_is_no_day(words: str, edtf: str, says: bool) -> None:
    """Words name a time by its year, season or day, and not by any number."""
    assert says_time(words, edtf) is says


def test_over_and_at_most_are_kept() -> None:
    """A number that was passed is a least one, and a greatest one is no number that was counted."""
    assert says_over("on osallistunut yli 1500 vaikuttajaa", 1500)
    assert says_over("over 1,500 people took part", 1500)
    assert not says_over("yli sataan keskusteluun osallistui noin 800 ihmistä", 800)
    assert short_amount(Amount(None, None, 50)) == "0-50"
    assert short_amount(Amount(1500, 1500, None)) == "1500+"


def test_pages_of_one_title_are_told_apart() -> None:
    """Two pages that tell of one thing are numbered by their addresses; a title of its own stays as it is."""
    titles = {"https://b": Words(fi="Sivu"), "https://a": Words(fi="Sivu"), "https://c": Words(fi="Toinen")}

    assert [told_apart(titles)[address].fi for address in sorted(titles)] == ["Sivu (1)", "Sivu (2)", "Toinen"]


def test_what_a_table_leaves_unstated_says_nothing_beside_what_a_page_states() -> None:
    """The statement that a status is unstated stays only where it is the only one."""

    def status(activity: str, node: str, stated: str) -> list[Triple]:
        one, other = NamedNode(f"https://e/{activity}"), NamedNode(f"https://e/{activity}/{node}")
        said = NamedNode(VOCAB + f"status/{stated}")
        return [
            Triple(one, NamedNode(DLG + "hasStatusStatement"), other),
            Triple(other, NamedNode(DLG + "statedStatus"), said),
        ]

    silent, stated, alone = status("a", "s", "unstated"), status("a", "x", "realised"), status("b", "s", "unstated")

    assert list(without_silence([*silent, *stated, *alone])) == [*stated, *alone]
