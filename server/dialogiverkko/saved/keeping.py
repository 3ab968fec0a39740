"""Keeps what people ask first, asked of the whole graph once, while it is built."""

import io
import json
import math
import sys
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import Store

from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.beside import in_threads
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import ID, LANGUAGES
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.answers import Answer, Release, SavedQueries
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.saved.kept import FILE, FIRST_ROWS, FIRST_TRIPLES, name_of
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.inspection import says
from dialogiverkko.sparql.query import Limits, Page

_LEAST, _MOST = 200_000, 8_000_000
"""Triples from which on the first page of an answer may take its time, and beyond which a build asks for none."""
_OF_ADDRESSES = (Parameter("source", ParameterType.IRI, ID + "doc/", choices_query="sources"),)
"""What addresses of the network have beside what saved queries have."""
_EVERYTHING = Limits(math.inf, sys.maxsize, sys.maxsize, sys.maxsize)


class Asking:
    """Asks a graph while it is built, and keeps what it answered with the build.

    All choices are asked for, in each language, and of a large graph the first page of each query.
    """

    def __init__(self, assets: Assets) -> None:
        """``assets`` hold the queries."""
        self._assets = assets
        self._content = b""

    def ask(self, snapshot: Snapshot, store: Store) -> None:
        """Ask the store of the default graph of a snapshot, to which the named graphs are added."""
        questions = catalogue.load(self._assets.root / "queries")
        saved = SavedQueries(questions, EmbeddedBackend(store, snapshot.prefixes), _EVERYTHING, Release("", ""))
        asked = list(questions.queries.values() if _LEAST <= snapshot.size <= _MOST else ())
        of_graphs = [query for query in asked if says(query.body, "GRAPH")]
        pieces = [partial(_lists, saved, parameter) for parameter in _with_choices(saved)]
        pieces += [partial(_first_pages, saved, query) for query in asked if query not in of_graphs]
        found = in_threads(pieces)
        if of_graphs:
            snapshot.add_named(store)
        found += [_first_pages(saved, query) for query in of_graphs]
        self._content = _packed(found)

    def keep(self, snapshot: Snapshot, folder: Path) -> None:
        """Write the file that `Kept` reads; a graph that was built before is asked first."""
        if not self._content:
            store = Store()
            snapshot.add_merge(store)
            self.ask(snapshot, store)
        (folder / FILE).write_bytes(self._content)


def _packed(found: Iterable[Mapping[str, str]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in chain.from_iterable(each.items() for each in found):
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _with_choices(saved: SavedQueries) -> Iterable[Parameter]:
    """List the parameters whose choices a query tells, those of the same choices once."""
    of_queries = (each for query in saved.catalogue.public() for each in query.parameters if each.choices_query)
    of_addresses = (each for each in _OF_ADDRESSES if each.choices_query in saved.catalogue.queries)
    return {(each.choices_query, each.base): each for each in chain(of_queries, of_addresses)}.values()


def _lists(saved: SavedQueries, parameter: Parameter) -> Mapping[str, str]:
    """Ask for the choices of a parameter, in each language."""
    found = {}
    for language in LANGUAGES:
        with suppress(DialogiverkkoError):  # told to whoever asks
            choices = [(str(each.term), each.label) for each in saved.choices(parameter, language)]
            found[name_of(parameter.choices_query, parameter.base, language)] = _written(choices)
    return found


def _first_pages(saved: SavedQueries, query: NamedQuery) -> Mapping[str, str]:
    """Answer a query with its defaults, in each language if it has them; one that needs a value is not asked."""
    has_languages = any(parameter.name == "language" for parameter in query.parameters)
    found = {}
    for language in LANGUAGES if has_languages else ("",):
        given = [("language", language)] if language else []
        with suppress(DialogiverkkoError):  # told to whoever asks
            answer = saved.ask(query.name, given, Page(0, FIRST_ROWS))
            found[name_of(answer.text)] = _written(_first_page(answer))
    return found


def _first_page(answer: Answer) -> dict[str, object]:
    if answer.query.is_graph:
        return {"total": answer.total, "triples": answer.triples.decode() if answer.total <= FIRST_TRIPLES else ""}
    return {"total": answer.total, "rows": answer.rows}


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
