"""Writes triples as compact JSON-LD 1.1, with the part of a context that they use.

https://www.w3.org/TR/json-ld11/. Types are ``@type``, so that frames find them; a property has its term
where the value is what the term says, else a name with a prefix, else its IRI. Literals keep their lexical
forms: no number becomes one of JSON.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from dialogiverkko.namespaces import RDF_TYPE, XSD

_STRING: Final = XSD + "string"
_KEPT: Final = 65_536
"""How many IRIs are kept as they are written, of all that there are."""
Json = Any  # JSON: an object, a list or a text

_Described = Mapping[object, Iterable[Triple]]


@dataclass(frozen=True)
class Term:
    """A term of a context: what it stands for, and how its values are written."""

    name: str
    iri: str
    type: str = ""
    """``@id``, the datatype of its values, or nothing."""
    is_map: bool = False
    """Whether its values are texts by language."""
    is_set: bool = False

    def definition(self) -> Json:
        """Write it as a context does, with whole IRIs."""
        container = [*(["@language"] if self.is_map else []), *(["@set"] if self.is_set else [])]
        definition = {"@id": self.iri}
        if self.type:
            definition["@type"] = self.type
        if container:
            return {**definition, "@container": container if len(container) > 1 else container[0]}
        return definition if self.type else self.iri


@dataclass(frozen=True)
class Context:
    """Prefixes and terms to write with."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()

    @classmethod
    def of(cls, written: Mapping[str, Json]) -> "Context":
        """Read the body of ``@context``."""
        prefixes = {
            name: each["@id"] for name, each in written.items() if isinstance(each, dict) and each.get("@prefix")
        }

        def whole(name: str) -> str:
            prefix, colon, local = name.partition(":")
            return prefixes[prefix] + local if colon and prefix in prefixes else name

        terms = []
        for name, each in written.items():
            definition = {"@id": each} if isinstance(each, str) else each
            if name in prefixes or not isinstance(definition, dict) or definition["@id"].startswith("@"):
                continue
            container = definition.get("@container", ())
            container = {container} if isinstance(container, str) else set(container)
            kind = whole(definition.get("@type", ""))
            terms.append(Term(name, whole(definition["@id"]), kind, "@language" in container, "@set" in container))
        return cls(prefixes, tuple(terms))


def write_json_ld(described: _Described, context: Context) -> bytes:
    """Write triples, given by their subjects."""
    return Writer(context).document(described)


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Writer:
    """One document: what it uses of the context is declared in it."""

    def __init__(self, context: Context) -> None:
        named = [(prefix, namespace) for prefix, namespace in context.prefixes.items() if prefix]
        self._by_length = sorted(named, key=lambda each: -len(each[1]))
        self._terms: dict[str, list[Term]] = {}
        for term in context.terms:
            self._terms.setdefault(term.iri, []).append(term)
        self._names = {term.name for term in context.terms}
        self._used: dict[str, Json] = {}
        self._short: dict[str, str] = {}
        self.schemes: set[str] = set()
        """The schemes of IRIs that stay whole."""

    def document(self, described: _Described) -> bytes:
        """Write all, behind what of the context they use."""
        nodes = [self.node(subject, triples) for subject, triples in described.items()]
        if not self.schemes.isdisjoint(self._used):
            return Writer(Context()).document(described)  # a scheme of theirs would be read as a prefix of ours
        document = {"@context": {name: self._used[name] for name in sorted(self._used)}, "@graph": nodes}
        return _json(document)

    def node(self, subject: object, triples: Iterable[Triple]) -> Json:
        """Write a subject and what is said of it."""
        node: dict[str, Json] = {"@id": self._reference(subject)}
        for triple in triples:
            value, name = triple.object, triple.predicate.value
            if name == RDF_TYPE and isinstance(value, NamedNode | BlankNode):
                _add(node, "@type", self._class(value))
                continue
            term = next((term for term in self._terms.get(name, ()) if _fits(term, value)), None)
            if term is None:
                _add(node, self._property(name), self.value(value))
                continue
            self._used[term.name] = term.definition()
            if term.is_map and isinstance(value, Literal):
                texts = node.setdefault(term.name, {})
                _add(texts, str(value.language), value.value, always_list=term.is_set)
            else:
                written = value.value if isinstance(value, Literal) else self._reference(value)
                _add(node, term.name, written, always_list=term.is_set)
        return node

    def _class(self, value: NamedNode | BlankNode) -> str:
        term = next(iter(self._terms.get(value.value, ())), None)  # whatever it says of values, of which this is none
        if term is None:
            return self._reference(value)
        self._used[term.name] = term.definition()
        return term.name

    def _property(self, iri: str) -> str:
        name = self.shortened(iri)
        return iri if name in self._names else name

    def _reference(self, value: object) -> str:
        if isinstance(value, BlankNode):
            return f"_:{value.value}"
        return self.shortened(value.value) if isinstance(value, NamedNode) else str(value)

    def value(self, value: object) -> Json:
        """Write what is said, where no term says of what kind it is."""
        if not isinstance(value, Literal):
            return {"@id": self._reference(value)}
        if value.language:
            return {"@language": value.language, "@value": value.value}
        if value.datatype.value == _STRING:
            return value.value
        return {"@type": self.shortened(value.datatype.value), "@value": value.value}

    def shortened(self, iri: str) -> str:
        """Write an IRI with the longest prefix that it has; what a prefix would be read into stays whole."""
        if (known := self._short.get(iri)) is not None:
            return known
        short = iri
        for prefix, namespace in self._by_length:
            if not iri.startswith(namespace):
                continue
            local = iri[len(namespace) :]
            if local and not local.startswith("//"):
                short = f"{prefix}:{local}"
                self._used[prefix] = {"@id": namespace, "@prefix": True}
                break
        else:
            self.schemes.add(iri.partition(":")[0])
        if len(self._short) >= _KEPT:
            self._short.clear()
        self._short[iri] = short
        return short


def _fits(term: Term, value: object) -> bool:
    """Return whether a term says of a value what it is."""
    if not isinstance(value, Literal):
        return term.type == "@id"
    if value.language:
        return term.is_map
    return not term.is_map and value.datatype.value == (term.type or _STRING)


def _add(node: dict[str, Json], name: str, value: Json, *, always_list: bool = False) -> None:
    """Add a value to those of a name: one stands alone, several in a list."""
    if name not in node:
        node[name] = [value] if always_list else value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]
