"""Decides what RDF dataset a query sees: the protocol's parameters, its own FROM, or the store's."""

from collections.abc import Set as AbstractSet

from dialogiverkko.errors import GraphForbiddenError
from dialogiverkko.sparql.query import Dataset, ParsedQuery


def effective_dataset(parsed: ParsedQuery, dataset: Dataset, known: AbstractSet[str]) -> Dataset:
    """Apply `SPARQL 1.1 Protocol, section 2.1.4 <https://www.w3.org/TR/sparql11-protocol/#dataset>`_.

    A dataset in the request wins over FROM and FROM NAMED in the query. Whichever of the two speaks
    describes the whole dataset: what it does not name is empty. A graph that is not ours is refused,
    since an empty answer would look like a true one.
    """
    asked = dataset.default_graphs is not None or dataset.named_graphs is not None
    default = (dataset.default_graphs or ()) if asked else parsed.default_graphs
    named = (dataset.named_graphs or ()) if asked else parsed.named_graphs
    for graph in (*default, *named):
        if graph not in known:
            raise GraphForbiddenError(
                f"The graph <{graph}> is not one of this dataset. "
                "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } lists them.",
                graph=graph,
            )
    return Dataset(default, named) if asked or default or named else Dataset()
