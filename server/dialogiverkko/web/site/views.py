"""The routes of the site: each gathers from the index and renders one template."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotAcceptableError, NotFoundError
from dialogiverkko.media import CSV, HTML, JSON
from dialogiverkko.namespaces import BASE, ID, LANGUAGES, VOCAB
from dialogiverkko.web.languages import preferred, told_in
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import chosen, editor, facets, front, overviews, reference, thing_page, things
from dialogiverkko.web.site.index import Index, Text, address

POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FILES = {
    "site.css": "text/css", "site.js": "text/javascript", "editor.js": "text/javascript", "favicon.svg": "image/svg+xml",
    "card.png": "image/png", "icon-32.png": "image/png", "icon-180.png": "image/png", "editor-views.js": "text/javascript",
}  # fmt: skip
DOCUMENT = ID + "doc/vertaisdialogi-listaus-2021"

View = Callable[[Services, Index, str], dict[str, object]]


def blueprint(use: Services) -> Blueprint:
    """Make the routes over one graph; the index is made once."""
    routes = Blueprint("pages", __name__, template_folder="../templates")
    index = Index(use.snapshot)
    site = _Site(use, index)
    _add_static(routes)
    _add_well_known(routes, site)

    @routes.get("/")
    def root() -> AnyResponse:
        response = redirect(f"/{site.preferred()}/", 303)
        response.headers["Vary"] = "Accept-Language"
        return response

    @routes.get("/page/<path:name>")
    def page(name: str) -> AnyResponse:
        response = redirect(f"/{site.preferred()}/page/{quote(name)}", 303)
        response.headers["Vary"] = "Accept-Language"
        return response

    @routes.get("/<any(fi, sv, en):language>/page/<path:name>")
    def thing(language: str, name: str) -> AnyResponse:
        return site.thing(language, name)

    @routes.get("/<any(fi, sv, en):language>/")
    @routes.get("/<any(fi, sv, en):language>/<view>")
    def view(language: str, view: str = "home") -> AnyResponse:
        return site.view(language, view)

    @routes.get("/collaboration")
    def collaboration() -> AnyResponse:
        return redirect(f"/{site.preferred()}/collaboration", 303)

    return routes


def _add_well_known(routes: Blueprint, site: "_Site") -> None:
    """Add the routes that programs look for."""

    @routes.get("/favicon.ico")
    def icon() -> AnyResponse:
        return redirect("/static/icon-32.png", 308)

    @routes.get("/feed.atom")
    def feed() -> Response:
        return site.feed()

    @routes.get("/sitemap.xml")
    def sitemap() -> Response:
        return site.sitemap()


def _add_static(routes: Blueprint) -> None:
    """Add the route of the site's own files, which are read once."""
    types = {**_FILES, **{f"vendor/{name}": media_type for name, media_type in editor.LIBRARY.items()}}
    files = {name: (resources.files("dialogiverkko.web") / "static" / name).read_bytes() for name in _FILES}
    files |= {f"vendor/{name}": body for name, body in editor.library().items()}

    @routes.get("/static/<path:name>")
    def static(name: str) -> Response:
        if name not in files:
            raise NotFoundError("There is no such file.")
        charset = "" if types[name] == "image/png" else "; charset=utf-8"
        response = Response(files[name], content_type=types[name] + charset)
        response.headers["Cache-Control"] = "public, max-age=3600"
        response.set_etag(hashlib.sha256(files[name]).hexdigest()[:32])
        response.make_conditional(request)
        return response


class _Site:
    """Renders pages over one index, and keeps them: the graph does not change."""

    def __init__(self, use: Services, index: Index) -> None:
        self.use = use
        self.index = index
        self.rendered = lru_cache(maxsize=2_000)(self._render)

    def preferred(self) -> str:
        """Choose the language that a visitor asks for, or the default."""
        return preferred(self.use.settings.default_language)

    def view(self, language: str, name: str) -> AnyResponse:
        """Answer one of the site's own pages."""
        if name not in VIEWS and name not in ("activities", "queries"):
            raise NotFoundError(f"The site has no page '{name[:60]}'.")
        if name == "activities":
            choice = facets.read(request.args)
            context = facets.context(self.index, language, choice)
            if request.args.get("format"):
                return self._list(context, language, request.args["format"])
            with told_in(language):
                return self._respond(self._template("site/activities.html", language, name, context), language)
        if name == "collaboration":
            return self._collaboration(language)
        if name == "queries":
            return redirect(f"/queries?lang={language}", 303)
        policy = editor.policy(POLICY) if name == "sparql" and editor.library() else POLICY
        return self._respond(self.rendered(name, language, self.root()), language, policy)

    def _collaboration(self, language: str) -> AnyResponse:
        """Answer the network as chosen; each choice has one address, to which the others lead."""
        query = chosen.read(request.args, overviews.filters(self.index, language)).query
        if query != request.query_string.decode("ascii", "replace"):
            return redirect(f"/{language}/collaboration" + (f"?{query}" if query else ""), 303)
        return self._respond(self.rendered(f"collaboration?{query}", language, self.root()), language)

    def _list(self, context: facets.Context, language: str, suffix: str) -> Response:
        """Answer the chosen activities as data."""
        media_type = {"csv": CSV, "json": JSON}.get(suffix)
        if media_type is None:
            raise NotAcceptableError(f"The list has no format '{suffix[:40]}'.", offered=["csv", "json"])
        response = Response(
            facets.write(self.index, context, language, media_type), content_type=media_type.content_type
        )
        response.headers["Content-Language"] = language
        response.add_etag()
        response.make_conditional(request)
        return response

    def thing(self, language: str, name: str) -> AnyResponse:
        """Answer the page of a thing, a concept or a passage."""
        iri = next((i for i in (ID + name, BASE + name) if i in self.use.things), "")
        if not iri:
            raise NotFoundError(f"Nothing has the page '{name[:120]}'.")
        place = address(things.owner(iri), language)
        if place != request.path:
            return redirect(place, 303)
        return self._respond(self.rendered(iri, language, self.root()), language)

    def root(self) -> str:
        """Tell the public address of this copy, which pages name as their own."""
        return root_address(self.use.settings.base_address)

    def _render(self, name: str, language: str, root: str) -> str:
        del root  # the frame tells it; the pages of one address are no pages of another
        with told_in(language):
            return self._rendered(name, language)

    def _rendered(self, name: str, language: str) -> str:
        if name.startswith(BASE):
            context = thing_page.context(self.index, name, language)
            return self._template("site/thing.html", language, "", context)
        if name.startswith("collaboration?"):
            name, query = name.split("?", 1)
            context = overviews.collaboration(self.index, language, query)
            return self._template("site/collaboration.html", language, name, context)
        return self._template(f"site/{name}.html", language, name, VIEWS[name](self.use, self.index, language))

    def _template(self, template: str, language: str, name: str, context: dict[str, object]) -> str:
        index = self.index

        def label(iri: str) -> Text:
            return index.label(iri, language)

        return render_template(
            template, language=language, view=name, label=label,
            href=lambda iri: address(iri, language),
            fragment=things.fragment, iri_of_document=DOCUMENT, **context,
        )  # fmt: skip

    def _respond(self, body: str, language: str, policy: str = POLICY) -> Response:
        response = Response(body, content_type=HTML.content_type)
        response.headers["Content-Language"] = language
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = "public, max-age=60, must-revalidate"
        response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
        response.make_conditional(request)
        return response

    def feed(self) -> Response:
        """List the versions of the dataset that the graph describes."""
        known = front.versions(self.use, self.index)
        body = render_template("site/feed.atom", versions=known, root=self.root().rstrip("/"))
        return Response(body, content_type="application/atom+xml")

    def sitemap(self) -> Response:
        """List every page in every language."""
        names = ["", "activities", *[v for v in VIEWS if v != "home"]]
        found = {i for c in things.SHOWN for i in self.index.by_class.get(c, ()) if i.startswith((ID, VOCAB))}
        pages = [f"/{n}" for n in names] + [address(i, "").removeprefix("/") for i in sorted(found)]
        questions = sorted(query.name for query in self.use.saved.catalogue.public())
        body = render_template(
            "site/sitemap.xml", root=self.root().rstrip("/"), languages=LANGUAGES, pages=pages, questions=questions
        )
        return Response(body, content_type="application/xml")


def _of_index(gather: Callable[[Index, str], dict[str, object]]) -> View:
    """Make a view of one that needs the index alone."""
    return lambda _use, index, language: gather(index, language)


VIEWS: dict[str, View] = {
    "home": front.home, "organisations": front.organisations, "missing": front.missing, "data": front.data, "about": front.about,
    "collaboration": _of_index(overviews.collaboration), "timeline": _of_index(overviews.timeline),
    "places": _of_index(overviews.places), "policy": _of_index(overviews.policy), "source": _of_index(overviews.source),
    "vocabulary": _of_index(reference.context), "sparql": editor.context,
}  # fmt: skip
