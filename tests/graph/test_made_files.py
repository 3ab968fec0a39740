"""Files that are kept and made of others: the JSON-LD context and the list of rules."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from dialogiverkko import cli
from dialogiverkko.cli.upkeep import made
from dialogiverkko.graph import context
from dialogiverkko.graph.assets import FOLDERS, Assets, find_assets
from dialogiverkko.graph.load import read_prefixes
from dialogiverkko.graph.validation import rules
from dialogiverkko.graph.validation.checks import read_checks
from dialogiverkko.namespaces import BASE

MADE = made(find_assets())
TERM = """
dlg:isNew a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/dialogiverkko/ns> .
dlg:newDay a owl:DatatypeProperty ; rdfs:isDefinedBy <https://w3id.org/dialogiverkko/ns> ; rdfs:range xsd:date .
dlg:NewKind a owl:Class ; rdfs:isDefinedBy <https://w3id.org/dialogiverkko/ns> .
"""
SHAPE = """
dlgsh:New a sh:NodeShape ; dcterms:identifier "DLG-500" ; sh:severity sh:Info ; sh:targetClass dlg:Activity ;
    sh:message "Uusi."@fi , "New."@en ; rdfs:comment "Because." .
"""


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assets:
    """A copy of the four folders, which the commands read."""
    for folder in FOLDERS:
        shutil.copytree(find_assets().root / folder, tmp_path / folder)
    monkeypatch.setenv("DIALOGIVERKKO_ASSETS", str(tmp_path))
    return Assets(tmp_path)


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_a_made_file_is_the_present_one(path: Path) -> None:
    """Mend with ``dialogiverkko fmt``."""
    assert path.read_text(encoding="utf-8") == MADE[path]


def test_a_new_term_and_a_new_shape_come_in_by_themselves(copy: Assets, capsys: pytest.CaptureFixture[str]) -> None:
    """``fmt --check`` tells of the files that lack them, ``fmt`` writes them, and then both agree."""
    for name, text in (("ontology/dialogiverkko.ttl", TERM), ("shapes/activity.ttl", SHAPE)):
        path = copy.root / name
        prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in read_prefixes(copy).items())
        path.write_text(prefixes + path.read_text(encoding="utf-8") + text, encoding="utf-8")

    assert [rule.message for rule in rules.rules(copy) if rule.identifier == "DLG-500"] == ["New."]  # fi stands first
    assert cli.main(["fmt", "--check"]) == 1
    told = capsys.readouterr().out
    assert "not in form: ontology/context.jsonld" in told
    assert "not in form: shapes/RULES.md" in told
    assert cli.main(["fmt"]) == 0
    assert cli.main(["fmt", "--check"]) == 0

    terms = context.context(copy)
    assert (terms["isNew"], terms["newDay"], terms["NewKind"]) == (
        {"@id": "dlg:isNew", "@type": "@id"},
        {"@id": "dlg:newDay", "@type": "xsd:date"},
        "dlg:NewKind",
    )
    assert "| DLG-500 | Info | New. | Because. | activity.ttl |" in (copy.root / "shapes/RULES.md").read_text()
    assert rules.next_rule(copy) == "DLG-501"


def test_a_shape_without_its_prefixes_is_told_what_to_add(copy: Assets, capsys: pytest.CaptureFixture[str]) -> None:
    """Whichever command reads it."""
    (copy.root / "shapes" / "new.ttl").write_text(SHAPE, encoding="utf-8")

    for command in ("rules", "fmt", "check"):
        assert cli.main([command]) != 0
        assert "Add the line @prefix dlgsh: <" in capsys.readouterr().err


def test_the_table_holds_shapes_checks_and_what_is_computed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every identifier that a file states is in the table, each once; the next one is free."""
    assets = find_assets()
    listed = [rule.identifier for rule in rules.rules(assets)]
    stated = {check.rule for check in read_checks(assets)}
    for path in assets.files("shapes", "*.ttl"):
        stated |= {
            quad.object.value
            for quad in parse(path=str(path), format=RdfFormat.TURTLE)
            if quad.predicate.value.endswith("/identifier")
        }

    assert cli.main(["rules"]) == 0
    assert stated <= set(listed)
    assert len(listed) == len(set(listed)) >= 87
    assert f"The next rule is {rules.next_rule(assets)}." in capsys.readouterr().out
    assert rules.next_rule(assets) not in listed


def test_the_context_defines_every_term_of_the_ontology() -> None:
    """By its name, or with the prefix where the name is a prefix too."""
    assets = find_assets()
    defined = {
        each if isinstance(each, str) else str(each.get("@id"))
        for each in context.context(assets).values()
        if not isinstance(each, float)
    }
    terms = {
        quad.subject.value.replace(BASE + "ns#", "dlg:")
        for quad in parse(path=str(assets.root / "ontology/dialogiverkko.ttl"), format=RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#isDefinedBy") and quad.object.value == BASE + "ns"
    }

    assert len(terms) > 80
    assert terms <= defined
