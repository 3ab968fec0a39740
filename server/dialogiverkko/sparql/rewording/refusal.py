"""The error for a valid query that Oxigraph cannot answer."""

from dialogiverkko.errors import QueryEvaluationError


def refused(what: str, advice: str) -> QueryEvaluationError:
    """Make the error of a valid query that the engine cannot answer."""
    return QueryEvaluationError(f"The query is valid SPARQL 1.1, but our engine, Oxigraph, {what}. {advice}")
