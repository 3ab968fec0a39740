"""The one error table, and how an error is told: a problem document (RFC 9457), or a page for a browser."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.media import HTML, JSON, PROBLEM, negotiate
from dialogiverkko.namespaces import BASE


@dataclass(frozen=True)
class Problem:
    """One row of the table: a kind of error, its status, and what it means."""

    code: str
    status: int
    title: str
    meaning: str


TABLE: tuple[Problem, ...] = (
    Problem("query-syntax", 400, "The query is not SPARQL 1.1", "line and column say where it goes wrong."),
    Problem("malformed-request", 400, "The request is malformed", "It is not what the protocol allows."),
    Problem("query-evaluation", 400, "The query cannot be evaluated", "It parses, but asks for what is not there."),
    Problem("query-too-deep", 400, "The query nests too deeply", "The limit bounds nested brackets."),
    Problem("update-forbidden", 403, "The graph is read-only", "Updates are refused in every form."),
    Problem("service-forbidden", 403, "SERVICE is closed", "Only addresses on the allow-list may be called."),
    Problem("graph-forbidden", 403, "That graph is not ours", "A dataset names graphs of this endpoint only."),
    Problem("not-found", 404, "Nothing is here", "No resource of ours has this address."),
    Problem("method-not-allowed", 405, "That method is not allowed", "Allow lists those that are."),
    Problem("not-acceptable", 406, "No acceptable representation", "offered lists the media types there are."),
    Problem("request-timeout", 408, "The request came too slowly", "Its body was not whole in time."),
    Problem("length-required", 411, "Content-Length is required", "A body must say how long it is."),
    Problem("result-limit", 413, "The answer is too large", "Ask for less: LIMIT, or fewer variables."),
    Problem("query-too-long", 413, "The query is too long", "The limit bounds its characters."),
    Problem("body-too-large", 413, "The body is too large", "The limit bounds its bytes."),
    Problem("uri-too-long", 414, "The address is too long", "Send a long query by POST."),
    Problem("unsupported-media-type", 415, "That media type is not taken", "accepted lists those that are."),
    Problem("bad-parameter", 422, "A parameter is wrong", "It says which, and what is allowed."),
    Problem("internal-error", 500, "Something of ours went wrong", "The request id helps us find it."),
    Problem("backend-unavailable", 503, "The engine cannot be reached", "Try again later."),
    Problem("queue-full", 503, "All workers are busy", "Retry-After says when to try again."),
    Problem("memory-limit", 503, "The query needs too much memory", "Ask for less at a time."),
    Problem("worker-lost", 503, "The worker was lost", "The query was not answered; others were not hurt."),
    Problem("query-cancelled", 503, "The query was given up", "Nobody waited for its answer any more."),
    Problem("not-ready", 503, "Not ready", "The graph is not answering yet."),
    Problem("time-limit", 504, "The query ran out of time", "limit and value say which limit; ask for less."),
)
BY_CODE = {problem.code: problem for problem in TABLE}
_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable", 408: "request-timeout",
              411: "length-required", 413: "body-too-large", 414: "uri-too-long",
              415: "unsupported-media-type"}  # fmt: skip
RETRY_SECONDS = 2


class HttpError(DialogiverkkoError):
    """An error that only HTTP knows; its code is one of the table."""

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
        body = render_template("problem.html", problem=problem, document=document)
        response = Response(body, problem.status, content_type=HTML.content_type)
    else:
        body = json.dumps(document, ensure_ascii=False)
        response = Response(body, problem.status, content_type=PROBLEM.name)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    if problem.status == 503:
        response.headers["Retry-After"] = str(details.get("retry_after", RETRY_SECONDS))
    return response


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
    """Have an application tell every error by the table."""
    app.register_error_handler(DialogiverkkoError, _ours)
    app.register_error_handler(HTTPException, _werkzeug)

    def unexpected(error: Exception) -> Response:
        app.logger.exception("unexpected error", exc_info=error)
        return respond("internal-error", BY_CODE["internal-error"].meaning)

    app.register_error_handler(Exception, unexpected)


def blueprint() -> Blueprint:
    """Make the routes that explain each type of problem."""
    routes = Blueprint("problems", __name__, template_folder="templates")

    @routes.get("/problems/<code>")
    def explain(code: str) -> Response:
        problem = BY_CODE.get(code)
        if problem is None:
            raise HttpError("not-found", f"There is no problem '{code[:40]}'.", known=sorted(BY_CODE))
        if negotiate(request.headers.get("Accept"), (JSON, HTML)) is HTML:
            return Response(
                render_template("problem.html", problem=problem, document=None),
                content_type=HTML.content_type,
            )
        document = {
            "type": f"{BASE}problems/{code}",
            "title": problem.title,
            "status": problem.status,
            "meaning": problem.meaning,
        }
        return Response(json.dumps(document), content_type=JSON.name)

    return routes
