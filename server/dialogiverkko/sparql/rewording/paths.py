"""Paths of no step from a term that the graph does not have: the term itself is the answer (section 18.4).

Oxigraph answers nothing there. The answer is added where the path, as Oxigraph takes it, finds none.
"""

from collections.abc import Iterator
from typing import Final

from dialogiverkko.sparql.rewording.refusal import refused
from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import Leaf, Names, Node, leaves, text_of, walk

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OPEN: Final = frozenset({"VAR", "BLANK_NODE_LABEL", "ANON"})

Triple = tuple[list[Leaf], Node | None, list[Leaf]]
"""Subject, verb or None for what is written as it stands, object."""


def starts(path: Node) -> int:
    """Count the ways in which a path holds between any term and itself without a step."""
    if path.name == "PathElt" and path.children[1:]:
        modifier = path.children[1]
        assert isinstance(modifier, Token)  # noqa: S101 - the grammar has ?, * or + here
        return 1 if modifier.text in "?*" else min(1, _of_parts(path))
    if path.name == "PathSequence" and len(path.nodes()) > 1:
        return 0
    return _of_parts(path)


def _of_parts(path: Node) -> int:
    return sum(starts(each) for each in path.nodes() if each.name.startswith("Path") and "Negated" not in each.name)


def any_at_a_term(root: Node) -> bool:
    """Find a statement that has such a path and a term, which may stand at its end."""
    return any(_at_a_term(node) for node in walk(root) if node.name == "TriplesSameSubjectPath")


def _at_a_term(statement: Node) -> bool:
    paths = [node for node in walk(statement) if node.name == "VerbPath" and any(map(starts, node.nodes("Path")))]
    terms = [node for node in walk(statement) if node.name == "VarOrTerm" and not _is_open(list(leaves(node)))]
    return bool(paths and terms)


def _is_open(term: list[Leaf]) -> bool:
    first = term[0]
    return first.startswith("?") if isinstance(first, str) else first.type in _OPEN


def name_blank_nodes(root: Node, names: Names) -> None:
    """Write blank nodes of patterns as variables, since a pattern may be cut where one joins it."""
    template = [leaf for node in walk(root) if node.name == "ConstructTemplate" for leaf in leaves(node)]
    kept = {id(leaf) for leaf in template}
    named: dict[str, str] = {}
    for node in walk(root):
        for at, leaf in enumerate(node.children):
            if isinstance(leaf, Token) and leaf.type == "BLANK_NODE_LABEL" and id(leaf) not in kept:
                node.children[at] = named.setdefault(leaf.text, names.fresh())
    if named and _counts_all(root):
        raise refused("cannot count distinct rows beside this path and a blank node", "Name a variable instead.")


def _counts_all(root: Node) -> bool:
    written = [leaf.type for leaf in leaves(root) if isinstance(leaf, Token)]
    return any(written[at : at + 4] == ["COUNT", "(", "DISTINCT", "*"] for at in range(len(written)))


def keep_the_start(statement: Node, names: Names) -> None:
    """Write a statement as triples of its own where one of them is such a path at a term."""
    if not _at_a_term(statement):
        return
    written: list[Node | Leaf] = []
    for triple in list(_flat(statement, names)):
        if written and written[-1] != "}":
            written.append(".")
        written += _written(triple, names)
    statement.name, statement.children = "ZeroPath", written


def _written(triple: Triple, names: Names) -> list[Node | Leaf]:
    subject, verb, end = triple
    ways = sum(starts(path) for path in verb.nodes("Path")) if verb else 0
    plain: list[Node | Leaf] = [*subject, *([verb] if verb else []), *end]
    if not ways or (_is_open(subject) and _is_open(end)):
        return plain
    if not (_is_open(subject) or _is_open(end)):
        return ["{", *["{} UNION"] * (ways - 1), "{}", "}"] if text_of(*subject) == text_of(*end) else plain
    term, variable = (end, subject) if _is_open(subject) else (subject, end)
    other = names.fresh()
    again: list[Node | Leaf] = [other, verb or "", *end] if _is_open(subject) else [*subject, verb or "", other]
    value = f"<{_RDF}nil>" if text_of(*term).startswith("(") else text_of(*term)
    return [
        "{", "{", *plain, "} UNION { VALUES", *variable, "{", *[value] * ways, "}",
        "FILTER NOT EXISTS {", *again, "}", "}", "}",
    ]  # fmt: skip


def _flat(statement: Node, names: Names) -> Iterator[Triple]:
    """Yield the triples of a statement, those of its collections and nameless nodes first."""
    first = statement.nodes()[0]
    subject, triples = _term(first, names)
    yield from triples
    for properties in statement.nodes("PropertyListPathNotEmpty"):
        yield from _of_list(subject, properties, names)


def _of_list(subject: list[Leaf], properties: Node, names: Names) -> Iterator[Triple]:
    verb: Node | None = None
    for each in properties.nodes():
        if each.name == "VerbPath":
            verb = each
            continue
        for node in each.nodes("GraphNodePath"):
            end, triples = _term(node.nodes()[0], names)
            yield (subject, verb, end)
            yield from triples


def _term(node: Node, names: Names) -> tuple[list[Leaf], list[Triple]]:
    """Return the term of a node, and the triples that make it."""
    if node.name == "VarOrTerm":
        written = list(leaves(node))
        is_nameless = isinstance(written[0], Token) and written[0].type == "ANON"
        return ([names.fresh()] if is_nameless else written), []
    if node.nodes("PropertyListPathNotEmpty"):
        own: list[Leaf] = [names.fresh()]
        return own, list(_of_list(own, node.nodes("PropertyListPathNotEmpty")[0], names))
    triples: list[Triple] = []
    members = node.nodes("GraphNodePath")
    cells: list[str] = [names.fresh() for _ in members]
    for at, member in enumerate(members):
        value, within = _term(member.nodes()[0], names)
        after = cells[at + 1] if at + 1 < len(cells) else f"<{_RDF}nil>"
        triples += [
            ([cells[at], f"<{_RDF}first>"], None, value),
            ([cells[at], f"<{_RDF}rest>"], None, [after]),
            *within,
        ]
    return [cells[0]], triples
