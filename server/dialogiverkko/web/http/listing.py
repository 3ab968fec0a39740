"""Plain lists for people at addresses that are for programs: the graphs, the downloads."""

from collections.abc import Sequence

from flask import Response, render_template, request

from dialogiverkko.media import HTML
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.http.representation import BY_TYPE_AND_LANGUAGE, language_of, represent
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import Services

Line = tuple[str, str, Sequence[object]]
"""Where a line leads, what it is called, and what stands beside it."""


def page(services: Services, title: object, headings: Sequence[object], rows: Sequence[Line]) -> Response:
    """Answer with a list in the frame of the site; title and headings are told in the language of the page."""
    language = language_of(services, Asked(request.args.items(multi=True), ("lang",)))
    with told_in(language):
        body = render_template("listing.html", title=title, headings=headings, rows=rows, language=language)
    return represent(services, body.encode(), HTML, language=language, vary=BY_TYPE_AND_LANGUAGE)
