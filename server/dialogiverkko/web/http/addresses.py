"""Addresses that people type: one with a slash at its end leads to the one without, everywhere alike."""

from urllib.parse import quote

from flask import Flask, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from dialogiverkko.namespaces import LANGUAGES

_KEPT = ("/", *(f"/{language}/" for language in LANGUAGES))


def install(app: Flask) -> None:
    """Have an application answer a slash at the end by a redirection (308: the method stays)."""

    @app.before_request
    def without_slash() -> Response | None:
        path = request.path
        if not path.endswith("/") or path in _KEPT:
            return None
        plain = "/" + path.strip("/")
        if plain == "/" or not _has_route(app, plain):
            return None
        query = request.query_string.decode("latin-1")
        return redirect(quote(plain, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else ""), 308)


def _has_route(app: Flask, path: str) -> bool:
    adapter = app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(path, method=request.method))
    except RequestRedirect:
        return True
    except HTTPException:
        return False
