"""The canonical form of our Turtle files: rdflib's long Turtle under the prefix table.

One predicate or object a line, sorted, so that a diff shows facts only. Comments are no part of the graph and have no
place in that order; a file that holds one is refused, so that nobody's words are lost.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import rdflib
from rdflib import Graph

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import helped_by, read_file, read_prefixes
from dialogiverkko.sparql.inspection import comments


def canonical(text: str, prefixes: Mapping[str, str]) -> str:
    """Write Turtle in the canonical form; only the prefixes that it uses are declared.

    Lexical forms stay as they are: "01"^^xsd:integer is not made "1".
    """
    normalized, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        graph = Graph(bind_namespaces="none")
        graph.parse(data=text, format="turtle")
        fresh = Graph(bind_namespaces="none")
        for prefix, namespace in sorted(prefixes.items()):
            fresh.bind(prefix, namespace, replace=True)
        for triple in graph:
            fresh.add(triple)
        return str(fresh.serialize(format="longturtle", canon=True)).strip() + "\n"
    finally:
        rdflib.NORMALIZE_LITERALS = normalized


def turtle_files(assets: Assets) -> Iterator[Path]:
    """Yield every Turtle file that the project keeps in canonical form."""
    for folder in ("ontology", "data", "shapes"):
        yield from assets.files(folder, "**/*.ttl")


def format_file(path: Path, assets: Assets, *, check: bool) -> bool:
    """Put one file into canonical form, or only look; tell whether it was in it.

    Raises TurtleSyntaxError for a file that does not parse, DataError for one that holds a comment.
    """
    name, prefixes = assets.name(path), read_prefixes(assets)
    with helped_by(prefixes):
        read_file(path, name)
    text = path.read_text(encoding="utf-8")
    for line, comment in comments(text):
        raise DataError(
            f"{name}, line {line}: the comment «{comment[:40]}» would be lost; say it with rdfs:comment or "
            "skos:editorialNote, or take it out.",
            file=name,
            line=line,
        )
    wanted = canonical(text, prefixes)
    if text == wanted:
        return True
    if not check:
        replace(path, wanted)
    return False


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
