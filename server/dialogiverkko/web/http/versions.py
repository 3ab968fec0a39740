"""What ``version=`` means at addresses that answer from the present data alone: it is never passed over in silence.

Saved queries and data of things answer for a release. A page of the site says that it shows the present state and leads
to what the release answers; whatever else there is refuses a release, and says where one is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, g, request
from flask_babel import gettext

from dialogiverkko.errors import BadParameterError
from dialogiverkko.graph.releases import Published
from dialogiverkko.namespaces import BASE, ID, LANGUAGES
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import Services

NAME: Final = "version"
_ANSWERING: Final = (
    "/queries/", "/embed/queries/", "/data/", "/id/", "/vocab/", "/src/", "/ns", "/collaboration/path",
)  # fmt: skip
"""Where a release answers, or an address that leads there."""
_PAGES: Final = tuple(f"/{language}/" for language in LANGUAGES)
_QUESTION: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "collaboration": ("collaboration-links", ()),
    "collaboration/path": ("chains-between-two-organisations", ("from", "to")),
    "compare": ("organisations-and-their-contexts", ()),
    "organisations": ("organisations-and-their-contexts", ()),
    "activities": ("timeline-of-activities", ()),
    "timeline": ("timeline-of-activities", ()),
    "policy": ("dialogues-that-feed-policy-processes", ()),
    "missing": ("what-the-source-says-is-missing", ()),
    "vocabulary": ("terms-of-the-ontology", ()),
}
"""The saved question that tells of a release what a page tells of the present, and what it takes from the address."""


@dataclass(frozen=True)
class Instead:
    """The release that a page was asked for, and where that release answers."""

    release: Published
    plain: str
    """The address of the page, which shows the present state."""
    questions: tuple[tuple[str, str], ...]
    """Saved questions over the release: title and address."""
    data: str
    """The address of the data of the thing as they were; empty where the page is of none, or the release has none."""


def install(app: Flask, services: Services) -> None:
    """Look at ``version=`` before each request."""

    @app.before_request
    def look() -> None:
        raw = request.query_string
        if f"{NAME}=".encode() not in raw or request.path.startswith(_ANSWERING):
            return
        given = [part for part in raw.split(b"&") if part.startswith(f"{NAME}=".encode())]
        wanted = request.args.getlist(NAME)
        if len(wanted) != 1 or not given:
            return  # what follows refuses it
        published = require_present(services, wanted[0], is_page=request.path.startswith(_PAGES))
        _leave_out(raw, given)
        if published is not None:
            g.instead = _instead(services, published)

    @app.context_processor
    def told() -> dict[str, object]:
        return {"instead": g.get("instead")}


def require_present(services: Services, wanted: str, *, is_page: bool = False) -> Published | None:
    """Refuse a release where only the present data answer, but for a page; raises NotFoundError for no version."""
    published = services.releases.find(wanted)
    if published is None or is_page:
        return published
    raise BadParameterError(
        f"Only the present data answer here, so there is no parameter '{NAME}' for release {published.version}. "
        f"A release answers at /queries/{{name}}?{NAME}={published.version}, at /data/…?{NAME}={published.version} and "
        "for chains at /collaboration/path.json; "
        "/changes tells what has changed since.",
        parameter=NAME,
        allowed=[services.releases.present.version],
    )


def _leave_out(raw: bytes, given: list[bytes]) -> None:
    """Take the version out of the address, so that what follows sees that of the present data."""
    request.query_string = b"&".join(part for part in raw.split(b"&") if part not in given)
    request.environ["QUERY_STRING"] = request.query_string.decode("latin-1")
    vars(request).pop("args", None)


def _instead(services: Services, published: Published) -> Instead:
    language, _, path = request.path.lstrip("/").partition("/")
    query = request.query_string.decode("ascii", "replace")
    plain = request.path + (f"?{query}" if query else "")
    questions = []
    name, kept = _QUESTION.get(path, ("", ()))
    asked = services.saved.catalogue.queries.get(name)
    if asked is not None and f"competency/{name}.rq" in published.query_texts:
        given = [(each, request.args[each]) for each in kept if each in request.args]
        pairs = urlencode([*given, (NAME, published.version), ("lang", language)])
        questions.append((asked.title[language], f"/queries/{name}?{pairs}"))
    if path == "collaboration/path" and "from=" in query:
        pairs = urlencode([(NAME, published.version), ("lang", language)])
        with told_in(language):
            questions.append((gettext("The chains as data"), f"/{path}.json?{query}&{pairs}"))
    thing = path.removeprefix("page/") if path.startswith("page/") else ""
    held = published.first_of([ID + thing, BASE + thing]) if thing else ""
    data = f"/data/{quote(thing)}?{NAME}={quote(published.version)}" if held else ""
    return Instead(published, plain, tuple(questions), data)
