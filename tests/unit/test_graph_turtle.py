"""The canonical form: the same facts, one way to write them, nothing lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from dialogiverkko.errors import DataError, TurtleSyntaxError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import ordered
from dialogiverkko.graph.turtle import canonical, format_file
from dialogiverkko.sparql.inspection import comments

PREFIXES = {"ex": "https://example.org/", "unused": "https://example.net/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
EX = PREFIXES["ex"]


def triples(text: str) -> tuple[Triple, ...]:
    """The facts of a Turtle text, in one order, blank nodes named canonically."""
    return ordered(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))


def test_order_and_layout_of_the_file_do_not_matter() -> None:
    """Two ways to write the same facts give the same bytes."""
    one = f'@prefix e: <{EX}> . e:b e:p "x"@fi , "y"@en . e:a e:q [ e:r ( 1 2 ) ] , e:c .'
    other = f'<{EX}a> <{EX}q> <{EX}c> , [ <{EX}r> ( 1 2 ) ] .\n<{EX}b> <{EX}p> "y"@en . <{EX}b> <{EX}p> "x"@fi .'

    assert canonical(one, PREFIXES) == canonical(other, PREFIXES)


def test_the_form_is_its_own_form() -> None:
    """Formatting what is formatted changes nothing, and the facts stay."""
    text = f'@prefix e: <{EX}> . e:b a e:K ; e:p "x"@fi , true , 1.50 . e:a e:q [ e:r ( 1 "01"^^e:t ) ] .'

    formatted = canonical(text, PREFIXES)

    assert canonical(formatted, PREFIXES) == formatted
    assert triples(formatted) == triples(text)


def test_only_used_prefixes_are_declared() -> None:
    """A diff does not show prefixes that nobody needs."""
    formatted = canonical(f"<{EX}a> <{EX}p> <{EX}b> .", PREFIXES)

    assert f"PREFIX ex: <{EX}>" in formatted
    assert "unused" not in formatted


@pytest.mark.parametrize("lexical", ["01", "+1", "-0"])
def test_lexical_forms_are_kept(lexical: str) -> None:
    """What a curator wrote is not written anew: a value may have more than one form."""
    text = f'<{EX}a> <{EX}p> "{lexical}"^^<{PREFIXES["xsd"]}integer> .'

    (kept,) = triples(canonical(text, PREFIXES))

    assert kept.object == Literal(lexical, datatype=NamedNode(PREFIXES["xsd"] + "integer"))


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), min_size=1, max_size=5),
    st.sampled_from(["fi", "sv", "en"]),
)
def test_any_text_comes_back(values: list[str], language: str) -> None:
    """Quotes, backslashes, number signs and all letters survive."""
    facts = ordered(Triple(NamedNode(EX + "a"), NamedNode(EX + "p"), Literal(v, language=language)) for v in values)
    text = (serialize(facts, format=RdfFormat.TURTLE) or b"").decode()

    assert triples(canonical(text, PREFIXES)) == facts


def test_comments_are_told_from_number_signs() -> None:
    """A number sign in an IRI, a string or an escaped name begins no comment."""
    text = (
        '@prefix e: <https://e.org/ns#> . # first\ne:a\\#b e:p "no # here" , '
        "'''nor\n# here''' ; e:q <https://e.org/#x> .#last"
    )

    assert list(comments(text)) == [(1, "# first"), (3, "#last")]


def test_a_comment_is_not_lost(tmp_path: Path) -> None:
    """A file with a comment is refused with its line, and stays as it was."""
    root = assets(tmp_path)
    file = tmp_path / "data" / "a.ttl"
    file.write_text(f"<{EX}a> <{EX}p> <{EX}b> .\n# why\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"data/a\.ttl, line 2: the comment «# why»"):
        format_file(file, root, check=False)

    assert "# why" in file.read_text(encoding="utf-8")


def test_a_file_is_written_only_where_it_differs(tmp_path: Path) -> None:
    """The first run formats, the second finds nothing to do; a check never writes."""
    root = assets(tmp_path)
    file = tmp_path / "data" / "a.ttl"
    file.write_text(f"<{EX}b> <{EX}p> 1 . <{EX}a> <{EX}p> 2 .", encoding="utf-8")
    before = file.read_bytes()

    answers = [format_file(file, root, check=check) for check in (True, False, True)]

    assert answers == [False, False, True]
    assert file.read_bytes() != before
    assert sorted(p.name for p in file.parent.iterdir()) == ["a.ttl"]


def test_a_broken_file_is_not_formatted(tmp_path: Path) -> None:
    """The message has file, line and column."""
    root = assets(tmp_path)
    file = tmp_path / "data" / "a.ttl"
    file.write_text(f"<{EX}a> <{EX}p>\n  .", encoding="utf-8")

    with pytest.raises(TurtleSyntaxError, match=r"data/a\.ttl, line 2, column \d+") as caught:
        format_file(file, root, check=False)

    assert caught.value.details["line"] == 2


def assets(root: Path) -> Assets:
    """Four folders with a prefix table of one prefix."""
    for folder in ("ontology", "data", "shapes", "queries"):
        (root / folder).mkdir()
    (root / "ontology" / "prefixes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        f'<{EX}prefixes> sh:declare <{EX}d> . <{EX}d> sh:prefix "ex" ; sh:namespace "{EX}" .\n',
        encoding="utf-8",
    )
    return Assets(root)
