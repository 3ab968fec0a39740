"""Zero-length paths from a term that the graph does not have: the term itself is the answer (section 18.4).

Oxigraph answers nothing there. The answer is added where the path, as Oxigraph takes it, finds none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dialogiverkko.namespaces import RDF
from dialogiverkko.sparql.rewording.refusal import refused
from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import Leaf, Names, TreeNode, leaves, text_of, walk

_MOST_SPOTS: Final = 4
_OPEN: Final = frozenset({"VAR", "BLANK_NODE_LABEL", "ANON"})

Triple = tuple[list[Leaf], TreeNode | None, list[Leaf]]
"""Subject, verb or None for what is written as it stands, object."""


def starts(path: TreeNode) -> int:
    """Count the ways in which a path holds between any term and itself in zero steps."""
    if path.name == "PathElt" and path.children[1:]:
        modifier = path.children[1]
        assert isinstance(modifier, Token)  # noqa: S101 - the grammar has ?, * or + here
        return 1 if modifier.text in "?*" else min(1, _of_parts(path))
    if path.name == "PathSequence" and len(path.nodes()) > 1:
        return 0
    return _of_parts(path)


def _of_parts(path: TreeNode) -> int:
    return sum(map(starts, path.nodes()))


def any_at_a_term(root: TreeNode) -> bool:
    """Find a statement that has such a path and a term, which may stand at its end."""
    return any(_at_a_term(node) for node in walk(root) if node.name == "TriplesSameSubjectPath")


def _at_a_term(statement: TreeNode) -> bool:
    paths = [node for node in walk(statement) if node.name == "VerbPath" and any(map(starts, node.nodes("Path")))]
    terms = [node for node in walk(statement) if node.name == "VarOrTerm" and not _is_open(list(leaves(node)))]
    return bool(paths and terms)


def _is_open(term: list[Leaf]) -> bool:
    first = term[0]
    return first.startswith("?") if isinstance(first, str) else first.type in _OPEN


def name_blank_nodes(root: TreeNode, names: Names) -> None:
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


def _counts_all(root: TreeNode) -> bool:
    written = [leaf.type for leaf in leaves(root) if isinstance(leaf, Token)]
    return any(written[at : at + 4] == ["COUNT", "(", "DISTINCT", "*"] for at in range(len(written)))


@dataclass
class _Spot:
    """One path that may have no step and one end of which is a term: its place in a statement of a group."""

    statement: TreeNode
    index: int
    is_first: bool
    """Whether nothing but triples stands before it in the group."""


def keep_the_start(group: TreeNode, names: Names) -> None:
    """Ask a group again for each such path: as it stands, and with the term for an answer where it finds none.

    The whole group is asked again, since Oxigraph plans it worse when a part of it is a UNION.
    """
    flat: dict[TreeNode, list[Triple]] = {}
    spots: list[_Spot] = []
    for number, part in enumerate(group.nodes()):
        for statement in [node for node in _own(part) if _at_a_term(node)]:
            triples = flat[statement] = [_settled(triple) for triple in _flat(statement, names)]
            spots += [_Spot(statement, at, number == 0) for at, each in enumerate(triples) if _is_spot(each)]
            if any(verb is None and subject == ["{"] for subject, verb, _ in triples):
                statement.children = _joined([_plain(each) for each in triples])
    if not spots:
        return
    if len(spots) > _MOST_SPOTS:
        raise refused("cannot answer so many paths that may have no step, at terms, in one group", "Use subqueries.")
    versions: list[list[TreeNode | Leaf]] = []
    for chosen in _subsets(spots):
        versions.append(_version(group, flat, chosen, names))
    group.name = "ZeroPath"
    group.children = [
        leaf for number, version in enumerate(versions) for leaf in ("UNION {" if number else "{", *version, "}")
    ]


def _own(part: TreeNode) -> Iterator[TreeNode]:
    """Yield the statements of a block of triples."""
    block: TreeNode | None = part if part.name == "TriplesBlock" else None
    while block:
        yield from block.nodes("TriplesSameSubjectPath")
        block = next(iter(block.nodes("TriplesBlock")), None)


def _subsets(spots: list[_Spot]) -> Iterator[list[_Spot]]:
    for number in range(2 ** len(spots)):
        yield [spot for at, spot in enumerate(spots) if number >> at & 1]


def _version(
    group: TreeNode, flat: dict[TreeNode, list[Triple]], chosen: list[_Spot], names: Names
) -> list[TreeNode | Leaf]:
    """Write a group with the chosen paths answered by their terms."""
    front: list[TreeNode | Leaf] = []
    kept = {spot.statement: spot.statement.children for spot in chosen}
    for statement in kept:
        written: list[list[TreeNode | Leaf]] = []
        for at, triple in enumerate(flat[statement]):
            spot = next((each for each in chosen if each.statement is statement and each.index == at), None)
            if spot is None:
                written.append(_plain(triple))
            elif spot.is_first:
                front += _start(triple, names)
            else:
                written.append(_start(triple, names))
        statement.children = _joined(written) or ["{}"]
    version = [*front, *leaves(group)]
    for statement, children in kept.items():
        statement.children = children
    return version


def _joined(triples: list[list[TreeNode | Leaf]]) -> list[TreeNode | Leaf]:
    joined: list[TreeNode | Leaf] = []
    for triple in triples:
        if joined and joined[-1] != "}":
            joined.append(".")
        joined += triple
    return joined


def _ways(triple: Triple) -> int:
    return sum(starts(path) for path in triple[1].nodes("Path")) if triple[1] else 0


def _is_spot(triple: Triple) -> bool:
    return bool(_ways(triple)) and _is_open(triple[0]) != _is_open(triple[2])


def _settled(triple: Triple) -> Triple:
    """Write a zero-length path between a term and itself as a pattern that always holds."""
    subject, _, end = triple
    ways = _ways(triple)
    if not ways or _is_open(subject) or _is_open(end) or text_of(*subject) != text_of(*end):
        return triple
    return ["{"], None, [*["{} UNION"] * (ways - 1), "{}", "}"]


def _plain(triple: Triple) -> list[TreeNode | Leaf]:
    subject, verb, end = triple
    return [*subject, *([verb] if verb else []), *end]


def _start(triple: Triple, names: Names) -> list[TreeNode | Leaf]:
    """Write the term as the answer, where the path has none."""
    subject, verb, end = triple
    assert verb is not None  # noqa: S101 - only what has a path is a spot
    term, variable = (end, subject) if _is_open(subject) else (subject, end)
    other = names.fresh()
    again: list[TreeNode | Leaf] = [other, verb, *end] if _is_open(subject) else [*subject, verb, other]
    value = f"<{RDF}nil>" if text_of(*term).startswith("(") else text_of(*term)
    return ["{ VALUES", *variable, "{", *[value] * _ways(triple), "}", "FILTER NOT EXISTS {", *again, "}", "}"]


def _flat(statement: TreeNode, names: Names) -> Iterator[Triple]:
    """Yield the triples of a statement, those of its collections and nameless nodes first."""
    first = statement.nodes()[0]
    subject, triples = _term(first, names)
    yield from triples
    for properties in statement.nodes("PropertyListPathNotEmpty"):
        yield from _of_list(subject, properties, names)


def _of_list(subject: list[Leaf], properties: TreeNode, names: Names) -> Iterator[Triple]:
    verb: TreeNode | None = None
    for each in properties.nodes():
        if each.name == "VerbPath":
            verb = each
            continue
        for node in each.nodes("GraphNodePath"):
            end, triples = _term(node.nodes()[0], names)
            yield (subject, verb, end)
            yield from triples


def _term(node: TreeNode, names: Names) -> tuple[list[Leaf], list[Triple]]:
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
        after = cells[at + 1] if at + 1 < len(cells) else f"<{RDF}nil>"
        triples += [
            ([cells[at], f"<{RDF}first>"], None, value),
            ([cells[at], f"<{RDF}rest>"], None, [after]),
            *within,
        ]
    return [cells[0]], triples
