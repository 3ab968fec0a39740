"""Each source that is tables compiles to the files beside it, and its statements lead to pages and words."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import read_file, read_prefixes
from dialogiverkko.graph.tables.cells import refuse_persons
from dialogiverkko.graph.tables.compiling import CompiledTables, compile_tables
from dialogiverkko.graph.tables.folder import MAP, check_folder, open_folder
from dialogiverkko.graph.tables.importing import known_without
from dialogiverkko.graph.turtle import written
from dialogiverkko.namespaces import DLG, RDF_TYPE

ASSETS = find_assets()
FOLDERS = sorted(path.parent for path in ASSETS.files("data", f"sources/*/{MAP}"))
GREAT = ASSETS.root / "data" / "sources" / "national-dialogues"
OA = "http://www.w3.org/ns/oa#"


def slug(folder: Path) -> str:
    """The name of a source."""
    return folder.name


@cache
def compiled(folder: Path) -> CompiledTables:
    """What the tables of a source compile to."""
    opened = open_folder(folder)
    snapshot = known_without(ASSETS, slug(folder))
    checked = check_folder(opened, snapshot)
    assert checked.faults.clean, checked.faults.text()
    return compile_tables(opened.plan, checked, snapshot)


def triples(folder: Path) -> list[Triple]:
    """All triples of the graph of a source."""
    return [triple for name, found in compiled(folder).files.items() for triple in found if name.startswith("sources/")]


@pytest.mark.parametrize("folder", FOLDERS, ids=slug)
def test_the_tables_compile_to_the_files_beside_them(folder: Path) -> None:
    """No file is edited by hand, and no table without importing it."""
    for name, wanted in compiled(folder).files.items():
        path = ASSETS.root / "data" / name
        assert {quad.triple for quad in read_file(path, name)} == set(wanted), name
        assert path.read_text(encoding="utf-8") == written(wanted, read_prefixes(ASSETS)), name


@pytest.mark.parametrize("folder", FOLDERS, ids=slug)
def test_every_statement_rests_on_a_passage_of_a_page(folder: Path) -> None:
    """Roles, counts, times and statuses have evidence, and each passage its source."""
    said = triples(folder)
    nodes = {
        t.subject
        for t in said
        if t.predicate.value == RDF_TYPE
        and isinstance(t.object, NamedNode)
        and t.object.value in {DLG + kind for kind in ("Participation", "Count", "TimeSpan", "StatusStatement")}
    }
    resting = {t.subject for t in said if t.predicate.value == DLG + "isEvidencedBy"}
    passages = {t.object for t in said if t.predicate.value == DLG + "isEvidencedBy"}
    sourced = {t.subject for t in said if t.predicate.value == OA + "hasSource"}

    assert nodes
    assert nodes <= resting
    assert passages <= sourced


@pytest.mark.parametrize("folder", FOLDERS, ids=slug)
def test_no_text_is_of_a_person(folder: Path) -> None:
    """Neither addresses nor numbers of persons are in the graph."""
    for triple in triples(folder):
        if isinstance(triple.object, Literal) and triple.object.language:
            refuse_persons(triple.object.value)


def test_the_public_dialogues_are_all_there() -> None:
    """At least 150 dialogues and 120 bodies, by 269 pages."""
    kinds = Counter(
        t.object.value.removeprefix(DLG)
        for found in compiled(GREAT).files.values()
        for t in found
        if t.predicate.value == RDF_TYPE and isinstance(t.object, NamedNode)
    )

    assert kinds["Activity"] >= 150
    assert kinds["http://www.w3.org/ns/org#Organization"] >= 120
    assert kinds["SourceDocument"] >= 269


def test_contradictions_stand_side_by_side() -> None:
    """The lockdown dialogues: 160 or 162 in the spring; planned and realised are both told, with their days."""
    said = triples(GREAT)
    of_spring = {t.subject for t in said if "/poikkeusajan-dialogit-kevat-2020/count/" in str(t.subject)}
    numbers = {
        t.object.value
        for t in said
        if t.subject in of_spring and t.predicate.value == "https://schema.org/value" and isinstance(t.object, Literal)
    }
    statuses = {
        str(t.object).rsplit("/", 1)[-1].rstrip(">")
        for t in said
        if t.predicate.value == DLG + "statedStatus" and "/kd-2024-kevat/" in str(t.subject)
    }

    assert {"160", "162"} <= numbers
    assert {"planned", "realised"} <= statuses


def test_a_phrase_is_in_the_language_of_its_page() -> None:
    """The language of each page was looked at in the tables; those of a few are known."""
    said = triples(GREAT)
    exact = {t.object.value: t.object.language for t in said if t.predicate.value == OA + "exact"}  # type: ignore[union-attr]

    assert exact["Nationella dialoger ordnas två gånger om året"] == "sv"
    assert exact["111 Dialogues were held across Finland, including 35 Future Dialogues"] == "en"
    assert exact["Festivaalin järjestää Yle, Erätauko-säätiö ja Lahden kaupunki yhdessä muiden"] == "fi"
