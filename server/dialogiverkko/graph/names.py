"""Holds every name in data/ to a declaration: an unknown term is told with its file, line and nearest known one."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from dialogiverkko.errors import DataError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot, plan, read_file
from dialogiverkko.namespaces import BASE, DLG, GRAPH, ID, RDF_TYPE, SRC, VOCAB

_DECLARED = (DLG, VOCAB, ID, SRC)
_SHOWN = 12


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
    head = iri.rsplit("#", 1)[0] if "#" in iri else iri.rsplit("/", 1)[0]
    siblings = [name for name in known if name.startswith(head)] or known
    found = difflib.get_close_matches(iri, siblings, n=1, cutoff=0.6)
    return found[0] if found else None


def unknown_names(snapshot: Snapshot, assets: Assets, overlays: tuple[Path, ...] = ()) -> list[UnknownName]:
    """List the names in data/ that nothing declares, and foreign words of vocabularies that are not ours to use.

    A thing, concept, passage or term is declared where it is the subject of a statement. A foreign class, property or
    datatype must lie in a namespace of the prefix table, which catches a mistyped one.
    """
    declared = {t.subject.value for t in snapshot.merged if isinstance(t.subject, NamedNode)}
    ours = sorted(name for name in declared if name.startswith(_DECLARED))
    namespaces = tuple(n for n in snapshot.prefixes.values() if n)
    unknown: list[UnknownName] = []
    for path, name, graph in plan(assets, overlays):
        if (
            graph is None
            or not graph.startswith(GRAPH)
            or path.parent.name in ("ontology", "vocab", "alignments", "shapes")
        ):
            continue
        suspects: dict[str, list[str]] = {}
        for quad in read_file(path, name):
            for iri in _named(quad):
                if iri.startswith(_DECLARED) and iri not in declared:
                    suspects.setdefault(iri, ours)
            words = [quad.predicate.value]
            if quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode):
                words.append(quad.object.value)
            if isinstance(quad.object, Literal):
                words.append(quad.object.datatype.value)
            for word in words:
                if not word.startswith(BASE) and not word.startswith(namespaces):
                    suspects.setdefault(word, sorted(namespaces))
        if suspects:
            lines = path.read_text(encoding="utf-8").splitlines()
            unknown += [
                UnknownName(iri, name, _line(lines, iri, snapshot.prefixes), _nearest(iri, known))
                for iri, known in suspects.items()
            ]
    return sorted(unknown, key=lambda each: (each.file, each.line, each.iri))


def require_known_names(snapshot: Snapshot, assets: Assets, overlays: tuple[Path, ...] = ()) -> None:
    """Raise DataError that lists the unknown names, where there are any."""
    unknown = unknown_names(snapshot, assets, overlays)
    if unknown:
        shown = [str(each) for each in unknown[:_SHOWN]]
        more = [f"… and {len(unknown) - _SHOWN} more."] if len(unknown) > _SHOWN else []
        raise DataError("\n".join(shown + more), unknown=[each.iri for each in unknown])
