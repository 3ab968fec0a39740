"""The commands of a curator: ``dialogiverkko source add``, ``compile``, ``rebase`` and so on."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import load, of_other_sources
from dialogiverkko.graph.source import evidence
from dialogiverkko.graph.source.decompiling import Decompiler
from dialogiverkko.graph.source.desk import Desk
from dialogiverkko.graph.source.emitting import emit
from dialogiverkko.graph.source.marks import read_reading
from dialogiverkko.graph.source.namebook import Namebook
from dialogiverkko.graph.source.outcomes import told_outcomes
from dialogiverkko.graph.source.reading import Reading
from dialogiverkko.graph.source.rebasing import Rebaser, with_version
from dialogiverkko.graph.source.skeleton import organisations, skeleton
from dialogiverkko.graph.source.standing import standing
from dialogiverkko.graph.source.text import SourceText
from dialogiverkko.graph.source.workflow import (
    READING,
    compile_sources,
    held_text,
    reading_path,
    slugs,
)
from dialogiverkko.namespaces import ID
from dialogiverkko.settings import read_settings

_UNASKED = ("doc",)
"""Kinds of names that no key of a reading asks for."""

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so


def register(subparsers: "Subparsers") -> None:
    """Add the commands to a parser; each leaves a function in ``run``."""
    source = subparsers.add_parser("source", help="read a source into the graph: add, read, compile, rebase, status")
    parts = source.add_subparsers(dest="part", required=True, metavar="PART")
    add = parts.add_parser("add", help="take a text, page or document, and write the draft of its reading")
    add.add_argument("file", type=Path, metavar="FILE", help="a .txt, .html or .docx file")
    add.add_argument("--slug", required=True, help="name of the source, such as kunnat-2021")
    add.add_argument("--page", default="", help="address of the page")
    add.add_argument("--reference-date", default="", metavar="DAY", help="the day that is the source's now")
    add.add_argument("--retrieved", default="", metavar="DAY", help="the day on which it was seen")
    add.add_argument("--kind", default="listing", help="listing, web-page, report, table or statement")
    add.add_argument("--language", default="fi", help="language of the text")
    add.set_defaults(run=run_add)
    compile_ = parts.add_parser("compile", help="compile readings; files change only where nothing is wrong")
    compile_.add_argument("slugs", nargs="*", metavar="SLUG", help="all of them where none is named")
    compile_.add_argument("--text", type=Path, metavar="TEXT", help="the text, where it is not in the folder of texts")
    compile_.add_argument("--check", action="store_true", help="write nothing; exit code 1 where something is wrong")
    compile_.set_defaults(run=run_compile)
    rebase = parts.add_parser("rebase", help="move a reading to an edited text")
    rebase.add_argument("slug", metavar="SLUG")
    rebase.add_argument("file", type=Path, metavar="NEWTEXT", help="a .txt, .html or .docx file")
    rebase.add_argument("--text", type=Path, metavar="TEXT", help="the old text, where it is not in the folder")
    rebase.add_argument("--retrieved", default="", metavar="DAY", help="the day on which the new one was seen")
    rebase.set_defaults(run=run_rebase)
    read = parts.add_parser("read", help="open a page, for this machine only: the text beside its reading")
    read.add_argument("slug", metavar="SLUG")
    read.add_argument("--text", type=Path, metavar="TEXT", help="the text, where it is not in the folder of texts")
    read.add_argument("--port", type=int, default=0, help="port of the page; a free one where none is named")
    read.set_defaults(run=run_read)
    names = parts.add_parser("names", help="list the names that a reading may use, by what they are called")
    names.add_argument("words", nargs="*", metavar="WORD", help="words of a name in any language, or a kind: theme")
    names.set_defaults(run=run_names)
    parts.add_parser("status", help="tell where each source stands").set_defaults(run=run_status)
    parts.add_parser("schema", help="print the JSON Schema of a reading, for editors").set_defaults(run=run_schema)
    back = parts.add_parser("decompile", help="print the reading that a compiled source would come from")
    back.add_argument("slug", metavar="SLUG")
    back.add_argument("--text", type=Path, metavar="TEXT")
    back.set_defaults(run=run_decompile)


def _texts(*, required: bool) -> Path | None:
    folder = read_settings().source_texts
    if folder is None and required:
        raise UsageError(
            "Name a folder outside the repository for the texts of sources, such as "
            "export DIALOGIVERKKO_SOURCE_TEXTS=$HOME/source-texts."
        )
    return folder


def run_add(arguments: argparse.Namespace) -> int:
    """Take a text and write the draft of its reading."""
    from dialogiverkko.graph.source.taking import (
        take,
    )  # its libraries are slow to load, and no other command needs them

    assets = find_assets(read_settings().assets)
    folder = _texts(required=True)
    path = assets.root / "data" / "sources" / arguments.slug / READING
    if path.exists():
        raise UsageError(f"{assets.name(path)} is there already; move it to a newer text with: source rebase")
    text, made = take(arguments.file)
    held = SourceText(text)
    known = organisations(load(assets))
    head = {
        "slug": arguments.slug,
        "kind": arguments.kind,
        "page": arguments.page,
        "reference-date": arguments.reference_date,
        "retrieved": arguments.retrieved,
        "language": arguments.language,
        "sha256": held.sha256,
        "text-made": made,
    }
    draft = skeleton(held, head, known)
    _, marked, problems = read_reading(draft)
    for problem in problems:
        print(f"line {marked.at(problem.path)[0]}: {problem.text()}", file=sys.stderr)
    if problems or folder is None:
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{arguments.slug}.txt").write_text(text, encoding="utf-8", newline="\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft, encoding="utf-8")
    print(f"written: {assets.name(path)} ({len(held.rows)} lines of the text to read)")
    print(f"the text is kept as {arguments.slug}.txt in the folder of texts")
    return 0


def run_compile(arguments: argparse.Namespace) -> int:
    """Compile readings and print what changes."""
    assets = find_assets(read_settings().assets)
    chosen = arguments.slugs or slugs(assets)
    folder = _texts(required=False)
    outcomes = compile_sources(assets, chosen, folder, arguments.text, write=not arguments.check)
    said, wrong = told_outcomes(outcomes)
    for line in wrong:
        print(line, file=sys.stderr)
    for line in said:
        print(line)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def run_rebase(arguments: argparse.Namespace) -> int:
    """Move a reading to an edited text, and print what is new, changed and gone."""
    from dialogiverkko.graph.source.taking import take  # as above

    assets = find_assets(read_settings().assets)
    folder = _texts(required=True)
    path = reading_path(assets, arguments.slug)
    before = path.read_text(encoding="utf-8")
    reading, _, problems = read_reading(before)
    if reading is None:
        raise UsageError("\n".join(problem.text() for problem in problems))
    old = held_text(reading, folder, arguments.text)
    if old is None:
        raise UsageError(f"{arguments.slug} was read from no text that is held.")
    text, _ = take(arguments.file)
    result = Rebaser(before, old, SourceText(text)).run()
    if result.problems:
        print("\n".join(result.problems), file=sys.stderr)
        return 1
    after = with_version(result.text, read_reading(result.text)[1], SourceText(text).sha256, arguments.retrieved)
    if folder is not None:
        (folder / f"{arguments.slug}.{old.sha256[:12]}.txt").write_text(old.text, encoding="utf-8", newline="\n")
        (folder / f"{arguments.slug}.txt").write_text(text, encoding="utf-8", newline="\n")
    path.write_text(after, encoding="utf-8")
    print(f"{result.found + len(result.changed)} of {result.total} quotations found ({result.share:.0f} %)")
    for was, now in result.changed:
        print(f"  changed: {was} is now {now}")
    for line, words in result.gone:
        print(f"  gone: {words} ({assets.name(path)}, line {line}): take it out, or write what says it now")
    for title, rows in (("new in the text", result.new_lines), ("gone from the text", result.gone_lines)):
        for row in rows:
            print(f"  {title}: «{row}»")
    print(f"next: dialogiverkko source compile {arguments.slug}")
    return 0


def run_read(arguments: argparse.Namespace) -> int:
    """Serve the page on which a source is read, until told to stop."""
    from dialogiverkko.web.desk.serving import serve_desk  # imports the web, which other commands do not need

    desk = Desk(find_assets(read_settings().assets), arguments.slug, _texts(required=False), arguments.text)
    serve_desk(desk, arguments.port, lambda line: print(line, flush=True))
    return 0


def run_names(arguments: argparse.Namespace) -> int:
    """List the names of the graph that hold words, each with its kind and what it is called."""
    rows = [r for r in Namebook.of(load(find_assets(read_settings().assets))).labelled() if r[0] not in _UNASKED]
    words = [word.casefold() for word in arguments.words]
    kinds = {row[0] for row in rows} & set(words)
    found = 0
    for row in rows:
        said = " ".join(row).casefold()
        if all(word in said for word in words) and (not kinds or row[0] in kinds):
            print(f"{row[0]}: {row[1]}" + (f"  {row[2]}" if row[2] else ""))
            found += 1
    if not found:
        print("Nothing is called so; declare it in the reading under  new:", file=sys.stderr)
    return 0 if found else 1


def run_status(_: argparse.Namespace) -> int:
    """Return where each source stands."""
    for each in standing(find_assets(read_settings().assets), _texts(required=False)):
        print(each.sentence())
    return 0


def run_schema(_: argparse.Namespace) -> int:
    """Print the JSON Schema of a reading."""
    print(schema(), end="")
    return 0


def schema() -> str:
    """Write the JSON Schema of a reading."""
    return json.dumps(Reading.model_json_schema(by_alias=True), ensure_ascii=False, indent=2) + "\n"


def run_decompile(arguments: argparse.Namespace) -> int:
    """Print the reading of a compiled source."""
    assets: Assets = find_assets(read_settings().assets)
    path = reading_path(assets, arguments.slug)
    reading, _, _ = read_reading(path.read_text(encoding="utf-8"))
    if reading is not None and not reading.source.sha256:
        raise UsageError(f"Of {arguments.slug} no text is held; its reading is {assets.name(path)} itself.")
    document = (reading.source.document or reading.source.slug) if reading else arguments.slug
    given = arguments.text or (Path(folder) / f"{arguments.slug}.txt" if (folder := _texts(required=True)) else None)
    text = SourceText(evidence.read_source(given)) if given else SourceText("")
    alone = load(assets, without=of_other_sources(assets, [arguments.slug]))
    mapping = Decompiler(alone, f"{ID}doc/{document}", text).reading(arguments.slug)
    print(emit(mapping), end="")
    return 0
