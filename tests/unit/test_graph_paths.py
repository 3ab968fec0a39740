"""A finding tells the path of its shape in words, never the name of a node that has none."""

import pytest
from rdflib import Graph

from dialogiverkko.graph.validation.validate import shacl_findings

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/ns#> .
:shape a sh:NodeShape ; sh:targetNode :x ; sh:property [ sh:path %s ; sh:minCount 1 ; sh:message "Missing."@en ] .
"""


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (":p", "p"),
        ("[ sh:inversePath :p ]", "^p"),
        ("[ sh:alternativePath ( :p :q ) ]", "p|q"),
        ("( :p [ sh:inversePath :q ] )", "p/^q"),
    ],
)
def test_a_path_is_written_as_sparql_writes_it(path: str, told: str) -> None:
    """A property, its inverse, several at choice, and one after another."""
    data, shapes = Graph().parse(data="<http://e/ns#x> a <http://e/ns#T> .", format="turtle"), Graph()
    shapes.parse(data=PREFIXES % path, format="turtle")

    assert [found.path for found in shacl_findings(data, shapes)] == [told]
