"""The W3C's test cases for SPARQL 1.1, read from a folder beside the project; none of them lies in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "external" / "w3c-sparql11"
WHY: Final = "the W3C's cases are not beside the project (../shared/external/w3c-sparql11)"
ADDRESS: Final = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
_MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True)
class Case:
    """One case: what is asked of which graphs, and what is right."""

    name: str
    kind: str
    query: Path
    data: tuple[str, ...] = ()
    """Addresses of the files whose merge is the default graph."""
    graphs: tuple[str, ...] = ()
    """Addresses of the named graphs, which are their names."""
    result: Path | None = None

    @property
    def text(self) -> str:
        """The query."""
        return self.query.read_text(encoding="utf-8")


def path_of(address: str) -> Path:
    """Return the file of an address."""
    return FOLDER / address.removeprefix(ADDRESS)


def quads(address: str) -> list[Quad]:
    """Read a file into the graph that bears its address."""
    path = path_of(address)
    syntax = RdfFormat.from_extension(path.suffix[1:])
    triples = parse(path=str(path), format=syntax, base_iri=address, rename_blank_nodes=True)
    return [Quad(each.subject, each.predicate, each.object, NamedNode(address)) for each in triples]


def cases() -> list[Case]:
    """List all cases of all groups; none where the folder is absent."""
    return [case for manifest in sorted(FOLDER.glob("*/manifest.ttl")) for case in _of(manifest)]


def _of(manifest: Path) -> Iterator[Case]:
    address = f"{ADDRESS}{manifest.parent.name}/manifest.ttl"
    store = Store()
    store.extend(parse(path=str(manifest), format=RdfFormat.TURTLE, base_iri=address))

    def values(subject: object, term: str) -> list[object]:
        return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(term), None)]  # type: ignore[arg-type] # a node

    cell = next(iter(store.quads_for_pattern(None, NamedNode(f"{_MF}entries"), None))).object
    while getattr(cell, "value", "") != f"{_RDF}nil":
        entry = values(cell, f"{_RDF}first")[0]
        cell = values(cell, f"{_RDF}rest")[0]
        kinds = {str(getattr(each, "value", "")) for each in values(entry, f"{_RDF}type")}
        action = values(entry, f"{_MF}action")[0]
        query = next(iter(values(action, f"{_QT}query")), action)
        yield Case(
            f"{manifest.parent.name}/{str(getattr(entry, 'value', '')).rpartition('#')[2]}",
            next(kind.removeprefix(_MF) for kind in kinds if kind.startswith(_MF)),
            path_of(str(getattr(query, "value", ""))),
            tuple(str(getattr(each, "value", "")) for each in values(action, f"{_QT}data")),
            tuple(sorted(str(getattr(each, "value", "")) for each in values(action, f"{_QT}graphData"))),
            next((path_of(str(getattr(each, "value", ""))) for each in values(entry, f"{_MF}result")), None),
        )
