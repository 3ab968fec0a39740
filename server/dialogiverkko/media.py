"""Media types and their negotiation (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

_REMEMBERED: Final = 500
"""Characters of an Accept header whose choice is remembered."""


@dataclass(frozen=True)
class MediaType:
    """A media type that we write, with the suffix by which people ask for it."""

    name: str
    suffix: str
    label: str

    @property
    def content_type(self) -> str:
        """The Content-Type header: text and XML say that they are UTF-8."""
        is_text = self.name.startswith("text/") or self.name.endswith("+xml")
        return f"{self.name}; charset=utf-8" if is_text else self.name


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
XLSX = MediaType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel (XLSX)")
SVG = MediaType("image/svg+xml", "svg", "SVG")
PNG = MediaType("image/png", "png", "PNG")
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

FORMAT_NAMES: dict[str, tuple[MediaType, ...]] = {
    "json": (RESULTS_JSON, JSON_LD),
    "xml": (RESULTS_XML, RDF_XML),
    "turtle": (TURTLE,),
    "n3": (TURTLE,),
    "ntriples": (N_TRIPLES,),
    "rdf+xml": (RDF_XML,),
    "json-ld": (JSON_LD,),
}
"""What clients write into ``format`` beside our suffixes; each Turtle document is also an N3 document."""


def by_format(wanted: str, offered: Sequence[MediaType]) -> MediaType | None:
    """Choose by the value of ``format``: a suffix, a name that clients use, or media types as in Accept."""
    if "/" in wanted:
        return negotiate(wanted, offered)
    suffixed = next((media_type for media_type in offered if media_type.suffix == wanted), None)
    return suffixed or next((each for each in FORMAT_NAMES.get(wanted, ()) if each in offered), None)


def negotiate(accept: str | None, offered: Sequence[MediaType]) -> MediaType | None:
    """Choose the offered type that an Accept header likes best, or None where it likes none.

    No header, or an empty one, takes the first offer (RFC 9110: no preference). The quality of a type is that
    of the most specific range that matches it, so ``text/csv;q=0, */*`` never gives CSV. Among equals the more
    specific range wins, then our order. Parameters, such as a charset, do not tell types apart.
    """
    if not accept or not accept.strip():
        return offered[0]
    if len(accept) > _REMEMBERED:
        return _negotiated(accept, tuple(offered))
    return _remembered(accept, tuple(offered))


def _negotiated(accept: str, offered: tuple[MediaType, ...]) -> MediaType | None:
    ranges = [(_bare(name), quality) for name, quality in parse_accept_header(accept, MIMEAccept)]
    best, best_rank = None, (0.0, 0)
    for media_type in offered:
        rank = max(_rank(media_type.name, ranges), *(_exact(alias, ranges) for alias in _aliases(media_type, offered)))
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = media_type, rank
    return best


_remembered = lru_cache(maxsize=1024)(_negotiated)
"""The same, for headers of a usual length: clients send the same few."""


def _bare(name: str) -> str:
    return name.partition(";")[0].strip().lower()


def _aliases(media_type: MediaType, offered: Sequence[MediaType]) -> list[str]:
    exact = {each.name for each in offered}
    return ["", *(alias for alias, name in ALIASES.items() if name == media_type.name and alias not in exact)]


def _exact(name: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    return max(((quality, 3) for pattern, quality in ranges if pattern == name), default=(0.0, 0))


def _rank(name: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """Return the quality of a name, and how specific the range is that gives it: 3 exact, 2 a kind, 1 any."""
    kind = name.partition("/")[0]
    found = (0.0, 0)
    for pattern, quality in ranges:
        specific = 3 if pattern == name else 2 if pattern == f"{kind}/*" else 1 if pattern in ("*/*", "*") else 0
        if specific > found[1] or (specific == found[1] and specific and quality > found[0]):
            found = (quality, specific)
    return found
