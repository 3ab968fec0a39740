"""Typed parameters of a saved query: what a caller may write, and the RDF terms that it means."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from pyoxigraph import Literal, NamedNode

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import BASE, LANGUAGES
from dialogiverkko.sparql.binding import Value

LANGUAGE_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}
MAX_LENGTH = 200
MAX_VALUES = 50
XSD = "http://www.w3.org/2001/XMLSchema#"

_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class ParameterType(Enum):
    """The six kinds of value that a saved query may ask for."""

    IRI = "iri"
    STRING = "string"
    INTEGER = "integer"
    DATE = "date"
    LANGUAGE = "language"
    CHOICE = "choice"


@dataclass(frozen=True)
class Choice:
    """One value that a parameter may have: as written in an address, as a term, and as read by a person."""

    value: str
    term: Value
    label: str


@dataclass(frozen=True)
class Parameter:
    """A parameter of a saved query, as its header declares it."""

    name: str
    type: ParameterType
    base: str = ""
    """What a short value such as ``om`` is appended to, such as ``…/id/org/``; empty: whole IRIs only."""
    choices: tuple[str, ...] = ()
    choices_query: str = ""
    """Name of the query that supplies the choices; empty: the list above, or any value of the type."""
    default: tuple[str, ...] = ()
    required: bool = False
    many: bool = False
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Return the name that a person reads."""
        return self.labels.get(language) or self.labels.get("fi") or self.name

    def term(self, raw: str) -> Value:
        """Turn what a caller wrote into a term; a BadParameterError says what is allowed."""
        if len(raw) > MAX_LENGTH:
            self.refuse(raw, f"It may have at most {MAX_LENGTH} characters; this has {len(raw)}.")
        if _UNSEEN.search(raw) or not raw.strip():
            self.refuse(raw, "It must be text on one line, without control characters.")
        return _READERS[self.type](self, raw.strip())

    def short(self, term: Value) -> str:
        """Write a term as it stands in an address: the shortest form that `term` reads back."""
        text = term.value
        return text.removeprefix(self.base) if self.base and text.startswith(self.base) else text

    def refuse(self, raw: str, reason: str, allowed: Sequence[str] = ()) -> None:
        """Raise a BadParameterError that names the parameter, what is allowed, and the nearest choice."""
        shown = raw if len(raw) <= 60 else raw[:60] + "…"
        nearest = difflib.get_close_matches(shown.lower(), list(allowed), n=1, cutoff=0.0) if allowed else []
        message = f"The parameter '{self.name}' cannot be '{shown}'. {reason}"
        if nearest:
            message += f" The nearest is '{nearest[0]}'."
        details: dict[str, str | int | float | list[str]] = {
            "parameter": self.name,
            "expects": self.type.value,
        }
        if allowed:
            details["allowed"] = list(allowed)[:200]
            details["nearest"] = nearest[0]
        raise BadParameterError(message, **details)


def _iri(parameter: Parameter, raw: str) -> Value:
    text = raw
    if parameter.base and ":" not in raw:
        if not _SLUG.fullmatch(raw):
            parameter.refuse(raw, "A short name has letters, digits, '-', '.', '_' and '/' only.", parameter.choices)
        text = parameter.base + raw
    if "://" not in text:
        parameter.refuse(raw, f"It must be an IRI, such as {parameter.base or BASE}…", parameter.choices)
    try:
        return NamedNode(text)
    except ValueError:
        parameter.refuse(raw, "It is not an IRI: some character may not stand in one.", parameter.choices)
        raise


def _string(parameter: Parameter, raw: str) -> Value:
    del parameter
    return Literal(raw)


def _integer(parameter: Parameter, raw: str) -> Value:
    if not _INTEGER.fullmatch(raw):
        parameter.refuse(raw, "It must be a whole number of at most nine digits.")
    return Literal(int(raw))


def _date(parameter: Parameter, raw: str) -> Value:
    try:
        day = date.fromisoformat(raw) if _DATE.fullmatch(raw) else None
    except ValueError:
        day = None
    if day is None:
        parameter.refuse(raw, "It must be a day of the calendar, written as 2021-06-08.")
    return Literal(raw, datatype=NamedNode(XSD + "date"))


def _choice(parameter: Parameter, raw: str) -> Value:
    allowed = parameter.choices or (LANGUAGES if parameter.type is ParameterType.LANGUAGE else ())
    if allowed and raw not in allowed:
        parameter.refuse(raw, f"Allowed: {', '.join(allowed)}.", allowed)
    return Literal(raw)


_READERS: dict[ParameterType, Callable[[Parameter, str], Value]] = {
    ParameterType.IRI: _iri,
    ParameterType.STRING: _string,
    ParameterType.INTEGER: _integer,
    ParameterType.DATE: _date,
    ParameterType.LANGUAGE: _choice,
    ParameterType.CHOICE: _choice,
}


def read(
    parameters: Sequence[Parameter],
    given: Sequence[tuple[str, str]],
    choices: Callable[[Parameter], Sequence[Choice]],
) -> dict[str, tuple[Value, ...]]:
    """Read what a caller gave, put defaults where nothing was, and check every value against its choices.

    ``given`` is the query string in order: a list-valued parameter may occur several times, or once with
    commas. An empty value means *not given*, as an untouched field of a form does. The answer has every
    parameter, those without value too.
    """
    names = [parameter.name for parameter in parameters]
    for name, raw in given:
        if name not in names:
            _unknown(name, raw, names)
    return {parameter.name: _values(parameter, given, choices) for parameter in parameters}


def _unknown(name: str, raw: str, names: list[str]) -> None:
    del raw
    shown = name if len(name) <= 60 else name[:60] + "…"
    nearest = difflib.get_close_matches(shown, names, n=1, cutoff=0.0)
    message = f"There is no parameter '{shown}'. " + (
        f"Allowed: {', '.join(names)}. The nearest is '{nearest[0]}'." if names else "This query has none."
    )
    raise BadParameterError(message, parameter=shown, allowed=names, nearest=nearest[0] if nearest else "")


def _values(
    parameter: Parameter,
    given: Sequence[tuple[str, str]],
    choices: Callable[[Parameter], Sequence[Choice]],
) -> tuple[Value, ...]:
    raw = [text for name, text in given if name == parameter.name and text != ""]
    if parameter.many and len(raw) == 1 and parameter.type is not ParameterType.STRING:
        raw = [part for part in raw[0].split(",") if part.strip()]
    if not parameter.many and len(raw) > 1:
        parameter.refuse(raw[1], "It takes one value, and was given several.")
    if len(raw) > MAX_VALUES:
        parameter.refuse(raw[-1], f"It takes at most {MAX_VALUES} values.")
    if not raw and parameter.required and not parameter.default:
        offered = [choice.value for choice in choices(parameter)]
        reason = f"Allowed: {', '.join(offered[:20])}." if offered else f"Its type is {parameter.type.value}."
        raise BadParameterError(
            f"The parameter '{parameter.name}' is required. {reason}",
            parameter=parameter.name,
            allowed=offered,
        )
    terms = tuple(dict.fromkeys(parameter.term(text) for text in raw or parameter.default))
    if parameter.choices_query and raw:
        _must_be_offered(parameter, terms, choices(parameter))
    return terms


def _must_be_offered(parameter: Parameter, terms: Sequence[Value], choices: Sequence[Choice]) -> None:
    offered = {choice.term for choice in choices}
    for term in terms:
        if term not in offered:
            allowed = [choice.value for choice in choices]
            parameter.refuse(parameter.short(term), f"There are {len(allowed)} values to choose from.", allowed)
