"""The geometry of pictures comes from the columns of an answer, whatever the query; what cannot be drawn is not."""

import pytest

from dialogiverkko.saved.answers import Answer, Release
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.query import Page
from dialogiverkko.web.drawing import charts
from dialogiverkko.web.drawing.charts import Bars, Picture
from dialogiverkko.web.drawing.graphs import statements
from dialogiverkko.web.drawing.network import Network
from dialogiverkko.web.drawing.places import Map
from dialogiverkko.web.drawing.timeline import Timeline

XSD = "http://www.w3.org/2001/XMLSchema#"
BASE = "https://w3id.org/dialogiverkko/"
Cells = dict[str, str | int]
POSITIONS = {f"{BASE}id/place/tampere": (23.76, 61.5), f"{BASE}id/place/saimaa": (28.4, 61.35)}


def picture(answer: Answer, language: str) -> Picture | None:
    """Draw an answer on a map that knows two places."""
    return charts.picture(answer, language, POSITIONS)


def cell(value: str | int) -> dict[str, str]:
    """Write a value as results JSON does: an IRI, a number, a day or words."""
    if isinstance(value, int):
        return {"type": "literal", "value": str(value), "datatype": XSD + "integer"}
    if "://" in value:
        return {"type": "uri", "value": value}
    if len(value) == 10 and value[4] == value[7] == "-":
        return {"type": "literal", "value": value, "datatype": XSD + "date"}
    return {"type": "literal", "value": value}


def answer(view: str, rows: list[Cells], *, day: str = "", triples: str = "") -> Answer:
    """Make an answer whose columns are those of its rows."""
    columns = () if triples else tuple(dict.fromkeys(column for row in rows for column in row))
    texts = {"fi": "haku", "sv": "fråga", "en": "query"}
    asked = (Parameter("day", ParameterType.DATE),) if day else ()
    query = NamedQuery("a-query", "competency", texts, texts, texts, (), asked, columns, view, "")
    values = {"day": (asked[0].term(day),)} if day else {}
    bindings = [{column: cell(value) for column, value in row.items()} for row in rows]
    release = Release("1", "0" * 64)
    total = len(rows) or triples.count("\n")
    return Answer(query, values, release, Page(), total, "", rows=bindings, triples=triples.encode())


def named(kind: str, name: str, column: str) -> Cells:
    """A thing and its name."""
    return {column: f"{BASE}id/{kind}/{name}", f"{column}Label": name.title()}


def test_bars_are_as_long_as_numbers_are_large() -> None:
    """The largest has the whole width; zero has a number and no length; the unknown has no bar and is named."""
    rows = [
        named("org", "one", "organisation") | {"events": 8, "practices": 2},
        named("org", "two", "organisation") | {"events": 0, "practices": 4},
        named("org", "three", "organisation") | {"practices": 1},
        named("org", "four", "organisation") | {"gap": BASE + "id/gap/x", "gapLabel": "X", "events": 0},
    ]

    drawn = picture(answer("chart", rows), "en")

    assert isinstance(drawn, Bars)
    assert drawn.columns == ["events", "practices"]
    assert [(bar.label, bar.series, bar.value, bar.width) for bar in drawn.bars] == [
        ("One", 0, 8, 520.0),
        ("", 1, 2, 130.0),
        ("Two", 0, 0, 0.0),
        ("", 1, 4, 260.0),
        ("Three", 1, 1, 65.0),
    ]
    assert drawn.unknown == ["Four"]
    assert all(one.y + 16 < other.y for one, other in zip(drawn.bars, drawn.bars[1:], strict=False))


def test_what_measures_nothing_has_no_bar() -> None:
    """The number of a line or of known gaps is no measure of the row."""
    rows = [named("org", "one", "organisation") | {"total": 3, "knownGaps": 9, "line": 80}]

    drawn = picture(answer("chart", rows), "en")

    assert isinstance(drawn, Bars)
    assert [bar.value for bar in drawn.bars] == [3]


def test_a_timeline_tells_certain_from_possible() -> None:
    """Between the latest beginning and the earliest end it is certain; a day that was asked for is marked."""
    rows = [
        named("activity", "known", "activity")
        | {"beginNotBefore": "2020-01-01", "beginNotAfter": "2020-07-01"}
        | {"endNotBefore": "2021-06-30", "endNotAfter": "2021-12-31"},
        named("activity", "vague", "activity")
        | {"beginNotBefore": "2021-01-01", "beginNotAfter": "2021-12-31"}
        | {"endNotBefore": "2021-01-01", "endNotAfter": "2021-12-31"},
    ]

    drawn = picture(answer("timeline", [*rows, rows[0]], day="2021-01-01"), "fi")

    assert isinstance(drawn, Timeline)
    known, vague = drawn.bars
    year = 960 * 365 / 731
    assert (known.x, known.width) == (20, 960)
    assert known.sure_x == pytest.approx(20 + 960 * 182 / 731, abs=0.1)
    assert known.sure_width == pytest.approx(960 * 365 / 731, abs=0.2)
    assert (vague.width, vague.sure_width) == (pytest.approx(year, abs=0.2), 0)
    assert known.words == "1.1.2020–31.12.2021"
    assert [x for x, _ in drawn.days] == [vague.x]
    assert [words for _, words in drawn.ticks if words] == ["2020", "2021"]
    assert not drawn.only_begin


def test_a_timeline_of_beginnings_says_so() -> None:
    """Without a column for the end no bar pretends to know how long something went on."""
    rows = [named("activity", "a", "activity") | {"beginNotBefore": "2020-01-01", "beginNotAfter": "2020-01-31"}]

    drawn = picture(answer("timeline", rows), "en")

    assert isinstance(drawn, Timeline)
    assert drawn.only_begin
    assert [bar.sure_width for bar in drawn.bars] == [0]


def test_a_map_tells_venues_from_subjects_and_names_what_it_lacks() -> None:
    """One point for each place of the column, with what takes place there; a place without a spot is named."""
    rows: list[Cells] = [
        named("place", "tampere", "venue") | named("activity", "one", "activity"),
        named("place", "tampere", "venue") | named("activity", "two", "activity"),
        named("place", "atlantis", "venue") | named("activity", "two", "activity"),
    ]
    drawn = picture(answer("map", rows), "en")
    about = picture(answer("map", [named("place", "saimaa", "place") | named("activity", "x", "activity")]), "en")

    assert isinstance(drawn, Map)
    assert isinstance(about, Map)
    assert [(point.name, point.words) for point in drawn.points] == [("Tampere", "One; Two")]
    assert drawn.elsewhere == ["Atlantis"]
    assert (drawn.kinds, about.kinds) == ({"venue"}, {"subject"})


def test_a_network_of_two_kinds_stands_in_columns() -> None:
    """Organisations to the left, contexts to the right; a pair that two rows state is one line, which says both."""
    rows = [
        named("org", "a", "organisation") | named("project", "p", "context") | named("activity", "x", "activity"),
        named("org", "a", "organisation") | named("project", "p", "context") | named("activity", "y", "activity"),
        named("org", "b", "organisation") | named("project", "p", "context") | named("activity", "z", "activity"),
    ]

    drawn = picture(answer("graph", rows), "en")

    assert isinstance(drawn, Network)
    assert [(edge.words, edge.href) for edge in drawn.edges] == [("A – P: X, Y", "#row-1"), ("B – P: Z", "#row-3")]
    assert {node.name: node.label.anchor for node in drawn.nodes if node.label} == {
        "A": "end",
        "B": "end",
        "P": "start",
    }
    assert not drawn.in_rings


def test_a_chain_leaves_out_the_step_that_it_lacks() -> None:
    """Where two are linked without a third, the line goes straight from the one to the other."""
    near = named("org", "a", "from") | named("org", "c", "to")
    far = named("org", "a", "from") | named("org", "b", "middle") | named("org", "c", "to")

    drawn = picture(answer("graph", [far, near]), "en")

    assert isinstance(drawn, Network)
    assert [edge.words for edge in drawn.edges] == ["A – B", "B – C", "A – C"]


def test_a_network_of_one_kind_stands_in_rings() -> None:
    """Parts that nothing links do not lie on each other, and everything is within the picture."""
    rows = [
        named("org", one, "organisation") | named("org", other, "partner")
        for one, other in ("ab", "bc", "ca", "ad", "ef", "gh")
    ]

    drawn = picture(answer("graph", rows), "en")

    assert isinstance(drawn, Network)
    assert drawn.in_rings
    assert (len(drawn.nodes), len(drawn.edges)) == (8, 6)
    assert all(0 < node.x < 1000 and 0 < node.y < drawn.height for node in drawn.nodes)
    spots = [(node.x, node.y) for node in drawn.nodes]
    assert min(abs(x - u) + abs(y - v) for i, (x, y) in enumerate(spots) for u, v in spots[:i]) > 30


def test_links_of_a_graph_are_lines_between_what_they_join() -> None:
    """A link is no point of its own; a graph without links is drawn statement by statement, without its words."""
    link, one, other = f"<{BASE}id/link/l>", f"<{BASE}id/org/a>", f"<{BASE}id/org/b>"
    joins, label = f"<{BASE}ns#linksOrganisation>", "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    joined = f'{link} {joins} {one} .\n{link} {joins} {other} .\n{one} {label} "Yksi"@fi .\n{one} {label} "One"@en .\n'
    plain = f'{one} <{BASE}ns#partOf> {other} .\n{one} {label} "One"@en .\n'

    first = picture(answer("graph", [], triples=joined), "en")
    second = picture(answer("graph", [], triples=plain), "en")

    assert isinstance(first, Network)
    assert isinstance(second, Network)
    assert [edge.words for edge in first.edges] == ["One – b"]
    assert [edge.words for edge in second.edges] == ["One – b: partOf"]
    said = statements(answer("graph", [], triples=joined), "sv")
    assert [(each.subject.label, each.predicate.label, each.value.label) for each in said][:2] == [
        ("l", "linksOrganisation", "Yksi"),
        ("l", "linksOrganisation", "b"),
    ]


def test_what_is_far_too_large_to_be_drawn_is_not_read_to_see_it() -> None:
    """The same tie, said ten thousand times more, would be a picture of one line: nobody waits for that."""
    tie = f"<{BASE}id/org/a> <{BASE}ns#partOf> <{BASE}id/org/b> .\n"

    assert isinstance(picture(answer("graph", [], triples=tie * 10_000), "en"), Network)
    assert picture(answer("graph", [], triples=tie * 10_001), "en") is None


@pytest.mark.parametrize("view", ["chart", "map", "timeline", "graph", "table"])
def test_an_answer_without_the_columns_of_its_view_has_no_picture(view: str) -> None:
    """Words alone are no numbers, no places, no days and no network; nor is nothing."""
    assert picture(answer(view, [{"word": "a", "wordLabel": "A"}]), "en") is None
    assert picture(answer(view, []), "en") is None


@pytest.mark.parametrize(
    ("view", "cells"),
    [
        ("chart", {"total": 3}),
        ("graph", {"partner": BASE + "id/org/hub", "partnerLabel": "Hub"}),
    ],
)
def test_too_many_rows_have_no_picture(view: str, cells: Cells) -> None:
    """What could only be drawn in part is left to the table."""
    rows = [named("org", f"n{number}", "organisation") | cells for number in range(90)]

    assert picture(answer(view, rows[:50]), "en") is not None
    assert picture(answer(view, rows), "en") is None


def test_of_a_long_timeline_the_first_is_drawn() -> None:
    """A timeline of many rows shows the first of them and says of how many."""
    rows = [named("org", f"n{n}", "organisation") | {"beginNotBefore": "2020-01-01"} for n in range(90)]

    drawn = picture(answer("timeline", rows), "en")

    assert isinstance(drawn, Timeline)
    assert len(drawn.bars) == 60
    assert drawn.of == 90
