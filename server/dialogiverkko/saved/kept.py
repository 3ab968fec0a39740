"""Reads what was asked of the graph when it was built: the choices of parameters, and the first pages of answers."""

import io
import json
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from dialogiverkko.graph.lines import value_of
from dialogiverkko.saved.parameters import Choice
from dialogiverkko.sparql.query import Page

FILE = "answers.zip"
"""The file in the folder of what is built: a member for each answer, named by the digest of what was asked."""
FIRST_ROWS = 200
"""Rows of the first page of an answer, as people read it."""
FIRST_TRIPLES = 10_000
"""The most triples of an answer that is a graph of which a page makes use: of more it tells the number alone."""
Rows = Sequence[dict[str, dict[str, str]]]


class Kept:
    """What was kept; nothing where there is no file."""

    def __init__(self, content: bytes = b"") -> None:
        """Take the bytes of the file, in which members are found without opening anything."""
        self._file = zipfile.ZipFile(io.BytesIO(content)) if content else None
        self._names = frozenset(self._file.namelist() if self._file else ())

    def _read(self, name: str) -> Any:  # Any: what JSON holds
        return json.loads(self._file.read(name)) if self._file and name in self._names else None

    def choices(self, query: str, base: str, language: str) -> list[Choice] | None:
        """Return a list of choices in order, None where it is not kept."""
        written = self._read(name_of(query, base, language))
        if written is None:
            return None
        terms = ((value_of(term.encode()), label) for term, label in written)
        return [Choice(term.value.removeprefix(base), term, label) for term, label in terms]

    def rows(self, text: str, page: Page) -> tuple[int, Rows] | None:
        """Return how many rows a query has, and those of a page; None where they are not kept."""
        if page.end > FIRST_ROWS or (written := self._read(name_of(text))) is None:
            return None
        return written["total"], written["rows"][page.offset : int(page.end)]

    def triples(self, text: str) -> tuple[int, bytes] | None:
        """Return how many triples a query has, and them if they are few; None where they are not kept."""
        written = self._read(name_of(text))
        return None if written is None else (written["total"], written["triples"].encode())


def name_of(*asked: str) -> str:
    """Return the name of the member that answers a query, or holds a list of choices."""
    return sha256("\t".join(asked).encode()).hexdigest()
