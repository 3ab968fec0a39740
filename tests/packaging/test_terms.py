"""The words that people read are those of the table of terms: one word for one thing, in three languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from babel.messages.pofile import read_po
from pyoxigraph import Literal

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load
from dialogiverkko.network import chains

ASSETS = find_assets()
LANGUAGES = ("fi", "sv", "en")
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
DCTERMS = "http://purl.org/dc/terms/"
READ = {
    SKOS + "prefLabel", SKOS + "definition", SKOS + "note", RDFS + "label", RDFS + "comment",
    DCTERMS + "description", DCTERMS + "title",
    "https://w3id.org/dialogiverkko/ns#remarkText", "https://w3id.org/dialogiverkko/ns#objectiveText",
    "https://w3id.org/dialogiverkko/ns#pluralLabel", "http://www.w3.org/ns/shacl#message",
}  # fmt: skip
"""What people read of the graph; quotations, examples and names of others are not ours to word."""
EXCEPTIONS = {
    ("WorkProduct", "sv", "Produktion och användning av inhemsk fisk."): "the production of fish is no work product",
    ("status: aspired", "sv", "Dialog om en önskad eller möjlig framtid."): "a future is wished for, not an activity",
    ("website", "en", "homepage"): "the name that FOAF gives its own property",
}
"""Texts in which a word of the table means something else, and what."""
CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Rule:
    """What a thing is not called in a language."""

    thing: str
    language: str
    pattern: re.Pattern[str]


def _rows() -> list[list[str]]:
    lines = (ASSETS.root / "ontology" / "terms.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in CELL.split(line)[1:-1]] for line in lines if line.startswith("| ")][1:]


def rules() -> list[Rule]:
    """The patterns of the last three columns."""
    return [
        Rule(row[0], language, re.compile(word.replace("\\|", "|"), re.IGNORECASE))
        for row in _rows()
        for language, cell in zip(LANGUAGES, row[5:8], strict=True)
        for word in re.findall(r"`([^`]+)`", cell)
    ]


def _of_the_graph() -> Iterator[tuple[str, str, str]]:
    for name, triples in load(ASSETS).graphs.items():
        for triple in triples:
            value = triple.object
            if isinstance(value, Literal) and value.language in LANGUAGES and triple.predicate.value in READ:
                yield str(value.language), value.value, f"{name} {triple.subject}"


def _of_the_site() -> Iterator[tuple[str, str, str]]:
    for language in ("fi", "sv"):
        path = ASSETS.root / "server/dialogiverkko/web/translations" / language / "LC_MESSAGES/messages.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in catalogue:
            forms = [message.string] if isinstance(message.string, str) else list(message.string)
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            if message.id:
                yield from ((language, form, f"messages.po {ids[0]}") for form in forms)
                if language == "fi":
                    yield from (("en", text, "a message of the site") for text in ids)


def _of_the_questions() -> Iterator[tuple[str, str, str]]:
    header = re.compile(r'^#\+   (fi|sv|en): "(.*)"$', re.MULTILINE)
    for path in ASSETS.files("queries", "competency/*.rq"):
        for match in header.finditer(path.read_text(encoding="utf-8")):
            yield match[1], match[2], path.stem
    columns = (ASSETS.root / "queries" / "columns.yaml").read_text(encoding="utf-8")
    for match in re.finditer(r'(fi|sv|en): "([^"]*)"', columns):
        yield match[1], match[2], "columns.yaml"


def _of_the_chains() -> Iterator[tuple[str, str, str]]:
    for language in LANGUAGES:
        yield from ((language, text, "network/chains.py") for text in chains.sentences(language))


def texts() -> list[tuple[str, str, str]]:
    """Everything that people read: the language, the words and where they stand."""
    return [*_of_the_graph(), *_of_the_site(), *_of_the_questions(), *_of_the_chains()]


@pytest.fixture(scope="module")
def read_by_people() -> list[tuple[str, str, str]]:
    """All words, read once."""
    return texts()


def test_the_table_is_whole() -> None:
    """Each row has eight cells, and each thing a word in each language or a reason to have none."""
    rows = _rows()

    assert len(rows) > 30
    assert {len(row) for row in rows} == {8}
    assert len({row[0] for row in rows}) == len(rows)
    assert len(rules()) > 60


def test_there_are_words_of_every_kind(read_by_people: list[tuple[str, str, str]]) -> None:
    """Labels, messages and questions are found in each language."""
    for language in LANGUAGES:
        assert len([1 for code, _, _ in read_by_people if code == language]) > 700
    assert {where for _, _, where in read_by_people if where == "columns.yaml"}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.thing}-{rule.language}-{rule.pattern.pattern}")
def test_a_thing_is_not_called_what_it_is_not_called(rule: Rule, read_by_people: list[tuple[str, str, str]]) -> None:
    """No text has a word of the last three columns."""
    found = [
        f"{where}: {text}"
        for language, text, where in read_by_people
        if language == rule.language and rule.pattern.search(text) and (rule.thing, language, text) not in EXCEPTIONS
    ]

    assert found == [], f"the row '{rule.thing}' of ontology/terms.md says what it is called"


def test_each_exception_is_needed(read_by_people: list[tuple[str, str, str]]) -> None:
    """An exception whose text is gone goes too."""
    present = {(language, text) for language, text, _ in read_by_people}

    assert [key for key in EXCEPTIONS if key[1:] not in present] == []
