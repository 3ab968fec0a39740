"""Tables are imported all or nothing: the same twice, told by cell where they change, each fact on its words."""

import csv
import shutil
from pathlib import Path

import pytest

from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import read_file
from dialogiverkko.graph.tables.importing import Imported, import_folder
from dialogiverkko.namespaces import DLG, ID

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "tables" / "ministry"
DIGEST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """A copy of the graph without the great source of tables, that may be written."""
    real = find_assets().root
    for folder in ("ontology", "shapes", "queries"):
        (tmp_path / "copy" / folder).parent.mkdir(exist_ok=True)
        (tmp_path / "copy" / folder).symlink_to(real / folder)
    shutil.copytree(real / "data", tmp_path / "copy" / "data", ignore=shutil.ignore_patterns("national-dialogues*"))
    return Assets(tmp_path / "copy")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables as their keeper has them."""
    return Path(shutil.copytree(FIXTURE, tmp_path / "kept"))


def state(assets: Assets) -> dict[str, bytes]:
    """Every file under data/ and its bytes."""
    data = assets.root / "data"
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def change(folder: Path, changes: dict[tuple[int, str], str]) -> None:
    """Change cells: row from 0, column."""
    path = folder / "dialogit.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for (row, column), text in changes.items():
        rows[row][column] = text
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def good(imported: Imported) -> Imported:
    """The import, which went well."""
    assert imported.is_good, imported.text()
    return imported


def test_a_second_import_changes_nothing_and_five_cells_are_five_changes(assets: Assets, folder: Path) -> None:
    """Identifiers are lasting; what changed is told by row, column, before and after."""
    first = good(import_folder(assets, folder))
    after_first = state(assets)
    second = good(import_folder(assets, folder))

    assert sum(not change.column and change.after == "new" for change in first.changes) == 5
    assert state(assets) == after_first
    assert second.changes == ()
    assert second.outcome is not None
    assert second.outcome.changes == ("changes nothing",)
    assert first.text().endswith("5 rows read; written.")
    assert second.text().endswith("5 rows read; nothing has changed, and nothing was written.")

    cells = {
        (1, "aika"): "13.3.2025",
        (1, "osallistujia"): "noin 20",
        (2, "kumppanit"): "DialogiAkatemia",
        (3, "paikka"): "Turku",
        (4, "nimi"): "Dialogi rajasta",
    }
    change(folder, cells)
    third = good(import_folder(assets, folder))

    assert len(third.changes) == 5
    assert {(each.column, each.before, each.after) for each in third.changes} == {
        ("aika", "12.3.2025", "13.3.2025"),
        ("osallistujia", "kymmenkunta", "noin 20"),
        ("kumppanit", "Sitra", "DialogiAkatemia"),
        ("paikka", "Tampere", "Turku"),
        ("nimi", "Dialogi rajoista", "Dialogi rajasta"),
    }
    assert third.outcome is not None
    assert "changes 4 activities" in " ".join(third.outcome.changes)


def test_rows_that_went_are_told_and_leave_the_graph(assets: Assets, folder: Path) -> None:
    """Nothing of them stays behind."""
    good(import_folder(assets, folder))
    path = folder / "dialogit.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8-sig")

    imported = good(import_folder(assets, folder))

    assert [change.text() for change in imported.changes] == ["dialogit, sm-rajadialogi-2027: the row went"]
    assert "removes 1 activity (sm-rajadialogi-2027)" in " ".join(imported.outcome.changes if imported.outcome else ())
    assert b"sm-rajadialogi-2027" not in state(assets)["sources/ministerion-dialogit/source.ttl"]


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ({(1, "aika"): "31.4.2025"}, "31.4.2025 is no day"),
        ({(1, "tunnus"): "vertaisdialogi-2021-06-08"}, "told already by another source"),
        ({(4, "tila"): "toteutunut"}, "DLG-034"),
    ],
)
def test_what_is_wrong_changes_no_byte(
    assets: Assets, folder: Path, cell: dict[tuple[int, str], str], word: str
) -> None:
    """A cell, a name of another source, a rule of the whole graph: each keeps all files as they were."""
    before = state(assets)
    change(folder, cell)

    imported = import_folder(assets, folder)

    assert not imported.is_good
    assert word in imported.text()
    assert state(assets) == before


def test_some_rows_may_cite_a_page_and_others_none(assets: Assets, folder: Path) -> None:
    """A dialogue that a page tells of stands beside those that the table alone tells of, each with its evidence."""
    map_ = folder / "map.yaml"
    map_.write_text(
        map_.read_text(encoding="utf-8").replace(
            "    columns:\n", "    columns:\n      sivu: page\n      sanat: words\n", 1
        ),
        encoding="utf-8",
    )
    path = folder / "dialogit.csv"
    head, first, *others = path.read_text(encoding="utf-8-sig").splitlines()
    rows = [f"{head};sivu;sanat", f"{first};https://example.org/dialogi;pidettiin", *(f"{row};-;" for row in others)]
    path.write_text("\ufeff" + "\r\n".join(rows) + "\r\n", encoding="utf-8")

    imported = good(import_folder(assets, folder))

    assert "document" in imported.text()


def passages(assets: Assets) -> dict[str, int]:
    """The passages of the imported tables and their rows."""
    path = assets.root / "data" / "sources" / "ministerion-dialogit" / "source.ttl"
    triples = [quad.triple for quad in read_file(path, path.name)]
    return {str(t.subject): int(t.object.value) for t in triples if t.predicate.value == DLG + "lineNumber"}  # type: ignore[union-attr]


def test_evidence_names_the_row_of_the_spreadsheet_and_keeps_its_address(assets: Assets, folder: Path) -> None:
    """Five rows below a header are rows 2 to 6; a title and an empty row move the numbers and no address."""
    good(import_folder(assets, folder))
    before = passages(assets)
    path = folder / "dialogit.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text("\ufeffMinisteriön dialogit\r\n\r\n" + text.replace("\r\n", "\n"), encoding="utf-8")
    good(import_folder(assets, folder))

    assert set(before.values()) == {2, 3, 4, 5, 6}
    assert {iri: row + 2 for iri, row in before.items()} == passages(assets)


def test_each_of_several_sheets_has_rows_and_a_name_of_its_own(assets: Assets, folder: Path) -> None:
    """Rows of a second table are numbered as its own sheet numbers them, and the sheet is named."""
    (folder / "luvut.csv").write_text("dialogi;luku;mitä\nsm-turvallisuus-turku;7;dialogi\n", encoding="utf-8")
    with (folder / "map.yaml").open("a", encoding="utf-8") as file:
        file.write("  unit: { dialogi: dialogue }\n")
    text = (folder / "map.yaml").read_text(encoding="utf-8")
    table = "  luvut: { file: luvut.csv, row: count, columns: { dialogi: dialogue, luku: amount, mitä: unit } }\n"
    (folder / "map.yaml").write_text(text.replace("values:\n", table + "values:\n"), encoding="utf-8")

    good(import_folder(assets, folder))

    rows = passages(assets)
    source = state(assets)["sources/ministerion-dialogit/source.ttl"].decode()
    assert sorted(iri.rsplit("/", 1)[-1] for iri in rows if "/section/" in iri) == ["dialogit>", "luvut>"]
    assert 'rdfs:label "luvut"' in source
    assert sum(row == 2 for row in rows.values()) > 8


def test_each_fact_rests_on_its_cell(assets: Assets, folder: Path) -> None:
    """A row is an item of the table's text, a cell is a phrase of it; a count keeps the keeper's words."""
    good(import_folder(assets, folder))
    path = assets.root / "data" / "sources" / "ministerion-dialogit" / "source.ttl"
    triples = [quad.triple for quad in read_file(path, path.name)]
    said = {str(t.object) for t in triples if t.predicate.value == DLG + "sourceExpression"}
    kinds = [t.object.value for t in triples if t.predicate.value == DIGEST]  # type: ignore[union-attr]
    nodes = {t.subject.value for t in triples if t.predicate.value == DLG + "assertionBasis"}  # type: ignore[union-attr]
    resting = {t.subject.value for t in triples if t.predicate.value == DLG + "isEvidencedBy"}  # type: ignore[union-attr]

    assert {'"kymmenkunta"@fi', '"yli 40"@fi', '"syksy 2024–kevät 2025"@fi', '"1.–2.4.2025"@fi'} <= said
    assert kinds.count(DLG + "ListItem") == 5
    assert nodes
    assert nodes <= resting
    assert all(node.startswith(ID) for node in nodes)
