"""The Reconciliation API 0.2 (W3C community group): ``/reconcile`` says which thing of the graph a name means."""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from flask import Blueprint, Response, request

from dialogiverkko.errors import BadParameterError, NotFoundError, UnsupportedMediaTypeError
from dialogiverkko.graph.tables.reconciling import MOST, PROPERTIES, TYPES, Reconciler, described
from dialogiverkko.namespaces import BASE
from dialogiverkko.spelling import cut
from dialogiverkko.web.http.problems import HttpError
from dialogiverkko.web.http.protocol import FORM
from dialogiverkko.web.services import Services, root_address

MOST_QUERIES = 200
_LONGEST = 300
_FUNCTION = re.compile(r"[A-Za-z_$][\w$]{0,63}(\.[A-Za-z_$][\w$]{0,63}){0,4}", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_FORMS = (FORM, "multipart/form-data")
_STRICT = ("any", "should", "all")
Answer = dict[str, Any]


def blueprint(services: Services) -> Blueprint:
    """Make the routes of the service."""
    routes = Blueprint("reconcile", __name__, url_prefix="/reconcile")

    @routes.route("", methods=["GET", "POST"])
    def answer() -> Response:
        if request.content_length and request.mimetype not in _FORMS:
            raise UnsupportedMediaTypeError("Queries are posted as fields of a form.", accepted=list(_FORMS))
        if "queries" in request.values:
            return _json(_all(services.reconciler, _object("queries")))
        if "extend" in request.values:
            return _json(_extend(services.reconciler, _object("extend")))
        return _json(manifest(root_address(services.settings.base_address)))

    @routes.get("/suggest/<what>")
    def suggest(what: str) -> Response:
        cursor = request.args.get("cursor", "0")
        if not _NUMBER.fullmatch(cursor):
            raise BadParameterError("'cursor' is how many suggestions to skip.", parameter="cursor")
        prefix = request.args.get("prefix", "")[:_LONGEST]
        return _json({"result": _suggest(services.reconciler, what, prefix, int(cursor))})

    @routes.get("/properties")
    def properties() -> Response:
        kind = request.args.get("type", "")
        _require_types([kind] if kind else [])
        return _json(_proposed(kind))

    @routes.get("/preview")
    def preview() -> Response:
        entity = services.reconciler.entities.get(request.args.get("id", ""))
        if entity is None:
            raise NotFoundError("There is nothing with this id.")
        lines = "".join(f"<p lang={code}>{escape(label)}</p>" for code, label in sorted(entity.labels.items()) if code)
        page = f"<!doctype html><html lang=en><title>{escape(entity.label('en'))}</title>{lines}</html>"
        return Response(page, content_type="text/html; charset=utf-8")

    return routes


def _json(document: Answer) -> Response:
    """Answer with JSON, which any page may read, or as the call of a function where an older page names one."""
    text, kind = json.dumps(document, ensure_ascii=False), "application/json"
    callback = request.args.get("callback", "")
    if callback:
        if not _FUNCTION.fullmatch(callback):
            raise BadParameterError("'callback' is the name of a function of JavaScript.", parameter="callback")
        line_ends = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        text, kind = f"/**/{callback}({line_ends});", "text/javascript"
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def manifest(root: str) -> Answer:
    """Return what the service is and can do."""
    service = f"{root}reconcile"
    return {
        "versions": ["0.1", "0.2"],
        "name": "Dialogiverkko",
        "identifierSpace": BASE,
        "schemaSpace": BASE + "reconcile/type/",
        "documentation": f"{root}en/about",
        "defaultTypes": [{"id": kind, "name": name} for kind, (_, name) in TYPES.items()],
        "view": {"url": f"{root}{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": 400, "height": 160},
        "suggest": {
            what: {"service_url": service, "service_path": f"/suggest/{what}"}
            for what in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": MOST_QUERIES,
    }


def _object(name: str) -> Answer:
    """Read a parameter that holds a JSON object."""
    try:
        found = json.loads(request.values[name])
    except (ValueError, RecursionError) as error:
        raise BadParameterError(f"'{name}' is no JSON: {error}.", parameter=name) from error
    if not isinstance(found, dict):
        raise BadParameterError(f"'{name}' is not an object of JSON.", parameter=name)
    return found


def _all(names: Reconciler, queries: Mapping[str, Any]) -> Answer:
    """Answer a batch of queries."""
    if len(queries) > MOST_QUERIES:
        raise HttpError("body-too-large", f"At most {MOST_QUERIES} queries are answered at a time.")
    return {key: {"result": _one(names, query)} for key, query in queries.items()}


def _one(names: Reconciler, query: Any) -> list[Mapping[str, Any]]:
    """Return the candidates of one query."""
    if not isinstance(query, dict) or not (_is_text(query.get("query")) or query.get("properties")):
        raise BadParameterError("A query is an object with a text 'query', or with 'properties'.", parameter="queries")
    kinds, wanted, most = _kinds(query), _wanted(query), _most(query)
    if query.get("type_strict", "any") not in _STRICT:
        raise BadParameterError("'type_strict' is any, should or all.", parameter="type_strict", allowed=list(_STRICT))
    if not _is_text(query.get("query")):
        return [described(found) for found in names.having(names.of_kinds(kinds), wanted)[:most]]
    found = names.candidates(query["query"][:_LONGEST], kinds, MOST if wanted else most)
    return [described(each) for each in names.having(found, wanted)[:most]]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _kinds(query: Mapping[str, Any]) -> list[str]:
    """Return the types that a query asks for, given as one, as a list, or as objects."""
    asked = query.get("type")
    wanted = asked if isinstance(asked, list) else [] if asked is None else [asked]
    kinds = [str(each["id"] if isinstance(each, dict) and "id" in each else each) for each in wanted]
    _require_types(kinds)
    return kinds


def _require_types(kinds: Sequence[str]) -> None:
    """Refuse a type that there is not."""
    unknown = [kind for kind in kinds if kind not in TYPES]
    if unknown:
        raise BadParameterError(
            f"There is no type '{cut(unknown[0])}'. There are {', '.join(TYPES)}.",
            parameter="type",
            allowed=list(TYPES),
        )


def _most(query: Mapping[str, Any]) -> int:
    """Return how many candidates are asked for."""
    limit = query.get("limit", 10)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit % 1 != 0 or limit < 1:
        raise BadParameterError("'limit' is a whole number from 1.", parameter="limit")
    return min(int(limit), MOST)


def _wanted(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the values that things must have, by property: one of each."""
    found: dict[str, list[str]] = {}
    given = query.get("properties") or []
    for each in given if isinstance(given, list) else [given]:
        if not isinstance(each, dict) or "v" not in each or not _is_property(each.get("pid")):
            known = ", ".join(PROPERTIES)
            message = f"Each of 'properties' has a 'pid', which is one of {known}, and a value 'v'."
            raise BadParameterError(message, parameter="properties", allowed=list(PROPERTIES))
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        found[each["pid"]] = [str(v.get("id", "") if isinstance(v, dict) else v)[:_LONGEST] for v in values]
    return found


def _is_property(value: Any) -> bool:
    return isinstance(value, str) and value in PROPERTIES


def _extend(names: Reconciler, asked: Mapping[str, Any]) -> Answer:
    """Return what the graph says of things under properties."""
    ids, wanted = asked.get("ids", []), asked.get("properties", [])
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadParameterError("'ids' is a list of texts.", parameter="ids")
    if len(ids) > MOST_QUERIES:
        raise HttpError("body-too-large", f"At most {MOST_QUERIES} things are extended at a time.")
    if not isinstance(wanted, list) or not all(
        isinstance(each, dict) and _is_property(each.get("id")) for each in wanted
    ):
        message = f"Each of 'properties' has an 'id', which is one of {', '.join(PROPERTIES)}."
        raise BadParameterError(message, parameter="properties", allowed=list(PROPERTIES))
    known = [each["id"] for each in wanted]
    return {
        "meta": [{"id": each, "name": PROPERTIES[each][0]} for each in known],
        "rows": {each: {prop: names.cells(each, prop) for prop in known} for each in ids},
    }


def _suggest(names: Reconciler, what: str, prefix: str, skipped: int) -> list[Answer]:
    """Complete what a person types: a thing, a type or a property."""
    lower = prefix.casefold()
    if what == "entity":
        return [
            {"id": e.id, "name": e.label(), "notable": [{"id": e.kind, "name": TYPES[e.kind][1]}]}
            for e in names.suggest(prefix, skipped=skipped)
        ]
    listed = {
        "type": {kind: name for kind, (_, name) in TYPES.items()},
        "property": {k: n for k, (n, _) in PROPERTIES.items()},
    }
    if what not in listed:
        raise NotFoundError("Entities, types and properties can be suggested.")
    found = [(key, name) for key, name in listed[what].items() if lower in name.casefold() or lower in key]
    return [{"id": key, "name": name} for key, name in found[skipped:]]


def _proposed(kind: str) -> Answer:
    """Return the properties that things of a type may have."""
    without = {
        "organisation": {"theme", "place"},
        "place": {"theme", "place", "homepage"},
        "theme": {"place", "homepage"},
    }
    left_out = without.get(kind, set())
    return {
        "type": kind,
        "properties": [{"id": key, "name": name} for key, (name, _) in PROPERTIES.items() if key not in left_out],
    }
