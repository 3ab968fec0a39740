"""Keeps what parameters of saved queries may be: asked of the whole graph once, when it is built."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from dialogiverkko.graph.lines import value_of
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.saved.answers import ListKey, SavedQueries, list_key
from dialogiverkko.saved.catalogue import Catalogue
from dialogiverkko.saved.parameters import Choice, Parameter
from dialogiverkko.sparql.inspection import names_of

FILE = "choices.tsv"
"""The file of the lists in the folder of what is built: on each line the key of one, and its choices as JSON."""


def asked(questions: Catalogue, parameters: Iterable[Parameter]) -> frozenset[str]:
    """Return the predicates and classes that the lists of parameters name: a graph of these alone answers them."""
    return names_of(questions.get(each.choices_query).body for each in parameters if each.choices_query)


def write(saved: SavedQueries, parameters: Iterable[Parameter], path: Path) -> None:
    """Write the lists of parameters, in each language."""
    listed = [each for each in parameters if each.choices_query]
    keys = {list_key(each, language): each for each in listed for language in LANGUAGES}
    with path.open("w", encoding="utf-8") as file:
        for key, parameter in keys.items():
            choices = [(str(each.term), each.label) for each in saved.choices(parameter, key[-1])]
            file.write("\t".join((*key, json.dumps(choices, ensure_ascii=False))) + "\n")


def read(path: Path) -> Callable[[ListKey], list[Choice] | None]:
    """Open what was written; what it returns makes a list when that is asked for, None where there is no such."""
    kept: dict[str, bytes] = {}
    for line in path.read_bytes().splitlines():
        key, _, choices = line.rpartition(b"\t")
        kept[key.decode()] = choices

    def choices_of(key: ListKey) -> list[Choice] | None:
        written = kept.get("\t".join(key))
        if written is None:
            return None
        terms = ((value_of(term.encode()), label) for term, label in json.loads(written))
        return [Choice(term.value.removeprefix(key[1]), term, label) for term, label in terms]

    return choices_of
