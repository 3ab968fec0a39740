"""Whatever is asked, the answer is one of those that the protocol knows."""

import random
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogiverkko.media import ALIASES, GRAPH_TYPES, HTML, SOLUTION_TYPES, negotiate

NAMES = [each.name for each in (*SOLUTION_TYPES, *GRAPH_TYPES, HTML)]
OFFERED = (*SOLUTION_TYPES, HTML)
RANGES = st.sampled_from([*NAMES, *ALIASES, "*/*", "text/*", "application/*", "image/png"])
QUALITIES = st.one_of(st.none(), st.integers(0, 1000).map(lambda q: q / 1000))
PLAIN = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def header(parts: list[tuple[str, float | None]]) -> str:
    """Write an Accept header."""
    return ", ".join(name if q is None else f"{name};q={q:.3f}" for name, q in parts)


@PLAIN
@given(st.lists(st.tuples(RANGES, QUALITIES), max_size=6, unique_by=lambda part: part[0]))
def test_negotiation_takes_the_best_quality(parts: list[tuple[str, float | None]]) -> None:
    """No type on offer has a higher quality than the one chosen, reckoned here by the words of RFC 9110."""
    wanted = {name: 1.0 if q is None else q for name, q in parts}
    chosen = negotiate(header(parts), OFFERED)

    def quality(name: str) -> float:
        aliases = [wanted[alias] for alias, own in ALIASES.items() if own == name and alias in wanted]
        plain = next(
            (wanted[r] for r in (name, f"{name.partition('/')[0]}/*", "*/*") if r in wanted), 0.0 if parts else 1.0
        )
        return max([plain, *aliases])

    best = max(quality(each.name) for each in OFFERED)
    assert (chosen is None) is (best == 0)
    assert chosen is None or quality(chosen.name) == best


@PLAIN
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=80))
def test_any_accept_header_is_answered(client: FlaskClient, accept: str) -> None:
    """200 in a type on offer, or 406."""
    response = client.get("/sparql?query=ASK%7B%7D", environ_overrides={"HTTP_ACCEPT": accept})

    assert response.status_code in (200, 406)
    assert response.status_code == 406 or response.mimetype in NAMES


@PLAIN
@given(st.text(max_size=60))
def test_text_comes_back_as_it_was_sent(client: FlaskClient, text: str) -> None:
    """By form, by address and directly: the same text, or the same refusal."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    literal = '"' + text.translate({ord(c): f"\\u{ord(c):04X}" for c in '"\\\n\r'}) + '"'
    query = f"SELECT ({literal} AS ?x) WHERE {{}}"
    headers = {"Accept": "application/sparql-results+json"}
    answers = [
        client.get("/sparql", query_string={"query": query}, headers=headers),
        client.post("/sparql", data={"query": query}, headers=headers),
        client.post("/sparql", data=query.encode(), content_type="application/sparql-query", headers=headers),
    ]

    assert len({answer.status_code for answer in answers}) == 1
    if answers[0].status_code == 200:
        values = [a.get_json(force=True)["results"]["bindings"][0]["x"]["value"] for a in answers]
        assert values == [text] * 3


@PLAIN
@given(st.binary(max_size=120))
def test_any_bytes_in_a_form_are_answered(client: FlaskClient, body: bytes) -> None:
    """A form of any bytes is a query or a refusal."""
    response = client.post("/sparql", data=body, content_type="application/x-www-form-urlencoded")

    assert response.status_code in (200, 400, 403)


# --- a fuzz run -------------------------------------------------------------------------------

REQUESTS = 10_000
PIECES = (
    "SELECT",
    "ASK",
    "CONSTRUCT",
    "DESCRIBE",
    "WHERE",
    "{",
    "}",
    "(",
    ")",
    "?s",
    "?p",
    "?o",
    "<a:b>",
    "FROM",
    "NAMED",
    "SERVICE",
    "SILENT",
    "OPTIONAL",
    "UNION",
    "FILTER",
    "BIND",
    "AS",
    "VALUES",
    "LIMIT",
    "1",
    "-1",
    "'x'",
    '"',
    "'",
    ".",
    ";",
    ",",
    "*",
    "COUNT",
    "GROUP BY",
    "ORDER BY",
    "INSERT DATA",
    "DELETE",
    "LOAD",
    "PREFIX x: <y:>",
    "x:z",
    "#",
    "\n",
    "\\u0041",
    "\x00",
    "ä",
    "😀",
    "^^",
    "@fi",
    "[",
    "]",
    "a",
    "/",
    "|",
    "!",
    "^",
    "+",
    "=",
    "<",
    ">",
    "NOT EXISTS",
    "MINUS",
)
ADDRESSES = (
    "/sparql",
    "/sparql",
    "/sparql",
    "/graphs",
    "/queries",
    "/queries/x",
    "/queries/x.csv",
    "/id/org/vnk",
    "/data/org/vnk",
    "/data/org/vnk.ttl",
    "/vocab/role/organiser",
    "/src/x",
    "/ns",
    "/problems/x",
    "/collaboration.json",
    "/openapi.json",
    "/.well-known/void",
    "/dumps/x",
    "/healthz",
    "/",
    "/x",
    "/sparql/",
    "//sparql",
    "/%2e%2e/",
)
METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW")
FIELDS = (
    "query",
    "query",
    "update",
    "default-graph-uri",
    "named-graph-uri",
    "format",
    "timeout",
    "graph",
    "default",
    "x",
)
TYPES = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
    "text/plain",
    "multipart/form-data; boundary=x",
    "",
    "application/sparql-query; charset=latin-1",
    ";;;",
    "a/b/c",
)


@pytest.mark.timeout(600)
def test_ten_thousand_random_requests_make_no_fault(application: Flask) -> None:
    """No answer is a 5xx but 503 and 504; the run is the same every time."""
    chance = random.Random(20210608)  # noqa: S311 - chosen cases, no secrets
    client = application.test_client()
    faults: list[tuple[int, str, dict[str, object]]] = []
    statuses: dict[int, int] = {}

    for _ in range(REQUESTS):
        path, arguments = _random_request(chance)
        response = client.open(path, **arguments)  # type: ignore[arg-type]
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        if response.status_code >= 500 and response.status_code not in (503, 504):
            faults.append((response.status_code, path, arguments))

    assert faults == []
    assert sum(statuses.values()) == REQUESTS
    assert statuses[200] > 100
    assert statuses[400] > 100


def _random_request(chance: random.Random) -> tuple[str, dict[str, object]]:
    def text() -> str:
        words = [chance.choice(PIECES) for _ in range(chance.randrange(14))]
        return chance.choice((" ", " ", "")).join(words) if chance.random() < 0.8 else "ASK { ?s ?p ?o }"

    fields = [(chance.choice(FIELDS), text()) for _ in range(chance.randrange(4))]
    query_string = urlencode(fields)
    if chance.random() < 0.2:
        query_string += chance.choice(("&%FF=%FE", "&query=%", "&=&&;", "%00", "&a" * 300))
    accept = chance.choice(("*/*", "text/html", "text/turtle", "application/json", "x", "", "a/b;q=x", "text/*;q=0"))
    body = chance.choice((text().encode(), urlencode([(chance.choice(FIELDS), text())]).encode(), chance.randbytes(40)))
    return chance.choice(ADDRESSES), {
        "method": chance.choice(METHODS),
        "query_string": query_string,
        "data": body,
        "content_type": chance.choice(TYPES),
        "headers": {"Accept": accept},
    }
