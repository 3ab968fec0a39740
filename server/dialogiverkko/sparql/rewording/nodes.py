"""BNODE of a text: one node for a text within a solution, another in each solution (section 17.4.2.9).

Oxigraph gives the same node for the same text everywhere. So the text gets a part of its own, new in each
solution.
"""

from dialogiverkko.sparql.rewording.forms import is_grouped
from dialogiverkko.sparql.rewording.refusal import refused
from dialogiverkko.sparql.tree import Names, TreeNode, walk


def own_in_each_solution(group: TreeNode, names: Names) -> None:
    """Give the BINDs of a group a text that each solution has for itself."""
    first: TreeNode | None = None
    own = names.fresh()
    for part in group.nodes("GraphPatternNotTriples"):
        calls = [call for bind in part.nodes("Bind") for call in _calls(bind)]
        for call in calls:
            _prefix(call, own)
        if calls and first is None:
            first = part
    if first is not None:
        group.children.insert(group.children.index(first), f"BIND(STRUUID() AS {own})")


def own_in_each_row(select: TreeNode, names: Names) -> None:
    """Give the calls of a SELECT clause a text that each row has for itself."""
    calls = _calls(select.nodes("SelectClause")[0])
    if len(calls) == 1:
        _prefix(calls[0], "STRUUID()")
    if len(calls) < 2:
        return
    if is_grouped(select):
        raise refused("cannot tell the blank nodes of several BNODE(…) of one group apart", "Use a subquery.")
    own = names.fresh()
    for call in calls:
        _prefix(call, own)
    where = select.nodes("WhereClause")[0]
    pattern = where.nodes("GroupGraphPattern")[0]
    group = TreeNode("GroupGraphPattern", ["{", pattern, f"BIND(STRUUID() AS {own})", "}"])
    where.children[where.children.index(pattern)] = group


def _calls(root: TreeNode) -> list[TreeNode]:
    return [node for node in walk(root) if node.name == "OtherCall" and node.has("BNODE") and node.nodes("One")]


def _prefix(call: TreeNode, own: str) -> None:
    argument = call.nodes("One")[0].nodes("Expression")[0]
    call.children = ["BNODE(CONCAT(", own, ",", argument, "))"]
