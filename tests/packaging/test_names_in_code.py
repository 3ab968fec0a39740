"""Every name of a vocabulary that stands in code, templates and scripts is one that exists."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
import rdflib.namespace
from pyoxigraph import NamedNode
from rdflib.namespace import DefinedNamespace

from dialogiverkko import namespaces
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import load
from dialogiverkko.namespaces import BASE, DLG, ID, SRC, VOCAB
from dialogiverkko.saved import querygraph

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "server" / "dialogiverkko"
CODE = sorted(PACKAGE.rglob("*.py"))
TEXTS = sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".html", ".js") and "vendor" not in p.parts)
OURS = (DLG, VOCAB, ID, SRC)
PREFIXED = re.compile(r"\bdlg:([A-Za-z]\w*)")
MEANS_NOTHING = {DLG + "nothing": "the value that no activity has, for a filter that takes none"}
"""Names that are to name nothing, each with the reason."""

SD, SPDX, VOID_EXT, DCAT = (
    "http://www.w3.org/ns/sparql-service-description#",
    "http://spdx.org/rdf/terms#",
    "http://ldf.fi/void-ext#",
    "http://www.w3.org/ns/dcat#",
)
ELSEWHERE = {
    SD: "BasicFederatedQuery Dataset Graph NamedGraph SPARQL11Query Service UnionDefaultGraph defaultDataset "
    "defaultGraph endpoint extensionFunction feature graph inputFormat languageExtension name namedGraph "
    "propertyFeature resultFormat supportedLanguage",
    SPDX: "Checksum algorithm checksum checksumAlgorithm_sha256 checksumValue",
    VOID_EXT: "datatype datatypePartition",
    "http://data.europa.eu/r5r/": "availability",
    "http://publications.europa.eu/resource/authority/": "data-theme",
    DCAT: "hasCurrentVersion hasVersion isVersionOf previousVersion version",
}
"""Terms that code may use of vocabularies that rdflib does not know, or not in this edition; add what was looked up."""

Constants = Mapping[str, str]


def name(path: Path) -> str:
    """A file as people know it."""
    return path.relative_to(ROOT).as_posix()


@lru_cache(maxsize=1)
def used() -> frozenset[str]:
    """Every IRI that the files of ontology/, data/ and shapes/ say."""
    triples = (t for graph in load(find_assets()).graphs.values() for t in graph)
    return frozenset(
        term.value for t in triples for term in (t.subject, t.predicate, t.object) if isinstance(term, NamedNode)
    )


@lru_cache(maxsize=1)
def declared() -> frozenset[str]:
    """Every IRI of ours that is the subject of a statement."""
    loaded = load(find_assets(), queries=querygraph.from_assets)
    triples = (t for graph in loaded.graphs.values() for t in graph)
    return frozenset(t.subject.value for t in triples if isinstance(t.subject, NamedNode))


@lru_cache(maxsize=1)
def standard() -> dict[str, frozenset[str]]:
    """The vocabularies of which rdflib has the terms, by namespace."""
    known = [v for v in vars(rdflib.namespace).values() if isinstance(v, type) and issubclass(v, DefinedNamespace)]
    return {str(v._NS): frozenset([*v.__annotations__, *v._extras]) for v in known if hasattr(v, "_NS")}


def fold(node: ast.AST, constants: Constants) -> tuple[str, bool] | None:
    """Work out what a text begins with, and whether that is all of it; nothing where its start is not known."""
    match node:
        case ast.Constant(value=str(text)):
            return text, True
        case ast.Name(id=word) | ast.Attribute(attr=word) if word in constants:
            return constants[word], True
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _joined([left, right], constants)
        case ast.JoinedStr(values=values):
            return _joined([v.value if isinstance(v, ast.FormattedValue) else v for v in values], constants)
    return None


def _joined(nodes: list[ast.expr], constants: Constants) -> tuple[str, bool] | None:
    text = ""
    for number, node in enumerate(nodes):
        part = fold(node, constants)
        if part is None:
            return (text, False) if number else None
        text += part[0]
        if not part[1]:
            return text, False
    return text, True


def constants_of(tree: ast.Module, known: Constants) -> dict[str, str]:
    """The texts that a module gives names to, beside those that are imported."""
    found = dict(known)
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            folded = fold(statement.value, found)
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if folded and folded[1]:
                found |= {target.id: folded[0] for target in targets if isinstance(target, ast.Name)}
    return found


@lru_cache(maxsize=1)
def shared() -> dict[str, str]:
    """The namespaces that modules of the package define for others."""
    ours = {key: value for key, value in vars(namespaces).items() if isinstance(value, str) and key.isupper()}
    found: dict[str, str] = {}
    for path in CODE:
        found |= constants_of(ast.parse(path.read_text(encoding="utf-8")), ours)
    return {key: value for key, value in found.items() if value.startswith("http") and value[-1] in "#/"} | ours


def said(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what a text of Python puts together of a namespace and a name, and whether that is all of it."""
    tree = ast.parse(text)
    constants = constants_of(tree, shared())
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.JoinedStr):
            folded = fold(node, constants)
            if folded and folded[0].startswith("http") and " " not in folded[0]:
                yield folded


def exists(iri: str, *, is_whole: bool) -> bool:
    """Whether a name is one of ours, of the files, or of a vocabulary that rdflib knows."""
    if iri in MEANS_NOTHING:
        return True
    if not is_whole or iri[-1] in "#/":
        return not iri.startswith(OURS) or any(each.startswith(iri) for each in declared())
    if iri.startswith(OURS):
        return iri in declared()
    head = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    if iri in used() or iri.startswith(BASE) or iri.removeprefix(head) in ELSEWHERE.get(head, "").split():
        return True
    return head not in {*shared().values(), *standard()} or iri.removeprefix(head) in standard().get(head, ())


def strangers(text: str) -> list[str]:
    """The names in a text of Python that do not exist."""
    return sorted({iri for iri, is_whole in said(text) if not exists(iri, is_whole=is_whole)})


@pytest.mark.parametrize("path", CODE, ids=name)
def test_code_names_only_what_exists(path: Path) -> None:
    """What is put together of a namespace and a name is declared, or stands in a published vocabulary."""
    assert strangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_prefixed_names_of_ours_exist(path: Path) -> None:
    """Queries and words in code, templates and scripts name terms of the ontology."""
    found = {DLG + word for word in PREFIXED.findall(path.read_text(encoding="utf-8"))}

    assert sorted(found - declared() - set(MEANS_NOTHING)) == []


def test_code_names_many() -> None:
    """The reading of code finds the names: over sixty terms of the ontology stand in Python."""
    found = {iri for path in CODE for iri, whole in said(path.read_text(encoding="utf-8")) if whole}

    assert len({iri for iri in found if iri.startswith(DLG)}) > 60
    assert len({iri for iri in found if not iri.startswith(BASE)}) > 60


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('OUTGOING = {DLG + "isReportdBy": 1}', DLG + "isReportdBy"),
        ('x = f"{DLG}hasPlaec"', DLG + "hasPlaec"),
        ('x = VOCAB + "status/plannned"', VOCAB + "status/plannned"),
        ('STATUS = VOCAB + "status/"\nx = STATUS + "plannned"', VOCAB + "status/plannned"),
        ('x = f"{VOCAB}statuss/{slug}"', VOCAB + "statuss/"),
        ('x = SKOS + "prefLabl"', "http://www.w3.org/2004/02/skos/core#prefLabl"),
        ('x = CV + "hasParticipnt"', "http://data.europa.eu/m8g/hasParticipnt"),
    ],
)
def test_a_misspelt_name_is_noticed(text: str, wrong: str) -> None:
    """In a table, an f-string, a constant of the module; of ours and of others."""
    assert strangers(text) == [wrong]
    assert strangers('x = [DLG + "hasPlace", f"{VOCAB}status/{slug}", SKOS + "prefLabel", CV + "role"]') == []
