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
_FORMS = ("event", "series", "practice", "support", "unstated")
LIKE_ENOUGH = 88
_PROPOSALS = 3
_SHORT = 4
"""Letters of a name that is like too much to be proposed, unless it stands in the text as a word."""


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
    preferred: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """Scheme to language to the names that lists show."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Known":
        """Collect every name of a snapshot."""
        known = cls()
        for triples in snapshot.graphs.values():
            known.add_triples(ordered(triples).saying(_NAMES))
        for form in _FORMS:
            known.add("form", form, form)
        return known

    def add_triples(self, triples: Iterable[Triple]) -> None:
        """Add the names that triples state."""
        for triple in triples:
            if triple.predicate.value in _NAMES and isinstance(triple.subject, NamedNode):
                found = place_of(triple.subject.value)
                if found and isinstance(triple.object, Literal):
                    self.add(*found, triple.object.value)
                    if triple.predicate.value == SKOS + "prefLabel":
                        self.preferred[found[0]][triple.object.language or ""].add(triple.object.value)

    def by_language(self, scheme: str, language: str) -> set[str]:
        """Return the names of a scheme in a language."""
        return self.preferred[scheme][language]

    def copy(self) -> "Known":
        """Return names that a check may add to, so that one check leaves nothing to the next."""
        other = Known()
        for scheme, names in self.names.items():
            for name, keys in names.items():
                other.names[scheme][name] = set(keys)
        for scheme, labels in self.labels.items():
            other.labels[scheme] = dict(labels)
        other.preferred = self.preferred
        return other

    def add(self, scheme: str, key: str, *names: str) -> None:
        """Add names of one thing; its key, and the last part of an address, are names too."""
        last = key.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for name in (key, last, last.replace("-", " "), *names):
            if normal(name):
                self.names[scheme][normal(name)].add(key)
        if names and names[0]:
            self.labels[scheme].setdefault(key, names[0])

    def find(self, scheme: str, text: str, values: Mapping[str, list[str]] | None = None) -> list[str]:
        """Return the keys that a cell's word means: one, or those that a map gives it.

        Raises CellError with the nearest known names where it means none, or several.
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
        if values and "*" in values:
            return values["*"]
        near = self.propose(scheme, text)
        hint = "; ".join(f"{p.name} ({p.key})" for p in near) if near else "nothing known is like it"
        code = "unknown-name" if scheme in ("organisation", "place", "dialogue", "context") else "unknown-value"
        is_value = code == "unknown-value"
        raise CellError(
            code,
            f"«{text}» is no concept of the scheme {scheme}." if is_value else f"«{text}» is no known {scheme}.",
            f"Nearest: {hint}. Write one of these, or say in the map what it is.",
        )

    def propose(
        self, scheme: str, text: str, most: int = _PROPOSALS, least: int = 55, *, whole: bool = False
    ) -> list[Proposal]:
        """Rank the known names that are most like a text, or like it as a whole; this matches nothing."""
        scorer = fuzz.token_sort_ratio if whole else fuzz.WRatio
        found = process.extract(
            normal(text), self.names[scheme].keys(), scorer=scorer, processor=utils.default_process, limit=most * 3
        )
        best: dict[str, Proposal] = {}
        words = set(normal(text).split())
        for name, score, _ in found:
            for key in sorted(self.names[scheme][name]):
                if score >= least and key not in best and (len(name) > _SHORT or name in words):
                    best[key] = Proposal(key, self.labels[scheme].get(key, name), round(score))
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
