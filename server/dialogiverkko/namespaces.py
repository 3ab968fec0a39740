"""The IRIs that this project mints, and the namespaces of others that its code names, in one place."""

from typing import Final, Literal, get_args

BASE: Final = "https://w3id.org/dialogiverkko/"
DLG: Final = BASE + "ns#"
VOCAB: Final = BASE + "vocab/"
ID: Final = BASE + "id/"
SRC: Final = BASE + "src/"
GRAPH: Final = BASE + "graph/"
SHAPES: Final = BASE + "shapes#"

GRAPH_ONTOLOGY: Final = GRAPH + "ontology"
GRAPH_VOCAB: Final = GRAPH + "vocab"
GRAPH_REFERENCE: Final = GRAPH + "reference"
GRAPH_SHAPES: Final = GRAPH + "shapes"
GRAPH_QUERIES: Final = GRAPH + "queries"
GRAPH_CATALOGUE: Final = GRAPH + "catalogue"
GRAPH_DERIVED: Final = GRAPH + "derived"
GRAPH_LISTING: Final = GRAPH + "listing/"
GRAPH_SOURCE: Final = GRAPH + "source/"
KEPT_GRAPHS: Final = {"vertaisdialogi-2021-06-08": GRAPH_LISTING + "2021-06-08"}
"""Named graphs that keep an older name, by the slug of their source."""

Language = Literal["fi", "sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The languages of every label, the language of the domain first."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
OA: Final = "http://www.w3.org/ns/oa#"
ORG: Final = "http://www.w3.org/ns/org#"
PROV: Final = "http://www.w3.org/ns/prov#"
SCHEMA: Final = "https://schema.org/"
RDF_TYPE: Final = RDF + "type"
