"""Holds every name to a declaration: an unknown term is told with its file, line and nearest known one."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.beside import in_threads
from dialogiverkko.graph.load import Snapshot, plan, read_file
from dialogiverkko.namespaces import BASE, DLG, ID, SRC, VOCAB
from dialogiverkko.sparql.inspection import kind_of, names
from dialogiverkko.spelling import nearest

_DECLARED = (DLG, VOCAB, ID, SRC)
_SHAPES = "shapes"
_MAY_NAME_OTHERS = ("ontology", "alignments", _SHAPES)
_SHOWN = 12
_WORDS = (
    "SELECT DISTINCT ?type { ?s ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?type) }",
    "SELECT DISTINCT ?p { ?s ?p ?o }",
    "SELECT DISTINCT ?class { ?s a ?class FILTER(isIRI(?class)) }",
)


@dataclass(frozen=True)
class UnknownName:
    """A name that nothing declares, where it stands, and what was perhaps meant."""

    iri: str
    file: str
    line: int
    nearest: str | None

    def __str__(self) -> str:
        meant = f"; did you mean {self.nearest}?" if self.nearest else "."
        return f"{self.file}, line {self.line}: {self.iri} is not declared{meant}"


def _named(quad: Quad) -> Iterator[str]:
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


def _line(lines: list[str], iri: str, prefixes: Mapping[str, str]) -> int:
    forms = [f"<{iri}>"]
    forms += [f"{p}:{iri[len(n) :]}" for p, n in prefixes.items() if n and iri.startswith(n)]
    return next((i for i, line in enumerate(lines, 1) if any(form in line for form in forms)), 1)


def _nearest(iri: str, known: list[str]) -> str | None:
    """Find what was perhaps meant: a name of the same namespace whose last part is near, or a namespace that is."""
    head = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    siblings = {name.removeprefix(head): name for name in known if name.startswith(head)}
    found = nearest(iri.removeprefix(head), siblings)
    return siblings[found] if found else nearest(head, known) or None


def undeclared(store: Store, prefixes: Mapping[str, str]) -> set[str]:
    """Return the names of the default graph that nothing in it declares, and foreign words of no known namespace."""
    known = (BASE, *filter(None, prefixes.values()))

    def things() -> set[str]:
        used = _column(store, "SELECT DISTINCT ?o { ?s ?p ?o FILTER(isIRI(?o)) }")
        return {iri for iri in used if iri.startswith(_DECLARED) and not _is_declared(iri, store)}

    def words(query: str) -> set[str]:
        used = [iri for iri in _column(store, query) if iri.startswith(_DECLARED) or not iri.startswith(known)]
        return {iri for iri in used if not _is_declared(iri, store)}

    pieces: list[Callable[[], set[str]]] = [things, *(partial(words, query) for query in _WORDS)]
    return set().union(*in_threads(pieces))


def unknown_names(
    snapshot: Snapshot,
    assets: Assets,
    store: Store,
    overlays: tuple[Path, ...] = (),
    accepted: Set[str] = frozenset(),
) -> list[UnknownName]:
    """List the names of data and vocabularies that nothing declares, and foreign words that are not ours to use.

    A thing, concept, passage or term is declared where it is the subject of a statement. A foreign class, property or
    datatype must lie in a namespace of the prefix table, which catches a mistyped one. ``store`` holds the merge;
    ``accepted`` are names that are declared elsewhere.
    """
    unknown = undeclared(store, snapshot.prefixes) - accepted
    if not unknown:
        return []
    namespaces = sorted(n for n in snapshot.prefixes.values() if n)
    ours = _subjects(store, _DECLARED)
    found: list[UnknownName] = []
    for path, name, _ in plan(assets, overlays):
        if path.parent.name in _MAY_NAME_OTHERS:
            continue
        suspects = dict.fromkeys(iri for quad in read_file(path, name) for iri in _named(quad) if iri in unknown)
        lines = path.read_text(encoding="utf-8").splitlines() if suspects else []
        for iri in suspects:
            known = ours if iri.startswith(_DECLARED) else namespaces
            found.append(UnknownName(iri, name, _line(lines, iri, snapshot.prefixes), _nearest(iri, known)))
    return sorted(found, key=lambda each: (each.file, each.line, each.iri))


def unknown_names_in_queries(assets: Assets, store: Store, prefixes: Mapping[str, str]) -> list[UnknownName]:
    """List the terms and concepts that queries and rules name and nothing declares, each where it stands first.

    Raises DataError, with file and line, for a text that is not SPARQL; ``prefixes`` better its words.
    """
    found: list[UnknownName] = []
    for path in (*assets.files("queries", "**/*.rq"), *assets.files("ontology", "rules/*.rq")):
        text = path.read_text(encoding="utf-8")
        kind_of(text, assets.name(path), prefixes)
        for iri, line in _terms(text).items():
            if not _is_declared(iri, store):
                found.append(UnknownName(iri, assets.name(path), line, _nearest(iri, _subjects(store, (DLG, VOCAB)))))
    return found


def unknown_names_in_shapes(assets: Assets, store: Store, prefixes: Mapping[str, str]) -> list[UnknownName]:
    """List our names that shapes use and nothing declares: a path that nothing has would find no fault anywhere."""
    found: list[UnknownName] = []
    for path, name, _ in plan(assets):
        if path.parent.name != _SHAPES:
            continue
        quads = list(read_file(path, name))
        own = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
        used = dict.fromkeys(iri for quad in quads for iri in _named(quad) if iri.startswith(_DECLARED))
        for iri in used:
            if iri not in own and not _is_declared(iri, store):
                line = _line(path.read_text(encoding="utf-8").splitlines(), iri, prefixes)
                found.append(UnknownName(iri, name, line, _nearest(iri, _subjects(store, _DECLARED))))
    return found


def _terms(text: str) -> dict[str, int]:
    """Find the terms and concepts of ours in a query, each with its first line."""
    found: dict[str, int] = {}
    for iri, line in names(text):
        if iri.startswith((DLG, VOCAB)) and iri not in (DLG, VOCAB):
            found.setdefault(iri, line)
    return found


def _is_declared(iri: str, store: Store) -> bool:
    said = store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())
    return iri.startswith(_DECLARED) and next(said, None) is not None


def _subjects(store: Store, starts: tuple[str, ...]) -> list[str]:
    """List the things of which something is said and whose names begin so, in order."""
    return sorted(iri for iri in _column(store, "SELECT DISTINCT ?s { ?s ?p ?o }") if iri.startswith(starts))


def _column(store: Store, query: str) -> Iterator[str]:
    answer = store.query(query)
    if isinstance(answer, QuerySolutions):
        for (cell,) in answer:
            if isinstance(cell, NamedNode):
                yield cell.value


def require_known_names(
    snapshot: Snapshot,
    assets: Assets,
    store: Store,
    overlays: tuple[Path, ...] = (),
    accepted: Set[str] = frozenset(),
) -> None:
    """Raise DataError that lists the unknown names of data/, shapes/, queries/ and the rules, where there are any."""
    unknown = [
        *unknown_names(snapshot, assets, store, overlays, accepted),
        *unknown_names_in_shapes(assets, store, snapshot.prefixes),
        *unknown_names_in_queries(assets, store, snapshot.prefixes),
    ]
    if unknown:
        shown = [str(each) for each in unknown[:_SHOWN]]
        more = [f"… and {len(unknown) - _SHOWN} more."] if len(unknown) > _SHOWN else []
        raise DataError("\n".join(shown + more), unknown=[each.iri for each in unknown])
