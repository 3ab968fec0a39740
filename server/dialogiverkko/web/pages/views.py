"""The routes of the site: each gathers from the index and renders one template."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotAcceptableError, NotFoundError
from dialogiverkko.media import CSV, HTML, JSON
from dialogiverkko.namespaces import BASE, DLG, GRAPH_ONTOLOGY, ID, VOCAB
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.pages import chosen, editor, facets, overviews, pictures, thing_page, things
from dialogiverkko.web.pages.index import DCTERMS, LANGUAGES, Index, Text, address
from dialogiverkko.web.services import Services, root_address

POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FILES = {
    "site.css": "text/css", "site.js": "text/javascript", "editor.js": "text/javascript", "favicon.svg": "image/svg+xml",
}  # fmt: skip
DOCUMENT = ID + "doc/vertaisdialogi-listaus-2021"

View = Callable[[Index, str], dict[str, object]]


def blueprint(use: Services) -> Blueprint:
    """Make the routes over one graph; the index is made once."""
    routes = Blueprint("pages", __name__, template_folder="../templates")
    index = Index(use.snapshot)
    site = _Site(use, index)
    _add_static(routes)

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

    @routes.get("/feed.atom")
    def feed() -> Response:
        return site.feed()

    @routes.get("/sitemap.xml")
    def sitemap() -> Response:
        return site.sitemap()

    return routes


def _add_static(routes: Blueprint) -> None:
    """Add the route of the site's own files, which are read once."""
    types = {**_FILES, **{f"vendor/{name}": media_type for name, media_type in editor.LIBRARY.items()}}
    files = {name: (resources.files("dialogiverkko.web") / "static" / name).read_bytes() for name in _FILES}
    files |= {f"vendor/{name}": body for name, body in editor.library().items()}

    @routes.get("/static/<path:name>")
    def static(name: str) -> Response:
        if name not in files:
            raise NotFoundError("There is no such file.")
        response = Response(files[name], content_type=f"{types[name]}; charset=utf-8")
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
        asked = request.accept_languages.best_match(LANGUAGES)
        return asked or self.use.settings.default_language

    def view(self, language: str, name: str) -> AnyResponse:
        """Answer one of the site's own pages."""
        if name not in VIEWS and name != "activities":
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
        policy = editor.POLICY if name == "sparql" and editor.library() else POLICY
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
        if address(iri, language) != request.path:
            return redirect(address(iri, language), 308)
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
        if name == "sparql":
            return self._template("site/sparql.html", language, name, editor.context(self.use, self.index, language))
        if name.startswith("collaboration?"):
            name, query = name.split("?", 1)
            context = overviews.collaboration(self.index, language, query)
            return self._template("site/collaboration.html", language, name, context)
        return self._template(f"site/{name}.html", language, name, VIEWS[name](self.index, language))

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
        index, dataset = self.index, BASE + "dataset"
        version = index.value(dataset, "http://www.w3.org/ns/dcat#version")
        notes = index.text(dataset, "en", "http://www.w3.org/ns/adms#versionNotes")
        body = render_template(
            "site/feed.atom", version=version, issued=index.value(dataset, DCTERMS + "issued"),
            notes=notes.value if notes else "", digest=self.use.snapshot.digest,
        )  # fmt: skip
        return Response(body, content_type="application/atom+xml")

    def sitemap(self) -> Response:
        """List every page in every language."""
        root = self.root().rstrip("/")
        names = ["", "activities", *[v for v in VIEWS if v != "home"]]
        things_ = [i for c in things.SHOWN for i in self.index.by_class.get(c, ()) if i.startswith((ID, VOCAB))]
        paths = [f"/{lang}/{n}" for lang in LANGUAGES for n in names]
        paths += [address(i, lang) for lang in LANGUAGES for i in sorted(set(things_))]
        body = render_template("site/sitemap.xml", root=root, paths=paths)
        return Response(body, content_type="application/xml")


def _home(index: Index, language: str) -> dict[str, object]:
    own = {
        c: len([i for i in index.all(c) if i.startswith(ID)])
        for c in ("Activity", "Context", "Participation", "KnownGap")
    }
    figures = [
        (_("activities"), own["Activity"]),
        (_("projects, processes and occasions"), own["Context"]),
        (_("participations"), own["Participation"]),
        (_("passages"), len(index.passages)),
        (_("known gaps"), own["KnownGap"]),
    ]
    reporters = {o for a in index.all("Activity") for o in index.values(a, DLG + "isReportedBy")}
    gaps = index.sorted(index.all("KnownGap"), language)
    return {
        "figures": figures,
        "reporters": len(reporters),
        "gaps": gaps,
        "index": index,
        "picture": pictures.network(index, language),
    }


def _organisations(index: Index, language: str) -> dict[str, object]:
    listed = things.listed_organisations(index)
    rows = [(o, things.activities_of(index, o), things.gaps_of(index, o)) for o in index.sorted(listed, language)]
    everybody = index.by_class.get("http://www.w3.org/ns/org#Organization", ())
    others = [o for o in index.sorted(everybody, language) if o not in listed]
    kinds = {o: index.value(o, "http://www.w3.org/ns/org#classification") for o in others}
    return {"rows": rows, "others": others, "kinds": kinds}


def _missing(index: Index, language: str) -> dict[str, object]:
    return {
        "gaps": index.sorted(index.all("KnownGap"), language), "index": index,
        "undated": things.without_time(index, language),
        "unplaced": things.without_place(index, language),
        "unorganised": things.without_organiser(index, language),
    }  # fmt: skip


def _vocabulary(index: Index, language: str) -> dict[str, object]:
    schemes = [
        i for i in index.by_class.get("http://www.w3.org/2004/02/skos/core#ConceptScheme", ()) if i.startswith(VOCAB)
    ]
    terms = [
        iri for iri in {t.subject.value for t in index.snapshot.graphs[GRAPH_ONTOLOGY] if hasattr(t.subject, "value")}
        if iri.startswith(DLG) and index.values(iri, "http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
    ]  # fmt: skip
    return {"schemes": index.sorted(schemes, language), "terms": index.sorted(terms, language), "index": index}


def _data(index: Index, language: str) -> dict[str, object]:
    titles = {name: index.text(name, language, DCTERMS + "title") for name in index.snapshot.counts}
    return {"counts": index.snapshot.counts, "titles": titles, "total": len(index.snapshot.merged)}


def _about(index: Index, language: str) -> dict[str, object]:
    del index, language
    return {}


VIEWS: dict[str, View] = {
    "home": _home, "organisations": _organisations, "collaboration": overviews.collaboration, "timeline": overviews.timeline,
    "places": overviews.places, "policy": overviews.policy, "missing": _missing, "source": overviews.source, "vocabulary": _vocabulary,
    "data": _data, "about": _about, "sparql": _about,
}  # fmt: skip
