"""The readers of cells, by what a column means; each returns a value, or raises CellError."""

from collections.abc import Callable
from typing import Any

from dialogiverkko.graph.tables import cells
from dialogiverkko.graph.tables.amounts import read_amount
from dialogiverkko.graph.tables.cells import CellError
from dialogiverkko.graph.tables.times import read_time

ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
                     "#PUUTTUU!", "#VIITTAUS!", "#ARVO!", "#NIMI?", "#JAKO/0!", "#TYHJÄ!", "#LUKU!", "#SAKNAS!",
                     "#REFERENS!", "#VÄRDEFEL!", "#NAMN?", "#DIVISION/0!", "#SKÄRNING!", "#OGILTIGT!"})  # fmt: skip
"""What spreadsheets show in English, Finnish and Swedish where a formula has no value."""


def _number(text: str) -> int:
    amount = read_amount(text)
    if amount.value is None or amount.unit:
        raise CellError("not-a-number", f"«{text}» is no single number.", "Write digits only, such as 20.")
    return amount.value


def _day(text: str) -> str:
    return read_time(text)


def _year(text: str) -> str:
    found = read_time(text)
    if "/" in found:
        raise CellError("not-a-time", f"«{text}» is no single year.", "Write such as 2021.")
    return found[:4]


READERS: dict[str, Callable[[str], Any]] = {
    "text": cells.tidy,
    "identifier": cells.read_identifier,
    "key": cells.read_identifier,
    "time": read_time,
    "day": _day,
    "year": _year,
    "amount": read_amount,
    "number": _number,
    "yes-no": cells.read_yes_no,
    "language": cells.read_language,
    "address": cells.read_address,
    "words": cells.read_words,
    "latitude": lambda text: cells.read_degrees(text, -90, 90),
    "longitude": lambda text: cells.read_degrees(text, -180, 180),
}
