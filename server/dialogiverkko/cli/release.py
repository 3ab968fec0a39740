"""The command ``release``: a version of the graph that answers for ever."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dialogiverkko.cli.graph import DEFAULT_DUMPS
from dialogiverkko.errors import UsageError
from dialogiverkko.graph import releases
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.settings import read_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so


def register(subparsers: "Subparsers") -> None:
    """Add the command to a parser."""
    release = subparsers.add_parser("release", help="make a release: version, changelog, kept graph, dumps, citation")
    release.add_argument("version", nargs="?", metavar="VERSION", help="three numbers, such as 0.2.0; none: list all")
    release.add_argument(
        "--notes", action="append", default=[], metavar="LANGUAGE=TEXT", help="what it brought, in fi, sv and en"
    )
    release.add_argument(
        "--day", default="", metavar="YYYY-MM-DD", help="day of the release; today where none is given"
    )
    release.add_argument("--out", type=Path, default=DEFAULT_DUMPS, metavar="DIR", help="folder of the dumps")
    release.set_defaults(run=run_release)


def run_release(arguments: argparse.Namespace) -> int:
    """Make a release, or list those that there are."""
    assets = find_assets(read_settings().assets)
    if not arguments.version:
        for each in releases.read_releases(assets):
            print(f"{each.version}  {each.issued}  {each.digest}")
        return 0
    from dialogiverkko.saved import releasing  # builds graphs, which the list does not need

    plan = releasing.Plan(arguments.version, _day(arguments.day), _notes(arguments.notes))
    snapshot = releasing.release(assets, plan, arguments.out)
    print(f"released {plan.version} of {plan.day}, {len(snapshot.merged)} triples, digest {snapshot.digest}")
    print(
        f"Commit it, tag it v{plan.version}, and set the version of the next one in pyproject.toml and catalogue.ttl."
    )
    return 0


def _day(given: str) -> str:
    if not given:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.fromisoformat(given).date().isoformat()
    except ValueError as error:
        raise UsageError(f"'{given}' is no day: write it as 2026-11-24.") from error


def _notes(given: list[str]) -> dict[str, str]:
    pairs = [note.partition("=") for note in given]
    for language, sign, _ in pairs:
        if not sign or language not in LANGUAGES:
            raise UsageError(f"--notes is written {LANGUAGES[0]}=…, {LANGUAGES[1]}=… or {LANGUAGES[2]}=….")
    return {language: text.strip() for language, _, text in pairs}
