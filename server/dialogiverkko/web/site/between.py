"""The addresses of chains and comparisons: a page in each language, and JSON by Accept or by suffix."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotAcceptableError
from dialogiverkko.media import HTML, JSON, negotiate
from dialogiverkko.saved.asked import untracked
from dialogiverkko.web.languages import preferred, told_in
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import chain_page, comparing
from dialogiverkko.web.site.index import Index

Pairs = list[tuple[str, str]]
Document = Callable[[Pairs, str], tuple[dict[str, object], str]]


def add(routes: Blueprint, use: Services, index: Index, view: Callable[[str, str], AnyResponse]) -> None:
    """Add the routes; ``view`` answers a page of the site by language and name."""

    @routes.get("/<any(fi, sv, en):language>/collaboration/path")
    def chains(language: str) -> AnyResponse:
        return view(language, "collaboration/path")

    @routes.get("/collaboration/path")
    @routes.get("/collaboration/path.json")
    def chains_as_data() -> AnyResponse:
        return _answer(use, "collaboration/path", lambda pairs, code: chain_page.document(use, pairs, code))

    @routes.get("/compare")
    @routes.get("/compare.json")
    def comparison_as_data() -> AnyResponse:
        return _answer(use, "compare", lambda pairs, code: comparing.document(use, index, pairs, code))


def _answer(use: Services, name: str, document: Document) -> AnyResponse:
    """Answer with JSON, or lead a browser to the page in its language."""
    default = preferred(use.settings.default_language)
    pairs = untracked(request.args.items(multi=True))
    if not request.path.endswith(".json"):
        wanted = negotiate(request.headers.get("Accept"), (JSON, HTML))
        if wanted is None:
            raise NotAcceptableError("There is a page and JSON.", offered=[HTML.name, JSON.name])
        if wanted is HTML:
            query = urlencode(pairs, safe=",")
            response: AnyResponse = redirect(f"/{default}/{name}" + (f"?{query}" if query else ""), 303)
            response.headers["Vary"] = "Accept, Accept-Language"
            return response
    told, language = document(pairs, default)
    return _json(use, told, language)


def _json(use: Services, told: dict[str, object], language: str) -> Response:
    with told_in(language):
        body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    response = Response(body, content_type=JSON.content_type)
    response.headers["Dialogiverkko-Version"] = use.saved.release.version
    response.headers["Dialogiverkko-Digest"] = use.saved.release.digest
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, max-age=60, must-revalidate"
    response.vary.update(("Accept", "Accept-Language"))
    response.add_etag()
    response.make_conditional(request)
    return response
