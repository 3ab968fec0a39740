"""The tree of a query, and the text that is written of it."""

from itertools import pairwise

import pytest

from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import Names, leaves, tree, walk, write_tree

TEXTS = [
    "SELECT ?a WHERE {  ?a\n<urn:x:p>'b'@fi # c\n, ?c }",
    "ASK{?a<urn:x:p>?b.FILTER(?a!=1)}",
    "CONSTRUCT { [] a ( 1 ) } { { SELECT * { ?x ?y ?z } } UNION { ?x ?y 2 } }",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_nothing_changes_is_written_as_it_stood(text: str) -> None:
    """Tokens that touched touch, others stand one space apart, and each leads to where it stood."""
    root = tree(text)
    tokens = [leaf for leaf in leaves(root) if isinstance(leaf, Token) and leaf.text]

    written, places = write_tree(root)

    touch = [second.start == first.start + len(first.text) for first, second in pairwise(tokens)]
    assert written == tokens[0].text + "".join(
        ("" if touches else " ") + token.text for touches, token in zip(touch, tokens[1:], strict=True)
    )
    offset = 0
    for token in tokens:
        offset = written.index(token.text, offset)
        assert [places.before(offset + at) for at in range(len(token.text))] == list(
            range(token.start, token.start + len(token.text))
        )
        offset += len(token.text)


def test_what_is_put_in_stands_apart_and_leads_to_its_place() -> None:
    """An error in text of ours is told where its author wrote what it replaces."""
    root = tree("ASK{?a ?p 1}")
    (term,) = [node for node in walk(root) if node.has("INTEGER")]
    term.children = ["STR(2)"]

    written, places = write_tree(root)

    assert written == "ASK{?a ?p STR(2) }"
    assert places.before(written.index("STR")) == places.before(written.index("2)")) == len("ASK{?a ?p")
    assert places.before(written.index("}")) == len("ASK{?a ?p 1")


def test_a_fresh_name_is_one_that_the_query_does_not_have() -> None:
    """However it is written there."""
    names = Names(tree("SELECT ?v1_ { $v3_ ?p ?v4 }"))

    assert [names.fresh() for _ in range(3)] == ["?v2_", "?v4_", "?v5_"]
