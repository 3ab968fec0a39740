"""What would have been right in a query is said in a few words."""

import pytest

from dialogiverkko.sparql.expectation import describe
from dialogiverkko.sparql.tokens import Token

KEYWORDS = [f"K{number}" for number in range(1, 10)]
EXPRESSION = {"STR", "REGEX", "COUNT", "STRLEN", "BOUND", "VAR", "STRING", "IRIREF"}
TERM = {"VAR", "IRIREF", "STRING", "[", "(", "BLANK_NODE_LABEL"}


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({"VAR"}, "a variable"),
        ({"VAR", "}"}, "'}' or a variable"),
        ({"K1", "EOF", "."}, "'.', the end of the query or K1"),
        ({*KEYWORDS[:8]}, "K1, K2, K3, K4, K5, K6, K7 or K8"),
        ({*KEYWORDS}, "K1, K2, K3, K4, K5, K6, K7 or another keyword"),
        ({"VAR", "IRIREF", "a", "^", "!"}, "a property or a path"),
        ({"IRIREF", "a", "^", "!"}, "a property or a path"),
        (TERM, "a term"),
        (TERM | {"NIL", "INTEGER", "TRUE", "PNAME_LN"}, "a term"),
        (TERM | {"-", "}"}, "a term, '-' or '}'"),
        (TERM | {"OPTIONAL"}, "a triple pattern"),
        ({"STR", "REGEX", "COUNT", "BOUND", "(", "IRIREF"}, "a condition in brackets or a function call"),
        (EXPRESSION, "an expression"),
        (EXPRESSION | {"ABS", "+", "-", "!", "(", "DISTINCT"}, "an expression or DISTINCT"),
        ({"=", "!=", "&&"}, "an operator"),
        ({"=", "!=", "&&", "||", "<", "*", "INTEGER_POSITIVE", ")"}, "an operator or ')'"),
        ({"=", "!="}, "'!=' or '='"),
        ({"INTEGER", "DECIMAL_NEGATIVE", "K1"}, "a number or K1"),
    ],
)
def test_what_is_expected_is_named_by_its_sort(expected: set[str], words: str) -> None:
    """Of more words than eight the last are left out."""
    assert describe(Token("VAR", "?x", 0), frozenset(expected)) == f"found ?x; expected {words}."


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (Token("EOF", "", 0), "the query ends too early"),
        (Token("VAR", "?" + "x" * 39, 0), "found ?" + "x" * 39),
        (Token("VAR", "?" + "x" * 40, 0), "found ?" + "x" * 38 + "…"),
    ],
)
def test_what_was_found_is_shown_as_far_as_it_is_short(token: Token, words: str) -> None:
    """Forty characters at most."""
    assert describe(token, frozenset({"VAR"})) == f"{words}; expected a variable."
