"""The saved queries: files of queries/ with a header, read and checked once into NamedQuery values.

A file is one question. From it come the page, the API, its OpenAPI description, the command, the tool of
an agent and the description in graph/queries. What is wrong in a file stops the load with its line.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pyoxigraph import QuerySolutions, Store

from dialogiverkko.errors import DataError, NotFoundError
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import read_prefixes
from dialogiverkko.namespaces import BASE, LANGUAGES
from dialogiverkko.saved.header import RESERVED as RESERVED
from dialogiverkko.saved.header import QueryHeader
from dialogiverkko.saved.parameters import Parameter
from dialogiverkko.sparql import headers
from dialogiverkko.sparql.binding import anchors
from dialogiverkko.sparql.headers import Lines
from dialogiverkko.sparql.inspection import kind_of, refused, says
from dialogiverkko.sparql.query import QueryKind
from dialogiverkko.spelling import cut, nearest

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

COLUMNS = "columns.yaml"
"""The file that holds the headings of variables."""

Texts = Mapping[str, str]


@dataclass(frozen=True)
class NamedQuery:
    """A saved query: its question, what may be varied, what comes back, and its text."""

    name: str
    folder: str
    """competency, choices or checks: the folder that the file lies in."""
    title: Texts
    question: Texts
    explanation: Texts
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    """Variables of a SELECT; empty for a CONSTRUCT, whose answer is a graph."""
    view: str
    text: str
    """The whole file, header too: valid SPARQL that runs as it stands."""
    headings: Mapping[str, Texts] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """The IRI of the query in graph/queries."""
        return f"{BASE}id/query/{self.name}"

    @property
    def body(self) -> str:
        """The SPARQL without the header."""
        return headers.split(self.text)[1]

    @property
    def is_graph(self) -> bool:
        """Return whether the answer is a graph (CONSTRUCT) and not a table (SELECT)."""
        return not self.columns

    def parameter(self, name: str) -> Parameter:
        """Return a parameter by its name."""
        return next(parameter for parameter in self.parameters if parameter.name == name)

    def heading(self, column: str, language: str) -> str:
        """Return the heading of a column in a language."""
        texts = self.headings.get(column, {})
        return texts.get(language) or texts.get("fi") or column


@dataclass(frozen=True)
class Catalogue:
    """All saved queries, by name and in order of name."""

    queries: Mapping[str, NamedQuery]

    def get(self, name: str) -> NamedQuery:
        """Return a query, or raise NotFoundError with the nearest name."""
        if name in self.queries:
            return self.queries[name]
        shown = cut(name, 80)
        near = nearest(name, self.queries)
        if not near:
            raise NotFoundError(f"There is no saved query '{shown}'.")
        raise NotFoundError(f"There is no saved query '{shown}'. The nearest is '{near}'.", nearest=near)

    def public(self) -> list[NamedQuery]:
        """Return the queries that readers are offered: all but those that feed choices and checks."""
        return [query for query in self.queries.values() if query.folder == "competency"]


def load(folder: Path, *, is_checked: bool = False) -> Catalogue:
    """Read every ``*.rq`` below a folder of queries; raises DataError with file and line.

    Where a build has checked the same files, only their headers are read.
    """
    labels = _labels(folder)
    assets = Assets(folder.parent)
    prefixes = read_prefixes(assets) if assets.prefixes.is_file() else {}
    found: dict[str, NamedQuery] = {}
    for path in sorted(folder.rglob("*.rq"), key=lambda path: path.stem):
        if path.parent.name == "checks":
            continue
        file = f"queries/{path.relative_to(folder).as_posix()}"
        query = read_query(path.read_text(encoding="utf-8"), file, labels, prefixes, is_checked=is_checked)
        if query.name in found:
            raise DataError(f"{file}:1: another query has the name '{query.name}'")
        found[query.name] = query
    _check_choices(found)
    return Catalogue(found)


def read_query(
    text: str,
    file: str,
    labels: Mapping[str, Texts] | None = None,
    prefixes: Mapping[str, str] | None = None,
    *,
    is_checked: bool = False,
) -> NamedQuery:
    """Read one query file.

    ``file`` is its name in messages, ``labels`` are the headings of variables, ``prefixes`` better the words about a
    prefix that is not declared.
    """
    header, lines = headers.read_header(text, file, QueryHeader)
    name = Path(file).stem
    if not _NAME.fullmatch(name):
        lines.fail(f"the file name '{name}' must be words in lower case with hyphens between them")
    labels = labels or {}
    query = NamedQuery(
        name=name,
        folder=Path(file).parent.name,
        title=header.title.model_dump(),
        question=header.question.model_dump(),
        explanation=header.explanation.model_dump(),
        tags=header.tags,
        parameters=tuple(each.parameter(dict(labels.get(each.name, {}))) for each in header.parameters),
        columns=header.columns,
        view=header.view,
        text=text,
        headings={
            name: labels[name]
            for column in header.columns
            for name in (column, column.removesuffix("Label"))
            if name in labels
        },
    )
    if not is_checked:
        kind = kind_of(text, file, prefixes or {})
        _check_places(query, lines)
        _check_form(query, kind, lines)
    return query


def _labels(folder: Path) -> dict[str, Texts]:
    path = folder / COLUMNS
    return labels_of(path.read_text(encoding="utf-8")) if path.exists() else {}


def labels_of(text: str) -> dict[str, Texts]:
    """Read the headings of variables; raises DataError where one lacks a language."""
    known: dict[str, dict[str, str]] = yaml.load(text, Loader=headers.LOADER)  # noqa: S506  # a safe one
    for name, texts in known.items():
        missing = [language for language in LANGUAGES if not texts.get(language)]
        if missing:
            raise DataError(f"queries/columns.yaml: '{name}' lacks {', '.join(missing)}")
    return dict(known)


def _check_places(query: NamedQuery, lines: Lines) -> None:
    """Check that the parameters of the header and the places for values in the text are the same."""
    found = [anchor.name for anchor in anchors(query.text)]
    declared = [parameter.name for parameter in query.parameters]
    for name in declared:
        if name not in found:
            lines.fail(f"the query has no place for '{name}': write VALUES ?{name} {{ UNDEF }}", "parameters")
    for name in found:
        if name not in declared:
            lines.fail(f"the query has a place for '{name}', which no parameter declares", "parameters")


def _check_form(query: NamedQuery, kind: QueryKind, lines: Lines) -> None:
    """Check the rules for saved queries: their form, columns and order, and no LIMIT of their own."""
    if kind not in (QueryKind.SELECT, QueryKind.CONSTRUCT):
        lines.fail("a saved query is a SELECT or a CONSTRUCT")
    variables = _variables(query.text, lines)
    if variables != query.columns:
        told = ", ".join(variables) or "none"
        lines.fail(f"columns must be the query's variables in their order: {told}", "columns")
    if query.columns and not says(query.text, "ORDER"):
        lines.fail("a SELECT must order its rows, so that two answers can be compared")
    if says(query.text, "LIMIT", "OFFSET"):
        lines.fail("a saved query has no LIMIT of its own: the reader pages through the answer")


def _variables(text: str, lines: Lines) -> tuple[str, ...]:
    """Return the variables of the answer, as the grammar or else the engine says."""
    try:
        result = Store().query(text)
    except SyntaxError as error:
        raise refused(text, lines.file, error) from error
    return tuple(variable.value for variable in result.variables) if isinstance(result, QuerySolutions) else ()


def _check_choices(queries: Mapping[str, NamedQuery]) -> None:
    for query in queries.values():
        for parameter in query.parameters:
            source = queries.get(parameter.choices_query) if parameter.choices_query else None
            if parameter.choices_query and (source is None or source.columns[:2] != ("value", "label")):
                wanted, known = parameter.choices_query, ", ".join(_choice_names(queries.values()))
                said = enumerate(query.text.splitlines(), start=1)
                line = next((number for number, text in said if f"choices: {wanted}" in text), 1)
                raise DataError(
                    f"queries/{query.folder}/{query.name}.rq:{line}: the choices of '{parameter.name}' must come from "
                    f"a query with the columns value and label: write queries/choices/{wanted}.rq or take {known}"
                )


def _choice_names(queries: Iterable[NamedQuery]) -> list[str]:
    return [query.name for query in queries if query.columns[:2] == ("value", "label")]
