"""A table that a ministry might keep: fifty bad cells of fifteen kinds are told all at once, in three forms."""

import io
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load
from dialogiverkko.graph.tables.annotated import annotate
from dialogiverkko.graph.tables.changes import changes
from dialogiverkko.graph.tables.check import Checked, check
from dialogiverkko.graph.tables.files import Flaw, NumberedRow, Sheet
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.graph.tables.mapping import Map, MapError, read_map
from dialogiverkko.graph.tables.near import Near

MAP = """
source:
  slug: ministeri
  title: { fi: Ministeriön dialogit, sv: Ministeriets dialoger, en: Dialogues of a ministry }
  reference-date: 2026-11-25
tables:
  dialogit:
    file: dialogit.xlsx
    row: dialogue
    columns:
      tunnus: id
      nimi: name fi
      laji: kind
      tila: status
      aika: time
      paikka: { means: place, separator: ; }
      teema: { means: theme, separator: ; }
      järjestäjä: { means: party, role: organiser, separator: ; }
      osallistujia: count participant
      kieli: { means: language, separator: ; }
      avoimuus: openness
      osa: part-of
      sivu: page
      sanat: words
      muistiin: ignore
values:
  form: { tapahtuma: event, sarja: series }
  status: { toteutunut: realised, suunniteltu: planned }
"""
HEADER = ("tunnus", "nimi", "laji", "tila", "aika", "paikka", "teema", "järjestäjä", "osallistujia", "kieli",
          "avoimuus", "osa", "sivu", "sanat", "muistiin")  # fmt: skip
GOOD = ("kevat-2025", "Kevään dialogi", "tapahtuma", "toteutunut", "12.3.2025", "Turku", "luottamus", "OM; Sitra",
        "noin 20", "fi; sv", "", "", "https://example.fi/a", "dialogiin osallistui noin 20", "")  # fmt: skip
BAD = {
    "tunnus": {"Kevät 2025": "not-an-identifier", "kevät": "not-an-identifier", "": "empty-cell"},
    "laji": {"tapahtumma": "unknown-value", "seminaari": "unknown-value", "workshop": "unknown-value"},
    "tila": {"valmis": "unknown-value", "toteutui?": "unknown-value"},
    "aika": {
        "31.4.2023": "no-such-day",
        "29.2.2023": "no-such-day",
        "13/2024": "no-such-day",
        "32.1.2024": "no-such-day",
        "12/3/2022": "ambiguous-time",
        "1.2.23": "ambiguous-time",
        "1.2.": "ambiguous-time",
        "45000": "serial-number",
        "44927": "serial-number",
        "3.2.2022–1.2.2022": "ends-before-begin",
        "2023/2021": "ends-before-begin",
        "joskus": "not-a-time",
        "ensi viikolla": "not-a-time",
    },
    "paikka": {"Turkku": "unknown-name", "Lohikoski": "unknown-name", "Turku; Atlantis": "unknown-name"},
    "teema": {"luotamus": "unknown-value", "kalat ja linnut": "unknown-value"},
    "järjestäjä": {"Suomen Pakolaisapu": "unknown-name", "Oikeusmin.": "unknown-name", "OM; XYZ": "unknown-name"},
    "osallistujia": {
        "paljonkin": "not-a-count",
        "kymmenen tai kaksi": "not-a-count",
        "-5": "negative-count",
        "9–5": "range-backwards",
        "30-20": "range-backwards",
        "2,5": "not-whole",
        "kaikki": "not-a-count",
        "20 %": "not-a-count",
    },
    "kieli": {"klingon": "unknown-language", "fi; xx": "unknown-language"},
    "avoimuus": {"kyllä": "unknown-value"},
    "osa": {"kevat-2024": "no-such-row", "kesa": "no-such-row", "Kevään sarja": "not-an-identifier"},
    "sivu": {"vm.fi/a": "not-an-address", "ks. sähköposti": "not-an-address", "http:/x": "not-an-address"},
    "sanat": {"yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen yksitoista kaksitoista loppu":
              "words-too-long"},
    "muistiin": {"etu.suku@vm.fi": "personal-data", "puh. 040 123 4567": "personal-data", "x\x07y": "control-character",
                 "Tapio K\ufffdrki": "lost-character"},
    "nimi": {"a\u202eb": "", "=1+1": ""},
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Map:
    """The map of the ministry's table."""
    path = tmp_path_factory.mktemp("map") / "map.yaml"
    path.write_text(MAP, encoding="utf-8")
    return read_map(path)


@pytest.fixture(scope="module")
def names() -> Known:
    """The names of the graph."""
    return Known.of(load(find_assets()))


def rows() -> list[tuple[str, ...]]:
    """One row for each bad cell, good otherwise."""
    made = []
    for column, cells in BAD.items():
        for text in cells:
            row = dict(zip(HEADER, GOOD, strict=True)) | {"tunnus": f"rivi-{len(made)}", column: text}
            made.append(tuple(row[title] for title in HEADER))
    return made


def sheet(cells: list[tuple[str, ...]]) -> Sheet:
    """A table of rows."""
    return Sheet("dialogit", HEADER, tuple(NumberedRow(number, row) for number, row in enumerate(cells, 2)))


@pytest.fixture(scope="module")
def checked(plan: Map, names: Known) -> Checked:
    """What the check says of the bad table."""
    return check(plan, {"dialogit": sheet(rows())}, names)


def test_a_good_row_has_no_fault(plan: Map, names: Known) -> None:
    """Names by abbreviation, label in any language; time, count and languages as people write them."""
    found = check(plan, {"dialogit": sheet([GOOD])}, names)
    row = found.rows[0]

    assert found.faults.found == ()
    assert [value.read for value in row.all("party")] == ["om", "sitra"]
    assert (row.one("time"), row.one("place"), row.one("theme")) == ("2025-03-12", "turku", "trust")
    assert row.one("count").approximate


def test_fifty_bad_cells_of_fifteen_kinds_are_told_at_once(checked: Checked) -> None:
    """Each with its row, column, value and kind; nothing else is told."""
    told = {(f.column, f.row): f.code for f in checked.faults.found}
    wanted = {}
    number = 1
    for column, cells in BAD.items():
        for code in cells.values():
            number += 1
            if code:
                wanted[column, number] = code

    assert told == wanted
    assert len(wanted) >= 50
    assert len(set(wanted.values())) >= 15


def test_every_fault_says_what_is_wrong_and_what_would_be_right(checked: Checked) -> None:
    """Two sentences, and the value where it is nobody's address."""
    for fault in checked.faults.found:
        assert fault.wrong.endswith((".", "?"))
        assert fault.right.endswith((".", "?"))
        assert fault.letter
    assert all("@" not in fault.value for fault in checked.faults.found)


def test_the_nearest_known_name_is_proposed_and_never_taken(checked: Checked) -> None:
    """Likeness ranks; a refugee organisation is no academy."""
    by_value = {fault.value: fault for fault in checked.faults.found}

    assert by_value["Turkku"].right.startswith("Is it Turku (turku)?")
    assert by_value["luotamus"].right.startswith("Is it Trust?")
    assert by_value["Suomen Pakolaisapu"].code == "unknown-name"
    assert by_value["Suomen Pakolaisapu"].right.startswith("None that is known is like it.")
    assert ("dialogit", "Suomen Pakolaisapu", "organisation") in checked.unmatched


@pytest.mark.parametrize(
    ("scheme", "text", "near"),
    [
        ("organisation", "RVL", ""),
        ("organisation", "THL", ""),
        ("organisation", "EK", ""),
        ("organisation", "Rajavartiolaitos", ""),
        ("organisation", "Poliisi", ""),
        ("organisation", "Kirkkohallitus", ""),
        ("organisation", "Oikeusmin.", "om"),
        ("organisation", "Turun kaup.", "turku"),
        ("organisation", "oikeusminsteriö", "om"),
        ("organisation", "SM/PO", "sm"),
        ("organisation", "OKM, kulttuuriosasto", "okm"),
        ("organisation", "Erätauko säätiö", "eratauko-saatio"),
        ("place", "Helsnki", "helsinki"),
        ("place", "Lohikoski", ""),
        ("place", "Kuusamo", ""),
    ],
)
def test_only_near_names_are_offered(names: Known, scheme: str, text: str, near: str) -> None:
    """A name written a little wrong, cut off, or with something beside it; one letter makes another abbreviation."""
    assert [each.key for each in Near(names).names(scheme, text)] == ([near] if near else [])


def test_nine_of_ten_names_with_a_wrong_letter_are_found(names: Known) -> None:
    """The bound of likeness is measured, not guessed; short names are another matter."""
    near, found, tried = Near(names), 0, 0
    for key, name in names.titles["organisation"]["fi"].items():
        if len(name) > 8 and " " in name:
            wrong = name[:4] + name[5:]
            tried += 1
            found += key in {each.key for each in near.names("organisation", wrong)}

    assert tried > 80
    assert found >= 0.9 * tried


@pytest.mark.parametrize(("language", "word"), [("fi", "Suunniteltu"), ("sv", "Planerad"), ("en", "Planned")])
def test_a_closed_list_is_told_whole_in_the_language_of_the_reader(
    plan: Map, names: Known, language: str, word: str
) -> None:
    """A status is one of five, beside the words of the map; of a long list those that are near are told."""
    row = dict(zip(HEADER, GOOD, strict=True)) | {"tila": "valmis", "teema": "kalat ja linnut"}
    found = check(plan, {"dialogit": sheet([tuple(row.values())])}, names.copy(), None, language).faults.found
    right = {fault.column: fault.right for fault in found}

    assert right["tila"].startswith("Write one of: ")
    right["tila"], means, _ = right["tila"].partition(" If it means one of them, say so in map.yaml")
    assert means
    assert names.by_language("status", language) <= set(
        right["tila"].removeprefix("Write one of: ").rstrip(".").split("; ")
    )
    assert word in right["tila"]
    assert "toteutunut" in right["tila"].casefold()
    assert right["teema"] == "None that is known is like it. If it is new, declare it in map.yaml under «new»."


def test_merged_cells_are_told_beside_the_other_faults(plan: Map, names: Known) -> None:
    """A fault of the form hides no other, and a cell that is empty since it is merged is told once."""
    rows = [GOOD, ("", *GOOD[1:4], "31.4.2025", *GOOD[5:])]
    flaw = Flaw(2, 0, "merged-cells", "The cells A2:A3 are merged.", "Unmerge them.", 2)
    found = check(plan, {"dialogit": replace(sheet(rows), flaws=(flaw,))}, names.copy()).faults

    assert {(fault.row, fault.code) for fault in found.found} >= {(2, "merged-cells"), (3, "no-such-day")}
    assert "empty-cell" not in found.counts()
    assert not found.clean


def test_the_fault_of_a_spreadsheet_is_no_value(plan: Map, names: Known) -> None:
    """A formula that came to nothing shows so, in the language of the spreadsheet."""
    for shown in ("#REF!", "#PUUTTUU!", "#SAKNAS!"):
        row = (*GOOD[:1], shown, *GOOD[2:])
        found = check(plan, {"dialogit": sheet([row])}, names.copy()).faults
        assert "spreadsheet-error" in found.counts(), shown


def test_the_report_as_text_and_json(checked: Checked) -> None:
    """The same faults in both; the last line counts them."""
    text, data = checked.faults.text(), json.loads(checked.faults.json())

    assert text.count("\n") == len(checked.faults.found)
    assert (
        "dialogit, row 10, column aika (E): 31.4.2023 is no day: month 4 of 2023 has 30 days. Is it 30.4.2023?" in text
    )
    assert len(data["faults"]) == len(checked.faults.found)
    assert data["counts"] == Counter(fault.code for fault in checked.faults.found)
    assert data["clean"] is False


def test_the_report_as_a_book_with_comments(checked: Checked) -> None:
    """Each bad cell holds its comment; what looks like a formula is text."""
    data = annotate([("dialogit", sheet(rows()))], checked.faults)
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book["dialogit"]
    commented = {
        (page.cell(1, cell.column).value, cell.row) for row in page.iter_rows() for cell in row if cell.comment
    }
    formula = next(cell for row in page.iter_rows() for cell in row if cell.value == "=1+1")

    assert commented == {(fault.column, fault.row) for fault in checked.faults.found}
    assert formula.data_type == "s"
    assert book.sheetnames == ["dialogit", "faults"]
    assert book["faults"].max_row == len(checked.faults.found) + 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (HEADER[:-1], ""),
        (tuple(t for t in HEADER if t != "aika"), "missing-column"),
        ((*HEADER, "uusi"), "unknown-column"),
        ((*HEADER, "aika"), "double-column"),
        ((*HEADER, ""), "unnamed-column"),
    ],
)
def test_a_header_is_checked_too(plan: Map, names: Known, header: tuple[str, ...], code: str) -> None:
    """Columns that miss, that nobody knows, that stand twice or have no name."""
    row = dict(zip(HEADER, GOOD, strict=True))
    table = Sheet("dialogit", header, (NumberedRow(2, tuple(row.get(title, "x") for title in header)),))

    found = check(plan, {"dialogit": table}, names).faults.found

    assert {fault.code for fault in found} == ({code} if code else set())


def test_rows_that_stand_twice_and_circles_are_told(plan: Map, names: Known) -> None:
    """An identifier with the same page twice; a part of itself."""
    one = dict(zip(HEADER, GOOD, strict=True))
    twice = check(plan, {"dialogit": sheet([GOOD, GOOD])}, names).faults.found
    circle = [one | {"tunnus": "a", "osa": "b"}, one | {"tunnus": "b", "osa": "a"}]
    parts = check(plan, {"dialogit": sheet([tuple(row.values()) for row in circle])}, names).faults.found

    assert [fault.code for fault in twice] == ["double-identifier"]
    assert {fault.code for fault in parts} == {"part-of-itself"}


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("aika: time", "aika: tyme", "no dialogue has a «tyme»"),
        ("järjestäjä: { means: party, role: organiser", "järjestäjä: { means: party", "needs its role"),
        ("row: dialogue", "row: dialog", "row"),
        ("slug: ministeri", "slug: Ministeri!", "slug"),
        ("tables:", "tables: [", "line"),
    ],
)
def test_a_wrong_map_is_told(tmp_path: Path, old: str, new: str, word: str) -> None:
    """A meaning that no row has, one without its role, a wrong form."""
    (tmp_path / "map.yaml").write_text(MAP.replace(old, new), encoding="utf-8")

    with pytest.raises(MapError) as caught:
        read_map(tmp_path / "map.yaml")

    assert word in caught.value.message


def test_changes_between_two_states_are_told_by_cell(plan: Map) -> None:
    """A cell that changed, a row that is new, a row that went; the same tables tell nothing."""
    other = tuple("13.3.2025" if cell == "12.3.2025" else cell for cell in GOOD)
    new = ("uusi", *GOOD[1:])
    before, after = {"dialogit": sheet([GOOD, ("vanha", *GOOD[1:])])}, {"dialogit": sheet([other, new])}

    assert [change.text() for change in changes(plan, before, after)] == [
        "dialogit, kevat-2025, aika: «12.3.2025» is now «13.3.2025»",
        "dialogit, uusi: the row is new",
        "dialogit, vanha: the row went",
    ]
    assert list(changes(plan, before, before)) == []


@pytest.mark.parametrize("cell", ["fi; sv", "suomi ja ruotsi", "finska och svenska", "fi/sv", "Finnish, Swedish"])
def test_languages_are_read_however_they_are_joined(plan: Map, names: Known, cell: str) -> None:
    """A cell names two languages in the words of its keeper."""
    row = dict(zip(HEADER, GOOD, strict=True)) | {"kieli": cell}
    found = check(plan, {"dialogit": sheet([tuple(row.values())])}, names.copy())

    assert found.faults.found == ()
    assert [value.read for value in found.rows[0].all("language")] == ["fi", "sv"]


def test_what_a_map_declares_and_the_graph_has_is_told_by_the_check(tmp_path: Path, names: Known) -> None:
    """The import would refuse it, so the check says it first."""
    new = "new: { organisations: { om: { name: { fi: Oikeusministeriö }, kind: ministry } } }\n"
    (tmp_path / "map.yaml").write_text(MAP + new, encoding="utf-8")
    found = check(read_map(tmp_path / "map.yaml"), {"dialogit": sheet([GOOD])}, names.copy()).faults.found

    assert [(fault.table, fault.code, fault.column) for fault in found] == [
        ("map.yaml", "double-identifier", "new.organisations.om")
    ]


def test_a_thousand_unknown_names_are_told_soon(plan: Map, names: Known) -> None:
    """What is near is looked for in an index, and no name twice; it takes less than a second of a processor."""
    made = [dict(zip(HEADER, GOOD, strict=True)) | {"tunnus": f"r-{n}", "järjestäjä": f"Seura {n}; Liitto {n} ry.",
                                                    "paikka": f"Kylä {n}"} for n in range(400)]  # fmt: skip
    before = time.process_time()
    found = check(plan, {"dialogit": sheet([tuple(row.values()) for row in made])}, names.copy()).faults

    assert found.counts()["unknown-name"] == 1_200
    assert time.process_time() - before < 4
