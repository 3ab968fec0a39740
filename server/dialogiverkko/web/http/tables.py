"""The template to fill and its check: ``/tables/template.xlsx``, ``.csv`` and ``/tables/check``; nothing is kept."""

import json
import sys
from collections.abc import Callable
from importlib import import_module

from flask import Blueprint, Response, request

from dialogiverkko.errors import NotFoundError
from dialogiverkko.graph.tables.faults import Faults
from dialogiverkko.graph.tables.files import TableError
from dialogiverkko.graph.tables.limits import Limits
from dialogiverkko.media import CSV, XLSX
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.web.http.problems import HttpError
from dialogiverkko.web.services import Services

_LIBRARIES = ("dialogiverkko.graph.tables.filled", "dialogiverkko.graph.tables.template")
LIMITS = Limits(file_bytes=2_000_000, rows=2_000, cells=100_000, characters=2_000_000)
"""What a stranger may send; a keeper's own machine takes more."""


def bring() -> bool:
    """Import what reads and writes tables, which a start does without; return whether there was anything to do."""
    missing = [name for name in _LIBRARIES if name not in sys.modules]
    for name in missing:
        import_module(name)
    return bool(missing)


def check_sent(
    services: Services, say: Callable[[str], str] = str, language: str | None = None, *, marked: bool = False
) -> tuple[str, Faults, bytes]:
    """Check the table that was sent, a few at a time; return its name, its faults, and it with comments.

    Nothing is kept. ``say`` puts each sentence into a language. Raises TableError where it is no table.
    """
    services.require_files()
    from dialogiverkko.graph.tables import filled  # brings libraries that a start does without

    data, name = _sent()
    if not services.checks.acquire(blocking=False):
        raise HttpError("queue-full", "Other tables are being checked; try again in a few seconds.")
    try:
        return name, *filled.check_filled(data, name, services.known_names, LIMITS, say, language, marked=marked)
    finally:
        services.checks.release()


def blueprint(services: Services) -> Blueprint:
    """Make the routes of the template and of its check."""
    routes = Blueprint("tables", __name__, url_prefix="/tables")

    @routes.get("/template.<suffix>")
    def blank(suffix: str) -> Response:
        language = request.args.get("lang", "fi")
        if suffix not in ("xlsx", "csv") or language not in LANGUAGES:
            raise NotFoundError("The template is there as .xlsx and .csv, in fi, sv and en.")
        services.require_files()
        from dialogiverkko.graph.tables import template  # brings libraries that a start does without

        body = template.as_book(services.known_names, language) if suffix == "xlsx" else template.as_csv(language)
        response = Response(body, content_type=(XLSX if suffix == "xlsx" else CSV).content_type)
        response.headers["Content-Disposition"] = f"attachment; filename=dialogiverkko-{language}.{suffix}"
        return response

    @routes.post("/check")
    def check() -> Response:
        try:
            is_book = request.args.get("as") == "xlsx"
            _, faults, book = check_sent(services, marked=is_book)
        except TableError as error:
            answer = json.dumps({"clean": False, "refused": error.message}, ensure_ascii=False)
            return Response(answer, 422, content_type="application/json; charset=utf-8")
        if is_book:
            headers = {"Content-Disposition": "attachment; filename=dialogiverkko-checked.xlsx"}
            return Response(book, content_type=XLSX.content_type, headers=headers)
        return Response(faults.json(), content_type="application/json; charset=utf-8")

    return routes


def _sent() -> tuple[bytes, str]:
    """Return the bytes that were sent, as a form's file or as the body, and the name of the file."""
    if (request.content_length or 0) > LIMITS.file_bytes + 10_000:
        raise HttpError("body-too-large", f"A table to check has at most {LIMITS.file_bytes} bytes.")
    file = next(iter(request.files.values()), None)
    if file is not None:
        return file.read(LIMITS.file_bytes + 1), file.filename or ""
    return request.get_data(cache=False), request.args.get("name", "")
