"""Makes graphs of any size with the shape of the real one: the listing again and again, under other names.

Every copy has its own document, passages, activities and all that hangs on them. Eight copies share
their organisations, projects and other contexts, so that joins over them grow as they would in a
larger listing. Places, the vocabularies and the ontology are there once. The first copy is the real data.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple
from pyoxigraph import parse as parse_rdf

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot, load, ordered
from dialogiverkko.namespaces import DLG, GRAPH_LISTING, GRAPH_REFERENCE, ID, SRC

COPIES_PER_GROUP = 8
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
_LABELLED = re.compile(rf'(?P<start>^<[^>]*> <(?:{"|".join(map(re.escape, _LABELS))})> ".*)(?P<end>"@[a-z]+)$')


def generate(activities: int) -> Snapshot:
    """Make a snapshot, not yet derived, with at least so many activities."""
    base = load(find_assets())
    texts = _Templates(base)
    copies = -(-activities // texts.activities)
    graphs = {
        name: triples
        for name, triples in base.graphs.items()
        if name != GRAPH_REFERENCE and not name.startswith(GRAPH_LISTING)
    }
    reference: list[Triple] = []
    for group in range(-(-copies // COPIES_PER_GROUP)):
        reference += _read(texts.reference(group))
    graphs[GRAPH_REFERENCE] = ordered(reference)
    for copy in range(copies):
        graphs[f"{GRAPH_LISTING}copy-{copy}"] = ordered(_read(texts.listing(copy)))
    return Snapshot(graphs, base.prefixes)


def write_assets(activities: int, root: Path) -> int:
    """Write a folder that ``DIALOGIVERKKO_ASSETS`` may name; tells how many activities it holds.

    Written copy by copy as text, so that its size is bounded by the disk and not by memory.
    """
    assets = find_assets()
    texts = _Templates(load(assets))
    copies = -(-activities // texts.activities)
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(assets.root / folder, root / folder)
    (root / "data" / "reference").mkdir(parents=True)
    shutil.copy(assets.root / "data" / "catalogue.ttl", root / "data")
    shutil.copytree(assets.root / "data" / "enrichment", root / "data" / "enrichment")
    for group in range(-(-copies // COPIES_PER_GROUP)):
        path = root / "data" / "reference" / f"group-{group}.ttl"
        path.write_text(texts.reference(group), encoding="utf-8")
    for copy in range(copies):
        folder_of_copy = root / "data" / "listings" / f"copy-{copy}"
        folder_of_copy.mkdir(parents=True)
        (folder_of_copy / "listing.ttl").write_text(texts.listing(copy), encoding="utf-8")
    return copies * texts.activities


class _Templates:
    """The text of the listing and of the reference data, with places for the number of a copy."""

    def __init__(self, base: Snapshot) -> None:
        listing = [t for name, ts in base.graphs.items() if name.startswith(GRAPH_LISTING) for t in ts]
        reference = base.graphs[GRAPH_REFERENCE]
        self._grouped = {_thing(t.subject) for t in reference} - {None}
        self._copied = {_thing(t.subject) for t in listing} - {None} - self._grouped
        self.activities = len({t.subject for t in listing if _is_activity(t)})
        self._listing = self._template(listing)
        self._reference = self._template(list(reference))

    def listing(self, copy: int) -> str:
        """Write the listing of one copy."""
        return _fill(self._listing, copy)

    def reference(self, group: int) -> str:
        """Write what the copies of one group share."""
        return _fill(self._reference, group * COPIES_PER_GROUP)

    def _template(self, triples: list[Triple]) -> str:
        lines: list[str] = []
        for triple in triples:
            line = f"{triple.subject} {triple.predicate} {triple.object}"
            mark = self._mark(_thing(triple.subject))
            if mark and _OUTSIDE.search(line):
                line = f"{_GROUP}{line}" if mark == _GROUP else f"{_COPY}{line}"
            if mark:
                line = _LABELLED.sub(lambda match, mark=mark: f"{match['start']}{mark}{match['end']}", line)
            lines.append(self._renamed(line) + " .")
        return "\n".join(lines)

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


def _fill(template: str, copy: int) -> str:
    """Put the numbers in; the first copy and the first group keep the real names and outside links."""
    group = copy // COPIES_PER_GROUP
    lines = template.split("\n")
    if copy:
        lines = [line for line in lines if not line.startswith(_COPY)]
    if group:
        lines = [line for line in lines if not line.startswith(_GROUP)]
    text = "\n".join(line.lstrip(_COPY + _GROUP) for line in lines)
    return text.replace(_COPY, f"-{copy}" if copy else "").replace(_GROUP, f"-g{group}" if group else "")


def _thing(subject: object) -> str | None:
    """Name the thing of ours that a subject is, or is a part of, as kind and slug."""
    match = _OURS.match(str(subject))
    if match is None or match["kind"] in _SHARED_KINDS:
        return None
    return f"{match['kind']}/{match['slug']}"


def _is_activity(triple: Triple) -> bool:
    return triple.predicate.value.endswith("#type") and triple.object == NamedNode(DLG + "Activity")


def _read(text: str) -> Iterator[Triple]:
    for quad in parse_rdf(text, RdfFormat.N_TRIPLES):
        yield Triple(quad.subject, quad.predicate, quad.object)
