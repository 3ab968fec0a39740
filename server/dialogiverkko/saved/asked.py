"""The names and values of a request, read by the same rules for addresses, commands and agents.

A name that is not known, a value that is not allowed and a second value where one is due are refused by a
BadParameterError that names the parameter, what is allowed and what is near. An empty value is one that was
not given, as a field of a form that nobody touched. What advertisers append to links is left out.
"""

import re
from collections.abc import Iterable, Sequence

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.saved.parameters import Parameter, ParameterType, of_many, unknown

Pairs = Sequence[tuple[str, str]]

_DIGITS = 8
"""Digits of a whole number that is read."""
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|oly|vero)_[a-z_]+|_hs[a-z]+|(?:fb|g|dc|tw|tt|y|wickedr|sc)cl(?:id|src)|msclkid|"
    r"[gw]braid|igsh(?:id)?|mc_[ce]id|mkt_tok|_g[al]|li_fat_id|epik|s_kwcid|ef_id|_openstat",
    re.IGNORECASE,
)
"""Names that mail programs, advertisers and social media append to any address."""


def untracked(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs but those that only tell where a visitor came from."""
    return [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]


class Asked:
    """The names and values of one request; each is used, or refused with a sentence."""

    def __init__(self, pairs: Iterable[tuple[str, str]], allowed: Sequence[str]) -> None:
        self.pairs = untracked(pairs)
        for name, _ in self.pairs:
            if name not in allowed:
                unknown(name, allowed)

    def several(self, name: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the values of a name, with commas or given several times; each is among those allowed."""
        given = [part.strip() for value in self._values(name) for part in value.split(",") if part.strip()]
        parameter = Parameter(name, ParameterType.CHOICE, choices=tuple(allowed))
        return tuple(dict.fromkeys(parameter.term(value).value for value in given))

    def one(self, name: str, allowed: Sequence[str] = ()) -> str:
        """Return the one value of a name, or nothing where it is not given."""
        value = self._one(name)
        return Parameter(name, ParameterType.CHOICE, choices=tuple(allowed)).term(value).value if value else ""

    def number(self, name: str) -> str:
        """Return the one whole number from 1 of a name, or nothing where it is not given."""
        value = self._one(name)
        if value and not (value.isascii() and value.isdigit() and len(value) <= _DIGITS and int(value)):
            Parameter(name, ParameterType.INTEGER).refuse(value, "It must be a whole number from 1.")
        return value

    def language(self, name: str = "lang") -> str:
        """Return the language that is asked for, or nothing."""
        value = self._one(name)
        return Parameter(name, ParameterType.LANGUAGE, choices=LANGUAGES).term(value).value if value else ""

    def days(self, first: str, last: str) -> tuple[str, str]:
        """Return two days, either of which may be left out; the first may not be the later one."""
        begin, end = (self._day(name) for name in (first, last))
        if begin and end and begin > end:
            raise BadParameterError(
                f"The parameter '{first}' ({begin}) is later than '{last}' ({end}): nothing lies between.",
                parameter=first,
                expects="date",
            )
        return begin, end

    def _day(self, name: str) -> str:
        value = self._one(name)
        return Parameter(name, ParameterType.DATE).term(value).value if value else ""

    def _values(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each == name and value]

    def _one(self, name: str) -> str:
        values = self._values(name)
        if len(values) > 1:
            raise of_many(name, values)
        return values[0] if values else ""
