"""What is wrong with the header of a query file is told with its line, and in the words of the header."""

import pytest

from dialogiverkko.errors import DataError
from dialogiverkko.saved.header import QueryHeader
from dialogiverkko.sparql.headers import read_header

GOOD = """#+ title: { fi: a, sv: b, en: c }
#+ question: { fi: a, sv: b, en: c }
#+ explanation: { fi: a, sv: b, en: c }
#+ tags: [evidence]
#+ parameters:
#+   - { name: language, type: language }
#+   - name: count
#+     type: integer
"""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("SELECT * {}", 1, "must begin with a header"),
        ("#+ - a\n#+ - b\n", 1, "must be names and their values"),
        ("#+ title: a\n#+ tags: [b\n", 3, "is not YAML"),
        ("#+ title: a\n#+ question: {b\n#+ tags: c}: d\n", 3, "is not YAML"),
        (GOOD.replace("type: integer", "type: number"), 8, "type must be one of"),
        (GOOD.replace("#+     type: integer\n", ""), 7, "item 2 of 'parameters' lacks 'type'"),
        (
            GOOD.replace("type: language }", "type: language, kind: b }"),
            6,
            "item 1 of 'parameters' has no field 'kind'",
        ),
        (GOOD.replace("[evidence]", "evidence"), 4, "'tags': input should be a valid tuple"),
        (GOOD.replace("en: c }\n#+ tags", "en: 1 }\n#+ title: b\n#+ tags"), 4, "'title' stands twice"),
    ],
)
def test_a_fault_of_a_header_has_its_line(text: str, line: int, words: str) -> None:
    """Also the second item of a list, and a value on a line of its own."""
    with pytest.raises(DataError) as caught:
        read_header(text, "queries/a.rq", QueryHeader)

    assert caught.value.details["line"] == line
    assert f"queries/a.rq:{line}: " in caught.value.message
    assert words in caught.value.message


def test_a_good_header_is_read() -> None:
    """The text above, where nothing is wrong, so that each fault is the only one."""
    header, lines = read_header(GOOD, "queries/a.rq", QueryHeader)

    assert [parameter.name for parameter in header.parameters] == ["language", "count"]
    assert [lines.of(("parameters", number)) for number in (0, 1)] == [6, 7]
    assert lines.of(("parameters", 5, "name")) == lines.of(("parameters",))
