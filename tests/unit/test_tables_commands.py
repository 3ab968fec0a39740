"""The commands on tables: exit codes, and the way of a new keeper from an empty folder to a clean check."""

import json
import re
from pathlib import Path

import openpyxl
import pytest

from dialogiverkko.cli import main

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "tables" / "ministry"


def test_a_clean_table_is_good_and_a_missing_folder_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """0 and 2; the last line counts."""
    assert main(["table", "check", str(FIXTURE), "--language", "en"]) == 0
    assert capsys.readouterr().out.strip().endswith("5 rows read, 0 faults, 0 to look at")
    assert main(["table", "check", str(FIXTURE / "nowhere")]) == 2
    assert main(["table", "import", str(FIXTURE / "nowhere")]) == 2


LAST = {
    "fi": "Rivejä luettu: 5, virheitä: 0, tarkistettavaa: 0",
    "sv": "Lästa rader: 5, fel: 0, att se över: 0",
    "en": "5 rows read, 0 faults, 0 to look at",
}
DAY = {"fi": "rivi 3, sarake aika (G): 31.4.2025 ei ole päivä", "sv": "rad 3, kolumn aika (G): 31.4.2025 är ingen dag",
       "en": "row 3, column aika (G): 31.4.2025 is no day"}  # fmt: skip


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_check_speaks_the_language_that_is_asked_or_that_of_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """The same sentences as on the web; nothing of them is left in English."""
    monkeypatch.setenv("LC_ALL", f"{language}_FI.UTF-8")
    assert main(["table", "check", str(FIXTURE)]) == 0
    assert capsys.readouterr().out.strip() == LAST[language]

    text = (FIXTURE / "dialogit.csv").read_text(encoding="utf-8-sig")
    bad = tmp_path / "bad.csv"
    bad.write_text(text.replace("12.3.2025", "31.4.2025").replace("luottamus", "kalat"), encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert main(["table", "check", str(FIXTURE), str(bad), "--language", language]) == 1
    out = capsys.readouterr().out
    assert DAY[language] in out
    assert bool(re.search(r"\b(Write|is no|known|If|column|means)\b", out)) == (language == "en"), out


def test_another_file_takes_the_place_of_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, JSON, the marked book, and rows to be judged."""
    text = (FIXTURE / "dialogit.csv").read_text(encoding="utf-8-sig")
    bad = tmp_path / "bad.csv"
    bad.write_text(text.replace("12.3.2025", "31.4.2025").replace("Sitra", "Suomen Pakolaisapu"), encoding="utf-8")
    marked, judge = tmp_path / "marked.xlsx", tmp_path / "judge.csv"

    code = main(
        ["table", "check", str(FIXTURE), str(bad), "--format", "json", "--xlsx", str(marked), "--propose", str(judge)]
    )
    told = json.loads(capsys.readouterr().out)

    assert code == 1
    assert told["counts"] == {"no-such-day": 1, "unknown-name": 1}
    assert sum(bool(cell.comment) for row in openpyxl.load_workbook(marked)["dialogit"] for cell in row) == 2
    lines = judge.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "table,slug,existing_iri,match,note"
    assert all(
        line.startswith("dialogit,Suomen Pakolaisapu,https://w3id.org/dialogiverkko/id/org/") for line in lines[1:]
    )


def test_a_new_keeper_fills_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The template and its map go together; a body that is new is declared in the map; nothing is overwritten."""
    folder = tmp_path / "mine"
    assert main(["table", "template", str(folder), "--slug", "my-dialogues", "--lang", "en"]) == 0
    book = openpyxl.load_workbook(folder / "dialogues.xlsx")
    sheet = book["Dialogues"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for title, text in {"Identifier": "a-1", "Name in English": "A dialogue", "Form": "Event", "Time": "Q3/2025",
                        "Organisers": "OM; Suomen Pakolaisapu", "Participants": "about 20"}.items():  # fmt: skip
        sheet.cell(2, column[title]).value = text
    book.save(folder / "dialogues.xlsx")

    assert main(["table", "check", str(folder)]) == 1
    assert "Suomen Pakolaisapu" in capsys.readouterr().out
    new = "new: { organisations: { pakolaisapu: { name: { fi: Suomen Pakolaisapu }, kind: association } } }\n"
    alone = (folder / "map.yaml").read_text(encoding="utf-8")
    (folder / "map.yaml").write_text(alone + new, encoding="utf-8")
    assert main(["table", "check", str(folder)]) == 0
    (folder / "map.yaml").write_text(alone, encoding="utf-8")
    book["Organisations"].append(
        ["pakolaisapu", "Suomen Pakolaisapu", None, None, "Association", "https://pakolaisapu.fi/"]
    )
    book.save(folder / "dialogues.xlsx")
    assert main(["table", "check", str(folder)]) == 0
    assert main(["table", "template", str(folder), "--slug", "my-dialogues"]) == 2
