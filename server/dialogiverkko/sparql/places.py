"""Keeps track of where each place of a rewritten text stood in the text that it was made from."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Edit = tuple[int, int, str]
"""From where to where (offsets) a text is replaced, and by what."""


@dataclass(frozen=True)
class Places:
    """A map from offsets of a text to offsets of the text before it: pieces that are copied, or put in."""

    starts: tuple[int, ...]
    """Where each piece begins in the new text, in order."""
    origins: tuple[int, ...]
    """Where it stood in the old text, or where what was put in its place began."""
    is_copied: tuple[bool, ...]

    def before(self, offset: int) -> int:
        """Return the offset in the old text."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return 0
        return self.origins[index] + (offset - self.starts[index] if self.is_copied[index] else 0)


def edit(text: str, edits: Iterable[Edit]) -> tuple[str, Places]:
    """Apply edits, given in order and apart from each other; tell where everything came from."""
    pieces: list[str] = []
    found: list[tuple[int, int, bool]] = []
    length = end = 0
    for start, stop, new in edits:
        for piece, origin, is_copied in ((text[end:start], end, True), (new, start, False)):
            pieces.append(piece)
            found.append((length, origin, is_copied))
            length += len(piece)
        end = stop
    pieces.append(text[end:])
    found.append((length, end, True))
    return "".join(pieces), Places(*zip(*found, strict=True))


def origin(places: Iterable[Places], offset: int) -> int:
    """Follow an offset back through several rewritings, the last one first."""
    for each in places:
        offset = each.before(offset)
    return offset


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, counting lines as editors do: LF, CRLF and CR each end one."""
    before = text[:offset]
    line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
    return line, offset - max(before.rfind("\n"), before.rfind("\r"))
