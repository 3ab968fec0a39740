"""Reads a compiled source: its statements by subject, its passages, and how each is quoted in a reading."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.text import SourceText, Span
from dialogiverkko.graph.source.triples import name
from dialogiverkko.namespaces import DLG, LANGUAGES, RDF_TYPE

Mapping_ = dict[str, Any]


class Index:
    """The statements of a snapshot, by subject and predicate."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.said: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        for triple in snapshot.merged:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                self.said[triple.subject.value][triple.predicate.value].append(triple.object)

    def all(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a statement as texts, sorted."""
        return sorted(each.value for each in self.said[subject][name(predicate).value])

    def one(self, subject: str, predicate: str) -> str:
        """Return the one value of a predicate, or an empty text."""
        return next(iter(self.all(subject, predicate)), "")

    def words(self, subject: str, predicate: str) -> Mapping_:
        """Return a text in its languages, Finnish first."""
        found = {o.language: o.value for o in self.said[subject][name(predicate).value] if isinstance(o, Literal)}
        return {language: found[language] for language in LANGUAGES if language in found}

    def is_a(self, subject: str, kind: str) -> bool:
        """Whether a thing is of a class of ours."""
        return DLG + kind in (each.value for each in self.said[subject][RDF_TYPE])

    def of_kind(self, kind: str) -> list[str]:
        """List the things of a class of ours."""
        return sorted(subject for subject in list(self.said) if self.is_a(subject, kind))


def slug(iri: str) -> str:
    """Return the name of a thing or concept."""
    return iri.rsplit("/", 1)[-1]


class Quoter:
    """Quotes the passages of one document."""

    def __init__(self, snapshot: Snapshot, document: str, text: SourceText) -> None:
        self.index, self.document, self.text = Index(snapshot), document, text
        index = self.index
        mine = [p for p in index.of_kind("Passage") if index.one(p, "oa:hasSource") == document]
        self.spans = {p: self._span(p) for p in mine}
        self.items = sorted((p for p in mine if index.is_a(p, "ListItem")), key=lambda p: self.spans[p])
        self.sections = sorted((p for p in mine if index.is_a(p, "Section")), key=lambda p: self.spans[p].start)
        self.fine = [p for p in mine if p not in set(self.items) | set(self.sections)]
        self.covered: dict[str, set[str]] = defaultdict(set)
        self.homes = self._homes()

    def _span(self, passage: str) -> Span:
        position = next(s for s in self.index.all(passage, "oa:hasSelector") if self.index.one(s, "oa:start"))
        return Span(int(self.index.one(position, "oa:start")), int(self.index.one(position, "oa:end")))

    def _homes(self) -> dict[str, str]:
        """Find for each activity the item that says most of it."""
        homes = {}
        for activity in self.index.of_kind("Activity"):
            said = self.index.all(activity, "dlg:isEvidencedBy")
            items = [p for p in said if p in set(self.items)]
            if items:
                homes[activity] = max(
                    items, key=lambda i: sum(self.spans[i].holds(self.spans[p]) for p in said if p in self.spans)
                )
        return homes

    # --- quotations ----------------------------------------------------------------------------

    def quote(self, passage: str, item: str = "") -> str:
        """Write the words of a passage, as they are looked for from an item."""
        span = self.spans[passage]
        words = self.text.quotable(span)
        if len(words.split()) > 12:
            return "«" + " ".join(words.split()[:3]) + " …»"
        scope = self.spans[item] if item and self.spans[item].holds(span) else self._holder(span)
        found = list(self.text.occurrences(words, scope))
        nth = found.index(span) + 1
        return f"«{words}»" + (f"#{nth}" if nth > 1 else "")

    def _holder(self, span: Span) -> Span:
        row = self.text.row_at(span.start)
        return row.span if row else Span(0, len(self.text.text))

    def in_order(self, passages: Iterable[str]) -> list[str]:
        """Put passages in the order of the text."""
        return sorted((p for p in passages if p in self.spans), key=lambda p: self.spans[p])

    def said(self, value: str, passages: Iterable[str], item: str, thing: str = "") -> str:
        """Write a value and the words that say it."""
        listed = self.in_order(passages)
        for passage in listed:
            if thing:
                self.covered[passage].add(thing)
        return " ".join([value, *(self.quote(p, item) for p in listed)])
