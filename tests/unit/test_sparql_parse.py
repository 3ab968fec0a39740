"""What sparql/parse finds in the text of a query, and how it says what is wrong."""

import gc
import time

import pytest

from dialogiverkko.errors import (
    QuerySyntaxError,
    QueryTooDeepError,
    QueryTooLongError,
    ServiceForbiddenError,
    UpdateForbiddenError,
)
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.grammar import grammar
from dialogiverkko.sparql.parse import TextLimits, parse, refuse_foreign_services
from dialogiverkko.sparql.query import QueryKind


def test_one_token_decides_in_the_whole_grammar() -> None:
    """The productions are LL(1): no choice between two of them is left open."""
    conflicts = grammar().conflicts

    assert conflicts == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {}", QueryKind.SELECT),
        ("select*{}", QueryKind.SELECT),
        ("# SELECT\nASK {}", QueryKind.ASK),
        ("PREFIX select: <urn:x:> ASK { select:a select:b 'CONSTRUCT' }", QueryKind.ASK),
        ("BASE <urn:x:ask> DESCRIBE <urn:x:y>", QueryKind.DESCRIBE),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", QueryKind.CONSTRUCT),
        ("CONSTRUCT WHERE { ?s ?p ?o }", QueryKind.CONSTRUCT),
        ("ASK { { SELECT ?s { ?s ?p ?o } } }", QueryKind.ASK),
        ("\\u0041SK {}", QueryKind.ASK),
    ],
)
def test_the_form_is_told(text: str, kind: QueryKind) -> None:
    """The form is that of the outermost query, whatever else bears its name."""
    found = parse(text).kind

    assert found is kind


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:x:a> <urn:x:b> <urn:x:c> }",
        "insert { ?s ?p ?o } where { ?s ?p ?o }",
        "DELETE DATA { <urn:x:a> <urn:x:b> <urn:x:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "# SELECT * {}\nDELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "BASE <urn:x:> PREFIX ask: <urn:x:SELECT> # ASK {}\r\n CLEAR ALL",
        "WITH <urn:x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "LOAD SILENT <http://127.0.0.1/> INTO GRAPH <urn:x:g>",
        "DROP SILENT DEFAULT",
        "CREATE GRAPH <urn:x:g>",
        "ADD <urn:x:a> TO <urn:x:b>",
        "MOVE DEFAULT TO <urn:x:b>",
        "COPY <urn:x:a> TO DEFAULT",
        "\\u0049NSERT DATA {}",
        "\\U0000004c\\u006f\\u0041D <urn:x:a>",
        "\t\n\r  DrOp ALL",
    ],
)
def test_an_update_is_known_in_every_disguise(text: str) -> None:
    """Comments, prologue, case and code point escapes hide no update."""
    with pytest.raises(UpdateForbiddenError, match="read-only"):
        parse(text)


def test_an_update_behind_a_query_is_a_syntax_error() -> None:
    """A request holds one query; what follows it is not read."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse("ASK {} ; DROP ALL")

    assert caught.value.details == {"line": 1, "column": 8}


def test_the_dataset_is_resolved() -> None:
    """FROM and FROM NAMED are told as absolute IRIs, through BASE and prefixes."""
    text = (
        "BASE <http://e.example/a/> PREFIX p: <b/> "
        "SELECT * FROM <x> FROM p:c\\-d FROM <x> FROM NAMED <../y> FROM NAMED p: {}"
    )

    parsed = parse(text)

    assert parsed.default_graphs == ("http://e.example/a/x", "http://e.example/a/b/c-d")
    assert parsed.named_graphs == ("http://e.example/y", "http://e.example/a/b/")


def test_services_are_told() -> None:
    """Addresses and variables of SERVICE are found at any depth, and not in strings or comments."""
    text = (
        "PREFIX e: <http://e.example/> SELECT * { SERVICE e:s {} # SERVICE <urn:x:no> {}\n"
        "OPTIONAL { SERVICE SILENT <http://f.example/> { SERVICE ?any {} } }"
        " FILTER('SERVICE <urn:x:no>' = '') }"
    )

    parsed = parse(text)

    assert parsed.services == ("http://e.example/s", "http://f.example/", "?any")
    assert not parsed.is_deterministic


def test_service_is_allowed_letter_by_letter() -> None:
    """The allow-list opens an address and nothing that begins like it, and never a variable."""
    allowed = ("http://e.example/sparql",)

    refuse_foreign_services(parse("ASK { SERVICE <http://e.example/sparql> {} }"), allowed)
    for other in (
        "<http://e.example/sparql/>",
        "<http://e.example/sparql?x>",
        "<HTTP://e.example/sparql>",
        "?s",
    ):
        with pytest.raises(ServiceForbiddenError):
            refuse_foreign_services(parse(f"ASK {{ SERVICE {other} {{}} }}"), allowed)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (RAND() AS ?x) {}",
        "SELECT (now() AS ?x) {}",
        "SELECT * { BIND(UUID() AS ?x) }",
        "SELECT * { FILTER(strUUID() != '') }",
        "SELECT (BNODE() AS ?x) {}",
        "CONSTRUCT { ?s ?p [] } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p _:b } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p (1 2) } { ?s ?p ?o }",
        "CONSTRUCT { [ ?p ?o ] ?q ?s } { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p [] }",
        "CONSTRUCT WHERE { ?s ?p ?o . [ ?p ?o ] ?q ?r }",
        "CONSTRUCT FROM <urn:x:g> WHERE { _:b ?p ?o }",
        "BASE <urn:x:> CONSTRUCT WHERE { ?s ?p ?o ; ?q (1) }",
    ],
)
def test_what_differs_each_time_is_known(text: str) -> None:
    """A query whose answer differs each time gets no lasting ETag."""
    parsed = parse(text)

    assert not parsed.is_deterministic


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?rand ?now 'RAND()' }",
        "ASK { [] ?p (1) }",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p [] , _:b }",
        "CONSTRUCT { ?s ?p ?o } FROM <urn:x:g> { ?s ?p [] , [ ?q (1) ] }",
        "CONSTRUCT {} { ?s ?p [] , [ ?q (1) ] }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o } VALUES (?s) { (1) }",
    ],
)
def test_what_is_the_same_each_time_is_known(text: str) -> None:
    """Names and strings that look like functions do not count, nor blank nodes outside a template."""
    parsed = parse(text)

    assert parsed.is_deterministic


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "the query ends too early"),
        ("SELECT *", 1, 9, "the query ends too early; expected '{' or WHERE"),
        ("SELECT * {\n  ?s ?p ?o ,\n}", 3, 1, "found }; expected a term."),
        (
            "SELECT * { ?s ?p ?o } 1",
            1,
            23,
            "found 1; expected the end of the query, GROUP, HAVING, LIMIT, OFFSET, ORDER or VALUES.",
        ),
        ("SELECT * { ?s 1 ?o }", 1, 15, "found 1; expected a property or a path"),
        ("SELECT * { ?s ^1 ?o }", 1, 16, "found 1; expected '!', '(', 'a' or an IRI."),
        ("SELECT * { ?s <urn:p>/1 ?o }", 1, 23, "found 1; expected a property or a path"),
        ("SELECT * { ?s ?p ?o FILTER 1 }", 1, 28, "expected a condition in brackets or a function call."),
        ("SELECT * { ?s ?p ?o FILTER(?o ?s) }", 1, 31, "found ?s; expected an operator or ')'."),
        ("SELECT * { } LIMIT x", 1, 20, "found x"),
        (f"ASK {{ ?s ?p ?o }} <{'a' * 38}>", 1, 18, f"found <{'a' * 38}>;"),
        (f"ASK {{ ?s ?p ?o }} <{'a' * 39}>", 1, 18, f"found <{'a' * 38}…;"),
        ("SELECT * { ?s ?p ?o .\r\n FILTER(?x = ) }", 2, 14, "found ); expected an expression"),
        ("SELECT * {\r ?s ?p }", 2, 8, "found }"),
        ("SELECT * { ?s foaf:name ?o }", 1, 15, "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"),
        ("SELECT * { ?s x:name ?o }", 1, 15, "the prefix 'x:' is not declared"),
        ("SELECT * { ?s ?p 'ab\nc' }", 1, 18, "this string is not closed"),
        ("SELECT * { ?s ?p '''ab\nc' }", 1, 18, "this string is not closed"),
        ("SELECT * { ?s ?p 'a\\qb' }", 1, 20, "\\q is no escape"),
        ("SELECT * { ?s \\x ?o }", 1, 15, "a backslash may stand only in"),
        ("SELECT * { ?s ?p ~ }", 1, 18, "'~' cannot stand here"),
        ("\ufeffASK {}", 1, 1, "the character U+FEFF"),
        ("SELECT * FROM <g> {}", 1, 15, "A relative IRI needs a BASE line"),
        ("ASK { <a> ?p ?o }", 1, 7, "A relative IRI needs a BASE line"),
        ("SELECT * { ?s ?p \\u003Fo . \\u0021 }", 1, 28, "found !"),
        ("ASK { ?s ?p \\uD800 }", 1, 13, "\\uD800 is no character"),
        ("ASK { ?s ?p \\uDFFF }", 1, 13, "\\uDFFF is no character"),
        ("ASK { ?s ?p \\u0000 }", 1, 13, "\\u0000 is no character"),
        ("ASK { ?s ?p \\U00110000 }", 1, 13, "\\U00110000 is no character"),
        ("ASK { ?s ?p \\U0010FFFF }", 1, 13, "the character U+10FFFF cannot stand here"),
        ("ASK { ?s ?p \\uE000 }", 1, 13, "the character U+E000 cannot stand here"),
        ("ASK { ?s ?p \\u0001 }", 1, 13, "the character U+0001 cannot stand here"),
        ("ASK {} LIMIT -1", 1, 14, "found -1"),
        ("SELECT (foo(1) AS ?x) {}", 1, 9, "found foo"),
        ("FOO", 1, 1, "expected ASK, BASE, CONSTRUCT, DESCRIBE, PREFIX or SELECT"),
    ],
)
def test_an_error_names_its_place(text: str, line: int, column: int, words: str) -> None:
    """The message tells what stood where and what would be right; lines end with LF, CRLF or CR."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text, known_prefixes={"foaf": "http://xmlns.com/foaf/0.1/"})

    assert caught.value.details == {"line": line, "column": column}
    assert words in caught.value.message
    assert caught.value.message.startswith(f"Line {line}, column {column}: ")


def test_a_lone_surrogate_is_refused() -> None:
    """Half a character cannot reach the engine, which takes only UTF-8."""
    with pytest.raises(QuerySyntaxError, match="surrogate") as caught:
        parse("ASK { ?s ?p '\ud800' }")

    assert caught.value.details == {"line": 1, "column": 1}


def test_capital_booleans_reach_the_engine_small() -> None:
    """TRUE is a boolean by the standard, and the engine knows only true; nothing else changes."""
    parsed = parse("ASK { FILTER(TRUE && 'TRUE' = ?TRUE || False) } # TRUE")

    assert parsed.text == "ASK { FILTER(true && 'TRUE' = ?TRUE || false) } # TRUE"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ASKWHERE{}", "ASK WHERE{}"),
        ("ASK{?s a1}", "ASK{?s a 1}"),
        ("ASK{VALUES?x{UNDEF1.5UNDEFtrueTRUE}}", "ASK{VALUES?x{UNDEF 1.5UNDEF true true}}"),
        ("SELECT?s{?s a<urn:t>}LIMIT10OFFSET2", "SELECT?s{?s a<urn:t>}LIMIT 10OFFSET 2"),
        ("ASK{FILTER(1=1&&NOTEXISTS{})}", "ASK{FILTER(1=1&&NOT EXISTS{})}"),
        ("SELECT(MD5('x')AS?x){?s a true}", "SELECT(MD5('x')AS?x){?s a true}"),
        ("BASE <urn:x:> ASK { <urn:x:#a> ?p ( # b\n) , [\t#c\n] }", "BASE <urn:x:> ASK { <urn:x:#a> ?p () , [] }"),
    ],
)
def test_keywords_that_touch_reach_the_engine_apart_and_empty_brackets_empty(text: str, written: str) -> None:
    """The longest match ends a keyword (section 19.3); whoever reads words by their letters sees a space there."""
    assert parse(text).text == written


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("SELECT * {} LIMITS 1", 13, "LIMITS"),
        ("ASK { ?s atype_of ?o }", 10, "atype_of"),
        ("ASK {} ORDERBYS ?x", 8, "ORDERBYS"),
        ("ASK {} LIMIT10OFFSETS 1", 15, "OFFSETS"),
        ("SELECTED_2 ?x {}", 1, "SELECTED_2"),
        ("ASK { FILTER(STRx(1)) }", 14, "STRx"),
        ("ASK {} LIMIT 1A", 15, "A"),
    ],
)
def test_a_word_that_begins_like_a_keyword_is_told_whole(text: str, column: int, word: str) -> None:
    """The message shows the whole run of letters, not what is left of it behind the keyword."""
    with pytest.raises(QuerySyntaxError, match=f"found {word};") as caught:
        parse(text)

    assert caught.value.details == {"line": 1, "column": column}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ASK { <x> <../p> ?o }", "ASK { <http://e/a/x> <http://e/p> ?o }"),
        ("ASK { FILTER(IRI('x') = ?y) }", "BASE <http://e/a/> ASK { FILTER(IRI('x') = ?y) }"),
        (
            "ASK { BIND(uri(?y) AS ?z) ?s <p> TRUE }",
            "BASE <http://e/a/> ASK { BIND(uri(?y) AS ?z) ?s <http://e/a/p> true }",
        ),
        ("BASE <urn:x:y> ASK { FILTER(IRI('x') = ?y) }", "BASE <urn:x:y> ASK { FILTER(IRI('x') = ?y) }"),
        ("ASK { FILTER(STR('IRI') = ?iri) <urn:x:y> ?p ?o }", "ASK { FILTER(STR('IRI') = ?iri) <urn:x:y> ?p ?o }"),
    ],
)
def test_relative_iris_are_resolved_against_the_address(text: str, written: str) -> None:
    """Those that are written as whole ones; those that are made as the query runs by a BASE, where there is none."""
    assert parse(text, base="http://e/a/b").text == written.replace("BASE <http://e/a/>", "BASE <http://e/a/b>")


def test_escapes_outside_strings_and_iris_are_replaced() -> None:
    """Code point escapes are read before the grammar (section 19.2), in strings and IRIs by it."""
    parsed = parse("ASK { \\u003Fs <urn:x:\\u0061> '\\u0061' } # \\u0061")

    assert parsed.text == "ASK { ?s <urn:x:\\u0061> '\\u0061' } # \\u0061"


def test_length_is_limited() -> None:
    """A text longer than the limit is not even looked at."""
    with pytest.raises(QueryTooLongError) as caught:
        parse("ASK {}" + " " * 95, limits=TextLimits(length=100))

    assert caught.value.details == {"limit": "query_length_limit", "value": 100}
    assert parse("ASK {}" + " " * 94, limits=TextLimits(length=100)).kind is QueryKind.ASK


def test_a_reader_alone_has_the_limits_of_a_server() -> None:
    """Commands and agents take the queries that a server takes where nothing is set."""
    settings = Settings()

    assert TextLimits(settings.query_length_limit, settings.query_depth_limit) == TextLimits()


@pytest.mark.parametrize("nested", ["{ " * 101, "FILTER" + "(" * 101, "OPTIONAL { " * 101, "?s ?p " + "[ ?q ( " * 51])
def test_depth_is_limited(nested: str) -> None:
    """Brackets of all sorts count towards the one limit, whether or not the query ever closes them."""
    with pytest.raises(QueryTooDeepError) as caught:
        parse("ASK { " + nested)

    assert caught.value.details["limit"] == "query_depth_limit"


@pytest.mark.parametrize("prologue", ["", "BASE <urn:x:> "])
def test_a_hundred_levels_are_read(prologue: str) -> None:
    """As many levels as the limit are read, and what is closed no longer counts, in both readings."""
    deep = f"{prologue}ASK {'{' * 100}{'}' * 100}"
    wide = f"{prologue}ASK {{ {'{ ?s ?p [ ?q ( 1 ) ] FILTER(?s) } ' * 101} }}"

    assert parse(deep).kind is parse(wide).kind is QueryKind.ASK
    with pytest.raises(QueryTooDeepError) as caught:
        parse(f"{prologue}ASK {'{' * 101}{'}' * 101}")
    column = len(prologue) + 105
    assert caught.value.details == {"limit": "query_depth_limit", "value": 100, "line": 1, "column": column}


@pytest.mark.parametrize(
    ("text", "has_graph_pattern"),
    [
        ("ASK { GRAPH ?g { ?s ?p ?o } }", True),
        ("SELECT * { ?s ?p ?o OPTIONAL { { graph <urn:x:g> {} } } }", True),
        ("BASE <urn:x:> ASK { GRAPH <g> {} }", True),
        ("ASK { ?graph ?p 'GRAPH ?g {}' } # GRAPH ?g {}", False),
        ("BASE <urn:x:> ASK FROM NAMED <g> { ?s ?p ?o }", False),
    ],
)
def test_whether_named_graphs_are_looked_into_is_known(text: str, has_graph_pattern: bool) -> None:
    """A query that says GRAPH nowhere can be answered from the default graph alone."""
    assert parse(text).has_graph_pattern is has_graph_pattern


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("SELECT (SUM(COUNT(?x)) AS ?n) {}", 13),
        ("SELECT (sum(1 + (count(?x))) AS ?n) {}", 18),
        ("SELECT (COUNT(DISTINCT STR(MAX(?x))) AS ?n) {}", 28),
        ("SELECT (AVG(?y) AS ?m) {} HAVING (MIN(?x) > 1 && SUM(IF(?x, SAMPLE(?x), 2)) > 1)", 61),
        ("BASE <urn:x:> SELECT (GROUP_CONCAT(SUM(?x); SEPARATOR = ' ') AS ?n) {}", 36),
    ],
)
def test_an_aggregate_of_an_aggregate_is_refused(text: str, column: int) -> None:
    """The grammar takes it, and section 11 gives it no meaning."""
    with pytest.raises(QuerySyntaxError, match="stands within another aggregate") as caught:
        parse(text)

    assert caught.value.details == {"line": 1, "column": column}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (SUM(?x) + (COUNT(?y)) AS ?n) (STR(MAX(?x)) AS ?m) {}",
        "SELECT (SUM(STR(?x) + 1) AS ?n) {} HAVING (MAX(?x) > 1)",
        "SELECT (SUM(IF(EXISTS { SELECT (COUNT(?x) AS ?c) {} }, 1, 2)) AS ?n) {}",
    ],
)
def test_aggregates_side_by_side_are_taken(text: str) -> None:
    """What stands behind an aggregate, around it, or in a group of its own is not within it."""
    assert parse(text).kind is QueryKind.SELECT


def test_columns_of_a_query_with_a_base_have_names() -> None:
    """SELECT * names its columns in the order of the text, whichever reading takes it; other forms have none."""
    base = "BASE <http://e/> "

    assert parse("SELECT * { ?o ?p ?s }").text == "SELECT  ?o ?p ?s  { ?o ?p ?s }"
    assert parse(base + "SELECT * { ?o <p> ?s }").text == base + "SELECT  ?o ?s  { ?o <http://e/p> ?s }"
    assert parse(base + "DESCRIBE * { ?o <p> ?s }").text == base + "DESCRIBE * { ?o <http://e/p> ?s }"
    assert parse(base + "ASK { { SELECT * { ?s ?p ?o } } }").text == base + "ASK { { SELECT * { ?s ?p ?o } } }"


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "(",
        "a.",
        "?s ?p true.true.",
        "'",
        "'''",
        "a:",
        "<",
        "?x.",
        "\\u0061.",
        "#",
        "<a:a>+",
        "@a-",
        "_:a.",
    ],
)
def test_reading_takes_linear_time(piece: str) -> None:
    """No text of the greatest length keeps the reader busy for a second."""
    text = "ASK {" + piece * (199_000 // len(piece))
    gc.disable()  # it would look at all that the tests before have left
    try:
        started = time.process_time()
        with pytest.raises((QuerySyntaxError, QueryTooDeepError)):
            parse(text)
        took = time.process_time() - started
    finally:
        gc.enable()

    assert took < 1.0


def test_a_whole_word_is_told_where_a_keyword_begins_it() -> None:
    """Whoever wrote SELECTED reads of SELECTED."""
    with pytest.raises(QuerySyntaxError, match="found SELECTED; expected"):
        parse("ASK SELECTED {}")


def test_what_is_closed_is_no_deeper_for_what_follows() -> None:
    """Brackets count as deep as they stand within one another, however many there were before."""
    beside, within = "{ } " * 5 + "{ }", "{ { } { { } } }"

    assert parse(f"BASE <urn:x:> ASK {{ {beside} }}", limits=TextLimits(depth=2))
    with pytest.raises(QueryTooDeepError):
        parse(f"BASE <urn:x:> ASK {{ {within} }}", limits=TextLimits(depth=3))


def test_a_name_with_one_dot_stays_as_it_is_written() -> None:
    """Only what an engine reads otherwise is written as a whole IRI."""
    text = "BASE <urn:x:> PREFIX e: <urn:x:> ASK { e:a.b ?p ?o }"

    assert parse(text).text == text
