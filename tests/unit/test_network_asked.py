"""What is asked of the network: parameters, two ends, organisations side by side, all shortest chains and obstacles."""

from types import SimpleNamespace
from typing import cast

import pytest
from pyoxigraph import NamedNode

from dialogiverkko.errors import BadParameterError
from dialogiverkko.network import asked, compared, contexts, paths
from dialogiverkko.network.links import Evidence, Link, Network, load
from dialogiverkko.network.selection import Selection
from dialogiverkko.saved.answers import Release, SavedQueries
from dialogiverkko.saved.parameters import Choice, Parameter

ORG = "https://w3id.org/dialogiverkko/id/org/"
STRONG, WEAK, WEAKEST = "joint-organisation", "partnership", "shared-context"


class _Saved:
    """Six things of each kind to choose from, and rows where some are given."""

    release = Release("1", "f" * 64)

    def __init__(self, *rows: dict[str, dict[str, str]]) -> None:
        self.rows = rows

    def choices(self, parameter: Parameter, language: str = "fi") -> list[Choice]:
        """Offer a to f for whatever has choices of its own."""
        del language
        if not parameter.choices_query:
            return []
        return [Choice(slug, NamedNode(parameter.base + slug), slug.upper()) for slug in "abcdef"]

    def ask(self, name: str, given: object = ()) -> SimpleNamespace:
        """Give the rows; those that name a query are its own."""
        del given
        rows = [row for row in self.rows if row.get("asked", {"value": name})["value"] == name]
        return SimpleNamespace(rows=rows)


def saved(*rows: dict[str, str]) -> SavedQueries:
    """Saved queries that answer with rows of plain values."""
    return cast(SavedQueries, _Saved(*({key: {"value": value} for key, value in row.items()} for row in rows)))


def network(*links: tuple[str, str, str]) -> Network:
    """A network of links, each by its ends and its strength."""
    found = [
        Link(f"link/{number}", (ORG + first, ORG + second), strength, "through", is_context=False, begin="2020-01-01")
        for number, (first, second, strength) in enumerate(links)
    ]
    return Network({ORG + slug: {} for slug in "abcdef"}, tuple(found), Release("1", "f" * 64))


def ways(found: paths.Paths) -> list[str]:
    """The chains of what was found, each by the letters of its organisations."""
    return ["".join(iri.removeprefix(ORG) for iri in chain.organisations) for chain in found.chains]


def test_a_request_that_says_nothing_asks_for_the_whole_network() -> None:
    """No filter, no end, no language, the table of links, one step."""
    given = network(("a", "b", WEAK))

    found = asked.read_request([], saved())

    assert found == asked.Request(Selection({}, "", ""), "", "edges", "", "", "", 1)
    assert found.of(given) == given


def test_a_request_is_read_by_its_names() -> None:
    """Each value goes where its name says."""
    pairs = [("strength", STRONG), ("lang", "sv"), ("part", "nodes"), ("around", "b"), ("depth", "2")]
    pairs += [("begin", "2020-01-01"), ("end", "2021-12-31"), ("from", "a"), ("to", "c"), ("organisation", "a,b")]
    pairs += [("year", "2020"), ("year", "2021"), ("strength", WEAK)]

    found = asked.read_request(pairs, saved())

    wanted = {"strength": (STRONG, WEAK), "year": ("2020", "2021"), "organisation": ("a", "b")}
    assert found == asked.Request(
        Selection(wanted, "2020-01-01", "2021-12-31"), "sv", "nodes", ORG + "a", ORG + "c", ORG + "b", 2
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("strength", (STRONG, WEAK)),
        ("basis", ("explicit", "inherited")),
        ("status", ("planned", "realised")),
        ("year", ("2020", "2021")),
        ("method", ("a", "b")),
        ("organisation", ("a", "b")),
        ("source", ("a", "b")),
    ],
)
def test_every_filter_takes_several_values(name: str, values: tuple[str, ...]) -> None:
    """Given one by one or with commas."""
    for pairs in ([(name, value) for value in values], [(name, ",".join(values))]):
        assert asked.read_request(pairs, saved()).selection == Selection({name: values})


@pytest.mark.parametrize(
    ("pairs", "parameter"),
    [([("from", "a")], "to"), ([("to", "a")], "from"), ([("from", "a"), ("to", "a")], "to")],
)
def test_a_chain_needs_two_different_ends(pairs: list[tuple[str, str]], parameter: str) -> None:
    """The error names the parameter that has to change."""
    with pytest.raises(BadParameterError) as caught:
        asked.read_request(pairs, saved())

    assert caught.value.details["parameter"] == parameter


def test_surroundings_are_those_of_the_organisation_that_is_named() -> None:
    """One step where no depth is given; no organisation is left out for want of room."""
    given = network(("a", "b", WEAK), ("b", "c", WEAK), ("c", "d", WEAK))

    def around(*more: tuple[str, str]) -> list[str]:
        return asked.read_request([("around", "a"), *more], saved()).of(given).organisations

    assert around() == [ORG + "a", ORG + "b"]
    assert around(("depth", "3")) == [ORG + slug for slug in "abcd"]


def test_the_ends_of_chains_may_lack_on_the_page_alone() -> None:
    """An address for programs takes a language, and needs both ends; the page shows a form."""
    assert paths.read_ends([], saved()).start == ""
    assert paths.read_ends([("from", "a"), ("to", "b"), ("lang", "fi")], saved(), "lang").goal == ORG + "b"
    with pytest.raises(BadParameterError, match="two ends"):
        paths.read_ends([], saved(), "lang")
    with pytest.raises(BadParameterError, match="no parameter 'lang'"):
        paths.read_ends([("from", "a"), ("to", "b"), ("lang", "fi")], saved())


def test_all_shortest_chains_are_found_the_strongest_first() -> None:
    """Of equally strong ones that of more links, then the alphabet; a longer one is told where it is stronger."""
    given = network(
        ("a", "b", WEAK), ("b", "f", WEAK), ("a", "c", WEAK), ("c", "f", STRONG),
        ("a", "d", STRONG), ("d", "e", STRONG), ("e", "f", STRONG),
    )  # fmt: skip

    found = paths.find(given, ORG + "a", ORG + "f")

    assert ways(found) == ["acf", "abf"]
    assert (found.total, found.steps) == (2, 2)
    assert found.stronger is not None
    assert found.stronger.organisations == tuple(ORG + slug for slug in "adef")
    assert [link.iri for link in paths.links_of(found)] == [f"link/{n}" for n in (2, 3, 0, 1, 4, 5, 6)]


def test_of_equally_strong_chains_that_of_more_links_comes_first() -> None:
    """What two sources say is told before what one says."""
    given = network(("a", "b", WEAK), ("b", "d", WEAK), ("a", "c", WEAK), ("c", "d", WEAK), ("c", "d", WEAK))

    assert ways(paths.find(given, ORG + "a", ORG + "d")) == ["acd", "abd"]


def test_a_chain_that_is_the_strongest_too_is_told_once() -> None:
    """No longer chain is offered where the shortest is as strong as any."""
    found = paths.find(network(("a", "b", STRONG), ("b", "c", STRONG)), ORG + "a", ORG + "c")

    assert (ways(found), found.stronger) == (["abc"], None)


def test_more_chains_are_counted_than_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both numbers are bounded."""
    monkeypatch.setattr(paths, "COUNTED", 3)
    monkeypatch.setattr(paths, "SHOWN", 2)
    given = network(*((*ends, WEAK) for middle in "bcde" for ends in (("a", middle), (middle, "f"))))

    found = paths.find(given, ORG + "a", ORG + "f")

    assert (len(found.chains), found.total) == (2, 3)


@pytest.mark.parametrize("goal", ["c", "f"])
def test_no_chain_is_no_step(goal: str) -> None:
    """Where there are two parts, and where one of the two has no link at all."""
    found = paths.find(network(("a", "b", WEAK), ("c", "d", WEAK)), ORG + "a", ORG + goal)

    assert (found.chains, found.total, found.steps, found.stronger) == ((), 0, 0, None)
    assert paths.find(network(("a", "b", WEAK)), ORG + "f", ORG + "a").steps == 0


def test_an_obstacle_names_the_filters_that_stand_in_the_way() -> None:
    """With the length of the chain without each, and how many links were left out."""
    given = network(("a", "b", WEAK), ("b", "c", STRONG))
    choice = Selection({"strength": (STRONG,)}, begin="2019-01-01", end="2021-01-01")

    found = paths.obstacle(given, choice, ORG + "a", ORG + "c")

    assert found == paths.Obstacle(1, 2, (("strength", 2),), ())
    assert paths.obstacle(given, Selection(begin="2021-01-01"), ORG + "a", ORG + "c").filters == (("begin", 2),)
    assert paths.obstacle(given, Selection(end="2019-01-01"), ORG + "a", ORG + "c").filters == (("end", 2),)
    assert paths.obstacle(given, Selection(), ORG + "a", ORG + "f") == paths.Obstacle(0, 0, (), (ORG + "f",))


def test_organisations_are_compared_in_the_order_in_which_they_are_given() -> None:
    """Two to four, each once, with commas or several times; none where none is given."""
    assert compared.read_compared([], saved()) == ()
    assert compared.read_compared([("organisations", " , ")], saved()) == ()
    assert compared.read_compared([("organisations", "c,a"), ("organisations", "a")], saved()) == (ORG + "c", ORG + "a")
    assert len(compared.read_compared([("organisations", "a,b,c,d")], saved())) == 4


@pytest.mark.parametrize(
    ("given", "nearest"),
    [("a", "a,om"), ("a,a", "a,om"), ("a,b,c,d,e", "a,b,c,d"), ("a,b,c,d,e,f", "a,b,c,d")],
)
def test_one_and_more_than_four_are_refused_with_what_would_be_right(given: str, nearest: str) -> None:
    """The example has as many as may be, of those that were given first."""
    with pytest.raises(BadParameterError) as caught:
        compared.read_compared([("organisations", given)], saved())

    assert caught.value.details["nearest"] == nearest


def test_organisations_hang_together_by_their_contexts() -> None:
    """Each pair once, with the names of all its activities, in order and each once."""
    row = {"reporter": "o", "reporterLabel": "O", "context": "c", "contextLabel": "C"}
    rows = [{**row, "activityLabel": name} for name in ("Toinen", "Eka", "Toinen")]

    graph = contexts.bipartite(saved(*rows))

    assert dict(graph.nodes(data=True)) == {"o": {"bipartite": 0, "label": "O"}, "c": {"bipartite": 1, "label": "C"}}
    assert list(graph.edges(data=True)) == [("o", "c", {"activities": "Eka; Toinen"})]


def test_who_is_known_by_kind_alone_is_told_with_what_is_known() -> None:
    """A kind without a label by its IRI, nobody who reports as nothing, no line as 0; in the order of the labels."""
    whole = {
        "participantKind": "k", "participantKindLabel": "Yhdistyksiä", "activity": "x", "activityLabel": "X",
        "reporter": "o", "reporterLabel": "O", "line": "7",
    }  # fmt: skip
    bare = {"participantKind": "http://kind", "activity": "y", "activityLabel": "Y"}

    assert contexts.unnamed(saved(bare, whole, bare)) == [
        contexts.Unnamed("k", "Yhdistyksiä", "x", "X", "o", "O", 7),
        contexts.Unnamed("http://kind", "http://kind", "y", "Y", "", "", 0),
    ]


def test_a_link_is_read_with_what_is_told_of_it() -> None:
    """Rows of one link become one; a row without a passage brings no evidence; the period spans all times."""
    of_link = {"asked": "network-links", "link": "l", "through": "t", "organisation": "o", "partner": "p"}
    of_link |= {"strength": "https://w3id.org/dialogiverkko/vocab/strength/partnership", "isContext": "false"}
    when = {"asked": "network-circumstances", "through": "t", "status": "https://x/vocab/status/planned"}
    rows = [
        {**of_link, "passage": "b", "line": "9", "source": "s", "basis": "https://x/vocab/basis/explicit"},
        {**of_link, "passage": "a", "quote": "words", "source": "s"},
        of_link,
        {**when, "begin": "2020-02-01"},
        {**when, "begin": "2021-01-01", "end": "2021-12-31"},
        {"asked": "network-roles", "through": "t", "organisation": "p", "role": "https://x/vocab/role/partner"},
        {"asked": "network-names", "thing": "o", "name": "Oo"},
    ]

    (link,) = load(saved(*rows)).links

    assert link == Link(
        "l", ("o", "p"), "partnership", "t", is_context=False, roles={"p": ("partner",)}, bases=("explicit",),
        evidence=(Evidence("a", 0, "words", "s"), Evidence("b", 9, "", "s")), statuses=("planned",),
        begin="2020-02-01", end="2021-12-31", periods=(("2020-02-01", ""), ("2021-01-01", "2021-12-31")),
    )  # fmt: skip


def test_links_are_told_apart_by_their_iris() -> None:
    """One row is a link too; each has the circumstances of what it goes through."""
    strength = "https://w3id.org/dialogiverkko/vocab/strength/"
    rows = [
        {
            "asked": "network-links", "link": each, "through": f"t{each}", "organisation": "o", "partner": each,
            "strength": strength + WEAK, "isContext": "true",
        }
        for each in ("p", "q")
    ]  # fmt: skip
    rows.append({"asked": "network-circumstances", "through": "tq", "method": "https://x/vocab/method/sauna/"})

    first, second = load(saved(*rows)).links

    assert first == Link("p", ("o", "p"), WEAK, "tp", is_context=True)
    assert second == Link("q", ("o", "q"), WEAK, "tq", is_context=True, methods=("sauna",))


def test_what_is_not_stated_may_be_asked_beside_values() -> None:
    """By ``none``, alone or with commas; an organisation is always there, so that it has none of that."""
    pairs = [("method", "none, a"), ("method", "b"), ("year", "none"), ("basis", "explicit"), ("source", "a,b")]

    found = asked.read_request(pairs, saved()).selection.wanted

    assert found == {
        "basis": ("explicit",), "year": ("none",), "method": ("a", "b", "none"), "source": ("a", "b"),
    }  # fmt: skip
    with pytest.raises(BadParameterError, match="cannot be 'none'"):
        asked.read_request([("organisation", "none")], saved())
