"""Where a group of people appears: what it took part in, and what it was the topic of, told apart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import DCTERMS, DLG, SKOS, VOCAB
from dialogiverkko.web.site import related, things
from dialogiverkko.web.site.index import CV, Index
from dialogiverkko.web.site.paging import Arguments, each, paged

KIND, THEME = VOCAB + "participant-kind/", VOCAB + "theme/"
_RELATED = SKOS + "relatedMatch"
_PARTICIPANT = VOCAB + "role/participant"
TOLD = frozenset((DLG + "participantKind", CV + "audience", DCTERMS + "subject", _RELATED))
"""The properties by which things point at a group and that its two lists tell of."""


@dataclass(frozen=True)
class Mention:
    """A thing in which a group took part, or of which it was the topic, before it is shown."""

    thing: str
    roles: tuple[str, ...]
    """The roles of the group; none where it was the topic."""
    groups: tuple[str, ...]
    """The group or theme that is named, where it is a narrower or another one than that of the page."""
    told: tuple[tuple[str, str], ...]
    """What has the evidence, and what of it must be mentioned; nothing where all of it counts."""


@dataclass(frozen=True)
class Appearance(Mention):
    """A mention as a page shows it."""

    when: tuple[str, ...]
    status: str
    evidence: tuple[Passage, ...]


def context(index: Index, iri: str, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather both lists for the page of a group or of a theme that is about one; nothing for another thing.

    Times and evidence are read of what stands on the page alone.
    """
    kinds, themes = _meant(index, iri)
    if not kinds:
        return {}
    lists = {
        "attended": attended(index, kinds, {iri, kinds[0]}, language),
        "topic": topic(index, themes, {iri, themes[0] if themes else ""}, language),
    }
    shown = partial(_appearance, index, language)
    return {
        "kind": iri if iri.startswith(KIND) else kinds[0],
        **{name: each(paged(mentions, arguments), shown) for name, mentions in lists.items()},
    }


def attended(index: Index, kinds: Iterable[str], page: set[str], language: str) -> list[Mention]:
    """List what some groups took part in, were invited to or were the audience of."""
    nodes: dict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        for node in index.pointing(kind, DLG + "participantKind"):
            nodes[things.owner(node)].add(node)
    found = []
    for thing in index.sorted(set(nodes), language):
        own = sorted(nodes[thing])
        named = {index.value(node, DLG + "participantKind") for node in own} - page
        roles = index.sorted({index.value(node, CV + "role") for node in own}, language)
        told = tuple((node, "") for node in own)
        found.append(Mention(thing, tuple(roles), tuple(index.sorted(named, language)), told))
    return sorted(found, key=lambda mention: (_PARTICIPANT not in mention.roles, mention.roles))


def topic(index: Index, themes: Iterable[str], page: set[str], language: str) -> list[Mention]:
    """List what some themes are the topic of."""
    named: dict[str, set[str]] = defaultdict(set)
    for theme in themes:
        for thing in index.pointing(theme, DCTERMS + "subject"):
            if index.is_a(thing, "Activity"):
                named[thing].add(theme)
    return [
        Mention(
            thing,
            (),
            tuple(index.sorted(named[thing] - page, language)),
            tuple((thing, theme) for theme in sorted(named[thing])),
        )
        for thing in index.sorted(set(named), language)
    ]


def _appearance(index: Index, language: str, mention: Mention) -> Appearance:
    """Add when a thing was, whether it was, and the words that say so."""
    status = index.value(mention.thing, DLG + "hasRealisationStatus")
    when = related.times(index, mention.thing, language)
    evidence = dict.fromkeys(passage for node, mentioned in mention.told for passage in index.evidence(node, mentioned))
    return Appearance(**vars(mention), when=when, status=status, evidence=tuple(evidence))


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
