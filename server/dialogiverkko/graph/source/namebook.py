"""Names to addresses: what ``om`` or ``eratauko`` in a reading is, and the nearest known name where it is nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.reading import New
from dialogiverkko.namespaces import ID, RDF_TYPE, VOCAB
from dialogiverkko.spelling import nearest

ALIASES = {"kind": "participant-kind", "organisation": "org", "document": "doc"}
"""What people may write before the colon for the name of a kind."""
CONTEXTS = ("project", "programme", "process", "occasion")
_PLURALS = {
    "organisations": "org",
    "places": "place",
    "projects": "project",
    "programmes": "programme",
    "processes": "process",
    "instruments": "instrument",
    "products": "product",
    "occasions": "occasion",
    "themes": "theme",
    "methods": "method",
    "participant_kinds": "participant-kind",
    "units": "unit",
}
GAP_KIND = "gap-kind"
THINGS = ("org", "place", *CONTEXTS, "instrument", "product", "activity", "doc", "gap", "remark")


class UnknownNameError(ValueError):
    """A name that nothing has; ``nearest`` is the known one that is most like it."""

    def __init__(self, message: str, near: str = "") -> None:
        super().__init__(message)
        self.nearest = near


def address(kind: str, slug: str) -> str:
    """Return the IRI of a thing or a concept; the kinds of gaps share a word with the gaps."""
    if kind == GAP_KIND:
        return f"{VOCAB}gap/{slug}"
    return f"{ID}{kind}/{slug}" if kind in THINGS else f"{VOCAB}{kind}/{slug}"


def new_names(new: New) -> Iterable[tuple[str, str, str]]:
    """Yield what a reading declares: the key in the file, the kind, the name."""
    for field, kind in _PLURALS.items():
        for slug in getattr(new, field):
            yield field.replace("_", "-"), kind, slug


class Namebook:
    """All names of things and concepts, by kind."""

    def __init__(self, names: Mapping[str, frozenset[str]]) -> None:
        self._names = names

    @classmethod
    def of(cls, snapshot: Snapshot, without: Iterable[str] = ()) -> "Namebook":
        """Read the names of all that is of a class in a snapshot, but for what some named graphs alone declare."""
        left_out = set(without)
        names: dict[str, set[str]] = defaultdict(set)
        for graph, triples in snapshot.graphs.items():
            if graph in left_out:
                continue
            for triple in triples:
                subject = triple.subject
                if triple.predicate.value != RDF_TYPE or not isinstance(subject, NamedNode):
                    continue
                if not subject.value.startswith((ID, VOCAB)):
                    continue
                parts = subject.value.removeprefix(ID).removeprefix(VOCAB).split("/")
                if len(parts) == 2:  # kind and slug
                    is_gap_kind = parts[0] == "gap" and subject.value.startswith(VOCAB)
                    names[GAP_KIND if is_gap_kind else parts[0]].add(parts[1])
        return cls({kind: frozenset(slugs) for kind, slugs in names.items()})

    def with_names(self, more: Iterable[tuple[str, str]]) -> "Namebook":
        """Return a book that holds further names: pairs of kind and slug."""
        names = {kind: set(slugs) for kind, slugs in self._names.items()}
        for kind, slug in more:
            names.setdefault(kind, set()).add(slug)
        return Namebook({kind: frozenset(slugs) for kind, slugs in names.items()})

    def slugs(self, kind: str) -> frozenset[str]:
        """Return the names of one kind."""
        return self._names.get(kind, frozenset())

    def kinds_of(self, slug: str, kinds: Iterable[str]) -> tuple[str, ...]:
        """Return those of some kinds that have a name."""
        return tuple(kind for kind in kinds if slug in self.slugs(kind))

    def resolve(self, name: str, kinds: tuple[str, ...]) -> str:
        """Return the IRI that a name means among some kinds, the first where several have it.

        Raises UnknownNameError, with the nearest known name, where none has it.
        """
        wanted, slug = kinds, name.strip()
        if ":" in slug:
            prefix, slug = slug.split(":", 1)
            prefix = ALIASES.get(prefix, prefix)
            if prefix not in kinds:
                right = ", ".join(kinds)
                raise UnknownNameError(f"«{name}» is of the kind {prefix}; here may stand: {right}")
            wanted = (prefix,)
        for kind in wanted:
            if slug in self.slugs(kind):
                return address(kind, slug)
        if not slug:
            raise UnknownNameError("a name is missing")
        known = {each: kind for kind in wanted for each in sorted(self.slugs(kind))}
        near = nearest(slug, known)
        elsewhere = [kind for kind in self._names if slug in self.slugs(kind)]
        what = " or ".join(wanted)
        message = f"«{name}» is no known {what}"
        if elsewhere:
            message += f", but the name of a {elsewhere[0]}"
        raise UnknownNameError(message, near)
