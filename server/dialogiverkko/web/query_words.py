"""The topics of the query pages, the names of what they show, and the code that readers copy from them."""

import re
from collections.abc import Callable, Iterable, Sequence
from keyword import iskeyword
from urllib.parse import quote, urlencode

from flask_babel import lazy_pgettext as pgettext
from pyoxigraph import Literal, NamedNode

from dialogiverkko.namespaces import DCTERMS, RDFS, SKOS

NAMING = (DCTERMS + "title", RDFS + "label", SKOS + "prefLabel")
"""What names a thing; of two names in a language the first is told."""

TOPICS = {
    "collaboration": pgettext("topic", "Collaboration"),
    "organisations": pgettext("topic", "Organisations"),
    "policy": pgettext("topic", "Policy"),
    "time": pgettext("topic", "Time"),
    "status": pgettext("topic", "Status"),
    "scale": pgettext("topic", "Scale"),
    "people": pgettext("topic", "People"),
    "openness": pgettext("topic", "Openness"),
    "place": pgettext("topic", "Places"),
    "methods": pgettext("topic", "Methods"),
    "themes": pgettext("topic", "Themes"),
    "objectives": pgettext("topic", "Objectives"),
    "contexts": pgettext("topic", "Contexts"),
    "roles": pgettext("topic", "Roles"),
    "evidence": pgettext("topic", "Evidence"),
    "sources": pgettext("topic", "Sources"),
    "identifiers": pgettext("topic", "Identifiers"),
    "search": pgettext("topic", "Search"),
    "queries": pgettext("topic", "Questions and terms"),
}
"""Topics in the order of the index; a query stands under its first tag."""


def topics(tags: Iterable[str]) -> list[tuple[str, object]]:
    """Pair the topics that occur with their names, in the order of TOPICS; an unknown one comes last, as it is.

    The names are told in the language of the page that shows them.
    """
    found = set(tags)
    known: list[tuple[str, object]] = [(tag, name) for tag, name in TOPICS.items() if tag in found]
    return known + [(tag, tag) for tag in sorted(found - set(TOPICS))]


def last_part(iri: str) -> str:
    """Return what a reader may take for the name of an IRI that has none."""
    return re.split(r"[/#]", iri.rstrip("/#"))[-1] or iri


class Names:
    """The names of what the graph describes."""

    def __init__(self, said: Callable[[str, str], Iterable[NamedNode | Literal]]) -> None:
        """Take what lists the values that a predicate gives a thing."""
        self._said = said

    def name(self, iri: str, language: str) -> str:
        """Return the name of a thing in a language, or in another, or else the end of its IRI."""
        known: dict[str, str] = {}
        for value in (value for predicate in NAMING for value in self._said(iri, predicate)):
            if isinstance(value, Literal):
                known.setdefault(value.language or "", value.value)
        return next((known[code] for code in (language, "fi", "en", "") if code in known), last_part(iri))


def snippets(root: str, name: str, given: Sequence[tuple[str, str]], suffix: str, version: str = "") -> dict[str, str]:
    """Return the code that repeats an answer, for curl, Python and R; of a version, where one is named.

    ``given`` are parameters as they were read and written back by us: they hold no quote of either kind
    unencoded, since every address is percent-encoded and every Python value is written by ``repr``.
    """
    if version:
        given = [*given, ("version", version)]
    address = f"{root}queries/{quote(name)}.{suffix}" + (f"?{urlencode(given)}" if given else "")
    python_given = _grouped(given)
    arguments = "".join(f", {key}{'_' if iskeyword(key) else ''}={value!r}" for key, value in python_given.items())
    method = "rdf" if suffix == "ttl" else "frame"
    reader = f'readLines("{address}")' if suffix == "ttl" else f'read.csv("{address}")'
    python = (
        f'from urllib.request import urlopen\n\nanswer = urlopen("{address}").read().decode()'
        if version
        else "from dialogiverkko.client import Client\n\n"
        f'client = Client("{root}")\nanswer = client.{method}("{name}"{arguments})'
    )
    return {
        "curl": f'curl "{address}"',
        "Python": python,
        "R": f"answer <- {reader}",
    }


def _grouped(given: Sequence[tuple[str, str]]) -> dict[str, str | list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in given:
        grouped.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in grouped.items()}
