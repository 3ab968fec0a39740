"""Decides what RDF dataset a query sees: the protocol's parameters, its own FROM, or the store's."""

from collections.abc import Set as AbstractSet

from dialogiverkko.sparql import rewording
from dialogiverkko.sparql.query import Dataset, ParsedQuery


def effective_dataset(parsed: ParsedQuery, dataset: Dataset, known: AbstractSet[str]) -> Dataset:
    """Apply `SPARQL 1.1 Protocol, section 2.1.4 <https://www.w3.org/TR/sparql11-protocol/#dataset>`_.

    A dataset in the request wins over FROM and FROM NAMED in the query. Whichever of the two speaks
    describes the whole dataset: what it does not name is empty. So is a graph that is not ours, and
    nothing is ever fetched for it.
    """
    default, named = _named(parsed, dataset)
    if dataset == Dataset() and not (default or named):
        return Dataset()
    return Dataset(*(tuple(dict.fromkeys(each for each in graphs if each in known)) for graphs in (default, named)))


def _named(parsed: ParsedQuery, dataset: Dataset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the default and the named graphs that a request names or, where it names none, its query."""
    if dataset == Dataset():
        return parsed.default_graphs, parsed.named_graphs
    return dataset.default_graphs or (), dataset.named_graphs or ()


def unknown_graphs(parsed: ParsedQuery, dataset: Dataset, known: AbstractSet[str]) -> tuple[str, ...]:
    """List the graphs that a query asks for and that are not ours, in its order."""
    default, named = _named(parsed, dataset)
    return tuple(dict.fromkeys(each for each in (*default, *named) if each not in known))


def for_oxigraph(parsed: ParsedQuery, effective: Dataset, known: AbstractSet[str]) -> ParsedQuery:
    """Reword a query so that Oxigraph answers it over this dataset as SPARQL 1.1 says."""
    if not parsed.suspects:
        return parsed
    named = effective.named_graphs
    return rewording.for_oxigraph(parsed, tuple(sorted(known)) if named is None else named)
