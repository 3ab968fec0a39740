"""Our own queries, rules and checks are read by one tokenizer: names, keywords, comments, places for values."""

import pytest

from dialogiverkko.errors import DataError
from dialogiverkko.sparql.inspection import comments, kind_of, names, refused, says
from dialogiverkko.sparql.query import QueryKind

QUERY = """# GRAPH in a comment, e:no
PREFIX e: <http://e/>
BASE <http://b/>
SELECT ?x WHERE {
  ?x e:one "e:two GRAPH" ; <http://e/three#frag> e:four\\,five . # e:six
  FILTER(?x != "LIMIT 3")
}"""


def test_names_are_those_that_a_query_says() -> None:
    """Prefixed names are whole IRIs; declarations, texts, comments and variables say none."""
    assert list(names(QUERY)) == [
        ("http://e/one", 5),
        ("http://e/three#frag", 5),
        ("http://e/four,five", 5),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (QUERY, None),
        ("SELECT ?graph { ?graph ?p <http://e/GRAPH> }", None),
        ("SELECT ?s { graph ?g { ?s ?p ?o } }", "graph"),
        ("SELECT ?s { ?s ?p ?o } LiMiT 3", "LiMiT"),
    ],
)
def test_a_keyword_is_found_where_it_is_one(text: str, found: str | None) -> None:
    """In any case of letters; not in texts, comments, IRIs or names of variables."""
    token = says(text, "GRAPH", "LIMIT")

    assert (token.text if token else None) == found


def test_comments_have_their_lines() -> None:
    """A number sign in a text or an IRI begins none."""
    assert list(comments(QUERY)) == [(1, "# GRAPH in a comment, e:no"), (5, "# e:six")]
    assert list(comments('#a\r\n#b\n<x:y#z> a "#c" .\n\n  # d')) == [(1, "#a"), (2, "#b"), (5, "# d")]


def test_the_form_of_a_file_is_read_by_our_grammar() -> None:
    """What is wrong is told with the file, the line, and what would be right."""
    assert kind_of(QUERY, "a.rq", {}) is QueryKind.SELECT

    with pytest.raises(DataError) as caught:
        kind_of("SELECT ?x {\n ?x skos:note ?y }", "a.rq", {"skos": "http://s/"})

    assert caught.value.message == (
        "a.rq:2: the query is not SPARQL: the prefix 'skos:' is not declared. "
        "Add the line PREFIX skos: <http://s/> at the top. (Line 2, column 5)"
    )


def test_what_the_engine_refuses_is_told_in_our_words() -> None:
    """The engine's list of characters is nobody's help."""
    text = "SELECT ?x ?x { ?x ?p ?o }"

    told = refused(text, "a.rq", SyntaxError("error at 1:20: Duplicated variable name in SELECT")).message

    assert told.startswith("a.rq:1: the query is not SPARQL: SELECT names the same variable twice.")
    assert refused(text, "a.rq", RuntimeError("The custom function <x:f> is not supported")).message.startswith(
        "a.rq: The function <x:f> is unknown here."
    )
