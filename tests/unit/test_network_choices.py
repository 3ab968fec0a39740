"""What the network tells where several things would do: of chains alike in length, of days at the edge of a period."""

import pytest

from dialogiverkko.network import chains, exports
from dialogiverkko.network.links import Link, Network
from dialogiverkko.network.measures import simple_graph
from dialogiverkko.network.selection import Selection, options, select
from dialogiverkko.network.surroundings import strongest
from dialogiverkko.saved.answers import Release

STRENGTH = "https://w3id.org/dialogiverkko/vocab/strength/"
ORG = "https://w3id.org/dialogiverkko/id/org/"


def link(first: str, second: str, strength: str, **days: str) -> Link:
    """A link of some strength between two organisations."""
    return Link(f"link/{first}-{second}", (ORG + first, ORG + second), strength, "through", is_context=False, **days)  # type: ignore[arg-type]  # fields by name


def network(*links: Link) -> Network:
    """A network of links and no names."""
    return Network({}, links, Release("1", "f" * 64))


@pytest.mark.parametrize(("strong", "weak"), [("b", "c"), ("c", "b")])
@pytest.mark.parametrize("weakest", ["partnership", "involvement", "shared-context"])
def test_of_two_equally_short_chains_the_stronger_is_told(strong: str, weak: str, weakest: str) -> None:
    """Whichever stands first in the graph."""
    links = network(
        link("a", weak, "joint-organisation"),
        link(weak, "d", weakest),
        link("a", strong, "joint-organisation"),
        link(strong, "d", "joint-organisation"),
    )

    chain = chains.shortest(links, ORG + "a", ORG + "d")

    assert chain is not None
    assert chain.organisations == (ORG + "a", ORG + strong, ORG + "d")


@pytest.mark.parametrize("short", ["involvement", "shared-context"])
def test_a_shorter_chain_wins_over_a_stronger_one(short: str) -> None:
    """Fewest links first: strength decides between equals only."""
    strong = "joint-organisation"
    links = network(link("a", "d", short), link("a", "b", strong), link("b", "d", strong))

    chain = chains.shortest(links, ORG + "a", ORG + "d")

    assert chain is not None
    assert chain.organisations == (ORG + "a", ORG + "d")


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(begin="2020-12-31"), True),
        (Selection(begin="2021-01-01"), False),
        (Selection(end="2020-01-01"), True),
        (Selection(end="2019-12-31"), False),
        (Selection(begin="2020-06-01", end="2020-06-01"), True),
    ],
)
def test_the_first_and_the_last_day_belong_to_a_period(selection: Selection, kept: bool) -> None:
    """What ended on the first day of the period, or began on its last, may fall within it."""
    given = network(link("a", "b", "partnership", begin="2020-01-01", end="2020-12-31"))

    assert bool(select(given, selection).links) is kept


def test_a_link_without_a_time_falls_into_no_period() -> None:
    """Nothing says that it does."""
    given = network(link("a", "b", "partnership"))

    assert select(given, Selection(begin="2020-01-01")).links == ()
    assert select(given, Selection(end="2020-01-01")).links == ()


@pytest.mark.parametrize("end", ["begin", "end"])
def test_a_time_that_is_open_counts_by_the_end_that_is_told(end: str) -> None:
    """It is a time all the same: its year is known, and so is whether it falls into a period."""
    open_ended = link("a", "b", "partnership", **{end: "2021-03-05"})

    def kept(selection: Selection) -> bool:
        return select(network(open_ended), selection).links == (open_ended,)

    assert open_ended.years == ("2021",)
    assert kept(Selection({"year": ("2021",)}))
    assert not kept(Selection({"year": ("none",)}))
    assert kept(Selection(begin="2021-01-01", end="2021-12-31"))
    assert not kept(Selection(begin="2021-03-06"))
    assert not kept(Selection(end="2021-03-04"))


def test_of_several_links_the_strongest_is_kept_and_weighs_most() -> None:
    """Whichever comes first."""
    for order in ((0, 1), (1, 0)):
        both = (link("a", "b", "joint-organisation"), link("a", "b", "shared-context"))
        graph = simple_graph(network(*(both[index] for index in order), link("b", "c", "shared-context")))

        assert graph.edges[ORG + "a", ORG + "b"]["strength"] == "joint-organisation"
        assert graph.edges[ORG + "a", ORG + "b"]["weight"] > graph.edges[ORG + "b", ORG + "c"]["weight"] > 0


def test_rows_name_strengths_and_number_parts_from_one() -> None:
    """A spreadsheet shows the label of a strength in the reader's language, and the first part as 1."""
    names = {STRENGTH + "partnership": {"en": "Partnership"}, ORG + "a": {"en": "A"}}
    given = Network(names, (link("a", "b", "partnership"),), Release("1", "f" * 64))

    (edge,) = exports.edges(given, "en")

    assert (edge["strengthLabel"], edge["sourceLabel"], edge["targetLabel"]) == ("Partnership", "A", "b")
    assert {(row["component"], row["community"]) for row in exports.nodes(given, "en")} == {(1, 1)}


def test_an_organisation_is_found_by_slug_or_iri() -> None:
    """Both name the same."""
    given = Network({ORG + "om": {"fi": "Oikeusministeriö"}}, (), Release("1", "f" * 64))

    assert given.find("om") == given.find(ORG + "om") == ORG + "om"


@pytest.mark.parametrize(("strength", "weight"), [("joint-organisation", 6.0), ("shared-context", 1.0)])
def test_the_weight_of_an_edge_is_higher_the_stronger_its_link(strength: str, weight: float) -> None:
    """As many strengths as there are, counted from the weakest, so that no weight is nothing."""
    graph = exports.as_graph(network(link("a", "b", strength)))

    assert [each for *_, each in graph.edges(data="weight")] == [weight]


def test_the_other_end_of_a_link_is_found_from_either() -> None:
    """Whichever stands first."""
    both = link("a", "b", "partnership")

    assert (both.other(ORG + "a"), both.other(ORG + "b")) == (ORG + "b", ORG + "a")


def test_a_value_is_offered_by_the_concept_that_it_names() -> None:
    """A strength is a concept of ours; a year is what it says."""
    offered = options(network(link("a", "b", "partnership", begin="2020-01-01")), "en")

    assert [option.iri for option in offered["strength"]] == [STRENGTH + "partnership"]
    assert [option.iri for option in offered["year"]] == ["2020"]


def test_a_cut_network_keeps_the_strongest_with_a_partner_each() -> None:
    """Who has none among those chosen brings the strongest one, as long as there is room for both."""
    strong, weak = "joint-organisation", "shared-context"
    star = [link("a", other, strong) for other in "bc"]
    apart = [link("d", "e", strong), link("d", "f", weak), link("e", "g", weak)]

    def kept(most: int) -> list[str]:
        return [iri.removeprefix(ORG) for iri in strongest(network(*star, *apart), most).organisations]

    assert kept(2) == ["a", "b"]
    assert kept(3) == ["a", "b"]
    assert kept(4) == ["a", "b", "d", "e"]
    assert kept(5) == ["a", "b", "c", "d", "e"]


def test_a_network_that_just_fits_is_not_cut() -> None:
    """It stays the same one, so that what was counted of it is not counted again."""
    given = network(link("a", "b", "partnership"), link("b", "c", "shared-context"))

    assert strongest(given, 3) is given


def test_a_value_is_ticked_where_it_is_wanted_or_nothing_is_said_of_its_filter() -> None:
    """A filter without any value has none ticked."""
    choice = Selection({"strength": ("partnership",), "basis": ()})

    assert choice.has("strength", "partnership")
    assert not choice.has("strength", "involvement")
    assert not choice.has("basis", "explicit")
    assert choice.has("year", "2020")


def test_the_last_place_is_left_to_one_who_has_a_partner_there() -> None:
    """A pair is not begun where one place is left."""
    pairs = [link("a", "b", "joint-organisation"), link("c", "d", "partnership"), link("b", "e", "shared-context")]

    assert strongest(network(*pairs), 4).organisations == [ORG + each for each in "abcd"]
    assert strongest(network(*pairs), 3).organisations == [ORG + each for each in "ab"]
