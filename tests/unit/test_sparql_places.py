"""Each place of a rewritten text is known in the text that it was made from."""

import pytest

from dialogiverkko.sparql.places import edit, line_and_column, origin


def test_what_is_copied_keeps_its_letters_and_what_is_put_in_begins_where_it_was_put() -> None:
    """Letter by letter: ab[cd → xyz]ef, and an insertion at the end."""
    text, places = edit("abcdef", [(2, 4, "xyz"), (6, 6, "!")])

    assert text == "abxyzef!"
    assert [places.before(offset) for offset in range(len(text) + 1)] == [0, 1, 2, 2, 2, 4, 5, 6, 6]
    assert (places.before(-1), places.starts[0]) == (0, 0)


def test_several_rewritings_are_followed_back() -> None:
    """The last rewriting first."""
    once, first = edit("abcdef", [(0, 1, "")])
    twice, last = edit(once, [(0, 1, "")])

    assert twice == "cdef"
    assert [origin([last, first], offset) for offset in range(4)] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [("ab", 0, (1, 1)), ("a\nb", 2, (2, 1)), ("a\r\nbc", 4, (2, 2)), ("a\rb", 2, (2, 1)), ("a\n\nb", 3, (3, 1))],
)
def test_lines_are_counted_as_editors_do(text: str, offset: int, place: tuple[int, int]) -> None:
    """LF, CRLF and CR each end one line."""
    assert line_and_column(text, offset) == place
