"""Plain lists for people at addresses that are for programs: the graphs, the downloads."""

from collections.abc import Sequence

from flask import Response, render_template, request

from dialogiverkko.media import HTML, MediaType, negotiate
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.languages import preferred, told_in

Line = tuple[str, str, Sequence[object]]
"""Where a line leads, what it is called, and what stands beside it."""


def is_for_people(*offered: MediaType) -> bool:
    """Return whether whoever asks would rather have a page than one of the types for programs."""
    return not request.args.get("format") and negotiate(request.headers.get("Accept"), (*offered, HTML)) is HTML


def page(title: object, headings: Sequence[object], rows: Sequence[Line], default_language: str) -> Response:
    """Answer with a list in the frame of the site; title and headings are told in the language of the page."""
    language = Asked(request.args.items(multi=True), ("lang",)).language() or preferred(default_language)
    with told_in(language):
        body = render_template("listing.html", title=title, headings=headings, rows=rows, language=language)
    response = Response(body, content_type=HTML.content_type)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Cache-Control"] = "public, max-age=60, must-revalidate"
    response.add_etag()
    return response
