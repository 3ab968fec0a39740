"""Pictures of any size stay readable: names apart, parts in cells of their own, few names on an axis."""

import datetime as dt
import random

import networkx as nx
import pytest

from dialogiverkko.web.drawing import layout, rings
from dialogiverkko.web.drawing.axis import axis
from dialogiverkko.web.drawing.network import Thing, Tie, in_rings
from dialogiverkko.web.drawing.places import Place, places
from dialogiverkko.web.drawing.timeline import Item, timeline
from dialogiverkko.web.positions import point


def overlapping(boxes: list[layout.Box]) -> list[tuple[layout.Box, layout.Box]]:
    """The pairs of boxes that lie on each other."""
    return [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[:number]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


def test_of_many_names_those_are_written_that_can_be_read() -> None:
    """None lies on another or on a point or leaves the picture; the largest come first, and not all have one."""
    dice = random.Random(1)  # noqa: S311  # a fixed picture, no secret
    spots = [
        layout.Spot(f"Organisation {n}", dice.uniform(0, 1800), dice.uniform(0, 1200), n % 9 + 4) for n in range(400)
    ]

    found = layout.place(tuple(spots), (), (0, 0, 1800, 1200), 15, 20)
    boxes = [label.box for label in found if label]

    assert overlapping(boxes) == []
    assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= 1800 and b[3] <= 1200 for b in boxes)
    assert 20 < len(boxes) < 200
    covered = [
        (label.box, spot)
        for label in found
        if label
        for spot in spots
        if label.box[0] + 4 < spot.x < label.box[2] - 4 and label.box[1] + 4 < spot.y < label.box[3] - 4
    ]
    assert covered == []
    layout.place.cache_clear()
    assert found == layout.place(tuple(spots), (), (0, 0, 1800, 1200), 15, 20)
    shares = [
        sum(label is not None for label, spot in zip(found, spots, strict=True) if spot.radius == radius)
        for radius in (12, 4)
    ]
    assert shares[0] > shares[1]


@pytest.mark.parametrize("sizes", [[2], [30], [11, 4, 2, 2, 2], [40, 12, 9, 3, 3, 2, 2, 2, 2, 2], [2] * 30])
def test_parts_of_a_network_have_cells_of_their_own(sizes: list[int]) -> None:
    """No part reaches into another's cell, and everything is within the picture."""
    graph: nx.Graph[str] = nx.Graph()
    for number, size in enumerate(sizes):
        nx.add_path(graph, [f"{number:02}-{n:02}" for n in range(size)])

    spots, height = rings.lay_out(graph)
    boxes = []
    for number in range(len(sizes)):
        own = [spot for node, spot in spots.items() if node.startswith(f"{number:02}-")]
        xs, ys = [x for x, _ in own], [y for _, y in own]
        boxes.append((min(xs) - 20, min(ys) - 20, max(xs) + 20, max(ys) + 20))

    assert overlapping(boxes) == []
    assert all(0 < x < 1000 and 0 < y < height for x, y in spots.values())


def test_many_links_of_a_pair_are_one_line_that_says_so() -> None:
    """Up to four lie side by side; of more the first stands for all."""
    things = [Thing("a", "A"), Thing("b", "B"), Thing("c", "C")]
    lines = [Tie(f"ab{n}", "a", "b", f"#{n}", "words") for n in range(6)]
    lines += [Tie(f"bc{n}", "b", "c", f"#{n}", "words") for n in range(4)]

    drawn = in_rings(things, lines)

    assert [(edge.key, edge.others) for edge in drawn.edges] == [
        ("ab0", 5), ("bc0", 0), ("bc1", 0), ("bc2", 0), ("bc3", 0),
    ]  # fmt: skip
    assert len({edge.path for edge in drawn.edges}) == 5


@pytest.mark.parametrize(
    ("first", "last", "named"), [(2020, 2021, 2), (2010, 2024, 15), (1990, 2026, 8), (2021, 2021, 1)]
)
def test_an_axis_names_as_many_years_as_it_can(first: int, last: int, named: int) -> None:
    """Few years have quarters, many have every fifth; the whole lies between left and right."""
    scale = axis([(dt.date(first, 5, 1), dt.date(last, 2, 1))], 20, 980)

    assert sum(bool(words) for _, words in scale.ticks) == named
    assert scale.at(dt.date(first, 1, 1)) == 20
    assert scale.at(dt.date(last + 1, 1, 1)) == 980


def test_an_axis_leaves_out_long_stretches_of_nothing() -> None:
    """Three years or more without anything are one place with an ellipsis; two stay, and days keep their order."""
    days = [dt.date(year, 6, 1) for year in (1996, 2013, 2016, 2017)]
    scale = axis([(day, day) for day in days], 20, 980)

    assert [words for _, words in scale.ticks] == ["1996", "…", "2013", "2014", "2015", "2016", "2017"]
    assert [x for x, _ in scale.ticks] == sorted(x for x, _ in scale.ticks)
    assert scale.at(dt.date(1996, 12, 31) + dt.timedelta(days=1)) == scale.ticks[1][0]
    assert scale.at(dt.date(2018, 1, 1)) == 980


def test_names_of_bars_stay_within_the_picture() -> None:
    """A name over a late bar ends where the bar ends; one that is longer than its place begins further left."""
    days = dt.date(2016, 1, 1), dt.date(2026, 12, 31)
    items = [Item("a", "A" * 30, "words", (days[0], days[0], days[1], days[1]))]
    items += [Item("b", "B" * 90, "words", (days[1],) * 4), Item("c", "C" * 9, "words", (days[1],) * 4)]

    drawn = timeline(items)

    assert drawn is not None
    ends = [
        (b.text_x, b.text_x + 9 * len(b.name)) if b.anchor == "start" else (b.text_x - 9 * len(b.name), b.text_x)
        for b in drawn.bars
    ]
    assert all(left >= 0 and right <= 1000 for left, right in ends)
    assert timeline([]) is None


def test_a_place_beyond_the_outline_is_told_by_name() -> None:
    """Finland is drawn; what lies elsewhere is not left out in silence."""
    drawn = places([Place("tampere", "Tampere", (23.76, 61.5)), Place("madrid", "Madrid", (-3.7, 40.4))], ["suomi"])

    assert [found.iri for found in drawn.points] == ["tampere"]
    assert drawn.elsewhere == ["suomi", "madrid"]


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("POINT(24.94 60.17)", (24.94, 60.17)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (24.94 60.17)", (24.94, 60.17)),
        ("POLYGON((1 2, 3 4, 5 6, 1 2))", None),
        ("", None),
    ],
)
def test_points_are_read_from_well_known_text(text: str, position: tuple[float, float] | None) -> None:
    """Longitude comes first; what is no point has no place on the map."""
    assert point(text) == position
