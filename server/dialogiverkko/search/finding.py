"""Finds and ranks: which things the words of a search mean, the best first, and what is near where nothing is found."""

import json
import sqlite3
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import OSA

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.search.index import of_snapshot, opened
from dialogiverkko.search.words import STOPPED, bare, folded, qualities, split, stem

LONGEST = 200
"""Letters of a search that are read."""
_MOST_WORDS = 8
_CANDIDATES = 200
_MOST_FORMS = 24
"""Forms of the graph that one word of a search may mean beside its own."""
_UNFINISHED = 6
"""Forms that begin with the word whose other forms are looked for too: *saimaall* is on its way to *Saimaalla*."""
_LEAST_PART = 4
"""Letters of a part of a compound, and of a word in which a letter may be wrong."""
_BEGIN, _PART, _BARE, _TYPED = 0.6, 0.35, 0.8, 0.6
"""How well a form fits that begins with the word, holds it, lacks its dots, or differs by a letter."""
_OTHER_LANGUAGE, _OTHER_NAME = 0.94, 0.97
_NAME = 10.0
"""What a name that fits wholly counts; surroundings and texts count by the rank of FTS5, which is a few units."""

_OF_KIND = {"quotation": 0.6, "source": 0.8, "link": 0.8}
"""What a name counts of things that are called by what is said of others."""
_ALL, _SOME = " AND ", " OR "
_FIND = """
SELECT iri, kind, scheme, weight, names, rank FROM word JOIN thing ON thing.id = word.rowid
WHERE word MATCH ? AND rank MATCH 'bm25(8.0, 2.0, 1.0)' AND (? = '' OR kind = ?) ORDER BY rank LIMIT ?
"""
_COMMON = 5_000
"""Things that have a key from which on it tells little of each."""
_STRONG = 0.7
"""How well the keys fit by which names are looked through before all else."""

Row = tuple[str, str, str, float, str, float]
Wanted = Mapping[str, float]
"""The keys that a word of a search may mean, each with how well it fits."""


@dataclass(frozen=True)
class Hit:
    """One thing that is found: its name in the language of the search, or visibly in another."""

    iri: str
    kind: str
    label: str
    language: str
    scheme: str = ""
    matched: str = ""
    """Another name by which it was found."""
    score: float = 0.0


@dataclass(frozen=True)
class Found:
    """The answer to one search."""

    hits: Sequence[Hit] = ()
    near: Sequence[str] = ()
    """Words of the graph that are like those that were asked, where nothing has them all."""
    partly: bool = False
    """Whether nothing has all the words, and the hits have some of them."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Words that the graph does not have, each with the nearest, by which was searched."""

    def kinds(self) -> dict[str, int]:
        """Count the hits of each kind, the most first."""
        counts = Counter(hit.kind for hit in self.hits)
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


class Vocabulary:
    """The words of an index: its keys, and the forms as they are written, the most frequent first."""

    def __init__(self, rows: Sequence[tuple[str, int]]) -> None:
        """Take keys with the number of things that have each, the most frequent first."""
        self.keys = dict(rows)
        self.forms = [term[1:] for term, _ in rows if term[0] == "x"]
        self.sorted = sorted(self.forms)
        self.text = "\n".join(self.forms) + "\n"
        self.bare: dict[str, list[str]] = {}
        for form in self.forms:
            self.bare.setdefault(bare(form), []).append(form)


class Search:
    """An index in memory; several threads may ask it, one after another."""

    def __init__(self, file: bytes) -> None:
        """Take over the bytes of an index."""
        self._base: sqlite3.Connection = opened(file)
        self._lock = threading.Lock()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the index, read when first asked for, and kept."""
        with self._lock:
            rows = self._base.execute("SELECT term, doc FROM vocabulary ORDER BY doc DESC, term").fetchall()
        return Vocabulary(rows)

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Search":
        """Make the index of a graph, and open it."""
        return cls(of_snapshot(snapshot))

    def find(self, text: str, language: str = "fi", kind: str = "") -> Found:
        """Find what some words mean, of any kind or of one; the last may be unfinished."""
        given = list(dict.fromkeys(split(text[:LONGEST])))[:_MOST_WORDS]
        words = [word for word in given if word not in STOPPED.get(language, ())] or given
        if not words:
            return Found()
        instead: dict[str, str] = {}
        wanted = [self._wanted(word, language, instead) for word in words]
        hits = self._ranked(wanted, language, _ALL, kind)
        partly = not hits and len(words) > 1
        if partly:
            hits = self._ranked(wanted, language, _SOME, kind)
        near = () if hits and not partly else tuple(dict.fromkeys(n for word in words for n in self._near(word)))
        return Found(hits, near, partly and bool(hits), instead)

    def forms(self, word: str, language: str = "fi") -> Wanted:
        """Return the keys that one word may mean, for lists that are filtered by words."""
        return self._wanted(word, language, {})

    # --- what a word may mean -------------------------------------------------------------------

    def _wanted(self, word: str, language: str, instead: dict[str, str]) -> Wanted:
        found = qualities(word, language)
        for form in self.vocabulary.bare.get(bare(word), ()):
            found.setdefault(f"x{form}", _BARE)
        for number, (form, quality) in enumerate(self._holding(word).items()):
            found.setdefault(f"x{form}", quality)
            if quality == _BEGIN and number < _UNFINISHED and len(word) >= _LEAST_PART:
                for key, fit in qualities(form, language).items():
                    found.setdefault(key, quality * fit)
        found = self._telling({key: quality for key, quality in found.items() if key in self.vocabulary.keys})
        if not found:
            for form in self._typed(word):
                instead.setdefault(word, form)
                for key, quality in qualities(form, language).items():
                    if key in self.vocabulary.keys:
                        found[key] = max(found.get(key, 0.0), quality * _TYPED)
        return found

    def _telling(self, found: dict[str, float]) -> dict[str, float]:
        """Leave out, beside a key that fits well, those that fit less and that many have: each takes time to rank."""
        if max(found.values(), default=0.0) < _STRONG:
            return found
        keys = self.vocabulary.keys
        return {key: quality for key, quality in found.items() if quality >= _STRONG or keys[key] <= _COMMON}

    def _holding(self, word: str) -> dict[str, float]:
        """Return the forms that begin with a word, or hold its stem as a part of a compound."""
        at = bisect_left(self.vocabulary.sorted, word)
        begin = self.vocabulary.sorted[at : at + _MOST_FORMS]
        found = {form: _BEGIN for form in begin if form.startswith(word)}
        long = [part for part in (word, *(stem(word, each) for each in LANGUAGES)) if len(part) >= _LEAST_PART]
        if long:
            for form in self._with(min(long, key=len)):
                found.setdefault(form, _PART)
        return found

    def _with(self, part: str) -> list[str]:
        """List some forms that hold a part, those first that most things have."""
        found: list[str] = []
        at = self.vocabulary.text.find(part)
        while at >= 0 and len(found) < _MOST_FORMS:
            begin, end = self.vocabulary.text.rfind("\n", 0, at) + 1, self.vocabulary.text.find("\n", at)
            found.append(self.vocabulary.text[begin:end])
            at = self.vocabulary.text.find(part, end)
        return found

    def _typed(self, word: str) -> list[str]:
        """List the forms, or the words of the same stem, from which a word differs by one letter."""
        if len(word) < _LEAST_PART:
            return []
        stems = {stem(word, each) for each in LANGUAGES}
        whole = [form for form in self.vocabulary.forms if OSA.distance(word, form, score_cutoff=1) <= 1]
        if whole:
            return whole[:_MOST_FORMS]
        long = [each for each in stems if len(each) > _LEAST_PART]
        return [
            form for form in self.vocabulary.forms
            if any(OSA.distance(each, form[: len(each)], score_cutoff=1) <= 1 for each in long)
        ][:_MOST_FORMS]  # fmt: skip

    def _near(self, word: str) -> list[str]:
        """List a few forms that are like a word."""
        most = max(2, len(word) // 3)
        scored = [
            (OSA.distance(word, form, score_cutoff=most), n, form) for n, form in enumerate(self.vocabulary.forms)
        ]
        return [form for distance, _, form in sorted(scored)[:3] if 0 < distance <= most]

    # --- ranking ----------------------------------------------------------------------------------

    def _ranked(self, wanted: Sequence[Wanted], language: str, joined: str, kind: str) -> list[Hit]:
        """Rank what has the words in its names, and then what has them, or what is like them, anywhere."""
        rows = {
            row[0]: row
            for least, column in ((0.0, ""), (_STRONG, "name : "))
            for row in self._rows(wanted, joined, least, column, kind)
        }
        hits = [self._hit(row, wanted, language) for row in rows.values()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.iri))

    def _rows(self, wanted: Sequence[Wanted], joined: str, least: float, column: str, kind: str) -> list[Row]:
        groups = [" OR ".join(f'"{key}"' for key, fit in each.items() if fit >= least) for each in wanted]
        if joined == _ALL and not all(groups):
            return []
        match = joined.join(f"({group})" for group in groups if group)
        if not match:
            return []
        with self._lock:
            return self._base.execute(_FIND, (f"{column}({match})", kind, kind, _CANDIDATES)).fetchall()

    def _hit(self, row: Row, wanted: Sequence[Wanted], language: str) -> Hit:
        iri, kind, scheme, weight, names, rank = row
        known = json.loads(names)
        best, matched = 0.0, ""
        for tongue, name, is_main, length, keys in known:
            score = _fit(wanted, length, frozenset(keys.split(" ")))
            score *= 1.0 if tongue in (language, "") else _OTHER_LANGUAGE
            score *= 1.0 if is_main else _OTHER_NAME
            if score > best:
                best, matched = score, name
        label, tongue = _label(known, language)
        best *= _OF_KIND.get(kind, 1.0)
        shown = "" if matched == label else _written(matched, known) if kind == "organisation" else matched
        return Hit(iri, kind, label, tongue, scheme, shown, _NAME * best + weight + min(-rank, 20.0) / 20.0)


def _written(matched: str, known: Sequence[tuple[str, str, bool, int, str]]) -> str:
    """Return a name of an organisation as people write it; the short name of its address alone is none."""
    said = [name for tongue, name, *_ in known if tongue and folded(name) == folded(matched)]
    is_slug = any(not tongue and name == matched for tongue, name, *_ in known)
    return said[0] if said else "" if is_slug else matched


def _fit(wanted: Sequence[Wanted], length: int, keys: frozenset[str]) -> float:
    """Return how well a name fits the words of a search: wholly 1, and less the more it says beside them."""
    fit = sum(max((each[key] for key in keys & each.keys()), default=0.0) for each in wanted)
    return fit / len(wanted) * (0.4 + 0.6 * min(1.0, len(wanted) / length)) if fit else 0.0


def _label(names: Sequence[tuple[str, str, bool, int, str]], language: str) -> tuple[str, str]:
    """Return the main name in a language, or in another, and its language."""
    main = {tongue: name for tongue, name, is_main, *_ in reversed(names) if is_main}
    for each in (language, "fi", "en", "sv"):
        if each in main:
            return main[each], each
    tongue, name = next(iter(main.items()))
    return name, tongue
