"""What hangs on a thing as statements of their own: its counts, times, objectives and statuses, each with its words."""

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from dialogiverkko.graph import counts, dates
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DLG
from dialogiverkko.web.site import correcting
from dialogiverkko.web.site.index import Index, Text


@dataclass(frozen=True)
class Told:
    """Words with the passages that they rest on."""

    text: Text
    evidence: tuple[Passage, ...]
    subject: str = ""
    """What it is told of: where sources tell of the same thing in other words, they differ."""
    hedges: tuple[str, ...] = ()
    fact: str = ""
    """The key by which the statement is found again."""


@dataclass(frozen=True)
class Stated:
    """What a source says of the status of an activity, and on which day it stands so."""

    status: str
    day: str
    evidence: tuple[Passage, ...]
    fact: str


def told(index: Index, iri: str, predicate: str, language: str) -> list[Told]:
    """List the counts, times or objectives of a thing, in words."""
    return [
        Told(
            _IN_WORDS[predicate](index, node, language), index.evidence(node), index.value(node, DLG + "countedUnit"),
            tuple(index.values(node, DLG + "hedge")), correcting.key(predicate, NamedNode(node)),
        )
        for node in index.values(iri, predicate)
    ]  # fmt: skip


def differ(said: list[Told]) -> bool:
    """Return whether different sources say different things of the same."""
    return any(
        one.subject == other.subject
        and one.text != other.text
        and not {p.document for p in one.evidence} & {p.document for p in other.evidence}
        for number, one in enumerate(said)
        for other in said[:number]
    )


def statements(index: Index, iri: str) -> list[Stated]:
    """List what each source says of the status of an activity, the latest day first."""
    found = [
        Stated(
            index.value(node, DLG + "statedStatus"),
            index.value(node, DLG + "statedOn"),
            index.evidence(node),
            correcting.key(DLG + "hasStatusStatement", NamedNode(node)),
        )
        for node in index.values(iri, DLG + "hasStatusStatement")
    ]
    return sorted(found, key=lambda each: each.day, reverse=True)


def _count(index: Index, node: str, language: str) -> Text:
    return Text(counts.in_words(index, node, language), language)


def _time(index: Index, node: str, language: str) -> Text:
    return Text(dates.in_words(index.value(node, DLG + "edtf"), language), language)


def _objective(index: Index, node: str, language: str) -> Text:
    return index.text(node, language, DLG + "objectiveText") or Text("", language)


_IN_WORDS: dict[str, Callable[[Index, str, str], Text]] = {
    DLG + "hasCount": _count,
    DLG + "hasTimeSpan": _time,
    DLG + "hasObjective": _objective,
}
"""How a statement of each property is put into words."""
