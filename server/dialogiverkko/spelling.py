"""Finds what a mistyped name was perhaps meant to be, offered only where it is near; shows what was typed."""

import difflib
import unicodedata
from collections.abc import Collection
from typing import Final

NEAR: Final = 0.6
"""How much two words must share, from 0 to 1, for one to be offered in place of the other; `vnk` is not near `zz`."""
_LONGEST: Final = 100
"""Letters that are compared; a name of ours is shorter."""


def nearest(word: str, known: Collection[str], cutoff: float = NEAR) -> str:
    """Return the known word that is most like a word, whatever its case; empty where none is near."""
    folded = {each.casefold(): each for each in reversed(list(known))}
    found = difflib.get_close_matches(word[:_LONGEST].casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[found[0]] if found else ""


def cut(text: str, most: int = 60) -> str:
    """Return a text as it can be shown: its end left out where it is longer, and what cannot be seen by its number."""
    shown = "".join(rf"\u{ord(each):04x}" if _is_unseen(each) else each for each in text[:most])
    return shown if len(text) <= most else shown + "…"


def _is_unseen(character: str) -> bool:
    """Return whether a character is none that is read: it controls others, or turns their order."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
