"""The collaboration network: selections, chains, measures and exports, on five organisations."""

import csv
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

from dialogiverkko.errors import BadParameterError
from dialogiverkko.media import CSV, JSON
from dialogiverkko.network import chains, exports, links
from dialogiverkko.network.links import Evidence, Link, Network
from dialogiverkko.network.measures import bridges, centralities, communities, components, growth, simple_graph
from dialogiverkko.network.selection import Selection, options, read_selection, select
from dialogiverkko.network.surroundings import around, size_around, strongest
from dialogiverkko.saved.answers import Release

ORG = "https://w3id.org/dialogiverkko/id/org/"


def _link(first: str, second: str, strength: str, number: int, **more: object) -> Link:
    evidence = (Evidence(f"src/L{number:03}", number, f"words {number}", "https://example.org/doc/listing"),)
    values = {"statuses": ("realised",), "begin": "2020-01-01", "end": "2020-12-31", "bases": ("explicit",)}
    return Link(
        iri=f"https://w3id.org/dialogiverkko/id/link/{number}",
        ends=(ORG + first, ORG + second),
        strength=strength,
        through=f"https://w3id.org/dialogiverkko/id/activity/{number}",
        is_context=strength == "shared-context",
        evidence=evidence,
        **{**values, **more},  # type: ignore[arg-type] # fields by name
    )


@pytest.fixture
def network() -> Network:
    """A chain a–b–c of strong links, a weak link a–c, and d–e apart."""
    names = {ORG + slug: {"fi": slug.upper(), "en": f"{slug.upper()}-en"} for slug in "abcdef"}
    names["https://w3id.org/dialogiverkko/id/activity/1"] = {"fi": "Yksi", "en": "One"}
    links = (
        _link("a", "b", "joint-organisation", 1),
        _link("a", "b", "involvement", 2, bases=("implied-by-heading",)),
        _link("b", "c", "partnership", 3, statuses=("planned",), begin="2022-01-01", end="2024-12-31"),
        _link("a", "c", "shared-context", 4, bases=(), begin="", end=""),
        _link("d", "e", "partnership", 5, methods=("eratauko",)),
    )
    return Network(names, links, Release("1", "f" * 64))


def test_the_shortest_chain_has_the_fewest_links(network: Network) -> None:
    """One weak link is shorter than two strong ones."""
    chain = chains.shortest(network, ORG + "a", ORG + "c")

    assert chain is not None
    assert chain.organisations == (ORG + "a", ORG + "c")


def test_the_strongest_chain_avoids_the_weak_link(network: Network) -> None:
    """Two strong links are stronger than one weak one, and of two links the stronger is told."""
    chain = chains.strongest(network, ORG + "a", ORG + "c")

    assert chain is not None
    assert chain.organisations == (ORG + "a", ORG + "b", ORG + "c")
    assert [[link.strength for link in links] for links in chain.links] == [
        ["joint-organisation"],
        ["partnership"],
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", "A ja B järjestävät tai koordinoivat yhdessä: Yksi. [rivi 1: ”words 1”]"),
        ("sv", "A och B ordnar eller samordnar tillsammans: Yksi. [rad 1: ”words 1”]"),
        ("en", "A-en and B-en organise or coordinate together: One. [line 1: ”words 1”]"),
    ],
)
def test_a_link_is_told_with_its_evidence(network: Network, language: str, expected: str) -> None:
    """A sentence names both, what they share, and the line and words that say so."""
    assert chains.sentence(network, network.links[0], language) == expected


def test_a_link_by_heading_says_so(network: Network) -> None:
    """A reader sees where an involvement was implied."""
    assert "partly implied by the heading" in chains.sentence(network, network.links[1], "en")


def test_a_chain_is_told_link_by_link_from_its_start(network: Network) -> None:
    """Each sentence begins with the organisation that the one before led to, whichever end the link names first."""
    chain = chains.strongest(network, ORG + "c", ORG + "a")

    assert chains.chain_sentences(network, chain, ORG + "c", ORG + "a", "en") == [
        "C-en and B-en are partners: 3. [line 3: ”words 3”]",
        "B-en and A-en organise or coordinate together: One. [line 1: ”words 1”]",
    ]


def test_no_chain_is_told_as_no_proof(network: Network) -> None:
    """Two parts without a link between them give no chain, and the sentence does not overclaim."""
    start, goal = ORG + "a", ORG + "d"

    assert chains.shortest(network, start, goal) is None
    assert chains.chain_sentences(network, None, start, goal, "en") == [
        "A-en and D-en: the source gives no chain that joins them. That does not mean that there is none."
    ]


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(), ["1", "2", "3", "4", "5"]),
        (Selection({"strength": ("partnership",)}), ["3", "5"]),
        (Selection({"basis": ("explicit",)}), ["1", "3", "5"]),
        (Selection({"status": ("planned",)}), ["3"]),
        (Selection({"method": ("eratauko",)}), ["5"]),
        (Selection({"basis": ("explicit", "implied-by-heading")}), ["1", "2", "3", "5"]),
        (Selection({"year": ("2024",)}), ["3"]),
        (Selection({"year": ("none",)}), ["4"]),
        (Selection({"organisation": ("b",)}), ["1", "2", "3"]),
        (Selection({"organisation": ("b", "a")}), ["1", "2"]),
        (Selection({"source": ("listing",)}), ["1", "2", "3", "4", "5"]),
        (Selection({"source": ("other",)}), []),
        (Selection({"strength": ()}), []),
        (Selection(begin="2021-01-01"), ["3"]),
        (Selection(begin="2020-06-01", end="2020-07-01"), ["1", "2", "5"]),
    ],
)
def test_a_selection_keeps_what_it_names(network: Network, selection: Selection, kept: list[str]) -> None:
    """Strength, basis, status, method and period each narrow the network; no time means not in a period."""
    chosen = select(network, selection)

    assert [link.iri.rsplit("/", 1)[-1] for link in chosen.links] == kept


def test_measures_are_those_of_networkx(network: Network) -> None:
    """Degree counts organisations, not links; components and communities are in a fixed order."""
    first = centralities(network)[0]

    assert (first.organisation, first.degree) == (ORG + "a", 2)
    assert components(network) == [[ORG + "a", ORG + "b", ORG + "c"], [ORG + "d", ORG + "e"]]
    assert communities(network)[-1] == [ORG + "d", ORG + "e"]
    assert simple_graph(network)[ORG + "a"][ORG + "b"]["strength"] == "joint-organisation"


def test_an_unknown_organisation_is_answered_with_the_nearest(network: Network) -> None:
    """An organisation without links is known; one that nobody names is not."""
    assert network.find("f") == ORG + "f"
    with pytest.raises(BadParameterError):
        network.find("zzz")


def test_an_organisation_is_found_by_a_name_that_is_its_alone(network: Network) -> None:
    """In any language and case, by any space between words; a name that two bear finds neither."""
    names = {
        ORG + "f": {"fi": "Kansan sivistys", "sv": "Folkbildning"},
        ORG + "g": {"fi": "Sama"},
        ORG + "h": {"fi": "Sama"},
    }
    named = replace(network, names={**names, **network.names, ORG + "f": names[ORG + "f"]})

    for word in ("folkbildning", " Kansan  SIVISTYS", "F"):
        assert named.find(word) == ORG + "f"
    with pytest.raises(BadParameterError):
        named.find("Sama")


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("-a", "'-a"), ("-5", "-5"), ("+3,5", "+3,5"), ("a=b", "a=b"), (5, 5)],
)
def test_a_cell_that_a_spreadsheet_would_evaluate_is_marked(cell: object, written: object) -> None:
    """A number is none, with a sign or without."""
    assert exports.inert(cell) == written


def test_graphml_opens_again_with_every_edge(network: Network) -> None:
    """networkx reads back the same nodes, edges and attributes."""
    again = nx.parse_graphml(exports.write_network(network, exports.GRAPHML, "fi").decode(), force_multigraph=True)

    assert set(again) == set(network.organisations)
    assert sorted(data["lines"] for _, _, data in again.edges(data=True)) == ["1", "2", "3", "4", "5"]
    assert again.nodes[ORG + "a"]["label"] == "A"


def test_gexf_opens_again_with_every_edge(network: Network) -> None:
    """networkx reads back nodes, edges and the sentence on each edge."""
    again = nx.read_gexf(io.BytesIO(exports.write_network(network, exports.GEXF, "en")))

    assert set(again) == set(network.organisations)
    assert again.number_of_edges() == 5
    assert {data["beginNotBefore"] for _, _, data in again.edges(data=True)} >= {"2020-01-01", "2022-01-01"}
    assert again.nodes[ORG + "a"]["label"] == "A-en"


def test_json_opens_again_as_a_node_link_graph(network: Network) -> None:
    """The node-link form keeps parallel links and says which graph it comes from."""
    document = json.loads(exports.write_network(network, JSON, "fi"))
    again = nx.node_link_graph(document)

    assert again.is_multigraph()
    assert again.number_of_edges(ORG + "a", ORG + "b") == 2
    assert again.graph["digest"] == "f" * 64


@pytest.mark.parametrize(
    ("part", "columns", "count"), [("edges", exports.EDGE_COLUMNS, 5), ("nodes", exports.NODE_COLUMNS, 5)]
)
def test_csv_opens_again(network: Network, part: str, columns: tuple[str, ...], count: int) -> None:
    """Edges and nodes come as a table each, one row for each."""
    rows = list(csv.DictReader(io.StringIO(exports.write_network(network, CSV, "fi", part=part).decode(), newline="")))

    assert tuple(rows[0]) == columns
    assert len(rows) == count


def test_a_choice_is_read_as_it_is_written(network: Network) -> None:
    """A group of boxes left whole says nothing, one without a tick takes nothing, one that no link has takes none."""
    offered = options(network, "en")
    given = [("strength", ""), ("organisation", "b"), ("method", "sauna"), ("basis", "explicit")]
    choice = read_selection(given, offered)

    assert choice.wanted == {"strength": (), "basis": ("explicit",), "method": ("sauna",), "organisation": ("b",)}
    assert choice.query == "strength=&basis=explicit&method=sauna&organisation=b"
    assert select(network, read_selection([("method", "sauna")], offered)).links == ()
    assert (
        read_selection([("basis", "explicit"), ("basis", "implied-by-heading"), ("basis", "none")], offered).wanted
        == {}
    )
    assert [(option.token, option.count) for option in offered["year"]][-1] == ("none", 1)


def test_surroundings_reach_as_far_as_they_are_asked(network: Network) -> None:
    """One step takes partners and the links between them, two take theirs; more than fit are left out."""
    chain = Network(network.names, (*network.links, _link("c", "f", "partnership", 6)), network.release)

    assert around(chain, ORG + "a", 1, 9).organisations == [ORG + "a", ORG + "b", ORG + "c"]
    assert size_around(chain, ORG + "a", 2) == 4
    assert around(chain, ORG + "a", 1, 2).organisations == [ORG + "a", ORG + "b"]
    assert around(chain, ORG + "a", 2, 3).organisations == [ORG + "a", ORG + "b", ORG + "c"]
    assert strongest(chain, 2).organisations == [ORG + "a", ORG + "b"]
    assert strongest(chain, 9) == chain


def test_a_network_is_read_as_it_was_written(network: Network, tmp_path: Path) -> None:
    """Every field of every link, and the names, by the release of whoever reads it."""
    periods = (("2020-01-01", ""), ("", "2021-12-31"))
    roles = {ORG + "a": ("coordinator", "organiser")}
    more = replace(network.links[0], roles=roles, periods=periods, evidence=())
    written = replace(network, links=(*network.links, more))
    links.write(written, tmp_path / links.FILE)
    found = links.read(tmp_path / links.FILE, Release("2", "e" * 64))

    assert (found.links, found.names, found.release.version) == (written.links, written.names, "2")


@pytest.mark.parametrize("seed", range(20))
def test_the_sides_of_a_bridge_are_what_is_left_without_it(network: Network, seed: int) -> None:
    """In networks of any form: each bridge is one, all of them are found, and both sides are counted whole."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    pairs = {tuple(sorted(chance.sample("abcdefghijkl", 2))) for _ in range(chance.randrange(1, 18))}
    some = replace(network, links=tuple(_link(*pair, "partnership", n) for n, pair in enumerate(sorted(pairs))))
    graph = simple_graph(some)
    cuts = {}
    for pair in graph.edges:
        cut = nx.restricted_view(graph, [], [pair])
        if not nx.has_path(cut, *pair):
            sizes = {end: len(nx.node_connected_component(cut, end)) for end in pair}
            cuts[tuple(sorted(pair))] = tuple(sizes[end] for end in sorted(pair))

    assert {bridge.ends: bridge.sizes for bridge in bridges(some)} == cuts


def test_bridges_hold_parts_together(network: Network) -> None:
    """In a triangle no link is one; the only link of a pair is."""
    chain = Network(network.names, (*network.links, _link("c", "f", "partnership", 6)), network.release)

    assert [(bridge.ends, bridge.sizes) for bridge in bridges(chain)] == [
        ((ORG + "c", ORG + "f"), (3, 1)),
        ((ORG + "d", ORG + "e"), (1, 1)),
    ]


def test_growth_tells_who_was_linked_first_when(network: Network) -> None:
    """A pair is new in the first year of its first link; a link without a time is in no year."""
    told = growth(network)

    assert [item.year for item in told] == ["2020", "2022", "2023", "2024"]
    assert [[link.iri.rsplit("/", 1)[-1] for link in item.pairs] for item in told] == [["1", "5"], ["3"], [], []]
    assert told[0].organisations == (ORG + "a", ORG + "b", ORG + "d", ORG + "e")
    assert [item.links for item in told] == [3, 1, 1, 1]


def test_words_without_a_line_are_cited_by_their_source(network: Network) -> None:
    """A page of which no text is held is named; where not even words are given, the page is."""
    doc = "https://example.org/doc/page"
    names = {**network.names, doc: {"en": "A page"}}
    evidence = (Evidence("src/p", 0, "words", doc), Evidence("src/q", 0, "", doc))
    link = _link("a", "b", "partnership", 9)
    told = chains.sentence(Network(names, (), network.release), replace(link, evidence=evidence), "en")

    assert told.endswith("[A page: ”words”; A page]")
