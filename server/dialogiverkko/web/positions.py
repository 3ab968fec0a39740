"""Where places lie: longitude and latitude, from the GeoSPARQL that the graph holds."""

import re
from collections.abc import Mapping
from importlib import resources

import yaml
from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import DCTERMS, ID

GEO = "http://www.opengis.net/ont/geosparql#"
_OWNING = (GEO + "hasGeometry", GEO + "hasDefaultGeometry")
_SOURCE = DCTERMS + "source"
_POINT = re.compile(r"\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)

Position = tuple[float, float]


def point(text: str) -> Position | None:
    """Return longitude and latitude of a point in well-known text; None of anything else."""
    found = _POINT.fullmatch(text)
    return (float(found[1]), float(found[2])) if found else None


def located(snapshot: Snapshot) -> Mapping[str, tuple[Position, str]]:
    """Return where each place lies that the graph holds coordinates of, and the source of the position, by its IRI."""
    owners: dict[str, str] = {}
    points: dict[str, Position] = {}
    sources: dict[str, str] = {}
    for triple in snapshot.merged.saying((*_OWNING, GEO + "asWKT", _SOURCE)):
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if predicate in _OWNING and isinstance(value, NamedNode):
            owners[value.value] = subject.value
        elif predicate == GEO + "asWKT" and isinstance(value, Literal) and (at := point(value.value)):
            points[subject.value] = at
        elif predicate == _SOURCE and isinstance(value, NamedNode | Literal):
            sources[subject.value] = value.value
    return {owners.get(iri, iri): (at, sources.get(iri, "")) for iri, at in points.items()}


def positions(snapshot: Snapshot) -> Mapping[str, Position]:
    """Return where each place is shown: by the graph's coordinates, a wider area at a point chosen by eye."""
    wide = yaml.safe_load((resources.files("dialogiverkko.web") / "wide-areas.yaml").read_text(encoding="utf-8"))
    shown: dict[str, Position] = {f"{ID}place/{name}": (east, north) for name, (east, north) in wide.items()}
    return shown | {iri: position for iri, (position, _) in located(snapshot).items()}
