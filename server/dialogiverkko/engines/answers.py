"""Asks a backend on behalf of our own code, which wants terms and not bytes.

Pages and exports go this way like everybody else: under limits, in a worker that may be killed.
"""

from collections.abc import Mapping

from pyoxigraph import RdfFormat, Triple
from pyoxigraph import parse as parse_rdf

from dialogiverkko.engines import Backend
from dialogiverkko.media import N_TRIPLES, RESULTS_JSON
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Question, Solutions, Term
from dialogiverkko.sparql.results import read_solutions

OWN_LIMITS = Limits(seconds=30.0, memory_bytes=1_073_741_824, rows=5_000_000, result_bytes=536_870_912)


def select(
    backend: Backend, text: str, bindings: Mapping[str, Term] | None = None, *, limits: Limits = OWN_LIMITS
) -> Solutions:
    """Ask a SELECT whose text is ours, with values bound as terms."""
    result = backend.query(Question(parse(text), RESULTS_JSON, limits, bindings=bindings or {}))
    return read_solutions(result.body, RESULTS_JSON)


def construct(
    backend: Backend,
    text: str,
    bindings: Mapping[str, Term] | None = None,
    *,
    limits: Limits = OWN_LIMITS,
) -> tuple[Triple, ...]:
    """Ask a CONSTRUCT or DESCRIBE whose text is ours."""
    result = backend.query(Question(parse(text), N_TRIPLES, limits, bindings=bindings or {}))
    return tuple(
        Triple(quad.subject, quad.predicate, quad.object) for quad in parse_rdf(result.body, RdfFormat.N_TRIPLES)
    )
