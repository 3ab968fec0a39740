"""The one map: places as points on the outline of Finland, from coordinates that the graph holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogiverkko.web.drawing.layout import Label, Spot, place
from dialogiverkko.web.drawing.outline import HEIGHT, OUTLINE, WIDTH, project

_SIZE, _ROW_LETTERS = 17, 24
_RADII = {"area": 17}
POINT = 8


@dataclass(frozen=True)
class Place:
    """What becomes a point: its IRI, name, longitude and latitude, and how it is meant.

    ``kind`` is ``venue``, ``subject`` (a town in which nothing was held) or ``area`` (no single point).
    """

    iri: str
    name: str
    position: tuple[float, float]
    kind: str = "venue"
    radius: float = 0
    words: str = ""
    """What there is to say of it."""


@dataclass(frozen=True)
class Point:
    """One place on the map; without a label where its name could not be read among the others."""

    iri: str
    name: str
    x: int
    y: int
    radius: int
    kind: str
    words: str
    label: Label | None


@dataclass(frozen=True)
class Map:
    """Points from north to south, and the places that the map does not show."""

    points: Sequence[Point]
    elsewhere: Sequence[str]
    outline: str = OUTLINE
    width: int = WIDTH
    height: int = HEIGHT
    kind: str = "map"

    @property
    def kinds(self) -> set[str]:
        """The kinds of the points."""
        return {point.kind for point in self.points}


def is_on_map(x: float, y: float) -> bool:
    """Return whether the point of a place lies within the picture, whole."""
    return POINT <= x <= WIDTH - POINT and POINT <= y <= HEIGHT - POINT


def places(found: Sequence[Place], elsewhere: Sequence[str] = ()) -> Map:
    """Draw places; one that lies beyond the outline is among those elsewhere."""
    north_first = sorted(found, key=lambda each: (-each.position[1], each.position[0], each.iri))
    spots, shown, beyond = [], [], list(elsewhere)
    for each in north_first:
        x, y = project(*each.position)
        if not is_on_map(x, y):
            beyond.append(each.iri)
            continue
        shown.append(each)
        spots.append(Spot(each.name, x, y, each.radius or _RADII.get(each.kind, POINT)))
    labels = place(tuple(spots), (), (4, 4, WIDTH - 4, HEIGHT - 4), _SIZE, _ROW_LETTERS)
    points = [
        Point(each.iri, each.name, round(spot.x), round(spot.y), round(spot.radius), each.kind, each.words, label)
        for each, spot, label in zip(shown, spots, labels, strict=True)
    ]
    return Map(points, beyond)
