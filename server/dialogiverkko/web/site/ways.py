"""What the words of a search ask of the site itself: chains and comparisons of organisations, and its other pages.

Whoever writes «SYKE OM 2020» means what lies between the two; whoever writes «excel» means a table to take away.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlencode

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from dialogiverkko.namespaces import LANGUAGES, ORG, SKOS
from dialogiverkko.network.compared import MOST
from dialogiverkko.network.links import slug
from dialogiverkko.network.selection import options
from dialogiverkko.search.words import STOPPED, coarse, folded, split, stem
from dialogiverkko.web.services import Services
from dialogiverkko.web.site.index import Index

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?<=[A-ZÅÄÖ]):[a-zåäö]+|(?<=[A-ZÅÄÖ]{2})(?:n|lle|lla|sta|ssa|ta|s)\b")
"""What follows an abbreviation that is inflected: *OM:n*, *SYKEn*."""
_YEAR = re.compile(r"\d{4}")
_LONGEST_NAME, _MOST_WORDS, _MOST_PAIRS, _MOST_PAGES = 10, 24, 3, 3


@dataclass(frozen=True)
class Way:
    """One place where a search may go on: its address and what it is called."""

    href: str
    title: str


PAGES: tuple[tuple[str, LazyString, LazyString], ...] = (
    ("data#tables", _("Tables and pictures"),
     _("table tables Excel XLSX CSV spreadsheet download downloads picture pictures image slide PNG SVG")),
    ("collaboration/path", _("Chain between two organisations"),
     _("chain chains connect connects connected connection connections path")),
    ("compare", _("Organisations side by side"), _("compare comparison difference differences versus")),
    ("about#cite", _("How to cite"), _("cite citation citing reference bibliography BibTeX")),
    ("data#embed", _("Show on another page"), _("embed embedding iframe widget website blog")),
    ("tell", _("Do you know more?"),
     _("mistake mistakes error errors wrong correct correction feedback contact")),
    ("changes", _("What each release changed"), _("release releases version versions changes updates")),
    ("sparql", _("SPARQL endpoint"), _("SPARQL API endpoint interface")),
    ("data", _("Data"), _("data RDF JSON Turtle dump dataset")),
    ("places", _("Places"), _("map maps")),
    ("timeline", _("Timeline"), _("timeline chronology")),
    ("about", _("About"), _("about makers privacy cookies accessibility licence license")),
)  # fmt: skip
"""Pages of the site: address, name, and the words by which they are found, in each language its own."""
_OUTSIDE = {"changes": "/changes?lang={language}"}
"""Addresses that do not begin with a language."""


def organisations(index: Index, words: str, language: str) -> list[str]:
    """List the organisations that some words name, in their order; a longer name goes before one within it."""
    raw = _WORD.findall(_ENDING.sub("", words))[:_MOST_WORDS]
    stems: dict[str, list[str]] = {each: [_stems(folded(word), each) for word in raw] for each in LANGUAGES}
    known: Mapping[str, Mapping[str, str]] = index.once("called", called)
    found, taken = dict[int, str](), set[int]()
    for begin, end in _spans(len(raw)):
        if taken & set(range(begin, end)) or _is_plain(raw[begin:end], language):
            continue
        iris = [known[each].get(" ".join(stems[each][begin:end])) for each in (language, *LANGUAGES)]
        if any(iris):
            found[begin] = next(iri for iri in iris if iri)
            taken |= set(range(begin, end))
    return list(dict.fromkeys(found[begin] for begin in sorted(found)))


def _spans(length: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of so many words, the longest first."""
    for size in range(min(length, _LONGEST_NAME), 0, -1):
        for begin in range(length - size + 1):
            yield begin, begin + size


def _is_plain(raw: Sequence[str], language: str) -> bool:
    """Return whether a word is one of the language and no abbreviation, as the Swedish «om» is."""
    return len(raw) == 1 and folded(raw[0]) in STOPPED[language] and not raw[0].isupper()


def _stems(word: str, language: str) -> str:
    return coarse(word) if language == "fi" else stem(word, language)


def called(index: Index) -> dict[str, dict[str, str]]:
    """Read the names of the organisations without inflection, for each language; a shared name is of none."""
    found: dict[str, dict[str, set[str]]] = {each: {} for each in LANGUAGES}
    for iri in index.of_class(ORG + "Organization"):
        for predicate in (SKOS + "prefLabel", SKOS + "altLabel"):
            for value in index.said(iri, predicate):
                name = split(value.value)
                for each in LANGUAGES if name else ():
                    key = " ".join(_stems(word, each) for word in name)
                    found[each].setdefault(key, set()).add(iri)
    return {each: {key: min(iris) for key, iris in names.items() if len(iris) == 1} for each, names in found.items()}


def between(services: Services, index: Index, words: str, language: str) -> list[Way]:
    """List the chains and the comparison of the organisations that some words name, where they name several."""
    named = organisations(index, words, language)[:MOST]
    if len(named) < 2:
        return []
    there = {option.token for option in options(services.network, language)["year"]}
    year = next((each for each in _YEAR.findall(words) if each in there), "")
    names = {iri: index.label(iri, language).value for iri in named}
    ways = []
    for one, other in list(combinations(named, 2))[:_MOST_PAIRS]:
        query = urlencode([("from", slug(one)), ("to", slug(other)), *([("year", year)] if year else [])])
        title = gettext("Chain between %(one)s and %(other)s", one=names[one], other=names[other])
        ways.append(Way(f"/{language}/collaboration/path?{query}", f"{title}, {year}" if year else title))
    compared = ",".join(slug(iri) for iri in named)
    title = f"{gettext('Organisations side by side')}: {', '.join(names.values())}"
    return [*ways, Way(f"/{language}/compare?organisations={compared}", title)]


def pages(words: str, language: str) -> list[Way]:
    """List the pages of the site that some words ask for, in the language of the page."""
    asked = {_stems(word, language) for word in split(words) if word not in STOPPED[language]}
    found = [(path, title) for path, title, known in PAGES if asked & {_stems(w, language) for w in split(str(known))}]
    return [
        Way(_OUTSIDE.get(path, f"/{{language}}/{path}").format(language=language), str(title))
        for path, title in found[:_MOST_PAGES]
    ]
