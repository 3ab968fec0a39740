"""Files to a snapshot: named graphs by place, overlays, digest, and errors that lead to the place."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store, Triple

from dialogiverkko.errors import DataError, TurtleSyntaxError
from dialogiverkko.graph.assets import Assets, find_assets
from dialogiverkko.graph.derive import derive
from dialogiverkko.graph.load import Snapshot, load
from dialogiverkko.graph.turtle import format_file
from dialogiverkko.graph.validation.names import require_known_names, unknown_names
from dialogiverkko.namespaces import BASE, DLG, GRAPH, GRAPH_DERIVED, GRAPH_QUERIES, GRAPH_SHAPES, ID, SH, VOCAB

TABLE = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://w3id.org/dialogiverkko/prefixes> sh:declare <https://example.org/1> ,
  <https://example.org/2> , <https://example.org/3> .
<https://example.org/1> sh:prefix "dlg" ; sh:namespace "https://w3id.org/dialogiverkko/ns#" .
<https://example.org/2> sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#" .
<https://example.org/3> sh:prefix "rdf" ; sh:namespace "http://www.w3.org/1999/02/22-rdf-syntax-ns#" .
"""
RULE = f"PREFIX dlg: <{DLG}> CONSTRUCT"
OM = "data/sources/vertaisdialogi-2021-06-08/om.ttl"
HEAD = f"""@prefix dlg: <{DLG}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix org: <{ID}org/> . @prefix activity: <{ID}activity/> .
"""
OM = "data/sources/vertaisdialogi-2021-06-08/om.ttl"
FILES = {
    "ontology/prefixes.ttl": TABLE,
    "ontology/dialogiverkko.ttl": HEAD + "dlg:isReportedBy rdfs:label 'ilmoittaja'@fi .\n",
    "ontology/rules/010-back.rq": RULE + "{ ?o dlg:reports ?a } WHERE { ?a dlg:isReportedBy ?o }",
    "ontology/rules/020-twice.rq": RULE + "{ ?o dlg:speaks true } WHERE { ?o dlg:reports ?a }",
    "data/sources/vertaisdialogi-2021-06-08/source.ttl": HEAD + "activity:x rdfs:label 'x'@fi .\n",
    OM: HEAD + "activity:x dlg:isReportedBy org:om .\n",
    "data/reference/organisations.ttl": HEAD + "org:om rdfs:label 'oikeusministeriö'@fi .\n",
    "data/sources/yle-fi/source.ttl": HEAD + "org:om rdfs:label 'justitieministeriet'@sv .\n",
    "shapes/a.ttl": HEAD + "dlg:Shape rdfs:label 'muoto'@fi .\n",
    "queries/README.md": "",
}


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """A graph of a dozen triples in the places of the real one."""
    for name, text in FILES.items():
        path = tmp_path / "copy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return find_assets(tmp_path / "copy")


def sizes(snapshot: Snapshot) -> dict[str, int]:
    """Triples by the last part of the graph's name."""
    return {name.removeprefix(GRAPH): count for name, count in snapshot.counts.items()}


def test_a_file_belongs_to_the_graph_of_its_place(assets: Assets) -> None:
    """One named graph per listed organisation, source, and layer."""
    assert sizes(load(assets)) == {
        "listing/2021-06-08": 1, "listing/2021-06-08/om": 1, "source/yle-fi": 1,
        "ontology": 10, "reference": 1, "shapes": 1,
    }  # fmt: skip


def test_the_default_graph_is_the_merge_without_shapes(assets: Assets) -> None:
    """Each triple once, of all graphs but one."""
    snapshot = load(assets)

    assert len(snapshot.merged) == sum(n for name, n in snapshot.counts.items() if name != GRAPH_SHAPES)


def test_the_caller_gives_the_queries(assets: Assets) -> None:
    """graph/queries is made above, and handed in."""
    said = Triple(NamedNode(GRAPH_QUERIES), NamedNode(DLG + "p"), NamedNode(DLG + "o"))

    snapshot = load(assets, queries=lambda given: [said] if given == assets else [])

    assert snapshot.graphs[GRAPH_QUERIES] == (said,)


def test_the_digest_follows_the_facts_not_the_layout(assets: Assets) -> None:
    """Other layout, order and blank node names: the same digest. Another fact: another digest."""
    path = assets.root / "data/reference/organisations.ttl"
    text = "org:om dlg:p [ dlg:q 1 ] , [ dlg:q 2 ] .\n"
    digests = []
    for body in (
        HEAD + text,
        HEAD + "_:z dlg:q 2 . org:om dlg:p _:z , _:b . _:b dlg:q 1 .",
        HEAD + text.replace("2", "3"),
    ):
        path.write_text(body, encoding="utf-8")
        digests.append(load(assets).digest)

    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_a_file_takes_the_place_of_its_namesake(assets: Assets, tmp_path: Path) -> None:
    """An overlay named as a data file is read instead of it, into the same graph."""
    (tmp_path / "om.ttl").write_text(HEAD + "activity:y dlg:isReportedBy org:om , org:sm .\n", encoding="utf-8")

    snapshot = load(assets, [tmp_path / "om.ttl"])

    assert sizes(snapshot)["listing/2021-06-08/om"] == 2
    assert "activity/x>" not in "".join(str(t) for t in snapshot.graphs[GRAPH + "listing/2021-06-08/om"])


def test_a_trig_file_is_added_to_the_graphs_that_it_names(assets: Assets, tmp_path: Path) -> None:
    """What TriG says of a named graph goes there; the rest into a graph of its own."""
    body = HEAD + f"org:sm rdfs:label 'a'@fi . <{GRAPH}reference> {{ org:sm rdfs:label 'b'@fi }}"
    (tmp_path / "more.trig").write_text(body, encoding="utf-8")

    found = sizes(load(assets, [tmp_path / "more.trig"]))

    assert (found["reference"], found["source/more"]) == (2, 1)


def test_rules_see_what_rules_before_them_said(assets: Assets) -> None:
    """Rules run in the order of their names; what they say goes to graph/derived only."""
    before = load(assets)

    after = derive(before, assets, before.store())

    assert len(after.graphs[GRAPH_DERIVED]) == 2
    assert {k: v for k, v in after.graphs.items() if k != GRAPH_DERIVED} == dict(before.graphs)
    assert after.digest != before.digest


def test_what_is_stated_is_not_derived_again(assets: Assets) -> None:
    """A rule that repeats a statement adds nothing."""
    rule = assets.root / "ontology/rules/010-back.rq"
    rule.write_text(f"PREFIX dlg: <{DLG}> CONSTRUCT WHERE {{ ?a dlg:isReportedBy ?o }}", encoding="utf-8")

    loaded = load(assets)

    assert derive(loaded, assets, loaded.store()).graphs[GRAPH_DERIVED] == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [("SELECT * {", ":1: the query is not SPARQL"), ("ASK { ?s ?p ?o }", "a rule is a CONSTRUCT")],
)
def test_a_rule_that_is_none_is_told_by_its_file(assets: Assets, text: str, message: str) -> None:
    """The message names the rule."""
    (assets.root / "ontology/rules/010-back.rq").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=rf"ontology/rules/010-back\.rq.*{message}"):
        derive(load(assets), assets, Store())


def test_broken_turtle_is_told_with_file_line_and_column(assets: Assets) -> None:
    """No path of the machine, no traceback: where it is and what is wrong."""
    (assets.root / OM).write_text(HEAD + "\nactivity:x nope:p 1 .", encoding="utf-8")

    with pytest.raises(TurtleSyntaxError) as caught:
        load(assets)

    assert caught.value.message.startswith(f"{OM}, line 4, column ")
    assert "nope:" in caught.value.message
    assert str(assets.root) not in caught.value.message


def test_a_file_that_is_no_rdf_is_refused(assets: Assets, tmp_path: Path) -> None:
    """The message lists the suffixes that are read."""
    (tmp_path / "more.csv").write_text("a,b", encoding="utf-8")

    with pytest.raises(DataError, match=r"more\.csv.*\.ttl, \.trig"):
        load(assets, [tmp_path / "more.csv"])


def test_missing_folders_are_told(tmp_path: Path) -> None:
    """The message says what was looked for and how to name it."""
    with pytest.raises(DataError, match=r"ontology/.*DIALOGIVERKKO_ASSETS"):
        find_assets(tmp_path)


@pytest.mark.parametrize(
    ("written", "iri", "nearest"),
    [
        ("dlg:isReportedby org:om", DLG + "isReportedby", DLG + "isReportedBy"),
        ("dlg:jsReportedBy org:om", DLG + "jsReportedBy", DLG + "isReportedBy"),
        (f"dlg:isReportedBy <{ID}org/omm>", ID + "org/omm", ID + "org/om"),
        (
            "<http://www.w3.org/2000/01/rdf-shema#label> 'x'@fi",
            "http://www.w3.org/2000/01/rdf-shema#label",
            "http://www.w3.org/2000/01/rdf-schema#",
        ),
    ],
)
def test_an_unknown_name_is_told_with_its_place_and_the_nearest(
    assets: Assets, written: str, iri: str, nearest: str
) -> None:
    """A mistyped term, thing or vocabulary."""
    (assets.root / OM).write_text(f"{HEAD}\nactivity:x {written} .", encoding="utf-8")

    loaded = load(assets)

    (unknown,) = unknown_names(loaded, assets, loaded.store())

    assert (unknown.iri, unknown.file, unknown.line, unknown.nearest) == (iri, OM, 4, nearest)
    assert "did you mean" in str(unknown)


def test_an_unknown_name_in_a_vocabulary_is_told(assets: Assets) -> None:
    """A concept that is related to another is so to one that stands somewhere; an alignment may name what it likes."""
    name, vocab = "ontology/vocab/theme.ttl", f"{HEAD}@prefix theme: <{VOCAB}theme/> ."
    for file, text in (
        (name, f"{vocab} theme:equality rdfs:label 'x'@fi .\ntheme:x dlg:isReportedBy theme:equalty ."),
        ("ontology/alignments/a.ttl", f"{vocab} theme:equality dlg:isReportedBy theme:nothing ."),
    ):
        path = assets.root / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    loaded = load(assets)

    (unknown,) = unknown_names(loaded, assets, loaded.store())
    assert (unknown.file, unknown.nearest) == (name, f"{VOCAB}theme/equality")
    assert unknown.line == 1  # written with a prefix that only this file declares


@pytest.mark.parametrize(("count", "more"), [(12, []), (13, ["… and 1 more."]), (15, ["… and 3 more."])])
def test_a_dozen_of_unknown_names_are_told(assets: Assets, count: int, more: list[str]) -> None:
    """And the rest is counted; a program gets all."""
    said = " , ".join(f"org:zz{number}" for number in range(count))
    (assets.root / OM).write_text(f"{HEAD}\nactivity:x dlg:isReportedBy {said} .", encoding="utf-8")
    for rule in assets.files("ontology", "rules/*.rq"):
        rule.unlink()
    loaded = load(assets)

    with pytest.raises(DataError) as caught:
        require_known_names(loaded, assets, loaded.store())

    assert caught.value.message.splitlines()[12:] == more
    assert len(caught.value.details["unknown"]) == count  # type: ignore[arg-type]  # a list


def test_known_names_are_silent(assets: Assets) -> None:
    """Nothing is said of a graph in which all is declared."""
    loaded = load(assets)

    assert unknown_names(loaded, assets, loaded.store()) == []


QUERY = f"""# a comment of dlg:nothing
PREFIX dlg: <{DLG}>
PREFIX theme: <{VOCAB}theme/>
SELECT ?dlg {{
  ?dlg a dlg:isReportedBy ; dlg:isReportdBy 'dlg:none' , "<{DLG}none>" .
  ?a ?b theme:nothing , <{DLG}> FILTER(STRSTARTS(STR(?a), "{VOCAB}"))
}}
"""


@pytest.mark.parametrize("name", ["queries/competency/a.rq", "ontology/rules/010-back.rq"])
def test_an_unknown_term_in_a_query_is_told_with_its_line(assets: Assets, name: str) -> None:
    """A mistyped property or concept in a query or rule stops the build; texts, comments and variables do not."""
    for rule in assets.files("ontology", "rules/*.rq"):
        rule.unlink()
    (assets.root / name).parent.mkdir(exist_ok=True)
    (assets.root / name).write_text(QUERY, encoding="utf-8")

    loaded = load(assets)
    with pytest.raises(DataError) as caught:
        require_known_names(loaded, assets, loaded.store())

    assert [line.partition(";")[0] for line in caught.value.message.splitlines()] == [
        f"{name}, line 5: {DLG}isReportdBy is not declared",
        f"{name}, line 6: {VOCAB}theme/nothing is not declared",
    ]
    assert f"isReportdBy is not declared; did you mean {DLG}isReportedBy?" in caught.value.message


def test_an_unknown_term_in_a_shape_is_told_with_its_line(assets: Assets) -> None:
    """Shapes may use what others declare, and of ours what the ontology does; each file tells its own."""
    for name, path in (
        ("one", f"{DLG}isReportedBy"),
        ("two", f"{DLG}isReportdBy"),
        ("three", "https://schema.org/valeu"),
    ):
        text = f"<{BASE}shapes/{name}>\n  <{SH}path> <{path}> ."
        (assets.root / "shapes" / f"{name}.ttl").write_text(text, encoding="utf-8")
    for rule in assets.files("ontology", "rules/*.rq"):
        rule.unlink()

    loaded = load(assets)
    with pytest.raises(DataError) as caught:
        require_known_names(loaded, assets, loaded.store())

    wanted = f"shapes/two.ttl, line 2: {DLG}isReportdBy is not declared; did you mean {DLG}isReportedBy?"
    assert caught.value.message == wanted


@pytest.mark.parametrize(
    ("prefix", "advice"),
    [
        ("place", f" Add the line @prefix place: <{ID}place/> . at the top."),
        ("plase", "prefixes.ttl has dlg, place, rdf, rdfs."),
    ],
)
def test_a_prefix_that_is_not_declared_is_told_with_its_line(assets: Assets, prefix: str, advice: str) -> None:
    """A curator can copy the line; of a prefix that the table does not have, the prefixes that it has are listed."""
    path = assets.root / "data/reference/organisations.ttl"
    path.write_text(f"<{ID}org/om> <{DLG}hasPlace> {prefix}:turku .", encoding="utf-8")
    table = assets.prefixes.read_text(encoding="utf-8")
    declared = f'[] <{SH}prefix> "place" ; <{SH}namespace> "{ID}place/" .'
    assets.prefixes.write_text(f"{table}\n{declared}\n", encoding="utf-8")

    for read in (lambda: load(assets), lambda: format_file(path, assets, check=True)):
        with pytest.raises(TurtleSyntaxError) as caught:
            read()
        assert caught.value.message.endswith(advice)
        assert caught.value.details["line"] == 1
