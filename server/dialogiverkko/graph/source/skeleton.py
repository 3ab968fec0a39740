"""Writes the first draft of a reading: sections, items and participants as far as they can be seen in a text."""

import bisect
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.emitting import scalar
from dialogiverkko.graph.source.text import Row, SourceText
from dialogiverkko.namespaces import ID, LANGUAGES, SKOS

_KINDS = {
    "upcoming": ("tulossa", "suunnitteilla", "kommande", "på kommande", "upcoming"),
    "other": ("muuta", "muut", "övrigt", "annat", "other"),
}
_LONGEST_HEADING = 12
_MOST_WORDS = 10
_NAMES = tuple(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel"))


@dataclass
class Draft:
    """A section as it is seen."""

    heading: Row | None
    kind: str
    rows: list[Row] = field(default_factory=list)
    nested: list["Draft"] = field(default_factory=list)


def organisations(snapshot: Snapshot) -> dict[str, str]:
    """Return the names of organisations, in small letters, with their slugs."""
    found: dict[str, str] = {}
    for triple in snapshot.merged:
        if triple.predicate.value in _NAMES and isinstance(triple.subject, NamedNode):
            iri = triple.subject.value
            if iri.startswith(ID + "org/") and isinstance(triple.object, Literal):
                found[_plain(triple.object.value)] = iri.rsplit("/", 1)[-1]
    return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def drafts(text: SourceText) -> list[Draft]:
    """Divide a text: what precedes the first heading, then each heading with its bullets."""
    found = [Draft(None, "intro")]
    rows = text.rows[1:] if text.rows and not text.rows[0].is_bullet else text.rows
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        if _is_heading(text, row, following):
            kind = _kind(text.words(row.span))
            draft = Draft(row, kind)
            if kind in _KINDS and len(found) > 1:
                found[-1].nested.append(draft)
            else:
                found.append(draft)
        else:
            holder = found[-1].nested[-1] if found[-1].nested else found[-1]
            holder.rows.append(row)
    return [draft for draft in found if draft.heading or draft.rows]


def _is_heading(text: SourceText, row: Row, following: Row | None) -> bool:
    words = text.words(row.span)
    is_short = not row.is_bullet and len(words.split()) <= _LONGEST_HEADING and not words.endswith((".", ":", ",", ";"))
    return is_short and following is not None and (following.is_bullet or _kind(text.words(following.span)) != "main")


def _kind(words: str) -> str:
    plain = words.casefold().strip(" :.")
    return next((kind for kind, names in _KINDS.items() if plain in names), "main")


class Openings:
    """The first words of the rows of a text, as many as tell a row from the others."""

    def __init__(self, text: SourceText) -> None:
        self._text = text
        self._begins = sorted(text.quotable(row.span) for row in text.rows)

    def of(self, row: Row) -> str:
        """Return the first words of a row that no other begins with, at least three where there are so many."""
        words = self._text.quotable(row.span)
        ends = [match.end() for match in itertools.islice(re.finditer(r"\S+", words), _MOST_WORDS)]
        for end in ends[2:] or ends[-1:]:
            if self._rows_with(words[:end]) == 1:
                return words[:end]
        return words[: ends[-1]]

    def _rows_with(self, begin: str) -> int:
        return bisect.bisect_right(self._begins, begin + chr(0x10FFFF)) - bisect.bisect_left(self._begins, begin)


def skeleton(text: SourceText, source: Mapping[str, str], known: Mapping[str, str]) -> str:
    """Write the draft; ``source`` holds what is known of it, ``known`` the names of organisations."""
    lines = ["source:"]
    first = text.words(text.rows[0].span) if text.rows else source["slug"]
    lines += [f"  {key}: {scalar(value)}" for key, value in source.items() if value and key != "title"]
    language = source.get("language", "fi")
    titles = dict.fromkeys(LANGUAGES, "todo") | {language: source.get("title") or first}
    lines.append("  title: {" + ", ".join(f"{key}: {scalar(value, flow=True)}" for key, value in titles.items()) + "}")
    if text.rows and not text.rows[0].is_bullet and len(first.split()) <= _LONGEST_HEADING:
        lines.append(f"  words: {scalar(f'«{text.quotable(text.rows[0].span)}»')}")
    found = drafts(text)
    intro = f" {_plain(_intro(text, found[0]))} ".replace(",", " ").replace(".", " ").replace(":", " ") if found else ""
    mentioned = sorted({slug for name, slug in known.items() if f" {name} " in intro})
    if mentioned:
        lines += ["# Organisations that the introduction seems to name, for event: participants:"]
        lines += [f"# - {slug}" for slug in mentioned]
    lines.append("sections:")
    openings = Openings(text)
    for draft in found:
        lines += _section(text, draft, known, openings, "")
    return "\n".join(lines) + "\n"


def _intro(text: SourceText, draft: Draft) -> str:
    return " ".join(text.words(row.span) for row in draft.rows) if draft.kind == "intro" else ""


def _section(
    text: SourceText, draft: Draft, known: Mapping[str, str], openings: Openings, indent: str
) -> Iterator[str]:
    if draft.heading is None:
        yield f"{indent}- id: intro"
        yield f"{indent}  kind: intro"
    else:
        words = text.quotable(draft.heading.span)
        yield f"{indent}- heading: {scalar(f'«{words}»')}"
        if draft.kind != "main":
            yield f"{indent}  kind: {draft.kind}"
        elif _plain(words) in known:
            yield f"{indent}  about: {known[_plain(words)]}"
        else:
            yield f"{indent}  # about: the organisation of the heading; a new one is declared under new: organisations:"
    if draft.rows:
        yield f"{indent}  items:"
        for row in draft.rows:
            yield f"{indent}  - words: {scalar(f'«{openings.of(row)}»')}"
    if draft.nested:
        yield f"{indent}  sections:"
        for nested in draft.nested:
            yield from _section(text, nested, known, openings, indent + "  ")
