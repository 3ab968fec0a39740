"""Rewrites queries that Oxigraph refuses or answers otherwise than SPARQL 1.1 says.

Each rewriting is equivalent by the Recommendation, reads the parse tree, and gives text that the grammar
takes; where no such words are known, the query is refused and the refusal says whose limit it is.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from dialogiverkko.sparql.query import ParsedQuery
from dialogiverkko.sparql.rewording import forms, functions, graphs, nodes, paths
from dialogiverkko.sparql.rewording.refusal import refused
from dialogiverkko.sparql.suspects import Suspect
from dialogiverkko.sparql.tree import Names, TreeNode, tree, walk, write_tree

MOST_CHARACTERS: Final = 60_000
"""Characters up to which a query is put into other words: longer ones would take long before any limit holds."""
_FUNCTIONS: Final[Mapping[str, Callable[[TreeNode], None]]] = {
    "GroupConcat": functions.plain_strings,
    "Substring": functions.replacement_of_xpath,
}


def for_oxigraph(parsed: ParsedQuery, named_graphs: tuple[str, ...]) -> ParsedQuery:
    """Return a query that Oxigraph answers as the Recommendation says, over these named graphs.

    Raises QueryEvaluationError where there are no such words.
    """
    return _reworded(parsed, named_graphs) if parsed.suspects else parsed


@lru_cache(maxsize=256)
def _reworded(parsed: ParsedQuery, named_graphs: tuple[str, ...]) -> ParsedQuery:
    if len(parsed.text) > MOST_CHARACTERS:
        raise refused(
            f"needs other words, and more than {MOST_CHARACTERS} characters are not reworded", "Ask in parts."
        )
    root = tree(parsed.text)
    names = Names(root)
    has_paths = Suspect.ZERO_PATH in parsed.suspects and paths.any_at_a_term(root)
    has_nodes = Suspect.NAMED_NODE in parsed.suspects
    if has_paths or has_nodes:
        forms.name_all_columns(root)
    if has_paths:
        paths.name_blank_nodes(root, names)
    for node in reversed(walk(root)):
        if rule := _FUNCTIONS.get(node.name):
            rule(node)
        elif node.name == "GroupGraphPatternSub":
            if has_nodes:
                nodes.own_in_each_solution(node, names)
            if has_paths:
                paths.keep_the_start(node, names)
        elif node.name == "GraphGraph":
            graphs.one_by_one(node, named_graphs)
        elif node.name in {"SelectQuery", "SubSelect"}:
            if has_nodes:
                nodes.own_in_each_row(node, names)
            forms.define_once(node)
            forms.alias_before_grouping(node)
        elif node.name == "Query":
            forms.group_within(node, names)
    return parsed.reworded(*write_tree(root))
