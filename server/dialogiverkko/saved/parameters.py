"""Typed parameters of a saved query: what a caller may write, and the RDF terms that it means."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NoReturn, Protocol

from pyoxigraph import Literal, NamedNode

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import BASE, LANGUAGES, XSD
from dialogiverkko.sparql.binding import Value
from dialogiverkko.spelling import cut, nearest

LANGUAGE_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}
MAX_LENGTH = 200
MAX_VALUES = 50
MOST_LISTED = 500  # choices that a form or a description lists; of more, one is written by its name
MOST_ALLOWED = 200  # values that an error names
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_Details = dict[str, str | int | float | list[str]]
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
    not_before: str = ""
    """Name of the parameter whose day may not be later."""
    other_than: str = ""
    """Name of the parameter whose value must be another."""

    def label(self, language: str) -> str:
        """Return the name that a person reads."""
        return self.labels.get(language) or self.labels.get("fi") or self.name

    def term(self, raw: str) -> Value:
        """Turn what a caller wrote into a term; a BadParameterError says what is allowed."""
        return _READERS[self.type](self, self.text(raw))

    def text(self, raw: str) -> str:
        """Return what a caller wrote without the space around it, where a value may be written so at all."""
        if len(raw) > MAX_LENGTH:
            self.refuse(raw, f"It may have at most {MAX_LENGTH} characters; this has {len(raw)}.")
        if _UNSEEN.search(raw) or not raw.strip():
            self.refuse(raw, "It must be text on one line, without control characters.")
        return raw.strip()

    def short(self, term: Value) -> str:
        """Write a term as it stands in an address: the shortest form that `term` reads back."""
        return term.value.removeprefix(self.base)

    def refuse(self, raw: str, reason: str, allowed: Sequence[str] = ()) -> NoReturn:
        """Raise what `refusal` makes."""
        raise self.refusal(raw, reason, allowed)

    def refusal(self, raw: str, reason: str, allowed: Sequence[str] = (), near: str = "") -> BadParameterError:
        """Make an error that names the parameter, what is allowed, and the choice that is near, if any."""
        shown = cut(raw)
        near = near or nearest(shown, list(allowed))
        message = f"The parameter '{self.name}' cannot be '{shown}'. {reason}"
        if near:
            message += f" The nearest is '{near}'."
        details: _Details = {"parameter": self.name, "given": shown, "expects": self.type.value}
        if allowed:
            details["allowed"] = list(allowed)[:MOST_ALLOWED]
        if near:
            details["nearest"] = near
        return BadParameterError(message, **details)


class Choices(Protocol):
    """A function that returns the allowed values of a parameter, labelled in a language."""

    def __call__(self, parameter: Parameter, language: str = "fi", /) -> Sequence[Choice]:
        """Return the choices; none where any value of the type is allowed."""
        ...


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
    if parameter.choices and raw not in parameter.choices:
        parameter.refuse(raw, f"Allowed: {', '.join(parameter.choices)}.", parameter.choices)
    return Literal(raw)


def _language(parameter: Parameter, raw: str) -> Value:
    """Look a tag up (RFC 4647, 3.4), in any case: ``en-GB`` and ``EN`` are English here."""
    allowed = parameter.choices or LANGUAGES
    tag = raw.lower() if _TAG.fullmatch(raw) else ""
    while tag and tag not in allowed:
        tag = tag.rpartition("-")[0]
    return Literal(tag) if tag else parameter.refuse(raw, f"Allowed: {', '.join(allowed)}.", allowed)


_READERS: dict[ParameterType, Callable[[Parameter, str], Value]] = {
    ParameterType.IRI: _iri,
    ParameterType.STRING: lambda _, raw: Literal(raw),
    ParameterType.INTEGER: _integer,
    ParameterType.DATE: _date,
    ParameterType.LANGUAGE: _language,
    ParameterType.CHOICE: _choice,
}


def read_values(
    parameters: Sequence[Parameter],
    given: Sequence[tuple[str, str]],
    choices: Choices,
) -> dict[str, tuple[Value, ...]]:
    """Read what a caller gave, put defaults where nothing was, and check every value against its choices.

    ``given`` is the query string in order: a list-valued parameter may occur several times, or once with
    commas, or both where it has choices. An empty value means *not given*, as an untouched field of a form does. A
    value may be written by its short name, its IRI, or its label in a language of ours. The answer has every parameter.
    """
    names = [parameter.name for parameter in parameters]
    for name, _ in given:
        if name not in names:
            unknown(name, names)
    values = {parameter.name: _values(parameter, given, choices) for parameter in parameters}
    for parameter in parameters:
        _compare(parameter, values)
    return values


def _compare(parameter: Parameter, values: Mapping[str, Sequence[Value]]) -> None:
    """Refuse a value that cannot stand beside that of another parameter: nothing could be found."""
    for mine in values[parameter.name]:
        for earlier in values.get(parameter.not_before, ()):
            if mine.value < earlier.value:
                parameter.refuse(mine.value, f"It is before '{parameter.not_before}' ({earlier.value}).")
        if mine in values.get(parameter.other_than, ()):
            parameter.refuse(parameter.short(mine), f"It must be another than '{parameter.other_than}'.")


def unknown(name: str, allowed: Sequence[str]) -> NoReturn:
    """Raise a BadParameterError for an unknown name: ignored, it would give another answer than was asked."""
    shown = cut(name)
    near = nearest(shown, list(allowed))
    message = f"There is no parameter '{shown}'. " if shown.strip() else "A parameter has no name. "
    message += f"Allowed: {', '.join(allowed)}." if allowed else "There are none here."
    details: _Details = {"parameter": shown, "allowed": list(allowed)}
    if near:
        message += f" The nearest is '{near}'."
        details["nearest"] = near
    raise BadParameterError(message, **details)


def of_many(name: str, given: Sequence[str], most: int = 1) -> BadParameterError:
    """Make the error for a parameter that was given more values than it may have."""
    several = f"The parameter '{name}' takes at most {most} values, and was given {len(given)}."
    message = several if most > 1 else f"The parameter '{name}' takes one value, and was given several."
    return BadParameterError(message, parameter=name, given=cut(", ".join(given)))


def _values(parameter: Parameter, given: Sequence[tuple[str, str]], choices: Choices) -> tuple[Value, ...]:
    raw = [text for name, text in given if name == parameter.name and text != ""]
    if parameter.many and parameter.type is not ParameterType.STRING and (len(raw) == 1 or parameter.choices_query):
        raw = [part for text in raw for part in _split(parameter, text, choices)]
    if len(raw) > (most := MAX_VALUES if parameter.many else 1):
        raise of_many(parameter.name, raw, most)
    if not raw and parameter.required and not parameter.default:
        offered = [choice.value for choice in choices(parameter)][:MOST_ALLOWED]
        reason = f"Allowed: {', '.join(offered[:20])}." if offered else f"Its type is {parameter.type.value}."
        raise BadParameterError(
            f"The parameter '{parameter.name}' is required. {reason}", parameter=parameter.name, allowed=offered
        )
    is_listed = bool(parameter.choices) and parameter.type is not ParameterType.CHOICE  # which reads its list itself
    if not raw or not (parameter.choices_query or is_listed):
        return tuple(dict.fromkeys(parameter.term(text) for text in raw or parameter.default))
    return tuple(dict.fromkeys(_offered(parameter, text, choices) for text in raw))


def _split(parameter: Parameter, raw: str, choices: Choices) -> list[str]:
    """Split a list at its commas, but for a label that has one in it; labels are read where a part is no short name."""
    parts = [part for part in raw.split(",") if part.strip()]
    if not parameter.choices_query or {*parts} <= {choice.value for choice in choices(parameter)}:
        return parts
    return [raw] if _labelled(parameter, raw, choices) else parts


def _offered(parameter: Parameter, raw: str, choices: Choices) -> Value:
    """Return the choice that a caller means: by its short name or IRI, in any case, or by its label."""
    text = parameter.text(raw)
    offered = choices(parameter)
    by_name = {form: choice.term for choice in offered for form in (choice.term.value, choice.value)}
    if text in by_name:
        return by_name[text]
    alike = [choice.term for choice in offered if choice.value.casefold() == text.casefold()]
    alike = alike or _labelled(parameter, text, choices)
    if len(alike) == 1:
        return alike[0]
    if alike:
        meant = [parameter.short(term) for term in alike]
        parameter.refuse(raw, f"That is the name of {len(alike)}: {', '.join(meant)}. Say which.", meant)
    allowed = [choice.value for choice in offered]
    either = {choice.label: choice.value for language in LANGUAGES for choice in choices(parameter, language)}
    begun = {short for name, short in either.items() if name.casefold().startswith(text.casefold())}
    either |= {each: each for each in allowed}
    near = begun.pop() if len(begun) == 1 else either.get(nearest(text, list(either)), "")
    raise parameter.refusal(raw, f"There are {len(allowed)} values to choose from.", allowed, near)


def _labelled(parameter: Parameter, raw: str, choices: Choices) -> list[Value]:
    """Return the choices that have a label in some language of ours, whatever its case."""
    wanted = " ".join(raw.split()).casefold()
    found = [
        choice.term
        for language in LANGUAGES
        for choice in choices(parameter, language)
        if choice.label.casefold() == wanted
    ]
    return list(dict.fromkeys(found))
