"""The SPARQL 1.1 Protocol, clause by clause: https://www.w3.org/TR/sparql11-protocol/."""

import io
import json
from urllib.parse import quote, urlencode

import pytest
from flask.testing import EnvironBuilder, FlaskClient
from werkzeug.test import run_wsgi_app

from dialogiverkko.namespaces import GRAPH, GRAPH_REFERENCE, GRAPH_VOCAB
from dialogiverkko.web.services import Services

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/dialogiverkko/ns#DialogueSeries> } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 3"
DESCRIBE = "DESCRIBE <https://w3id.org/dialogiverkko/id/org/vnk>"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
RESULTS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
GRAPHS = (
    "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json",
    "application/trig", "application/n-quads",
)  # fmt: skip


def get(client: FlaskClient, query: str, accept: str = "*/*", **more: str):  # type: ignore[no-untyped-def]
    """Ask by GET."""
    return client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})


def count(client: FlaskClient, parameters: list[tuple[str, str]]) -> int:
    """Count the triples of a dataset that the protocol names."""
    response = client.get(f"/sparql?{urlencode([('query', COUNT), *parameters])}")
    return int(response.get_json(force=True)["results"]["bindings"][0]["n"]["value"])


def test_query_via_get_is_answered(client: FlaskClient) -> None:
    """2.1.1: the query is the parameter of the address."""
    response = get(client, ASK)

    assert (response.status_code, response.get_json(force=True)["boolean"]) == (200, True)


def test_query_via_post_form_is_answered(client: FlaskClient) -> None:
    """2.1.2: the query is a field of a form."""
    response = client.post("/sparql", data={"query": ASK})

    assert response.get_json(force=True)["boolean"] is True


def test_query_via_post_directly_is_answered(client: FlaskClient) -> None:
    """2.1.3: the query is the body."""
    response = client.post("/sparql", data=ASK, content_type=QUERY)

    assert response.get_json(force=True)["boolean"] is True


def test_post_directly_takes_dataset_from_the_address(client: FlaskClient, services: Services) -> None:
    """2.1.3: the graph parameters of a posted query stand in the address."""
    response = client.post(f"/sparql?default-graph-uri={quote(GRAPH_VOCAB, safe='')}", data=COUNT, content_type=QUERY)

    found = int(response.get_json(force=True)["results"]["bindings"][0]["n"]["value"])
    assert found == services.snapshot.counts[GRAPH_VOCAB]


def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient) -> None:
    """RFC 9110, 9.3.2: HEAD is GET without the content."""
    got, head = get(client, ASK), client.head("/sparql", query_string={"query": ASK})

    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.data))


def test_options_lists_the_methods(client: FlaskClient) -> None:
    """OPTIONS answers with Allow."""
    response = client.options("/sparql")

    assert response.status_code == 204
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("media_type", RESULTS)
@pytest.mark.parametrize("query", [ASK, SELECT])
def test_results_come_in_every_format(client: FlaskClient, query: str, media_type: str) -> None:
    """ASK and SELECT are written in each of the four result formats."""
    response = get(client, query, media_type)

    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.data


@pytest.mark.parametrize("media_type", GRAPHS)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
def test_graphs_come_in_every_format(client: FlaskClient, query: str, media_type: str) -> None:
    """CONSTRUCT and DESCRIBE are written in each of the six graph formats."""
    response = get(client, query, media_type)

    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.data


def test_quality_decides_among_types(client: FlaskClient) -> None:
    """RFC 9110, 12.5.1: the higher q wins."""
    assert get(client, ASK, "text/csv;q=0.2, application/sparql-results+xml;q=0.9").mimetype == RESULTS[1]


def test_quality_zero_excludes_a_type(client: FlaskClient) -> None:
    """RFC 9110, 12.4.2: q=0 is «not acceptable», even beside a wildcard."""
    assert get(client, ASK, "application/sparql-results+json;q=0, */*;q=0.1").mimetype != RESULTS[0]


def test_any_type_gives_the_first_on_offer(client: FlaskClient) -> None:
    """A client without wishes gets JSON, and Turtle for graphs."""
    assert (get(client, ASK).mimetype, get(client, CONSTRUCT).mimetype) == (RESULTS[0], GRAPHS[0])


def test_application_json_gives_sparql_results(client: FlaskClient) -> None:
    """Clients that ask for plain JSON or XML get the SPARQL form of it."""
    assert get(client, ASK, "application/json").mimetype == RESULTS[0]
    assert get(client, ASK, "application/xml").mimetype == RESULTS[1]


def test_charset_in_accept_does_not_matter(client: FlaskClient) -> None:
    """A charset parameter does not tell media types apart."""
    assert get(client, ASK, "text/csv; charset=utf-8").mimetype == "text/csv"


def test_unacceptable_type_is_406_with_what_is_offered(client: FlaskClient) -> None:
    """RFC 9110, 15.5.7: the answer lists the representations there are."""
    response = get(client, ASK, "image/png")

    assert response.status_code == 406
    assert set(RESULTS) <= set(response.get_json(force=True)["offered"])


def test_406_comes_before_any_work(client: FlaskClient, services: Services) -> None:
    """A query that could not be told anyway is never run."""
    before = sum(services.backend.stats().outcomes.values())

    get(client, "SELECT * WHERE { ?never ?run ?this }", "image/png")

    assert sum(services.backend.stats().outcomes.values()) == before


def test_a_graph_is_not_labelled_as_a_table(client: FlaskClient) -> None:
    """CONSTRUCT with Accept: text/csv is 406, not Turtle under another name."""
    assert get(client, CONSTRUCT, "text/csv").status_code == 406


@pytest.mark.parametrize(("suffix", "media_type"), [("csv", "text/csv"), ("xml", RESULTS[1]), ("text/csv", "text/csv")])
def test_format_parameter_wins_over_accept(client: FlaskClient, suffix: str, media_type: str) -> None:
    """People choose a format in the address."""
    assert get(client, ASK, RESULTS[0], format=suffix).mimetype == media_type


def test_unknown_format_is_406(client: FlaskClient) -> None:
    """A format that is not on offer is not guessed."""
    assert get(client, ASK, format="docx").status_code == 406


def test_syntax_error_is_400_with_line_and_column(client: FlaskClient) -> None:
    """2.1.7: a query that does not parse is 400, and the answer says where."""
    response = get(client, "SELECT ?s WHERE {\n  ?s ?p }")

    problem = response.get_json(force=True)
    assert (response.status_code, problem["line"]) == (400, 2)
    assert problem["column"] > 0


def test_unknown_function_is_400(client: FlaskClient) -> None:
    """A function that nobody has is the client's error."""
    response = get(client, "SELECT (<http://example.org/f>(1) AS ?x) WHERE {}")

    assert response.get_json(force=True)["type"].endswith("/query-evaluation")


def test_missing_query_in_a_form_is_400(client: FlaskClient) -> None:
    """2.1.2: the form holds exactly one query."""
    assert client.post("/sparql", data={"other": "x"}).status_code == 400


def test_repeated_query_is_400(client: FlaskClient) -> None:
    """2.1.7: two queries in one request are malformed."""
    assert client.get(f"/sparql?query={quote(ASK)}&query={quote(ASK)}").status_code == 400


def test_query_in_form_and_address_is_400(client: FlaskClient) -> None:
    """A query given twice, in two places, is given twice."""
    assert client.post(f"/sparql?query={quote(ASK)}", data={"query": ASK}).status_code == 400


@pytest.mark.parametrize("method", ["get", "post"])
def test_percent_2b_is_a_plus(client: FlaskClient, method: str) -> None:
    """%2B is a plus and + a space, by GET as by POST."""
    text = quote("SELECT (1+2 AS ?n) WHERE {}", safe="").replace("%20", "+")
    if method == "get":
        response = client.get(f"/sparql?query={text}")
    else:
        response = client.post("/sparql", data=f"query={text}", content_type=FORM)

    assert response.get_json(force=True)["results"]["bindings"][0]["n"]["value"] == "3"


@pytest.mark.parametrize("method", ["get", "post"])
def test_percent_encoding_is_decoded_once(client: FlaskClient, method: str) -> None:
    """An IRI with %20 keeps it, by GET as by POST."""
    query = "SELECT (STR(<http://example.org/a%20b>) AS ?iri) WHERE {}"
    send = client.get if method == "get" else client.post
    argument = {"query_string": {"query": query}} if method == "get" else {"data": {"query": query}}
    response = send("/sparql", **argument)

    assert response.get_json(force=True)["results"]["bindings"][0]["iri"]["value"] == "http://example.org/a%20b"


@pytest.mark.parametrize("text", ["ä ö å", "Ж 漢字", "😀", "e\u0301"])
def test_text_is_utf_8_throughout(client: FlaskClient, text: str) -> None:
    """What goes in comes out, whichever way it is sent."""
    query = f"SELECT ('{text}' AS ?x) WHERE {{}}"
    answers = (
        get(client, query),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query.encode(), content_type=f"{QUERY}; charset=UTF-8"),
    )

    assert [a.get_json(force=True)["results"]["bindings"][0]["x"]["value"] for a in answers] == [text] * 3


@pytest.mark.parametrize("raw", ["%FF", "%C3%28", "%ED%A0%80"])
def test_bytes_that_are_not_utf_8_are_400(client: FlaskClient, raw: str) -> None:
    """Invalid UTF-8 is refused, never replaced in silence."""
    by_get = client.get(f"/sparql?query=ASK%7B%7D%23{raw}")
    by_form = client.post("/sparql", data=f"query=ASK%7B%7D%23{raw}", content_type=FORM)
    directly = client.post("/sparql", data=b"ASK{} #\xff", content_type=QUERY)

    assert [by_get.status_code, by_form.status_code, directly.status_code] == [400] * 3


def test_unknown_charset_is_415(client: FlaskClient) -> None:
    """A query in another charset is not guessed at."""
    response = client.post("/sparql", data=ASK, content_type=f"{QUERY}; charset=utf-16")

    assert response.status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data", ""])
def test_other_bodies_are_415(client: FlaskClient, content_type: str) -> None:
    """2.1.3: the media type of a body is one of two."""
    response = client.post("/sparql", data=ASK, content_type=content_type)

    assert response.status_code == 415
    assert QUERY in response.get_json(force=True)["accepted"]


def test_default_graph_uri_names_the_default_graph(client: FlaskClient, services: Services) -> None:
    """2.1.4: the default graph is what default-graph-uri names."""
    assert count(client, [("default-graph-uri", GRAPH_VOCAB)]) == services.snapshot.counts[GRAPH_VOCAB]


def test_several_default_graphs_are_merged(client: FlaskClient, services: Services) -> None:
    """2.1.4: more than one default-graph-uri makes the merge."""
    both = count(client, [("default-graph-uri", GRAPH_VOCAB), ("default-graph-uri", GRAPH_REFERENCE)])

    assert both > max(services.snapshot.counts[GRAPH_VOCAB], services.snapshot.counts[GRAPH_REFERENCE])


def test_named_graph_uri_alone_leaves_the_default_graph_empty(client: FlaskClient) -> None:
    """2.1.4: a dataset of named graphs has an empty default graph."""
    assert count(client, [("named-graph-uri", GRAPH_VOCAB)]) == 0


def test_protocol_dataset_wins_over_from(client: FlaskClient, services: Services) -> None:
    """2.1.4: the protocol's dataset takes the place of the query's."""
    query = f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH_REFERENCE}> WHERE {{ ?s ?p ?o }}"  # noqa: S608 - a constant
    response = get(client, query, **{"default-graph-uri": GRAPH_VOCAB})

    found = int(response.get_json(force=True)["results"]["bindings"][0]["n"]["value"])
    assert found == services.snapshot.counts[GRAPH_VOCAB]


@pytest.mark.parametrize("graph", ["http://example.org/g", "file:///etc/passwd", f"{GRAPH}nothing"])
def test_graphs_that_are_not_ours_are_empty(client: FlaskClient, graph: str) -> None:
    """FROM and the parameters may name any graph; nothing is fetched, and a header says which are not here."""
    answers = [
        get(client, f"SELECT * FROM <{graph}> WHERE {{ ?s ?p ?o }}"),  # noqa: S608 - three constants
        get(client, f"SELECT * FROM NAMED <{graph}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"),  # noqa: S608 - the same
        get(client, "SELECT * { ?s ?p ?o }", **{"default-graph-uri": graph}),
        get(client, "SELECT * { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": graph}),
    ]

    assert [each.status_code for each in answers] == [200] * 4
    assert [each.get_json(force=True)["results"]["bindings"] for each in answers] == [[]] * 4
    assert all(f"no graph <{graph}>" in each.headers["Dialogiverkko-Notice"] for each in answers)
    assert "Dialogiverkko-Notice" not in get(client, SELECT).headers


def test_the_nearest_graph_is_told_where_one_is_near(client: FlaskClient) -> None:
    """A name with a slip is answered with the one that was meant, in the header and on the page."""
    slip = f"{GRAPH_VOCAB[:-1]}x"

    told = get(client, ASK, **{"default-graph-uri": slip}).headers["Dialogiverkko-Notice"]
    page = get(client, SELECT, **{"default-graph-uri": slip, "format": "html", "lang": "en"}).get_data(as_text=True)
    far = get(client, ASK, **{"default-graph-uri": "urn:ä;€"}).headers["Dialogiverkko-Notice"]

    assert told == f"no graph <{slip}>, nearest <{GRAPH_VOCAB}>"
    assert slip in page
    assert GRAPH_VOCAB in page
    assert far == "no graph <urn:%C3%A4;%E2%82%AC>"


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", ["vocab", "a b", "<urn:x:g>", "/graph/vocab"])
def test_a_graph_parameter_is_an_iri(client: FlaskClient, name: str, graph: str) -> None:
    """What is no absolute IRI names no graph."""
    assert get(client, ASK, **{name: graph}).status_code == 400


def test_relative_iris_are_those_of_the_endpoint(client: FlaskClient) -> None:
    """The Protocol lets a service define its base: it is the public address of the endpoint."""
    response = get(client, "CONSTRUCT { <s> <#p> </o>, ?i } WHERE { BIND(IRI('x?y') AS ?i) }", format="nt")

    assert set(response.get_data(as_text=True).splitlines()) == {
        "<http://localhost/s> <http://localhost/sparql#p> <http://localhost/o> .",
        "<http://localhost/s> <http://localhost/sparql#p> <http://localhost/x?y> .",
    }


@pytest.mark.parametrize(("query", "suffix"), [(SELECT, "xml"), ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", "rdf")])
def test_xml_says_its_character_set(client: FlaskClient, query: str, suffix: str) -> None:
    """Neither the header nor the declaration leaves a reader to guess."""
    response = get(client, query, format=suffix)

    assert response.headers["Content-Type"].endswith("xml; charset=utf-8")
    assert response.get_data().startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_a_body_in_chunks_is_read(client: FlaskClient) -> None:
    """A client that does not know the length sends chunks, up to the limit."""

    def post(body: bytes, kind: str) -> tuple[str, bytes]:
        builder = EnvironBuilder(
            client.application, "/sparql", method="POST", input_stream=io.BytesIO(body), content_type=kind
        )
        environ = {**builder.get_environ(), "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        environ.pop("CONTENT_LENGTH", None)
        pieces, status, _ = run_wsgi_app(client.application.wsgi_app, environ)
        return status[:3], b"".join(pieces)

    assert post(b"ASK {}", QUERY) == ("200", b'{"head":{},"boolean":true}')
    assert post(b"query=ASK%20%7B%7D", FORM)[0] == "200"
    assert post(b"x" * 10_000_000, QUERY)[0] == "413"


def test_service_is_403(client: FlaskClient) -> None:
    """SERVICE is closed unless an allow-list opens it, SILENT or not."""
    for silent in ("", "SILENT "):
        query = f"SELECT * WHERE {{ SERVICE {silent}<http://127.0.0.1:9/> {{ ?s ?p ?o }} }}"
        assert get(client, query).get_json(force=True)["type"].endswith("/service-forbidden")


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:a> <a:a> <a:a> }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://example.org/>", "CLEAR ALL",
     "DROP DEFAULT", "CREATE GRAPH <a:g>", "COPY DEFAULT TO <a:g>", "  # x\nPREFIX a: <b:> insert data {}"],
)  # fmt: skip
def test_updates_are_403_in_every_disguise(client: FlaskClient, update: str) -> None:
    """2.2: no update is taken, whichever way it comes."""
    answers = (
        get(client, update),
        client.get("/sparql", query_string={"update": update}),
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", data={"query": update}),
        client.post("/sparql", data={"query": ASK, "update": update}),
        client.post("/sparql", data=update, content_type="application/sparql-update"),
        client.post("/sparql", data=update, content_type=QUERY),
        client.post("/sparql?using-graph-uri=a:g", data=update, content_type=QUERY),
    )

    assert [answer.status_code for answer in answers] == [403] * len(answers)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_405_with_allow(client: FlaskClient, method: str) -> None:
    """RFC 9110, 15.5.6: the answer lists what is allowed."""
    response = client.open("/sparql", method=method)

    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_a_body_without_length_is_411(client: FlaskClient) -> None:
    """RFC 9110, 15.5.12: the length is told first, unless the body comes in chunks."""
    response = client.post("/sparql", content_type=QUERY)

    assert response.status_code == 411


def test_a_body_that_is_too_long_is_413(client: FlaskClient) -> None:
    """RFC 9110, 15.5.14: by its Content-Length, before it is read."""
    response = client.post("/sparql", data=b"", content_type=QUERY, environ_overrides={"CONTENT_LENGTH": str(10**9)})

    assert (response.status_code, response.get_json(force=True)["limit"]) == (413, "query_length_limit")


def test_a_query_that_is_too_long_is_413_or_414(client: FlaskClient, services: Services) -> None:
    """The length of a query is bounded: 414 in the address, 413 in the body."""
    query = ASK + "#" + "x" * services.settings.query_length_limit

    assert get(client, query).status_code == 414
    assert client.post("/sparql", data=query, content_type=QUERY).status_code == 413


def test_client_may_ask_for_less_time(client: FlaskClient) -> None:
    """A client's timeout stops a query that the server would let run on."""
    killer = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f) }"
    response = get(client, killer, timeout="0.3")

    problem = response.get_json(force=True)
    assert (response.status_code, problem["limit"]) == (504, "time_limit")
    assert problem["value"] == 0.3


@pytest.mark.parametrize("timeout", ["-1", "0", "nan", "inf", "soon", "1e999"])
def test_a_timeout_that_is_no_time_is_400(client: FlaskClient, timeout: str) -> None:
    """A timeout is a number of seconds above zero."""
    assert get(client, ASK, timeout=timeout).status_code == 400


def test_no_query_gives_the_service_description(client: FlaskClient) -> None:
    """SPARQL 1.1 Service Description, 2: a GET without query describes the service."""
    response = client.get("/sparql", headers={"Accept": "text/turtle"})

    assert response.mimetype == "text/turtle"
    assert b"sparql-service-description#" in response.data


def test_no_query_gives_a_browser_a_form(client: FlaskClient) -> None:
    """A browser gets a page to write a query on, or is sent to it."""
    response = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True)

    assert response.status_code == 200
    assert b"<textarea" in response.data


def test_a_browser_gets_results_as_html(client: FlaskClient) -> None:
    """Results are a table, and their text is text."""
    response = get(client, "SELECT ('<script>x</script>' AS ?x) WHERE {}", "text/html")

    assert b"&lt;script&gt;" in response.data
    assert b"<script>x" not in response.data


# --- caching and headers ----------------------------------------------------------------------


def test_etag_is_strong_and_stable(client: FlaskClient) -> None:
    """RFC 9110, 8.8.3: the same question has the same strong tag."""
    first, second = get(client, SELECT), get(client, SELECT)

    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"].startswith('"')


def test_etag_differs_by_query_type_and_dataset(client: FlaskClient) -> None:
    """Another representation has another tag."""
    tags = {
        get(client, SELECT).headers["ETag"],
        get(client, SELECT, "text/csv").headers["ETag"],
        get(client, SELECT + " #").headers["ETag"],
        get(client, SELECT, **{"default-graph-uri": GRAPH_VOCAB}).headers["ETag"],
        get(client, SELECT, **{"named-graph-uri": GRAPH_VOCAB}).headers["ETag"],
    }

    assert len(tags) == 5


def test_if_none_match_gives_304(client: FlaskClient) -> None:
    """RFC 9110, 13.1.2: what the client holds is not sent again."""
    tag = get(client, SELECT).headers["ETag"]
    response = client.get("/sparql", query_string={"query": SELECT}, headers={"If-None-Match": f'"x", W/{tag}'})

    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()"])
def test_queries_that_differ_each_time_have_no_etag(client: FlaskClient, call: str) -> None:
    """What is new each time is neither tagged nor kept."""
    response = get(client, f"SELECT ({call} AS ?x) WHERE {{}}")

    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_answers_say_how_they_may_be_kept(client: FlaskClient) -> None:
    """Vary, Cache-Control and Last-Modified stand on every answer."""
    headers = get(client, SELECT).headers

    assert {"Accept", "Accept-Encoding"} <= {part.strip() for part in headers["Vary"].split(",")}
    assert headers["Cache-Control"].startswith("public")
    assert headers["Last-Modified"].endswith("GMT")


def test_answers_name_the_graph_that_gave_them(client: FlaskClient, services: Services) -> None:
    """Version and digest stand on every answer."""
    headers = get(client, SELECT).headers

    assert headers["Dialogiverkko-Digest"] == services.snapshot.digest
    assert headers["Dialogiverkko-Version"] == services.saved.release.version


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_answers_are_compressed(client: FlaskClient, coding: str) -> None:
    """RFC 9110, 12.5.3: in the coding that the client takes, under a tag of its own."""
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 500"
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept-Encoding": coding})

    assert response.headers["Content-Encoding"] == coding
    assert len(response.data) < len(get(client, query).data)
    assert response.headers["ETag"] != get(client, query).headers["ETag"]


def test_compressed_tag_gives_304(client: FlaskClient) -> None:
    """The tag of a compressed answer is known when it comes back."""
    asked = {"query_string": {"query": "SELECT * WHERE { ?s ?p ?o } LIMIT 400"}}
    tag = client.get("/sparql", **asked, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    response = client.get("/sparql", **asked, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})

    assert response.status_code == 304


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/sparql?query=x", "/nothing", "/id/org/none", "/healthz"])
def test_cors_stands_on_every_answer(client: FlaskClient, path: str) -> None:
    """Fetch: pages of any origin may read answers, and errors too."""
    response = client.get(path, headers={"Origin": "https://example.org"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/sparql", "/graphs", "/id/org/vnk", "/nothing"])
def test_preflight_is_answered(client: FlaskClient, path: str) -> None:
    """Fetch: a preflight is allowed before the request that it announces."""
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options(path, headers=headers)

    assert response.status_code == 204
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_json_parses_and_has_the_variables_asked_for(client: FlaskClient) -> None:
    """The head of a result lists the variables even when there are no rows."""
    response = get(client, "SELECT ?a ?b WHERE { ?a <http://example.org/none> ?b }")

    assert json.loads(response.data)["head"]["vars"] == ["a", "b"]
