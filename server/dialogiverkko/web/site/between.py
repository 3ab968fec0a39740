"""The addresses of the search, of chains and of comparisons: a page in each language, and JSON by Accept or by suffix."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.media import HTML, JSON
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.saved.asked import Asked, untracked
from dialogiverkko.search import asked as asking
from dialogiverkko.web.http.representation import (
    BY_LANGUAGE,
    BY_TYPE_AND_LANGUAGE,
    chosen,
    represent,
    see_other,
    version_asked,
)
from dialogiverkko.web.http.versions import NAME
from dialogiverkko.web.languages import preferred, told_in
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import chain_page, comparing, searching
from dialogiverkko.web.site.index import Index

Pairs = list[tuple[str, str]]
Document = Callable[[Pairs, str], tuple[dict[str, object], str]]


def add(routes: Blueprint, services: Services, index: Index, view: Callable[[str, str], AnyResponse]) -> None:
    """Add the routes; ``view`` answers a page of the site by language and name."""

    @routes.get(f"/<any({', '.join(LANGUAGES)}):language>/collaboration/path")
    def chains(language: str) -> AnyResponse:
        return view(language, "collaboration/path")

    @routes.get("/collaboration")
    def network() -> AnyResponse:
        return see_other(_page("collaboration", preferred(services.settings.default_language)), BY_LANGUAGE)

    @routes.get("/collaboration/path")
    @routes.get("/collaboration/path.json")
    def chains_as_data() -> AnyResponse:
        asked = services.of_version(version_asked())

        def document(pairs: Pairs, language: str) -> tuple[dict[str, object], str]:
            return chain_page.document(asked, [pair for pair in pairs if pair[0] != NAME], language)

        return _answer(asked, "collaboration/path", document, by_accept=True)

    @routes.get("/compare")
    @routes.get("/compare.json")
    def comparison_as_data() -> AnyResponse:
        return _answer(
            services, "compare", lambda pairs, code: comparing.document(services, index, pairs, code), by_accept=True
        )

    @routes.get("/search")
    @routes.get("/search.json")
    def found_as_data() -> AnyResponse:
        return _answer(services, "search", lambda pairs, code: _found(services, pairs, code), by_accept=False)


def _found(services: Services, pairs: Pairs, default_language: str) -> tuple[dict[str, object], str]:
    """Return what is found as JSON, each with its page, and the language of the names."""
    asked = asking.read_search(pairs)
    asked = replace(asked, language=asked.language or default_language)
    with told_in(asked.language):
        found = asking.document(services.search, asked, lambda hit: searching.place(hit, asked.language))
    return found, asked.language


def _page(name: str, default: str) -> str:
    """Return the address of a page in the language that the request says, with all else that it asks."""
    pairs = untracked(request.args.items(multi=True))
    language = Asked([pair for pair in pairs if pair[0] == "lang"], ("lang",)).language() or default
    query = urlencode([pair for pair in pairs if pair[0] != "lang"], safe=",")
    return f"/{language}/{name}" + (f"?{query}" if query else "")


def _answer(services: Services, name: str, document: Document, *, by_accept: bool) -> AnyResponse:
    """Answer with JSON, or lead a browser to the page in its language; what has no JSON by Accept always leads there."""
    default = preferred(services.settings.default_language)
    pairs = untracked(request.args.items(multi=True))
    if not request.path.endswith(".json") and (not by_accept or chosen((JSON, HTML)) is HTML):
        return see_other(_page(name, default), BY_TYPE_AND_LANGUAGE if by_accept else BY_LANGUAGE)
    told, language = document(pairs, default)
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return represent(services, body, JSON, language=language, vary=BY_TYPE_AND_LANGUAGE)
