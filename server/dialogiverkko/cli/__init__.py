"""The command ``dialogiverkko``: parse arguments, call one function, give an exit code.

0 is good, 1 means that the answer is bad, 2 wrong use.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from importlib.metadata import version

from dialogiverkko.cli import graph as cli_graph
from dialogiverkko.cli import queries as cli_queries
from dialogiverkko.cli import release as cli_release
from dialogiverkko.cli import serve as cli_serve
from dialogiverkko.cli import source as cli_source
from dialogiverkko.cli import tables as cli_tables
from dialogiverkko.cli import upkeep as cli_upkeep
from dialogiverkko.errors import BadParameterError, DialogiverkkoError, UsageError


def parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    top = argparse.ArgumentParser(prog="dialogiverkko", description="A knowledge graph of Finland's public dialogues.")
    top.add_argument("--version", action="version", version=version("dialogiverkko"))
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (cli_graph, cli_source, cli_tables, cli_upkeep, cli_release, cli_serve, cli_queries):
        module.register(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show is written by its number
    top = parser()
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
