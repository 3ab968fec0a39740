"""What the network tells where several things would do: of chains alike in length, of days at the edge of a period."""

import pytest

from dialogiverkko.network import chains
from dialogiverkko.network.links import Link, Network, Selection, select
from dialogiverkko.saved.answers import Release

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
