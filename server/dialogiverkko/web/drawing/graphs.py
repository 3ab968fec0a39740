"""Read an answer as a network: who is linked with whom, as its columns or its statements say it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from dialogiverkko.namespaces import DLG, RDF_TYPE, SKOS
from dialogiverkko.saved.answers import Answer
from dialogiverkko.saved.kept import FIRST_TRIPLES
from dialogiverkko.web.drawing.network import Network, Thing, Tie, in_columns, in_rings
from dialogiverkko.web.query_words import last_part

SKOS_LABEL = SKOS + "prefLabel"
PATHS = (("from", "middle", "to"), ("organisation", "context", "partner"), ("reporter", "context", "otherReporter"))
"""Columns that follow each other in a row as steps of one path; a step that a row lacks is left out."""
_JOINS = DLG + "linksOrganisation"
"""The property by which a link names what it joins: such a link is drawn as an edge."""
_MOST_NODES, _MOST_EDGES = 80, 150


@dataclass(frozen=True)
class Part:
    """A part of a statement: the IRI of a thing and its name, or words in a language, without an IRI."""

    iri: str
    label: str
    language: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement of an answer that is a graph, with names for people."""

    subject: Part
    predicate: Part
    value: Part


@dataclass
class _Links:
    """What is linked, gathered row by row."""

    labels: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], tuple[int, dict[str, None], str]] = field(default_factory=dict)

    def add(self, one: str, other: str, row: int, words: Sequence[str], strength: str = "") -> None:
        """Join two things; what is joined twice is one edge, which says both."""
        pair = (one, other) if (other, one) not in self.pairs else (other, one)
        self.pairs.setdefault(pair, (row, {}, strength))[1].update(dict.fromkeys(filter(None, words)))


def graph(answer: Answer, named: Sequence[str], language: str) -> Network | None:
    """Draw the network of an answer; ``named`` are its columns of things with names."""
    if answer.query.is_graph:
        if answer.total > FIRST_TRIPLES:  # they join more than can be drawn, and are not read to see it
            return None
        return _drawn(_of_statements(statements(answer, language)), ())
    path = _path(named)
    return _drawn(_of_rows(answer, named, path), _layers(answer, path))


def _path(named: Sequence[str]) -> Sequence[str]:
    """Return which columns are the steps of a path: those of a known one, else the first two."""
    return next((found for each in PATHS if len(found := [c for c in each if c in named]) > 1), named[:2])


def _of_rows(answer: Answer, named: Sequence[str], path: Sequence[str]) -> _Links:
    links = _Links()
    beside = [column for column in named if column not in path]
    for number, row in enumerate(answer.rows, 1):
        steps = [column for column in path if row.get(column, {}).get("type") == "uri"]
        words = [row[f"{column}Label"]["value"] for column in beside if f"{column}Label" in row]
        strength = row.get("strength", {}).get("value", "").rsplit("/", 1)[-1]
        for column in steps:
            iri = row[column]["value"]
            links.labels[iri] = row.get(f"{column}Label", {}).get("value", iri)
        for one, other in pairwise(steps):
            links.add(row[one]["value"], row[other]["value"], number, words, strength)
    return links


def _layers(answer: Answer, path: Sequence[str]) -> Sequence[Sequence[str]]:
    """List the things of each step, where nothing stands in two; nothing otherwise."""
    layers = [list(dict.fromkeys(row[c]["value"] for row in answer.rows if c in row)) for c in path]
    whole = [iri for layer in layers for iri in layer]
    return [layer for layer in layers if layer] if len(whole) == len(set(whole)) else ()


# --- statements ------------------------------------------------------------------------------------


def statements(answer: Answer, language: str) -> list[Statement]:
    """List the statements of an answer that is a graph, by subject; names are taken from the answer itself."""
    quads = sorted(parse(answer.triples, RdfFormat.N_TRIPLES), key=str)
    labels: dict[str, tuple[int, str]] = {}
    for quad in quads:
        if quad.predicate.value == SKOS_LABEL and isinstance(quad.object, Literal):
            rank = (language, "fi", "en").index(quad.object.language) if quad.object.language in (language, "fi") else 2
            named = _iri(quad.subject)
            labels[named] = min(labels.get(named, (9, "")), (rank, quad.object.value))

    def part(iri: str) -> Part:
        return Part(iri, labels.get(iri, (0, last_part(iri)))[1])

    found = []
    for quad in quads:
        subject, value = part(_iri(quad.subject)), quad.object
        said = Part("", value.value, value.language or "") if isinstance(value, Literal) else part(_iri(value))
        found.append(Statement(subject, part(quad.predicate.value), said))
    return found


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _of_statements(found: Sequence[Statement]) -> _Links:
    """Join things by the links that the answer describes; without any, by each statement between two things."""
    links, joins = _Links(), defaultdict[str, list[tuple[int, Part]]](list)
    for number, each in enumerate(found, 1):
        if each.predicate.iri == _JOINS:
            joins[each.subject.iri].append((number, each.value))
    strengths = {s.subject.iri: s.value.label for s in found if s.predicate.iri == DLG + "linkStrength"}
    for link, parties in joins.items():
        for (number, one), (_, other) in combinations(parties, 2):
            links.labels |= {one.iri: one.label, other.iri: other.label}
            links.add(one.iri, other.iri, number, [], strengths.get(link, ""))
    for number, each in enumerate([] if joins else found, 1):
        if each.value.iri and each.predicate.iri != RDF_TYPE and each.value.iri != each.subject.iri:
            links.labels |= {each.subject.iri: each.subject.label, each.value.iri: each.value.label}
            links.add(each.subject.iri, each.value.iri, number, [each.predicate.label])
    return links


def _drawn(links: _Links, layers: Sequence[Sequence[str]]) -> Network | None:
    """Draw things and ties; None where there is nothing to draw, or too much."""
    if not links.pairs or len(links.labels) > _MOST_NODES or len(links.pairs) > _MOST_EDGES:
        return None
    lines: list[Tie] = []
    for (one, other), (row, words, strength) in links.pairs.items():
        told = f"{links.labels[one]} – {links.labels[other]}" + (f": {', '.join(words)}" if words else "")
        lines.append(Tie(f"row-{row}-{len(lines)}", one, other, f"#row-{row}", told, strength))
    things = {iri: Thing(iri, label) for iri, label in links.labels.items()}
    if layers:
        return in_columns([[things[iri] for iri in layer] for layer in layers], lines)
    return in_rings(list(things.values()), lines)
