"""Our reader and the grammar of the Recommendation agree on thousands of sentences and of damaged ones."""

from collections.abc import Callable
from random import Random

import pytest
from tests.unit import standard

from dialogiverkko.errors import QuerySyntaxError
from dialogiverkko.sparql.parse import parse

SENTENCES = 800
BASE = "http://e.example/sparql"
Writer = Callable[[list[str], Random], str]
WRITERS: tuple[Writer, ...] = (standard.spaced, standard.unspaced, standard.commented)


def is_taken(text: str) -> bool:
    """Check whether our reader takes a text; what the notes beside the grammar forbid is no matter here."""
    try:
        parse(standard.PROLOGUE + text, base=BASE)
    except QuerySyntaxError as error:
        return "stands within another aggregate" in error.message
    return True


def test_the_productions_are_all_there() -> None:
    """They are numbered 1 to 173, and each name that one uses is one of them."""
    numbers = [number for number, _ in standard.productions().values()]

    assert numbers == list(range(1, 174))


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_what_the_grammar_derives_is_taken(write: Writer) -> None:
    """Spaced, unspaced and commented, eight hundred sentences each."""
    deriver = standard.Deriver(seed=1)
    refused = []
    for _ in range(SENTENCES):
        text = write(deriver.sentence(), deriver.random)
        if not is_taken(text):
            refused.append(text)

    assert refused == []


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_what_is_damaged_is_taken_where_the_grammar_takes_it(write: Writer) -> None:
    """Eight hundred sentences each, with one terminal lost, doubled, exchanged, changed or added."""
    deriver = standard.Deriver(seed=2)
    verdicts = []
    for _ in range(SENTENCES):
        text = write(deriver.damaged(deriver.sentence()), deriver.random)
        tokens = standard.tokens(standard.PROLOGUE + text)
        is_good = tokens is not None and standard.is_sentence([kind for kind, _ in tokens])
        verdicts.append((is_taken(text), is_good, text))

    assert [each for each in verdicts if each[0] != each[1]] == []
    assert 50 < sum(good for _, good, _ in verdicts) < SENTENCES - 200
