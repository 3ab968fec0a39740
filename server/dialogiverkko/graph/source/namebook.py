"""Names to addresses: what ``om`` or ``eratauko`` in a reading is, and the nearest known name where it is nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.reading import New
from dialogiverkko.namespaces import ID, RDF_TYPE, SKOS, VOCAB
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
LABELS = tuple(SKOS + name for name in ("prefLabel", "altLabel"))
_ALIKE = 0.8
"""How alike words are, at least, to be a misspelling of what something is called."""
_FEW = 24
_LOOK = "find a known name with  dialogiverkko source names WORD"
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


Labels = dict[tuple[str, str], list[str]]
"""What things and concepts are called, by kind and slug."""


class Namebook:
    """All names of things and concepts, by kind."""

    def __init__(self, names: Mapping[str, frozenset[str]], labels: Labels | None = None) -> None:
        self._names, self._labels = names, labels or {}

    @classmethod
    def of(cls, snapshot: Snapshot, without: Iterable[str] = ()) -> "Namebook":
        """Read the names of all that is of a class in a snapshot, but for what some named graphs alone declare."""
        left_out = set(without)
        names: dict[str, set[str]] = defaultdict(set)
        labels: Labels = defaultdict(list)
        for graph, triples in snapshot.graphs.items():
            for triple in () if graph in left_out else triples:
                predicate, subject = triple.predicate.value, triple.subject
                if (predicate != RDF_TYPE and predicate not in LABELS) or not isinstance(subject, NamedNode):
                    continue
                kind, slug = kind_and_slug(subject.value)
                if kind and predicate == RDF_TYPE:
                    names[kind].add(slug)
                elif kind and isinstance(triple.object, Literal):
                    labels[kind, slug].append(triple.object.value)
        return cls({kind: frozenset(slugs) for kind, slugs in names.items()}, dict(labels))

    def with_names(self, more: Iterable[tuple[str, str]]) -> "Namebook":
        """Return a book that holds further names: pairs of kind and slug."""
        names = {kind: set(slugs) for kind, slugs in self._names.items()}
        for kind, slug in more:
            names.setdefault(kind, set()).add(slug)
        return Namebook({kind: frozenset(slugs) for kind, slugs in names.items()}, self._labels)

    def slugs(self, kind: str) -> frozenset[str]:
        """Return the names of one kind."""
        return self._names.get(kind, frozenset())

    def labelled(self) -> Iterator[tuple[str, str, str]]:
        """Yield each name with its kind and what it is called, in order."""
        for kind, slugs in sorted(self._names.items()):
            for slug in sorted(slugs):
                yield kind, slug, " · ".join(dict.fromkeys(self._labels.get((kind, slug), ())))

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
        elsewhere = [kind for kind in self._names if slug in self.slugs(kind)]
        message = f"«{name}» is no known {' or '.join(wanted)}"
        if elsewhere:
            message += f", but the name of a {elsewhere[0]}"
        raise UnknownNameError(message, self._nearest(slug, wanted))

    def _nearest(self, slug: str, kinds: tuple[str, ...]) -> str:
        """Return the known name that is spelt most like one, or that is called so in some language."""
        slugs = [each for kind in kinds for each in sorted(self.slugs(kind))]
        called = {label.casefold(): of[1] for of, labels in self._labels.items() if of[0] in kinds for label in labels}
        plain = slug.replace("-", " ").casefold()
        return called.get(plain) or nearest(slug, slugs) or called.get(nearest(plain, called, _ALIKE), "")

    def mend(self, kinds: tuple[str, ...]) -> str:
        """Return what to do where a name is not known: choose of a short list, or look it up and declare a new one."""
        keys = [key.replace("_", "-") for key, kind in _PLURALS.items() if kind in kinds]
        every = sorted({slug for kind in kinds for slug in self.slugs(kind)})
        if not keys:
            return f"known are {', '.join(every)}" if len(every) <= _FEW else _LOOK
        return f"{_LOOK}, or declare it under new: {', '.join(keys)}"


def kind_and_slug(iri: str) -> tuple[str, str]:
    """Return the kind and name of a thing or concept of ours; empty texts for any other address."""
    base = next((each for each in (ID, VOCAB) if iri.startswith(each)), "")
    parts = iri.removeprefix(base).split("/")
    if not base or len(parts) != 2:  # kind and slug
        return "", ""
    return (GAP_KIND if parts[0] == "gap" and base == VOCAB else parts[0]), parts[1]
