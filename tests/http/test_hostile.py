"""What strangers send: each gets a true answer or a problem document, and the next one is served as before."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

OK_ASK = "ASK{}"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
REFUSALS = {400, 403, 404, 405, 406, 411, 413, 414, 415, 422, 503, 504}

CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) < STR(?f)) }"
DOUBLING = (
    "SELECT (STRLEN(?z) AS ?n) WHERE { BIND('xxxxxxxxxxxxxxxx' AS ?a) "
    + "".join(
        f"BIND(CONCAT(?{x},?{x},?{x},?{x},?{x},?{x},?{x},?{x}) AS ?{y}) "
        for x, y in zip("abcdefghi", "bcdefghiz", strict=True)
    )
    + "}"
)
CROSS_ORDER = "SELECT ?a ?f WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f"
PATHS = "SELECT (COUNT(*) AS ?n) WHERE { ?a (<x:p>|!<x:p>)* ?b . ?b (<x:p>|!<x:p>)* ?c }"

NEVER_WHOLE: dict[str, str] = {
    "cross product of three patterns": CROSS,
    "sorted cross product": CROSS_ORDER,
    "string that doubles to gigabytes": DOUBLING,
    "paths over everything": PATHS,
    "cross product with distinct": "SELECT DISTINCT ?a ?f ?i WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "constructed cross product": "CONSTRUCT { ?a <x:p> ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
    "grouped strings": "SELECT (GROUP_CONCAT(?c) AS ?g) WHERE { ?a ?b ?c . ?d ?e ?f }",
    "optional over optional": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }",
    "regular expression over pairs": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    "FILTER(REGEX(CONCAT(STR(?a),STR(?f)), '(a*)*b')) }",
    "minus over pairs": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?x ?f . ?d ?y ?c } }",
}
"""Queries that cannot end within two seconds, or that need more than a worker may have."""

REFUSED: dict[str, str] = {
    "nothing": "",
    "a space": " ",
    "a word": "hello",
    "half a query": "SELECT",
    "open brace": "SELECT * WHERE {",
    "closing brace": "}",
    "zero byte": "SELECT * WHERE { \0 }",
    "sql": "SELECT * FROM users; DROP TABLE users",
    "two queries": "ASK{} ASK{}",
    "query and update": "ASK{} ; INSERT DATA { <a:a> <a:a> <a:a> }",
    "open string": "SELECT ('x AS ?x) {}",
    "open iri": "SELECT * { <http://x ?p ?o }",
    "iri with a space": "SELECT * { <http://x y> ?p ?o }",
    "iri with a brace": "SELECT * { <http://x{}> ?p ?o }",
    "unknown prefix": "SELECT * { nobody:x ?p ?o }",
    "variable twice": "SELECT (1 AS ?x) (2 AS ?x) {}",
    "group without key": "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }",
    "bad escape": r"SELECT ('\q' AS ?x) {}",
    "lone surrogate": r"SELECT ('\uD800' AS ?x) {}",
    "bad number": "SELECT (1e AS ?x) {}",
    "limit below zero": "SELECT * {} LIMIT -1",
    "limit of words": "SELECT * {} LIMIT ten",
    "limit of 40 digits": f"SELECT * {{}} LIMIT {'9' * 40}",
    "offset of 40 digits": f"SELECT * {{}} OFFSET {'9' * 40}",
    "service": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "silent service": "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "service by variable": "SELECT * { ?e a ?c SERVICE ?e { ?s ?p ?o } }",
    "service to a file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "service in a subquery": "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:1/> {} } } }",
    "service in exists": "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "service by a prefix": "PREFIX x: <http://127.0.0.1:1/> SELECT * { SERVICE x:y { ?s ?p ?o } }",
    "service spelled in small letters": "select * { service <http://127.0.0.1:1/> {} }",
    "insert": "INSERT DATA { <a:a> <a:a> <a:a> }",
    "delete": "DELETE WHERE { ?s ?p ?o }",
    "load a file": "LOAD <file:///etc/passwd>",
    "load silently": "LOAD SILENT <http://127.0.0.1:1/>",
    "clear": "CLEAR ALL",
    "drop": "DROP ALL",
    "move": "MOVE DEFAULT TO <a:g>",
    "add": "ADD <a:g> TO DEFAULT",
    "insert behind a comment": "# SELECT\nINSERT DATA { <a:a> <a:a> <a:a> }",
    "insert behind a prefix": "PREFIX a: <a:> INSERT DATA { a:a a:a a:a }",
    "insert behind an escape": r"\u0049NSERT DATA { <a:a> <a:a> <a:a> }",
    "deep braces": "ASK " + "{" * 3_000 + "}" * 3_000,
    "deep functions": "SELECT (" + "ABS(" * 3_000 + "1" + ")" * 3_000 + " AS ?x) {}",
    "deep not exists": "ASK { " + "FILTER NOT EXISTS { ?s ?p ?o " * 1_000 + "}" * 1_000 + "}",
    "deep blank nodes": "ASK { ?s ?p " + "[ ?p " * 1_500 + "1" + " ]" * 1_500 + " }",
    "deep lists": "ASK { ?s ?p " + "(" * 1_500 + ")" * 1_500 + " }",
    "deep optional": "ASK { " + "OPTIONAL { ?s ?p ?o " * 1_000 + "}" * 1_000 + "}",
    "deep signs": "SELECT (" + "-(" * 2_000 + "1" + ")" * 2_000 + " AS ?x) {}",
    "deep subqueries": "SELECT * { " + "{ SELECT * { " * 700 + "} }" * 700 + " }",
    "only opening braces": "ASK " + "{" * 50_000,
    "a query of 300 kB": "ASK {} #" + "x" * 300_000,
    "unknown function": "SELECT (<http://x/f>(1) AS ?x) {}",
    "xml function of another engine": "SELECT (<http://jena.apache.org/ARQ/function#now>() AS ?x) {}",
    "markup": "<script>alert(1)</script>",
    "template": "{{ 7*7 }}",
    "shell": "$(id) `id` ; cat /etc/passwd",
    "directory": "../../../../etc/passwd",
    "xml entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "format string": "%s%s%n{0}{config}",
    "jndi": "${jndi:ldap://127.0.0.1/x}",
    "bom and word": "\ufeffhello",
    "words from right to left": "\u202eSELECT * {}",
    "a thousand newlines": "\n" * 1_000 + "x",
}

ANSWERED: dict[str, str] = {
    "byte order of a comment": "ASK {} # \u202e",
    "empty group": "ASK {}",
    "unicode names": "SELECT ?ä { ?ä ?p ?o } LIMIT 1",
    "invalid dates": "SELECT (YEAR('9999999999-99-99'^^<http://www.w3.org/2001/XMLSchema#date>) AS ?x) {}",
    "division by zero": "SELECT (1/0 AS ?x) {}",
    "huge integer": f"SELECT ({'9' * 200} AS ?x) {{}}",
    "bad regular expression": "SELECT (REGEX('a', '(') AS ?x) {}",
    "no rows": "SELECT * { <a:a> <a:b> ?x }",
    "two thousand values": "SELECT * { VALUES ?x {" + " 1" * 2_000 + " } } LIMIT 1",
    "limit zero": "SELECT * { ?s ?p ?o } LIMIT 0",
}

FETCHED: dict[str, str] = {
    "file": "SELECT * FROM <{file}> {{ ?s ?p ?o }}",
    "named file": "SELECT * FROM NAMED <{file}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "address": "SELECT * FROM <{address}> {{ ?s ?p ?o }}",
    "named address": "SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "data address": "SELECT * FROM <data:text/turtle,%3Ca:a%3E%20%3Ca:b%3E%20%3Ca:c%3E.> {{ ?s ?p ?o }}",
}
"""Queries of graphs that are not ours: each would have something to tell if it were read or fetched."""


@pytest.fixture(autouse=True)
def canary(client: FlaskClient) -> Iterator[None]:
    """After each hostile request a plain query that is not in the cache is answered."""
    yield

    response = client.get("/sparql?query=SELECT(RAND()AS%20%3Fx)%7B%7D")
    assert response.status_code == 200
    assert client.get("/healthz").status_code == 200


def _is_refused(response) -> None:  # type: ignore[no-untyped-def]
    told = response.get_json(force=True)
    text = response.get_data(as_text=True)
    assert response.status_code in REFUSALS
    assert (response.mimetype, told["status"]) == ("application/problem+json", response.status_code)
    assert told["detail"]
    assert not any(word in text for word in ("Traceback", "site-packages", '.py"', "root:x:"))


def test_there_are_at_least_eighty() -> None:
    """The suite does not shrink unseen."""
    assert len(NEVER_WHOLE) + len(REFUSED) + len(ANSWERED) + len(FETCHED) >= 80


@pytest.mark.parametrize("name", NEVER_WHOLE)
def test_what_cannot_be_answered_in_time_says_so(client: FlaskClient, name: str) -> None:
    """A limit is told by its name; never a 200 that looks whole."""
    response = client.post("/sparql", data={"query": NEVER_WHOLE[name], "timeout": "1"})

    _is_refused(response)
    assert response.status_code in (413, 503, 504)
    assert response.get_json(force=True)["limit"] in ("time_limit", "memory_limit", "row_limit", "byte_limit")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_query_of_ours_is_refused(client: FlaskClient, name: str) -> None:
    """400, 403 or 413, by form as by body."""
    by_form = client.post("/sparql", data={"query": REFUSED[name]})
    body = REFUSED[name].encode()
    length = {"CONTENT_LENGTH": str(len(body))}
    directly = client.post("/sparql", data=body, content_type=QUERY, environ_overrides=length)

    _is_refused(by_form)
    _is_refused(directly)
    assert by_form.status_code == directly.status_code


@pytest.mark.parametrize("name", FETCHED)
def test_a_graph_that_is_not_ours_is_empty_and_never_fetched(client: FlaskClient, tmp_path: Path, name: str) -> None:
    """No file is read and nobody is called, by form as by body; the answer is empty and says so in a header."""
    file = tmp_path / "secret.ttl"
    file.write_text("<a:a> <a:b> <a:c> .\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/secret.ttl"
        query = FETCHED[name].format(file=file.as_uri(), address=address)
        length = {"CONTENT_LENGTH": str(len(query.encode()))}
        answers = [
            client.post("/sparql", data={"query": query}),
            client.post("/sparql", data=query.encode(), content_type=QUERY, environ_overrides=length),
        ]
        with pytest.raises(TimeoutError):
            listener.accept()

    assert [each.status_code for each in answers] == [200, 200]
    assert [each.get_json(force=True)["results"]["bindings"] for each in answers] == [[], []]
    assert all("no graph <" in each.headers["Dialogiverkko-Notice"] for each in answers)


@pytest.mark.parametrize("name", ANSWERED)
def test_what_is_odd_but_allowed_is_answered(client: FlaskClient, name: str) -> None:
    """Odd is not wrong."""
    assert client.get("/sparql", query_string={"query": ANSWERED[name]}).status_code == 200


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "a\nX: y", "é", "x" * 9_000, "<b>", "../x", "\x00"])
@pytest.mark.parametrize("header", ["X-Request-Id", "Accept", "If-None-Match", "Origin", "Accept-Language"])
def test_headers_cannot_split_an_answer(client: FlaskClient, header: str, value: str) -> None:
    """What a client sends in a header never becomes a header of ours."""
    environ = {f"HTTP_{header.upper().replace('-', '_')}": value}
    response = client.get(f"/sparql?query={quote(OK_ASK)}", environ_overrides=environ)

    assert response.status_code in (200, 304, 400, 406)
    assert "Set-Cookie" not in response.headers
    assert not any("\n" in each or "\r" in each for _, each in response.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/id/org/vnk%0d%0aSet-Cookie:x=1",
        "/data/org/vnk%0d%0aX:y",
        "/problems/%0d%0aX:y",
        "/queries/%0d%0aX:y",
        "/id/../../etc/passwd",
        "/data/..%2f..%2fetc%2fpasswd",
        "/id///x",
        "/%00",
        "/id/%FF",
        "/sparql/../x",
        "/dumps/%2e%2e%2fpyproject.toml",
        "/id/" + "a" * 20_000,
        "/graph/<script>",
    ],
)
def test_paths_lead_nowhere_else(client: FlaskClient, path: str) -> None:
    """A path names a thing of ours or nothing."""
    response = client.get(path)

    assert response.status_code in (301, 303, 308, 400, 404)
    assert "Set-Cookie" not in response.headers
    assert not response.headers.get("Location", "").startswith(("//", "http://example"))


@pytest.mark.parametrize("path", ["//example.org", "//example.org/", "///x", "/\\\\example.org/"])
def test_no_path_redirects_to_another_host(client: FlaskClient, path: str) -> None:
    """Slashes in front of a path make no address of it."""
    response = client.get("/", environ_overrides={"PATH_INFO": path})

    assert response.headers.get("Location", "http://localhost/").startswith("http://localhost/")


@pytest.mark.parametrize("host", ["evil.example", "a b", "x\r\nY: z", "[::1", "x" * 3_000, "a@b", "<script>"])
def test_a_host_that_is_not_ours_does_no_harm(client: FlaskClient, host: str) -> None:
    """The Host header is written into descriptions at most, as an IRI or not at all."""
    response = client.get("/sparql", headers={"Accept": "text/turtle"}, environ_overrides={"HTTP_HOST": host})

    assert response.status_code in (200, 400)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "", "99999999999999999999"])
def test_a_length_that_is_none_is_refused(client: FlaskClient, length: str) -> None:
    """Content-Length is digits, and not too many."""
    response = client.post("/sparql", content_type=QUERY, environ_overrides={"CONTENT_LENGTH": length})

    assert response.status_code in (400, 411, 413)


def test_a_form_of_very_many_fields_is_refused(client: FlaskClient) -> None:
    """Fields are counted before they are kept."""
    assert client.post("/sparql", data="a=1&" * 5_000 + "query=ASK{}", content_type=FORM).status_code == 400


@pytest.mark.parametrize("host", ["<script>", "a b", "a,b", "a/b", "a?b", "a#b", 'a"b', "a@b", "[::1", "a:b"])
def test_a_host_that_is_none_is_refused(client: FlaskClient, host: str) -> None:
    """RFC 9112, 3.2: no address is made of what is none."""
    response = client.get("/queries.json", headers={"Host": host})

    assert (response.status_code, response.get_json()["type"].rpartition("/")[2]) == (400, "malformed-request")
    assert response.headers["X-Request-Id"]


@pytest.mark.parametrize(
    "host", ["localhost", "example.org:8000", "[::1]:80", "xn--bcher-kva.example", "a_b", "1.2.3.4:"]
)
def test_a_host_that_is_one_is_taken(client: FlaskClient, host: str) -> None:
    """A name or an address, with a port or none."""
    assert client.get("/queries.json", headers={"Host": host}).status_code == 200


def test_without_a_host_it_is_http_1_0(client: FlaskClient) -> None:
    """RFC 9112, 3.2: HTTP/1.1 demands one."""
    answers = []
    for protocol in ("HTTP/1.0", "HTTP/1.1"):
        environ = EnvironBuilder("/queries.json").get_environ() | {"SERVER_PROTOCOL": protocol}
        del environ["HTTP_HOST"]
        answers.append(run_wsgi_app(client.application, environ)[1][:3])

    assert answers == ["200", "400"]


@pytest.mark.parametrize("coding", ["gzip", "br", "GZIP", "gzip, identity", "nonsense"])
def test_a_coded_body_is_refused(client: FlaskClient, coding: str) -> None:
    """Whatever the bytes are: they are not what the media type says."""
    response = client.post("/sparql", data=OK_ASK, headers={"Content-Type": QUERY, "Content-Encoding": coding})

    assert response.status_code == 415
    assert response.get_json()["accepted"] == ["identity"]
    assert client.post("/sparql", data=OK_ASK, headers={"Content-Type": QUERY, "Content-Encoding": "identity"}).data
