"""The saved queries: files of queries/ with a header, read and checked once into NamedQuery values.

A file is one question. From it come the page, the API, its OpenAPI description, the command, the tool of
an agent and the description in graph/queries. What is wrong in a file stops the load with its line.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pyoxigraph import QueryBoolean, QuerySolutions, Store

from dialogiverkko.errors import BadParameterError, DataError, NotFoundError
from dialogiverkko.namespaces import BASE, LANGUAGES
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql import headers
from dialogiverkko.sparql.binding import anchors, bind
from dialogiverkko.sparql.headers import Located

FIELDS = ("title", "question", "explanation", "tags", "parameters", "columns", "view")
PARAMETER_FIELDS = ("name", "type", "base", "choices", "default", "required", "many")
VIEWS = ("table", "graph", "map", "timeline", "chart")
RESERVED = ("lang", "limit", "offset", "version", "format")
"""Names of the address that are no parameters of a query."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[a-z][A-Za-z0-9]*")
_SYNTAX = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_LIMIT = re.compile(r"\b(?:LIMIT|OFFSET)\s+\d+", re.IGNORECASE)

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
        """Tell whether the answer is a graph (CONSTRUCT) and not a table (SELECT)."""
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
        nearest = headers.nearest(name, list(self.queries))
        shown = name if len(name) <= 80 else name[:80] + "…"
        hint = f" The nearest is '{nearest}'." if nearest else ""
        raise NotFoundError(f"There is no saved query '{shown}'.{hint}", nearest=nearest)

    def public(self) -> list[NamedQuery]:
        """Return the queries that readers are offered: all but those that feed choices and checks."""
        return [query for query in self.queries.values() if query.folder == "competency"]


def load(folder: Path) -> Catalogue:
    """Read every ``*.rq`` below a folder of queries; raises DataError with file and line."""
    labels = _labels(folder)
    found: dict[str, NamedQuery] = {}
    for path in sorted(folder.rglob("*.rq"), key=lambda path: path.stem):
        if path.parent.name == "checks":
            continue
        query = read(path.read_text(encoding="utf-8"), f"queries/{path.relative_to(folder).as_posix()}", labels)
        if query.name in found:
            raise DataError(f"{query.folder}/{query.name}.rq:1: another query has the name '{query.name}'")
        found[query.name] = query
    _check_choices(found)
    return Catalogue(found)


def read(text: str, file: str, labels: Mapping[str, Texts] | None = None) -> NamedQuery:
    """Read one query file; ``file`` is its name in messages, ``labels`` the headings of variables."""
    fields = headers.read(text, file)
    headers.only(fields, FIELDS, "a query")
    whole = Located(None, file, 1)
    for name in ("title", "question", "explanation", "tags"):
        if name not in fields:
            whole.fail(f"the header lacks '{name}'")
    name = Path(file).stem
    if not _NAME.fullmatch(name):
        whole.fail(f"the file name '{name}' must be words in lower case with hyphens between them")
    labels = labels if labels is not None else {}
    parameters = tuple(_parameter(item, labels) for item in _list(fields, "parameters"))
    columns = tuple(item.text("a column") for item in _list(fields, "columns"))
    query = NamedQuery(
        name=name,
        folder=Path(file).parent.name,
        title=_texts(fields["title"], "title"),
        question=_texts(fields["question"], "question"),
        explanation=_texts(fields["explanation"], "explanation"),
        tags=tuple(item.text("a tag") for item in fields["tags"].items("tags")),
        parameters=parameters,
        columns=columns,
        view=_view(fields),
        text=text,
        headings={
            name: labels[name]
            for column in columns
            for name in (column, column.removesuffix("Label"))
            if name in labels
        },
    )
    _check_text(query, fields.get("columns", whole), fields.get("parameters", whole), whole)
    return query


def _labels(folder: Path) -> dict[str, Texts]:
    path = folder / "columns.yaml"
    if not path.exists():
        return {}
    known: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, texts in known.items():
        missing = [language for language in LANGUAGES if not texts.get(language)]
        if missing:
            raise DataError(f"queries/columns.yaml: '{name}' lacks {', '.join(missing)}")
    return dict(known)


def _list(fields: Mapping[str, Located], name: str) -> list[Located]:
    return fields[name].items(name) if name in fields else []


def _texts(located: Located, what: str) -> dict[str, str]:
    texts = located.mapping(what)
    headers.only(texts, LANGUAGES, f"'{what}'")
    for language in LANGUAGES:
        if language not in texts:
            located.fail(f"'{what}' lacks the language '{language}'")
    return {language: " ".join(texts[language].text(what).split()) for language in LANGUAGES}


def _view(fields: Mapping[str, Located]) -> str:
    if "view" not in fields:
        return "table"
    view = fields["view"].text("view")
    if view not in VIEWS:
        fields["view"].fail(f"view must be one of {', '.join(VIEWS)}")
    return view


def _parameter(located: Located, labels: Mapping[str, Texts]) -> Parameter:
    fields = located.mapping("a parameter")
    headers.only(fields, PARAMETER_FIELDS, "a parameter")
    for required in ("name", "type"):
        if required not in fields:
            located.fail(f"the parameter lacks '{required}'")
    name = fields["name"].text("name")
    if not _VARIABLE.fullmatch(name) or name in RESERVED:
        fields["name"].fail(f"'{name}' cannot name a parameter; write a variable name other than {RESERVED}")
    kind = fields["type"].text("type")
    kinds = {member.value: member for member in ParameterType}
    if kind not in kinds:
        fields["type"].fail(f"type must be one of {', '.join(kinds)}")
    choices = fields.get("choices")
    listed = isinstance(choices.value, list) if choices else False
    parameter = Parameter(
        name=name,
        type=kinds[kind],
        base=BASE + fields["base"].text("base") if "base" in fields else "",
        choices=tuple(item.text("a choice") for item in choices.items("choices")) if choices and listed else (),
        choices_query=choices.text("choices") if choices and not listed else "",
        default=_default(fields.get("default")),
        required=fields["required"].flag("required") if "required" in fields else False,
        many=fields["many"].flag("many") if "many" in fields else False,
        labels=dict(labels.get(name, {})),
    )
    _check_parameter(parameter, located)
    return parameter


def _default(located: Located | None) -> tuple[str, ...]:
    if located is None:
        return ()
    items = located.value if isinstance(located.value, list) else [located]
    return tuple(str(item.value) for item in items)


def _check_parameter(parameter: Parameter, located: Located) -> None:
    if parameter.type is ParameterType.CHOICE and not (parameter.choices or parameter.choices_query):
        located.fail(f"the parameter '{parameter.name}' is a choice and has no choices")
    if len(parameter.default) > 1 and not parameter.many:
        located.fail(f"the parameter '{parameter.name}' has several defaults but is not 'many'")
    for value in parameter.default:
        try:
            parameter.term(value)
        except BadParameterError as error:
            located.fail(f"the default of '{parameter.name}' is not allowed: {error}")


def _check_text(query: NamedQuery, columns: Located, parameters: Located, whole: Located) -> None:
    found = anchors(query.text)
    declared = [parameter.name for parameter in query.parameters]
    for name in declared:
        if name not in found:
            parameters.fail(f"the query has no place for '{name}': write VALUES ?{name} {{ UNDEF }}")
    for name in found:
        if name not in declared:
            parameters.fail(f"the query has a place for '{name}', which no parameter declares")
    variables = _variables(query.text, whole)
    if variables != query.columns:
        columns.fail(f"columns must be the query's variables in their order: {', '.join(variables) or 'none'}")
    if query.columns and "ORDER BY" not in query.body.upper():
        whole.fail("a SELECT must order its rows, so that two answers can be compared")
    if _LIMIT.search(query.body):
        whole.fail("a saved query has no LIMIT of its own: the reader pages through the answer")


def _variables(text: str, whole: Located) -> tuple[str, ...]:
    try:
        result = Store().query(bind(text, {}))
    except SyntaxError as error:
        match = _SYNTAX.match(str(error))
        line = int(match[1]) if match else 1
        Located(None, whole.file, line).fail(f"the query is not SPARQL: {match[3] if match else error}")
    if isinstance(result, QuerySolutions):
        return tuple(variable.value for variable in result.variables)
    if isinstance(result, QueryBoolean):
        whole.fail("a saved query is a SELECT or a CONSTRUCT")
    return ()


def _check_choices(queries: Mapping[str, NamedQuery]) -> None:
    for query in queries.values():
        for parameter in query.parameters:
            source = queries.get(parameter.choices_query) if parameter.choices_query else None
            if parameter.choices_query and (source is None or source.columns[:2] != ("value", "label")):
                names = _choice_names(queries.values())
                raise DataError(
                    f"{query.folder}/{query.name}.rq:1: the choices of '{parameter.name}' must come from "
                    f"a query with the columns value and label; there are {', '.join(names)}"
                )


def _choice_names(queries: Iterable[NamedQuery]) -> list[str]:
    return [query.name for query in queries if query.columns[:2] == ("value", "label")]
