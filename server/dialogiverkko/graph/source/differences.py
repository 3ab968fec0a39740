"""Writes in sentences what a compilation changes in the graph."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Triple

from dialogiverkko.namespaces import DLG, ID, RDF_TYPE, VOCAB

_NOUNS = {
    "org": ("organisation", "organisations"),
    "place": ("place", "places"),
    "activity": ("activity", "activities"),
    "gap": ("gap", "gaps"),
    "remark": ("remark", "remarks"),
    "doc": ("document", "documents"),
    "process": ("policy process", "policy processes"),
}
_STATUS = DLG + "statedStatus"
_SHOWN = 8


def _things(triples: Iterable[Triple], *, declared_here: bool = True) -> dict[str, set[str]]:
    """List the things and concepts that are declared here, or elsewhere, with what is said of each and of its nodes."""
    said: dict[str, set[str]] = defaultdict(set)
    declared: set[str] = set()
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or not triple.subject.value.startswith((ID, VOCAB)):
            continue
        base = ID if triple.subject.value.startswith(ID) else VOCAB
        own = base + "/".join(triple.subject.value.removeprefix(base).split("/")[:2])
        said[own].add(str(triple))
        if triple.predicate.value == RDF_TYPE and own == triple.subject.value:
            declared.add(own)
    return {thing: statements for thing, statements in said.items() if (thing in declared) is declared_here}


def _kind(thing: str) -> str:
    return thing.removeprefix(ID).removeprefix(VOCAB).split("/")[0]


def _counted(things: Iterable[str]) -> str:
    counts = Counter(map(_kind, things))
    parts = []
    for kind, number in sorted(counts.items()):
        one, many = _NOUNS.get(kind, (kind.replace("-", " "), kind.replace("-", " ") + "s"))
        parts.append(f"{number} {one if number == 1 else many}")
    return ", ".join(parts)


def _named(things: Iterable[str]) -> str:
    names = sorted(thing.rsplit("/", 1)[-1] for thing in things)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f" ({', '.join(names[:_SHOWN])}{more})"


def _statuses(triples: Iterable[Triple]) -> Mapping[str, str]:
    return {str(t.subject): str(t.object) for t in triples if t.predicate.value == _STATUS}


def differences(before: Iterable[Triple], after: Iterable[Triple]) -> list[str]:
    """Write sentences that tell what is added, removed and changed; one that says so where nothing is."""
    before, after = list(before), list(after)
    old, new = _things(before), _things(after)
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    changed = {thing for thing in new.keys() & old.keys() if new[thing] != old[thing]}
    sentences = []
    if added:
        sentences.append(f"adds {_counted(added)}{_named(added)}")
    if removed:
        sentences.append(f"removes {_counted(removed)}{_named(removed)}")
    if changed:
        sentences.append(f"changes {_counted(changed)}{_named(changed)}")
    elsewhere_old, elsewhere_new = (_things(each, declared_here=False) for each in (before, after))
    more = {thing for thing in elsewhere_new if elsewhere_new[thing] - elsewhere_old.get(thing, set())}
    if more:
        sentences.append(f"says more of {_counted(more)}{_named(more)}")
    was, now = _statuses(before), _statuses(after)
    status = [node for node in was.keys() & now.keys() if was[node] != now[node]]
    if status:
        sentences.append(f"changes the status of {len(status)}")
    if not sentences:
        same = set(map(str, before)) == set(map(str, after))
        sentences.append("changes nothing" if same else "changes passages only")
    return sentences
