"""The saved queries as triples, so that the queries can be queried.

The form is that of sib-swiss/sparql-examples: ``sh:SPARQLSelectExecutable`` with ``sh:select``,
``rdfs:comment`` per language, ``schema:keywords`` and ``schema:target``. Parameters are ``sh:parameter``.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph.assets import Assets
from dialogiverkko.namespaces import BASE, LANGUAGES, RDF, RDFS, SCHEMA, SH, SKOS, XSD
from dialogiverkko.saved.catalogue import Catalogue, NamedQuery, load
from dialogiverkko.saved.parameters import Parameter, ParameterType

PREFIXES = NamedNode(BASE + "prefixes")
ENDPOINT = NamedNode(BASE + "sparql")

_DATATYPES = {
    ParameterType.STRING: XSD + "string",
    ParameterType.INTEGER: XSD + "integer",
    ParameterType.DATE: XSD + "date",
    ParameterType.LANGUAGE: XSD + "string",
    ParameterType.CHOICE: XSD + "string",
}


def _address(query: NamedQuery) -> Literal:
    return Literal(f"{BASE}queries/{query.name}", datatype=NamedNode(XSD + "anyURI"))


def triples(catalogue: Catalogue) -> Iterator[Triple]:
    """Describe every public query of a catalogue."""
    for query in catalogue.public():
        yield from describe(query)


def from_assets(assets: Assets) -> Iterator[Triple]:
    """Describe the public queries of a copy of the graph: what its graph/queries holds."""
    yield from triples(load(assets.root / "queries"))


def describe(query: NamedQuery) -> Iterator[Triple]:
    """Describe one query."""
    subject = NamedNode(query.iri)
    kind, text = ("Construct", "construct") if query.is_graph else ("Select", "select")
    yield Triple(subject, NamedNode(RDF + "type"), NamedNode(SH + "SPARQLExecutable"))
    yield Triple(subject, NamedNode(RDF + "type"), NamedNode(f"{SH}SPARQL{kind}Executable"))
    yield Triple(subject, NamedNode(SH + text), Literal(query.body.strip()))
    yield Triple(subject, NamedNode(SH + "prefixes"), PREFIXES)
    yield Triple(subject, NamedNode(SCHEMA + "target"), ENDPOINT)
    yield Triple(subject, NamedNode(SCHEMA + "url"), _address(query))
    for tag in query.tags:
        yield Triple(subject, NamedNode(SCHEMA + "keywords"), Literal(tag))
    for language in LANGUAGES:
        yield Triple(subject, NamedNode(SKOS + "prefLabel"), Literal(query.title[language], language=language))
        comment = Literal(query.question[language], language=language)
        yield Triple(subject, NamedNode(RDFS + "comment"), comment)
        explanation = Literal(query.explanation[language], language=language)
        yield Triple(subject, NamedNode(SCHEMA + "description"), explanation)
    for parameter in query.parameters:
        node = NamedNode(f"{query.iri}/parameter/{parameter.name}")
        yield Triple(subject, NamedNode(SH + "parameter"), node)
        yield from _parameter(node, parameter)


def _parameter(node: NamedNode, parameter: Parameter) -> Iterator[Triple]:
    yield Triple(node, NamedNode(RDF + "type"), NamedNode(SH + "Parameter"))
    yield Triple(node, NamedNode(SH + "path"), node)
    if parameter.type is ParameterType.IRI:
        yield Triple(node, NamedNode(SH + "nodeKind"), NamedNode(SH + "IRI"))
    else:
        yield Triple(node, NamedNode(SH + "datatype"), NamedNode(_DATATYPES[parameter.type]))
    optional = Literal("false" if parameter.required else "true", datatype=NamedNode(XSD + "boolean"))
    yield Triple(node, NamedNode(SH + "optional"), optional)
    for language in LANGUAGES:
        yield Triple(node, NamedNode(SH + "name"), Literal(parameter.label(language), language=language))
    for value in parameter.default:
        yield Triple(node, NamedNode(SH + "defaultValue"), parameter.term(value))
