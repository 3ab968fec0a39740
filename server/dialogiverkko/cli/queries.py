"""The commands ``query``, ``network`` and ``mcp``: arguments in, text on standard output, exit code out."""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dialogiverkko.errors import BadParameterError, UsageError
from dialogiverkko.front.opening import open_saved
from dialogiverkko.media import RESULTS_JSON, TURTLE
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.network import asked as asking
from dialogiverkko.network import chains, contexts, exports
from dialogiverkko.network.links import Network, load
from dialogiverkko.network.measures import centralities, communities, components
from dialogiverkko.saved import catalogue, expected
from dialogiverkko.saved.answers import Answer, Binding, SavedQueries, offered, page_of, serialise
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.catalogue import Catalogue, NamedQuery
from dialogiverkko.saved.parameters import ParameterType
from dialogiverkko.settings import read_settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import QueryKind

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse names its own type so


def register(subparsers: "Subparsers") -> None:
    """Add the three commands to a parser; each leaves a function in ``run``."""
    query = subparsers.add_parser("query", help="answer a saved query, or a file of your own")
    query.add_argument("name", nargs="?", help="a name of `query --list`, or a FILE.rq")
    query.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter")
    query.add_argument("--format", default="table", help="table, json, csv, tsv, xml, expected; ttl, nt, rdf, jsonld")
    query.add_argument("--lang", default="", help="language of labels and headings: fi, sv or en; else as the locale")
    query.add_argument("--limit", default="", help="rows at most")
    query.add_argument("--offset", default="", help="rows to leave out at the beginning")
    query.add_argument("--list", action="store_true", help="list the saved queries")
    query.add_argument("--times", action="store_true", help="print how long each query takes in the engine")
    query.set_defaults(run=run_query, takes_unknown=True)
    network = subparsers.add_parser("network", help="the collaboration network, or a chain within it")
    network.add_argument("organisations", nargs="*", help="one: its links; two: the chains between them")
    network.add_argument("--format", default="text", choices=["text", *_SUFFIXES])
    for parameter in asking.PARAMETERS:
        if parameter.name not in ("from", "to"):
            told = f"{parameter.label('en')}{': ' if parameter.choices else ''}{', '.join(parameter.choices)}"
            metavar = "DAY" if parameter.type is ParameterType.DATE else parameter.name.upper()
            network.add_argument(f"--{parameter.name}", action="append", default=[], metavar=metavar, help=told)
    network.set_defaults(run=run_network)
    mcp = subparsers.add_parser("mcp", help="serve the graph to an agent over standard input and output")
    mcp.set_defaults(run=run_mcp)


_SUFFIXES = tuple(media_type.suffix for media_type in exports.TYPES)


def run_query(arguments: argparse.Namespace, unknown: Sequence[str] = ()) -> int:
    """Answer a query; options that the parser does not know are parameters of the query."""
    arguments.lang = Asked([("lang", arguments.lang)], ("lang",)).language()
    with open_saved(read_settings()) as saved:
        if arguments.times:
            _write(times(saved))
        elif arguments.list or not arguments.name:
            _write(listing(saved.catalogue, arguments.lang or language_of_reader()))
        elif arguments.name.endswith(".rq"):
            _write_file(saved, Path(arguments.name), arguments, unknown)
        else:
            _write_answer(saved, arguments.name, arguments, unknown)
    return 0


def run_network(arguments: argparse.Namespace) -> int:
    """Write the network, the links of one organisation, or the chains between two."""
    if len(arguments.organisations) > 2:
        raise UsageError("Name one organisation for its links, or two for the chains between them.")
    names = [parameter.name for parameter in asking.PARAMETERS if parameter.name not in ("from", "to")]
    pairs = [(name, value) for name in names for value in getattr(arguments, name)]
    if empty := next((name for name, value in pairs if not value.strip()), ""):
        raise UsageError(f"--{empty} takes a value.")
    with open_saved(read_settings()) as saved:
        asked = asking.read_request(pairs, saved)
        network = asked.of(load(saved))
        wanted = [network.find(word) for word in arguments.organisations]
        if arguments.format != "text":
            if wanted:
                raise UsageError("A file holds the whole network: leave out the organisations, or --format.")
            media_type = next(item for item in exports.TYPES if item.suffix == arguments.format)
            body = exports.write_network(network, media_type, asked.language or LANGUAGES[0], part=asked.part)
            sys.stdout.buffer.write(body + b"\n")
            return 0
        _write("\n".join(_told(saved, network, wanted, asked.language or language_of_reader())))
    return 0


def run_mcp(arguments: argparse.Namespace) -> int:
    """Serve agents until the client leaves."""
    del arguments
    try:
        from dialogiverkko.mcp import serve
    except ModuleNotFoundError as error:
        raise UsageError(f"This needs the extra mcp ({error.name} is missing): dialogiverkko[mcp].") from error
    with open_saved(read_settings()) as saved:
        serve(saved)
    return 0


def given_of(arguments: argparse.Namespace, unknown: Sequence[str], query: NamedQuery) -> list[tuple[str, str]]:
    """Read ``--param name=value`` and ``--name value`` (or ``--name=value``) as parameters of a query."""
    given = []
    for pair in arguments.param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--param takes NAME=VALUE, not '{pair}'.")
        given.append((name, value))
    rest = list(unknown)
    while rest:
        option = rest.pop(0)
        if not option.startswith("--"):
            raise UsageError(f"'{option}' belongs to no option.")
        name, equals, value = option.removeprefix("--").partition("=")
        if not equals:
            if not rest:
                raise UsageError(f"--{name} takes a value.")
            value = rest.pop(0)
        given.append((name, value))
    names = [parameter.name for parameter in query.parameters]
    if arguments.lang and "language" in names and "language" not in [name for name, _ in given]:
        given.append(("language", arguments.lang))
    return given


def _write_answer(saved: SavedQueries, name: str, arguments: argparse.Namespace, unknown: Sequence[str]) -> None:
    query = saved.catalogue.get(name)
    page = page_of(arguments.limit, arguments.offset)
    given = given_of(arguments, unknown, query)
    names = [parameter.name for parameter in query.parameters]
    if arguments.format == "table" and "language" in names and "language" not in [each for each, _ in given]:
        given.append(("language", language_of_reader()))
    answer = saved.ask(name, given, page)
    if arguments.format == "table":
        _write(as_text(answer, answer.language if "language" in names else arguments.lang or language_of_reader()))
        return
    if arguments.format == "expected":
        sys.stdout.write(expected.write_expected(answer))
        return
    by_suffix = {media_type.suffix: media_type for media_type in offered(query)}
    if arguments.format not in by_suffix:
        raise UsageError(f"--format takes table, {', '.join(by_suffix)} for this query.")
    sys.stdout.buffer.write(serialise(answer, by_suffix[arguments.format], saved.limits))


def _write_file(saved: SavedQueries, path: Path, arguments: argparse.Namespace, unknown: Sequence[str]) -> None:
    """Answer a file: one with a header as a saved query, one without as plain SPARQL."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path.name} is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02X}."
        ) from error
    if text.startswith("#+"):
        query = catalogue.read_query(text, f"{path.parent.name}/{path.name}")
        _write_answer(saved.with_query(query), query.name, arguments, unknown)
        return
    if unknown or arguments.param:
        raise UsageError("A file without a header has no parameters.")
    is_table = parse(text).kind in {QueryKind.SELECT, QueryKind.ASK}
    result = saved.run(text, RESULTS_JSON if is_table else TURTLE)
    sys.stdout.buffer.write(result.body + b"\n")


def language_of_reader() -> str:
    """Return the language of the terminal where it is one of ours, else Finnish: what a person reads is in it."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    code = locale.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else LANGUAGES[0]


def listing(queries: Catalogue, language: str) -> str:
    """Return the names and questions of the public queries."""
    width = max(len(query.name) for query in queries.public())
    return "\n".join(f"{query.name:<{width}}  {query.question[language]}" for query in queries.public())


def as_text(answer: Answer, language: str) -> str:
    """Return an answer as a table for a terminal, with what is needed to cite it below."""
    query = answer.query
    if query.is_graph:
        return answer.triples.decode()
    labelled = {column.removesuffix("Label") for column in query.columns if column.endswith("Label")}
    shown = [column for column in query.columns if column not in labelled]
    table = [[query.heading(column.removesuffix("Label"), language) for column in shown]]
    table += [[_cell(row, column) for column in shown] for row in answer.rows]
    widths = [max(len(line[index]) for line in table) for index in range(len(shown))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    part = f"{len(answer.rows)} / {answer.total}"
    return "\n".join([query.question.get(language, ""), "", *(line.rstrip() for line in lines), "", part,
                      answer.citation(language)])  # fmt: skip


def _cell(row: Binding, column: str) -> str:
    binding = row.get(column) or row.get(column.removesuffix("Label"))
    if binding is None:
        return ""
    value = binding["value"]
    return value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] if binding["type"] == "uri" else value


def times(saved: SavedQueries) -> str:
    """Time every public query with its defaults, three times each; milliseconds, the slowest first."""
    measured = []
    for query in saved.catalogue.public():
        runs = []
        for _ in range(3):
            fresh = saved.with_query(query)
            started = time.perf_counter()
            answer = fresh.ask(query.name)
            runs.append((answer.seconds or time.perf_counter() - started) * 1000)
        measured.append((statistics.median(runs), answer.total, query.name))
    lines = [f"{median:9.1f} ms  {rows:6d} rows  {name}" for median, rows, name in sorted(measured, reverse=True)]
    return "\n".join(lines)


def _told(saved: SavedQueries, network: Network, wanted: Sequence[str], language: str) -> list[str]:
    if len(wanted) == 2:
        return _chains(network, wanted[0], wanted[1], language)
    if wanted:
        links = network.of(wanted[0])
        return [chains.sentence(network, link, language, wanted[0]) for link in links]
    lines = [chains.sentence(network, link, language) for link in network.links]
    measures = {
        "centralities": [asdict(item) for item in centralities(network)],
        "components": components(network),
        "communities": communities(network),
        "knownOnlyByKind": [asdict(item) for item in contexts.unnamed(saved, language)],
    }
    return [*lines, "", json.dumps(measures, ensure_ascii=False, indent=1)]


def _chains(network: Network, start: str, goal: str, language: str) -> list[str]:
    if start == goal:
        raise BadParameterError("A chain has two different ends.", parameter="organisations")
    first = chains.chain_sentences(network, chains.shortest(network, start, goal), start, goal, language)
    second = chains.chain_sentences(network, chains.strongest(network, start, goal), start, goal, language)
    return first if first == second else [*first, "", *second]


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
