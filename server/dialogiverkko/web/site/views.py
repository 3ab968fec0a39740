"""The routes of the site: each gathers from the index and renders one template."""

import json
from collections.abc import Callable
from functools import lru_cache, partial
from importlib import resources
from urllib.parse import parse_qsl, quote

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotFoundError
from dialogiverkko.media import CSV, HTML, JSON, XLSX
from dialogiverkko.namespaces import BASE, ID, LANGUAGES, VOCAB
from dialogiverkko.saved.asked import Asked, untracked
from dialogiverkko.spelling import cut
from dialogiverkko.web.http.representation import BY_LANGUAGE, FIVE_MINUTES, HOUR, represent, see_other
from dialogiverkko.web.languages import preferred, told_in
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import (
    between,
    chain_page,
    collaboration,
    comparing,
    data_catalogue,
    described,
    editor,
    facets,
    front,
    geojson,
    organisations,
    overviews,
    paging,
    pieces,
    reference,
    searching,
    sitemap,
    sources,
    tell,
    thing_page,
    things,
)
from dialogiverkko.web.site.index import Index, Text, address, is_page

POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FILES = {
    "site.css": "text/css", "site.js": "text/javascript", "editor.js": "text/javascript", "favicon.svg": "image/svg+xml",
    "card.png": "image/png", "icon-32.png": "image/png", "icon-180.png": "image/png", "editor-views.js": "text/javascript",
    "suggest.js": "text/javascript", "editor-field.js": "text/javascript",
}  # fmt: skip
_LANGUAGE = f"/<any({', '.join(LANGUAGES)}):language>"
_MANY = ("tell", "search", "collaboration/path", "compare")
"""Pages of which there are too many to keep, one for each fact, word or pair that is asked."""
KEPT = 500
"""How many pages are kept as they were written, unless nothing is to be kept."""

View = Callable[[Services, Index, str, paging.Arguments], dict[str, object]]


def blueprint(services: Services, index: Index) -> Blueprint:
    """Make the routes over one graph and its index."""
    routes = Blueprint("pages", __name__, template_folder="../templates")
    site = _Site(services, index)
    _read_ahead(services, index)
    _add_static(routes, services)
    _add_well_known(routes, site)
    _add_sources(routes, site)
    between.add(routes, services, index, site.view)

    @routes.get("/")
    def root() -> AnyResponse:
        return see_other(f"/{site.preferred()}/", BY_LANGUAGE)

    @routes.get("/page/<path:name>")
    def page(name: str) -> AnyResponse:
        place = address(things.owner(site.iri_of(name)), site.preferred())
        return see_other(quote(place, safe="/#:@!$&'()*+,;=~"), BY_LANGUAGE)

    @routes.get(f"{_LANGUAGE}/page/<path:name>")
    def thing(language: str, name: str) -> AnyResponse:
        return site.thing(language, name)

    @routes.get(f"{_LANGUAGE}/")
    @routes.get(f"{_LANGUAGE}/<view>")
    def view(language: str, view: str = "home") -> AnyResponse:
        return site.view(language, view)

    @routes.post(f"{_LANGUAGE}/tell")
    def checked(language: str) -> AnyResponse:
        return site.checked(language)

    return routes


def _read_ahead(services: Services, index: Index) -> None:
    """Read at the start what would otherwise be read within the request of some visitor."""
    services.positions  # noqa: B018  # a property that is kept once it has been read
    facets.table(index)


def _add_sources(routes: Blueprint, site: "_Site") -> None:
    """Add the pages of single sources, and the addresses that lead to them in the visitor's language."""

    @routes.get(f"{_LANGUAGE}/source/<slug>")
    def source(language: str, slug: str) -> AnyResponse:
        return site.source(language, slug)

    @routes.get("/source")
    @routes.get("/source/<slug>")
    def source_in_a_language(slug: str = "") -> AnyResponse:
        return see_other(f"/{site.preferred()}/source" + (f"/{quote(slug)}" if slug else ""), BY_LANGUAGE)


def _add_well_known(routes: Blueprint, site: "_Site") -> None:
    """Add the routes that programs look for."""

    @routes.get("/favicon.ico")
    def icon() -> AnyResponse:
        return redirect("/static/icon-32.png", 308)

    @routes.get("/feed.atom")
    def feed() -> Response:
        return site.feed()

    @routes.get("/places.geojson")
    def places() -> Response:
        return site.places()

    @routes.get("/sitemap.xml")
    def sitemaps() -> Response:
        return site.sitemap()

    @routes.get("/sitemap-<int(min=1):number>.xml")
    def sitemap_file(number: int) -> Response:
        return site.sitemap(number)


def _add_static(routes: Blueprint, services: Services) -> None:
    """Add the route of the site's own files, which are read once."""
    types = {**_FILES, **{f"vendor/{name}": media_type for name, media_type in editor.LIBRARY.items()}}
    files = {name: (resources.files("dialogiverkko.web") / "static" / name).read_bytes() for name in _FILES}
    files |= {f"vendor/{name}": body for name, body in editor.library().items()}

    @routes.get("/static/<path:name>")
    def static(name: str) -> Response:
        if name not in files:
            raise NotFoundError("There is no such file.")
        charset = "" if types[name] == "image/png" else "; charset=utf-8"
        return represent(services, files[name], types[name] + charset, seconds=HOUR)


class _Site:
    """Renders pages over one index, and keeps them: the graph does not change."""

    def __init__(self, services: Services, index: Index) -> None:
        self.services = services
        self.index = index
        self.rendered = lru_cache(maxsize=KEPT if services.settings.cache_bytes else 0)(self._render)

    def preferred(self) -> str:
        """Choose the language that a visitor asks for, or the default."""
        return preferred(self.services.settings.default_language)

    def view(self, language: str, name: str) -> AnyResponse:
        """Answer one of the site's own pages; each choice that a page offers has one address, to which others lead."""
        if name not in VIEWS and name not in ("activities", "queries"):
            raise NotFoundError(f"The site has no page '{cut(name)}'.")
        if name == "activities":
            choice = facets.read_selection(request.args, self.index, language)
            with told_in(language):
                context = facets.context(self.index, language, choice)
            if request.args.get("format"):
                return self._list(context, language, request.args["format"])
            with told_in(language):
                return self._respond(self._template("site/activities.html", language, name, context), language)
        if name == "queries":
            Asked(request.args.items(multi=True), ())
            return redirect(f"/queries?lang={language}", 303)
        query = self._canonical(name, language)
        if query != request.query_string.decode("ascii", "replace"):
            return redirect(f"{request.path}?{query}" if query else request.path, 303)
        policy = editor.policy(POLICY) if name == "sparql" and editor.library() else POLICY
        render = self._render if name in _MANY and query else self._kept
        return self._respond(render(name, query, language, self.root()), language, policy)

    def checked(self, language: str) -> AnyResponse:
        """Answer a table that was sent with the page that reports on its rows; nothing is kept."""
        Asked(request.args.items(multi=True), ())
        with told_in(language):
            report = tell.report(self.services, language, marked=request.form.get("as") == "xlsx")
        if report.book:
            headers = {
                "Content-Disposition": "attachment; filename=dialogiverkko-checked.xlsx",
                "Cache-Control": "no-store",
            }
            return Response(report.book, content_type=XLSX.content_type, headers=headers)
        with told_in(language):
            context = tell.context(self.services, self.index, language, MultiDict()) | {"report": report}
            response = self._respond(self._template("site/tell.html", language, "tell", context), language)
        response.status_code = 422 if report.refused else 200
        response.headers["Cache-Control"] = "no-store"
        return response

    def _canonical(self, name: str, language: str) -> str:
        """Return the one query string that means what was asked of a page."""
        if name == "collaboration":
            given = MultiDict(untracked(request.args.items(multi=True)))
            return collaboration.canonical(self.services, given, language)
        if name in _READ_BY_THEMSELVES:
            given = MultiDict(untracked(request.args.items(multi=True)))
            return _READ_BY_THEMSELVES[name](self.services, given)
        names = ARGUMENTS.get(name, ())
        asked = Asked(request.args.items(multi=True), names)
        if name == "organisations":
            organisations.require_known(self.index, asked.pairs)
        return paging.canonical(asked, names)

    def _list(self, context: facets.Context, language: str, suffix: str) -> Response:
        """Answer the chosen activities as data."""
        media_type = {"csv": CSV, "json": JSON}[suffix]
        body = facets.write_list(self.index, context, language, media_type)
        return represent(self.services, body, media_type, language=language)

    def thing(self, language: str, name: str) -> AnyResponse:
        """Answer the page of a thing, a concept or a passage."""
        asked = Asked(request.args.items(multi=True), ("page",))
        iri = self.iri_of(name)
        place = address(things.owner(iri), language)
        if place != request.path:
            return redirect(quote(place, safe="/#:@!$&'()*+,;=~"), 303)
        query = paging.canonical(asked, ("page",))
        return self._respond(self._kept(iri, query, language, self.root()), language)

    def source(self, language: str, slug: str) -> AnyResponse:
        """Answer one source, read."""
        iri = f"{ID}doc/{slug}"
        if iri not in self.index.all("SourceDocument"):
            raise NotFoundError(f"There is no source '{slug[:120]}'.")
        asked = Asked(request.args.items(multi=True), ("page", "words"))
        query = paging.canonical(asked, ("page", "words"))
        return self._respond(self._kept(f"source {iri}", query, language, self.root()), language)

    def iri_of(self, name: str) -> str:
        """Find the thing that a page is named after; the shapes have a page, and none of them by itself."""
        iri = next((i for i in (ID + name, BASE + name) if i in self.index or i == described.SHAPES_PAGE), "")
        if not iri:
            raise NotFoundError(f"Nothing has the page '{name[:120]}'.")
        return iri

    def _kept(self, name: str, query: str, language: str, root: str) -> str:
        """Return a page as it was written before, or write it; what speaks of a release is said of one request alone."""
        render = self._render if g.get("instead") else self.rendered
        g.meant = query  # links of a page that many are shown say nothing else that one of them asked
        return render(name, query, language, root)

    def root(self) -> str:
        """Return the public address of this copy, which pages name as their own."""
        return root_address(self.services.settings.base_address)

    def _render(self, name: str, query: str, language: str, root: str) -> str:
        del root  # a key of what is kept only: the frame of the page reads it from the request
        arguments = MultiDict(parse_qsl(query, keep_blank_values=True))
        with told_in(language):
            if name.startswith("source "):
                context = overviews.source(self.index, name.removeprefix("source "), language, arguments)
                return self._template("site/one_source.html", language, "source", context, arguments)
            if name.startswith(BASE) and not name.startswith((ID, VOCAB, BASE + "src/")):
                return self._template(
                    "site/described.html", language, "", described.context(self.index, name, language)
                )
            if name.startswith(BASE):
                context = thing_page.context(self.services, self.index, name, language, arguments)
                return self._template("site/thing.html", language, "", context, arguments)
            context = VIEWS[name](self.services, self.index, language, arguments)
            return self._template(f"site/{name}.html", language, name, context, arguments)

    def _template(
        self,
        template: str,
        language: str,
        name: str,
        context: dict[str, object],
        arguments: paging.Arguments | None = None,
    ) -> str:
        index = self.index
        given = MultiDict() if arguments is None else arguments

        def label(iri: str) -> Text:
            return index.label(iri, language)

        return render_template(
            template, language=language, view=name, label=label,
            href=lambda iri: address(iri, language),
            named=partial(pieces.named, language=language), linked=partial(pieces.linked, index, language),
            quoted=partial(pieces.quoted, index, language), placed=partial(pieces.placed, index, language),
            proof=partial(pieces.proof, index, language), host=partial(sources.host, index, language=language),
            fragment=partial(sources.fragment, index), spot=partial(sources.spot, index),
            anchor=partial(sources.anchor, index), is_row=partial(sources.is_row, index), is_page=is_page, slug_of=sources.slug_of,
            many_sources=len(index.all("SourceDocument")) > 1, changed=partial(paging.changed, given), **context,
        )  # fmt: skip

    def _respond(self, body: str, language: str, policy: str = POLICY) -> Response:
        response = represent(self.services, body.encode(), HTML, language=language)
        response.headers["Content-Security-Policy"] = policy
        return response

    def feed(self) -> Response:
        """List the versions of the dataset that the graph describes."""
        known = front.versions(self.services)
        body = render_template("site/feed.atom", versions=known, root=self.root().rstrip("/"))
        return represent(self.services, body.encode(), "application/atom+xml", seconds=FIVE_MINUTES)

    def places(self) -> Response:
        """List the places that the graph has coordinates of, as GeoJSON."""
        Asked(request.args.items(multi=True), ())
        body = json.dumps(geojson.collection(self.services.located, self.index), ensure_ascii=False, indent=1)
        return represent(self.services, body.encode(), "application/geo+json")

    def sitemap(self, number: int = 0) -> Response:
        """List every page in every language, in files of so many; without a number, list the files."""
        files = sitemap.files(self.services, self.index, ["", "activities", *[v for v in VIEWS if v != "home"]])
        if number > len(files):
            raise NotFoundError(f"The sitemap has {len(files)} files.")
        root = self.root().rstrip("/")
        if not number:
            body = render_template("site/sitemaps.xml", root=root, numbers=range(1, len(files) + 1))
        else:
            body = render_template("site/sitemap.xml", root=root, languages=LANGUAGES, pages=files[number - 1])
        return represent(self.services, body.encode(), "application/xml", seconds=FIVE_MINUTES)


VIEWS: dict[str, View] = {
    "home": front.home, "organisations": organisations.context, "missing": front.missing, "data": front.data,
    "about": front.about, "collaboration": collaboration.context, "timeline": overviews.timeline,
    "places": overviews.places, "policy": overviews.policy, "source": overviews.sources,
    "vocabulary": reference.context, "sparql": editor.context, "guide": overviews.guide,
    "tell": tell.context, "search": searching.context, "catalogue": data_catalogue.context,
    "collaboration/path": chain_page.context, "compare": comparing.context,
}  # fmt: skip
ARGUMENTS = {
    "organisations": organisations.NAMES, "missing": ("gaps", "undated", "unplaced", "unorganised", "implied"),
    "source": ("page",), "tell": tell.NAMES,
    "timeline": ("year", "page", "undated"), "places": ("page",), "policy": ("page",),
}  # fmt: skip
"""What an address may ask of a page, in its order; the network reads its own."""
_READ_BY_THEMSELVES: dict[str, Callable[[Services, paging.Arguments], str]] = {
    "collaboration/path": chain_page.canonical,
    "compare": comparing.canonical,
    "search": searching.canonical,
}
"""Pages whose query string is written by those who read it."""
