"""What changed from one graph to another, as facts that people know: things added and removed, and what is said of them.

A fact is what a page tells of a thing; how it is written down, on what passages it rests and what is derived are none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph import alphabet, counts, dates
from dialogiverkko.namespaces import BASE, DCTERMS, DLG, ID, SCHEMA, SKOS
from dialogiverkko.web.site import headings
from dialogiverkko.web.site.index import CV, Index

KINDS = {
    "activity": _("activity"), "org": _("organisation"), "place": _("place"),
    "occasion": _("host event"), "process": _("policy process"), "project": _("project"),
    "programme": _("programme"), "instrument": _("policy instrument"),
    "product": _("work product"), "doc": _("source"), "gap": _("known gap"),
    "remark": _("remark"),
}  # fmt: skip
"""The kinds of things whose changes are told, in their order, by their part of the IRI."""
WHAT = ("added", "changed", "removed")
LANGUAGES = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}
_HANGING = {
    CV + "hasParticipation": (
        CV + "hasParticipant", DLG + "participantKind", CV + "role", DLG + "participantAffiliation", DLG + "participantArea",
    ),
    DLG + "hasCount": (
        DLG + "countedUnit", DLG + "perUnit", DLG + "quantifier", DLG + "isApproximate",
        SCHEMA + "value", SCHEMA + "minValue", SCHEMA + "maxValue",
    ),
    DLG + "hasTimeSpan": (DLG + "edtf",),
    DLG + "hasObjective": (DLG + "objectiveText",),
    DLG + "hasStatusStatement": (DLG + "statedStatus", DLG + "statedOn"),
}  # fmt: skip
"""What makes two statements of their own, hanging on a thing, say the same."""
_NAMED = {
    SKOS + "prefLabel": _("Name"), SKOS + "altLabel": _("Other name"),
    DCTERMS + "title": _("Title"), DCTERMS + "description": _("Description"),
    CV + "hasParticipation": _("Role"), DLG + "hasCount": _("Count"),
    DLG + "hasTimeSpan": _("Time"), DLG + "hasObjective": _("Objective"),
    DLG + "hasStatusStatement": _("Stated status"),
}  # fmt: skip
HEADINGS = {**_NAMED, **headings.OUTGOING}
_THING = re.compile(re.escape(ID) + r"([a-z]+)/[^/]+")

Key = tuple[str, str, str]
"""Property, language of its words where they have one, and what is said, alike for both graphs."""
Value = NamedNode | Literal


@dataclass(frozen=True)
class Difference:
    """What is no longer said of a thing by one property in one language, and what is said instead."""

    property: str
    language: str
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True)
class Change:
    """One thing, and what happened to it."""

    what: str
    kind: str
    thing: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two graphs, and what changed from the one to the other."""

    before: Index
    after: Index
    changes: tuple[Change, ...]

    @property
    def numbers(self) -> Mapping[tuple[str, str], int]:
        """How many things of each kind were added, changed and removed."""
        return Counter((each.kind, each.what) for each in self.changes)


def compare(before: Index, after: Index) -> Comparison:
    """Find what changed from one graph to another."""
    old, new = _things(before), _things(after)
    found = [Change("added", new[iri], iri) for iri in new.keys() - old.keys()]
    found += [Change("removed", old[iri], iri) for iri in old.keys() - new.keys()]
    for iri in new.keys() & old.keys():
        if differences := tuple(_differences(before, after, iri)):
            found.append(Change("changed", new[iri], iri, differences))
    return Comparison(before, after, tuple(sorted(found, key=lambda each: each.thing)))


def _things(index: Index) -> dict[str, str]:
    """List the things whose changes are told, each with its kind."""
    found = ((iri, _THING.fullmatch(iri)) for iri in index.mapped.beginning(ID))
    return {iri: match[1] for iri, match in found if match and match[1] in KINDS}


def _differences(before: Index, after: Index, iri: str) -> Iterator[Difference]:
    old, new = _facts(before, iri), _facts(after, iri)
    gone, come = _grouped(old, new), _grouped(new, old)
    order = list(HEADINGS)
    for predicate, language in sorted(gone.keys() | come.keys(), key=lambda each: (order.index(each[0]), each[1])):
        group = predicate, language
        yield Difference(predicate, language, tuple(gone.get(group, ())), tuple(come.get(group, ())))


def _grouped(of: Mapping[Key, Value], other: Mapping[Key, Value]) -> dict[tuple[str, str], list[Value]]:
    found: dict[tuple[str, str], list[Value]] = {}
    for key in sorted(of.keys() - other.keys()):
        found.setdefault(key[:2], []).append(of[key])
    return found


def _facts(index: Index, iri: str) -> dict[Key, Value]:
    """Return what is said of a thing: by a key that two graphs share, the value that says it."""
    found: dict[Key, Value] = {}
    for predicate, value in index.statements(iri):
        if predicate in _HANGING and isinstance(value, NamedNode):
            found[predicate, "", _said(index, value.value, _HANGING[predicate])] = value
        elif predicate in HEADINGS:
            language = value.language or "" if isinstance(value, Literal) else ""
            found[predicate, language, value.value] = value
    implied = [
        (predicate, language, value)
        for predicate, language, value in found
        if any((by, language, value) in found for by in headings.IMPLIED.get(predicate, ()))
    ]
    return {key: value for key, value in found.items() if key not in implied}


def _said(index: Index, node: str, predicates: Iterable[str]) -> str:
    return "\x00".join(f"{p}={v}" for p in predicates for v in index.values(node, p))


# --- in words ---------------------------------------------------------------------------------


def name(comparison: Comparison, iri: str, language: str) -> str:
    """Return the name of a thing, as the later graph has it where it does."""
    index = comparison.after if iri in comparison.after else comparison.before
    return index.label(iri, language).value


def sentences(comparison: Comparison, change: Change, language: str) -> list[str]:
    """Write a change in sentences of the present language."""
    kind = str(KINDS[change.kind])
    if change.what == "added":
        return [gettext("New: %(kind)s.", kind=kind)]
    if change.what == "removed":
        return [gettext("Removed: %(kind)s.", kind=kind)]
    told = (sentence for each in change.differences for sentence in _told(comparison, each, language))
    return list(dict.fromkeys(told))


def _told(comparison: Comparison, difference: Difference, language: str) -> Iterator[str]:
    heading = str(HEADINGS[difference.property])
    if difference.language in LANGUAGES:
        heading = f"{heading} ({LANGUAGES[difference.language]})"
    before = [words(comparison.before, difference.property, value, language) for value in difference.before]
    after = [words(comparison.after, difference.property, value, language) for value in difference.after]
    if len(before) == len(after) == 1 and before != after:
        yield gettext(
            "%(heading)s is now “%(after)s”; it was “%(before)s”.", heading=heading, after=after[0], before=before[0]
        )
        return
    if after:
        yield gettext("%(heading)s: added %(values)s.", heading=heading, values=_listed(after))
    if before:
        yield gettext("%(heading)s: removed %(values)s.", heading=heading, values=_listed(before))


def _listed(values: list[str]) -> str:
    return ", ".join(gettext("“%(value)s”", value=value) for value in values)


def words(index: Index, predicate: str, value: Value, language: str) -> str:
    """Write the value of a fact as a page would."""
    if isinstance(value, Literal):
        return value.value
    node = value.value
    match predicate.removeprefix(DLG).removeprefix(CV):
        case "hasCount":
            return counts.in_words(index, node, language)
        case "hasTimeSpan":
            return dates.in_words(index.value(node, DLG + "edtf"), language)
        case "hasObjective":
            return getattr(index.text(node, language, DLG + "objectiveText"), "value", "")
        case "hasStatusStatement":
            status = index.label(index.value(node, DLG + "statedStatus"), language).value
            day = index.value(node, DLG + "statedOn")
            return f"{status} ({dates.day(day, language)})" if day else status
        case "hasParticipation":
            who = index.value(node, CV + "hasParticipant") or index.value(node, DLG + "participantKind")
            role = index.value(node, CV + "role")
            named = index.label(who, language).value
            return f"{named} ({index.label(role, language).value})" if role else named
    return index.label(node, language).value if node.startswith(BASE) else node


@lru_cache(maxsize=3)
def ordered(comparison: Comparison, language: str) -> Sequence[Change]:
    """Sort the changes by what happened, by kind and by name."""
    kinds = list(KINDS)

    def key(change: Change) -> tuple[int, int, tuple[str, str], str]:
        named = alphabet.key(name(comparison, change.thing, language), language)
        return WHAT.index(change.what), kinds.index(change.kind), named, change.thing

    return sorted(comparison.changes, key=key)
