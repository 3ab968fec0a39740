"""Makes graphs of any size with the shape of the real one: the listing again and again, under other names.

Every copy has its own document, passages, activities and all that hangs on them. Eight copies share
their organisations, projects and other contexts, so that joins over them grow as they would in a
larger listing. Places, the vocabularies and the ontology are there once. The first copy is the real data.
"""

import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf

from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.load import Snapshot, load, of_other_sources, ordered
from dialogiverkko.namespaces import DLG, GRAPH_LISTING, GRAPH_REFERENCE, ID, SRC

COPIES_PER_GROUP = 4
YEARS = range(-6, 4)
"""By how many years a copy may lie before or after the real listing."""
LACKING = {"time": 0.25, "participation": 0.1}
"""What share of the times and of the participations a copy lacks, beside those that the real listing lacks."""
_COPY, _GROUP = "\x01", "\x02"
_SHARED_KINDS = ("place",)
_LABELS = ("http://www.w3.org/2004/02/skos/core#prefLabel", "http://purl.org/dc/terms/title")
_OUTSIDE = re.compile(
    r"<(?:http://www\.w3\.org/2004/02/skos/core#(?:exact|close)Match"
    r"|http://www\.w3\.org/2002/07/owl#sameAs|http://purl\.org/dc/terms/identifier)>"
)
"""Links to things outside, which only one thing of ours may have."""
_OURS = re.compile(rf"<{re.escape(ID)}(?P<kind>[a-z-]+)/(?P<slug>[^/>]+)(?P<rest>[^>]*)>")
_SOURCE = re.compile(rf"<{re.escape(SRC)}(?P<document>[^/>]+)(?P<rest>[^>]*)>")
_PART = re.compile(rf"<{re.escape(ID)}activity/([^/>]+/(?:time|participation/\d+))[/>]")
_PASSAGE = re.compile(rf"<{re.escape(SRC)}([^/>]+/[^/>]+)[/>]")
_ORG = "http://www.w3.org/ns/org#"
_EVIDENCE = f"<{DLG}isEvidencedBy>"
_ORGANISATION = re.compile(rf"<{re.escape(ID)}org/([^/>{_GROUP}]+){_GROUP}")
_OF_A_GROUP = re.compile(rf"<[^>]*{_GROUP}")
_DATED = re.compile(
    r'(?P<value>"[^"]*")'
    r"(?P<type>\^\^<(?:http://www\.w3\.org/2001/XMLSchema#date|http://id\.loc\.gov/datatypes/edtf/EDTF)>)"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_COUNTED = re.compile(r'(?P<start><https://schema\.org/value> ")(?P<n>\d+)"')
_LABELLED = re.compile(rf'(?P<start>^<[^>]*> <(?:{"|".join(map(re.escape, _LABELS))})> ".*)(?P<end>"@[a-z]+)$')


def generate(activities: int) -> Snapshot:
    """Make a snapshot, not yet derived, with at least so many activities."""
    base = _listing_alone(find_assets())
    texts = _Templates(base)
    copies = -(-activities // texts.activities)
    graphs = {
        name: triples
        for name, triples in base.graphs.items()
        if name != GRAPH_REFERENCE and not name.startswith(GRAPH_LISTING)
    }
    reference: list[Triple] = []
    for group in range(groups_of(copies)):
        reference += _read(texts.reference(group))
    graphs[GRAPH_REFERENCE] = ordered(reference)
    for copy in range(copies):
        graphs[f"{GRAPH_LISTING}copy-{copy}"] = ordered(_read(texts.listing(copy, copies)))
    return Snapshot(graphs, base.prefixes)


def _listing_alone(assets: Assets) -> Snapshot:
    """Read the first listing and what it refers to, which is what is copied."""
    return load(assets, without=of_other_sources(assets, ["vertaisdialogi-2021-06-08"]))


def write_assets(activities: int, root: Path) -> int:
    """Write a folder that ``DIALOGIVERKKO_ASSETS`` may name; tells how many activities it holds.

    Written copy by copy as text, so that its size is bounded by the disk and not by memory.
    """
    assets = find_assets()
    texts = _Templates(_listing_alone(assets))
    copies = -(-activities // texts.activities)
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(assets.root / folder, root / folder)
    (root / "data" / "reference").mkdir(parents=True)
    shutil.copy(assets.root / "data" / "catalogue.ttl", root / "data")
    for group in range(groups_of(copies)):
        path = root / "data" / "reference" / f"group-{group}.ttl"
        path.write_text(texts.reference(group), encoding="utf-8")
    for copy in range(copies):
        folder_of_copy = root / "data" / "sources" / f"copy-{copy}"
        folder_of_copy.mkdir(parents=True)
        (folder_of_copy / "source.ttl").write_text(texts.listing(copy, copies), encoding="utf-8")
    return copies * texts.activities


@dataclass(frozen=True)
class _Line:
    """One triple, with places for the number of a copy; and the times, participations and passages that it names."""

    text: str
    parts: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    is_first_only: bool = False
    """A link to something outside, which only the first copy has."""


class _Templates:
    """The lines of the listing and of the reference data, and how a copy is made of them."""

    def __init__(self, base: Snapshot) -> None:
        listing = [t for name, ts in base.graphs.items() if name.startswith(GRAPH_LISTING) for t in ts]
        reference = [t for t in base.graphs[GRAPH_REFERENCE] if t.predicate.value != f"{DLG}hasOwnTranslationIn"]
        self._grouped = {_thing(t.subject) for t in reference} - {None}
        self._copied = {_thing(t.subject) for t in listing} - {None} - self._grouped
        self.activities = len({t.subject for t in listing if _is_activity(t)})
        self._unit_of = {_slug(t.subject): _slug(t.object) for t in reference if t.predicate.value == f"{_ORG}unitOf"}
        self._listing = self._template(listing)
        self._reference = self._template(reference)

    def listing(self, copy: int, copies: int) -> str:
        """Write the listing of one copy of so many."""
        if copy == 0:
            return _fill(self._listing, 0)
        dice = random.Random(f"copy {copy}")  # noqa: S311 - drawn alike each time
        parts = sorted({part for line in self._listing for part in line.parts})
        lacking = {part for part in parts if dice.random() < LACKING[part.split("/")[1]]}
        text = _fill(self._without(lacking, copy), copy, lambda text: self._drawn(text, dice, groups_of(copies)))
        years = dice.choice(YEARS)
        text = _DATED.sub(
            lambda match: _YEAR.sub(lambda year: str(int(year[0]) + years), match["value"]) + match["type"], text
        )
        return _COUNTED.sub(
            lambda match: f'{match["start"]}{max(1, round(int(match["n"]) * dice.uniform(0.3, 3)))}"', text
        )

    def _drawn(self, text: str, dice: random.Random, groups: int) -> str:
        """Draw each organisation, with its units, from the groups of all: the first far oftener than the last.

        What a listing says of a thing that the copies of a group share is the same in all of them.
        """
        weights = [1 / (number + 1) for number in range(groups)]
        wholes = sorted({self._whole(name) for name in _ORGANISATION.findall(text)})
        drawn = dict(zip(wholes, dice.choices(range(groups), weights, k=len(wholes)), strict=True))

        def draw(match: re.Match[str]) -> str:
            return f"<{ID}org/{match[1]}{_suffix('g', drawn[self._whole(match[1])])}"

        lines = text.split("\n")
        return "\n".join(line if _OF_A_GROUP.match(line) else _ORGANISATION.sub(draw, line) for line in lines)

    def _whole(self, name: str) -> str:
        """Name the organisation that a unit is of, however far up; any other by its own name."""
        while name in self._unit_of:
            name = self._unit_of[name]
        return name

    def _without(self, lacking: set[str], copy: int) -> list[_Line]:
        """Leave some times and participations out, and the passages on which nothing rests in this copy."""
        left = [line for line in self._listing if not line.parts & lacking]
        used, still_used = (
            {passage for line in lines if _EVIDENCE in line.text for passage in line.passages}
            for lines in (self._listing, left)
        )
        shared = {passage for line in self._reference for passage in line.passages}
        is_source_of_group = copy % COPIES_PER_GROUP == 0
        idle = (used - still_used - shared) if is_source_of_group else (used | shared) - still_used
        return [line for line in left if not line.passages & idle]

    def reference(self, group: int) -> str:
        """Write what the copies of one group share."""
        return _fill(self._reference, group * COPIES_PER_GROUP)

    def _template(self, triples: list[Triple]) -> list[_Line]:
        lines: list[_Line] = []
        for triple in triples:
            line = f"{triple.subject} {triple.predicate} {triple.object}"
            mark = self._mark(_thing(triple.subject))
            if mark:
                line = _LABELLED.sub(lambda match, mark=mark: f"{match['start']}{mark}{match['end']}", line)
            parts, passages = (frozenset(pattern.findall(line)) for pattern in (_PART, _PASSAGE))
            is_first_only = bool(mark and _OUTSIDE.search(line))
            lines.append(_Line(f"{self._renamed(line)} .", parts, passages, is_first_only))
        return lines

    def _mark(self, thing: str | None) -> str:
        if thing in self._copied:
            return _COPY
        return _GROUP if thing in self._grouped else ""

    def _renamed(self, line: str) -> str:
        def ours(match: re.Match[str]) -> str:
            mark = self._mark(f"{match['kind']}/{match['slug']}")
            return f"<{ID}{match['kind']}/{match['slug']}{mark}{match['rest']}>"

        line = _SOURCE.sub(lambda match: f"<{SRC}{match['document']}{_COPY}{match['rest']}>", line)
        return _OURS.sub(ours, line)


def groups_of(copies: int) -> int:
    """Tell how many groups so many copies make."""
    return -(-copies // COPIES_PER_GROUP)


def _fill(lines: Sequence[_Line], copy: int, draw: Callable[[str], str] = lambda text: text) -> str:
    """Put the numbers in; the first copy and the first group keep the real names and outside links."""
    group = copy // COPIES_PER_GROUP
    text = "\n".join(line.text for line in lines if not (copy and line.is_first_only))
    text = draw(text)
    return text.replace(_COPY, _suffix("", copy)).replace(_GROUP, _suffix("g", group))


def _suffix(letter: str, number: int) -> str:
    return f"-{letter}{number}" if number else ""


def _thing(subject: object) -> str | None:
    """Name the thing of ours that a subject is, or is a part of, as kind and slug."""
    match = _OURS.match(str(subject))
    if match is None or match["kind"] in _SHARED_KINDS:
        return None
    return f"{match['kind']}/{match['slug']}"


def _slug(term: object) -> str:
    return str(term).strip("<>").rpartition("/")[2]


def _is_activity(triple: Triple) -> bool:
    return triple.predicate.value.endswith("#type") and triple.object == NamedNode(DLG + "Activity")


def _read(text: str) -> Iterator[Triple]:
    for quad in parse_rdf(text, RdfFormat.N_TRIPLES):
        yield Triple(quad.subject, quad.predicate, quad.object)
