"""The IRIs that this project mints, in one place."""

from typing import Final

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

LANGUAGES: Final = ("fi", "sv", "en")
"""The languages of every label, the language of the domain first."""

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
"""Not ours, but named by every module that looks at classes."""
