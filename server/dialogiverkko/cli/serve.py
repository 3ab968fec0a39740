"""The command ``serve``: the graph, built and checked, over HTTP."""

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from dialogiverkko.settings import read_settings, setting_rows, unknown_variables

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so


def register(subparsers: "Subparsers") -> None:
    """Add the command to a parser."""
    serve = subparsers.add_parser(
        "serve",
        help="build and check the graph, then serve it",
        epilog=settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="port to listen on")
    serve.add_argument("--backend", help="embedded, or the address of a SPARQL 1.1 query endpoint")
    serve.set_defaults(run=run_serve)


def settings_help() -> str:
    """Write every setting as two lines of help."""
    lines = ["settings, read from the environment once at the start:"]
    for name, default, meaning in setting_rows():
        lines += [f"  {name}", f"      {meaning}" + (f" (default: {default})" if default else "")]
    return "\n".join(lines).replace("%", "%%")


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from dialogiverkko import loading

    names = ("host", "port", "backend")
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    settings = read_settings(**given)
    for told in unknown_variables():
        print(told, file=sys.stderr)
    begun = loading.open_graph(settings, partial(print, file=sys.stderr))
    print(f"{len(begun.snapshot.merged)} triples, digest {begun.snapshot.digest}", file=sys.stderr)
    from dialogiverkko import serving  # imports the web, while the engine is loaded

    return serving.serve(settings, begun)
