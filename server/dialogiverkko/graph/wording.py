"""Names counts and time spans in words; the words of the source stay the name in their own language."""

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from dialogiverkko.graph import counts, dates
from dialogiverkko.namespaces import DLG, LANGUAGES, RDF_TYPE, RDFS

_LABEL = NamedNode(RDFS + "label")


class _Merge:
    """The default graph of a store, as the counts ask it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _objects(self, iri: str, predicate: str) -> Iterator[NamedNode | Literal]:
        for quad in self._store.quads_for_pattern(NamedNode(iri), NamedNode(predicate), None, DefaultGraph()):
            if isinstance(quad.object, NamedNode | Literal):
                yield quad.object

    def value(self, iri: str, predicate: str) -> str:
        """Return the first value of a predicate in alphabetical order, or nothing."""
        return min((each.value for each in self._objects(iri, predicate)), default="")

    def texts(self, iri: str, *predicates: str) -> dict[str, str]:
        """Return the texts of the first predicate that has any, by language."""
        for predicate in predicates:
            found = {
                each.language or "": each.value for each in self._objects(iri, predicate) if isinstance(each, Literal)
            }
            if found:
                return found
        return {}


def labels(store: Store) -> Iterator[Triple]:
    """Yield a label in words for each count and time span, in the languages in which it has none yet."""
    merge = _Merge(store)
    for name in ("Count", "TimeSpan"):
        pattern = (None, NamedNode(RDF_TYPE), NamedNode(DLG + name), DefaultGraph())
        subjects = {q.subject for q in store.quads_for_pattern(*pattern)}
        for node in sorted(s.value for s in subjects if isinstance(s, NamedNode)):
            has = merge.texts(node, _LABEL.value)
            for language in LANGUAGES:
                words = "" if language in has else _words(merge, name, node, language)
                if words:
                    yield Triple(NamedNode(node), _LABEL, Literal(words, language=language))


def _words(merge: _Merge, name: str, node: str, language: str) -> str:
    if name == "TimeSpan":
        expression = merge.value(node, DLG + "edtf")
        return dates.in_words(expression, language) if expression else ""
    return counts.in_words(merge, node, language) if merge.value(node, DLG + "countedUnit") else ""
