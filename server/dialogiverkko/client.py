"""Ask the saved queries of any address that holds the graph, from Python.

    from dialogiverkko.client import Client

    client = Client("http://127.0.0.1:8000/")
    client.frame("collaboration-links", strength="joint-organisation", language="en")

The address is that of a Dialogiverkko server, or of any SPARQL 1.1 endpoint with the graph in it. The
questions are those that came with this package; SPARQLWrapper carries them.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import networkx as nx
import rdflib

from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.errors import BackendUnavailableError, QueryEvaluationError, UsageError
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.media import N_TRIPLES, RESULTS_JSON
from dialogiverkko.namespaces import XSD
from dialogiverkko.network import exports
from dialogiverkko.network.links import Network, load
from dialogiverkko.saved.answers import Answer, Binding, Release, SavedQueries
from dialogiverkko.saved.catalogue import Catalogue
from dialogiverkko.saved.catalogue import load as load_catalogue
from dialogiverkko.search import asked as asking
from dialogiverkko.search.asked import AT_ONCE
from dialogiverkko.search.finding import Hit, Search
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, QueryKind
from dialogiverkko.spelling import cut, nearest

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped] # pandas ships no types

Scalar = str | int | float | bool | date
Row = dict[str, Scalar | None]
Given = str | int | date | list[str]

_READERS: Mapping[str, Callable[[str], Scalar]] = {
    XSD + "integer": int,
    XSD + "decimal": float,
    XSD + "double": float,
    XSD + "boolean": lambda text: text in {"true", "1"},
    XSD + "date": date.fromisoformat,
}
_RELEASE = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
SELECT ?version WHERE { ?dataset a dcat:Dataset ; dcat:version ?version } ORDER BY ?version
"""


class Client:
    """The saved queries of one address. Parameters are keyword arguments; ``from_`` stands for ``from``."""

    def __init__(self, address: str, *, queries: Path | None = None, seconds: float = 30.0) -> None:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise UsageError(f"'{cut(address, 80)}' is no address: it must begin with http:// or https://.")
        self.address = address
        limits = Limits(seconds, 0, 1_000_000, 268_435_456)
        catalogue = load_catalogue(queries or find_assets().root / "queries")
        try:
            backend = RemoteBackend.connect(RemoteSetup(endpoint(address)))
            unknown = SavedQueries(catalogue, backend, limits, Release("", ""))
            self._saved = SavedQueries(catalogue, backend, limits, _release(address, unknown))
        except (BackendUnavailableError, QueryEvaluationError) as error:
            raise BackendUnavailableError(
                f"Nothing answers SPARQL at {endpoint(address)[:120]}. Give the address of a server of ours, or of a "
                f"SPARQL 1.1 endpoint. ({error.message})"
            ) from error

    @property
    def catalogue(self) -> Catalogue:
        """The questions that can be asked."""
        return self._saved.catalogue

    @property
    def release(self) -> Release:
        """Version and digest of the graph that answers; empty where the graph does not tell."""
        return self._saved.release

    def answer(self, name: str, **given: Given) -> Answer:
        """Ask a saved query; the answer holds rows, citation and permanent address."""
        return self._saved.ask(name, _pairs(given))

    def rows(self, name: str, **given: Given) -> list[Row]:
        """Ask a saved query; numbers, days and truth values come as Python's own, IRIs and texts as str."""
        answer = _table(self.answer(name, **given))
        return [_row(answer.query.columns, row) for row in answer.rows]

    def frame(self, name: str, **given: Given) -> "pd.DataFrame":
        """Ask a saved query and get a DataFrame (needs the extra pandas)."""
        try:
            import pandas as pd
        except ModuleNotFoundError as error:
            raise UsageError("A frame needs the extra pandas: pip install 'dialogiverkko[pandas]'.") from error
        answer = _table(self.answer(name, **given))
        rows = [_row(answer.query.columns, row) for row in answer.rows]
        frame = pd.DataFrame(rows, columns=list(answer.query.columns))
        frame.attrs.update(citation=answer.citation(), address=answer.permanent)
        return frame

    def rdf(self, name: str, **given: Given) -> rdflib.Graph:
        """Ask a saved query whose answer is a graph."""
        answer = self.answer(name, **given)
        if not answer.query.is_graph:
            raise UsageError(f"'{name}' answers with a table: ask it with rows() or frame().")
        return rdflib.Graph().parse(data=answer.triples, format="nt")

    def graph(self, name: str, source: str, target: str, **given: Given) -> "nx.MultiGraph[str]":
        """Ask a saved query and make a graph of two of its columns; the other columns lie on the edges."""
        graph: nx.MultiGraph[str] = nx.MultiGraph()
        answer = _table(self.answer(name, **given))
        source, target = _column(answer, source), _column(answer, target)
        for row in (_row(answer.query.columns, each) for each in answer.rows):
            if row[source] is None or row[target] is None:
                continue  # a link with one end is no edge
            ends = row[source], row[target]
            for end, column in zip(ends, (source, target), strict=True):
                graph.add_node(str(end), label=row.get(f"{column}Label") or str(end))
            rest = {key: value for key, value in row.items() if key not in {source, target}}
            graph.add_edge(str(ends[0]), str(ends[1]), **rest)
        return graph

    def search(self, words: str, *, language: str = "fi", kind: str = "", limit: int = AT_ONCE) -> list[Hit]:
        """Find things, concepts, questions and quotations by words in any form, the best first."""
        asked = asking.read_search([("q", words), ("lang", language), ("kind", kind), ("limit", str(limit))])
        found = self._index.find(asked.words, asked.language, asked.kind)
        return list(found.hits[: asked.limit])

    @cached_property
    def _index(self) -> Search:
        return asking.of_saved(self._saved)

    def collaboration(self) -> Network:
        """Read the collaboration network, with the evidence of every link."""
        return load(self._saved)

    def collaboration_graph(self, language: str = "fi") -> "nx.MultiGraph[str]":
        """Read the collaboration network as a networkx graph."""
        return exports.as_graph(self.collaboration(), language)

    def query(self, text: str) -> "list[Row] | bool | rdflib.Graph":
        """Ask a query of your own: rows of a SELECT, truth of an ASK, a graph of a CONSTRUCT or DESCRIBE."""
        kind = parse(text).kind
        if kind in (QueryKind.CONSTRUCT, QueryKind.DESCRIBE):
            return rdflib.Graph().parse(data=self._saved.run(text, N_TRIPLES).body, format="nt")
        document = json.loads(self._saved.run(text, RESULTS_JSON).body)
        if kind is QueryKind.ASK:
            return bool(document["boolean"])
        return [_row(document["head"]["vars"], row) for row in document["results"]["bindings"]]


def _table(answer: Answer) -> Answer:
    """Return an answer that is a table; raises UsageError for one that is a graph."""
    if answer.query.is_graph:
        raise UsageError(f"'{answer.query.name}' answers with a graph of statements: ask it with rdf().")
    return answer


def _column(answer: Answer, name: str) -> str:
    """Return a column's name; raises UsageError that tells which there are."""
    if name not in answer.query.columns:
        near = nearest(name, list(answer.query.columns))
        hint = f" The nearest is '{near}'." if near else ""
        raise UsageError(f"There is no column '{name}'. There are {', '.join(answer.query.columns)}.{hint}")
    return name


def endpoint(address: str) -> str:
    """Return the SPARQL endpoint of an address: ``/sparql`` of a server, else the address itself."""
    return address.rstrip("/") + "/sparql" if urlsplit(address).path in {"", "/"} else address


def _release(address: str, saved: SavedQueries) -> Release:
    """Ask which graph answers: a server of ours by its list of queries, any other by SPARQL."""
    if endpoint(address) != address:
        try:
            with urlopen(f"{address.rstrip('/')}/queries.json", timeout=30) as response:  # noqa: S310
                told = json.load(response)
            return Release(str(told["version"]), str(told["digest"]))
        except (OSError, ValueError, KeyError):
            pass  # a server that does not tell may still answer by SPARQL
    found: list[Binding] = json.loads(saved.run(_RELEASE, RESULTS_JSON).body)["results"]["bindings"]
    return Release(found[0]["version"]["value"], "") if found else Release("", "")


def _pairs(given: Mapping[str, Given]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in given.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name.removesuffix("_"), str(item)) for item in values]
    return pairs


def _row(columns: Any, row: Binding) -> Row:  # Any: a list or tuple of names
    return {column: _scalar(row[column]) if column in row else None for column in columns}


def _scalar(binding: dict[str, str]) -> Scalar:
    reader = _READERS.get(binding.get("datatype", ""), str)
    try:
        return reader(binding["value"])
    except ValueError:
        return binding["value"]
