"""GRAPH ?g one named graph at a time, which is its definition (section 18.6).

Oxigraph lets the variable in: a MINUS or VALUES within sees it, a subquery loses it. Where nothing within
tells the difference, the pattern stays.
"""

from collections.abc import Sequence
from typing import Final

from dialogiverkko.sparql.rewording.refusal import refused
from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import Leaf, TreeNode, leaves, walk

_CHANGING: Final = frozenset({"SubSelect", "Minus", "InlineData", "GraphGraph", "Service", "OneByOne", "ZeroPath"})
MOST_LEAVES: Final = 60_000
"""Words that a query may grow to."""


def one_by_one(graph: TreeNode, named_graphs: Sequence[str]) -> None:
    """Write the pattern once for each named graph, where its variable or a part of it makes a difference."""
    variable, pattern = graph.nodes("VarOrIri")[0], graph.nodes("GroupGraphPattern")[0]
    name = next(leaves(variable))
    if not isinstance(name, Token) or name.type != "VAR":
        return
    written = list(leaves(pattern))
    if not (_mentions(written, name.text[1:]) or any(node.name in _CHANGING for node in walk(pattern))):
        return
    if len(written) * len(named_graphs) > MOST_LEAVES:
        raise refused(
            f"cannot answer this GRAPH {name.text} over {len(named_graphs)} graphs",
            "Name the graph, or ask FROM NAMED.",
        )
    branches: list[TreeNode | Leaf] = []
    for number, iri in enumerate(named_graphs):
        branches += ["UNION"] if branches else []
        within = [_relabelled(leaf, number) for leaf in written]
        branches += ["{ VALUES", name, f"{{ <{iri}> }} GRAPH <{iri}>", *within, "}"]
    graph.children = ["{", *(branches or ["VALUES", name, "{ }"]), "}"]
    graph.name = "OneByOne"


def _mentions(written: Sequence[Leaf], name: str) -> bool:
    """Look for a variable; in text that stands in the place of tokens, one that only begins so will do."""
    return any(
        leaf.type == "VAR" and leaf.text[1:] == name
        if isinstance(leaf, Token)
        else f"?{name}" in leaf or f"${name}" in leaf
        for leaf in written
    )


def _relabelled(leaf: Leaf, number: int) -> Leaf:
    """Give a blank node a label of its own in each copy."""
    if isinstance(leaf, Token) and leaf.type == "BLANK_NODE_LABEL":
        return leaf._replace(text=f"{leaf.text}_{number}")
    return leaf
