"""A release is made by one command: everything is written, or nothing, and what was released answers as it was."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from tests.golden.frozen import HERE

from dialogiverkko import cli
from dialogiverkko.graph import releases, turtle
from dialogiverkko.graph.assets import FOLDERS, Assets, find_assets
from dialogiverkko.graph.load import of_other_sources, read_prefixes
from dialogiverkko.saved import releasing

ROOT = find_assets().root
NOTES = ["--notes", 'fi=Kokeilu "x".', "--notes", "sv=Prov.", "--notes", "en=Try."]
KEPT = (HERE / "sources.txt").read_text(encoding="utf-8").split()


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project with the first listing alone, which builds quickly."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md", "codemeta.json", ".zenodo.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    others = of_other_sources(Assets(tmp_path), KEPT)
    for path in (tmp_path / "data").rglob("*.ttl"):
        if others(path):
            path.unlink()
    monkeypatch.setenv("DIALOGIVERKKO_ASSETS", str(tmp_path))
    return tmp_path


def files(root: Path) -> dict[str, bytes]:
    """Every file that a release may touch, and what lies in it."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in (
            *root.glob("*"),
            *root.glob(".z*"),
            root / "data" / "catalogue.ttl",
            *root.glob("data/releases/*/*"),
        )
        if path.is_file()
    }


def test_one_command_makes_a_release(scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Version, day, changelog, kept graph, dumps, digest and citation agree."""
    shutil.rmtree(scratch / "data" / "releases")  # it is the first
    out = scratch / "out"
    done = cli.main(["release", "7.8.9", *NOTES, "--day", "2027-01-31", "--out", str(out)])
    said = capsys.readouterr().out
    published = releases.read_releases(Assets(scratch))[-1]
    cited = yaml.safe_load((scratch / "CITATION.cff").read_text(encoding="utf-8"))
    catalogue = (scratch / "data" / "catalogue.ttl").read_text(encoding="utf-8")

    assert done == 0
    assert published.digest in said
    assert (published.version, published.issued) == ("7.8.9", "2027-01-31")
    assert published.notes == {"fi": 'Kokeilu "x".', "sv": "Prov.", "en": "Try."}
    assert published.snapshot(read_prefixes(Assets(scratch))).digest == published.digest
    assert (str(cited["version"]), str(cited["date-released"])) == ("7.8.9", "2027-01-31")
    assert 'version = "7.8.9"' in (scratch / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dcat:version "7.8.9"' in catalogue
    assert '"Kokeilu \\"x\\"."@fi' in catalogue
    assert turtle.format_file(scratch / "data" / "catalogue.ttl", Assets(scratch), check=True)
    with zipfile.ZipFile(scratch / "data" / "releases" / "7.8.9" / releases.QUERIES) as archive:
        packed = {(entry.external_attr >> 16, entry.compress_type) for entry in archive.infolist()}
        assert packed == {(0o644, zipfile.ZIP_DEFLATED)}  # whoever unpacks it can read it
    assert "## Unreleased\n\n## 7.8.9 – 2027-01-31\n" in (scratch / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"{published.digest}  dialogiverkko.nq" in (out / "SHA256SUMS").read_text(encoding="utf-8")
    for name in ("codemeta.json", ".zenodo.json"):
        assert json.loads((scratch / name).read_text(encoding="utf-8"))["version"] == "7.8.9"
    assert {f"competency/{path.name}" for path in (ROOT / "queries" / "competency").glob("*.rq")} < set(
        published.query_texts
    )
    assert cli.main(["release", "7.8.10", *NOTES, "--out", str(out)]) == 2  # nothing is unreleased any more


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["0.1.0", *NOTES], "is not later than"), (["0.0.9", *NOTES], "is not later than"),
        (["1", *NOTES], "three numbers"), (["1.2.3-rc1", *NOTES], "three numbers"),
        (["../../x", *NOTES], "three numbers"), (["9.9.9", *NOTES[:4]], "in en too"),
        (["9.9.9", *NOTES, "--day", "tomorrow"], "is no day"), (["9.9.9", "--notes", "de=x"], "--notes is written"),
    ],
)  # fmt: skip
def test_what_is_no_release_changes_nothing(
    scratch: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """A sentence, exit 2, and every file as it was."""
    before = files(scratch)

    assert cli.main(["release", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert files(scratch) == before


def test_a_graph_that_is_not_valid_is_not_released(scratch: Path) -> None:
    """Exit 1, and every file as it was."""
    place = scratch / "data" / "reference" / "places.ttl"
    place.write_text(place.read_text(encoding="utf-8").replace("skos:prefLabel", "skos:hiddenLabel"), encoding="utf-8")
    before = files(scratch)

    assert cli.main(["release", "9.9.9", *NOTES, "--out", str(scratch / "out")]) == 1
    assert files(scratch) == before


def test_a_release_that_stops_at_its_first_files_leaves_none(scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2; what was not there before is not there then."""
    citation = scratch / "CITATION.cff"
    citation.write_text(citation.read_text(encoding="utf-8").replace("\nversion:", "\nedition:"), encoding="utf-8")
    for name in ("codemeta.json", ".zenodo.json"):
        (scratch / name).unlink()
    before = files(scratch)

    assert cli.main(["release", "9.9.9", *NOTES, "--out", str(scratch / "out")]) == 2
    assert "One line that looks like ^(version: )" in capsys.readouterr().err
    assert files(scratch) == before


def test_releases_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each."""
    assert cli.main(["release"]) == 0
    assert capsys.readouterr().out.startswith("0.1.0  2026-11-24  501cf0d1ecc2")


def test_what_catalogues_read_agrees_with_the_citation() -> None:
    """codemeta.json and .zenodo.json are those that a release writes."""
    made = releasing.described(find_assets())

    assert {name: (ROOT / name).read_text(encoding="utf-8") for name in made} == made


@pytest.mark.parametrize("name", [releases.DUMP, releases.QUERIES, releases.STATEMENT])
def test_a_release_that_is_not_whole_is_told(scratch: Path, name: str) -> None:
    """A file that is missing stops whoever reads it, in a sentence without a path."""
    folder = scratch / "data" / "releases" / "0.1.0"
    (folder / name).unlink()

    if name == releases.STATEMENT:
        assert releases.read_releases(Assets(scratch)) == ()
        return
    with pytest.raises(releases.DataError, match=r"data/releases/0\.1\.0 is not whole"):
        releases.read_releases(Assets(scratch))
