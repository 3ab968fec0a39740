"""The canonical form of our Turtle files: rdflib's long Turtle under the prefix table.

One predicate or object a line, sorted, so that a diff shows facts only. Comments are no part of the graph and have no
place in that order; a file that holds one is refused, so that nobody's words are lost.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib import Graph

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import helped_by, read_file, read_prefixes
from dialogiverkko.namespaces import RDF_TYPE, RDFS, XSD
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


_TYPE = RDF_TYPE
_FIRST = (_TYPE, RDFS + "label")
_BARE = {XSD + "integer": re.compile(r"[+-]?\d+"), XSD + "boolean": re.compile(r"true|false")}
_LOCAL = re.compile(r"[A-Za-z0-9_][\w.-]*(?<!\.)|")


def _quoted(text: str) -> str:
    """Write a text between quotation marks, three of them where it has several lines."""
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    if "\n" not in text:
        return '"' + escaped.replace('"', '\\"') + '"'
    escaped = escaped.replace('"""', '\\"\\"\\"')
    return '"""' + (escaped[:-1] + '\\"' if escaped.endswith('"') else escaped) + '"""'


class _Short:
    """Writes terms under a prefix table, and remembers the prefixes that it used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefix_of = {namespace: prefix for prefix, namespace in sorted(prefixes.items()) if namespace}
        self.used: dict[str, str] = {}

    def iri(self, iri: str) -> str:
        """Write an address, short where a prefix fits."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri[cut:]):
            return f"<{iri}>"
        self.used[prefix] = iri[:cut]
        return f"{prefix}:{iri[cut:]}"

    def literal(self, literal: Literal) -> str:
        """Write a text, number or day."""
        value, datatype = literal.value, literal.datatype.value
        if literal.language:
            return f"{_quoted(value)}@{literal.language}"
        if datatype == XSD + "string":
            return _quoted(value)
        name = self.iri(datatype)
        return value if datatype in _BARE and _BARE[datatype].fullmatch(value) else f"{_quoted(value)}^^{name}"

    def term(self, term: NamedNode | Literal) -> str:
        """Write a value."""
        return self.iri(term.value) if isinstance(term, NamedNode) else self.literal(term)


def _order(term: NamedNode | Literal) -> tuple[int, str, str]:
    """Put addresses first, then texts by language."""
    return (0, "", term.value) if isinstance(term, NamedNode) else (1, term.language or "", term.value)


def written(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Write triples without blank nodes in the canonical form, many times faster than by a graph of rdflib.

    Raises ValueError for a blank node, whose form only ``canonical`` knows.
    """
    said: dict[str, dict[str, set[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(set))
    references = Counter[str]()
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, NamedNode | Literal):
            raise ValueError("a blank node")
        values = said[triple.subject.value][triple.predicate.value]
        if triple.object not in values and isinstance(triple.object, NamedNode):
            references[triple.object.value] += 1
        values.add(triple.object)
    short = _Short(prefixes)
    blocks: list[str] = []
    for subject in sorted(said, key=lambda iri: (references[iri], iri)):
        lines = [short.iri(subject)]
        predicates = said[subject]
        ordered = [p for p in _FIRST if p in predicates] + sorted(p for p in predicates if p not in _FIRST)
        for predicate in ordered:
            verb = "a" if predicate == _TYPE else short.iri(predicate)
            values_ = [short.term(term) for term in sorted(predicates[predicate], key=_order)]
            if len(values_) == 1:
                lines.append(f"    {verb} {values_[0]} ;")
            else:
                lines.append(f"    {verb}")
                lines += [f"        {value} ," for value in values_[:-1]] + [f"        {values_[-1]} ;"]
        blocks.append("\n".join([*lines, "."]))
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(short.used.items()))
    return head + "\n" + "\n\n".join(blocks) + "\n"


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
        triples = [quad.triple for quad in read_file(path, name)]
    text = path.read_text(encoding="utf-8")
    for line, comment in comments(text):
        raise DataError(
            f"{name}, line {line}: the comment «{comment[:40]}» would be lost; say it with rdfs:comment or "
            "skos:editorialNote, or take it out.",
            file=name,
            line=line,
        )
    with suppress(ValueError):  # a blank node
        if text == written(triples, prefixes):
            return True
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
