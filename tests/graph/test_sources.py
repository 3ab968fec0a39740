"""Sources: the first listing is its reading; a second one goes the whole way; nothing is written by halves."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.golden.frozen import PAGES, SOURCES

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import FOLDERS, Assets, find_assets
from dialogiverkko.graph.load import Snapshot, load, of_other_sources, read_file
from dialogiverkko.graph.source import writing
from dialogiverkko.graph.source.compiling import Compiled, compile_reading, names_of
from dialogiverkko.graph.source.decompiling import Decompiler
from dialogiverkko.graph.source.emitting import emit
from dialogiverkko.graph.source.marks import read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.reading import Reading
from dialogiverkko.graph.source.rebasing import Rebaser
from dialogiverkko.graph.source.standing import standing
from dialogiverkko.graph.source.text import SourceText
from dialogiverkko.graph.source.workflow import Outcome, compile_sources, slugs
from dialogiverkko.graph.turtle import turtle_files, written
from dialogiverkko.graph.validation.build import examine
from dialogiverkko.namespaces import DLG, ID
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.reading import marked_source
from dialogiverkko.web.site.sources import language_of

FIRST, SECOND = "vertaisdialogi-2021-06-08", "rannikko-2022"
FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "second-listing"
ASSETS = find_assets()
MOST_LINES, MOST_LINES_OF_A_BULLET = 1_600, 15


def reading_of(slug: str, assets: Assets = ASSETS) -> Reading:
    """The reading of a source, which has no fault of form."""
    path = assets.root / "data" / "sources" / slug / "reading.yaml"
    reading, _, problems = read_reading(path.read_text(encoding="utf-8"))
    assert reading is not None, problems
    return reading


def compiled(assets: Assets, slug: str, folder: Path | None = None) -> Outcome:
    """What became of the reading of one source."""
    (outcome,) = compile_sources(assets, [slug], folder)
    return outcome


@pytest.fixture(scope="module")
def alone() -> Snapshot:
    """The first listing and what is shared, without any other source."""
    return load(ASSETS, without=of_other_sources(ASSETS, [FIRST]))


@pytest.fixture(scope="module")
def book() -> Namebook:
    """What is known beside the first listing."""
    return Namebook.of(load(ASSETS, without=of_other_sources(ASSETS, [])))


@pytest.fixture(scope="module")
def first_text(request: pytest.FixtureRequest) -> SourceText:
    """The text of the first listing, where it is at hand."""
    path: Path = request.getfixturevalue("source_path")
    return SourceText(path.read_bytes().decode("utf-8"))


def leave_only(assets: Assets, kept: Callable[[str], bool]) -> None:
    """Take the other sources out of a copy, with what they declare."""
    for folder in (assets.root / "data" / "sources").iterdir():
        if folder.is_dir() and not kept(folder.name):
            shutil.rmtree(folder)
            for declared in (assets.root / "data" / "reference").rglob(f"{folder.name}.ttl"):
                declared.unlink()


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assets:
    """A copy of the four folders with the sources that tests know, and a folder of texts with the second listing's."""
    for folder in FOLDERS:
        shutil.copytree(ASSETS.root / folder, tmp_path / folder)
    leave_only(Assets(tmp_path), lambda slug: slug in (*SOURCES, *PAGES))
    texts = tmp_path / "texts"
    texts.mkdir()
    shutil.copy(FIXTURE / "text.txt", texts / f"{SECOND}.txt")
    monkeypatch.setenv("DIALOGIVERKKO_ASSETS", str(tmp_path))
    monkeypatch.setenv("DIALOGIVERKKO_SOURCE_TEXTS", str(texts))
    return Assets(tmp_path)


def add_second(assets: Assets) -> None:
    """Lay the reading of the second listing into a copy."""
    folder = assets.root / "data" / "sources" / SECOND
    folder.mkdir()
    shutil.copy(FIXTURE / "reading.yaml", folder)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on the copy that the environment names."""
    command = [sys.executable, "-m", "dialogiverkko.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)


def bytes_of_data(assets: Assets) -> dict[str, bytes]:
    """Every file of data/ as it is."""
    data = assets.root / "data"
    return {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def triples_of(compiled: Compiled) -> set[str]:
    """What a reading compiles to, in all its files."""
    return {str(triple) for triples in compiled.files.values() for triple in triples}


# --- the first listing ------------------------------------------------------------------------------


def test_the_first_listing_is_what_its_reading_compiles_to(book: Namebook, first_text: SourceText) -> None:
    """The files in the repository hold what the reading says, no more and no less."""
    compiled = compile_reading(reading_of(FIRST), book, first_text)

    assert [problem.text() for problem in compiled.problems] == []
    assert compiled.unread == ()
    for name, triples in compiled.files.items():
        stated = {str(quad.triple) for quad in read_file(ASSETS.root / "data" / name, name)}
        assert stated == set(map(str, triples)), name
    folder = ASSETS.root / "data" / "sources" / FIRST
    assert {f"sources/{FIRST}/{path.name}" for path in folder.glob("*.ttl")} == set(compiled.files)


def test_the_first_listing_goes_back_and_forth(alone: Snapshot, book: Namebook, first_text: SourceText) -> None:
    """The graph turned into a reading compiles to the same triples: it has no blank nodes."""
    mapping = Decompiler(alone, f"{ID}doc/vertaisdialogi-listaus-2021", first_text).reading(FIRST)
    text = emit(mapping)
    reading, _, problems = read_reading(text)

    assert problems == ()
    assert reading is not None
    again = compile_reading(reading, book, first_text)
    assert again.problems == ()
    assert triples_of(again) == triples_of(compile_reading(reading_of(FIRST), book, first_text))


def test_the_reading_is_short() -> None:
    """The whole has few lines, and so has each bullet that tells of one activity."""
    path = ASSETS.root / "data" / "sources" / FIRST / "reading.yaml"
    text = path.read_text(encoding="utf-8")
    _, marked, _ = read_reading(text)
    sizes = []
    starts = sorted(
        line
        for where, (line, _) in marked.marks.items()
        if len(where) >= 4 and where[-2] == "items" and where[0] == "sections"
    )
    for begin, end in zip(starts, [*starts[1:], len(text.splitlines()) + 1], strict=True):
        block = text.splitlines()[begin - 1 : end - 1]
        if sum("about: {fi:" in line for line in block) == 1:
            folded = sum(
                line.lstrip().startswith(("sv:", "en:", "words:")) and not line.startswith("  - ") for line in block
            )
            sizes.append(len(block) - folded)

    assert len(text.splitlines()) <= MOST_LINES
    assert sorted(sizes)[len(sizes) // 2] <= MOST_LINES_OF_A_BULLET
    assert len(sizes) > 25


def test_every_source_without_a_text_is_what_its_reading_compiles_to() -> None:
    """Of pages and reports too, the files hold what the readings say."""
    readings = {slug: reading_of(slug) for slug in slugs(ASSETS)}
    base = Namebook.of(load(ASSETS, without=of_other_sources(ASSETS, [])))
    known = base.with_names(
        pair for reading in readings.values() for pair in names_of(reading) if pair[0] != "activity"
    )
    behind = []
    for slug, reading in readings.items():
        if reading.source.sha256:
            continue
        others = [pair for other, each in readings.items() if other != slug for pair in names_of(each)]
        compiled = compile_reading(reading, known.with_names(others))
        assert compiled.problems == (), slug
        for name, triples in compiled.files.items():
            stated = {str(quad.triple) for quad in read_file(ASSETS.root / "data" / name, name)}
            behind += [slug] if stated != set(map(str, triples)) else []

    assert behind == []


@pytest.mark.parametrize("path", list(turtle_files(ASSETS)), ids=lambda path: ASSETS.name(path))
def test_the_quick_writer_writes_the_canonical_form(path: Path) -> None:
    """What compiles is written as the formatter would write it, wherever there is no blank node."""
    name = ASSETS.name(path)
    prefixes = dict(load_prefixes())
    triples = [quad.triple for quad in read_file(path, name)]
    try:
        quick = written(triples, prefixes)
    except ValueError:
        assert "[" in path.read_text(encoding="utf-8") or "(" in path.read_text(encoding="utf-8")
        return

    assert quick == path.read_text(encoding="utf-8")


def load_prefixes() -> dict[str, str]:
    """The prefix table."""
    from dialogiverkko.graph.load import read_prefixes

    return read_prefixes(ASSETS)


# --- a second listing -------------------------------------------------------------------------------


def test_a_draft_shows_what_can_be_seen(copy: Assets) -> None:
    """From a text alone come sections, kinds, items and known organisations, in the form of a reading."""
    answer = run("source", "add", str(FIXTURE / "text.txt"), "--slug", "ranta", "--reference-date", "2022-05-03")

    text = (copy.root / "data" / "sources" / "ranta" / "reading.yaml").read_text(encoding="utf-8")
    reading, _, problems = read_reading(text)
    assert (answer.returncode, answer.stderr, problems) == (0, "", ())
    assert reading is not None
    assert [section.kind for section in reading.sections] == ["intro", "main", "main", "main"]
    assert [section.kind for section in reading.sections[1].sections] == ["upcoming"]
    assert reading.sections[3].about == "sm"
    assert [len(section.items) for section in reading.sections] == [1, 6, 2, 1]
    assert "# - sm" in text
    assert (copy.root / "texts" / "ranta.txt").is_file()


def test_a_second_listing_goes_the_whole_way(copy: Assets) -> None:
    """Compiled by the command, it stands in the graph beside the first, and the rules hold for both."""
    add_second(copy)

    answer = run("source", "compile", SECOND)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "adds 11 activities, 1 document, 1 gap, 1 organisation" in answer.stdout
    assert "about in en" in answer.stdout
    snapshot, report = examine(copy)
    assert report.conforms
    merged = set(map(str, snapshot.merged))

    def holds(subject: str, predicate: str, value: str) -> bool:
        return f"<{ID}{subject}> <{DLG}{predicate}> {value}" in "\n".join(
            t.replace("Triple ", "") for t in merged
        ) or any(
            t.subject.value == ID + subject and t.predicate.value == DLG + predicate and value in str(t.object)  # type: ignore[union-attr]
            for t in snapshot.merged
        )

    assert holds("activity/koivulahden-verkkokeskustelu", "hasMode", "mode/remote")
    assert holds("activity/koivulahden-verkkokeskustelu", "themeScope", "illustrative")
    assert holds("activity/koivulahden-dialogipaiva", "hasRealisationStatus", "planned")
    assert holds("activity/koivulahden-dialogiset-elementit/status", "hedge", "in-some-cases")
    assert holds("activity/koivulahden-eratauko-keskustelut/time", "edtf", "2021-23/..")
    assert holds("gap/rannikko-2022-katkennut", "gapIn", "doc/rannikko-2022")
    kinds = {
        t.object.value
        for t in snapshot.merged
        if t.subject.value == ID + "activity/koivulahden-verkkokeskustelu" and t.predicate.value.endswith("#type")
    }  # type: ignore[union-attr]
    assert {kind for kind in kinds if kind.startswith(DLG)} == {DLG + "Activity"}
    swedish = [t for t in snapshot.merged if t.predicate.value.endswith("oa#exact") and t.object.value == "på svenska"]  # type: ignore[union-attr]
    assert [t.object.language for t in swedish] == ["sv"]  # type: ignore[union-attr]
    index = Index(snapshot)
    read = marked_source(index, f"{ID}doc/{SECOND}", "fi")
    lines = (FIXTURE / "text.txt").read_text(encoding="utf-8").splitlines()
    headings = [section.heading.value for section in read.sections if section.slug not in ("title", "intro")]
    assert {"Tulossa", "Hyvinkää"} <= set(headings) <= set(lines)
    told = {p.exact: language_of(index, p) for p in index.passages.values() if p.document == f"{ID}doc/{SECOND}"}
    assert (told["på svenska"], told["Suunnitteilla"]) == ("sv", "fi")


def test_the_gap_of_one_source_and_the_list_of_another_stand_side_by_side(copy: Assets) -> None:
    """The Ministry of the Interior's listing is missing in 2021 and there in 2026; the gap is answered, not erased."""
    add_second(copy)
    path = copy.root / "data" / "sources" / SECOND / "reading.yaml"
    text = path.read_text(encoding="utf-8").replace("reference-date: 2022-05-03", "reference-date: 2026-05-03")
    path.write_text(text.replace("  language: fi\n", "  language: fi\n  answers: sm-listaus\n", 1), encoding="utf-8")

    outcome = compiled(copy, SECOND, copy.root / "texts")

    assert (outcome.problems, outcome.is_written) == ((), True)
    snapshot, report = examine(copy)
    assert report.conforms
    gap = {
        (t.predicate.value.removeprefix(DLG), str(t.object))
        for t in snapshot.merged
        if t.subject.value == ID + "gap/sm-listaus"
    }  # type: ignore[union-attr]
    assert ("answeredBy", f"<{ID}doc/{SECOND}>") in gap
    assert ("gapIn", f"<{ID}doc/vertaisdialogi-listaus-2021>") in gap
    reporters = {
        t.subject.value
        for t in snapshot.merged  # type: ignore[union-attr]
        if t.predicate.value == DLG + "isReportedBy" and str(t.object) == f"<{ID}org/sm>"
    }
    assert reporters == {ID + "activity/sm-maahanmuuttodialogit"}


def test_a_plan_of_one_source_is_held_in_a_later_one(copy: Assets) -> None:
    """The latest source tells the status; what the earlier said stays."""
    folder = copy.root / "data" / "sources" / "myohempi-2025"
    folder.mkdir()
    (folder / "reading.yaml").write_text(
        "source: {slug: myohempi-2025, kind: web-page, page: 'https://example.org/x', reference-date: 2025-02-01,\n"
        "  title: {fi: Myöhempi, sv: Senare, en: Later}}\n"
        "activity: {adds-to: eu-konferenssin-eratauko-keskustelut, status: realised «pidettiin»}\n",
        encoding="utf-8",
    )

    outcome = compiled(copy, "myohempi-2025")

    assert outcome.problems == ()
    assert "says more of 1 activity (eu-konferenssin-eratauko-keskustelut)" in outcome.changes
    snapshot, report = examine(copy)
    assert report.conforms
    activity = ID + "activity/eu-konferenssin-eratauko-keskustelut"
    now = [
        str(t.object)
        for t in snapshot.merged
        if t.subject.value == activity and t.predicate.value == DLG + "hasRealisationStatus"
    ]  # type: ignore[union-attr]
    said = [
        t for t in snapshot.merged if t.subject.value == activity and t.predicate.value == DLG + "hasStatusStatement"
    ]  # type: ignore[union-attr]
    assert [each.rsplit("/", 1)[-1] for each in now] == ["realised>"]
    assert len(said) == 2


def test_a_text_of_any_source_can_be_checked(copy: Assets, tmp_path: Path) -> None:
    """``check --source`` takes the text of either listing, and says so of a text of none."""
    add_second(copy)
    compiled(copy, SECOND, copy.root / "texts")
    other = tmp_path / "other.txt"
    other.write_text("Jokin muu teksti.\n", encoding="utf-8")

    of_second = run("check", "--source", str(copy.root / "texts" / f"{SECOND}.txt"), "--format", "json")
    of_none = run("check", "--source", str(other), "--format", "json")

    assert json.loads(of_second.stdout)["conforms"] is True
    found = [each for each in json.loads(of_none.stdout)["findings"] if each["severity"] == "Violation"]
    assert [each["rule"] for each in found] == ["DLG-031"]
    assert "none of those that were read" in found[0]["messages"]["en"]


# --- an edited text ---------------------------------------------------------------------------------

EDITS: tuple[tuple[str, str], ...] = (
    ("noin 10 kpl", "noin 12 kpl"),
    (" • Kuntalaisraati kaavoituksesta", " • Uusi rivi kunnan viestinnästä.\n • Kuntalaisraati kaavoituksesta"),
    ("yli 40 osallistujaa", "yli 45 osallistujaa"),
    ("Koivulahti\n\n", "Koivulahti\n\n • Alkuun lisätty rivi tilaisuuksista.\n"),
)


def test_an_edited_text_keeps_its_reading(copy: Assets, tmp_path: Path) -> None:
    """Of a hundred quotations at least 95 are found again; what is new and changed is told; it compiles."""
    add_second(copy)
    compiled(copy, SECOND, copy.root / "texts")
    edited = (FIXTURE / "text.txt").read_text(encoding="utf-8")
    for before, after in EDITS:
        assert before in edited
        edited = edited.replace(before, after)
    new = tmp_path / "new.txt"
    new.write_text(edited, encoding="utf-8")

    answer = run("source", "rebase", SECOND, str(new), "--retrieved", "2022-06-01")

    assert (answer.returncode, answer.stderr) == (0, "")
    share = int(answer.stdout.split("(")[1].split(" %")[0])
    assert share >= 95
    assert "changed: «noin 10 kpl» is now «noin 12 kpl»" in answer.stdout
    assert "new in the text: «Uusi rivi kunnan viestinnästä.»" in answer.stdout
    outcome = compiled(copy, SECOND, copy.root / "texts")
    assert outcome.problems == ()
    assert outcome.is_written
    document = f"{ID}doc/{SECOND}"
    said = {
        t.predicate.value.rsplit("#", 1)[-1]: str(t.object)
        for ts in outcome.files.values()
        for t in ts
        if t.subject.value == document
    }  # type: ignore[union-attr]
    assert said["wasRevisionOf"] == f"<{document}/version/1>"


def test_an_insertion_renames_no_passage(book: Namebook) -> None:
    """Passages are named by their words and what stands around them."""
    text = (FIXTURE / "text.txt").read_text(encoding="utf-8")
    reading, _, _ = read_reading((FIXTURE / "reading.yaml").read_text(encoding="utf-8"))
    assert reading is not None
    known = book.with_names([("gap", "x"), ("activity", "x")])

    def passages(of: str) -> set[str]:
        compiled = compile_reading(reading, known, SourceText(of))
        return {str(t.subject) for ts in compiled.files.values() for t in ts if str(t.object).endswith("#Passage>")}

    inserted = text.replace("Koivulahti\n\n", "Koivulahti\n\n • Jotain ihan muuta.\n")

    assert passages(inserted) == passages(text)


def test_a_quotation_that_went_is_told_with_its_line() -> None:
    """What cannot be found again is told, and left as it stands for a person to settle."""
    yaml_text = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")
    old = (FIXTURE / "text.txt").read_text(encoding="utf-8")
    new = old.replace(" • Henkilöstön sisäinen dialogi.\n", "")

    result = Rebaser(yaml_text, SourceText(old), SourceText(new)).run()

    assert sorted(words for _, words in result.gone if words in ("«dialogi»", "«sisäinen»")) == [
        "«dialogi»",
        "«sisäinen»",
    ]
    assert result.gone_lines == ["Henkilöstön sisäinen dialogi."]
    lines = yaml_text.splitlines()
    assert all(words in lines[line - 1] for line, words in result.gone)


# --- all or nothing ---------------------------------------------------------------------------------


def test_a_fault_changes_nothing(copy: Assets) -> None:
    """Not a byte of data/ changes where a reading has a fault, of form, of words or of the rules."""
    add_second(copy)
    path = copy.root / "data" / "sources" / SECOND / "reading.yaml"
    good = path.read_text(encoding="utf-8")
    for before, after in (
        ("form: series", "form: serie"),
        ("«noin 10 kpl»", "«noin 11 kpl»"),
        ("status: planned «Suunnitteilla»", "status: realised «Suunnitteilla»"),
    ):
        path.write_text(good.replace(before, after, 1), encoding="utf-8")
        before_all = bytes_of_data(copy)

        (outcome,) = compile_sources(copy, [SECOND], copy.root / "texts")

        assert not outcome.is_good
        assert bytes_of_data(copy) == before_all


@pytest.mark.parametrize("moment", ["before the marker", "after the marker", "between two files"])
def test_a_compile_that_is_killed_leaves_whole_files(
    copy: Assets, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any moment, each file is wholly old or wholly new, and the next command makes them all of one kind."""
    add_second(copy)
    before = bytes_of_data(copy)
    replaced: list[Path] = []
    settle = writing._move_into_place

    def killed(path: Path, *, is_gone: bool) -> None:
        if moment == "after the marker" or (moment == "between two files" and replaced):
            raise KeyboardInterrupt
        replaced.append(path)
        settle(path, is_gone=is_gone)

    def killed_at_once(path: Path, text: str) -> None:
        if writing.MARKER in path.name:
            raise KeyboardInterrupt
        put(path, text)

    put = writing._put
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_move_into_place", killed)
        if moment == "before the marker":
            patch.setattr(writing, "_put", killed_at_once)
        with pytest.raises(KeyboardInterrupt):
            compiled(copy, SECOND, copy.root / "texts")
    meanwhile = {name: body for name, body in bytes_of_data(copy).items() if name.endswith(".ttl")}
    for name, body in before.items():
        if name.endswith(".ttl"):
            assert meanwhile[name] == body or b"PREFIX" in meanwhile[name]

    writing.finish(copy)

    after = bytes_of_data(copy)
    assert not [name for name in after if name.endswith((".new", writing.MARKER))]
    added = {name for name in after if name not in before}
    assert len(added) == (0 if moment == "before the marker" else 5)


def test_a_text_that_is_not_at_hand_is_told(copy: Assets) -> None:
    """Without the text nothing compiles, and the message says where to put it or how to move the reading."""
    add_second(copy)
    (copy.root / "texts" / f"{SECOND}.txt").write_text("Toinen teksti.\n", encoding="utf-8")

    with pytest.raises(UsageError, match="source rebase"):
        compiled(copy, SECOND, copy.root / "texts")
    with pytest.raises(UsageError, match="not at hand"):
        compiled(copy, SECOND, copy.root / "nowhere")


# --- how long it takes ------------------------------------------------------------------------------


def ten_times(yaml_text: str, text: str, times: int) -> tuple[str, str]:
    """Repeat the sections of a reading and its text, each with names of its own."""
    head, sections = yaml_text.split("sections:\n", 1)
    first, rest = sections.split("- heading: «Koivulahti»", 1)
    body = "- heading: «Koivulahti»" + rest
    intro, told = text.split("Koivulahti\n\n", 1)
    many, texts = [], []
    for number in range(times):
        copy = body.replace("id: ", f"id: k{number}-").replace("practice: ", f"practice: k{number}-")
        copy = copy.replace("«Koivulahti»", f"«Koivulahti {number}»").replace("«Hyvinkää»", f"«Hyvinkää {number}»")
        copy = copy.replace("«Sisäministeriö»", f"«Sisäministeriö {number}»")
        many.append(copy)
        part = "Koivulahti\n\n" + told + "\n"
        for heading in ("Koivulahti", "Hyvinkää", "Sisäministeriö"):
            part = part.replace(f"{heading}\n\n", f"{heading} {number}\n\n")
        texts.append(part)
    return head + "sections:\n" + first + "".join(many), intro + "\n".join(texts)


def test_time_grows_about_as_the_reading(book: Namebook) -> None:
    """Ten times as much to compile takes at most two seconds more than ten times as long, in time of the processor."""
    yaml_text = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")
    text = (FIXTURE / "text.txt").read_text(encoding="utf-8")
    spent = []
    for times in (5, 50):
        many, long = ten_times(yaml_text, text, times)
        begin = time.process_time()
        reading, _, problems = read_reading(many)
        assert reading is not None, problems[:3]
        compiled = compile_reading(reading, book, SourceText(long))
        spent.append(time.process_time() - begin)
        assert [p.text() for p in compiled.problems][:3] == []

    assert spent[1] <= 10 * spent[0] + 2


def test_the_first_listing_compiles_in_five_seconds(copy: Assets, source_path: Path) -> None:
    """The whole command, validation and all, in time of the processor, where it is the only source."""
    leave_only(copy, lambda slug: slug == FIRST)
    begin = os.times()

    answer = run("source", "compile", FIRST, "--text", str(source_path), "--check")

    end = os.times()
    assert answer.returncode == 0, answer.stderr
    assert (end.children_user - begin.children_user) + (end.children_system - begin.children_system) <= 5


def test_whether_a_reading_is_compiled_is_not_guessed_without_its_text(tmp_path: Path) -> None:
    """A reading may have been edited since; one without a text is compared all the same."""
    found = {each.slug: each for each in standing(find_assets(), tmp_path)}

    assert found[FIRST].sentence().endswith("text not at hand; compiled once; whether anew is not known")
    assert {each.is_compiled for each in found.values() if each.text == "no text held"} == {True}
