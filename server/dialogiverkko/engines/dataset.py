"""Decides what RDF dataset a query sees: the protocol's parameters, its own FROM, or the store's."""

import difflib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from dialogiverkko.sparql import rewording
from dialogiverkko.sparql.query import Dataset, ParsedQuery

_LONGEST: Final = 500
_NEAR: Final = 0.8


def effective_dataset(parsed: ParsedQuery, dataset: Dataset, known: AbstractSet[str]) -> Dataset:
    """Apply `SPARQL 1.1 Protocol, section 2.1.4 <https://www.w3.org/TR/sparql11-protocol/#dataset>`_.

    A dataset in the request wins over FROM and FROM NAMED in the query. Whichever of the two speaks
    describes the whole dataset: what it does not name is empty. So is a graph that is not ours, and
    nothing is ever fetched for it.
    """
    asked = dataset.default_graphs is not None or dataset.named_graphs is not None
    default = (dataset.default_graphs or ()) if asked else parsed.default_graphs
    named = (dataset.named_graphs or ()) if asked else parsed.named_graphs
    if not (asked or default or named):
        return Dataset()
    return Dataset(_known(default, known), _known(named, known))


def _known(graphs: Iterable[str], known: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in graphs if each in known))


def unknown_graphs(parsed: ParsedQuery, dataset: Dataset, known: AbstractSet[str]) -> tuple[str, ...]:
    """List the graphs that a query asks for and that are not ours, in its order."""
    asked = dataset.default_graphs is not None or dataset.named_graphs is not None
    default = (dataset.default_graphs or ()) if asked else parsed.default_graphs
    named = (dataset.named_graphs or ()) if asked else parsed.named_graphs
    return tuple(dict.fromkeys(each for each in (*default, *named) if each not in known))


def nearest_graph(graph: str, known: AbstractSet[str]) -> str:
    """Return the name of ours that is nearest to one that is not; empty where none is near."""
    return next(iter(difflib.get_close_matches(graph[:_LONGEST], sorted(known), n=1, cutoff=_NEAR)), "")


def for_oxigraph(parsed: ParsedQuery, effective: Dataset, known: AbstractSet[str]) -> ParsedQuery:
    """Reword a query so that Oxigraph answers it over this dataset as SPARQL 1.1 says."""
    if not parsed.suspects:
        return parsed
    named = effective.named_graphs
    return rewording.for_oxigraph(parsed, tuple(sorted(known)) if named is None else named)
