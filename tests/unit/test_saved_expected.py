"""Expected answers are written so that what is read back is what was answered, a row on a line."""

import json

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.saved import catalogue
from dialogiverkko.saved.answers import Answer, Release
from dialogiverkko.saved.expected import compare, document, write_expected
from dialogiverkko.sparql.query import Page

CELLS = (
    {"type": "uri", "value": "https://w3id.org/dialogiverkko/id/activity/a"},
    {"type": "literal", "value": "“ä”", "xml:lang": "fi"},
)


def test_what_is_written_is_read_back() -> None:
    """Each row has a line of its own, and the file is JSON."""
    query = next(iter(catalogue.load(find_assets().root / "queries").public()))
    answer = Answer(query, {}, Release("0", ""), Page(), 2, "", [{query.columns[0]: cell} for cell in CELLS])

    text = write_expected(answer)

    assert json.loads(text) == document(answer)
    lines = [line.strip().rstrip(",") for line in text.splitlines()]
    assert [row[0] for row in document(answer)["rows"]] == ["<id/activity/a>", '"“ä”"@fi']
    assert all(json.dumps(row, ensure_ascii=False) in lines for row in document(answer)["rows"])
    assert compare("q", document(answer)["rows"], json.loads(text)["rows"]) == ""


def test_a_citation_quotes_as_its_language_does() -> None:
    """Finnish and Swedish begin and end a quotation alike."""
    query = next(iter(catalogue.load(find_assets().root / "queries").public()))
    answer = Answer(query, {}, Release("1", "d"), Page(), 0, "")

    for language, signs in (("en", "“”"), ("fi", "””"), ("sv", "””")):
        assert f"{signs[0]}{query.title[language]}{signs[1]}. " in answer.citation(language)
