"""Reads a request by the SPARQL 1.1 Protocol, strictly: what the client sent, or why it is not allowed.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from binascii import a2b_qp
from dataclasses import dataclass
from urllib.parse import unquote

from flask import Request
from pyoxigraph import NamedNode
from werkzeug.http import parse_options_header

from dialogiverkko.errors import (
    MalformedRequestError,
    QueryTooLongError,
    UnsupportedMediaTypeError,
    UpdateForbiddenError,
)
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.query import Dataset
from dialogiverkko.spelling import cut
from dialogiverkko.web.http.problems import HttpError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_MOST_FIELDS = 200
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SLACK = 65_536
_PER_CHARACTER = 12
"""Bytes that one character of a query may take in a form: %XX for each of four bytes."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class QueryRequest:
    """One query operation: the text, the dataset that the protocol names, and what it wants of us."""

    query: str | None
    dataset: Dataset
    formats: tuple[str, ...] = ()
    timeout: float | None = None
    names_language: bool = False
    """Whether the address asks for a page in a language."""
    version: str = ""
    """The version of the data that is asked for."""


def decoded(raw: bytes, where: str) -> str:
    """Read bytes of a request as UTF-8; raises MalformedRequestError, which tells where they stand, for others."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"{where} is not UTF-8 (byte {error.start}). Send UTF-8.") from error


def read_pairs(raw: bytes, where: str) -> Pairs:
    """Parse fields of a form or a query string; raises MalformedRequestError for too many, or what is no UTF-8."""
    fields = decoded(raw, where).replace("+", " ").split("&")
    if len(fields) > _MOST_FIELDS:
        raise MalformedRequestError(f"{where} has more than {_MOST_FIELDS} fields.")
    try:
        return [
            (_unquoted(name), _unquoted(value)) for name, _, value in (each.partition("=") for each in fields if each)
        ]
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"{where} holds percent-encoded bytes that are not UTF-8.") from error


def _unquoted(coded: str) -> str:
    """Decode percent-encoding; a ``%`` that no two hexadecimal digits follow stands for itself."""
    if "%" not in coded:
        return coded
    if _BARE_PERCENT.search(coded):
        return unquote(coded, errors="strict")
    # Quoted-printable is the same code with another sign, and its decoder, in C, takes a tenth of the time.
    return a2b_qp(coded.encode().replace(b"=", b"=3D").replace(b"%", b"=")).decode()


def query_string(request: Request) -> Pairs:
    """Read the query string, byte for byte as it was sent."""
    return read_pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"), "The query string")


def most_bytes(settings: Settings) -> int:
    """Return how long a body may be: the longest query that is allowed, in a form, and the other fields."""
    return settings.query_length_limit * _PER_CHARACTER + _SLACK


def _body(request: Request, settings: Settings) -> bytes:
    if "Transfer-Encoding" in request.headers and "Content-Length" in request.headers:
        raise MalformedRequestError("A request has Content-Length or Transfer-Encoding, never both.")
    length = request.headers.get("Content-Length")
    if length is None and "Transfer-Encoding" not in request.headers:
        raise HttpError("length-required", "Send the body with Content-Length, or in chunks.")
    if length is not None and not (length.isascii() and length.isdigit()):
        raise MalformedRequestError("Content-Length is a number of bytes.")
    most = most_bytes(settings)
    if length is not None and int(length) > most:
        raise _too_long(length, most)
    if length is not None:
        return request.get_data(cache=False)
    body = request.stream.read(most + 1)
    if len(body) > most:
        raise _too_long(f"more than {most}", most)
    return body


def _too_long(length: str, most: int) -> QueryTooLongError:
    return QueryTooLongError(
        f"The body has {length} bytes; at most {most} are taken.", limit="query_length_limit", value=most
    )


def _charset(options: dict[str, str]) -> None:
    charset = options.get("charset", "utf-8").strip().lower()
    if charset not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise UnsupportedMediaTypeError(f"The charset is UTF-8, not {cut(charset, 40)}.", accepted=["utf-8"])


def _one(pairs: Pairs, name: str) -> str | None:
    values = [value for key, value in pairs if key == name]
    if len(values) > 1:
        raise MalformedRequestError(f"The parameter '{name}' is given {len(values)} times; give it once.")
    return values[0] if values else None


def _dataset(pairs: Pairs) -> Dataset:
    default = tuple(value for key, value in pairs if key == "default-graph-uri" and value)
    named = tuple(value for key, value in pairs if key == "named-graph-uri" and value)
    for name in (*default, *named):
        try:
            NamedNode(name)
        except ValueError as error:
            raise MalformedRequestError(f"'{cut(name, 100)}' is no IRI, so it names no graph.") from error
    return Dataset(default or None, named or None)


def _timeout(raw: str | None) -> float | None:
    if raw is None or not raw.strip():
        return None
    try:
        seconds = float(raw)
    except ValueError as error:
        raise MalformedRequestError("'timeout' is a number of seconds, such as 2.5.") from error
    if not 0 < seconds < float("inf"):
        raise MalformedRequestError("'timeout' is a number of seconds above 0.")
    return seconds


def _refuse_update(pairs: Pairs) -> None:
    if any(key in ("update", "using-graph-uri", "using-named-graph-uri") for key, _ in pairs):
        raise UpdateForbiddenError("This endpoint answers queries; the graph is read-only.")


def read_request(request: Request, settings: Settings) -> QueryRequest:
    """Read a GET, HEAD or POST.

    Raises MalformedRequestError, UpdateForbiddenError, UnsupportedMediaTypeError or QueryTooLongError.
    """
    pairs = query_string(request)
    _refuse_update(pairs)
    query = _one(pairs, "query")
    names_language = any(name == "lang" for name, _ in pairs)
    if request.method == "POST":
        pairs, query = _read_post(request, settings, pairs, query)
    formats = tuple(value for name, value in pairs if name == "format")
    seconds, version = _timeout(_one(pairs, "timeout")), _one(pairs, "version") or ""
    return QueryRequest(query, _dataset(pairs), formats, seconds, names_language, version)


def _read_post(request: Request, settings: Settings, pairs: Pairs, in_address: str | None) -> tuple[Pairs, str]:
    media_type, options = parse_options_header(request.headers.get("Content-Type", ""))
    media_type = media_type.lower()
    if media_type == UPDATE:
        raise UpdateForbiddenError("This endpoint answers queries; the graph is read-only.")
    if media_type not in (FORM, QUERY):
        raise UnsupportedMediaTypeError(
            f"A query is posted as {FORM} or {QUERY}, not as {cut(media_type, 80) or 'nothing'}.",
            accepted=[FORM, QUERY],
        )
    _charset(options)
    body = _body(request, settings)
    if media_type == QUERY:
        if in_address is not None:
            raise MalformedRequestError("The query is the body; leave 'query' out of the address.")
        return pairs, decoded(body, "The body")
    pairs = [*pairs, *read_pairs(body, "The form")]
    _refuse_update(pairs)
    query = _one(pairs, "query")
    if query is None:
        raise MalformedRequestError("The form has no 'query'. Send query=SELECT…")
    return pairs, query
