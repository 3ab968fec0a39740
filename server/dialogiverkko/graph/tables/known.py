"""The names that a table may use: of things and concepts, in any language, by abbreviation or by key.

A name is matched where it is equal to one that is known, but for its case, dashes and spaces, or where a person has
judged it (matches.csv). Likeness ranks what is proposed, and matches nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple
from rapidfuzz import fuzz, process, utils

from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.tables.cells import CellError, plain_dashes, tidy
from dialogiverkko.namespaces import ID, SKOS, VOCAB

_NAMES = {SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel"}
_KINDS = {
    "org": "organisation",
    "place": "place",
    "activity": "dialogue",
    "project": "context",
    "programme": "context",
    "process": "context",
    "occasion": "context",
    "instrument": "context",
    "product": "context",
}
THINGS = frozenset({"organisation", "place", "dialogue", "context"})
"""Schemes whose names are of things; of all others they are of concepts, which form closed lists."""
FORMS = {
    "event": {"fi": "Tapahtuma", "sv": "Evenemang", "en": "Event"},
    "series": {"fi": "Sarja", "sv": "Serie", "en": "Series"},
    "practice": {"fi": "Käytäntö", "sv": "Praxis", "en": "Practice"},
    "support": {"fi": "Tukitoiminta", "sv": "Stödverksamhet", "en": "Support"},
    "unstated": {"fi": "Muoto ei tiedossa", "sv": "Formen okänd", "en": "Form unstated"},
}
"""What an activity may be, as tables say it."""
LIKE_ENOUGH = 88


def normal(text: str) -> str:
    """Return the form in which names are compared."""
    return re.sub(r"[\"'’”“]", "", plain_dashes(tidy(text)).replace("-", "–").casefold()).strip(" .")


@dataclass(frozen=True)
class Proposal:
    """A known name that is like the one that was written, and how like, of 100."""

    key: str
    name: str
    likeness: int


@dataclass
class Known:
    """Names by scheme: of concepts (theme, role, unit …) and of things (organisation, place, dialogue, context)."""

    names: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """Scheme to normal form to keys."""
    labels: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Scheme to key to a name for people."""
    titles: dict[str, dict[str, dict[str, str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))
    """Scheme to language to key to the name that lists show."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Known":
        """Collect every name of a snapshot."""
        known = cls()
        for triples in snapshot.graphs.values():
            known.add_triples(ordered(triples).saying(_NAMES))
        for form, names in FORMS.items():
            known.add("form", form, *names.values())
            for language, name in names.items():
                known.titles["form"][language][form] = name
        return known

    def add_triples(self, triples: Iterable[Triple]) -> None:
        """Add the names that triples state."""
        for triple in triples:
            if triple.predicate.value in _NAMES and isinstance(triple.subject, NamedNode):
                found = place_of(triple.subject.value)
                if found and isinstance(triple.object, Literal):
                    self.add(*found, triple.object.value)
                    if triple.predicate.value == SKOS + "prefLabel":
                        self.titles[found[0]][triple.object.language or ""][found[1]] = triple.object.value

    def by_language(self, scheme: str, language: str) -> set[str]:
        """Return the names of a scheme in a language."""
        return set(self.titles[scheme][language].values())

    def copy(self) -> "Known":
        """Return names that a check may add to, so that one check leaves nothing to the next."""
        other = Known()
        for scheme, names in self.names.items():
            for name, keys in names.items():
                other.names[scheme][name] = set(keys)
        for scheme, labels in self.labels.items():
            other.labels[scheme] = dict(labels)
        other.titles = self.titles
        return other

    def add(self, scheme: str, key: str, *names: str) -> None:
        """Add names of one thing; its key, and the last part of an address, are names too."""
        last = key.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for name in (key, last, last.replace("-", " "), *names):
            if normal(name):
                self.names[scheme][normal(name)].add(key)
        if names and names[0]:
            self.labels[scheme].setdefault(key, names[0])

    def find(self, scheme: str, text: str, values: Mapping[str, list[str]] | None = None) -> list[str] | None:
        """Return the keys that a cell's word means: one, or those that a map gives it; None where it is not known.

        Raises CellError where it means several.
        """
        for word, keys in (values or {}).items():
            if normal(word) == normal(text):
                return keys
        keys_found = self.names[scheme].get(normal(text), set())
        if len(keys_found) == 1:
            return list(keys_found)
        if keys_found:
            raise CellError(
                "ambiguous-name",
                f"«{text}» is the name of {len(keys_found)} things.",
                f"Write one of {', '.join(sorted(keys_found))}.",
            )
        return (values or {}).get("*")

    def alike(self, scheme: str, text: str, most: int, least: int = LIKE_ENOUGH) -> list[Proposal]:
        """Rank the known names that are like a text as a whole; this matches nothing."""
        found = process.extract(
            normal(text),
            self.names[scheme].keys(),
            scorer=fuzz.token_sort_ratio,
            processor=utils.default_process,
            score_cutoff=least,
            limit=most * 3,
        )
        best: dict[str, Proposal] = {}
        for name, score, _ in found:
            for key in sorted(self.names[scheme][name]):
                best.setdefault(key, Proposal(key, self.labels[scheme].get(key, name), round(score)))
        return list(best.values())[:most]


def place_of(iri: str) -> tuple[str, str] | None:
    """Return the scheme and the key of an address of ours that tables may name; None for any other."""
    if iri.startswith(VOCAB):
        parts = iri.removeprefix(VOCAB).split("/")
        return (parts[0], parts[1]) if len(parts) == 2 else None
    if iri.startswith(ID):
        kind, _, key = iri.removeprefix(ID).partition("/")
        if kind in _KINDS and "/" not in key:
            scheme = _KINDS[kind]
            return scheme, f"{kind}:{key}" if scheme == "context" else key
    return None
