"""The commands on tables that people keep: check lists every fault, import takes all or nothing."""

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dialogiverkko.cli.queries import language_of_reader
from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load
from dialogiverkko.graph.tables import annotated, folder, importing, matches, template
from dialogiverkko.graph.tables.known import Known
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.settings import read_settings
from dialogiverkko.web.fault_words import saying

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so


def register(subparsers: "Subparsers") -> None:
    """Add the commands to a parser; each leaves a function in ``run``."""
    table = subparsers.add_parser("table", help="check and import tables that people keep (CSV, XLSX)")
    commands = table.add_subparsers(dest="table_command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="tell every fault of the tables; exit code 1 where there is one")
    check.add_argument("folder", type=Path, help="folder with map.yaml and its tables, or the map itself")
    check.add_argument("file", type=Path, nargs="?", help="a table to check in the place of the map's own")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument(
        "--xlsx", type=Path, metavar="FILE", help="write the tables as a book with comments in the cells"
    )
    check.add_argument("--propose", type=Path, metavar="FILE", help="write rows for matches.csv, to be judged")
    _language(check)
    check.set_defaults(run=run_check)
    take = commands.add_parser("import", help="take the tables into the graph, all or nothing; tell what changes")
    take.add_argument("folder", type=Path, help="folder with map.yaml and its tables")
    take.add_argument("--dry-run", action="store_true", help="only tell what would change")
    _language(take)
    take.set_defaults(run=run_import)
    make = commands.add_parser("template", help="write the table that an owner of data fills (.xlsx or .csv)")
    make.add_argument("file", type=Path, help="the file, or with --slug the folder that also gets a map.yaml")
    make.add_argument("--lang", choices=LANGUAGES, default="fi")
    make.add_argument("--slug", help="make a folder to import: dialogues.xlsx and the map of a source of this name")
    make.set_defaults(run=run_template)


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--language", "--lang", choices=LANGUAGES, help="language of what is told; else that of the terminal"
    )


def run_template(arguments: argparse.Namespace) -> int:
    """Write the template, with lists of what the graph knows, and with a slug its map."""
    file: Path = arguments.file / "dialogues.xlsx" if arguments.slug else arguments.file
    if file.suffix not in (".xlsx", ".csv"):
        raise UsageError("The template is an .xlsx or a .csv.")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        raise UsageError(f"{file} is there already; nothing is overwritten.")
    known = Known.of(load(find_assets(read_settings().assets)))
    is_book = file.suffix == ".xlsx"
    file.write_bytes(template.as_book(known, arguments.lang) if is_book else template.as_csv(arguments.lang))
    print(f"written: {file}")
    if arguments.slug:
        today = datetime.now(tz=UTC).date().isoformat()
        (file.parent / "map.yaml").write_text(
            template.map_text(arguments.lang, arguments.slug, today), encoding="utf-8"
        )
        print(f"written: {file.parent / 'map.yaml'}")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Check the tables of a folder and print what is wrong."""
    if not arguments.folder.exists():
        raise UsageError(f"There is no folder {arguments.folder}.")
    opened = folder.open_folder(arguments.folder, arguments.file)
    snapshot = importing.known_without(find_assets(read_settings().assets), opened.plan.source.slug)
    language = arguments.language or language_of_reader()
    say = saying(language)
    checked = folder.check_folder(opened, snapshot, language)
    print(checked.faults.said(say).json() if arguments.format == "json" else checked.faults.text(say))
    if arguments.xlsx:
        sheets, known = opened.sheets, Known.of(snapshot)
        lists = partial(template.add_lists, sheets=list(sheets.values()), known=known)
        arguments.xlsx.write_bytes(annotated.annotate(list(sheets.items()), checked.faults.said(say), say, lists))
        print(f"written: {arguments.xlsx}", file=sys.stderr)
    if arguments.propose:
        arguments.propose.write_text(matches.proposals(checked.unmatched, checked.known), encoding="utf-8")
        print(f"written: {arguments.propose}", file=sys.stderr)
    return 0 if checked.faults.clean else 1


def run_import(arguments: argparse.Namespace) -> int:
    """Import the tables of a folder; exit code 1 where anything is wrong, and then nothing is changed."""
    if not arguments.folder.exists():
        raise UsageError(f"There is no folder {arguments.folder}.")
    assets = find_assets(read_settings().assets)
    language = arguments.language or language_of_reader()
    imported = importing.import_folder(assets, arguments.folder, write=not arguments.dry_run, language=language)
    print(imported.text(saying(language)))
    return 0 if imported.is_good else 1
