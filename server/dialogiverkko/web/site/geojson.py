"""The places as GeoJSON (RFC 7946): what the graph holds coordinates of, with the source of each position."""

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import DCTERMS, DLG, LANGUAGES, SKOS
from dialogiverkko.web.positions import located
from dialogiverkko.web.site.index import Index

ATTRIBUTION = "GeoNames, CC BY 4.0"
_AT = ("hasPlace", "isDispersedAcross", "aboutPlace")


def collection(snapshot: Snapshot, index: Index) -> dict[str, object]:
    """Return the places as a collection of features; a name is there in each language that has one."""
    found = located(snapshot)
    return {
        "type": "FeatureCollection",
        "attribution": ATTRIBUTION,
        "features": [_feature(index, iri, *found[iri]) for iri in sorted(found)],
    }


def _feature(index: Index, iri: str, position: tuple[float, float], source: str) -> dict[str, object]:
    names = index.texts(iri, SKOS + "prefLabel")
    activities = {a for name in _AT for a in index.pointing(iri, DLG + name)}
    return {
        "type": "Feature",
        "id": iri,
        "geometry": {"type": "Point", "coordinates": list(position)},
        "properties": {
            **{f"name:{code}": names[code] for code in LANGUAGES if code in names},
            "kind": index.value(iri, DCTERMS + "type").rsplit("/", 1)[-1],
            "activities": len(activities),
            "source": source,
        },
    }
