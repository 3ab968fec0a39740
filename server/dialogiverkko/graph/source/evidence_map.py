"""The evidence map: one HTML page that colours every character of the source by the statements resting on it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.evidence import Coverage, coverage, of_document
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import RDFS, SKOS

_LABELS = (SKOS + "prefLabel", RDFS + "label")
_DEEPEST = 4


@dataclass(frozen=True)
class Piece:
    """A run of characters on which the same passages lie."""

    text: str
    fine: tuple[Passage, ...]
    item: Passage | None

    @property
    def depth(self) -> int:
        """0: nothing; 1: a whole item only; 2 to 4: one, two, three or more phrases."""
        if not self.fine:
            return 1 if self.item and self.item.statements else 0
        return min(1 + len(self.fine), _DEEPEST)


@dataclass(frozen=True)
class MapLine:
    """One line of the source."""

    number: int
    pieces: tuple[Piece, ...]
    passages: tuple[Passage, ...]
    coverage: tuple[Coverage, ...]


def _pieces(text: str, start: int, end: int, listed: list[Passage]) -> tuple[Piece, ...]:
    here = [p for p in listed if p.start < end and p.end > start and not p.is_section]
    cuts = sorted({start, end, *(max(start, p.start) for p in here), *(min(end, p.end) for p in here)})
    pieces = []
    for left, right in itertools.pairwise(cuts):
        over = [p for p in here if p.start <= left and p.end >= right]
        fine = tuple(p for p in over if p.is_fine and p.statements)
        pieces.append(Piece(text[left:right], fine, next((p for p in over if p.is_item), None)))
    return tuple(pieces)


def lines(snapshot: Snapshot, text: str) -> list[MapLine]:
    """Cut the source into lines and pieces."""
    _, listed = of_document(snapshot, text)
    measured = coverage(snapshot, text)
    rows, start = [], 0
    for number, row in enumerate(text.split("\n"), 1):
        end = start + len(row)
        own = tuple(p for p in listed if p.line == number and p.statements and not p.is_section)
        rows.append(
            MapLine(number, _pieces(text, start, end, listed), own, tuple(c for c in measured if c.line == number))
        )
        start = end + 1
    return rows


def labels(snapshot: Snapshot) -> Mapping[str, str]:
    """Return the Finnish label of each thing, or any that it has."""
    found: dict[str, tuple[int, str]] = {}
    for triple in snapshot.merged:
        if (
            triple.predicate.value in _LABELS
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, Literal)
        ):
            rank = 0 if triple.object.language == "fi" else 1
            if rank < found.get(triple.subject.value, (2, ""))[0]:
                found[triple.subject.value] = (rank, triple.object.value)
    return {iri: label for iri, (_, label) in found.items()}


def total(measured: list[Coverage]) -> tuple[float, float]:
    """Shares of the characters of factual bullets under a phrase, and under a phrase or a whole item."""
    bullets = [c for c in measured if c.is_bullet and c.is_factual]
    length = sum(c.length for c in bullets) or 1
    return sum(c.fine for c in bullets) / length, sum(c.any for c in bullets) / length


def render(snapshot: Snapshot, text: str) -> str:
    """Write the page; it holds the source text, so it is for the reader of the text and is not published."""
    environment = Environment(
        loader=PackageLoader("dialogiverkko.graph.source", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    measured = coverage(snapshot, text)
    fine, whole = total(measured)
    template = environment.get_template("evidence_map.html")
    return template.render(
        lines=lines(snapshot, text), labels=labels(snapshot), fine=fine, whole=whole, digest=snapshot.digest
    )
