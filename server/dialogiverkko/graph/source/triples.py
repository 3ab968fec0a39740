"""Triples by file, written with short names: what the compiler's parts share."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph.source.reading import Words
from dialogiverkko.namespaces import DCTERMS, DLG, FOAF, OA, ORG, OWL, PROV, RDF_TYPE, RDFS, SCHEMA, SKOS, XSD

NAMESPACES: Final[Mapping[str, str]] = {
    "dlg": DLG,
    "oa": OA,
    "cv": "http://data.europa.eu/m8g/",
    "org": ORG,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "rdfs": RDFS,
    "foaf": FOAF,
    "owl": OWL,
    "schema": SCHEMA,
    "xsd": XSD,
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "language": "http://publications.europa.eu/resource/authority/language/",
}
"""The vocabularies that the compiler writes, by prefix."""
Value = NamedNode | Literal | str


def name(short: str) -> NamedNode:
    """Return the IRI of ``prefix:local``, or of a whole address."""
    prefix, _, local = short.partition(":")
    return NamedNode(NAMESPACES[prefix] + local) if prefix in NAMESPACES else NamedNode(short)


def typed(value: str, datatype: str) -> Literal:
    """Return a literal of a datatype such as ``xsd:date``; a text stays a plain one."""
    return Literal(value) if datatype == "xsd:string" else Literal(value, datatype=name(datatype))


class Sheet:
    """The triples of all files of one compilation."""

    def __init__(self) -> None:
        self._files: dict[str, dict[Triple, None]] = defaultdict(dict)

    def add(self, file: str, subject: str, predicate: str, *values: Value) -> None:
        """Add statements; a text value is the address of a thing."""
        for value in values:
            node = NamedNode(value) if isinstance(value, str) else value
            self._files[file][Triple(NamedNode(subject), name(predicate), node)] = None

    def a(self, file: str, subject: str, *classes: str) -> None:
        """Say what a thing is."""
        self.add(file, subject, RDF_TYPE, *(name(each) for each in classes))

    def words(self, file: str, subject: str, predicate: str, words: Words | None) -> None:
        """Add a text in the languages in which it is there."""
        for language, text in (words.texts() if words else {}).items():
            self.add(file, subject, predicate, Literal(text, language=language))

    def label(self, file: str, subject: str, words: Words | None) -> None:
        """Add a name, and say in which languages it is our translation."""
        self.words(file, subject, "skos:prefLabel", words)
        for language in words.ours if words else ():
            self.add(file, subject, "dlg:hasOwnTranslationIn", Literal(language))

    def values(self, file: str, subject: str, predicate: str) -> list[str]:
        """List the things that a statement of a file leads to."""
        wanted = name(predicate)
        return [
            triple.object.value
            for triple in self._files[file]
            if triple.subject.value == subject and triple.predicate == wanted and isinstance(triple.object, NamedNode)  # type: ignore[union-attr]  # no blank nodes are made
        ]

    @property
    def files(self) -> dict[str, tuple[Triple, ...]]:
        """The triples, by file."""
        return {file: tuple(triples) for file, triples in self._files.items()}
