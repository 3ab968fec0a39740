"""The error tree: each error has one class, one stable code and one message that says what to do.

The tree is the table: web/http/problems gives each code its HTTP status, cli its exit code.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class DialogiverkkoError(Exception):
    """An error with a stable code and a message fit for the person who caused it.

    The message says what was wrong, where, and what would be right. It never holds a path of this
    machine or a traceback, since it may be shown to a stranger. ``details`` are extra members of the
    problem document (RFC 9457, section 3.2).
    """

    code: ClassVar[str] = "internal-error"

    def __init__(self, message: str, **details: str | int | float | list[str]) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


# --- the data and its files -------------------------------------------------------------------


class DataError(DialogiverkkoError):
    """A file of ontology/, data/, shapes/ or queries/ cannot be read or is not what it should be."""

    code: ClassVar[str] = "bad-data"


class TurtleSyntaxError(DataError):
    """An RDF file does not parse; details hold file, line and column."""

    code: ClassVar[str] = "bad-turtle"


class GraphInvalidError(DataError):
    """The graph has at least one Violation and must not be served."""

    code: ClassVar[str] = "graph-invalid"


# --- queries ----------------------------------------------------------------------------------


class QuerySyntaxError(DialogiverkkoError):
    """The query text is not SPARQL 1.1; details hold line and column (1-based)."""

    code: ClassVar[str] = "query-syntax"


class MalformedRequestError(DialogiverkkoError):
    """The request is not one that the SPARQL 1.1 Protocol allows."""

    code: ClassVar[str] = "malformed-request"


class QueryEvaluationError(DialogiverkkoError):
    """The query parses but cannot be evaluated, such as one with an unknown function."""

    code: ClassVar[str] = "query-evaluation"


class UpdateForbiddenError(DialogiverkkoError):
    """The request is an update; the graph is read-only."""

    code: ClassVar[str] = "update-forbidden"


class ServiceForbiddenError(DialogiverkkoError):
    """The query uses SERVICE with an address that the allow-list does not open."""

    code: ClassVar[str] = "service-forbidden"


class BadParameterError(DialogiverkkoError):
    """A parameter of a saved query is missing or has a value that its type does not allow."""

    code: ClassVar[str] = "bad-parameter"


# --- limits -----------------------------------------------------------------------------------


class LimitError(DialogiverkkoError):
    """A limit was reached; details hold limit (its setting's name) and value."""

    code: ClassVar[str] = "limit"


class TimeLimitError(LimitError):
    """The query ran past its time limit and its worker was killed."""

    code: ClassVar[str] = "time-limit"


class MemoryLimitError(LimitError):
    """The worker needed more memory than it may have."""

    code: ClassVar[str] = "memory-limit"


class ResultLimitError(LimitError):
    """The result has more rows or bytes than one answer may hold."""

    code: ClassVar[str] = "result-limit"


class QueryTooLongError(LimitError):
    """The query text is longer than the limit."""

    code: ClassVar[str] = "query-too-long"


class QueryTooDeepError(LimitError):
    """The query nests deeper than the limit."""

    code: ClassVar[str] = "query-too-deep"


class QueueFullError(LimitError):
    """All workers are busy and the queue is full; details hold retry_after in seconds."""

    code: ClassVar[str] = "queue-full"


class WorkerLostError(DialogiverkkoError):
    """The worker that evaluated the query died for a reason that is none of the limits."""

    code: ClassVar[str] = "worker-lost"


class QueryCancelledError(DialogiverkkoError):
    """Nobody waits for the answer any more, so the query was stopped; no client sees this."""

    code: ClassVar[str] = "query-cancelled"


class BackendUnavailableError(DialogiverkkoError):
    """The engine behind the endpoint cannot be reached or answers nonsense."""

    code: ClassVar[str] = "backend-unavailable"


# --- representations --------------------------------------------------------------------------


class NotAcceptableError(DialogiverkkoError):
    """No media type on offer satisfies the Accept header; details hold offered."""

    code: ClassVar[str] = "not-acceptable"


class UnsupportedMediaTypeError(DialogiverkkoError):
    """The request body has a media type that the operation does not take."""

    code: ClassVar[str] = "unsupported-media-type"


class NotFoundError(DialogiverkkoError):
    """Nothing of ours has that address."""

    code: ClassVar[str] = "not-found"


class UsageError(DialogiverkkoError):
    """A command was given arguments that make no sense; exit code 2."""

    code: ClassVar[str] = "usage"


def error_of(code: str, message: str, details: Mapping[str, Any]) -> DialogiverkkoError:  # Any: as JSON holds them
    """Make the error of a code that another process reported."""
    kinds = [DialogiverkkoError]
    for kind in kinds:
        if kind.code == code:
            return kind(message, **details)
        kinds += kind.__subclasses__()
    raise LookupError(code)
