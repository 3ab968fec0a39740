"""The commands that keep files in form: fmt, rules."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dialogiverkko.graph import context, turtle
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.validation import rules
from dialogiverkko.settings import read_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so


def register(subparsers: "Subparsers") -> None:
    """Add the commands to a parser; each leaves a function in ``run``."""
    fmt = subparsers.add_parser("fmt", help="put Turtle files into the canonical form, and write what is made of them")
    fmt.add_argument("files", nargs="*", type=Path, metavar="FILE", help="all of ours where none is named")
    fmt.add_argument("--check", action="store_true", help="only tell; exit code 1 where one is not")
    fmt.set_defaults(run=run_fmt)
    listed = subparsers.add_parser("rules", help="list the rules, and the number that a new one takes")
    listed.set_defaults(run=run_rules)


def run_fmt(arguments: argparse.Namespace) -> int:
    """Format files and write those that are made of others, or list which are not in form."""
    assets = find_assets(read_settings().assets)
    files = arguments.files or list(turtle.turtle_files(assets))
    changed = [f for f in files if not turtle.format_file(f, assets, check=arguments.check)]
    if not arguments.files:
        changed += [f for f, text in made(assets).items() if not _agrees(f, text, check=arguments.check)]
    for file in changed:
        print(f"{'not in form' if arguments.check else 'written'}: {assets.name(file)}")
    if arguments.check and changed:
        print("Mend with: dialogiverkko fmt", file=sys.stderr)
    return 1 if arguments.check and changed else 0


def run_rules(arguments: argparse.Namespace) -> int:
    """Print the table of rules and the next free number."""
    del arguments
    assets = find_assets(read_settings().assets)
    print(rules.table(assets))
    for rule, reason in sorted(rules.slow(assets).items()):
        print(f"Slow: {rule} says {reason}, which has no translation to SPARQL; pySHACL looks at every node of it.")
    print(f"The next rule is {rules.next_rule(assets)}.")
    return 0


def made(assets: Assets) -> dict[Path, str]:
    """Return the kept files that are made of others, with what they must hold."""
    return {
        assets.root / "ontology" / "context.jsonld": context.written(assets),
        assets.root / "shapes" / "RULES.md": rules.table(assets),
    }


def _agrees(file: Path, text: str, *, check: bool) -> bool:
    """Return whether a file holds a text; where it does not, write it unless only looking."""
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return True
    if not check:
        turtle.replace(file, text)
    return False
