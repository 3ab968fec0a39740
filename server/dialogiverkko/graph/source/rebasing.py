"""Moves a reading to an edited text: by words, and where they changed by what stands around them."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dialogiverkko.graph.source.layout import Layout, PlacedItem, PlacedSection
from dialogiverkko.graph.source.making import MOST_WORDS
from dialogiverkko.graph.source.marks import Marked, read_reading
from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.said import Quote, quotes_of
from dialogiverkko.graph.source.skeleton import Openings
from dialogiverkko.graph.source.text import Row, SourceText, Span

_ALIKE = 0.55
"""How alike two lines are, at least, to be one that was edited."""
_ELLIPSIS = "…"


@dataclass
class Rebased:
    """What a rebase came to."""

    text: str
    """The reading, moved."""
    found: int = 0
    changed: list[tuple[str, str]] = field(default_factory=list)
    """Words that were, and what stands there now."""
    gone: list[tuple[int, str]] = field(default_factory=list)
    """Line of the reading, and words that are nowhere."""
    new_lines: list[str] = field(default_factory=list)
    """Lines of the text that were not there."""
    gone_lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many quotations the reading has."""
        return self.found + len(self.changed) + len(self.gone)

    @property
    def share(self) -> float:
        """How many of a hundred quotations were found again."""
        return 100.0 * (self.found + len(self.changed)) / self.total if self.total else 100.0


def pair_rows(old: SourceText, new: SourceText) -> dict[int, Row]:
    """Pair the lines of two texts by their numbers in the old: the same words first, then those that are most alike."""
    before = [(row, old.words(row.span)) for row in old.rows]
    after = [(row, new.words(row.span)) for row in new.rows]
    pairs: dict[int, Row] = {}
    matcher = difflib.SequenceMatcher(None, [w for _, w in before], [w for _, w in after], autojunk=False)
    taken: set[int] = set()
    for a, b, size in matcher.get_matching_blocks():
        for step in range(size):
            pairs[before[a + step][0].number] = after[b + step][0]
            taken.add(after[b + step][0].number)
    left = [(row, words) for row, words in before if row.number not in pairs]
    free = [(row, words) for row, words in after if row.number not in taken]
    scored = [
        (difflib.SequenceMatcher(None, words, other, autojunk=False).ratio(), row.number, there.number, there)
        for row, words in left
        for there, other in free
    ]
    for ratio, number, other_number, there in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if ratio >= _ALIKE and number not in pairs and other_number not in taken:
            pairs[number] = there
            taken.add(other_number)
    return pairs


def moved(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Find where a part of an old line stands in the new one, whole words; None where it went."""
    begin = finish = None
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            low, high = max(a, start), min(b, end)
            if low < high:
                begin = c + low - a if begin is None else begin
                finish = c + high - a
        elif tag == "replace" and a < end and b > start and a >= start and b <= end:
            begin = c if begin is None else begin
            finish = d
    if begin is None or finish is None or finish - begin < (end - start) * 0.4:
        return None
    while begin > 0 and new[begin - 1].isalnum() and new[begin].isalnum():
        begin -= 1
    while finish < len(new) and new[finish].isalnum() and new[finish - 1].isalnum():
        finish += 1
    return begin, finish


class Rebaser:
    """Moves one reading."""

    def __init__(self, yaml_text: str, old: SourceText, new: SourceText) -> None:
        self.lines_text, self.old, self.new = yaml_text, old, new
        reading, self.marked, problems = read_reading(yaml_text)
        self.result = Rebased(yaml_text)
        self.layout = Layout(reading, old) if reading is not None else None
        self.faults: tuple[Problem, ...] = problems
        self.pairs = pair_rows(old, new)
        self.openings = Openings(new)
        self._edits: list[tuple[int, int, str]] = []

    def run(self) -> Rebased:
        """Move every quotation; tell what is found, changed and gone."""
        if self.layout is None or self.layout.problems:
            faults = [*self.faults, *(self.layout.problems if self.layout else ())]
            self.result.problems = [each.text() for each in faults]
            return self.result
        homes = dict(self._homes(self.layout))
        openings = {self.marked.at((*item.path, "words")): item for _, item in self.layout.items()}
        for offset, quote, mark in self._quotes():
            item = self._home_of(mark, homes)
            if mark in openings:
                self._opening(openings[mark], quote, offset)
            else:
                self._quote(quote, offset, item)
        kept = {row.number for row in self.pairs.values()}
        self.result.new_lines = [self.new.excerpt(r.span) for r in self.new.rows if r.number not in kept]
        self.result.gone_lines = [self.old.excerpt(r.span) for r in self.old.rows if r.number not in self.pairs]
        self.result.text = self._edited()
        return self.result

    def _homes(self, layout: Layout) -> Iterator[tuple[tuple[int, int], PlacedItem | PlacedSection]]:
        for _, item in layout.items():
            yield self.marked.at(item.path), item
        for section in layout.sections:
            yield self.marked.at(section.path), section

    def _home_of(
        self, mark: tuple[int, int], homes: dict[tuple[int, int], PlacedItem | PlacedSection]
    ) -> PlacedItem | PlacedSection | None:
        """Return the item or section in which a place of the reading stands: the last that begins before it."""
        before = [place for place in homes if place <= mark]
        return homes[max(before)] if before else None

    def _quotes(self) -> Iterator[tuple[int, Quote, tuple[int, int]]]:
        """Yield each quotation of the file with its offset, and the place of the value that holds it."""
        starts = [0]
        for line in self.lines_text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        places = sorted(set(self.marked.marks.values()))
        offsets = [(starts[line - 1] + column - 1, (line, column)) for line, column in places]
        for match in re.finditer(r"«[^«»]*»(?:#\d+)?", self.lines_text):
            line_start = self.lines_text.rfind("\n", 0, match.start()) + 1
            if self.lines_text[line_start : match.start()].lstrip().startswith("#"):
                continue
            before = [mark for offset, mark in offsets if offset <= match.start()]
            yield match.start(), quotes_of(match[0])[0], before[-1] if before else (1, 1)

    def _opening(self, item: PlacedItem, quote: Quote, offset: int) -> None:
        row = self.pairs.get(item.row.number) if item.row else None
        if row is None:
            self._gone(quote, offset)
        elif quote.words in self.new.quotable(row.span):
            self.result.found += 1
        else:
            self._change(quote, Quote(self.openings.of(row)), offset)

    def _quote(self, quote: Quote, offset: int, home: PlacedItem | PlacedSection | None) -> None:
        if quote.words.rstrip().endswith(_ELLIPSIS):
            self._ellipsis(quote, offset)
            return
        for scope in self._scopes(home):
            if span := self.old.occurrence(quote.words, quote.nth, scope):
                self._move(quote, span, offset)
                return
        self._gone(quote, offset)

    def _scopes(self, home: PlacedItem | PlacedSection | None) -> list[Span]:
        scopes: list[Span] = []
        item = home if isinstance(home, PlacedItem) else None
        section = home if isinstance(home, PlacedSection) else None
        while item is not None:
            scopes += [item.span] if item.span else []
            item = item.parent
        if isinstance(home, PlacedItem) and self.layout is not None:
            section = next(s for s, i in self.layout.items() if i is home)
        if section is not None:
            chain = list(section.chain())
            scopes += [s.heading for s in chain if s.heading] + [s.span for s in chain if s.span]
        return [*scopes, Span(0, len(self.old.text))]

    def _ellipsis(self, quote: Quote, offset: int) -> None:
        begin = quote.words.rstrip(_ELLIPSIS + " ")
        row = next((r for r in self.old.rows if begin in self.old.quotable(r.span)), None)
        there = self.pairs.get(row.number) if row else None
        if there is None:
            self._gone(quote, offset)
        elif begin in self.new.quotable(there.span):
            self.result.found += 1
        else:
            self._change(quote, Quote(self.openings.of(there) + " " + _ELLIPSIS), offset)

    def _move(self, quote: Quote, span: Span, offset: int) -> None:
        row = self.old.row_at(span.start)
        there = self.pairs.get(row.number) if row else None
        if row is None or there is None:
            self._gone(quote, offset)
            return
        before, after = self.old.quotable(row.span), self.new.quotable(there.span)
        start = span.start - row.span.start
        place = moved(before, after, start, start + len(quote.words))
        same = [match.start() for match in re.finditer(re.escape(quote.words), after)]
        if same:
            nearest = min(same, key=lambda each: abs(each - (place[0] if place else start)))
            nth = same.index(nearest) + 1
            if nth == quote.nth or len(same) == 1:
                self.result.found += 1
                if nth != quote.nth:
                    self._edits.append((offset, len(str(quote)), str(Quote(quote.words, nth))))
                return
            self._change(quote, Quote(quote.words, nth), offset)
        elif place and 0 < len(after[place[0] : place[1]].split()) <= MOST_WORDS:
            words = after[place[0] : place[1]].strip(" ,;:.")
            nth = after[: place[0]].count(words) + 1
            self._change(quote, Quote(words, nth), offset)
        else:
            self._gone(quote, offset)

    def _change(self, quote: Quote, by: Quote, offset: int) -> None:
        self.result.changed.append((str(quote), str(by)))
        self._edits.append((offset, len(str(quote)), str(by)))

    def _gone(self, quote: Quote, offset: int) -> None:
        self.result.gone.append((self.lines_text.count("\n", 0, offset) + 1, str(quote)))

    def _edited(self) -> str:
        text = self.lines_text
        for offset, size, by in sorted(self._edits, reverse=True):
            text = text[:offset] + by + text[offset + size :]
        return text


def with_version(yaml_text: str, marked: Marked, sha256: str, day: str) -> str:
    """Write a new digest and day into the head of a reading, and keep the old as an earlier version."""
    source = marked.data.get("source", {}) if isinstance(marked.data, dict) else {}
    old, was = source.get("sha256", ""), source.get("retrieved", "")
    path: Path = ("source", "sha256")
    line, _ = marked.at(path)
    rows = yaml_text.split("\n")
    if not old or old not in rows[line - 1]:
        return yaml_text
    indent = rows[line - 1][: len(rows[line - 1]) - len(rows[line - 1].lstrip())]
    entry = f"{{sha256: {old}" + (f", retrieved: {was}" if was else "") + "}"
    rows[line - 1] = rows[line - 1].replace(old, sha256)
    earlier = [number for number, row in enumerate(rows) if row.startswith(f"{indent}earlier:")]
    if earlier:
        rows.insert(earlier[0] + 1, f"{indent}- {entry}")
    else:
        rows[line:line] = [f"{indent}earlier:", f"{indent}- {entry}"]
    if day:
        seen = [number for number, row in enumerate(rows) if row.startswith(f"{indent}retrieved:")]
        if seen:
            rows[seen[0]] = f"{indent}retrieved: {day}"
        else:
            rows.insert(line, f"{indent}retrieved: {day}")
    return "\n".join(rows)
