"""A plain home page: what this is, what is in it, and questions to begin with."""

from flask import Blueprint, Response, render_template

from dialogiverkko.media import HTML
from dialogiverkko.web.services import services


def blueprint() -> Blueprint:
    """Make the route of the home page, for a server without the site."""
    routes = Blueprint("home", __name__, template_folder="templates")

    @routes.get("/")
    def home() -> Response:
        use = services()
        page = render_template(
            "home.html", counts=use.snapshot.counts, total=len(use.snapshot.merged),
            release=use.saved.release, queries=use.saved.catalogue.public(),
        )  # fmt: skip
        return Response(page, content_type=HTML.content_type)

    return routes
