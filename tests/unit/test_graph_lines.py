"""Triples held as lines are the triples, in order, whatever way they came in."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from dialogiverkko.graph import lines
from dialogiverkko.graph.lines import Sorter, Triples, has_blank_nodes, merged_lines, ordered, written
from dialogiverkko.graph.load import Snapshot, put
from dialogiverkko.namespaces import GRAPH, GRAPH_SHAPES

P = NamedNode("https://example.org/p")


def facts() -> st.SearchStrategy[set[Triple]]:
    """Triples whose texts hold anything that may stand in a text."""
    subjects = st.sampled_from([NamedNode(f"https://example.org/{name}") for name in ("a", "b", "c")])
    words = st.text(max_size=6).map(Literal) | st.text(max_size=3).map(lambda text: Literal(text, language="fi"))
    return st.sets(st.builds(Triple, subjects, st.just(P), words | subjects), max_size=12)


@given(facts())
def test_what_goes_in_comes_out_in_the_order_of_the_lines(said: set[Triple]) -> None:
    """Each triple once, sorted as text; length and equality are those of a sequence of triples."""
    held = ordered([*said, *said])

    assert held == tuple(sorted(said, key=str))
    assert (len(held), list(held.lines())) == (len(said), [f"{t} .".encode() for t in sorted(said, key=str)])


@given(facts(), facts())
def test_the_merge_of_two_is_their_union(one: set[Triple], other: set[Triple]) -> None:
    """In order, and each triple once."""
    assert Triples(merged_lines([ordered(one), ordered(other)])) == ordered(one | other)


@given(facts(), st.lists(facts(), max_size=4), st.integers(1, 4), st.integers(1, 3))
def test_the_merge_of_many_is_their_union(
    large: set[Triple], others: list[set[Triple]], block: int, at_hand: int
) -> None:
    """However little of each is at hand, and however unlike they are in size."""
    numbers = {Triple(P, P, Literal(number)) for number in range(40)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_BLOCK", block)
        patch.setattr(lines, "_AT_HAND", at_hand)
        patch.setattr(lines, "_SHARE", 4)
        found = list(merged_lines(map(ordered, [large | numbers, *others])))

    assert found == list(ordered(numbers.union(large, *others)).lines())


def test_many_graphs_are_merged_in_few_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large one and many small ones: each window asks all, so there are not as many as the large one has blocks."""
    monkeypatch.setattr(lines, "_BLOCK", 1)
    windows: list[int] = []
    monkeypatch.setattr(lines, "bisect_right", lambda *given: windows.append(1) or bisect_right(*given))
    small = [[Triple(NamedNode(f"urn:{number}"), P, Literal(at)) for number in range(9)] for at in range(9)]
    large = [Triple(NamedNode(f"urn:{number % 9}"), P, Literal(f"x{number}")) for number in range(2_000)]

    assert len(list(merged_lines(map(ordered, [large, *small])))) == 2_081
    assert len(windows) < 10 * 250


def test_a_sorter_sorts_in_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """More lines than are sorted at once give the same triples, in more than one block."""
    said = [Triple(NamedNode(f"https://example.org/{number * 7 % 100}"), P, Literal(number)) for number in range(100)]
    whole = ordered(said)
    monkeypatch.setattr(lines, "_RUN", 10)
    monkeypatch.setattr(lines, "_BLOCK", 3)
    sorter = Sorter()
    for text in written(said):
        sorter.add(text)

    assert sorter.triples() == whole
    assert len(list(sorter.triples().texts())) > 30


@given(facts(), st.lists(facts(), max_size=3), st.integers(1, 4))
def test_a_sorter_leaves_out_what_is_stated(said: set[Triple], graphs: list[set[Triple]], together: int) -> None:
    """Whichever graph states it, and wherever one piece of lines ends."""
    stated = [ordered(graph) for graph in graphs]
    sorter = Sorter()
    for text in written(said):
        sorter.add(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_BLOCK", together)
        patch.setattr(lines, "_WINDOW", 5 - together)
        stated = [Triples(graph.lines()) for graph in stated]
        assert sorter.triples(stated) == ordered(said.difference(*graphs))


def test_blank_nodes_are_named_by_what_is_said_of_them() -> None:
    """The names that a file gave do not matter, and a blank node in a text is none."""
    a, b = BlankNode("a"), BlankNode("b")
    one = ordered([Triple(a, P, Literal(1)), Triple(b, P, a)])
    other = ordered([Triple(b, P, Literal(1)), Triple(a, P, b)])

    assert one == other
    assert one.has_blank_nodes
    assert not ordered([Triple(P, P, Literal("_:a ."))]).has_blank_nodes
    assert has_blank_nodes(b"<https://example.org/p> <https://example.org/p> _:a .\n")


def test_lines_with_others_are_not_the_same() -> None:
    """Neither fewer triples nor other triples nor no triples at all are equal."""
    said = ordered([Triple(P, P, Literal(1))])

    assert said != ordered([Triple(P, P, Literal(2))])
    assert said != ()
    assert said != "x"
    assert (said[0], said[:1], repr(said)) == (Triple(P, P, Literal(1)), (Triple(P, P, Literal(1)),), "<1 triples>")
    assert len({said, ordered(said)}) == 1


@pytest.mark.parametrize("subject", [P, BlankNode("a")])
@pytest.mark.parametrize("graph", [DefaultGraph(), NamedNode(GRAPH + "reference")])
def test_lines_go_into_one_graph_of_a_store(subject: NamedNode | BlankNode, graph: NamedNode | DefaultGraph) -> None:
    """A blank node keeps its name, also between pieces of text."""
    store = Store()
    said = [Triple(subject, P, Literal(number)) for number in range(2)]

    put(store, [b"".join(written([triple])) for triple in said], graph)

    assert set(store) == {Quad(triple.subject, P, triple.object, graph) for triple in said}


def test_a_snapshot_gives_the_merge_or_the_named_graphs() -> None:
    """The merge holds no shapes; the named graphs are all there, and no default graph beside them."""
    one, shape = (Triple(P, P, Literal(text)) for text in ("one", "shape"))
    snapshot = Snapshot({GRAPH + "a": [one], GRAPH + "b": [one], GRAPH_SHAPES: [shape]}, {})
    graphs = {NamedNode(name): one for name in (GRAPH + "a", GRAPH + "b")} | {NamedNode(GRAPH_SHAPES): shape}

    assert set(snapshot.store()) == {Quad(P, P, one.object, DefaultGraph())}
    assert set(snapshot.named_store()) == {Quad(P, P, t.object, graph) for graph, t in graphs.items()}


def test_of_named_graphs_some_predicates_can_be_loaded() -> None:
    """Each graph stands in the store, even where it says nothing of them; a graph without triples does not."""
    said, other = Triple(P, P, Literal("one")), Triple(P, NamedNode(GRAPH + "q"), Literal("two"))
    store, a, b = Store(), GRAPH + "a", GRAPH + "b"

    Snapshot({a: [said, other], b: [other], GRAPH + "c": []}, {}).add_named(store, [P.value])

    assert set(store) == {Quad(P, P, said.object, NamedNode(a))}
    assert set(store.named_graphs()) == {NamedNode(a), NamedNode(b)}


def test_the_values_of_one_thing_are_read_alone() -> None:
    """Neither a longer name, nor another predicate, nor the same words within a text."""
    longer = NamedNode(P.value + "q")
    told = f"<{P.value}> <{P.value}> "
    triples = [Triple(P, P, Literal("one")), Triple(P, P, longer), Triple(P, longer, P), Triple(longer, P, P)]
    triples.append(Triple(longer, longer, Literal(told)))

    assert set(ordered(triples).values(P.value, P.value)) == {Literal("one"), longer}


def test_the_lines_are_those_of_the_library() -> None:
    """What is held is read back by any parser of N-Triples."""
    triple = Triple(P, P, Literal('"\\\n\r\t\u2028\x07', language="fi"))

    assert [quad.triple for quad in parse(b"".join(ordered([triple]).texts()), RdfFormat.N_TRIPLES)] == [triple]
