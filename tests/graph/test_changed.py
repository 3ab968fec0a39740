"""A check of what changed gives the report of a check of the whole, and says where it cannot."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.benchmarks.generator import generate, write_assets
from tests.graph.mutations import MUTATIONS
from tests.graph.test_mutations import damage

from dialogiverkko import cli
from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.built import inputs_of, newest
from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.validation import changed
from dialogiverkko.graph.validation.build import complete, examine
from dialogiverkko.graph.validation.changed import LastBuild, Recheck, compared, cut_down, recheck
from dialogiverkko.graph.validation.names import undeclared
from dialogiverkko.graph.validation.report import Finding, Report, Severity
from dialogiverkko.graph.validation.validate import findings, report
from dialogiverkko.namespaces import BASE, DLG, GRAPH_LISTING, GRAPH_REFERENCE

ACTIVITIES = 600
"""Eleven copies of the first listing: what four of them share leaves seven out."""
COPY = "data/sources/copy-8/source.ttl"


def whole(snapshot: Snapshot) -> Report:
    """Check everything; names that the generator leaves undeclared are no business here."""
    store = snapshot.store()
    described, store = complete(snapshot, find_assets(), (), undeclared(store, snapshot.prefixes))
    return report(described, find_assets(), findings(described, find_assets(), store))


def keys(report: Report) -> set[tuple[str, ...]]:
    """What a report says, thing by thing."""
    return {(f.rule, f.severity.value, f.focus, f.label, f.path, f.value) for f in report.findings}


@pytest.fixture(scope="module")
def graph() -> Snapshot:
    """A graph of several sources that share some of what they are about."""
    made = generate(ACTIVITIES)
    return Snapshot({name: ordered(triples) for name, triples in made.graphs.items()}, made.prefixes)


@pytest.fixture(scope="module")
def last(graph: Snapshot) -> Report:
    """What a whole check finds before anything changes."""
    return whole(graph)


def with_lines_of(graph: Snapshot, name: str, change: Callable[[list[bytes]], list[bytes]]) -> Snapshot:
    """Put other lines in place of those of one graph."""
    lines = change(list(ordered(graph.graphs[name]).lines()))
    return Snapshot({**graph.graphs, name: Triples(sorted(set(lines)))}, graph.prefixes)


def shuffled(seed: int) -> Callable[[list[bytes]], list[bytes]]:
    """Lose some lines, and exchange the values of some others that have the same property."""

    def change(lines: list[bytes]) -> list[bytes]:
        dice = random.Random(seed)  # noqa: S311 - drawn alike each time
        kept = [line for line in lines if dice.random() > 0.002]
        for _ in range(12):
            one = dice.choice(kept)
            subject, predicate, _ = one.split(b" ", 2)
            other = dice.choice([line for line in kept if line.split(b" ", 2)[1] == predicate])
            kept[kept.index(one)] = b" ".join((subject, predicate, other.split(b" ", 2)[2]))
        return kept

    return change


def damaged(graph: Snapshot, wanted: tuple[str, ...]) -> Snapshot:
    """Damage what the mutations of a few rules name; graphs that they leave as they are stay the same objects."""
    found = [mutation for mutation in MUTATIONS if mutation.rule in wanted]
    done = damage(graph, [next(m for m in found if m.rule == rule) for rule in wanted])
    graphs = {name: ordered(triples) for name, triples in done.graphs.items()}
    return Snapshot(
        {name: graph.graphs[name] if list(triples.lines()) == list(ordered(graph.graphs[name]).lines()) else triples
         for name, triples in graphs.items()}, graph.prefixes)  # fmt: skip


CHANGES: dict[str, Callable[[Snapshot], Snapshot]] = {
    "lines lost and exchanged": lambda graph: with_lines_of(graph, next(copies(graph)), shuffled(1)),
    "names, evidence, participations": lambda graph: damaged(
        graph, ("DLG-042", "DLG-004", "DLG-012", "DLG-020", "DLG-037", "DLG-044", "DLG-055", "DLG-066", "DLG-078")
    ),
    "activities taken away": lambda graph: with_lines_of(
        graph,
        f"{GRAPH_LISTING}copy-9",
        lambda lines: [each for each in lines if b"/activity/s" not in each.split(b" ")[0]],
    ),
}


def copies(graph: Snapshot) -> Iterator[str]:
    """The graphs of the sources."""
    return (name for name in sorted(graph.graphs) if "/copy-" in name)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_whole_check_agrees(change: Callable[[Snapshot], Snapshot], graph: Snapshot, last: Report) -> None:
    """Finding by finding, and some sources were left out."""
    after = change(graph)
    cut = cut_down(graph, after)
    assert cut is not None
    assert len(cut[1].graphs) < len(after.graphs)

    found = compared(find_assets(), last, *cut, ())

    assert keys(found) == keys(whole(after))
    assert keys(found) != keys(last)


def reached(before: Snapshot, after: Snapshot, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The copies that a change can touch, by their numbers."""
    monkeypatch.setattr(changed, "_AT_MOST", 1)
    cut = cut_down(before, after)
    assert cut is not None
    return {name.rpartition("-")[2] for name in copies(cut[1])}


def line(graph: Snapshot, number: int, words: bytes) -> bytes:
    """The first line of a copy that has some words."""
    return next(each for each in ordered(graph.graphs[f"{GRAPH_LISTING}copy-{number}"]).lines() if words in each)


def added(graph: Snapshot, number: int, new: bytes) -> Snapshot:
    """The graph with one line more in a copy."""
    return with_lines_of(graph, f"{GRAPH_LISTING}copy-{number}", lambda lines: [*lines, new])


def test_a_change_touches_who_shares_what_it_is_about(graph: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four copies share the parts of what they are about; organisations, which all share, lead no further."""
    after = with_lines_of(
        graph, f"{GRAPH_LISTING}copy-5", lambda lines: [each for each in lines if b"hasOpenness" not in each]
    )

    assert reached(graph, after, monkeypatch) == {"4", "5", "6", "7"}


def test_a_change_touches_what_has_the_same_name(graph: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two things of one name are a finding on both."""
    name = line(graph, 0, b"activity/saimaadialogit> <http://www.w3.org/2004/02/skos/core#prefLabel>").split(b" ", 2)[2]
    thing = line(graph, 9, b"/activity/saimaadialogit-9> <http://www.w3.org/2004/02/skos/core#prefLabel>").split(b" ")[
        0
    ]
    after = added(graph, 9, b"%s <http://www.w3.org/2004/02/skos/core#prefLabel> %s" % (thing, name))

    assert {"0", "9"} < reached(graph, after, monkeypatch)


def test_a_change_touches_who_names_what_changed(graph: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever points to what is gone points to nothing."""
    goal, start = (line(graph, number, b"/activity/saimaadialogit").split(b" ")[0] for number in (0, 9))
    before = added(graph, 9, b"%s <%scontinues> %s ." % (start, DLG.encode(), goal))
    after = with_lines_of(
        before, f"{GRAPH_LISTING}copy-0", lambda lines: [each for each in lines if not each.startswith(goal)]
    )

    assert {"0", "9"} < reached(before, after, monkeypatch)


def test_what_all_share_touches_all_where_it_changes(graph: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a ministry, which most sources name."""
    ministry = b"<https://w3id.org/dialogiverkko/id/org/om>"
    after = with_lines_of(
        graph,
        GRAPH_REFERENCE,
        lambda lines: [each for each in lines if not (each.startswith(ministry) and b"classification" in each)],
    )
    naming = {
        name.rpartition("-")[2]
        for name in copies(graph)
        if any(b" %s ." % ministry in each for each in ordered(graph.graphs[name]).lines())
    }

    assert naming
    assert naming <= reached(graph, after, monkeypatch)


def test_a_node_without_a_name_asks_for_the_whole(graph: Snapshot) -> None:
    """It is named anew each time, so that nobody can say what changed."""
    assert cut_down(graph, added(graph, 9, b'_:c14n0 <https://schema.org/value> "1" .')) is None


# --- the difference ------------------------------------------------------------------------------


def found(value: str, label: str = "Name", files: tuple[str, ...] = ("a.ttl",)) -> dict[tuple[str, ...], Finding]:
    """One finding by what it is known by."""
    finding = Finding("DLG-001", Severity.WARNING, "http://e/x", label, value=value, files=files)
    return {("DLG-001", "http://e/x", "", value): finding}


@pytest.mark.parametrize(
    ("last", "then", "now", "told"),
    [
        ({}, {}, found("new"), found("new")),
        (found("mended"), found("mended"), {}, {}),
        (found("elsewhere"), {}, {}, found("elsewhere")),
        ({}, found("of the cut"), found("of the cut"), {}),
        (found("old", "Known"), {}, found("old", "New"), found("old", "New")),
        (found("old", "Whole"), found("old", "Cut"), found("old", "Cut"), found("old", "Whole")),
        (found("old", "Whole"), found("old", "Was"), found("old", "Is"), found("old", "Is")),
        (
            found("old", files=("a.ttl", "b.ttl")),
            found("old", files=("b.ttl",)),
            found("old", files=("c.ttl",)),
            found("old", files=("a.ttl", "c.ttl")),
        ),
    ],
)
def test_the_last_report_is_told_with_the_difference(
    last: changed.Findings, then: changed.Findings, now: changed.Findings, told: changed.Findings
) -> None:
    """What both of the cut graphs break keeps the label and the files that the whole gave it, but for what changed."""
    assert changed.difference(Report.of(last.values()), then, now) == Report.of(told.values())


@pytest.mark.parametrize(("room", "done_here"), [(2, ["new"]), (1, ["new", "old"])])
def test_both_are_checked_at_once_where_there_is_room_for_both(
    room: int, done_here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has one triple; what is done beside this process leaves no trace in it."""
    old, new = (Snapshot({f"{BASE}{name}": Triples([b"<a:a> <a:b> <a:c> ."])}, {}) for name in ("old", "new"))
    done: list[str] = []

    def look(snapshot: Snapshot, *_: object) -> changed.Findings:
        done.append("old" if snapshot is old else "new")
        return {}

    monkeypatch.setattr(changed, "_findings", look)
    monkeypatch.setattr(changed, "_TOGETHER", room)
    monkeypatch.setattr("threading.active_count", lambda: 1)  # the runner of the tests may have threads of its own
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    assert compared(find_assets(), Report.of(()), old, new, ()) == Report.of(())
    assert done == done_here


# --- files ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """The same as files."""
    root = tmp_path_factory.mktemp("assets") / "of-many"
    write_assets(ACTIVITIES, root)
    return Assets(root)


@pytest.fixture(scope="module")
def built(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a build of them left its graph and its report."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIALOGIVERKKO_ASSETS", str(assets.root))
        patch.setenv("DIALOGIVERKKO_BUILT", str(folder))
        from dialogiverkko.saved.opening import obtain
        from dialogiverkko.settings import read_settings

        obtain(read_settings())
    return folder


@pytest.fixture
def left(built: Path) -> LastBuild:
    """What that build left."""
    found = LastBuild.read(built)
    assert found is not None
    return found


@pytest.fixture
def edited(assets: Assets) -> Iterator[Callable[[str, str, str], None]]:
    """Changes a file by putting one text for another; all is put back."""
    kept: dict[Path, str] = {}

    def edit(name: str, old: str, new: str) -> None:
        path = assets.root / name
        kept.setdefault(path, path.read_text(encoding="utf-8"))
        assert old in kept[path]
        path.write_text(kept[path].replace(old, new, 1), encoding="utf-8")

    yield edit
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


def rechecked(assets: Assets, left: LastBuild, *overlays: Path) -> Recheck:
    """A check of the changes, which must be possible."""
    found = recheck(assets, left, overlays)
    assert found is not None
    return found


OPENNESS = "<https://w3id.org/dialogiverkko/ns#hasOpenness> <https://w3id.org/dialogiverkko/vocab/openness/"


def test_nothing_changed_gives_the_last_report(assets: Assets, left: LastBuild) -> None:
    """Findings come back from the file as they went in."""
    found = rechecked(assets, left)

    assert (found.report, found.files, found.looked_at, found.of_all) == (left.report, (), 0, 11)
    assert keys(left.report)


def test_a_changed_source_is_checked(assets: Assets, left: LastBuild, edited: Callable[[str, str, str], None]) -> None:
    """With the three that share what it is about; the finding names the file, and a whole check agrees."""
    edited(COPY, OPENNESS, OPENNESS + "none-")
    with pytest.raises(DataError, match=f"{COPY}, line .*openness/none-"):
        recheck(assets, left)
    edited(COPY, OPENNESS, OPENNESS.replace("vocab/openness", "vocab/status") + "realised> .\n#")

    found = rechecked(assets, left)
    assert found.files == (COPY,)
    assert 1 <= found.looked_at < found.of_all
    assert "DLG-003" in {each.rule for each in found.report.violations}
    assert any(COPY in each.files for each in found.report.violations)
    assert keys(found.report) == keys(examine(assets)[1])


def test_a_file_laid_over_the_graph_is_a_change(assets: Assets, left: LastBuild, tmp_path: Path) -> None:
    """It takes the place of its namesake."""
    (tmp_path / "copy-8").mkdir()
    file = tmp_path / "copy-8" / "source.ttl"
    text = (assets.root / COPY).read_text(encoding="utf-8")
    file.write_text("\n".join(line for line in text.splitlines() if "hasOpenness" not in line), encoding="utf-8")

    found = rechecked(assets, left, file)

    assert found.files == (COPY,)
    assert keys(found.report) == keys(examine(assets, [file])[1])
    assert not found.report.conforms


@pytest.mark.parametrize(
    "name",
    ["shapes/activity.ttl", "ontology/rules/060-audience.rq", "queries/checks/blank-names.rq", "data/catalogue.ttl"],
)
def test_what_is_no_data_on_things_asks_for_the_whole(
    name: str, assets: Assets, left: LastBuild, edited: Callable[[str, str, str], None]
) -> None:
    """A shape, a rule, a query, the catalogue."""
    edited(name, "\n", "\n\n")

    assert recheck(assets, left) is None


def test_what_touches_too_much_asks_for_the_whole(
    assets: Assets, left: LastBuild, monkeypatch: pytest.MonkeyPatch, edited: Callable[[str, str, str], None]
) -> None:
    """Then two halves take no less."""
    edited(COPY, OPENNESS, OPENNESS.replace("vocab/openness", "vocab/status") + "realised> .\n#")
    monkeypatch.setattr(changed, "_AT_MOST", 0.01)

    assert recheck(assets, left) is None


def test_a_build_without_a_report_is_passed_over(assets: Assets, built: Path, tmp_path: Path) -> None:
    """As one is whose report was damaged, and a folder that is none."""
    assert newest(built, "report.json") is not None
    assert newest(built, "no.json") is None
    assert newest(tmp_path / "nowhere", "report.json") is None
    (folder,) = built.iterdir()
    copy = tmp_path / folder.name
    copy.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    assert LastBuild.read(tmp_path) is not None
    (copy / "report.json").write_text("{}")
    assert LastBuild.read(tmp_path) is None
    assert json.loads((folder / "report.json").read_text())["inputs"] == inputs_of(assets)


def test_the_command_says_what_it_looked_at(
    assets: Assets,
    built: Path,
    edited: Callable[[str, str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And checks the whole where it is asked to, with the same answer."""
    monkeypatch.setenv("DIALOGIVERKKO_ASSETS", str(assets.root))
    monkeypatch.setenv("DIALOGIVERKKO_BUILT", str(built))
    monkeypatch.setattr("dialogiverkko.cli.graph._SOON_CHECKED", 0)
    edited(COPY, OPENNESS, OPENNESS.replace("vocab/openness", "vocab/status") + "realised> .\n#")

    assert cli.main(["check", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"Checked: {COPY}, changed since the last build, with ")
    monkeypatch.setattr("dialogiverkko.cli.graph.examine", lambda *_: (None, Report.of(())))
    assert cli.main(["check", "--whole"]) == 0
    assert capsys.readouterr() == ("0 Violation, 0 Warning, 0 Info\n", "")
