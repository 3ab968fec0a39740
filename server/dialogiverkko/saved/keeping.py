"""Keeps what people ask first, asked of the whole graph once, while it is built."""

import io
import json
import math
import sys
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

from pyoxigraph import Store

from dialogiverkko.engines.embedded import EmbeddedBackend
from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.beside import in_threads
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.memory import give_back
from dialogiverkko.namespaces import ID, LANGUAGES, RDF_TYPE
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.answers import Answer, Release, SavedQueries
from dialogiverkko.saved.catalogue import Catalogue, NamedQuery
from dialogiverkko.saved.kept import FILE, FIRST_ROWS, FIRST_TRIPLES, name_of
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.inspection import names, names_of, says
from dialogiverkko.sparql.query import Limits, Page
from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import TreeNode, leaves, text_of, tree, walk

_LEAST = 200_000
"""Triples from which on the first page of an answer may take its time."""
_OF_ADDRESSES = (Parameter("source", ParameterType.IRI, ID + "doc/", choices_query="sources"),)
"""What addresses of the network have beside what saved queries have."""
_EVERYTHING = Limits(math.inf, sys.maxsize, sys.maxsize, sys.maxsize)


class Asking:
    """Asks a graph while it is built, and keeps what it answered with the build.

    All choices are asked for, in each language, and of a large graph the first page of each query, but of one that may
    match anything in named graphs: these would take as much memory as the default graph.
    """

    def __init__(self, assets: Assets) -> None:
        """``assets`` hold the queries."""
        self._assets = assets
        self._content = b""

    def ask(self, snapshot: Snapshot, store: Store) -> None:
        """Ask the store of the default graph of a snapshot, to which is added what queries name within GRAPH."""
        questions = catalogue.load(self._assets.root / "queries")
        over = partial(_saved_over, questions, snapshot, store)
        asked = list(questions.queries.values() if snapshot.size >= _LEAST else ())
        of_graphs = [query for query in asked if says(query.body, "GRAPH")]
        of_merge = [query for query in asked if query not in of_graphs]
        saved = over()
        found = in_threads([partial(_lists, saved, parameter) for parameter in _with_choices(saved)])
        saved = over()  # the lists go with what held them
        give_back()
        # whose answer is drawn as a network has a row for each pair in it, which takes a gibibyte in a large graph
        alone = [query for query in of_merge if query.is_graph or query.view == "graph"]
        found += in_threads([partial(_first_pages, saved, query) for query in of_merge if query not in alone])
        found += [_first_pages(saved, query) for query in alone]
        named = {query.name: iris for query in of_graphs if (iris := named_in_graphs(query.body))}
        if named:
            snapshot.add_named(store, frozenset(chain.from_iterable(named.values())), of_all_classes=False)
        found += in_threads([partial(_first_pages, saved, questions.get(name)) for name in named])
        self._content = _packed(found)

    def keep(self, snapshot: Snapshot, folder: Path) -> None:
        """Write the file that `Kept` reads; a graph that was built before is asked first."""
        if not self._content:
            store = Store()
            snapshot.add_merge(store)
            self.ask(snapshot, store)
        (folder / FILE).write_bytes(self._content)


def _saved_over(questions: Catalogue, snapshot: Snapshot, store: Store) -> SavedQueries:
    """Make the saved queries over a store, without limits; the lists of choices that they read go with them."""
    return SavedQueries(questions, EmbeddedBackend(store, snapshot.prefixes), _EVERYTHING, Release("", ""))


def named_in_graphs(text: str) -> frozenset[str]:
    """Return the IRIs that a query names within GRAPH, of which triples suffice for it; none where others may match."""
    nodes = walk(tree(text))
    blocks = [node for node in nodes if node.name == "GraphGraph"]
    said = text_of(*(node for node in nodes if node.name == "Prologue"), *blocks)
    if RDF_TYPE in dict(names(said)) or any(map(_may_match_others, blocks)):
        return frozenset()
    return names_of([said])


def _may_match_others(block: TreeNode) -> bool:
    """Return whether a part of a query may match triples of a predicate, or of a class, that it does not name."""
    tokens = [leaf for leaf in leaves(block) if isinstance(leaf, Token)]
    if any(verb.type == "a" and word.type not in ("IRIREF", "PNAME_LN") for verb, word in pairwise(tokens)):
        return True
    return any(
        node.name == "PathNegatedPropertySet"
        or (node.name == "VerbPath" and node.has("VAR"))
        or (node.name == "PathElt" and len(node.children) > 1)  # ?, * and +, of which two have no step at all
        for node in walk(block)
    )


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
    give_back()  # what it took, which is most of what is taken here
    return found


def _first_page(answer: Answer) -> dict[str, object]:
    if answer.query.is_graph:
        return {"total": answer.total, "triples": answer.triples.decode() if answer.total <= FIRST_TRIPLES else ""}
    return {"total": answer.total, "rows": answer.rows}


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
