"""Data of things as they were: Memento (RFC 7089) over the released graphs.

The data of a thing, ``/data/…``, and its IRI, ``/id/…``, are original resources; ``/timegate/…`` leads to the memento
of a day, ``/data/…?version=…``, and ``/timemap/…`` lists all of them in link-format (RFC 6690).
"""

from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.http import http_date, parse_date
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import MalformedRequestError, NotFoundError
from dialogiverkko.graph.releases import Published
from dialogiverkko.media import MediaType
from dialogiverkko.namespaces import BASE
from dialogiverkko.web.http.representation import FIVE_MINUTES, represent
from dialogiverkko.web.services import Services, current_services, root_address

LINK_FORMAT = MediaType("application/link-format", "link", "Link format")
SPACES = ("data/", "id/", "vocab/", "src/")


def blueprint(services: Services) -> Blueprint:
    """Make the routes of the TimeGate and the TimeMap."""
    routes = Blueprint("memento", __name__)

    @routes.get("/timegate/<path:name>")
    def timegate(name: str) -> AnyResponse:
        return _gate(services, name)

    @routes.get("/timemap/<path:name>")
    def timemap(name: str) -> Response:
        return _map(services, name)

    return routes


def moment(published: Published) -> datetime:
    """Return the moment from which a release holds: the beginning of its day."""
    return datetime.fromisoformat(published.issued).replace(tzinfo=UTC)


def say(response: AnyResponse, path: str, published: Published | None = None) -> None:
    """Name in headers where the mementos of a resource are found, and of which moment it is, if it is one."""
    root = root_address(current_services().settings.base_address)
    links = [("original", path), ("timegate", f"timegate/{path}"), ("timemap", f"timemap/{path}")]
    for relation, address in links:
        more = f'; type="{LINK_FORMAT.name}"' if relation == "timemap" else ""
        response.headers.add("Link", f'<{root}{quote(address)}>; rel="{relation}"{more}')
    if published is not None:
        response.headers["Memento-Datetime"] = http_date(moment(published))


def _gate(services: Services, name: str) -> AnyResponse:
    held = _held(services, name)
    wanted = _wanted()
    past = [each for each in held if wanted is None or moment(each) <= wanted]
    chosen = past[-1] if past else held[0]
    response = redirect(f"/{_memento(name, chosen)}", 302)
    response.headers["Vary"] = "Accept-Datetime"
    say(response, name)
    return response


def _wanted() -> datetime | None:
    """Read the moment that is wanted; raises MalformedRequestError where it is none (RFC 7089, 4.5.3)."""
    given = request.headers.get("Accept-Datetime", "").strip()
    if not given:
        return None
    found = parse_date(given)
    if found is None:
        raise MalformedRequestError(
            "Accept-Datetime is no date of HTTP. Write it like this: Tue, 24 Nov 2026 00:00:00 GMT."
        )
    return found


def _map(services: Services, name: str) -> Response:
    held = _held(services, name)
    root = root_address(services.settings.base_address)
    first, last = http_date(moment(held[0])), http_date(moment(held[-1]))
    lines = [
        f'<{root}{quote(name)}>;rel="original"',
        f'<{root}timemap/{quote(name)}>;rel="self";type="{LINK_FORMAT.name}";from="{first}";until="{last}"',
        f'<{root}timegate/{quote(name)}>;rel="timegate"',
    ]
    for each in held:
        ends = [end for end, other in (("first", held[0]), ("last", held[-1])) if each is other]
        relation = " ".join([*ends, "memento"])
        lines.append(f'<{root}{_memento(name, each)}>;rel="{relation}";datetime="{http_date(moment(each))}"')
    return represent(services, (",\n".join(lines) + "\n").encode(), LINK_FORMAT, seconds=FIVE_MINUTES)


def _memento(name: str, published: Published) -> str:
    """Write the address of the data of a thing in a release."""
    local = name.removeprefix("data/")
    return f"data/{quote(local.removeprefix('id/'))}?version={quote(published.version)}"


def _held(services: Services, name: str) -> list[Published]:
    """List the releases that say something of the thing whose data or IRI a path is; raises NotFoundError for none."""
    if name.startswith(SPACES):
        local = name.removeprefix("data/")
        stem = local.rpartition(".")[0] or local
        iris = [BASE + start + each for each in (local, stem) for start in ("id/", "")]
        held = [each for each in services.releases.published if each.first_of(iris)]
        if held:
            return held
    raise NotFoundError(
        f"No release holds data of '{name[:120]}'. There may be of /data/…, /id/…, /vocab/… and /src/….",
        versions=[each.version for each in services.releases.published],
    )
