"""Where places lie: longitude and latitude, from the GeoSPARQL that the graph holds."""

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import ID

GEO = "http://www.opengis.net/ont/geosparql#"
_SOURCE = "http://purl.org/dc/terms/source"
_POINT = re.compile(r"\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)

Position = tuple[float, float]
POSITIONS = {
    "utsjoki": (27.03, 69.91), "teno": (25.95, 69.72), "kemijarvi": (27.43, 66.71), "tampere": (23.76, 61.50),
    "raasepori": (23.44, 59.98), "hyvinkaa": (24.86, 60.63), "turku": (22.27, 60.45), "saimaa": (28.40, 61.35),
    "etela-savo": (27.10, 62.00), "uusimaa": (24.95, 60.35), "suomi": (26.20, 64.60),
}  # fmt: skip
"""Longitude and latitude of places whose coordinates the graph does not hold: read off an atlas, for display only."""


def point(text: str) -> Position | None:
    """Return longitude and latitude of a point in well-known text; None of anything else."""
    found = _POINT.fullmatch(text)
    return (float(found[1]), float(found[2])) if found else None


def located(snapshot: Snapshot) -> Mapping[str, tuple[Position, str]]:
    """Return where each place lies that the graph holds coordinates of, and the source of the position, by its IRI."""
    owners: dict[str, str] = {}
    points: dict[str, Position] = {}
    sources: dict[str, str] = {}
    for triple in snapshot.merged:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if predicate in (GEO + "hasGeometry", GEO + "hasDefaultGeometry") and isinstance(value, NamedNode):
            owners[value.value] = subject.value
        elif predicate == GEO + "asWKT" and isinstance(value, Literal) and (at := point(value.value)):
            points[subject.value] = at
        elif predicate == _SOURCE and isinstance(value, NamedNode | Literal):
            sources[subject.value] = value.value
    return {owners.get(iri, iri): (at, sources.get(iri, "")) for iri, at in points.items()}


def positions(found: Mapping[str, tuple[Position, str]]) -> Mapping[str, Position]:
    """Return where each place is shown: by the graph's coordinates, a wider area at a point chosen by eye."""
    shown = {f"{ID}place/{name}": position for name, position in POSITIONS.items()}
    return shown | {iri: position for iri, (position, _) in found.items()}
