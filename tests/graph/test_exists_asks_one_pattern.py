"""Within EXISTS the engine does not know what is bound, and joins several patterns from whichever end.

One and the same question took 0.1 s or 5 s so. Hence what stands within EXISTS in rules, checks and shapes is one
pattern, which leads on by another EXISTS within its FILTER; MINUS may join, since it is asked once.
"""

from collections.abc import Iterator

import pytest
from rdflib.namespace import SH

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load
from dialogiverkko.graph.validation import suspects, validate
from dialogiverkko.graph.validation.conformance import Conditions
from dialogiverkko.namespaces import GRAPH_SHAPES
from dialogiverkko.sparql.inspection import tokens_of

ASSETS = find_assets()
SHAPES = validate.rdflib_graph(load(ASSETS).graphs[GRAPH_SHAPES])
FILES = [*ASSETS.files("ontology", "rules/*.rq"), *ASSETS.files("queries", "checks/*.rq")]
TEXTS = {ASSETS.name(path): path.read_text(encoding="utf-8") for path in FILES} | {
    f"shapes, constraint {number}": str(text)
    for number, text in enumerate(sorted(map(str, SHAPES.objects(None, SH.select))))
}


def joining(text: str) -> Iterator[str]:
    """Yield what joins patterns directly within an EXISTS: a second statement, property or value, or a path's step."""
    depths: list[int] = []
    depth = parentheses = 0
    words = [(token.type.upper(), token.text.upper()) for token in tokens_of(text)]
    for number, (_, word) in enumerate(words):
        depth += {"{": 1, "}": -1}.get(word, 0)
        parentheses += {"(": 1, ")": -1}.get(word, 0)
        if word == "EXISTS":
            depths.append(depth + 1)
        while depths and word == "}" and depth < depths[-1]:
            depths.pop()
        if not depths or depth != depths[-1] or parentheses > _parentheses(words, number):
            continue
        following = words[number + 1][1] if number + 1 < len(words) else ""
        if word in (";", ",", "/") or (word == "." and following not in ("}", "FILTER")):
            yield word


def _parentheses(words: list[tuple[str, str]], number: int) -> int:
    """Count the parentheses that were open where the innermost braces around a word began."""
    depth = opened = 0
    for index in range(number, -1, -1):
        depth += {"}": 1, "{": -1}.get(words[index][1], 0)
        if depth < 0:
            before = [word for _, word in words[:index]]
            opened = before.count("(") - before.count(")")
            break
    return opened


@pytest.mark.parametrize("name", TEXTS)
def test_exists_holds_one_pattern(name: str) -> None:
    """No join and no path of several steps."""
    assert list(joining(TEXTS[name])) == []


def test_the_conditions_of_shapes_walk_paths_step_by_step() -> None:
    """Whatever path a shape has; two values of one thing are asked together, since that thing is bound."""
    conditions = Conditions(SHAPES, lambda _: [])
    written = []
    for shape in suspects._targeting(SHAPES):  # what SPARQL constraints say is held to the rule above
        try:
            written.append(f"ASK {{ FILTER({suspects._breach(shape, conditions)}) }}")
        except suspects.UntranslatableError:
            continue

    assert len(written) > 20
    assert sum(text.count("FILTER EXISTS") for text in written) >= 3
    assert "/" not in "".join(joined for text in written for joined in joining(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ASK { ?a ?b ?c . ?c ?d ?e , ?f FILTER EXISTS { ?a <p:p> ?x } }", []),
        ("ASK { ?a ?b ?c FILTER EXISTS { ?a <p:p> ?x . } FILTER(?a IN (?b, ?c)) }", []),
        ("ASK { FILTER EXISTS { ?a <p:p> ?x FILTER(?x IN (?b, ?c)) FILTER EXISTS { ?x <p:q> ?y } } }", []),
        ("ASK { FILTER(?z || EXISTS { ?a <p:p> ?x . ?x <p:q> ?y }) }", ["."]),
        ("ASK { FILTER NOT EXISTS { ?a <p:p> ?x ; <p:q> ?y , ?z } }", [";", ","]),
        ("ASK { FILTER EXISTS { ?a <p:p>/<p:q> ?x } }", ["/"]),
        ("ASK { FILTER EXISTS { ?a <p:p> ?x FILTER EXISTS { ?x <p:q> ?y . ?y <p:r> ?z } } }", ["."]),
    ],
)
def test_a_join_within_exists_is_noticed(text: str, found: list[str]) -> None:
    """At any depth, and nowhere else."""
    assert list(joining(text)) == found
