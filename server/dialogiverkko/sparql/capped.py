"""What an answer is written into: it takes no more rows and bytes than one answer may hold."""

from dialogiverkko.errors import ResultLimitError
from dialogiverkko.media import N_TRIPLES
from dialogiverkko.sparql.query import Result


class CappedBytes:
    """A buffer that raises ResultLimitError rather than hold more bytes than its cap."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.content = bytearray()

    def write(self, piece: bytes | bytearray) -> int:
        """Append bytes; raises ResultLimitError beyond the cap."""
        if len(self.content) + len(piece) > self.cap:
            raise too_many("byte_limit", self.cap)
        self.content += piece
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the content is already here."""


class CappedLines:
    """N-Triples as a set of lines, in the order in which each came first, within the caps on their number and bytes.

    Lines take less than half the memory of triples.
    """

    def __init__(self, rows: int, cap: int) -> None:
        self._lines: dict[bytes, None] = {}
        self._rows, self._cap = rows, cap
        self._bytes = 0
        self._rest = b""

    def write(self, piece: bytes | bytearray) -> int:
        """Take lines, of which the last may go on in the next piece; raises ResultLimitError beyond a cap."""
        lines = (self._rest + piece).splitlines(keepends=True)
        self._rest = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
        for line in lines:
            if line not in self._lines:
                self._lines[line] = None
                self._bytes += len(line)
        if len(self._lines) > self._rows:
            raise too_many("row_limit", self._rows)
        if self._bytes > self._cap:
            raise too_many("byte_limit", self._cap)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the lines are already here."""

    def result(self) -> Result:
        """Return all lines, and their number."""
        return Result(b"".join(self._lines), N_TRIPLES, rows=len(self._lines))


def too_many(limit: str, value: int) -> ResultLimitError:
    """Make the error of a result over its cap, in rows or in bytes."""
    unit = "bytes" if limit == "byte_limit" else "rows"
    return ResultLimitError(
        f"The result has more than {value} {unit}, the most that one answer may hold. "
        "Ask for less with LIMIT and OFFSET, or count instead of listing.",
        limit=limit,
        value=value,
    )
