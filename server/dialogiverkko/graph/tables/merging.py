"""Merges what several pages say alike: one statement with the words of each page, named by what it says.

Statements that differ stay apart, side by side. A name made of the statement itself is lasting: rows may be put
anywhere, and a page more or less changes only the words beside it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.namespaces import DLG, RDF_TYPE, VOCAB

_NODES = {DLG + name for name in ("Participation", "Count", "TimeSpan", "StatusStatement")}
_BESIDE = {DLG + "isEvidencedBy", DLG + "sourceExpression"}
_CV = "http://data.europa.eu/m8g/"
_NAMED = (_CV + "role", _CV + "hasParticipant", DLG + "participantKind", DLG + "hedge", DLG + "statedStatus",
          DLG + "statedOn", DLG + "edtf", DLG + "countedUnit")  # fmt: skip
_DIGEST = 6


def merge(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Return the triples with equal statements of one thing made one."""
    found = list(triples)
    by_node: dict[str, list[Triple]] = defaultdict(list)
    for triple in found:
        if isinstance(triple.subject, NamedNode) and "/x-" in triple.subject.value:
            by_node[triple.subject.value].append(triple)
    renamed = {node: _name(node, said) for node, said in by_node.items() if _is_statement(said)}
    merged: dict[Triple, None] = {}
    expressed: set[tuple[str, str]] = set()
    for triple in found:
        new = _renamed(triple, renamed)
        if triple.predicate.value == DLG + "sourceExpression" and isinstance(triple.object, Literal):
            key = (new.subject.value, "") if isinstance(new.subject, NamedNode) else ("", "")
            if key in expressed and new not in merged:
                continue  # the words of each page stand in its passage; one wording names the statement
            expressed.add(key)
        merged[new] = None
    return without_silence(merged)


def without_silence(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Leave out that a table itself leaves a status unstated, where a page that it cites states one."""
    found = tuple(triples)
    statements: dict[str, list[str]] = defaultdict(list)
    silent = set()
    for triple in found:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            if triple.predicate.value == DLG + "hasStatusStatement":
                statements[triple.subject.value].append(triple.object.value)
            elif triple.predicate.value == DLG + "statedStatus" and triple.object.value == VOCAB + "status/unstated":
                silent.add(triple.subject.value)
    left_out = {node for nodes in statements.values() for node in nodes if set(nodes) - silent} & silent
    return tuple(
        triple
        for triple in found
        if not ({getattr(triple.subject, "value", ""), getattr(triple.object, "value", "")} & left_out)
    )


def _is_statement(said: Sequence[Triple]) -> bool:
    return any(
        triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode) and triple.object.value in _NODES
        for triple in said
    )


def _name(node: str, said: Sequence[Triple]) -> str:
    """Return the name of a statement: what it says in words of its own, and a digest of the whole."""
    base = node.rpartition("/x-")[0]
    told = sorted(f"{t.predicate.value} {t.object}" for t in said if t.predicate.value not in _BESIDE)
    parts = []
    for predicate in _NAMED:
        for triple in said:
            if triple.predicate.value == predicate and isinstance(triple.object, NamedNode | Literal):
                parts.append(_short(triple.object.value))
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:_DIGEST]
    return f"{base}/x-{'-'.join([*parts, digest])}"


def _short(value: str) -> str:
    """Return the last part of an address, or a literal, as a part of a name."""
    last = value.rsplit("/", 1)[-1] if value.startswith("http") else value.replace("/", "_")
    return "".join(c for c in last if c.isalnum() or c in "-_")


def _renamed(triple: Triple, names: dict[str, str]) -> Triple:
    """Return a triple in which merged statements have their one name."""
    subject, value = triple.subject, triple.object
    if isinstance(subject, NamedNode) and subject.value in names:
        subject = NamedNode(names[subject.value])
    if isinstance(value, NamedNode) and value.value in names:
        value = NamedNode(names[value.value])
    return Triple(subject, triple.predicate, value)
