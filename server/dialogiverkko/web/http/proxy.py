"""Serving behind a reverse proxy: which forwarded headers count, and a path before every address.

Pages, redirections and links are written from the root of this copy. Where the copy lies below a path (told by
the base address, or by a trusted proxy as X-Forwarded-Prefix), that path is put in front of them here, in one
place and last, so that no page has to know it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from dialogiverkko.media import HTML
from dialogiverkko.settings import Settings

Environ = dict[str, Any]  # PEP 3333: text, streams, flags
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_ATTRIBUTE = re.compile(r'(\s(?:href|src|action|formaction|poster|data-[a-z-]+)=")/(?!/)')
_IN_HEADER = re.compile(r"</(?!/)")


class Below:
    """A WSGI application below a path, which a proxy in front may take off or leave on.

    A path whose first part is one of ours, such as ``/data``, has to be left on, or told by X-Forwarded-Prefix.
    """

    def __init__(self, application: Application, prefix: str) -> None:
        self._application = application
        self._prefix = prefix

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        given = environ.get("SCRIPT_NAME", "").rstrip("/")
        if given and _PREFIX.fullmatch(given):
            environ["SCRIPT_NAME"] = given  # a proxy that is believed took it off
        else:
            environ["SCRIPT_NAME"] = self._prefix
            path = environ.get("PATH_INFO", "")
            if self._prefix and (path == self._prefix or path.startswith(self._prefix + "/")):
                environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        return self._application(environ, start)


def install(app: Flask, settings: Settings) -> None:
    """Make an application trust the headers of so many proxies, and answer below a path where one is set."""
    prefix = urlsplit(settings.base_address).path.rstrip("/")
    app.wsgi_app = Below(app.wsgi_app, prefix)  # type: ignore[method-assign,assignment]  # as Flask's documentation does
    if hops := settings.trusted_hops:
        believed = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=hops, x_prefix=hops)
        app.wsgi_app = believed  # type: ignore[method-assign]

    @app.after_request
    def below(response: Response) -> Response:
        if root := request.script_root:
            _put_below(response, root)
        return response


def _put_below(response: Response, root: str) -> None:
    """Put a path in front of what an answer writes from the root: Location, Link, and the links of a page."""
    location = response.headers.get("Location", "")
    if location.startswith("/") and not location.startswith("//"):
        response.headers["Location"] = root + location
    if links := response.headers.getlist("Link"):
        response.headers.setlist("Link", [_IN_HEADER.sub(f"<{root}/", link) for link in links])
    if response.mimetype == HTML.name and not response.is_streamed:
        response.set_data(_ATTRIBUTE.sub(rf"\g<1>{root}/", response.get_data(as_text=True)))
