"""What OpenAPI says is what is: a bounded run of Schemathesis, the same each time, finds no deviation."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from werkzeug.routing import Rule

from dialogiverkko.web.http.problems import TABLE
from dialogiverkko.web.services import Services

EACH = 24
"""Of the saved queries, which are all described by the same code, every so manieth is run."""
CROSSED = (
    "/sparql", "/collaboration.{suffix}", "/collaboration/path.json", "/graphs", "/embed/collaboration", "/reconcile",
    "/tables/check", "/queries/activities-in-a-period", "/queries/chains-between-two-organisations",
)  # fmt: skip
"""Operations whose parameters depend on each other, or are a language of their own: a schema cannot tell that."""
CONFIG = {
    "seed": 20210608,
    "generation": {"deterministic": True, "max-examples": 2, "database": "none", "no-shrink": True},
    "phases": {"stateful": {"enabled": False}},
}
LENIENT = CONFIG | {"checks": {"positive_data_acceptance": {"enabled": False}}}
"""For those of CROSSED. A rule for single operations would have the tool run all others too, whatever is chosen."""


@pytest.fixture(scope="module")
def document(application: Flask) -> dict[str, Any]:  # Any: a JSON document
    """The description as it is served."""
    found: dict[str, Any] = json.loads(application.test_client().get("/openapi.json").data)
    return found


def test_it_is_valid_and_declares_what_there_is(document: dict[str, Any], services: Services) -> None:
    """OpenAPI 3.1 by its validator; every query with every parameter; every status is one of the table."""
    validate(document)
    statuses = {str(problem.status) for problem in TABLE} | {"200", "302", "303", "304"}
    for query in services.saved.catalogue.public():
        operation = document["paths"][f"/queries/{query.name}"]["get"]
        assert {parameter.name for parameter in query.parameters} < {each["name"] for each in operation["parameters"]}
    told = {status for path in document["paths"].values() for each in path.values() for status in each["responses"]}
    assert told <= statuses
    assert {"403", "404", "405", "411", "413", "415"} <= set(document["paths"]["/sparql"]["post"]["responses"])
    named = {each["name"] for each in document["paths"]["/sparql"]["get"]["parameters"]}
    assert {"query", "default-graph-uri", "named-graph-uri", "format", "timeout", "lang"} == named
    named = {each["name"] for each in document["paths"]["/collaboration.{suffix}"]["get"]["parameters"]}
    chosen = {"strength", "basis", "status", "method", "organisation", "source", "year", "begin", "end"}
    assert {"suffix", "lang", "part", "from", "to", "around", "depth"} | chosen == named


PEOPLE = (
    r"/(<any\(fi, sv, en\):language>/.*)?", r"/page/.+", r"/source(/.+)?", r"/search", r"/collaboration(/path)?",
    r"/compare",
)  # fmt: skip
"""Pages for people, and the addresses that lead to them: their data have addresses of their own."""
BROWSERS = (r"/static/.+", r"/favicon\.ico", r"/problems/.+")
"""What a page of a browser takes with it, and what an error names."""
SAME = {
    "/id/<path:name>": "/id/{kind}/{slug}", "/queries/": "/queries", "/queries.<suffix>": "/queries",
    "/openapi.json": "",
    "/queries/<name>.<suffix>": "/queries/<name>", "/collaboration.svg": "/collaboration.{suffix}",
    "/collaboration.png": "/collaboration.{suffix}", "/ns/<path:rest>": "/ns", "/data/ns": "/data/{name}",
    **{f"/{name}.{suffix}": f"/{name}.{{suffix}}" for name in ("places", "timeline") for suffix in ("svg", "png")},
    "/shapes/<version>": "/shapes", "/dumps": "/dumps/{name}",
}  # fmt: skip
"""Routes that another path of the document stands for; the document does not describe itself."""


def undescribed(rules: Iterable[Rule], paths: Iterable[str]) -> list[str]:
    """List the routes for programs, each with its method, that a document does not have."""
    known = {re.sub(r"\{[^{}]+\}", "{}", path) for path in paths} | {"", "/queries/{}"}
    missing = []
    for rule in rules:
        if any(re.fullmatch(pattern, rule.rule) for pattern in (*PEOPLE, *BROWSERS)):
            continue
        if re.sub(r"<[^<>]+>|\{[^{}]+\}", "{}", SAME.get(rule.rule, rule.rule)) not in known:
            missing.append(rule.rule)
    return sorted(missing)


def test_every_route_for_programs_is_described(application: Flask, document: dict[str, Any]) -> None:
    """What the application serves and what the document says are the same list; IRIs alone may be many more."""
    rules = [rule for rule in application.url_map.iter_rules() if not rule.endpoint.startswith("resources.s")]

    assert len(rules) > 60
    assert undescribed(rules, document["paths"]) == []
    assert undescribed([*rules, Rule("/new/<name>")], document["paths"]) == ["/new/<name>"]
    for gone in ("/timegate/{name}", "/timemap/{name}", "/oembed", "/embed/queries/{name}", "/metrics"):
        assert undescribed(rules, [path for path in document["paths"] if path != gone]) != [], gone


def test_every_described_path_is_a_route(application: Flask, document: dict[str, Any]) -> None:
    """Nothing is described that is not served: each path with something in place of its parts finds its route."""
    adapter = application.url_map.bind("localhost")
    for path, operations in document["paths"].items():
        filled = re.sub(
            r"\{number\}",
            "1",
            re.sub(r"\{name\}", "id/x" if "/time" in path else "links", path).replace("{suffix}", "svg"),
        )
        for method in operations:
            assert adapter.match(re.sub(r"\{[^{}]+\}", "x", filled), method=method.upper()), path


@pytest.fixture
def plain(application: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application without compression, which the test client of the tool does not undo."""
    inner = application.wsgi_app

    def without(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return inner(environ, start)

    monkeypatch.setattr(application, "wsgi_app", without)
    return application


def deviations(application: Flask, paths: list[str]) -> Iterator[tuple[str, str, str]]:
    """Run what the tool makes up for some paths; gives the operation, the kind of each deviation, and the request."""
    crossed = [path for path in paths if path in CROSSED]
    yield from _deviations(application, crossed, LENIENT)
    yield from _deviations(application, [path for path in paths if path not in crossed], CONFIG)


def _deviations(application: Flask, paths: list[str], config: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if not paths:
        return
    schema = schemathesis.openapi.from_wsgi("/openapi.json", application, config=SchemathesisConfig.from_dict(config))
    for event in from_schema(schema.include(path=paths)).execute():
        if isinstance(event, events.FatalError | events.NonFatalError):
            yield str(getattr(event, "label", "")), type(event).__name__, str(vars(event))[:300]
        if not isinstance(event, events.ScenarioFinished):
            continue
        for number, checks in event.recorder.checks.items():
            case = event.recorder.cases[number].value
            for check in checks:
                if check.failure_info:
                    failure = check.failure_info.failure
                    told = f"{failure.message[:300]} {case.method} {case.formatted_path} {case.query} {case.headers}"
                    yield str(event.recorder.label), type(failure).__name__, told


@pytest.mark.timeout(600)
def test_no_answer_deviates(plain: Flask, document: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    """Statuses, types, schemas, headers, methods; what is wrong is refused, and what is right is taken."""
    caplog.set_level(logging.CRITICAL)
    queries = [path for path in document["paths"] if path.startswith("/queries/")]
    paths = [path for path in document["paths"] if path not in queries] + queries[::EACH]

    assert len(paths) > 40
    assert list(deviations(plain, paths)) == []


def test_a_deviation_is_seen(plain: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A status that is answered and not declared is noticed."""
    from dialogiverkko.web.http import openapi

    monkeypatch.setattr(openapi, "_OFTEN", ("405",))

    assert any(kind == "UndefinedStatusCode" for _, kind, _ in deviations(plain, ["/queries"]))


def test_it_is_kept_for_a_while(client: FlaskClient) -> None:
    """Programs may keep it, and ask whether it changed."""
    response = client.get("/openapi.json")

    assert response.headers["Cache-Control"].startswith("public")
    assert client.get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
