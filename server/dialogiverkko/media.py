"""Media types and their negotiation (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header


@dataclass(frozen=True)
class MediaType:
    """A media type that we write, with the suffix by which people ask for it."""

    name: str
    suffix: str
    label: str

    @property
    def content_type(self) -> str:
        """The Content-Type header: text types say that they are UTF-8."""
        return f"{self.name}; charset=utf-8" if self.name.startswith("text/") else self.name


RESULTS_JSON = MediaType("application/sparql-results+json", "json", "SPARQL results JSON")
RESULTS_XML = MediaType("application/sparql-results+xml", "xml", "SPARQL results XML")
CSV = MediaType("text/csv", "csv", "CSV")
TSV = MediaType("text/tab-separated-values", "tsv", "TSV")
TURTLE = MediaType("text/turtle", "ttl", "Turtle")
N_TRIPLES = MediaType("application/n-triples", "nt", "N-Triples")
RDF_XML = MediaType("application/rdf+xml", "rdf", "RDF/XML")
JSON_LD = MediaType("application/ld+json", "jsonld", "JSON-LD")
TRIG = MediaType("application/trig", "trig", "TriG")
N_QUADS = MediaType("application/n-quads", "nq", "N-Quads")
HTML = MediaType("text/html", "html", "HTML")
JSON = MediaType("application/json", "json", "JSON")
PROBLEM = MediaType("application/problem+json", "json", "Problem details")

SOLUTION_TYPES: tuple[MediaType, ...] = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
GRAPH_TYPES: tuple[MediaType, ...] = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)

ALIASES: dict[str, str] = {
    "application/json": RESULTS_JSON.name,
    "application/xml": RESULTS_XML.name,
    "text/xml": RESULTS_XML.name,
    "text/plain": N_TRIPLES.name,
    "application/x-turtle": TURTLE.name,
}
"""Names that clients send for a type of ours; used only where the exact name is not on offer."""


def negotiate(accept: str | None, offered: Sequence[MediaType]) -> MediaType | None:
    """Choose the offered type that an Accept header likes best, or None where it likes none.

    No header, or an empty one, takes the first offer (RFC 9110: no preference).
    """
    if not accept or not accept.strip():
        return offered[0]
    parsed = parse_accept_header(accept, MIMEAccept)
    best = parsed.best_match([media_type.name for media_type in offered])
    return next((media_type for media_type in offered if media_type.name == best), None)
