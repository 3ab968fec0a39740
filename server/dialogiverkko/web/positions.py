"""Where places lie: longitude and latitude, from the GeoSPARQL that the graph holds."""

import re
from collections.abc import Mapping
from importlib import resources

import yaml

from dialogiverkko.graph.mapped import Statements
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


def located(statements: Statements) -> Mapping[str, tuple[Position, str]]:
    """Return where each place lies that the graph holds coordinates of, and the source of the position, by its IRI."""
    found = {}
    for iri in statements.holders(GEO + "asWKT"):
        at = next(filter(None, (point(value.value) for value in statements.said(iri, GEO + "asWKT"))), None)
        if at:
            owners = [owner for predicate in _OWNING for owner in statements.pointing(iri, predicate)]
            source = next((value.value for value in statements.said(iri, _SOURCE)), "")
            found[owners[-1] if owners else iri] = (at, source)
    return found


def positions(found: Mapping[str, tuple[Position, str]]) -> Mapping[str, Position]:
    """Return where each place is shown: by the graph's coordinates, a wider area at a point chosen by eye."""
    wide = yaml.safe_load((resources.files("dialogiverkko.web") / "wide-areas.yaml").read_text(encoding="utf-8"))
    shown: dict[str, Position] = {f"{ID}place/{name}": (east, north) for name, (east, north) in wide.items()}
    return shown | {iri: position for iri, (position, _) in found.items()}
