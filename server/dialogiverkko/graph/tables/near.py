"""Names that are near to one that is not known: written a little wrong, a part of it, or its letters reordered.

The bound was measured on the names of the graph: of names with one or two wrong letters, at least nine of ten are as
like as 80 of 100 or liker; of the names of other things, one in twenty places and one in six bodies (siblings, such as
the regions of one agency) is. For an abbreviation holds another rule: one letter makes another body (OM, SM, UM, VM).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from dialogiverkko.graph.tables.known import Known, Proposal, normal

LIKE = 80
"""Likeness of 100 from which a name is near."""
MOST = 3
_ABBREVIATION = 6
"""Letters that an abbreviation has at most."""
_WORD = re.compile(r"[^\W_]+")
_LEAST_WORD = 4
_SHORTEST = 2
"""Letters of an abbreviation of which nothing can be guessed."""
_PART = 95
"""How near a name is that stands in the text as a whole, or in which the text stands."""
_BEGUN = 90
"""How near a name is whose words begin as those of the text, which are cut off with a point."""


@dataclass(frozen=True)
class _Written:
    """A name as it was written, in the forms that are compared."""

    text: str
    words: tuple[str, ...]
    compact: str
    abbreviations: frozenset[str]
    """Words of it that are written in capitals."""

    @classmethod
    def of(cls, text: str) -> "_Written":
        words = tuple(_WORD.findall(normal(text)))
        capitals = frozenset(word.casefold() for word in _WORD.findall(text) if word.isupper())
        return cls(text, words, "".join(words), capitals)

    @property
    def is_abbreviation(self) -> bool:
        return len(self.words) == 1 and len(self.compact) <= _ABBREVIATION and bool(self.abbreviations)

    @property
    def is_cut(self) -> bool:
        """Whether a word is cut off with a point: «Oikeusmin.», «Turun kaup.»."""
        return self.text.rstrip().endswith(".") and len(self.compact) >= _LEAST_WORD


class Near:
    """Finds names that are near among those that are known; what names look like is reckoned once for each scheme."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._words: dict[str, dict[str, tuple[str, ...]]] = {}
        self._compact: dict[str, dict[str, list[str]]] = {}
        self._holding: dict[str, dict[str, set[str]]] = {}

    def names(self, scheme: str, text: str, most: int = MOST) -> list[Proposal]:
        """List the known names that are near to one that was written, the nearest first; mostly there is none."""
        written = _Written.of(text)
        best: dict[str, tuple[float, str]] = {}
        for name, likeness in self._found(scheme, written):
            for key in self.known.names[scheme][name]:
                if likeness > best.get(key, (0.0, ""))[0]:
                    best[key] = (likeness, name)
        ranked = sorted(best.items(), key=lambda each: (-each[1][0], each[0]))
        labels = self.known.labels[scheme]
        return [Proposal(key, labels.get(key, name), round(score)) for key, (score, name) in ranked[:most]]

    def _prepare(self, scheme: str) -> None:
        words = {name: tuple(_WORD.findall(name)) for name in self.known.names[scheme]}
        compact: dict[str, list[str]] = defaultdict(list)
        holding: dict[str, set[str]] = defaultdict(set)
        for name, each in words.items():
            compact["".join(each)].append(name)
            for word in each:
                holding[word].add(name)
        self._words[scheme], self._compact[scheme], self._holding[scheme] = words, compact, holding

    def _found(self, scheme: str, written: _Written) -> Iterator[tuple[str, float]]:
        """Yield names that are near and how near; each may come more than once."""
        if scheme not in self._words:
            self._prepare(scheme)
        known, compact = self._words[scheme], self._compact[scheme]
        if written.is_abbreviation:
            yield from _of_letters(known, written)
            return
        for name, likeness, _ in process.extract(
            written.compact, compact.keys(), scorer=fuzz.ratio, score_cutoff=LIKE, limit=MOST * 3
        ):
            for full in compact[name]:
                yield full, likeness
        holding = self._holding[scheme]
        for name in sorted({name for word in set(written.words) for name in holding.get(word, ())}):
            words = known[name]
            if _stands_in(words, written.words) and _is_telling(words, written):
                yield name, _PART
            elif len(written.compact) >= _LEAST_WORD and _stands_in(written.words, words):
                yield name, _PART - 1
        if written.is_cut:
            for name, words in known.items():
                if _begins(written.words, words):
                    yield name, _BEGUN


def _of_letters(known: Mapping[str, tuple[str, ...]], written: _Written) -> Iterator[tuple[str, float]]:
    """Yield what an abbreviation may mean: its letters in another order, or names whose words begin with them."""
    for name, words in known.items():
        is_short = len(words) == 1 and len(name) == len(written.compact) > _SHORTEST
        if is_short and sorted(name) == sorted(written.compact):
            yield name, _PART
        if len(words) == len(written.compact) > _SHORTEST and "".join(word[0] for word in words) == written.compact:
            yield name, _PART


def _stands_in(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether words stand in others, one after another."""
    size = len(part)
    return 0 < size < len(whole) and any(whole[at : at + size] == part for at in range(len(whole) - size + 1))


def _is_telling(words: tuple[str, ...], written: _Written) -> bool:
    """Whether words that stand in a text name somebody: long ones, or an abbreviation in capitals."""
    return sum(map(len, words)) >= _LEAST_WORD or (len(words) == 1 and words[0] in written.abbreviations)


def _begins(cut: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words of a name begin as words that were cut off."""
    return len(cut) == len(words) and all(word.startswith(each) for each, word in zip(cut, words, strict=True))
