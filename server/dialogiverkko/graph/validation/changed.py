"""Checks what changed since the last build with the sources that it can touch, in place of the whole graph.

The graph as it was built and the graph as it is are cut down to the same sources and checked side by side. What only
the second breaks is new, what only the first breaks is mended; what both break, for the rest is cut away, is neither.
The report of the whole graph is that of the last build with this difference.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.beside import side_by_side
from dialogiverkko.graph.built import inputs_of, newest
from dialogiverkko.graph.lines import Triples, ordered
from dialogiverkko.graph.load import Snapshot, graph_of, load, overlay_target, plan
from dialogiverkko.graph.validation.build import complete
from dialogiverkko.graph.validation.names import undeclared
from dialogiverkko.graph.validation.report import Finding, Report
from dialogiverkko.graph.validation.validate import findings, report
from dialogiverkko.namespaces import (
    BASE,
    GRAPH_CATALOGUE,
    GRAPH_DERIVED,
    GRAPH_LISTING,
    GRAPH_REFERENCE,
    GRAPH_SOURCE,
    GRAPH_VOCAB,
    OWL,
    SKOS,
)

_OF_SOURCES = (GRAPH_SOURCE, GRAPH_LISTING)
"""How the graphs begin that are left out where no change can touch them; all others are always looked at."""
_COMPARED = tuple(
    f"<{each}>".encode() for each in (SKOS + "prefLabel", SKOS + "exactMatch", SKOS + "closeMatch", OWL + "sameAs")
)
"""Properties whose equal values make two things meet that do not name each other."""
_OURS = f"<{BASE}".encode()
_AT_MOST = 0.5
"""The share of the graph that may be looked at twice: more is sooner looked at once and whole."""
_TOGETHER = 4_000_000
"""Triples of two graphs that are looked at together: of more the memory might not hold both."""


FILE = "report.json"
"""The file of a report in the folder of what is built."""


@dataclass(frozen=True)
class LastBuild:
    """What the last build left: its graph, its report, and the digests of the files that it was made of."""

    snapshot: Snapshot
    report: Report
    inputs: Mapping[str, str]

    @classmethod
    def read(cls, root: Path) -> "LastBuild | None":
        """Open what the newest build left in a folder; None where there is none."""
        if (found := newest(root, FILE)) is None:
            return None
        kept = json.loads(found[1])
        return cls(found[0], Report.of_rows(kept["findings"]), kept["inputs"])


def write_report(report: Report, inputs: Mapping[str, str], folder: Path) -> None:
    """Write what a later check starts from into a folder of what is built."""
    kept = {"inputs": inputs, "findings": report.rows()}
    (folder / FILE).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def carry_over(old: Path, folder: Path) -> None:
    """Copy the report of a build of which other files are made again, if it is still whole."""
    try:
        text = (old / FILE).read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError):
        return
    (folder / FILE).write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Recheck:
    """The report of the whole graph, the files that changed, and how many of the graphs of sources were looked at."""

    report: Report
    files: tuple[str, ...]
    looked_at: int
    of_all: int


Graphs = Mapping[str, Triples]


def recheck(assets: Assets, last: LastBuild, overlays: Iterable[Path] = ()) -> Recheck | None:
    """Check what differs from the last build, files laid over the graph with it; None where the whole must be checked.

    That is where anything but data on things changed (the ontology, the shapes, queries, the code, the catalogue),
    where a change touches much of the graph, and where it touches nodes without a name.

    Raises DataError as a whole check does.
    """
    overlays = tuple(overlays)
    files = _changed_files(assets, last, overlays)
    graphs = {_graph(assets, file) for file in files}
    if None in graphs or any(file.suffix != ".ttl" for file in overlays):
        return None
    before = {name: ordered(triples) for name, triples in last.snapshot.graphs.items() if name != GRAPH_DERIVED}
    read = _read(assets, overlays, {name for name in graphs if name} | {GRAPH_CATALOGUE})
    before[GRAPH_CATALOGUE] = ordered(read.graphs[GRAPH_CATALOGUE])  # what the build added to it is made anew
    after = {name: triples for name, triples in before.items() if name not in graphs}
    after.update((name, ordered(triples)) for name, triples in read.graphs.items())
    sources = {**last.snapshot.sources, **read.sources}
    whole = Snapshot(before, read.prefixes, sources), Snapshot(after, read.prefixes, sources)
    if (cut := cut_down(*whole)) is None:
        return None
    told = tuple(sorted(file.as_posix() for file in files))
    looked_at, of_all = (sum(name.startswith(_OF_SOURCES) for name in each.graphs) for each in (cut[1], whole[1]))
    return Recheck(compared(assets, last.report, *cut, overlays), told, looked_at, of_all)


def _changed_files(assets: Assets, last: LastBuild, overlays: Iterable[Path]) -> set[Path]:
    """Name the files of which a whole check would read something else than the last build did; code and all."""
    now = inputs_of(assets)
    names = {name for name in now.keys() | last.inputs.keys() if now.get(name) != last.inputs.get(name)}
    found = {Path(name) for name in names if not name.startswith("data/") or name.endswith(".ttl")}
    for overlay in overlays:
        target = overlay_target(assets, overlay)
        found.add(Path(assets.name(target)) if target else Path("data", "sources", overlay.stem, "source.ttl"))
    return found


def _graph(assets: Assets, file: Path) -> str | None:
    """Return the graph of a file of data on things; None for any other."""
    name = graph_of(assets, assets.root / file) if file.parts[0] == "data" else None
    return name if name and name.startswith((*_OF_SOURCES, GRAPH_REFERENCE, GRAPH_VOCAB)) else None


def _read(assets: Assets, overlays: Collection[Path], graphs: Set[str]) -> Snapshot:
    """Read the files of some graphs, and no others."""
    files = {path for path, _, graph in plan(assets, overlays) if (graph or GRAPH_REFERENCE) in graphs}
    return load(assets, overlays, without=lambda path: path not in files)


# --- what a change can touch ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Named:
    """What one graph of a source says something of, what it names, and the values by which its things may meet."""

    subjects: frozenset[bytes]
    objects: frozenset[bytes]
    values: frozenset[tuple[bytes, bytes]]

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> "_Named":
        subjects, objects, values = set[bytes](), set[bytes](), set[tuple[bytes, bytes]]()
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            subjects.add(subject)
            if rest.startswith(_OURS):
                objects.add(rest[:-2])
            if predicate in _COMPARED:
                values.add((predicate, rest))
        return cls(frozenset(subjects), frozenset(objects), frozenset(values))


def cut_down(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot] | None:
    """Leave out of both the graphs of sources that their difference cannot touch; None where too much is left."""
    old, new = ({name: ordered(ts) for name, ts in each.graphs.items()} for each in (before, after))
    taken = _touched(old, new)
    if taken is None:
        return None
    cut = [
        replace(each, graphs={k: v for k, v in graphs.items() if k in taken or not k.startswith(_OF_SOURCES)})
        for each, graphs in ((before, old), (after, new))
    ]
    return (cut[0], cut[1]) if cut[1].size <= _AT_MOST * after.size else None


def _touched(before: Graphs, after: Graphs) -> set[str] | None:
    """List the graphs of sources that changed, or that what changed can touch; None where nobody can say.

    A graph is touched that says something of a thing that changed, names it, or is about what one so touched is
    about. Through what all sources share, such as an organisation, nothing is touched that does not itself change.
    """
    lines: list[bytes] = []
    changed = {name for name in before.keys() | after.keys() if before.get(name) is not after.get(name)}
    for name in changed - {GRAPH_CATALOGUE}:
        lines += set(before.get(name, Triples()).lines()) ^ set(after.get(name, Triples()).lines())
    if any(line.startswith(b"_") or b" _:" in line for line in lines):
        return None
    difference = _Named.of(lines)
    shared = {
        b"<" + subject.encode() + b">"
        for graphs in (before, after)
        for name, triples in graphs.items()
        if not name.startswith(_OF_SOURCES)
        for subject in triples.subjects()
    }
    graphs_once = {**after, **before}  # what only the graph after a change says is in the difference
    sources = {name: _Named.of(ts.lines()) for name, ts in graphs_once.items() if name.startswith(_OF_SOURCES)}
    reached = difference.subjects | (difference.objects - shared)
    taken = {name for name in changed if name in sources}
    taken |= {name for name, named in sources.items() if named.values & difference.values}
    fresh = taken
    while True:
        for name in fresh:
            reached |= (sources[name].subjects | sources[name].objects) - shared
        rest = sources.keys() - taken
        fresh = {n for n in rest if not (sources[n].subjects | sources[n].objects).isdisjoint(reached)}
        if not fresh:
            return taken
        taken |= fresh


# --- the difference ------------------------------------------------------------------------------


def compared(assets: Assets, last: Report, old: Snapshot, new: Snapshot, overlays: tuple[Path, ...]) -> Report:
    """Return the last report with what the new graph breaks and the old one did not, less what it breaks no more."""
    accepted = undeclared(old.store(), old.prefixes)
    work = partial(_findings, new, assets, overlays, accepted), partial(_findings, old, assets, (), accepted)
    has_room = new.size + old.size <= _TOGETHER
    now, then = side_by_side(*work) if has_room else tuple(each() for each in work)
    return difference(last, then, now)


Findings = Mapping[tuple[str, ...], Finding]
"""Findings by rule, thing, property and value."""


def difference(last: Report, then: Findings, now: Findings) -> Report:
    """Return the last report with what is found now and was not then, less what was found then and is not now.

    What is found both times stays as it was told of the whole, but for a label and for files that changed.
    """
    found = {key: each for key, each in now.items() if key not in then}
    for each in last.findings:
        key = _key(each)
        if key not in then:
            found.setdefault(key, each)
        elif key in now:
            files = {*each.files} - {*then[key].files} | {*now[key].files}
            label = each.label if now[key].label == then[key].label else now[key].label
            found[key] = replace(each, label=label, files=tuple(sorted(files)))
    return Report.of(found.values())


def _findings(
    snapshot: Snapshot, assets: Assets, overlays: tuple[Path, ...], accepted: Set[str]
) -> dict[tuple[str, ...], Finding]:
    whole, store = complete(snapshot, assets, overlays, accepted)
    return {_key(found): found for found in report(whole, assets, findings(whole, assets, store)).findings}


def _key(found: Finding) -> tuple[str, ...]:
    return found.rule, found.focus, found.path, found.value
