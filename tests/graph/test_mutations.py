"""Damages the real graph in every way of mutations.py and expects the right rule to name the right thing."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from tests.golden.frozen import PAGES, SOURCES
from tests.graph.mutations import MUTATIONS, Mutation
from tests.graphs import told_graph

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.derive import derive
from dialogiverkko.graph.describe import describe
from dialogiverkko.graph.load import Snapshot, load, of_other_sources
from dialogiverkko.graph.validation import constraints
from dialogiverkko.graph.validation.rules import rules as all_rules
from dialogiverkko.graph.validation.suspects import EngineGraph, narrowed
from dialogiverkko.graph.validation.validate import rdflib_graph, shacl_findings, validate
from dialogiverkko.namespaces import GRAPH_DERIVED, GRAPH_SHAPES

SURVIVORS: dict[str, str] = {}
"""Mutations that no rule notices, each with the reason; a mutation that is noticed may not stand here."""
LEAST_NUMBER = 176
FEW = 5
"""A batch of fewer mutations is not worth a validation of the whole graph by pySHACL alone."""
NOT_MUTATED = {
    "DLG-068": "the descriptions of graphs are computed at every build, so damage to the data cannot remove them"
}
"""Rules that no mutation of the data can show, each with the reason."""
_OPERATION = re.compile(r"([-+~]) (\S+) (\S+) (.+)")
XSD = "http://www.w3.org/2001/XMLSchema#"


def expand(name: str, prefixes: dict[str, str]) -> str:
    """Turn a prefixed name, or an IRI with or without brackets, into an IRI."""
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, rest = name.partition(":")
    return prefixes[prefix] + rest if prefix in prefixes else name


def term(text: str, prefixes: dict[str, str]) -> NamedNode | Literal:
    """Read an object of a mutation."""
    if match := re.fullmatch(r'"(.*)"@([\w-]+)', text):
        return Literal(match[1], language=match[2])
    if match := re.fullmatch(r'"(.*)"', text):
        return Literal(match[1])
    if match := re.fullmatch(r"-?\d+", text):
        return Literal(text, datatype=NamedNode(XSD + "integer"))
    if text.startswith("date'"):
        return Literal(text[5:], datatype=NamedNode(XSD + "date"))
    if text.startswith("lang'"):
        return Literal(text[5:], datatype=NamedNode(XSD + "language"))
    if text.startswith("edtf'"):
        return Literal(text[5:], datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF"))
    assert re.fullmatch(r"<.+>|[\w-]*:[^'\"]+", text), f"{text} is no object of a mutation: see mutations.py"
    return NamedNode(expand(text, prefixes))


def touched(mutation: Mutation) -> set[str]:
    """The nodes that a mutation changes or names; two that share one are not done at once."""
    nodes = r"/(?:participation|count|time|objective|status|geometry|position|range|quote)"
    names = {re.split(nodes, mutation.focus)[0]}
    for operation in mutation.operations:
        match = _OPERATION.fullmatch(operation)
        assert match, operation
        names.add(re.split(nodes, match[2])[0])
    return names


def stated(mutation: Mutation) -> set[str]:
    """The subjects with the predicates of which a mutation says another thing."""
    return {" ".join(operation.split()[1:3]) for operation in mutation.operations}


def batches(
    mutations: Iterable[Mutation] = MUTATIONS, named: Callable[[Mutation], set[str]] = touched
) -> Iterator[list[Mutation]]:
    """Group the mutations so that those done at once have nothing in common that is ``named``."""
    rest = list(mutations)
    while rest:
        batch: list[Mutation] = []
        seen: set[str] = set()
        for mutation in list(rest):
            if named(mutation) & seen:
                continue
            batch.append(mutation)
            seen |= named(mutation)
            rest.remove(mutation)
        yield batch


def larger_batches() -> list[list[Mutation]]:
    """Group them where one may touch what another does; the few that would stand alone come together."""
    strict = list(batches())
    few = [mutation for batch in strict if len(batch) < FEW for mutation in batch]
    return [*(batch for batch in strict if len(batch) >= FEW), *batches(few, stated)]


def damage(snapshot: Snapshot, mutations: list[Mutation]) -> Snapshot:
    """Apply mutations to every graph that holds the statements."""
    prefixes = dict(snapshot.prefixes)
    graphs = {name: set(triples) for name, triples in snapshot.graphs.items() if name != GRAPH_DERIVED}
    home = next(name for name in graphs if name.endswith("/reference"))
    for mutation in mutations:
        for operation in mutation.operations:
            match = _OPERATION.fullmatch(operation)
            assert match, operation
            sign, raw_subject, raw_predicate, raw_object = match.groups()
            subject = NamedNode(expand(raw_subject, prefixes))
            predicate = NamedNode(expand(raw_predicate, prefixes))
            if sign in "-~":
                wanted = None if sign == "~" or raw_object == "*" else term(raw_object, prefixes)
                found = [
                    (name, triple)
                    for name, triples in graphs.items()
                    for triple in triples
                    if triple.subject == subject
                    and triple.predicate == predicate
                    and (wanted is None or triple.object == wanted)
                ]
                assert found or sign == "~", f"{mutation.name}: nothing to remove for {operation}"
                for name, triple in found:
                    graphs[name].discard(triple)
            if sign in "+~":
                target = found[0][0] if sign == "~" and found else home
                graphs[target].add(Triple(subject, predicate, term(raw_object, prefixes)))
    return Snapshot({name: tuple(sorted(triples, key=str)) for name, triples in graphs.items()}, prefixes)


@pytest.fixture(scope="module")
def noticed() -> Callable[[Mutation], bool]:
    """Damage the graph batch by batch, and tell of each mutation whether its rule named its thing."""
    assets = find_assets()
    loaded = load(assets, without=of_other_sources(assets, (*SOURCES, *PAGES)))
    found: dict[str, set[tuple[str, str]]] = {}
    for batch in batches():
        damaged = damage(loaded, batch)
        store = damaged.store()
        report = validate(describe(derive(damaged, assets, store), store), assets)
        pairs = {(finding.rule, finding.focus) for finding in report.findings}
        for mutation in batch:
            found[mutation.name] = pairs

    def ask(mutation: Mutation) -> bool:
        return (mutation.rule, expand(mutation.focus, dict(loaded.prefixes))) in found[mutation.name]

    return ask


@pytest.mark.timeout(600)
def test_pyshacl_finds_no_more_in_the_whole_damaged_graph() -> None:
    """Damaged in each way, the graph shows plain pySHACL what it shows where the engine says what to look at."""
    assets = find_assets()
    loaded = load(assets, without=of_other_sources(assets, (*SOURCES, *PAGES)))
    assert sorted(m.name for batch in larger_batches() for m in batch) == sorted(m.name for m in MUTATIONS)
    for batch in larger_batches():
        damaged = damage(loaded, batch)
        store = damaged.store()
        damaged = derive(damaged, assets, store)
        core, _ = constraints.split(rdflib_graph(damaged.graphs[GRAPH_SHAPES]))

        chosen = sorted(map(repr, shacl_findings(EngineGraph(store), narrowed(core, store))))

        assert chosen == sorted(map(repr, shacl_findings(rdflib_graph(damaged.merged), core)))


def test_the_mutations_are_counted() -> None:
    """No mutation is lost, and none has the name of another."""
    names = {mutation.name for mutation in MUTATIONS}

    assert len(MUTATIONS) == len(names) >= LEAST_NUMBER


def unshown(rules: Iterable[str], mutations: Iterable[Mutation]) -> list[str]:
    """List the rules that no mutation shows to notice something, and those that are wrongly excused."""
    return sorted(set(rules) - {mutation.rule for mutation in mutations} ^ set(NOT_MUTATED))


RULES = [rule.identifier for rule in all_rules(find_assets())]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutation(rule: str) -> None:
    """Each shape, check and computed rule is shown to notice a damage of the real graph that it is made for."""
    assert rule not in unshown(RULES, MUTATIONS), "add a line to tests/graph/mutations.py"


def test_a_rule_without_a_mutation_is_told() -> None:
    """A new one, one whose mutation is lost, and one that is excused and has gone."""
    rules = RULES

    assert unshown(rules, MUTATIONS) == []
    assert unshown([*rules, "DLG-500"], MUTATIONS) == ["DLG-500"]
    assert unshown(rules, [m for m in MUTATIONS if m.rule != "DLG-078"]) == ["DLG-078"]


def test_the_undamaged_graph_breaks_no_rule() -> None:
    """What a mutation shows is its own doing: the real graph has no Violation."""
    assets = find_assets()

    report = validate(told_graph(), assets)

    assert [str(finding) for finding in report.violations] == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.rule} {mutation.name}")
def test_the_damage_is_noticed(mutation: Mutation, noticed: Callable[[Mutation], bool]) -> None:
    """The rule that guards the statement names the damaged thing."""
    was_noticed = noticed(mutation)

    assert was_noticed is (mutation.name not in SURVIVORS), f"{mutation.rule} did not name {mutation.focus}"
