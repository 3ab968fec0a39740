"""The site: pages for people in Finnish, Swedish and English, each fact beside its evidence."""

from urllib.parse import urlencode

from flask import Flask, request

from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.web.http.tables import Desk
from dialogiverkko.web.languages import MENU, NAMES
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import embed, history, takeaway
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.views import blueprint


def in_language(language: str) -> str:
    """Return the address of the present page in another language."""
    first, _, rest = request.path.lstrip("/").partition("/")
    if first in LANGUAGES:
        query = request.query_string.decode("ascii", "replace")
        return f"/{language}/{rest}" + (f"?{query}" if query else "")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "language")]
    return f"{request.path}?{urlencode([*kept, ('lang', language)])}"


def install(app: Flask, use: Services, desk: Desk) -> None:
    """Add the site to an application, and the frame of its pages to every page."""
    index = Index(use.snapshot)
    app.register_blueprint(blueprint(use, desk, index))
    app.register_blueprint(history.blueprint(use, index))
    app.register_blueprint(takeaway.blueprint(use, index))
    app.register_blueprint(embed.blueprint(use, index))

    @app.context_processor
    def frame() -> dict[str, object]:
        return {
            "menu": MENU,
            "in_language": in_language,
            "languages": NAMES,
            "release": use.saved.release,
            "root": root_address(use.settings.base_address).rstrip("/"),
            "view": "queries" if request.path.startswith("/queries") else "",
            "language": use.settings.default_language,
        }
