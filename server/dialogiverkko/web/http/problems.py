"""The table of errors, and their answers: a problem document (RFC 9457), or a page for a browser."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from dialogiverkko.engines.stopped import out_of_memory
from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.media import HTML, JSON, PROBLEM, negotiate
from dialogiverkko.namespaces import BASE, LANGUAGES
from dialogiverkko.saved.parameters import MOST_ALLOWED
from dialogiverkko.spelling import cut
from dialogiverkko.web.fault_words import told_of
from dialogiverkko.web.http.representation import BY_TYPE, BY_TYPE_AND_LANGUAGE, is_for_people, represent
from dialogiverkko.web.languages import SOURCE_LANGUAGE, catalogue, preferred, told_in
from dialogiverkko.web.services import Services, current_services


@dataclass(frozen=True)
class Problem:
    """One row of the table: a kind of error, its status, and what it means."""

    code: str
    status: int
    title: str
    meaning: str


def _(message: str) -> str:
    """Mark a message for the catalogues: programs get it in English, a page in its own language."""
    return message


TABLE: tuple[Problem, ...] = (
    Problem(
        "query-syntax", 400, _("The query is not SPARQL 1.1"), _("The line and column of the error are given below.")
    ),
    Problem("malformed-request", 400, _("The request is malformed"), _("The request does not follow the protocol.")),
    Problem(
        "query-evaluation",
        400,
        _("The query cannot be evaluated"),
        _("It refers to something that this service does not have."),
    ),
    Problem("query-too-deep", 400, _("The query nests too deeply"), _("The number of nested brackets is limited.")),
    Problem("update-forbidden", 403, _("The graph is read-only"), _("Updates are not accepted in any form.")),
    Problem(
        "service-forbidden",
        403,
        _("SERVICE queries are not allowed"),
        _("Only addresses on the list of allowed addresses may be called."),
    ),
    Problem("not-found", 404, _("Page not found"), _("There is no page or data at this address.")),
    Problem(
        "method-not-allowed", 405, _("Method not allowed"), _("The allowed methods are listed in the Allow header.")
    ),
    Problem("not-acceptable", 406, _("Format not available"), _("The available formats are listed below.")),
    Problem(
        "request-timeout",
        408,
        _("The request came too slowly"),
        _("The body of the request did not arrive in full in time."),
    ),
    Problem("length-required", 411, _("Content-Length is required"), _("A body must say how long it is.")),
    Problem("result-limit", 413, _("The answer is too large"), _("Ask for less: LIMIT, or fewer variables.")),
    Problem("query-too-long", 413, _("The query is too long"), _("The length of the query is limited.")),
    Problem("body-too-large", 413, _("The body is too large"), _("The size of the body is limited.")),
    Problem("uri-too-long", 414, _("The address is too long"), _("Send a long query by POST.")),
    Problem("unsupported-media-type", 415, _("Media type not accepted"), _("The accepted formats are listed below.")),
    Problem("bad-parameter", 422, _("Wrong parameter"), _("The parameter and the allowed values are given below.")),
    Problem("internal-error", 500, _("Server error"), _("The request identifier helps to find the cause.")),
    Problem("backend-unavailable", 503, _("The engine cannot be reached"), _("Try again later.")),
    Problem("queue-full", 503, _("The service is busy"), _("Retry-After says when to try again.")),
    Problem("memory-limit", 503, _("The query needs too much memory"), _("Ask for fewer rows at a time.")),
    Problem(
        "worker-lost",
        503,
        _("The query was interrupted"),
        _("The query was not answered; other queries were not affected."),
    ),
    Problem(
        "query-cancelled",
        503,
        _("The query was cancelled"),
        _("The connection was closed before the answer was ready."),
    ),
    Problem("not-ready", 503, _("The service is not ready yet"), _("The graph is not answering yet.")),
    Problem(
        "time-limit", 504, _("The query took too long"), _("The limit that was exceeded is given below. Ask for less.")
    ),
)
BY_CODE = {problem.code: problem for problem in TABLE}
_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable", 408: "request-timeout",
              411: "length-required", 413: "body-too-large", 414: "uri-too-long",
              415: "unsupported-media-type"}  # fmt: skip
RETRY_SECONDS = 2
_MOST_OF_PATH = 300
"""Characters of an address that a page repeats."""
ERROR = "dialogiverkko.error"
"""The key under which an environ holds the error that is to be told, where no worker could."""


class HttpError(DialogiverkkoError):
    """An error that exists only in HTTP; its code is one of the table."""

    def __init__(self, code: str, message: str, **details: str | int | float | list[str]) -> None:
        super().__init__(message, **details)
        self.problem = code


def respond(code: str, detail: str, **details: Any) -> Response:  # Any: members of a JSON document
    """Make the answer for one error; an unknown code is an internal error."""
    problem = BY_CODE.get(code, BY_CODE["internal-error"])
    document: dict[str, Any] = {
        "type": f"{BASE}problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        **{name: value for name, value in details.items() if name not in ("type", "title", "status", "detail")},
    }
    wanted = negotiate(request.headers.get("Accept"), (PROBLEM, JSON, HTML))
    if wanted is HTML:
        page, language = _page(problem, document)
        response = Response(page, problem.status, content_type=HTML.content_type)
        response.headers["Content-Language"] = language
    else:
        body = json.dumps(document, ensure_ascii=False)
        response = Response(body, problem.status, content_type=PROBLEM.name)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = ", ".join(BY_TYPE_AND_LANGUAGE if wanted is HTML else BY_TYPE)
    if problem.status == 503:
        response.headers["Retry-After"] = str(details.get("retry_after", RETRY_SECONDS))
    return response


def _page(problem: Problem, document: dict[str, Any] | None) -> tuple[bytes, str]:
    """Write an error as a page, in the language of the address, else in the one asked for; return it and that."""
    first = request.path.lstrip("/").partition("/")[0]
    told = [first, *(request.args.get(name, "") for name in ("lang", "language"))]
    wished = [code for code in told if code in LANGUAGES]
    default = current_services().settings.default_language
    language = wished[0] if wished else preferred(default)
    said = _said(document, language) if document else ""
    with told_in(language):
        body = render_template(
            "problem.html", problem=problem, document=document, language=language, said=said,
            path=cut(request.path, _MOST_OF_PATH), most=MOST_ALLOWED,
        )  # fmt: skip
    return body.encode(), language


def _said(document: dict[str, Any], language: str) -> str:
    """Say what happened in the language of the page, or nothing where it can be told in English alone."""
    detail = str(document["detail"])
    if document["status"] == 404 and not {"versions", "parameter"} & document.keys():
        return ""  # that there is no such page is told at once
    written = (document.get("given"), document.get("parameter"))
    values = [value for value in written if isinstance(value, str) and not value.isidentifier()]
    said = told_of(detail, values, catalogue(language).gettext)
    return said if said != detail or language == SOURCE_LANGUAGE else ""


def _ours(error: DialogiverkkoError) -> Response:
    code = error.problem if isinstance(error, HttpError) else error.code
    if code == "query-too-long" and request.method in ("GET", "HEAD"):
        code = "uri-too-long"
    return respond(code, error.message, **error.details)


def _werkzeug(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(error.get_response().response, status, headers=error.get_headers())
    code = _BY_STATUS.get(status, "malformed-request" if status < 500 else "internal-error")
    allowed: list[str] = sorted(getattr(error, "valid_methods", None) or [])
    details: dict[str, Any] = {"allowed": allowed} if allowed else {}
    response = respond(code, BY_CODE[code].meaning, **details)
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def install(app: Flask) -> None:
    """Make an application answer every error by the table."""
    app.register_error_handler(DialogiverkkoError, _ours)
    app.register_error_handler(HTTPException, _werkzeug)

    def unexpected(error: Exception) -> Response:
        app.logger.exception("unexpected error", exc_info=error)
        return respond("internal-error", BY_CODE["internal-error"].meaning)

    app.register_error_handler(Exception, unexpected)
    app.register_error_handler(MemoryError, lambda _: _ours(out_of_memory(current_services().limits.memory_bytes)))

    @app.before_request
    def ended() -> None:
        """Raise what ended the worker of this request, or kept it from beginning."""
        if error := request.environ.get(ERROR):
            raise error


def blueprint(services: Services) -> Blueprint:
    """Make the routes that explain each type of problem."""
    routes = Blueprint("problems", __name__, template_folder="../templates")

    @routes.get("/problems/<code>")
    def explain(code: str) -> Response:
        problem = BY_CODE.get(code)
        if problem is None:
            raise HttpError("not-found", f"There is no problem '{cut(code, 40)}'.", known=sorted(BY_CODE))
        if is_for_people(JSON):
            body, language = _page(problem, None)
            return represent(services, body, HTML, language=language, vary=BY_TYPE_AND_LANGUAGE)
        document = {
            "type": f"{BASE}problems/{code}",
            "title": problem.title,
            "status": problem.status,
            "meaning": problem.meaning,
        }
        return represent(services, json.dumps(document).encode(), JSON, vary=BY_TYPE_AND_LANGUAGE)

    return routes
