# ruff: noqa: E501  # a fault is a line of a table
"""Each fault of a reading is told with its line and column, what is wrong, and what would be right or was meant."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load, of_other_sources
from dialogiverkko.graph.source.compiling import compile_reading
from dialogiverkko.graph.source.marks import Marked, read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.problems import Problem
from dialogiverkko.graph.source.text import SourceText

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "second-listing"
READING = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")
TEXT = SourceText((FIXTURE / "text.txt").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Fault:
    """One thing put wrong: the words replaced, and what must be told."""

    name: str
    was: str
    now: str
    at: str
    """What stands, in the faulty file, where the fault is told: its line and column are those of these words."""
    says: str
    mend: str
    """What would be right, or the name that was meant."""


FAULTS = (
    # form of the file
    Fault("not YAML", "form: series\n", "form: series: x\n", ": x\n", "this is not YAML", "quotation marks"),
    Fault(
        "key twice",
        "      form: series\n",
        "      form: series\n      form: event\n",
        "form: event\n      name: {fi: Koivulahden Erä",
        "stands here twice",
        "keep one",
    ),
    Fault(
        "unknown key",
        "method: eratauko «Erätauko-menetelmällä»",
        "methods: eratauko «Erätauko-menetelmällä»",
        "methods:",
        "is no key here",
        "Did you mean method?",
    ),
    Fault(
        "unknown key of the source",
        "  reference-date: 2022-05-03",
        "  referencedate: 2022-05-03",
        "referencedate",
        "is no key here",
        "Did you mean reference-date?",
    ),
    Fault("unknown key at the top", "gaps:\n", "holes:\n", "holes:", "is no key here", "keys here are"),
    Fault(
        "key missing",
        "  title: {fi: Rannikon kunnat – dialogien listaus,\n          sv: Kustens kommuner – förteckning över dialoger,\n          en: Municipalities of the coast – listing of dialogues, ours: [sv, en]}\n",
        "",
        "slug: rannikko-2022",
        "«title» is missing",
        "write  title:",
    ),
    Fault(
        "kind of a new body missing",
        "                 kind: municipality, public",
        "                 public",
        "{name: {fi: Koivulahden kunta",
        "«kind» is missing",
        "write  kind:",
    ),
    Fault(
        "slug with capitals",
        "  slug: rannikko-2022",
        "  slug: Rannikko 2022",
        "Rannikko 2022",
        "has not the form",
        "such as kunnat-2021",
    ),
    Fault(
        "day that is none",
        "  reference-date: 2022-05-03",
        "  reference-date: 3.5.2022",
        "3.5.2022\n",
        "has not the form",
        "2021-06-08",
    ),
    Fault(
        "form that is none",
        "      form: series\n",
        "      form: serie\n",
        "serie\n",
        "is not among",
        "Did you mean series?",
    ),
    Fault("yes for true", 'public: "yes"', 'public: "true"', '"true"', "is not among", "yes"),
    Fault(
        "text for a mapping",
        "name: {fi: Kopio päättyy kesken, sv: Kopian är avbruten, en: Our copy is cut}",
        "name: Kopio päättyy kesken",
        "Kopio päättyy",
        "this is not what stands here",
        "{fi: …, sv: …, en: …}",
    ),
    # quotations
    Fault("quotation not closed", "«noin 10 kpl»", "«noin 10 kpl", "~10 discussion", "is not closed", "«words»"),
    Fault("quotation empty", "«noin 10 kpl»", "«»", "~10 discussion", "is empty", "«words»"),
    Fault(
        "words not there", "«noin 10 kpl»", "«noin 11 kpl»", "~10 discussion", "is not in the text", "copy the words"
    ),
    Fault(
        "occurrence not there",
        "«noin 10 kpl»",
        "«noin 10 kpl»#3",
        "~10 discussion",
        "stands here 1 times, not 3",
        "»#1",
    ),
    Fault(
        "quotation too long",
        "«noin 10 kpl»",
        "«Erätauko-menetelmällä keskusteluja käyty noin 10 kpl kuntalaisten kanssa, syksystä 2021 alkaen. yksi kaksi kolme neljä»",
        "~10 discussion",
        "words",
        "at most 12",
    ),
    Fault(
        "words after a quotation",
        "«noin 10 kpl»",
        "«noin 10 kpl» noin",
        "~10 discussion",
        "nothing but further",
        "«words»",
    ),
    Fault(
        "value among words alone",
        "  words: «Rannikon kunnat»",
        "  words: kunnat «Rannikon kunnat»",
        "kunnat «Rannikon",
        "only words are meant",
        "«words»",
    ),
    Fault(
        "item not there",
        "- words: «Nuorten ilta Tampereella»",
        "- words: «Nuorten päivä Tampereella»",
        "«Nuorten päivä",
        "no item here begins with",
        "copy its first words",
    ),
    Fault(
        "heading not there",
        "- heading: «Hyvinkää»",
        "- heading: «Hyvinkaa»",
        "«Hyvinkaa»",
        "no heading here begins with",
        "copy its first words",
    ),
    Fault(
        "item without words",
        "  - words: «Henkilöstön sisäinen dialogi.»\n    activity:",
        "  - activity:",
        "activity:\n      id: hyvinkaan-henkiloston",
        "the item has no words",
        "words: «its first words»",
    ),
    Fault(
        "whole item not there",
        "  words: «Rannikon kunnat»",
        "  words: «Jotain muuta …»",
        "«Jotain muuta",
        "no item begins with",
        "first words of an item",
    ),
    # names
    Fault(
        "unknown method",
        "eratauko «Erätauko-menetelmällä»",
        "eratauk «Erätauko-menetelmällä»",
        "eratauk ",
        "is no known method",
        "Did you mean eratauko?",
    ),
    Fault(
        "unknown organisation",
        "partner hyvinkaa ",
        "partner hyvinka ",
        "partner hyvinka",
        "is no known org or participant-kind",
        "Did you mean hyvinkaa?",
    ),
    Fault(
        "organisation with no like",
        "partner hyvinkaa ",
        "partner qqqqxxxx ",
        "partner qqqqxxxx",
        "is no known org",
        "declare it under new",
    ),
    Fault(
        "name of another kind",
        "place: tampere ",
        "place: eratauko ",
        "eratauko «Tampereella»",
        "but the name of a method",
        "known name",
    ),
    Fault(
        "kind that may not stand here",
        "place: tampere ",
        "place: theme:tampere ",
        "theme:tampere",
        "here may stand: place",
        "known name",
    ),
    Fault(
        "unknown role",
        "attendee young-people",
        "atendee young-people",
        "atendee",
        "is no known role",
        "Did you mean attendee?",
    ),
    Fault(
        "unknown unit",
        "~10 discussion ",
        "~10 discusion ",
        "~10 discusion",
        "is no known unit",
        "Did you mean discussion?",
    ),
    Fault(
        "unknown status",
        "status: planned «Suunnitteilla»",
        "status: planed «Suunnitteilla»",
        "planed",
        "is no known status",
        "Did you mean planned?",
    ),
    Fault(
        "unknown hedge",
        "(in-some-cases)",
        "(in-some-case)",
        "ongoing (in-some-case)",
        "is no known enumeration or hedge",
        "Did you mean in-some-cases?",
    ),
    Fault("unknown mode", "mode: remote", "mode: remot", "remot ", "is no known mode", "Did you mean remote?"),
    Fault(
        "unknown language",
        "language: sv «på svenska»",
        "language: xx «på svenska»",
        "xx «på",
        "is no known language",
        "write one of fi",
    ),
    Fault(
        "unknown kind of source",
        "  kind: listing",
        "  kind: listings",
        "listings",
        "is no known source-kind",
        "Did you mean listing?",
    ),
    Fault("heading of nobody", "  about: sm\n", "  about: smm\n", "smm\n", "is no known org", "Did you mean sm?"),
    Fault(
        "new name that is known",
        "    koivulahti: {name",
        "    hyvinkaa: {name",
        "{name: {fi: Koivulahden kunta",
        "is the name of a known org already",
        "use it as it is",
    ),
    # values
    Fault(
        "party without a role",
        "partner hyvinkaa «Hyvinkään kanssa»",
        "hyvinkaa «Hyvinkään kanssa»",
        "hyvinkaa «Hyvinkään kanssa»",
        "a party is a role and who has it",
        "role who",
    ),
    Fault(
        "party with a stray word",
        "partner hyvinkaa «Hyvinkään kanssa»",
        "partner hyvinkaa mukana «Hyvinkään kanssa»",
        "partner hyvinkaa",
        "is not understood in a party",
        "role who",
    ),
    Fault(
        "alternative to nobody",
        "partner hyvinkaa «Hyvinkään kanssa»",
        "partner hyvinkaa or 7 «Hyvinkään kanssa»",
        "partner hyvinkaa",
        "there is no party 7",
        "known are",
    ),
    Fault(
        "alternative to two",
        "partner hyvinkaa «Hyvinkään kanssa»",
        "partner hyvinkaa or 1 2 «Hyvinkään kanssa»",
        "partner hyvinkaa",
        "after «or» stands one number",
        "of the same activity",
    ),
    Fault(
        "party in no place",
        "partner hyvinkaa «Hyvinkään kanssa»",
        "partner hyvinkaa in «Hyvinkään kanssa»",
        "partner hyvinkaa",
        "nothing stands after «in»",
        "[in place …]",
    ),
    Fault(
        "party in a place that is unknown",
        "partner hyvinkaa «Hyvinkään kanssa»",
        "partner hyvinkaa in hyvinkaa nowhere «Hyvinkään kanssa»",
        "partner hyvinkaa",
        "nowhere",
        "",
    ),
    Fault(
        "count without a unit",
        "~10 discussion «noin",
        "~10 «noin",
        "~10 «noin",
        "a count is how many and of what",
        "several event",
    ),
    Fault(
        "count that is no number",
        "~10 discussion «noin",
        "10kpl discussion «noin",
        "10kpl",
        "is no number",
        "~10 discussion",
    ),
    Fault(
        "range that runs down",
        "~10 discussion «noin",
        "12-10 discussion «noin",
        "12-10",
        "begins above its end",
        "10-12",
    ),
    Fault(
        "count with a stray word",
        "~10 discussion «noin",
        "~10 discussion noin «noin",
        "~10 discussion noin",
        "is not understood in a count",
        "40+ participant",
    ),
    Fault("time that is no EDTF", "time: 2022-04-12 ", "time: 12.4.2022 ", "12.4.2022 ", "is no EDTF", "2021-05"),
    Fault("month that is none", "time: 2022-04-12 ", "time: 2022-14 ", "2022-14", "is no EDTF", "2021-23 (autumn)"),
    Fault(
        "two of one name",
        "      id: hyvinkaan-henkiloston-dialogi",
        "      id: hyvinkaan-kuntalaisraati",
        "hyvinkaan-kuntalaisraati\n      form: event\n      name: {fi: Hyvinkään henk",
        "is told already in this reading",
        "adds-to",
    ),
    Fault(
        "activity of another source",
        "      id: hyvinkaan-henkiloston-dialogi",
        "      id: saimaadialogit",
        "saimaadialogit",
        "is told already by another source",
        "adds-to",
    ),
    Fault(
        "neither id nor adds-to",
        "      id: hyvinkaan-henkiloston-dialogi\n",
        "",
        "form: event\n      name: {fi: Hyvinkään henk",
        "has either id or adds-to",
        "write id",
    ),
    Fault(
        "addition to nothing",
        "      id: hyvinkaan-henkiloston-dialogi\n",
        "      adds-to: saimaadialogi\n",
        "saimaadialogi\n",
        "is no known activity",
        "Did you mean saimaadialogit?",
    ),
    Fault(
        "activity without a name",
        "      name: {fi: Hyvinkään henkilöstön dialogi, sv: Personalens dialog i Hyvinge, en: Staff dialogue of Hyvinkää}\n",
        "",
        "id: hyvinkaan-henkiloston",
        "has no name",
        "name: {fi: …",
    ),
)
LEAST = 30
UNWHOLE = (
    (
        "new:\n",
        "new:\n  themes:\n    saunat: {name: {fi: Saunat, sv: Bastur, en: Saunas}}\n",
        "«saunat» has no definition; write  definition:",
    ),
    ("form: series\n", "form: support\n", "does not say what kind of support it is; write  activity-kind:"),
    ("eratauko «Erätauko-menetelmällä»", "timeout «Erätauko-menetelmällä»", "Did you mean eratauko?"),
    ("mode: remote «etänä»", "mode: online «etänä»", "known are face-to-face, hybrid, remote"),
    ("«noin 10 kpl»", "«noin 11 kpl»", "copy the words as they stand"),
)


@pytest.fixture(scope="module")
def book() -> Namebook:
    """All that the repository knows without sources, and one activity of another source."""
    known = Namebook.of(load(find_assets(), without=of_other_sources(find_assets(), [])))
    return known.with_names([("activity", "saimaadialogit")])


def problems_of(yaml_text: str, book: Namebook) -> tuple[tuple[Problem, ...], Marked]:
    """Every problem of a reading, of form or of what it says."""
    reading, marked, problems = read_reading(yaml_text)
    if reading is None:
        return problems, marked
    return compile_reading(reading, book, TEXT).problems, marked


def test_the_reading_without_a_fault_has_no_problem(book: Namebook) -> None:
    """What the faults are put into is right."""
    problems, _ = problems_of(READING, book)

    assert [problem.text() for problem in problems] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told(fault: Fault, book: Namebook) -> None:
    """With its line and column, what is wrong, and what would be right."""
    assert READING.count(fault.was) >= 1, "the words to replace are not in the reading"
    faulty = READING.replace(fault.was, fault.now, 1)
    offset = faulty.index(fault.at)
    line = faulty.count("\n", 0, offset) + 1
    column = offset - faulty.rfind("\n", 0, offset)

    problems, marked = problems_of(faulty, book)

    told = [(marked.at(problem.path), problem.text()) for problem in problems]
    wanted = [text for _, text in told if fault.says in text]
    assert wanted, told
    assert any(fault.mend in text for text in wanted), wanted
    assert (line, column) in [place for place, text in told if fault.says in text], ((line, column), told)


def test_faults_are_told_all_at_once(book: Namebook) -> None:
    """Five faults of different kinds are told together, each once."""
    faulty = READING
    chosen = ["words not there", "unknown role", "unknown mode", "time that is no EDTF", "heading of nobody"]
    for fault in FAULTS:
        if fault.name in chosen:
            faulty = faulty.replace(fault.was, fault.now, 1)

    problems, _ = problems_of(faulty, book)

    said = [problem.text() for problem in problems]
    for fault in FAULTS:
        if fault.name in chosen:
            assert any(fault.says in text for text in said), fault.name
    assert len(said) == len(set(said)) + sum(said.count(text) - 1 for text in set(said))


def test_the_source_is_shown_where_words_are_not_found(book: Namebook) -> None:
    """The line in which the words were looked for stands beside the fault."""
    problems, _ = problems_of(READING.replace("«noin 10 kpl»", "«noin 11 kpl»"), book)

    assert "Erätauko-menetelmällä keskusteluja käyty noin 10 kpl" in problems[0].source_line


@pytest.mark.parametrize(("was", "now", "says"), UNWHOLE, ids=[each[2] for each in UNWHOLE])
def test_what_a_person_does_not_know_is_told(was: str, now: str, says: str, book: Namebook) -> None:
    """What a new name lacks, what something is called in another language, what a short list holds."""
    problems, _ = problems_of(READING.replace(was, now, 1), book)

    assert [problem.text() for problem in problems if says in problem.text()], [each.text() for each in problems]


def test_no_fault_is_lost() -> None:
    """There are at least thirty kinds of fault, each of its own name."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= LEAST
