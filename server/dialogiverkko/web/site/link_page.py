"""The page of one link: how it comes about, and what each source says of it."""

from dataclasses import dataclass

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DLG, SKOS, VOCAB
from dialogiverkko.network.chains import sentence
from dialogiverkko.network.links import Link, Network
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import Index, Text

_CONTEXTS = ("isPartOf", "isConnectedWith", "feedsInto", "takesPlaceAt")
"""The properties by which an activity hangs on a context."""


@dataclass(frozen=True)
class Side:
    """One end of a link: what it does in what is shared, and the words that say it."""

    organisation: str
    roles: tuple[str, ...]
    """The IRIs of its roles; none where only its activities share the context."""
    activities: tuple[str, ...]
    """Its activities that hang on the shared context."""
    bases: tuple[str, ...]
    evidence: tuple[Passage, ...]


@dataclass(frozen=True)
class Account:
    """How a link comes about, and its evidence by source."""

    strength: str
    definition: Text | None
    through: str
    is_context: bool
    sides: tuple[Side, ...]
    sources: tuple[tuple[str, tuple[Passage, ...]], ...]
    sentence: str


def context(network: Network, index: Index, iri: str, language: str) -> Account | None:
    """Gather how a link comes about; None where the network has no such link."""
    link = next((link for link in network.links if link.iri == iri), None)
    if link is None:
        return None
    strength = f"{VOCAB}strength/{link.strength}"
    by_source: dict[str, list[Passage]] = {}
    for item in link.evidence:
        if item.passage in index.passages:
            by_source.setdefault(item.source, []).append(index.passages[item.passage])
    told = sentence(network, link, language).split(" [")[0]
    return Account(
        strength, index.text(strength, language, SKOS + "definition"), link.through, link.is_context,
        tuple(_side(index, link, end) for end in index.sorted(list(link.ends), language)),
        tuple((source, tuple(by_source[source])) for source in index.sorted(list(by_source), language)),
        told if told.endswith(".") else f"{told}.",
    )  # fmt: skip


def _side(index: Index, link: Link, organisation: str) -> Side:
    units = things.units_of(index, organisation)
    parts = [part for part in things.parts(index, link.through) if part.who in units]
    activities: tuple[str, ...] = ()
    if link.is_context:
        hanging = {a for name in _CONTEXTS for a in index.pointing(link.through, DLG + name)}
        activities = tuple(sorted(hanging & set(index.pointing(organisation, DLG + "isReportedBy"))))
    words = [p for part in parts for p in part.evidence] + [
        p for a in activities for p in index.evidence(a, link.through)
    ]
    return Side(
        organisation, tuple(dict.fromkeys(part.role for part in parts)), activities,
        tuple(dict.fromkeys(part.basis for part in parts)), tuple(dict.fromkeys(words)),
    )  # fmt: skip
