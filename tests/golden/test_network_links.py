"""The links of the graph are those that were checked by hand, one by one, in network.md."""

import json
from pathlib import Path
from urllib.request import urlopen

import networkx as nx
import pytest
from flask import Flask

from dialogiverkko.app import build_network
from dialogiverkko.network import chains
from dialogiverkko.network.contexts import bipartite, unnamed
from dialogiverkko.network.links import FILE, Network, load, read
from dialogiverkko.saved.answers import SavedQueries

TABLE = Path(__file__).resolve().parent / "network.md"


@pytest.fixture(scope="module")
def network(saved: SavedQueries) -> Network:
    """The network of the real graph."""
    return load(saved)


def checked() -> dict[str, tuple[str, str, str]]:
    """Return strength, lines and verdict of each link in the table."""
    rows = [line.strip("|").split("|") for line in TABLE.read_text(encoding="utf-8").splitlines() if "--" in line]
    cells = [[cell.strip() for cell in row] for row in rows if len(row) == 5 and not row[0].startswith("---")]
    return {link: (strength, lines, verdict) for link, strength, lines, _, verdict in cells}


def test_the_network_that_is_kept_is_that_of_the_whole_graph(
    network: Network, application: Flask, tmp_path: Path
) -> None:
    """Though it is read from the few predicates alone that its queries ask for."""
    snapshot = application.extensions["dialogiverkko"].snapshot
    build_network(snapshot, tmp_path)

    kept = read(tmp_path / FILE, network.release)

    assert kept.links == network.links
    assert kept.names == network.names


def test_every_link_was_checked_and_every_check_has_its_link(network: Network) -> None:
    """Link, strength and lines of the graph are those of the table, and each has a verdict."""
    found = {
        link.iri.removeprefix("https://w3id.org/dialogiverkko/id/link/"): (
            link.strength,
            ", ".join(str(line) for line in sorted({item.line for item in link.evidence})),
        )
        for link in network.links
    }

    assert found == {link: (strength, lines) for link, (strength, lines, _) in checked().items()}
    assert all(verdict.startswith("holds") for _, _, verdict in checked().values())


def test_co_attendance_is_no_link(network: Network) -> None:
    """No link rests on the line that lists who attended, nor goes through that event."""
    assert all(item.line != 3 for link in network.links for item in link.evidence)
    assert not [link for link in network.links if "vertaisdialogi" in link.through]


def test_people_of_an_organisation_link_it_through_people_only(network: Network) -> None:
    """Planners of two cities and pupils of a school took part; cities and school are no parties themselves."""
    found = {
        (end.rsplit("/", 1)[-1], link.strength)
        for link in network.links
        for end in link.ends
        if end.rsplit("/", 1)[-1] in {"hyvinkaa", "turku", "hyvinkaan-lukio"}
    }

    assert found == {(town, "through-people") for town in ("hyvinkaa", "turku", "hyvinkaan-lukio")}


def test_every_link_shows_its_words(network: Network) -> None:
    """Each has at least one passage with a quote, and a sentence in each language that cites its lines."""
    for link in network.links:
        assert link.evidence
        assert all(item.quote for item in link.evidence)
        for language in ("fi", "sv", "en"):
            told = chains.sentence(network, link, language)
            assert all(str(item.line) in told for item in link.evidence)


def test_the_chain_of_two_ministries_goes_through_the_third(network: Network) -> None:
    """VM and VNK have no link of their own: the chain is VM, OM, VNK, told with four lines each."""
    start, goal = network.find("vm"), network.find("vnk")

    chain = chains.shortest(network, start, goal)

    assert chain is not None
    assert [end.rsplit("/", 1)[-1] for end in chain.organisations] == ["vm", "om", "vnk"]
    assert len(chains.chain_sentences(network, chain, start, goal, "fi")) == 2


def test_what_lies_beside_the_network_is_kept(saved: SavedQueries) -> None:
    """Shared contexts make a bipartite graph, and those known only by kind are listed."""
    graph = bipartite(saved, "en")
    kinds = {item.label for item in unnamed(saved, "en")}

    assert nx.is_bipartite(graph)
    assert graph.number_of_edges() > 30
    assert len(kinds) >= 5


@pytest.mark.parametrize("suffix", ["json", "graphml", "gexf", "csv"])
def test_the_served_export_opens_again(served: str, network: Network, suffix: str) -> None:
    """What is downloaded has every link, and a chosen strength leaves out the others."""
    with urlopen(f"{served}collaboration.{suffix}?lang=en") as response:
        whole = response.read().decode()
    with urlopen(f"{served}collaboration.{suffix}?strength=shared-context") as response:
        part = response.read().decode()

    assert edges(whole, suffix) == len(network.links)
    assert edges(part, suffix) == sum(link.strength == "shared-context" for link in network.links)


def edges(text: str, suffix: str) -> int:
    """Count the links of an export by opening it."""
    if suffix == "json":
        return int(nx.node_link_graph(json.loads(text)).number_of_edges())
    if suffix == "graphml":
        return int(nx.parse_graphml(text, force_multigraph=True).number_of_edges())
    if suffix == "gexf":
        return text.count("<edge ")
    return text.count("\r\n") - 1
