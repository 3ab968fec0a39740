"""The parse tree of a query that the grammar has taken: made, walked and written without recursion.

A rewriting replaces children of a node by text; what it leaves is written as it stood, and each place of
the new text knows where it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dialogiverkko.sparql.grammar import grammar
from dialogiverkko.sparql.places import Places
from dialogiverkko.sparql.tokens import SourceText, Token, tokenize

Leaf = Token | str
"""A token as it was written, or text that stands in the place of some."""


@dataclass(eq=False)
class TreeNode:
    """One use of a production; groups and repetitions of the grammar have no nodes of their own."""

    name: str
    children: list[TreeNode | Leaf] = field(default_factory=list)

    def nodes(self, name: str = "") -> list[TreeNode]:
        """List the children that are nodes, of one production or of any."""
        return [each for each in self.children if isinstance(each, TreeNode) and name in {"", each.name}]

    def index(self, token_type: str) -> int | None:
        """Return the place of the first child that is a token of a type."""
        return next(
            (at for at, each in enumerate(self.children) if isinstance(each, Token) and each.type == token_type), None
        )

    def has(self, token_type: str) -> bool:
        """Return whether a child is a token of a type."""
        return self.index(token_type) is not None


def _is_helper(symbol: str) -> bool:
    return "." in symbol or symbol[-1] in "*+?"


def tree(text: str) -> TreeNode:
    """Make the tree of a query that the grammar takes."""
    table = grammar().table
    root = TreeNode("QueryUnit")
    stack: list[tuple[str, TreeNode]] = [(symbol, root) for symbol in table["QueryUnit"]["SELECT"]]
    for token in tokenize(SourceText(text)):
        symbol, parent = stack.pop()
        while symbol in table:
            node = parent
            if not _is_helper(symbol):
                node = TreeNode(symbol)
                parent.children.append(node)
            stack.extend([(each, node) for each in table[symbol][token.type]])
            symbol, parent = stack.pop()
        parent.children.append(token)
    return root


def walk(root: TreeNode) -> list[TreeNode]:
    """List all nodes, each before its children."""
    found: list[TreeNode] = []
    stack = [root]
    while stack:
        node = stack.pop()
        found.append(node)
        stack.extend(each for each in reversed(node.children) if isinstance(each, TreeNode))
    return found


def leaves(*roots: TreeNode | Leaf) -> Iterator[Leaf]:
    """Yield what a text is written of, in order."""
    stack: list[TreeNode | Leaf] = list(reversed(roots))
    while stack:
        each = stack.pop()
        if isinstance(each, TreeNode):
            stack.extend(reversed(each.children))
        else:
            yield each


def write_tree(*roots: TreeNode | Leaf) -> tuple[str, Places]:
    """Write the text, and where each place of it stood before."""
    pieces: list[str] = []
    found: list[tuple[int, int, bool]] = [(0, 0, False)]
    length = end = 0
    for leaf in leaves(*roots):
        text, is_copied = (leaf.text, True) if isinstance(leaf, Token) else (leaf, False)
        if not text:
            continue
        start = leaf.start if isinstance(leaf, Token) else end
        if pieces and not (is_copied and start == end and found[-1][2]):
            pieces.append(" ")
            length += 1
        pieces.append(text)
        found.append((length, start, is_copied))
        length += len(text)
        end = start + len(text) if is_copied else start
    return "".join(pieces), Places(*zip(*found, strict=True))


def text_of(*roots: TreeNode | Leaf) -> str:
    """Write the text alone."""
    return write_tree(*roots)[0]


class Names:
    """Makes variables that a query does not have."""

    def __init__(self, root: TreeNode) -> None:
        self._taken = {leaf.text[1:] for leaf in leaves(root) if isinstance(leaf, Token) and leaf.type == "VAR"}
        self._count = 0

    def fresh(self) -> str:
        """Return a new variable, with its question mark."""
        while True:
            self._count += 1
            name = f"v{self._count}_"
            if name not in self._taken:
                return f"?{name}"
