"""Views for other people's pages: a saved query and the network in a frame of theirs, and oEmbed, which finds both.

An embedded page has a policy of its own: any page may frame it, and it takes styles of ours and nothing else, no script.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from dialogiverkko.errors import BadParameterError, NotFoundError
from dialogiverkko.media import HTML, JSON
from dialogiverkko.namespaces import BASE, LANGUAGES
from dialogiverkko.network import asked as network_asked
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.drawing.charts import picture
from dialogiverkko.web.http import queries
from dialogiverkko.web.http.representation import BY_LANGUAGE, FIVE_MINUTES, language_of, represent
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import takeaway
from dialogiverkko.web.site.index import Index, address

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
ROWS: Final = 50
"""Rows of an embedded table where the address says nothing of them."""
_WIDTH, _HEIGHT = 800, 480
_LEAST, _MOST = 200, 4_000
_NETWORK_TAKES: Final = frozenset(parameter.name for parameter in network_asked.PARAMETERS)


def blueprint(services: Services, index: Index) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("embed", __name__, template_folder="../templates")

    @routes.get("/embed/queries/<name>")
    def question(name: str) -> Response:
        return _question(services, name)

    @routes.get("/embed/collaboration")
    def network() -> Response:
        return _network(services, index)

    @routes.get("/oembed")
    def oembed() -> Response:
        return _oembed(services)

    return routes


def _respond(services: Services, body: str, language: str) -> Response:
    response = represent(services, body.encode(), HTML, language=language, vary=BY_LANGUAGE)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _question(services: Services, name: str) -> Response:
    """Answer a saved query as a small page: its picture or its table, its source and licence."""
    asking = queries.read_asking(services, name, "html", rows=ROWS)
    answer, language = asking.answer, asking.language
    with told_in(language):
        drawn = picture(answer, language, services.positions)
        body = render_template(
            "site/embedded_query.html", language=language, query=asking.query, answer=answer, picture=drawn,
            columns=queries.shown_columns(asking.query), whole=f"/queries/{name}?{request.query_string.decode('ascii', 'replace')}",
            release=asking.services.saved.release,
        )  # fmt: skip
    return _respond(asking.services, body, language)


def _network(services: Services, index: Index) -> Response:
    """Answer the network, or the part of it that an address chooses, as a picture alone."""
    language = language_of(services)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    with told_in(language):
        drawn = takeaway.network(services, index, language)
        body = render_template(
            "site/embedded_network.html", language=language, drawn=drawn.drawn, title=drawn.title, below=drawn.below,
            href=lambda iri: address(iri, language), whole=f"/{language}/collaboration?{urlencode(kept)}",
            release=services.saved.release,
        )  # fmt: skip
    return _respond(services, body, language)


# --- oEmbed (https://oembed.com/) -----------------------------------------------------------------


def _oembed(services: Services) -> Response:
    asked = Asked(request.args.items(multi=True), ("url", "format", "maxwidth", "maxheight"))
    asked.one("format", ("json",))
    url = next((value for name, value in asked.pairs if name == "url" and value), "")
    if not url:
        raise BadParameterError("'url' is missing: give the address of a question or of the network.", parameter="url")
    root = root_address(services.settings.base_address)
    framed, title = _framed(services, url, root)
    width, height = (_size(asked, name, usual) for name, usual in (("maxwidth", _WIDTH), ("maxheight", _HEIGHT)))
    found = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Dialogiverkko",
        "provider_url": root,
        "title": title,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": f'<iframe src="{escape(framed)}" title="{escape(title)}" width="{width}" height="{height}" '
        'style="border:0" loading="lazy"></iframe>',
    }
    return represent(services, json.dumps(found, ensure_ascii=False, indent=1).encode(), JSON, seconds=FIVE_MINUTES)


def _size(asked: Asked, name: str, usual: int) -> int:
    given = asked.one(name) if any(each == name for each, _ in asked.pairs) else ""
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) < 9 and int(given) >= _LEAST):
        raise BadParameterError(f"'{name}' must be a whole number of at least {_LEAST}.", parameter=name)
    return min(usual, int(given), _MOST)


def _framed(services: Services, url: str, root: str) -> tuple[str, str]:
    """Return the address of the embedded view of a page of ours, and its title; raises NotFoundError for any other."""
    parts = _local(url, root)
    language = _language(parts) or services.settings.default_language
    path = parts.path.removeprefix("/embed") if parts.path.startswith("/embed/") else parts.path
    first, _slash, rest = path.lstrip("/").partition("/")
    if first in LANGUAGES:
        language, path = first, f"/{rest}"
    query = f"?{parts.query}" if parts.query else ""
    if path == "/collaboration":
        pairs = [p for p in parse_qsl(parts.query) if p[0] in _NETWORK_TAKES and p[0] != "lang"]
        with told_in(language):
            return f"{root}embed/collaboration?{urlencode([*pairs, ('lang', language)])}", _("Collaboration")
    if path.startswith("/queries/"):
        found = services.saved.catalogue.get(unquote(path.removeprefix("/queries/")))
        return f"{root}embed/queries/{found.name}{query}", found.title[language]
    raise NotFoundError("Nothing at that address can be embedded: take a question (/queries/…) or /collaboration.")


def _local(url: str, root: str) -> SplitResult:
    """Split an address of ours, without what stands before its path; raises NotFoundError for one that is not ours."""
    start = next((each for each in (root, BASE) if url.startswith(each)), None)
    try:
        return urlsplit("/" + url.removeprefix(start)) if start else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> SplitResult:
    raise NotFoundError("That is no address of ours.")


def _language(parts: SplitResult) -> str:
    given: Mapping[str, str] = dict(parse_qsl(parts.query))
    return next((given[name] for name in ("lang", "language") if given.get(name) in LANGUAGES), "")
