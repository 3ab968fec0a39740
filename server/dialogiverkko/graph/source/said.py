"""Values with the words that say them: ``eratauko «Erätauko-menetelmällä»``, ``«dialogi»#2``, ``~300 dialogue``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

OPEN, CLOSE = "«", "»"
_QUOTE = re.compile(r"«(?P<words>[^«»]*)»(?:#(?P<nth>[1-9]\d*))?")
_AFTER = re.compile(r"[\s,;]*(?:«[^«»]*»(?:#[1-9]\d*)?[\s,;]*)*")
_HEDGES = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True)
class Quote:
    """Words of a source, and which occurrence of them is meant, from 1."""

    words: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{OPEN}{self.words}{CLOSE}" + (f"#{self.nth}" if self.nth > 1 else "")


@dataclass(frozen=True)
class Said:
    """A value, the words that say it, and what hedges it; without words the whole item says it."""

    value: str
    quotes: tuple[Quote, ...] = ()
    hedges: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.value, *(f"({hedge})" for hedge in self.hedges), *map(str, self.quotes)]).strip()


def quotes_of(text: str) -> tuple[Quote, ...]:
    """List the quotations of a text in order; raises ValueError that says what is wrong with one."""
    found = list(_QUOTE.finditer(text))
    outside = _QUOTE.sub("", text)
    if OPEN in outside or CLOSE in outside:
        raise ValueError(f"a quotation is not closed; right is {OPEN}words{CLOSE}, or {OPEN}words{CLOSE}#2")
    if any(not match["words"].strip() for match in found):
        raise ValueError(f"a quotation is empty; right is {OPEN}words{CLOSE}")
    return tuple(Quote(match["words"], int(match["nth"] or 1)) for match in found)


def parse(text: object) -> Said:
    """Read a value and the words that say it; raises ValueError that says what would be right."""
    if isinstance(text, Said):
        return text
    if not isinstance(text, str):
        raise ValueError(f"this is no text; right is a value and its words, such as  realised {OPEN}on pidetty{CLOSE}")
    quotes = quotes_of(text)
    begin = text.find(OPEN)
    head = text if begin < 0 else text[:begin]
    if begin >= 0 and not _AFTER.fullmatch(text[begin:]):
        raise ValueError(f"after the words nothing but further {OPEN}words{CLOSE} may stand")
    hedges = tuple(hedge.strip() for hedge in _HEDGES.findall(head))
    return Said(" ".join(_HEDGES.sub(" ", head).split()), quotes, hedges)


def _many(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _items(value: object) -> Iterator[Quote]:
    for each in _many(value):
        if isinstance(each, Quote):
            yield each
            continue
        said = parse(each)
        if said.value or not said.quotes:
            raise ValueError(f"only words are meant here; right is {OPEN}words{CLOSE}")
        yield from said.quotes


_STRING: dict[str, Any] = {"type": "string"}
SaidValue = Annotated[
    Said,
    BeforeValidator(parse),
    WithJsonSchema({**_STRING, "description": "a value, and the words that say it between « and »"}),
]
"""One value."""
SaidValues = Annotated[
    tuple[SaidValue, ...],
    BeforeValidator(_many),
    WithJsonSchema({"anyOf": [_STRING, {"type": "array", "items": _STRING}]}),
]
"""One value, or a list of them."""
Quotes = Annotated[
    tuple[Quote, ...],
    BeforeValidator(lambda value: tuple(_items(value))),
    WithJsonSchema({"anyOf": [_STRING, {"type": "array", "items": _STRING}], "description": "«words» of the source"}),
]
"""Words alone."""
