"""The commands on the graph itself: build, check, evidence, passage, describe."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, serialize

from dialogiverkko.errors import UsageError
from dialogiverkko.graph import disk, dumps, turtle
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.describe import checksums
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import read_file
from dialogiverkko.graph.source import evidence, evidence_map
from dialogiverkko.graph.source.curate import passage_turtle
from dialogiverkko.graph.validation import changed
from dialogiverkko.graph.validation.build import build_snapshot, examine
from dialogiverkko.graph.validation.report import Report
from dialogiverkko.namespaces import GRAPH_CATALOGUE
from dialogiverkko.saved import querygraph
from dialogiverkko.saved.opening import built_root, obtain
from dialogiverkko.settings import read_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so

_SOON_CHECKED = 200_000
"""Triples that are checked whole in some seconds."""
_FILES_SHOWN = 5
DEFAULT_DUMPS = Path("build/dumps")
DESCRIPTION_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


def register(subparsers: "Subparsers") -> None:
    """Add the commands to a parser; each leaves a function in ``run``."""
    build = subparsers.add_parser("build", help="read, derive and check the graph; write the dumps")
    build.add_argument("--out", type=Path, default=DEFAULT_DUMPS, metavar="DIR", help="folder of the dumps")
    build.set_defaults(run=run_build)
    check = subparsers.add_parser("check", help="run shapes and checks; exit code 1 on any Violation")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="Turtle or TriG laid over the graph")
    check.add_argument("--source", type=Path, metavar="TEXT", help="compare every passage with this text")
    check.add_argument("--whole", action="store_true", help="check all anew, not what changed since the last build")
    check.add_argument("--format", choices=("text", "json", "turtle"), default="text")
    check.add_argument("--lang", choices=("fi", "en"), default="en", help="language of the messages")
    check.set_defaults(run=run_check)
    show = subparsers.add_parser("evidence", help="write the evidence map of the source; print its coverage")
    show.add_argument("--source", type=Path, required=True, metavar="TEXT")
    show.add_argument("--out", type=Path, default=Path("build/evidence.html"), metavar="FILE")
    show.set_defaults(run=run_evidence)
    passage = subparsers.add_parser("passage", help="print the Turtle of a passage, for a curator to paste")
    passage.add_argument("phrase", help="the words, as they stand in the line")
    passage.add_argument("--source", type=Path, required=True, metavar="TEXT")
    passage.add_argument("--line", type=int, required=True, help="the line of the text, from 1")
    passage.add_argument("--nth", type=int, default=1, help="which occurrence in the line, from 1")
    passage.set_defaults(run=run_passage)
    describe = subparsers.add_parser("describe", help="print VoID and the DCAT-AP catalogue, with every number counted")
    describe.add_argument("--format", choices=tuple(DESCRIPTION_FORMATS), default="turtle")
    describe.set_defaults(run=run_describe)


def run_build(arguments: argparse.Namespace) -> int:
    """Build the graph or open what was built of the same files, write the dumps, print counts and digest."""
    from dialogiverkko.app import MAKERS  # brings the web, which other commands do without

    settings, say = read_settings(), partial(print, file=sys.stderr)
    snapshot, built = obtain(settings, MAKERS, say)
    if settings.store:
        disk.prepare(settings.store, snapshot, say)
    files = dumps.copy_dumps(built.folder, arguments.out) if built else dumps.write_dumps(snapshot, arguments.out)
    for name, count in snapshot.counts.items():
        print(f"{count:>8}  {name}")
    print(f"{len(snapshot.merged):>8}  triples in the default graph")
    for file in files:
        print(f"{file.size:>8}  bytes {arguments.out / file.name}")
    print(f"digest {snapshot.digest}")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Validate the graph, with given files in place of their namesakes, and print what breaks the rules."""
    for file in arguments.files:
        if not file.is_file():
            raise UsageError(f"There is no file {file}.")
        if not read_file(file, file.name):
            raise UsageError(f"{file.name} says nothing: it holds no statement to check.")
    report = None if arguments.whole or arguments.source else _report_of_changes(arguments.files)
    if report is None:
        snapshot, report = examine(find_assets(read_settings().assets), arguments.files, querygraph.from_assets)
        if arguments.source:
            text = evidence.read_source(arguments.source)
            report = Report.of([*report.findings, *evidence.compare(snapshot, text)])
    match arguments.format:
        case "json":
            print(report.json())
        case "turtle":
            print(report.turtle(), end="")
        case _:
            print(report.text(arguments.lang))
    return 0 if report.conforms else 1


def _report_of_changes(files: list[Path]) -> Report | None:
    """Check what changed since the last build, where that is sooner done than the whole; else None."""
    settings = read_settings()
    assets = find_assets(settings.assets)
    last = changed.LastBuild.read(built_root(settings, assets))
    if last is None or last.snapshot.size < _SOON_CHECKED:
        return None
    found = changed.recheck(assets, last, files)
    if found is not None:
        more = len(found.files) - _FILES_SHOWN
        shown = [*found.files[:_FILES_SHOWN], *([f"{more} more"] if more > 0 else [])]
        print(
            f"Checked: {', '.join(shown) or 'nothing'}, changed since the last build, "
            f"with {found.looked_at} of {found.of_all} graphs of sources. --whole checks all.",
            file=sys.stderr,
        )
    return found.report if found else None


def run_evidence(arguments: argparse.Namespace) -> int:
    """Write the evidence map; exit code 1 where a passage does not agree with the text."""
    snapshot, _ = build_snapshot(find_assets(read_settings().assets), queries=querygraph.from_assets)
    text = evidence.read_source(arguments.source)
    wrong = Report.of(evidence.compare(snapshot, text))
    if not wrong.conforms:
        print(wrong.text(), file=sys.stderr)
        return 1
    measured = evidence.coverage(snapshot, text)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    dumps.write_whole(arguments.out, evidence_map.render(snapshot, text).encode())
    for row in measured:
        share = f"{100 * row.fine / row.length:5.1f} % {100 * row.any / row.length:5.1f} %"
        print(f"line {row.line:>3}  {share if row.is_factual else '    not factual'}")
    fine, whole = evidence_map.total(measured)
    print(f"in all {100 * fine:.1f} % under phrases, {100 * whole:.1f} % under phrases or whole items")
    print(f"written: {arguments.out}")
    return 0


def run_passage(arguments: argparse.Namespace) -> int:
    """Print the Turtle of one passage."""
    assets = find_assets(read_settings().assets)
    text = evidence.read_source(arguments.source)
    print(passage_turtle(assets, text, arguments.line, arguments.phrase, arguments.nth), end="")
    return 0


def run_describe(arguments: argparse.Namespace) -> int:
    """Print what graph/catalogue says of the graph, and size and checksum of each dump."""
    snapshot, _ = build_snapshot(find_assets(read_settings().assets), queries=querygraph.from_assets)
    said = ordered([*snapshot.graphs[GRAPH_CATALOGUE], *checksums(dumps.dumps(snapshot))])
    body = serialize(said, format=DESCRIPTION_FORMATS[arguments.format]) or b""
    text = body.decode()
    print(turtle.canonical(text, snapshot.prefixes) if arguments.format == "turtle" else text, end="")
    return 0
