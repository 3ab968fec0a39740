"""Writes the counts of the graph as people write them: «50 dialogia», «minst 20 dialoger», «1–2 groups per event».

The forms of a unit's name are data: ``skos:prefLabel`` for one, ``dlg:pluralLabel`` for another number (in Finnish
the partitive singular), ``dlg:indefinitePluralLabel`` beside a vague word (in Finnish the partitive plural).
"""

from collections.abc import Mapping
from typing import Protocol

from babel.numbers import format_decimal

from dialogiverkko.namespaces import DLG, SCHEMA, SKOS, VOCAB

_SKOS_NAME = SKOS + "prefLabel"
_OFTEN = VOCAB + "quantifier/often"
"""The one quantity word that is an adverb and stands after what it counts."""
_ABOUT = {"fi": "noin {0}", "sv": "cirka {0}", "en": "about {0}"}
_AT_LEAST = {"fi": "vähintään {0}", "sv": "minst {0}", "en": "at least {0}"}
_AT_MOST = {"fi": "enintään {0}", "sv": "högst {0}", "en": "at most {0}"}
_PER = {"fi": "{0} {1} kohti", "sv": "{0} per {1}", "en": "{0} per {1}"}
_FALLBACK = ("fi", "en", "sv", "")


class Reader(Protocol):
    """What is asked of a graph here."""

    def value(self, iri: str, predicate: str) -> str:
        """Return the one value of a predicate, or nothing."""

    def texts(self, iri: str, *predicates: str) -> Mapping[str, str]:
        """Return the texts of the first predicate that has any, by language."""


def in_words(graph: Reader, count: str, language: str) -> str:
    """Write a dlg:Count of a graph in words."""
    unit, per = graph.value(count, DLG + "countedUnit"), graph.value(count, DLG + "perUnit")
    value, least, most = (graph.value(count, SCHEMA + name) for name in ("value", "minValue", "maxValue"))
    quantifier = graph.value(count, DLG + "quantifier")
    if quantifier:
        words = _vague(graph, quantifier, unit, language)
        bound = graph.value(quantifier, DLG + "impliesAtLeast")
        bound = f" ({_AT_LEAST[language].format(bound)})" if bound else ""
    else:
        about = graph.value(count, DLG + "isApproximate") == "true"
        words, bound = numbered(graph, unit, language, value or least, value or most, approximate=about), ""
    if per:
        words = _PER[language].format(words, form(graph, per, language, "many" if language == "fi" else "one"))
    return words + bound


def numbered(graph: Reader, unit: str, language: str, least: str, most: str, *, approximate: bool = False) -> str:
    """Write a number, or two that bound it, with the right form of the unit's name; one bound may be empty or 0."""
    least = "" if least == "0" and most not in ("", "0") else least
    amount = "–".join(dict.fromkeys(_number(bound, language) for bound in (least, most) if bound))
    name = form(graph, unit, language, "one" if (least, most) == ("1", "1") else "many")
    template = "{0}" if least and most else (_AT_LEAST if least else _AT_MOST)[language]
    if approximate:
        template = _ABOUT[language].format(template)
    return f"{template.format(amount)} {name}"


def form(graph: Reader, unit: str, language: str, number: str) -> str:
    """Return the form of a unit's name for «one», «many» or a «vague» number; its name where it has no such form."""
    predicates = {
        "one": (),
        "many": (DLG + "pluralLabel",),
        "vague": (DLG + "indefinitePluralLabel", DLG + "pluralLabel"),
    }[number]
    for predicate in predicates:
        found = graph.texts(unit, predicate)
        if language in found:
            return found[language]
    return _lowered(_in_language(graph.texts(unit, _SKOS_NAME), language))


def _vague(graph: Reader, quantifier: str, unit: str, language: str) -> str:
    word = _lowered(_in_language(graph.texts(quantifier, _SKOS_NAME), language))
    name = form(graph, unit, language, "vague")
    return f"{name} {word}" if quantifier == _OFTEN else f"{word} {name}"


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return next((texts[code] for code in (language, *_FALLBACK) if code in texts), "")


def _lowered(name: str) -> str:
    """Lower a first letter that is a capital only because the name stands alone."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _number(text: str, language: str) -> str:
    return str(format_decimal(int(text), locale=language)) if text.isdecimal() else text
