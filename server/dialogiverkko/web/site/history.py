"""The pages of what changed from one release to another, for people and for programs: ``/changes/{from}..{to}``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from dialogiverkko.errors import NotFoundError
from dialogiverkko.media import HTML, JSON, MediaType
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.http.representation import BY_TYPE_AND_LANGUAGE, chosen, language_of, represent
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import changes, front
from dialogiverkko.web.site.changes import KINDS, WHAT, Change, Comparison
from dialogiverkko.web.site.index import Index, address
from dialogiverkko.web.site.paging import Paged, changed, paged

TYPES = (HTML, JSON)
NAMES = ("what", "kind", "page")
"""What an address may ask of a comparison, beside language and format."""
WORDS = {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}


@dataclass(frozen=True)
class Asking:
    """What is asked of the pages of one request."""

    language: str
    media_type: MediaType
    arguments: MultiDict[str, str]


def blueprint(services: Services, index: Index) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("changes", __name__, template_folder="../templates")

    @lru_cache(maxsize=1)
    def compared(one: str, other: str) -> Comparison:
        indexes = [
            index
            if services.releases.find(wanted) is None
            else Index(services.releases.snapshot(wanted, services.snapshot))
            for wanted in (one, other)
        ]
        return changes.compare(*indexes)

    @routes.get("/changes")
    def spans() -> Response:
        return _list(services, _asked(services, ()))

    @routes.get("/changes/<span>")
    def between(span: str) -> Response:
        asked = _asked(services, NAMES)
        one, other = _ends(services, span)
        return _answer(services, compared(one, other), (one, other), asked)

    return routes


def _asked(services: Services, names: Sequence[str]) -> Asking:
    asked = Asked(request.args.items(multi=True), (*names, "lang", "format"))
    asked.one("what", WHAT)
    asked.one("kind", tuple(KINDS))
    asked.number("page")
    return Asking(language_of(services, asked), chosen(TYPES, asked.one("format")), MultiDict(asked.pairs))


def _ends(services: Services, span: str) -> tuple[str, str]:
    """Read both versions; raises NotFoundError where there is none such."""
    one, dots, other = span.partition("..")
    if not (one and dots and other):
        there = [each.version for each in services.releases.published]
        raise NotFoundError(
            "Two versions are compared with two dots between them, such as "
            f"{there[0] if there else '0.1.0'}..{services.releases.present.version}.",
            versions=[*there, services.releases.present.version],
        )
    ends = [services.releases.find(each) or services.releases.present for each in (one, other)]
    return ends[0].version, ends[1].version


def _list(services: Services, asked: Asking) -> Response:
    """List the releases, the newest first, each with what changed since the one before."""
    known = front.versions(services, asked.language)
    present = services.releases.present
    spans = [f"{each['before']}..{each['version']}" if each["before"] else "" for each in known]
    if asked.media_type is JSON:
        root = root_address(services.settings.base_address)
        listed = [
            dict[str, str | None]((name, each[name]) for name in ("version", "issued", "digest", "notes"))
            | {"changes": f"{root}changes/{span}" if span else None}
            for each, span in zip(known, spans, strict=True)
        ]
        return _respond(services, json.dumps({"releases": listed}, ensure_ascii=False, indent=1), asked)
    with told_in(asked.language):
        return _respond(
            services,
            render_template(
                "site/releases.html", language=asked.language, lang=asked.language, releases=known, spans=spans,
                present=None if services.releases.has(present.digest) else present, last=known[0]["version"] if known else "",
            ),
            asked,
        )  # fmt: skip


def _answer(services: Services, comparison: Comparison, ends: tuple[str, str], asked: Asking) -> Response:
    what, kind = asked.arguments.get("what", ""), asked.arguments.get("kind", "")
    everything = changes.ordered(comparison, asked.language)
    found = [each for each in everything if what in ("", each.what) and kind in ("", each.kind)]
    with told_in(asked.language):
        page = paged(found, asked.arguments)
        if asked.media_type is JSON:
            document = _document(services, comparison, ends, page, asked)
            return _respond(services, json.dumps(document, ensure_ascii=False, indent=1), asked)
        told = [
            (each, changes.name(comparison, each.thing, asked.language), changes.sentences(comparison, each, asked.language))
            for each in page.items
        ]  # fmt: skip
        body = render_template(
            "site/changes.html", language=asked.language, lang=asked.language, ends=ends, page=page, told=told,
            numbers=comparison.numbers, kinds=KINDS, words=WORDS, chosen=(what, kind),
            changed=lambda **values: changed(asked.arguments, **values), here=_here(services, page.items, asked.language),
        )  # fmt: skip
        return _respond(services, body, asked)


def _here(services: Services, found: Iterable[Change], language: str) -> Mapping[str, str]:
    """Return where the things that are still there have their pages."""
    return {each.thing: address(each.thing, language) for each in found if each.thing in services.mapped}


def _document(
    services: Services, comparison: Comparison, ends: tuple[str, str], page: Paged[Change], asked: Asking
) -> dict[str, object]:
    root = root_address(services.settings.base_address)
    kept = [(name, value) for name, value in asked.arguments.items(multi=True) if name != "page"]
    following = f"{root}changes/{'..'.join(ends)}?{urlencode([*kept, ('page', page.number + 1)])}"
    return {
        "from": ends[0],
        "to": ends[1],
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "next": following if page.number < page.pages else None,
        "numbers": [
            {"kind": kind, "what": what, "things": number}
            for (kind, what), number in sorted(comparison.numbers.items())
        ],
        "changes": [
            {
                "what": each.what,
                "kind": each.kind,
                "thing": each.thing,
                "name": changes.name(comparison, each.thing, asked.language),
                "sentences": changes.sentences(comparison, each, asked.language),
            }
            for each in page.items
        ],
    }


def _respond(services: Services, body: str, asked: Asking) -> Response:
    return represent(services, body.encode(), asked.media_type, language=asked.language, vary=BY_TYPE_AND_LANGUAGE)
