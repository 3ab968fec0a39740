"""The statements of a graph in one mapped file: the same as the graph says, for every thing and in every process."""

import os
import random
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from tests.graphs import served_graph

from dialogiverkko.graph import mapped, origins
from dialogiverkko.graph.lines import ordered
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.mapped import Statements
from dialogiverkko.graph.source.passages import Passages, passages
from dialogiverkko.namespaces import BASE, RDF_TYPE

GRAPH = "https://w3id.org/dialogiverkko/graph/x"
_NAMES = st.sampled_from(
    ["a:a", "a:a/b", "a:a#b", "a:a-b", "a:ä", "a:a0", f"{BASE}id/org/om", f"{BASE}dataset", RDF_TYPE]
)
_NODES = _NAMES.map(NamedNode)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
_VALUES = st.one_of(
    _NODES,
    _TEXTS.map(Literal),
    st.builds(lambda text, code: Literal(text, language=code), _TEXTS, st.sampled_from(["fi", "fi-fi", "sv"])),
    st.builds(lambda text, kind: Literal(text, datatype=kind), _TEXTS, _NODES),
    st.just(BlankNode("c14n0")),
)
_TRIPLES = st.lists(st.builds(Triple, _NODES, _NODES, _VALUES), max_size=30)


def of_triples(triples: list[Triple]) -> Statements:
    """Lay out a graph of a few triples."""
    return Statements.of(Snapshot({GRAPH: ordered(triples)}, {}))


@pytest.fixture(scope="module")
def statements() -> Statements:
    """The real graph."""
    return Statements.of(served_graph())


@given(_TRIPLES)
def test_it_says_what_the_graph_says(triples: list[Triple]) -> None:
    """In both directions, whatever names and words there are; nothing of what is not there."""
    found = of_triples(triples)
    out: dict[tuple[str, str], list[object]] = defaultdict(list)
    into: dict[tuple[str, str], set[str]] = defaultdict(set)
    for triple in ordered(triples):
        subject, value = triple.subject, triple.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            out[subject.value, triple.predicate.value].append(value)
            if isinstance(value, NamedNode):
                into[value.value, triple.predicate.value].add(subject.value)
    things, predicates = {thing for thing, _ in out}, {predicate for _, predicate in out}

    assert list(found) == sorted(things, key=lambda iri: f"<{iri}>".encode())
    assert found.uses == {p: sum(len(values) for (_, q), values in out.items() if p == q) for p in predicates}
    for thing in ("a:a", "a:a/b", "a:b", f"{BASE}dataset", *things):
        assert (thing in found) == (thing in things)
        assert sorted(found.predicates_to(thing)) == sorted({p for each, p in into if each == thing})
        for predicate in (RDF_TYPE, "a:none", *predicates):
            assert list(found.said(thing, predicate)) == out.get((thing, predicate), [])
            assert list(found.pointing(thing, predicate)) == sorted(into.get((thing, predicate), ()))
            assert found.count(thing, predicate) == len(into.get((thing, predicate), ()))
    for predicate in ("a:none", *predicates):
        assert set(found.holders(predicate)) == {thing for thing, each in out if each == predicate}


def test_it_says_all_of_the_real_graph(statements: Statements) -> None:
    """Every statement of every thing, each once."""
    told = [
        (subject, predicate, value) for subject in statements for predicate, value in statements.statements(subject)
    ]

    assert told == list(served_graph().merged.statements())


def test_it_knows_which_documents_state_a_fact(statements: Statements) -> None:
    """Of the things that several documents tell of, as the graphs of the documents have it; of others nothing."""
    facts = origins.of(served_graph())
    told = {
        (f"<{subject}>".encode(), f"<{predicate}>".encode(), str(value).encode()): statements.stated_by(
            subject, predicate, value
        )
        for subject in statements
        for predicate, value in statements.statements(subject)
    }

    assert len(facts) > 500
    assert {fact: documents for fact, documents in told.items() if documents} == facts


def test_passages_are_the_same_one_by_one(statements: Statements) -> None:
    """Each is read alone from the index as it is among all, and those of a document in their order."""
    known = passages(served_graph())
    found = Passages(statements)
    documents = {passage.document for passage in known}

    assert dict(found) == {passage.iri: passage for passage in known}
    assert [passage for document in sorted(documents) for passage in found.of(document)] == known
    assert {document for document in documents if found.has_text(document)} == {
        p.document for p in known if p.start >= 0
    }


def test_users_of_a_thing_are_counted_once(statements: Statements) -> None:
    """However many predicates lead from them; those that are left out count for nothing."""
    pairs = [("a:b", "a:p"), ("a:b", "a:q"), ("a:c", "a:p"), ("a:d", "a:r")]
    found = of_triples([Triple(NamedNode(subject), NamedNode(p), NamedNode("a:a")) for subject, p in pairs])

    assert (found.users("a:a"), found.users("a:a", ["a:r"]), found.users("a:x")) == (3, 2, 0)
    assert statements.users(f"{BASE}id/org/om") > 100


def test_a_mapped_file_needs_no_descriptor_and_no_file(tmp_path: Path) -> None:
    """Workers may open nothing, and their descriptors are closed: what is mapped before is read all the same."""
    mapped.build_statements(served_graph(), tmp_path)
    before = sum(1 for _ in Path("/proc/self/fd").iterdir())
    found = Statements.mapped(tmp_path / mapped.FILE)
    (tmp_path / mapped.FILE).unlink()
    things = list(found)

    assert len(things) > 9_000
    child = os.fork()
    if child == 0:
        os.closerange(3, 1_000)
        some = random.Random(7).sample(things, 200)  # noqa: S311 - no secret
        os._exit(0 if all(dict(found.statements(thing)) for thing in some) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sum(1 for _ in Path("/proc/self/fd").iterdir()) <= before + 1
