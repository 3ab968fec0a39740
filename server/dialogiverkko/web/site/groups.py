"""Where a group of people appears: what it took part in, and what it was the topic of, told apart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DCTERMS, DLG, SKOS, VOCAB
from dialogiverkko.web.site import related, things
from dialogiverkko.web.site.index import CV, Index
from dialogiverkko.web.site.paging import Arguments, paged

KIND, THEME = VOCAB + "participant-kind/", VOCAB + "theme/"
_RELATED = SKOS + "relatedMatch"
_PARTICIPANT = VOCAB + "role/participant"
TOLD = frozenset((DLG + "participantKind", CV + "audience", DCTERMS + "subject", _RELATED))
"""The properties by which things point at a group and that its two lists tell of."""


@dataclass(frozen=True)
class Appearance:
    """A thing in which a group took part, or of which it was the topic."""

    thing: str
    when: tuple[str, ...]
    status: str
    roles: tuple[str, ...]
    """The roles of the group; none where it was the topic."""
    groups: tuple[str, ...]
    """The group or theme that is named, where it is a narrower or another one than that of the page."""
    evidence: tuple[Passage, ...]


def context(index: Index, iri: str, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather both lists for the page of a group or of a theme that is about one; nothing for another thing."""
    kinds, themes = _meant(index, iri)
    if not kinds:
        return {}
    return {
        "kind": iri if iri.startswith(KIND) else kinds[0],
        "attended": paged(attended(index, kinds, {iri, kinds[0]}, language), arguments),
        "topic": paged(topic(index, themes, {iri, themes[0] if themes else ""}, language), arguments),
    }


def attended(index: Index, kinds: Iterable[str], page: set[str], language: str) -> list[Appearance]:
    """List what some groups took part in, were invited to or were the audience of, with the words that say so."""
    nodes: dict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        for node in index.pointing(kind, DLG + "participantKind"):
            nodes[things.owner(node)].add(node)
    found = []
    for thing in index.sorted(set(nodes), language):
        own = sorted(nodes[thing])
        named = {index.value(node, DLG + "participantKind") for node in own} - page
        roles = index.sorted({index.value(node, CV + "role") for node in own}, language)
        evidence = dict.fromkeys(passage for node in own for passage in index.evidence(node))
        found.append(_appearance(index, thing, language, roles, named, evidence))
    return sorted(found, key=lambda each: (_PARTICIPANT not in each.roles, each.roles))


def topic(index: Index, themes: Iterable[str], page: set[str], language: str) -> list[Appearance]:
    """List what some themes are the topic of, with the words that say so."""
    named: dict[str, set[str]] = defaultdict(set)
    for theme in themes:
        for thing in index.pointing(theme, DCTERMS + "subject"):
            if index.is_a(thing, "Activity"):
                named[thing].add(theme)
    return [
        _appearance(
            index, thing, language, [], named[thing] - page,
            dict.fromkeys(p for theme in sorted(named[thing]) for p in index.evidence(thing, theme)),
        )
        for thing in index.sorted(set(named), language)
    ]  # fmt: skip


def _appearance(
    index: Index, thing: str, language: str, roles: Iterable[str], groups: set[str], evidence: Iterable[Passage]
) -> Appearance:
    status = index.value(thing, DLG + "hasRealisationStatus")
    when = related.times(index, thing, language)
    return Appearance(thing, when, status, tuple(roles), tuple(index.sorted(groups, language)), tuple(evidence))


def _meant(index: Index, iri: str) -> tuple[list[str], list[str]]:
    """Return the groups and the themes that the page of one of them is about, narrower ones with them."""
    if iri.startswith(KIND):
        kinds = _narrower(index, [iri])
        return kinds, _narrower(index, [theme for kind in kinds for theme in index.values(kind, _RELATED)])
    if iri.startswith(THEME):
        kinds = _narrower(index, [kind for kind in index.pointing(iri, _RELATED) if kind.startswith(KIND)])
        return kinds, _narrower(index, [iri])
    return [], []


def _narrower(index: Index, concepts: Iterable[str]) -> list[str]:
    """Return some concepts of ours and all that are narrower, each once."""
    found: dict[str, None] = {}
    waiting = [each for each in concepts if each.startswith((KIND, THEME))]
    while waiting:
        each = waiting.pop(0)
        if each not in found:
            found[each] = None
            waiting += index.pointing(each, SKOS + "broader")
    return list(found)
