"""Long lists in pages of fifty, and the address of each page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from dialogiverkko.saved.asked import Asked

NUMBERS = ("page", "gaps", "undated", "unplaced", "unorganised", "implied", "words", "year")
"""Names of arguments that are whole numbers: which page of a list is shown, of which a page may have several; a year."""
SIZE = 50
"""How much of a list stands on one page."""
_LONGEST, _DIGITS = 300, 9

T = TypeVar("T")
U = TypeVar("U")
Arguments = MultiDict[str, str]


@dataclass(frozen=True)
class Paged(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The place of the first item in the whole list, from 1; 0 where the list is empty."""
        return (self.number - 1) * SIZE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of the last item in the whole list."""
        return self.first + len(self.items) - 1 if self.total else 0

    @property
    def near(self) -> list[int]:
        """The numbers of the pages to offer: the first, the last, and those about this one."""
        wanted = {1, self.pages, *range(self.number - 2, self.number + 3)}
        return sorted(number for number in wanted if 1 <= number <= self.pages)


def number(arguments: Arguments, name: str, pages: int) -> int:
    """Return the number of the page that an address asks for; the last one where it asks for more than there are."""
    given = arguments.get(name, "")
    return min(max(int(given), 1), pages) if given.isascii() and given.isdigit() and len(given) < _DIGITS else 1


def paged(items: Sequence[T], arguments: Arguments, name: str = "page") -> Paged[T]:
    """Return the page of a list that an address asks for."""
    pages = max(-(-len(items) // SIZE), 1)
    at = number(arguments, name, pages)
    return Paged(items[(at - 1) * SIZE : at * SIZE], at, pages, len(items))


def each(page: Paged[T], make: Callable[[T], U]) -> Paged[U]:
    """Return a page of what is made of the items of another."""
    return Paged([make(item) for item in page.items], page.number, page.pages, page.total)


def canonical(asked: Asked, names: Iterable[str]) -> str:
    """Write the arguments that a page knows, in its order; what is empty and the first page are left out.

    Raises BadParameterError for one of `NUMBERS` that is no whole number from 1.
    """
    arguments = MultiDict(asked.pairs)
    pairs = [
        (name, value[:_LONGEST])
        for name in names
        for value in ([asked.number(name)] if name in NUMBERS else arguments.getlist(name))
        if value
    ]
    return urlencode([pair for pair in pairs if pair != ("page", "1")])


def changed(arguments: Arguments, **values: str | int) -> str:
    """Return the query string with some values changed; an empty value takes one out, and so does a change the page."""
    kept = [(k, v) for k, v in arguments.items(multi=True) if k not in values and (k != "page" or "page" in values)]
    pairs = [*kept, *((k, str(v)) for k, v in values.items())]
    return "?" + urlencode([(k, v) for k, v in pairs if v and (k, v) != ("page", "1")])
