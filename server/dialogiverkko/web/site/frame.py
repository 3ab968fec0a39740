"""The site: pages for people in Finnish, Swedish and English, each fact beside its evidence."""

from urllib.parse import quote, urlencode

from flask import Flask, g, request

from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.web.languages import MENU, NAMES
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import embed, history, machines, takeaway
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.views import blueprint

_SAFE = "/:@!$&'()*+,;=~"
"""What stands in a path as it is (RFC 3986, 3.3)."""


def in_language(language: str) -> str:
    """Return the address of the present page in another language."""
    path = quote(request.path, safe=_SAFE)
    first, _, rest = path.lstrip("/").partition("/")
    if first in LANGUAGES:
        query = g.get("meant", request.query_string.decode("ascii", "replace"))
        return f"/{language}/{rest}" + (f"?{query}" if query else "")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "language")]
    return f"{path}?{urlencode([*kept, ('lang', language)])}"


def install(app: Flask, services: Services) -> None:
    """Add the site to an application, and the frame of its pages to every page."""
    index = Index(services.snapshot, services.mapped, services.gathered)
    app.register_blueprint(blueprint(services, index))
    for more in (history, takeaway, embed, machines):
        app.register_blueprint(more.blueprint(services, index))

    @app.context_processor
    def frame() -> dict[str, object]:
        return {
            "menu": MENU,
            "in_language": in_language,
            "languages": NAMES,
            "release": services.saved.release,
            "root": root_address(services.settings.base_address).rstrip("/"),
            "view": "queries" if request.path.startswith("/queries") else "",
            "language": services.settings.default_language,
        }
