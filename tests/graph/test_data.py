"""The real data: counted, true to the text, the same twice; damaged data are refused with a sentence that helps."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Triple
from tests.golden.frozen import PAGES, frozen_snapshot
from tests.graphs import told_graph

from dialogiverkko.graph import dumps
from dialogiverkko.graph.assets import FOLDERS, find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source import evidence
from dialogiverkko.graph.source.evidence_map import total
from dialogiverkko.graph.source.passages import passages
from dialogiverkko.graph.validation.build import build_snapshot, examine
from dialogiverkko.namespaces import DLG, GRAPH_LISTING, ID

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LISTING = f"{ID}doc/vertaisdialogi-listaus-2021"
KINDS = {"DialogueEvent": 13, "DialogueSeries": 19, "DialogicPractice": 19, "SupportActivity": 4}
"""Activities by kind, counted by hand from the listing."""
BULLETS = 47
SENTENCES = 5


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """The real graph."""
    return told_graph()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the four folders, to damage."""
    for folder in FOLDERS:
        shutil.copytree(find_assets().root / folder, tmp_path / folder)
    return tmp_path


def run(*arguments: str, assets: Path) -> subprocess.CompletedProcess[str]:
    """Run the command on a copy."""
    command = [sys.executable, "-m", "dialogiverkko.cli", *arguments]
    environment = {"DIALOGIVERKKO_ASSETS": str(assets), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


def snapshot_of_the_listing(snapshot: Snapshot) -> list[Triple]:
    """What the first listing says, without any other source."""
    return [t for name, triples in snapshot.graphs.items() if name.startswith(GRAPH_LISTING) for t in triples]


def test_the_whole_listing_is_there(snapshot: Snapshot) -> None:
    """Every bullet and every stand-alone sentence is an item, and the activities are as many as were read."""
    own = snapshot_of_the_listing(snapshot)
    kinds = Counter(
        t.object.value.removeprefix(DLG)
        for t in own
        if t.predicate.value == RDF_TYPE and hasattr(t.object, "value") and str(t.subject.value).count("/") == 6  # type: ignore[union-attr]
    )
    items = [p for p in passages(snapshot) if p.is_item and p.document == LISTING]

    assert len([p for p in items if not p.is_non_factual]) == BULLETS + SENTENCES
    assert {kind: kinds[kind] for kind in KINDS} == KINDS


def test_what_is_described_is_described_in_three_languages(snapshot: Snapshot) -> None:
    """What readings tell has a description, which rows of tables may lack (DLG-069); none lacks a language."""
    languages: dict[str, list[str]] = {}
    things = set()
    for t in snapshot.merged:
        if t.predicate.value == "http://purl.org/dc/terms/description":
            languages.setdefault(str(t.subject), []).append(str(t.object.language))  # type: ignore[union-attr]
    for t in frozen_snapshot(*PAGES).merged:
        if t.predicate.value == RDF_TYPE and str(t.object) in (f"<{DLG}Activity>", f"<{DLG}Context>"):
            things.add(str(t.subject))

    assert len(things) > sum(KINDS.values())
    assert sorted(things - set(languages)) == []
    untold = {iri: tags for iri, tags in languages.items() if sorted(tags) != ["en", "fi", "sv"]}
    assert untold == {}, "a reading says todo, or lacks a language: `dialogiverkko source compile` tells where"


def test_every_passage_agrees_with_the_text(snapshot: Snapshot, source_path: Path) -> None:
    """Offsets, digests, quotations, surroundings and lines are those of the source."""
    text = evidence.read_source(source_path)

    wrong = list(evidence.compare(snapshot, text))

    assert wrong == []


def test_a_changed_text_is_noticed(snapshot: Snapshot, source_path: Path) -> None:
    """One letter more moves every later passage, and the check says so."""
    text = evidence.read_source(source_path).replace("Utsjoki", "Utsjokki")

    told = list(evidence.compare(snapshot, text))
    own = [p for p in passages(snapshot) if p.document == LISTING]
    moved = [p for p in own if p.sha256 and list(evidence.compare_passage(p, text))]

    assert [finding.rule for finding in told] == ["DLG-031"]
    assert "none of those that were read" in told[0].message("en")
    assert len(moved) > 100


def test_the_listing_is_covered(snapshot: Snapshot, source_path: Path) -> None:
    """Every bullet is under statements; nine characters of ten under a phrase or a whole item."""
    measured = evidence.coverage(snapshot, evidence.read_source(source_path))

    fine, whole = total(measured)

    assert [c.line for c in measured if c.is_factual and not c.any] == []
    assert whole >= 0.9
    assert fine >= 0.85


def test_no_sentence_is_quoted(snapshot: Snapshot) -> None:
    """A quotation has at most twelve words, and whole items none but their first and last."""
    long = [p.iri for p in passages(snapshot) if len(p.exact.split()) > 12 or (p.is_item and p.exact)]

    assert long == []


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """The dumps are the same bytes for the same files, in two processes with other hash seeds."""
    sums = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "dialogiverkko.cli", "build", "--out", str(out)]
        subprocess.run(
            command, check=True, capture_output=True, env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}, timeout=120
        )
        sums.append((out / "SHA256SUMS").read_text(encoding="utf-8"))

    assert sums[0] == sums[1]
    assert len(sums[0].splitlines()) == len(dumps.formats())


def test_broken_turtle_is_told_by_file_and_line(copy: Path) -> None:
    """A file that does not parse stops everything, and the message leads to the place."""
    path = copy / "data" / "sources" / "vertaisdialogi-2021-06-08" / "sm.ttl"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines, 1) if "dlg:KnownGap" in line)
    lines[number - 1] = lines[number - 1].replace("dlg:KnownGap", "dlg:KnownGap dlg:KnownGap")
    path.write_text("\n".join(lines), encoding="utf-8")

    answer = run("check", assets=copy)

    assert answer.returncode == 1
    assert f"data/sources/vertaisdialogi-2021-06-08/sm.ttl, line {number}" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("file", ["data/sources/vertaisdialogi-2021-06-08/ilmatieteen-laitos.ttl", "shapes/count.ttl"])
def test_an_unknown_term_is_told_with_the_nearest(copy: Path, file: str) -> None:
    """A mistyped term is named, with its place and what was perhaps meant; as the path of a shape, too."""
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8").replace("dlg:countedUnit", "dlg:countedUnt"), encoding="utf-8")

    answer = run("check", assets=copy)

    assert answer.returncode == 1
    assert "ns#countedUnt is not declared; did you mean https://w3id.org/dialogiverkko/ns#countedUnit?" in answer.stderr
    assert f"{file}, line" in answer.stderr


def test_damaged_data_never_serve(copy: Path) -> None:
    """A Violation keeps the server from starting, and the message says which thing and what to mend."""
    path = copy / "data" / "sources" / "vertaisdialogi-2021-06-08" / "sm.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    dlg:gapAbout agent:sm ;\n", ""), encoding="utf-8")

    answer = run("serve", "--port", "1", assets=copy)

    assert answer.returncode == 1
    assert "DLG-037" in answer.stderr
    assert "org/sm" in answer.stderr


def test_a_file_is_laid_over_its_namesake(copy: Path) -> None:
    """`check FILE` tries a changed data file without touching the graph."""
    changed = copy / "vm.ttl"
    text = (copy / "data" / "sources" / "vertaisdialogi-2021-06-08" / "vm.ttl").read_text(encoding="utf-8")
    changed.write_text(text.replace("dlg:perUnit unit:event", "dlg:perUnit unit:dialogue"), encoding="utf-8")

    answer = run("check", str(changed), "--format", "json", assets=copy)

    rules = {finding["rule"] for finding in json.loads(answer.stdout)["findings"]}
    assert (answer.returncode, "DLG-023" in rules) == (1, True)
    assert examine(find_assets(copy))[1].conforms


def test_the_report_is_a_shacl_report(copy: Path) -> None:
    """`--format turtle` is a validation report that RDF tools read."""
    from rdflib import Graph
    from rdflib.namespace import RDF, SH

    answer = run("check", "--format", "turtle", assets=copy)

    report = Graph().parse(data=answer.stdout, format="turtle")
    assert answer.returncode == 0
    assert len(list(report.subjects(RDF.type, SH.ValidationResult))) >= 2


def test_numbers_of_the_description_are_those_of_the_graph(snapshot: Snapshot) -> None:
    """VoID counts what is there, itself included."""
    void = "http://rdfs.org/ns/void#"
    dataset = "https://w3id.org/dialogiverkko/dataset"
    said = {
        t.predicate.value.removeprefix(void): int(t.object.value)  # type: ignore[union-attr]
        for t in snapshot.merged
        if t.subject.value == dataset
        and t.predicate.value in (void + "triples", void + "distinctSubjects", void + "properties")  # type: ignore[union-attr]
    }

    assert said["triples"] == len(snapshot.merged)
    assert said["distinctSubjects"] == len({str(t.subject) for t in snapshot.merged})
    assert said["properties"] == len({t.predicate for t in snapshot.merged})


def test_the_served_graph_is_the_checked_one() -> None:
    """What build gives is what was examined; what may be asked meanwhile is its default graph."""
    asked: list[int] = []
    built, _ = build_snapshot(find_assets(), ask=lambda _, store: asked.append(len(store)))

    assert built.digest == told_graph().digest
    assert asked == [len(built.merged)]
