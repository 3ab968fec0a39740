"""The command ``dialogiverkko``: parse arguments, call one function, give an exit code.

0 is good, 1 means that the answer is bad, 2 wrong use.
"""

import argparse
import gc
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from dialogiverkko.errors import BadParameterError, DialogiverkkoError, UsageError

_MODULES = ("graph", "source", "tables", "upkeep", "release", "serve", "queries")
_HOMES = {"serve": "serve", "source": "source"} | dict.fromkeys(("build", "check", "evidence", "passage"), "graph")
"""The modules of commands that are waited for: they do without what the others import."""

_WAITED_FOR = ("check", "serve")
"""Commands whose start nobody wants to wait for; a server looks for what refers to itself once it has begun."""


def parser(command: str = "") -> argparse.ArgumentParser:
    """Make the parser of all commands, or of those that lie in the module of one."""
    top = argparse.ArgumentParser(prog="dialogiverkko", description="A knowledge graph of Finland's public dialogues.")
    top.add_argument("--version", action="version", version=version("dialogiverkko"))
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in (_HOMES[command],) if command in _HOMES else _MODULES:
        import_module(f"dialogiverkko.cli.{name}").register(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show is written by its number
    given = sys.argv[1:] if argv is None else argv
    if argv is None and next(iter(given), "") in _WAITED_FOR:
        gc.disable()  # looking for what refers to itself takes a tenth of a start, which makes little of it
    top = parser(next(iter(given), ""))
    arguments, unknown = top.parse_known_args(argv)
    takes_unknown = getattr(arguments, "takes_unknown", False)
    if unknown and not takes_unknown:
        top.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        return int(arguments.run(arguments, unknown) if takes_unknown else arguments.run(arguments))
    except (UsageError, BadParameterError) as error:
        print(f"dialogiverkko: {error.message}", file=sys.stderr)
        return 2
    except DialogiverkkoError as error:
        print(f"dialogiverkko: {error.message}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
