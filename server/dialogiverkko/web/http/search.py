"""The search for programs: ``/search.json``, and the address that leads a visitor to the page of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.media import JSON
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.asked import untracked
from dialogiverkko.search import asked as asking
from dialogiverkko.search.asked import Document
from dialogiverkko.search.finding import Hit, Search
from dialogiverkko.web.languages import preferred, told_in


def blueprint(
    saved: SavedQueries,
    search: Callable[[], Search],
    place: Callable[[Hit, str], Document],
    default_language: str = "fi",
) -> Blueprint:
    """Make the routes; ``place`` tells where a hit has its page and what its kind is called."""
    routes = Blueprint("search", __name__)

    @routes.get("/search.json")
    def answer() -> Response:
        asked = asking.read(request.args.items(multi=True))
        asked = replace(asked, language=asked.language or preferred(default_language))
        with told_in(asked.language):
            found = asking.document(search(), asked, lambda hit: place(hit, asked.language))
        body = json.dumps(found, ensure_ascii=False, indent=1).encode()
        response = Response(body, content_type=JSON.content_type)
        response.headers["Dialogiverkko-Version"] = saved.release.version
        response.headers["Dialogiverkko-Digest"] = saved.release.digest
        response.headers["Content-Language"] = asked.language
        response.headers["Cache-Control"] = "public, max-age=60, must-revalidate"
        response.vary.add("Accept-Language")
        response.add_etag()
        response.make_conditional(request)
        return response

    @routes.get("/search")
    def page() -> AnyResponse:
        query = urlencode(untracked(request.args.items(multi=True)))
        address = f"/{preferred(default_language)}/search"
        response = redirect(f"{address}?{query}" if query else address, 303)
        response.headers["Vary"] = "Accept-Language"
        return response

    return routes
